"""Typing in one's own words, in a real browser: by keyboard alone, in two pages at once, whatever is typed (A41)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from story_bank.editing import typed_over
from story_bank.ids import StoryId, WordId
from story_bank.transcript import Segment, Transcript, Word
from studio.steps.correct import Correct
from tests.browser.conftest import DESK, PHONE, SignIn, Studio, Visit
from tests.browser.quiet_studio import Told, agree, faults, quiet_studio, tell
from tests.fakes.shared_words_sense import SharedWordsSense

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = [("fr", PHONE), ("en", DESK)]
NAMES = ["phone, French", "desk, English"]
SAVED = {"fr": "C'est gardé.", "en": "Saved."}
TEXT = ".ed-text"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with quiet_studio(tmp_path_factory.mktemp("home"), SharedWordsSense()) as served:
        yield served


def _open(visit: Visit, story_id: StoryId) -> Page:
    page = visit.go(f"relire?story={story_id}")
    expect(page.locator(f"{TEXT} .ed-p").first).to_be_visible(timeout=30_000)
    return page


def _bank(studio: Studio, story_id: StoryId, number: int | None = None) -> Transcript:
    with studio.tools.bank.open() as work:
        found = work.transcript(work.story_of_job(story_id).recording_id, number)
    assert found is not None
    return found


def _until(page: Page, holds: Callable[[], object]) -> None:
    """Wait until something on the server is so."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(150)
    assert holds()


def _at(page: Page, word: str, offset: int = 0) -> None:
    """Put the caret before (or within) the first word of that text, as a click would."""
    page.evaluate("""([word, offset]) => {
      const text = document.querySelector('.ed-text');
      const span = [...text.querySelectorAll('.w')].find(each => each.textContent.includes(word));
      text.focus();
      getSelection().collapse(span.firstChild, offset);
    }""", [word, offset])


def _text(page: Page) -> str:
    return str(page.evaluate("[...document.querySelectorAll('.ed-p')].map(p => p.textContent).join('\\n')"))


@pytest.mark.parametrize(("lang", "size"), SIZES, ids=NAMES)
def test_letters_typed_anywhere_are_kept_and_no_other_word_moves(sign_in: SignIn, studio: Studio, lang, size) -> None:
    """Within a word, between two, over a doubtful one."""
    story_id = tell(studio, Told())
    before = _bank(studio, story_id)
    page = _open(sign_in("Claire", lang, size), story_id)
    _at(page, "feuille", 7)
    page.keyboard.type("ton")
    _at(page, "Moussa,")
    page.keyboard.type("notre cher ")
    _until(page, lambda: "cher Moussa," in _bank(studio, story_id).text)
    expect(page.locator(".ed [data-kept]")).to_have_text(SAVED[lang], timeout=15_000)
    after = _bank(studio, story_id)
    assert after.text == before.text.replace("feuille", "feuilleton").replace("Moussa,", "notre cher Moussa,")
    old = {word.id: word for word in before.words()}
    assert [(w.id, w.start, w.end) for w in after.words() if w.id in old] == [
        (w.id, w.start, w.end) for w in before.words()]
    page.wait_for_timeout(800)
    shown = page.locator(".ed-text .w").evaluate_all("all => all.map(word => word.dataset.id)")
    assert [word.id for word in after.words()] == shown


