"""One-time links: the first administrator's, and an invitation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from story_bank.bank import Bank, Work
from story_bank.errors import NotFound
from story_bank.ids import PersonId
from studio.access.secrets import kept_as, new_secret

LinkKind = Literal["setup", "invitation"]
LASTS: dict[LinkKind, timedelta] = {"setup": timedelta(days=1), "invitation": timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class OneTimeLinks:
    """Makes links that open once."""

    bank: Bank
    clock: Callable[[], datetime]

    def make(self, kind: LinkKind, person_id: PersonId | None = None) -> str:
        """Return the secret of a new link; the address is the caller's business."""
        secret = new_secret()
        with self.bank.open() as work:
            work.save_token(kept_as(secret), kind, person_id, self.clock() + LASTS[kind])
            work.commit()
        return secret

    def look(self, kind: LinkKind, secret: str) -> PersonId | None:
        """Return whom the link is for without spending it (`NotFound` when it is spent, old or made up)."""
        with self.bank.open() as work:
            return self._person(work, kind, secret)

    def spend(self, work: Work, kind: LinkKind, secret: str) -> PersonId | None:
        """Take the link within a unit of work, so that it is spent only if the work is kept (`NotFound`)."""
        person_id = self._person(work, kind, secret)
        work.drop_token(kept_as(secret))
        return person_id

    def _person(self, work: Work, kind: LinkKind, secret: str) -> PersonId | None:
        known, person_id = work.token_person(kept_as(secret), kind, self.clock())
        if not known:
            raise NotFound("Ce lien a déjà servi ou a expiré ; demandez-en un autre à la personne qui administre.",
                           "This link was used already or has expired; ask your administrator for another one.")
        return person_id
