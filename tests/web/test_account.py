"""One's own page: sessions, password, and being an ambassador, which nobody else decides."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from story_bank.bank import Did, Work
from story_bank.company import utc_now
from story_bank.consent import Channel
from story_bank.ids import DraftId, PersonId, PostId, StoryId, new_id
from story_bank.making import Draft, Post, Profile
from story_bank.person import Person, Role
from story_bank.story import Story
from studio.access.accounts import CameFrom
from studio.access.signing_links import SigningLinks

PASSWORD, NEW = "une petite phrase", "une autre petite phrase"


@pytest.fixture
def ines(tools, app):
    """Somebody with a password."""
    accounts = app.state.front.accounts
    number = new_id()
    person = Person(PersonId(number), "Inès Roy", "Inès", email=f"{number}@exemple.fr")
    with tools.bank.open() as work:
        work.save_person(person)
        work.commit()
    accounts.accept(accounts.links.make("invitation", person.id), person.email, PASSWORD)
    return person


@pytest.fixture
def sign_in(visit, ines):
    """Return a browser in which Inès has signed in."""
    def made(agent: str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", password=PASSWORD):
        browser = visit()
        browser.headers["user-agent"] = agent
        assert browser.post("/connexion", data={"email": ines.email, "password": password}).status_code == 303
        return browser

    return made


def _roles(tools, person) -> frozenset[Role]:
    with tools.bank.open() as work:
        return work.person(person.id).roles


def test_sessions_are_listed_by_browser(sign_in) -> None:
    """One recognises one's own, and which is this one; no address of the network is kept."""
    sign_in("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1")
    page = sign_in().get("/compte").text
    assert "Safari · iPhone" in page
    assert re.search(r"Firefox · Linux</strong> <span[^>]*>· ici", page)
    assert "testclient" not in page
    assert "127.0.0.1" not in page


def test_another_session_is_ended_from_here(sign_in) -> None:
    """A browser left open somewhere is out at its next request."""
    lost, here = sign_in(), sign_in()
    session = re.search(r'name="session" value="([^"]+)"', here.get("/compte").text)[1]
    here.post("/compte/session", data={"session": session})
    assert (lost.get("/moi").status_code, here.get("/moi").status_code) == (401, 200)


def test_all_other_sessions_are_ended_from_here(sign_in) -> None:
    """In one click."""
    others, here = [sign_in(), sign_in()], sign_in()
    here.post("/compte/sessions/autres")
    assert [browser.get("/moi").status_code for browser in (*others, here)] == [401, 401, 200]


def test_nobody_ends_somebody_elses_session_from_their_page(sign_in, enter, moussa) -> None:
    """Even with its id."""
    here = sign_in()
    sign_in()
    session = re.search(r'name="session" value="([^"]+)"', here.get("/compte").text)[1]
    enter(moussa).post("/compte/session", data={"session": session})
    assert here.get("/compte").text.count('action="/compte/session"') == 1


def test_a_changed_password_ends_the_other_sessions(sign_in) -> None:
    """Whoever held the former one is out; this browser stays."""
    lost, here = sign_in(), sign_in()
    answer = here.post("/compte/mot-de-passe", data={"actuel": PASSWORD, "nouveau": NEW})
    assert answer.headers["location"] == "/compte?suite=mot-de-passe"
    assert (lost.get("/moi").status_code, here.get("/moi").status_code) == (401, 200)
    assert sign_in(password=NEW)


@pytest.mark.parametrize(("present", "new", "sentence"), [
    ("faux", NEW, "mot de passe actuel"), (PASSWORD, "court", "au moins 10 caractères")])
def test_a_password_that_is_not_changed_says_why(sign_in, present, new, sentence) -> None:
    """And everything stays as it was."""
    lost, here = sign_in(), sign_in()
    answer = here.post("/compte/mot-de-passe", data={"actuel": present, "nouveau": new})
    assert (answer.status_code, sentence in answer.text) == (400, True)
    assert lost.get("/moi").status_code == 200


def test_a_browser_that_signed_in_is_known_to_its_person(sign_in, ines, app) -> None:
    """Its owner comes in although somebody else keeps guessing."""
    browser = sign_in()
    accounts = app.state.front.accounts
    known = browser.cookies["vecu_connu"]
    browser.post("/deconnexion")
    for _ in range(6):
        browser.post("/connexion", data={"email": ines.email, "password": "faux"}, headers={"cookie": ""})
    assert accounts.sign_in(ines.email, PASSWORD, CameFrom("x", known)) == ines.id


def test_one_becomes_an_ambassador_by_ones_own_click(enter, moussa, tools) -> None:
    """And stops by another, which asks nothing (A72, V01, V32, L13)."""
    browser = enter(moussa)
    browser.post("/compte/ambassadeur")
    assert Role.AMBASSADOR in _roles(tools, moussa)
    answer = browser.post("/compte/ambassadeur/quitter")
    assert Role.AMBASSADOR not in _roles(tools, moussa)
    assert answer.status_code == 303


