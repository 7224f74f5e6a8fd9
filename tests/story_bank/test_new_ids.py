"""Identifiers are random, time-ordered and of the standard's shape."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from story_bank.ids import new_id

moments = st.integers(0, 2**48 - 1)
chances = st.binary(min_size=10, max_size=10)


@given(moment=moments, chance=chances)
def test_an_id_is_a_version_7_uuid_of_its_moment(moment: int, chance: bytes) -> None:
    """RFC 9562: 48 bits of milliseconds, version 7, variant 10."""
    made = uuid.UUID(new_id(moment, chance))
    assert (made.int >> 80, made.version, made.variant) == (moment, 7, uuid.RFC_4122)


@given(earlier=moments, later=moments, one=chances, two=chances)
def test_a_later_id_sorts_after(earlier: int, later: int, one: bytes, two: bytes) -> None:
    """Text order is time order, whatever the random part."""
    if earlier < later:
        assert new_id(earlier, one) < new_id(later, two)


@given(one=chances, two=chances)
def test_another_chance_is_another_id(one: bytes, two: bytes) -> None:
    """74 of the 80 random bits are used: ids differ where those differ."""
    used = [int.from_bytes(each, "big") & ~(0b111111 << 74) for each in (one, two)]
    assert (new_id(0, one) == new_id(0, two)) == (used[0] == used[1])


def test_ids_made_at_once_differ() -> None:
    """No two in ten thousand are alike."""
    assert len({new_id() for _ in range(10_000)}) == 10_000
