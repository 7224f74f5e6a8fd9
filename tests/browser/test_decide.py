"""Décider, in a real browser: asked after listening, nothing ticked beforehand, taken back as easily as given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from story_bank.access import Act, Use
from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope
from story_bank.errors import NotFound
from story_bank.ids import StoryId
from studio.steps.consent import last_day
from studio.steps.signing import ReadToDecide
from tests.browser.conftest import DESK, PHONE, Launch, SignIn, Studio, Visit
from tests.browser.quiet_studio import Told, agree, faults, quiet_studio, tell
from tests.fakes.shared_words_sense import SharedWordsSense

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = [("fr", PHONE), ("en", DESK)]
NAMES = ["phone, French", "desk, English"]
LISTENED = {"fr": "J'ai écouté, je décide", "en": "I have listened, let me decide"}
SIGN = {"fr": "Signer", "en": "Sign"}
YEAR = {"fr": "1 an", "en": "1 year"}
THANKS = {"fr": "Merci. C'est signé.", "en": "Thank you. It is signed."}

LOOKS = ("face=yes", "voice=yes", "name=first")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with quiet_studio(tmp_path_factory.mktemp("home"), SharedWordsSense()) as served:
        yield served


@pytest.fixture
def stranger(launch: Launch) -> Iterator[Page]:
    """A phone on which nobody has signed in."""
    context = launch().new_context(locale="fr-FR", viewport={"width": PHONE[0], "height": PHONE[1]})
    yield context.new_page()
    context.close()


def _open(visit: Visit, story_id: StoryId) -> Page:
    page = visit.go(f"decider?story={story_id}")
    expect(page.locator("#consent .v-light").first).to_be_visible(timeout=30_000)
    return page


def _choose(page: Page, lang: str, purposes: tuple[str, ...] = ("library", "share"),
            places: tuple[str, ...] = ("linkedin",), looks: tuple[str, ...] = LOOKS) -> None:
    """Tick as a person would, from what is for to how one appears."""
    for purpose in purposes:
        page.locator(f"[name=purposes][value={purpose}]").check()
    for place in places:
        page.locator(f"[name=channels][value={place}]").check()
    page.get_by_role("button", name=YEAR[lang], exact=True).click()
    for look in looks:
        name, value = look.split("=")
        page.locator(f"label:has([name={name}][value={value}])").click()
    expect(page.locator("#sheet pre")).to_be_visible(timeout=15_000)


def _name(page: Page, who: str) -> None:
    """Say who else is recognisable."""
    page.locator("[name=someone]").fill(who)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.locator(".de-who").filter(has_text=who)).to_be_visible(timeout=15_000)


def _sign(page: Page, lang: str, name: str = "Claire Morel") -> None:
    page.locator("[name=signature]").fill(name)
    page.get_by_role("button", name=SIGN[lang], exact=True).click()
    expect(page.locator("#done h2")).to_have_text(THANKS[lang], timeout=20_000)


def _history(studio: Studio, story_id: StoryId) -> list[object]:
    with studio.tools.bank.open() as work:
        return list(work.consent_history(work.story_of_job(story_id).subject_id))


def _found_by(studio: Studio, name: str, story_id: StoryId, use: Use) -> bool:
    asker = studio.tools.asker(studio.people[name].id)
    with studio.tools.bank.open() as work:
        return bool(work.allowed(asker, use, [story_id]))


@pytest.mark.parametrize(("lang", "size"), SIZES, ids=NAMES)
def test_from_listening_to_signing(sign_in: SignIn, studio: Studio, tmp_path: Path, lang, size) -> None:
    """Listen, choose, read, sign: exactly that opens, and a receipt can be had (L07, L08, L09, L10, L11)."""
    story_id = tell(studio, Told())
    visit = sign_in("Claire", lang, size)
    page = _open(visit, story_id)
    expect(page.locator("#choices form")).to_be_hidden()
    page.get_by_role("button", name=LISTENED[lang]).click()
    assert page.locator("#choices input:checked").count() == 0
    assert page.locator("[name=until]").input_value() == ""
    _choose(page, lang)
    assert (faults(visit), visit.sideways()) == ([], 0)
    shown = page.locator("#sheet pre").inner_text()
    _sign(page, lang)
    [signed] = _history(studio, story_id)
    assert isinstance(signed, Consent)
    today = studio.tools.today()
    assert signed.scope == Scope(frozenset({Purpose.LIBRARY, Purpose.SHARE}), frozenset({Channel.LINKEDIN}), today,
                                 today.replace(year=today.year + 1), Appearance(True, True, NameShown.FIRST))
    assert (signed.text.split(), signed.signature) == (shown.split(), "Claire Morel")
    assert _found_by(studio, "Moussa", story_id, Use(Act.FIND))
    assert not _found_by(studio, "Inès", story_id, Use(Act.CUT))
    with page.expect_download() as arriving:
        page.locator(f"a[href='/accord/{signed.id}.pdf']").click()
    receipt = tmp_path / arriving.value.suggested_filename
    arriving.value.save_as(receipt)
    assert (receipt.suffix, receipt.read_bytes()[:5]) == (".pdf", b"%PDF-")
    page.wait_for_timeout(500)
    assert (faults(visit), visit.sideways(), visit.trouble) == ([], 0, [])


def test_somebody_who_has_just_listened_is_not_asked_again(sign_in: SignIn, studio: Studio) -> None:
    """Relire is where one listens; a few seconds of it open the choices."""
    story_id = tell(studio, Told())
    visit = sign_in("Claire")
    page = visit.go(f"relire?story={story_id}")
    page.locator(".ed-play [data-act=toggle]").click()
    page.wait_for_function("document.querySelector('#film video').currentTime > 3")
    page.get_by_role("link", name="Décider qui peut l'entendre").click()
    expect(page.locator("#choices form")).to_be_visible(timeout=30_000)


def test_what_is_missing_is_said_until_nothing_is(sign_in: SignIn, studio: Studio) -> None:
    """No text to sign, and no button, before every question has its answer; then choices change the text at once."""
    page = _open(sign_in("Claire"), tell(studio, Told(text="Un soir, j'ai pris une feuille.")))
    expect(page.locator("#sheet")).to_contain_text("Il reste à choisir : un usage, le dernier jour, votre nom.",
                                                   timeout=20_000)
    assert page.get_by_role("button", name="Signer", exact=True).count() == 0
    assert page.locator("[name=face],[name=voice]").count() == 0
    page.locator("[name=purposes][value=share]").check()
    expect(page.locator("#sheet")).to_contain_text("un support")
    _choose(page, "fr", (), ("intranet",), ("name=none",))
    expect(page.locator("#sheet pre")).to_contain_text("Intranet")
    page.locator("label:has([name=name][value=full])").click()
    expect(page.locator("#sheet pre")).to_contain_text("mon nom complet peut être écrit")


def test_a_text_that_is_not_the_one_shown_is_not_signed(sign_in: SignIn, studio: Studio) -> None:
    """What is signed is what was read: a changed title in between asks for another look (L11)."""
    story_id = tell(studio, Told(text="Un soir."))
    page = _open(sign_in("Claire"), story_id)
    _choose(page, "fr", ("library",), (), ("name=full",))
    with studio.tools.bank.open() as work:
        work.save_story(replace(work.story_of_job(story_id), title="Un autre titre"))
        work.commit()
    page.locator("[name=signature]").fill("Claire Morel")
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.locator(".toast-body")).to_contain_text("Relisez-le, puis signez", timeout=15_000)
    assert _history(studio, story_id) == []


def test_everybody_recognisable_signs_their_own(sign_in: SignIn, studio: Studio) -> None:
    """Moussa appears in it: it stays closed until he has read and signed too, and the narrowest holds (L12)."""
    story_id = tell(studio, Told(text="Avec Moussa, nous avons inventé la tournée douce."))
    page = _open(sign_in("Claire"), story_id)
    _name(page, "Moussa Diallo")
    _choose(page, "fr", ("library",), (), ("name=full",))
    _sign(page, "fr")
    expect(page.locator("#consent")).to_contain_text("En attente de l'accord de Moussa Diallo", timeout=15_000)
    assert not _found_by(studio, "Inès", story_id, Use(Act.FIND))
    page = _open(sign_in("Moussa"), story_id)
    expect(page.locator(".rl-text")).to_contain_text("nous avons inventé")
    _choose(page, "fr", ("library",), (), ("name=none",))
    _sign(page, "fr", "Moussa Diallo")
    assert _found_by(studio, "Inès", story_id, Use(Act.FIND))


def test_the_days_offered_are_days_that_can_be_signed(sign_in: SignIn, studio: Studio) -> None:
    """The calendar ends where the longest period does, and follows the first day; past it, one sentence says why."""
    story_id = tell(studio, Told(text="Un soir."))
    page, today = _open(sign_in("Claire"), story_id), studio.tools.today()
    assert page.locator("[name=from]").get_attribute("max") == last_day(today, 24).isoformat()
    first = today + timedelta(days=40)
    page.locator("[name=from]").fill(first.isoformat())
    page.get_by_role("button", name="2 ans", exact=True).click()
    assert page.locator("[name=until]").input_value() == last_day(first, 24).isoformat()
    assert page.locator("[name=until]").get_attribute("max") == last_day(first, 24).isoformat()
    page.locator("[name=until]").fill((last_day(first, 24) + timedelta(days=1)).isoformat())
    page.locator("[name=purposes][value=library]").check()
    page.locator("label:has([name=name][value=full])").click()
    expect(page.locator("#sheet")).to_contain_text("dure 24 mois au plus", timeout=15_000)
    assert page.get_by_role("button", name="Signer", exact=True).count() == 0


@pytest.mark.parametrize("decides", ["signs", "refuses"])
def test_a_guest_decides_by_link_on_a_phone(sign_in: SignIn, studio: Studio, stranger: Page, decides: str) -> None:
    """Two in one recording: the guest listens first; refusing leaves the author's page as it was (L12, A38, L05)."""
    story_id = tell(studio, Told(title="À deux voix"))
    visit = sign_in("Claire")
    page = _open(visit, story_id)
    page.get_by_role("button", name=LISTENED["fr"]).click()
    _name(page, "Paul Durand")
    _choose(page, "fr", ("library",), ())
    _sign(page, "fr")
    page.get_by_role("button", name="Lien à transmettre, Paul Durand").click()
    expect(page.locator("[data-path]")).to_have_value(re.compile("/accord"), timeout=15_000)
    link, before = page.locator("[data-path]").input_value(), page.locator("#consent").inner_text()
    assert (faults(visit), visit.trouble) == ([], [])
    stranger.goto(link)
    expect(stranger.locator("h1")).to_have_text("On vous reconnaît dans un récit")
    if decides == "refuses":
        stranger.get_by_role("button", name="Je refuse").click()
        expect(stranger.locator("h1")).to_have_text("C'est noté nulle part")
        stranger.goto(link)  # it opens as if nothing had happened: whoever else holds it cannot tell
        expect(stranger.locator("h1")).to_have_text("On vous reconnaît dans un récit")
        page.reload()
        expect(page.locator("#consent")).to_have_text(before, use_inner_text=True, timeout=30_000)
        assert len(_history(studio, story_id)) == 1
        return
    stranger.get_by_role("button", name="Lire et décider").click()
    expect(stranger.locator("#film video")).to_be_visible(timeout=30_000)
    stranger.wait_for_function("document.querySelector('#film video').readyState > 0", timeout=30_000)
    guest = Visit(stranger, studio.url, "fr")
    assert (faults(guest), guest.sideways()) == ([], 0)
    assert stranger.locator("#people section").count() == 0
    expect(stranger.locator(".v-bottom a:visible")).to_have_text(["Mes récits"])
    stranger.get_by_role("button", name=LISTENED["fr"]).click()
    _choose(stranger, "fr", ("library",), (), ("face=no", "voice=yes", "name=none"))
    _sign(stranger, "fr", "Paul Durand")
    assert _found_by(studio, "Inès", story_id, Use(Act.FIND))
    stranger.goto(link)
    stranger.get_by_role("button", name="Revoir mon accord").click()
    stranger.locator("[data-act=withdrew]:not([data-channel])").click()
    expect(stranger.locator("#consent")).to_contain_text("Retiré.", timeout=15_000)
    assert not _found_by(studio, "Inès", story_id, Use(Act.FIND))


