"""What a story may leave beside the bank, the vault and the index: half-made files, arrivals, forgettings under way.

All of it lies in the scratch folder. Work on a recording names its folders for it (`half_made`), so that they can go
with it; a note of each forgetting lies there until the last byte is gone, so that whoever is killed is followed up.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from story_bank.bank import Forgotten
from story_bank.errors import NotAvailable
from story_bank.ids import MediaKey, PersonId, RecordingId
from studio.ledger import forgotten_from, kept_of

ARRIVALS, FORGETTINGS, GRADIO = "arrivals", "forgettings", "gradio"
"""Folders of the scratch folder that hold more than half-made files."""
ANNOUNCED = ".info"
"""Beside an arrival: what was announced of it."""
_EXPORT = "export"


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as its owner gave it, for finding it again among the arrivals."""

    owner_id: PersonId
    sha256: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A forgetting that goes on: what is still to be removed once the bank has forgotten."""

    forgotten: Forgotten
    media: tuple[MediaKey, ...]
    given: tuple[GivenFile, ...]


@dataclass(frozen=True, slots=True)
class UnfinishedForgettings:
    """A note for each forgetting that goes on; ids, keys and hashes alone."""

    scratch: Path

    def keep(self, unfinished: Unfinished) -> None:
        """Have the note on the disk before anything is erased (`NotAvailable` when it cannot be written)."""
        note = self._note(unfinished.forgotten.id)
        text = json.dumps({"forgotten": kept_of(unfinished.forgotten), "media": list(unfinished.media),
                           "given": [[each.owner_id, each.sha256] for each in unfinished.given]})
        try:
            note.parent.mkdir(exist_ok=True)
            part = note.with_suffix(".part")
            with part.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(note)
        except OSError as wrong:
            raise NotAvailable("L'effacement n'a pas pu commencer : le disque du serveur ne s'écrit pas.",
                               "Erasing could not begin: the server's disk cannot be written.") from wrong

    def all(self) -> list[Unfinished]:
        """Return what goes on, oldest first."""
        found = [_read(note) for note in self._note("").parent.glob("*.json")]
        return sorted((each for each in found if each is not None), key=lambda each: each.forgotten.at)

    def drop(self, forgotten_id: str) -> None:
        """Take the note away: everything is gone."""
        self._note(forgotten_id).unlink(missing_ok=True)

    def _note(self, forgotten_id: str) -> Path:
        return self.scratch / FORGETTINGS / f"{forgotten_id}.json"


@contextmanager
def half_made(scratch: Path, recording_id: RecordingId) -> Iterator[Path]:
    """Give a folder to make something of a recording in; it goes at the end, or with the recording."""
    with tempfile.TemporaryDirectory(dir=scratch, prefix=f"{recording_id}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def drop_half_made(scratch: Path, recording_ids: Iterable[RecordingId]) -> None:
    """Remove what is being made of these recordings, or was when somebody was killed."""
    for recording_id in recording_ids:
        for folder in scratch.glob(f"{recording_id}-*"):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def export_file(scratch: Path, person_id: PersonId) -> Iterator[Path]:
    """Give a file to write somebody's own data into; it goes at the end, or with a story that they forget."""
    handle, name = tempfile.mkstemp(".zip", f"{_EXPORT}-{person_id}-", scratch)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def drop_exports(scratch: Path, person_id: PersonId) -> None:
    """Remove what somebody is taking along, or was when somebody was killed."""
    for file in scratch.glob(f"{_EXPORT}-{person_id}-*"):
        file.unlink(missing_ok=True)


def drop_arrivals_of(scratch: Path, person_id: PersonId) -> None:
    """Remove all that somebody had begun to send."""
    shutil.rmtree(scratch / ARRIVALS / person_id, ignore_errors=True)


def drop_arrivals_like(scratch: Path, given: Iterable[GivenFile]) -> None:
    """Remove arrivals that hold the same bytes as a file that was kept: their end was never heard of."""
    for each in given:
        for file in _files(scratch / ARRIVALS / each.owner_id):
            with suppress(OSError), file.open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() == each.sha256:
                    _drop(file)


def has_arrivals(scratch: Path, owner_id: PersonId) -> bool:
    """Tell whether somebody has files on their way."""
    return bool(_files(scratch / ARRIVALS / owner_id))


def drop_beginnings(scratch: Path, owner_id: PersonId, whole: Path) -> None:
    """Remove somebody's arrivals that hold the first bytes of a file: it was cut off, and given again."""
    for file in _files(scratch / ARRIVALS / owner_id):
        with suppress(OSError):
            if file.stat().st_size and _begins(whole, file):
                _drop(file)


def drop_arrivals_before(scratch: Path, moment: datetime) -> None:
    """Remove arrivals that nobody has added to since that moment (aware), finished or not."""
    for person in _files(scratch / ARRIVALS):
        for file in _files(person):
            with suppress(OSError):
                if file.stat().st_mtime < moment.timestamp() and not _announces(file):
                    _drop(file)


def _announces(note: Path) -> bool:
    """Tell whether a note goes with an arrival that is there: it was written when that began, and leaves with it."""
    return note.suffix == ANNOUNCED and note.with_suffix("").is_file()


def _drop(arrival: Path) -> None:
    arrival.unlink()
    arrival.with_suffix(ANNOUNCED).unlink(missing_ok=True)


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _begins(whole: Path, cut: Path) -> bool:
    with whole.open("rb") as one, cut.open("rb") as other:
        while part := other.read(1 << 20):
            if one.read(len(part)) != part:
                return False
    return True


def _read(note: Path) -> Unfinished | None:
    try:
        kept = json.loads(note.read_text("utf-8"))
        forgotten = forgotten_from(kept["forgotten"])
        return Unfinished(forgotten, tuple(map(MediaKey, kept["media"])),
                          tuple(GivenFile(PersonId(owner), sha) for owner, sha in kept["given"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
