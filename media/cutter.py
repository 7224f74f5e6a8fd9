"""Cutting: the promise to normalise a recording for playing and to render captioned extracts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from story_bank.making import CaptionStyle, Shape
from story_bank.transcript import Word

Progress = Callable[[float], None]
"""Called with the share done, 0 to 1."""

LOUDNESS_SOCIAL = -14.0
"""LUFS, usual for social networks; −16 for podcasts (EBU R 128 measure)."""
TRUE_PEAK = -1.0
"""dBTP, the ceiling."""


@dataclass(frozen=True, slots=True)
class ClipRecipe:
    """An extract as data: kept ranges in seconds, in order; words (with source seconds) for captions."""

    keep: tuple[tuple[float, float], ...]
    shape: Shape
    captions: CaptionStyle
    words: tuple[Word, ...] = ()
    language: str = "fr"
    show_face: bool = True
    loudness: float = LOUDNESS_SOCIAL

    @property
    def duration_s(self) -> float:
        """Length of the extract in seconds."""
        return sum(end - start for start, end in self.keep)


class Cutter(Protocol):
    """Renders with one ffmpeg graph; a broken or cancelled render leaves no file behind."""

    def normalise(self, source: Path, target: Path, poster: Path | None, *, progress: Progress = lambda _: None,
                  cancelled: Callable[[], bool] = lambda: False) -> int | None:
        """Write what any browser plays, and a JPEG poster: MP4 (H.264/AAC, upright, ≤ 1280×720, faststart) or M4A.

        Return the most faces that seem to be seen at once, a hint for a person; None where there is no picture.
        `BadInput` when it cannot be decoded; `NotAvailable` when the disk is full; `Cancelled`.
        """

    def sound(self, source: Path, target: Path, *, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Write the sound alone as M4A (AAC stereo, no metadata), for those who may hear but not see."""

    def clip(self, source: Path, recipe: ClipRecipe, target: Path, *, progress: Progress = lambda _: None,
             cancelled: Callable[[], bool] = lambda: False) -> None:
        """Render the extract: crop, captions, loudness, faststart, no metadata; sound alone gets a waveform.

        `BadInput` for ranges that are empty, out of order or beyond the end; `NotAvailable`; `Cancelled`.
        """
