"""SQLite keeps what it promised: through kill -9, beside other writers, on a full disk, and after erasing."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from story_bank.errors import BadInput, NotAvailable
from story_bank.ids import PersonId, StoryId, new_id
from story_bank.person import Person
from story_bank.sql.bank import SqlBank
from story_bank.story import Passage, Story

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def someone(name: str = "Inès Caradec") -> Person:
    return Person(PersonId(new_id()), name, "Inès")


def written(author: Person, text: str) -> Story:
    return Story(StoryId(new_id()), author.id, "La nuit", text, "fr", date(2026, 11, 20), NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is; its folder does not exist yet."""
    return tmp_path / "dossier été" / "vecu.db"


@pytest.fixture
def bank(path: Path) -> Iterator[SqlBank]:
    """A migrated bank that is not patient."""
    made = SqlBank(f"sqlite:///{path}", patience_s=0.2)
    made.migrate()
    yield made
    made.close()


@pytest.mark.parametrize("url", [
    "sqlite://", "sqlite:///:memory:", "sqlite:///vecu.db", "sqlite+aiosqlite:////tmp/vecu.db", "mysql://localhost/vecu",
    "postgresql://localhost/vecu", "postgres://localhost/vecu", "/tmp/vecu.db", "", "sqllite:////tmp/vecu.db"])
def test_an_unknown_database_is_refused(url: str) -> None:
    """No unknown engine ever silently means SQLite, and nothing is kept in memory or in the current folder."""
    with pytest.raises(BadInput):
        SqlBank(url)


def test_making_a_bank_touches_nothing(path: Path) -> None:
    """The file appears when the bank is first opened."""
    SqlBank(f"sqlite:///{path}")
    assert not path.parent.exists()


