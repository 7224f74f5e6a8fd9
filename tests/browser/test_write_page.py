"""Écrire in a real browser: angles that play, a page that is kept, a copy that leaves by the person's own click."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, SignIn, Studio, Visit
from tests.ui.told import opened, tell

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MINE = "Cette nuit-là j'étais à bout, et une simple feuille quadrillée a tout changé pour nous quatre."
ANGLES = {"fr": "Trois angles, dans vos phrases", "en": "Three angles, in their sentences"}
KEPT = {"fr": "C'est gardé.", "en": "It is kept."}
PATIENT = 180_000


def _faults(visit: Visit) -> list[str]:
    """Return what axe finds wrong, by rule, with where."""
    found = Axe().run(visit.page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def _page(visit: Visit, story_id: str) -> Page:
    """Open the page and wait for its angles, which the worker looks for."""
    page = visit.go(f"ecrire?story={story_id}")
    expect(page.get_by_role("heading", name=ANGLES[visit.lang])).to_be_visible(timeout=PATIENT)
    expect(page.locator(".wr-angle")).to_have_count(3, timeout=PATIENT)
    return page


@pytest.mark.parametrize(("who", "lang", "size"), [("Claire", "fr", PHONE), ("Inès", "en", DESK)],
                         ids=["phone, French, own", "desk, English, another's"])
def test_from_angles_to_a_page_of_ones_own(sign_in: SignIn, studio: Studio, who, lang, size) -> None:
    """Questions and angles come; a sentence plays; what is typed is kept and found again; nothing goes outside."""
    story_id = tell(studio.tools, studio.people["Claire"], scope=opened(studio.tools))
    visit = sign_in(who, lang, size)
    page = _page(visit, story_id)
    assert page.locator("#page textarea").input_value() == ""
    page.locator(".wr-angle[open] .v-play").first.click()
    page.wait_for_function("document.querySelector('#voice audio').currentTime > 1", timeout=PATIENT)
    page.locator("#page textarea").press_sequentially(MINE)
    expect(page.locator("#page-foot")).to_contain_text(KEPT[lang], timeout=PATIENT)
    expect(page.locator("#copy [data-copy]")).to_have_attribute(
        "href", "https://www.linkedin.com/feed/?shareActive=true", timeout=PATIENT)
    assert _faults(visit) == []
    page.reload()
    expect(page.locator("#page textarea")).to_have_value(MINE, timeout=PATIENT)
    assert (visit.sideways(), visit.trouble) == (0, [])


def test_fast_typing_over_several_saves_loses_no_letter(sign_in: SignIn, studio: Studio) -> None:
    """Saves follow one another; the last one holds the last letter."""
    story_id = tell(studio.tools, studio.people["Claire"], scope=opened(studio.tools))
    visit = sign_in("Claire")
    page = _page(visit, story_id)
    for number in range(5):
        page.locator("#page textarea").press_sequentially(f"Bout {number} de ma page. ")
        page.wait_for_timeout(620)
    typed = page.locator("#page textarea").input_value()
    page.locator("h1").click()

    def kept() -> str:
        with studio.tools.bank.open() as work:
            post = work.post_for(studio.tools.asker(studio.people["Claire"].id), story_id, "linkedin")
        return post.text if post else ""
    for _ in range(100):
        if kept() == typed:
            break
        page.wait_for_timeout(200)
    assert kept() == typed
    assert visit.trouble == []


def test_another_channel_has_a_page_of_its_own(sign_in: SignIn, studio: Studio) -> None:
    """Changing is found again after a reload, from the address."""
    story_id = tell(studio.tools, studio.people["Claire"], scope=opened(studio.tools))
    visit = sign_in("Claire")
    page = _page(visit, story_id)
    page.locator("#page textarea").press_sequentially(MINE)
    page.locator(".wr-change summary").click()
    page.locator("label:has(input[value=intranet])").click()
    expect(page.locator("#page textarea")).to_have_value("", timeout=PATIENT)
    expect(page.locator(".v-head")).to_contain_text("Intranet", timeout=PATIENT)
    page.locator("label:has(input[value=linkedin])").click()
    expect(page.locator("#page textarea")).to_have_value(MINE, timeout=PATIENT)
    page.reload()
    expect(page.locator("#page textarea")).to_have_value(MINE, timeout=PATIENT)


def test_without_consent_one_sentence_leads_to_decide(sign_in: SignIn, studio: Studio) -> None:
    """Nothing is suggested and nothing can be typed."""
    story_id = tell(studio.tools, studio.people["Claire"])
    visit = sign_in("Claire", "fr", PHONE)
    page = visit.go(f"ecrire?story={story_id}")
    expect(page.locator(f"a[href='/fr/decider?story={story_id}']")).to_be_visible(timeout=PATIENT)
    expect(page.locator("#page")).to_have_count(0)
    assert (_faults(visit), visit.sideways(), visit.trouble) == ([], 0, [])
