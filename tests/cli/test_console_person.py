"""The console's administrator is made when something is kept, and once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from story_bank.consent import Purpose
from story_bank.sql.bank import SqlBank
from studio.cli import library, run
from studio.settings import read_settings
from studio.wiring import toolbox
from tests.cli.conftest import settle


def test_a_search_on_an_empty_home_makes_nobody(bank: SqlBank, light: Path) -> None:
    """Reading changes nothing."""
    assert run(["search", "fierté", "--json"]) == 0
    with bank.open() as work:
        assert work.people() == []


def test_two_commands_at_once_make_one_administrator(bank: SqlBank, light: Path) -> None:
    """Both take the same one."""
    tools = toolbox(read_settings(), may_own_index=False)
    together = threading.Barrier(4)

    def ask() -> None:
        together.wait()
        library.asker_named(tools, None)
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with bank.open() as work:
        assert [person.display_name for person in work.people()] == ["Console"]


def test_a_command_changes_nobody_who_is_there(bank: SqlBank, light: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The administrator it asks as is read, not saved: what somebody else changes about them meanwhile stays."""
    tools, saved = toolbox(read_settings(), may_own_index=False), list[str]()
    first = library.asker_named(tools, None)
    monkeypatch.setattr("story_bank.sql.people.PeopleRows.save_person", lambda _, person: saved.append(person.id))
    assert library.asker_named(tools, None).person == first.person
    assert saved == []


def test_a_demonstration_asked_for_later_leaves_a_real_company_alone(bank: SqlBank, light: Path,
                                                                     capsys: pytest.CaptureFixture[str]) -> None:
    """`make run` opens the studio of a company that began by `make empty`."""
    settle(bank, Purpose.LIBRARY)
    assert run(["demo", "--later"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "entreprise" in told.err
    with bank.open() as work:
        assert len(work.every_story_id()) == 1


def test_a_demonstration_asked_for_outright_is_refused_beside_a_real_company(bank: SqlBank, light: Path) -> None:
    """Who asks for it by name is told that it cannot be had."""
    settle(bank, Purpose.LIBRARY)
    assert run(["demo"]) == 2
