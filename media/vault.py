"""The vault: media files under keys, never paths; a folder, or any fsspec store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from story_bank.ids import MediaKey


class Vault(Protocol):
    """Keeps whole files; a key that was returned survives a power cut."""

    def put(self, source: Path, suffix: str) -> MediaKey:
        """Copy a file in, flush it to disk, and return its new random key (`NotAvailable` when the disk is full)."""

    def put_back(self, key: MediaKey, content: IO[bytes]) -> None:
        """Keep these bytes under a key that was returned before, in place of what is there (`NotFound`: no such key).

        What a restored backup holds comes back so; it survives a power cut, and a failed copy changes nothing.
        """

    def local(self, key: MediaKey) -> AbstractContextManager[Path]:
        """Give a path to read the file from, for the length of the `with` (`NotFound`)."""

    def delete(self, key: MediaKey) -> None:
        """Remove the bytes; removing what is gone already is no error."""

    def keys(self, before: datetime) -> Iterator[MediaKey]:
        """Yield the keys of files put in before that moment (aware)."""

    def drop_half_put(self, before: datetime) -> None:
        """Remove what a killed copy left, begun before that moment (aware)."""
