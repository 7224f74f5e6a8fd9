"""The worker: DBOS workflows on two queues, fed from the bank's waiting jobs; a killed worker resumes where it was.

A job is written in the bank in the same transaction as the data it belongs to; the worker hands it to DBOS under the
job's own id, so that handing it over twice starts it once. Payloads and results hold ids alone.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from story_bank.errors import NotAvailable, NotFound
from story_bank.ids import JobId, new_id
from story_bank.making import QUEUE_OF, Job, JobKind, JobState
from studio.jobs.labour import Labour
from studio.toolbox import Toolbox

LOOK_S = 0.25
"""How often the worker looks for waiting jobs, in seconds."""
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


def is_free(home: Path, name: str) -> bool:
    """Tell whether no worker of that name runs on this home."""
    try:
        with only_worker(home, name):
            return True
    except NotAvailable:
        return False


class Worker:
    """Runs jobs until told to stop, or until none is left."""

    def __init__(self, tools: Toolbox, jobs_url: str, name: str) -> None:
        self.tools, self.jobs_url, self.name = tools, jobs_url, name
        self._handed: set[JobId] = set()

    def run(self, stop: threading.Event, until_idle: bool = False) -> None:
        """Look for jobs and have them done; with `until_idle`, return once none is open."""
        self._launch()
        missing = self.ask_for_missing()
        if missing:
            log.info("%d stories are missing from the index; it is being made again", missing)
        try:
            while not stop.is_set():
                if not self._hand_over() and until_idle:
                    return
                stop.wait(LOOK_S)
        finally:
            self._destroy()

    def ask_for_missing(self) -> int:
        """Ask for every story that the index has lost to be indexed again, and return how many there were."""
        try:
            there = set(self.tools.index.story_ids())
        except NotAvailable:
            return 0
        asked = 0
        with self.tools.bank.open() as work:
            for story_id in work.every_story_id():
                if story_id not in there and (story := work.story_of_job(story_id)).text.strip():
                    work.add_job(Job(JobId(new_id()), JobKind.INDEX, story_id, story.author_id, JobState.WAITING, 0.0,
                                     self.tools.clock()))
                    asked += 1
            work.commit()
        return asked

    def _hand_over(self) -> int:
        from dbos import DBOS, SetWorkflowID
        with self.tools.bank.open() as work:
            open_jobs = work.open_jobs()
        for job in open_jobs:
            if job.id not in self._handed:
                with SetWorkflowID(job.id):
                    DBOS.enqueue_workflow(QUEUE_OF[job.kind], self._carry, job.id)
                self._handed.add(job.id)
        return len(open_jobs)

    def _launch(self) -> None:
        from dbos import DBOS
        DBOS(config={"name": "vecu", "system_database_url": self.jobs_url, "executor_id": self.name,
                     "application_version": VERSION, "log_level": "ERROR",
                     "enable_otlp": False})
        tools = self.tools

        @DBOS.step(name="labour")
        def labour(job_id: str) -> str:
            with contextlib.suppress(NotFound):
                Labour(tools, JobId(job_id)).run()
            return job_id

        @DBOS.workflow(name="carry_out")
        def carry_out(job_id: str) -> str:
            return labour(job_id)

        self._carry: Callable[[str], str] = carry_out
        DBOS.launch()
        for queue, at_once in AT_ONCE.items():
            DBOS.register_queue(queue, worker_concurrency=at_once, polling_interval_sec=LOOK_S)

    def _destroy(self) -> None:
        from dbos import DBOS
        DBOS.destroy(workflow_completion_timeout_sec=1)
