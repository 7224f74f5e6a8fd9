"""Recordings and files arrive by tus, survive, and bad ones get one sentence."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from story_bank.errors import Conflict, NotAvailable
from studio.toolbox import Limits
from studio.web.app import create_app
from studio.web.arrivals import SPARE, Arrivals, DiskFull
from tests.web.sending import VERSION, add, begin, begun, drop, finish, reached, send, waiting

ID = "0191e0a0-0000-7000-8000-000000000001"


def test_pieces_become_a_story_of_ones_own(enter, claire, tools, voice: Path) -> None:
    """What was said while speaking is whole at the end, with the question it answered."""
    content = voice.read_bytes()
    asked = {"question": "proud-here", "markers": [{"question": "proud-home", "at": 2.5}]}
    answer = send(enter(claire), content, size=len(content), **asked).json()
    with tools.bank.open() as work:
        kept = work.recording_of_job(answer["recording"])
    with tools.vault.local(kept.original_key) as file:
        assert file.read_bytes() == content
    assert (kept.owner_id, kept.question_id, kept.markers[0].at_s) == (claire.id, "proud-here", 2.5)


def test_the_same_file_twice_is_one_story(enter, claire, voice: Path) -> None:
    """Giving it again leads back to what was kept."""
    browser, content = enter(claire), voice.read_bytes()
    first, second = send(browser, content).json(), send(browser, content).json()
    assert (second["story"], second["again"]) == (first["story"], True)


def test_an_interview_names_who_else_must_agree(enter, claire, moussa, tools, voice: Path) -> None:
    """A38: two voices are expected, each turn says who answers, and the other is recognisable: they must sign too."""
    turns = [{"question": "proud-here", "at": 0, "who": "Claire"}, {"question": "proud-here", "at": 4, "who": "Moussa"}]
    answer = send(enter(claire), voice.read_bytes() + b"\0\1", speakers=2, people=["claire", " Moussa  Diallo "],
                  markers=turns).json()
    with tools.bank.open() as work:
        recording, story = work.recording_of_job(answer["recording"]), work.story_of_job(answer["story"])
    assert (recording.context.speakers, [each.who for each in recording.markers]) == (2, ["Claire", "Moussa"])
    assert story.appearing == (moussa.id,)


def test_two_people_upload_at_once(enter, claire, moussa, voice: Path) -> None:
    """Pieces that arrive in turns do not mix."""
    browsers, content = [enter(claire), enter(moussa)], voice.read_bytes()
    names = [begun(browser, len(content)) for browser in browsers]
    for at in range(0, len(content), 60_000):
        for browser, name in zip(browsers, names, strict=True):
            add(browser, name, at, content[at:at + 60_000])
    kept = [finish(browser, name).json() for browser, name in zip(browsers, names, strict=True)]
    assert kept[0]["story"] != kept[1]["story"]


def test_a_piece_sent_twice_is_taken_once(enter, claire) -> None:
    """After a lost answer the browser asks where the file ends and goes on from there."""
    browser = enter(claire)
    name = begun(browser)
    add(browser, name, 0, b"abc")
    assert add(browser, name, 0, b"abc").status_code == 409
    assert reached(browser, name) == 3


def test_an_interrupted_recording_is_offered_again(enter, claire) -> None:
    """A closed browser loses nothing that had arrived; it can be taken up, or erased."""
    browser = enter(claire)
    name = begun(browser)
    add(browser, name, 0, b"abc")
    assert name in waiting(browser)
    assert drop(browser, name).status_code == 204
    assert (name in waiting(browser), drop(browser, name).status_code) == (False, 404)


def test_a_file_goes_on_a_day_later_from_another_browser(enter, claire, tools, voice: Path) -> None:
    """Half of it, a day, another browser that finds it by its mark: the rest is sent, and it is one story."""
    content = voice.read_bytes() + b"\0\2"
    name = begun(enter(claire), len(content), mark="a-mark")
    add(enter(claire), name, 0, content[:1000])
    for file in tools.scratch.rglob(f"{name[:8]}-*"):
        os.utime(file, (file.stat().st_atime - 86_400, file.stat().st_mtime - 86_400))
    later = enter(claire)
    (found,) = [each for each in later.get("/upload").json()["waiting"] if each["mark"] == "a-mark"]
    assert (found["size"], found["length"]) == (1000, len(content))
    assert add(later, found["id"], reached(later, found["id"]), content[1000:]).status_code == 204
    assert finish(later, found["id"], size=len(content), mark="a-mark").status_code == 200


def test_nobody_reaches_somebody_elses_upload(enter, claire, moussa) -> None:
    """Another person's unfinished recording does not exist for me, and nothing of mine is written into it."""
    mine, other = enter(claire), enter(moussa)
    name = begun(mine)
    add(mine, name, 0, b"abc")
    answers = (other.head(f"/upload/{name}", headers=VERSION), add(other, name, 3, b"x"), drop(other, name),
               finish(other, name))
    assert [answer.status_code for answer in answers] == [404] * 4
    assert (reached(mine, name), name in waiting(other)) == (3, False)


