"""Backing up while people work: the bank as of one moment, and every file of the vault that it names."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from story_bank.bank import Bank
from story_bank.errors import NotAvailable, NotFound
from story_bank.ids import MediaKey
from studio.keeping.archive import BANK, MEDIA
from studio.keeping.packing import Writing, new_archive
from studio.steps.step import Progress
from studio.toolbox import Toolbox

MOST_ROUNDS = 20
"""How often the bank is copied again because something was erased meanwhile; each time there is less to copy."""

Spare = Callable[[Path], AbstractContextManager[Bank]]
"""Opens an empty bank in a folder, apart from the studio's own."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What an archive holds: as of which moment, how many media files, its bytes, and which files were lost before."""

    made_at: datetime
    media: int
    size: int
    lost: tuple[MediaKey, ...]


def back_up(tools: Toolbox, spare: Spare, target: Path, progress: Progress) -> BackedUp:
    """Write one archive of everything that cannot be made again (`BadInput`: the name is taken; `NotAvailable`: disk).

    Left out: index and models (made again), logs, scratch, sessions, and DBOS's own record (the bank names the jobs
    that are open). Memory does not grow with the media.
    """
    with new_archive(target) as archive, _beside(target) as folder:
        rows = folder / "rows"
        made_at, lost = _everything(tools, spare, archive, rows, progress)
        for table in sorted(rows.iterdir()):
            with table.open("rb") as content:
                archive.add(BANK + table.name, content)
        archive.end(made_at, lost)
        media = sum(name.startswith(MEDIA) for name in archive.members)
    return BackedUp(made_at, media, target.stat().st_size, tuple(sorted(lost)))


def _everything(tools: Toolbox, spare: Spare, archive: Writing, rows: Path,
                progress: Progress) -> tuple[datetime, set[MediaKey]]:
    """Copy the bank, then the media that it names; return the moment of the copy and which of them were lost.

    A file that is not there may have been erased since the bank was copied, so the bank is copied again and names it
    no more. One that a later copy still names is lost, and the rest is worth keeping all the same.
    """
    missing: set[MediaKey] = set()
    for _ in range(MOST_ROUNDS):
        made_at = tools.clock()
        named = _copied(tools.bank, spare, rows)
        gone = _add_media(tools, archive, named, progress)
        if gone <= missing:
            return made_at, gone
        missing |= gone
    raise NotAvailable("Trop de récits s'effacent pendant la copie ; recommencez dans un moment.",
                       "Too much is being erased while it is copied; try again in a moment.")


def _copied(bank: Bank, spare: Spare, rows: Path) -> set[MediaKey]:
    """Copy the bank and return what the copy names; it is read back, so that what is kept can be restored."""
    emptied(rows)
    bank.copy_to(rows)
    with spare(rows.parent) as read_back:
        read_back.fill_from(rows)
        with read_back.open() as work:
            return work.every_media_key()


def _add_media(tools: Toolbox, archive: Writing, named: set[MediaKey], progress: Progress) -> set[MediaKey]:
    todo = sorted(key for key in named if MEDIA + key not in archive.members)
    gone: set[MediaKey] = set()
    for number, key in enumerate(todo, start=1):
        try:
            with tools.vault.local(key) as place, place.open("rb") as content:
                archive.add(MEDIA + key, content)
        except (NotFound, FileNotFoundError):
            gone.add(key)
        progress(number / len(todo))
    return gone


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give an empty folder beside the archive: what a kill leaves in it is not in the studio's own folder."""
    folder = target.with_name(target.name + ".rows")
    emptied(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def emptied(folder: Path) -> None:
    """Make the folder anew, readable by its owner alone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
