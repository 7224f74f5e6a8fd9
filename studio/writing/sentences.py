"""Whole sentences of a story, with their seconds, and the voice of the person who tells it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from story_bank.language import Language
from story_bank.transcript import Segment
from studio.writing.words import fold
from studio.writing.writer import Source, SourceSentence

LONGEST = 60
"""Words after which a sentence without a full stop is cut where its segment ends."""

_TOKEN = re.compile(r"[^ \t\r\n]+")
_ENDS = re.compile(r"[.!?…][\"'»”’)\]\s\u00a0\u202f]*$")
_ABBREVIATION = re.compile(r"(?:^|\W)(?:M|MM|Mme|Mmes|Mlle|Dr|Pr|St|Ste|cf|env|p|tél|Mr|Mrs|Ms|Jr|vs|[A-Z])\.$")
_ADDRESSED = re.compile(r"\b(vous|votre|vos|you|your)\b")


def source_of(segments: Iterable[Segment], language: Language) -> Source:
    """Return the story of a transcript, a sentence each, with the seconds of its first and last word."""
    told: list[SourceSentence] = []
    for speaker, turn in groupby(segments, key=lambda segment: segment.speaker):
        words = [word for segment in turn for word in segment.words]
        told += [SourceSentence(" ".join(word.text for word in words[first:end]), words[first].start,
                                words[end - 1].end, speaker)
                 for first, end in _parts([word.text for word in words])]
    return Source(tuple(told), language)


def source_of_text(text: str, language: Language) -> Source:
    """Return a written story, a sentence each, without seconds."""
    return Source(tuple(SourceSentence(part) for part in split(text)), language)


def split(text: str) -> list[str]:
    """Return the sentences of a text, each as it is written; a quotation is not cut inside."""
    sentences = []
    for paragraph in re.split(r"\n\s*\n", text):
        tokens = list(_TOKEN.finditer(paragraph))
        for first, end in _parts([token.group() for token in tokens]):
            sentences.append(re.sub(r"\s*\n\s*", " ", paragraph[tokens[first].start():tokens[end - 1].end()]))
    return sentences


def whole_sentences(source: Source) -> tuple[SourceSentence, ...]:
    """Return the story with segments joined to the end of their sentence, and written segments cut into sentences."""
    whole: list[SourceSentence] = []
    for segment in source.segments:
        if not segment.text.strip():
            continue
        last = whole[-1] if whole else None
        if last is not None and last.speaker == segment.speaker and not _ENDS.search(last.text) \
                and segment.start is not None and len(last.text.split()) < LONGEST:
            whole[-1] = replace(last, text=f"{last.text.rstrip()} {segment.text.strip()}", end=segment.end)
        elif segment.start is None:
            whole += [replace(segment, text=part) for part in split(segment.text)]
        else:
            whole.append(replace(segment, text=segment.text.strip()))
    return tuple(whole)


def told(source: Source) -> tuple[SourceSentence, ...]:
    """Return the sentences of the person who tells the story: who asks the questions is left out.

    With two voices or more, the teller is the one who says most among those who do not mostly ask.
    """
    sentences = whole_sentences(source)
    voices = {sentence.speaker for sentence in sentences}
    if len(voices) > 1:
        asked = {voice: _asking(voice, sentences) for voice in voices}
        tellers = [voice for voice in voices if asked[voice] < max(asked.values())] or list(voices)
        said = Counter({voice: sum(len(one.text.split()) for one in sentences if one.speaker == voice)
                        for voice in sorted(tellers, key=str)})
        teller = said.most_common(1)[0][0]
        sentences = tuple(sentence for sentence in sentences if sentence.speaker == teller)
    return tuple(sentence for sentence in sentences if not _asks_another(sentence.text))


def _asking(voice: str | None, sentences: Sequence[SourceSentence]) -> float:
    own = [sentence.text for sentence in sentences if sentence.speaker == voice]
    return sum(text.rstrip().endswith("?") for text in own) / len(own)


def _asks_another(text: str) -> bool:
    return text.rstrip().endswith("?") and _ADDRESSED.search(fold(text)) is not None


def _parts(tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where each sentence begins and ends, end excluded."""
    first = 0
    for place in range(1, len(tokens) + 1):
        if place == len(tokens) or _breaks(tokens[max(first, place - LONGEST):place], tokens[place]):
            yield first, place
            first = place


def _breaks(before: Sequence[str], after: str) -> bool:
    """Tell whether a sentence ends between these words: a full stop, no open quotation, a beginning after it."""
    if not _ENDS.search(" ".join(before[-3:])) or _ABBREVIATION.search(before[-1]) or after[:1] in "?!»”…":
        return False
    recent = " ".join(before)
    if recent.count("«") > recent.count("»") or recent.count("“") > recent.count("”"):
        return False
    return not (before[-1].rstrip("»”").endswith("…") and after[:1].islower())
