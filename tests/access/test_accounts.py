"""Accounts: passwords, attempts, one-time links, and roles that nobody else may give."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.company import Company
from story_bank.errors import BadInput, NotAllowed, NotFound
from story_bank.ids import PersonId
from story_bank.person import Person, Role
from studio.access.accounts import Accounts, CameFrom, Identity
from studio.access.administration import Administration, Invited
from studio.access.attempts import MOST, MOST_FROM_ONE_PLACE, WINDOW, Attempts
from studio.access.secrets import new_secret
from studio.access.sessions import Sessions
from studio.access.typed import a_name, an_address

PASSWORD = "une petite phrase"
HERE, ELSEWHERE = CameFrom("192.0.2.7"), CameFrom("198.51.100.1")


@pytest.fixture
def accounts(bank, clock) -> Accounts:
    return Accounts(bank, clock, Attempts(clock))


@pytest.fixture
def desk(bank, clock) -> Administration:
    return Administration(bank, clock)


@pytest.fixture
def invite(desk, claire):
    """Return the secret of a new invitation."""
    def made(name: str = "Inès", *roles: Role) -> str:
        return desk.invite(claire, Invited(name, roles=frozenset(roles))).secret

    return made


@pytest.fixture
def moussa(accounts, invite):
    """Someone who was invited and chose a password."""
    return accounts.accept(invite("Moussa Diallo"), "moussa@exemple.fr", PASSWORD)


def _guess(accounts: Accounts, times: int, came_from: CameFrom = HERE) -> None:
    for _ in range(times):
        with pytest.raises(NotFound):
            accounts.sign_in("moussa@exemple.fr", "faux", came_from)


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


def test_a_name_that_looks_like_an_address_is_no_address(accounts, moussa, desk, claire, bank) -> None:
    """One signs in with one's address, not with what one is called."""
    desk.invite(claire, Invited("eve@exemple.fr"))
    with bank.open() as work:
        eve = work.person_named("eve@exemple.fr")
        work.set_password_hash(eve.id, work.password_hash(moussa))
        work.commit()
    with pytest.raises(NotFound):
        accounts.sign_in("eve@exemple.fr", PASSWORD, HERE)


def test_the_right_password_waits_after_too_many_wrong_ones(accounts, moussa) -> None:
    """Guessing stops, even when the last guess is right, and from another place too."""
    _guess(accounts, MOST)
    with pytest.raises(NotAllowed, match="quarter of an hour"):
        accounts.sign_in("moussa@exemple.fr", PASSWORD, ELSEWHERE)


def test_waiting_is_enough_after_too_many_attempts(accounts, moussa, clock) -> None:
    """Nobody is locked out for good."""
    _guess(accounts, MOST)
    clock.pass_by(WINDOW + timedelta(seconds=1))
    assert accounts.sign_in("moussa@exemple.fr", PASSWORD, HERE) == moussa


def test_somebody_elses_failures_do_not_lock_ones_own_browser(accounts, moussa) -> None:
    """Whoever keeps guessing elsewhere keeps out the guessers, not the person."""
    own = CameFrom("203.0.113.5", accounts.remember_browser(moussa, None))
    _guess(accounts, MOST)
    assert accounts.sign_in("moussa@exemple.fr", PASSWORD, own) == moussa


def test_guessing_in_a_known_browser_stops_as_well(accounts, moussa) -> None:
    """A stolen laptop is no way around."""
    own = CameFrom("203.0.113.5", accounts.remember_browser(moussa, None))
    _guess(accounts, MOST, own)
    with pytest.raises(NotAllowed):
        accounts.sign_in("moussa@exemple.fr", PASSWORD, own)


def test_ones_own_browser_is_no_help_with_another_account(accounts, moussa, claire) -> None:
    """It is known as one person's."""
    own = CameFrom("203.0.113.5", accounts.remember_browser(claire.id, None))
    _guess(accounts, MOST, own)
    with pytest.raises(NotAllowed):
        accounts.sign_in("moussa@exemple.fr", PASSWORD, own)


def test_a_browser_stays_known_under_one_secret(accounts, moussa) -> None:
    """Signing in every day does not pile up secrets."""
    secret = accounts.remember_browser(moussa, None)
    assert accounts.remember_browser(moussa, secret) == secret


def test_trying_many_names_from_one_place_stops_too(accounts) -> None:
    """One common password tried on everybody is guessing as well."""
    for number in range(MOST_FROM_ONE_PLACE):
        with pytest.raises(NotFound):
            accounts.sign_in(f"personne{number}@exemple.fr", PASSWORD, HERE)
    with pytest.raises(NotAllowed):
        accounts.sign_in("encore@exemple.fr", PASSWORD, HERE)


def test_five_colleagues_mistyping_do_not_stop_the_sixth(accounts, moussa) -> None:
    """A whole company may come from one address."""
    for number in range(MOST):
        with pytest.raises(NotFound):
            accounts.sign_in(f"personne{number}@exemple.fr", PASSWORD, HERE)
    assert accounts.sign_in("moussa@exemple.fr", PASSWORD, HERE) == moussa


