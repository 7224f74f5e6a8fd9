"""Stories, found only by those who may use them so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, TextClause, and_, delete, exists, select

from story_bank.access import Use
from story_bank.bank import Asker, StoryFilter
from story_bank.consent import Channel
from story_bank.errors import NotFound
from story_bank.ids import PersonId, RecordingId, StoryId, SubjectId, ValueId
from story_bank.sql.permission import open_to_all, usable
from story_bank.sql.recordings import RecordingRows
from story_bank.sql.tables import stories, story_people, story_values, values
from story_bank.sql.unit import in_turn
from story_bank.story import Story

_NEWEST = (stories.c.created_at.desc(), stories.c.id.desc())


class StoryRows(RecordingRows):
    """Stories; a recording's story always carries the latest transcript's text."""

    def save_story(self, story: Story) -> None:
        """Add or replace a story; what was heard or corrected meanwhile wins over the text given here."""
        heard = None
        if story.recording_id is not None:
            self._unit.claim("transcript", story.recording_id)
            heard = self.transcript(story.recording_id)
        self._unit.put(stories, {
            "id": story.id, "author_id": story.author_id, "title": story.title,
            "text": heard.text if heard else story.text, "language": story.language,
            "recorded_on": story.recorded_on, "created_at": story.created_at, "recording_id": story.recording_id,
            "subject_id": story.subject_id, "team": story.team, "site": story.site, "demo": story.demo,
            "source_id": story.source_id})
        self._unit.write(delete(story_people).where(story_people.c.story_id == story.id))
        self._unit.write(story_people.insert(), [
            {"story_id": story.id, "position": position, "person_id": person_id}
            for position, person_id in enumerate((story.author_id, *story.appearing))])
        self._unit.write(delete(story_values).where(story_values.c.story_id == story.id))
        if story.value_ids:
            self._unit.write(story_values.insert(), [
                {"story_id": story.id, "position": position, "value_id": value_id}
                for position, value_id in enumerate(story.value_ids)])

    def hold_story(self, story_id: StoryId) -> None:
        """Wait for anyone who is changing this story, so that what is read of it next still holds when it is saved."""
        self._unit.claim("story", story_id)

    def story(self, asker: Asker, use: Use, story_id: StoryId) -> Story:
        """Return a story the asker may use so (`NotFound`)."""
        return self._story(stories.c.id == story_id, usable(asker, use))

    def story_open_to_all(self, story_id: StoryId, channel: Channel, day: date) -> Story:
        """Return the story if everyone who appears in it lets anybody see it there on that day (`NotFound`)."""
        return self._story(stories.c.id == story_id, open_to_all(channel, day))

    def story_of_job(self, story_id: StoryId) -> Story:
        """Return a story for the worker, which checks its use itself (`NotFound`)."""
        return self._story(stories.c.id == story_id)

    def story_from_source(self, source_id: str) -> Story | None:
        """Return what was imported under that id, if anything."""
        return next(iter(self._stories(select(stories).where(stories.c.source_id == source_id))), None)

    def stories_of(self, person_id: PersonId) -> list[Story]:
        """Return a person's own stories, newest first."""
        return self._stories(select(stories).where(stories.c.author_id == person_id).order_by(*_NEWEST))

    def stories_with(self, person_id: PersonId) -> list[Story]:
        """Return the stories in which a person appears, as author or otherwise, newest first."""
        appears = exists().where(story_people.c.story_id == stories.c.id, story_people.c.person_id == person_id)
        return self._stories(select(stories).where(appears).order_by(*_NEWEST))

    def stories_about(self, subject_ids: Collection[SubjectId]) -> dict[SubjectId, list[Story]]:
        """Return the stories that consents for these subjects are about; subjects that are gone are left out."""
        found: defaultdict[SubjectId, list[Story]] = defaultdict(list)
        for part in in_turn(subject_ids):
            for story in self._stories(select(stories).where(stories.c.subject_id.in_(part)).order_by(*_NEWEST)):
                found[story.subject_id].append(story)
        return dict(found)

    def stories_of_recording(self, recording_id: RecordingId) -> list[Story]:
        """Return the stories that a recording holds, for the worker, oldest first."""
        return self._stories(select(stories).where(stories.c.recording_id == recording_id)
                             .order_by(stories.c.created_at, stories.c.id))

    def stories(self, asker: Asker, use: Use, where: StoryFilter = StoryFilter(), limit: int = 200) -> list[Story]:
        """Return stories the asker may use so, newest first."""
        return self._stories(select(stories).where(usable(asker, use), _passes(where)).order_by(*_NEWEST).limit(limit))

    def facets(self, asker: Asker, use: Use) -> StoryFilter:
        """Return every value of the company, team, site and language that a story bears which the asker may use so."""
        bears = exists().where(story_values.c.value_id == values.c.id, story_values.c.story_id == stories.c.id,
                               usable(asker, use))
        borne = self._unit.rows(select(values.c.id).where(bears))
        teams, sites, languages = (self._borne(column, asker, use) for column in (
            stories.c.team, stories.c.site, stories.c.language))
        return StoryFilter(frozenset(ValueId(row.id) for row in borne), teams, sites, languages)

    def _borne(self, column: Column[str], asker: Asker, use: Use) -> frozenset[str]:
        # Permission is asked until one story of each kind has it, not of all stories.
        each = select(column.label("said")).distinct().subquery()
        some = exists().where(column == each.c.said, usable(asker, use))
        return frozenset(row.said for row in self._unit.rows(select(each.c.said).where(each.c.said != "", some)))

    def allowed(self, asker: Asker, use: Use, ids: Collection[StoryId],
                where: StoryFilter = StoryFilter()) -> dict[StoryId, Story]:
        """Return, of these stories, those the asker may use so and that pass the filter."""
        found: dict[StoryId, Story] = {}
        for part in in_turn(ids):
            query = select(stories).where(stories.c.id.in_(part), usable(asker, use), _passes(where))
            found |= {story.id: story for story in self._stories(query)}
        return found

    def every_story_id(self) -> list[StoryId]:
        """Return all ids, oldest first, for rebuilding the index."""
        query = select(stories.c.id).order_by(stories.c.created_at, stories.c.id)
        return [StoryId(row.id) for row in self._unit.rows(query)]

    def _story(self, *clauses: ColumnElement[bool] | TextClause) -> Story:
        found = self._stories(select(stories).where(*clauses))
        if not found:
            raise NotFound("Ce récit n'existe pas, ou ne vous est pas ouvert pour cet usage.",
                           "This story does not exist, or is not open to you for this use.")
        return found[0]

    def _stories(self, query: Select[Any]) -> list[Story]:
        rows = self._unit.rows(query)
        people: defaultdict[str, list[PersonId]] = defaultdict(list)
        borne: defaultdict[str, list[ValueId]] = defaultdict(list)
        for part in in_turn([row.id for row in rows]):
            for kept, found, column in ((story_people, people, "person_id"), (story_values, borne, "value_id")):
                of_these = select(kept).where(kept.c.story_id.in_(part)).order_by(kept.c.story_id, kept.c.position)
                for row in self._unit.rows(of_these):
                    found[row.story_id].append(row._mapping[column])
        return [_story(row, people[row.id], borne[row.id]) for row in rows]


def _passes(where: StoryFilter) -> ColumnElement[bool]:
    clauses: list[ColumnElement[bool]] = [stories.c.id.is_not(None)]
    for wanted, column in ((where.teams, stories.c.team), (where.sites, stories.c.site),
                           (where.languages, stories.c.language)):
        if wanted:
            clauses.append(column.in_(sorted(wanted)))
    if where.values:
        clauses.append(exists().where(story_values.c.story_id == stories.c.id,
                                      story_values.c.value_id.in_(sorted(where.values))))
    return and_(*clauses)


def _story(row: Row[Any], people: Sequence[PersonId], value_ids: Sequence[ValueId]) -> Story:
    recording_id = None if row.recording_id is None else RecordingId(row.recording_id)
    return Story(StoryId(row.id), PersonId(row.author_id), row.title, row.text, row.language, row.recorded_on,
                 row.created_at, recording_id, row.team, row.site, tuple(value_ids), tuple(people[1:]), row.demo,
                 row.source_id)
