"""Restoring: what was forgotten or taken back since stays so, and whatever happens the home is old or new."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from story_bank.access import Act, Use
from story_bank.bank import Deed, Did, Forgotten, Token
from story_bank.consent import Channel, Purpose, Withdrawal
from story_bank.errors import BadInput, NotAvailable, NotFound
from story_bank.ids import ClipId, ConsentId, PersonId, ShareId, new_id
from story_bank.making import JobKind, Share
from story_bank.person import Person, Role
from studio.jobs.sweep import sweep
from studio.keeping.packing import new_archive
from studio.keeping.since import END_OF_TIME
from studio.ledger import Ledger
from studio.steps.draft import WritePost
from studio.steps.find import Find, Wanted
from studio.steps.forget import Forget
from studio.steps.leave import NoteDeparture, OpenReviews, SettleReview
from studio.steps.withdraw import Withdraw
from studio.toolbox import Toolbox
from tests.bytes_scan import Sought, scan
from tests.keeping.conftest import TITLE, WORDS, House, media_of, put_back, rows_of
from tests.steps.conftest import VOICE

pytestmark = pytest.mark.slow

MARKER = "la girafe violette du quai numéro neuf"


def test_a_story_forgotten_since_does_not_come_back(house: House) -> None:
    """The ledger alone says so, on a new disk: no word, no row, no byte of its media (L21)."""
    story_id = house.write("Girafe", MARKER)
    told = house.small.record("Camille", VOICE)
    sound = VOICE.read_bytes()
    tools = replace(house.tools, ledger=house.folder / "forgotten.jsonl")
    file = house.back_up()
    for each in (story_id, told):
        Forget(tools).run(house.small.asker("Camille"), each)
    with house.other() as other:
        done = put_back(other, file, Ledger(tools.ledger).all())
        with other.bank.open() as work:
            assert not {story_id, told} & set(work.every_story_id())
            assert len(work.forgotten()) == 2
    assert done.forgotten == 2
    pieces = [sound[at:at + 64] for at in range(5000, len(sound), 50_000)]
    assert scan(house.folder / "elsewhere", Sought([MARKER], pieces)) == []


def test_what_the_bank_here_has_forgotten_stays_forgotten(house: House) -> None:
    """Over the same home the bank knows it, even where the ledger was lost."""
    story_id = house.write("Girafe", MARKER)
    file = house.back_up()
    Forget(house.tools).run(house.small.asker("Camille"), story_id)
    assert put_back(house.tools, file).forgotten == 1
    with house.tools.bank.open() as work:
        assert story_id not in work.every_story_id()


def test_a_forgetting_learnt_at_a_restore_is_known_to_the_next(house: House) -> None:
    """A ledger brought from elsewhere is written into this home's own."""
    story_id = house.write("Girafe", MARKER)
    file = house.back_up()
    proof = Forgotten(new_id(), house.small.clock(), house.small.people["Camille"].id, (story_id,), (), {"stories": 1})
    with house.other() as other:
        put_back(other, file, [proof])
        assert [each.id for each in Ledger(other.ledger or Path()).all()] == [proof.id]
        assert put_back(other, file).forgotten == 1


def test_a_withdrawal_made_since_stands(house: House) -> None:
    """The backup knows a consent that was taken back afterwards: it stays taken back, and its extracts gone (L20)."""
    with house.tools.bank.open() as work:
        story_id = work.every_story_id()[0]
    file = house.back_up()
    Withdraw(house.tools).run(house.small.asker("Camille"), story_id)
    assert put_back(house.tools, file).decisions == 1
    with house.tools.bank.open() as work, pytest.raises(NotFound):
        work.story(house.small.asker("Julien"), Use(Act.READ), story_id)


def _listed(house: House) -> Path:
    """Back up, then keep a ledger on another disk; return the archive."""
    house.small = replace(house.small, tools=replace(house.tools, ledger=house.folder / "disk" / "ledger.jsonl"))
    return house.back_up()


