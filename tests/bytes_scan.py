"""A scan of every byte of a folder for what should be gone: words in every usual spelling, files, and vectors.

It is also run by `bench/forgetting.py`. What it looks for is short and repeated in what was stored, so that a database
page that ends in the middle of one does not hide the others.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WINDOW, EVERY, NEAR = 8, 48, 1e-6
"""Numbers of a vector that must follow one another, at how many places of it they are looked for, and how near."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What should be nowhere; `vectors` has a row for each."""

    words: Sequence[str] = ()
    pieces: Sequence[bytes] = ()
    vectors: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 0), np.float32))


@dataclass(frozen=True, slots=True)
class Find:
    """What was found where, in which spelling."""

    file: str
    spelling: str
    sought: str


def scan(folder: Path, sought: Sought) -> list[Find]:
    """Return everything that is found in any file under the folder, each once a file and spelling."""
    spelt = [(spelling, word, raw) for word in sought.words for spelling, raw in spellings(word)]
    spelt += [("bytes", piece[:12].hex(), piece) for piece in sought.pieces]
    rows = _Rows(sought.vectors)
    found: list[Find] = []
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        try:
            content = file.read_bytes()
        except FileNotFoundError:  # a running studio has taken it away since
            continue
        name = str(file.relative_to(folder))
        found += [Find(name, spelling, word) for spelling, word, raw in spelt if raw in content]
        found += [Find(name, "float32", f"row {row}") for row in rows.found_in(content)]
    return found


def spellings(word: str) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes of a word in UTF-8, UTF-16, JSON with and without escapes, and base64 wherever it begins."""
    plain = word.encode()
    yield "utf-8", plain
    yield "utf-16-le", word.encode("utf-16-le")
    yield "utf-16-be", word.encode("utf-16-be")
    escaped = json.dumps(word)[1:-1]
    if escaped != word:
        yield "json", escaped.encode()
        yield "JSON", "".join(each.upper().replace("\\U", "\\u") if each.startswith("\\u") else each
                              for each in _escapes(escaped)).encode()
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + plain)
        first, last = -(-before * 4 // 3), (before + len(plain)) * 8 // 6
        yield f"base64+{before}", whole[first:last]


def _escapes(text: str) -> Iterable[str]:
    at = 0
    while at < len(text):
        long = 6 if text.startswith("\\u", at) else 1
        yield text[at:at + long]
        at += long


class _Rows:
    """Vectors to be found as float32, whole or in part, and also where a last bit was rounded otherwise."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        starts = range(0, max(0, vectors.shape[1] - WINDOW), EVERY) if len(vectors) else ()
        pieces = [(row[at:at + WINDOW], number) for number, row in enumerate(vectors) for at in starts]
        pieces.sort(key=lambda piece: float(piece[0][0]))
        self._pieces = np.array([piece for piece, _ in pieces], np.float32).reshape(-1, WINDOW)
        self._row_of = [number for _, number in pieces]

    def found_in(self, content: bytes) -> list[int]:
        """Return the numbers of the rows of which a piece is there, at whatever offset."""
        rows: set[int] = set()
        if len(self._pieces):
            for shift in range(4):
                numbers = np.frombuffer(content[shift:shift + (len(content) - shift) // 4 * 4], "<f4")
                rows |= self._among(numbers)
        return sorted(rows)

    def _among(self, numbers: NDArray[np.float32]) -> set[int]:
        firsts = self._pieces[:, 0]
        starts = numbers[:max(0, len(numbers) - WINDOW + 1)]
        rows: set[int] = set()
        with np.errstate(invalid="ignore", over="ignore"):
            low, high = np.searchsorted(firsts, starts - NEAR), np.searchsorted(firsts, starts + NEAR, "right")
            for at in np.nonzero((high > low) & np.isfinite(starts))[0]:
                near = np.abs(self._pieces[low[at]:high[at]] - numbers[at:at + WINDOW]).max(axis=1) < NEAR
                rows |= {self._row_of[low[at] + number] for number in np.nonzero(near)[0]}
        return rows