@pytest.mark.parametrize("kind", ["setup", "invitation", "reset"])
def test_guessing_links_stops(accounts, kind) -> None:
    """Trying made-up links from one place ends in waiting, and does not stop anybody's sign-in there."""
    for _ in range(MOST_FROM_ONE_PLACE):
        with pytest.raises(NotFound):
            accounts.look(kind, new_secret(), HERE)
    with pytest.raises(NotAllowed):
        accounts.look(kind, new_secret(), HERE)


def test_guessing_links_does_not_stop_sign_in(accounts, moussa) -> None:
    """A dead link reloaded by a colleague is not held against the others."""
    for _ in range(MOST_FROM_ONE_PLACE):
        with pytest.raises(NotFound):
            accounts.look("invitation", new_secret(), HERE)
    assert accounts.sign_in("moussa@exemple.fr", PASSWORD, HERE) == moussa


def test_an_invitation_opens_once(accounts, invite) -> None:
    """Whoever finds the link later finds nothing."""
    link = invite()
    accounts.accept(link, "ines@exemple.fr", PASSWORD)
    with pytest.raises(NotFound):
        accounts.accept(link, "autre@exemple.fr", PASSWORD)


def test_of_two_who_use_a_link_at_the_same_moment_one_comes_in(bank, accounts, invite) -> None:
    """A link forwarded to two opens one account, not two."""
    link, came_in, kept_out = invite(), [], []
    ready = threading.Barrier(4)

    def come(number: int) -> None:
        ready.wait()
        try:
            came_in.append(accounts.accept(link, f"n{number}@exemple.fr", PASSWORD))
        except NotFound as closed:
            kept_out.append(closed)

    threads = [threading.Thread(target=come, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(came_in), len(kept_out)) == (1, 3)


def test_a_refused_password_leaves_the_invitation_open(accounts, invite) -> None:
    """A mistake in the form does not cost the link."""
    link = invite()
    with pytest.raises(BadInput):
        accounts.accept(link, "ines@exemple.fr", "court")
    assert accounts.accept(link, "ines@exemple.fr", PASSWORD)


def test_spent_expired_and_altered_links_say_the_same(accounts, invite, clock) -> None:
    """Nobody learns from the sentence whether a link ever was one."""
    spent, old, sentences = invite("Une"), invite("Deux"), set()
    accounts.accept(spent, "une@exemple.fr", PASSWORD)
    clock.pass_by(timedelta(days=8))
    for secret in (spent, old, old[:-1] + ("a" if old[-1] != "a" else "b"), "", "é" * 300):
        with pytest.raises(NotFound) as closed:
            accounts.accept(secret, "autre@exemple.fr", PASSWORD)
        sentences.add(closed.value.said("fr"))
    assert sentences == {"Ce lien a déjà servi ou a expiré ; demandez-en un autre à la personne qui administre."}


def test_a_new_invitation_replaces_the_one_before(accounts, desk, claire, invite, bank) -> None:
    """A link that went astray is closed by making another."""
    lost = invite("Inès Roy")
    with bank.open() as work:
        ines = work.person_named("Inès Roy")
    again = desk.new_link(claire, ines.id).secret
    with pytest.raises(NotFound):
        accounts.accept(lost, "ines@exemple.fr", PASSWORD)
    assert accounts.accept(again, "ines@exemple.fr", PASSWORD) == ines.id


def test_a_reset_link_ends_every_session(accounts, desk, claire, moussa, bank, clock) -> None:
    """Whoever took the password away from someone is out as soon as they choose another."""
    sessions = Sessions(bank, clock)
    secret = sessions.open(moussa)
    link = desk.new_link(claire, moussa)
    assert accounts.reset(link.secret, "une autre petite phrase") == moussa
    assert (link.kind, sessions.person(secret)) == ("reset", None)
    assert accounts.sign_in("moussa@exemple.fr", "une autre petite phrase", HERE) == moussa


def test_a_reset_link_opens_even_after_too_many_attempts(accounts, desk, claire, moussa) -> None:
    """Somebody who is kept out by guessers comes in by the link, and by the new password afterwards."""
    _guess(accounts, MOST)
    accounts.reset(desk.new_link(claire, moussa).secret, "une autre petite phrase")
    assert accounts.sign_in("moussa@exemple.fr", "une autre petite phrase", HERE) == moussa


def test_a_reset_link_opens_once(accounts, desk, claire, moussa) -> None:
    """It is worth nothing to whoever reads the mail later."""
    link = desk.new_link(claire, moussa).secret
    accounts.reset(link, "une autre petite phrase")
    with pytest.raises(NotFound):
        accounts.reset(link, "encore une autre phrase")


def test_a_reset_link_grows_old_within_a_day(accounts, desk, claire, moussa, clock) -> None:
    """After a day it must be made again."""
    link = desk.new_link(claire, moussa).secret
    clock.pass_by(timedelta(days=1))
    with pytest.raises(NotFound):
        accounts.reset(link, "une autre petite phrase")


def test_changing_the_password_ends_the_other_sessions(accounts, moussa, bank, clock) -> None:
    """The browser in which it was changed stays in."""
    sessions = Sessions(bank, clock)
    here, there = sessions.open(moussa), sessions.open(moussa)
    accounts.change_password(moussa, PASSWORD, "une autre petite phrase", here)
    assert (sessions.person(here), sessions.person(there)) == (moussa, None)


def test_the_password_is_changed_by_who_knows_it(accounts, moussa) -> None:
    """A browser left open is not enough, and guessing stops there too."""
    for _ in range(MOST):
        with pytest.raises(BadInput):
            accounts.change_password(moussa, "faux", "une autre petite phrase", None)
    with pytest.raises(NotAllowed):
        accounts.change_password(moussa, PASSWORD, "une autre petite phrase", None)


def test_nobody_makes_somebody_else_an_ambassador(accounts, invite, bank) -> None:
    """Speaking for the company is one's own choice: no such role in an invitation (V01, V17, V32, L02)."""
    person_id = accounts.accept(invite("Inès", Role.AMBASSADOR, Role.EDITOR), "ines@exemple.fr", PASSWORD)
    with bank.open() as work:
        assert work.person(person_id).roles == {Role.CONTRIBUTOR, Role.EDITOR}


@pytest.mark.parametrize("held", [frozenset(), frozenset({Role.AMBASSADOR})], ids=["not one", "one already"])
def test_an_administrator_neither_makes_nor_unmakes_an_ambassador(desk, claire, bank, moussa, held) -> None:
    """Giving roles leaves that one as its owner chose it (V01, A72)."""
    _hold(bank, moussa, {Role.CONTRIBUTOR} | held)
    desk.give_roles(claire, moussa, frozenset({Role.AMBASSADOR, Role.STEWARD}))
    with bank.open() as work:
        assert work.person(moussa).roles == {Role.CONTRIBUTOR, Role.STEWARD} | held


def test_the_last_administrator_stays_one(desk, claire, bank, moussa) -> None:
    """A company is never left without anybody who can invite."""
    with pytest.raises(BadInput, match="last administrator"):
        desk.give_roles(claire, claire.id, frozenset())
    desk.give_roles(claire, moussa, frozenset({Role.ADMINISTRATOR}))
    desk.give_roles(claire, claire.id, frozenset())
    with bank.open() as work:
        assert not work.person(claire.id).is_a(Role.ADMINISTRATOR)


def test_two_administrators_cannot_take_the_role_from_each_other(desk, claire, bank, moussa) -> None:
    """At the same moment, one of the two is told that they are the last."""
    desk.give_roles(claire, moussa, frozenset({Role.ADMINISTRATOR}))
    with bank.open() as work:
        other = work.person(moussa)
    ready, refused = threading.Barrier(2), []

    def take(asker: Person, person: Person) -> None:
        ready.wait()
        try:
            desk.give_roles(asker, person.id, frozenset())
        except BadInput as last:
            refused.append(last)

    threads = [threading.Thread(target=take, args=pair) for pair in ((claire, other), (other, claire))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1


@pytest.mark.parametrize("deed", [
    lambda desk, asker, other: desk.invite(asker, Invited("Inès")),
    lambda desk, asker, other: desk.give_roles(asker, asker.id, frozenset({Role.ADMINISTRATOR})),
    lambda desk, asker, other: desk.new_link(asker, other.id),
    lambda desk, asker, other: desk.welcome_back(asker, other.id),
    lambda desk, asker, other: desk.people(asker),
], ids=["invite", "give roles", "new link", "welcome back", "people"])
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_administer(desk, claire, moussa, bank, deed, role) -> None:
    """Every other role gets a sentence, and nothing happens (S04)."""
    _hold(bank, moussa, {Role.CONTRIBUTOR, role})
    with bank.open() as work:
        asker = work.person(moussa)
    with pytest.raises(NotAllowed):
        deed(desk, asker, claire)


def test_a_guest_of_a_story_is_not_on_the_administrators_list(desk, claire, bank) -> None:
    """Who appears in somebody's story is no business of theirs (V05)."""
    guest = Person(PersonId("guest"), "Rosa Diaz", "Rosa", roles=frozenset())
    with bank.open() as work:
        work.save_person(guest)
        work.commit()
    assert guest not in desk.people(claire)
    with pytest.raises(NotFound):
        desk.new_link(claire, guest.id)


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
        name = a_name(text)
    except BadInput:
        assert not text.split()
    else:
        assert name == " ".join(name.split()) != ""
        assert len(name) <= 120


@given(st.text(max_size=400) | st.from_regex(r"[a-z]+\s?@\s?[a-z\r\n]+\.fr"))
def test_any_typed_address_is_one_word_with_two_sides_or_gets_a_sentence(text: str) -> None:
    """Nothing that cannot be an address is kept, nor what would break the lines of a mail."""
    try:
        address = an_address(text)
    except BadInput:
        return
    assert all(address.split("@"))
    assert len(address.split("@")) == 2
    assert address.isprintable()
    assert not set(address) & set(" \r\n")


def _hold(bank, person_id, roles) -> None:
    with bank.open() as work:
        work.save_person(replace(work.person(person_id), roles=frozenset(roles)))
        work.commit()
