"""Arrivals: files on their way in, kept piece by piece on disk so that what was recorded is safe while one speaks.

Of each arrival there is its file, whose size alone says how much has come (so a server that is killed can neither lose
what it acknowledged nor count it twice), and a note of what was announced about it.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from story_bank.errors import BadInput, Conflict, NotAvailable, NotFound
from story_bank.ids import PersonId
from studio.leftovers import ANNOUNCED

ANSWERED = timedelta(days=1)
"""How long what a finished arrival became is remembered, for a browser that lost the answer."""
ANSWER = ".kept"
SPARE = 256 << 20
"""Bytes that a file may not take from the server's disk: the bank must go on writing."""


class TooLarge(BadInput):
    """More bytes than the administrator allows."""


class DiskFull(NotAvailable):
    """The server's disk has no room for what comes."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that has begun to arrive: how many bytes are here and were announced, its mark, and since when."""

    id: str
    size: int
    length: int | None
    mark: str
    since: datetime


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A folder for each person, a file for each arrival, all under names of our own."""

    folder: Path
    most_bytes: int
    free: Callable[[Path], int] = _free
    _locks: dict[str, threading.Lock] = field(default_factory=dict, repr=False, compare=False)

    def room_for(self, length: int, here: int = 0) -> None:
        """Refuse a file that is too large (`TooLarge`) or has no room (`DiskFull`); `here` bytes of it have come."""
        if length > self.most_bytes:
            raise too_large(self.most_bytes)
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.free(self.folder) < length - here + SPARE:
            raise disk_full()

    def begin(self, person_id: PersonId, arrival_id: str) -> None:
        """Make a new, empty arrival; the worker's sweep drops old ones that nobody finished."""
        home = self._home(person_id)
        try:
            home.mkdir(parents=True, exist_ok=True)
            self._tidy(home)
            (home / _named(arrival_id)).touch()
        except OSError as error:
            raise _disk(error) from error

    def add(self, person_id: PersonId, arrival_id: str, at: int, piece: bytes) -> None:
        """Add bytes that begin at an offset.

        `Conflict` when the file no longer ends there: another sending took over; `TooLarge`; `DiskFull`. The bytes
        that came before stay in every case.
        """
        self.room_for(at + len(piece), at)
        # A sending that was cut may still have bytes on their way when the browser resumes with another.
        with self.alone(arrival_id):
            file = self.path(person_id, arrival_id)
            if file.stat().st_size != at:
                raise moved_on()
            try:
                with file.open("ab", buffering=0) as kept:
                    rest = memoryview(piece)
                    while rest:
                        rest = rest[kept.write(rest) or 0:]
            except OSError as error:
                raise _disk(error) from error

    def settle(self, person_id: PersonId, arrival_id: str) -> None:
        """Have the bytes on the disk itself, before they are acknowledged."""
        with self.path(person_id, arrival_id).open("rb") as kept:
            try:
                os.fsync(kept.fileno())
            except OSError as error:
                raise _disk(error) from error

    @contextmanager
    def alone(self, arrival_id: str) -> Iterator[None]:
        """Wait until nobody else writes or finishes this arrival."""
        with self._locks.setdefault(_named(arrival_id), threading.Lock()):
            yield

    def announce(self, person_id: PersonId, arrival_id: str, what: dict[str, Any]) -> None:
        """Keep what is announced of an arrival, whole or not at all."""
        note = self.path(person_id, arrival_id).with_suffix(ANNOUNCED)
        part = note.with_suffix(".part")
        try:
            with part.open("w", encoding="utf-8") as file:
                json.dump(what, file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(note)
        except OSError as error:
            raise _disk(error) from error

    def announced(self, person_id: PersonId, arrival_id: str) -> dict[str, Any]:
        """Return what was announced of an arrival; empty where that is not known."""
        return _note((self._home(person_id) / _named(arrival_id)).with_suffix(ANNOUNCED)) or {}

    def become(self, person_id: PersonId, arrival_id: str, answer: dict[str, Any]) -> None:
        """Remember for a day what an arrival became, and drop it."""
        note = self.path(person_id, arrival_id).with_suffix(ANSWER)
        with suppress(OSError):  # what it became is kept already; a full disk is no reason to say otherwise
            note.write_text(json.dumps(answer), "utf-8")
        self.drop(person_id, arrival_id)

    def became(self, person_id: PersonId, arrival_id: str) -> dict[str, Any] | None:
        """Return what one's own finished arrival became, or None."""
        return _note((self._home(person_id) / _named(arrival_id)).with_suffix(ANSWER))

    def path(self, person_id: PersonId, arrival_id: str) -> Path:
        """Return one's own arrival (`NotFound`)."""
        file = self._home(person_id) / _named(arrival_id)
        if not file.is_file():
            raise _gone()
        return file

    def drop(self, person_id: PersonId, arrival_id: str) -> None:
        """Remove one's own arrival; removing it twice is no error."""
        try:
            file = self.path(person_id, arrival_id)
        except NotFound:
            return
        file.unlink(missing_ok=True)
        file.with_suffix(ANNOUNCED).unlink(missing_ok=True)
        self._locks.pop(_named(arrival_id), None)

    def waiting(self, person_id: PersonId) -> list[Arrival]:
        """Return one's own arrivals that were never finished and hold something, newest first."""
        home = self._home(person_id)
        found = [self._waits(person_id, file) for file in (home.iterdir() if home.is_dir() else ()) if not file.suffix]
        return sorted((each for each in found if each.size), key=lambda each: each.since, reverse=True)

    def _waits(self, person_id: PersonId, file: Path) -> Arrival:
        what, stat = self.announced(person_id, file.name), file.stat()
        mark = str((what.get("metadata") or {}).get("mark", ""))
        return Arrival(file.name, stat.st_size, what.get("size"), mark, datetime.fromtimestamp(stat.st_mtime, UTC))

    def _home(self, person_id: PersonId) -> Path:
        return self.folder / str(uuid.UUID(person_id))

    def _tidy(self, home: Path) -> None:
        now = datetime.now(UTC)
        for file in home.iterdir():
            if file.suffix == ANSWER and datetime.fromtimestamp(file.stat().st_mtime, UTC) < now - ANSWERED:
                file.unlink(missing_ok=True)


def _named(arrival_id: str) -> str:
    try:
        return str(uuid.UUID(arrival_id))
    except ValueError:
        raise _gone() from None


def _note(file: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _gone() -> NotFound:
    return NotFound("Cet envoi n'existe plus ; recommencez.", "This upload no longer exists; start again.")


def moved_on() -> Conflict:
    """Return the refusal of bytes that do not begin where the file ends."""
    return Conflict("Une partie de l'enregistrement manque ; l'envoi reprend où il en était.",
                    "A part of the recording is missing; sending resumes from where it was.")


def too_large(most_bytes: int) -> TooLarge:
    """Return the refusal of a file that is too large, with the limit in whole mebibytes."""
    limit = most_bytes // 2**20
    return TooLarge(f"Ce fichier dépasse {limit} Mio ; envoyez-en un plus court ou de moindre qualité.",
                    f"This file is larger than {limit} MiB; send a shorter one or one of lower quality.")


def disk_full() -> DiskFull:
    """Return what is said when the disk has no room."""
    return DiskFull("Le disque du serveur est plein. Gardez votre fichier et prévenez votre administrateur.",
                    "The server's disk is full. Keep your file and tell your administrator.")


def _disk(error: OSError) -> NotAvailable:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full()
    return NotAvailable("Le serveur n'a pas pu écrire ce fichier. Gardez-le et prévenez votre administrateur.",
                        "The server could not write this file. Keep it and tell your administrator.")
