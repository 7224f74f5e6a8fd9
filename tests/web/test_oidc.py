"""Coming in by the company's sign-in, against a real OpenID provider on loopback."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest

from story_bank.ids import PersonId, new_id
from story_bank.person import Person, Role
from studio.access.authlib_provider import AuthlibProvider, ProviderPlace
from studio.web.app import create_app
from studio.web.front import Manner
from tests.web.company_sign_in import GROUPS, CompanySignIn, sign_in_of
from tests.web.conftest import HOST

pytestmark = pytest.mark.slow
AWAY, BACK = "/connexion/entreprise", f"{HOST}/connexion/entreprise/retour"
PASSWORD = "une petite phrase"


@pytest.fixture(scope="module")
def company(iam_server) -> CompanySignIn:
    return sign_in_of(iam_server, BACK)


@pytest.fixture(scope="module")
def app(tools, claire, company):
    """The studio with the company's sign-in."""
    return create_app(tools, Manner(provider=company.provider(), group_roles=GROUPS))


@pytest.fixture
def ines(company):
    """Somebody of the company, not yet known here."""
    return company.person("Inès Roy", f"ines-{new_id()}@exemple.fr")


def _altered(address: str, **changes: str) -> str:
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return urlunsplit(parts._replace(query=urlencode(query)))


def _come_in(company, browser, user, there: str = "/", **changes: str):
    away = browser.get(AWAY, params={"vers": there})
    assert away.status_code == 303, away.text
    return browser.get(_altered(company.go(away.headers["location"], user), **changes))


def _me(browser) -> str:
    return browser.get("/moi").json().get("name", "")


def test_the_button_is_on_the_sign_in_page(visit) -> None:
    """By the name the administrator gave, keeping where one wanted to go."""
    page = visit().get("/connexion", params={"vers": "/fr/mes-recits"}).text
    assert "Continuer avec Aubépine" in page
    assert f'href="{AWAY}?vers=/fr/mes-recits"' in page


def test_one_comes_in_and_lands_where_one_wanted(company, visit, ines) -> None:
    """The first time makes the account; the session cookie is like any other."""
    browser = visit()
    answer = _come_in(company, browser, ines, "/fr/mes-recits")
    assert (answer.status_code, answer.headers["location"], _me(browser)) == (303, "/fr/mes-recits", "Inès Roy")
    assert "httponly" in answer.headers["set-cookie"].lower()


def test_the_second_time_finds_the_same_account(company, visit, ines, tools) -> None:
    """Nobody is doubled; the provider does not vouch for the address, so it is not kept."""
    for _ in range(2):
        _come_in(company, visit(), ines)
    with tools.bank.open() as work:
        person = work.person(work.badge(company.issuer, company.subject(ines)).person_id)
        assert (person.display_name, person.email, person.language) == ("Inès Roy", None, "fr")
        assert len(work.badges_of(person.id)) == 1


def test_groups_become_roles_at_each_sign_in(company, visit, ines, tools) -> None:
    """What one is no longer in, one no longer holds."""
    group = company.group("comms", ines)
    browser = visit()
    _come_in(company, browser, ines)
    assert "communication" in browser.get("/compte").text
    with company.server.app.app_context():
        company.server.backend.update(group, members=[company.person("Autre", f"autre-{new_id()}@exemple.fr")])
        company.server.backend.save(group)
    _come_in(company, browser, ines)
    assert "communication" not in browser.get("/compte").text


def test_the_session_of_before_ends(company, visit, enter, moussa, ines) -> None:
    """Coming in by the company is a new session too (fixation)."""
    browser = enter(moussa)
    planted = browser.cookies["vecu"]
    _come_in(company, browser, ines)
    assert browser.cookies["vecu"] != planted
    assert visit().get("/moi", headers={"cookie": f"vecu={planted}"}).status_code == 401


@pytest.mark.parametrize("changes", [{"state": "another"}, {"error": "access_denied", "code": ""},
                                     {"iss": "https://elsewhere.example"}], ids=str)
def test_an_altered_answer_lets_nobody_in(company, visit, ines, changes) -> None:
    """One kind sentence on the sign-in page, and no session."""
    browser = visit()
    answer = _come_in(company, browser, ines, **changes)
    assert (answer.status_code, "recommencez" in answer.text) == (400, True)
    assert browser.get("/moi").status_code == 401


def test_an_answer_made_for_another_nonce_lets_nobody_in(company, visit, ines) -> None:
    """A code that was obtained in another browser is worth nothing in this one."""
    browser = visit()
    away = browser.get(AWAY).headers["location"]
    answer = browser.get(company.go(_altered(away, nonce="another"), ines))
    assert (answer.status_code, "recommencez" in answer.text) == (400, True)


def test_an_answer_comes_back_once(company, visit, ines) -> None:
    """The address copied from the history opens nothing, in this browser or another (replay)."""
    browser = visit()
    away = browser.get(AWAY).headers["location"]
    back, secret = company.go(away, ines), browser.cookies["vecu_aller"]
    assert browser.get(back).status_code == 303
    browser.post("/deconnexion")
    for other in (browser, visit()):
        other.cookies.set("vecu_aller", secret)
        assert other.get(back).status_code == 400
        assert other.get("/moi").status_code == 401


def test_a_spent_code_lets_nobody_in(company, visit, ines) -> None:
    """The provider takes each code once, whatever state comes with it."""
    first, second = visit(), visit()
    back = company.go(first.get(AWAY).headers["location"], ines)
    assert first.get(back).status_code == 303
    state = parse_qs(urlsplit(second.get(AWAY).headers["location"]).query)["state"][0]
    assert second.get(_altered(back, state=state)).status_code == 400


