"""Captions: words with seconds become cues that can be read, one speaker at a time.

Norms (Netflix timed-text guides, general and French): at most 42 characters a line, two lines, 17 characters a
second where the speaker leaves room, between 5/6 and 7 seconds, lines broken after punctuation rather than between
an article and its noun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from story_bank.transcript import Segment, Word

LINE_CHARS = 42
VERTICAL_LINE_CHARS = 26
"""A phone held upright reads 26 to 32 characters a line."""
CHARS_PER_SECOND = 17.0
SHORTEST_S, LONGEST_S = 5 / 6, 7.0
LINGER_S = 0.25
"""A cue stays a little after its last word."""
CLOSE_S = 0.3
"""Gaps shorter than this flicker: the cue stays until the next one."""
PAUSE_S = 0.4
SENTENCE_END = r"[.!?…][»”\")\s]*$"

CLINGS = frozenset(re.findall(  # a line or a cue does not end on one of these: they announce the word that follows
    r"\S+", """
    le la les l un une des du de d au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur
    leurs à en dans sur sous par pour avec sans chez vers entre contre depuis pendant dès je tu il elle on nous vous
    ils elles j ne n se s me m te t y que qu qui dont où et ou mais donc car ni si comme quand très plus moins trop
    tout toute tous toutes chaque quelques plusieurs deux trois quatre cinq six sept huit neuf dix onze douze quinze
    vingt trente quarante cinquante soixante cent mille avant après est sont ai as a avons avez ont étais était
    étaient suis sommes êtes c'est d'un d'une qu'un qu'une s'est m'a l'a j'ai n'ai lorsque puisque parce the an my
    your his her its our their this that these those to of in on at by for with from into and or but if as i he she
    we they you it's i'm is are was were be been have has had will would can could not very who which two three
    """))
OPENS = frozenset(re.findall(  # a line gladly begins with one of these
    r"\S+", """
    et mais ou donc car ni que qui dont où quand lorsque puisque parce pour avec sans dans sur chez depuis pendant
    avant après comme alors puis and but or so because when who which that with without in on for after before then
    """))


@dataclass(frozen=True, slots=True)
class Cue:
    """What is on the screen from one second to another; `lines` are the words joined by single spaces."""

    start: float
    end: float
    lines: tuple[str, ...]
    words: tuple[Word, ...]

    def words_by_line(self) -> Iterator[tuple[Word, ...]]:
        """Yield the words of each line."""
        rest = list(self.words)
        for line in self.lines:
            taken = [rest.pop(0)]
            while len(" ".join(word.text for word in taken)) < len(line):
                taken.append(rest.pop(0))
            yield tuple(taken)


def cues(segments: Sequence[Segment], line_chars: int = LINE_CHARS, lines: int = 2) -> list[Cue]:
    """Return cues in order of time, never overlapping, none with two speakers; a word longer than a line is split.

    Words keep their own times; a cue appears with its first word and may stay longer than its last one.
    """
    found: list[_Text] = []
    for _, turn in groupby(sorted(segments, key=lambda segment: segment.start), key=lambda segment: segment.speaker):
        words = [piece for segment in turn for word in segment.words for piece in _pieces(word, line_chars)]
        found += _cut(words, line_chars, lines)
    return _timed(found)


@dataclass(frozen=True, slots=True)
class _Text:
    """The words and lines of a cue before its times are known."""

    words: tuple[Word, ...]
    lines: tuple[str, ...]


def _pieces(word: Word, line_chars: int) -> list[Word]:
    text = re.sub(r"[ \t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+", " ", word.text).strip()
    parts = [text[at:at + line_chars].strip() or "·" for at in range(0, len(text), line_chars)]
    step = (word.end - word.start) / max(1, len(parts))
    return [replace(word, text=part, start=word.start + step * number, end=word.start + step * (number + 1))
            for number, part in enumerate(parts)]


def _cut(words: list[Word], line_chars: int, lines: int) -> list[_Text]:
    """Choose the cheapest way to share the words of a turn among cues (dynamic programming, last cue first)."""
    costs = [_break_cost(word, after) for word, after in pairwise(words)] + [0.0]
    best: list[tuple[float, int, tuple[str, ...]]] = [(0.0, 0, ())] * (len(words) + 1)
    for first in reversed(range(len(words))):
        choices = []
        for last in range(first, len(words)):
            if last > first and (words[last].end - words[first].start > LONGEST_S or
                                 _length(words[first:last + 1]) > lines * (line_chars + 1)):
                break
            laid = _lay(words[first:last + 1], costs[first:last], line_chars, lines)
            if laid is None:
                break
            until = words[last + 1].start if last + 1 < len(words) else words[last].end + 1.0
            cost = costs[last] + laid[0] + _reading_cost(words[first:last + 1], until) + best[last + 1][0]
            choices.append((cost, last + 1, laid[1]))
        best[first] = min(choices)
    made, at = [], 0
    while at < len(words):
        _, after, text = best[at]
        made.append(_Text(tuple(words[at:after]), text))
        at = after
    return made


def _lay(words: Sequence[Word], costs: Sequence[float], line_chars: int,
         lines: int) -> tuple[float, tuple[str, ...]] | None:
    """Return the cheapest lines and their cost, or None when the words do not fit."""
    whole = " ".join(word.text for word in words)
    if len(whole) <= line_chars:
        return 0.0, (whole,)
    choices = []
    for count in range(1, len(words) if lines > 1 else 0):
        line = " ".join(word.text for word in words[:count])
        if len(line) > line_chars:
            break
        rest = _lay(words[count:], costs[count:], line_chars, lines - 1)
        if rest is not None:
            uneven = abs(len(line) - len(rest[1][0])) / line_chars
            choices.append((costs[count - 1] + rest[0] + 4 * uneven, (line, *rest[1])))
    return min(choices) if choices else None


def _break_cost(before: Word, after: Word) -> float:
    """Say how much a break between two words hurts: 0 after a sentence, 100 inside « l'eau »."""
    left, right = before.text.lower().replace("’", "'"), after.text.lower().replace("’", "'")
    if left.endswith(("'", "«", "(", "-")) or not re.search(r"[\w«(]", right):
        return 100.0
    pause = 3.0 if after.start - before.end >= PAUSE_S else 0.0
    if re.search(SENTENCE_END, left):
        return 0.0
    if re.search(r"[,;:–—][»”\")]*$", left):
        return max(0.0, 3.0 - pause)
    name = before.text[:1].isupper() and after.text[:1].isupper()
    if name or left.isdigit() or {left.strip("«(\""), left.split("-")[0]} & CLINGS:
        return 40.0 - pause
    return (5.0 if right in OPENS else 8.0) - pause


