"""Passwords: argon2id hashes (pwdlib), one sentence for what is too short."""

from __future__ import annotations

from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from story_bank.errors import BadInput

SHORTEST, LONGEST = 10, 500
"""Characters of a password; longer ones only cost time to hash."""
MEMORY_KIB, PASSES, LANES = 46 * 1024, 1, 1
"""argon2id as OWASP's Password Storage Cheat Sheet asks at least. The library's own choice (64 MiB, three passes, four
lanes) costs four times as much, and on two cores fifty people who arrive together would wait half a minute."""


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES),))


@cache
def _nobody() -> str:
    """Return a hash to compare with when there is nobody, so that both cases take as long."""
    return _hasher().hash("personne")


def hashed(password: str) -> str:
    """Return what is kept of a password (`BadInput` when it is too short or endless)."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"Choisissez un mot de passe d'au moins {SHORTEST} caractères ; une petite phrase convient.",
                       f"Choose a password of at least {SHORTEST} characters; a short sentence will do.")
    return _hasher().hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Tell whether it is the password of that hash; without one it takes as long, and is not."""
    right = _hasher().verify(password[:LONGEST], kept or _nobody())
    return right and kept is not None
