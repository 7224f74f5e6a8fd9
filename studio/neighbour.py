"""Neighbouring processes: where the Chroma server that `vecu serve` started can be asked."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path


class Neighbourhood:
    """Notes under the home that processes leave for one another."""

    def __init__(self, home: Path) -> None:
        self._index = home / "index-server.json"

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
        part = self._index.with_suffix(".part")
        part.write_text(json.dumps({"host": host, "port": port}), "utf-8")
        os.replace(part, self._index)

    def forget_index(self) -> None:
        """Take the note away."""
        self._index.unlink(missing_ok=True)


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
