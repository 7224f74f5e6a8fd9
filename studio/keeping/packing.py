"""Packing an archive: it takes its name once it is whole and on the disk."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from story_bank.errors import BadInput, NotAvailable
from story_bank.ids import MediaKey
from studio.keeping.archive import AT_ONCE, BLOCK, FORMAT, MANIFEST, RECORD, VERSION, Manifest, Member


@dataclass(slots=True)
class Writing:
    """An archive being written; files are copied as they are, hashed on their way."""

    _out: IO[bytes]
    members: dict[str, Member] = field(default_factory=dict)

    def add(self, name: str, source: IO[bytes]) -> None:
        """Copy one open file in, whole (`NotAvailable` when it does not give the bytes that it promised)."""
        size, seen = os.fstat(source.fileno()).st_size, hashlib.sha256()
        self._header(name, size)
        for some in _pieces(name, source, size):
            seen.update(some)
            self._out.write(some)
        self._out.write(bytes(-size % BLOCK))
        self.members[name] = Member(size=size, sha256=seen.hexdigest())

    def end(self, made_at: datetime, lost: Iterable[MediaKey]) -> None:
        """Write the manifest and the end mark."""
        told = Manifest(format=FORMAT, version=VERSION, made_at=made_at, members=self.members, lost=sorted(lost))
        written = told.model_dump_json(indent=1).encode()
        self._header(MANIFEST, len(written))
        self._out.write(written + bytes(-len(written) % BLOCK) + bytes(2 * BLOCK))
        self._out.write(bytes(-self._out.tell() % RECORD))

    def _header(self, name: str, size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self._out.write(entry.tobuf(tarfile.GNU_FORMAT))


def _pieces(name: str, source: IO[bytes], size: int) -> Iterator[bytes]:
    left, cause = size, None
    try:
        while left and (some := source.read(min(left, AT_ONCE))):
            left -= len(some)
            yield some
    except OSError as wrong:
        cause = wrong
    if left:
        raise NotAvailable(f"Le fichier {name} ne se lit pas en entier ; vérifiez le disque, puis recommencez.",
                           f"The file {name} cannot be read whole; check the disk, then try again.") from cause


@contextlib.contextmanager
def new_archive(target: Path) -> Iterator[Writing]:
    """Give an archive to write, which takes its name once it is whole and on the disk; readable by its owner alone.

    It grows in a `.part` beside; an error removes that, and what a killed backup left is written over. `BadInput` where
    the name is taken, `NotAvailable` when another backup is writing it or the disk is full.
    """
    part = target.with_name(target.name + ".part")
    refuse_taken(target)
    try:
        with _held(part) as out:
            try:
                yield Writing(out)
                out.flush()
                os.fsync(out.fileno())
                refuse_taken(target)
                part.rename(target)
                _flush_folder(target.parent)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except OSError as wrong:
        raise NotAvailable(
            f"La sauvegarde « {target} » ne peut pas être écrite ({wrong.strerror}) ; faites de la place ou choisissez "
            "un autre endroit.",
            f"The backup “{target}” cannot be written ({wrong.strerror}); make room or choose another place."
        ) from wrong


def refuse_taken(target: Path) -> None:
    """Refuse to write over anything (`BadInput`)."""
    if os.path.lexists(target):
        raise BadInput(f"« {target} » existe déjà ; choisissez un autre nom.",
                       f"“{target}” exists already; choose another name.")


@contextlib.contextmanager
def _held(part: Path) -> Iterator[IO[bytes]]:
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "r+b") as out:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it may have given it its final name since it was opened.
            mine = part.exists() and part.stat().st_ino == os.fstat(handle).st_ino
        except BlockingIOError:
            mine = False
        if not mine:
            raise NotAvailable("Une autre sauvegarde écrit ce fichier ; attendez sa fin, ou choisissez un autre nom.",
                               "Another backup is writing this file; wait for its end, or choose another name.")
        os.fchmod(handle, 0o600)
        out.truncate(0)
        yield out


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