def test_a_code_that_the_provider_does_not_know_lets_nobody_in(company, visit, ines) -> None:
    """It refuses, and the person gets a sentence."""
    browser = visit()
    back = company.go(browser.get(AWAY).headers["location"], ines)
    company.forget_codes()
    answer = browser.get(back)
    assert (answer.status_code, "recommencez" in answer.text) == (400, True)


def test_a_code_of_another_browser_lets_nobody_in(company, visit, ines) -> None:
    """Its challenge is another one's (PKCE)."""
    theirs, ours = visit(), visit()
    code = parse_qs(urlsplit(company.go(theirs.get(AWAY).headers["location"], ines)).query)["code"][0]
    state = parse_qs(urlsplit(ours.get(AWAY).headers["location"]).query)["state"][0]
    assert ours.get(f"{BACK}?{urlencode({'code': code, 'state': state})}").status_code == 400


def test_an_answer_nobody_asked_for_lets_nobody_in(company, visit, ines) -> None:
    """Somebody else's way in, sent as a link, signs nobody in as them (login CSRF)."""
    attacker, victim = visit(), visit()
    back = company.go(attacker.get(AWAY).headers["location"], ines)
    assert victim.get(back).status_code == 400
    assert victim.get("/moi").status_code == 401


@pytest.mark.parametrize("there", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"])
def test_the_way_in_never_leads_off_the_site(company, visit, ines, there) -> None:
    """Whatever was asked for (path tricks)."""
    assert _come_in(company, visit(), ines, there).headers["location"] == "/"


def test_an_account_with_a_password_is_linked_by_its_owner(company, visit, app, tools) -> None:
    """Signed in, its owner links the two; from then on the company's sign-in opens it."""
    email = f"yann-{new_id()}@exemple.fr"
    yann = Person(PersonId(new_id()), "Yann Le Goff", "Yann", email=email)
    with tools.bank.open() as work:
        work.save_person(yann)
        work.commit()
    accounts, there = app.state.front.accounts, company.person("Y. Le Goff", email)
    accounts.accept(accounts.links.make("invitation", yann.id), email, PASSWORD)
    browser = visit()
    browser.post("/connexion", data={"email": email, "password": PASSWORD})
    assert browser.get(company.go(_linking(browser), there)).headers["location"] == "/compte"
    assert "relié" in browser.get("/compte").text
    fresh = visit()
    _come_in(company, fresh, there)
    assert _me(fresh) == "Yann Le Goff"


def test_linking_ends_in_the_account_in_which_it_began(company, enter, visit, moussa, claire, ines) -> None:
    """Signed in as somebody else meanwhile, nothing is linked."""
    browser = enter(moussa)
    address = _linking(browser)
    browser.post("/connexion/demonstration", data={"personne": claire.id})
    assert browser.get(company.go(address, ines)).status_code == 400
    fresh = visit()
    _come_in(company, fresh, ines)
    assert _me(fresh) == "Inès Roy"


def _linking(browser) -> str:
    page = browser.post("/compte/entreprise").text
    found = re.search(r'class="v-btn v-btn--main" href="([^"]+)"', page)
    assert found, page
    return unescape(found[1])


def test_linking_begins_with_ones_own_click(enter, moussa) -> None:
    """No link on another site begins it: it is a form, and forms from elsewhere are refused."""
    browser = enter(moussa)
    assert browser.get("/compte/entreprise").status_code == 405
    assert browser.post("/compte/entreprise", headers={"origin": "https://elsewhere.example"}).status_code == 403


def test_somebody_who_left_does_not_come_in(company, visit, enter, claire, ines, tools) -> None:
    """The company's sign-in still knows them; the studio does not let them in, nor make them anew."""
    _come_in(company, visit(), ines)
    with tools.bank.open() as work:
        person_id, before = work.badge(company.issuer, company.subject(ines)).person_id, len(work.people())
    enter(claire).post("/entreprise/depart", data={"personne": person_id})
    browser = visit()
    answer = _come_in(company, browser, ines)
    assert (answer.status_code, "n&#39;est plus ouvert" in answer.text) == (400, True)
    assert browser.get("/moi").status_code == 401
    with tools.bank.open() as work:
        assert len(work.people()) == before


def test_a_provider_that_sleeps_leaves_the_password(tools, visit) -> None:
    """One sentence, and the form below it."""
    away = AuthlibProvider(ProviderPlace("http://127.0.0.1:1", "vecu"), "Aubépine")
    answer = visit(create_app(tools, Manner(provider=away))).get(AWAY)
    assert (answer.status_code, "ne répond pas" in answer.text, 'name="password"' in answer.text) == (503, True, True)


def test_a_wrong_secret_of_ours_lets_nobody_in(company, tools, visit, ines) -> None:
    """The provider refuses the studio; the person gets a sentence."""
    browser = visit(create_app(tools, Manner(provider=company.provider("autre"))))
    assert _come_in(company, browser, ines).status_code == 400


def test_without_a_provider_there_is_no_way_there(tools, visit, claire) -> None:
    """No route, no button."""
    browser = visit(create_app(tools))
    assert browser.get(AWAY).status_code == 404
    assert "Continuer avec" not in browser.get("/connexion").text


def test_roles_by_groups_never_make_an_ambassador(company, visit, ines) -> None:
    """A group of that name carries nothing."""
    company.group("ambassador", ines)
    browser = visit()
    _come_in(company, browser, ines)
    assert "Devenir ambassadeur" in browser.get("/compte").text
    assert Role.AMBASSADOR not in GROUPS.values()
