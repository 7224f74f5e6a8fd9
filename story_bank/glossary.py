"""The company's glossary: how names and terms are written, and what the machine hears in their place.

Whoever corrects a name proposes it. A proposal helps its proposer's own transcriptions at once and is seen by them and
by who curates the glossary, as a word alone: neither the story nor its author goes with it. Kept by an editor, it
helps everybody's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from story_bank.ids import PersonId, StoryId, TermId
from story_bank.language import Language

LONGEST_TERM = 80
"""Characters of a term, and of what was heard in its place."""
MOST_FORMS = 12
"""Forms heard in the place of one term."""


class TermKind(StrEnum):
    """What a term names."""

    TERM = "term"
    PERSON = "person"
    PLACE = "place"
    PRODUCT = "product"


class TermState(StrEnum):
    """Where a term stands: somebody's wish, everybody's, or nobody's any more."""

    PROPOSED = "proposed"
    KEPT = "kept"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Term:
    """A name or term as the company writes it; `language` None is any."""

    id: TermId
    written: str
    kind: TermKind
    state: TermState
    made_by: PersonId
    made_at: datetime
    heard_as: tuple[str, ...] = ()
    """What the machine wrote in its place, as far as an editor has taken it over."""
    language: Language | None = None
    decided_at: datetime | None = None

    def spoken_in(self, language: Language) -> bool:
        """Tell whether it may be said in that language."""
        return self.language in (None, language)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody's wish to have a term written so, from a correction in a story of theirs; it goes with the story."""

    term_id: TermId
    person_id: PersonId
    story_id: StoryId
    heard: str
    """What the machine had written there."""
    at: datetime


def with_forms(term: Term, forms: Iterable[str]) -> Term:
    """Return the term with more that was heard in its place; its own writing is none of it, nor is one form twice."""
    every = dict.fromkeys((*term.heard_as, *(form for form in map(one_line, forms) if form)))
    return replace(term, heard_as=tuple(form for form in every if form != term.written)[:MOST_FORMS])


def one_line(text: str) -> str:
    """Return a term or form as it is kept: on one line, nothing unseen around it, within its length."""
    shown = "".join(char if char.isprintable() or char.isspace() else "" for char in text)
    return " ".join(shown.split())[:LONGEST_TERM].strip()
