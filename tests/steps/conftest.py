"""A small company with real bank, vault and inspector; ears, meaning and cutting are behaving fakes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from media.fsspec_vault import FsspecVault
from media.pyav_inspector import PyavInspector
from story_bank.bank import Asker
from story_bank.company import Company
from story_bank.consent import Appearance, Channel, NameShown, Purpose, Scope
from story_bank.ids import PersonId, StoryId, new_id
from story_bank.person import Person, Role
from story_bank.sql.bank import SqlBank
from studio.jobs.labour import Labour
from studio.steps.consent import Sign
from studio.steps.keep import DescribeRecording, KeepRecording
from studio.toolbox import Limits, Toolbox
from studio.writing.verbatim_writer import VerbatimWriter
from tests.fakes.counted_voices import CountedVoices
from tests.fakes.in_memory_index import InMemoryIndex
from tests.fakes.scripted_transcriber import ScriptedTranscriber
from tests.fakes.shared_words_sense import SharedWordsSense
from tests.fakes.swift_cutter import SwiftCutter

MEDIA = Path(__file__).parents[2] / "studio" / "demo" / "media"
VOICE = MEDIA / "fr4_technicien_quart_heure.m4a"
FILM = MEDIA / "fr1_nurse_night_shift.mp4"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@dataclass
class Small:
    """The company, its people by first name, and what a test does over and over."""

    tools: Toolbox
    clock: Clock
    people: dict[str, Person] = field(default_factory=dict)

    def asker(self, first_name: str) -> Asker:
        return self.tools.asker(self.people[first_name].id)

    def do_jobs(self) -> None:
        """Carry out every open job in turn, as the worker would."""
        for _ in range(500):
            with self.tools.bank.open() as work:
                waiting = work.open_jobs()
            if not waiting:
                return
            Labour(self.tools, waiting[0].id).run()
        raise AssertionError("jobs never end")

    def record(self, first_name: str = "Camille", file: Path = VOICE) -> StoryId:
        kept = KeepRecording(self.tools).run(self.asker(first_name), file, file.name)
        with self.tools.bank.open() as work:
            recording = work.recording_of_job(kept.recording_id)
        DescribeRecording(self.tools).run(self.asker(first_name), kept.story_id, recording.context, "fr")
        self.do_jobs()
        return kept.story_id

    def scope(self, *purposes: Purpose, days: int = 100, name: NameShown = NameShown.FULL, face: bool = True,
              channels: frozenset[Channel] = frozenset({Channel.LINKEDIN})) -> Scope:
        today: date = self.tools.today()
        return Scope(frozenset(purposes or Purpose), channels, today, today + timedelta(days=days),
                     Appearance(face, True, name))

    def sign(self, first_name: str, story_id: StoryId, scope: Scope) -> None:
        Sign(self.tools).run(self.asker(first_name), story_id, scope, ("1", "le texte"), first_name)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    bank = SqlBank(f"sqlite:///{tmp_path / 'vecu.db'}")
    bank.migrate()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    clock = Clock()
    tools = Toolbox(bank, FsspecVault(str(tmp_path / "vault")), PyavInspector(), ScriptedTranscriber(),
                    CountedVoices(), SwiftCutter(), SharedWordsSense(), InMemoryIndex(), VerbatimWriter(),
                    Limits(1800, 1 << 30), scratch, clock)
    made = Small(tools, clock)
    roles = {"Camille": set(), "Moussa": set(), "Inès": {Role.AMBASSADOR}, "Julien": {Role.EDITOR},
             "Marc": {Role.ADMINISTRATOR}}
    with bank.open() as work:
        work.save_company(Company("Lanterval", channels=(Channel.LINKEDIN, Channel.INTRANET)))
        for first_name, more in roles.items():
            person = Person(PersonId(new_id()), f"{first_name} Ferrand", first_name,
                            roles=frozenset({Role.CONTRIBUTOR, *more}))
            work.save_person(person)
            made.people[first_name] = person
        work.commit()
    yield made
    bank.close()


def with_tools(small: Small, **changes: object) -> Small:
    """Return the same company with other tools."""
    return Small(replace(small.tools, **changes), small.clock, small.people)  # type: ignore[arg-type]


