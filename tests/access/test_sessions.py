"""Sessions are known by a secret that only the browser holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from story_bank.errors import NotFound
from studio.access.secrets import kept_as, new_secret
from studio.access.sessions import LASTS, Sessions


def test_a_session_leads_to_its_person(bank, clock, claire) -> None:
    """The secret in the cookie is enough, and nothing else is."""
    secret = Sessions(bank, clock).open(claire.id)
    assert Sessions(bank, clock).person(secret) == claire.id


def test_an_unknown_secret_leads_to_nobody(bank, clock) -> None:
    """Guessing opens nothing."""
    assert Sessions(bank, clock).person(new_secret()) is None


def test_the_bank_does_not_hold_the_secret(bank, clock, claire, tmp_path: Path) -> None:
    """Whoever reads the database cannot take anybody's place."""
    secret = Sessions(bank, clock).open(claire.id)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert secret.encode() not in kept


def test_a_session_ends_by_itself(bank, clock, claire) -> None:
    """After its last day the cookie is worth nothing."""
    secret = Sessions(bank, clock).open(claire.id)
    clock.pass_by(LASTS + timedelta(seconds=1))
    assert Sessions(bank, clock).person(secret) is None


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(bank, clock, claire) -> None:
    """Signing out is not only forgetting the cookie."""
    sessions = Sessions(bank, clock)
    secret = sessions.open(claire.id)
    sessions.close(secret)
    assert sessions.person(secret) is None


def test_a_secret_has_256_bits() -> None:
    """43 characters of base64 carry 256 bits; two are never the same."""
    secrets = {new_secret() for _ in range(1000)}
    assert (len(secrets), {len(secret) for secret in secrets}) == (1000, {43})


def test_signing_in_again_leaves_no_session_behind(bank, clock, claire) -> None:
    """A cookie that somebody planted, or left, is never the one that is signed in (session fixation)."""
    sessions = Sessions(bank, clock)
    planted = sessions.open(claire.id)
    fresh = sessions.open(claire.id, before=planted)
    assert (fresh != planted, sessions.person(planted), sessions.person(fresh)) == (True, None, claire.id)


def test_a_person_sees_their_own_sessions_newest_first(bank, clock, claire, colleague) -> None:
    """By browser and moment, and which one is before their eyes."""
    sessions = Sessions(bank, clock)
    sessions.open(claire.id, "Firefox · Linux")
    clock.pass_by(timedelta(hours=1))
    here = sessions.open(claire.id, "Safari · iPhone")
    sessions.open(colleague.id, "Edge · Windows")
    assert [(each.browser, each.this_one) for each in sessions.of(claire.id, here)] == [
        ("Safari · iPhone", True), ("Firefox · Linux", False)]


def test_one_session_or_all_others_are_ended(bank, clock, claire) -> None:
    """The one that asks goes on."""
    sessions = Sessions(bank, clock)
    here, lost, old = (sessions.open(claire.id) for _ in range(3))
    sessions.end(claire.id, kept_as(lost))
    assert (sessions.person(lost), sessions.person(old)) == (None, claire.id)
    sessions.end_others(claire.id, here)
    assert (sessions.person(old), sessions.person(here)) == (None, claire.id)


def test_nobody_ends_somebody_elses_session(bank, clock, claire, colleague) -> None:
    """Even knowing its id."""
    sessions = Sessions(bank, clock)
    theirs = sessions.open(colleague.id)
    sessions.end(claire.id, kept_as(theirs))
    assert sessions.person(theirs) == colleague.id


def test_whoever_has_no_account_gets_no_session(bank, clock, claire) -> None:
    """Guests, and those who left meanwhile, come by their link alone."""
    with bank.open() as work:
        work.save_person(replace(claire, roles=frozenset()))
        work.commit()
    with pytest.raises(NotFound):
        Sessions(bank, clock).open(claire.id)


def test_what_has_expired_is_forgotten_at_the_next_sign_in(bank, clock, claire) -> None:
    """The bank does not grow with every visit."""
    sessions = Sessions(bank, clock)
    old = sessions.open(claire.id)
    clock.pass_by(LASTS)
    sessions.open(claire.id)
    with bank.open() as work:
        assert not work.drop_token(kept_as(old))
