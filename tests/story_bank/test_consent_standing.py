"""What stands of a history of signatures and withdrawals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope, Withdrawal, standing
from story_bank.errors import BadInput
from story_bank.ids import ConsentId, PersonId, SubjectId

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOOK = Appearance(True, True, NameShown.FULL)
L, X, P = Channel.LINKEDIN, Channel.X, Channel.PRINT
ALL = frozenset(Purpose)
INSIDE = ALL - {Purpose.SHARE}


def scope(purposes: frozenset[Purpose] = ALL, channels: frozenset[Channel] = frozenset({L, X})) -> Scope:
    return Scope(purposes, channels, DAY, DAY + timedelta(30), LOOK)


def sign(given_scope: Scope) -> Consent:
    return Consent(ConsentId("c"), SubjectId("s"), PersonId("p"), given_scope, "Texte", "1", "Inès", NOW)


def withdraw(*channels: Channel) -> Withdrawal:
    return Withdrawal(ConsentId("w"), SubjectId("s"), PersonId("p"), frozenset(channels) or None, NOW)


@pytest.mark.parametrize(("history", "expected"), [
    ([], None),
    ([sign(scope())], scope()),
    ([sign(scope()), sign(scope(INSIDE))], scope(INSIDE)),
    ([withdraw(), sign(scope())], scope()),
    ([sign(scope()), withdraw()], None),
    ([sign(scope()), withdraw(X)], scope(channels=frozenset({L}))),
    ([sign(scope()), withdraw(P)], scope()),
    ([sign(scope()), withdraw(X, L)], scope(INSIDE, frozenset())),
    ([sign(scope(frozenset({Purpose.SHARE}))), withdraw(X), withdraw(L)], None),
    ([sign(scope(INSIDE)), withdraw(X, L)], scope(INSIDE, frozenset())),
    ([sign(scope()), withdraw(), withdraw(X)], None),
    ([sign(scope()), withdraw(), sign(scope(INSIDE))], scope(INSIDE)),
], ids=["nothing", "signed", "signed anew", "withdrawn before signing", "withdrawn", "one channel less",
        "another channel", "no channel left", "nothing left", "inside stays", "withdrawn twice", "given again"])
def test_a_history_folds_into_what_stands(history: list[Consent | Withdrawal], expected: Scope | None) -> None:
    """The last signature, less what was taken back since (L21, X8)."""
    assert standing(history) == expected


channels = st.frozensets(st.sampled_from([L, X, P]), min_size=1)
signatures = st.builds(scope, st.frozensets(st.sampled_from(Purpose), min_size=1), channels).map(sign)
withdrawals = st.one_of(st.just(withdraw()), channels.map(lambda some: withdraw(*some)))
histories = st.lists(signatures | withdrawals, max_size=8)


@given(history=histories)
def test_nothing_stands_that_was_not_in_the_last_signature(history: list[Consent | Withdrawal]) -> None:
    """Withdrawing only ever narrows."""
    stands = standing(history)
    last = next((event.scope for event in reversed(history) if isinstance(event, Consent)), None)
    assert stands is None or (last is not None and stands.purposes <= last.purposes
                              and stands.channels <= last.channels
                              and replace(last, purposes=stands.purposes, channels=stands.channels) == stands)


@given(history=histories, gone=channels)
def test_a_withdrawn_channel_is_gone(history: list[Consent | Withdrawal], gone: frozenset[Channel]) -> None:
    """After taking channels back, none of them stands, and sharing stands only where a channel does."""
    stands = standing([*history, withdraw(*gone)])
    assert stands is None or not stands.channels & gone
    assert stands is None or Purpose.SHARE not in stands.purposes or stands.channels


@given(history=histories)
def test_a_whole_withdrawal_leaves_nothing(history: list[Consent | Withdrawal]) -> None:
    """Taking back everything is as simple as that."""
    assert standing([*history, withdraw()]) is None


@pytest.mark.parametrize("wrong", [
    {"until_day": DAY - timedelta(1)}, {"purposes": frozenset()}, {"channels": frozenset()}],
    ids=["ends before it begins", "no purpose", "share nowhere"])
def test_a_scope_that_means_nothing_is_refused(wrong: dict[str, object]) -> None:
    """Dates, purposes and channels are checked before anyone signs (L08–L10)."""
    with pytest.raises(BadInput):
        replace(scope(), **wrong)  # type: ignore[arg-type]


def test_a_signature_is_a_name() -> None:
    """Blank is not a signature."""
    with pytest.raises(BadInput):
        replace(sign(scope()), signature="  ")


def test_a_consent_holds_on_its_first_and_last_day() -> None:
    """Both ends are included; the days around are not."""
    given_scope = scope()
    ends = [given_scope.open_on(DAY + timedelta(days)) for days in (-1, 0, 30, 31)]
    assert ends == [False, True, True, False]


def test_the_hash_is_that_of_the_text_signed() -> None:
    """SHA-256 of the exact UTF-8 text (L11)."""
    made = replace(sign(scope()), text="é")
    assert made.text_hash == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
