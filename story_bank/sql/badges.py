"""Badges: by which name the company's sign-in knows a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, select

from story_bank.bank import Badge
from story_bank.ids import PersonId
from story_bank.person import Role
from story_bank.sql.tables import badges
from story_bank.sql.unit import Rows


class BadgeRows(Rows):
    """Whom an issuer and its subject stand for."""

    def badge(self, issuer: str, subject: str) -> Badge | None:
        """Return the badge of that issuer and subject, or None when nobody came by it."""
        row = self._unit.row(select(badges).where(badges.c.issuer == issuer, badges.c.subject == subject))
        return None if row is None else _badge(row)

    def save_badge(self, badge: Badge) -> None:
        """Keep whom it stands for, and the roles that groups give, or replace them."""
        self._unit.put(badges, {"issuer": badge.issuer, "subject": badge.subject, "person_id": badge.person_id,
                                "roles": sorted(badge.roles)})

    def badges_of(self, person_id: PersonId) -> list[Badge]:
        """Return a person's badges."""
        query = select(badges).where(badges.c.person_id == person_id).order_by(badges.c.issuer, badges.c.subject)
        return [_badge(row) for row in self._unit.rows(query)]

    def drop_badges(self, person_id: PersonId) -> None:
        """Forget a person's badges: the company's sign-in does not know them any more."""
        self._unit.write(delete(badges).where(badges.c.person_id == person_id))


def _badge(row: Row[Any]) -> Badge:
    return Badge(row.issuer, row.subject, PersonId(row.person_id), frozenset(Role(name) for name in row.roles))
