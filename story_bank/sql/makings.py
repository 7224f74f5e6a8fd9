"""Drafts, posts and clips: one's own, of stories one may still use so."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, Select, delete, select, update

from story_bank.access import Act, Use
from story_bank.bank import Asker
from story_bank.consent import Channel
from story_bank.errors import Conflict, NotFound
from story_bank.ids import ClipId, DraftId, MediaKey, PersonId, PostId, RecordingId, StoryId, WordId
from story_bank.language import Bilingual
from story_bank.making import Angle, CaptionStyle, Clip, Draft, DraftSentence, Post, Profile, Shape, Suggestion
from story_bank.sql.permission import usable
from story_bank.sql.tables import clips, drafts, posts, stories
from story_bank.sql.unit import Rows

_TO_DRAFT = Use(Act.DRAFT)


class MakingRows(Rows):
    """Drafts, posts and clips."""

    def save_draft(self, draft: Draft) -> None:
        """Keep a suggestion, replacing this person's for the same story, profile, channel and language."""
        row = {"story_id": draft.story_id, "person_id": draft.person_id, "profile": draft.profile.value,
               "channel": draft.channel.value, "language": draft.language}
        self._unit.claim("draft", *row.values())
        self._unit.write(delete(drafts).where(*(drafts.c[name] == value for name, value in row.items())))
        self._unit.put(drafts, {**row, "id": draft.id, "created_at": draft.created_at,
                                "suggestion": None if draft.suggestion is None else asdict(draft.suggestion)})

    def draft(self, asker: Asker, draft_id: DraftId) -> Draft:
        """Return one's own suggestion for a story one may still draft from (`NotFound`)."""
        return self._draft(_own_drafts(asker).where(drafts.c.id == draft_id))

    def draft_of_job(self, draft_id: DraftId) -> Draft:
        """Return a suggestion for the worker (`NotFound`)."""
        return self._draft(select(drafts).where(drafts.c.id == draft_id))

    def drafts_for(self, asker: Asker, story_id: StoryId) -> list[Draft]:
        """Return one's own suggestions for a story one may still draft from, newest first."""
        query = _own_drafts(asker).where(drafts.c.story_id == story_id)
        return [_draft(row) for row in
                self._unit.rows(query.order_by(drafts.c.created_at.desc(), drafts.c.id.desc()))]

    def save_post(self, post: Post) -> None:
        """Add or replace one's page; `Conflict` when the kept version is not `post.version - 1`."""
        row = {"id": post.id, "story_id": post.story_id, "person_id": post.person_id, "channel": post.channel.value,
               "text": post.text, "updated_at": post.updated_at, "version": post.version,
               "published_at": post.published_at, "address": post.address}
        if post.version == 1:
            kept = self._unit.add_if_new(posts, row)
        else:
            before = (posts.c.id == post.id, posts.c.person_id == post.person_id, posts.c.version == post.version - 1)
            kept = self._unit.write(update(posts).where(*before).values(row)) == 1
        if not kept:
            raise Conflict("Ce texte a été modifié dans une autre fenêtre ; rechargez-le avant de continuer.",
                           "This text was changed in another window; reload it before you go on.")

    def post(self, asker: Asker, post_id: PostId) -> Post:
        """Return one's own page (`NotFound`)."""
        row = self._unit.row(select(posts).where(posts.c.id == post_id, posts.c.person_id == asker.person.id))
        if row is None:
            raise _not_there()
        return _post(row)

    def post_for(self, asker: Asker, story_id: StoryId, channel: str) -> Post | None:
        """Return one's own page for that story and channel, if begun."""
        row = self._unit.row(select(posts).where(
            posts.c.story_id == story_id, posts.c.person_id == asker.person.id, posts.c.channel == str(channel)))
        return None if row is None else _post(row)

    def posts_of(self, person_id: PersonId) -> list[Post]:
        """Return every page a person wrote, newest first, for their own export."""
        query = select(posts).where(posts.c.person_id == person_id)
        return [_post(row) for row in self._unit.rows(query.order_by(posts.c.updated_at.desc(), posts.c.id.desc()))]

    def save_clip(self, clip: Clip) -> None:
        """Add or replace an extract's recipe or result."""
        self._unit.put(clips, {
            "id": clip.id, "story_id": clip.story_id, "recording_id": clip.recording_id, "person_id": clip.person_id,
            "first_word": clip.first_word, "last_word": clip.last_word, "removed": list(clip.removed),
            "shape": clip.shape.value, "captions": clip.captions.value, "created_at": clip.created_at,
            "title": clip.title, "media_key": clip.media_key, "duration_s": clip.duration_s, "face": clip.face,
            "said": clip.said})

    def clip(self, asker: Asker, use: Use, clip_id: ClipId) -> Clip:
        """Return an extract of a story the asker may use so (`NotFound`)."""
        return self._clip(_clips(asker, use).where(clips.c.id == clip_id))

    def clip_of_job(self, clip_id: ClipId) -> Clip:
        """Return an extract for the worker (`NotFound`)."""
        return self._clip(select(clips).where(clips.c.id == clip_id))

    def clips_of(self, asker: Asker, use: Use, story_id: StoryId) -> list[Clip]:
        """Return the extracts of a story the asker may use so, newest first."""
        return self._newest(_clips(asker, use).where(clips.c.story_id == story_id))

    def clips_of_job(self, story_id: StoryId) -> list[Clip]:
        """Return every extract of a story, newest first, for the worker and whoever removes what is not covered."""
        return self._newest(select(clips).where(clips.c.story_id == story_id))

    def _newest(self, query: Select[Any]) -> list[Clip]:
        return [_clip(row) for row in self._unit.rows(query.order_by(clips.c.created_at.desc(), clips.c.id.desc()))]

    def _draft(self, query: Select[Any]) -> Draft:
        row = self._unit.row(query)
        if row is None:
            raise _not_there()
        return _draft(row)

    def _clip(self, query: Select[Any]) -> Clip:
        row = self._unit.row(query)
        if row is None:
            raise _not_there()
        return _clip(row)


