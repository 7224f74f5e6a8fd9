"""The databases that the bank's promises are kept on: SQLite and, where its programs are, PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from story_bank.ids import new_id
from story_bank.sql.bank import SqlBank
from story_bank.sql.engine import WRITES
from story_bank.sql.tables import metadata


def _postgres_programs() -> Path | None:
    on_path = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places += [Path(on_path).resolve().parent] if on_path else []
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


PROGRAMS = _postgres_programs()
KINDS = ["sqlite-migrated", "sqlite-modelled"]
ON_POSTGRES = ["postgresql-migrated", "postgresql-modelled"] if PROGRAMS else []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that asks for a bank on each database, with tables made either way, or as its module says."""
    if "made_bank" in metafunc.fixturenames:
        kinds = [*KINDS, *(pytest.param(kind, marks=pytest.mark.slow, id=kind) for kind in ON_POSTGRES)]
        made_by = getattr(metafunc.module, "MADE_BY", "")
        wanted = [kind for kind in kinds if made_by in (kind if isinstance(kind, str) else str(kind.id))]
        metafunc.parametrize("made_bank", wanted, indirect=True, scope="session")
    if "empty_url" in metafunc.fixturenames:
        postgres = [pytest.param("postgresql", marks=pytest.mark.slow)] if PROGRAMS else []
        metafunc.parametrize("empty_url", ["sqlite", *postgres], indirect=True)


@contextmanager
def _cluster(programs: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="vecu-pg-", dir="/tmp"))
    server = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    if server is not None:
        os.chown(folder, server.pw_uid, server.pw_gid)

    def run(*command: str) -> None:
        subprocess.run([str(programs / command[0]), *command[1:]], check=True, cwd=folder, capture_output=True,
                       user=server.pw_uid if server else None, group=server.pw_gid if server else None, timeout=120)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run("initdb", "-D", f"{folder}/kept", "-U", "vecu", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    run("pg_ctl", "-D", f"{folder}/kept", "-o", options, "-l", f"{folder}/log", "-w", "start")
    try:
        yield f"postgresql+psycopg://vecu@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-D", f"{folder}/kept", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a throw-away server, without a database name."""
    assert PROGRAMS is not None
    with _cluster(PROGRAMS) as url:
        yield url


@pytest.fixture(scope="session")
def made_bank(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlBank]:
    """A bank with its tables, made once for each kind."""
    engine, made_by = request.param.split("-")
    if engine == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('bank') / 'vecu.db'}"
    else:
        address = _database(request.getfixturevalue("postgres_url"), made_by)
    bank = SqlBank(address, patience_s=2)
    if made_by == "migrated":
        bank.migrate()
    else:
        metadata.create_all(bank.engine())
    yield bank
    bank.close()


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table, for one test."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'vecu.db'}"
    return _database(request.getfixturevalue("postgres_url"), f"empty-{new_id()}")


def _database(server: str, made_by: str) -> str:
    name = f"{made_by}-{new_id()}"  # made again when tests of another kind come in between
    with psycopg.connect(f"{server.replace('+psycopg', '')}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{server}/{name}"


@pytest.fixture
def bank(made_bank: SqlBank) -> SqlBank:
    """The bank, empty."""
    with made_bank.engine().execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(text("DELETE FROM passage_words"))
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    return made_bank
