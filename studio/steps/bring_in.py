"""Bringing stories in from a file, one JSON line each; good lines are kept, bad ones listed with their reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from story_bank.access import Act, Duty
from story_bank.bank import Asker, Deed, Did, Work
from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope, Withdrawal
from story_bank.errors import BadInput, NotFound, VecuError
from story_bank.ids import ConsentId, PersonId, StoryId, ValueId, new_id
from story_bank.language import Bilingual, Language
from story_bank.making import JobKind
from story_bank.person import Person, Role
from story_bank.recording import SpokenContext
from story_bank.story import Story
from studio.steps.index import keep_words
from studio.steps.keep import DescribeRecording, KeepRecording, Kept
from studio.steps.step import Step, must_hold

IMPORTED = Bilingual("Accord repris d'un import, signé hors de Vécu.",
                     "Consent taken over from an import, signed outside Vécu.")
TEXT_VERSION = "import-1"


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    return text.strip()


Filled = Annotated[str, AfterValidator(_filled)]
"""Words, without the spaces around them."""


class AppearsLine(BaseModel):
    """How the person appears."""

    model_config = ConfigDict(extra="ignore")
    face: bool = False
    voice: bool = False
    name: NameShown = NameShown.NONE


class ConsentLine(BaseModel):
    """The consent of a line; `from` and `until` are days, or "today-120" and "today+400"."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)
    purposes: list[Purpose]
    channels: list[Channel] = []
    from_day: str = Field(alias="from")
    until: str
    appears: AppearsLine = AppearsLine()
    withdrawn: str | None = None


class SpokenLine(BaseModel):
    """What the form would have asked."""

    model_config = ConfigDict(extra="ignore")
    first_name: str = ""
    job: str = ""
    team: str = ""
    company: str = ""
    unusual_words: list[str] = []


