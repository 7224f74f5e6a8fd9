"""`vecu backup` and `vecu restore` at the terminal: one sentence each, and nothing touched unless all is well."""

from __future__ import annotations

import json
import stat
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from story_bank.bank import Forgotten
from story_bank.consent import Purpose, Withdrawal
from story_bank.ids import ConsentId, PersonId, new_id
from story_bank.person import Person
from story_bank.sql.bank import SqlBank
from studio.cli import run
from studio.jobs.dbos_worker import only_worker
from studio.ledger import Ledger
from studio.serve import only_studio
from tests.cli.conftest import NIGHT, settle


@pytest.fixture
def archive(bank: SqlBank, tmp_path: Path) -> Path:
    """A backup of a home with one written story."""
    settle(bank, Purpose.LIBRARY)
    target = tmp_path / "to.tar"
    assert run(["backup", str(target)]) == 0
    return target


@pytest.fixture
def fresh(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another home that does not exist yet."""
    place = tmp_path / "fresh"
    monkeypatch.setenv("VECU_HOME", str(place))
    return place


def _stories(home: Path) -> list[str]:
    bank = SqlBank(f"sqlite:///{home / 'vecu.db'}")
    with bank.open() as work:
        found = [work.story_of_job(story_id).text for story_id in work.every_story_id()]
    bank.close()
    return found


def test_a_backup_says_where_it_is_and_how_much(bank: SqlBank, tmp_path: Path,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    """The answer is on standard output, as JSON when asked."""
    settle(bank, Purpose.LIBRARY)
    assert run(["backup", str(tmp_path / "sauvegarde été.tar"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["file"].endswith("sauvegarde été.tar")
    assert (told["media"], told["lost"]) == (0, [])
    assert told["bytes"] == (tmp_path / "sauvegarde été.tar").stat().st_size


def test_a_fresh_home_is_filled(archive: Path, fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without any option, on a machine that knows nothing."""
    assert run(["restore", str(archive), "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["stories"], told["forgotten_again"]) == (1, 0)
    assert _stories(fresh) == [NIGHT]
    assert stat.S_IMODE(fresh.stat().st_mode) == 0o700


def test_words_are_found_right_after(archive: Path, fresh: Path, light: Path, monkeypatch: pytest.MonkeyPatch,
                                     capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody waits for a worker to find an exact word."""
    monkeypatch.setenv("VECU_HOME", str(fresh))
    assert run(["restore", str(archive)]) == 0
    capsys.readouterr()
    assert run(["search", NIGHT.split()[3], "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["results"]) == 1


def test_a_home_that_holds_a_company_is_replaced_when_asked_alone(archive: Path, bank: SqlBank, home: Path,
                                                                  capsys: pytest.CaptureFixture[str]) -> None:
    """What would be replaced is told first; --replace does it."""
    with bank.open() as work:
        work.save_person(Person(PersonId(new_id()), "Awa Diop", "Awa"))
        work.commit()
    assert run(["restore", str(archive)]) == 2
    told = capsys.readouterr().err
    assert "Lanterval, 3 personnes, 1 récits" in told
    assert "--replace" in told
    assert run(["restore", str(archive), "--replace"]) == 0
    with bank.open() as work:
        assert len(work.people()) == 2


@pytest.mark.parametrize("held", ["studio", "worker", "another-worker"])
def test_an_open_studio_is_not_restored_under(held: str, archive: Path, home: Path,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    """Neither under pages nor under a worker."""
    (home / "worker-two.lock").touch()
    holding = {"studio": only_studio(home), "worker": only_worker(home, "main"),
               "another-worker": only_worker(home, "two")}
    with holding[held]:
        assert run(["restore", str(archive), "--replace"]) == 3
    assert len(capsys.readouterr().err.strip().splitlines()) <= 2


def test_a_bad_archive_makes_no_home(tmp_path: Path, fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, exit 2, and nothing on the disk."""
    bad = tmp_path / "bad.tar"
    with tarfile.open(bad, "w") as hostile:
        hostile.addfile(tarfile.TarInfo("../../evil"))
    assert run(["restore", str(bad)]) == 2
    assert "sauvegarde" in capsys.readouterr().err
    assert not fresh.exists()


def test_a_cut_archive_changes_nothing(archive: Path, bank: SqlBank, home: Path, tmp_path: Path) -> None:
    """The home is as it was, with --replace too."""
    before = {file: file.read_bytes() for file in home.rglob("*.db")}
    cut = tmp_path / "cut.tar"
    cut.write_bytes(archive.read_bytes()[:-11_000])
    assert run(["restore", str(cut), "--replace"]) == 2
    assert {file: file.read_bytes() for file in home.rglob("*.db")} == before


def test_a_ledger_of_withdrawals_alone_is_one(archive: Path, bank: SqlBank, fresh: Path, tmp_path: Path,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was forgotten yet; what was taken back counts all the same."""
    ledger = Ledger(tmp_path / "ledger.jsonl")
    with bank.open() as work:
        [signed, *_] = work.every_consent()
    ledger.add(Withdrawal(ConsentId(new_id()), signed.subject_id, signed.person_id, None, datetime.now(UTC)))
    assert run(["restore", str(archive), "--forgotten", str(ledger.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["decisions_carried"] == 1


def test_a_ledger_kept_elsewhere_is_obeyed(archive: Path, bank: SqlBank, fresh: Path, tmp_path: Path,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    """--forgotten names it; its stories are left out."""
    with bank.open() as work:
        story_id = work.every_story_id()[0]
        author = work.story_of_job(story_id).author_id
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.add(Forgotten(new_id(), datetime.now(UTC), author, (story_id,), (), {}))
    assert run(["restore", str(archive), "--forgotten", str(ledger.path)]) == 0
    assert _stories(fresh) == []


@pytest.mark.parametrize("content", [None, b"ce n'est pas un registre\n", b"\xff\xfe"])
def test_a_ledger_that_cannot_be_read_stops_a_restore(content: bytes | None, archive: Path, fresh: Path,
                                                      tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Going on without it would bring back what somebody had erased."""
    file = tmp_path / "ledger.jsonl"
    if content is not None:
        file.write_bytes(content)
    assert run(["restore", str(archive), "--forgotten", str(file)]) == 2
    assert not fresh.exists()


@pytest.mark.parametrize("place", ["vault/to.tar", "index/to.tar", "scratch/deep/to.tar"])
def test_a_backup_is_not_written_where_the_studio_tidies(place: str, bank: SqlBank, home: Path,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    """It would be swept away, or name itself."""
    settle(bank, Purpose.LIBRARY)
    (home / place).parent.mkdir(parents=True)
    assert run(["backup", str(home / place)]) == 2
    assert not (home / place).exists()


@pytest.mark.parametrize("kind", ["there", "folder", "no-folder"])
def test_a_name_that_cannot_be_used_is_refused(kind: str, bank: SqlBank, tmp_path: Path,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    """What is there stays; a folder is not made."""
    settle(bank, Purpose.LIBRARY)
    target = tmp_path / "to.tar"
    if kind == "there":
        target.write_bytes(b"precious")
    elif kind == "folder":
        target.mkdir()
    else:
        target = tmp_path / "nowhere" / "to.tar"
    assert run(["backup", str(target)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert kind != "there" or target.read_bytes() == b"precious"


def test_an_empty_home_is_not_backed_up_in_silence(home: Path, tmp_path: Path,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped VECU_HOME would look like a backup."""
    assert run(["backup", str(tmp_path / "to.tar")]) == 2
    assert "VECU_HOME" in capsys.readouterr().err
    assert not (tmp_path / "to.tar").exists()


def test_the_doctor_says_when_it_was_last_backed_up(archive: Path, home: Path,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody should have to guess; a home that never was says so."""
    capsys.readouterr()
    run(["doctor", "--json"])
    told = json.loads(capsys.readouterr().out)["parts"]["backup"]["told"]
    (home / "last-backup").unlink()
    run(["doctor", "--json"])
    assert f"{datetime.now(UTC):%d/%m/%Y}" in told
    assert "aucune" in json.loads(capsys.readouterr().out)["parts"]["backup"]["told"]


def test_a_damaged_database_is_moved_away_then_restored(archive: Path, bank: SqlBank, home: Path,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be read is not replaced in silence: the sentence says what to move, and then it works."""
    bank.close()
    for name in ("vecu.db", "vecu.db-wal", "vecu.db-shm"):
        (home / name).unlink(missing_ok=True)
    (home / "vecu.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)
    assert run(["restore", str(archive), "--replace"]) == 3
    assert "vecu.db-wal" in capsys.readouterr().err
    for name in ("vecu.db", "vecu.db-wal", "vecu.db-shm"):
        (home / name).unlink(missing_ok=True)
    assert run(["restore", str(archive)]) == 0
    assert _stories(home) == [NIGHT]