def test_a_stranger_writes_nothing(visit, enter, claire) -> None:
    """The library would write a piece before it looks who sends it."""
    mine = enter(claire)
    name = begun(mine)
    assert (begin(visit()).status_code, add(visit(), name, 0, b"abc").status_code) == (401, 401)
    assert reached(mine, name) == 0


@pytest.mark.parametrize("name", ["../vecu.db", "..%2f..%2fvecu.db", "x", "%00", "a" * 300])
def test_an_upload_is_never_a_path(enter, claire, name: str) -> None:
    """Names of files come from us alone."""
    browser = enter(claire)
    assert add(browser, name, 0, b"x").status_code in {404, 405}
    assert browser.post(f"/upload/{name}/finir", json={}).status_code in {404, 405}


@pytest.mark.parametrize("headers", [
    {"Upload-Concat": f"final;/upload/{ID}"}, {"Upload-Concat": "partial"},
    {"Upload-Defer-Length": "1"}, {"Upload-Length": "-1"}, {"Upload-Length": "ten"}, {"Upload-Length": "²"},
    {"Upload-Metadata": "mark " + "A" * 3000}], ids=lambda headers: next(iter(headers)))
def test_what_the_library_would_let_through_is_refused(enter, claire, headers: dict[str, str]) -> None:
    """Joining uploads, two lengths, no sensible length, metadata without end."""
    browser = enter(claire)
    before = waiting(browser)
    answer = browser.post("/upload", headers=VERSION | {"Upload-Length": "10"} | {
        name: value.encode() for name, value in headers.items()})
    assert (answer.status_code, bool(answer.json()["detail"]["sentence"]), waiting(browser)) == (422, True, before)


def test_a_method_in_disguise_is_refused(enter, claire) -> None:
    """The guard at the door judges the method that it sees."""
    browser = enter(claire)
    name = begun(browser)
    assert browser.post(f"/upload/{name}", headers=VERSION | {"X-HTTP-Method-Override": "DELETE"}).status_code == 422
    assert reached(browser, name) == 0


def test_a_beginning_brings_no_bytes(enter, claire) -> None:
    """The library would read them whole into memory."""
    answer = enter(claire).post("/upload", content=b"x" * 1000, headers=VERSION | {"Upload-Length": "1000"})
    assert answer.status_code == 422


