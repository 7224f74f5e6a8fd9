"""Passages of a story that can stand alone: two or three whole sentences, never half of an opposition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from story_bank.language import Language

USUAL = 3
FEW = 8
"""A story of no more sentences than this also yields single ones, or its three angles would be alike."""
LONGEST = 5
"""A chain of oppositions may make a passage longer than usual; beyond this many sentences it is not offered."""

_DENIES = {
    "fr": re.compile(
        r"\b(ne\b|n')[^.;:]*\b(pas|plus|jamais|rien|aucune?|personne)\b|^(pas|non|jamais|plus)\b"
        r"|\bpas (de|un|une|le|la|les|pour|que)\b"),
    "en": re.compile(r"\b(not|never|no|nobody|nothing|none)\b|n't\b"),
}
_SETS_RIGHT = {
    "fr": re.compile(
        r"^(et |non, |alors )?(c'est|c'etait|c'etaient|ce sont|ce fut|ca, c'est|ca c'est|il s'agit|juste|seulement"
        r"|simplement|plutot|(j'ai|on a|nous avons|il a|elle a|ils ont|je|on|nous|il|elle)( \w+)? "
        r"(juste|seulement|simplement|plutot))\b"),
    "en": re.compile(
        r"^(and |no, |so )?(it is|it's|it was|that is|that's|that was|this is|they are|they're|just|only|simply|rather"
        r"|(i|we|he|she|they)( have|'ve)? (just|only|simply|rather))\b"),
}
_OPPOSES = {
    "fr": re.compile(
        r"^(mais|pourtant|or|sauf|cependant|neanmoins|en revanche|par contre|au contraire|et pourtant|et non|non pas"
        r"|pas|toutefois|quand meme)\b|^(moi|nous),"),
    "en": re.compile(r"^(but|yet|however|except|instead|rather|and yet|not|on the contrary|though)\b|^(me|still),"),
}
_LEANS = {
    "fr": re.compile(
        r"^(et|puis|alors|donc|ensuite|apres|elles?|ils?|lui|ca|cela|c'est|c'etait|ce n'est|parce que|du coup|car|ou"
        r"|enfin|celui|celle|ceux|d'ailleurs|oui|resultat|(je|on|nous) (le|la|les|lui|leur))\b"
        r"|^(je|on|nous) (l'|y |en )|^(la|depuis),"),
    "en": re.compile(
        r"^(and|then|so|he|she|they|it|that|this|these|those|because|after that|or|also|yes|as a result|him|her)\b"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive sentences of a story, from `first` to before `end`."""

    first: int
    end: int

    def __contains__(self, place: int) -> bool:
        return self.first <= place < self.end

    def meets(self, other: Span) -> bool:
        """Tell whether the two share a sentence."""
        return self.first < other.end and other.first < self.end

    def places(self) -> range:
        """The places of its sentences."""
        return range(self.first, self.end)


def leans_back(said: str, language: Language) -> bool:
    """Tell whether a folded sentence needs the one before it to be understood."""
    start = _start(said)
    return _LEANS[language].match(start) is not None or _OPPOSES[language].match(start) is not None


def inseparable(before: str, after: str, language: Language) -> bool:
    """Tell whether two folded sentences are halves of one: "not X" then "it is Y", a claim and its "but"."""
    first, second = _start(before), _start(after)
    if not re.search(r"[.!?…][\"'»”)\s]*$", before) or before.rstrip().endswith("?"):
        return True
    if _OPPOSES[language].match(second) or re.search(r"\b(non seulement|not only)\b", first):
        return True
    if not _DENIES[language].search(first):
        return False
    parallel = first.split()[:2] == second.split()[:2] and _DENIES[language].search(second) is not None
    return parallel or _SETS_RIGHT[language].match(second) is not None


def spans(said: Sequence[str], language: Language) -> list[Span]:
    """Return every passage of folded sentences that can stand alone: two or three, more where they cannot be parted.

    The last sentence may stand alone where it needs no other: it often says best why the story was told.
    """
    tied = [inseparable(before, after, language) for before, after in pairwise(said)]
    shortest = 1 if len(said) <= FEW else 2
    found = {_closed(first, first + length, tied)
             for length in range(shortest, USUAL + 1) for first in range(len(said) - length + 1)}
    if said and not leans_back(said[-1], language):
        found.add(_closed(len(said) - 1, len(said), tied))
    return sorted((span for span in found if span.end - span.first <= LONGEST), key=lambda span: (span.first, span.end))


def _closed(first: int, end: int, tied: Sequence[bool]) -> Span:
    while first > 0 and tied[first - 1]:
        first -= 1
    while end <= len(tied) and tied[end - 1]:
        end += 1
    return Span(first, end)


def _start(said: str) -> str:
    """Return the sentence without the marks before its first word."""
    return re.sub(r"^[\W_]+", "", said)
