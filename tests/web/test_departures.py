"""The page of departures, for keepers of consents."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from story_bank.bank import Asker
from story_bank.company import utc_now
from story_bank.consent import Appearance, NameShown, Purpose, Scope
from story_bank.ids import PersonId, StoryId, new_id
from story_bank.person import Person, Role
from story_bank.story import Story
from studio.steps.consent import Sign
from studio.steps.leave import NoteDeparture

pytestmark = pytest.mark.slow


@pytest.fixture
def keeper(visit, tools, app):
    """The browser of a keeper of consents."""
    person = Person(PersonId(new_id()), "Odile Faure", "Odile", roles=frozenset({Role.CONTRIBUTOR, Role.STEWARD}))
    with tools.bank.open() as work:
        work.save_person(person)
        work.commit()
    browser = visit()
    browser.cookies.set("vecu", app.state.front.sessions.open(person.id))
    return browser


def _tell(tools, claire, title: str, *, signed: bool) -> StoryId:
    """Let somebody tell a story, open it to colleagues or not, and leave."""
    person = Person(PersonId(new_id()), "Yann Le Goff", "Yann")
    today = tools.today()
    story = Story(StoryId(new_id()), person.id, title, "Le texte", "fr", today, utc_now())
    with tools.bank.open() as work:
        work.save_person(person)
        work.save_story(story)
        work.commit()
    if signed:
        scope = Scope(frozenset({Purpose.LIBRARY}), frozenset(), today, today + timedelta(days=200),
                      Appearance(True, True, NameShown.FULL))
        Sign(tools).run(Asker(person, today), story.id, scope, ("1", "le texte"), "Yann")
    NoteDeparture(tools).run(tools.asker(claire.id), person.id)
    return story.id


def _ask(page: str, title: str) -> str:
    part = page[page.index(title):]
    found = re.search(r'name="examen" value="([^"]+)"', part)
    assert found
    return found[1]


def test_a_review_shows_title_person_light_and_end(keeper, tools, claire) -> None:
    """What is needed to decide, and no more."""
    _tell(tools, claire, "La nuit du gel", signed=True)
    page = keeper.get("/departs").text
    part = page[page.index("La nuit du gel"):page.index("</article>", page.index("La nuit du gel"))]
    assert "Yann Le Goff" in part
    assert 'data-state="ok"' in part
    assert "jusqu" in part
    assert "Le texte" not in page


def test_a_story_closed_to_everybody_keeps_its_title(keeper, tools, claire) -> None:
    """A keeper of consents is no exception to the person's silence (V30)."""
    _tell(tools, claire, "Jamais montré", signed=False)
    page = keeper.get("/departs").text
    assert "Jamais montré" not in page
    assert "que personne d&#39;autre ne peut voir" in page


@pytest.mark.parametrize(("answer", "told"), [("garder", "laissé comme son accord le dit"), ("fermer", "fermé")])
def test_a_review_is_settled_by_one_click(keeper, tools, claire, answer, told) -> None:
    """It moves to those that are done, and says how."""
    story_id = _tell(tools, claire, f"À trancher {answer}", signed=True)
    asked = _ask(keeper.get("/departs").text, f"À trancher {answer}")
    keeper.post("/departs", data={"examen": asked, "reponse": answer})
    page = keeper.get("/departs").text
    assert f'value="{asked}"' not in page
    assert told in page
    with tools.bank.open() as work:
        scopes = work.scopes([work.story_of_job(story_id)])[story_id]
    assert (scopes == [None]) is (answer == "fermer")


def test_another_answer_afterwards_is_refused(keeper, tools, claire) -> None:
    """Two keepers who disagree are told so."""
    _tell(tools, claire, "Deux avis", signed=True)
    asked = _ask(keeper.get("/departs").text, "Deux avis")
    keeper.post("/departs", data={"examen": asked, "reponse": "garder"})
    answer = keeper.post("/departs", data={"examen": asked, "reponse": "fermer"})
    assert (answer.status_code, "répondu autrement" in answer.text) == (400, True)


@pytest.mark.parametrize(("asked", "status"), [({"examen": "rien", "reponse": "fermer"}, 400),
                                               ({"examen": "rien", "reponse": "autre"}, 422), ({}, 422)])
def test_what_makes_no_sense_changes_nothing(keeper, asked, status) -> None:
    """A sentence, or a plain refusal."""
    assert keeper.post("/departs", data=asked).status_code == status


@pytest.mark.parametrize("who", ["claire", "moussa"])
def test_the_page_is_for_keepers_of_consents(enter, request, who) -> None:
    """Neither administrators nor editors open it."""
    browser = enter(request.getfixturevalue(who))
    assert browser.get("/departs").status_code == 404
    assert browser.post("/departs", data={"examen": "x", "reponse": "fermer"}).status_code == 404


def test_sign_in_comes_first(visit) -> None:
    """And leads back here."""
    assert visit().get("/departs").headers["location"] == "/connexion?vers=/departs"
