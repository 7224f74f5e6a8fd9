"""After erasing, SQLite's files hold nothing of it, also when somebody was in the way at that moment."""

from __future__ import annotations

import logging
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.consent import Appearance, Consent, NameShown, Purpose, Scope
from story_bank.ids import ConsentId, PersonId, StoryId, new_id
from story_bank.person import Person
from story_bank.sql.bank import SqlBank
from story_bank.sql.traces import owing
from story_bank.story import Passage, Story

NOW, TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC), date(2026, 11, 20)
AUTHOR = Person(PersonId("author"), "Inès Caradec", "Inès")
SCOPE = Scope(frozenset({Purpose.LIBRARY}), frozenset(), TODAY, TODAY, Appearance(True, True, NameShown.FULL))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "vecu.db"


@pytest.fixture
def bank(path: Path) -> Iterator[SqlBank]:
    """A bank that waits a moment for others, with an author."""
    made = SqlBank(f"sqlite:///{path}", patience_s=0.2)
    made.migrate()
    with made.open() as work:
        work.save_person(AUTHOR)
        work.commit()
    yield made
    made.close()


def kept(bank: SqlBank, mark: str) -> Story:
    """A story with its mark in text, passages and a signed consent."""
    text = f"{mark} chantait au {mark}ier"
    story = Story(StoryId(new_id()), AUTHOR.id, f"Le {mark}", text, "fr", TODAY, NOW)
    with bank.open() as work:
        work.save_story(story)
        work.save_passages(story.id, [Passage(story.id, 0, text)], [text])
        work.sign(Consent(ConsentId(new_id()), story.subject_id, AUTHOR.id, SCOPE, f"D'accord pour « {mark} ».", "1",
                          "Inès", NOW))
        work.commit()
    return story


def erase(bank: SqlBank, *stories: Story) -> None:
    """Erase and commit."""
    with bank.open() as work:
        work.erase_stories([each.id for each in stories])
        work.commit()


def found(path: Path, mark: str) -> bool:
    """Whether the mark is in one of the files, as the bank or its search spells it."""
    return any(mark.encode() in each.read_bytes().lower() for each in path.parent.iterdir())


def test_the_text_that_was_signed_goes_from_the_bytes_too(bank: SqlBank, path: Path) -> None:
    """The consent stays, its words do not."""
    gone, stays = kept(bank, "zephyrinois"), kept(bank, "mimosa")
    erase(bank, gone)
    assert (found(path, "zephyrinois"), found(path, "mimosa")) == (False, True)
    with bank.open() as work:
        assert [each.subject_id for each in work.every_consent()] == [gone.id, stays.id]


def test_a_reader_in_the_way_is_said_and_a_later_commit_clears(bank: SqlBank, path: Path,
                                                               caplog: pytest.LogCaptureFixture) -> None:
    """The erasing succeeds; the log says that bytes may be left, without a word of them, and says it once."""
    gone, later = kept(bank, "zephyrinois"), kept(bank, "mimosa")
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM stories").fetchone()
    with caplog.at_level(logging.WARNING):
        erase(bank, gone)
        kept(bank, "glycine")
    assert found(path, "zephyrinois")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "zephyrinois" not in caplog.text
    assert gone.id not in caplog.text
    reader.execute("COMMIT")
    reader.close()
    with bank.open() as work:
        work.save_story(replace(later, title="Le mimosa blanc"))
        work.commit()
    assert not found(path, "zephyrinois")


def test_what_a_killed_process_left_is_cleared_at_the_next_start(bank: SqlBank, path: Path) -> None:
    """What is to be done is written into the file with the erasing."""
    gone = kept(bank, "zephyrinois")
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM stories").fetchone()
    erase(bank, gone)
    reader.execute("COMMIT")
    assert found(path, "zephyrinois")
    SqlBank(f"sqlite:///{path}").migrate()
    reader.close()
    assert not found(path, "zephyrinois")


def test_a_writer_in_the_way_loses_nothing(bank: SqlBank, path: Path) -> None:
    """Somebody begins to write right after the erasing: they go on, and the next commit clears."""
    gone = kept(bank, "zephyrinois")
    with bank.open() as work:
        work.erase_stories([gone.id])
        with sqlite3.connect(path, timeout=0) as other, pytest.raises(sqlite3.OperationalError):
            other.execute("INSERT INTO journal VALUES (1, '2026-11-20', 'p', 'cut', 's')")
        work.commit()
    assert not found(path, "zephyrinois")
    kept(bank, "mimosa")


def test_erasing_and_forgetting_to_commit_erases_nothing(bank: SqlBank, path: Path) -> None:
    """Neither the rows nor what is to be done."""
    story = kept(bank, "zephyrinois")
    with bank.open() as work:
        work.erase_stories([story.id])
    with bank.open() as work:
        assert work.stories_of(AUTHOR.id) == [story]
    assert found(path, "zephyrinois")


def test_replacing_everything_leaves_nothing_of_before(
        bank: SqlBank, path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A restored backup does not leave what it replaced in the files."""
    copy = tmp_path_factory.mktemp("copy")
    bank.copy_to(copy)
    kept(bank, "zephyrinois")
    bank.fill_from(copy)
    assert not found(path, "zephyrinois")
    with bank.open() as work:
        assert work.stories_of(AUTHOR.id) == []


@given(number=st.integers(0, 1_000_000))
def test_what_is_owed_only_grows_and_says_to_write_anew(number: int) -> None:
    """No erasing takes the number of one that was cleared before."""
    assert owing(number) > number
    assert owing(number) % 3 == 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", [4, 11])
def test_rows_that_were_moved_leave_no_copy_behind(bank: SqlBank, path: Path, seed: int) -> None:
    """Many stories of all lengths, changed and indexed again: of those erased, nothing is in the files (X2).

    Deleting a row overwrites it where it lies; a copy in a page that it was moved away from is only gone because the
    file is written anew.
    """
    chance = random.Random(seed)
    stories = {f"zq{number:04}q": kept(bank, f"zq{number:04}q") for number in range(120)}
    for mark, story in stories.items():
        texts = [f"{mark} {'nuit ' * chance.randrange(200)}{mark}" for _ in range(chance.randrange(1, 12))]
        with bank.open() as work:
            work.save_story(replace(story, text=" ".join(texts)))
            work.save_passages(story.id, [Passage(story.id, at, text) for at, text in enumerate(texts)], texts)
            work.commit()
    marks = list(stories)
    chance.shuffle(marks)
    for first, last in ((0, 1), (1, 40), (40, 41), (41, 80)):
        erase(bank, *(stories[mark] for mark in marks[first:last]))
        assert [mark for mark in marks[:last] if found(path, mark)] == []
    assert all(found(path, mark) for mark in marks[80:])
