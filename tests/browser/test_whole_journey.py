"""The main job, in one go: from the red button to a downloaded, captioned extract, with every real part."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, SignIn, Studio, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENT = 240_000
SPOKEN_MS = 26_000
WORDS = {
    "fr": {"film": "Voix et image", "french": "Français", "go": "Écrire mes mots", "listened": "J'ai écouté, je décide",
           "year": "1 an", "sign": "Signer", "kept": "C'est gardé."},
    "en": {"film": "Voice and picture", "french": "Français", "go": "Write down my words",
           "listened": "I have listened, let me decide", "year": "1 year", "sign": "Sign", "kept": "It is kept."},
}


@pytest.mark.parametrize(("lang", "size"), [("fr", PHONE), ("en", DESK)], ids=["phone, French", "desk, English"])
def test_from_the_red_button_to_the_downloaded_extract(sign_in: SignIn, studio: Studio, tmp_path: Path, shots: Path,
                                                       lang, size) -> None:
    """Record, hear, correct, decide, tag, find, write, cut, download (A39, A41, L07, S10)."""
    visit, say = sign_in("Claire", lang, size), WORDS[lang]
    story_id = _record(visit, say)
    _correct(visit, studio, story_id, shots)
    _decide(visit, say, story_id, shots)
    _until_the_picture_is_ready(visit, studio, story_id)
    _find_as_a_colleague(sign_in("Moussa", lang, size), story_id)
    _write(visit, say, story_id, shots)
    _cut(visit, say, story_id, tmp_path, shots)
    assert (visit.sideways(), visit.trouble) == (0, [])


def _record(visit: Visit, say: dict[str, str]) -> str:
    page = visit.go("")
    page.locator(f"label:has-text('{say['film']}')").click()
    page.locator("[data-a=rec]").click()
    page.wait_for_timeout(SPOKEN_MS)
    page.locator("[data-a=rec]").click()
    page.wait_for_url("**story=**", timeout=60_000)
    story_id = page.url.split("story=")[1]
    page.get_by_label(say["french"], exact=True).check()  # the fake microphone speaks French
    page.get_by_role("button", name=say["go"]).click()
    page.wait_for_url(f"**/relire?story={story_id}", timeout=30_000)
    return story_id


def _correct(visit: Visit, studio: Studio, story_id: str, shots: Path) -> None:
    page = visit.page
    expect(page.locator(".tr")).to_have_attribute("data-open", "yes", timeout=PATIENT)
    word = page.locator(".tr .w").nth(3)
    word.dblclick()
    expect(page.locator(".ed-text")).to_be_focused()
    page.keyboard.type("Corrigé")
    for _ in range(100):
        if "Corrigé" in _text(studio, story_id):
            break
        page.wait_for_timeout(200)
    assert "Corrigé" in _text(studio, story_id)
    page.screenshot(path=shots / f"relire-{visit.lang}.png", full_page=True)


def _text(studio: Studio, story_id: str) -> str:
    with studio.tools.bank.open() as work:
        return work.story_of_job(story_id).text


def _decide(visit: Visit, say: dict[str, str], story_id: str, shots: Path) -> None:
    page = visit.go(f"decider?story={story_id}")
    expect(page.locator("#consent .v-light").first).to_be_visible(timeout=PATIENT)
    page.screenshot(path=shots / f"decider-{visit.lang}.png", full_page=True)
    if page.get_by_role("button", name=say["listened"]).is_visible():  # the word that was clicked was played
        page.get_by_role("button", name=say["listened"]).click()
    for purpose in ("library", "draft", "clip", "share"):
        page.locator(f"[name=purposes][value={purpose}]").check()
    page.locator("[name=channels][value=linkedin]").check()
    page.get_by_role("button", name=say["year"], exact=True).click()
    for look in ("face=yes", "voice=yes", "name=first"):
        name, value = look.split("=")
        page.locator(f"label:has([name={name}][value={value}])").click()
    expect(page.locator("#sheet pre")).to_be_visible(timeout=30_000)
    page.locator("[name=signature]").fill("Claire Morel")
    page.get_by_role("button", name=say["sign"], exact=True).click()
    expect(page.locator("#done h2")).to_be_visible(timeout=30_000)


def _until_the_picture_is_ready(visit: Visit, studio: Studio, story_id: str) -> None:
    """The picture comes after the words; until then a colleague reads them."""
    for _ in range(300):
        with studio.tools.bank.open() as work:
            recording = work.recording_of_job(work.story_of_job(story_id).recording_id)
        if recording.playable_key is not None:
            return
        visit.page.wait_for_timeout(400)
    raise AssertionError("the picture never came")


def _find_as_a_colleague(visit: Visit, story_id: str) -> None:
    """A paraphrase of what the fixture voice says finds it; the answer plays from its second."""
    page = visit.go("bibliotheque?q=un technicien qui prend le temps avec un client")
    expect(page.locator(f".li-card a[href*='{story_id}']").first).to_be_visible(timeout=PATIENT)
    page.locator(f".li-card:has(a[href*='{story_id}']) .v-play").first.click()
    page.wait_for_function("[...document.querySelectorAll('audio,video')].some(m => m.currentTime > 0.3)",
                           timeout=60_000)
    assert visit.sideways() == 0


def _write(visit: Visit, say: dict[str, str], story_id: str, shots: Path) -> None:
    page = visit.go(f"ecrire?story={story_id}")
    expect(page.locator("#page textarea")).to_be_visible(timeout=PATIENT)
    assert page.locator("#page textarea").input_value() == ""
    page.locator("#page textarea").press_sequentially("Ce jour-là, j'ai compris qu'un quart d'heure change tout.")
    expect(page.locator("#page-foot")).to_contain_text(say["kept"], timeout=PATIENT)
    page.screenshot(path=shots / f"ecrire-{visit.lang}.png", full_page=True)


def _cut(visit: Visit, say: dict[str, str], story_id: str, tmp_path: Path, shots: Path) -> None:
    page = visit.go(f"extraits?story={story_id}")
    expect(page.locator(".w").nth(20)).to_be_visible(timeout=PATIENT)
    page.locator("[data-act=clear]").click()
    page.locator('.w[data-i="4"]').click()
    page.locator('.w[data-i="22"]').click(modifiers=["Shift"])
    page.locator("[data-act=export]").click()
    link = page.locator("#kept a[download]").first
    expect(link).to_be_visible(timeout=PATIENT)
    page.screenshot(path=shots / f"extraits-{visit.lang}.png", full_page=True)
    with page.expect_download(timeout=60_000) as coming:
        link.click()
    target = tmp_path / "extrait.mp4"
    coming.value.save_as(target)
    with av.open(str(target)) as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == (1080, 1920)
        assert film.streams.audio
        assert film.duration / 1_000_000 > 3
