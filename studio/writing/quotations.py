"""Quotations: what a post gives as somebody's words, and whether that somebody is named and said them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from prompts.first_names import first_names
from studio.writing.names import known, names
from studio.writing.words import RUN, fold, shared, words

_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"\n]*\"")
_SAYS = (r"(dit|disait|raconte|racontait|explique|expliquait|confie|resume|repond|ajoute|lance|souffle|sourit"
         r"|se souvient|selon|said|says|told|tells|explains|explained|recalls|adds|added|remembers|according to)")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage in quotation marks that names its speaker; `said`: the transcript holds it."""

    text: str
    start: int
    end: int
    said: bool


def quotations(post: str, transcript: Sequence[str], held: frozenset[str]) -> list[Quotation]:
    """Return the quotations of a post whose speaker is named beside them.

    `transcript`: the words that were said, as compared; `held`: the bare words in which a name can be looked up.
    A passage is said when most of its words lie in runs of the transcript; a passage that is not, and that nothing
    attributes ("…", raconte Camille), is no quotation at all: a title, a turn of phrase.
    """
    found = []
    for match in _QUOTED.finditer(post):
        inside = words(match.group())
        if not inside or not _named(post, match, held):
            continue
        said = _was_said(inside, transcript)
        if said or (len(inside) >= RUN and _attributed(post, match)):
            found.append(Quotation(match.group(), match.start(), match.end(), said))
    return found


def _was_said(inside: Sequence[str], transcript: Sequence[str]) -> bool:
    if len(inside) < RUN:
        return any(list(transcript[at:at + len(inside)]) == list(inside) for at in range(len(transcript)))
    return sum(shared(inside, [transcript])) > len(inside) / 2


def _named(post: str, match: re.Match[str], held: frozenset[str]) -> bool:
    """Tell whether a name stands beside the quotation: in its paragraph, or in the one before when it fills its own."""
    before, after = post[:match.start()].split("\n"), post[match.end():].split("\n")
    around = [before[-1], after[0]]
    if not re.search(r"\w", "".join(around)):
        around += [line for line in reversed(before[:-1]) if line.strip()][:1]
        around += [line for line in after[1:] if line.strip()][:1]
    return any(_holds_a_name(_QUOTED.sub(" ", part), held) for part in around)


def _holds_a_name(text: str, held: frozenset[str]) -> bool:
    if names(text):
        return True
    capitals = re.findall(r"(?<!\w)[A-ZÀ-Þ][\w-]+", text)
    return any(fold(word) in first_names() for word in capitals) or any(
        known(word, held) and re.search(rf"{re.escape(fold(word))}\W+{_SAYS}\b", fold(text)) for word in capitals)


def _attributed(post: str, match: re.Match[str]) -> bool:
    before, after = fold(post[max(0, match.start() - 60):match.start()]), fold(post[match.end():match.end() + 60])
    return (re.search(rf":\s*$|\b{_SAYS}\W*$", before) is not None
            or re.match(rf"\W*(\w+\W+){{0,2}}{_SAYS}\b", after) is not None)