def _own_drafts(asker: Asker) -> Select[Any]:
    return (select(drafts).join(stories, stories.c.id == drafts.c.story_id)
            .where(drafts.c.person_id == asker.person.id, usable(asker, _TO_DRAFT)))


def _clips(asker: Asker, use: Use) -> Select[Any]:
    return select(clips).join(stories, stories.c.id == clips.c.story_id).where(usable(asker, use))


def _draft(row: Row[Any]) -> Draft:
    return Draft(DraftId(row.id), StoryId(row.story_id), PersonId(row.person_id), Profile(row.profile),
                 Channel(row.channel), row.language, row.created_at, _suggestion(row.suggestion))


def _suggestion(kept: dict[str, Any] | None) -> Suggestion | None:
    if kept is None:
        return None
    angles = tuple(
        Angle(angle["title"], angle["hook"], tuple(DraftSentence(**sentence) for sentence in angle["sentences"]))
        for angle in kept["angles"])
    note = None if kept["note"] is None else Bilingual(**kept["note"])
    return Suggestion(kept["writer"], tuple(kept["questions"]), angles, note)


def _post(row: Row[Any]) -> Post:
    return Post(PostId(row.id), StoryId(row.story_id), PersonId(row.person_id), Channel(row.channel), row.text,
                row.updated_at, row.version, row.published_at, row.address)


def _clip(row: Row[Any]) -> Clip:
    return Clip(
        ClipId(row.id), StoryId(row.story_id), RecordingId(row.recording_id), PersonId(row.person_id),
        WordId(row.first_word), WordId(row.last_word), tuple(WordId(word_id) for word_id in row.removed),
        Shape(row.shape), CaptionStyle(row.captions), row.created_at, row.title,
        None if row.media_key is None else MediaKey(row.media_key), row.duration_s, row.face, row.said)


def _not_there() -> NotFound:
    return NotFound("Ceci n'existe pas, ou ne vous est pas ouvert.", "This does not exist, or is not open to you.")
