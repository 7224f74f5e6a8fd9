"""What a paper says, before anything of how it looks; and the promise to print it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from story_bank.language import Language
from studio.documents.square_code import Squares


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is said under it, a line each."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignedText:
    """A text shown exactly as it was signed; its bytes are attached under `file_name`, so that its hash can be made."""

    heading: str
    text: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code that opens something: as one reads it, and the same as an address in squares for a phone."""

    heading: str
    text: str
    note: str
    address: str
    squares: Squares


@dataclass(frozen=True, slots=True)
class Receipt:
    """One act, in plain words first: what, then the text that was signed, then the way back, then the proof."""

    language: Language
    company: str
    title: str
    lead: str
    facts: tuple[Fact, ...]
    proof: tuple[Fact, ...]
    made_at: datetime
    """The moment of the act, aware: the same receipt is the same file, whenever it is printed."""
    name: str
    """What the file is called, without ending."""
    signed: SignedText | None = None
    way_back: Fact | None = None
    code: Code | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, and its share of the width beside the others."""

    title: str
    share: float


@dataclass(frozen=True, slots=True)
class Table:
    """A table over as many pages as it takes; a cell holds lines."""

    language: Language
    company: str
    title: str
    lead: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[str, ...], ...], ...]
    made_at: datetime
    name: str


class Printer(Protocol):
    """Makes PDF files: A4, tagged, in the paper's language, the same bytes for the same paper."""

    def receipt(self, receipt: Receipt) -> bytes:
        """Return the receipt, upright, on one page where it fits."""

    def table(self, table: Table) -> bytes:
        """Return the table, lying, its headings and numbers on every page."""
