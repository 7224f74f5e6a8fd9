"""Sessions and links, by the hashes of their secrets; and the reviews a steward is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select

from story_bank.bank import Review, Token
from story_bank.errors import NotFound
from story_bank.ids import PersonId, ReviewId, StoryId
from story_bank.sql.tables import reviews, tokens
from story_bank.sql.unit import Rows


class TokenRows(Rows):
    """Sessions, links and reviews."""

    def save_token(self, token: Token) -> None:
        """Keep a session or a link, or replace it."""
        self._unit.put(tokens, {
            "token_hash": token.token_hash, "kind": token.kind, "person_id": token.person_id,
            "made_at": token.made_at, "expires_at": token.expires_at, "about": token.about, "label": token.label})

    def token(self, token_hash: str, kind: str, now: datetime) -> Token | None:
        """Return the session or link of that kind, or None when it is unknown or has expired."""
        row = self._unit.row(select(tokens).where(
            tokens.c.token_hash == token_hash, tokens.c.kind == kind, tokens.c.expires_at > now))
        return None if row is None else _token(row)

    def tokens_of(self, person_id: PersonId, kind: str, now: datetime) -> list[Token]:
        """Return a person's sessions or links that have not expired, newest first."""
        query = select(tokens).where(tokens.c.person_id == person_id, tokens.c.kind == kind, tokens.c.expires_at > now)
        return [_token(row) for row in self._unit.rows(query.order_by(tokens.c.made_at.desc(), tokens.c.token_hash))]

    def drop_token(self, token_hash: str) -> bool:
        """Forget a session or spent link; tell whether it was there, so that of two who spend it only one does."""
        return self._unit.write(delete(tokens).where(tokens.c.token_hash == token_hash)) == 1

    def drop_tokens(self, person_id: PersonId, kind: str, but: str = "") -> None:
        """Forget a person's sessions or links of that kind, except the one of that hash."""
        self._unit.write(delete(tokens).where(
            tokens.c.person_id == person_id, tokens.c.kind == kind, tokens.c.token_hash != but))

    def drop_old_tokens(self, now: datetime) -> None:
        """Forget what has expired."""
        self._unit.write(delete(tokens).where(tokens.c.expires_at <= now))

    def save_review(self, review: Review) -> None:
        """Ask for a review, or settle it."""
        self._unit.put(reviews, {
            "id": review.id, "person_id": review.person_id, "story_id": review.story_id, "asked_at": review.asked_at,
            "settled_at": review.settled_at, "settled_by": review.settled_by, "kept": review.kept})

    def review(self, review_id: ReviewId) -> Review:
        """Return a review (`NotFound`); one of a story that was erased went with it."""
        row = self._unit.row(select(reviews).where(reviews.c.id == review_id))
        if row is None:
            raise NotFound("Cet examen n'existe plus ; rechargez la page.",
                           "This review no longer exists; reload the page.")
        return _review(row)

    def reviews(self) -> list[Review]:
        """Return the reviews, those not settled first, then the newest."""
        query = select(reviews).order_by(
            reviews.c.settled_at.is_not(None), reviews.c.asked_at.desc(), reviews.c.id.desc())
        return [_review(row) for row in self._unit.rows(query)]


def _token(row: Row[Any]) -> Token:
    return Token(row.token_hash, row.kind, None if row.person_id is None else PersonId(row.person_id), row.made_at,
                 row.expires_at, row.about, row.label)


def _review(row: Row[Any]) -> Review:
    by = None if row.settled_by is None else PersonId(row.settled_by)
    return Review(ReviewId(row.id), PersonId(row.person_id), StoryId(row.story_id), row.asked_at, row.settled_at, by,
                  row.kept)
