"""An index that went away is connected once more, and lets go of what it held first."""

from __future__ import annotations

import numpy as np
import pytest

from story_bank.errors import NotAvailable
from story_bank.ids import StoryId
from tests.fakes.in_memory_index import InMemoryIndex
from vectorstore.reached_index import ReachedIndex

ONE = np.ones((1, 4), np.float32) / 2


class GoneIndex(InMemoryIndex):
    """Answers nothing, and says whether it was let go."""

    closed = False

    def count(self) -> int:
        raise NotAvailable("Parti.", "Gone.")

    def close(self) -> None:
        self.closed = True


def test_a_server_that_came_back_is_asked_again() -> None:
    """The first connection fails, the second answers; the first was let go before."""
    gone, back = GoneIndex(), InMemoryIndex()
    back.put(StoryId("s"), "fr", ONE)
    connections = iter([gone, back])
    assert ReachedIndex(lambda: next(connections)).count() == 1
    assert gone.closed


def test_two_failures_are_told() -> None:
    """It does not try for ever."""
    with pytest.raises(NotAvailable):
        ReachedIndex(GoneIndex).count()
