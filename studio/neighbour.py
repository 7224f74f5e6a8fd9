"""Neighbouring processes: where the index answers, whose turn it is to write there, and who asks to have it renewed."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from story_bank.errors import NotAvailable
from story_bank.ids import StoryId

LOOK_S = 0.1
TURN_WITHIN_S = 120.0
"""How long one waits for one's turn to write into the index, in seconds."""
HEARD_WITHIN_S = 20.0
"""How long one waits for `vecu serve` to begin to write the index anew, in seconds; once it has begun, one waits on."""
ASKED, TAKEN, DONE, FAILED = ".asked", ".taken", ".done", ".failed"


class Neighbourhood:
    """Notes under the home that processes leave for one another."""

    def __init__(self, home: Path) -> None:
        self._index, self._turn, self._asked = home / "index-server.json", home / "index.turn", home / "index-asked"

    def index_place(self) -> tuple[str, int] | None:
        """Return (host, port) of a Chroma server that answers, or None."""
        try:
            note = json.loads(self._index.read_text("utf-8"))
            place = str(note["host"]), int(note["port"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return place if answers(*place) else None

    def note_index(self, host: str, port: int) -> None:
        """Leave the server's place, replacing the note whole."""
        _leave(self._index, json.dumps({"host": host, "port": port}))

    def forget_index(self) -> None:
        """Take the note away."""
        self._index.unlink(missing_ok=True)

    def to_write(self) -> AbstractContextManager[None]:
        """Write into the index beside others who do, while nobody writes it anew (`NotAvailable` after a while)."""
        return self._turns(fcntl.LOCK_SH)

    def to_renew(self) -> AbstractContextManager[None]:
        """Wait until nobody writes into the index, and keep everyone from it (`NotAvailable` after a while)."""
        return self._turns(fcntl.LOCK_EX)

    def ask_to_renew(self, without: Collection[StoryId]) -> None:
        """Have `vecu serve` write the index anew without some stories, and return once it has.

        `NotAvailable` when nobody begins in time, or it could not be done.
        """
        self._asked.mkdir(exist_ok=True)
        name = self._asked / uuid.uuid4().hex
        _leave(name.with_suffix(ASKED), "\n".join(without))
        try:
            self._wait_for(name)
        finally:
            for suffix in (ASKED, TAKEN, DONE, FAILED):
                name.with_suffix(suffix).unlink(missing_ok=True)

    def anyone_asks(self) -> bool:
        """Tell whether somebody waits for a renewed index."""
        return self._asked.is_dir() and any(self._asked.glob(f"*{ASKED}"))

    def take_asked(self) -> dict[Path, list[StoryId]]:
        """Return what was asked until now; what is asked from now on waits for another time."""
        taken: dict[Path, list[StoryId]] = {}
        for note in self._asked.glob(f"*{ASKED}"):
            try:
                mine = note.rename(note.with_suffix(TAKEN))
                taken[mine] = [StoryId(line) for line in mine.read_text("utf-8").split()]
            except FileNotFoundError:  # who asked has given up
                continue
        return taken

    def answer(self, taken: Collection[Path], *, done: bool) -> None:
        """Tell those who asked."""
        for note in taken:
            try:
                note.rename(note.with_suffix(DONE if done else FAILED))
            except FileNotFoundError:
                continue

    def _wait_for(self, name: Path) -> None:
        patience = time.monotonic() + HEARD_WITHIN_S
        while not name.with_suffix(DONE).exists():
            if name.with_suffix(FAILED).exists() or time.monotonic() > patience:
                raise NotAvailable(
                    "L'index n'a pas pu être réécrit pour l'instant ; réessayez, ou regardez « vecu doctor ».",
                    "The index could not be written anew just now; try again, or look at “vecu doctor”.")
            if self._someone_renews():
                patience = time.monotonic() + HEARD_WITHIN_S
            time.sleep(LOOK_S)

    def _someone_renews(self) -> bool:
        with self._turn.open("a") as turn:
            try:
                fcntl.flock(turn, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    @contextmanager
    def _turns(self, how: int) -> Iterator[None]:
        patience = time.monotonic() + TURN_WITHIN_S
        with self._turn.open("a") as turn:
            while True:
                try:
                    fcntl.flock(turn, how | fcntl.LOCK_NB)
                    break
                except BlockingIOError as held:
                    if time.monotonic() > patience:
                        raise NotAvailable("L'index est en cours de réécriture ; réessayez dans quelques minutes.",
                                           "The index is being written anew; try again in some minutes.") from held
                    time.sleep(LOOK_S)
            yield


def _leave(note: Path, text: str) -> None:
    part = note.with_suffix(".part")
    part.write_text(text, "utf-8")
    os.replace(part, note)


def answers(host: str, port: int, within_s: float = 0.5) -> bool:
    """Tell whether something listens there."""
    try:
        with socket.create_connection((host, port), timeout=within_s):
            return True
    except OSError:
        return False


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
