"""Two change the same person at the same moment: neither undoes what the other did."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from story_bank.ids import PersonId, new_id
from story_bank.person import Person, Role
from story_bank.sql.people import PeopleRows
from studio.access.signing_links import SigningLinks
from studio.steps.leave import NoteDeparture
from studio.toolbox import Toolbox

pytestmark = pytest.mark.slow

PASSWORD = "une petite phrase"
Meanwhile = Callable[[Person, Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Iterator[Meanwhile]:
    """Have somebody else change a person between the moment they are read and the moment they are saved."""
    others: list[threading.Thread] = []
    saved = PeopleRows.save_person

    def between(whom: Person, change: Callable[[], object]) -> None:
        def save(rows: PeopleRows, person: Person) -> None:
            if person.id == whom.id and not others:
                others.append(threading.Thread(target=change, name="meanwhile"))
                others[0].start()
                others[0].join(0.5)  # who has to wait is given up on here, and comes after
            saved(rows, person)

        monkeypatch.setattr(PeopleRows, "save_person", save)

    yield between
    assert others, "nothing was saved"


@pytest.fixture
def yann(tools: Toolbox) -> Person:
    number = new_id()
    person = Person(PersonId(number), "Yann Le Goff", "Yann", "fr", f"{number}@exemple.fr",
                    roles=frozenset({Role.CONTRIBUTOR, Role.EDITOR}))
    with tools.bank.open() as work:
        work.save_person(person)
        work.commit()
    return person


def _now(tools: Toolbox, person: Person) -> Person:
    """Return the person after everybody is done: whoever waits for them gets their turn first."""
    for thread in threading.enumerate():
        if thread.name == "meanwhile":
            thread.join()
    with tools.bank.open() as work:
        return work.person(person.id)


def test_a_departure_is_not_undone_by_a_click_on_the_language(visit, app, tools, claire, yann, meanwhile) -> None:
    """The language is kept, and so is that the person left (S04)."""
    browser = visit()
    browser.cookies.set("vecu", app.state.front.sessions.open(yann.id))
    meanwhile(yann, lambda: NoteDeparture(tools).run(tools.asker(claire.id), yann.id))
    browser.get("/langue/en")
    kept = _now(tools, yann)
    assert (kept.language, kept.roles, kept.left_on) == ("en", frozenset(), tools.today())


def test_a_role_taken_is_not_given_back_by_a_click_on_the_language(visit, app, tools, claire, yann, meanwhile) -> None:
    """It stays taken (S04)."""
    browser = visit()
    browser.cookies.set("vecu", app.state.front.sessions.open(yann.id))
    meanwhile(yann, lambda: app.state.front.administration.give_roles(claire, yann.id, frozenset()))
    browser.get("/langue/en")
    assert _now(tools, yann).roles == {Role.CONTRIBUTOR}


def test_an_invitation_accepted_does_not_undo_a_departure(app, tools, claire, yann, meanwhile) -> None:
    """Who left between opening the link and choosing a password has left, and has none."""
    accounts = app.state.front.accounts
    secret = accounts.links.make("invitation", yann.id)
    meanwhile(yann, lambda: NoteDeparture(tools).run(tools.asker(claire.id), yann.id))
    accounts.accept(secret, f"{new_id()}@exemple.fr", PASSWORD)
    kept = _now(tools, yann)
    with tools.bank.open() as work:
        password = work.password_hash(yann.id)
    assert (kept.roles, kept.left_on, password) == (frozenset(), tools.today(), None)


def test_coming_by_a_link_does_not_undo_a_welcome(visit, app, tools, claire, yann, meanwhile) -> None:
    """The account that was opened again stays open."""
    gone = replace(yann, roles=frozenset(), left_on=tools.today())
    with tools.bank.open() as work:
        work.save_person(gone)
        work.commit()
    secret = SigningLinks(tools.bank, tools.clock).make(gone.id)
    meanwhile(gone, lambda: app.state.front.administration.welcome_back(claire, gone.id))
    visit().post("/accord", data={"jeton": secret}, headers={"accept-language": "en"})
    assert (_now(tools, yann).roles, _now(tools, yann).left_on) == ({Role.CONTRIBUTOR}, None)


def test_a_welcome_does_not_undo_what_the_person_changes_then(app, tools, claire, yann, meanwhile) -> None:
    """The language that they chose meanwhile stays."""
    gone = replace(yann, roles=frozenset(), left_on=tools.today())
    with tools.bank.open() as work:
        work.save_person(gone)
        work.commit()

    def in_english() -> None:
        with tools.bank.open() as work:
            work.hold_people()
            work.save_person(replace(work.person(gone.id), language="en"))
            work.commit()

    meanwhile(gone, in_english)
    app.state.front.administration.welcome_back(claire, gone.id)
    assert (_now(tools, yann).language, _now(tools, yann).left_on) == ("en", None)