def test_a_second_voice_is_pointed_out_to_the_author_alone(sign_in: SignIn, studio: Studio) -> None:
    """One calm line, gone once somebody is named; signing is not held up (L12)."""
    story_id = tell(studio, Told())
    with studio.tools.bank.open() as work:
        recording_id = work.story_of_job(story_id).recording_id
        assert recording_id is not None
        work.save_recording(replace(work.recording_of_job(recording_id), voices=2))
        work.commit()
    agree(studio, story_id, "Claire")
    page = _open(sign_in("Claire"), story_id)
    expect(page.locator("#people .v-notice")).to_contain_text("une deuxième voix. Si c'est quelqu'un, dites qui")
    _name(page, "Moussa Diallo")
    expect(page.locator("#people .v-notice")).to_have_count(0)
    page = _open(sign_in("Moussa"), story_id)
    assert page.locator("#people section").count() == 0
    assert "deuxième voix" not in page.content()


def test_mes_recits_asks_before_the_end_and_takes_back_with_one_tap(sign_in: SignIn, studio: Studio) -> None:
    """Whoever signed is told a month before; the story of somebody else in which one appears is there too (X8)."""
    story_id = tell(studio, Told(by="Moussa", text="Avec Claire, une feuille.", title="La feuille"))
    with studio.tools.bank.open() as work:
        work.save_story(replace(work.story_of_job(story_id), appearing=(studio.people["Claire"].id,)))
        work.commit()
    for name in ("Moussa", "Claire"):
        agree(studio, story_id, name, until=studio.tools.today() + timedelta(days=9))
    visit = sign_in("Claire", "fr", PHONE)
    page = visit.go("mes-recits")
    line = page.locator(".mi-ends").filter(has_text="La feuille")
    expect(line).to_contain_text("prend fin le", timeout=30_000)
    expect(line.get_by_role("link", name="Prolonger")).to_have_attribute("href", f"/fr/decider?story={story_id}")
    assert (faults(visit), visit.sideways()) == ([], 0)
    page.locator(f".mi-appears [data-act=withdrew][data-story='{story_id}']").click()
    expect(line).to_have_count(0, timeout=15_000)
    assert not _found_by(studio, "Inès", story_id, Use(Act.FIND))
    assert visit.trouble == []


