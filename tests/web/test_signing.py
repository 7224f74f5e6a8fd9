"""Signing by link: a plain page, a short session as a guest, a refusal that nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from story_bank.bank import Did, Token
from story_bank.ids import PersonId, RecordingId, StoryId, new_id
from story_bank.person import Person
from story_bank.recording import MediaKind, Recording, SpokenContext
from story_bank.story import Story
from studio.access.secrets import kept_as, new_secret
from studio.access.signing_links import SigningLinks
from studio.steps.recognisable import AskToSign, NameSomeone
from studio.toolbox import Toolbox
from tests.web.conftest import VOICE
from tests.web.sending import add, begin

FILM = VOICE.with_name("fr1_nurse_night_shift.mp4")


@pytest.fixture
def story_id(tools: Toolbox, claire: Person) -> StoryId:
    """A written story of Claire's."""
    story = Story(StoryId(new_id()), claire.id, "La feuille <b>", "Un soir, Paul m'a aidée.", "fr", tools.today(),
                  tools.clock())
    with tools.bank.open() as work:
        work.save_story(story)
        work.commit()
    return story.id


def _link(tools: Toolbox, claire: Person, story_id: StoryId, name: str = "Paul Durand") -> tuple[PersonId, str]:
    asker = tools.asker(claire.id)
    person_id = NameSomeone(tools).run(asker, story_id, name)
    return person_id, AskToSign(tools).run(asker, story_id, person_id)


def test_the_page_says_who_told_and_that_nothing_opens_without_one(visit, tools, claire, story_id) -> None:
    """In the visitor's language, escaped, and without the story itself (L12)."""
    _, secret = _link(tools, claire, story_id)
    french = visit().get(f"/accord?jeton={secret}").text
    english = visit().get(f"/accord?jeton={secret}", headers={"accept-language": "en"}).text
    assert "Claire Morel" in french
    assert "La feuille &lt;b&gt;" in french
    assert "Sans votre accord rien ne s'ouvre" in french.replace("&#39;", "'")
    assert "Without your consent nothing opens" in english
    assert "m'a aidée" not in french.replace("&#39;", "'")


def test_a_guest_enters_for_two_hours_and_reads(visit, tools, claire, story_id) -> None:
    """The link leads to Décider, with a cookie that scripts cannot read; it is nobody else's page."""
    _, secret = _link(tools, claire, story_id)
    browser = visit()
    answer = browser.post("/accord", data={"jeton": secret})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/fr/decider?story={story_id}")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "max-age=7200" in cookie
    assert browser.get("/moi").json() == {"name": "Paul Durand", "initials": "PD", "guest": True}


def test_the_guest_s_language_is_the_visitor_s(visit, tools, claire, story_id) -> None:
    """Whoever reads English decides in English, whatever the author speaks."""
    person_id, secret = _link(tools, claire, story_id)
    answer = visit().post("/accord", data={"jeton": secret}, headers={"accept-language": "en-GB"})
    assert answer.headers["location"].startswith("/en/decider")
    with tools.bank.open() as work:
        assert work.person(person_id).language == "en"


def test_somebody_with_an_account_signs_in_first(visit, enter, tools, claire, moussa, story_id) -> None:
    """The link alone is not enough; signed in, it leads straight there."""
    _, secret = _link(tools, claire, story_id, "Moussa Diallo")
    stranger = visit()
    answer = stranger.post("/accord", data={"jeton": secret})
    assert answer.headers["location"] == f"/connexion?vers=/fr/decider%3Fstory%3D{story_id}"
    assert "set-cookie" not in answer.headers
    assert enter(moussa).post("/accord", data={"jeton": secret}).headers["location"] == f"/fr/decider?story={story_id}"


def test_refusing_changes_nothing_at_all(visit, tools, claire, story_id) -> None:
    """The link answers as it did before: whoever holds it, the author first, cannot tell (L05, V32)."""
    person_id, secret = _link(tools, claire, story_id)
    before = visit().get(f"/accord?jeton={secret}")
    for _ in range(2):
        answer = visit().post("/accord/refus", data={"jeton": secret})
        assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
        assert "noté nulle part" in answer.text
    after = visit().get(f"/accord?jeton={secret}")
    assert (after.status_code, after.text) == (before.status_code, before.text)
    assert visit().post("/accord", data={"jeton": secret}).status_code == 303
    with tools.bank.open() as work:
        assert [deed.deed for deed in work.journal_of(person_id)] == [Did.NAMED]
        assert work.consents_of(person_id) == []
        assert person_id in work.story_of_job(story_id).appearing


