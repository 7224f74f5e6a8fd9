"""Raconter and Mes récits, in a real browser with a fake microphone, on a phone and on a desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, SignIn, Studio, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAFE = {"fr": "On vous entend bien", "en": "We hear you well"}
WHO = {"fr": "Qui parle", "en": "Who is speaking"}
SIZES = [("fr", PHONE), ("en", DESK)]


def _faults(visit: Visit) -> list[str]:
    """Return what axe finds wrong, by rule, with where."""
    found = Axe().run(visit.page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def _told(visit: Visit, seconds: float = 4.0) -> None:
    """Record for some seconds and wait for the form."""
    page = visit.go("")
    page.locator("[data-a=rec]").click()
    expect(page.locator(".rc-state")).to_contain_text(SAFE[visit.lang], timeout=20_000)
    page.wait_for_timeout(seconds * 1000)
    page.locator("[data-a=rec]").click()
    page.wait_for_url("**story=**", timeout=60_000)
    expect(page.get_by_role("heading", name=WHO[visit.lang])).to_be_visible(timeout=20_000)


@pytest.mark.parametrize(("lang", "size"), SIZES, ids=["phone, French", "desk, English"])
def test_two_taps_and_the_story_is_kept(sign_in: SignIn, studio: Studio, lang, size) -> None:
    """Press, talk, press: the sound is on the server, and the form asks who spoke before anything is heard."""
    visit = sign_in("Moussa", lang, size)
    _told(visit)
    story_id = visit.page.url.split("story=")[1]
    with studio.tools.bank.open() as work:
        story = work.story_of_job(story_id)
        recording = work.recording_of_job(story.recording_id)
        assert (recording.owner_id, recording.duration_s > 3, work.jobs_for(recording.id)) == (
            studio.people["Moussa"].id, True, [])
    assert (visit.sideways(), visit.trouble) == (0, [])


def test_the_form_starts_the_transcription_with_the_words_given(sign_in: SignIn, studio: Studio) -> None:
    """First name, job, team and unusual words go with the job; then the words are awaited on the next page."""
    visit = sign_in("Claire", "fr", PHONE)
    _told(visit)
    page = visit.page
    story_id = page.url.split("story=")[1]
    page.get_by_label("Mots que la machine").fill("Trelleborg, Moussa")
    page.get_by_role("button", name="Écrire mes mots").click()
    page.wait_for_url(f"**/fr/relire?story={story_id}", timeout=20_000)
    with studio.tools.bank.open() as work:
        recording = work.recording_of_job(work.story_of_job(story_id).recording_id)
        assert recording.context.unusual_words == ("Trelleborg", "Moussa")
        assert [job.kind for job in work.jobs_for(recording.id)][-1:] == ["transcribe"]


def test_a_story_left_at_the_form_waits_among_mine(sign_in: SignIn) -> None:
    """Leaving loses nothing: « Reprendre » leads back to the form."""
    visit = sign_in("Inès", "fr", PHONE)
    _told(visit)
    page = visit.go("mes-recits")
    page.get_by_role("link", name="Reprendre").first.click()
    expect(page.get_by_role("heading", name="Qui parle")).to_be_visible(timeout=20_000)


def test_a_pause_records_nothing(sign_in: SignIn, studio: Studio) -> None:
    """Time stands still while paused, on the page and in the file."""
    visit = sign_in("Moussa", "fr", DESK)
    page = visit.go("")
    page.locator("[data-a=rec]").click()
    expect(page.locator(".rc-state")).to_contain_text(SAFE["fr"], timeout=20_000)
    page.locator("[data-a=pause]").click()
    expect(page.locator(".rc-state")).to_contain_text("En pause")
    page.wait_for_timeout(5_000)
    page.locator("[data-a=pause]").click()
    page.wait_for_timeout(1_500)
    page.locator("[data-a=rec]").click()
    page.wait_for_url("**story=**", timeout=60_000)
    with studio.tools.bank.open() as work:
        recording = work.recording_of_job(work.story_of_job(page.url.split("story=")[1]).recording_id)
    assert recording.duration_s < 8.5


def test_a_mute_microphone_is_noticed_within_the_test(sign_in: SignIn, silence: Path) -> None:
    """Nobody speaks two minutes for nothing."""
    page = sign_in("Claire", "fr", DESK, voice=silence).go("")
    page.locator("[data-a=test]").click()
    expect(page.locator(".rc-state")).to_contain_text("On n'entend rien", timeout=20_000)


def test_a_blocked_microphone_says_what_to_do(sign_in: SignIn) -> None:
    """One sentence, two ways out, and the button is ready again."""
    page = sign_in("Claire", "fr", PHONE, allowed=False).go("")
    page.locator("[data-a=rec]").click()
    expect(page.locator(".rc-state")).to_contain_text("bloque le micro", timeout=20_000)
    expect(page.locator("[data-a=rec]")).to_be_enabled()


def test_a_text_dropped_as_a_film_gets_a_sentence(sign_in: SignIn, tmp_path: Path) -> None:
    """The page stays usable and says what the file is not."""
    fake = tmp_path / "film.mp4"
    fake.write_text("Bonjour, ceci est un texte.\n" * 200)
    page = sign_in("Claire", "fr", DESK).go("")
    with page.expect_file_chooser() as chosen:
        page.locator(".rc-drop").click()
    chosen.value.set_files(fake)
    expect(page.locator(".rc")).to_have_attribute("data-state", "idle", timeout=20_000)
    expect(page.locator(".rc-state")).not_to_contain_text("Appuyez")


def test_a_closed_browser_loses_nothing_that_was_said(sign_in: SignIn) -> None:
    """Sound is on the server while one speaks: the next visit offers it again."""
    visit = sign_in("Moussa", "fr", DESK)
    page = visit.go("")
    page.locator("[data-a=rec]").click()
    expect(page.locator(".rc-state")).to_contain_text(SAFE["fr"], timeout=20_000)
    page.wait_for_timeout(2_000)
    page.close()
    page = visit.page = visit.page.context.new_page()
    visit.go("")
    page.get_by_role("button", name="Le terminer").click()
    page.wait_for_url("**story=**", timeout=60_000)


def test_a_story_is_kept_as_it_is_typed(sign_in: SignIn) -> None:
    """What looks like code stays text, in the page and in the list."""
    visit = sign_in("Inès", "fr", PHONE)
    page = visit.go("mes-recits?ecrire=nouveau")
    page.locator("#title :is(input,textarea)").press_sequentially("Trois nuits ${1+1} <b>")
    page.locator("#text textarea").press_sequentially("Un soir, j'ai pris une feuille \\ de papier.")
    expect(page.get_by_text("Gardé.", exact=True)).to_be_visible(timeout=20_000)
    page.wait_for_timeout(1_000)
    visit.go("mes-recits")
    story = page.get_by_role("listitem").filter(has_text="Trois nuits")
    expect(story).to_have_count(1)
    expect(story).to_contain_text("Trois nuits ${1+1} <b>")
    expect(story).to_contain_text("feuille \\ de papier")
    assert (visit.sideways(), visit.trouble) == (0, [])


@pytest.mark.parametrize(("lang", "size"), SIZES, ids=["phone, French", "desk, English"])
@pytest.mark.parametrize("path", ["", "mes-recits", "mes-recits?ecrire=nouveau"])
def test_axe_finds_nothing_wrong(sign_in: SignIn, lang, size, path: str) -> None:
    """Contrast, names, roles and order, as axe-core measures them; no sideways scrolling, nothing from outside."""
    visit = sign_in("Claire", lang, size)
    page = visit.go(path)
    expect(page.get_by_role("heading", level=1).locator("visible=true").first).to_be_visible(timeout=20_000)
    page.wait_for_timeout(1_000)
    assert _faults(visit) == []
    assert (visit.sideways(), visit.trouble) == (0, [])


@pytest.mark.parametrize("path", ["/connexion", "/compte", "/entreprise"])
def test_axe_finds_nothing_wrong_on_the_plain_pages(sign_in: SignIn, studio: Studio, path: str) -> None:
    """The pages without script are held to the same."""
    visit = sign_in("Claire", "fr", PHONE)
    visit.page.goto(studio.url + path)
    assert _faults(visit) == []
    assert visit.sideways() == 0
