"""Bringing the tables up to date, from the migrations inside this package, whoever else starts at the same moment."""

from __future__ import annotations

import sqlite3
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
    with in_plain_words(), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            _without_foreign_keys(connection)
        else:
            _one_at_a_time(connection)


def _one_at_a_time(connection: Connection) -> None:
    with connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:ours)"), {"ours": _ONE_AT_A_TIME})
        _upgrade(connection)


def _without_foreign_keys(connection: Connection) -> None:
    # SQLite changes a table by copying and dropping it; with foreign keys on, dropping would empty its children.
    raw = cast(sqlite3.Connection, connection.connection.driver_connection)
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.execution_options(**{WRITES: True}).begin():
            _upgrade(connection)
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as cause:
        raise NotAvailable("La base de données vient d'une version plus récente de Vécu ; installez cette version.",
                           "The database comes from a newer version of Vécu; install that version.") from cause
