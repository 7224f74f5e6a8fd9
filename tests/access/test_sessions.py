"""Sessions are known by a secret that only the browser holds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from studio.access.secrets import new_secret
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
