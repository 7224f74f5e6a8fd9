"""A corner at an event: an address where people without an account tell one story each, to be claimed later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from story_bank.ids import CornerId, PersonId
from story_bank.language import Language


@dataclass(frozen=True, slots=True)
class Corner:
    """What hangs on the wall: a name, an address with a secret, the last day, and the languages of its pages."""

    id: CornerId
    name: str
    secret: str
    until_day: date
    languages: tuple[Language, ...]
    """At least one; the first is the one that the page comes back to."""
    opened_by: PersonId
    opened_at: datetime
    closed_at: datetime | None = None
    told: int = 0
    """How many stories were told there, claimed or not."""

    def open_on(self, day: date) -> bool:
        """Tell whether one can begin to tell there on that day of the company."""
        return self.closed_at is None and day <= self.until_day


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who came to a corner: a guest made for this one recording, and the hash of the code on their receipt."""

    person_id: PersonId
    corner_id: CornerId
    begun_at: datetime
    code_hash: str | None = None
    """SHA-256, hexadecimal; None until something was told."""
