"""Media goes out through one route that asks the consent each time."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import uvicorn

from story_bank.access import Act, Use
from story_bank.bank import Did
from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope, Withdrawal
from story_bank.ids import ClipId, ConsentId, SubjectId, WordId, new_id
from story_bank.making import CaptionStyle, Clip, Shape
from studio.neighbour import free_port
from tests.web.sending import send


@pytest.fixture
def recording(enter, claire, voice: Path) -> str:
    """A recording that Claire has just given."""
    return send(enter(claire), voice.read_bytes()).json()["recording"]


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


def _extract(tools, claire, moussa, recording: str, file: Path) -> Clip:
    """An extract that Moussa cut and Claire's consent covers."""
    with tools.bank.open() as work:
        story = work.stories_of_recording(recording)[0]
        clip = Clip(ClipId(new_id()), story.id, recording, moussa.id, WordId("a"), WordId("b"), (), Shape.SQUARE,
                    CaptionStyle.PLAIN, datetime.now(UTC), "Un extrait", tools.vault.put(file, ".mp4"), 3.0, said="")
        work.save_clip(clip)
        work.commit()
    _sign(tools, claire, recording, Purpose.LIBRARY, Purpose.CLIP)
    return clip


@pytest.fixture
def served(app, tools) -> Iterator[int]:
    """The application behind a real server; yields its port."""
    server = uvicorn.Server(uvicorn.Config(app, port=free_port(), log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield server.config.port
    server.should_exit = True
    thread.join()


def _slowly(port: int, path: str, cookie: str, between: Callable[[], None]) -> tuple[int, int]:
    """Read a first piece, do something, wait, read on; return (bytes announced, bytes that came)."""
    with socket.socket() as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        link.connect(("127.0.0.1", port))
        link.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: vecu={cookie}\r\n\r\n".encode())
        head, _, body = link.recv(4096).partition(b"\r\n\r\n")
        announced = int(re.search(rb"content-length: (\d+)", head)[1])
        between()
        time.sleep(1.2)
        came = len(body)
        while piece := link.recv(1 << 16):
            came += len(piece)
            if came == announced:
                break
    return announced, came


@pytest.mark.slow
@pytest.mark.parametrize("how", ["recording", "clip", "clip?download=1"])
def test_what_is_being_sent_stops_when_consent_ends(enter, claire, moussa, tools, served: int, recording: str,
                                                    tmp_path: Path, how: str) -> None:
    """A withdrawal in the middle of a slow download breaks the transfer: the whole file never arrives (L21)."""
    (large := tmp_path / "large.mp4").write_bytes(b"\0" * (48 << 20))
    clip = _extract(tools, claire, moussa, recording, large)
    with tools.bank.open() as work:
        work.save_recording(replace(work.recording_of_job(recording), playable_key=clip.media_key))
        work.commit()
    path, _, query = how.partition("?")
    address = f"/media/{path}/{recording if path == 'recording' else clip.id}?{query}"
    cookie = enter(moussa).cookies["vecu"]
    announced, came = _slowly(served, address, cookie, lambda: None)
    assert came == announced == 48 << 20
    announced, came = _slowly(served, address, cookie, lambda: _withdraw(tools, claire, recording))
    assert came < announced


def _downloads(tools, person) -> list[str]:
    with tools.bank.open() as work:
        return [deed.person_id for deed in work.journal_of(person.id) if deed.deed is Did.DOWNLOADED]


@pytest.mark.parametrize("asked", ["bytes=1-", "bytes=1-2000", "bytes=-2000", "bytes=0-"])
def test_a_download_that_begins_in_the_middle_is_noted(enter, claire, moussa, tools, recording: str, voice: Path,
                                                       asked: str) -> None:
    """All but one byte is a download too; the ranges after it belong to it."""
    clip = _extract(tools, claire, moussa, recording, voice)
    browser, address, before = enter(moussa), f"/media/clip/{clip.id}?download=1", _downloads(tools, claire)
    for each in (asked, "bytes=50-"):
        assert browser.get(address, headers={"range": each}).status_code == 206
    assert _downloads(tools, claire) == [moussa.id, *before]


def test_a_download_of_anothers_extract_is_noted_once(enter, claire, moussa, tools, recording: str,
                                                      voice: Path) -> None:
    """Once a download, however many ranges it comes in; playing, and one's own, are nobody's business."""
    clip = _extract(tools, claire, moussa, recording, voice)
    browser, address = enter(moussa), f"/media/clip/{clip.id}"
    before = _downloads(tools, claire)
    browser.get(f"{address}?download=1", headers={"range": "bytes=0-99"})
    browser.get(f"{address}?download=1", headers={"range": "bytes=100-199"})
    browser.head(f"{address}?download=1")
    browser.get(address)
    enter(claire).get(f"{address}?download=1")
    assert _downloads(tools, claire) == [moussa.id, *before]