@pytest.mark.parametrize("slug", ["mes-recits", "relire", "ecrire", "extraits", "decider"])
def test_from_every_page_of_one_s_own_it_is_one_tap(sign_in: SignIn, studio: Studio, slug: str) -> None:
    """Taken back, then erased for good after a second question; Escape keeps (X8, L21)."""
    story_id = tell(studio, Told())
    agree(studio, story_id, "Claire")
    visit = sign_in("Claire", "fr", PHONE)
    page = visit.go(slug if slug == "mes-recits" else f"{slug}?story={story_id}")
    here = f"[data-act=withdrew][data-story='{story_id}']:not([data-channel])"
    page.locator(here).click(timeout=30_000)
    expect(page.locator(".tb-said")).to_contain_text("Retiré.", timeout=15_000)
    assert not _found_by(studio, "Inès", story_id, Use(Act.FIND))
    page.locator(f"[data-forget='{story_id}']").click()
    expect(page.get_by_role("dialog")).to_contain_text("Cela ne se défait pas")
    assert (faults(visit), visit.sideways(), visit.trouble) == ([], 0, [])
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    with studio.tools.bank.open() as work:
        assert work.story_of_job(story_id).title == "La tournée douce"
    page.locator(f"[data-forget='{story_id}']").click()
    page.locator("[data-forgot]").click()
    expect(page.locator("#forget .v-notice")).to_be_visible(timeout=30_000)
    with studio.tools.bank.open() as work, pytest.raises(NotFound):
        work.story_of_job(story_id)


