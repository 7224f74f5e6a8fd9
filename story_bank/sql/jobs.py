"""Jobs as the person sees them, and the journal of deeds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, or_, select, update

from story_bank.bank import Deed, Did
from story_bank.errors import NotFound
from story_bank.ids import JobId, PersonId
from story_bank.language import Bilingual
from story_bank.making import ENDED, Job, JobKind, JobState
from story_bank.sql.people import both
from story_bank.sql.tables import forgettings, jobs, journal, story_people
from story_bank.sql.unit import Rows


class JobRows(Rows):
    """Jobs and journal."""

    def add_job(self, job: Job) -> None:
        """Ask for work that is not waiting or running already, except that one indexing may wait behind another."""
        self._unit.add_if_new(jobs, _kept(job))

    def job(self, job_id: JobId) -> Job:
        """Return a job (`NotFound`)."""
        row = self._unit.row(select(jobs).where(jobs.c.id == job_id))
        if row is None:
            raise _no_job()
        return _job(row)

    def save_job(self, job: Job) -> None:
        """Replace a job's state, keeping a cancellation asked meanwhile; done or cancelled stays so (`NotFound`)."""
        self._unit.claim("job", job.id)
        kept = self.job(job.id)
        if kept.state not in (JobState.CANCELLED, JobState.DONE):
            asked = kept.cancel_asked or job.cancel_asked
            known = {**_kept(job), "cancel_asked": asked, "person_id": kept.person_id}
            self._unit.write(update(jobs).where(jobs.c.id == job.id).values(known))

    def ask_to_cancel(self, job_id: JobId) -> None:
        """Note that the person wants it stopped; the step polls for it. A waiting job ends at once."""
        self._unit.claim("job", job_id)
        kept = self.job(job_id)
        if kept.state in ENDED:
            return
        changed: dict[str, object] = {"cancel_asked": True}
        if kept.state is JobState.WAITING:
            changed |= {"state": JobState.CANCELLED.value, "ended_at": self._unit.now()}
        self._unit.write(update(jobs).where(jobs.c.id == job_id).values(changed))

    def jobs_for(self, target_id: str) -> list[Job]:
        """Return the jobs about one thing, newest first."""
        return self._jobs(select(jobs).where(jobs.c.target_id == target_id)
                          .order_by(jobs.c.created_at.desc(), jobs.c.id.desc()))

    def open_jobs(self) -> list[Job]:
        """Return jobs that have not ended, oldest first."""
        ended = sorted(state.value for state in ENDED)
        return self._jobs(select(jobs).where(jobs.c.state.not_in(ended)).order_by(jobs.c.created_at, jobs.c.id))

    def note(self, deed: Deed) -> None:
        """Append a line to the journal."""
        self._unit.write(journal.insert().values(
            at=deed.at, person_id=deed.person_id, deed=deed.deed.value, subject_id=deed.subject_id))

    def journal_of(self, person_id: PersonId) -> list[Deed]:
        """Return what this person did, and what anybody did for them or to their stories, newest first."""
        appears = select(story_people.c.story_id).where(story_people.c.person_id == person_id)
        kept = self._unit.rows(select(forgettings.c.story_ids).where(forgettings.c.person_id == person_id))
        forgotten = [story_id for row in kept for story_id in row.story_ids]
        query = select(journal).where(or_(journal.c.person_id == person_id, journal.c.subject_id.in_(appears),
                                          journal.c.subject_id.in_([*forgotten, person_id])))
        return [Deed(row.at, PersonId(row.person_id), Did(row.deed), row.subject_id)
                for row in self._unit.rows(query.order_by(journal.c.number.desc()))]

    def _jobs(self, query: Select[Any]) -> list[Job]:
        return [_job(row) for row in self._unit.rows(query)]


def _kept(job: Job) -> dict[str, object]:
    return {
        "id": job.id, "kind": job.kind.value, "target_id": job.target_id, "person_id": job.person_id,
        "state": job.state.value, "progress": job.progress, "created_at": job.created_at,
        "cancel_asked": job.cancel_asked, "error": None if job.error is None else both(job.error),
        "started_at": job.started_at, "ended_at": job.ended_at}


def _job(row: Row[Any]) -> Job:
    return Job(
        JobId(row.id), JobKind(row.kind), row.target_id, PersonId(row.person_id), JobState(row.state), row.progress,
        row.created_at, row.cancel_asked, None if row.error is None else Bilingual(**row.error), row.started_at,
        row.ended_at)


def _no_job() -> NotFound:
    return NotFound("Ce travail n'existe plus ; rechargez la page.", "This job no longer exists; reload the page.")
