"""Hearing: the promise to turn media into words with seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from story_bank.language import Language
from story_bank.recording import SpokenContext
from story_bank.transcript import Segment


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard. `note_fr`/`note_en` say why there are no segments when there are none."""

    language: Language
    model: str
    duration_s: float
    segments: tuple[Segment, ...]
    note_fr: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class Listening:
    """How to listen: language None means "find out"; `ranges` (seconds) hears only a part."""

    language: Language | None = None
    context: SpokenContext = field(default_factory=SpokenContext)
    context_text: str = ""
    """Free text for the prompt, from the command line; the form's fields come through `context`."""
    span: tuple[float, float] | None = None
    glossary: tuple[str, ...] = ()
    """How names and terms are written, the most telling first."""


class Transcriber(Protocol):
    """Keeps its model loaded between recordings and lets it go when idle."""

    def hear(self, media: Path, how: Listening, *, on_segment: Callable[[Segment, float], None] | None = None,
             cancelled: Callable[[], bool] = lambda: False) -> Heard:
        """Return the words of a media file, times in seconds, snapped to the edges of speech.

        `on_segment(segment, share_done)` is called as each segment is known. Silence gives no segments and a note.
        `BadInput` when nothing can be decoded; `NotAvailable` when no model is in reach; `Cancelled`.
        """

    def warm(self) -> None:
        """Load the model ahead of need."""
