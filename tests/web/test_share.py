"""Share pages are for anybody, until they are gone; an open page asks which of its stories may still be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope
from story_bank.ids import ClipId, ConsentId, RecordingId, StoryId, SubjectId, WordId, new_id
from story_bank.making import CaptionStyle, Clip, Shape
from studio.steps.share import SharePage
from studio.steps.withdraw import Withdraw
from tests.web.sending import send

pytestmark = pytest.mark.slow

Signed = Callable[..., None]


@pytest.fixture
def recording(enter, claire, voice: Path) -> RecordingId:
    """A recording of Claire's own."""
    return RecordingId(send(enter(claire), voice.read_bytes()).json()["recording"])


@pytest.fixture
def sign(tools, claire, recording: RecordingId) -> Signed:
    """Sign as Claire, for everything and everywhere, unless told otherwise."""
    def signed(*purposes: Purpose, name: NameShown = NameShown.FULL) -> None:
        scope = Scope(frozenset(purposes or Purpose), frozenset(Channel), date(2020, 1, 1), date(2099, 1, 1),
                      Appearance(face=True, voice=True, name=name))
        with tools.bank.open() as work:
            work.sign(Consent(ConsentId(new_id()), SubjectId(recording), claire.id, scope, "texte", "1", "Claire Morel",
                              datetime.now(UTC)))
            work.commit()
    signed()
    return signed


@pytest.fixture
def story_id(tools, recording: RecordingId, sign: Signed) -> StoryId:
    with tools.bank.open() as work:
        return work.stories_of_recording(recording)[0].id


@pytest.fixture
def secret(tools, claire, moussa, story_id: StoryId, recording: RecordingId, voice: Path) -> str:
    """The secret of a page for LinkedIn."""
    clip = Clip(ClipId(new_id()), story_id, recording, moussa.id, WordId("a"), WordId("b"), (), Shape.SQUARE,
                CaptionStyle.PLAIN, datetime.now(UTC), "Le jour où Claire Morel a noté <b>tout</b>",
                tools.vault.put(voice, ".mp4"), 3.0, said="j'ai noté")
    with tools.bank.open() as work:
        work.save_clip(clip)
        work.commit()
    return SharePage(tools).make(tools.asker(claire.id), clip.id, Channel.LINKEDIN)


def test_anybody_with_the_address_sees_the_extract(visit, secret: str) -> None:
    """Without sign-in: title, name, company; no script, no cookie, nothing kept, nothing listed."""
    answer = visit().get(f"/partage/{secret}")
    assert answer.status_code == 200
    assert "Le jour où Claire Morel a noté &lt;b&gt;tout&lt;/b&gt;" in answer.text
    assert "Aubépine" in answer.text
    assert '<html lang="fr">' in answer.text
    assert "noindex" in answer.headers["x-robots-tag"]
    assert 'name="robots" content="noindex' in answer.text
    assert "no-store" in answer.headers["cache-control"]
    assert "script-src 'none'" in answer.headers["content-security-policy"]
    assert ("set-cookie" in answer.headers, "<script" in answer.text, "http://" in answer.text) == (False,) * 3


def test_its_media_comes_in_ranges(visit, secret: str, voice: Path) -> None:
    """A browser seeks by asking for ranges (RFC 9110, 14); no copy is kept on the way."""
    answer = visit().get(f"/partage/{secret}/media", headers={"range": "bytes=10-19"})
    assert (answer.status_code, answer.content) == (206, voice.read_bytes()[10:20])
    assert (answer.headers["content-type"], "no-store" in answer.headers["cache-control"]) == ("video/mp4", True)


@pytest.mark.parametrize(("language", "said"), [("fr", "Ce récit n'est plus ici"), ("en", "This story is no longer")])
@pytest.mark.parametrize("part", ["", "/media"])
def test_taken_back_it_answers_gone_and_names_nobody(visit, tools, claire, story_id, secret: str, part: str,
                                                     language: str, said: str) -> None:
    """The same second, in the visitor's language, the file as well as the page."""
    Withdraw(tools).run(tools.asker(claire.id), story_id)
    answer = visit().get(f"/partage/{secret}{part}", headers={"accept-language": language})
    assert answer.status_code == 410
    assert said.replace("'", "&#39;") in answer.text
    assert not any(word in answer.text for word in ("Claire", "Morel", "noté", "Aubépine", "<video"))


@pytest.mark.parametrize("address", ["/partage/x", "/partage/x/media", "/partage/%2e%2e", "/partage/é"])
def test_what_never_was_is_not_there(visit, secret: str, address: str) -> None:
    """A made-up address is no page that is gone."""
    assert visit().get(address).status_code == 404


def test_a_name_that_is_hidden_later_is_on_no_page(visit, tools, secret: str, sign: Signed) -> None:
    """Signed again without the name: neither in the page's title, nor in the story's, nor in its own line (L07)."""
    sign(name=NameShown.NONE)
    answer = visit().get(f"/partage/{secret}")
    assert answer.status_code == 200
    assert not any(word in answer.text for word in ("Claire", "Morel"))


def _still(browser, *ids: str, use: str = "find", **more: str) -> list[str]:
    answer = browser.post("/encore", json={"use": use, "ids": list(ids), **more})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["still"])


def test_an_open_page_learns_what_was_taken_back(enter, tools, claire, moussa, story_id: StoryId) -> None:
    """For the use it is shown for, on the channel it is shown for; its author goes on seeing it."""
    colleague, author = enter(moussa), enter(claire)
    assert _still(colleague, story_id, "unknown") == [story_id]
    Withdraw(tools).run(tools.asker(claire.id), story_id, frozenset({Channel.LINKEDIN}))
    assert _still(colleague, story_id, channel="linkedin") == []
    assert _still(colleague, story_id, channel="intranet") == [story_id]
    Withdraw(tools).run(tools.asker(claire.id), story_id)
    assert [_still(colleague, story_id, use=use) for use in ("find", "read", "draft", "cut")] == [[]] * 4
    assert _still(author, story_id) == [story_id]


def test_somebody_added_to_a_story_closes_it_there_too(enter, tools, claire, moussa, story_id: StoryId) -> None:
    """Everyone who appears agrees, or it is not seen (L12)."""
    with tools.bank.open() as work:
        work.save_story(replace(work.story_of_job(story_id), appearing=(moussa.id,)))
        work.commit()
    assert _still(enter(moussa), story_id) == []


def test_a_question_of_nonsense_is_refused(visit, enter, moussa) -> None:
    """Without a session, with too many ids, for a use that is none, from another site."""
    browser = enter(moussa)
    assert visit().post("/encore", json={"use": "find", "ids": []}).status_code == 401
    assert browser.post("/encore", json={"use": "find", "ids": ["a"] * 61}).status_code == 422
    assert browser.post("/encore", json={"use": "steal", "ids": []}).status_code == 422
    elsewhere = {"origin": "https://elsewhere.example"}
    assert browser.post("/encore", json={"use": "find", "ids": []}, headers=elsewhere).status_code == 403
