"""Carrying out one job: begin, work with progress and cancellation, end with one sentence when it failed."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from story_bank.errors import Cancelled, NotAvailable, NotFound, VecuError, trace
from story_bank.ids import ClipId, DraftId, JobId, RecordingId, StoryId
from story_bank.language import Bilingual
from story_bank.making import ENDED, Job, JobKind, JobState
from studio.steps.clip import RenderClip
from studio.steps.draft import WriteDraft
from studio.steps.index import IndexStory
from studio.steps.transcribe import NormalisePicture, Transcribe
from studio.toolbox import Toolbox

EVERY_S = 0.4
"""How often progress is written and a cancellation is looked for, in seconds."""
PATIENCE_S = 60.0
"""How long a bank that does not answer is asked again before the job is left to a later try, in seconds."""
PAUSE_S = 1.0
UNFORESEEN = Bilingual("Quelque chose d'imprévu a arrêté ce travail ; rien n'est perdu, vous pouvez le relancer.",
                       "Something unforeseen stopped this work; nothing is lost, you may start it again.")

log = logging.getLogger("vecu.jobs")
Answer = TypeVar("Answer")


class Labour:
    """Does the work of one job with the studio's tools; doing it again does not double its result."""

    def __init__(self, tools: Toolbox, job_id: JobId) -> None:
        self.tools, self.job_id = tools, job_id
        self._told = self._asked = 0.0
        self._stop = False
        self.unindexed: StoryId | None = None
        """The story that could not be put into the index because model, index or bank slept."""

    def run(self) -> None:
        """Carry the job to its end; every outcome is kept in the job's record.

        A bank that cannot be written is waited for; when it stays away, `NotAvailable`: the job is still open.
        """
        job = patiently(self._job)
        if job.state in ENDED:
            return
        if job.cancel_asked:
            self._end(JobState.CANCELLED)
            return
        begun = job.started_at or self.tools.clock()
        patiently(lambda: self._keep(state=JobState.RUNNING, started_at=begun, progress=0.0, error=None))
        try:
            self._work(job)
        except Cancelled as stopped:
            self._end(JobState.CANCELLED, stopped.sentence)
        except VecuError as wrong:
            log.info("job %s (%s) failed: %s", job.id, job.kind, type(wrong).__name__)
            if isinstance(wrong, NotAvailable) and job.kind is JobKind.INDEX:
                self.unindexed = StoryId(job.target_id)
            self._end(JobState.FAILED, wrong.sentence)
        except Exception as error:  # noqa: BLE001 - the job's last border: logged by where it happened
            log.error("job %s (%s) failed: %s", job.id, job.kind, trace(error))
            self._end(JobState.FAILED, UNFORESEEN)
        else:
            self._end(JobState.DONE)

    def _work(self, job: Job) -> None:
        tools, target, watch = self.tools, job.target_id, (self._progress, self._cancelled)
        todo: dict[JobKind, Callable[[], None]] = {
            JobKind.TRANSCRIBE: lambda: Transcribe(tools).run(RecordingId(target), *watch),
            JobKind.NORMALISE: lambda: NormalisePicture(tools).run(RecordingId(target), *watch),
            JobKind.INDEX: lambda: IndexStory(tools).run(StoryId(target), *watch),
            JobKind.DRAFT: lambda: WriteDraft(tools).run(DraftId(target), job.person_id, *watch),
            JobKind.CLIP: lambda: RenderClip(tools).run(ClipId(target), job.person_id, *watch),
        }
        todo[job.kind]()

    def _progress(self, share: float) -> None:
        now = time.monotonic()
        if now - self._told >= EVERY_S:
            self._told = now
            with contextlib.suppress(NotAvailable, NotFound):  # a percentage is not worth the work it tells of
                self._keep(progress=min(1.0, max(0.0, share)))

    def _cancelled(self) -> bool:
        now = time.monotonic()
        if not self._stop and now - self._asked >= EVERY_S:
            self._asked = now
            with contextlib.suppress(NotAvailable):
                try:
                    self._stop = self._job().cancel_asked
                except NotFound:  # forgotten with what it was about
                    self._stop = True
        return self._stop

    def _job(self) -> Job:
        with self.tools.bank.open() as work:
            return work.job(self.job_id)

    def _keep(self, **changes: object) -> None:
        with self.tools.bank.open() as work:
            work.save_job(replace(work.job(self.job_id), **changes))  # type: ignore[arg-type]
            work.commit()

    def _end(self, state: JobState, error: Bilingual | None = None) -> None:
        done = {"progress": 1.0} if state is JobState.DONE else {}
        ended = self.tools.clock()
        patiently(lambda: self._keep(state=state, error=error, ended_at=ended, **done))


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Ask the bank, again after a pause when it does not answer; `NotAvailable` once patience has run out."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return ask()
        except NotAvailable:
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE_S)
