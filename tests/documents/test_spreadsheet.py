"""Rows in a spreadsheet: what was typed is never run."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.documents.spreadsheet import as_csv, harmless


@pytest.mark.parametrize("cell", ["=1+1", "+33 6", "-1", "@SUM(A1)", "\t=1", "\r\n=1", " =1", "＝1", "\0=1"])
def test_a_formula_is_only_text(cell: str) -> None:
    """CSV injection: whatever a spreadsheet would run begins with an apostrophe."""
    assert harmless(cell).startswith("'")


@given(st.lists(st.lists(st.text(max_size=40), min_size=3, max_size=3), min_size=1, max_size=8))
def test_rows_come_back_as_they_were(rows: list[list[str]]) -> None:
    """Semicolons, quotes and line ends in a cell never make another cell or row."""
    read = list(csv.reader(as_csv(rows).decode("utf-8-sig").splitlines(keepends=True), delimiter=";"))
    assert read == [[harmless(cell) for cell in row] for row in rows]
    assert not any(cell[:1] in set("=+-@") for row in read for cell in row)


def test_a_french_spreadsheet_opens_it() -> None:
    """UTF-8 with its mark and semicolons: accents and columns are right at a double click."""
    assert as_csv([("Métier", "Où")]) == "\ufeff\"Métier\";\"Où\"\r\n".encode()
