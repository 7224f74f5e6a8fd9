"""How a sentence tells: which beat it plays, how well it opens, and what a reader still misses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from prompts.beats import Beat, Gap, beats, gaps
from story_bank.language import Language
from studio.writing.spans import leans_back
from studio.writing.words import fold

_FIRST_PERSON = {"fr": re.compile(r"\b(je|j'|moi|mon|ma|mes|nous|notre|nos|on)(\b|(?<='))"),
                 "en": re.compile(r"\b(i|me|my|we|us|our)\b")}
_GREETS = {"fr": re.compile(r"^(bonjour|bonsoir|salut|merci|voila|alors|bon|oui|non)\b"),
           "en": re.compile(r"^(hello|hi|good (morning|afternoon|evening)|thanks|thank you|well|so|okay|ok|yes|no)\b")}
_INTRODUCES = {"fr": re.compile(r"\b(je m'appelle|je suis (\w+ ){0,4}(depuis|a la|chez|dans|de))"),
               "en": re.compile(r"\b(my name is|i am called|i work (as|at|for|in)|i have been (a|an))\b")}


@cache
def cues_of(beat: Beat, language: Language) -> re.Pattern[str]:
    """Return what the cues of a beat match in a folded sentence."""
    return _any_of(beats()[beat].cues[language])


def hits(said: str, beat: Beat, language: Language) -> int:
    """Count the cues of a beat in a folded sentence; more than two tell no more."""
    return min(2, len(cues_of(beat, language).findall(said)))


def away(place: int, of: int, beat: Beat) -> float:
    """Return how far from its usual place in a story of so many sentences the beat would be, from 0 to 1."""
    at = beats()[beat].at
    return 0.0 if at is None else abs(place / max(1, of - 1) - at)


def opens_well(said: str, language: Language) -> float:
    """Return how well a folded sentence can come first: alone, brief, someone's, with something to see or to count."""
    length = len(said.split())
    strength = 0.5 if 6 <= length <= 22 else (-0.3 if 5 <= length <= 32 else -1.5)
    strength += 0.4 * (_FIRST_PERSON[language].search(said) is not None)
    strength += 0.3 * (re.search(r"\d|[:«“]", said) is not None)
    strength -= 1.6 * leans_back(said, language) + 2.0 * (_GREETS[language].match(said) is not None)
    return strength - 0.8 * (_INTRODUCES[language].search(said) is not None)


def missing(story: str, language: Language) -> list[Gap]:
    """Return what a reader who was not there still needs to know, the most needed first."""
    said = fold(story)
    return [gap for gap in gaps() if not _gap_cues(gap.id, language).search(said)]


@cache
def _gap_cues(gap_id: str, language: Language) -> re.Pattern[str]:
    return _any_of(next(gap.cues[language] for gap in gaps() if gap.id == gap_id))


def _any_of(cues: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(_pattern(fold(cue)) for cue in cues))


def _pattern(cue: str) -> str:
    stem = cue.rstrip("*")
    before, after = (r"(?<!\w)" if stem[0].isalnum() else ""), (r"(?!\w)" if stem == cue and stem[-1].isalnum() else "")
    return f"{before}{re.escape(stem)}{after}"
