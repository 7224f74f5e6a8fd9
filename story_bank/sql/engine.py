"""Opening the database: SQLite that keeps what it promised through a power cut, or PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from story_bank.errors import BadInput, NotAvailable
from story_bank.sql.troubles import AWAY

WRITES = "vecu_writes"
"""Execution option of a connection whose next transaction writes."""


def checked(url: str) -> URL:
    """Return the parsed address of a bank; `BadInput` for any engine but the two that are tested."""
    try:
        parsed = make_url(url)
    except ArgumentError as cause:
        raise _unknown() from cause
    on_disk = parsed.drivername in {"sqlite", "sqlite+pysqlite"} and parsed.database not in {None, "", ":memory:"}
    if on_disk and Path(str(parsed.database)).is_absolute():
        return parsed
    if parsed.drivername == "postgresql+psycopg":
        return parsed
    raise _unknown()


def _unknown() -> BadInput:
    return BadInput("L'adresse de la base doit être sqlite:////dossier/vecu.db ou postgresql+psycopg://… ; "
                    "corrigez-la.",
                    "The database address must be sqlite:////folder/vecu.db or postgresql+psycopg://…; correct it.")


def engine_for(url: URL, patience_s: float) -> Engine:
    """Return an engine that waits at most that many seconds for others; nothing is opened yet on PostgreSQL."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, patience_s)
    waits = f"-c lock_timeout={int(patience_s * 1000)}"
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=30, pool_timeout=patience_s,
                         connect_args={"connect_timeout": 10, "options": waits}, hide_parameters=True)


def _sqlite(url: URL, patience_s: float) -> Engine:
    _private_file(Path(str(url.database)))
    engine = create_engine(url, pool_size=10, max_overflow=30, pool_timeout=patience_s, hide_parameters=True,
                           connect_args={"timeout": patience_s})

    @event.listens_for(engine, "connect")
    def _prepare(raw: sqlite3.Connection, _record: Any) -> None:
        # Python's own transaction guessing is switched off: `_begin` says when one starts.
        raw.isolation_level = None
        _write_ahead(raw, patience_s)
        for rule in ("foreign_keys = ON", "synchronous = FULL", "fullfsync = ON", "secure_delete = ON"):
            raw.execute(f"PRAGMA {rule}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _private_file(path: Path) -> None:
    """Make the file before SQLite does, readable by its owner alone; its log inherits the mode."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError as cause:
        raise NotAvailable(*AWAY) from cause


def _write_ahead(raw: sqlite3.Connection, patience_s: float) -> None:
    # Changing the mode of a new file does not heed the busy timeout, so two first starters take turns here.
    until = time.monotonic() + patience_s
    while True:
        try:
            raw.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as busy:
            if "locked" not in str(busy) or time.monotonic() > until:
                raise
            time.sleep(0.02)
