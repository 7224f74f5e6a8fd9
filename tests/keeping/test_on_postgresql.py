"""An archive does not know which database it came from, nor which it goes to."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.steps.find import Find, Wanted
from tests.contracts.conftest import PROGRAMS, _database, postgres_url  # noqa: F401 - a fixture
from tests.keeping.conftest import TITLE, House, media_of, put_back, rows_of

if PROGRAMS:
    @pytest.mark.slow
    def test_a_backup_of_sqlite_is_restored_into_postgresql_and_back(
            house: House, tmp_path: Path, postgres_url: str) -> None:
        """Row for row and byte for byte, both ways, and work goes on there."""
        file = house.back_up()
        with house.other("grown", _database(postgres_url, "grown")) as grown:
            put_back(grown, file)
            assert rows_of(grown, tmp_path / "grown-rows") == rows_of(house.tools, tmp_path / "rows")
            assert media_of(grown) == media_of(house.tools)
            found = Find(grown).run(house.small.asker("Camille"), Wanted("Lœwenstein lumière"))
            assert [each.story.title for each in found.found][:1] == [TITLE]
            there = House(type(house.small)(grown, house.small.clock, house.small.people), tmp_path)
            there.small.sign("Camille", there.write("Après", "La suite s'écrit ici."), house.small.scope())
            back = there.back_up("back.tar")
            with house.other("small-again") as again:
                put_back(again, back)
                assert rows_of(again, tmp_path / "again-rows") == rows_of(grown, tmp_path / "grown-rows-2")
                assert media_of(again) == media_of(house.tools)
