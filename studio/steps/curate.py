"""Curating the company's glossary: keeping, changing and putting aside terms, and carrying lists in and out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from story_bank.access import Act, Duty
from story_bank.bank import Asker, Work
from story_bank.errors import BadInput, VecuError
from story_bank.glossary import LONGEST_TERM, Term, TermKind, TermState, one_line, with_forms
from story_bank.ids import TermId, new_id
from story_bank.language import LANGUAGES, Bilingual, Language
from studio.documents.spreadsheet import as_csv
from studio.steps.step import Step, must_hold
from studio.typography import W
from vectorstore.words import folded

MOST_TERMS = 2_000
"""Terms in one glossary: more would drown in a prompt, and no company has so many that are misheard."""
KINDS = {TermKind.TERM: W("terme", "term"), TermKind.PERSON: W("personne", "person"),
         TermKind.PLACE: W("lieu", "place"), TermKind.PRODUCT: W("produit", "product")}
_COLUMNS = (W("terme", "term"), W("entendu", "heard as"), W("nature", "kind"), W("langue", "language"))
_HEADS = {folded(name) for each in _COLUMNS for name in (each.fr, each.en)}


@dataclass(frozen=True, slots=True)
class Writing:
    """A term as an editor writes it."""

    written: str
    heard_as: tuple[str, ...] = ()
    kind: TermKind = TermKind.TERM
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a list: terms that are new, that were there, and why others were refused, by line."""

    taken: int
    known: int
    refused: tuple[tuple[int, Bilingual], ...]


class ReadGlossary(Step):
    """Read every term, also those that somebody proposes."""

    use = Act.KEEP

    def run(self, asker: Asker, search: str = "", state: TermState | None = None) -> list[Term]:
        """Return terms by writing, those that wait first; `search` looks in writings and forms (`NotAllowed`)."""
        must_hold(asker, Duty.CURATE_GLOSSARY)
        with self.tools.bank.open() as work:
            terms = work.terms()
        wanted = folded(search.strip())
        found = [term for term in terms if state in (None, term.state)
                 and any(wanted in folded(text) for text in (term.written, *term.heard_as))]
        return sorted(found, key=lambda term: list(_ORDER).index(term.state))


_ORDER = (TermState.PROPOSED, TermState.KEPT, TermState.RETIRED)


class Curate(Step):
    """Add a term, change it, keep it for everybody or put it aside."""

    use = Act.KEEP

    def run(self, asker: Asker, term_id: TermId | None, writing: Writing, state: TermState) -> Term:
        """Return the term as it now is (`NotAllowed`, `NotFound`, `Conflict` for a second one, `BadInput`)."""
        must_hold(asker, Duty.CURATE_GLOSSARY)
        with self.tools.bank.open() as work:
            term = self._made(work, asker, term_id, _checked(writing), state)
            work.commit()
        return term

    def _made(self, work: Work, asker: Asker, term_id: TermId | None, writing: Writing, state: TermState) -> Term:
        now = self.tools.clock()
        before = work.term(term_id) if term_id else Term(
            TermId(new_id()), writing.written, writing.kind, state, asker.person.id, now)
        changed = replace(before, written=writing.written, kind=writing.kind, language=writing.language, state=state,
                          heard_as=(), decided_at=now)
        term = with_forms(changed, writing.heard_as)
        work.save_term(term)
        return term


class BringTerms(Step):
    """Take a list of terms, one a line, as a spreadsheet or a text holds them."""

    use = Act.KEEP

    def run(self, asker: Asker, text: str) -> Brought:
        """Keep what is new; what is there already gains the forms of the list (`NotAllowed`, `BadInput`: too many)."""
        must_hold(asker, Duty.CURATE_GLOSSARY)
        lines = list(_lines(text))
        taken = known = 0
        refused: list[tuple[int, Bilingual]] = []
        with self.tools.bank.open() as work:
            if len(lines) + len(work.terms()) > MOST_TERMS:
                raise BadInput(f"Un glossaire tient {MOST_TERMS} termes ; gardez ceux que la machine écrit mal.",
                               f"A glossary holds {MOST_TERMS} terms; keep those that the machine gets wrong.")
            for number, cells in lines:
                try:
                    new = self._take(work, asker, _checked(_writing(cells)))
                except VecuError as wrong:
                    refused.append((number, wrong.sentence))
                    continue
                taken, known = taken + new, known + (not new)
            work.commit()
        return Brought(taken, known, tuple(refused))

    def _take(self, work: Work, asker: Asker, writing: Writing) -> bool:
        now, same = self.tools.clock(), work.term_written(writing.written)
        term = same or Term(TermId(new_id()), writing.written, writing.kind, TermState.KEPT, asker.person.id, now,
                            language=writing.language)
        work.save_term(with_forms(replace(term, state=TermState.KEPT, decided_at=now), writing.heard_as))
        return same is None


def as_list(terms: list[Term], lang: Language) -> bytes:
    """Return the terms as a spreadsheet opens them, as `BringTerms` takes them again."""
    rows = [(term.written, " | ".join(term.heard_as), KINDS[term.kind].said(lang), term.language or "")
            for term in terms]
    return as_csv([[each.said(lang) for each in _COLUMNS], *rows])


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    marks = ";\t" if ";" in text or "\t" in text else ","
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        mark = next((mark for mark in marks if mark in line), ";")
        cells = [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=mark), [])]
        if cells and cells[0] and not (number == 1 and folded(cells[0]) in _HEADS):
            yield number, [cell.removeprefix("'") if cell[1:2] in "=+-@" else cell for cell in cells]


def _writing(cells: list[str]) -> Writing:
    written, heard, kind, spoken = (*cells, "", "", "")[:4]
    named = {folded(name): each for each, said in KINDS.items() for name in (each.value, said.fr, said.en)}
    return Writing(written, tuple(re.split(r"\s*\|\s*", heard)) if heard else (),
                   named.get(folded(kind), TermKind.TERM), next((each for each in LANGUAGES if each == spoken), None))


def _checked(writing: Writing) -> Writing:
    written = one_line(writing.written)
    if not any(char.isalpha() for char in written) or len(writing.written.strip()) > LONGEST_TERM:
        raise BadInput(f"Un terme a des lettres, et {LONGEST_TERM} caractères au plus.",
                       f"A term has letters, and {LONGEST_TERM} characters at most.")
    return replace(writing, written=written)
