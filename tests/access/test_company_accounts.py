"""Who comes in through the company's sign-in: matched safely, with the roles that groups carry and no others."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from story_bank.company import utc_now
from story_bank.errors import Conflict, NotFound
from story_bank.person import Person, Role
from story_bank.sql.bank import SqlBank
from studio.access.administration import Administration, Invited
from studio.access.company_accounts import ERRAND_LASTS, CompanyAccounts
from studio.access.provider import Claims, Errand
from studio.access.secrets import new_secret

ISSUER = "https://sso.exemple.fr"
INES = Claims(ISSUER, "s-1", "Inès Roy", "Ines@exemple.fr", email_verified=True, locale="fr-FR")
MAP = {"comms": Role.EDITOR, "dpo": Role.STEWARD, "it": Role.ADMINISTRATOR, "all": Role.CONTRIBUTOR}


@pytest.fixture
def company(bank, clock) -> CompanyAccounts:
    return CompanyAccounts(bank, clock, MAP)


def _person(bank, person_id) -> Person:
    with bank.open() as work:
        return work.person(person_id)


def test_the_first_time_makes_an_account(company, bank) -> None:
    """Its address is the one that the provider vouches for."""
    person = _person(bank, company.enter(INES))
    assert (person.display_name, person.first_name, person.email, person.roles) == (
        "Inès Roy", "Inès", "ines@exemple.fr", {Role.CONTRIBUTOR})


def test_the_next_time_finds_it_again(company) -> None:
    """By issuer and subject, whatever else has changed."""
    first = company.enter(INES)
    assert company.enter(replace(INES, name="Inès Roy-Martin", email="autre@exemple.fr")) == first


def test_the_same_subject_elsewhere_is_somebody_else(company) -> None:
    """Subjects mean something within their issuer alone."""
    assert company.enter(INES) != company.enter(replace(INES, issuer="https://other.example", email=""))


def test_an_invited_person_who_has_no_password_yet_is_recognised_by_address(company, bank, clock, claire) -> None:
    """What the administrator gave them is there when they come."""
    given = Invited("I. Roy", "ines@exemple.fr", frozenset({Role.STEWARD}))
    invited = Administration(bank, clock).invite(claire, given)
    person_id = company.enter(INES)
    assert (person_id, _person(bank, person_id).roles) == (invited.person.id, {Role.CONTRIBUTOR, Role.STEWARD})


@pytest.mark.parametrize("verified", [True, False])
def test_an_account_with_a_password_is_not_taken_over(company, bank, claire, verified) -> None:
    """Whoever gets an address at the provider does not get the account of that address here."""
    with bank.open() as work:
        work.set_password_hash(claire.id, "a hash")
        work.commit()
    claims = replace(INES, email="claire@exemple.fr", email_verified=verified)
    if verified:
        with pytest.raises(Conflict, match="link it"):
            company.enter(claims)
    else:
        person = _person(bank, company.enter(claims))
        assert (person.id != claire.id, person.email) == (True, None)


def test_an_unverified_address_matches_nobody(company, bank, colleague) -> None:
    """Nor is it kept, so that nobody's mail is taken either."""
    person = _person(bank, company.enter(replace(INES, email=colleague.email, email_verified=False)))
    assert (person.id != colleague.id, person.email) == (True, None)


def test_an_account_that_has_a_badge_takes_no_other_by_address(company, colleague) -> None:
    """A second subject with the same address is somebody else's doing."""
    company.enter(replace(INES, email=colleague.email))
    with pytest.raises(Conflict):
        company.enter(replace(INES, subject="s-2", email=colleague.email))


def test_an_account_is_linked_by_who_is_signed_in(company, bank, claire) -> None:
    """Afterwards the badge opens it, password or not."""
    with bank.open() as work:
        work.set_password_hash(claire.id, "a hash")
        work.commit()
    company.link(INES, claire.id)
    assert company.enter(INES) == claire.id


def test_a_badge_is_linked_to_one_person(company, claire) -> None:
    """Nobody takes along the badge of somebody else."""
    company.enter(INES)
    with pytest.raises(Conflict):
        company.link(INES, claire.id)


