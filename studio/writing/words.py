"""Words as they are compared: case, accents and apostrophes folded, what cannot be seen removed, look-alikes undone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from prompts.little_words import telling_words
from story_bank.language import LANGUAGES, Language

RUN = 4
"""Words in a row that make a passage shared rather than met by chance (command-line.md, `check`)."""

_ALIKE = str.maketrans("аеорсухіјѕԁԛԝһкмтвнгпαοερυνικτχγıłøđħ", "aeopcyxijsdqwhkmtbhrnaoepuviktxyilodh")
"""Letters of other alphabets that look like ours; NFKC leaves them apart."""
_LIGATURES = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"}
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
"""Letters that draw nothing."""
_APOSTROPHES = frozenset("'’‘ʼ`´′＇ˈ")
_HYPHENS = frozenset("-‐‑­")
_WORD = re.compile(r"[^\W_]+(?:['-]\0*[^\W_]+)*")
_PARTED = re.compile(r"(?<![^\W_])((?:[ldjnmtsc]|qu|jusqu|lorsqu|puisqu|quoiqu)') +(?=[^\W_])")


@dataclass(frozen=True, slots=True)
class Spot:
    """A word as compared, and where it stands in the text (characters, end excluded)."""

    word: str
    start: int
    end: int


@cache
def _letter(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    if char in _BLANK or unicodedata.category(char) == "Cf":
        return ""
    if char in _HYPHENS:
        return "-"
    spread = unicodedata.normalize("NFKD", _LIGATURES.get(char, char))
    return "".join(part for part in spread if not unicodedata.combining(part)).casefold().translate(_ALIKE)


def _folded(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, the place in the text it came from."""
    letters, places = [], []
    for place, char in enumerate(text):
        for letter in _letter(char):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def fold(text: str) -> str:
    """Return the text without case, accents, typographic apostrophes or invisible characters."""
    return _folded(text)[0]


def spots(text: str) -> list[Spot]:
    """Return the words of a text in order; "l'eau" and "peut-être" are one word each, punctuation is none."""
    folded, places = _folded(text)
    joined = _PARTED.sub(lambda parted: parted.group().replace(" ", "\0"), folded)
    return [Spot(re.sub(r"['\0-]", "", match.group()), places[match.start()], places[match.end() - 1] + 1)
            for match in _WORD.finditer(joined)]


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return [spot.word for spot in spots(text)]


def shared(text: Sequence[str], others: Iterable[Sequence[str]]) -> list[bool]:
    """Tell for each word of a text whether it lies in a run of `RUN` or more words that one of the others holds too."""
    known = {tuple(other[at:at + RUN]) for other in others for at in range(len(other) - RUN + 1)}
    inside = [False] * len(text)
    for at in range(len(text) - RUN + 1):
        if tuple(text[at:at + RUN]) in known:
            inside[at:at + RUN] = [True] * RUN
    return inside


def language_of(text: str) -> Language | None:
    """Return the language whose little words the text holds, or None where they do not tell."""
    told = words(text)
    french, english = (sum(word in telling_words(language) for word in told) for language in LANGUAGES)
    if french == english:
        return None
    return "fr" if french > english else "en"
