"""The company's page: people, roles, links and departures; for administrators, who see nobody's stories by it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from story_bank.bank import Bank
from story_bank.company import utc_now
from story_bank.ids import PersonId, StoryId, new_id
from story_bank.person import Person, Role
from story_bank.story import Story
from studio.mail.mailer import Letter
from studio.web.app import create_app
from tests.fakes.keeping_mailer import KeepingMailer

pytestmark = pytest.mark.slow

PASSWORD = "une petite phrase"
DEEDS = ["invitation", "roles", "lien", "depart", "depart/lien", "retour"]


@pytest.fixture(scope="module")
def mailer() -> KeepingMailer:
    return KeepingMailer()


@pytest.fixture(scope="module")
def app(tools, claire, mailer):
    """The studio with a mailer."""
    return create_app(replace(tools, mailer=mailer))


@pytest.fixture
def desk(enter, claire, mailer):
    """The browser of an administrator."""
    mailer.kept, mailer.asleep = [], False
    return enter(claire)


@pytest.fixture
def yann(tools) -> Person:
    number = new_id()
    person = Person(PersonId(number), "Yann Le Goff", "Yann", "en", f"{number}@exemple.fr")
    with tools.bank.open() as work:
        work.save_person(person)
        work.commit()
    return person


def _link(page: str) -> str:
    found = re.search(r"<textarea readonly[^>]*>([^<]+)<", page)
    assert found, page
    return found[1]


def _mailed(letter: Letter) -> str:
    found = re.search(r"http\S+/accord\?jeton=\S+", letter.text)
    assert found, letter.text
    return found[0]


def _person(bank: Bank, person_id: PersonId) -> Person:
    with bank.open() as work:
        return work.person(person_id)


def test_roles_are_given_and_taken(desk, yann, tools) -> None:
    """Those that others may give, by boxes."""
    desk.post("/entreprise/roles", data={"personne": yann.id, "roles": ["steward", "editor"]})
    assert _person(tools.bank, yann.id).roles == {Role.CONTRIBUTOR, Role.STEWARD, Role.EDITOR}
    desk.post("/entreprise/roles", data={"personne": yann.id})
    assert _person(tools.bank, yann.id).roles == {Role.CONTRIBUTOR}


def test_the_last_administrator_is_told_so(desk, claire, tools) -> None:
    """And stays one."""
    answer = desk.post("/entreprise/roles", data={"personne": claire.id, "roles": ["editor"]})
    assert (answer.status_code, "dernière personne qui administre" in answer.text) == (400, True)
    assert _person(tools.bank, claire.id).is_a(Role.ADMINISTRATOR)


def test_an_invitation_is_shown_once_and_mailed(desk, mailer) -> None:
    """Reloading the page does not show it again."""
    address = f"{new_id()}@exemple.fr"
    page = desk.post("/entreprise/invitation", data={"name": "Inès Roy", "email": address}).text
    assert mailer.kept[0].to == address
    assert _link(page) in mailer.kept[0].text
    assert "readonly" not in desk.get("/entreprise").text


def test_a_mail_that_fails_loses_no_link(desk, mailer) -> None:
    """It is shown, with a line that says so."""
    mailer.asleep = True
    page = desk.post("/entreprise/invitation", data={"name": "Inès Roy", "email": f"{new_id()}@exemple.fr"}).text
    assert "n&#39;est pas parti" in page
    assert "/invitation?jeton=" in _link(page)


def test_without_an_address_the_link_is_shown_alone(desk, mailer) -> None:
    """Nobody is written to."""
    page = desk.post("/entreprise/invitation", data={"name": "Inès Roy"}).text
    assert (mailer.kept, "courriel" in page.split("<form")[0]) == ([], False)
    assert _link(page)


def test_an_invited_address_belongs_to_one_person(desk, yann) -> None:
    """A second invitation to it gets a sentence."""
    answer = desk.post("/entreprise/invitation", data={"name": "Autre", "email": yann.email})
    assert (answer.status_code, "déjà celle d" in answer.text) == (400, True)


def test_a_new_password_by_link(desk, visit, yann, app, mailer) -> None:
    """Mailed in the person's language; it opens once and ends their sessions."""
    accounts = app.state.front.accounts
    accounts.accept(accounts.links.make("invitation", yann.id), yann.email, PASSWORD)
    before = visit()
    before.post("/connexion", data={"email": yann.email, "password": PASSWORD})
    link = _link(desk.post("/entreprise/lien", data={"personne": yann.id}).text)
    assert mailer.kept[0].text.startswith("Hello Yann,")
    assert "Yann" in visit().get(link).text
    secret = link.split("jeton=")[1]
    chosen = visit()
    assert chosen.post("/mot-de-passe", data={"jeton": secret, "password": "a new sentence"}).status_code == 303
    assert chosen.get("/moi").json()["name"] == "Yann Le Goff"
    assert before.get("/moi").status_code == 401
    again = visit().post("/mot-de-passe", data={"jeton": secret, "password": "a new sentence"})
    assert (again.status_code, "demandez-en un autre" in again.text) == (404, True)