def test_a_withdrawal_made_since_stands_on_a_new_disk(house: House) -> None:
    """Nothing is left but the archive and the ledger: the story stays closed, what it covered gone (L20, L21)."""
    with house.tools.bank.open() as work:
        one, channel = work.every_story_id()
    file = _listed(house)
    Withdraw(house.tools).run(house.small.asker("Camille"), one)
    Withdraw(house.tools).run(house.small.asker("Camille"), channel, frozenset({Channel.LINKEDIN}))
    ledger = Ledger(house.tools.ledger or Path())
    with house.other() as other:
        assert put_back(other, file, [*ledger.all(), *ledger.withdrawals()]).decisions == 2
        with other.bank.open() as work:
            assert work.scopes([work.story_of_job(one)])[one] == [None]
            [scope] = work.scopes([work.story_of_job(channel)])[channel]
            assert scope is not None
            assert scope.channels == frozenset()
            with pytest.raises(NotFound):
                work.story(house.small.asker("Julien"), Use(Act.READ), one)
        assert Ledger(other.ledger or Path()).withdrawals() == ledger.withdrawals()
        assert put_back(other, file).decisions == 2


def test_a_consent_signed_after_a_listed_withdrawal_stands(house: House) -> None:
    """The archive knows a newer signature: the withdrawal that it replaced takes nothing back, known or not."""
    with house.tools.bank.open() as work:
        story_id = work.every_story_id()[0]
        subject = work.story_of_job(story_id).subject_id
    taken_back = Withdrawal(ConsentId(new_id()), subject, house.small.people["Camille"].id, None, house.small.clock())
    house.small.clock.now += timedelta(hours=1)
    house.small.sign("Camille", story_id, house.small.scope(Purpose.LIBRARY))
    with house.other() as other:
        assert put_back(other, house.back_up(), [taken_back]).decisions == 0
        with other.bank.open() as work:
            work.story(house.small.asker("Julien"), Use(Act.READ), story_id)


def test_a_closing_by_the_steward_stands_on_a_new_disk(house: House) -> None:
    """Taken back in the place of who left: in the ledger like any other withdrawal (L21)."""
    with house.tools.bank.open() as work:
        steward = replace(house.small.people["Marc"], roles=frozenset(Role))
        work.save_person(steward)
        work.commit()
    file = _listed(house)
    NoteDeparture(house.tools).run(house.small.asker("Marc"), house.small.people["Camille"].id)
    review = OpenReviews(house.tools).run(house.small.asker("Marc"))[0].review
    SettleReview(house.tools).run(house.small.asker("Marc"), review.id, keep=False)
    with house.other() as other:
        assert put_back(other, file, Ledger(house.tools.ledger or Path()).withdrawals()).decisions == 1
        with other.bank.open() as work:
            assert work.scopes([work.story_of_job(review.story_id)])[review.story_id] == [None]


def test_a_ledger_that_slept_lists_the_withdrawal_later(house: House) -> None:
    """Its disk fails nobody; the worker's round writes down what is missing, once."""
    file = _listed(house)
    disk = house.folder / "disk"
    disk.write_bytes(b"")
    with house.tools.bank.open() as work:
        story_id = work.every_story_id()[0]
    Withdraw(house.tools).run(house.small.asker("Camille"), story_id)
    disk.unlink()
    for _ in range(2):
        sweep(house.tools, house.folder)
    assert len((disk / "ledger.jsonl").read_text("utf-8").splitlines()) == 1
    with house.other() as other:
        assert put_back(other, file, Ledger(disk / "ledger.jsonl").withdrawals()).decisions == 1


def test_a_consent_signed_again_since_stands_too(house: House) -> None:
    """Decisions come back in their order: taken back, then given for one purpose."""
    with house.tools.bank.open() as work:
        story_id = work.every_story_id()[0]
    file = house.back_up()
    Withdraw(house.tools).run(house.small.asker("Camille"), story_id)
    house.small.sign("Camille", story_id, house.small.scope(Purpose.LIBRARY))
    assert put_back(house.tools, file).decisions == 2
    with house.tools.bank.open() as work:
        story = work.story(house.small.asker("Julien"), Use(Act.READ), story_id)
        assert [scope and scope.purposes for scope in work.scopes([story])[story_id]] == [{Purpose.LIBRARY}]
        assert all(event.intact for event in work.every_consent() if hasattr(event, "intact"))


