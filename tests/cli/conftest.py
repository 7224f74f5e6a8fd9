"""Commands run in this process, each on a home of its own."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from story_bank.company import Company
from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope
from story_bank.ids import ConsentId, PersonId, StoryId, new_id
from story_bank.person import Person, Role
from story_bank.sql.bank import SqlBank
from story_bank.story import Story
from tests.fakes.in_memory_index import InMemoryIndex
from tests.fakes.shared_words_sense import SharedWordsSense

NIGHT = json.loads((files("studio") / "demo" / "stories.jsonl").read_text("utf-8").split("\n")[0])["text"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, and a terminal in French."""
    place = tmp_path / "home"
    monkeypatch.setenv("VECU_HOME", str(place))
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    return place


@pytest.fixture
def light(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same home, with a sense of meaning that needs no model."""
    index = InMemoryIndex()
    monkeypatch.setattr("studio.wiring.meaning", lambda *_: SharedWordsSense())
    monkeypatch.setattr("studio.wiring.index", lambda *_, **__: index)
    return home


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Put bytes on standard input."""
    def pipe(given: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
    return pipe


@pytest.fixture
def bank(home: Path) -> Iterator[SqlBank]:
    """The bank of that home."""
    home.mkdir(parents=True)
    opened = SqlBank(f"sqlite:///{home / 'vecu.db'}")
    opened.migrate()
    yield opened
    opened.close()


def settle(bank: SqlBank, *purposes: Purpose, demo: bool = False) -> tuple[StoryId, Person]:
    """Keep a company, its editor and one written story that Camille signed for these purposes."""
    camille = Person(PersonId(new_id()), "Camille Ferrand", "Camille")
    julien = Person(PersonId(new_id()), "Julien Carpentier", "Julien", roles=frozenset({Role.EDITOR}))
    story = Story(StoryId(new_id()), camille.id, "La nuit", NIGHT, "fr", date(2026, 1, 5), datetime.now(UTC))
    today = datetime.now(UTC).date()
    scope = Scope(frozenset(purposes), frozenset({Channel.LINKEDIN}), today - timedelta(days=3),
                  today + timedelta(days=90), Appearance(False, False, NameShown.FULL))
    with bank.open() as work:
        work.save_company(Company("Lanterval", demo=demo))
        work.save_person(camille)
        work.save_person(julien)
        work.save_story(story)
        work.sign(Consent(ConsentId(new_id()), story.subject_id, camille.id, scope, "le texte", "1", "Camille",
                          datetime.now(UTC)))
        work.commit()
    return story.id, julien
