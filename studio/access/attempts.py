"""Attempts: after a few wrong passwords, or many links that open nothing, one waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from story_bank.errors import NotAllowed

MOST = 5
"""Failures about one person, or from one browser that they have used before."""
MOST_FROM_ONE_PLACE = 30
"""Failures from one address: a whole company may stand behind it."""
WINDOW = timedelta(minutes=15)
_REMEMBERED = 10_000
"""Keys kept at most, so that guessing names cannot fill the memory."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What is counted, and how often it may fail within the window."""

    key: str
    most: int = MOST


class Attempts:
    """Counts failures within a sliding window; kept in memory alone."""

    def __init__(self, clock: Callable[[], datetime], window: timedelta = WINDOW) -> None:
        self.clock, self.window = clock, window
        self._failures: dict[str, list[datetime]] = {}

    def check(self, *tried: Tried) -> None:
        """Refuse (`NotAllowed`) when one of them has failed too often lately."""
        if any(len(self._recent(each.key)) >= each.most for each in tried):
            raise NotAllowed("Trop d'essais de suite ; attendez un quart d'heure, puis recommencez.",
                             "Too many attempts in a row; wait a quarter of an hour, then try again.")

    def failed(self, *tried: Tried) -> None:
        """Note a failure of each."""
        for each in tried:
            self._failures[each.key] = [*self._recent(each.key), self.clock()][-each.most:]
        while len(self._failures) > _REMEMBERED:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, *tried: Tried) -> None:
        """Forget the failures of each."""
        for each in tried:
            self._failures.pop(each.key, None)

    def _recent(self, key: str) -> list[datetime]:
        since = self.clock() - self.window
        return [moment for moment in self._failures.get(key, []) if moment > since]