@pytest.mark.parametrize("change", ["altered", "expired", "made up", "empty"])
def test_a_link_that_is_not_one_says_so_kindly(visit, tools, claire, story_id, change: str) -> None:
    """One sentence, no cookie."""
    person_id, secret = _link(tools, claire, story_id)
    if change == "expired":
        secret, now = new_secret(), tools.clock()
        with tools.bank.open() as work:
            work.save_token(Token(kept_as(secret), "signing", person_id, now - timedelta(days=91),
                                  now - timedelta(days=1), about=story_id))
            work.commit()
    shown = {"altered": secret[:-1] + ("a" if secret[-1] != "a" else "b"), "made up": "x" * 43, "empty": ""}
    answer = visit().get("/accord", params={"jeton": shown.get(change, secret)})
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


def test_a_link_from_another_site_s_form_is_refused(visit, tools, claire, story_id) -> None:
    """Nobody is made to enter, or to refuse, by a page elsewhere."""
    _, secret = _link(tools, claire, story_id)
    for path in ("/accord", "/accord/refus"):
        answer = visit().post(path, data={"jeton": secret}, headers={"origin": "https://ailleurs.example"})
        assert answer.status_code == 403
    assert visit().get(f"/accord?jeton={secret}").status_code == 200


def test_entering_ends_the_session_the_browser_held(visit, enter, tools, claire, moussa, story_id) -> None:
    """No session is taken over from one person to the next (session fixation)."""
    _, secret = _link(tools, claire, story_id)
    browser = enter(moussa)
    before = dict(browser.cookies)["vecu"]
    browser.post("/accord", data={"jeton": secret})
    assert dict(browser.cookies)["vecu"] != before
    assert visit().get("/moi", headers={"cookie": f"vecu={before}"}).status_code == 401


def test_a_guest_cannot_send_a_recording(visit, tools, claire, story_id) -> None:
    """Not even the first bytes of one."""
    _, secret = _link(tools, claire, story_id)
    browser = visit()
    browser.post("/accord", data={"jeton": secret})
    assert begin(browser).status_code == 403
    assert add(browser, "x", 0, b"x").status_code == 403


def test_who_decides_hears_and_sees_it_and_nobody_else_does(visit, enter, tools, claire, moussa, story_id) -> None:
    """The film and its still picture, by the guest's own session alone (L07)."""
    recording = Recording(RecordingId(new_id()), claire.id, MediaKind.VIDEO, tools.vault.put(FILM, ".mp4"), "a",
                          new_id(), 84.0, "fr", SpokenContext(), tools.clock(),
                          poster_key=tools.vault.put(FILM, ".jpg"))
    with tools.bank.open() as work:
        work.add_recording(recording)
        work.save_story(replace(work.story_of_job(story_id), recording_id=recording.id))
        work.commit()
    _, secret = _link(tools, claire, story_id)
    browser = visit()
    browser.post("/accord", data={"jeton": secret})
    for kind in ("recording", "poster"):
        address = f"/media/{kind}/{recording.id}"
        assert browser.get(address, headers={"range": "bytes=0-9"}).status_code == 206
        assert enter(moussa).get(address).status_code == 404
        assert visit().get(address).status_code == 401


def test_a_link_to_a_story_that_was_erased_says_so(visit, tools, claire, story_id) -> None:
    """There is nothing to decide any more."""
    _, secret = _link(tools, claire, story_id)
    with tools.bank.open() as work:
        work.erase_stories([story_id])
        work.commit()
    assert visit().get(f"/accord?jeton={secret}").status_code == 404


def test_who_has_left_comes_back_to_all_that_is_theirs(visit, tools, claire) -> None:
    """Their link is about everything; there is nothing in it to refuse."""
    gone = Person(PersonId(new_id()), "Anna Petit", "Anna", roles=frozenset(), left_on=tools.today())
    with tools.bank.open() as work:
        work.save_person(gone)
        work.commit()
    secret = SigningLinks(tools.bank, tools.clock).make(gone.id)
    assert "Je refuse" not in visit().get(f"/accord?jeton={secret}").text
    assert visit().post("/accord/refus", data={"jeton": secret}).status_code == 404
    assert visit().post("/accord", data={"jeton": secret}).headers["location"] == "/fr/mes-recits"
