"""Bibliothèque, in a real browser: a question in one's own words, an answer on the right second."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from story_bank.consent import Appearance, Channel, NameShown, Purpose
from story_bank.ids import ValueId
from studio.steps.tag import ConfirmValues
from tests.browser.conftest import DESK, PHONE, SignIn, Studio, Visit
from tests.browser.quiet_studio import Told, agree, faults, quiet_studio, tell
from tests.fakes.shared_words_sense import SleepingSense

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = [("fr", PHONE), ("en", DESK)]
NAMES = ["phone, French", "desk, English"]
TEXT = "L'alarme a sonné. Ce n'était pas mon secteur, mais on ne laisse pas un collègue tout seul."


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A library of four: a film for everybody, a voice without its name, an ended consent, and one never opened."""
    with quiet_studio(tmp_path_factory.mktemp("home"), SleepingSense()) as served:
        film, alarm = tell(served, Told()), tell(served, Told(by="Moussa", title="L'alarme", text=TEXT, site="Lille"))
        agree(served, film, "Claire")
        ConfirmValues(served.tools).run(served.tools.asker(served.people["Claire"].id), film, (ValueId("v0"),))
        agree(served, alarm, "Moussa", channels=frozenset({Channel.INTRANET}),
              purposes=frozenset({Purpose.LIBRARY, Purpose.SHARE}),
              appears=Appearance(face=False, voice=False, name=NameShown.NONE))
        ended = tell(served, Told(by="Moussa", title="Terminé", text="Mon collègue est parti."))
        agree(served, ended, "Moussa", until=served.tools.today() - timedelta(days=1))
        tell(served, Told(by="Moussa", title="Secret", text="Un collègue m'a dit un secret."))
        yield served


def _open(visit: Visit, query: str = "") -> Page:
    page = visit.go(f"bibliotheque{query}")
    expect(page.locator(".li-card,.v-empty").first).to_be_visible(timeout=30_000)
    return page


def _ask(page: Page, question: str) -> None:
    page.locator("#q :is(textarea,input)").fill(question)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("lang", "size"), SIZES, ids=NAMES)
def test_the_page_is_accessible_and_fits(sign_in: SignIn, studio: Studio, lang, size) -> None:
    """The newest stories, the folded facets opened, a question without answer: no fault, nothing too wide."""
    visit = sign_in("Inès", lang, size)
    page = _open(visit)
    expect(page.locator(".li-card")).to_have_count(2)
    page.locator("#more .label-wrap").click()
    expect(page.locator("#more input").first).to_be_visible()
    page.wait_for_timeout(800)
    assert (faults(visit), visit.sideways()) == ([], 0)
    _ask(page, "zzz")
    expect(page.locator(".v-empty")).to_be_visible(timeout=20_000)
    assert (faults(visit), visit.sideways(), visit.trouble) == ([], 0, [])


def test_an_answer_starts_and_stops_on_its_passage(sign_in: SignIn, studio: Studio) -> None:
    """The passage bears the words asked for, plays from its second and stops at its end."""
    page = _open(sign_in("Inès"))
    _ask(page, "noter sur une feuille de papier")
    expect(page.locator(".li-results h2")).to_have_text("1 récit répond", timeout=20_000)
    card = page.locator(".li-card").first
    expect(card.locator("mark").first).to_be_visible()
    play = card.locator(".v-play")
    start, end = (float(play.get_attribute(name) or 0) for name in ("data-s", "data-e"))
    play.click()
    page.wait_for_function(f"document.querySelector('#library-voice audio').currentTime >= {start + 0.3}")
    page.evaluate(f"document.querySelector('#library-voice audio').currentTime = {end - 0.4}")
    page.wait_for_function("document.querySelector('#library-voice audio').paused")
    assert abs(page.evaluate("document.querySelector('#library-voice audio').currentTime") - end) < 1


def test_the_question_stays_in_the_address(sign_in: SignIn, studio: Studio) -> None:
    """Reloading asks again; going to a story and back finds the answers again."""
    page = _open(sign_in("Inès"))
    _ask(page, "un collègue tout seul")
    expect(page.locator(".li-results h2")).to_contain_text("récit", timeout=20_000)
    page.wait_for_url("**/bibliotheque?q=un+coll%C3%A8gue+tout+seul")
    page.reload()
    expect(page.locator("#q :is(textarea,input)")).to_have_value("un collègue tout seul", timeout=30_000)
    page.get_by_role("link", name="Lire, L'alarme").click()
    expect(page.locator(".rl-text")).to_contain_text("pas mon secteur", timeout=30_000)
    page.go_back()
    expect(page.locator("#q :is(textarea,input)")).to_have_value("un collègue tout seul", timeout=30_000)
    expect(page.locator(".li-card").first).to_contain_text("L'alarme", timeout=20_000)


def test_only_what_consent_opens_is_found(sign_in: SignIn, studio: Studio) -> None:
    """Neither an ended consent nor a story never opened answers a colleague; a name not agreed to is not shown."""
    page = _open(sign_in("Inès"))
    _ask(page, "collègue")
    expect(page.locator(".li-results h2")).to_have_text("1 récit répond", timeout=20_000)
    card = page.locator(".li-card").first
    expect(card.locator("h3")).to_have_text("Une personne")
    assert "Moussa" not in page.locator(".li-results").inner_text()
    assert card.get_by_role("link").all_inner_texts() == ["Lire"]


def test_an_editor_is_led_to_what_may_be_made(sign_in: SignIn, studio: Studio) -> None:
    """Where the consent covers it, an editor may write and cut; somebody without the role may not."""
    page = _open(sign_in("Inès"))
    _ask(page, "feuille de papier")
    expect(page.locator(".li-results h2")).to_have_text("1 récit répond", timeout=20_000)
    links = page.locator(".li-card").first.get_by_role("link")
    assert links.all_inner_texts() == ["Lire", "Écrire", "En faire un extrait"]
    page = _open(sign_in("Moussa"), "?q=feuille+de+papier")
    assert page.locator(".li-card").first.get_by_role("link").all_inner_texts() == ["Lire"]


def test_usable_today_on_a_channel_narrows(sign_in: SignIn, studio: Studio) -> None:
    """LinkedIn leaves the story that agreed to it, with LinkedIn's own light; the facets narrow as well."""
    page = _open(sign_in("Inès"))
    page.locator("#usable input").click()
    page.get_by_role("option", name="LinkedIn").click()
    expect(page.locator(".li-card")).to_have_count(1, timeout=20_000)
    expect(page.locator(".li-card .v-light")).to_contain_text("LinkedIn : oui, jusqu'au")
    page.wait_for_url("**support=linkedin")
    page = _open(sign_in("Inès"), "?valeur=v0")
    expect(page.locator(".li-card")).to_have_count(1)
    expect(page.locator(".li-card .v-chip")).to_have_text("Écoute")


def test_a_sleeping_sense_of_meaning_is_said_in_one_line(sign_in: SignIn, studio: Studio) -> None:
    """Exact words answer meanwhile."""
    page = _open(sign_in("Inès"), "?q=feuille+de+papier")
    expect(page.locator(".v-notice")).to_contain_text("La recherche par le sens se réveille")
    expect(page.locator(".li-card")).to_have_count(1)