@pytest.mark.parametrize("password", ["court", "x" * 501])
def test_a_refused_password_leaves_the_link_open(desk, visit, yann, app, password) -> None:
    """The form comes back with a sentence."""
    accounts = app.state.front.accounts
    accounts.accept(accounts.links.make("invitation", yann.id), yann.email, PASSWORD)
    secret = _link(desk.post("/entreprise/lien", data={"personne": yann.id}).text).split("jeton=")[1]
    answer = visit().post("/mot-de-passe", data={"jeton": secret, "password": password})
    assert (answer.status_code, secret in answer.text) == (400, True)


def test_who_has_left_is_out_and_keeps_a_link(desk, visit, yann, app, tools, mailer) -> None:
    """The session ends, the link is handed over, another can be made; coming back makes an account again."""
    accounts = app.state.front.accounts
    accounts.accept(accounts.links.make("invitation", yann.id), yann.email, PASSWORD)
    theirs = visit()
    theirs.post("/connexion", data={"email": yann.email, "password": PASSWORD})
    page = desk.post("/entreprise/depart", data={"personne": yann.id}).text
    first = _mailed(mailer.kept[-1])
    assert theirs.get("/moi").status_code == 401
    assert visit().post("/connexion", data={"email": yann.email, "password": PASSWORD}).status_code == 400
    assert first.split("jeton=")[1] not in page
    assert "Yann Le Goff" in desk.get("/entreprise").text
    again = desk.post("/entreprise/depart/lien", data={"personne": yann.id}).text
    assert ("jeton=" in again, _mailed(mailer.kept[-1]) != first) == (False, True)
    assert "/invitation?jeton=" in _link(desk.post("/entreprise/retour", data={"personne": yann.id}).text)
    assert _person(tools.bank, yann.id).left_on is None


@pytest.mark.parametrize("how", ["no address", "no mail"])
def test_a_leaving_link_is_shown_where_it_could_not_be_mailed(desk, tools, yann, mailer, how) -> None:
    """Otherwise the person alone has it: it opens what they never showed to anybody."""
    mailer.asleep = how == "no mail"
    if how == "no address":
        with tools.bank.open() as work:
            work.save_person(replace(yann, email=None))
            work.commit()
    assert "/accord?jeton=" in _link(desk.post("/entreprise/depart", data={"personne": yann.id}).text)


def test_being_an_ambassador_is_not_shown_to_administrators(desk, tools, yann) -> None:
    """Whoever stops is seen by nobody, the page being the same before and after (A72)."""
    pages = []
    for roles in ({Role.CONTRIBUTOR, Role.AMBASSADOR}, {Role.CONTRIBUTOR}):
        with tools.bank.open() as work:
            work.save_person(replace(yann, roles=frozenset(roles)))
            work.commit()
        pages.append(desk.get("/entreprise").text)
    assert pages[0] == pages[1]


def test_an_administrator_does_not_leave_by_their_own_hand(desk, claire) -> None:
    """Somebody else notes it."""
    assert desk.post("/entreprise/depart", data={"personne": claire.id}).status_code == 400


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_administers(visit, tools, app, yann, deed, role) -> None:
    """Every other role gets the same closed door, and changes nothing (S04)."""
    person = replace(yann, roles=frozenset({Role.CONTRIBUTOR, role}))
    with tools.bank.open() as work:
        work.save_person(person)
        work.commit()
        before = work.people()
    browser = visit()
    browser.cookies.set("vecu", app.state.front.sessions.open(yann.id))
    asked = {"personne": yann.id, "name": "Eve", "roles": ["administrator"]}
    assert browser.post(f"/entreprise/{deed}", data=asked).status_code == 404
    assert browser.get("/entreprise").status_code == 404
    with tools.bank.open() as work:
        assert work.people() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_a_person_who_is_not_there_is_not_found(desk, deed) -> None:
    """One sentence, no fault."""
    answer = desk.post(f"/entreprise/{deed}", data={"personne": "personne", "name": " "})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_the_page_tells_nothing_of_what_people_do(desk, yann, tools) -> None:
    """No story, no count, no last visit (V05, X1, X2): a person who told something looks like one who did not."""
    def shown() -> str:
        page = desk.get("/entreprise").text
        return page[page.index("<ul"):]

    before = shown()
    with tools.bank.open() as work:
        work.save_story(Story(StoryId(new_id()), yann.id, "Un secret", "Le texte", "fr", utc_now().date(), utc_now()))
        work.commit()
    assert shown() == before


def test_an_administrator_reads_no_story_by_that_role(desk, yann, tools) -> None:
    """A story that its author opened to nobody stays closed to them."""
    story = Story(StoryId(new_id()), yann.id, "Un secret bien gardé", "Le texte", "fr", utc_now().date(), utc_now())
    with tools.bank.open() as work:
        work.save_story(story)
        work.commit()
    for path in ("/entreprise", "/compte", "/departs"):
        assert "Un secret bien gardé" not in desk.get(path).text
