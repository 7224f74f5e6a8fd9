"""A recording survives the tab, the network and the server: it is found waiting, and becomes a story (S25)."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Launch, Studio, Visit
from tests.browser.mortal_studio import MortalStudio, mortal_studio

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_LOST_S = 5.0


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalStudio]:
    with mortal_studio(tmp_path_factory.mktemp("mortal")) as mortal:
        yield mortal


def _enter(launch: Launch, studio: Studio, name: str, size: tuple[int, int]) -> Visit:
    context = launch().new_context(locale="fr-FR", viewport={"width": size[0], "height": size[1]})
    context.request.post(f"{studio.url}/connexion/demonstration", form={"personne": studio.people[name].id})
    return Visit(context.new_page(), studio.url, "fr")


def _speak(visit: Visit) -> float:
    """Start recording, wait until the page hears us, and return when it began."""
    page = visit.go("")
    page.locator("[data-a=rec]").click()
    expect(page.locator(".rc")).to_have_attribute("data-state", "rec", timeout=20_000)
    began = time.monotonic()
    expect(page.locator(".rc-state")).to_contain_text("On vous entend bien", timeout=20_000)
    return began


def _said(page: Page, seconds: int) -> None:
    """Wait until the page's own clock shows that many seconds."""
    expect(page.locator(".rc-time")).to_have_text(f"0:{seconds:02d}", timeout=60_000)


def _kept_s(mortal: MortalStudio, page: Page) -> float:
    """Return how long the recording is that became the story of this page."""
    page.wait_for_url("**story=**", timeout=60_000)
    with mortal.tools.bank.open() as work:
        return work.recording_of_job(work.story_of_job(page.url.split("story=")[1]).recording_id).duration_s


def _come_back(visit: Visit) -> Page:
    visit.page = visit.page.context.new_page()
    page = visit.go("")
    expect(page.locator(".rc-again")).to_contain_text("Votre récit du", timeout=20_000)
    page.get_by_role("button", name="Le terminer").click()
    return page


def test_a_killed_tab_costs_at_most_five_seconds(launch: Launch, mortal: MortalStudio) -> None:
    """The person comes back to Raconter and finds their recording waiting; nothing of it stays in the browser then."""
    visit = _enter(launch, mortal.studio, "Moussa", PHONE)
    began = _speak(visit)
    _said(visit.page, 6)
    visit.page.close()
    said = time.monotonic() - began
    page = _come_back(visit)
    assert _kept_s(mortal, page) >= said - MOST_LOST_S
    page = visit.go("")
    page.wait_for_function("() => document.querySelector('.rc-btn')")
    left = page.evaluate("""async () => {
        for (const {name} of await indexedDB.databases()) {
            const opening = indexedDB.open(name);
            await new Promise(done => { opening.onsuccess = done; });
            const all = opening.result.transaction("pieces").objectStore("pieces").count();
            await new Promise(done => { all.onsuccess = done; });
            if (all.result) return all.result;
        }
        return 0;
    }""")
    assert left == 0
    visit.page.context.close()


def test_what_was_said_without_a_network_is_sent_on_the_next_visit(launch: Launch, mortal: MortalStudio) -> None:
    """The line goes, the person talks on, closes the page: this browser has kept it, for this person alone."""
    visit = _enter(launch, mortal.studio, "Inès", DESK)
    began = _speak(visit)
    visit.page.context.set_offline(True)
    expect(visit.page.locator(".rc-state")).to_contain_text("La connexion est coupée", timeout=20_000)
    _said(visit.page, 9)
    visit.page.close()
    said = time.monotonic() - began
    visit.page.context.set_offline(False)
    context, people = visit.page.context, mortal.studio.people
    context.request.post(f"{mortal.studio.url}/connexion/demonstration", form={"personne": people["Claire"].id})
    visit.page = context.new_page()
    other = visit.go("")
    other.locator(".rc[data-looked]").wait_for()
    assert other.locator(".rc-again").is_hidden()
    context.request.post(f"{mortal.studio.url}/connexion/demonstration", form={"personne": people["Inès"].id})
    assert _kept_s(mortal, _come_back(visit)) >= said - MOST_LOST_S
    context.close()


def test_a_killed_server_loses_nothing_that_is_said_meanwhile(launch: Launch, mortal: MortalStudio) -> None:
    """kill -9 in the middle of a sentence; it comes back, and the recording that went on is whole."""
    visit = _enter(launch, mortal.studio, "Claire", DESK)
    began = _speak(visit)
    mortal.kill()
    expect(visit.page.locator(".rc-state")).to_contain_text("La connexion est coupée", timeout=20_000)
    mortal.start()
    expect(visit.page.locator(".rc-state")).to_contain_text("On vous écoute", timeout=30_000)
    said = time.monotonic() - began
    visit.page.locator("[data-a=rec]").click()
    assert _kept_s(mortal, visit.page) >= said - 1
    visit.page.context.close()
