"""Which speech model is in use, and what it costs in quality: configured → hub cache → package → hub if allowed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from media.whisper_package import asleep, assemble, assembled, packaged
from story_bank.errors import NotAvailable
from story_bank.language import Bilingual

WISHED = "small"
"""Taken from the cache or hub when no name is configured; larger ones need more than two cores."""
PACKAGED = "base"
FOLDER = Path("models") / "whisper-base"


class ModelSource(StrEnum):
    """Where the weights come from."""

    FOLDER = "folder"
    CACHE = "cache"
    PACKAGE = "package"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class WhisperChoice:
    """A model in reach; `path` is None while it has still to be downloaded."""

    source: ModelSource
    path: Path | None
    name: str
    quality: Bilingual


def which_model(model: str | None, home: Path, allow_hub: bool) -> WhisperChoice:
    """Choose the model without loading or fetching anything (`NotAvailable` when none is in reach).

    `model` is a folder in CTranslate2's format, or a name as faster-whisper knows it ("small", "Systran/…").
    """
    if model and _is_path(model):
        folder = Path(model).expanduser()
        if not (folder / "model.bin").is_file():
            raise NotAvailable(
                f"Le modèle de transcription indiqué n’est pas dans {folder} : corrigez ce réglage ou videz-le.",
                f"The speech model named in the settings is not in {folder}: correct that setting or empty it.")
        return WhisperChoice(ModelSource.FOLDER, folder, folder.name, _quality(folder.name))
    name = model or WISHED
    cached = _cached(name)
    if cached is not None:
        return WhisperChoice(ModelSource.CACHE, cached, name, _quality(name))
    if model and allow_hub and model != PACKAGED:
        return WhisperChoice(ModelSource.HUB, None, name, _quality(name))
    folder = home / FOLDER
    if assembled(folder) or packaged():
        return WhisperChoice(ModelSource.PACKAGE, folder, PACKAGED, _quality(PACKAGED, model))
    if allow_hub:
        return WhisperChoice(ModelSource.HUB, None, name, _quality(name))
    raise asleep()


def fetched(choice: WhisperChoice) -> Path:
    """Return the folder of the chosen model, put together or downloaded first where need be (`NotAvailable`)."""
    if choice.source is ModelSource.PACKAGE and choice.path is not None:
        return assemble(choice.path)
    if choice.path is not None:
        return choice.path
    from faster_whisper.utils import download_model
    from huggingface_hub.errors import HfHubHTTPError

    try:
        return Path(download_model(choice.name))
    except (OSError, ValueError, RuntimeError, HfHubHTTPError) as cause:
        raise NotAvailable(
            f"Le modèle de transcription « {choice.name} » n’a pas pu être téléchargé : vérifiez son nom et le réseau, "
            "ou installez le paquet du modèle de base.",
            f"The speech model “{choice.name}” could not be downloaded: check its name and the network, or install the "
            "package of the base model.") from cause


def _is_path(model: str) -> bool:
    return model.startswith((".", "/", "~")) or Path(model).is_dir()


def _cached(name: str) -> Path | None:
    from faster_whisper.utils import download_model
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(download_model(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, ValueError, OSError):
        return None


def _quality(name: str, wished: str | None = None) -> Bilingual:
    if PACKAGED not in name and "tiny" not in name:
        return Bilingual(f"Whisper {name} : meilleur que le modèle de base, et plus lent.",
                         f"Whisper {name}: better than the base model, and slower.")
    fr = en = ""
    if wished and wished != PACKAGED:
        fr, en = f" (« {wished} » n’est pas à portée)", f" (“{wished}” is not in reach)"
    return Bilingual(
        f"Whisper {name}{fr} : en français, un mot sur dix à un mot sur trois est à corriger ; en anglais, très peu. "
        "Un modèle « small » ou plus grand fait mieux.",
        f"Whisper {name}{en}: in French one word in ten to one in three needs correcting; in English very few. "
        "A “small” model or larger does better.")
