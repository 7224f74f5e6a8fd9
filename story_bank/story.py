"""A story: what a recording tells, or a text that was simply written; and its passages, the units of search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from story_bank.ids import PersonId, RecordingId, StoryId, SubjectId, ValueId, WordId
from story_bank.language import Bilingual, Language


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the company with the behaviours one can observe (A25)."""

    id: ValueId
    name: Bilingual
    description: Bilingual
    behaviours: tuple[Bilingual, ...] = ()
    examples_fr: tuple[str, ...] = ()
    examples_en: tuple[str, ...] = ()
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """Title, day, team, site, confirmed values; `text` is the latest transcript's text, or the written one."""

    id: StoryId
    author_id: PersonId
    title: str
    text: str
    language: Language
    recorded_on: date
    created_at: datetime
    recording_id: RecordingId | None = None
    team: str = ""
    site: str = ""
    value_ids: tuple[ValueId, ...] = ()
    appearing: tuple[PersonId, ...] = ()
    """Other recognisable people; the author is always one (L12)."""
    demo: bool = False
    source_id: str | None = None
    """The id given by an import, so that importing again doubles nothing."""

    @property
    def subject_id(self) -> SubjectId:
        """What a consent for this story is about: its recording, or itself when it was written."""
        return SubjectId(self.recording_id or self.id)

    @property
    def people(self) -> tuple[PersonId, ...]:
        """Everyone whose consent it needs, the author first."""
        return (self.author_id, *(person for person in self.appearing if person != self.author_id))


@dataclass(frozen=True, slots=True)
class Passage:
    """One to three sentences of a story; seconds are None in a written one."""

    story_id: StoryId
    number: int
    text: str
    start: float | None = None
    end: float | None = None
    word_ids: tuple[WordId, ...] = ()
