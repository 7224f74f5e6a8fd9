"""A transcript: words with their seconds, in versions; a word's id survives its correction.

Moments, captions, clips and draft sources point at word ids, with times derived.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from story_bank.ids import RecordingId, TranscriptId, WordId
from story_bank.language import Language

_SPACES = re.compile(r"[ \t\r\n]+")
"""What parts words; the unbreakable spaces inside « 40 % » and « écouté ? » do not."""
DOUBTFUL = 0.5
"""A word heard with less probability than this is underlined (it flags about 10 % of words)."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as a reader sees it (with its punctuation); times in seconds from the start of the media."""

    id: WordId
    text: str
    start: float
    end: float
    probability: float | None = None
    """None once a person has typed or accepted the word."""

    @property
    def doubtful(self) -> bool:
        """Tell whether the recogniser was unsure of it and nobody has confirmed it."""
        return self.probability is not None and self.probability < DOUBTFUL


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or a turn: consecutive words of one speaker, never empty."""

    words: tuple[Word, ...]
    speaker: str | None = None

    @property
    def start(self) -> float:
        """Second at which the first word starts."""
        return self.words[0].start

    @property
    def end(self) -> float:
        """Second at which the last word ends."""
        return self.words[-1].end

    @property
    def text(self) -> str:
        """The words as one line."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard, or what a person made of it; `note` says why there are no words, if there are none."""

    id: TranscriptId
    recording_id: RecordingId
    version: int
    language: Language
    model: str
    duration_s: float
    segments: tuple[Segment, ...]
    created_at: datetime
    note: str | None = None
    finished: bool = True
    """False while the rest is still being heard."""

    @property
    def text(self) -> str:
        """All segments, one a line."""
        return "\n".join(segment.text for segment in self.segments)

    def words(self) -> Iterator[Word]:
        """Yield every word in order."""
        for segment in self.segments:
            yield from segment.words

    def word(self, word_id: WordId) -> Word | None:
        """Return the word of that id, or None where it was removed."""
        return next((word for word in self.words() if word.id == word_id), None)


@dataclass(frozen=True, slots=True)
class Version:
    """One of the versions that are kept of a transcript; the first is what was heard."""

    number: int
    made_at: datetime


PARAGRAPH_WORDS, LONGEST_PARAGRAPH = 40, 90
"""A paragraph that has as many words ends at the next breath, or before it grows longer than the second number."""
BREATH_S, LONG_PAUSE_S = 0.7, 2.0


def paragraphs(segments: Sequence[Segment], questions: Sequence[float] = ()) -> tuple[tuple[Segment, ...], ...]:
    """Group sentences into paragraphs that a reader recognises; all of them, in order, none split.

    A paragraph ends where another person speaks, where a question was asked (`questions`: seconds), at a pause of two
    seconds, and once it has forty words at a breath of 0.7 s; a sentence that would bring it over ninety begins the
    next one.
    """
    made: list[list[Segment]] = []
    for segment in segments:
        if made and not _parts(made[-1], segment, questions):
            made[-1].append(segment)
        else:
            made.append([segment])
    return tuple(tuple(paragraph) for paragraph in made)


def _parts(paragraph: Sequence[Segment], after: Segment, questions: Sequence[float]) -> bool:
    """Tell whether a sentence begins a paragraph of its own."""
    before, length = paragraph[-1], sum(len(segment.words) for segment in paragraph)
    pause = after.start - before.end
    return (before.speaker != after.speaker
            or any(before.start < asked <= after.start for asked in questions)
            or pause >= LONG_PAUSE_S
            or (length >= PARAGRAPH_WORDS and pause >= BREATH_S)
            or length + len(after.words) > LONGEST_PARAGRAPH)


def typed_words(text: str) -> list[str]:
    """Return the words that a typed text is made of."""
    return [part.strip() for part in _SPACES.split(text) if part.strip()]