@pytest.mark.parametrize("by", ["badge", "address"])
def test_who_has_left_does_not_come_in(company, bank, colleague, by) -> None:
    """Neither by the badge of before nor as a newcomer with the same address."""
    claims = replace(INES, email=colleague.email)
    if by == "badge":
        company.enter(claims)
    with bank.open() as work:
        work.save_person(replace(colleague, roles=frozenset(), left_on=date(2026, 11, 20)))
        work.commit()
    with pytest.raises(NotFound, match="no longer open"):
        company.enter(claims)


def test_groups_give_roles_and_take_them_again(company, bank) -> None:
    """What they carry at the latest sign-in counts."""
    person_id = company.enter(replace(INES, groups=frozenset({"comms", "dpo", "unknown"})))
    assert _person(bank, person_id).roles == {Role.CONTRIBUTOR, Role.EDITOR, Role.STEWARD}
    company.enter(replace(INES, groups=frozenset({"dpo"})))
    assert _person(bank, person_id).roles == {Role.CONTRIBUTOR, Role.STEWARD}
    company.enter(INES)
    assert _person(bank, person_id).roles == {Role.CONTRIBUTOR}


def test_groups_leave_alone_what_an_administrator_gave(company, bank, colleague) -> None:
    """A role held otherwise does not go with the group that carries it too."""
    with bank.open() as work:
        work.save_person(replace(colleague, roles=frozenset({Role.CONTRIBUTOR, Role.EDITOR})))
        work.commit()
    claims = replace(INES, email=colleague.email)
    company.enter(replace(claims, groups=frozenset({"comms"})))
    company.enter(claims)
    assert _person(bank, colleague.id).roles == {Role.CONTRIBUTOR, Role.EDITOR}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.frozensets(st.sampled_from(list(Role))), ambassador=st.booleans(),
       visits=st.lists(st.frozensets(st.sampled_from([*MAP, "ambassador", "x"])), min_size=1, max_size=4))
def test_no_group_touches_being_an_ambassador(migrated, tmp_path_factory, before, ambassador, visits) -> None:
    """It is one's own choice, whatever groups one is in (V01, A72)."""
    bank = SqlBank(f"sqlite:///{shutil.copy(migrated, tmp_path_factory.mktemp('bank') / 'vecu.db')}")
    company = CompanyAccounts(bank, utc_now, {**MAP, "ambassador": Role.AMBASSADOR})
    person_id = company.enter(INES)
    own = {Role.AMBASSADOR} if ambassador else set()
    with bank.open() as work:
        work.save_person(replace(work.person(person_id), roles=(before - {Role.AMBASSADOR}) | own | {Role.CONTRIBUTOR}))
        work.commit()
    for groups in visits:
        company.enter(replace(INES, groups=groups))
        assert _person(bank, person_id).is_a(Role.AMBASSADOR) is ambassador
    bank.close()


def test_an_errand_comes_back_once(company) -> None:
    """A second return with the same cookie finds nothing (replay)."""
    errand = company.begin("https://vecu.example/back", "/fr/mes-recits")
    assert company.spend(errand.secret).about == "/fr/mes-recits"
    with pytest.raises(NotFound):
        company.spend(errand.secret)


def test_of_two_returns_at_the_same_moment_one_counts(company) -> None:
    """The cookie and the address copied to another window are worth one sign-in."""
    errand, spent, ready = company.begin("x", "/"), [], threading.Barrier(4)

    def back() -> None:
        ready.wait()
        try:
            spent.append(company.spend(errand.secret))
        except NotFound:
            return

    threads = [threading.Thread(target=back) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(spent) == 1


def test_an_errand_does_not_last(company, clock) -> None:
    """A window left open over lunch begins again."""
    errand = company.begin("x", "/")
    clock.pass_by(ERRAND_LASTS)
    with pytest.raises(NotFound):
        company.spend(errand.secret)


def test_what_is_random_in_an_errand_is_told_apart() -> None:
    """State, nonce and verifier give nothing away of one another, and each has 256 bits."""
    drawn = [value for errand in (Errand(new_secret(), "x"), Errand(new_secret(), "x"))
             for value in (errand.state, errand.nonce, errand.verifier)]
    assert (len(set(drawn)), {len(value) for value in drawn}) == (6, {43})
