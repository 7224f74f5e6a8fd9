"""Telling speakers apart: the promise, and how labels on time become labels on words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Protocol

from story_bank.transcript import Segment, Word

SHORTEST_TURN_S = 0.35
"""A change of voice shorter than this, in the middle of somebody's sentence, is a mistake."""


class Speakers(Protocol):
    """Knows voices apart when told how many there are; guessing how many is unreliable, so the form asks.

    Whether there is more than one can be guessed well enough to point it out to a person, who then says who it is.
    """

    @property
    def ready(self) -> bool:
        """Tell whether the model is installed; without it, segments come back unlabelled."""

    def count(self, media: Path) -> int | None:
        """Return how many voices seem to be heard: 0, 1, or 2 for more than one; None without the model.

        Nothing of a voice is kept. `BadInput` for broken media.
        """

    def tell(self, media: Path, segments: Sequence[Segment], number: int) -> tuple[Segment, ...]:
        """Label segments "1", "2"… in the order people first speak, split where the speaker changes.

        Below two speakers, or where the model is missing, they come back as they are. `BadInput` for broken media.
        """


def labelled(segments: Sequence[Segment], voice_at: Callable[[float, float], int | None]) -> tuple[Segment, ...]:
    """Split and label segments; `voice_at(start, end)` names the voice heard most between two seconds, if any."""
    made: list[Segment] = []
    for segment in segments:
        voices = _steadied(segment.words, [voice_at(word.start, word.end) for word in segment.words])
        numbered = zip(segment.words, voices, strict=True)
        for voice, turn in groupby(numbered, key=lambda pair: pair[1]):
            made.append(Segment(tuple(word for word, _ in turn), None if voice is None else str(voice)))
    return _numbered(made)


def _steadied(words: Sequence[Word], voices: list[int | None]) -> list[int | None]:
    """Give words without a voice, and turns too short to be one, the voice before them (or after, at the start)."""
    runs: list[tuple[int | None, list[Word]]] = []
    for voice, group in groupby(zip(words, voices, strict=True), key=lambda pair: pair[1]):
        runs.append((voice, [word for word, _ in group]))
    whole = [(voice, run) for voice, run in runs
             if voice is not None and (len(runs) == 1 or run[-1].end - run[0].start >= SHORTEST_TURN_S)]
    steady: list[int | None] = []
    current = whole[0][0] if whole else next((voice for voice in voices if voice is not None), None)
    for voice, run in runs:
        if (voice, run) in whole:
            current = voice
        steady += [current] * len(run)
    return steady


def _numbered(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Number speakers by who speaks first."""
    order = dict.fromkeys(segment.speaker for segment in segments if segment.speaker is not None)
    names = {voice: str(number) for number, voice in enumerate(order, 1)}
    return tuple(replace(segment, speaker=None if segment.speaker is None else names[segment.speaker])
                 for segment in segments)
