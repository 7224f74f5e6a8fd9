"""Watch it vanish: what its author takes back leaves the open pages of others, and its share page answers gone (X8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from story_bank.consent import Channel
from story_bank.ids import ClipId, StoryId, new_id
from story_bank.making import CaptionStyle, Clip, Shape
from studio.steps.share import SharePage
from studio.steps.withdraw import Withdraw
from tests.browser.conftest import DESK, PHONE, SignIn, Studio, Visit
from tests.browser.quiet_studio import MEDIA, Told, agree, faults, quiet_studio, tell
from tests.fakes.shared_words_sense import SleepingSense

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SOON = 15_000
"""Generous: an open page asks every two seconds."""
GONE = "Ce récit n'est plus ouvert"
KEPT = "Ce soir-là, elle m'a appris à écouter avant de répondre."


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with quiet_studio(tmp_path_factory.mktemp("home"), SleepingSense()) as served:
        yield served


@pytest.fixture
def film(studio: Studio) -> StoryId:
    """A film of Claire's, open to everybody."""
    story_id = tell(studio, Told(title=f"La tournée douce {new_id()[-4:]}"))
    agree(studio, story_id, "Claire")
    return story_id


def take_back(studio: Studio, story_id: StoryId, channel: Channel | None = None) -> None:
    Withdraw(studio.tools).run(studio.tools.asker(studio.people["Claire"].id), story_id,
                               frozenset({channel}) if channel else None)


def cut(studio: Studio, story_id: StoryId) -> ClipId:
    """An extract that was rendered before."""
    media = next(Path(MEDIA).glob("fr1*.mp4"))
    with studio.tools.bank.open() as work:
        story = work.story_of_job(story_id)
        words = list(work.transcript(story.recording_id).words())  # type: ignore[arg-type,union-attr]
        clip = Clip(ClipId(new_id()), story_id, story.recording_id, studio.people["Inès"].id,  # type: ignore[arg-type]
                    words[0].id, words[30].id, (), Shape.WIDE, CaptionStyle.PLAIN, datetime.now(UTC),
                    "La nuit où tout a changé", studio.tools.vault.put(media, ".mp4"), 12.0,
                    said=" ".join(word.text for word in words[:31]))
        work.save_clip(clip)
        work.commit()
    return clip.id


def _trouble(visit: Visit) -> list[str]:
    """What went wrong; a player that was asking for more of a film just then is told that it is not there."""
    return [line for line in visit.trouble if "404" not in line]


def silent(page: Page) -> bool:
    """Whether nothing on the page plays or could."""
    return bool(page.evaluate("[...document.querySelectorAll('audio,video')].every(one => one.paused && !one.src)"))


def test_a_card_leaves_the_open_library(sign_in: SignIn, studio: Studio, film: StoryId) -> None:
    """Two look at the same answers; the author takes one story back; it leaves both, with its voice, by itself."""
    other = tell(studio, Told(by="Moussa", title="L'alarme", text="L'alarme a sonné, nous avons noté la tournée."))
    agree(studio, other, "Moussa")
    visits = [sign_in("Inès", "fr", DESK), sign_in("Moussa", "en", PHONE)]
    for visit in visits:
        visit.go("bibliotheque?q=tournée")
        expect(visit.page.locator(f".li-card[data-story='{film}']")).to_be_visible(timeout=30_000)
    play = visits[0].page.locator(f".li-card[data-story='{film}'] .v-play")
    play.click()
    visits[0].page.wait_for_function("!document.querySelector('#library-voice audio').paused")
    take_back(studio, film)
    for visit in visits:
        expect(visit.page.locator(f".li-card[data-story='{film}']")).to_have_count(0, timeout=SOON)
        assert (_trouble(visit), visit.sideways(), faults(visit)) == ([], 0, [])
    assert silent(visits[0].page)
    expect(visits[0].page.locator("[data-told]")).to_have_text("Un récit a été repris : il n'est plus ici.")
    expect(visits[0].page.locator(".li-results h2")).to_contain_text("récit")


