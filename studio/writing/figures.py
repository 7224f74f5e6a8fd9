"""Numbers in a text, in digits or in words, as values that compare: "quarante pour cent" is "40 %"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from text_to_num import find_numbers

from prompts.idioms import number_idioms
from story_bank.language import LANGUAGES, Language
from studio.writing.words import fold

_DIGITS = re.compile(r"\d+(?:[ \u00a0\u202f.,']\d{3}(?!\d))*(?:[.,]\d+)?")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:-[^\W\d_]+)*|[^\w\s]")
_SHARE = re.compile(r"\s*(?:%|pour ?cents?\b|per ?cent\b)", re.IGNORECASE)
_MOMENTS = frozenset({"second", "seconde", "secondes", "seconds"})
_COUNTED_THING = re.compile(
    r"\s+(?!(?:et|ou|mais|qui|que|dans|pour|avec|sur|de|du|des|a|au|aux|en|par|comme)\b)\w")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it stands in a text (characters, end excluded) and its value: "40" or, for a share, "40%"."""

    text: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class _Token:
    """A word as the number reader asks for it."""

    said: str
    counts: bool

    def text(self) -> str:
        """The word."""
        return self.said

    def text_lowercase(self) -> str:
        """The word in small letters."""
        return self.said.lower()

    def nt_separated(self, previous: _Token) -> bool:
        """Tell that nothing but the text parts two words."""
        return False

    def not_a_number_part(self) -> bool:
        """Tell whether the word is known not to count."""
        return not self.counts


def figures(text: str, language: Language | None) -> list[Figure]:
    """Return the numbers that a text states, in order; idioms, "one" and numbering at the start of a line are none.

    Without a language, words are read in both.
    """
    text = _blanked(text)
    found = {(figure.start, figure.end): figure for figure in _in_digits(text)}
    for spoken in (language,) if language else LANGUAGES:
        for figure in _in_words(text, spoken):
            if not any(start < figure.end and figure.start < end for start, end in found):
                found[figure.start, figure.end] = figure
    return sorted(found.values(), key=lambda figure: figure.start)


def supported_values(text: str, language: Language | None) -> frozenset[str]:
    """Return every value that a text states or makes believable: "la moitié" stands behind "50 %"."""
    values = {figure.value for figure in figures(text, language)}
    said = set(re.findall(r"[^\W\d_]+", fold(text)))
    for word, more in number_idioms().also_support.items():
        if word in said:
            values.update(more)
    return frozenset(values | {"1"})


def _in_digits(text: str) -> Iterator[Figure]:
    for match in _DIGITS.finditer(text):
        plain = re.sub(r"[ \u00a0\u202f']", "", match.group())
        if re.fullmatch(r"\d{1,3}([.,]\d{3})+", plain):
            plain = re.sub(r"[.,]", "", plain)
        value = float(plain.replace(",", ".")) if plain.count(",") + plain.count(".") < 2 else None
        if value is not None and value != 1:
            yield _figure(text, match.start(), match.end(), value)


def _in_words(text: str, language: Language) -> Iterator[Figure]:
    matches = list(_TOKEN.finditer(text))
    tokens = [_Token(match.group(), _counts(text, match)) for match in matches]
    for number in find_numbers(tokens, language, 0):
        first, last = matches[number.start], matches[number.end - 1]
        if number.value != 1 and not first.group()[0].isdigit():
            yield _figure(text, first.start(), last.end(), number.value)
    for match in matches:
        stands_for = number_idioms().stand_for.get(fold(match.group()).removesuffix("s"))
        if stands_for is not None:
            yield _figure(text, match.start(), match.end(), stands_for)


def _counts(text: str, match: re.Match[str]) -> bool:
    word = fold(match.group())
    if word in {"cent", "cents"} and re.search(r"\bpour[\s-]*$", fold(text[max(0, match.start() - 8):match.start()])):
        return False
    if word in {"neuf", "neufs"}:
        return _COUNTED_THING.match(fold(text[match.end():match.end() + 12])) is not None
    return word not in _MOMENTS


def _figure(text: str, start: int, end: int, value: float) -> Figure:
    share = _SHARE.match(text, end)
    number = f"{value:g}" if value < 1e6 else f"{value:.0f}"
    stop = share.end() if share else end
    return Figure(text[start:stop], start, stop, f"{number}%" if share else number)


def _blanked(text: str) -> str:
    """Return the text, as long as before, with what counts nothing replaced by spaces."""
    return _countless().sub(lambda match: " " * len(match.group()), text)


@cache
def _countless() -> re.Pattern[str]:
    idioms = "|".join(number_idioms().count_nothing)
    return re.compile(rf"https?://\S+|\S+@\S+|[#@]\w+|\d\ufe0f?\u20e3|(?m:^\s*\d{{1,2}}[.)]\s)|\b(?:{idioms})(?!\w)",
                      re.IGNORECASE)
