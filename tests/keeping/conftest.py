"""A small company with stories worth keeping, archives of it, and other homes to put them in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from media.fsspec_vault import FsspecVault
from story_bank.bank import Forgotten
from story_bank.consent import Withdrawal
from story_bank.ids import StoryId
from story_bank.sql.bank import SqlBank
from studio.keeping.backup import BackedUp, back_up
from studio.keeping.restore import Restored, restore
from studio.keeping.unpacking import verified
from studio.steps.keep import WriteStory
from studio.toolbox import Toolbox
from studio.wiring import spare_bank
from tests.fakes.in_memory_index import InMemoryIndex
from tests.steps.conftest import FILM, Small, small  # noqa: F401 - a fixture

TITLE, WORDS = "Noël à l’hôpital 🎄", "Zoé Lœwenstein-Élusébo a gardé la lumière jusqu’à 3 h du matin ✨"


def quiet(_: float) -> None:
    """Report progress to nobody."""


@dataclass
class House:
    """The company and what a test does over and over."""

    small: Small
    folder: Path

    @property
    def tools(self) -> Toolbox:
        return self.small.tools

    def back_up(self, name: str = "to.tar") -> Path:
        self.backed_up(name)
        return self.folder / name

    def backed_up(self, name: str = "to.tar") -> BackedUp:
        return back_up(self.tools, spare_bank, self.folder / name, quiet)

    def write(self, title: str, text: str, first_name: str = "Camille") -> StoryId:
        asker = self.small.asker(first_name)
        story_id = WriteStory(self.tools).begin(asker, "fr")
        WriteStory(self.tools).run(asker, story_id, title, text)
        self.small.do_jobs()
        return story_id

    @contextmanager
    def other(self, name: str = "elsewhere", url: str | None = None) -> Iterator[Toolbox]:
        """Give the tools of another home, empty the first time."""
        home = self.folder / name
        (home / "scratch").mkdir(parents=True, exist_ok=True)
        bank = SqlBank(url or f"sqlite:///{home / 'vecu.db'}")
        bank.migrate()
        yield replace(self.tools, bank=bank, vault=FsspecVault(home / "vault"), index=InMemoryIndex(),
                      scratch=home / "scratch", ledger=home / "forgotten.jsonl")
        bank.close()


def put_back(tools: Toolbox, file: Path, elsewhere: Sequence[Forgotten | Withdrawal] = (),
             progress: Callable[[float], None] = quiet) -> Restored:
    with verified(file, quiet) as archive:
        return restore(tools, spare_bank, archive, elsewhere, progress)


def rows_of(tools: Toolbox, folder: Path) -> dict[str, list[Any]]:
    """Return every row of the bank by table; what a restore makes anew is left out."""
    tools.bank.copy_to(folder)
    made_anew = {"jobs", "tokens", "passages"}
    return {file.stem: [json.loads(line) for line in file.read_text("utf-8").splitlines()]
            for file in sorted(folder.glob("*.jsonl")) if file.stem not in made_anew}


def media_of(tools: Toolbox) -> dict[str, bytes]:
    """Return every file that the bank names."""
    found: dict[str, bytes] = {}
    with tools.bank.open() as work:
        keys = work.every_media_key()
    for key in keys:
        with tools.vault.local(key) as place:
            found[key] = place.read_bytes()
    return found


@pytest.fixture
def house(small: Small, tmp_path: Path) -> House:  # noqa: F811
    """Camille's film, signed for everything, and her written story with accents and emoji."""
    house = House(small, tmp_path)
    house.small.sign("Camille", small.record("Camille", FILM), small.scope())
    house.small.sign("Camille", house.write(TITLE, WORDS), small.scope())
    return house
