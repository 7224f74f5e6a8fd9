"""Writing aid: the promise to offer ways to begin, made of what a person said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from story_bank.consent import Channel
from story_bank.language import Language
from story_bank.making import Profile, Suggestion


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """Something said in one go; seconds from the start of the media, None where the story was written."""

    text: str
    start: float | None = None
    end: float | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A story as it was told, in order."""

    segments: tuple[SourceSentence, ...]
    language: Language

    @property
    def text(self) -> str:
        """Everything that was said, a segment a line."""
        return "\n".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Brief:
    """Who the suggestion is for: titles and questions speak `language`, the quoted words stay as they were said."""

    profile: Profile
    channel: Channel
    language: Language
    company: str = ""


class Writer(Protocol):
    """Chooses in a story; never speaks in a person's place."""

    @property
    def name(self) -> str:
        """What the suggestion says of its writer."""

    def suggest(self, source: Source, brief: Brief) -> Suggestion:
        """Return questions and up to three angles; an angle's hook is the text of its first sentence.

        Every "spoken" sentence is in the story; never raises for want of a model: `note` tells what happened.
        """