def test_somebody_declared_since_is_asked_still(house: House) -> None:
    """A person whom the author named after the backup has not signed it: the story does not open without them."""
    story_id = house.write("À deux", "Nous étions deux.")
    house.small.sign("Camille", story_id, house.small.scope())
    file = house.back_up()
    guest = Person(PersonId(new_id()), "Awa Diop", "Awa", roles=frozenset(), email="awa@example.org")
    with house.tools.bank.open() as work:
        work.save_person(guest)
        work.save_story(replace(work.story_of_job(story_id), appearing=(guest.id,)))
        work.commit()
    put_back(house.tools, file)
    with house.tools.bank.open() as work:
        assert work.story_of_job(story_id).appearing == (guest.id,)
        with pytest.raises(NotFound):
            work.story(house.small.asker("Julien"), Use(Act.READ), story_id)


def test_what_somebody_wrote_and_deleted_since_stays_deleted(house: House) -> None:
    """"Delete what I wrote" holds after a restore, and after the next; others' pages and newer ones stay (A72)."""
    with house.tools.bank.open() as work:
        story_id = work.every_story_id()[0]
    for who in ("Inès", "Camille"):
        WritePost(house.tools).save(house.small.asker(who), story_id, Channel.LINKEDIN, f"Page de {who}.", 0)
    ines = house.small.people["Inès"].id
    old = house.back_up()
    with house.tools.bank.open() as work:
        work.erase_writing(ines)
        work.note(Deed(house.small.clock(), ines, Did.ERASED_WRITING, ""))
        work.commit()
    WritePost(house.tools).save(house.small.asker("Inès"), story_id, Channel.LINKEDIN, "Une autre.", 0)
    new = house.back_up("new.tar")
    for file, left in ((old, []), (old, []), (new, ["Une autre."])):
        put_back(house.tools, file)
        with house.tools.bank.open() as work:
            assert [post.text for post in work.posts_of(ines)] == left
            assert len(work.posts_of(house.small.people["Camille"].id)) == 1


def test_an_ended_share_page_stays_ended(house: House) -> None:
    """Once ended it never opens again, not by a backup either."""
    with house.tools.bank.open() as work:
        story_id = work.every_story_id()[0]
        page = Share(ShareId(new_id()), ClipId(new_id()), story_id, Channel.LINKEDIN, house.small.people["Inès"].id,
                     "ab" * 32, house.small.clock())
        work.save_share(page)
        work.commit()
    file = house.back_up()
    with house.tools.bank.open() as work:
        work.save_share(replace(page, ended_at=house.small.clock()))
        work.commit()
    put_back(house.tools, file)
    with house.tools.bank.open() as work:
        assert work.shares_of(story_id) == []


def test_somebody_who_left_since_has_left(house: House) -> None:
    """A restore gives no right back: neither role nor password."""
    julien = house.small.people["Julien"]
    with house.tools.bank.open() as work:
        work.set_password_hash(julien.id, "hash")
        work.commit()
    file = house.back_up()
    with house.tools.bank.open() as work:
        work.save_person(replace(julien, roles=frozenset(), left_on=house.tools.today()))
        work.drop_password(julien.id)
        work.commit()
    put_back(house.tools, file)
    with house.tools.bank.open() as work:
        assert (work.person(julien.id).roles, work.password_hash(julien.id)) == (frozenset[Role](), None)


