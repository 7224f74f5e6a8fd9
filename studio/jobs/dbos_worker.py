"""The worker: DBOS workflows on two queues, fed from the bank's waiting jobs; a killed worker resumes where it was.

A job is written in the bank in the same transaction as the data it belongs to; the worker hands it to DBOS under the
job's own id, so that handing it over twice starts it once; a workflow that ended and left its job open is followed by
another. Payloads and results hold ids alone.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from story_bank.errors import NotAvailable, NotFound
from story_bank.ids import JobId
from story_bank.making import ENDED, QUEUE_OF, Job, JobState
from studio.jobs.labour import UNFORESEEN, Labour
from studio.jobs.lost_stories import LostStories
from studio.toolbox import Toolbox

LOOK_S = 0.25
"""How often the worker looks for waiting jobs, in seconds."""
CHECK_S = 5.0
"""How often it looks for open jobs whose workflow has ended, in seconds."""
MEND_S = 60.0
"""How often the index is compared with the bank, in seconds."""
MOST_TRIES = 5
"""Workflows that one job is given before it has failed."""
OVERTRIED = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
OVER = frozenset({"SUCCESS", "ERROR", "CANCELLED", OVERTRIED})
"""States of a DBOS workflow that will not run any more."""
VERSION = "1"
"""Named by hand: a code change must not orphan running workflows."""
AT_ONCE = {"long": 1, "quick": 2}

log = logging.getLogger("vecu.jobs")


@contextlib.contextmanager
def only_worker(home: Path, name: str) -> Iterator[None]:
    """Hold the lock of the worker of that name, one a home (`NotAvailable` when another holds it)."""
    lock = FileLock(home / f"worker-{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as held:
        raise NotAvailable(f"Un travailleur « {name} » tourne déjà sur ce dossier.",
                           f"A worker “{name}” is running on this folder already.") from held
    try:
        yield
    finally:
        lock.release()


class Worker:
    """Runs jobs until told to stop, or until none is left."""

    def __init__(self, tools: Toolbox, jobs_url: str, name: str) -> None:
        self.tools, self.jobs_url, self.name = tools, jobs_url, name
        self.lost = LostStories(tools)
        self._tries: dict[JobId, int] = {}
        self._next_mending = self._next_check = 0.0

    def run(self, stop: threading.Event, until_idle: bool = False) -> None:
        """Look for jobs and have them done; with `until_idle`, return once none is open.

        Told to stop, it leaves what it began to the worker that comes next: end the process then, before its lock
        is let go, for its threads are still at work.
        """
        self._launch()
        try:
            while not stop.is_set():
                try:
                    if not self._look() and until_idle:
                        break
                except NotAvailable:
                    if until_idle:
                        raise
                    log.warning("the bank does not answer; it is asked again")
                stop.wait(LOOK_S)
        except KeyboardInterrupt:
            os._exit(130)
        finally:
            if until_idle:
                self._destroy()

    def _look(self) -> int:
        """Hand over what waits, mend what is due, and return how many jobs are open."""
        now = time.monotonic()
        with self.tools.bank.open() as work:
            open_jobs = work.open_jobs()
        new = [job for job in open_jobs if job.id not in self._tries]
        for job in new:
            self._tries[job.id] = 0
            self._enqueue(job)
        if now >= self._next_check:
            self._next_check = now + CHECK_S
            self._try_again(open_jobs)
        if now >= self._next_mending:
            self._next_mending = now + MEND_S
            if lost := self.lost.ask_again():
                log.info("%d stories are missing from the index; it is being made again", lost)
        return len(open_jobs)

    def _try_again(self, open_jobs: list[Job]) -> None:
        """Hand over once more the open jobs whose workflow has ended; after some tries the job has failed."""
        from dbos import DBOS
        names = {self._workflow_id(job): job for job in open_jobs}
        if not names:
            return
        found = DBOS.list_workflows(workflow_ids=list(names), load_input=False, load_output=False)
        for workflow in found:
            if workflow.status in OVER:
                job = names[workflow.workflow_id]
                self._tries[job.id] += 1
                if workflow.status == OVERTRIED or self._tries[job.id] >= MOST_TRIES:
                    self._give_up(job)
                else:
                    log.warning("job %s (%s) was left open; it is tried again", job.id, job.kind)
                    self._enqueue(job)

    def _give_up(self, job: Job) -> None:
        with self.tools.bank.open() as work, contextlib.suppress(NotFound):
            kept = work.job(job.id)
            if kept.state not in ENDED:
                work.save_job(replace(kept, state=JobState.FAILED, error=UNFORESEEN, ended_at=self.tools.clock()))
            work.commit()

    def _enqueue(self, job: Job) -> None:
        from dbos import DBOS, SetWorkflowID
        with SetWorkflowID(self._workflow_id(job)):
            DBOS.enqueue_workflow(QUEUE_OF[job.kind], self._carry, job.id)

    def _workflow_id(self, job: Job) -> str:
        tries = self._tries[job.id]
        return f"{job.id}:{tries}" if tries else job.id

    def _launch(self) -> None:
        from dbos import DBOS
        DBOS(config={"name": "vecu", "system_database_url": self.jobs_url, "executor_id": self.name,
                     "application_version": VERSION, "log_level": "ERROR",
                     "enable_otlp": False})
        tools, lost = self.tools, self.lost

        @DBOS.step(name="labour")
        def carry_one(job_id: str) -> str:
            labour = Labour(tools, JobId(job_id))
            with contextlib.suppress(NotFound):
                labour.run()
            if labour.unindexed is not None:
                lost.note(labour.unindexed)
            return job_id

        @DBOS.workflow(name="carry_out")
        def carry_out(job_id: str) -> str:
            return carry_one(job_id)

        self._carry: Callable[[str], str] = carry_out
        DBOS.launch()
        for queue, at_once in AT_ONCE.items():
            DBOS.register_queue(queue, worker_concurrency=at_once, polling_interval_sec=LOOK_S)

    def _destroy(self) -> None:
        from dbos import DBOS
        DBOS.destroy(workflow_completion_timeout_sec=1)
