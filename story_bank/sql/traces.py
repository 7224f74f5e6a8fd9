"""What erasing leaves behind in SQLite's files, and its removal.

`secure_delete` overwrites a row where it lies, but a row that was moved while its table grew may have left a copy in
the unused part of its former page (seen: one story in a thousand); and the write-ahead log keeps what was written
before. So the file is written anew (VACUUM), then the log cut to nothing. What is still to be done is a number in the
file itself (`user_version`), set with the erasing, so that it survives a crash and any process can finish it.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_LONGEST_S, _PAUSE_S = 2.0, 0.02
_TO_REWRITE, _TO_EMPTY = 1, 2
"""What the number, modulo 3, says is to be done; 0 is nothing. It only grows, so that no erasing is mistaken for one
that was cleared before."""

logger = logging.getLogger(__name__)


def owing(number: int) -> int:
    """Return the number that says, after this one, that something was erased."""
    return number + 3 - (number + 2) % 3


class Traces:
    """Cleared after each erasing; whoever is in the way delays that to the next commit, or to the next start.

    Asking waits in small turns rather than once for long, because whoever asks keeps every writer waiting.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = min(patience_s, _LONGEST_S)
        self._said = False

    def clear(self, raw: sqlite3.Connection, *, waiting: bool) -> None:
        """Do what is still to be done; `waiting` gives others a moment to finish. Never fails: what stays is logged."""
        until = time.monotonic() + (self._patience_s if waiting else 0)
        with _asking_once(raw):
            while not _cleared(raw):
                if time.monotonic() >= until:
                    self._say()
                    return
                time.sleep(_PAUSE_S)
        self._said = False

    def _say(self) -> None:
        if not self._said:
            logger.warning("What was erased may still be read in the database files: someone is reading, or the disk "
                           "is full. It is cleared at a later commit.")
        self._said = True


@contextmanager
def _asking_once(raw: sqlite3.Connection) -> Iterator[None]:
    patience_ms = _number(raw, "busy_timeout")
    raw.execute("PRAGMA busy_timeout = 0").close()
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {patience_ms}").close()


def _cleared(raw: sqlite3.Connection) -> bool:
    owed = 0
    # Locked by a writer, or no room to write the file anew: what was committed is kept, and this is asked again.
    with suppress(sqlite3.Error):
        owed = _number(raw, "user_version")
        if owed % 3 == _TO_REWRITE:
            raw.execute("VACUUM").close()
            owed = _done(raw, owed)
        if owed % 3 == _TO_EMPTY and not _number(raw, "wal_checkpoint(TRUNCATE)"):
            owed = _done(raw, owed)
    return owed % 3 == 0


def _done(raw: sqlite3.Connection, step: int) -> int:
    """Count the step as done unless something was erased meanwhile; return what the number says now."""
    raw.execute("BEGIN IMMEDIATE").close()
    try:
        if _number(raw, "user_version") == step:
            raw.execute(f"PRAGMA user_version = {step + 1}").close()
        return _number(raw, "user_version")
    finally:
        raw.execute("COMMIT").close()


def _number(raw: sqlite3.Connection, pragma: str) -> int:
    found: int = raw.execute(f"PRAGMA {pragma}").fetchone()[0]
    return found
