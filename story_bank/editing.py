"""What typing makes of a transcript: paragraphs are replaced, and the words that nobody touched stay as they were.

One rule for every hand that changes words. What was typed is laid beside what stood there: a word that is still there
keeps its id, text, seconds and doubt. A word typed over another takes its id and its seconds. A word that was heard,
removed, and comes back is the one that was heard. Any other is spread between its neighbours, which never move.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from itertools import chain

from story_bank.ids import TranscriptId, WordId, new_id
from story_bank.transcript import Segment, Transcript, Word, typed_words

LONGEST_WORD, LONGEST_NAME = 400, 60
LETTER_S = 0.07
"""Seconds that a typed letter takes at most: French is read aloud at about 14 to 15 letters a second."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as it was typed, and which of its words nobody has confirmed yet."""

    text: str
    speaker: str | None = None
    doubted: frozenset[WordId] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """Paragraphs that follow one another, by their marks, and what stands in their place; no marks: nothing stood."""

    was: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Edited:
    """The transcript after some changes, and what each line of each of them became: None where a line was empty.

    For a change whose paragraphs are no longer as they were when it was typed, None: nothing of it is in.
    """

    before: Transcript
    transcript: Transcript
    became: tuple[tuple[Segment | None, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class _Room:
    """Where words may stand: seconds between two neighbours, and whether there is a neighbour before."""

    start: float
    end: float
    after_a_word: bool = True

    def holds(self, word: Word) -> bool:
        """Tell whether the word stands in it."""
        return self.start <= word.start and word.end <= self.end


def mark(segment: Segment) -> str:
    """Return a short text that differs wherever the paragraph does: its speaker, its words, which are doubtful."""
    facts = repr((segment.speaker, [(word.id, word.text, word.doubtful) for word in segment.words]))
    return hashlib.blake2s(facts.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


def edited(transcript: Transcript, changes: Sequence[Change], heard: Transcript, now: datetime) -> Edited:
    """Return the next version with the changes in it, or the same where they change nothing.

    `heard` is the first version, from which words come back. Paragraphs are found by their marks, wherever they stand
    now; one change alone may take a paragraph.
    """
    marks = [mark(segment) for segment in transcript.segments]
    spans = _spans(marks, changes)
    segments: list[Segment] = []
    became: dict[int, tuple[Segment | None, ...]] = {}
    free = {word.id: word for word in heard.words()}
    for word in transcript.words():
        free.pop(word.id, None)
    here = 0
    for number, (start, stop) in sorted(spans.items(), key=lambda each: each[1]):
        segments += transcript.segments[here:start]
        last = stop == len(marks)
        room = _Room(segments[-1].end if segments else 0.0,
                     transcript.duration_s if last else transcript.segments[stop].start, last or bool(segments))
        old = [word for segment in transcript.segments[start:stop] for word in segment.words]
        became[number] = tuple(_lines(changes[number].lines, old, room, heard, free))
        segments += [segment for segment in became[number] if segment]
        here = stop
    segments += transcript.segments[here:]
    after = transcript if tuple(segments) == transcript.segments else replace(
        transcript, id=TranscriptId(new_id()), version=transcript.version + 1, segments=tuple(segments), created_at=now)
    return Edited(transcript, after, tuple(became.get(number) for number in range(len(changes))))


def typed_over(transcript: Transcript, words: Mapping[WordId, str]) -> tuple[Change, ...]:
    """Return the changes that type something over single words: "" removes one; unknown ids are ignored."""
    return tuple(
        Change((mark(segment),), (Line(" ".join(words.get(word.id, word.text) for word in segment.words),
                                       segment.speaker, _doubted(segment, words)),))
        for segment in transcript.segments if any(word.id in words for word in segment.words))


def _doubted(segment: Segment, words: Collection[WordId]) -> frozenset[WordId]:
    return frozenset(word.id for word in segment.words if word.doubtful and word.id not in words)


def _spans(marks: Sequence[str], changes: Sequence[Change]) -> dict[int, tuple[int, int]]:
    """Return, by number of change, which paragraphs it takes; none for a change whose paragraphs are not there."""
    at = {each: number for number, each in enumerate(marks)}
    spans: dict[int, tuple[int, int]] = {}
    taken: set[int] = set()
    for number, change in enumerate(changes):
        start = at.get(change.was[0]) if change.was else (None if marks else 0)
        if start is None or list(change.was) != list(marks[start:start + len(change.was)]):
            continue
        stop = start + len(change.was)
        if taken & set(range(start, stop)) or (start == stop and spans):
            continue
        taken |= set(range(start, stop))
        spans[number] = (start, stop)
    return spans


def _lines(lines: Sequence[Line], old: Sequence[Word], room: _Room, heard: Transcript,
           free: dict[WordId, Word]) -> Iterator[Segment | None]:
    """Yield what each line becomes; `free` are the words that were heard and are nowhere now."""
    here = {word.id for word in old}
    lost = [word for word in heard.words() if word.id in here or word.id in free]
    first = {word.id: word for word in lost}
    texts = [[word[:LONGEST_WORD] for word in typed_words(line.text)] for line in lines]
    words = iter(_retyped(old, list(chain.from_iterable(texts)), room, lost))
    for line, part in zip(lines, texts, strict=True):
        made = tuple(_doubt(next(words), line, first) for _ in part)
        for word in made:
            free.pop(word.id, None)
        yield Segment(made, " ".join((line.speaker or "").split())[:LONGEST_NAME] or None) if made else None


def _doubt(word: Word, line: Line, first: Mapping[WordId, Word]) -> Word:
    """Return the word confirmed, unless the line doubts it; then as doubtful as it was heard, if it was heard so."""
    if word.id not in line.doubted:
        return replace(word, probability=None) if word.doubtful else word
    heard = first.get(word.id, word)
    return replace(word, probability=heard.probability) if heard.text == word.text and heard.doubtful else word


def _retyped(old: Sequence[Word], texts: Sequence[str], room: _Room, lost: Sequence[Word]) -> list[Word]:
    """Return the words of the texts: those still there as they were, the others where they belong."""
    made: list[Word] = []
    taken = {word.id for word in _same(old, texts).values()}
    for fresh, word, between, gone in _runs(old, texts, room):
        back = [each for each in lost if each.id not in taken and between.holds(each)] if fresh else []
        taken |= {each.id for each in _same(back, fresh).values()}
        for newer, again, closer, _ in _runs(back, fresh, between):
            under = [each for each in gone if each.id not in taken and closer.holds(each)]
            taken |= {each.id for each in under}
            made += _placed(newer, under, closer)
            made += [again] if again else []
        made += [word] if word else []
    return made


def _runs(old: Sequence[Word], texts: Sequence[str],
          room: _Room) -> Iterator[tuple[Sequence[str], Word | None, _Room, Sequence[Word]]]:
    """Yield new texts up to each word that is still there: them, that word, the room for them, what stood there."""
    same, positions = _same(old, texts), {word.id: number for number, word in enumerate(old)}
    here = seen = 0
    start, after_a_word = room.start, room.after_a_word
    for at, word in (*sorted(same.items()), (len(texts), None)):
        there = positions[word.id] if word else len(old)
        end = word.start if word else room.end
        yield texts[here:at], word, _Room(start, max(start, end), after_a_word), old[seen:there]
        if word:
            here, seen, start, after_a_word = at + 1, there + 1, word.end, True


def _same(old: Sequence[Word], texts: Sequence[str]) -> dict[int, Word]:
    """Return by number the texts that are old words still there: same ends first, then the longest same runs."""
    said, least = [word.text for word in old], min(len(old), len(texts))
    head = next((n for n in range(least) if said[n] != texts[n]), least)
    tail = next((n for n in range(least - head) if said[-1 - n] != texts[-1 - n]), least - head)
    middle = SequenceMatcher(None, said[head:len(said) - tail], texts[head:len(texts) - tail])
    found = {n: old[n] for n in range(head)}
    for block in middle.get_matching_blocks() if least > head + tail else ():
        found |= {head + block.b + n: old[head + block.a + n] for n in range(block.size)}
    return found | {len(texts) - 1 - n: old[len(old) - 1 - n] for n in range(tail)}


def _placed(texts: Sequence[str], under: Sequence[Word], room: _Room) -> list[Word]:
    """Return typed words: over as many old ones each on its own; over others they share their time; else the gap's."""
    if len(texts) == len(under):
        return [Word(word.id, text, word.start, word.end) for text, word in zip(texts, under, strict=True)]
    if not texts:
        return []
    if under:
        return _shared(texts, _ids(len(texts), under), under[0].start, under[-1].end)
    long = min(room.end - room.start, LETTER_S * sum(map(len, texts)))
    start = room.start if room.after_a_word else room.end - long
    return _shared(texts, _ids(len(texts), ()), start, min(start + long, room.end))


def _ids(count: int, under: Sequence[Word]) -> list[WordId]:
    """Return ids for typed words: the first and the last keep those of the first and last, which extracts point at."""
    first = [word.id for word in under[:max(1, min(count, len(under)) - 1)]]
    last = [under[-1].id] if count > 1 and len(under) > 1 else []
    return [*first, *(WordId(new_id()) for _ in range(count - len(first) - len(last))), *last]


def _shared(texts: Sequence[str], ids: Sequence[WordId], start: float, end: float) -> list[Word]:
    letters, said, at, made = sum(map(len, texts)), 0, start, []
    for text, word_id in zip(texts, ids, strict=True):
        said += len(text)
        # Not summed up part by part: rounding would let the last one overlap the next word.
        until = end if said == letters else max(at, min(start + (end - start) * said / letters, end))
        made.append(Word(word_id, text, at, until))
        at = until
    return made
