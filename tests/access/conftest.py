"""A real bank in a folder of its own, and a clock that moves when told."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from story_bank.ids import PersonId, new_id
from story_bank.person import Person, Role
from story_bank.sql.bank import SqlBank
from studio.access.passwords import _nobody


class SettableClock:
    """Shows the moment it was set to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, how_long: timedelta) -> None:
        self.now += how_long


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hash at its least cost: what is tested here is who comes in."""
    least = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr("studio.access.passwords._hasher", lambda: least)
    _nobody.cache_clear()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, migrated once and copied for each test."""
    file = tmp_path_factory.mktemp("migrated") / "vecu.db"
    kept = SqlBank(f"sqlite:///{file}")
    kept.migrate()
    kept.close()
    return file


@pytest.fixture
def bank(migrated: Path, tmp_path: Path) -> SqlBank:
    return SqlBank(f"sqlite:///{shutil.copy(migrated, tmp_path / 'vecu.db')}")


@pytest.fixture
def claire(bank: SqlBank) -> Person:
    person = Person(PersonId(new_id()), "Claire Morel", "Claire", "fr", "claire@exemple.fr",
                    roles=frozenset({Role.CONTRIBUTOR, Role.ADMINISTRATOR}))
    with bank.open() as work:
        work.save_person(person)
        work.commit()
    return person


@pytest.fixture
def colleague(bank: SqlBank) -> Person:
    person = Person(PersonId(new_id()), "Yann Le Goff", "Yann", email="yann@exemple.fr")
    with bank.open() as work:
        work.save_person(person)
        work.commit()
    return person
