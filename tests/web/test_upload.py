"""Recordings and files arrive in pieces, survive, and bad ones get one sentence."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from story_bank.errors import Conflict, NotAvailable
from studio.toolbox import Limits
from studio.web.arrivals import Arrivals


def _send(browser, content: bytes, **what):
    """Send bytes in three pieces, as the recorder does."""
    arrival = browser.post("/upload/commencer").json()["id"]
    third = len(content) // 3 + 1
    for at in range(0, len(content), third):
        assert browser.put(f"/upload/{arrival}?at={at}", content=content[at:at + third]).status_code == 200
    return browser.post(f"/upload/{arrival}/finir", json={"name": "récit 🎤.m4a", **what})


def test_pieces_become_a_story_of_ones_own(enter, claire, tools, voice: Path) -> None:
    """What was said while speaking is whole at the end, with the question it answered."""
    content = voice.read_bytes()
    asked = {"question": "proud-here", "markers": [{"question": "proud-home", "at": 2.5}]}
    answer = _send(enter(claire), content, **asked).json()
    with tools.bank.open() as work:
        kept = work.recording_of_job(answer["recording"])
    with tools.vault.local(kept.original_key) as file:
        assert file.read_bytes() == content
    assert (kept.owner_id, kept.question_id, kept.markers[0].at_s) == (claire.id, "proud-here", 2.5)


def test_the_same_file_twice_is_one_story(enter, claire, voice: Path) -> None:
    """Giving it again leads back to what was kept."""
    browser, content = enter(claire), voice.read_bytes()
    first, second = _send(browser, content).json(), _send(browser, content).json()
    assert (second["story"], second["again"]) == (first["story"], True)


def test_two_people_upload_at_once(enter, claire, moussa, voice: Path, tools) -> None:
    """Pieces that arrive in turns do not mix."""
    browsers, content = [enter(claire), enter(moussa)], voice.read_bytes()
    ids = [browser.post("/upload/commencer").json()["id"] for browser in browsers]
    for at in range(0, len(content), 60_000):
        for browser, arrival in zip(browsers, ids, strict=True):
            browser.put(f"/upload/{arrival}?at={at}", content=content[at:at + 60_000])
    kept = [browser.post(f"/upload/{arrival}/finir", json={"name": "a.m4a"}).json()
            for browser, arrival in zip(browsers, ids, strict=True)]
    assert kept[0]["story"] != kept[1]["story"]


def test_a_piece_sent_twice_is_taken_once(enter, claire) -> None:
    """After a lost answer the browser learns where the file ends and goes on from there."""
    browser = enter(claire)
    arrival = browser.post("/upload/commencer").json()["id"]
    browser.put(f"/upload/{arrival}?at=0", content=b"abc")
    again = browser.put(f"/upload/{arrival}?at=0", content=b"abc")
    assert (again.status_code, again.json()["size"]) == (409, 3)


def test_an_interrupted_recording_is_offered_again(enter, claire) -> None:
    """A closed browser loses nothing that had arrived; it can be taken up, or erased."""
    browser = enter(claire)
    arrival = browser.post("/upload/commencer").json()["id"]
    browser.put(f"/upload/{arrival}?at=0", content=b"abc")
    assert arrival in [each["id"] for each in browser.get("/upload").json()]
    browser.delete(f"/upload/{arrival}")
    assert arrival not in [each["id"] for each in browser.get("/upload").json()]


def test_nobody_reaches_somebody_elses_arrival(enter, claire, moussa) -> None:
    """Another person's unfinished recording does not exist for me."""
    arrival = enter(claire).post("/upload/commencer").json()["id"]
    other = enter(moussa)
    assert other.put(f"/upload/{arrival}?at=0", content=b"x").status_code == 404
    assert other.post(f"/upload/{arrival}/finir", json={}).status_code == 404


@pytest.mark.parametrize("name", ["../vecu.db", "..%2f..%2fvecu.db", "x"])
def test_an_arrival_is_never_a_path(enter, claire, name: str) -> None:
    """Names of files come from us alone."""
    assert enter(claire).put(f"/upload/{name}?at=0", content=b"x").status_code in {404, 405}


