"""The bank: remembering people, recordings, stories, consents and what is made of them.

`with bank.open() as work:` reads and writes; nothing is kept unless `work.commit()` is called. Reads of a story or of
anything made from it take who asks and for which use, and find only what is allowed, so no caller can forget.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from story_bank.access import Use
from story_bank.company import Company
from story_bank.consent import Channel, Consent, Scope, Withdrawal
from story_bank.corner import Corner, Visit
from story_bank.glossary import Proposal, Term
from story_bank.ids import (
    ClipId,
    CornerId,
    DraftId,
    JobId,
    MediaKey,
    PersonId,
    PostId,
    RecordingId,
    ReviewId,
    StoryId,
    SubjectId,
    TermId,
    ValueId,
)
from story_bank.making import Clip, Draft, Job, Post, Share
from story_bank.person import Person, Role
from story_bank.recording import MediaKind, Recording
from story_bank.story import Passage, Story, Value
from story_bank.transcript import Transcript, Version


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, on which day of the company; every read carries one."""

    person: Person
    day: date
    at_corner: bool = False
    """Somebody without a role who came to a corner at an event, to tell one story."""


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


class Did(StrEnum):
    """What the journal tells of: deeds to a consent or a story, and nothing else that a person does."""

    SIGNED = "signed"
    WITHDREW = "withdrew"
    FORGOT = "forgot"
    NAMED = "named"
    UNNAMED = "unnamed"
    """Said that somebody is recognisable in a story, and took it back."""
    CUT = "cut"
    DOWNLOADED = "downloaded"
    SHARED = "shared"
    UNSHARED = "unshared"
    EXPORTED = "exported"
    """One's own data, or a story's files."""
    READ_REGISTER = "read-register"
    ASKED_REVIEW = "asked-review"
    SETTLED_REVIEW = "settled-review"
    ERASED_WRITING = "erased-writing"
    """All that one wrote and had not published; to be read by oneself alone, and done again by a restore."""
    REMINDED = "reminded"
    """Asked by mail, before the end of a consent of theirs, whether it is to go on."""
    OPENED_CORNER = "opened-corner"
    CLOSED_CORNER = "closed-corner"
    CLAIMED = "claimed"
    """Made a story one's own that one had told at a corner."""
    MADE_LINK = "made-link"
    """By which a person comes to all that is theirs: it is handed over by whoever made it."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the journal: ids alone, no words, no names.

    `subject_id` is a story's, a person's for `MADE_LINK`, a corner's for opening and closing it, or "" for none.
    """

    at: datetime
    person_id: PersonId
    deed: Did
    subject_id: str


@dataclass(frozen=True, slots=True)
class Token:
    """A session or a link, known by the hash of its secret (SHA-256, hexadecimal)."""

    token_hash: str
    kind: str
    """"session", "invitation", "setup", "reset", "signing", "corner" (a session at one), "browser" (known) or "oidc"
    (on the way there)."""
    person_id: PersonId | None
    made_at: datetime
    expires_at: datetime
    about: str = ""
    """A SubjectId, for "signing"; a CornerId, for "corner"; where one wanted to go, for "oidc"."""
    label: str = ""
    """How a person recognises one of their sessions."""


