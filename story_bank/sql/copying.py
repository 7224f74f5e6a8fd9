"""A copy of everything as of one moment, and filling a bank from one: JSON lines that either database can read.

A copy is a folder with one file a table and `copy.json`: the revision of the tables, and for each file its rows and
its SHA-256. Moments are ISO 8601 in UTC. Two things are left out: sessions, because one that has been ended since
would open again; and the full-text rows, which indexing makes again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Select,
    Table,
    func,
    inspect,
    select,
    text,
)

from story_bank.errors import BadInput, Conflict, NotAvailable, NotFound
from story_bank.sql.migrate import MIGRATIONS, alone, upgrade
from story_bank.sql.tables import Moment, metadata, tokens
from story_bank.sql.traces import owing
from story_bank.sql.troubles import FULL, in_plain_words

_HEADER = "copy.json"
_AT_ONCE = 500
_SESSIONS = ("session", "corner")


@dataclass(frozen=True, slots=True)
class _Header:
    revision: str
    files: dict[str, dict[str, Any]]
    """For each table: the number of rows and the SHA-256 of its file."""


def copy_to(engine: Engine, folder: Path) -> None:
    """Write everything as of one moment into the folder; others read and write meanwhile (`NotAvailable`: disk)."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with in_plain_words(), engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
                files = {table.name: _write(connection, table, folder) for table in metadata.sorted_tables}
        # Written last: a folder without it is no copy.
        (folder / _HEADER).write_text(json.dumps({"revision": revision, "files": files}, indent=1), "utf-8")
    except OSError as cause:
        raise NotAvailable(*FULL) from cause


def fill_from(engine: Engine, folder: Path) -> None:
    """Replace everything by a copy, in one transaction; a copy of an older version is brought up to date.

    `BadInput` for a folder that is no copy, was altered or comes from a newer version; nothing is changed then.
    """
    header = _header(folder)
    with in_plain_words(), alone(engine) as connection:
        _drop(connection)
        upgrade(connection, header.revision)
        try:
            _load(connection, header, folder)
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError, NotFound, Conflict) as cause:
            raise _no_copy() from cause
        upgrade(connection, "head")


def _write(connection: Connection, table: Table, folder: Path) -> dict[str, object]:
    found = connection.execution_options(yield_per=_AT_ONCE).execute(_all(table)).mappings()
    digest, count = hashlib.sha256(), 0
    with _file(folder, table.name).open("wb") as file:
        for row in found:
            line = json.dumps(dict(row), ensure_ascii=False, default=_spelled).encode() + b"\n"
            digest.update(line)
            file.write(line)
            count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


def _all(table: Table) -> Select[Any]:
    query = select(table).order_by(*table.primary_key)
    return query.where(tokens.c.kind.not_in(_SESSIONS)) if table is tokens else query


def _spelled(value: date | datetime) -> str:
    return value.isoformat()


def _header(folder: Path) -> _Header:
    try:
        header = _Header(**json.loads((folder / _HEADER).read_text("utf-8")))
        altered = [name for name, file in header.files.items() if _digest(_file(folder, name)) != file["sha256"]]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as cause:
        raise _no_copy() from cause
    if header.revision not in {each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}:
        raise BadInput("Cette sauvegarde vient d'une version plus récente de Vécu ; installez cette version.",
                       "This backup comes from a newer version of Vécu; install that version.")
    if altered or not header.files:
        raise _no_copy()
    return header


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _drop(connection: Connection) -> None:
    for name in ("passage_words", "alembic_version"):
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    metadata.drop_all(connection)


def _load(connection: Connection, header: _Header, folder: Path) -> None:
    if not set(header.files) <= set(inspect(connection).get_table_names()):
        raise _no_copy()
    kept = MetaData()
    kept.reflect(connection, only=sorted(header.files))
    with in_plain_words():
        for table in kept.sorted_tables:
            if table.name in header.files:
                _read(connection, table, folder)
    if connection.dialect.name == "sqlite":
        _check(connection)


def _read(connection: Connection, table: Table, folder: Path) -> None:
    for column in table.columns:
        if isinstance(column.type, DateTime):
            column.type = Moment()
        elif isinstance(column.type, JSON):
            column.type = JSON(none_as_null=True)
    with _file(folder, table.name).open("rb") as file:
        rows = (_row(table, json.loads(line)) for line in file)
        while part := list(islice(rows, _AT_ONCE)):
            connection.execute(table.insert(), part)
    if connection.dialect.name == "postgresql":
        _count_on(connection, table)


def _check(connection: Connection) -> None:
    if connection.execute(text("PRAGMA foreign_key_check")).first():
        raise _no_copy()
    number = connection.execute(text("PRAGMA user_version")).scalar_one()
    # What was there before is replaced as if it were erased.
    connection.execute(text(f"PRAGMA user_version = {owing(number)}"))


def _row(table: Table, said: dict[str, Any]) -> dict[str, Any]:
    return {name: _meant(table.c[name].type, value) for name, value in said.items()}


def _meant(kind: object, value: Any) -> Any:
    if value is not None and isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    if value is not None and isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(value, list | dict) and not isinstance(kind, JSON):
        raise TypeError("several values where one is kept")
    return value


def _count_on(connection: Connection, table: Table) -> None:
    # Numbers were given, not counted: the next one that PostgreSQL counts must come after them.
    for column in table.primary_key:
        if isinstance(column.type, Integer):
            counter = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(counter, func.max(column))))


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.jsonl"


def _no_copy() -> BadInput:
    return BadInput("Ce dossier n'est pas une copie de la base, ou elle a été modifiée ; prenez une autre sauvegarde.",
                    "This folder is no copy of the database, or it was altered; take another backup.")
