"""Sessions: who a browser is, by a secret that only it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from story_bank.bank import Bank, Token
from story_bank.errors import NotFound
from story_bank.ids import PersonId
from studio.access.secrets import kept_as, new_secret

LASTS = timedelta(days=14)
KIND = "session"


@dataclass(frozen=True, slots=True)
class Session:
    """One of a person's sessions, as they recognise it."""

    id: str
    """The hash of its secret: enough to end it, not to take it over."""
    browser: str
    since: datetime
    this_one: bool


@dataclass(frozen=True, slots=True)
class Sessions:
    """Opens, recognises, lists and closes sessions."""

    bank: Bank
    clock: Callable[[], datetime]

    def open(self, person_id: PersonId, browser: str = "", before: str | None = None) -> str:
        """Begin a session and return its new secret, for the cookie; the one the browser held before ends.

        A guest, or somebody who has left meanwhile, gets none (`NotFound`): they come by their link alone. What has
        expired is forgotten on the way.
        """
        secret, now = new_secret(), self.clock()
        with self.bank.open() as work:
            work.hold_people()
            work.drop_old_tokens(now)
            if before:
                work.drop_token(kept_as(before))
            if work.person(person_id).guest:
                raise NotFound("Cette personne n'a pas de compte ici ; demandez un lien à la personne qui administre.",
                               "This person has no account here; ask your administrator for a link.")
            work.save_token(Token(kept_as(secret), KIND, person_id, now, now + LASTS, label=browser))
            work.commit()
        return secret

    def person(self, secret: str | None) -> PersonId | None:
        """Return whose session it is, or None when it is unknown or has expired."""
        if not secret:
            return None
        with self.bank.open() as work:
            token = work.token(kept_as(secret), KIND, self.clock())
        return token.person_id if token else None

    def of(self, person_id: PersonId, secret: str | None) -> list[Session]:
        """Return a person's sessions, newest first; `secret` is that of the browser that asks."""
        here = kept_as(secret or "")
        with self.bank.open() as work:
            kept = work.tokens_of(person_id, KIND, self.clock())
        return [Session(token.token_hash, token.label, token.made_at, token.token_hash == here) for token in kept]

    def close(self, secret: str | None) -> None:
        """End a session; ending it twice is no error."""
        if secret:
            with self.bank.open() as work:
                work.drop_token(kept_as(secret))
                work.commit()

    def end(self, person_id: PersonId, session_id: str) -> None:
        """End one of a person's own sessions; somebody else's, or one that has ended, is left alone."""
        with self.bank.open() as work:
            if any(token.token_hash == session_id for token in work.tokens_of(person_id, KIND, self.clock())):
                work.drop_token(session_id)
                work.commit()

    def end_others(self, person_id: PersonId, secret: str | None) -> None:
        """End every session of a person but the one that asks."""
        with self.bank.open() as work:
            work.drop_tokens(person_id, KIND, but=kept_as(secret or ""))
            work.commit()
