"""Square codes (QR, ISO/IEC 18004): what a phone reads an address from, as dark and light squares."""

from __future__ import annotations

from collections.abc import Callable

Squares = tuple[tuple[bool, ...], ...]
"""Rows of squares, True where dark, with the light border that readers need."""
SquareCode = Callable[[str], Squares]
"""Turns a text into its squares."""


def runs(squares: Squares) -> list[tuple[int, int, int]]:
    """Return the dark runs as (column, row, length)."""
    found = []
    for y, row in enumerate(squares):
        x = 0
        while x < len(row):
            wide = 0
            while x + wide < len(row) and row[x + wide]:
                wide += 1
            if wide:
                found.append((x, y, wide))
            x += wide or 1
    return found


def drawn(squares: Squares) -> str:
    """Return an SVG, dark on light in every theme; what it says stands beside it, so readers that speak skip it."""
    path = "".join(f"M{x} {y}h{wide}v1h-{wide}z" for x, y, wide in runs(squares))
    size = len(squares)
    return (f'<svg class="v-qr" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" aria-hidden="true">'
            f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path fill="#1c1a26" d="{path}"/></svg>')
