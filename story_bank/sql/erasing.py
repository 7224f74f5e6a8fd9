"""Erasing for good: stories with everything made from them, and the demonstration with everyone in it.

The consent history is evidence and stays without its texts; only that of the demonstration's invented people goes with
them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, delete, exists, func, or_, select, text, union, update

from story_bank.bank import Erased, Forgotten
from story_bank.consent import Channel
from story_bank.ids import ClipId, MediaKey, PersonId, RecordingId, StoryId
from story_bank.making import ENDED, JobState
from story_bank.sql.glossary import put_aside_of, unwished
from story_bank.sql.tables import (
    clips,
    company,
    consent_events,
    corners,
    drafts,
    forgettings,
    jobs,
    journal,
    passages,
    people,
    posts,
    proposals,
    recordings,
    shares,
    standing,
    standing_channels,
    stories,
    story_values,
    transcripts,
    values,
)
from story_bank.sql.unit import Rows, in_turn

_COUNTED = ("stories", "recordings", "transcripts", "passages", "drafts", "posts", "clips", "texts")
_TIDY_WORDS = text("INSERT INTO passage_words (passage_words) VALUES ('optimize')")
"""Merges the full-text index, which otherwise keeps deleted words beside a mark that says they are gone."""


class ErasingRows(Rows):
    """Removing what must leave no trace."""

    def every_media_key(self) -> set[MediaKey]:
        """Return all that recordings and extracts name in the vault, for finding what nobody names."""
        named = {key for row in self._unit.rows(select(recordings)) for key in _keys(row)}
        return {MediaKey(key) for key in named | set(self._column(select(clips.c.media_key))) if key}

    def erase_stories(self, ids: Collection[StoryId]) -> Erased:
        """Remove stories with passages, drafts, posts, clips, jobs, and recordings that no story is left of.

        Share pages of theirs end; reviews of them go with them, and what was proposed for the glossary from them
        alone. Of consents about what is gone, dates, scope, hash and signature stay; the text, which tells of the
        story, goes.
        """
        self._unit.claim("erasing")
        found = self._ids(stories.c.id, stories.c.id, ids)
        counts = dict.fromkeys(_COUNTED, 0)
        for table in (drafts, posts, passages):
            counts[table.name] = self._count(table, table.c.story_id, found)
        self._end_shares(shares.c.story_id, found)
        subjects = self._ids(stories.c.subject_id, stories.c.id, found)
        told = self._ids(stories.c.recording_id, stories.c.id, found)
        made = [each for table in (drafts, clips) for each in self._ids(table.c.id, table.c.story_id, found)]
        self._forget(jobs, jobs.c.target_id, [*found, *made])
        media = self._forget_clips(clips.c.story_id, found, counts)
        wished = self._ids(proposals.c.term_id, proposals.c.story_id, found)
        self._forget(proposals, proposals.c.story_id, found)
        self._unit.write(unwished())
        for part in in_turn(wished):
            self._unit.write(put_aside_of(part))
        self._forget_words(found)
        counts["stories"] = self._forget(stories, stories.c.id, found)
        still = set(self._ids(stories.c.recording_id, stories.c.recording_id, told))
        gone = [each for each in told if each not in still]
        media += self._forget_recordings(gone, counts)
        counts["texts"] = self._forget_texts(each for each in subjects if each not in still)
        self._tidy()
        return _erased(found, media, gone, counts)

    def erase_made(self, story_id: StoryId, *, drafts: bool = False, clips: bool = False,
                   channels: Collection[Channel] = (), clip_ids: Collection[ClipId] = ()) -> Erased:
        """Remove what was made of a story: suggestions, extracts (their share pages end), share pages on channels.

        `clips` removes every extract, `clip_ids` some. Jobs that were making it are asked to stop. One's own posts are
        left: they are what a person wrote.
        """
        self._unit.claim("erasing")
        counts = dict.fromkeys(_COUNTED, 0)
        if drafts:
            counts["drafts"] = self._stop_drafts(story_id)
        media = self._stop_clips(story_id, None if clips else clip_ids, counts)
        for channel in sorted(channels):
            self._end_shares(shares.c.story_id, [story_id], shares.c.channel == channel.value)
        return _erased([], media, [], counts)

    def erase_writing(self, person_id: PersonId) -> Erased:
        """Remove a person's suggestions, with the jobs that were making them, and the pages they have not published."""
        self._unit.claim("erasing")
        counts = dict.fromkeys(_COUNTED, 0)
        self._stop(self._ids(drafts.c.id, drafts.c.person_id, [person_id]))
        counts["drafts"] = self._forget(drafts, drafts.c.person_id, [person_id])
        unpublished = delete(posts).where(posts.c.person_id == person_id, posts.c.published_at.is_(None))
        counts["posts"] = self._unit.write(unpublished)
        self._unit.erasing()
        return _erased([], [], [], counts)

    def stories_with_makings(self) -> list[StoryId]:
        """Return the stories of which suggestions, extracts or open share pages exist."""
        made = union(select(drafts.c.story_id), select(clips.c.story_id),
                     select(shares.c.story_id).where(shares.c.ended_at.is_(None)))
        return sorted(StoryId(row[0]) for row in self._unit.rows(made))

    def note_forgotten(self, forgotten: Forgotten) -> None:
        """Keep the proof of a forgetting; noting it twice changes nothing."""
        self._unit.add_if_new(forgettings, {
            "id": forgotten.id, "at": forgotten.at, "person_id": forgotten.person_id,
            "story_ids": list(forgotten.story_ids), "recording_ids": list(forgotten.recording_ids),
            "counts": dict(forgotten.counts)})

    def forgotten(self) -> list[Forgotten]:
        """Return every forgetting, oldest first."""
        return [Forgotten(row.id, row.at, PersonId(row.person_id), tuple(map(StoryId, row.story_ids)),
                          tuple(map(RecordingId, row.recording_ids)), row.counts)
                for row in self._unit.rows(select(forgettings).order_by(forgettings.c.at, forgettings.c.id))]

    def erase_demo(self) -> Erased:
        """Remove everything and everyone of the demonstration."""
        self._unit.claim("erasing")
        cast = self._column(select(people.c.id).where(people.c.demo))
        theirs = select(people.c.id).where(people.c.demo)
        gone = self.erase_stories([StoryId(each) for each in self._column(select(stories.c.id).where(or_(
            stories.c.demo, stories.c.author_id.in_(theirs), stories.c.recording_id.in_(
                select(recordings.c.id).where(recordings.c.owner_id.in_(theirs))))))])
        counts = dict(gone.counts)
        unused = self._ids(recordings.c.id, recordings.c.owner_id, cast)
        theirs_cut = self._ids(clips.c.id, clips.c.person_id, cast)
        self._end_shares(shares.c.clip_id, theirs_cut)
        self._forget(jobs, jobs.c.target_id, theirs_cut)
        media = [*gone.media, *self._forget_clips(clips.c.person_id, cast, counts)]
        media += self._forget_recordings(unused, counts)
        for table in (drafts, posts):
            counts[table.name] += self._forget(table, table.c.person_id, cast)
        for table in (jobs, consent_events, standing_channels, standing, journal, shares, forgettings):
            self._forget(table, table.c.person_id, cast)
        for table, column in ((journal, journal.c.subject_id), (shares, shares.c.story_id)):
            self._forget(table, column, gone.stories)
        self._forget(journal, journal.c.subject_id, cast)
        self._forget(corners, corners.c.opened_by, cast)
        demo_value = exists().where(values.c.id == story_values.c.value_id, values.c.demo)
        self._unit.write(delete(story_values).where(demo_value))
        for table in (values, people, company):
            self._unit.write(delete(table).where(table.c.demo))
        return _erased(gone.stories, media, [*gone.recordings, *unused], counts)

    def _stop_drafts(self, story_id: StoryId) -> int:
        self._stop(self._ids(drafts.c.id, drafts.c.story_id, [story_id]))
        return self._forget(drafts, drafts.c.story_id, [story_id])

    def _stop_clips(self, story_id: StoryId, some: Collection[ClipId] | None, counts: dict[str, int]) -> list[str]:
        made = [each for each in self._ids(clips.c.id, clips.c.story_id, [story_id]) if some is None or each in some]
        self._stop(made)
        self._end_shares(shares.c.clip_id, made)
        return self._forget_clips(clips.c.id, made, counts)

    def _forget_clips(self, column: Any, ids: Collection[str], counts: dict[str, int]) -> list[str]:
        media = self._ids(clips.c.media_key, column, ids)
        counts["clips"] += self._forget(clips, column, ids)
        return media

    def _forget_recordings(self, ids: Collection[str], counts: dict[str, int]) -> list[str]:
        media: list[str] = []
        self._forget(jobs, jobs.c.target_id, ids)
        for part in in_turn(ids):
            rows = self._unit.rows(select(recordings).where(recordings.c.id.in_(part)))
            media += [key for row in rows for key in _keys(row) if key]
        counts["transcripts"] += self._forget(transcripts, transcripts.c.recording_id, ids)
        counts["recordings"] += self._forget(recordings, recordings.c.id, ids)
        return media

    def _forget_texts(self, subjects: Iterable[str]) -> int:
        signed = update(consent_events).values(text=None).where(consent_events.c.text.is_not(None))
        return sum(self._unit.write(signed.where(consent_events.c.subject_id.in_(part)))
                   for part in in_turn(list(subjects)))

    def _end_shares(self, column: Any, ids: Collection[str], *clauses: ColumnElement[bool]) -> None:
        ended = update(shares).values(ended_at=self._unit.now()).where(shares.c.ended_at.is_(None), *clauses)
        for part in in_turn(ids):
            self._unit.write(ended.where(column.in_(part)))

    def _stop(self, targets: Collection[str]) -> None:
        open_ones = update(jobs).where(jobs.c.state.not_in([state.value for state in ENDED]))
        for part in in_turn(targets):
            self._unit.write(open_ones.where(jobs.c.target_id.in_(part)).values(cancel_asked=True))
            self._unit.write(open_ones.where(jobs.c.target_id.in_(part), jobs.c.state == JobState.WAITING.value)
                             .values(state=JobState.CANCELLED.value, ended_at=self._unit.now()))

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

    def _forget(self, table: Table, column: Any, ids: Collection[str]) -> int:
        return sum(self._unit.write(delete(table).where(column.in_(part))) for part in in_turn(ids))

    def _count(self, table: Table, column: Any, ids: Collection[str]) -> int:
        return sum(self._column(select(func.count()).select_from(table).where(column.in_(part)))[0]
                   for part in in_turn(ids))

    def _ids(self, wanted: Any, column: Any, among: Iterable[str]) -> list[str]:
        found: list[str] = []
        for part in in_turn(list(among)):
            found += self._column(select(wanted).where(column.in_(part), wanted.is_not(None)).distinct())
        return list(dict.fromkeys(found))

    def _column(self, query: Select[Any]) -> list[Any]:
        return [row[0] for row in self._unit.rows(query)]


def _keys(row: Row[Any]) -> tuple[str | None, ...]:
    return row.original_key, row.playable_key, row.poster_key, row.sound_key


def _erased(story_ids: Collection[str], media: Iterable[str], recording_ids: Collection[str],
            counts: dict[str, int]) -> Erased:
    return Erased(tuple(map(StoryId, story_ids)), tuple(dict.fromkeys(map(MediaKey, media))),
                  tuple(map(RecordingId, recording_ids)), counts)
