"""Relire, in a real browser: the words follow the sound, and what is typed over one is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from story_bank.ids import StoryId, WordId
from story_bank.making import JobKind, JobState
from story_bank.transcript import Transcript, corrected
from studio.steps.correct import Correct
from tests.browser.conftest import DESK, PHONE, SignIn, Studio, Visit
from tests.browser.quiet_studio import NOW, Told, agree, faults, quiet_studio, tell
from tests.fakes.shared_words_sense import SharedWordsSense

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


def _word(page: Page, text: str) -> object:
    return page.locator(".tr .w", has_text=text).first


def _kept(studio: Studio, story_id: StoryId) -> Transcript:
    with studio.tools.bank.open() as work:
        found = work.transcript(work.story_of_job(story_id).recording_id)
    assert found is not None
    return found


def _is_kept(page: Page, lang: str = "fr") -> None:
    expect(page.locator(".tr [data-kept]")).to_have_text("C'est gardé." if lang == "fr" else "Saved.", timeout=15_000)


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


@pytest.mark.parametrize(("lang", "size"), SIZES, ids=NAMES)
def test_a_word_typed_over_is_kept_as_it_is_typed(sign_in: SignIn, studio: Studio, lang, size) -> None:
    """A doubtful word opens at a touch; typing is enough; the word's time and everybody else's stay."""
    story_id = tell(studio, Told())
    before = _kept(studio, story_id)
    page = _open(sign_in("Claire", lang, size), story_id)
    word = _word(page, "Tilleuls")
    word.click()
    page.keyboard.type("Glycines,")
    _is_kept(page, lang)
    after = _kept(studio, story_id)
    assert [w.text for w in after.words()] == [w.text.replace("Tilleuls", "Glycines") for w in before.words()]
    assert [(w.id, w.start, w.end) for w in after.words()] == [(w.id, w.start, w.end) for w in before.words()]


def test_the_keyboard_alone_corrects(sign_in: SignIn, studio: Studio) -> None:
    """Tab finds the doubtful words in turn, Enter opens and accepts, Escape gives the word back."""
    story_id = tell(studio, Told())
    page = _open(sign_in("Claire"), story_id)
    expect(page.locator("[data-left]")).to_have_text("3 mots à vérifier")
    _word(page, "Tilleuls").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Lilas")
    page.keyboard.press("Escape")
    expect(_word(page, "Tilleuls,")).to_be_focused()
    page.keyboard.press("Tab")
    expect(_word(page, "Moussa,")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("[data-left]")).to_contain_text("mots à vérifier")
    _is_kept(page)
    expect(_word(page, "douce.")).to_be_focused()
    words = {word.text: word.probability for word in _kept(studio, story_id).words()}
    assert (words["Moussa,"], words["douce."], "Lilas" in words) == (None, 0.3, False)


def test_one_word_may_become_several_and_one_again(sign_in: SignIn, studio: Studio) -> None:
    """Several words share the time of the one they replace; typing on afterwards doubles nothing."""
    story_id = tell(studio, Told())
    page = _open(sign_in("Claire"), story_id)
    _word(page, "Moussa").click()
    page.keyboard.type("Moussa et")
    _is_kept(page)
    page.keyboard.type(" Inès,")
    page.keyboard.press("Enter")
    expect(page.locator(".tr .w", has_text="Inès,")).to_have_count(1, timeout=15_000)
    expect(page.locator(".tr .w[contenteditable]")).to_have_count(0)
    for _ in range(75):  # what was said is on its way to the server
        if "avec Moussa et Inès, notre" in _kept(studio, story_id).text:
            break
        page.wait_for_timeout(200)
    assert "avec Moussa et Inès, notre" in _kept(studio, story_id).text
    assert [w.id for w in _kept(studio, story_id).words()] == page.locator(".tr .w").evaluate_all(
        "all => all.flatMap(word => word.dataset.ids.split(' '))")


def test_an_emptied_word_is_removed(sign_in: SignIn, studio: Studio) -> None:
    """Nothing typed in its place: the word leaves, its neighbours keep their times."""
    story_id = tell(studio, Told())
    before = list(_kept(studio, story_id).words())
    page = _open(sign_in("Claire"), story_id)
    _word(page, "Moussa").click()
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    _is_kept(page)
    after = list(_kept(studio, story_id).words())
    assert after == [word for word in before if word.text != "Moussa,"]
    expect(page.locator(".tr .w", has_text="Moussa,")).to_have_count(0)


def test_a_word_changed_elsewhere_is_said_and_nothing_typed_is_lost(sign_in: SignIn, studio: Studio) -> None:
    """One line tells of the other version; what was typed stays, and can be kept with one tap."""
    story_id = tell(studio, Told())
    page = _open(sign_in("Claire"), story_id)
    base = _kept(studio, story_id)
    theirs = next(word.id for word in base.words() if word.text == "Moussa,")
    Correct(studio.tools).run(studio.tools.asker(studio.people["Claire"].id), story_id, 1, {theirs: "Mehdi,"})
    _word(page, "Moussa").click()
    page.keyboard.type("Maxime,")
    page.keyboard.press("Enter")
    expect(page.locator("[data-trouble]")).to_contain_text("changé ailleurs", timeout=15_000)
    expect(_word(page, "Maxime,")).to_be_visible()
    page.get_by_role("button", name="Garder ce que j'ai écrit").click()
    _is_kept(page)
    assert "avec Maxime, notre" in _kept(studio, story_id).text


def test_a_click_plays_from_the_word_and_the_words_follow(sign_in: SignIn, studio: Studio) -> None:
    """The sound starts on the word; the word being heard is marked, and moves on."""
    story_id = tell(studio, Told())
    page = _open(sign_in("Claire"), story_id)
    start = next(word.start for word in _kept(studio, story_id).words() if word.text == "feuille")
    page.wait_for_function("document.querySelector('#film video').readyState > 0")
    _word(page, "feuille").click()
    page.wait_for_function(f"document.querySelector('#film video').currentTime > {start + 0.5}")
    at = page.evaluate("document.querySelector('#film video').currentTime")
    assert start < at < start + 5
    expect(page.locator(".tr .w.now")).to_have_count(1)
    expect(_word(page, "feuille")).not_to_have_class("w now", timeout=5_000)


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
    expect(page.locator(".tr .v-line")).to_have_count(len(whole.segments), timeout=15_000)
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
        work.save_transcript(corrected(base, {first: "Bonsoir,"}, NOW))
        work.commit()
    page = _open(sign_in("Claire"), story_id)
    expect(page.locator(".tr .w").first).to_have_text("Bonsoir,")
