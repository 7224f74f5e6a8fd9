"""The edges of speech: spans where somebody speaks, and times moved onto them.

Whisper ends its sentences about 0.1 s early, and a cut there clips a syllable. Silero knows where sound stops:
snapped, nine edges in ten are within 0.03 s (start) and 0.06 s (end) of the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

import numpy as np

from media.sound import SAMPLE_RATE, Samples
from story_bank.transcript import Word

Span = tuple[float, float]
"""Seconds from the start of what was listened to."""

START_REACH_S, END_REACH_S = 0.7, 0.5
"""How far a time may move to meet an edge of speech."""
SHORTEST_WORD_S = 0.04
MARKS, AT_A_MARK_S = frozenset(".,;:!?…"), 0.2
"""People pause at marks: a boundary that has one counts as so much nearer."""


class SpeechEdges(Protocol):
    """Finds where somebody speaks, to about a thirtieth of a second."""

    def spans(self, samples: Samples) -> list[Span]:
        """Return the spans of speech in 16 kHz mono samples, in order; pauses lie between them."""

    def sure(self, samples: Samples, spans: Sequence[Span]) -> bool:
        """Tell whether these spans are speech beyond doubt."""


WIDER_S = 0.2
"""How far beyond Silero's edge a word may still be heard: soft beginnings and ends, which it leaves out."""
FRAME_S = 0.01
CLOSED_S = 0.15
"""A stop inside a word ("p", "t") is silent this long at most."""
MARGIN_S, TAIL_S = 0.02, 0.01
"""Left around a word that went on, and after every end, which Silero sets early as often as late."""
ABOVE_FLOOR, ABOVE_SPEECH = 2.0, 0.01
"""A frame is loud at 6 dB above the noise of its pause (less, and a room's own noise is taken for a word), and at a
hundredth (−40 dB) of the speech."""


def widened(spans: Sequence[Span], samples: Samples) -> list[Span]:
    """Move edges outwards to where sound begins and ends, 0.25 s at most and not beyond mid-pause."""
    if not spans:
        return []
    levels = _levels(samples)
    speech = np.concatenate([levels[_frame(start):_frame(end)] for start, end in spans])
    least = ABOVE_SPEECH * float(np.sqrt(np.mean(speech**2))) if len(speech) else 0.0
    total_s = len(samples) / SAMPLE_RATE
    bounds = [0.0, *(edge for span in spans for edge in span), total_s]
    made = []
    for number, (start, end) in enumerate(spans):
        quiet_before = levels[_frame(bounds[2 * number]):_frame(start)]
        quiet_after = levels[_frame(end):_frame(bounds[2 * number + 3])]
        early = levels[max(0, _frame(start) - _frame(WIDER_S)):_frame(start)][::-1]
        late = levels[_frame(end):_frame(end) + _frame(WIDER_S)]
        first = start - _goes_on_s(early, _loud(quiet_before, least))
        last = end + _goes_on_s(late, _loud(quiet_after, least)) + TAIL_S
        made.append((max(first, (bounds[2 * number] + start) / 2), min(last, (end + bounds[2 * number + 3]) / 2)))
    return made


