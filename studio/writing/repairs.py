"""Where a transcript may hold a misheard term of the glossary: by sound and spelling, proposed and never done.

An ordinary word that is written as it should be is left alone: a wrong proposal costs a person more than a missed one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from media.rapidfuzz_likeness import likeness, nearest
from prompts.first_names import first_names
from prompts.little_words import ordinary_capitals
from prompts.ordinary_words import ordinary_words
from story_bank.glossary import LONGEST_TERM, Term, TermKind, one_line
from story_bank.ids import TermId, WordId
from story_bank.naming import also_a_word
from story_bank.transcript import Segment, Transcript, Word
from studio.writing.sounds import sound
from vectorstore.words import folded, stems

WORDS = 3
"""The most words that one term was heard as."""
SOUNDS_ALIKE, SPELT_ALIKE = 0.75, 0.5
"""How alike, 0 to 1, what was heard must sound and be spelt."""
SURELY = 0.85
"""How alike ordinary words in a row, or a word in small letters, must sound to be taken for a name."""
SHORTEST = 4
"""Sounds of a term, below which too much sounds like it."""
_LEAD = re.compile(r"^(?:[^\w]*(?:(?:[ldjnmtsc]|qu|jusqu|lorsqu|puisqu)['’])?)(?=\w)", re.IGNORECASE)
_TAIL = re.compile(r"[^\w]*$")


@dataclass(frozen=True, slots=True)
class Repair:
    """One to three words that may be a term; `becomes` keeps the punctuation around them."""

    term_id: TermId
    ids: tuple[WordId, ...]
    was: str
    becomes: str
    segment: Segment
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class _Form:
    term: Term
    folded: str
    sound: str


@dataclass(frozen=True, slots=True)
class _Span:
    segment: Segment
    first: int
    after: int

    @property
    def words(self) -> tuple[Word, ...]:
        return self.segment.words[self.first:self.after]

    @property
    def bare(self) -> str:
        """The words without what stands around them."""
        text = " ".join(word.text for word in self.words)
        return _TAIL.sub("", text[len(_lead(text)):])


def proposed_repairs(transcript: Transcript, terms: Sequence[Term]) -> list[Repair]:
    """Return what may be a term of the glossary and is not written so, in order, never overlapping."""
    known = [term for term in terms if term.spoken_in(transcript.language)]
    forms = [form for term in known for form in _forms(term)]
    right = {term.written.casefold(): term.written for term in known}
    return [repair for segment in transcript.segments for repair in _in_segment(segment, forms, right)]


def taught_by(before: str, after: str) -> tuple[str, str] | None:
    """Return what a correction teaches, as (written, heard): a name or term that sounds like what was there, or None.

    What was typed more than a name, or is made of ordinary words, or sounds quite different, teaches nothing.
    """
    old, new = before.split(), after.split()
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    heard, written = _plain(" ".join(old)), _plain(" ".join(new))
    if not heard or not 1 <= len(new) <= WORDS or len(old) > WORDS or written == heard:
        return None
    if len(written) > LONGEST_TERM or one_line(written) != written or not any(char.isalpha() for char in written):
        return None
    if all(_ordinary(word) for word in written.split()) or _same_word(heard, written):
        return None
    alike = max(likeness(sound(heard), sound(written)), likeness(folded(heard), folded(written)))
    return (written, heard) if alike >= SPELT_ALIKE else None


def likely_kind(written: str) -> TermKind:
    """Guess what a term names: a person where it begins with a first name; an editor says better."""
    return TermKind.PERSON if folded(written.split()[0]) in first_names() else TermKind.TERM


def _forms(term: Term) -> Iterator[_Form]:
    for text in (term.written, *term.heard_as):
        yield _Form(term, folded(text), sound(text))


def _in_segment(segment: Segment, forms: Sequence[_Form], right: dict[str, str]) -> list[Repair]:
    sounds = [form.sound for form in forms]
    taken: set[int] = set()
    found: list[tuple[float, _Span, _Form]] = []
    for span in _spans(segment):
        if right.get(span.bare.casefold()) == span.bare:
            taken.update(range(span.first, span.after))
        elif match := _best(span, forms, sounds):
            found.append((match[0], span, match[1]))
    made = []
    for _, span, form in sorted(found, key=lambda each: (-each[0], each[1].after - each[1].first, each[1].first)):
        if taken.isdisjoint(range(span.first, span.after)):
            taken.update(range(span.first, span.after))
            made.append(_repair(span, form.term))
    return sorted(made, key=lambda repair: repair.start)


def _spans(segment: Segment) -> Iterator[_Span]:
    for first in range(len(segment.words)):
        for after in range(first + 1, min(first + WORDS, len(segment.words)) + 1):
            span = _Span(segment, first, after)
            if span.bare:
                yield span
            if _TAIL.search(segment.words[after - 1].text).group():  # type: ignore[union-attr]  # matches always
                break  # a name does not go on behind a comma


def _best(span: _Span, forms: Sequence[_Form], sounds: Sequence[str]) -> tuple[float, _Form] | None:
    bare = span.bare
    plain, words = folded(bare), bare.split()
    ordinary = all(_ordinary(word) for word in words)
    if ordinary and len(words) == 1:
        return None
    exact = next((form for form in forms if form.folded == plain), None)
    if exact is not None:
        return 2.0, exact
    heard = sound(bare)
    if any(char.isdigit() for char in bare) or len(heard) < SHORTEST or plain in first_names():
        return None
    least = SURELY if ordinary or bare == bare.lower() else SOUNDS_ALIKE
    for place, alike in nearest(heard, sounds, least):
        form = forms[place]
        spelt = likeness(plain.replace(" ", ""), form.folded.replace(" ", ""))
        if (len(form.sound) >= SHORTEST and spelt >= SPELT_ALIKE and not _same_word(bare, form.term.written)
                and not _better_without_one(words, form, alike)):
            return alike + spelt, form
    return None


def _better_without_one(words: Sequence[str], form: _Form, alike: float) -> bool:
    """Tell whether the first or last word adds nothing: "un marchand" for "Marchand"."""
    fewer = (words[1:], words[:-1]) if len(words) > 1 else ()
    return any(likeness(sound(" ".join(some)), form.sound) >= alike for some in fewer)


def _repair(span: _Span, term: Term) -> Repair:
    said = " ".join(word.text for word in span.words)
    tail = _TAIL.search(said)
    becomes = _lead(said) + term.written + (tail.group() if tail else "")
    return Repair(term.id, tuple(word.id for word in span.words), said, becomes, span.segment, span.words[0].start,
                  span.words[-1].end)


def _lead(text: str) -> str:
    match = _LEAD.match(text)
    return match.group() if match else ""


def _plain(text: str) -> str:
    return _TAIL.sub("", text[len(_lead(text)):])


def _same_word(one: str, other: str) -> bool:
    """Tell whether both are forms of one ordinary word: "scanner" and "scanners"; a name is none."""
    return one[:1].islower() and other[:1].islower() and any(
        stems(one, language) == stems(other, language) for language in ("fr", "en"))


@cache
def _ordinary_stems() -> frozenset[str]:
    text = " ".join(ordinary_words())
    return frozenset(stems(text, "fr")) | frozenset(stems(text, "en"))


def _ordinary(word: str) -> bool:
    """Tell whether it is a form of an ordinary word of either language; a little word is one, and so is a number."""
    bare = _plain(word)
    if folded(bare) in ordinary_capitals() or (also_a_word(bare) and bare == bare.lower()):
        return True
    found = {stem for language in ("fr", "en") for stem in stems(bare, language)}
    return not found or not found.isdisjoint(_ordinary_stems()) or bare.isdigit()
