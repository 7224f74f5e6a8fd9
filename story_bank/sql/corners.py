"""Corners at events, who came to them, and handing over what a visitor told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, Table, delete, exists, or_, select, update

from story_bank.corner import Corner, Visit
from story_bank.errors import NotFound
from story_bank.ids import CornerId, PersonId
from story_bank.sql.tables import (
    consent_events,
    corner_visits,
    corners,
    jobs,
    people,
    recordings,
    stories,
    story_people,
)
from story_bank.sql.unit import Rows

_OWNS = ((recordings, recordings.c.owner_id), (stories, stories.c.author_id), (jobs, jobs.c.person_id),
         (consent_events, consent_events.c.person_id))
"""Tables in which something may belong to a visitor."""


class CornerRows(Rows):
    """Corners and their visits."""

    def save_corner(self, corner: Corner) -> None:
        """Open a corner, or replace what is known of it."""
        self._unit.put(corners, {
            "id": corner.id, "name": corner.name, "secret": corner.secret, "until_day": corner.until_day,
            "languages": list(corner.languages), "opened_by": corner.opened_by, "opened_at": corner.opened_at,
            "closed_at": corner.closed_at, "told": corner.told})

    def corner(self, corner_id: CornerId) -> Corner:
        """Return a corner (`NotFound`)."""
        found = self._corner(corners.c.id == corner_id)
        if found is None:
            raise NotFound("Ce coin n'existe pas ; rechargez la page.", "There is no such corner; reload the page.")
        return found

    def corner_at(self, secret: str) -> Corner | None:
        """Return the corner behind an address, open or not; None when there never was one."""
        return self._corner(corners.c.secret == secret)

    def corners(self) -> list[Corner]:
        """Return every corner, newest first."""
        query = select(corners).order_by(corners.c.opened_at.desc(), corners.c.id.desc())
        return [_corner(row) for row in self._unit.rows(query)]

    def save_visit(self, visit: Visit) -> None:
        """Note that somebody without an account came to a corner, and later their code."""
        self._unit.put(corner_visits, {"person_id": visit.person_id, "corner_id": visit.corner_id,
                                       "begun_at": visit.begun_at, "code_hash": visit.code_hash})

    def visit(self, person_id: PersonId) -> Visit | None:
        """Return the visit that a guest was made for; None for anybody else."""
        return next(iter(self._visits(select(corner_visits).where(corner_visits.c.person_id == person_id))), None)

    def visit_of_code(self, code_hash: str) -> Visit | None:
        """Return the visit whose code has this hash, or None."""
        return next(iter(self._visits(select(corner_visits).where(corner_visits.c.code_hash == code_hash))), None)

    def visits(self) -> list[Visit]:
        """Return every visit that is still kept, oldest first."""
        return self._visits(select(corner_visits).order_by(corner_visits.c.begun_at, corner_visits.c.person_id))

    def hand_over(self, person_id: PersonId, to: PersonId) -> None:
        """Make all that a visitor recorded and told somebody else's, with the jobs about it.

        Whoever is hearing it, or changing the story, is waited for.
        """
        for table, owner, about in ((recordings, recordings.c.owner_id, "transcript"),
                                    (stories, stories.c.author_id, "story")):
            for row in self._unit.rows(select(table.c.id).where(owner == person_id)):
                self._unit.claim(about, row.id)
        changes: tuple[tuple[Table, str], ...] = (
            (recordings, "owner_id"), (stories, "author_id"), (story_people, "person_id"), (jobs, "person_id"))
        for table, owner_name in changes:
            self._unit.write(update(table).where(table.c[owner_name] == person_id).values({owner_name: to}))

    def drop_visitor(self, person_id: PersonId) -> bool:
        """Forget a visitor to whom nothing belongs, with their visit and session; tell whether that was so."""
        came = exists().where(corner_visits.c.person_id == people.c.id)
        owns = or_(*(exists().where(owner == people.c.id) for _, owner in _OWNS))
        return self._unit.write(delete(people).where(people.c.id == person_id, came, ~owns)) == 1

    def _corner(self, clause: Any) -> Corner | None:
        row = self._unit.row(select(corners).where(clause))
        return None if row is None else _corner(row)

    def _visits(self, query: Select[Any]) -> list[Visit]:
        return [Visit(PersonId(row.person_id), CornerId(row.corner_id), row.begun_at, row.code_hash)
                for row in self._unit.rows(query)]


def _corner(row: Row[Any]) -> Corner:
    return Corner(CornerId(row.id), row.name, row.secret, row.until_day, tuple(row.languages),
                  PersonId(row.opened_by), row.opened_at, row.closed_at, row.told)
