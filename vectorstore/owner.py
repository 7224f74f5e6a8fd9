"""One owner of the index folder, always: a second open client would keep answering from an old state (seen)."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from story_bank.errors import NotAvailable

LOCK_NAME = "owner.lock"


def own(folder: Path) -> IO[str]:
    """Take the folder, making it if need be; it is held until the returned file is closed or the process ends.

    `NotAvailable` when another process, or another part of this one, holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK_NAME).open("w")
    except OSError as error:
        raise NotAvailable(f"Le dossier de l’index {folder} n’est pas accessible : vérifiez ses droits et le disque.",
                           f"The index folder {folder} cannot be used: check its permissions and the disk.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise NotAvailable(
            "L’index est déjà ouvert par un autre programme : passez par le studio en marche, ou arrêtez-le d’abord.",
            "The index is already open in another program: go through the running studio, or stop it first.",
        ) from error
    return lock