def _reading_cost(words: Sequence[Word], until: float) -> float:
    """Say how hard a cue is to read when it may stay until a second: too fast, too short, too many sentences."""
    stays = max(0.04, min(until - words[0].start, LONGEST_S))
    hurry = max(0.0, _length(words) / stays - CHARS_PER_SECOND)
    blink = 12.0 if stays < SHORTEST_S else 0.0
    silences = sum(10.0 for a, b in pairwise(words) if b.start - a.end > 2 * PAUSE_S)
    ends = [re.search(SENTENCE_END, word.text) is not None for word in words]
    leftover = 14.0 if any(ends[:-1]) and not ends[-1] else 0.0
    return 6.0 + hurry + blink + silences + leftover + 4.0 * sum(ends[:-1])


def _length(words: Sequence[Word]) -> int:
    return sum(len(word.text) + 1 for word in words) - 1


def _timed(texts: Sequence[_Text]) -> list[Cue]:
    """Give each cue its seconds: as long as it takes to read, never into the next one."""
    starts: list[float] = []
    for text in texts:
        starts.append(max(text.words[0].start, starts[-1] + 0.04 if starts else 0.0))
    made = []
    for number, (text, start) in enumerate(zip(texts, starts, strict=True)):
        spoken = max(word.end for word in text.words) + LINGER_S
        end = min(max(spoken, start + SHORTEST_S, start + _length(text.words) / CHARS_PER_SECOND), start + LONGEST_S)
        if number + 1 < len(starts) and starts[number + 1] - end < CLOSE_S:
            end = min(starts[number + 1], start + LONGEST_S)
        made.append(Cue(start, end, text.lines, text.words))
    return made
