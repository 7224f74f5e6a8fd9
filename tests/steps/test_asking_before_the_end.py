"""Thirty days before the end of a consent its person is asked by mail, once; a studio without mail asks on the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from story_bank.bank import Did
from story_bank.errors import NotAvailable
from studio.steps.ending import AskBeforeTheEnd
from studio.steps.journal import ReadJournal
from studio.steps.withdraw import Withdraw
from tests.fakes.keeping_mailer import KeepingMailer
from tests.steps.conftest import Small, with_tools
from tests.steps.people import written


@pytest.fixture
def mail() -> KeepingMailer:
    return KeepingMailer()


@pytest.fixture
def asking(small: Small, mail: KeepingMailer) -> Small:
    """The company with a mail server; everyone has an address."""
    with small.tools.bank.open() as work:
        for name, person in small.people.items():
            small.people[name] = replace(person, email=f"{person.id}@exemple.fr")
            work.save_person(small.people[name])
        work.commit()
    return with_tools(small, mailer=mail, address="https://vecu.exemple.fr")


def _on_day(small: Small, day: int, start=date(2026, 11, 20)) -> int:
    small.clock.now += timedelta(days=day) - (small.tools.today() - start)
    return AskBeforeTheEnd(small.tools).run()


def test_the_letter_goes_once_from_thirty_days_before(asking, mail) -> None:
    """Not on the day before the thirtieth; once however often the sweep comes; with a way to the page (L06, X8)."""
    asking.sign("Camille", written(asking), asking.scope(days=100))
    assert [_on_day(asking, day) for day in (69, 70, 70, 85, 100, 101)] == [0, 1, 0, 0, 0, 0]
    [letter] = mail.kept
    assert letter.to == asking.people["Camille"].email
    assert "https://vecu.exemple.fr/fr/mes-recits" in letter.text
    assert "La feuille" not in letter.text


def test_one_letter_for_all_that_ends(asking, mail) -> None:
    """Three stories signed on one day are one letter."""
    for title in ("Une", "Deux", "Trois"):
        asking.sign("Camille", written(asking, title=title), asking.scope(days=20))
    assert (AskBeforeTheEnd(asking.tools).run(), len(mail.kept)) == (1, 1)


def test_a_consent_signed_anew_is_asked_about_anew(asking, mail) -> None:
    """Each end once."""
    story_id = written(asking)
    asking.sign("Camille", story_id, asking.scope(days=20))
    AskBeforeTheEnd(asking.tools).run()
    asking.sign("Camille", story_id, asking.scope(days=100))
    assert [_on_day(asking, day) for day in (1, 75, 76)] == [0, 1, 0]


def test_what_was_taken_back_is_not_asked_about(asking, mail) -> None:
    """Nobody is invited to think again about a no."""
    story_id = written(asking)
    asking.sign("Camille", story_id, asking.scope(days=20))
    Withdraw(asking.tools).run(asking.asker("Camille"), story_id)
    assert (AskBeforeTheEnd(asking.tools).run(), mail.kept) == (0, [])


def test_a_sleeping_mail_server_is_asked_again_later(asking, mail) -> None:
    """Nothing is noted of a letter that did not go."""
    for name in ("Camille", "Moussa", "Julien"):
        asking.sign(name, written(asking, name), asking.scope(days=20))
    mail.asleep = True
    with pytest.raises(NotAvailable):
        AskBeforeTheEnd(asking.tools).run()
    mail.asleep = False
    assert AskBeforeTheEnd(asking.tools).run() == 3


def test_without_mail_or_address_nobody_is_written_to(small, mail) -> None:
    """The line on one's own page remains."""
    small.sign("Camille", written(small), small.scope(days=20))
    assert AskBeforeTheEnd(small.tools).run() == 0
    assert AskBeforeTheEnd(with_tools(small, mailer=mail).tools).run() == 0


def test_a_letter_to_somebody_who_has_left_opens_nothing(asking, mail) -> None:
    """Their old address may be somebody else's by now: what opens all that is theirs is handed over by hand (V05)."""
    asking.sign("Camille", written(asking), asking.scope(days=20))
    with asking.tools.bank.open() as work:
        work.save_person(replace(asking.people["Camille"], roles=frozenset(), left_on=asking.tools.today()))
        work.commit()
    assert AskBeforeTheEnd(asking.tools).run() == 1
    assert "http" not in mail.kept[0].text


def test_an_address_that_is_refused_keeps_nobody_else_waiting(asking, mail) -> None:
    """Each is asked in turn; three refusals in a row are a server that sleeps."""
    everyone = [asking.people[name] for name in ("Camille", "Moussa")]
    for person in everyone:
        asking.sign(person.first_name, written(asking, person.first_name), asking.scope(days=20))
    mail.refuses = {min(everyone, key=lambda person: person.id).email}
    assert [AskBeforeTheEnd(asking.tools).run() for _ in range(2)] == [1, 0]
    mail.refuses = set()
    assert AskBeforeTheEnd(asking.tools).run() == 1


def test_the_journal_tells_that_one_was_asked(asking) -> None:
    """Its person reads it; a colleague does not."""
    asking.sign("Camille", written(asking), asking.scope(days=20))
    AskBeforeTheEnd(asking.tools).run()
    told = {name: [line.deed for line in ReadJournal(asking.tools).run(asking.asker(name))]
            for name in ("Camille", "Julien")}
    assert told == {"Camille": [Did.REMINDED, Did.SIGNED], "Julien": []}
