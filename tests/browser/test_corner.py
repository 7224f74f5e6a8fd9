"""A corner at an event, in a real browser: opened, told at without an account, left, and claimed later (A40, S25)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE, Launch, SignIn, Studio, Visit, _listen_for_trouble

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEFTOVERS = """async () => {
  const kept = [];
  for (const {name} of await indexedDB.databases()) {
    const base = await new Promise((done, no) => {
      const ask = indexedDB.open(name);
      ask.onsuccess = () => done(ask.result);
      ask.onerror = no;
    });
    for (const store of base.objectStoreNames) kept.push(...await new Promise(done => {
      const all = base.transaction(store).objectStore(store).getAllKeys();
      all.onsuccess = () => done(all.result.map(String));
    }));
    base.close();
  }
  return [...kept, ...Object.keys(localStorage), ...Object.keys(sessionStorage)];
}"""


@pytest.fixture
def passer(studio: Studio, launch: Launch) -> Iterator[list[BrowserContext]]:
    """Browsers in which nobody is signed in."""
    opened: list[BrowserContext] = []
    yield opened
    for each in opened:
        each.close()


def _device(studio: Studio, launch: Launch, opened: list[BrowserContext], lang: str = "fr",
            size: tuple[int, int] = PHONE) -> Visit:
    context = launch().new_context(locale="fr-FR" if lang == "fr" else "en-GB", accept_downloads=True,
                                   viewport={"width": size[0], "height": size[1]})
    opened.append(context)
    visit = Visit(context.new_page(), studio.url, lang)  # type: ignore[arg-type]
    _listen_for_trouble(visit)
    return visit


def _open_corner(visit: Visit, studio: Studio, name: str) -> str:
    """Open a corner in both languages as an editor does, and return its address."""
    page = visit.page
    page.goto(f"{studio.url}/coins")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=until]").fill((studio.tools.today() + timedelta(days=1)).isoformat())
    for code in ("fr", "en"):
        page.locator(f"input[value={code}]").check()
    page.get_by_role("button", name="Ouvrir le coin" if visit.lang == "fr" else "Open the corner").click()
    return page.locator("textarea").first.input_value()


def _tell(page: Page, said: str) -> str:
    """Press, talk, press; return the code on the receipt."""
    page.locator("[data-a=rec]").click()
    expect(page.locator(".rc-state")).to_contain_text(said, timeout=20_000)
    page.wait_for_timeout(2_000)
    page.locator("[data-a=rec]").click()
    page.wait_for_url("**/recu?*", timeout=60_000)
    return page.locator("#code").inner_text()


def _faults(page: Page) -> list[str]:
    return [f"{each['id']}: {node['html'][:160]}" for each in Axe().run(page).response["violations"]
            for node in each["nodes"]]


def test_a_story_is_told_left_and_claimed(studio: Studio, launch: Launch, sign_in: SignIn, passer, shots: Path) -> None:
    """A40: on a phone's screen, without an account; the page returns by itself; the next person finds nothing; Claire
    makes it hers and finds it on Relire."""
    editor = sign_in("Inès", "fr", DESK)
    address = _open_corner(editor, studio, "Journée des équipes, Lyon")
    editor.page.screenshot(path=shots / "coins-fr-1280.png", full_page=True)
    stand = _device(studio, launch, passer)
    page = stand.page
    page.goto(address)
    page.clock.install()
    page.goto(address)
    page.screenshot(path=shots / "coin-fr-390.png", full_page=True)
    assert (_faults(page), stand.sideways()) == ([], 0)
    code = _tell(page, "On vous entend bien")
    page.screenshot(path=shots / "recu-fr-390.png", full_page=True)
    assert (_faults(page), stand.sideways()) == ([], 0)
    receipt = page.url
    page.clock.fast_forward(50_000)
    expect(page.locator(".co-left")).to_be_visible(timeout=10_000)
    page.clock.fast_forward(15_000)
    page.wait_for_url(address, timeout=20_000)
    expect(page.locator("[data-a=rec]")).to_be_visible()
    assert page.evaluate(LEFTOVERS) == []
    assert [each["name"] for each in page.context.cookies() if each["value"]] == []
    page.go_back()
    page.wait_for_timeout(500)
    assert code not in page.content()
    page.goto(receipt)
    assert (page.url, code in page.content()) == (address, False)
    assert stand.trouble == []
    claire = sign_in("Claire", "fr", PHONE)
    claire.page.goto(f"{studio.url}/recuperer?code={code}")
    claire.page.screenshot(path=shots / "recuperer-fr-390.png", full_page=True)
    assert (_faults(claire.page), claire.sideways()) == ([], 0)
    claire.page.get_by_role("button", name="Récupérer mon récit").click()
    claire.page.wait_for_url("**/fr/relire?story=*", timeout=60_000)
    expect(claire.page.get_by_role("heading", level=1).locator("visible=true").first).to_be_visible(timeout=20_000)


def test_the_pages_of_a_corner_in_english_and_wide(studio: Studio, launch: Launch, sign_in: SignIn, passer,
                                                   shots: Path) -> None:
    """A40: complete in English, without a fault that axe finds; a receipt to keep, a form that may be left alone."""
    editor = sign_in("Inès", "en", PHONE)
    address = _open_corner(editor, studio, "Team day, Leeds")
    editor.page.screenshot(path=shots / "coins-en-390.png", full_page=True)
    assert (_faults(editor.page), editor.sideways()) == ([], 0)
    editor.page.get_by_role("link", name="See the sheet").first.click()
    editor.page.screenshot(path=shots / "affiche-en-390.png", full_page=True)
    assert (_faults(editor.page), editor.sideways()) == ([], 0)
    editor.page.set_viewport_size({"width": 1280, "height": 900})
    editor.page.emulate_media(media="print")
    editor.page.screenshot(path=shots / "affiche-print.png", full_page=True)
    stand = _device(studio, launch, passer, "en", DESK)
    page = stand.page
    page.goto(f"{address}?langue=en")
    page.screenshot(path=shots / "coin-en-1280.png", full_page=True)
    assert (_faults(page), stand.sideways()) == ([], 0)
    code = _tell(page, "We hear you well")
    page.screenshot(path=shots / "recu-en-1280.png", full_page=True)
    assert (_faults(page), stand.sideways()) == ([], 0)
    with page.expect_download() as given:
        page.get_by_role("link", name="Keep the receipt").click()
    given.value.save_as(shots / "recu.pdf")
    page.locator("summary").first.click()
    page.get_by_label("First name").fill("Zoé")
    page.get_by_role("button", name="Write down my words").click()
    expect(page.get_by_text("your words are being written")).to_be_visible()
    assert page.locator("#code").inner_text() == code
    page.get_by_role("button", name="I am done").click()
    page.wait_for_url(address, timeout=20_000)
    assert stand.trouble == []
    phone = _device(studio, launch, passer, "en")
    phone.page.goto(f"{studio.url}/recuperer?code={code}")
    phone.page.screenshot(path=shots / "recuperer-en-390.png", full_page=True)
    assert (_faults(phone.page), phone.sideways()) == ([], 0)


def test_a_recording_left_on_pause_goes_with_its_person(studio: Studio, launch: Launch, sign_in: SignIn,
                                                        passer) -> None:
    """A40: nobody finds half a story of the person before, and it is not kept."""
    address = _open_corner(sign_in("Inès", "fr", DESK), studio, "Pause")
    stand = _device(studio, launch, passer)
    page = stand.page
    page.goto(address)
    page.clock.install()
    page.goto(address)
    page.locator("[data-a=rec]").click()
    expect(page.locator(".rc-state")).to_contain_text("On vous entend bien", timeout=20_000)
    page.locator("[data-a=pause]").click()
    page.clock.fast_forward(190_000)
    expect(page.locator(".rc")).to_have_attribute("data-state", "idle", timeout=20_000)
    assert page.evaluate(LEFTOVERS) == []
    with studio.tools.bank.open() as work:
        assert all(work.corner(each.corner_id).name != "Pause" for each in work.visits())
    assert [line for line in stand.trouble if "401" not in line] == []  # a piece that was on its way is refused


def test_a_corner_closed_meanwhile_says_so_at_the_first_press(studio: Studio, launch: Launch, sign_in: SignIn,
                                                              passer) -> None:
    """A40: a tablet that stays on after the event is kind, and records nothing."""
    editor = sign_in("Inès", "fr", DESK)
    address = _open_corner(editor, studio, "Fini")
    stand = _device(studio, launch, passer)
    stand.page.goto(address)
    editor.page.get_by_role("button", name="Fermer maintenant : Fini").click()
    stand.page.locator("[data-a=rec]").click()
    expect(stand.page.locator(".rc-state")).to_contain_text("est fermé", timeout=10_000)
