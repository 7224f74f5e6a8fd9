"""Sessions: who a browser is, by a secret that only it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from story_bank.bank import Bank
from story_bank.ids import PersonId
from studio.access.secrets import kept_as, new_secret

LASTS = timedelta(days=14)
_KIND = "session"


@dataclass(frozen=True, slots=True)
class Sessions:
    """Opens, recognises and closes sessions."""

    bank: Bank
    clock: Callable[[], datetime]

    def open(self, person_id: PersonId) -> str:
        """Begin a session and return its secret, for the cookie."""
        secret = new_secret()
        with self.bank.open() as work:
            work.save_token(kept_as(secret), _KIND, person_id, self.clock() + LASTS)
            work.commit()
        return secret

    def person(self, secret: str | None) -> PersonId | None:
        """Return whose session it is, or None when it is unknown or has expired."""
        if not secret:
            return None
        with self.bank.open() as work:
            return work.token_person(kept_as(secret), _KIND, self.clock())[1]

    def close(self, secret: str | None) -> None:
        """End a session; ending it twice is no error."""
        if secret:
            with self.bank.open() as work:
                work.drop_token(kept_as(secret))
                work.commit()
