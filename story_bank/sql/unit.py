"""One unit of work on a connection: reading until the first write, then holding the right to write until commit.

On SQLite a reading transaction that turns to writing can fail at once when someone wrote meanwhile, whatever the busy
timeout; so the first write lets the reading transaction go and begins a writing one. On both databases a later read
may therefore see more than an earlier one: what must hold at commit is read after `claim`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Executable, Row, Table, literal, text
from sqlalchemy.dialects import postgresql, sqlite

from story_bank.sql.engine import WRITES
from story_bank.sql.traces import Traces, owing
from story_bank.sql.troubles import in_plain_words

AT_ONCE = 500
"""Ids asked for in one statement; SQLite takes at most 32,766 values."""


class Unit:
    """Runs statements and translates what goes wrong; nothing is kept unless `commit` is called."""

    def __init__(self, connection: Connection, now: Callable[[], datetime], traces: Traces) -> None:
        self.now = now
        self._connection = connection
        self._traces = traces
        self._writing = False
        self._erased = False

    @property
    def on_sqlite(self) -> bool:
        """Tell which of the two databases this is."""
        return self._connection.dialect.name == "sqlite"

    def rows(self, statement: Executable, values: Mapping[str, object] | None = None) -> Sequence[Row[Any]]:
        """Read every row of a query."""
        with in_plain_words():
            return self._connection.execute(statement, values or {}).all()

    def row(self, statement: Executable) -> Row[Any] | None:
        """Read the first row of a query, if any."""
        with in_plain_words():
            return self._connection.execute(statement).first()

    def write(self, statement: Executable, values: Sequence[Mapping[str, object]] | None = None) -> int:
        """Run a statement that changes rows; return how many it changed."""
        self._begin_writing()
        with in_plain_words():
            done = self._connection.execute(statement, values) if values else self._connection.execute(statement)
            return cast("CursorResult[Any]", done).rowcount

    def put(self, table: Table, values: Mapping[str, object]) -> None:
        """Add a row, or replace the one with the same primary key."""
        keys = [column.name for column in table.primary_key]
        rest = {name: value for name, value in values.items() if name not in keys}
        made = self._insert(table).values(**values)
        self.write(made.on_conflict_do_update(index_elements=keys, set_=rest))

    def add_if_new(self, table: Table, values: Mapping[str, object]) -> bool:
        """Add a row unless one with the same key or unique columns is there; tell whether it was added."""
        added = self._insert(table).values(**values).on_conflict_do_nothing().returning(literal(1))
        self._begin_writing()
        return bool(self.rows(added))

    def claim(self, *about: str) -> None:
        """Begin writing and wait for anyone who is changing the same thing, so that what is read next holds."""
        self._begin_writing()
        if not self.on_sqlite:
            self.rows(text("SELECT pg_advisory_xact_lock(hashtextextended(:about, 0))"), {"about": "\n".join(about)})

    def erasing(self) -> None:
        """Remember that words were erased, so that commit also clears what SQLite's files keep of them."""
        self._erased = True
        if self.on_sqlite:
            [(number,)] = self.rows(text("PRAGMA user_version"))
            self.write(text(f"PRAGMA user_version = {owing(number)}"))

    def commit(self) -> None:
        """Keep everything done so far; it is on the disk when this returns."""
        with in_plain_words():
            self._connection.commit()
        self._writing = False
        self._connection.execution_options(**{WRITES: False})
        if self.on_sqlite:
            self._traces.clear(cast(sqlite3.Connection, self._connection.connection.driver_connection),
                               waiting=self._erased)
        self._erased = False

    def _begin_writing(self) -> None:
        if self._writing:
            return
        if self.on_sqlite:
            with in_plain_words():
                self._connection.rollback()
                self._connection.execution_options(**{WRITES: True})
                self._connection.begin()
        self._writing = True

    def _insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        return sqlite.insert(table) if self.on_sqlite else postgresql.insert(table)


class Rows:
    """What each group of tables builds on."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit


def in_turn(ids: Collection[str]) -> Iterator[list[str]]:
    """Yield distinct ids in lists that fit into one statement."""
    rest = iter(dict.fromkeys(ids))
    while part := list(islice(rest, AT_ONCE)):
        yield part
