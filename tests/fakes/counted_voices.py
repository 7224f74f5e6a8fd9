"""An ear for voices that says how many it was told there are, at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from story_bank.transcript import Segment


class CountedVoices:
    """Counts as told; leaves segments unlabelled."""

    ready = True

    def __init__(self, number: int | None = 1) -> None:
        self.number = number

    def count(self, media: Path) -> int | None:
        return self.number

    def tell(self, media: Path, segments: Sequence[Segment], number: int) -> tuple[Segment, ...]:
        return tuple(segments)
