"""A recording: kept media, who made it, and what they said about it before it was transcribed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from story_bank.ids import MediaKey, PersonId, RecordingId
from story_bank.language import Language


class MediaKind(StrEnum):
    """Whether there is a picture."""

    VIDEO = "video"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class SpokenContext:
    """What the form asks before the words are heard: it improves the text more than anything else."""

    first_name: str = ""
    job: str = ""
    team: str = ""
    company: str = ""
    unusual_words: tuple[str, ...] = ()
    speakers: int = 1


@dataclass(frozen=True, slots=True)
class Marker:
    """A trigger question asked at a second of the recording, or another person's turn to answer it (A38)."""

    question_id: str
    at_s: float
    who: str = ""
    """Who answers from there, as they were named; empty where one person tells."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Media kept in the vault under keys; `playable_key` appears once the picture has been normalised."""

    id: RecordingId
    owner_id: PersonId
    kind: MediaKind
    original_key: MediaKey
    original_name: str
    sha256: str
    duration_s: float
    language: Language | None
    context: SpokenContext
    created_at: datetime
    question_id: str | None = None
    markers: tuple[Marker, ...] = ()
    playable_key: MediaKey | None = None
    poster_key: MediaKey | None = None
    sound_key: MediaKey | None = None
    """The sound alone, for those who may hear the person but not see them."""
    voices: int | None = None
    """How many voices seem to be heard; a hint for a person to look at, None before it was listened to."""
    faces: int | None = None
    """The most faces that seem to be seen at once; a hint likewise, None before it was looked at or for sound."""
