"""Who may do what: the one policy."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.access import (
    ASKS_FOR,
    OWN_WITHOUT_CONSENT,
    ROLES_FOR,
    Act,
    Light,
    LightState,
    Use,
    covers,
    light,
    may,
    narrowest,
    stands,
)
from story_bank.consent import Appearance, Channel, NameShown, Purpose, Scope
from story_bank.ids import PersonId
from story_bank.person import Person, Role

DAY = date(2026, 11, 20)
AUTHOR, OTHER = PersonId("author"), PersonId("other")


def someone(person_id: PersonId = OTHER, *roles: Role) -> Person:
    return Person(person_id, "A B", "A", roles=frozenset(roles))


def scope(*purposes: Purpose, until: int = 100, channels: tuple[Channel, ...] = (Channel.LINKEDIN,)) -> Scope:
    return Scope(frozenset(purposes or Purpose), frozenset(channels), DAY, DAY + timedelta(until),
                 Appearance(True, True, NameShown.FULL))


purposes = st.frozensets(st.sampled_from(Purpose), min_size=1)
channels = st.frozensets(st.sampled_from([Channel.LINKEDIN, Channel.X]), min_size=1)
looks = st.builds(Appearance, st.booleans(), st.booleans(), st.sampled_from(NameShown))
scopes = st.builds(lambda what, where, first, length, look: Scope(
    what, where, DAY + timedelta(first), DAY + timedelta(first + length), look),
    purposes, channels, st.integers(-3, 3), st.integers(0, 5), looks)
given_by_all = st.lists(st.none() | scopes, max_size=3)
uses = st.builds(Use, st.sampled_from(Act), st.none() | st.sampled_from([Channel.LINKEDIN, Channel.X]))
days = st.integers(-5, 9).map(lambda after: DAY + timedelta(after))
people = st.builds(lambda who, roles: someone(who, *roles), st.sampled_from([AUTHOR, OTHER]),
                   st.frozensets(st.sampled_from(Role)))


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_role_opens_to_others_what_its_table_says(act: Act, role: Role) -> None:
    """With full consent, each role does its acts with somebody else's story, and no other."""
    assert may(someone(OTHER, role), Use(act), AUTHOR, [scope()], DAY) == (role in ROLES_FOR[act])


@pytest.mark.parametrize("act", Act)
def test_the_author_keeps_and_finds_without_consent_and_uses_with_it(act: Act) -> None:
    """Recording oneself allows keeping, transcribing and finding it again, for oneself alone."""
    author = someone(AUTHOR, Role.CONTRIBUTOR)
    without = may(author, Use(act), AUTHOR, [None], DAY)
    consented = may(author, Use(act), AUTHOR, [scope()], DAY)
    assert (without, consented) == (act in OWN_WITHOUT_CONSENT, True)


@pytest.mark.parametrize("act", Act)
def test_who_left_keeps_and_reads_their_own_and_makes_nothing_of_it(act: Act) -> None:
    """A guest with a story of their own, such as somebody who left, drafts, cuts and shares nothing."""
    assert may(someone(AUTHOR), Use(act), AUTHOR, [scope()], DAY) == (act in OWN_WITHOUT_CONSENT)


@given(asker=people, use=uses, given_scopes=given_by_all, day=days)
def test_a_forbidden_use_never_succeeds(asker: Person, use: Use, given_scopes: list[Scope | None], day: date) -> None:
    """Whatever is allowed was one's own, or signed by everyone for that purpose, channel and day, with a role."""
    if not may(asker, use, AUTHOR, given_scopes, day):
        return
    if asker.id == AUTHOR and use.act in OWN_WITHOUT_CONSENT and use.channel is None:
        return
    assert given_scopes
    assert asker.id == AUTHOR or asker.roles & ROLES_FOR[use.act]
    for each in given_scopes:
        assert each is not None
        assert each.from_day <= day <= each.until_day
        assert ASKS_FOR[use.act] in each.purposes
        assert use.channel is None or (Purpose.SHARE in each.purposes and use.channel in each.channels)


