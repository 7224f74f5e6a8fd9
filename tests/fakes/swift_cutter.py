"""A cutting table that writes at once a small file saying what was asked, and notices being stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from media.cutter import ClipRecipe, Progress
from story_bank.errors import Cancelled


class SwiftCutter:
    """Remembers the recipes; `before_end` is called just before a clip is done."""

    def __init__(self, before_end: Callable[[], None] = lambda: None) -> None:
        self.recipes: list[ClipRecipe] = []
        self.normalised = 0
        self.before_end = before_end

    def normalise(self, source: Path, target: Path, poster: Path | None, *, progress: Progress = lambda _: None,
                  cancelled: Callable[[], bool] = lambda: False) -> int | None:
        self.normalised += 1
        target.write_bytes(b"playable")
        if poster is None:
            return None
        poster.write_bytes(b"poster")
        return 1

    def sound(self, source: Path, target: Path, *, cancelled: Callable[[], bool] = lambda: False) -> None:
        target.write_bytes(b"sound")

    def clip(self, source: Path, recipe: ClipRecipe, target: Path, *, progress: Progress = lambda _: None,
             cancelled: Callable[[], bool] = lambda: False) -> None:
        self.recipes.append(recipe)
        if cancelled():
            raise Cancelled
        target.write_bytes(repr(recipe).encode())
        progress(1.0)
        self.before_end()