@pytest.mark.parametrize("content", [b"", b"Bonjour, ceci est un texte.\n" * 50, b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n"],
                         ids=["empty", "a text", "a playlist"])
def test_what_is_not_media_gets_one_sentence(enter, claire, content: bytes) -> None:
    """The sentence is in the person's language, and no half story is left behind."""
    browser = enter(claire)
    answer = browser.post("/upload?name=film.mp4", content=content)
    assert answer.status_code == 422
    assert answer.json()["sentence"].strip()
    assert "Traceback" not in answer.text


def test_a_file_over_the_limit_is_refused_at_once(visit, tools, claire) -> None:
    """413, with the limit and what to do."""
    from dataclasses import replace

    from studio.web.app import create_app

    browser = visit(create_app(replace(tools, limits=Limits(1800, 1 << 20))))
    browser.post("/connexion/demonstration", data={"personne": claire.id})
    answer = browser.post("/upload?name=a.mp4", content=b"x" * (1 << 20) + b"y")
    assert answer.status_code == 413
    assert "1 Mio" in answer.json()["sentence"]


def test_a_whole_file_can_come_in_one_go(enter, moussa, voice: Path) -> None:
    """Scripts need no pieces."""
    answer = enter(moussa).post("/upload?name=a.m4a", content=voice.read_bytes())
    assert answer.status_code == 200
    assert answer.json()["story"]


async def _pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def test_a_full_disk_says_so_and_keeps_what_had_arrived(tmp_path: Path, claire, monkeypatch) -> None:
    """The person is told to keep their file; the bytes before stay."""
    import asyncio

    arrivals = Arrivals(tmp_path, 1 << 20)
    arrival = arrivals.begin(claire.id)
    asyncio.run(arrivals.append(claire.id, arrival, 0, _pieces(b"abc")))

    async def full_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("studio.web.arrivals.run_in_threadpool", full_disk)
    with pytest.raises(NotAvailable, match="disk is full"):
        asyncio.run(arrivals.append(claire.id, arrival, 3, _pieces(b"def")))
    assert arrivals.path(claire.id, arrival).read_bytes() == b"abc"


def test_an_answer_that_was_lost_is_given_again(enter, claire, voice: Path) -> None:
    """Asking a second time for a file that was kept is answered with its story, not with a loss."""
    browser = enter(claire)
    arrival = browser.post("/upload/commencer").json()["id"]
    browser.put(f"/upload/{arrival}?at=0", content=voice.read_bytes())
    first, second = (browser.post(f"/upload/{arrival}/finir", json={"name": "a.m4a"}) for _ in range(2))
    assert (second.status_code, second.json()) == (200, first.json())
    assert arrival not in [each["id"] for each in browser.get("/upload").json()]


def test_two_tabs_that_finish_at_once_get_the_same_story(enter, moussa, voice: Path) -> None:
    """A double click is one story and two answers."""
    from concurrent.futures import ThreadPoolExecutor

    browser = enter(moussa)
    arrival = browser.post("/upload/commencer").json()["id"]
    browser.put(f"/upload/{arrival}?at=0", content=voice.read_bytes() + b"\0")
    with ThreadPoolExecutor(2) as two:
        answers = list(two.map(lambda _: browser.post(f"/upload/{arrival}/finir", json={"name": "a.m4a"}), range(2)))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["story"] == answers[1].json()["story"]


class FullVault:
    """A vault whose disk is full."""

    def put(self, source: Path, suffix: str) -> str:
        raise NotAvailable("Le disque est plein.", "The disk is full.")


def test_a_whole_file_stays_while_the_vault_is_full(visit, tools, claire, voice: Path) -> None:
    """Its bytes have arrived: they are offered again and kept once there is room."""
    from dataclasses import replace

    from studio.web.app import create_app

    content, offered = voice.read_bytes() + b"\0\0", []
    for each in (replace(tools, vault=FullVault()), tools):
        browser = visit(create_app(each))
        browser.post("/connexion/demonstration", data={"personne": claire.id})
        if not offered:
            assert browser.post("/upload?name=a.m4a", content=content).status_code == 503
            offered = [each["id"] for each in browser.get("/upload").json() if each["size"] == len(content)]
        else:
            assert browser.post(f"/upload/{offered[0]}/finir", json={"name": "a.m4a"}).status_code == 200
    assert len(offered) == 1


def test_a_sending_that_was_cut_does_not_mix_with_the_one_that_resumes(tmp_path: Path, claire) -> None:
    """Late bytes of the first are refused once the second goes on from where the file ended."""
    import asyncio

    arrivals = Arrivals(tmp_path, 1 << 20)
    arrival = arrivals.begin(claire.id)

    async def both() -> bytes:
        resumed = asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            yield b"abc"
            await resumed.wait()
            yield b"LATE"

        first = asyncio.create_task(arrivals.append(claire.id, arrival, 0, slow()))
        while arrivals.path(claire.id, arrival).stat().st_size < 3:
            await asyncio.sleep(0.01)
        await arrivals.append(claire.id, arrival, 3, _pieces(b"def", b"ghi"))
        resumed.set()
        with pytest.raises(Conflict):
            await first
        return arrivals.path(claire.id, arrival).read_bytes()

    assert asyncio.run(asyncio.wait_for(both(), 20)) == b"abcdefghi"


def test_what_an_arrival_became_is_forgotten_after_a_day(tmp_path: Path, claire) -> None:
    """Notes for browsers that lost an answer do not pile up, and are no arrivals."""
    import os

    arrivals = Arrivals(tmp_path, 1 << 20)
    arrival = arrivals.begin(claire.id)
    arrivals.become(claire.id, arrival, {"story": "s"})
    assert (arrivals.became(claire.id, arrival), arrivals.waiting(claire.id)) == ({"story": "s"}, [])
    for note in tmp_path.rglob("*.kept"):
        os.utime(note, (0, 0))
    arrivals.begin(claire.id)
    assert arrivals.became(claire.id, arrival) is None