def test_sessions_and_one_time_links_do_not_come_back(house: House) -> None:
    """One that was ended or spent since would open again; a link to sign is still awaited by somebody."""
    who, now = house.small.people["Julien"].id, house.small.clock()
    kinds = ("session", "invitation", "setup", "reset", "browser", "oidc", "signing")
    with house.tools.bank.open() as work:
        for kind in kinds:
            work.save_token(Token(kind, kind, None if kind == "setup" else who, now, now + timedelta(days=7)))
        work.commit()
    file = house.back_up()
    with house.other() as other:
        put_back(other, file)
        with other.bank.open() as work:
            assert [kind for kind in kinds if work.token(kind, kind, now)] == ["signing"]


def test_everything_is_found_again(house: House) -> None:
    """Words at once, meaning once the worker has done what was asked for."""
    file = house.back_up()
    with house.other() as other:
        put_back(other, file)
        found = Find(other).run(house.small.asker("Camille"), Wanted("Lœwenstein lumière"))
        assert [each.story.title for each in found.found][:1] == [TITLE]
        with other.bank.open() as work:
            assert {job.kind for job in work.open_jobs()} == {JobKind.INDEX}
        replace(house, small=replace(house.small, tools=other)).small.do_jobs()
        with other.bank.open() as work:
            assert set(other.index.story_ids()) == {each for each in work.every_story_id()
                                                    if work.story_of_job(each).text}


def test_restored_twice_is_restored_once(house: House, tmp_path: Path) -> None:
    """The same rows and bytes, and no file too many."""
    file = house.back_up()
    with house.other() as other:
        put_back(other, file)
        once = rows_of(other, tmp_path / "once")
        put_back(other, file)
        assert rows_of(other, tmp_path / "twice") == once
        assert set(other.vault.keys(END_OF_TIME)) == set(media_of(other))


def test_media_that_the_backup_does_not_know_go(house: House) -> None:
    """What was recorded since is replaced: no file stays that nothing names."""
    file = house.back_up()
    house.small.record("Moussa")
    put_back(house.tools, file)
    assert set(house.tools.vault.keys(END_OF_TIME)) == set(media_of(house.tools))


