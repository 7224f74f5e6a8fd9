"""Signing a consent after listening; what it no longer covers disappears in the same moment."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from prompts.consent_text import day
from story_bank.access import Act
from story_bank.bank import Asker, Deed, Did, Work
from story_bank.consent import Consent, Scope
from story_bank.errors import BadInput
from story_bank.ids import ConsentId, StoryId, new_id
from story_bank.story import Story
from studio.access import signing_links
from studio.steps.signing import deciding
from studio.steps.step import Step
from studio.steps.withdraw import delete_media, drop_uncovered_about

AGAIN = timedelta(minutes=1)
"""The same text signed twice within this time is one signature: a double click, or a request sent again."""


class Sign(Step):
    """Sign a consent for a story in which one appears."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, scope: Scope, shown: tuple[str, str], signature: str) -> Consent:
        """Return the signed consent; `shown` is (version, exact text) of what the person read.

        Sent again within a minute it is the same consent. `BadInput` for a name without a letter, for days that cannot
        be, or for a later beginning while one's consent is open; `NotFound` for a story one does not appear in, or
        that was forgotten meanwhile.
        """
        (version, text), typed, now = shown, _typed(signature), self.tools.clock()
        check_days(scope, asker.day, self.tools.consent.max_months)
        with self.tools.bank.open() as work:
            work.hold_story(story_id)
            story = deciding(work, asker, story_id, now)
            signed = Consent(ConsentId(new_id()), story.subject_id, asker.person.id, scope, text, version, typed, now)
            if (before := _just_signed(work, signed)) is not None:
                return before
            _check_no_gap(work, story, signed, asker.day)
            work.sign(signed)
            work.note(Deed(now, asker.person.id, Did.SIGNED, story.id))
            signing_links.prolong(work, asker.person.id, story.subject_id, _end(work, scope), now)
            gone = [key for each in drop_uncovered_about(work, story.subject_id, asker.day) for key in each.media]
            work.commit()
        delete_media(self.tools.vault, gone)
        return signed


def last_day(first: date, months: int) -> date:
    """Return the last day that a consent beginning on that day may have: the same day so many months later."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def check_days(scope: Scope, today: date, months: int) -> None:
    """Refuse days that cannot be signed for on that day, where a consent lasts so many months at most (`BadInput`)."""
    if scope.until_day < today:
        raise BadInput("La fin de l'accord est déjà passée ; choisissez une date à venir.",
                       "The end of the consent has passed already; choose a date to come.")
    latest = last_day(today, months)
    if scope.from_day > latest:
        raise BadInput(f"Un accord signé aujourd'hui commence au plus tard le {day(latest, 'fr')}.",
                       f"A consent signed today begins on {day(latest, 'en')} at the latest.")
    if scope.until_day > (last := last_day(scope.from_day, months)):
        raise BadInput(f"Un accord dure {months} mois au plus : choisissez le {day(last, 'fr')}, ou un jour avant.",
                       f"A consent lasts {months} months at most: choose {day(last, 'en')}, or a day before.")


def _check_no_gap(work: Work, story: Story, signing: Consent, today: date) -> None:
    """Refuse a later beginning while a consent is open: a signature replaces the one before, and would close it now."""
    stood = dict(zip(story.people, work.scopes([story])[story.id], strict=True))[signing.person_id]
    if stood is not None and stood.open_on(today) and signing.scope.from_day > today:
        raise BadInput(
            "Votre accord d'aujourd'hui serait fermé jusque-là, et ce qui en a été fait effacé : faites commencer le "
            "nouveau aujourd'hui.",
            "Your consent of today would be closed until then, and what was made under it erased: let the new one "
            "begin today.")


def _typed(signature: str) -> str:
    name = " ".join(signature.split())
    if not any(letter.isalpha() for letter in name):
        raise BadInput("Écrivez votre nom pour signer.", "Type your name to sign.")
    return name[:200]


def _just_signed(work: Work, signing: Consent) -> Consent | None:
    """Return what this person signed a moment ago, for the same and in the same words, unless taken back since."""
    history = [event for event in work.consent_history(signing.subject_id) if event.person_id == signing.person_id]
    last = history[-1] if history else None
    if not isinstance(last, Consent) or (last.text_hash, last.scope) != (signing.text_hash, signing.scope):
        return None
    return last if signing.signed_at - last.signed_at < AGAIN else None


def _end(work: Work, scope: Scope) -> datetime:
    """Return the moment at which the last day is over where the company is."""
    company = work.company()
    zone = ZoneInfo(company.timezone) if company else UTC
    return datetime.combine(scope.until_day + timedelta(days=1), time(), zone).astimezone(UTC)
