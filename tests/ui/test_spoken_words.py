"""What somebody said, as Relire shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from story_bank.ids import JobId, MediaKey, PersonId, RecordingId, StoryId, TranscriptId, WordId
from story_bank.language import Bilingual
from story_bank.making import Job, JobKind, JobState
from story_bank.recording import MediaKind, Recording, SpokenContext
from story_bank.story import Story
from story_bank.transcript import Segment, Transcript, Word
from studio.steps.read import StoryView
from studio.ui import spoken_words

NOW = datetime(2026, 11, 22, tzinfo=UTC)
RECORDING = Recording(RecordingId("r"), PersonId("p"), MediaKind.SOUND, MediaKey("k"), "a.m4a", "0", 84.0, "fr",
                      SpokenContext(), NOW)


def _word(number: int, text: str = "mot", sure: float | None = 0.9) -> Word:
    return Word(WordId(f"w{number}"), text, float(number), number + 0.5, sure)


def _transcript(*segments: Segment, finished: bool = True, note: str | None = None) -> Transcript:
    return Transcript(TranscriptId("t"), RecordingId("r"), 1, "fr", "base", 84.0, segments, NOW, note, finished)


def _view(transcript: Transcript | None, state: JobState | None = None, own: bool = True, **job: Any) -> StoryView:
    jobs = (Job(JobId("j"), JobKind.TRANSCRIBE, "r", PersonId("p"), state, 0.5, NOW, **job),) if state else ()
    story = Story(StoryId("s"), PersonId("p"), "", "", "fr", date(2026, 11, 22), NOW, RecordingId("r"))
    return StoryView(story, own, "Claire", None, (None,), RECORDING, transcript, jobs)


TWO = _transcript(Segment((_word(0), _word(1, sure=0.2)), "1"), Segment((_word(2),), "1"), Segment((_word(3),), "2"))


def _who(transcript: Transcript) -> list[str]:
    return [line["who"] for line in spoken_words.shown(_view(transcript, own=False), "fr")["lines"]]


def test_a_voice_is_named_where_two_speak_or_where_somebody_named_it_and_only_when_it_changes() -> None:
    """"Voix 1", nothing, "Voix 2"; nothing at all for one voice that nobody named."""
    one = _transcript(*(replace(segment, speaker="1") for segment in TWO.segments))
    named = _transcript(*(replace(segment, speaker="Inès") for segment in TWO.segments))
    assert (_who(TWO), _who(one), _who(named)) == (["Voix 1", "", "Voix 2"], ["", "", ""], ["Inès", "", ""])


def test_only_one_s_own_finished_words_are_open_to_correction() -> None:
    """Neither while they are heard, nor somebody else's."""
    views = _view(TWO), _view(replace(TWO, finished=False), JobState.RUNNING), _view(TWO, own=False)
    assert ["edit" in spoken_words.shown(view, "fr") for view in views] == [True, False, False]


@pytest.mark.parametrize(("state", "told"), [
    (JobState.RUNNING, ("0:42 / 1:24", 50)), (JobState.WAITING, ("bientôt son tour", 50))], ids=["running", "waiting"])
def test_what_is_heard_says_how_far(state: JobState, told: tuple[str, int]) -> None:
    """Seconds heard of seconds recorded, and that one may leave."""
    job = spoken_words.shown(_view(None, state), "fr")["job"]
    assert (job["far"], job["pct"]) == told
    assert job["leave"].startswith("Vous pouvez partir")


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED])
def test_what_did_not_succeed_offers_to_try_again(state: JobState) -> None:
    """The job's own sentence where it has one, else that the recording is kept."""
    said = spoken_words.shown(_view(None, state, error=Bilingual("Le modèle dort.", "The model sleeps.")), "fr")
    kept = spoken_words.shown(_view(None, state), "fr")
    assert (said["failed"]["text"], said["failed"]["action"]) == ("Le modèle dort.", "Recommencer")
    assert "enregistrement est gardé" in kept["failed"]["text"]


def test_a_recording_without_its_form_leads_back_to_it() -> None:
    """Nothing is heard before somebody said who speaks."""
    assert spoken_words.shown(_view(None), "en")["failed"]["href"] == "/en/?story=s"


def test_a_silent_recording_shows_its_note_and_no_words() -> None:
    """No invented word, one sentence."""
    value = spoken_words.shown(_view(_transcript(note="On n'entend pas de voix.")), "fr")
    assert (value["lines"], value["note"]["text"], "edit" in value) == ([], "On n'entend pas de voix.", False)


def test_a_written_story_has_no_spoken_words() -> None:
    """Its text is shown elsewhere."""
    assert spoken_words.shown(replace(_view(None), recording=None), "fr") == {}
