"""The worker on DBOS: a workflow that ended badly does not take its job with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from story_bank.errors import NotAvailable
from story_bank.ids import JobId, new_id
from story_bank.making import Job, JobKind, JobState
from studio.jobs import dbos_worker
from studio.jobs.dbos_worker import Worker
from studio.jobs.labour import Labour
from tests.steps.conftest import Small, small  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow


def worked(small: Small, home: Path) -> JobState:  # noqa: F811
    """Have one indexing done by a worker of its own, and return how it ended."""
    story_id = small.record()
    job = Job(JobId(new_id()), JobKind.INDEX, story_id, small.people["Camille"].id, JobState.WAITING, 0.0,
              small.clock())
    with small.tools.bank.open() as work:
        work.add_job(job)
        work.commit()
    Worker(small.tools, f"sqlite:///{home / 'jobs.db'}", "main").run(threading.Event(), until_idle=True)
    with small.tools.bank.open() as work:
        return work.job(job.id).state


def failing(times: int) -> Callable[[Labour], None]:
    whole = Labour.run
    failed: list[JobId] = []

    def run(self: Labour) -> None:
        if len(failed) < times:
            failed.append(self.job_id)
            raise NotAvailable("Occupée.", "Busy.")
        whole(self)
    return run


@pytest.mark.parametrize(("times", "end"), [(2, JobState.DONE), (99, JobState.FAILED)])
def test_a_job_left_open_by_its_workflow_is_tried_again(
        small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, end: JobState) -> None:  # noqa: F811
    """A bank away for longer than patience lasts ends the workflow; another carries the job, until it has failed."""
    monkeypatch.setattr(dbos_worker, "CHECK_S", 0.3)
    monkeypatch.setattr(Labour, "run", failing(times))
    monkeypatch.setattr(small, "do_jobs", lambda: None)
    assert worked(small, tmp_path) is end
