"""Files put into the vault before the bank names them: when it cannot, they leave no trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from media.vault import Vault
from story_bank.errors import NotAvailable
from story_bank.ids import MediaKey


@contextmanager
def new_media(vault: Vault) -> Iterator[Callable[[Path, str], MediaKey]]:
    """Give a way to put files in; when the `with` ends in an error, all of them are deleted again."""
    keys: list[MediaKey] = []

    def put(source: Path, suffix: str) -> MediaKey:
        keys.append(vault.put(source, suffix))
        return keys[-1]

    try:
        yield put
    except BaseException:
        for key in keys:
            with suppress(NotAvailable):  # the worker's sweep finds it again; the error to tell is the first one
                vault.delete(key)
        raise
