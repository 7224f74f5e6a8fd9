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

    `model` is a folder in CTranslate2's format, a size ("small", "large-v3-turbo") or a name on the hub ("Systran/…").
    """
    if model and _is_path(model):
        folder = Path(model).expanduser()
        if not (folder / "model.bin").is_file():
            raise NotAvailable(
                f"Le modèle de transcription indiqué n’est pas dans {folder} : corrigez ce réglage ou videz-le.",
                f"The speech model named in the settings is not in {folder}: correct that setting or empty it.")
        if not (folder / "tokenizer.json").is_file():  # faster-whisper would go and ask the hub for it
            raise NotAvailable(
                f"Il manque tokenizer.json au modèle de transcription dans {folder} : copiez le dossier du modèle en "
                "entier.",
                f"The speech model in {folder} has no tokenizer.json: copy the whole folder of the model.")
        return WhisperChoice(ModelSource.FOLDER, folder, folder.name,
                             expected_of(folder.name, megabytes=(folder / "model.bin").stat().st_size // 1_000_000))
    name = model or WISHED
    cached = _cached(name)
    if cached is not None:
        return WhisperChoice(ModelSource.CACHE, cached, name, expected_of(name))
    if model and allow_hub and model != PACKAGED:
        return WhisperChoice(ModelSource.HUB, None, name, expected_of(name))
    folder = home / FOLDER
    if assembled(folder) or packaged():
        return WhisperChoice(ModelSource.PACKAGE, folder, PACKAGED, expected_of(PACKAGED, model))
    if allow_hub:
        return WhisperChoice(ModelSource.HUB, None, name, expected_of(name))
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


def english_only(folder: Path) -> NotAvailable:
    """Make the error for a model that was taught English alone ("base.en", most of the distilled ones)."""
    return NotAvailable(
        f"Le modèle de transcription {folder.name} n’entend que l’anglais : indiquez un modèle multilingue (« small » "
        "plutôt que « small.en »).",
        f"The speech model {folder.name} hears English alone: name a multilingual one (“small” rather than "
        "“small.en”).")


def expected_of(name: str, wished: str | None = None, megabytes: int | None = None) -> Bilingual:
    """Say what to expect of a model by its name, as a transcript keeps it: what was measured here, or that nothing was.

    Base in French, share of words that were wrong: 10 % told the form's context, 15 % without, 27 % of sentences read
    aloud by people, 38 % of free speech (November 2026).
    """
    if "tiny" in name:
        return Bilingual(f"Whisper {name} : moins juste que le modèle de base, qui vient avec Vécu.",
                         f"Whisper {name}: less accurate than the base model, which comes with Vécu.")
    if PACKAGED not in name:
        fr, en = (f" ; {megabytes} Mo, contre 145 pour le modèle de base",
                  f"; {megabytes} MB, against 145 for the base model") if megabytes else ("", "")
        return Bilingual(
            f"Whisper {name}{fr} : ni sa justesse ni son coût n’ont été mesurés ici. D’ordinaire, plus un modèle est "
            "grand, moins il laisse à corriger, et plus il demande de calcul et de mémoire.",
            f"Whisper {name}{en}: neither its accuracy nor its cost was measured here. As a rule, the larger a model, "
            "the less it leaves to correct and the more computing and memory it takes.")
    fr = en = ""
    if wished and wished != PACKAGED:
        fr, en = f" (« {wished} » n’est pas à portée)", f" (“{wished}” is not in reach)"
    return Bilingual(
        f"Whisper {name}{fr} : en français, un mot sur dix à un mot sur trois est à corriger ; en anglais, très peu. "
        "Une minute de parole demande environ dix secondes de calcul et 480 Mo. Un modèle « small » ou plus grand "
        "fait mieux.",
        f"Whisper {name}{en}: in French one word in ten to one in three needs correcting; in English very few. A "
        "minute of speech takes about ten seconds of computing and 480 MB. A “small” model or larger does better.")
