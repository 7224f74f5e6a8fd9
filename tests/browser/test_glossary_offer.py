"""On Relire, in a real browser: a corrected name is offered to be learnt, and the same repair elsewhere (A40)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from story_bank.glossary import TermState
from story_bank.ids import StoryId
from tests.browser.conftest import DESK, PHONE, SignIn, Studio, Visit
from tests.browser.quiet_studio import NOW, Told, faults, quiet_studio, tell
from tests.fakes.shared_words_sense import SharedWordsSense
from tests.retyped import retyped

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = [("fr", PHONE), ("en", DESK)]
NAMES = ["phone, French", "desk, English"]


@pytest.fixture
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with quiet_studio(tmp_path_factory.mktemp("home"), SharedWordsSense()) as served:
        yield served


def _misheard(studio: Studio) -> StoryId:
    """A story in which « les Tilleuls » was heard in three wrong ways, and one template of somebody's joke."""
    story_id = tell(studio, Told())
    with studio.tools.bank.open() as work:
        heard = work.transcript(work.story_of_job(story_id).recording_id)
        assert heard is not None
        words = [word for word in heard.words() if len(word.text) > 3]
        work.save_transcript(retyped(heard, {words[1].id: "Trélébor,", words[14].id: "Trélebor", words[40].id:
                                               "très le bord", words[60].id: "${x}{{y}}"}, NOW))
        work.commit()
    return story_id


def _open(visit: Visit, story_id: StoryId) -> Page:
    page = visit.go(f"relire?story={story_id}")
    expect(page.locator(".tr .w").first).to_be_visible(timeout=30_000)
    return page


def _shoot(visit: Visit, shots: Path, name: str) -> None:
    width = (visit.page.viewport_size or {"width": 0})["width"]
    visit.page.screenshot(path=shots / f"{name}-{width}-{visit.lang}.png")


def _text(studio: Studio, story_id: StoryId) -> str:
    with studio.tools.bank.open() as work:
        return work.story_of_job(story_id).text


def _correct(page: Page) -> None:
    page.locator(".tr .w", has_text="Trélébor,").dblclick()
    page.keyboard.type("Trelleborg")


@pytest.mark.parametrize(("lang", "size"), SIZES, ids=NAMES)
def test_a_corrected_name_is_learnt_and_repaired_elsewhere_by_hand(sign_in: SignIn, studio: Studio, lang, size,
                                                                   shots: Path) -> None:
    """Two buttons; the other places with their sound, one by one or all; nothing by itself; undone by a click."""
    story_id = _misheard(studio)
    visit = sign_in("Claire", lang, size)
    page = _open(visit, story_id)
    _correct(page)
    offer = page.locator(".go [data-offer]")
    expect(offer).to_contain_text("Toujours écrire «\u00a0Trelleborg\u00a0»\u00a0?" if lang == "fr" else
                                  "Always write “Trelleborg”?", timeout=20_000)
    assert offer.evaluate("it => it.getBoundingClientRect().bottom <= innerHeight"), "it shows where one corrects"
    _shoot(visit, shots, "glossary-offered")
    page.locator(".go summary").click()
    expect(page.locator(".go [data-place]")).to_have_count(2)
    _shoot(visit, shots, "glossary-offer")
    assert (faults(visit), visit.sideways()) == ([], 0)
    assert "Trélebor" in _text(studio, story_id)
    offer.locator("[data-act=always]").click()
    expect(page.locator(".go [data-act=undo]")).to_be_visible(timeout=20_000)
    with studio.tools.bank.open() as work:
        assert [(term.written, term.state) for term in work.terms()] == [("Trelleborg", TermState.PROPOSED)]
    if not page.locator(".go details[open]").count():
        page.locator(".go summary").click()
    page.locator(".go [data-place]", has_text="Trélebor").locator("[data-act=write]").click()
    expect(page.locator(".go [data-place]")).to_have_count(1, timeout=20_000)
    expect(page.locator(".tr .w", has_text="Trelleborg")).to_have_count(2)
    page.wait_for_timeout(1_500)
    assert _text(studio, story_id).count("Trelleborg") == 2
    assert "très le bord" in _text(studio, story_id)
    if not page.locator(".go details[open]").count():
        page.locator(".go summary").click()
    page.locator(".go [data-place] [data-act=write]").click()
    expect(page.locator(".tr .w", has_text="Trelleborg")).to_have_count(3)
    page.wait_for_timeout(1_500)
    assert _text(studio, story_id).count("Trelleborg") == 3
    assert "très le bord" not in _text(studio, story_id)
    assert visit.trouble == []


def test_an_ordinary_correction_offers_nothing_and_a_refusal_is_one(sign_in: SignIn, studio: Studio) -> None:
    """« Pas cette fois » leaves nothing behind, and is not asked again of the same word."""
    story_id = _misheard(studio)
    page = _open(sign_in("Claire"), story_id)
    _correct(page)
    page.locator(".go [data-act=not]").click(timeout=20_000)
    expect(page.locator(".go [data-offer]")).to_have_count(0)
    with studio.tools.bank.open() as work:
        assert work.terms() == []


def test_what_sounds_like_the_glossary_is_said_when_the_words_are_there(sign_in: SignIn, studio: Studio) -> None:
    """« 3 mots ressemblent à des termes de votre glossaire », without any correction."""
    from studio.steps.curate import Curate, Writing
    Curate(studio.tools).run(studio.tools.asker(studio.people["Inès"].id), None, Writing("Trelleborg"), TermState.KEPT)
    page = _open(sign_in("Claire"), _misheard(studio))
    expect(page.locator(".go summary")).to_have_text("3 mots ressemblent à des termes de votre glossaire",
                                                     timeout=20_000)
    page.locator(".go summary").click()
    page.locator(".go [data-act=all]").click()
    expect(page.locator(".tr .w", has_text="Trelleborg")).to_have_count(3, timeout=20_000)
    expect(page.locator(".go-box")).to_have_count(0)


@pytest.mark.parametrize(("lang", "size"), SIZES, ids=NAMES)
def test_the_glossary_and_the_page_of_a_text_fit(sign_in: SignIn, studio: Studio, lang, size, shots: Path) -> None:
    """Looked at: no fault that axe knows, nothing wider than the screen."""
    from studio.steps.curate import BringTerms
    asker = studio.tools.asker(studio.people["Inès"].id)
    BringTerms(studio.tools).run(asker, "Trelleborg;très le bord | trélébor;lieu;fr\nNorlog\nÉloïse Le Gall;;personne")
    visit = sign_in("Inès", lang, size)
    visit.page.goto(f"{studio.url}/glossaire")
    visit.page.locator("summary").first.click()
    _shoot(visit, shots, "glossary")
    assert (faults(visit), visit.sideways(), visit.trouble) == ([], 0, [])
    story_id = _misheard(studio)
    visit = sign_in("Claire", lang, size)
    page = _open(visit, story_id)
    expect(page.locator(".rl-files a")).to_have_count(6)
    _shoot(visit, shots, "words-files")
    page.goto(f"{studio.url}/mots/{story_id}")
    page.locator("textarea").fill("Bonjour, je suis Claire.")
    page.locator("button[type=submit]").click()
    expect(page.locator("[role=status]")).to_be_visible()
    _shoot(visit, shots, "words-brought")
    assert (faults(visit), visit.sideways()) == ([], 0)
