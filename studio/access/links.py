"""One-time links: the first administrator's, an invitation, a new password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from story_bank.bank import Bank, Token, Work
from story_bank.errors import NotFound
from story_bank.ids import PersonId
from studio.access.secrets import kept_as, new_secret

LinkKind = Literal["setup", "invitation", "reset"]
LASTS: dict[LinkKind, timedelta] = {"setup": timedelta(days=1), "invitation": timedelta(days=7),
                                    "reset": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class OneTimeLinks:
    """Makes links that open once."""

    bank: Bank
    clock: Callable[[], datetime]

    def make(self, kind: LinkKind, person_id: PersonId | None = None) -> str:
        """Return the secret of a new link, which replaces the person's former one; the address is the caller's."""
        secret, now = new_secret(), self.clock()
        with self.bank.open() as work:
            if person_id is not None:
                work.drop_tokens(person_id, kind)
            work.save_token(Token(kept_as(secret), kind, person_id, now, now + LASTS[kind]))
            work.commit()
        return secret

    def look(self, kind: LinkKind, secret: str) -> PersonId | None:
        """Return whom the link is for without spending it (`NotFound` when it is spent, old or made up)."""
        with self.bank.open() as work:
            return self._known(work, kind, secret).person_id

    def spend(self, work: Work, kind: LinkKind, secret: str) -> PersonId | None:
        """Take the link within a unit of work, so that it is spent only if the work is kept (`NotFound`).

        Of two who spend it at the same moment, one finds it gone.
        """
        token = self._known(work, kind, secret)
        if not work.drop_token(token.token_hash):
            raise _closed()
        return token.person_id

    def _known(self, work: Work, kind: LinkKind, secret: str) -> Token:
        token = work.token(kept_as(secret), kind, self.clock())
        if token is None:
            raise _closed()
        return token


def _closed() -> NotFound:
    return NotFound("Ce lien a déjà servi ou a expiré ; demandez-en un autre à la personne qui administre.",
                    "This link was used already or has expired; ask your administrator for another one.")