def test_by_keyboard_alone_from_opening_to_a_reload(sign_in: SignIn, studio: Studio) -> None:
    """Corrected, split, joined, accepted, its voices named, found and replaced, undone: all there after a reload."""
    story_id = tell(studio, Told())
    visit = sign_in("Claire")
    page = _open(visit, story_id)
    key = page.keyboard.press
    expect(page.locator("[data-left]")).to_have_text("3 mots à vérifier")
    for _ in range(60):
        key("Tab")
        if page.evaluate("document.activeElement.matches('.ed-text')"):
            break
    assert page.evaluate("document.activeElement.matches('.ed-text')")
    key("Tab")
    assert page.evaluate("getSelection().toString()") == "Tilleuls,"
    page.keyboard.type("Glycines,")
    key("Tab")
    assert page.evaluate("getSelection().toString()") == "Moussa,"
    key("Control+Enter")
    assert page.evaluate("getSelection().toString()") == "douce."
    expect(page.locator("[data-left]")).to_have_text("1 mot à vérifier")
    key("Home")
    count = page.locator(".ed-p").count()
    key("Control+ArrowRight")
    key("Enter")
    expect(page.locator(".ed-p")).to_have_count(count + 1)
    key("Alt+Enter")
    page.keyboard.type("Claire M.")
    key("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    key("Control+f")
    page.keyboard.type("nuit")
    key("Tab")
    page.keyboard.type("soirée")
    key("Control+Enter")
    expect(page.locator("[data-found]")).to_contain_text("remplacé")
    key("Escape")
    changed = _text(page)
    key("Control+z")
    assert "soirée" not in _text(page)
    key("Control+Shift+Z")
    assert _text(page) == changed
    key("Enter")
    key("Backspace")
    _until(page, lambda: "soirée" in _bank(studio, story_id).text and "Glycines" in _bank(studio, story_id).text)
    page.wait_for_timeout(1_500)
    after = _bank(studio, story_id)
    assert {segment.speaker for segment in after.segments} == {"Claire M."}
    assert len(after.segments) == count + 1
    assert [word.text for word in after.words() if word.doubtful] == ["douce."]
    page.reload()
    expect(page.locator(f"{TEXT} .ed-p").first).to_be_visible(timeout=30_000)
    assert _text(page) == after.text
    assert page.locator(".ed-p").first.get_attribute("data-who") == "Claire M."
    assert visit.trouble == []


def test_undo_goes_back_to_the_opening_with_every_second(sign_in: SignIn, studio: Studio) -> None:
    """Paragraphs cut out, joined, replaced: undone one by one, what is kept is what was heard."""
    story_id = tell(studio, Told())
    before = _bank(studio, story_id)
    page = _open(sign_in("Claire"), story_id)
    _at(page, "Moussa,")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    _until(page, lambda: not _bank(studio, story_id).segments)
    page.keyboard.type("Rien.")
    _until(page, lambda: _bank(studio, story_id).text == "Rien.")
    for _ in range(3):
        page.keyboard.press("Control+z")
    _until(page, lambda: _bank(studio, story_id).segments == before.segments)
    assert _text(page) == before.text


HOSTILE = "{{value}} ${alert(1)} <b onclick=alert(1)>gras</b> C:\\users \u05e9\u05dc\u05d5\u05dd 👩🏽‍⚕️ &lt;"


def test_whatever_is_typed_or_pasted_stays_text(sign_in: SignIn, studio: Studio) -> None:
    """Markup, templates, right-to-left letters and emoji: the same characters in the bank and after a reload."""
    story_id = tell(studio, Told())
    visit = sign_in("Claire")
    page = _open(visit, story_id)
    _at(page, "Moussa,")
    page.evaluate("""text => {
      const data = new DataTransfer();
      data.setData('text/plain', text + '\\nligne deux');
      data.setData('text/html', '<img src=x onerror=alert(1)>');
      document.querySelector('.ed-text').dispatchEvent(
        new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
    }""", HOSTILE)
    _until(page, lambda: HOSTILE in _bank(studio, story_id).text)
    assert "\nligne deuxMoussa," in _bank(studio, story_id).text
    page.reload()
    expect(page.locator(f"{TEXT} .ed-p").first).to_be_visible(timeout=30_000)
    assert HOSTILE in _text(page)
    assert page.locator(".ed-text :is(b,img)").count() == 0
    assert visit.trouble == []


def test_two_pages_are_told_and_both_keep_what_they_type(sign_in: SignIn, studio: Studio) -> None:
    """Different paragraphs: each sees the other's; the same one: the second keeps theirs on the screen and chooses."""
    story_id = tell(studio, Told())
    first, second = _open(sign_in("Claire"), story_id), _open(sign_in("Claire", size=PHONE), story_id)
    for page in (first, second):
        expect(page.locator("[data-elsewhere]")).to_be_visible(timeout=15_000)
    _at(first, "Tilleuls,")
    first.keyboard.type("beaux ")
    _at(second, "Moussa,")
    second.keyboard.type("cher ")
    for page in (first, second):
        _until(page, lambda page=page: "beaux Tilleuls" in _text(page) and "cher Moussa" in _text(page))
    _at(first, "douce.")
    first.keyboard.type("si ")
    second.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    _until(first, lambda: "si douce." in _bank(studio, story_id).text)
    _at(second, "douce.")
    second.keyboard.type("très ")
    expect(second.locator("[data-trouble]")).to_contain_text("changé ailleurs", timeout=15_000)
    expect(second.locator("[data-trouble] blockquote")).to_contain_text("si douce.")
    assert "très douce." in _text(second)
    assert "si douce." in _bank(studio, story_id).text
    second.get_by_role("button", name="Garder ce que j'ai écrit").click()
    _until(second, lambda: "très douce." in _bank(studio, story_id).text)
    second.keyboard.press("Control+z")
    _until(second, lambda: "si douce." in _bank(studio, story_id).text)


def test_a_version_can_be_read_and_returned_to(sign_in: SignIn, studio: Studio) -> None:
    """What the machine heard is always there; going back makes a new version; undo gives back the one before."""
    story_id = tell(studio, Told())
    before = _bank(studio, story_id)
    page = _open(sign_in("Claire"), story_id)
    _at(page, "Moussa,")
    page.keyboard.type("cher ")
    _until(page, lambda: "cher Moussa" in _bank(studio, story_id).text)
    page.get_by_role("button", name="Versions").click()
    expect(page.locator("[data-then]")).to_contain_text("cher Moussa", timeout=15_000)
    page.get_by_role("button", name="Ce que la machine a entendu").click()
    expect(page.locator("[data-then]")).not_to_contain_text("cher Moussa", timeout=15_000)
    page.get_by_role("button", name="Revenir à cette version").click()
    _until(page, lambda: _bank(studio, story_id).segments == before.segments)
    assert _bank(studio, story_id).version == 3
    expect(page.locator(TEXT)).not_to_contain_text("cher Moussa", timeout=15_000)
    page.locator(TEXT).focus()
    page.keyboard.press("Control+z")
    _until(page, lambda: "cher Moussa" in _bank(studio, story_id).text)


def test_listening_is_driven_from_the_text(sign_in: SignIn, studio: Studio) -> None:
    """Escape plays and pauses, arrows with Alt go back three seconds and change the speed, the word heard is marked."""
    page = _open(sign_in("Claire"), tell(studio, Told()))
    page.wait_for_function("document.querySelector('#film video').readyState > 0")
    film = "document.querySelector('#film video')"
    _at(page, "feuille")
    start = float(page.locator(".ed-text .w", has_text="feuille").first.get_attribute("data-s") or 0)
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_function(f"{film}.currentTime > {start + 0.3}")
    expect(page.locator(".ed-text .w.now")).to_have_count(1)
    page.keyboard.press("Escape")
    page.wait_for_function(f"{film}.paused")
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_function(f"{film}.currentTime < {start - 1}")
    page.keyboard.press("Alt+Shift+ArrowUp")
    assert page.evaluate(f"{film}.playbackRate") == 1.25
    assert page.locator("[data-speed]").inner_text() == "1,25 ×"


def test_what_is_chosen_gives_its_seconds_and_leads_to_an_extract(sign_in: SignIn, studio: Studio) -> None:
    """Across paragraphs; the extracts page opens with the same first and last word where an extract may be cut."""
    story_id = tell(studio, Told())
    agree(studio, story_id, "Claire")
    page = _open(sign_in("Claire"), story_id)
    page.evaluate("""() => {
      const all = [...document.querySelectorAll('.ed-text .w')];
      document.querySelector('.ed-text').focus();
      getSelection().setBaseAndExtent(all[2].firstChild, 0, all[30].firstChild, all[30].textContent.length);
    }""")
    expect(page.locator("[data-pick]")).to_be_visible()
    words = list(_bank(studio, story_id).words())
    seconds = f"{words[30].end - words[2].start:.1f}".replace(".", ",")
    expect(page.locator("[data-range]")).to_contain_text(f"{seconds} s")
    assert page.locator("[data-extract]").get_attribute("href") == (
        f"/fr/extraits?story={story_id}&de={words[2].id}&a={words[30].id}")
    page.locator("[data-extract]").click()
    expect(page.locator(".cut .w.in")).to_have_count(29, timeout=30_000)
    expect(page.locator(".cut .w.in").first).to_have_text(words[2].text)


def test_ten_thousand_words_in_one_paragraph_are_typed_in(sign_in: SignIn, studio: Studio) -> None:
    """A letter in the middle is kept, and cut there into two paragraphs."""
    story_id = tell(studio, Told())
    before = _bank(studio, story_id)
    many = tuple(Word(WordId(f"{story_id}-{n}"), f"mot{n}", n / 200, n / 200 + 0.004) for n in range(10_000))
    with studio.tools.bank.open() as work:
        work.save_transcript(replace(before, segments=(Segment(many),)))
        work.commit()
    page = _open(sign_in("Claire"), story_id)
    _at(page, "mot5000")
    page.keyboard.type("le ")
    _until(page, lambda: " le mot5000 " in _bank(studio, story_id).text)
    page.keyboard.press("Enter")
    _until(page, lambda: len(_bank(studio, story_id).segments) == 2)
    after = [word for word in _bank(studio, story_id).words() if word.text != "le"]
    assert after == list(many)


def test_a_correction_kept_is_told_to_whoever_listens(sign_in: SignIn, studio: Studio) -> None:
    """The seam for the glossary: the words that changed, once one has paused, not letter by letter."""
    page = _open(sign_in("Claire"), tell(studio, Told()))
    page.evaluate("addEventListener('vecu-corrected', event => { window.told = event.detail; })")
    _at(page, "Moussa,", 0)
    page.keyboard.type("Ou")
    page.wait_for_function("window.told")
    told = page.evaluate("window.told")
    assert (told["before"], told["after"]) == ("Moussa,", "OuMoussa,")


def test_an_answer_that_is_lost_overwrites_nothing_and_asks_nothing(sign_in: SignIn, studio: Studio) -> None:
    """The server kept it, the page never heard: asking again finds its own words, and typing goes on."""
    story_id = tell(studio, Told())
    page = _open(sign_in("Claire"), story_id)
    _bank_types(studio, story_id, "Moussa,", "OuMoussa,")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    _at(page, "Moussa,")
    page.keyboard.type("Ou")
    expect(page.locator(".ed [data-kept]")).to_have_text("C'est gardé.", timeout=15_000)
    expect(page.locator("[data-trouble]")).to_be_hidden()
    page.keyboard.type("i ")
    _until(page, lambda: "Oui Moussa," in _bank(studio, story_id).text)


def _bank_types(studio: Studio, story_id: StoryId, word: str, instead: str) -> None:
    latest = _bank(studio, story_id)
    ids = {each.id: instead for each in latest.words() if each.text == word}
    Correct(studio.tools).run(studio.tools.asker(studio.people["Claire"].id), story_id, typed_over(latest, ids))


@pytest.mark.parametrize(("lang", "size"), [("fr", PHONE), ("fr", DESK), ("en", PHONE), ("en", DESK)])
def test_the_editor_is_accessible_and_fits_with_everything_open(sign_in: SignIn, studio: Studio, shots: Path, lang,
                                                               size) -> None:
    """No fault that axe knows in the text, the find bar and each window; nothing wider than the screen."""
    story_id = tell(studio, Told(file="fr3_interview_two_voices"))
    visit = sign_in("Claire", lang, size)
    page = _open(visit, story_id)
    page.wait_for_timeout(1_500)
    name = f"editor-{lang}-{size[0]}"
    page.screenshot(path=shots / f"{name}.png")
    found = {"text": (faults(visit), visit.sideways())}
    page.locator("[data-act=find]").click()
    page.keyboard.type("nous")
    page.screenshot(path=shots / f"{name}-find.png")
    found["find"] = (faults(visit), visit.sideways())
    page.keyboard.press("Escape")
    for act in ("who", "versions", "help"):
        page.locator(f"[data-act={act}]").click()
        expect(page.locator(f"[data-box={act}]")).to_be_visible()
        page.wait_for_timeout(700)
        page.screenshot(path=shots / f"{name}-{act}.png")
        found[act] = (faults(visit), visit.sideways())
        page.keyboard.press("Escape")
        expect(page.locator(f"[data-box={act}]")).to_be_hidden()
    assert (json.dumps({part: fault for part, fault in found.items() if fault != ([], 0)}), visit.trouble) == ("{}", [])
