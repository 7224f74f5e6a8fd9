"""Rows as a file that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_RUNS = frozenset("=+-@＝＋－＠")
"""A cell that begins so is run by a spreadsheet as a formula."""


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as a spreadsheet opens them where the comma is the decimal mark, as in France.

    Semicolons, UTF-8 with its mark, every cell quoted and on one line; a cell that would be run as a formula begins
    with an apostrophe (OWASP, CSV injection).
    """
    written = io.StringIO()
    sheet = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet.writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """Return the text of a cell on one line, such that no spreadsheet runs it."""
    line = " ".join(cell.replace("\0", "").split())
    return f"'{line}" if line[:1] in _RUNS else line
