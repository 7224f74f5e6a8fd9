"""What a job is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.errors import BadInput
from story_bank.ids import JobId, PersonId
from story_bank.making import ENDED, QUEUE_OF, Job, JobKind, JobState

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def job(progress: float) -> Job:
    return Job(JobId("j"), JobKind.CLIP, "c", PersonId("p"), JobState.RUNNING, progress, NOW)


@given(progress=st.floats(0, 1))
def test_progress_goes_from_nothing_to_all(progress: float) -> None:
    """Both ends are progress."""
    assert job(progress).progress == progress


@given(progress=st.floats().filter(lambda number: not 0 <= number <= 1))
def test_any_other_progress_is_refused(progress: float) -> None:
    """Beyond the ends, infinite or not a number."""
    with pytest.raises(BadInput):
        job(progress)


def test_every_kind_waits_in_a_queue_of_its_own_pace() -> None:
    """What a person waits for on the page never stands behind a transcription."""
    assert set(QUEUE_OF) == set(JobKind)
    assert QUEUE_OF[JobKind.CLIP] != QUEUE_OF[JobKind.TRANSCRIBE]


def test_a_job_is_open_or_has_ended() -> None:
    """Waiting and running are open; everything else has ended."""
    assert set(JobState) - ENDED == {JobState.WAITING, JobState.RUNNING}
