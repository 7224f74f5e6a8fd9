"""The bank: remembering people, recordings, stories, consents and what is made of them.

`with bank.open() as work:` reads and writes; nothing is kept unless `work.commit()` is called. Reads of a story or of
anything made from it take who asks and for which use, and find only what is allowed, so no caller can forget.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from story_bank.access import Use
from story_bank.company import Company
from story_bank.consent import Consent, Scope, Withdrawal
from story_bank.ids import (
    ClipId,
    DraftId,
    JobId,
    MediaKey,
    PersonId,
    PostId,
    RecordingId,
    StoryId,
    SubjectId,
    ValueId,
)
from story_bank.making import Clip, Draft, Job, Post
from story_bank.person import Person
from story_bank.recording import Recording
from story_bank.story import Passage, Story, Value
from story_bank.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, on which day of the company; every read carries one."""

    person: Person
    day: date


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """Facets; empty means any. Values: a story with at least one of them."""

    values: frozenset[ValueId] = frozenset()
    teams: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WordHit:
    """A passage found by its words; a greater score is a better match."""

    story_id: StoryId
    passage: int
    score: float


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the journal: ids alone, no words, no names."""

    at: datetime
    person_id: PersonId
    deed: str
    subject_id: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What was removed from the bank; `media` keys are then deleted from the vault."""

    stories: tuple[StoryId, ...]
    media: tuple[MediaKey, ...]


