"""Both banks keep the glossary: a wish is its proposer's until an editor keeps it, and goes with its story."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from story_bank.bank import Bank
from story_bank.errors import Conflict, NotFound
from story_bank.glossary import Proposal, Term, TermKind, TermState
from story_bank.ids import StoryId, TermId, new_id
from story_bank.person import Person
from story_bank.story import Story
from tests.contracts.bank_samples import NOON, person, story


@pytest.fixture
def ines(bank: Bank) -> Person:
    return _person(bank, "Inès Roy")


@pytest.fixture
def yann(bank: Bank) -> Person:
    return _person(bank, "Yann Kerlo")


def _person(bank: Bank, name: str) -> Person:
    made = person(name)
    with bank.open() as work:
        work.save_person(made)
        work.commit()
    return made


def _story(bank: Bank, who: Person) -> Story:
    made = story(who)
    with bank.open() as work:
        work.save_story(made)
        work.commit()
    return made


def term(by: Person, written: str = "Trelleborg", **known) -> Term:
    given = {"kind": TermKind.PLACE, "state": TermState.PROPOSED, "made_by": by.id, "made_at": NOON} | known
    return Term(TermId(new_id()), written, **given)


def wish(of: Term, by: Person, story_id: StoryId, heard: str = "Trélébor") -> Proposal:
    return Proposal(of.id, by.id, story_id, heard, NOON)


def _wished(bank: Bank, of: Term, *wishes: Proposal) -> None:
    with bank.open() as work:
        work.save_term(of)
        for each in wishes:
            work.propose_term(each)
        work.commit()


def test_a_term_comes_back_as_it_was_kept(bank: Bank, ines: Person) -> None:
    """Writing, forms, kind, language and dates, whatever the letters."""
    kept = term(ines, "Œuvre « ${x} » 🎬 أهلا", state=TermState.KEPT, heard_as=("heuvre", "<b>"), language="fr",
                decided_at=NOON + timedelta(seconds=1))
    _wished(bank, kept)
    with bank.open() as work:
        assert (work.term(kept.id), work.terms(), work.term_written(kept.written)) == (kept, [kept], kept)
        assert work.term_written(kept.written.upper()) is None
        with pytest.raises(NotFound):
            work.term(TermId("nothing"))


def test_one_writing_is_one_term(bank: Bank, ines: Person) -> None:
    """A second one is refused; the same one is changed."""
    kept = term(ines)
    _wished(bank, kept, wish(kept, ines, _story(bank, ines).id))
    with bank.open() as work:
        with pytest.raises(Conflict):
            work.save_term(term(ines))
        work.save_term(replace(kept, written="Trälleborg"))
        assert [each.written for each in work.terms()] == ["Trälleborg"]


def test_a_wish_helps_its_proposer_alone_until_it_is_kept(bank: Bank, ines: Person, yann: Person) -> None:
    """Nobody else's transcriptions are told of it; kept, it helps everybody's; put aside, nobody's."""
    kept = term(ines)
    _wished(bank, kept, wish(kept, ines, _story(bank, ines).id))
    with bank.open() as work:
        assert [(each.written, each.heard_as) for each in work.terms_for(ines.id)] == [("Trelleborg", ("Trélébor",))]
        assert work.terms_for(yann.id) == []
        work.save_term(replace(kept, state=TermState.KEPT))
        assert [(each.written, each.heard_as) for each in work.terms_for(yann.id)] == [("Trelleborg", ())]
        work.save_term(replace(kept, state=TermState.RETIRED))
        assert (work.terms_for(ines.id), work.terms_for(yann.id)) == ([], [])


def test_ones_own_wishes_come_first(bank: Bank, ines: Person) -> None:
    """Then what is kept, the newest first: a prompt has little room."""
    old, new = (term(ines, name, state=TermState.KEPT, made_at=NOON + timedelta(days=day))
                for name, day in (("Ancien", 0), ("Nouveau", 1)))
    own = term(ines, "Propre", made_at=NOON - timedelta(days=9))
    for each in (old, new):
        _wished(bank, each)
    _wished(bank, own, wish(own, ines, _story(bank, ines).id))
    with bank.open() as work:
        assert [each.written for each in work.terms_for(ines.id)] == ["Propre", "Nouveau", "Ancien"]


def test_a_wish_noted_twice_is_one_and_can_be_taken_back(bank: Bank, ines: Person, yann: Person) -> None:
    """What nobody wishes any more is gone; what somebody else wishes too stays."""
    kept = term(ines)
    hers, his = wish(kept, ines, _story(bank, ines).id), wish(kept, yann, _story(bank, yann).id)
    _wished(bank, kept, hers, hers, his)
    with bank.open() as work:
        assert (work.proposals_of(ines.id), work.proposals_of(yann.id)) == ([hers], [his])
        work.take_back_proposal(kept.id, ines.id)
        assert (work.terms_for(ines.id), len(work.terms())) == ([], 1)
        work.take_back_proposal(kept.id, yann.id)
        assert work.terms() == []


def test_forgetting_a_story_forgets_what_it_alone_proposed(bank: Bank, ines: Person) -> None:
    """A wish from another story stays, and so does what an editor kept for the company."""
    gone, left = _story(bank, ines), _story(bank, ines)
    alone, shared, kept = (term(ines, name) for name in ("Seul", "Deux", "Gardé"))
    _wished(bank, alone, wish(alone, ines, gone.id))
    _wished(bank, shared, wish(shared, ines, gone.id, "deu"), wish(shared, ines, left.id, "de"))
    _wished(bank, replace(kept, state=TermState.KEPT), wish(kept, ines, gone.id))
    with bank.open() as work:
        work.erase_stories([gone.id])
        work.commit()
    with bank.open() as work:
        assert [(each.written, each.heard_as) for each in work.terms()] == [("Deux", ("de",)), ("Gardé", ())]
        assert [each.story_id for each in work.proposals_of(ines.id)] == [left.id]


def test_the_demonstrations_terms_go_with_its_people(bank: Bank, ines: Person, yann: Person) -> None:
    """Nothing invented stays behind; what somebody real proposed does."""
    invented, real = term(ines, "Inventé", state=TermState.KEPT), term(yann, "Vrai")
    _wished(bank, invented)
    _wished(bank, real, wish(real, yann, _story(bank, yann).id))
    with bank.open() as work:
        work.save_person(replace(ines, demo=True))
        work.erase_demo()
        assert [each.written for each in work.terms()] == ["Vrai"]
