"""Receipts are for who acted; the steward has those of consents, and nobody else any."""

from __future__ import annotations

from datetime import timedelta

import pytest

from story_bank.bank import Did
from story_bank.consent import Channel, NameShown
from story_bank.errors import NotFound
from story_bank.ids import ConsentId
from story_bank.person import Role
from studio.steps.consent import Sign
from studio.steps.forget import Forget
from studio.steps.keep import DescribeStory, StoryCard
from studio.steps.receipt import ReadForgetting, ReadReceipt
from studio.steps.recognisable import NameSomeone
from studio.steps.withdraw import Withdraw
from tests.steps.people import with_person, written


def _signed(small, first_name="Camille", title="La nuit"):
    story_id = written(small, first_name, title)
    shown = ("2026-11", "le texte exact")
    return story_id, Sign(small.tools).run(small.asker(first_name), story_id, small.scope(), shown, first_name)


def test_who_signed_has_the_receipt(small) -> None:
    """L07: text, signature and fingerprint as they were signed, under the story's title."""
    _, consent = _signed(small)
    receipt = ReadReceipt(small.tools).run(small.asker("Camille"), consent.id)
    assert receipt.signed is not None
    assert receipt.signed.text == "le texte exact"
    assert any("La nuit" in fact.lines for fact in receipt.facts)
    assert any(consent.text_hash in fact.lines for fact in receipt.proof)


@pytest.mark.parametrize("first_name", ["Moussa", "Inès", "Julien", "Marc"])
def test_nobody_else_has_it(small, first_name: str) -> None:
    """Contributor, ambassador, editor, administrator: another's consent does not exist for them."""
    _, consent = _signed(small)
    for consent_id in (consent.id, ConsentId("nowhere")):
        with pytest.raises(NotFound):
            ReadReceipt(small.tools).run(small.asker(first_name), consent_id)


def test_the_steward_reads_it_and_that_is_noted(small) -> None:
    """V30: the keeper of consents audits them; a story that is closed keeps its title of today to itself."""
    with_person(small, "Solène", Role.STEWARD)
    story_id, consent = _signed(small)
    ReadReceipt(small.tools).run(small.asker("Solène"), consent.id)
    Withdraw(small.tools).run(small.asker("Camille"), story_id)
    card = StoryCard("Titre de maintenant", small.tools.today())
    DescribeStory(small.tools).run(small.asker("Camille"), story_id, card)
    receipt = ReadReceipt(small.tools).run(small.asker("Solène"), consent.id)
    assert "Titre de maintenant" not in str(receipt)
    with small.tools.bank.open() as work:
        assert [deed.deed for deed in work.journal_of(small.people["Solène"].id)] == [Did.READ_REGISTER] * 2


def test_a_steward_has_no_text_of_a_story_that_is_closed(small) -> None:
    """V30: taken back, it leaves scope, version, fingerprint and that the text is whole; its author still has it."""
    with_person(small, "Solène", Role.STEWARD)
    story_id, consent = _signed(small, title="Mon épuisement")
    shown = ("2026-11", "Pour le récit « Mon épuisement »")
    small.clock.now += timedelta(minutes=2)
    consent = Sign(small.tools).run(small.asker("Camille"), story_id, small.scope(), shown, "Camille")
    receipts = [ReadReceipt(small.tools).run(small.asker("Solène"), consent.id)]
    Withdraw(small.tools).run(small.asker("Camille"), story_id)
    receipts += [ReadReceipt(small.tools).run(small.asker(name), consent.id) for name in ("Solène", "Camille")]
    assert ["Mon épuisement" in str(each) for each in receipts] == [True, False, True]
    assert receipts[1].signed is None
    assert all(said in str(receipts[1].proof) for said in (consent.text_hash, "2026-11", "celui qui a été signé"))
    assert "LinkedIn" in str(receipts[1].facts)
    with small.tools.bank.open() as work:
        taken_back = work.consents_of(small.people["Camille"].id)[-1]
    assert "Mon épuisement" not in str(ReadReceipt(small.tools).run(small.asker("Solène"), taken_back.id))


def test_a_steward_has_no_text_that_says_a_hidden_name(small) -> None:
    """L07: the title as it was signed may name somebody who shows no name; the signer's own name is in the register."""
    with_person(small, "Solène", Role.STEWARD)
    story_id = written(small, "Camille", "Le soir de Moussa Ferrand")
    NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Moussa Ferrand")
    shown = ("2026-11", "Camille, pour « Le soir de Moussa »")
    consent = Sign(small.tools).run(small.asker("Camille"), story_id, small.scope(name=NameShown.NONE), shown, "C")
    small.sign("Moussa", story_id, small.scope(name=NameShown.NONE))
    receipt = ReadReceipt(small.tools).run(small.asker("Solène"), consent.id)
    assert "Moussa" not in str(receipt)
    assert "Moussa" in str(ReadReceipt(small.tools).run(small.asker("Camille"), consent.id))


def test_a_withdrawal_has_a_receipt_too(small) -> None:
    """L21: what was taken back and what still stands at that moment, whatever came later."""
    story_id, _ = _signed(small)
    Withdraw(small.tools).run(small.asker("Camille"), story_id, frozenset({Channel.LINKEDIN}))
    Withdraw(small.tools).run(small.asker("Camille"), story_id)
    with small.tools.bank.open() as work:
        first, second = work.consents_of(small.people["Camille"].id)[1:]
    receipts = [ReadReceipt(small.tools).run(small.asker("Camille"), each.id) for each in (first, second)]
    assert "Bibliothèque" in str(receipts[0].facts[3])
    assert "Rien" in str(receipts[1].facts[3])


def test_a_forgotten_story_leaves_a_receipt_without_a_word_of_it(small) -> None:
    """The consent's receipt says that the text went with the story; the erasure's counts what went."""
    story_id, consent = _signed(small, title="La nuit blanche")
    done = Forget(small.tools).run(small.asker("Camille"), story_id)
    receipts = [ReadForgetting(small.tools).run(small.asker("Camille"), done.id),
                ReadReceipt(small.tools).run(small.asker("Camille"), consent.id)]
    assert "nuit blanche" not in str(receipts)
    assert "neigeait" not in str(receipts)
    assert "1 récit" in str(receipts[0].facts)
    assert consent.text_hash in str(receipts[1].proof)


@pytest.mark.parametrize("first_name", ["Moussa", "Marc", "Solène"])
def test_a_receipt_of_an_erasure_is_for_who_asked_alone(small, first_name: str) -> None:
    """Nor the administrator, nor the steward, is told that somebody erased something."""
    with_person(small, "Solène", Role.STEWARD)
    story_id, _ = _signed(small)
    done = Forget(small.tools).run(small.asker("Camille"), story_id)
    with pytest.raises(NotFound):
        ReadForgetting(small.tools).run(small.asker(first_name), done.id)
