"""The steward's register: every signed consent and where it stands today; never a word of a story (L20, V30)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from story_bank.access import ASKS_FOR, Act, Duty, Light, LightState, Use, light
from story_bank.bank import Asker, Deed, Did, Work
from story_bank.company import Company
from story_bank.consent import Consent, Scope, Withdrawal, standing
from story_bank.ids import PersonId, SubjectId
from studio.documents.receipts import titled
from studio.steps.receipt import company_of, open_titles, signer
from studio.steps.step import Step, must_hold
from studio.typography import W


class Standing(StrEnum):
    """Where one signature stands on a day."""

    OPEN = "open"
    SOON = "soon"
    TO_COME = "to-come"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    FORGOTTEN = "forgotten"


STANDINGS = {
    Standing.OPEN: W("en vigueur", "in force"), Standing.SOON: W("finit bientôt", "ending soon"),
    Standing.TO_COME: W("à venir", "to come"), Standing.ENDED: W("terminé", "ended"),
    Standing.WITHDRAWN: W("retiré", "taken back"), Standing.REPLACED: W("remplacé", "replaced"),
    Standing.FORGOTTEN: W("récit effacé", "story erased"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A signature with everything that has happened to it since."""

    consent: Consent
    person: str
    titles: tuple[str, ...]
    """Of the stories that it is about, as far as the steward may read them like any colleague."""
    standing: Standing
    since: datetime | None
    """When it was taken back, whole or in part, or replaced."""
    left: Scope | None
    """What it still permits by itself, whatever the day."""

    @property
    def light(self) -> LightState:
        """Green, amber or red, today."""
        return {Standing.OPEN: LightState.OK, Standing.SOON: LightState.SOON}.get(self.standing, LightState.STOP)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of one standing, of people whose name holds these letters."""

    standing: Standing | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """The wanted entries, newest first, out of how many."""

    company: Company
    day: date
    entries: tuple[Entry, ...]
    whole: int


class ReadRegister(Step):
    """Read the register, as the steward; the reading is in their journal."""

    use = Act.KEEP

    def run(self, asker: Asker, wanted: Wanted = Wanted()) -> Register:
        """Return the register (`NotAllowed` without the duty)."""
        must_hold(asker, Duty.SEE_REGISTER)
        with self.tools.bank.open() as work:
            entries = list(_entries(work, asker))
            company = company_of(work)
            work.note(Deed(self.tools.clock(), asker.person.id, Did.READ_REGISTER, ""))
            work.commit()
        chosen = tuple(each for each in reversed(entries) if _is_wanted(each, wanted))
        return Register(company, asker.day, chosen, len(entries))


def _entries(work: Work, asker: Asker) -> Iterator[Entry]:
    events = work.every_consent()
    stories = work.stories_about({event.subject_id for event in events})
    titles = open_titles(work, asker, [story.id for told in stories.values() for story in told])
    histories: dict[tuple[SubjectId, PersonId], list[Consent | Withdrawal]] = {}
    for event in events:
        histories.setdefault((event.subject_id, event.person_id), []).append(event)
    people = {person.id: person for person in work.people()}
    for event in events:
        if isinstance(event, Consent):
            person = people.get(event.person_id) or signer(work, event)
            told = stories.get(event.subject_id, [])
            named = tuple(titled(titles[each.id], asker.person.language) for each in told if each.id in titles)
            after = _after(event, histories[event.subject_id, event.person_id])
            yield Entry(event, person.display_name, named, *_stands(event, after, bool(told), asker.day))


def _after(consent: Consent, history: Sequence[Consent | Withdrawal]) -> list[Consent | Withdrawal]:
    number = next(n for n, event in enumerate(history, 1) if event.id == consent.id)
    return list(history[number:])


def _stands(consent: Consent, after: Sequence[Consent | Withdrawal], there: bool,
            today: date) -> tuple[Standing, datetime | None, Scope | None]:
    """Return where a signature stands, since when if somebody brought it there, and what is left of it."""
    until_next: list[Withdrawal] = []
    replaced: Consent | None = None
    for event in after:
        if isinstance(event, Consent):
            replaced = event
            break
        until_next.append(event)
    left = standing([consent, *until_next])
    if not there:
        return Standing.FORGOTTEN, None, None
    if left is None:
        return Standing.WITHDRAWN, until_next[-1].at, None
    if replaced is not None:
        return Standing.REPLACED, replaced.signed_at, None
    since = until_next[-1].at if until_next else None
    found = _light(left, today)
    if found.state is not LightState.STOP:
        return (Standing.SOON if found.state is LightState.SOON else Standing.OPEN), since, left
    return (Standing.TO_COME if today < left.from_day else Standing.ENDED), since, left


def _light(scope: Scope, today: date) -> Light:
    act = next(act for act, purpose in ASKS_FOR.items() if purpose in scope.purposes)
    return light([scope], Use(act), today)


def _is_wanted(entry: Entry, wanted: Wanted) -> bool:
    return wanted.standing in (None, entry.standing) and _folded(wanted.person) in _folded(entry.person)


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", " ".join(text.split()))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
