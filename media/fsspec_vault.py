"""The vault on any fsspec store: a folder by default, S3 or another by its URL."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from story_bank.errors import NotAvailable, NotFound
from story_bank.ids import MediaKey, new_id

KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[a-z0-9]{1,5}")
SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class FsspecVault:
    """Keeps whole files under random keys, in 256 folders named by the key's last two digits."""

    def __init__(self, url_or_folder: str | Path) -> None:
        from fsspec.core import url_to_fs
        from fsspec.implementations.local import LocalFileSystem

        self._store, root = url_to_fs(str(url_or_folder))
        self._root = str(root).rstrip("/")
        self._is_folder = isinstance(self._store, LocalFileSystem)

    def put(self, source: Path, suffix: str) -> MediaKey:
        """Copy a file in, flush it to disk, and return its new random key; a failed copy leaves nothing behind.

        `suffix` is our own, with its dot. `NotAvailable` when the disk is full or the store does not answer.
        """
        if not SUFFIX.fullmatch(suffix):
            raise ValueError(f"not a suffix of ours: {suffix!r}")
        key = MediaKey(new_id() + suffix)
        with _told_plainly(), source.open("rb") as content:
            if self._is_folder:
                _keep(content, Path(self._place(key)))
            else:
                self._send(source, key)
        return key

    def put_back(self, key: MediaKey, content: IO[bytes]) -> None:
        """Keep these bytes under a key that was returned before, in place of what is there (`NotFound`: no such key).

        A failed copy leaves what was there. `NotAvailable` as for `put`.
        """
        place = self._place(key)
        with _told_plainly():
            if self._is_folder:
                _keep(content, Path(place))
                return
            with tempfile.NamedTemporaryFile(prefix="vecu-") as whole:
                shutil.copyfileobj(content, whole, 1 << 20)
                whole.flush()
                self._send(Path(whole.name), key)

    @contextmanager
    def local(self, key: MediaKey) -> Iterator[Path]:
        """Give a path to read the file from, for the length of the `with` (`NotFound`); a far file is fetched first."""
        place = self._place(key)
        if self._is_folder:
            if not Path(place).is_file():
                raise _gone()
            yield Path(place)
            return
        with tempfile.TemporaryDirectory(prefix="vecu-") as folder:
            copy = Path(folder) / key
            try:
                self._store.get_file(place, str(copy))
            except FileNotFoundError as cause:
                raise _gone() from cause
            except OSError as cause:
                raise _full() if cause.errno in FULL else _asleep() from cause
            yield copy

    def delete(self, key: MediaKey) -> None:
        """Remove the bytes; removing what is gone already is no error."""
        try:
            self._store.rm_file(self._place(key))
        except FileNotFoundError:
            return
        except OSError as cause:
            raise _asleep() from cause

    def keys(self, before: datetime) -> Iterator[MediaKey]:
        """Yield the keys of files put in before that moment (aware); what has no name of ours is not looked at."""
        try:
            places = self._store.find(self._root) if self._store.isdir(self._root) else []
            for place in places:
                name = str(place).rpartition("/")[2]
                if KEY.fullmatch(name) and self._store.modified(place) < before:
                    yield MediaKey(name)
        except FileNotFoundError:  # deleted while it was looked at: the next listing holds the others
            return
        except OSError as cause:
            raise _asleep() from cause

    def drop_half_put(self, before: datetime) -> None:
        """Remove what a killed copy left, begun before that moment (aware); a far store names whole files alone."""
        if self._is_folder:
            for draft in Path(self._root).glob("??/.*.part"):
                with suppress(OSError):  # finished meanwhile
                    if draft.stat().st_mtime < before.timestamp():
                        draft.unlink()

    def _place(self, key: MediaKey) -> str:
        if not KEY.fullmatch(key):  # a key from outside is never a path
            raise _gone()
        return f"{self._root}/{key.partition('.')[0][-2:]}/{key}"

    def _send(self, source: Path, key: MediaKey) -> None:
        place = self._place(key)
        self._store.makedirs(place.rpartition("/")[0], exist_ok=True)
        try:
            self._store.put_file(str(source), place)
        except BaseException:
            with suppress(OSError):
                self._store.rm_file(place)
            raise


def _keep(content: IO[bytes], place: Path) -> None:
    """Copy, flush, then give the name: whoever sees the name sees the whole file, also after a power cut."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.part")
    try:
        with draft.open("wb") as writing:  # over what a killed copy left
            shutil.copyfileobj(content, writing, 1 << 20)
            writing.flush()
            os.fsync(writing.fileno())
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    for folder in (place.parent, place.parent.parent):
        _flush(folder)


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except OSError as cause:
        raise _full() if cause.errno in FULL else _asleep() from cause


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _gone() -> NotFound:
    return NotFound("Ce média n’est plus dans le coffre.", "This media is no longer in the vault.")


def _full() -> NotAvailable:
    return NotAvailable("Le disque est plein : libérez de la place, puis recommencez ; rien de gardé n’est perdu.",
                        "The disk is full: free some space, then try again; nothing that was kept is lost.")


def _asleep() -> NotAvailable:
    return NotAvailable("Le coffre des médias ne répond pas : vérifiez son dossier ou son adresse dans les réglages, "
                        "puis recommencez.",
                        "The media vault does not answer: check its folder or address in the settings, then try again.")
