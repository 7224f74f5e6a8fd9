"""The glossary: terms, and who wishes them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Delete, Row, delete, exists, select

from story_bank.errors import Conflict, NotFound
from story_bank.glossary import Proposal, Term, TermKind, TermState, with_forms
from story_bank.ids import PersonId, StoryId, TermId
from story_bank.sql.tables import proposals, terms
from story_bank.sql.unit import Rows


class GlossaryRows(Rows):
    """How the company writes, and what was heard instead."""

    def save_term(self, term: Term) -> None:
        """Add or replace a term (`Conflict` when another one is written so)."""
        self._unit.claim("glossary", term.written)
        same = self.term_written(term.written)
        if same is not None and same.id != term.id:
            raise Conflict(f"« {term.written} » est déjà dans le glossaire ; changez celui-là.",
                           f"“{term.written}” is in the glossary already; change that one.")
        self._unit.put(terms, {
            "id": term.id, "written": term.written, "kind": term.kind.value, "state": term.state.value,
            "made_by": term.made_by, "made_at": term.made_at, "heard_as": list(term.heard_as),
            "language": term.language, "decided_at": term.decided_at})

    def term(self, term_id: TermId) -> Term:
        """Return a term (`NotFound`)."""
        row = self._unit.row(select(terms).where(terms.c.id == term_id))
        if row is None:
            raise NotFound("Ce terme n'est plus dans le glossaire ; rechargez la page.",
                           "This term is no longer in the glossary; reload the page.")
        return _term(row)

    def term_written(self, written: str) -> Term | None:
        """Return the term that is written just so."""
        row = self._unit.row(select(terms).where(terms.c.written == written))
        return None if row is None else _term(row)

    def terms(self) -> list[Term]:
        """Return every term by its writing, each with what its proposers heard in its place."""
        heard = self._heard()
        found = (_term(row) for row in self._unit.rows(select(terms)))
        return sorted((with_forms(term, heard.get(term.id, ())) for term in found),
                      key=lambda term: (term.written.casefold(), term.id))

    def terms_for(self, person_id: PersonId) -> list[Term]:
        """Return what helps this person's transcriptions: their own proposals, then what is kept, the newest first."""
        heard = self._heard(person_id)
        helps = terms.c.state.in_([TermState.KEPT.value, TermState.PROPOSED.value])
        found = (_term(row) for row in self._unit.rows(
            select(terms).where(helps).order_by(terms.c.made_at.desc(), terms.c.id)))
        theirs = [with_forms(term, heard.get(term.id, ())) for term in found
                  if term.state is TermState.KEPT or term.id in heard]
        return sorted(theirs, key=lambda term: term.state is TermState.KEPT)

    def propose_term(self, proposal: Proposal) -> None:
        """Note who wishes a term, from which story; noting it twice changes nothing."""
        self._unit.add_if_new(proposals, {
            "term_id": proposal.term_id, "person_id": proposal.person_id, "story_id": proposal.story_id,
            "heard": proposal.heard, "at": proposal.at})

    def take_back_proposal(self, term_id: TermId, person_id: PersonId) -> None:
        """Forget a person's wish; a term that nobody kept nor wishes any more goes with it."""
        self._unit.write(delete(proposals).where(proposals.c.term_id == term_id, proposals.c.person_id == person_id))
        self._unit.write(unwished())

    def proposals_of(self, person_id: PersonId) -> list[Proposal]:
        """Return what a person proposed, oldest first."""
        query = select(proposals).where(proposals.c.person_id == person_id)
        return [_proposal(row) for row in self._unit.rows(query.order_by(proposals.c.at, proposals.c.heard))]

    def _heard(self, person_id: PersonId | None = None) -> dict[TermId, list[str]]:
        query = select(proposals).order_by(proposals.c.at, proposals.c.heard)
        heard: dict[TermId, list[str]] = {}
        for row in self._unit.rows(query if person_id is None else query.where(proposals.c.person_id == person_id)):
            heard.setdefault(TermId(row.term_id), []).append(row.heard)
        return heard


def unwished() -> Delete:
    """Return what removes the terms that nobody kept nor wishes any more."""
    wished = exists().where(proposals.c.term_id == terms.c.id)
    return delete(terms).where(terms.c.state == TermState.PROPOSED.value, ~wished)


def put_aside_of(ids: Collection[str]) -> Delete:
    """Return what removes, of these terms, those that an editor put aside and nobody wishes any more."""
    wished = exists().where(proposals.c.term_id == terms.c.id)
    return delete(terms).where(terms.c.id.in_(ids), terms.c.state == TermState.RETIRED.value, ~wished)


def _term(row: Row[Any]) -> Term:
    return Term(TermId(row.id), row.written, TermKind(row.kind), TermState(row.state), PersonId(row.made_by),
                row.made_at, tuple(row.heard_as), row.language, row.decided_at)


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(TermId(row.term_id), PersonId(row.person_id), StoryId(row.story_id), row.heard, row.at)
