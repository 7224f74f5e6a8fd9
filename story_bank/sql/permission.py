"""The rule of `story_bank.access.may`, as a clause that every query of stories carries.

It is written as text, once for each purpose, because building it anew took longer than most queries that carry it. The
query that carries it reads from `stories` under that name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from sqlalchemy import Date, String, TextClause, bindparam, text

from story_bank.access import ASKS_FOR, OWN_WITHOUT_CONSENT, ROLES_FOR, Act, Use
from story_bank.bank import Asker
from story_bank.consent import Channel

_OWN, _ANYBODYS, _NOBODYS = "stories.author_id = :asker_id", "1 = 1", "1 = 0"
_EVERYONE_AGREES = """
    EXISTS (SELECT 1 FROM story_people WHERE story_people.story_id = stories.id)
    AND NOT EXISTS (
        SELECT 1 FROM story_people WHERE story_people.story_id = stories.id AND NOT EXISTS (
            SELECT 1 FROM standing
            WHERE standing.subject_id = stories.subject_id AND standing.person_id = story_people.person_id
            AND standing.may_PURPOSE AND standing.from_day <= :asked_day AND standing.until_day >= :asked_day THERE))"""
_THERE = """
            AND standing.may_share AND EXISTS (
                SELECT 1 FROM standing_channels
                WHERE standing_channels.subject_id = standing.subject_id
                AND standing_channels.person_id = standing.person_id AND standing_channels.channel = :asked_channel)"""
_KINDS: dict[str, type[String | Date]] = {"asker_id": String, "asked_day": Date, "asked_channel": String}
_Clause = tuple[TextClause, list[str]]
"""A clause and the names of the values that it asks for."""


def usable(asker: Asker, use: Use) -> TextClause:
    """Return the clause that holds for the stories this asker may use so, on the asker's day."""
    whose = _ANYBODYS if asker.person.roles & ROLES_FOR[use.act] else _OWN if asker.person.roles else _NOBODYS
    return _with(_may(use.act, whose, use.channel is not None), {
        "asker_id": asker.person.id, "asked_day": asker.day, "asked_channel": use.channel and use.channel.value})


def open_to_all(channel: Channel, day: date) -> TextClause:
    """Return the clause of `story_bank.access.open_to_all`: anybody at all may see it on that channel on that day."""
    return _with(_anybody(), {"asked_day": day, "asked_channel": channel.value})


@cache
def _may(act: Act, whose: str, on_channel: bool) -> _Clause:
    by_consent = f"{whose} AND {_agreed(act, on_channel)}"
    return _clause(f"{_OWN} OR ({by_consent})" if act in OWN_WITHOUT_CONSENT and not on_channel else by_consent)


@cache
def _anybody() -> _Clause:
    return _clause(_agreed(Act.SHARE, on_channel=True))


def _agreed(act: Act, on_channel: bool) -> str:
    if act not in ASKS_FOR:
        return "1 = 0"
    everyone = _EVERYONE_AGREES.replace("PURPOSE", ASKS_FOR[act].value)
    return f"({everyone.replace('THERE', _THERE if on_channel else '')})"


def _clause(said: str) -> _Clause:
    names = [name for name in _KINDS if f":{name}" in said]
    # In brackets, because nothing else sets a text apart from what it is joined with.
    return text(f"({said})").bindparams(*(bindparam(name, type_=_KINDS[name]) for name in names)), names


def _with(clause: _Clause, values: Mapping[str, object]) -> TextClause:
    said, names = clause
    return said.bindparams(**{name: values[name] for name in names})