def test_the_files_are_for_their_owner_alone(bank: SqlBank, path: Path) -> None:
    """Database, log and shared memory: mode 600."""
    with bank.open() as work:
        work.save_person(someone())
        work.commit()
        modes = {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
        assert (modes, len(list(path.parent.iterdir()))) == ({0o600}, 3)


def test_every_connection_is_careful(bank: SqlBank) -> None:
    """Write-ahead log, foreign keys, full synchronisation, secure delete."""
    with bank.engine().connect() as connection:
        rules = [connection.exec_driver_sql(f"PRAGMA {rule}").scalar()
                 for rule in ("journal_mode", "foreign_keys", "synchronous", "secure_delete", "busy_timeout")]
    assert rules == ["wal", 1, 2, 1, 200]


COMMITS_THEN_WAITS = """
import sys, time
from story_bank.ids import PersonId
from story_bank.person import Person
from story_bank.sql.bank import SqlBank
with SqlBank(sys.argv[1]).open() as work:
    work.save_person(Person(PersonId("kept"), "Kept", "Kept"))
    work.commit()
    work.save_person(Person(PersonId("lost"), "Lost", "Lost"))
    print("committed", flush=True)
    time.sleep(60)
"""


def test_what_was_committed_survives_a_kill(bank: SqlBank, path: Path) -> None:
    """kill -9 right after the commit: the row is there, and what was not committed is not."""
    with subprocess.Popen([sys.executable, "-c", COMMITS_THEN_WAITS, f"sqlite:///{path}"], cwd=ROOT,
                          stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"committed\n"
        os.kill(process.pid, signal.SIGKILL)
    with bank.open() as work:
        assert [each.id for each in work.people()] == ["kept"]


MIGRATES = "import sys; from story_bank.sql.bank import SqlBank; SqlBank(sys.argv[1]).migrate()"


@pytest.mark.slow
def test_several_may_start_at_once(path: Path) -> None:
    """Web, worker and command line migrate the same new file together, from any folder: all succeed."""
    path.parent.mkdir()
    starters = [subprocess.Popen([sys.executable, "-c", MIGRATES, f"sqlite:///{path}"], cwd=path.parent,
                                 env={**os.environ, "PYTHONPATH": str(ROOT)}) for _ in range(3)]
    assert [starter.wait(60) for starter in starters] == [0, 0, 0]
    with SqlBank(f"sqlite:///{path}").open() as work:
        assert work.people() == []


def test_a_database_of_a_newer_version_says_so(bank: SqlBank, path: Path) -> None:
    """An older program does not touch it."""
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NotAvailable, match="newer version"):
        bank.migrate()


def test_a_database_without_tables_says_how_to_make_them(path: Path) -> None:
    """Opened before it was migrated."""
    with SqlBank(f"sqlite:///{path}").open() as work, pytest.raises(NotAvailable, match="make run"):
        work.people()


def test_a_locked_database_says_so_and_can_still_be_read(bank: SqlBank, path: Path) -> None:
    """After the patience a writer gives up in one sentence; readers were never kept waiting."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with bank.open() as work:
        assert work.people() == []
        with pytest.raises(NotAvailable, match="busy"):
            work.save_person(someone())
        other.execute("ROLLBACK")
        work.save_person(someone())
        work.commit()
    other.close()


def test_reading_first_does_not_hinder_writing(bank: SqlBank) -> None:
    """A unit of work that has read may write although someone else wrote meanwhile."""
    with bank.open() as slow:
        assert slow.people() == []
        with bank.open() as quick:
            quick.save_person(someone("Malo Riou"))
            quick.commit()
        slow.save_person(someone("Inès Caradec"))
        slow.commit()
        assert [each.display_name for each in slow.people()] == ["Inès Caradec", "Malo Riou"]


def test_a_full_disk_says_so_and_loses_nothing(bank: SqlBank) -> None:
    """What was kept before is still there, and the bank works again once there is room."""
    author = someone()
    with bank.open() as work:
        work.save_person(author)
        work.commit()
    engine = bank.engine()
    engine.dispose()

    @event.listens_for(engine, "connect")
    def _no_room(raw: sqlite3.Connection, _record: object) -> None:
        raw.execute("PRAGMA max_page_count = 1")

    with bank.open() as work, pytest.raises(NotAvailable, match="disk is full"):
        work.save_story(written(author, "neige " * 200_000))
    event.remove(engine, "connect", _no_room)
    engine.dispose()
    with bank.open() as work:
        assert work.people() == [author]
        work.save_story(written(author, "neige " * 200_000))
        work.commit()


def test_a_damaged_file_says_so(path: Path) -> None:
    """Bytes that are no database."""
    path.parent.mkdir()
    path.write_bytes(b"no database at all, " * 500)
    with pytest.raises(NotAvailable, match="damaged"):
        SqlBank(f"sqlite:///{path}", patience_s=0.2).migrate()


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "var").write_text("a file")
    with pytest.raises(NotAvailable), SqlBank(f"sqlite:///{tmp_path}/var/vecu.db").open():
        pass


def test_many_threads_write_without_losing_any(path: Path) -> None:
    """Web handlers of twenty people at once."""
    bank = SqlBank(f"sqlite:///{path}")
    bank.migrate()

    def arrive(number: int) -> None:
        for turn in range(3):
            with bank.open() as work:
                work.people()
                work.save_person(someone(f"Inès {number} {turn}"))
                work.commit()

    threads = [threading.Thread(target=arrive, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with bank.open() as work:
        assert len(work.people()) == 60
    bank.close()


def test_erased_words_are_gone_from_the_bytes(bank: SqlBank, path: Path) -> None:
    """After erasing, neither the text nor its stems are in the database or its log, while others' words stay."""
    author = someone()
    gone, stays = written(author, "Le zéphyrinois chantait."), written(author, "Le mimosa fleurit.")
    with bank.open() as work:
        work.save_person(author)
        for each, stem in ((gone, "zephyrinois"), (stays, "mimosa")):
            work.save_story(each)
            work.save_passages(each.id, [Passage(each.id, number, each.text) for number in range(40)],
                               [f"{stem} chant{number}" for number in range(40)])
            work.commit()
        assert "zephyrinois" in _bytes(path)
        work.erase_stories([gone.id])
        work.commit()
        assert "phyrinois" not in _bytes(path)
        assert "mimosa" in _bytes(path)
        assert len(work.word_hits(["mimosa"], 100)) == 40


def _bytes(path: Path) -> str:
    return "".join(each.read_bytes().decode("latin-1") for each in path.parent.glob("vecu.db*"))


def test_a_closed_bank_can_be_opened_again(bank: SqlBank) -> None:
    """Closing lets go of the file; opening takes it up again."""
    bank.close()
    with bank.open() as work:
        assert work.people() == []
