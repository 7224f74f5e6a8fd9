"""Sweeping: what a killed process left half done is removed, so that nothing outlives the story it was made from."""

from __future__ import annotations

import logging
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from story_bank.errors import NotAvailable
from studio.toolbox import Toolbox

LEFT_ALONE = timedelta(hours=1)
"""Younger files may be in use, or on their way to being named by the bank."""
NOT_OURS = frozenset({"arrivals", "gradio"})
"""Of the scratch folder: the web server keeps these."""

log = logging.getLogger("vecu.jobs")


def sweep(tools: Toolbox, home: Path) -> None:
    """Remove old scratch files, files of the vault that nothing names, and vectors of stories that are gone.

    A vault or index that sleeps is left for the next time.
    """
    before = tools.clock() - LEFT_ALONE
    _scratch(home / "scratch", before)
    with suppress(NotAvailable):
        _vault(tools, before)
    with suppress(NotAvailable):
        _index(tools)


def _scratch(folder: Path, before: datetime) -> None:
    for place in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):  # whoever works there may take it away first
            if place.name in NOT_OURS or _touched_since(place, before):
                continue
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            else:
                place.unlink()


def _touched_since(place: Path, moment: datetime) -> bool:
    files = [place, *place.rglob("*")] if place.is_dir() else [place]
    return any(file.lstat().st_mtime >= moment.timestamp() for file in files)


def _vault(tools: Toolbox, before: datetime) -> None:
    kept = set(tools.vault.keys(before))
    with tools.bank.open() as work:
        named = work.every_media_key()
    if kept and not kept & named:
        # Another or an empty database was opened by mistake: deleting would lose a whole company's media.
        log.warning("the bank names none of the %d files in the vault; they are left alone", len(kept))
        return
    for key in kept - named:
        tools.vault.delete(key)


def _index(tools: Toolbox) -> None:
    there = set(tools.index.story_ids())
    with tools.bank.open() as work:
        gone = there - set(work.every_story_id())
    if gone:
        tools.index.remove(gone)
