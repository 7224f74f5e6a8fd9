"""The migrations make the tables that the models describe."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from story_bank.sql.bank import SqlBank
from story_bank.sql.tables import metadata

MADE_BY = "migrated"


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and str(name).startswith("passage_words"))


def test_migrations_and_models_agree(bank: SqlBank) -> None:
    """Alembic finds no difference in tables, columns, types, indexes or constraints."""
    with bank.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_word_table_is_there(bank: SqlBank) -> None:
    """Full text is made by the same migration."""
    with bank.engine().connect() as connection:
        assert inspect(connection).has_table("passage_words")
