"""Erasing for good: stories with everything made from them, and the demonstration with everyone in it.

The consent history is evidence and stays; only that of the demonstration's invented people goes with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, Select, Table, delete, exists, or_, select, text

from story_bank.bank import Erased
from story_bank.ids import MediaKey, StoryId
from story_bank.sql.tables import (
    clips,
    company,
    consent_events,
    drafts,
    jobs,
    journal,
    passages,
    people,
    posts,
    recordings,
    standing,
    standing_channels,
    stories,
    story_values,
    values,
)
from story_bank.sql.unit import Rows, in_turn

_TIDY_WORDS = text("INSERT INTO passage_words (passage_words) VALUES ('optimize')")
"""Merges the full-text index, which otherwise keeps deleted words beside a mark that says they are gone."""


class ErasingRows(Rows):
    """Removing what must leave no trace."""

    def every_media_key(self) -> set[MediaKey]:
        """Return all that recordings and extracts name in the vault, for finding what nobody names."""
        named = {key for row in self._unit.rows(select(recordings)) for key in _keys(row)}
        return {MediaKey(key) for key in named | set(self._column(select(clips.c.media_key))) if key}

    def erase_stories(self, ids: Collection[StoryId]) -> Erased:
        """Remove stories with passages, drafts, posts, clips, jobs, and recordings that no story is left of."""
        self._unit.claim("erasing")
        found = self._ids(stories.c.id, stories.c.id, ids)
        told = self._ids(stories.c.recording_id, stories.c.id, found)
        media = self._forget_clips(clips.c.story_id, found)
        self._forget(jobs, jobs.c.target_id, [*found, *self._ids(drafts.c.id, drafts.c.story_id, found)])
        self._forget_words(found)
        self._forget(stories, stories.c.id, found)
        still = set(self._ids(stories.c.recording_id, stories.c.recording_id, told))
        media += self._forget_recordings([each for each in told if each not in still])
        self._tidy()
        return Erased(tuple(map(StoryId, found)), tuple(dict.fromkeys(map(MediaKey, media))))

    def erase_demo(self) -> Erased:
        """Remove everything and everyone of the demonstration."""
        self._unit.claim("erasing")
        cast = self._column(select(people.c.id).where(people.c.demo))
        theirs = select(people.c.id).where(people.c.demo)
        gone = self.erase_stories([StoryId(each) for each in self._column(select(stories.c.id).where(or_(
            stories.c.demo, stories.c.author_id.in_(theirs), stories.c.recording_id.in_(
                select(recordings.c.id).where(recordings.c.owner_id.in_(theirs))))))])
        media = [*gone.media, *self._forget_clips(clips.c.person_id, cast)]
        media += self._forget_recordings(self._ids(recordings.c.id, recordings.c.owner_id, cast))
        for table in (drafts, posts, jobs, consent_events, standing_channels, standing, journal):
            self._forget(table, table.c.person_id, cast)
        for part in in_turn(gone.stories):
            self._unit.write(delete(journal).where(journal.c.subject_id.in_(part)))
        demo_value = exists().where(values.c.id == story_values.c.value_id, values.c.demo)
        self._unit.write(delete(story_values).where(demo_value))
        for table in (values, people, company):
            self._unit.write(delete(table).where(table.c.demo))
        return Erased(gone.stories, tuple(dict.fromkeys(map(MediaKey, media))))

    def _forget_clips(self, column: Any, ids: Collection[str]) -> list[str]:
        media: list[str] = []
        for part in in_turn(ids):
            rows = self._unit.rows(select(clips.c.id, clips.c.media_key).where(column.in_(part)))
            media += [row.media_key for row in rows if row.media_key is not None]
            self._forget(jobs, jobs.c.target_id, [row.id for row in rows])
            self._unit.write(delete(clips).where(column.in_(part)))
        return media

    def _forget_recordings(self, ids: Collection[str]) -> list[str]:
        media: list[str] = []
        self._forget(jobs, jobs.c.target_id, ids)
        for part in in_turn(ids):
            rows = self._unit.rows(select(recordings).where(recordings.c.id.in_(part)))
            media += [key for row in rows for key in _keys(row) if key]
            self._unit.write(delete(recordings).where(recordings.c.id.in_(part)))
        return media

    def _forget_words(self, story_ids: Collection[str]) -> None:
        # PostgreSQL follows the passages by its foreign key; a virtual table has none.
        if self._unit.on_sqlite:
            for part in in_turn(story_ids):
                numbers = self._column(select(passages.c.id).where(passages.c.story_id.in_(part)))
                if numbers:
                    self._unit.write(text("DELETE FROM passage_words WHERE rowid = :number"),
                                     [{"number": number} for number in numbers])

    def _tidy(self) -> None:
        if self._unit.on_sqlite:
            self._unit.write(_TIDY_WORDS)
        self._unit.erasing()

    def _forget(self, table: Table, column: Any, ids: Collection[str]) -> None:
        for part in in_turn(ids):
            self._unit.write(delete(table).where(column.in_(part)))

    def _ids(self, wanted: Any, column: Any, among: Iterable[str]) -> list[str]:
        found: list[str] = []
        for part in in_turn(list(among)):
            found += self._column(select(wanted).where(column.in_(part), wanted.is_not(None)).distinct())
        return list(dict.fromkeys(found))

    def _column(self, query: Select[Any]) -> list[Any]:
        return [row[0] for row in self._unit.rows(query)]


def _keys(row: Row[Any]) -> tuple[str | None, ...]:
    return row.original_key, row.playable_key, row.poster_key, row.sound_key
