"""Tracing a sentence of a model back to what was said: quoted, it takes the speaker's exact words and seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from story_bank.language import Language
from story_bank.making import DraftSentence
from studio.writing.figures import figures
from studio.writing.words import spots, words
from studio.writing.writer import SourceSentence

TOGETHER = 3
"""Sentences that a model may have joined into one."""
SHORTEST_PART = 6
"""Words under which a piece of a sentence is too little to be called a quotation."""
_FILLERS = frozenset(words("euh heu ben bah hein voilà donc alors bon et puis du coup quoi genre enfin um uh er well "
                           "so and like yeah okay you know"))
_DENIALS = frozenset(words("pas plus jamais rien aucun aucune personne non sans not never no none nobody nothing "
                           "without"))


def traced(text: str, story: Sequence[SourceSentence], language: Language) -> DraftSentence:
    """Return the sentence as spoken, in the speaker's words and with their seconds, or else as added.

    Spoken: one to three whole sentences but for fillers, agreement and the writing of numbers; or a piece of one that
    begins at a pause and leaves no denial out.
    """
    wanted = _compared(text, language)
    for length in range(1, TOGETHER + 1):
        for first in range(len(story) - length + 1):
            window = story[first:first + length]
            if _same(wanted, _compared(" ".join(one.text for one in window), language)):
                return DraftSentence(" ".join(one.text for one in window), "spoken", window[0].start, window[-1].end)
    for sentence in story:
        piece = _piece(words(text), sentence.text)
        if piece is not None:
            return DraftSentence(piece, "spoken", sentence.start, sentence.end)
    return DraftSentence(" ".join(text.split()), "added")


def _compared(text: str, language: Language) -> list[str]:
    """Return the words of a text with its numbers as values, so that "40 %" is "quarante pour cent"."""
    told, at = [], 0
    for figure in figures(text, language):
        told += [*words(text[at:figure.start]), f"={figure.value}"]
        at = figure.end
    return [*told, *words(text[at:])]


def _same(wanted: Sequence[str], said: Sequence[str]) -> bool:
    if not wanted or abs(len(wanted) - len(said)) > 2 + len(said) // 5:
        return False
    changes = SequenceMatcher(None, said, wanted, autojunk=False).get_opcodes()
    return all(kind == "equal" or _slight(said[a:b], wanted[c:d]) for kind, a, b, c, d in changes)


def _slight(said: Sequence[str], wanted: Sequence[str]) -> bool:
    if _FILLERS.issuperset(said) and _FILLERS.issuperset(wanted):
        return True
    return len(said) == len(wanted) and all(_agrees(one, other) for one, other in zip(said, wanted, strict=True))


def _agrees(one: str, other: str) -> bool:
    """Tell whether two words differ by the mark of a gender or a plural alone."""
    short, long = sorted((one, other), key=len)
    agreed = re.fullmatch(re.escape(short) + "(e|s|es|x)?", long) is not None
    return agreed and len(short) > 2 and not short.startswith("=")


def _piece(wanted: Sequence[str], sentence: str) -> str | None:
    said = spots(sentence)
    for first in range(len(said) - len(wanted) + 1):
        inside = said[first:first + len(wanted)]
        if len(wanted) < SHORTEST_PART or [spot.word for spot in inside] != list(wanted):
            continue
        left_out = {spot.word for spot in (*said[:first], *said[first + len(wanted):])}
        before = sentence[:inside[0].start].rstrip(" \u00a0\u202f«“\"")
        if not left_out & _DENIALS and (not before or before[-1] in ",;:.–—…"):
            return sentence[inside[0].start:inside[-1].end]
    return None
