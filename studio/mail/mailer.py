"""A mailer takes a letter to its mail server, or says that it did not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain-text mail to one address."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Sends letters."""

    def send(self, letter: Letter) -> None:
        """Hand a letter to the mail server, within seconds (`NotAvailable` when it did not take it)."""
