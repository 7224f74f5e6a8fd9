"""Accounts: passwords, attempts, one-time links, and roles that nobody else may give."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.company import Company
from story_bank.errors import BadInput, NotAllowed, NotFound
from story_bank.person import Role
from studio.access.accounts import Accounts, Identity, _address, _name
from studio.access.attempts import MOST, WINDOW, Attempts

PASSWORD = "une petite phrase"
HERE = "192.0.2.7"


@pytest.fixture
def accounts(bank, clock) -> Accounts:
    return Accounts(bank, clock, Attempts(clock))


@pytest.fixture
def moussa(accounts, claire):
    """Someone who was invited and chose a password."""
    return accounts.accept(accounts.invite(claire, "Moussa Diallo", frozenset()), "moussa@exemple.fr", PASSWORD)


def test_an_invited_person_signs_in_with_what_they_chose(accounts, moussa) -> None:
    """The address is compared without its capitals."""
    assert accounts.sign_in(" Moussa@Exemple.fr ", PASSWORD, HERE) == moussa


@pytest.mark.parametrize(("email", "password"), [
    ("moussa@exemple.fr", "une autre phrase"), ("personne@exemple.fr", PASSWORD), ("claire@exemple.fr", ""),
    ("pas une adresse", PASSWORD)])
def test_what_is_wrong_is_not_told(accounts, moussa, email: str, password: str) -> None:
    """A wrong password, an unknown address and an account without password get the same sentence."""
    with pytest.raises(NotFound, match="do not go together"):
        accounts.sign_in(email, password, HERE)


def test_the_right_password_waits_after_too_many_wrong_ones(accounts, moussa) -> None:
    """Guessing stops, even when the last guess is right."""
    for _ in range(MOST):
        with pytest.raises(NotFound):
            accounts.sign_in("moussa@exemple.fr", "faux", HERE)
    with pytest.raises(NotAllowed, match="quarter of an hour"):
        accounts.sign_in("moussa@exemple.fr", PASSWORD, "198.51.100.1")


def test_waiting_is_enough_after_too_many_attempts(accounts, moussa, clock) -> None:
    """Nobody is locked out for good."""
    for _ in range(MOST):
        with pytest.raises(NotFound):
            accounts.sign_in("moussa@exemple.fr", "faux", HERE)
    clock.pass_by(WINDOW + timedelta(seconds=1))
    assert accounts.sign_in("moussa@exemple.fr", PASSWORD, HERE) == moussa


def test_trying_many_names_from_one_place_stops_too(accounts) -> None:
    """One common password tried on everybody is guessing as well."""
    for number in range(MOST):
        with pytest.raises(NotFound):
            accounts.sign_in(f"personne{number}@exemple.fr", PASSWORD, HERE)
    with pytest.raises(NotAllowed):
        accounts.sign_in("encore@exemple.fr", PASSWORD, HERE)


def test_an_invitation_opens_once(accounts, claire) -> None:
    """Whoever finds the link later finds nothing."""
    link = accounts.invite(claire, "Inès", frozenset())
    accounts.accept(link, "ines@exemple.fr", PASSWORD)
    with pytest.raises(NotFound):
        accounts.accept(link, "autre@exemple.fr", PASSWORD)


def test_a_refused_password_leaves_the_invitation_open(accounts, claire) -> None:
    """A mistake in the form does not cost the link."""
    link = accounts.invite(claire, "Inès", frozenset())
    with pytest.raises(BadInput):
        accounts.accept(link, "ines@exemple.fr", "court")
    assert accounts.accept(link, "ines@exemple.fr", PASSWORD)


def test_an_invitation_grows_old(accounts, claire, clock) -> None:
    """After a week it must be made again."""
    link = accounts.invite(claire, "Inès", frozenset())
    clock.pass_by(timedelta(days=8))
    with pytest.raises(NotFound):
        accounts.accept(link, "ines@exemple.fr", PASSWORD)


def test_nobody_makes_somebody_else_an_ambassador(accounts, claire, bank) -> None:
    """Speaking for the company is one's own choice (no role of ambassador in an invitation)."""
    link = accounts.invite(claire, "Inès", frozenset({Role.AMBASSADOR, Role.EDITOR}))
    person_id = accounts.accept(link, "ines@exemple.fr", PASSWORD)
    with bank.open() as work:
        assert work.person(person_id).roles == {Role.CONTRIBUTOR, Role.EDITOR}


def test_only_administrators_invite(accounts, moussa, bank) -> None:
    """A contributor gets a sentence, and no link."""
    with bank.open() as work:
        person = work.person(moussa)
    with pytest.raises(NotAllowed):
        accounts.invite(person, "Inès", frozenset())


def test_one_click_is_for_the_cast_alone(accounts, claire) -> None:
    """A real person never signs in without a password."""
    with pytest.raises(NotAllowed):
        accounts.cast_member(claire.id)


def test_the_set_up_link_makes_company_administrator_and_values(accounts, bank) -> None:
    """An empty company is usable after one form."""
    link = accounts.links.make("setup")
    person_id = accounts.found(link, Identity("Ana Ruiz", "ana@exemple.fr", PASSWORD), Company("Aubépine"), ("Écoute",))
    with bank.open() as work:
        assert (work.company().name, work.person(person_id).is_a(Role.ADMINISTRATOR),
                [value.name.fr for value in work.values()]) == ("Aubépine", True, ["Écoute"])


def test_the_set_up_link_works_once(accounts) -> None:
    """A second administrator cannot make themselves with the printed link."""
    link = accounts.links.make("setup")
    accounts.found(link, Identity("Ana", "ana@exemple.fr", PASSWORD), Company("Aubépine"), ())
    with pytest.raises(NotFound):
        accounts.found(link, Identity("Eve", "eve@exemple.fr", PASSWORD), Company("Autre"), ())


@given(st.text(max_size=400))
def test_any_typed_name_is_one_short_line_or_a_sentence(text: str) -> None:
    """Names keep their letters, and lose only what breaks lines."""
    try:
        name = _name(text)
    except BadInput:
        assert not text.split()
    else:
        assert name == " ".join(name.split()) != ""
        assert len(name) <= 120


@given(st.text(max_size=400))
def test_any_typed_address_has_two_sides_or_gets_a_sentence(text: str) -> None:
    """Nothing that cannot be an address is kept."""
    try:
        address = _address(text)
    except BadInput:
        return
    assert all(address.split("@"))
    assert len(address.split("@")) == 2