@dataclass(frozen=True, slots=True)
class Badge:
    """Whom the company's sign-in means by a subject, and the roles that its groups gave at the last sign-in."""

    issuer: str
    subject: str
    person_id: PersonId
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Review:
    """A question to the steward: somebody in this story has left; may it stay open?"""

    id: ReviewId
    person_id: PersonId
    story_id: StoryId
    asked_at: datetime
    settled_at: datetime | None = None
    settled_by: PersonId | None = None
    kept: bool | None = None
    """True: left as their consent says; False: closed; None: not settled."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was removed from the bank; `media` keys are then deleted from the vault."""

    stories: tuple[StoryId, ...]
    media: tuple[MediaKey, ...]
    recordings: tuple[RecordingId, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many rows of each kind: stories, recordings, transcripts, passages, drafts, posts, clips, texts."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One forgetting, kept as proof without content, and done again on a restored backup."""

    id: str
    at: datetime
    person_id: PersonId
    """Who asked; the owner where it happened by itself."""
    story_ids: tuple[StoryId, ...]
    recording_ids: tuple[RecordingId, ...]
    counts: Mapping[str, int]
    """As in `Erased`, and the number of files."""


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

    def hold_people(self) -> None:
        """Wait for anyone who is changing who is here and in which role, so that what is read next still holds."""

    def people(self) -> list[Person]:
        """Return everyone, by display name."""

    def set_password_hash(self, person_id: PersonId, password_hash: str) -> None:
        """Keep the hash of a new password."""

    def password_hash(self, person_id: PersonId) -> str | None:
        """Return the kept hash, or None where no password was set."""

    def drop_password(self, person_id: PersonId) -> None:
        """Forget the hash: the person no longer signs in with a password."""

    def save_token(self, token: Token) -> None:
        """Keep a session or a link, or replace it."""

    def token(self, token_hash: str, kind: str, now: datetime) -> Token | None:
        """Return the session or link of that kind, or None when it is unknown or has expired."""

    def tokens_of(self, person_id: PersonId, kind: str, now: datetime) -> list[Token]:
        """Return a person's sessions or links that have not expired, newest first."""

    def drop_token(self, token_hash: str) -> bool:
        """Forget a session or spent link; tell whether it was there, so that of two who spend it only one does."""

    def drop_tokens(self, person_id: PersonId, kind: str, but: str = "") -> None:
        """Forget a person's sessions or links of that kind, except the one of that hash."""

    def drop_old_tokens(self, now: datetime) -> None:
        """Forget what has expired."""

    def badge(self, issuer: str, subject: str) -> Badge | None:
        """Return the badge of that issuer and subject, or None when nobody came by it."""

    def save_badge(self, badge: Badge) -> None:
        """Keep whom it stands for, and the roles that groups give, or replace them."""

    def badges_of(self, person_id: PersonId) -> list[Badge]:
        """Return a person's badges."""

    def drop_badges(self, person_id: PersonId) -> None:
        """Forget a person's badges: the company's sign-in does not know them any more."""

    def save_review(self, review: Review) -> None:
        """Ask for a review, or settle it."""

    def review(self, review_id: ReviewId) -> Review:
        """Return a review (`NotFound`)."""

    def reviews(self) -> list[Review]:
        """Return the reviews, those not settled first, then the newest."""

    # values
    def values(self) -> list[Value]:
        """Return the company's values, in the order they were saved."""

    def save_value(self, value: Value) -> None:
        """Add or replace a value."""

    # glossary
    def save_term(self, term: Term) -> None:
        """Add or replace a term (`Conflict` when another one is written so)."""

    def term(self, term_id: TermId) -> Term:
        """Return a term (`NotFound`); callers hold the duty to curate, or made it."""

    def term_written(self, written: str) -> Term | None:
        """Return the term that is written just so, whoever may see it; for saving, not for showing."""

    def terms(self) -> list[Term]:
        """Return every term by its writing, for who curates: each with what its proposers heard in its place."""

    def terms_for(self, person_id: PersonId) -> list[Term]:
        """Return what helps this person's transcriptions: their own proposals, then what is kept, the newest first."""

    def propose_term(self, proposal: Proposal) -> None:
        """Note who wishes a term, from which story; noting it twice changes nothing."""

    def take_back_proposal(self, term_id: TermId, person_id: PersonId) -> None:
        """Forget a person's wish; a term that nobody kept nor wishes any more goes with it."""

    def proposals_of(self, person_id: PersonId) -> list[Proposal]:
        """Return what a person proposed, oldest first."""

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

    def kinds(self, recording_ids: Collection[RecordingId]) -> dict[RecordingId, MediaKind]:
        """Return which recordings are seen and which only heard, for stories that were allowed."""

    def same_recording(self, owner_id: PersonId, sha256: str) -> Recording | None:
        """Return what this person already gave with the same bytes, if any."""

    def save_transcript(self, transcript: Transcript) -> None:
        """Add a version, or replace the same version of the recording (while it is being heard).

        The text of the recording's stories follows, in the same transaction. `Conflict` when a newer version exists.
        """

    def transcript(self, recording_id: RecordingId, version: int | None = None) -> Transcript | None:
        """Return the latest (or that) version; callers hold a recording or story they were allowed to read."""

    def transcript_versions(self, recording_id: RecordingId) -> list[Version]:
        """Return the versions that are kept, newest first; callers hold a recording that is the asker's own."""

    def drop_transcript(self, recording_id: RecordingId, version: int) -> None:
        """Remove one version, which another has replaced."""

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

    def stories_with(self, person_id: PersonId) -> list[Story]:
        """Return the stories in which a person appears, as author or otherwise, newest first."""

    def stories_about(self, subject_ids: Collection[SubjectId]) -> dict[SubjectId, list[Story]]:
        """Return the stories that consents for these subjects are about; subjects that are gone are left out."""

    def stories_of_recording(self, recording_id: RecordingId) -> list[Story]:
        """Return the stories that a recording holds, for the worker."""

    def stories(self, asker: Asker, use: Use, where: StoryFilter = StoryFilter(), limit: int = 200) -> list[Story]:
        """Return stories the asker may use so, newest first."""

    def facets(self, asker: Asker, use: Use) -> StoryFilter:
        """Return every value of the company, team, site and language that a story bears which the asker may use so."""

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
        """Remove stories with passages, drafts, posts, clips, jobs, and recordings that no story is left of.

        Share pages of theirs end. Of consents about what is gone, dates, scope, hash and signature stay; the text,
        which tells of the story, goes.
        """

    def erase_made(self, story_id: StoryId, *, drafts: bool = False, clips: bool = False,
                   channels: Collection[Channel] = (), clip_ids: Collection[ClipId] = ()) -> Erased:
        """Remove what was made of a story: suggestions, extracts (their share pages end), share pages on channels.

        `clips` removes every extract, `clip_ids` some. Jobs that were making it are asked to stop. One's own posts are
        left: they are what a person wrote.
        """

    def erase_writing(self, person_id: PersonId) -> Erased:
        """Remove a person's suggestions, with the jobs that were making them, and the pages they have not published."""

    def stories_with_makings(self) -> list[StoryId]:
        """Return the stories of which suggestions, extracts or open share pages exist."""

    def note_forgotten(self, forgotten: Forgotten) -> None:
        """Keep the proof of a forgetting; noting it twice changes nothing."""

    def forgotten(self) -> list[Forgotten]:
        """Return every forgetting, oldest first."""

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

    def consents_of(self, person_id: PersonId) -> list[Consent | Withdrawal]:
        """Return everything a person signed or took back, oldest first."""

    def every_consent(self) -> list[Consent | Withdrawal]:
        """Return everyone's signatures and withdrawals, oldest first, for the register."""

    # drafts, posts, clips
    def with_consents_ending(self, first: date, last: date) -> list[PersonId]:
        """Return whose consents, those that stand, end on one of these days, both included."""

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

    def clips_of_job(self, story_id: StoryId) -> list[Clip]:
        """Return every extract of a story, newest first, for the worker and whoever removes what is not covered."""

    def posts_of(self, person_id: PersonId) -> list[Post]:
        """Return every page a person wrote, newest first, for their own export."""

    # share pages
    def save_share(self, share: Share) -> None:
        """Make a share page, or end it."""

    def share(self, secret_hash: str) -> Share | None:
        """Return the page behind an address, ended or not; None when there never was one."""

    def shares_of(self, story_id: StoryId) -> list[Share]:
        """Return a story's pages that have not ended, newest first; callers hold a story they were allowed to read."""

    def story_open_to_all(self, story_id: StoryId, channel: Channel, day: date) -> Story:
        """Return the story if everyone who appears in it lets anybody see it there on that day (`NotFound`)."""

    # corners at events
    def save_corner(self, corner: Corner) -> None:
        """Open a corner, or replace what is known of it."""

    def corner(self, corner_id: CornerId) -> Corner:
        """Return a corner (`NotFound`)."""

    def corner_at(self, secret: str) -> Corner | None:
        """Return the corner behind an address, open or not; None when there never was one."""

    def corners(self) -> list[Corner]:
        """Return every corner, newest first."""

    def save_visit(self, visit: Visit) -> None:
        """Note that somebody without an account came to a corner, and later their code."""

    def visit(self, person_id: PersonId) -> Visit | None:
        """Return the visit that a guest was made for; None for anybody else."""

    def visit_of_code(self, code_hash: str) -> Visit | None:
        """Return the visit whose code has this hash, or None."""

    def visits(self) -> list[Visit]:
        """Return every visit that is still kept, oldest first."""

    def hand_over(self, person_id: PersonId, to: PersonId) -> None:
        """Make all that a visitor recorded and told somebody else's, with the jobs about it."""

    def drop_visitor(self, person_id: PersonId) -> bool:
        """Forget a visitor to whom nothing belongs, with their visit and session; tell whether that was so."""

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
        """Return what a person did, and what anybody did for them or to their stories, newest first.

        Their stories are those in which they appear, and those that they had forgotten.
        """


class Bank(Protocol):
    """A place to remember in."""

    def copy_to(self, folder: Path) -> None:
        """Write everything as of one moment into the folder, one file a table (JSON lines), while others go on."""

    def fill_from(self, folder: Path) -> None:
        """Replace everything by what `copy_to` wrote, on either database (`BadInput` for what it did not write).

        Nothing is changed unless all of it could be read. Words are made findable again by indexing.
        """

    def open(self) -> AbstractContextManager[Work]:
        """Begin a unit of work; leaving without commit forgets it (`NotAvailable`: database locked or full)."""
