"""Unpacking an archive with suspicion: every byte is compared with the manifest before anything is done with it.

Headers are read one by one and refused before anything in them is followed: no folder, link, device, sparse file or
long name is ever interpreted, so none can lead anywhere or fill the memory.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from story_bank.errors import BadInput, NotAvailable
from studio.keeping.archive import BLOCK, FORMAT, MANIFEST, NAME, RECORD, VERSION, Manifest

LARGEST_MANIFEST = 256 << 20


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive whose every byte was found to be what its manifest says."""

    manifest: Manifest
    _handle: int
    _places: dict[str, tuple[int, int]]

    def names(self, within: str) -> list[str]:
        """Return the members whose names begin so (`BANK`, `MEDIA`)."""
        return [name for name in self._places if name.startswith(within)]

    def size(self, name: str) -> int:
        """Return a member's size in bytes."""
        return self._places[name][1]

    def reading(self, name: str) -> IO[bytes]:
        """Open a member."""
        return _opened(self._handle, *self._places[name])


@contextlib.contextmanager
def verified(file: Path, progress: Callable[[float], None]) -> Iterator[Archive]:
    """Give an archive all of which was read and compared with its manifest; nothing is written anywhere.

    `BadInput`, in one sentence, for what is no whole and unaltered backup of a version that is known here.
    """
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as wrong:
        raise _no_backup(file) from wrong
    try:
        yield _looked_through(file, handle, progress)
    finally:
        os.close(handle)


def _looked_through(file: Path, handle: int, progress: Callable[[float], None]) -> Archive:
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        raise _no_backup(file)
    try:
        places = dict(_walked(file, handle, about.st_size))
        return Archive(_agreed(file, handle, places, progress), handle, places)
    except OSError as wrong:
        raise NotAvailable(f"« {file} » ne se lit pas jusqu'au bout ; vérifiez le disque qui la porte.",
                           f"“{file}” cannot be read to its end; check the disk that holds it.") from wrong


def _walked(file: Path, handle: int, length: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield (name, (where its bytes begin, how many)); only plain files under names of ours are let through."""
    seen: set[str] = set()
    at = 0
    while True:
        try:
            entry = tarfile.TarInfo.frombuf(os.pread(handle, BLOCK, at), "utf-8", "strict")
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            break
        except (tarfile.HeaderError, UnicodeError, ValueError) as wrong:
            raise (_no_backup(file) if at == 0 else _cut_short(file)) from wrong
        if entry.type != tarfile.REGTYPE or entry.linkname or entry.size < 0 or not NAME.fullmatch(entry.name):
            raise _no_backup(file) if at == 0 else BadInput(
                f"« {file} » contient autre chose qu'une sauvegarde de Vécu (une entrée n'est pas un de ses fichiers). "
                "Rien n'a été touché.",
                f"“{file}” holds something else than a backup of Vécu (an entry is not one of its files). Nothing was "
                "touched.")
        if entry.name in seen:
            raise _altered(file)
        seen.add(entry.name)
        yield entry.name, (at + BLOCK, entry.size)
        at += BLOCK + entry.size + -entry.size % BLOCK
        if at > length:
            raise _cut_short(file)
    rest = os.pread(handle, RECORD + 2 * BLOCK, at)
    if len(rest) < 2 * BLOCK:
        raise _cut_short(file)
    if len(rest) > RECORD + BLOCK or rest.strip(b"\0"):
        raise _altered(file)


def _agreed(file: Path, handle: int, places: dict[str, tuple[int, int]], progress: Callable[[float], None]) -> Manifest:
    manifest = _manifest(file, handle, places)
    if {name: size for name, (_, size) in places.items() if name != MANIFEST} != {
            name: member.size for name, member in manifest.members.items()}:
        raise _altered(file)
    whole = sum(member.size for member in manifest.members.values()) or 1
    done = 0
    for name, member in manifest.members.items():
        with _opened(handle, *places[name]) as reading:
            if hashlib.file_digest(reading, "sha256").hexdigest() != member.sha256:  # type: ignore[arg-type]
                raise _altered(file)
        done += member.size
        progress(done / whole)
    return manifest


def _manifest(file: Path, handle: int, places: dict[str, tuple[int, int]]) -> Manifest:
    if list(places)[-1:] != [MANIFEST]:
        raise _cut_short(file)
    begin, size = places[MANIFEST]
    if size > LARGEST_MANIFEST:
        raise _altered(file)
    try:
        told = json.loads(os.pread(handle, size, begin))
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise _no_backup(file)
        if told.get("version") != VERSION:
            raise BadInput(f"« {file} » vient d'une autre version de Vécu ; restaurez-la avec celle qui l'a faite.",
                           f"“{file}” comes from another version of Vécu; restore it with the one that made it.")
        return Manifest.model_validate(told)
    except (ValueError, RecursionError, ValidationError) as wrong:
        raise _altered(file) from wrong


class _Slice(io.RawIOBase):
    """Some bytes of an open file, as a file of their own."""

    def __init__(self, handle: int, begin: int, size: int) -> None:
        self._handle, self._at, self._end = handle, begin, begin + size

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read on into the buffer."""
        wanted = min(len(buffer), self._end - self._at)
        got = os.preadv(self._handle, [memoryview(buffer)[:wanted]], self._at) if wanted else 0
        if wanted and not got:
            raise OSError(errno.EIO, "the file became shorter while it was read")
        self._at += got
        return got


def _opened(handle: int, begin: int, size: int) -> IO[bytes]:
    return _Slice(handle, begin, size)  # type: ignore[return-value]


def _no_backup(file: Path) -> BadInput:
    return BadInput(f"« {file} » n'est pas une sauvegarde de Vécu ; vérifiez son nom.",
                    f"“{file}” is not a backup of Vécu; check its name.")


def _cut_short(file: Path) -> BadInput:
    return BadInput(f"« {file} » est incomplète : la copie s'est arrêtée avant la fin. Prenez-en une autre. Rien n'a "
                    "été touché.",
                    f"“{file}” is incomplete: the copy stopped before its end. Take another one. Nothing was touched.")


def _altered(file: Path) -> BadInput:
    return BadInput(f"« {file} » a été modifiée ou abîmée depuis qu'elle a été faite. Prenez-en une autre. Rien n'a "
                    "été touché.",
                    f"“{file}” was altered or damaged since it was made. Take another one. Nothing was touched.")
