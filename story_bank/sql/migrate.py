"""Bringing the tables up to date, from the migrations inside this package, whoever else starts at the same moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from story_bank.errors import NotAvailable
from story_bank.sql.engine import WRITES
from story_bank.sql.troubles import in_plain_words

MIGRATIONS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = 7_220_041
"""Any number of our own: PostgreSQL's advisory lock around a migration."""


def migrate(engine: Engine) -> None:
    """Apply every missing migration in one transaction; a second starter waits, then finds nothing left to do."""
    with in_plain_words(), alone(engine) as connection:
        upgrade(connection, "head")


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """Open one transaction in which tables may be changed, while no other process does the same."""
    only = _without_foreign_keys if engine.dialect.name == "sqlite" else _one_at_a_time
    with engine.connect() as connection, only(connection):
        yield connection


@contextmanager
def _one_at_a_time(connection: Connection) -> Iterator[None]:
    with connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:ours)"), {"ours": _ONE_AT_A_TIME})
        yield


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    # SQLite changes a table by copying and dropping it; with foreign keys on, dropping would empty its children.
    raw = cast(sqlite3.Connection, connection.connection.driver_connection)
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.execution_options(**{WRITES: True}).begin():
            yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def upgrade(connection: Connection, revision: str) -> None:
    """Apply the migrations up to that revision, or to the newest ("head")."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as cause:
        raise NotAvailable("La base de données vient d'une version plus récente de Vécu ; installez cette version.",
                           "The database comes from a newer version of Vécu; install that version.") from cause
