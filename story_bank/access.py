"""Who may do what to a story: the one policy, asked by every read, step, route and command.

Recording oneself allows keeping, transcribing and finding it again, for oneself alone. Every other use asks the
signed consent of everyone who appears in the story, on the company's day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from story_bank.consent import Appearance, Channel, NameShown, Purpose, Scope
from story_bank.ids import PersonId
from story_bank.person import Person, Role

SOON = timedelta(days=30)
"""A consent whose last day is at most this far away shows amber."""


class Act(StrEnum):
    """What code asks to do with a story."""

    KEEP = "keep"
    TRANSCRIBE = "transcribe"
    FIND = "find"
    READ = "read"
    DRAFT = "draft"
    CUT = "cut"
    SHARE = "share"
    TAKE = "take"
    """Take its words away as a file: a text, captions, a document."""


ASKS_FOR: dict[Act, Purpose] = {
    Act.FIND: Purpose.LIBRARY, Act.READ: Purpose.LIBRARY, Act.DRAFT: Purpose.DRAFT, Act.CUT: Purpose.CLIP,
    Act.SHARE: Purpose.SHARE, Act.TAKE: Purpose.DRAFT,
}
OWN_WITHOUT_CONSENT = frozenset({Act.KEEP, Act.TRANSCRIBE, Act.FIND, Act.READ, Act.TAKE})
ROLES_FOR: dict[Act, frozenset[Role]] = {
    Act.KEEP: frozenset(), Act.TRANSCRIBE: frozenset(),
    Act.FIND: frozenset(Role), Act.READ: frozenset(Role),
    Act.DRAFT: frozenset({Role.AMBASSADOR, Role.EDITOR, Role.ADMINISTRATOR}),
    Act.CUT: frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
    Act.SHARE: frozenset({Role.AMBASSADOR, Role.EDITOR, Role.ADMINISTRATOR}),
    Act.TAKE: frozenset({Role.AMBASSADOR, Role.EDITOR, Role.ADMINISTRATOR}),
}
"""Roles that may do it to somebody else's story, where that person's consent covers it."""


class Duty(StrEnum):
    """What one asks to do that is not a use of one story."""

    TELL = "tell"
    """Record, upload or write a story of one's own."""
    SEE_COLLEAGUES = "see-colleagues"
    """See who works here, to say who else is recognisable."""
    SEE_REGISTER = "see-register"
    """Read and export the register of consents."""
    SETTLE_REVIEWS = "settle-reviews"
    """Decide about the stories in which somebody appears who has left."""
    CURATE_GLOSSARY = "curate-glossary"
    """Keep, change and put aside the terms of the company's glossary."""
    OPEN_CORNERS = "open-corners"
    """Open and close a corner at an event, where people tell without an account."""
    ADMINISTER = "administer"
    """Invite, give roles, send a new link, note that somebody left; the company's own page."""


HELD_BY: dict[Duty, frozenset[Role]] = {
    Duty.TELL: frozenset(Role), Duty.SEE_COLLEAGUES: frozenset(Role),
    Duty.SEE_REGISTER: frozenset({Role.STEWARD}), Duty.SETTLE_REVIEWS: frozenset({Role.STEWARD}),
    Duty.CURATE_GLOSSARY: frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
    Duty.OPEN_CORNERS: frozenset({Role.EDITOR, Role.ADMINISTRATOR}), Duty.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
}
"""Roles that may do it; what is about oneself alone (account, journal, export, consents) needs no role."""
AT_A_CORNER = frozenset({Duty.TELL})
"""What somebody may do, without any role, who came to a corner: tell one story."""


def holds(asker: Person, duty: Duty, at_corner: bool = False) -> bool:
    """Tell whether one of the asker's roles carries the duty, or being at a corner does."""
    return bool(asker.roles & HELD_BY[duty]) or (at_corner and duty in AT_A_CORNER)


@dataclass(frozen=True, slots=True)
class Use:
    """An act, on a channel when the act is to share (or to find what may be shared there)."""

    act: Act
    channel: Channel | None = None


def covers(scope: Scope | None, use: Use, day: date) -> bool:
    """Tell whether one person's standing consent covers the use on that day of the company."""
    if scope is None or use.act not in ASKS_FOR or not scope.open_on(day):
        return False
    if use.channel is not None and (use.channel not in scope.channels or Purpose.SHARE not in scope.purposes):
        return False
    return ASKS_FOR[use.act] in scope.purposes


def may(asker: Person, use: Use, author_id: PersonId, scopes: Iterable[Scope | None], day: date) -> bool:
    """Tell whether the asker may use a story on that day; `scopes` holds one entry for everyone who appears in it."""
    own = asker.id == author_id
    if own and use.act in OWN_WITHOUT_CONSENT and use.channel is None:
        return True
    if not (asker.roles if own else asker.roles & ROLES_FOR[use.act]):
        return False  # a guest makes nothing of a story, not even of their own
    given = list(scopes)
    return bool(given) and all(covers(scope, use, day) for scope in given)


def may_decide(asker: Person, author_id: PersonId, author_signed: bool, invited: bool) -> bool:
    """Tell whether somebody who appears in a story may read, hear and see it in order to decide about themselves.

    Its author always; anybody else while the author's signature stands, or once given a link to it.
    """
    return asker.id == author_id or author_signed or invited


def stands(scope: Scope | None, day: date) -> bool:
    """Tell whether a signature still holds on that day, or will: taken back or ended, it is as if it were not there."""
    return scope is not None and day <= scope.until_day


def open_to_all(scopes: Iterable[Scope | None], channel: Channel, day: date) -> bool:
    """Tell whether anybody at all may see it on that channel on that day: everyone who appears agreed to it."""
    given = list(scopes)
    return bool(given) and all(covers(scope, Use(Act.SHARE, channel), day) for scope in given)


def narrowest(scopes: Iterable[Scope]) -> Appearance:
    """Return the appearance that everyone in the story agreed to: nothing where nobody did."""
    ranks = [NameShown.NONE, NameShown.FIRST, NameShown.FULL]
    looks = [scope.appears for scope in scopes]
    return Appearance(face=bool(looks) and all(look.face for look in looks),
                      voice=bool(looks) and all(look.voice for look in looks),
                      name=min((look.name for look in looks), key=ranks.index, default=NameShown.NONE))


class LightState(StrEnum):
    """Green until a date, amber ending soon, red."""

    OK = "ok"
    SOON = "soon"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Light:
    """The consent light of a story for one use: its state and the last day it holds, if any."""

    state: LightState
    until_day: date | None


def light(scopes: Iterable[Scope | None], use: Use, day: date) -> Light:
    """Return the light that everyone's standing consents give this use on that day."""
    given = list(scopes)
    if not given or not all(covers(scope, use, day) for scope in given):
        return Light(LightState.STOP, None)
    until = min(scope.until_day for scope in given if scope is not None)
    return Light(LightState.SOON if until - day <= SOON else LightState.OK, until)
