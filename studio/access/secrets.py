"""Secrets that a browser holds: 256 random bits, of which the bank keeps the SHA-256 alone."""

from __future__ import annotations

import hashlib
import secrets

BITS = 256


def new_secret() -> str:
    """Return a fresh secret fit for a cookie or an address."""
    return secrets.token_urlsafe(BITS // 8)


def kept_as(secret: str) -> str:
    """Return what the bank keeps of a secret: 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()
