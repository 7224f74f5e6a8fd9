"""Square codes made by segno."""

from __future__ import annotations

import segno

from studio.documents.square_code import Squares

BORDER = 4
"""Light squares around it: the norm's own (ISO/IEC 18004, 5.3.8)."""


def squares_of(text: str) -> Squares:
    """Return the squares of a text; a quarter of them may be dirty or torn (level Q)."""
    made = segno.make(text, error="q", micro=False, boost_error=False)
    return tuple(tuple(bool(each) for each in row) for row in made.matrix_iter(border=BORDER))