def test_a_story_is_not_shown_to_whom_it_names_before_its_author_signed(sign_in: SignIn, studio: Studio) -> None:
    """Being named opens nothing; and a stranger finds nothing at all."""
    story_id = tell(studio, Told(text="Un secret."))
    with studio.tools.bank.open() as work:
        work.save_story(replace(work.story_of_job(story_id), appearing=(studio.people["Moussa"].id,)))
        work.commit()
    page = sign_in("Moussa").go(f"decider?story={story_id}")
    expect(page.locator(".v-empty")).to_be_visible(timeout=30_000)
    assert "Un secret" not in page.content()


@pytest.mark.parametrize(("lang", "size"), SIZES, ids=NAMES)
def test_a_consent_is_taken_back_by_channel_or_whole(sign_in: SignIn, studio: Studio, lang, size) -> None:
    """One tap each, at once, without a reason; the history keeps all of it (L21, X8)."""
    story_id = tell(studio, Told())
    agree(studio, story_id, "Claire", channels=frozenset({Channel.LINKEDIN, Channel.INTRANET}))
    visit = sign_in("Claire", lang, size)
    page = _open(visit, story_id)
    assert faults(visit) == []
    page.locator("[data-act=withdrew][data-channel=linkedin]").click()
    expect(page.locator("[data-channel=linkedin]")).to_have_count(0, timeout=15_000)
    assert not _found_by(studio, "Inès", story_id, Use(Act.SHARE, Channel.LINKEDIN))
    assert _found_by(studio, "Inès", story_id, Use(Act.SHARE, Channel.INTRANET))
    page.locator("[data-act=withdrew]:not([data-channel])").click()
    expect(page.locator("#consent .v-light")).to_have_count(1, timeout=15_000)
    expect(page.locator("#consent .v-light")).to_have_attribute("data-state", "stop")
    assert not _found_by(studio, "Moussa", story_id, Use(Act.FIND))
    expect(page.locator(".de-events li")).to_have_count(3)
    assert (visit.sideways(), visit.trouble) == (0, [])


def test_a_consent_to_come_and_one_that_ended_are_closed(sign_in: SignIn, studio: Studio) -> None:
    """The light says when it ended, and the form starts empty again (L10)."""
    story_id = tell(studio, Told(text="Un soir."))
    agree(studio, story_id, "Claire", until=studio.tools.today() - timedelta(days=1))
    page = _open(sign_in("Claire"), story_id)
    expect(page.locator("#consent")).to_contain_text("l'accord a pris fin le")
    page.get_by_role("button", name="Signer un autre accord").click()
    expect(page.locator("#choices form")).to_be_visible()
    assert page.locator("#choices input:checked").count() == 0


def test_a_page_without_a_story_leads_back(sign_in: SignIn) -> None:
    """No address, no story: one sentence and a way on."""
    page = sign_in("Claire").go("decider")
    expect(page.get_by_role("link", name="Mes récits").last).to_be_visible(timeout=30_000)


def test_a_stranger_s_choices_sign_nothing(studio: Studio) -> None:
    """The step refuses who does not appear in the story."""
    story_id = tell(studio, Told(text="Un soir."))
    with pytest.raises(NotFound):
        ReadToDecide(studio.tools).run(studio.tools.asker(studio.people["Inès"].id), story_id)
