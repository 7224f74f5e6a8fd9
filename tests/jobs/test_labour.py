"""A job is not lost by a bank, model or index that does not answer for a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from story_bank.errors import NotAvailable
from story_bank.ids import JobId, StoryId, new_id
from story_bank.making import Job, JobKind, JobState
from studio.jobs import labour
from studio.jobs.labour import Labour
from studio.jobs.lost_stories import LostStories
from tests.steps.conftest import Small, small  # noqa: F401 - a fixture

GONE = NotAvailable("Occupée.", "Busy.")


class MomentarilyBusy:
    """A bank that does not open when it is asked for the nth time, for every n given."""

    def __init__(self, bank: Any, busy: set[int]) -> None:
        self.bank, self.busy, self.asked = bank, busy, 0

    @contextmanager
    def open(self) -> Iterator[Any]:
        self.asked += 1
        if self.asked in self.busy:
            raise GONE
        with self.bank.open() as work:
            yield work


class SleepingSense:
    """A model that cannot be loaded."""

    name = "asleep"

    def queries(self, texts: object) -> Any:
        raise GONE

    documents = queries


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labour, "PAUSE_S", 0.01)


def indexing(small: Small, story_id: StoryId) -> JobId:  # noqa: F811
    job = Job(JobId(new_id()), JobKind.INDEX, story_id, small.people["Camille"].id, JobState.WAITING, 0.0,
              small.clock())
    with small.tools.bank.open() as work:
        work.add_job(job)
        work.commit()
    return job.id


def state(small: Small, job_id: JobId) -> JobState:  # noqa: F811
    with small.tools.bank.open() as work:
        return work.job(job_id).state


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("busy", [{1}, {2}, {2, 3}, {-1}], ids=["asking", "beginning", "twice", "ending"])
def test_a_bank_that_is_busy_for_a_moment_is_waited_for(small: Small, busy: set[int]) -> None:  # noqa: F811
    """Whether it is asked, begun or ended, the job ends as it would have."""
    job_id = indexing(small, small.record())
    if busy == {-1}:
        counting = MomentarilyBusy(small.tools.bank, set())
        Labour(replace(small.tools, bank=counting), indexing(small, small.record())).run()
        busy = {counting.asked}
    Labour(replace(small.tools, bank=MomentarilyBusy(small.tools.bank, busy)), job_id).run()
    assert state(small, job_id) is JobState.DONE


def test_a_done_job_is_never_begun_again(small: Small) -> None:  # noqa: F811
    """Two workers that overlap for a moment: what the first ended stays ended."""
    job_id = indexing(small, small.record())
    with small.tools.bank.open() as work:
        before = work.job(job_id)
    Labour(small.tools, job_id).run()
    with small.tools.bank.open() as work:
        work.save_job(replace(before, state=JobState.RUNNING))
        work.commit()
    assert state(small, job_id) is JobState.DONE


def test_an_index_emptied_while_the_worker_runs_is_made_again(small: Small) -> None:  # noqa: F811
    """The loss is seen at the next look, and the story can be found again; nothing lost, nothing asked."""
    story_id, lost = small.record(), LostStories(small.tools)
    assert lost.ask_again() == 0
    small.tools.index.remove([story_id])
    assert lost.ask_again() == 1
    small.do_jobs()
    assert list(small.tools.index.story_ids()) == [story_id]
    assert lost.ask_again() == 0


def test_a_story_that_slept_through_its_indexing_is_asked_for_again(small: Small) -> None:  # noqa: F811
    """Nothing is asked while the model sleeps, one job when it wakes; also by the next worker, which remembers nothing.
    """
    story_id = small.record()
    asleep = replace(small.tools, embedder=SleepingSense())
    here, lost = Labour(asleep, indexing(small, story_id)), LostStories(asleep)
    here.run()
    assert here.unindexed == story_id
    lost.note(story_id)
    assert lost.ask_again() == 0
    assert LostStories(small.tools).ask_again() == 1
    small.do_jobs()
    lost.tools = small.tools
    assert lost.ask_again() == 1
    small.do_jobs()
    assert lost.ask_again() == 0


def test_what_an_error_says_of_a_story_is_not_logged(small: Small, monkeypatch: pytest.MonkeyPatch,  # noqa: F811
                                                     caplog: pytest.LogCaptureFixture) -> None:
    """Its message may quote somebody's words; the log says what kind it was and where it happened."""
    def quotes(*_: object) -> None:
        raise KeyError("girafe" * 2)

    story_id = small.record("Camille")
    monkeypatch.setattr(labour.IndexStory, "run", quotes)
    Labour(small.tools, indexing(small, story_id)).run()
    assert "girafegirafe" not in caplog.text
    assert "KeyError" in caplog.text
    assert "in quotes" in caplog.text
