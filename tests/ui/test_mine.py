"""Mes récits says where each story stands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from story_bank.bank import Asker
from story_bank.consent import Appearance, NameShown, Purpose, Scope
from story_bank.ids import JobId, MediaKey, PersonId, RecordingId, StoryId, TranscriptId
from story_bank.making import Job, JobKind, JobState
from story_bank.person import Person
from story_bank.recording import MediaKind, Recording, SpokenContext
from story_bank.story import Story
from story_bank.transcript import Transcript
from studio.steps.read import StoryView
from studio.ui.days import day_text
from studio.ui.mine import card

NOW, TODAY = datetime(2026, 11, 22, tzinfo=UTC), date(2026, 11, 22)
CLAIRE = Person(PersonId("p"), "Claire Morel", "Claire")
ASKER = Asker(CLAIRE, TODAY)
SHOWN = Appearance(face=True, voice=True, name=NameShown.FULL)


def _view(heard: bool | None = True, told: bool = True, job: JobState | None = None, scope: Scope | None = None) -> Any:
    """A story of Claire's: recorded or written, with or without words, heard now or not, under a consent or not."""
    recording = Recording(RecordingId("r"), CLAIRE.id, MediaKind.SOUND, MediaKey("k"), "a.m4a", "0", 9.0, None,
                          SpokenContext(), NOW) if told else None
    transcript = None if heard is None or not told else Transcript(TranscriptId("t"), RecordingId("r"), 1, "fr", "base",
                                                                   9.0, (), NOW, finished=heard)
    jobs = (Job(JobId("j"), JobKind.TRANSCRIBE, "r", CLAIRE.id, job, 0.43, NOW),) if job else ()
    story = Story(StoryId("s"), CLAIRE.id, "", "Un soir.", "fr", TODAY, NOW, RecordingId("r") if told else None)
    return StoryView(story, True, "Claire Morel", None, (scope,), recording, transcript, jobs)


def _scope(first: date, last: date) -> Scope:
    return Scope(frozenset({Purpose.LIBRARY}), frozenset(), first, last, SHOWN)


@pytest.mark.parametrize(("view", "state", "words"), [
    (_view(heard=None), "stop", "Dites qui parle"),
    (_view(heard=None, job=JobState.FAILED), "stop", "n'ont pas pu s'écrire"),
    (_view(), "stop", "Fermé"),
    (_view(told=False), "stop", "Fermé"),
    (_view(scope=_scope(date(2026, 1, 1), date(2027, 6, 30))), "ok", "Ouvert jusqu'au 30 juin 2027"),
    (_view(scope=_scope(date(2026, 1, 1), date(2026, 12, 1))), "soon", "1er décembre 2026"),
    (_view(scope=_scope(date(2026, 1, 1), date(2026, 11, 21))), "stop", "a pris fin le 21 novembre 2026"),
    (_view(scope=_scope(date(2026, 12, 1), date(2027, 1, 1))), "stop", "S'ouvrira le 1er décembre 2026"),
], ids=["to describe", "failed", "closed", "written", "open", "ending", "ended", "to come"])
def test_the_light_follows_the_story(view: Any, state: str, words: str) -> None:
    """Closed, open until a day, ending, ended: the same light as everywhere."""
    light = card(view, ASKER, "fr")["light"]
    assert light["state"] == state
    assert words in light["label"]


def test_a_story_being_heard_shows_how_far() -> None:
    """A share, and that one may leave."""
    job = card(_view(heard=False, job=JobState.RUNNING), ASKER, "fr")["job"]
    assert (job["pct"], job["far"]) == (43, "43\u00a0%")
    assert "Vous pouvez partir" in job["leave"]


@pytest.mark.parametrize(("view", "first"), [
    (_view(heard=None), "/fr/?story=s"), (_view(), "/fr/relire?story=s"),
    (_view(told=False), "/fr/mes-recits?ecrire=s"), (_view(heard=False, job=JobState.RUNNING), "/fr/relire?story=s")],
    ids=["to describe", "heard", "written", "being heard"])
def test_the_first_way_is_the_nearest_next_step(view: Any, first: str) -> None:
    """Take up again, read back, go on writing."""
    assert card(view, ASKER, "fr")["ways"][0]["href"] == first


@pytest.mark.parametrize(("day", "lang", "text"), [
    (date(2027, 6, 30), "fr", "30 juin 2027"), (date(2027, 1, 1), "fr", "1er janvier 2027"),
    (date(2027, 1, 11), "fr", "11 janvier 2027"), (date(2027, 1, 1), "en", "1 January 2027")])
def test_days_are_written_as_people_write_them(day: date, lang: Any, text: str) -> None:
    """« 1er », and no other ordinal."""
    assert day_text(day, lang) == text