@pytest.mark.parametrize("content", [b"", b"Bonjour, ceci est un texte.\n" * 50, b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n"],
                         ids=["empty", "a text", "a playlist"])
def test_what_is_not_media_gets_one_sentence(enter, claire, content: bytes) -> None:
    """The sentence is in the person's language, and no half story is left behind."""
    answer = send(enter(claire), content)
    assert answer.status_code == 422
    assert answer.json()["sentence"].strip()
    assert "Traceback" not in answer.text


@pytest.fixture
def narrow(visit, tools, claire):
    """A browser in a studio that takes a mebibyte."""
    browser = visit(create_app(replace(tools, limits=Limits(1800, 1 << 20))))
    browser.post("/connexion/demonstration", data={"personne": claire.id})
    return browser


def test_a_file_over_the_limit_is_refused_before_it_is_sent(narrow) -> None:
    """413, with the limit and what to do."""
    answer = begin(narrow, (1 << 20) + 1)
    assert answer.status_code == 413
    assert "1 Mio" in answer.json()["detail"]["sentence"]


def test_a_recording_that_grows_over_the_limit_keeps_what_had_come(narrow) -> None:
    """Nobody knew its length; the piece that is too much is refused, the others stay."""
    name = begun(narrow)
    add(narrow, name, 0, b"x" * 1000)
    answer = add(narrow, name, 1000, b"x" * (1 << 20))
    assert (answer.status_code, reached(narrow, name)) == (413, 1000)


def test_more_than_was_announced_is_refused_and_less_is_not_kept(enter, claire, voice: Path) -> None:
    """A file is as long as was said: no byte beyond, and no half of it as a story."""
    browser, content = enter(claire), voice.read_bytes() + b"\0\3"
    name = begun(browser, len(content))
    add(browser, name, 0, content[:5000])
    assert add(browser, name, 5000, content[5000:] + b"more").status_code == 400
    half = finish(browser, name)
    assert (half.status_code, "manque la fin" in half.json()["sentence"]) == (409, True)
    assert add(browser, name, reached(browser, name), content[reached(browser, name):]).status_code == 204
    assert finish(browser, name).status_code == 200


@pytest.mark.parametrize(("first", "then"), [("2", None), ("8", "9")], ids=["shorter than what came", "said twice"])
def test_a_length_that_contradicts_itself_is_refused(enter, claire, first: str, then: str | None) -> None:
    """The end of a recording is said once, and is where its bytes end."""
    browser = enter(claire)
    name = begun(browser)
    answer = add(browser, name, 0, b"abc", **{"Upload-Length": first})
    if then:
        answer = add(browser, name, 3, b"def", **{"Upload-Length": then})
    assert answer.status_code == 409


def test_another_file_under_the_same_upload_is_noticed(enter, claire, voice: Path) -> None:
    """Its mark is not the one that was announced: nothing is kept of two halves, and the right file may still come."""
    browser, content = enter(claire), voice.read_bytes() + b"\0\4"
    name = begun(browser, len(content), mark="this file")
    add(browser, name, 0, content)
    assert finish(browser, name, size=len(content), mark="another").status_code == 409
    assert finish(browser, name, size=len(content) - 1, mark="this file").status_code == 409
    assert finish(browser, name, size=len(content), mark="this file").status_code == 200


def _full(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_says_so_and_keeps_what_had_arrived(enter, claire, monkeypatch) -> None:
    """507 in one sentence instead of a false receipt; the bytes before stay, and sending may go on later."""
    browser = enter(claire)
    name = begun(browser)
    add(browser, name, 0, b"abc")
    with monkeypatch.context() as full:
        full.setattr("studio.web.arrivals.os.fsync", _full)
        answer = add(browser, name, 3, b"def")
        assert (answer.status_code, "disque du serveur est plein" in answer.text) == (507, True)
    assert add(browser, name, reached(browser, name), b"ghi").status_code == 204


def test_two_gigabytes_are_refused_at_once_where_the_disk_has_no_room(tmp_path: Path) -> None:
    """Before the first byte; a small recording still finds its place, and the bank keeps some to write in."""
    arrivals = Arrivals(tmp_path, 2 << 30, free=lambda _: SPARE + (1 << 20))
    with pytest.raises(DiskFull):
        arrivals.room_for(2 << 30)
    arrivals.room_for(1 << 20)


def test_a_full_disk_stops_a_recording_before_the_bank_cannot_write(tmp_path: Path, claire) -> None:
    """What came stays."""
    room = [SPARE + 10]
    arrivals = Arrivals(tmp_path, 1 << 20, free=lambda _: room[0])
    arrivals.begin(claire.id, ID)
    arrivals.add(claire.id, ID, 0, b"abc")
    room[0] = SPARE
    with pytest.raises(NotAvailable, match="disk is full"):
        arrivals.add(claire.id, ID, 3, b"def")
    assert arrivals.path(claire.id, ID).read_bytes() == b"abc"


def test_bytes_that_a_killed_server_had_written_but_not_acknowledged_are_counted(enter, claire, tools) -> None:
    """The file alone says where to go on: nothing twice, nothing missing."""
    browser = enter(claire)
    name = begun(browser)
    add(browser, name, 0, b"abc")
    (file,) = [file for file in tools.scratch.rglob(f"{name[:8]}-*") if not file.suffix]
    with file.open("ab") as killed:
        killed.write(b"def")
    assert reached(browser, name) == 6
    assert add(browser, name, 6, b"ghi").status_code == 204
    assert file.read_bytes() == b"abcdefghi"


def test_an_answer_that_was_lost_is_given_again(enter, claire, voice: Path) -> None:
    """Asking a second time for a file that was kept is answered with its story, not with a loss."""
    browser = enter(claire)
    name = begun(browser)
    add(browser, name, 0, voice.read_bytes())
    first, second = finish(browser, name), finish(browser, name)
    assert (second.status_code, second.json()) == (200, first.json())
    assert name not in waiting(browser)


def test_two_tabs_that_finish_at_once_get_the_same_story(enter, moussa, voice: Path) -> None:
    """A double click is one story and two answers."""
    browser = enter(moussa)
    name = begun(browser)
    add(browser, name, 0, voice.read_bytes() + b"\0")
    with ThreadPoolExecutor(2) as two:
        answers = list(two.map(lambda _: finish(browser, name), range(2)))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["story"] == answers[1].json()["story"]


class FullVault:
    """A vault whose disk is full."""

    def put(self, source: Path, suffix: str) -> str:
        raise NotAvailable("Le disque est plein.", "The disk is full.")


def test_a_file_stays_while_the_vault_is_full(visit, tools, claire, voice: Path) -> None:
    """Its bytes have arrived: they are offered again and kept once there is room."""
    content, name = voice.read_bytes() + b"\0\0", ""
    for each in (replace(tools, vault=FullVault()), tools):
        browser = visit(create_app(each))
        browser.post("/connexion/demonstration", data={"personne": claire.id})
        if not name:
            name = begun(browser, len(content))
            add(browser, name, 0, content)
            assert finish(browser, name).status_code == 503
            assert name in waiting(browser)
        else:
            assert finish(browser, name).status_code == 200


def test_a_sending_that_hangs_holds_nobody_up_and_does_not_mix(app, claire) -> None:
    """A phone that lost its line resumes at once; late bytes of the first sending are refused, not added."""
    async def both() -> tuple[int, int, int]:
        resumed = asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            yield b"abc"
            await resumed.wait()
            yield b"LATE"

        way = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
        async with httpx.AsyncClient(transport=way, base_url="http://127.0.0.1:7860") as browser:
            await browser.post("/connexion/demonstration", data={"personne": claire.id})
            place = (await browser.post("/upload", headers=VERSION | {"Upload-Defer-Length": "1"})).headers["location"]

            def piece(at: int, content: bytes | AsyncIterator[bytes], length: int) -> asyncio.Task[httpx.Response]:
                return asyncio.create_task(browser.patch(place, content=content, headers=VERSION | {
                    "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream",
                    "Content-Length": str(length)}))

            first = piece(0, slow(), 7)
            while int((await browser.head(place, headers=VERSION)).headers["upload-offset"]) < 3:
                await asyncio.sleep(0.01)
            second = await piece(3, b"defghi", 6)
            resumed.set()
            ended = await browser.head(place, headers=VERSION)
            return second.status_code, (await first).status_code, int(ended.headers["upload-offset"])

    assert asyncio.run(asyncio.wait_for(both(), 30)) == (204, 409, 9)


def test_what_an_arrival_became_is_forgotten_after_a_day(tmp_path: Path, claire) -> None:
    """Notes for browsers that lost an answer do not pile up, and are no arrivals."""
    arrivals = Arrivals(tmp_path, 1 << 20)
    arrivals.begin(claire.id, ID)
    arrivals.announce(claire.id, ID, {"size": 3})
    arrivals.become(claire.id, ID, {"story": "s"})
    assert (arrivals.became(claire.id, ID), arrivals.waiting(claire.id)) == ({"story": "s"}, [])
    assert [file.suffix for file in tmp_path.rglob("*") if file.is_file()] == [".kept"]
    for note in tmp_path.rglob("*.kept"):
        os.utime(note, (0, 0))
    arrivals.begin(claire.id, ID[:-1] + "2")
    assert arrivals.became(claire.id, ID) is None


def test_bytes_of_another_place_are_refused(tmp_path: Path, claire) -> None:
    """A file has no holes."""
    arrivals = Arrivals(tmp_path, 1 << 20)
    arrivals.begin(claire.id, ID)
    with pytest.raises(Conflict):
        arrivals.add(claire.id, ID, 3, b"abc")


@pytest.mark.parametrize(("mark", "stays"), [("", True), ("a file of theirs", False)], ids=["recorded", "a file"])
def test_a_voice_whose_end_is_missing_is_not_thrown_away(enter, claire, voice: Path, mark: str, stays: bool) -> None:
    """Too long or cut short is said (409), and what was recorded waits; a file the person still has does not."""
    browser, content = enter(claire), voice.read_bytes()
    content = content[:len(content) // 2]
    name = begun(browser, mark=mark)
    assert add(browser, name, 0, content, **{"Upload-Length": str(len(content))}).status_code == 204
    answer = finish(browser, name, mark=mark)
    assert (answer.status_code, bool(answer.json()["sentence"])) == (409, True)
    assert (name in waiting(browser)) is stays
    drop(browser, name)
