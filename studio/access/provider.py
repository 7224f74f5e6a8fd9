"""The company's sign-in (OpenID Connect): a browser is sent there on an errand, and comes back with claims."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Errand:
    """One way there and back: everything that must be random is drawn from a secret that the browser alone holds."""

    secret: str
    back: str
    """The address of ours to which the browser returns."""

    @property
    def state(self) -> str:
        """What comes back in the address, and shows that the answer is to this errand (RFC 6749, 10.12)."""
        return self._drawn("state")

    @property
    def nonce(self) -> str:
        """What comes back inside the signed claims (OpenID Connect Core, 3.1.2.1)."""
        return self._drawn("nonce")

    @property
    def verifier(self) -> str:
        """What shows that who spends the code is who asked for it: 43 characters (RFC 7636, 4.1)."""
        return self._drawn("verifier")

    def _drawn(self, what: str) -> str:
        drawn = hmac.new(self.secret.encode(), what.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(drawn).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider says of a person, its signature checked."""

    issuer: str
    subject: str
    name: str
    email: str = ""
    email_verified: bool = False
    groups: frozenset[str] = frozenset()
    locale: str = ""


class Provider(Protocol):
    """The company's sign-in; nothing is asked of it before somebody wants to come in by it."""

    label: str

    def address(self, errand: Errand) -> str:
        """Return where to send the browser (`NotAvailable` when the provider does not answer)."""

    def claims(self, errand: Errand, answer: Mapping[str, str]) -> Claims:
        """Return whom the browser came back as; `answer` is what the address it came by says.

        `NotFound` for an answer to another errand, a spent code, a foreign signature or issuer, or a refusal there;
        `NotAvailable` when the provider does not answer.
        """
