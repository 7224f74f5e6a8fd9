"""What is made from a story: suggested drafts, the author's own post, clips, and the jobs that make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from story_bank.consent import Appearance, Channel
from story_bank.errors import BadInput
from story_bank.ids import ClipId, DraftId, JobId, MediaKey, PersonId, PostId, RecordingId, ShareId, StoryId, WordId
from story_bank.language import Bilingual, Language


class Profile(StrEnum):
    """How an ambassador likes to speak (V11–V14)."""

    EXPERT = "expert"
    REPORTER = "reporter"
    SUPPORTER = "supporter"
    RH = "rh"


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence of an angle; a spoken one rests on words, with seconds where the story has media."""

    text: str
    origin: Literal["spoken", "added"]
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Angle:
    """One way to begin: a title, a hook and sentences, each with where it comes from."""

    title: str
    hook: str
    sentences: tuple[DraftSentence, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Questions first, then angles; `note` says in one line what the person should know of the writer."""

    writer: str
    questions: tuple[str, ...]
    angles: tuple[Angle, ...]
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A suggestion kept for one person, story, profile, channel and language."""

    id: DraftId
    story_id: StoryId
    person_id: PersonId
    profile: Profile
    channel: Channel
    language: Language
    created_at: datetime
    suggestion: Suggestion | None = None
    """None until the job has written it."""


@dataclass(frozen=True, slots=True)
class Post:
    """A person's own page about a story for one channel; saved as it is typed."""

    id: PostId
    story_id: StoryId
    person_id: PersonId
    channel: Channel
    text: str
    updated_at: datetime
    version: int = 1
    published_at: datetime | None = None
    address: str | None = None


class Shape(StrEnum):
    """The picture formats: 1080×1920, 1080×1080, 1920×1080 pixels."""

    VERTICAL = "vertical"
    SQUARE = "square"
    WIDE = "wide"


class CaptionStyle(StrEnum):
    """Burnt-in captions: the spoken word highlighted, plain, or none."""

    HIGHLIGHT = "highlight"
    PLAIN = "plain"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Clip:
    """The recipe of an extract as data (word ids, format, captions) and, once rendered, its file."""

    id: ClipId
    story_id: StoryId
    recording_id: RecordingId
    person_id: PersonId
    first_word: WordId
    last_word: WordId
    removed: tuple[WordId, ...]
    shape: Shape
    captions: CaptionStyle
    created_at: datetime
    title: str = ""
    media_key: MediaKey | None = None
    duration_s: float | None = None
    face: bool = False
    """Whether the rendered file shows a face."""
    said: str | None = None
    """The words that its captions show, so that it closes when they say more of a name than is agreed; None before."""

    def within(self, agreed: Appearance) -> bool:
        """Tell whether everything that the file lets hear and see is still agreed."""
        return agreed.voice and (agreed.face or not self.face)


@dataclass(frozen=True, slots=True)
class Share:
    """A page that shows one extract to whoever holds its address, for one channel, until consent for it ends."""

    id: ShareId
    clip_id: ClipId
    story_id: StoryId
    channel: Channel
    person_id: PersonId
    """Who made the page."""
    secret_hash: str
    made_at: datetime
    ended_at: datetime | None = None
    """Once ended it never opens again: the page says that it is gone."""


class JobKind(StrEnum):
    """The durable jobs; each carries the id of the one thing it works on."""

    TRANSCRIBE = "transcribe"
    NORMALISE = "normalise"
    INDEX = "index"
    DRAFT = "draft"
    CLIP = "clip"


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})
QUEUE_OF = {JobKind.TRANSCRIBE: "long", JobKind.NORMALISE: "long", JobKind.INDEX: "quick",
            JobKind.DRAFT: "quick", JobKind.CLIP: "quick"}
"""Two queues, so that a draft or an extract never waits behind a transcription."""


@dataclass(frozen=True, slots=True)
class Job:
    """A durable job as the person sees it: ids alone, how far, and one sentence when it failed."""

    id: JobId
    kind: JobKind
    target_id: str
    person_id: PersonId
    state: JobState
    progress: float
    created_at: datetime
    cancel_asked: bool = False
    error: Bilingual | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.progress <= 1.0:
            raise BadInput("La progression va de 0 à 1.", "Progress goes from 0 to 1.")
