"""Media goes out through one route that asks the consent each time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from story_bank.access import Act, Use
from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope, Withdrawal
from story_bank.ids import ClipId, ConsentId, SubjectId, WordId, new_id
from story_bank.making import CaptionStyle, Clip, Shape


@pytest.fixture
def recording(enter, claire, voice: Path) -> str:
    """A recording that Claire has just given."""
    return enter(claire).post("/upload?name=a.m4a", content=voice.read_bytes()).json()["recording"]


def _sign(tools, person, recording: str, *purposes: Purpose) -> None:
    scope = Scope(frozenset(purposes), frozenset({Channel.INTRANET}), date(2020, 1, 1), date(2099, 1, 1),
                  Appearance(face=True, voice=True, name=NameShown.FULL))
    with tools.bank.open() as work:
        work.sign(Consent(ConsentId(new_id()), SubjectId(recording), person.id, scope, "texte", "1", "Claire Morel",
                          datetime.now(UTC)))
        work.commit()


def _withdraw(tools, person, recording: str) -> None:
    with tools.bank.open() as work:
        work.withdraw(Withdrawal(ConsentId(new_id()), SubjectId(recording), person.id, None, datetime.now(UTC)))
        work.commit()


def test_a_person_plays_their_own_recording_in_ranges(enter, claire, voice: Path, recording: str) -> None:
    """A browser seeks by asking for ranges (RFC 9110, 14)."""
    answer = enter(claire).get(f"/media/recording/{recording}", headers={"range": "bytes=10-19"})
    assert (answer.status_code, answer.content) == (206, voice.read_bytes()[10:20])
    assert answer.headers["content-range"] == f"bytes 10-19/{voice.stat().st_size}"
    assert answer.headers["content-type"] == "audio/mp4"


def test_no_copy_is_left_in_the_browser(enter, claire, recording: str) -> None:
    """A withdrawal reaches everything, caches included."""
    headers = enter(claire).get(f"/media/recording/{recording}").headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("private, no-store", "nosniff")


@pytest.mark.parametrize("path", ["recording", "poster", "clip"])
def test_without_consent_it_does_not_exist_for_others(enter, claire, moussa, tools, recording: str, path: str) -> None:
    """What is not allowed and what is not there look the same."""
    _withdraw(tools, claire, recording)
    there, nowhere = (enter(moussa).get(f"/media/{path}/{which}") for which in (recording, new_id()))
    assert there.status_code == nowhere.status_code == 404
    assert there.text.strip()


def test_a_withdrawal_counts_from_the_next_request(enter, claire, moussa, tools, recording: str) -> None:
    """An editor who was listening hears nothing more the same second."""
    _sign(tools, claire, recording, Purpose.LIBRARY)
    with tools.bank.open() as work:
        kept = work.recording_of_job(recording)
        work.save_recording(type(kept)(**{**{name: getattr(kept, name) for name in kept.__slots__},
                                          "playable_key": kept.original_key}))
        work.commit()
    browser = enter(moussa)
    before = browser.get(f"/media/recording/{recording}").status_code
    _withdraw(tools, claire, recording)
    assert (before, browser.get(f"/media/recording/{recording}").status_code) == (200, 404)


def test_a_clip_is_downloaded_under_its_title(enter, claire, moussa, tools, recording: str, voice: Path) -> None:
    """The name is plain letters; who may cut may download, and only while the consent holds."""
    with tools.bank.open() as work:
        story = work.stories_of_recording(recording)[0]
        clip = Clip(ClipId(new_id()), story.id, recording, moussa.id, WordId("a"), WordId("b"), (), Shape.SQUARE,
                    CaptionStyle.PLAIN, datetime.now(UTC), "L'été, à l'Élysée !", tools.vault.put(voice, ".mp4"), 3.0)
        work.save_clip(clip)
        work.commit()
    _sign(tools, claire, recording, Purpose.LIBRARY, Purpose.CLIP)
    browser = enter(moussa)
    headers = browser.get(f"/media/clip/{clip.id}?download=1").headers
    assert "vecu-l-ete-a-l-elysee.mp4" in headers["content-disposition"]
    _withdraw(tools, claire, recording)
    assert browser.get(f"/media/clip/{clip.id}?download=1").status_code == 404


def test_the_policy_and_not_the_route_decides(enter, claire, tools, recording: str) -> None:
    """The route asks the bank with the use that it serves."""
    asker = tools.asker(claire.id)
    with tools.bank.open() as work:
        assert work.recording(asker, Use(Act.READ), recording).id == recording
