"""Names in a text: words whose capital is more than the beginning of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from prompts.first_names import first_names
from prompts.little_words import ordinary_capitals
from studio.writing.words import fold

_WORD = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
_BEGINS = re.compile(r"(?:[.!?…:;\n\"“”«»(\[•*>|–—-]|[^\w\s.,;'’%€$£&/@#°])[\s\u00a0\u202f]*$")
_TITLED = re.compile(r"\b(?:M|MM|Mme|Mlle|Dr|Pr|Mr|Mrs|Ms)\.[\s\u00a0\u202f]*$")
_SKIPPED = re.compile(r"https?://\S+|\S+@\S+|#\w+")


@dataclass(frozen=True, slots=True)
class Name:
    """A word, or words side by side, written as a name (characters, end excluded)."""

    text: str
    start: int
    end: int


def names(text: str) -> list[Name]:
    """Return the words of a text that name somebody or something; hashtags, addresses and headings in capitals do not.

    A word that begins a sentence counts only when it is a known first name or initials.
    """
    plain = _SKIPPED.sub(lambda match: " " * len(match.group()), text)
    shouted = [(line.start(), line.end()) for line in re.finditer(r"[^\n]+", plain) if _shouts(line.group())]
    return [Name(match.group(), match.start(), match.end()) for match in _WORD.finditer(plain)
            if _names(plain, match) and not any(start <= match.start() < end for start, end in shouted)]


def together(found: Iterable[Name], text: str) -> list[Name]:
    """Return the names with those side by side made one: "Camille Durand"."""
    joined: list[Name] = []
    for name in found:
        if joined and re.fullmatch(r"[ \u00a0]", text[joined[-1].end:name.start]):
            joined[-1] = Name(text[joined[-1].start:name.end], joined[-1].start, name.end)
        else:
            joined.append(name)
    return joined


def parts(text: str) -> frozenset[str]:
    """Return the bare words of a text, apart at apostrophes and hyphens, to look names up in."""
    bare = re.findall(r"[^\W_]+", fold(text))
    return frozenset(bare) | {word.removesuffix("s") for word in bare if len(word) > 3}


def known(name: str, held: frozenset[str]) -> bool:
    """Tell whether every part of a name is among the words."""
    return all(part in held or part.removesuffix("s") in held for part in re.findall(r"[^\W_]+", fold(name)))


def _names(text: str, match: re.Match[str]) -> bool:
    word, folded = match.group(), fold(match.group())
    if not word[0].isupper() or len(word) < 2 or folded in ordinary_capitals():
        return False
    before = text[max(0, match.start() - 12):match.start()]
    begins = not text[:match.start()].strip() or (_BEGINS.search(before) is not None and not _TITLED.search(before))
    return not begins or word.isupper() or folded.split("-")[0] in first_names()


def _shouts(line: str) -> bool:
    letters = [char for char in line if char.isalpha()]
    return len(line.split()) > 1 and len(letters) > 5 and sum(char.isupper() for char in letters) > 0.7 * len(letters)