def _levels(samples: Samples) -> Samples:
    """Return the loudness (RMS) of every 10 ms."""
    length = int(FRAME_S * SAMPLE_RATE)
    whole = samples[:len(samples) // length * length].reshape(-1, length)
    return np.asarray(np.sqrt(np.mean(whole**2, axis=1)), np.float32)


def _frame(second: float) -> int:
    return max(0, round(second / FRAME_S))


def _loud(quiet: Samples, least: float) -> float:
    return max(least, ABOVE_FLOOR * float(np.quantile(quiet, 0.4))) if len(quiet) else least


def _goes_on_s(beyond: Samples, loud: float) -> float:
    """Return how many seconds beyond an edge a word goes on, silences as short as a stop included."""
    reach = 0
    for number in np.flatnonzero(beyond > loud):
        if (number - reach) * FRAME_S > CLOSED_S:
            break
        reach = int(number) + 1
    return reach * FRAME_S + MARGIN_S if reach else 0.0


def spoken_s(start: float, end: float, speech: Sequence[Span]) -> float:
    """Return how many seconds of speech lie between two times."""
    return sum(max(0.0, min(end, b) - max(start, a)) for a, b in speech)


def snapped_range(start: float, end: float, speech: Sequence[Span]) -> Span:
    """Move the ends of a range to the nearest edges of speech in reach; where there is none they stay."""
    first = min((a for a, _ in speech), key=lambda edge: abs(edge - start), default=start)
    last = min((b for _, b in speech), key=lambda edge: abs(edge - end), default=end)
    moved = (first if abs(first - start) <= START_REACH_S else start, last if abs(last - end) <= END_REACH_S else end)
    return moved if moved[0] < moved[1] else (start, end)


def snapped(words: Sequence[Word], speech: Sequence[Span]) -> list[Word]:
    """Move the words around each pause onto its edges; words come back in order and never overlap."""
    if not words or not speech:
        return in_order(words)
    starts = [word.start for word in words]
    ends = [word.end for word in words]
    if abs(speech[0][0] - starts[0]) <= START_REACH_S:
        starts[0] = speech[0][0]
    if abs(speech[-1][1] - ends[-1]) <= END_REACH_S:
        ends[-1] = speech[-1][1]
    taken: set[int] = set()
    for (_, quiet), (loud, _) in pairwise(speech):
        number = _boundary(words, quiet, loud)
        if number is not None and number not in taken:
            taken.add(number)
            ends[number], starts[number + 1] = quiet, loud
    return in_order([replace(word, start=a, end=b) for word, a, b in zip(words, starts, ends, strict=True)])


def _boundary(words: Sequence[Word], quiet: float, loud: float) -> int | None:
    """Return the number of the word after which a pause (`quiet` to `loud`) falls, or None out of reach."""
    best, cost = None, float("inf")
    for number, (left, right) in enumerate(pairwise(words)):
        off_end, off_start = abs(left.end - quiet), abs(right.start - loud)
        # What begins before the pause is over was stretched over silence, however far from the edge it begins.
        near_end = off_end <= END_REACH_S or left.end > quiet
        near_start = off_start <= START_REACH_S or right.start < loud
        off = off_end + off_start - (AT_A_MARK_S if left.text.rstrip("»”\" )")[-1:] in MARKS else 0.0)
        if near_end and near_start and min(off_end, off_start) <= END_REACH_S and off < cost:
            best, cost = number, off
    return best


def in_order(words: Sequence[Word]) -> list[Word]:
    """Give every word a length and none an overlap, to the millisecond, moving as little as possible."""
    made: list[Word] = []
    before = 0.0
    for number, word in enumerate(words):
        start = max(word.start, before)
        after = words[number + 1].start if number + 1 < len(words) else float("inf")
        end = max(min(word.end, after), start + SHORTEST_WORD_S)
        made.append(replace(word, start=round(start, 3), end=round(end, 3)))
        before = made[-1].end
    return made


@dataclass(frozen=True, slots=True)
class Splice:
    """Stretches of speech put end to end, long silences left out; knows where each of its seconds came from."""

    pieces: tuple[Span, ...]

    @property
    def length_s(self) -> float:
        """Seconds of sound in it."""
        return sum(end - start for start, end in self.pieces)

    def source(self, second: float, *, piece: int | None = None) -> float:
        """Return the source second of a second in the splice, held inside a piece when one is named."""
        number = self.piece_at(second) if piece is None else piece
        start, end = self.pieces[number]
        before = sum(b - a for a, b in self.pieces[:number])
        return min(max(start, start + second - before), end)

    def piece_at(self, second: float) -> int:
        """Return the number of the piece that holds a second of the splice."""
        for number, (start, end) in enumerate(self.pieces):
            second -= end - start
            if second < 0:
                return number
        return len(self.pieces) - 1


LONG_SILENCE_S = 2.0
PAD_S = 0.4
WINDOW_S = 29.0
"""A little less than the 30 s that Whisper hears at once, so that it rarely needs a second look."""


def splices(speech: Sequence[Span], total_s: float, longest_s: float = WINDOW_S) -> list[Splice]:
    """Group speech into stretches that fit Whisper's window, cut at the longest pause of their last half.

    Silences above two seconds are shortened to 0.8 s, as faster-whisper's own filter does (400 ms on each side).
    """
    made: list[Splice] = []
    rest, padded = list(speech), _padded(speech, total_s)
    while padded:
        pieces: list[Span] = []
        count = _fitting(rest, padded, longest_s)
        for start, end in padded[:count]:
            if pieces and start - pieces[-1][1] <= LONG_SILENCE_S - 2 * PAD_S:
                pieces[-1] = (pieces[-1][0], end)
            else:
                pieces.append((start, end))
        made.append(Splice(tuple(pieces)))
        rest, padded = rest[count:], padded[count:]
    return made


def _padded(speech: Sequence[Span], total_s: float) -> list[Span]:
    """Widen each span by the pad, or by half the pause where two would meet."""
    edges = [-total_s, *(edge for span in speech for edge in span), 2 * total_s]
    return [(max(0.0, start - min(PAD_S, (start - edges[2 * number]) / 2)),
             min(total_s, end + min(PAD_S, (edges[2 * number + 3] - end) / 2)))
            for number, (start, end) in enumerate(speech)]


def _fitting(speech: Sequence[Span], padded: Sequence[Span], longest_s: float) -> int:
    """Return how many spans go into the next stretch: at least one, and up to a pause as long as can be."""
    length, lengths = 0.0, []
    for number, (start, end) in enumerate(padded):
        gap = start - padded[number - 1][1] if number else 0.0
        length += (0.0 if gap > LONG_SILENCE_S - 2 * PAD_S else gap) + end - start
        if length > longest_s and number:
            break
        lengths.append(length)
    if len(lengths) == len(padded):
        return len(padded)
    choices = [number for number, long in enumerate(lengths, 1) if long >= longest_s / 2] or [len(lengths)]
    return max(choices, key=lambda number: (speech[number][0] - speech[number - 1][1], number))
