"""An index that is connected when first needed and again after its server went away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TypeVar

from story_bank.errors import NotAvailable
from story_bank.ids import StoryId
from story_bank.language import Language
from vectorstore.embedder import Vectors
from vectorstore.story_index import Neighbour, StoryIndex

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Turns:
    """Whose turn it is, between processes: many may write at once, but nobody while all is written anew."""

    to_write: Callable[[], AbstractContextManager[object]] = nullcontext
    to_forget: Callable[[], AbstractContextManager[object]] = nullcontext
    """Waits for those who write, and keeps them waiting; not needed where whoever writes anew takes that turn."""


class ReachedIndex:
    """Asks a connected index; when it cannot be reached, connects once more before giving up."""

    def __init__(self, connect: Callable[[], StoryIndex], turns: Turns = Turns(),
                 forget: Callable[[Collection[StoryId]], None] | None = None) -> None:
        """Take how to connect and whose turn it is; and, where a folder's owner is in reach, how it is told to forget.

        Connecting may need the model, which may sleep; forgetting by `forget` does not.
        """
        self._connect, self._turns, self._forget = connect, turns, forget
        self._index: StoryIndex | None = None
        self._lock = threading.Lock()

    def put(self, story_id: StoryId, language: Language, vectors: Vectors) -> None:
        """Replace a story's passages."""
        with self._turns.to_write():
            self._ask(lambda index: index.put(story_id, language, vectors))

    def remove(self, story_ids: Collection[StoryId]) -> None:
        """Take stories out."""
        with self._turns.to_write():
            self._ask(lambda index: index.remove(story_ids))

    def forget(self, story_ids: Collection[StoryId]) -> None:
        """Take stories out so that no byte of their vectors stays."""
        with self._turns.to_forget():
            if self._forget is not None:
                self.close()  # the folder, if it is open here, is let go; afterwards another one is in its place
                self._forget(story_ids)
                return
            self._ask(lambda index: index.remove(story_ids))  # found no more at once; and a server that moved is found
            self._connected().forget(story_ids)

    def near(self, vector: Vectors, limit: int) -> list[Neighbour]:
        """Return the nearest passages."""
        return self._ask(lambda index: index.near(vector, limit))

    def vectors_of(self, story_ids: Collection[StoryId]) -> dict[StoryId, Vectors]:
        """Return stored vectors."""
        return self._ask(lambda index: index.vectors_of(story_ids))

    def story_ids(self) -> Sequence[StoryId]:
        """Return every story in the index."""
        return self._ask(lambda index: index.story_ids())

    def count(self) -> int:
        """Return the number of passages."""
        return self._ask(lambda index: index.count())

    def close(self) -> None:
        """Let go of what was connected; the next question connects again."""
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index = None

    def _ask(self, question: Callable[[StoryIndex], Answer]) -> Answer:
        index = self._connected()
        try:
            return question(index)
        except NotAvailable:
            self._let_go(index)
            return question(self._connected())

    def _let_go(self, index: StoryIndex) -> None:
        with self._lock:
            if self._index is index:
                index.close()
                self._index = None

    def _connected(self) -> StoryIndex:
        with self._lock:
            if self._index is None:
                self._index = self._connect()
            return self._index