class Work(Protocol):
    """One unit of work on the bank. `NotFound` also means "not for this asker and use"."""

    def commit(self) -> None:
        """Keep everything done so far; after this it survives a power cut."""

    # company, people, sign-in
    def company(self) -> Company | None:
        """Return the company, or None before set-up."""

    def save_company(self, company: Company) -> None:
        """Set or replace the company."""

    def save_person(self, person: Person) -> None:
        """Add or replace a person; an e-mail address is unique (`Conflict`)."""

    def person(self, person_id: PersonId) -> Person:
        """Return the person (`NotFound`)."""

    def person_named(self, name: str) -> Person:
        """Return the person of that id, e-mail or unambiguous display name (case folded); `NotFound`, `Conflict`."""

    def people(self) -> list[Person]:
        """Return everyone, by display name."""

    def set_password_hash(self, person_id: PersonId, password_hash: str) -> None:
        """Keep the hash of a new password."""

    def password_hash(self, person_id: PersonId) -> str | None:
        """Return the kept hash, or None where no password was set."""

    def save_token(self, token_hash: str, kind: str, person_id: PersonId | None, expires_at: datetime) -> None:
        """Keep a session ("session") or one-time link ("invitation", "setup") by the hash of its secret."""

    def token_person(self, token_hash: str, kind: str, now: datetime) -> tuple[bool, PersonId | None]:
        """Return (known and not expired, its person)."""

    def drop_token(self, token_hash: str) -> None:
        """Forget a session or spent link."""

    # values
    def values(self) -> list[Value]:
        """Return the company's values, in the order they were saved."""

    def save_value(self, value: Value) -> None:
        """Add or replace a value."""

    # recordings and transcripts
    def add_recording(self, recording: Recording) -> Recording:
        """Keep a new recording and return it; or return what its owner gave with the same bytes, changing nothing.

        Two who give the same bytes at the same moment wait for one another.
        """

    def save_recording(self, recording: Recording) -> None:
        """Replace what is known of a recording."""

    def recording(self, asker: Asker, use: Use, recording_id: RecordingId) -> Recording:
        """Return a recording: its owner's, or one of a story the asker may use so (`NotFound`)."""

    def recording_of_job(self, recording_id: RecordingId) -> Recording:
        """Return a recording for the worker, which acts for its owner (`NotFound`)."""

    def same_recording(self, owner_id: PersonId, sha256: str) -> Recording | None:
        """Return what this person already gave with the same bytes, if any."""

    def save_transcript(self, transcript: Transcript) -> None:
        """Add a version, or replace the same version of the recording (while it is being heard).

        The text of the recording's stories follows, in the same transaction. `Conflict` when a newer version exists.
        """

    def transcript(self, recording_id: RecordingId, version: int | None = None) -> Transcript | None:
        """Return the latest (or that) version; callers hold a recording or story they were allowed to read."""

    # stories
    def save_story(self, story: Story) -> None:
        """Add or replace a story."""

    def hold_story(self, story_id: StoryId) -> None:
        """Wait for anyone who is changing this story, so that what is read of it next still holds when it is saved."""

    def story(self, asker: Asker, use: Use, story_id: StoryId) -> Story:
        """Return a story the asker may use so (`NotFound`)."""

    def story_from_source(self, source_id: str) -> Story | None:
        """Return what was imported under that id, if anything."""

    def stories_of(self, person_id: PersonId) -> list[Story]:
        """Return a person's own stories, newest first."""

    def stories_of_recording(self, recording_id: RecordingId) -> list[Story]:
        """Return the stories that a recording holds, for the worker."""

    def stories(self, asker: Asker, use: Use, where: StoryFilter = StoryFilter(), limit: int = 200) -> list[Story]:
        """Return stories the asker may use so, newest first."""

    def allowed(self, asker: Asker, use: Use, ids: Collection[StoryId],
                where: StoryFilter = StoryFilter()) -> dict[StoryId, Story]:
        """Return, of these stories, those the asker may use so and that pass the filter."""

    def story_of_job(self, story_id: StoryId) -> Story:
        """Return a story for the worker, which checks its use itself (`NotFound`)."""

    def every_story_id(self) -> list[StoryId]:
        """Return all ids, for rebuilding the index."""

    def save_passages(self, story_id: StoryId, passages: Sequence[Passage], stems: Sequence[str]) -> None:
        """Replace a story's passages and its rows of the full-text table (`stems`: space-joined stemmed tokens)."""

    def passages(self, story_ids: Collection[StoryId]) -> dict[StoryId, list[Passage]]:
        """Return passages in order, for stories that were allowed."""

    def word_hits(self, stems: Sequence[str], limit: int) -> list[WordHit]:
        """Return passages that hold at least one of the stems, best first (BM25); not yet filtered by permission."""

    def every_media_key(self) -> set[MediaKey]:
        """Return all that recordings and extracts name in the vault, for finding what nobody names."""

    def erase_stories(self, ids: Collection[StoryId]) -> Erased:
        """Remove stories with passages, drafts, posts, clips, jobs, and recordings that no story is left of."""

    def erase_demo(self) -> Erased:
        """Remove everything and everyone of the demonstration."""

    # consent
    def sign(self, consent: Consent) -> None:
        """Append a signature to the history; what stands follows in the same transaction."""

    def withdraw(self, withdrawal: Withdrawal) -> None:
        """Append a withdrawal; what stands follows in the same transaction."""

    def consent_history(self, subject_id: SubjectId) -> list[Consent | Withdrawal]:
        """Return everyone's history about it, oldest first."""

    def scopes(self, stories: Collection[Story]) -> Mapping[StoryId, list[Scope | None]]:
        """Return, for each story, what each person who appears in it permits, the author first."""

    # drafts, posts, clips
    def save_draft(self, draft: Draft) -> None:
        """Keep a suggestion, replacing this person's for the same story, profile, channel and language."""

    def draft(self, asker: Asker, draft_id: DraftId) -> Draft:
        """Return one's own suggestion for a story one may still draft from (`NotFound`)."""

    def draft_of_job(self, draft_id: DraftId) -> Draft:
        """Return a suggestion for the worker (`NotFound`)."""

    def drafts_for(self, asker: Asker, story_id: StoryId) -> list[Draft]:
        """Return one's own suggestions for a story one may still draft from, newest first."""

    def save_post(self, post: Post) -> None:
        """Add or replace one's page; `Conflict` when the kept version is not `post.version - 1`."""

    def post(self, asker: Asker, post_id: PostId) -> Post:
        """Return one's own page (`NotFound`)."""

    def post_for(self, asker: Asker, story_id: StoryId, channel: str) -> Post | None:
        """Return one's own page for that story and channel, if begun."""

    def save_clip(self, clip: Clip) -> None:
        """Add or replace an extract's recipe or result."""

    def clip(self, asker: Asker, use: Use, clip_id: ClipId) -> Clip:
        """Return an extract of a story the asker may use so (`NotFound`)."""

    def clip_of_job(self, clip_id: ClipId) -> Clip:
        """Return an extract for the worker (`NotFound`)."""

    def clips_of(self, asker: Asker, use: Use, story_id: StoryId) -> list[Clip]:
        """Return the extracts of a story the asker may use so, newest first."""

    # jobs: written with the data they belong to; the worker takes the waiting ones
    def add_job(self, job: Job) -> None:
        """Ask for work; a waiting or running job of the same kind and target is not doubled.

        An indexing that runs may have read the story before it changed, so one more may wait behind it.
        """

    def job(self, job_id: JobId) -> Job:
        """Return a job (`NotFound`)."""

    def save_job(self, job: Job) -> None:
        """Replace a job's state, keeping a cancellation asked meanwhile; a done or cancelled job stays as it is."""

    def ask_to_cancel(self, job_id: JobId) -> None:
        """Note that the person wants it stopped; the step polls for it. A waiting job ends at once."""

    def jobs_for(self, target_id: str) -> list[Job]:
        """Return the jobs about one thing, newest first."""

    def open_jobs(self) -> list[Job]:
        """Return jobs that have not ended, oldest first."""

    # journal
    def note(self, deed: Deed) -> None:
        """Append a line to the journal."""

    def journal_of(self, person_id: PersonId) -> list[Deed]:
        """Return what was done by this person or to their stories, newest first."""


class Bank(Protocol):
    """A place to remember in."""

    def open(self) -> AbstractContextManager[Work]:
        """Begin a unit of work; leaving without commit forgets it (`NotAvailable`: database locked or full)."""
