"""Arrivals: files on their way in, kept piece by piece on disk so that what was recorded is safe while one speaks."""

from __future__ import annotations

import errno
import json
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool

from story_bank.errors import BadInput, Conflict, NotAvailable, NotFound
from story_bank.ids import PersonId

ANSWERED = timedelta(days=1)
"""How long what a finished arrival became is remembered, for a browser that lost the answer."""
ANSWER = ".kept"


class TooLarge(BadInput):
    """More bytes than the administrator allows."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that has begun to arrive: how many bytes are here, and since when."""

    id: str
    size: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A folder for each person, a file for each arrival, all under names of our own."""

    folder: Path
    most_bytes: int
    _locks: dict[str, threading.Lock] = field(default_factory=dict, repr=False, compare=False)

    def begin(self, person_id: PersonId) -> str:
        """Return the id of a new, empty arrival; the worker's sweep drops old ones that nobody finished."""
        home = self._home(person_id)
        home.mkdir(parents=True, exist_ok=True)
        self._tidy(home)
        arrival_id = str(uuid.uuid4())
        try:
            (home / arrival_id).touch()
        except OSError as error:
            raise _disk(error) from error
        return arrival_id

    async def append(self, person_id: PersonId, arrival_id: str, at: int, pieces: AsyncIterator[bytes]) -> int:
        """Add bytes that begin at an offset and return the size reached.

        `Conflict` when the offset is not where the file ends, or another sending took over; `TooLarge`;
        `NotAvailable` when the disk is full. The bytes that came before stay in every case.
        """
        if self.path(person_id, arrival_id).stat().st_size != at:
            raise _moved_on()
        size = at
        try:
            async for piece in pieces:
                if size + len(piece) > self.most_bytes:
                    raise too_large(self.most_bytes)
                await run_in_threadpool(self._write, person_id, arrival_id, size, piece)
                size += len(piece)
        except OSError as error:
            raise _disk(error) from error
        return size

    def _write(self, person_id: PersonId, arrival_id: str, at: int, piece: bytes) -> None:
        # A sending that was cut may still have bytes on their way when the browser resumes with another.
        with self.alone(arrival_id):
            file = self.path(person_id, arrival_id)
            if file.stat().st_size != at:
                raise _moved_on()
            with file.open("ab", buffering=0) as kept:
                rest = memoryview(piece)
                while rest:
                    rest = rest[kept.write(rest) or 0:]

    @contextmanager
    def alone(self, arrival_id: str) -> Iterator[None]:
        """Wait until nobody else writes or finishes this arrival."""
        with self._locks.setdefault(_named(arrival_id), threading.Lock()):
            yield

    def become(self, person_id: PersonId, arrival_id: str, answer: dict[str, Any]) -> None:
        """Remember for a day what an arrival became, and drop it."""
        note = self.path(person_id, arrival_id).with_suffix(ANSWER)
        with suppress(OSError):  # what it became is kept already; a full disk is no reason to say otherwise
            note.write_text(json.dumps(answer), "utf-8")
        self.drop(person_id, arrival_id)

    def became(self, person_id: PersonId, arrival_id: str) -> dict[str, Any] | None:
        """Return what one's own finished arrival became, or None."""
        try:
            answer: dict[str, Any] = json.loads(
                (self._home(person_id) / _named(arrival_id)).with_suffix(ANSWER).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return answer

    def path(self, person_id: PersonId, arrival_id: str) -> Path:
        """Return one's own arrival (`NotFound`)."""
        file = self._home(person_id) / _named(arrival_id)
        if not file.is_file():
            raise _gone()
        return file

    def drop(self, person_id: PersonId, arrival_id: str) -> None:
        """Remove one's own arrival; removing it twice is no error."""
        try:
            self.path(person_id, arrival_id).unlink(missing_ok=True)
            self._locks.pop(_named(arrival_id), None)
        except NotFound:
            return

    def waiting(self, person_id: PersonId) -> list[Arrival]:
        """Return one's own arrivals that were never finished and hold something, newest first."""
        home = self._home(person_id)
        found = [Arrival(file.name, file.stat().st_size, datetime.fromtimestamp(file.stat().st_mtime, UTC))
                 for file in (home.iterdir() if home.is_dir() else ()) if file.suffix != ANSWER]
        return sorted((each for each in found if each.size), key=lambda each: each.since, reverse=True)

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


def _gone() -> NotFound:
    return NotFound("Cet envoi n'existe plus ; recommencez.", "This upload no longer exists; start again.")


def _moved_on() -> Conflict:
    return Conflict("Une partie de l'enregistrement manque ; l'envoi reprend où il en était.",
                    "A part of the recording is missing; sending resumes from where it was.")


def too_large(most_bytes: int) -> TooLarge:
    """Return the refusal of a file that is too large, with the limit in whole mebibytes."""
    limit = most_bytes // 2**20
    return TooLarge(f"Ce fichier dépasse {limit} Mio ; envoyez-en un plus court ou de moindre qualité.",
                    f"This file is larger than {limit} MiB; send a shorter one or one of lower quality.")


def _disk(error: OSError) -> NotAvailable:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return NotAvailable("Le disque du serveur est plein. Gardez votre fichier et prévenez votre administrateur.",
                            "The server's disk is full. Keep your file and tell your administrator.")
    return NotAvailable("Le serveur n'a pas pu écrire ce fichier. Gardez-le et prévenez votre administrateur.",
                        "The server could not write this file. Keep it and tell your administrator.")
