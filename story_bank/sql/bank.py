"""The bank on SQLite or PostgreSQL: one adapter, the same promises on both."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast

from sqlalchemy import Engine

from story_bank.company import utc_now
from story_bank.sql.badges import BadgeRows
from story_bank.sql.consents import ConsentRows
from story_bank.sql.corners import CornerRows
from story_bank.sql.engine import checked, engine_for
from story_bank.sql.erasing import ErasingRows
from story_bank.sql.glossary import GlossaryRows
from story_bank.sql.jobs import JobRows
from story_bank.sql.makings import MakingRows
from story_bank.sql.people import PeopleRows
from story_bank.sql.shares import ShareRows
from story_bank.sql.stories import StoryRows
from story_bank.sql.tokens import TokenRows
from story_bank.sql.traces import Traces
from story_bank.sql.troubles import in_plain_words
from story_bank.sql.unit import Unit
from story_bank.sql.words import WordRows


class SqlWork(PeopleRows, TokenRows, BadgeRows, StoryRows, WordRows, ConsentRows, MakingRows, ShareRows, CornerRows,
              JobRows, GlossaryRows, ErasingRows):
    """One unit of work, for one thread."""

    def commit(self) -> None:
        """Keep everything done so far; after this it survives a power cut."""
        self._unit.commit()


class SqlBank:
    """A bank that any number of threads and processes may open; the database is touched when first needed."""

    def __init__(self, url: str, patience_s: float = 10.0, now: Callable[[], datetime] = utc_now) -> None:
        """Take `sqlite:////folder/vecu.db` or `postgresql+psycopg://…` (`BadInput` otherwise).

        `patience_s` is how long to wait for another writer before saying `NotAvailable`.
        """
        self._url = checked(url)
        self._patience_s = patience_s
        self._now = now
        self._traces = Traces(patience_s)
        self._engine: Engine | None = None
        self._making = threading.Lock()

    @contextmanager
    def open(self) -> Iterator[SqlWork]:
        """Begin a unit of work; leaving without commit forgets it. `NotAvailable` when locked, full or away."""
        with in_plain_words():
            connection = self.engine().connect()
        with connection:
            yield SqlWork(Unit(connection, self._now, self._traces))

    def migrate(self) -> None:
        """Make or update the tables; safe when several processes start at once."""
        # Alembic takes a fifth of a second to import, and only starting the studio needs it.
        from story_bank.sql.migrate import migrate

        migrate(self.engine())
        self._clear_traces()

    def copy_to(self, folder: Path) -> None:
        """Write everything as of one moment into the folder, one file a table (JSON lines), while others go on.

        Sessions are left out, and the full-text rows, which indexing makes again. `NotAvailable` when a disk is full.
        """
        from story_bank.sql.copying import copy_to

        copy_to(self.engine(), folder)

    def fill_from(self, folder: Path) -> None:
        """Replace everything by what `copy_to` wrote, on either database and by any version up to this one.

        `BadInput` for what it did not write; nothing is changed unless all of it could be read.
        """
        from story_bank.sql.copying import fill_from

        fill_from(self.engine(), folder)
        self._clear_traces()

    def close(self) -> None:
        """Let go of every connection; opening again is allowed."""
        with self._making:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None

    def _clear_traces(self) -> None:
        # A process that was killed may have left some.
        if self.engine().dialect.name == "sqlite":
            with in_plain_words(), self.engine().connect() as connection:
                self._traces.clear(cast(sqlite3.Connection, connection.connection.driver_connection), waiting=True)

    def engine(self) -> Engine:
        """Return the engine, made once."""
        with self._making:
            if self._engine is None:
                self._engine = engine_for(self._url, self._patience_s)
            return self._engine