@pytest.mark.parametrize("path", ["/compte", "/compte/ambassadeur", "/compte/ambassadeur/quitter"])
def test_nobody_decides_for_somebody_else(enter, claire, moussa, tools, path) -> None:
    """No field of any form of one's own page names another person (V17, L02)."""
    before = _roles(tools, moussa)
    enter(claire).post(path, data={"personne": moussa.id, "person": moussa.id, "roles": "ambassador", "job": "x"})
    assert _roles(tools, moussa) == before
    enter(claire).post("/compte/ambassadeur/quitter")


def test_administrators_cannot_name_an_ambassador(enter, claire, moussa, tools) -> None:
    """The form has no such box, and one that is added is not read."""
    page = enter(claire).get("/entreprise").text
    enter(claire).post("/entreprise/roles", data={"personne": moussa.id, "roles": ["ambassador", "editor"]})
    assert 'value="ambassador"' not in page
    assert _roles(tools, moussa) == {Role.CONTRIBUTOR, Role.EDITOR}


def test_what_becomes_of_the_drafts_is_asked_after_leaving(enter, moussa) -> None:
    """Before, nothing stands in the way; after, one may keep them, which is nothing to do."""
    browser = enter(moussa)
    browser.post("/compte/ambassadeur")
    assert "supprimer" not in browser.get("/compte").text.lower()
    place = browser.post("/compte/ambassadeur/quitter").headers["location"]
    page = browser.get(place).text
    assert "Les garder" in page
    assert 'action="/compte/ecrits/supprimer"' in page


def _write(work: Work, person: Person, channel: Channel, *, published: bool) -> PostId:
    now = utc_now()
    story = Story(StoryId(new_id()), person.id, "Un récit", "Le texte", "fr", now.date(), now)
    work.save_story(story)
    work.save_draft(Draft(DraftId(new_id()), story.id, person.id, Profile.EXPERT, channel, "fr", now))
    post = Post(PostId(new_id()), story.id, person.id, channel, "Ma page", now, 1, now if published else None)
    work.save_post(post)
    return post.id


def test_deleting_ones_writing_leaves_what_was_published(enter, moussa, claire, tools) -> None:
    """Suggestions and unpublished pages go, one's own alone."""
    with tools.bank.open() as work:
        unpublished = _write(work, moussa, Channel.LINKEDIN, published=False)
        published = _write(work, moussa, Channel.INTRANET, published=True)
        others = _write(work, claire, Channel.LINKEDIN, published=False)
        work.commit()
    for _ in range(2):
        enter(moussa).post("/compte/ecrits/supprimer")
    with tools.bank.open() as work:
        assert [deed.deed for deed in work.journal_of(moussa.id)].count(Did.ERASED_WRITING) == 1
        assert Did.ERASED_WRITING not in {deed.deed for deed in work.journal_of(claire.id)}
        left = {post.id for person in (moussa, claire) for post in work.posts_of(person.id)}
        counts = work.erase_writing(moussa.id).counts
    assert (published in left, others in left, unpublished in left, counts["drafts"]) == (True, True, False, 0)


def test_leaving_as_an_ambassador_is_noted_nowhere(enter, moussa, tools) -> None:
    """No journal, no list, no mail: nobody hears of it (A72, V05)."""
    browser = enter(moussa)
    with tools.bank.open() as work:
        before = work.journal_of(moussa.id)
    browser.post("/compte/ambassadeur")
    browser.post("/compte/ambassadeur/quitter")
    with tools.bank.open() as work:
        assert work.journal_of(moussa.id) == before


def test_a_guest_has_no_account_page(visit, tools) -> None:
    """Nor can they make themselves anything."""
    guest = Person(PersonId(new_id()), "Rosa Diaz", "Rosa", roles=frozenset())
    with tools.bank.open() as work:
        work.save_person(guest)
        work.commit()
    links, browser = SigningLinks(tools.bank, tools.clock), visit()
    browser.cookies.set("vecu", links.enter(links.make(guest.id)))
    assert browser.get("/compte").headers["location"] == "/journal"
    assert browser.post("/compte/ambassadeur").status_code == 404
    assert browser.post("/compte", data={"job": "x"}).status_code == 404
    with tools.bank.open() as work:
        assert work.person(guest.id) == guest


def test_a_job_and_a_team_are_one_line_each(enter, moussa, tools) -> None:
    """What one types of oneself is kept, the rest of the person untouched."""
    enter(moussa).post("/compte", data={"job": " aide\nsoignant ", "team": "jour", "site": ""})
    with tools.bank.open() as work:
        kept = work.person(moussa.id)
    assert kept == replace(moussa, job="aide soignant", team="jour", site="")
    assert kept.roles == moussa.roles