class StoryLine(BaseModel):
    """One line of the file (see command-line.md)."""

    model_config = ConfigDict(extra="ignore")
    id: str | None = None
    title: Annotated[Filled, Field(max_length=200)]
    text: str | None = None
    media: str | None = None
    language: Literal["fr", "en"]
    author: Filled
    team: str = ""
    site: str = ""
    recorded_on: str
    values: list[str] = []
    consent: ConsentLine | None = None
    speakers: int = Field(1, ge=1, le=2)
    context: SpokenLine = SpokenLine()
    also: list[Filled] = []
    """Who else can be recognised: the story stays closed until each has signed for themselves."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was not taken, counted from 1, and why."""

    line: int
    why: Bilingual


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What an import did; `again` counts the lines that were there already."""

    taken: int
    again: int
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class _Signed:
    """What a line says was signed, and whether it has been taken back since."""

    scope: Scope
    withdrawn: bool


def day_of(text: str, today: date) -> date:
    """Read "2026-12-31", "today", "today+400" or "today-10" (`BadInput`)."""
    relative = re.fullmatch(r"today(?:([+-])(\d{1,5}))?", text)
    if relative:
        return today + timedelta(days=int((relative[1] or "+") + (relative[2] or "0")))
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise BadInput(f"« {text} » n'est pas un jour ; écrivez-le comme 2026-12-31.",
                       f"“{text}” is not a day; write it like 2026-12-31.") from wrong


class BringIn(Step):
    """Take stories in on behalf of their authors, as the console's administrator."""

    use = Act.KEEP

    def run(self, asker: Asker, lines: Iterable[str], beside: Path, *, demo: bool = False,
            told: Callable[[int], None] = lambda _: None) -> BroughtIn:
        """Take each line or say why not; the same line again (same id) doubles nothing.

        `beside` is the folder that relative "media" names start from. `told` receives the number of lines seen.
        """
        if not asker.person.is_a(Role.ADMINISTRATOR):
            raise BadInput("Seule l'administration peut importer des récits.",
                           "Only administrators can import stories.")
        taken, again, refused, number = 0, 0, [], 0
        for number, text in enumerate(lines, start=1):
            if not text.strip():
                continue
            try:
                if self._take(asker, StoryLine.model_validate_json(text), beside, demo):
                    taken += 1
                else:
                    again += 1
            except ValidationError as wrong:
                refused.append(Refused(number, _first(wrong)))
            except VecuError as wrong:
                refused.append(Refused(number, wrong.sentence))
            told(number)
        return BroughtIn(taken, again, tuple(refused))

    def _take(self, asker: Asker, line: StoryLine, beside: Path, demo: bool) -> bool:
        # Everything that can be refused is looked at before anything is kept.
        if bool(line.text and line.text.strip()) == bool(line.media):
            raise BadInput("Une ligne a soit un « text », soit un « media ».",
                           "A line has either a “text” or a “media”.")
        signed = self._signed(line, asker.day)
        story, file = self._story(asker, line, demo), _media(line, beside)
        with self.tools.bank.open() as work:
            if line.id and work.story_from_source(line.id) is not None:
                return False
            self._check_values(work, line.values)
            author = self._author(work, line.author, line.language, demo)
            must_hold(Asker(author, asker.day), Duty.TELL)
            others = tuple(self._author(work, name, line.language, demo).id for name in line.also)
            story = replace(story, author_id=author.id, appearing=others)
            work.commit()
        if file is not None:
            kept = KeepRecording(self.tools).run(Asker(author, asker.day), file, file.name)
            if kept.again and self._lived_on(kept):
                return False
            self._describe(Asker(author, asker.day), line, kept)
            story = replace(story, id=kept.story_id, recording_id=kept.recording_id)
        self._save(story, signed)
        return True

    def _save(self, story: Story, signed: _Signed | None) -> None:
        with self.tools.bank.open() as work:
            work.save_story(story)
            if signed is not None:
                self._sign(work, story, signed)
            heard = work.transcript(story.recording_id) if story.recording_id else None
            if story.recording_id is None or heard is not None:
                keep_words(work, story, heard)  # exact words are found at once, whoever sleeps
                self.ask_for(work, JobKind.INDEX, story.id, story.author_id)
            work.commit()

    def _lived_on(self, kept: Kept) -> bool:
        """Tell whether the person has done something with it; an untouched one was left by an import that was cut."""
        with self.tools.bank.open() as work:
            story = work.story_of_job(kept.story_id)
            return bool(story.title or work.consent_history(story.subject_id))

    def _story(self, asker: Asker, line: StoryLine, demo: bool) -> Story:
        return Story(StoryId(new_id()), PersonId(""), line.title, (line.text or "").strip(), line.language,
                     day_of(line.recorded_on, asker.day), self.tools.clock(), team=line.team, site=line.site,
                     value_ids=tuple(ValueId(value) for value in line.values), demo=demo, source_id=line.id)

    def _signed(self, line: StoryLine, today: date) -> _Signed | None:
        """Return the consent as it was signed outside, with its own days; our longest period binds who signs here."""
        if line.consent is None:
            return None
        given, looks = line.consent, line.consent.appears
        scope = Scope(frozenset(given.purposes), frozenset(given.channels), day_of(given.from_day, today),
                      day_of(given.until, today), Appearance(looks.face, looks.voice, looks.name))
        return _Signed(scope, given.withdrawn is not None and day_of(given.withdrawn, today) <= today)

    def _author(self, work: Work, name: str, language: Language, demo: bool) -> Person:
        try:
            return work.person_named(name)
        except NotFound:
            person = Person(PersonId(new_id()), name, name.split()[0], language, demo=demo)
            work.save_person(person)
            return person

    def _check_values(self, work: Work, wanted: list[str]) -> None:
        known = {value.id for value in work.values()}
        strange = [value for value in wanted if value not in known]
        if strange:
            raise BadInput(f"La valeur « {strange[0]} » n'existe pas ici ; créez-la d'abord.",
                           f"The value “{strange[0]}” does not exist here; make it first.")

    def _describe(self, speaks: Asker, line: StoryLine, kept: Kept) -> None:
        about = line.context
        DescribeRecording(self.tools).run(
            speaks, kept.story_id,
            SpokenContext(about.first_name, about.job, about.team, about.company, tuple(about.unusual_words),
                          line.speakers), line.language)

    def _sign(self, work: Work, story: Story, signed: _Signed) -> None:
        """Sign for the author: whoever else appears signs for themselves, but for the people who are invented."""
        now = self.tools.clock()
        for person_id in story.people if story.demo else (story.author_id,):
            name = work.person(person_id).display_name
            work.sign(Consent(ConsentId(new_id()), story.subject_id, person_id, signed.scope,
                              IMPORTED.said(story.language), TEXT_VERSION, name, now))
            work.note(Deed(now, person_id, Did.SIGNED, story.id))
            if signed.withdrawn:
                work.withdraw(Withdrawal(ConsentId(new_id()), story.subject_id, person_id, None, now))
                work.note(Deed(now, person_id, Did.WITHDREW, story.id))


def _media(line: StoryLine, beside: Path) -> Path | None:
    if not line.media:
        return None
    file = beside / line.media
    if not file.is_file():
        raise BadInput(f"Le fichier « {line.media} » est introuvable.", f"The file “{line.media}” cannot be found.")
    return file


def _first(wrong: ValidationError) -> Bilingual:
    error: Any = wrong.errors()[0]
    place = ".".join(str(part) for part in error["loc"]) or "JSON"
    return Bilingual(f"« {place} » n'est pas lisible : {error['msg']}.", f"“{place}” cannot be read: {error['msg']}.")


