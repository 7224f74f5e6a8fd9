"""The tables, in portable types: moments are UTC and aware, days are days of the company, ids are texts.

`standing` projects the consent history so that a query can ask what is permitted; it is written with the history.
`passage_words` is the full-text table: FTS5 on SQLite, a `tsvector` with its own BM25 on PostgreSQL (see `words`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    DDL,
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the driver the moment in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(naming_convention={
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s",
})


def _id(name: str = "id") -> Column[str]:
    return Column(name, String, primary_key=True)


def _of(name: str, other: str, *, gone: str | None = None, key: bool = False, null: bool = False) -> Column[str]:
    return Column(name, String, ForeignKey(other, ondelete=gone), primary_key=key, nullable=null, index=not key)


def _words(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


company = Table(
    "company", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False), _words("name"),
    Column("languages", JSON, nullable=False), Column("channels", JSON, nullable=False),
    Column("timezone", String, nullable=False), Column("demo", Boolean, nullable=False),
)
people = Table(
    "people", metadata,
    _id(), _words("display_name"), Column("name_key", Text, nullable=False, index=True), _words("first_name"),
    Column("language", String, nullable=False), _words("email", null=True),
    Column("email_key", Text, nullable=True, unique=True), _words("job"), _words("team"), _words("site"),
    Column("roles", JSON, nullable=False), Column("demo", Boolean, nullable=False),
    Column("cast", Boolean, nullable=False), Column("left_on", Date, nullable=True),
)
passwords = Table(
    "passwords", metadata,
    _of("person_id", "people.id", gone="CASCADE", key=True), Column("password_hash", String, nullable=False),
)
tokens = Table(
    "tokens", metadata,
    _id("token_hash"), Column("kind", String, nullable=False), _of("person_id", "people.id", gone="CASCADE", null=True),
    Column("made_at", Moment, nullable=False), Column("expires_at", Moment, nullable=False),
    Column("about", String, nullable=False), _words("label"),
)
values = Table(
    "company_values", metadata,
    _id(), Column("position", Integer, nullable=False), Column("name", JSON, nullable=False),
    Column("description", JSON, nullable=False), Column("behaviours", JSON, nullable=False),
    Column("examples_fr", JSON, nullable=False), Column("examples_en", JSON, nullable=False),
    Column("demo", Boolean, nullable=False),
)
recordings = Table(
    "recordings", metadata,
    _id(), _of("owner_id", "people.id"), Column("kind", String, nullable=False),
    Column("original_key", String, nullable=False), _words("original_name"),
    Column("sha256", String, nullable=False, index=True), Column("duration_s", Float, nullable=False),
    Column("language", String, nullable=True), Column("context", JSON, nullable=False),
    Column("created_at", Moment, nullable=False), Column("question_id", String, nullable=True),
    Column("markers", JSON, nullable=False), Column("playable_key", String, nullable=True),
    Column("poster_key", String, nullable=True), Column("sound_key", String, nullable=True),
    Column("voices", Integer, nullable=True), Column("faces", Integer, nullable=True),
)
transcripts = Table(
    "transcripts", metadata,
    _of("recording_id", "recordings.id", gone="CASCADE", key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("id", String, nullable=False, unique=True), Column("language", String, nullable=False),
    Column("model", String, nullable=False),
    Column("duration_s", Float, nullable=False), Column("segments", JSON, nullable=False),
    Column("created_at", Moment, nullable=False), _words("note", null=True),
    Column("finished", Boolean, nullable=False),
)
stories = Table(
    "stories", metadata,
    _id(), _of("author_id", "people.id"), _words("title"), _words("text"),
    Column("language", String, nullable=False, index=True), Column("recorded_on", Date, nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
    _of("recording_id", "recordings.id", null=True), Column("subject_id", String, nullable=False, index=True),
    Column("team", Text, nullable=False, index=True), Column("site", Text, nullable=False, index=True),
    Column("demo", Boolean, nullable=False),
    Column("source_id", String, nullable=True, unique=True),
)
story_people = Table(
    "story_people", metadata,
    _of("story_id", "stories.id", gone="CASCADE", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("person_id", String, nullable=False),
    comment="The author at 0, then those who appear; without a foreign key, so that nobody's going opens a story.",
)
story_values = Table(
    "story_values", metadata,
    _of("story_id", "stories.id", gone="CASCADE", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("value_id", String, nullable=False, index=True),
)
passages = Table(
    "passages", metadata,
    Column("id", Integer, primary_key=True), _of("story_id", "stories.id", gone="CASCADE"),
    Column("number", Integer, nullable=False), _words("text"), Column("start", Float, nullable=True),
    Column("end", Float, nullable=True), Column("word_ids", JSON, nullable=False),
    UniqueConstraint("story_id", "number"),
)
consent_events = Table(
    "consent_events", metadata,
    Column("number", Integer, primary_key=True), Column("id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False), Column("subject_id", String, nullable=False, index=True),
    _of("person_id", "people.id"), Column("scope", JSON(none_as_null=True), nullable=True),
    _words("text", null=True), Column("text_version", String, nullable=True),
    Column("text_hash", String, nullable=True), _words("signature", null=True),
    Column("channels", JSON(none_as_null=True), nullable=True), Column("at", Moment, nullable=False),
    comment="Signatures and withdrawals, in the order they were given; where a story is forgotten, its texts alone go.",
)
standing = Table(
    "standing", metadata,
    _id("subject_id"), _id("person_id"),
    Column("may_library", Boolean, nullable=False), Column("may_draft", Boolean, nullable=False),
    Column("may_clip", Boolean, nullable=False), Column("may_share", Boolean, nullable=False),
    Column("from_day", Date, nullable=False), Column("until_day", Date, nullable=False),
    Column("face", Boolean, nullable=False), Column("voice", Boolean, nullable=False),
    Column("name", String, nullable=False),
    comment="What the history adds up to, for each subject and person; no row where nothing is permitted.",
)
standing_channels = Table(
    "standing_channels", metadata,
    _id("subject_id"), _id("person_id"), _id("channel"),
    ForeignKeyConstraint(["subject_id", "person_id"], ["standing.subject_id", "standing.person_id"],
                         ondelete="CASCADE"),
)
drafts = Table(
    "drafts", metadata,
    _id(), _of("story_id", "stories.id", gone="CASCADE"), _of("person_id", "people.id"),
    Column("profile", String, nullable=False), Column("channel", String, nullable=False),
    Column("language", String, nullable=False), Column("suggestion", JSON(none_as_null=True), nullable=True),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("story_id", "person_id", "profile", "channel", "language"),
)
posts = Table(
    "posts", metadata,
    _id(), _of("story_id", "stories.id", gone="CASCADE"), _of("person_id", "people.id"),
    Column("channel", String, nullable=False), _words("text"), Column("updated_at", Moment, nullable=False),
    Column("version", Integer, nullable=False), Column("published_at", Moment, nullable=True),
    _words("address", null=True),
    UniqueConstraint("story_id", "person_id", "channel"),
)
clips = Table(
    "clips", metadata,
    _id(), _of("story_id", "stories.id", gone="CASCADE"), _of("recording_id", "recordings.id"),
    _of("person_id", "people.id"), Column("first_word", String, nullable=False),
    Column("last_word", String, nullable=False), Column("removed", JSON, nullable=False),
    Column("shape", String, nullable=False), Column("captions", String, nullable=False),
    Column("created_at", Moment, nullable=False), _words("title"), Column("media_key", String, nullable=True),
    Column("duration_s", Float, nullable=True), Column("face", Boolean, nullable=False), _words("said", null=True),
)
_BLOCKS = "state = 'waiting' OR (state = 'running' AND kind <> 'index')"
"""Jobs that a new one of the same kind and target would double."""
jobs = Table(
    "jobs", metadata,
    _id(), Column("kind", String, nullable=False), Column("target_id", String, nullable=False, index=True),
    _of("person_id", "people.id"), Column("state", String, nullable=False, index=True),
    Column("progress", Float, nullable=False), Column("created_at", Moment, nullable=False),
    Column("cancel_asked", Boolean, nullable=False), Column("error", JSON(none_as_null=True), nullable=True),
    Column("started_at", Moment, nullable=True), Column("ended_at", Moment, nullable=True),
    Index("one_open_job", "kind", "target_id", unique=True, sqlite_where=text(_BLOCKS), postgresql_where=text(_BLOCKS)),
)
journal = Table(
    "journal", metadata,
    Column("number", Integer, primary_key=True), Column("at", Moment, nullable=False),
    Column("person_id", String, nullable=False, index=True), Column("deed", String, nullable=False),
    Column("subject_id", String, nullable=False, index=True),
)
badges = Table(
    "badges", metadata,
    _id("issuer"), _id("subject"), _of("person_id", "people.id", gone="CASCADE"),
    Column("roles", JSON, nullable=False),
    comment="Whom the company's sign-in means by a subject, and the roles that its groups gave at the last sign-in.",
)
reviews = Table(
    "reviews", metadata,
    _id(), _of("person_id", "people.id", gone="CASCADE"), _of("story_id", "stories.id", gone="CASCADE"),
    Column("asked_at", Moment, nullable=False), Column("settled_at", Moment, nullable=True),
    Column("settled_by", String, nullable=True), Column("kept", Boolean, nullable=True),
)
shares = Table(
    "shares", metadata,
    _id(), Column("clip_id", String, nullable=False, index=True),
    Column("story_id", String, nullable=False, index=True),
    Column("channel", String, nullable=False), Column("person_id", String, nullable=False, index=True),
    Column("secret_hash", String, nullable=False, unique=True), Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=True),
    comment="Pages by their address; without foreign keys, so that one goes on saying that it is gone.",
)
corners = Table(
    "corners", metadata,
    _id(), _words("name"), Column("secret", String, nullable=False, unique=True),
    Column("until_day", Date, nullable=False), Column("languages", JSON, nullable=False),
    Column("opened_by", String, nullable=False, index=True), Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment, nullable=True), Column("told", Integer, nullable=False),
    comment="Corners at events; the secret of their address hangs on a wall, so it is kept to be printed again.",
)
corner_visits = Table(
    "corner_visits", metadata,
    _of("person_id", "people.id", gone="CASCADE", key=True), _of("corner_id", "corners.id", gone="CASCADE"),
    Column("begun_at", Moment, nullable=False), Column("code_hash", String, nullable=True, unique=True),
)
forgettings = Table(
    "forgettings", metadata,
    _id(), Column("at", Moment, nullable=False), Column("person_id", String, nullable=False, index=True),
    Column("story_ids", JSON, nullable=False), Column("recording_ids", JSON, nullable=False),
    Column("counts", JSON, nullable=False),
    comment="What was forgotten, by ids and numbers alone; done again on a restored backup.",
)
terms = Table(
    "glossary_terms", metadata,
    _id(), Column("written", Text, nullable=False, unique=True), Column("kind", String, nullable=False),
    Column("state", String, nullable=False), _of("made_by", "people.id", gone="CASCADE"),
    Column("made_at", Moment, nullable=False), Column("heard_as", JSON, nullable=False),
    Column("language", String, nullable=True), Column("decided_at", Moment, nullable=True),
)
proposals = Table(
    "glossary_proposals", metadata,
    _of("term_id", "glossary_terms.id", gone="CASCADE", key=True),
    _of("person_id", "people.id", gone="CASCADE", key=True),
    _of("story_id", "stories.id", gone="CASCADE", key=True), Column("heard", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Index("ix_glossary_proposals_person_id", "person_id"), Index("ix_glossary_proposals_story_id", "story_id"),
    comment="Who wishes a term, from which story; it goes with the story.",
)

WORD_TABLES = (
    ("sqlite", "CREATE VIRTUAL TABLE passage_words USING fts5(tokens, tokenize = 'unicode61 remove_diacritics 0')"),
    ("postgresql", "CREATE TABLE passage_words (passage_id INTEGER PRIMARY KEY REFERENCES passages (id)"
                   " ON DELETE CASCADE, length INTEGER NOT NULL, tokens TSVECTOR NOT NULL)"),
    ("postgresql", "CREATE INDEX ix_passage_words_tokens ON passage_words USING gin (tokens)"),
)
for _dialect, _statement in WORD_TABLES:
    event.listen(metadata, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
