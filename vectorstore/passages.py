"""Passages: the units of search, two sentences of a story with the words and seconds they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from story_bank.ids import StoryId
from story_bank.story import Passage
from story_bank.transcript import Segment, Word

SENTENCES = 2
"""Sentences of a passage: short enough to quote and to play; what it lacks, `story_vectors` takes from its page."""
LONGEST_WORDS = 60
SHORT_WORDS = 4
"""A sentence this short ("Voilà.", "That was it.") joins its neighbours without counting as one."""

_ABBREVIATIONS = frozenset({
    "m", "mm", "mme", "mlle", "dr", "pr", "st", "ste", "mr", "mrs", "ms", "no", "nos", "art", "env", "etc", "cf", "vs",
    "av", "bd", "tél", "ex", "e.g", "i.e", "p.ex", "jr", "sr", "prof",
})
_ENDS = re.compile(r"[.!?…]+[»”\"')\]]*$")
_END_IN_TEXT = re.compile(r"[.!?…]+(?:[\s\u00a0\u202f]*[»”\")\]])*[\s\u00a0\u202f]+(?=[^\s])")
_STARTS = re.compile(r"[«“\"'(\[—–-]*[\s\u00a0\u202f]*[A-ZÀ-ÖØ-ÞŒ0-9]")


def passages_of_text(story_id: StoryId, text: str) -> list[Passage]:
    """Split a written story into passages without seconds."""
    sentences = [piece for sentence in sentences_of(text) for piece in _short_enough(sentence)]
    runs = _grouped([len(sentence.split()) for sentence in sentences])
    return [Passage(story_id, number, " ".join(sentences[first:end])) for number, (first, end) in enumerate(runs)]


def passages_of_transcript(story_id: StoryId, segments: Iterable[Segment]) -> list[Passage]:
    """Split what was heard into passages with their seconds and word ids; a passage never crosses two speakers."""
    passages: list[Passage] = []
    for turn in _turns(segments):
        sentences = [part for sentence in turn for part in _parts(sentence)]
        for first, end in _grouped([len(sentence) for sentence in sentences]):
            words = [word for sentence in sentences[first:end] for word in sentence]
            passages.append(Passage(story_id, len(passages), " ".join(word.text for word in words), words[0].start,
                                    words[-1].end, tuple(word.id for word in words)))
    return passages


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a French or English text, in order; a line's end ends one, an abbreviation does not."""
    return [sentence for line in text.splitlines() for sentence in _sentences_of_line(line)]


def _sentences_of_line(text: str) -> list[str]:
    sentences, begin = [], 0
    for mark in _END_IN_TEXT.finditer(text):
        before = text[begin:mark.start()].split()
        if _abbreviated(before, mark.group()) or not _STARTS.match(text, mark.end()):
            continue
        sentences.append(text[begin:mark.end()].strip())
        begin = mark.end()
    return [sentence for sentence in (*sentences, text[begin:].strip()) if sentence]


def _abbreviated(before: Sequence[str], mark: str) -> bool:
    if not before or not mark.startswith(".") or mark.startswith(".."):
        return False
    last = before[-1].strip("«“(\"'").lower()
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and before[-1].isupper())


def _short_enough(sentence: str) -> list[str]:
    words = sentence.split()
    return [" ".join(words[first:end]) for first, end in _cuts(words)] if len(words) > LONGEST_WORDS else [sentence]


def _parts(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    for first, end in _cuts([word.text for word in words]):
        yield words[first:end]


def _cuts(words: Sequence[str]) -> list[tuple[int, int]]:
    """Cut a run of words into ranges of at most LONGEST_WORDS, after a comma or the like in the second half of each."""
    cuts, first = [], 0
    while len(words) - first > LONGEST_WORDS:
        last = first + LONGEST_WORDS
        pauses = [n for n in range(first + LONGEST_WORDS // 2, last) if words[n - 1][-1:] in ",;:"]
        end = pauses[-1] if pauses else last
        cuts.append((first, end))
        first = end
    return [*cuts, (first, len(words))]


def _turns(segments: Iterable[Segment]) -> list[list[list[Word]]]:
    """Gather sentences (lists of words) by speaker; the end of a segment ends a sentence."""
    turns: list[list[list[Word]]] = []
    speaker: str | None = None
    for segment in segments:
        if not turns or segment.speaker != speaker:
            turns.append([])
            speaker = segment.speaker
        turns[-1].extend(_spoken_sentences(segment))
    return turns


def _spoken_sentences(segment: Segment) -> Iterator[list[Word]]:
    sentence: list[Word] = []
    for word in segment.words:
        sentence.append(word)
        mark = _ENDS.search(word.text)
        if mark and not _abbreviated([word.text[:mark.start()]], mark.group()):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _grouped(lengths: Sequence[int]) -> list[tuple[int, int]]:
    """Return ranges of sentences that make a passage, given the words of each."""
    runs: list[tuple[int, int]] = []
    first = words = counted = 0
    for number, length in enumerate(lengths):
        counts = length > SHORT_WORDS
        if number > first and (words + length > LONGEST_WORDS or (counted == SENTENCES and counts)):
            runs.append((first, number))
            first, words, counted = number, 0, 0
        words, counted = words + length, counted + counts
    return [*runs, (first, len(lengths))] if lengths else []
