"""Share pages: kept by the hash of their address, also after what they showed is gone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from story_bank.consent import Channel
from story_bank.ids import ClipId, PersonId, ShareId, StoryId
from story_bank.making import Share
from story_bank.sql.tables import shares
from story_bank.sql.unit import Rows


class ShareRows(Rows):
    """Share pages."""

    def save_share(self, share: Share) -> None:
        """Make a share page, or end it."""
        self._unit.put(shares, {
            "id": share.id, "clip_id": share.clip_id, "story_id": share.story_id, "channel": share.channel.value,
            "person_id": share.person_id, "secret_hash": share.secret_hash, "made_at": share.made_at,
            "ended_at": share.ended_at})

    def share(self, secret_hash: str) -> Share | None:
        """Return the page behind an address, ended or not; None when there never was one."""
        row = self._unit.row(select(shares).where(shares.c.secret_hash == secret_hash))
        return None if row is None else _share(row)

    def shares_of(self, story_id: StoryId) -> list[Share]:
        """Return a story's pages that have not ended, newest first; callers hold a story they were allowed to read."""
        query = select(shares).where(shares.c.story_id == story_id, shares.c.ended_at.is_(None))
        return [_share(row) for row in self._unit.rows(query.order_by(shares.c.made_at.desc(), shares.c.id.desc()))]


def _share(row: Row[Any]) -> Share:
    return Share(ShareId(row.id), ClipId(row.clip_id), StoryId(row.story_id), Channel(row.channel),
                 PersonId(row.person_id), row.secret_hash, row.made_at, row.ended_at)
