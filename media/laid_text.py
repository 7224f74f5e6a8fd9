"""Laying a brought transcript on its media: every word within it, in order, none without a length.

Times that a file gives are kept; cues that overlap or come unsorted are put in order and trimmed. A text without
times is found among the words that were heard, and what was not heard lies between its neighbours, by its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from media.imported_text import Brought, BroughtCue, BroughtWord
from media.rapidfuzz_likeness import matching
from media.whisper_words import sentences
from story_bank.errors import BadInput
from story_bank.ids import WordId, new_id
from story_bank.transcript import Segment, Word

SHORTEST_WORD_S = 0.02
SAME_WORD_S = 1.0
"""A word that was heard at most so far from where the file puts it is the same one, and keeps its id."""
Placed = tuple[BroughtWord, str | None]
"""A word with its seconds, and who says it."""


@dataclass(frozen=True, slots=True)
class Laid:
    """The words on the media; `mended` where times had to be put in order, trimmed or brought back inside."""

    segments: tuple[Segment, ...]
    mended: bool = False


def laid(brought: Brought, heard: Sequence[Segment], duration_s: float, *, keep_lines: bool = False) -> Laid:
    """Return what was brought as a transcript of media of that length, beside what was heard in it before.

    `keep_lines` keeps each cue as it is; otherwise turns are cut into sentences. `BadInput` when most of the times
    lie behind the end: they are of another recording.
    """
    if brought.untimed:
        lines, mended = list(_found(brought.cues, heard, duration_s)), False
    else:
        lines, mended = _ordered(brought.cues, duration_s)
    spread = _settled([word for line in lines for word, _ in line], duration_s)
    words = _named([Word(WordId(new_id()), each.text, each.start, each.end, each.probability) for each in spread],
                   heard)
    rest = iter(words)
    told = [[(next(rest), speaker) for _, speaker in line] for line in lines]
    segments = _as_lines(told) if keep_lines else _as_sentences(told, by_line=brought.untimed)
    return Laid(tuple(segments), mended)


def _ordered(cues: Sequence[BroughtCue], duration_s: float) -> tuple[list[list[Placed]], bool]:
    timed = sorted((cue for cue in cues if cue.start is not None), key=lambda cue: cue.start or 0.0)
    late = sum(len(cue.words) for cue in timed if (cue.start or 0.0) >= duration_s)
    if late * 2 > sum(len(cue.words) for cue in timed):
        raise BadInput("Ces temps dépassent la fin de l'enregistrement ; vérifiez que c'est le bon fichier.",
                       "These times lie behind the end of the recording; check that it is the right file.")
    mended = [cue for cue in cues if cue.start is not None] != timed
    lines = []
    for cue, after in zip(timed, [*timed[1:], None], strict=True):
        start, end = cue.start or 0.0, cue.end or 0.0
        limit = min(duration_s, after.start if after is not None and after.start is not None else duration_s)
        mended = mended or end > limit + 0.001 or end < start
        until = max(start, min(end, limit))
        lines.append([(word, cue.speaker) for word in _in_cue(cue, start, until)])
    return lines, mended


def _in_cue(cue: BroughtCue, start: float, until: float) -> list[BroughtWord]:
    if cue.timed:
        return [replace(word, start=min(max(word.start, start), until), end=min(max(word.end, start), until))
                for word in cue.timed]
    return _spread(cue.words, start, until)


def _spread(texts: Sequence[str], start: float, end: float) -> list[BroughtWord]:
    """Share time among words by their length."""
    letters, said, made = sum(map(len, texts)), 0, []
    for text in texts:
        begin, said = said, said + len(text)
        made.append(BroughtWord(text, start + (end - start) * begin / letters, start + (end - start) * said / letters))
    return made


def _found(cues: Sequence[BroughtCue], heard: Sequence[Segment], duration_s: float) -> Iterator[list[Placed]]:
    """Yield the lines of a text with the seconds of the words that were heard, and who said them."""
    voices = [(word, segment.speaker) for segment in heard for word in segment.words]
    texts = [text for cue in cues for text in cue.words]
    anchors = {there + step: here + step for here, there, count in matching(
        [_bare(word.text) for word, _ in voices], [_bare(text) for text in texts]) for step in range(count)}
    words = list(_between(texts, anchors, [word for word, _ in voices], duration_s))
    named, at = any(cue.speaker for cue in cues), 0
    for cue in cues:
        mine = words[at:at + len(cue.words)]
        at += len(cue.words)
        yield [(word, cue.speaker if named else _voice_at(word, voices)) for word in mine]


def _between(texts: Sequence[str], anchors: dict[int, int], heard: Sequence[Word],
             duration_s: float) -> Iterator[BroughtWord]:
    """Yield each word: where it was heard, else between its neighbours, over what else was heard there."""
    at, last = 0, -1
    for place in [*sorted(anchors), len(texts)]:
        here = anchors.get(place, len(heard))
        if place > at:
            before = heard[last].end if last >= 0 else 0.0
            after = heard[here].start if here < len(heard) else duration_s
            missed = heard[last + 1:here]
            span = (missed[0].start, missed[-1].end) if missed else (before, after)
            yield from _spread(texts[at:place], *span)
        if here < len(heard) and place < len(texts):
            yield BroughtWord(texts[place], heard[here].start, heard[here].end)
        at, last = place + 1, here


def _voice_at(word: BroughtWord, voices: Sequence[tuple[Word, str | None]]) -> str | None:
    middle = (word.start + word.end) / 2
    return min(voices, key=lambda each: abs((each[0].start + each[0].end) / 2 - middle))[1] if voices else None


def _settled(words: Sequence[BroughtWord], duration_s: float) -> list[BroughtWord]:
    """Return the words in order of time, inside the media, none without a length: forwards, then back from the end."""
    least = min(SHORTEST_WORD_S, duration_s / max(1, len(words)) / 2)
    at, forward = 0.0, []
    for word in words:
        start = max(at, word.start)
        at = max(start + least, word.end)
        forward.append((start, at))
    limit, back = duration_s, []
    for start, end in reversed(forward):
        end = min(end, limit)
        limit = max(0.0, min(start, end - least / 2))  # half: what rounding took must not move the ones before
        back.append((limit, end))
    return [replace(word, start=start, end=end) for word, (start, end) in zip(words, reversed(back), strict=True)]


def _named(words: list[Word], heard: Sequence[Segment]) -> list[Word]:
    """Give words that were heard the ids they had, so that extracts and moments go on pointing at them."""
    known = [word for segment in heard for word in segment.words]
    for here, there, count in matching([_bare(word.text) for word in known], [_bare(word.text) for word in words]):
        for step in range(count):
            was, word = known[here + step], words[there + step]
            if abs(was.start - word.start) <= SAME_WORD_S:
                words[there + step] = replace(word, id=was.id)
    return words


def _as_lines(told: Iterable[list[tuple[Word, str | None]]]) -> Iterator[Segment]:
    for line in told:
        if line:
            yield Segment(tuple(word for word, _ in line), line[0][1])


def _as_sentences(told: Iterable[list[tuple[Word, str | None]]], *, by_line: bool) -> Iterator[Segment]:
    groups = told if by_line else [[each for line in told for each in line]]
    for line in groups:
        for speaker, turn in groupby(line, key=lambda each: each[1]):
            for words in sentences([word for word, _ in turn]):
                yield Segment(words, speaker)


def _bare(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold())) or text
