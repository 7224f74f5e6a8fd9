"""The folder of a Chroma index: looked at without harm, emptied when it is sick, written anew to erase for good.

Chroma keeps the bytes of what was deleted (seen, also after its own vacuum). So forgetting copies what stays into a
fresh folder beside, and puts it in the place of the old one.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from story_bank.errors import NotAvailable
from story_bank.ids import StoryId
from vectorstore.chroma import Answer, ChromaIndex, folder_client
from vectorstore.owner import LOCK_NAME, own

PROBE_WITHIN_S = 60.0
COPY_WITHIN_S = 1800.0
TABLE = "chroma.sqlite3"


class FolderIndex(ChromaIndex):
    """The story index in a folder that this process alone has open, from now until `close()`."""

    def __init__(self, folder: Path, collection: str) -> None:
        """Own the folder; `NotAvailable` when somebody else does."""
        super().__init__(lambda: folder_client(folder), collection)
        self._folder, self._lock = folder, own(folder)
        self._turn = threading.RLock()  # nobody asks while the folder is changed under the client

    def close(self) -> None:
        """Let go of the folder; a second call does nothing. Its client is closed, so that the lock says the truth."""
        with self._turn:
            self._close_client()
            self._lock.close()

    def forget(self, story_ids: Collection[StoryId]) -> None:
        """Take stories out so that no byte of their vectors stays: the folder is written anew without them."""
        with self._turn:
            self._close_client()
            _write_anew(self._folder, story_ids)

    def _ask(self, question: Callable[[Any], Answer]) -> Answer:
        with self._turn:
            return super()._ask(question)

    def _opened(self) -> Any:
        if self._lock.closed:
            raise RuntimeError("this folder was let go")
        return super()._opened()

    def _close_client(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = self._collection = None


def healthy(folder: Path) -> bool:
    """Tell whether a folder that nobody owns can be opened, searched and written; a missing or empty one can.

    Asked in a process of its own, because opening a damaged folder can end the process that tries (seen).
    """
    if not (folder / TABLE).exists():
        # Vectors without their table are what a crash or a careful hand left: nothing can be found through them.
        return not folder.is_dir() or all(entry.name == LOCK_NAME for entry in folder.iterdir())
    try:
        return _ran("chroma_probe.py", [str(folder)], "", PROBE_WITHIN_S)
    except subprocess.TimeoutExpired:
        return False


def reset(folder: Path) -> None:
    """Empty a folder that nobody owns; the caller then rebuilds the index from the bank."""
    with own(folder):
        _empty(folder)


def mended(folder: Path) -> bool:
    """Empty a folder that cannot be used, and tell whether it was so; the index is then rebuilt from the bank.

    `NotAvailable` when somebody else owns the folder: it is looked at by its owner alone.
    """
    with own(folder):
        drop_fresh(folder)  # a copy that was cut, or that nobody put in its place
        if healthy(folder):
            return False
        _empty(folder)
        return True


def write_anew(folder: Path, without: Collection[StoryId]) -> None:
    """Write a folder that nobody owns anew, without some stories; asks no model (`NotAvailable` when it is owned)."""
    with own(folder):
        _write_anew(folder, without)


def _write_anew(folder: Path, without: Collection[StoryId]) -> None:
    if not copy_fresh(str(folder), folder, without):
        drop_fresh(folder)  # better no index, which is made again from the bank, than one that remembers
    take_fresh(folder)


def copy_fresh(source: str, folder: Path, left_out: Collection[StoryId]) -> bool:
    """Copy an index, without some stories, into a fresh folder beside `folder`; tell whether the copy is whole.

    `source` is `host:port` of a server, or a folder that nobody has open; it must not be written to meanwhile.
    """
    drop_fresh(folder)
    try:
        return _ran("chroma_rewrite.py", [source, str(_fresh(folder))], "\n".join(left_out), COPY_WITHIN_S)
    except subprocess.TimeoutExpired:
        return False


def take_fresh(folder: Path) -> None:
    """Put the fresh folder's files in the place of the old ones; without a fresh one, the folder is left empty.

    The caller owns the folder. Cut in the middle, the folder has vectors but no table, and is mended as damaged.
    """
    try:
        _empty(folder)
        fresh = _fresh(folder)
        for entry in sorted(fresh.iterdir() if fresh.is_dir() else (), key=lambda one: one.name == TABLE):
            entry.rename(folder / entry.name)
        drop_fresh(folder)
    except OSError as wrong:
        raise NotAvailable(
            f"Le dossier de l’index {folder} n’a pas pu être réécrit : vérifiez ses droits et le disque.",
            f"The index folder {folder} could not be written anew: check its permissions and the disk.") from wrong


def drop_fresh(folder: Path) -> None:
    """Remove a fresh folder that will not take the place of this one."""
    shutil.rmtree(_fresh(folder), ignore_errors=True)


def _fresh(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.new")


def _empty(folder: Path) -> None:
    # The table goes first: without it, whatever else a kill leaves here is known to be of no use.
    for entry in sorted(folder.iterdir(), key=lambda one: not one.name.startswith(TABLE)):
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != LOCK_NAME:
            entry.unlink()


def _ran(program: str, arguments: list[str], given: str, within_s: float) -> bool:
    command = [sys.executable, str(Path(__file__).with_name(program)), *arguments]
    done = subprocess.run(command, input=given.encode(), timeout=within_s, capture_output=True, check=False)
    return done.returncode == 0
