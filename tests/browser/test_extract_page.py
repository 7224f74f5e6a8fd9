"""Extraits in a real browser: words chosen by mouse, finger and keyboard, and a file at the end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, SignIn, Studio, Visit
from tests.ui.told import SOUND, opened, tell

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENT = 180_000
RENDERED = 300_000


def _faults(visit: Visit) -> list[str]:
    """Return what axe finds wrong, by rule, with where."""
    found = Axe().run(visit.page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def _table(visit: Visit, story_id: str) -> Page:
    page = visit.go(f"extraits?story={story_id}")
    expect(page.locator(".w.in").first).to_be_visible(timeout=PATIENT)
    return page


def _numbers(page: Page, kind: str) -> list[int]:
    found = page.locator(f".w.{kind}").evaluate_all("words => words.map(word => Number(word.dataset.i))")
    return [int(each) for each in found]


def _word(page: Page, number: int):
    return page.locator(f'.w[data-i="{number}"]')


def _drag(page: Page, start, end) -> None:
    """Pull with the mouse from one thing to another."""
    end.scroll_into_view_if_needed()
    here, there = start.bounding_box(), end.bounding_box()
    page.mouse.move(here["x"] + 3, here["y"] + 8)
    page.mouse.down()
    page.mouse.move(there["x"] + 4, there["y"] + 8, steps=10)
    page.mouse.up()
    page.wait_for_timeout(100)


@pytest.fixture
def chosen(sign_in: SignIn, studio: Studio) -> Page:
    """The table of a film with nothing chosen."""
    story_id = tell(studio.tools, studio.people["Claire"], scope=opened(studio.tools))
    page = _table(sign_in("Inès"), story_id)
    page.locator("[data-act=clear]").click()
    return page


def test_a_click_and_a_shift_click_choose_and_a_click_inside_strikes(chosen: Page) -> None:
    """Struck words come back with another click."""
    _word(chosen, 40).click()
    _word(chosen, 60).click(modifiers=["Shift"])
    assert _numbers(chosen, "in") == list(range(40, 61))
    _word(chosen, 45).click()
    assert _numbers(chosen, "gone") == [45]
    _word(chosen, 45).click()
    assert _numbers(chosen, "gone") == []


def test_dragging_chooses_and_dragging_inside_strikes(chosen: Page) -> None:
    """One gesture, two uses: it depends on where it begins."""
    _drag(chosen, _word(chosen, 30), _word(chosen, 50))
    assert _numbers(chosen, "in") == list(range(30, 51))
    _drag(chosen, _word(chosen, 40), _word(chosen, 42))
    assert _numbers(chosen, "gone") == [40, 41, 42]


def test_the_handles_move_by_arrow_keys_and_by_hand(chosen: Page) -> None:
    """Each handle is a slider that says its word and second, and keeps the focus."""
    _word(chosen, 40).click()
    _word(chosen, 50).click()
    end = chosen.locator(".h[data-end=end]")
    end.focus()
    for _ in range(3):
        chosen.keyboard.press("ArrowRight")
    assert _numbers(chosen, "in") == list(range(40, 54))
    assert chosen.evaluate("document.activeElement.dataset.end") == "end"
    assert end.get_attribute("aria-valuenow") == "53"
    _drag(chosen, end, _word(chosen, 48))
    assert _numbers(chosen, "in") == list(range(40, 49))


def test_words_are_struck_by_keyboard(chosen: Page) -> None:
    """Arrows walk the words, space strikes, and a screen reader hears pressed or not."""
    _word(chosen, 40).click()
    _word(chosen, 50).click()
    _word(chosen, 50).focus()
    chosen.keyboard.press("ArrowLeft")
    chosen.keyboard.press(" ")
    assert _numbers(chosen, "gone") == [49]
    assert _word(chosen, 49).get_attribute("aria-pressed") == "false"


def test_the_preview_skips_what_was_struck(chosen: Page) -> None:
    """It begins at the first word, jumps, and stops after the last."""
    _word(chosen, 40).click()
    _word(chosen, 56).click()
    _drag(chosen, _word(chosen, 45), _word(chosen, 52))
    ends = chosen.evaluate("[45, 52].map(i => document.querySelector(`.w[data-i=\"${i}\"]`).textContent)")
    assert len(ends) == 2
    chosen.evaluate("""() => {
        const film = document.querySelector('.cut__picture video');
        window.heard = [];
        film.addEventListener('timeupdate', () => { if (!film.paused) window.heard.push(film.currentTime); });
    }""")
    chosen.locator("[data-act=preview]").click()
    expect(chosen.locator("[data-moving]")).to_be_visible()
    expect(chosen.locator("[data-still]")).to_be_visible(timeout=PATIENT)
    heard = chosen.evaluate("window.heard")
    gaps = [later - sooner for sooner, later in pairwise(heard)]
    assert max(gaps) > 1.2, heard


@pytest.mark.parametrize(("lang", "size", "media"), [("fr", PHONE, SOUND), ("en", DESK, None)],
                         ids=["phone, French, sound alone", "desk, English, film"])
def test_from_words_to_a_downloaded_extract(sign_in: SignIn, studio: Studio, lang, size, media, tmp_path) -> None:
    """Export, find the job again after a reload, watch, download; nothing wider than the screen, nothing outside."""
    story_id = tell(studio.tools, studio.people["Claire"], *([media] if media else []), scope=opened(studio.tools))
    visit = sign_in("Inès", lang, size)
    page = _table(visit, story_id)
    first = _numbers(page, "in")[0]
    page.locator("[data-act=clear]").click()
    _word(page, first).click()
    _word(page, first + 9).click()
    page.locator("label:has(input[value=square])").click()
    page.locator("label:has(input[value=plain])").click()
    assert _faults(visit) == []
    page.locator("[data-act=export]").click()
    expect(page.locator("#making [data-job], #kept video").first).to_be_visible(timeout=PATIENT)
    page.reload()
    expect(page.locator("#kept video")).to_be_visible(timeout=RENDERED)
    with page.expect_download() as coming:
        page.locator("#kept a[download]").click()
    coming.value.save_as(tmp_path / "clip.mp4")
    assert (tmp_path / "clip.mp4").read_bytes()[4:8] == b"ftyp"
    assert (_faults(visit), visit.sideways(), visit.trouble) == ([], 0, [])