@given(asker=people, use=uses, given_scopes=given_by_all, more=st.none() | scopes, day=days)
def test_one_more_person_never_opens_what_was_closed(
        asker: Person, use: Use, given_scopes: list[Scope | None], more: Scope | None, day: date) -> None:
    """Everyone who appears needs their own consent (L12)."""
    if given_scopes and may(asker, use, AUTHOR, [*given_scopes, more], day):
        assert may(asker, use, AUTHOR, given_scopes, day)


@given(asker=people, act=st.sampled_from(Act), given_scopes=given_by_all, day=days)
def test_a_channel_never_opens_what_was_closed_without_it(
        asker: Person, act: Act, given_scopes: list[Scope | None], day: date) -> None:
    """Asking for a channel asks for more."""
    if may(asker, Use(act, Channel.X), AUTHOR, given_scopes, day):
        assert may(asker, Use(act), AUTHOR, given_scopes, day)


@pytest.mark.parametrize(("use", "expected"), [
    (Use(Act.FIND), True), (Use(Act.READ), True), (Use(Act.DRAFT), False), (Use(Act.CUT), False),
    (Use(Act.SHARE), True), (Use(Act.SHARE, Channel.LINKEDIN), True), (Use(Act.SHARE, Channel.X), False),
    (Use(Act.FIND, Channel.LINKEDIN), True), (Use(Act.FIND, Channel.X), False), (Use(Act.KEEP), False),
    (Use(Act.TRANSCRIBE), False)], ids=str)
def test_a_consent_covers_its_purposes_and_channels(use: Use, expected: bool) -> None:
    """Library and share on LinkedIn covers finding, reading, and sharing there (L08, L09)."""
    assert covers(scope(Purpose.LIBRARY, Purpose.SHARE), use, DAY) == expected


@pytest.mark.parametrize(("given_scopes", "expected"), [
    ([scope(until=31)], Light(LightState.OK, DAY + timedelta(31))),
    ([scope(until=30)], Light(LightState.SOON, DAY + timedelta(30))),
    ([scope(until=0)], Light(LightState.SOON, DAY)),
    ([scope(until=300), scope(until=12)], Light(LightState.SOON, DAY + timedelta(12))),
    ([scope(), None], Light(LightState.STOP, None)),
    ([], Light(LightState.STOP, None)),
    ([scope(Purpose.DRAFT)], Light(LightState.STOP, None)),
], ids=["31 days", "30 days", "last day", "the first to end", "someone did not sign", "nobody", "other purpose"])
def test_a_light_tells_until_when_everyone_agrees(given_scopes: list[Scope | None], expected: Light) -> None:
    """Green until a date, amber in its last thirty days, else red."""
    assert light(given_scopes, Use(Act.READ), DAY) == expected


@given(given_scopes=given_by_all, use=uses, day=days)
def test_a_light_is_never_green_for_what_is_not_covered(
        given_scopes: list[Scope | None], use: Use, day: date) -> None:
    """Red exactly where one consent is missing."""
    stopped = light(given_scopes, use, day).state is LightState.STOP
    assert stopped == (not given_scopes or not all(covers(each, use, day) for each in given_scopes))


@given(given_scopes=st.lists(scopes, min_size=1, max_size=4))
def test_one_appears_as_the_most_reserved_agreed(given_scopes: list[Scope]) -> None:
    """A face, a voice or a name that anyone keeps back is kept back for the story."""
    ranks = [NameShown.NONE, NameShown.FIRST, NameShown.FULL]
    look = narrowest(given_scopes)
    assert all(look.face <= each.appears.face and look.voice <= each.appears.voice
               and ranks.index(look.name) <= ranks.index(each.appears.name) for each in given_scopes)
    assert any(look.name is each.appears.name for each in given_scopes)


def test_nobody_s_agreement_shows_nothing() -> None:
    """Without any consent no face, no voice and no name is shown."""
    assert narrowest([]) == Appearance(face=False, voice=False, name=NameShown.NONE)


@pytest.mark.parametrize(("given_scope", "after", "expected"), [
    (None, 0, False), (scope(until=5), -3, True), (scope(until=5), 5, True), (scope(until=5), 6, False)],
    ids=["nobody signed", "begins later", "last day", "ended"])
def test_a_signature_stands_until_its_last_day(given_scope: Scope | None, after: int, expected: bool) -> None:
    """The day after the end it is as if it were not there (L10); one that begins later was signed."""
    assert stands(given_scope, DAY + timedelta(after)) is expected
