"""Attempts: after a few wrong passwords, one waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from story_bank.errors import NotAllowed

MOST = 5
WINDOW = timedelta(minutes=15)
_REMEMBERED = 10_000
"""Keys kept at most, so that guessing names cannot fill the memory."""


class Attempts:
    """Counts failures by key (who is tried, and from where) within a sliding window; kept in memory alone."""

    def __init__(self, clock: Callable[[], datetime], most: int = MOST, window: timedelta = WINDOW) -> None:
        self.clock, self.most, self.window = clock, most, window
        self._failures: dict[str, list[datetime]] = {}

    def check(self, *keys: str) -> None:
        """Refuse (`NotAllowed`) when one of the keys has failed too often lately."""
        if any(len(self._recent(key)) >= self.most for key in keys):
            raise NotAllowed("Trop d'essais de suite ; attendez un quart d'heure, puis recommencez.",
                             "Too many attempts in a row; wait a quarter of an hour, then try again.")

    def failed(self, *keys: str) -> None:
        """Note a failure under each key."""
        for key in keys:
            self._failures[key] = [*self._recent(key), self.clock()]
        while len(self._failures) > _REMEMBERED:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, *keys: str) -> None:
        """Forget the failures under each key."""
        for key in keys:
            self._failures.pop(key, None)

    def _recent(self, key: str) -> list[datetime]:
        since = self.clock() - self.window
        return [moment for moment in self._failures.get(key, []) if moment > since]