def test_an_open_story_closes(sign_in: SignIn, studio: Studio, film: StoryId) -> None:
    """A colleague who reads and listens has one calm line before them, and not a word of it is left."""
    visit = sign_in("Moussa", "fr", PHONE)
    page = visit.go(f"relire?story={film}")
    expect(page.locator(".tr .w").first).to_be_visible(timeout=30_000)
    page.evaluate("document.querySelector('#film video').play()")
    take_back(studio, film)
    expect(page.locator(".v-empty")).to_contain_text(GONE, timeout=SOON)
    assert silent(page)
    assert "tournée" not in page.locator("body").inner_text()
    assert (page.locator(".w").count(), _trouble(visit), visit.sideways(), faults(visit)) == (0, [], 0, [])


def test_what_one_wrote_stays_on_the_screen(sign_in: SignIn, studio: Studio, film: StoryId) -> None:
    """Suggestions and voice go; the author's own text is theirs."""
    visit = sign_in("Inès", "fr", DESK)
    page = visit.go(f"ecrire?story={film}")
    expect(page.locator("#page textarea")).to_be_visible(timeout=30_000)
    page.locator("#page textarea").fill(KEPT)
    take_back(studio, film)
    expect(page.locator(".v-empty")).to_contain_text(GONE, timeout=SOON)
    expect(page.locator("#page textarea")).to_have_value(KEPT)
    assert (page.locator("#angles").count(), page.locator("h1").all_inner_texts(), silent(page)) == (0, [GONE], True)


def test_an_open_cutting_table_closes_and_the_share_page_is_gone(sign_in: SignIn, studio: Studio,
                                                                 film: StoryId) -> None:
    """An editor makes a page, somebody outside opens it; taken back, both have one calm sentence."""
    cut(studio, film)
    editor = sign_in("Inès", "fr", DESK)
    page = editor.go(f"extraits?story={film}")
    expect(page.locator("#kept video")).to_be_visible(timeout=30_000)
    page.get_by_text("Faire une page à partager").click()
    page.get_by_text("LinkedIn : oui").last.click()
    page.get_by_role("button", name="Créer la page").click()
    address = page.locator("[data-address]")
    address.wait_for(timeout=SOON)
    page.wait_for_function("document.querySelector('[data-address]').value.startsWith('http')")
    shared = address.input_value()
    assert (editor.sideways(), faults(editor), editor.trouble) == (0, [], [])
    outside = page.context.browser.new_context(locale="fr-FR").new_page()  # type: ignore[union-attr]
    assert outside.goto(shared).status == 200  # type: ignore[union-attr]
    expect(outside.locator("h1")).to_have_text("La nuit où tout a changé")
    assert outside.context.cookies() == []
    take_back(studio, film)
    expect(page.locator(".v-empty")).to_contain_text(GONE, timeout=SOON)
    assert silent(page)
    assert outside.reload().status == 410  # type: ignore[union-attr]
    expect(outside.locator("h1")).to_have_text("Ce récit n'est plus ici")
    outside.context.close()


def test_the_author_sees_the_open_pages_and_closes_one(sign_in: SignIn, studio: Studio, film: StoryId) -> None:
    """Whoever made it; the other one stays."""
    clip_id, pages = cut(studio, film), SharePage(studio.tools)
    secrets = [pages.make(studio.tools.asker(studio.people[name].id), clip_id, Channel.LINKEDIN)
               for name in ("Inès", "Claire")]
    visit = sign_in("Claire", "en", PHONE)
    page = visit.go(f"extraits?story={film}")
    expect(page.locator(".made__pages li")).to_have_count(2, timeout=30_000)
    assert (visit.sideways(), faults(visit)) == (0, [])
    page.locator(".made__pages li").filter(has_text="Inès Roy").get_by_role("button").click()
    expect(page.locator(".made__pages li")).to_have_count(1, timeout=SOON)
    answers = [visit.page.request.get(f"{studio.url}/partage/{secret}").status for secret in secrets]
    assert (answers, visit.trouble) == ([410, 200], [])


def test_a_page_without_stories_of_others_asks_nothing(sign_in: SignIn, studio: Studio, film: StoryId) -> None:
    """One's own stories are one's own: nothing is asked while they are open."""
    visit = sign_in("Claire", "fr", DESK)
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.go(f"relire?story={film}")
    expect(visit.page.locator(".tr .w").first).to_be_visible(timeout=30_000)
    visit.page.wait_for_timeout(4_500)
    assert not [url for url in asked if url.endswith("/encore")]