def test_a_full_disk_changes_nothing(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the media do not fit, bank and vault are as they were."""
    file = house.back_up()
    with house.other() as other:
        def full(*_: object) -> None:
            raise NotAvailable("Le disque est plein.", "The disk is full.")

        put = other.vault.put_back
        times = iter([put, full])
        monkeypatch.setattr(other.vault, "put_back", lambda *given: next(times)(*given))
        with pytest.raises(NotAvailable):
            put_back(other, file)
        assert list(other.vault.keys(END_OF_TIME)) == []
        assert rows_of(other, tmp_path / "there")["stories"] == []
        assert list(other.scratch.iterdir()) == []


def test_an_archive_without_a_file_that_its_rows_name_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that agree do not make it whole."""
    monkeypatch.setattr("studio.keeping.backup._add_media", lambda *_: set())
    file = house.back_up()
    with house.other() as other, pytest.raises(BadInput, match="missing"):
        put_back(other, file)


Rows = dict[str, list[Any]]


def _with(table: str, **changes: Any) -> Callable[[Rows], None]:
    return lambda rows: rows[table][0].update(changes)


ALTERED: dict[str, Callable[[Rows], None]] = {
    "unknown-table": lambda rows: rows.update(strangers=[{"id": 1}]),
    "table-of-sqlite": lambda rows: rows.update(sqlite_master=[{"name": "x"}]),
    "unknown-column": _with("people", salary=3),
    "missing-column": lambda rows: rows["people"][0].pop("id"),
    "no-row": lambda rows: rows["people"].append("x"),
    "no-moment": _with("stories", created_at="hier"),
    "moment-without-zone": _with("stories", created_at="2026-11-20T09:00:00"),
    "moment-a-number": _with("stories", created_at=3),
    "null-where-none-may-be": _with("stories", title=None),
    "list-for-a-text": _with("stories", title=["x"]),
    "nobody's-story": _with("stories", author_id="nobody"),
    "twice": lambda rows: rows["people"].append(rows["people"][0]),
    "media-path-up": _with("recordings", original_key="../../etc/passwd"),
    "media-elsewhere": _with("recordings", original_key=f"{new_id()}.mp4"),
    "unknown-role": _with("people", roles=["emperor"]),
    "unknown-channel": _with("standing_channels", channel="radio"),
    "no-segments": _with("transcripts", segments={"start": "x"}),
    "no-scope": _with("consent_events", scope={}),
    "whole-number-too-large": _with("company", id=1 << 70),
}


@pytest.mark.parametrize("change", [pytest.param(change, id=name) for name, change in ALTERED.items()])
def test_rows_that_no_bank_wrote_are_refused_and_change_nothing(change: Callable[[Rows], None], house: House,
                                                               tmp_path: Path) -> None:
    """Hashes that agree do not make rows right: they are read into a bank beside first."""
    file = _altered(house.back_up(), tmp_path / "altered.tar", change)
    with house.other() as other:
        before = rows_of(other, tmp_path / "before")
        with pytest.raises(BadInput):
            put_back(other, file)
        assert rows_of(other, tmp_path / "after") == before
        assert list(other.vault.keys(END_OF_TIME)) == []


def _altered(file: Path, target: Path, change: Callable[[Rows], None]) -> Path:
    """Write an archive anew with other rows, all hashes made to agree."""
    with tarfile.open(file) as archive:
        held = {each.name: archive.extractfile(each).read() for each in archive}  # type: ignore[union-attr]
    tables = {name: content for name, content in held.items() if name.endswith(".jsonl")}
    rows = {name[5:-6]: [json.loads(line) for line in content.splitlines()] for name, content in tables.items()}
    change(rows)
    copy = json.loads(held["bank/copy.json"])
    for table, lines in rows.items():
        content = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        held[f"bank/{table}.jsonl"] = content
        copy["files"][table] = {"rows": len(lines), "sha256": hashlib.sha256(content).hexdigest()}
    held["bank/copy.json"] = json.dumps(copy).encode()
    with new_archive(target) as writing:
        for name, content in held.items():
            if name != "manifest.json":
                (target.parent / "member").write_bytes(content)
                with (target.parent / "member").open("rb") as source:
                    writing.add(name, source)
        writing.end(datetime.now(UTC), [])
    return target


KILLED = """
import sys
from pathlib import Path
from studio.keeping import restore
from studio.keeping.unpacking import verified
from studio.settings import read_settings
from studio.wiring import spare_bank, toolbox
tools = toolbox(read_settings(), may_own_index=False)
def wait(*_):
    print("begun", flush=True)
    sys.stdin.read()
if sys.argv[2] == "words":
    restore._keep_words = wait
with verified(Path(sys.argv[1]), lambda _: None) as archive:
    restore.restore(tools, spare_bank, archive, [], wait if sys.argv[2] == "media" else lambda _: None)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("at", "stories"), [("media", 0), ("words", 2)])
def test_a_killed_restore_is_old_or_new_and_can_be_run_again(at: str, stories: int, house: House,
                                                            tmp_path: Path) -> None:
    """Killed among the media, the bank is as it was; killed after, it is whole and what is left has been asked for."""
    file = house.back_up()
    with house.other() as other:
        _killed(file, at, other)
        with other.bank.open() as work:
            assert (len(work.every_story_id()), len(work.open_jobs())) == (stories, stories)
        put_back(other, file)
        assert rows_of(other, tmp_path / "there") == rows_of(house.tools, tmp_path / "here")
        assert media_of(other) == media_of(house.tools)
        assert WORDS in _texts(other)
        assert list(other.scratch.iterdir()) == []


def _killed(file: Path, at: str, tools: Toolbox) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(file), at], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, env=os.environ | {"VECU_HOME": str(tools.scratch.parent)})
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    process.send_signal(signal.SIGKILL)
    process.wait()


def _texts(tools: Toolbox) -> set[str]:
    with tools.bank.open() as work:
        return {work.story_of_job(each).text for each in work.every_story_id()}
