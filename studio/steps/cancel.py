"""Stopping: one's own long work ends on request, and leaves nothing half done."""

from __future__ import annotations

from story_bank.access import Act
from story_bank.bank import Asker
from story_bank.errors import NotFound
from story_bank.ids import JobId
from studio.steps.step import Step


class CancelJob(Step):
    """Ask for a job of one's own to stop."""

    use = Act.KEEP

    def run(self, asker: Asker, job_id: JobId) -> None:
        """Note the wish; the running step polls for it, a waiting job ends at once (`NotFound` for another's)."""
        with self.tools.bank.open() as work:
            if work.job(job_id).person_id != asker.person.id:
                raise NotFound("Ce travail n'est pas le vôtre, ou il est terminé.",
                               "This work is not yours, or it has ended.")
            work.ask_to_cancel(job_id)
            work.commit()
