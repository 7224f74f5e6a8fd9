"""The rule of `story_bank.access.may`, as a clause that every query of stories carries."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, true

from story_bank.access import ASKS_FOR, OWN_WITHOUT_CONSENT, ROLES_FOR, Use
from story_bank.bank import Asker
from story_bank.consent import Purpose
from story_bank.sql.tables import standing, standing_channels, stories, story_people


def usable(asker: Asker, use: Use) -> ColumnElement[bool]:
    """Return the clause that holds for the stories this asker may use so, on the asker's day."""
    own = stories.c.author_id == asker.person.id
    by_role = true() if asker.person.roles & ROLES_FOR[use.act] else own
    by_consent = and_(by_role, _everyone_agrees(asker, use))
    if use.act in OWN_WITHOUT_CONSENT and use.channel is None:
        return or_(own, by_consent)
    return by_consent


def _everyone_agrees(asker: Asker, use: Use) -> ColumnElement[bool]:
    if use.act not in ASKS_FOR:
        return false()
    agrees = exists().where(
        standing.c.subject_id == stories.c.subject_id, standing.c.person_id == story_people.c.person_id,
        standing.c[f"may_{ASKS_FOR[use.act].value}"], standing.c.from_day <= asker.day,
        standing.c.until_day >= asker.day, _channel(use)).correlate(stories, story_people)
    appears = story_people.c.story_id == stories.c.id
    return and_(exists().where(appears), not_(exists().where(appears, not_(agrees))))


def _channel(use: Use) -> ColumnElement[bool]:
    if use.channel is None:
        return true()
    return and_(standing.c[f"may_{Purpose.SHARE.value}"], exists().where(
        standing_channels.c.subject_id == standing.c.subject_id,
        standing_channels.c.person_id == standing.c.person_id, standing_channels.c.channel == use.channel.value))
