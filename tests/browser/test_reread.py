"""Relire, in a real browser: every state of it, and the words that follow the sound (typing: `test_editor.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from story_bank.ids import StoryId, WordId
from story_bank.making import JobKind, JobState
from story_bank.transcript import Transcript
from tests.browser.conftest import DESK, PHONE, SignIn, Studio, Visit
from tests.browser.quiet_studio import NOW, Told, agree, faults, quiet_studio, tell
from tests.fakes.shared_words_sense import SharedWordsSense
from tests.retyped import retyped

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = [("fr", PHONE), ("en", DESK)]
NAMES = ["phone, French", "desk, English"]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with quiet_studio(tmp_path_factory.mktemp("home"), SharedWordsSense()) as served:
        yield served


def _open(visit: Visit, story_id: StoryId) -> Page:
    page = visit.go(f"relire?story={story_id}")
    expect(page.locator("h1")).to_be_visible(timeout=30_000)
    expect(page.locator(".tr,.rl-text").first).to_be_visible(timeout=30_000)
    return page


def _word(page: Page, text: str) -> Locator:
    return page.locator(".tr .w", has_text=text).first


def _kept(studio: Studio, story_id: StoryId) -> Transcript:
    with studio.tools.bank.open() as work:
        found = work.transcript(work.story_of_job(story_id).recording_id)
    assert found is not None
    return found


@pytest.mark.parametrize(("lang", "size"), SIZES, ids=NAMES)
@pytest.mark.parametrize("told", [Told(), Told(heard="part", job=JobState.RUNNING), Told(heard="silence"),
                                  Told(text="Un soir.\n\nJ'ai pris une feuille ${1+1} C:\\users <b>.")],
                         ids=["heard", "being heard", "silent", "written"])
def test_every_state_is_accessible_and_fits(sign_in: SignIn, studio: Studio, told: Told, lang, size) -> None:
    """No fault that axe knows, nothing wider than the screen, nothing wrong in the console, nothing from outside."""
    visit = sign_in("Claire", lang, size)
    page = _open(visit, tell(studio, told))
    expect(page.locator(".rl-light")).to_be_visible()
    page.wait_for_timeout(1_500)
    assert (faults(visit), visit.sideways(), visit.trouble) == ([], 0, [])


def test_what_looks_like_code_stays_words(sign_in: SignIn, studio: Studio) -> None:
    """A story of dollars, braces and backslashes is read as it was written."""
    hostile = Told(title="${document.title=1}", text="C:\\users ${alert(1)} <b>x</b>")
    page = _open(sign_in("Claire"), tell(studio, hostile))
    expect(page.locator(".rl-text")).to_have_text("C:\\users ${alert(1)} <b>x</b>")
    expect(page.locator("[name=title]")).to_have_value("${document.title=1}")


def test_the_sound_goes_where_one_clicks_and_the_words_follow(sign_in: SignIn, studio: Studio) -> None:
    """The word being heard is marked, and moves on; the second of a paragraph plays it."""
    story_id = tell(studio, Told())
    page = _open(sign_in("Claire"), story_id)
    start = next(word.start for word in _kept(studio, story_id).words() if word.text == "feuille")
    page.wait_for_function("document.querySelector('#film video').readyState > 0")
    _word(page, "feuille").click()
    page.wait_for_function(f"Math.abs(document.querySelector('#film video').currentTime - {start}) < .1")
    page.keyboard.press("Escape")
    page.wait_for_function(f"document.querySelector('#film video').currentTime > {start + 0.5}")
    expect(page.locator(".tr .w.now")).to_have_count(1)
    expect(_word(page, "feuille")).not_to_have_class("w now", timeout=5_000)
    page.locator(".ed-p").first.click(position={"x": 20, "y": 24})
    page.wait_for_function(f"document.querySelector('#film video').currentTime < {start}")
    assert not page.evaluate("document.querySelector('#film video').paused")


def test_words_appear_while_the_rest_is_heard_and_found_again_after_a_reload(sign_in: SignIn, studio: Studio) -> None:
    """How far, that one may leave, and then the words, without a reload and after one."""
    story_id = tell(studio, Told(heard="part", job=JobState.RUNNING))
    page = _open(sign_in("Claire"), story_id)
    expect(page.locator(".tr .v-line")).to_have_count(4)
    expect(page.locator(".tr-job")).to_contain_text("Vous pouvez partir")
    page.reload()
    expect(page.locator(".tr-job [role=progressbar]")).to_have_attribute("aria-valuenow", "40", timeout=30_000)
    whole = _kept(studio, tell(studio, Told()))
    growing = _kept(studio, story_id)
    with studio.tools.bank.open() as work:
        work.save_transcript(replace(growing, segments=whole.segments, finished=True))
        job = work.jobs_for(growing.recording_id)[0]
        work.save_job(replace(job, state=JobState.DONE, progress=1.0))
        work.commit()
    expect(page.locator(".ed-text .ed-p")).to_have_count(len(whole.segments), timeout=15_000)
    expect(page.locator(".tr")).to_have_attribute("data-open", "yes")
    expect(page.locator(".tr-job")).to_have_count(0)
    expect(page.locator(".vals h3").first).to_be_visible(timeout=15_000)


def test_stopping_asks_the_step_and_a_failed_job_can_be_tried_again(sign_in: SignIn, studio: Studio) -> None:
    """« Arrêter » reaches the job; a failure says its sentence; « Recommencer » asks once more."""
    going = tell(studio, Told(heard="part", job=JobState.RUNNING))
    page = _open(sign_in("Claire"), going)
    page.get_by_role("button", name="Arrêter").click()
    page.wait_for_timeout(1_500)
    failed = tell(studio, Told(heard="nothing", job=JobState.FAILED))
    page = _open(sign_in("Claire"), failed)
    expect(page.locator(".tr-failed")).to_contain_text("L'écoute n'a pas pu finir")
    page.get_by_role("button", name="Recommencer").click()
    expect(page.locator(".tr-job")).to_contain_text("bientôt son tour", timeout=15_000)
    with studio.tools.bank.open() as work:
        stopped = work.jobs_for(work.story_of_job(going).recording_id)[0]
        again = work.jobs_for(work.story_of_job(failed).recording_id)
    assert stopped.cancel_asked
    assert [(job.kind, job.state) for job in again][:1] == [(JobKind.TRANSCRIBE, JobState.WAITING)]


def test_the_card_is_kept_as_it_is_typed(sign_in: SignIn, studio: Studio) -> None:
    """Title, team, site and day make it a story; a day to come is refused in one sentence."""
    story_id = tell(studio, Told(title=""))
    page = _open(sign_in("Claire"), story_id)
    card = page.locator(".rl-card")
    card.get_by_label("Titre").fill("Trois nuits")
    card.get_by_label("Site").fill("Roanne")
    card.get_by_label("Jour du récit").fill("2020-02-29")
    expect(card.locator("[data-kept]")).to_have_text("C'est gardé.", timeout=15_000)
    page.wait_for_timeout(1_500)
    with studio.tools.bank.open() as work:
        story = work.story_of_job(story_id)
    assert (story.title, story.site, story.recorded_on.isoformat()) == ("Trois nuits", "Roanne", "2020-02-29")
    card.get_by_label("Jour du récit").fill("2999-01-01")
    expect(card.locator("[data-kept]")).to_contain_text("dans le futur", timeout=15_000)


def test_a_value_is_kept_only_after_a_yes(sign_in: SignIn, studio: Studio) -> None:
    """Three suggestions with their sentences, none kept beforehand; refusing or choosing another says so too (A25)."""
    story_id = tell(studio, Told())
    page = _open(sign_in("Claire"), story_id)
    values = page.locator(".val:not(.val__more)")
    expect(values).to_have_count(3, timeout=20_000)
    assert page.locator(".vals input:checked").count() == 0
    values.first.get_by_text("Garder").click()
    page.get_by_text("Choisir une autre valeur").click()
    page.locator(".val__more label").first.click()
    expect(page.locator(".vals [data-kept]")).to_have_text("C'est gardé.", timeout=15_000)
    first = values.first.locator("h3").inner_text()
    other = page.locator(".val__more label").first.inner_text()
    page.wait_for_timeout(1_000)
    with studio.tools.bank.open() as work:
        names = {value.id: value.name.fr for value in work.values()}
        assert {names[value_id] for value_id in work.story_of_job(story_id).value_ids} == {first, other}
    values.first.get_by_text("Refuser").click()
    page.wait_for_timeout(1_500)
    with studio.tools.bank.open() as work:
        assert [names[value_id] for value_id in work.story_of_job(story_id).value_ids] == [other]


def test_taking_back_is_one_tap_away(sign_in: SignIn, studio: Studio) -> None:
    """« Tout retirer » stands where something is open, and closes it at once (X8)."""
    story_id = tell(studio, Told())
    agree(studio, story_id, "Claire")
    page = _open(sign_in("Claire"), story_id)
    page.get_by_role("button", name="Tout retirer").click()
    expect(page.locator(".rl-light")).to_contain_text("Fermé", timeout=15_000)
    with studio.tools.bank.open() as work:
        assert work.scopes([work.story_of_job(story_id)])[story_id] == [None]


def test_a_colleague_reads_what_was_opened_and_corrects_nothing(sign_in: SignIn, studio: Studio) -> None:
    """Another's story shows its words and its light alone; one that is closed is not there at all."""
    opened, closed = tell(studio, Told()), tell(studio, Told(text="Secret."))
    agree(studio, opened, "Claire")
    visit = sign_in("Moussa")
    page = _open(visit, opened)
    expect(page.locator("h1")).to_have_text("Le récit de Claire Morel")
    expect(page.locator(".tr")).to_have_attribute("data-open", "no")
    assert page.locator(".rl-card,.vals,[data-act=withdrew]").count() == 0
    page = visit.go(f"relire?story={closed}")
    expect(page.locator(".v-empty")).to_be_visible(timeout=20_000)
    assert "Secret" not in page.content()


def test_a_new_version_corrected_from_the_bank_is_what_a_reload_shows(sign_in: SignIn, studio: Studio) -> None:
    """The truth is in the bank: the page after a reload is the latest version."""
    story_id = tell(studio, Told())
    base = _kept(studio, story_id)
    first: WordId = next(base.words()).id
    with studio.tools.bank.open() as work:
        work.save_transcript(retyped(base, {first: "Bonsoir,"}, NOW))
        work.commit()
    page = _open(sign_in("Claire"), story_id)
    expect(page.locator(".tr .w").first).to_have_text("Bonsoir,")
