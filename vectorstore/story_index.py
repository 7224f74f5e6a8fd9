"""The index of meaning: ids and vectors only, never text; rebuildable from the bank, never the truth."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from story_bank.ids import StoryId
from story_bank.language import Language
from vectorstore.embedder import Vectors


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A passage near the question; closeness is a cosine, −1 to 1, greater is nearer."""

    story_id: StoryId
    passage: int
    closeness: float


class StoryIndex(Protocol):
    """One owner of the folder at any time. `NotAvailable` when it cannot be reached."""

    def put(self, story_id: StoryId, language: Language, vectors: Vectors) -> None:
        """Replace a story's passages, row n being passage n."""

    def remove(self, story_ids: Collection[StoryId]) -> None:
        """Take stories out: they are found no more; their bytes may stay in the folder."""

    def forget(self, story_ids: Collection[StoryId]) -> None:
        """Take stories out so that no byte of their vectors stays in the folder; returns once that is so.

        The rest is written anew into another folder, so it takes a moment; ids that are not there are ignored, the
        folder is written anew all the same (`remove` may have left bytes).
        """

    def near(self, vector: Vectors, limit: int) -> list[Neighbour]:
        """Return the passages nearest to one query vector, shape (dimension,), nearest first."""

    def vectors_of(self, story_ids: Collection[StoryId]) -> dict[StoryId, Vectors]:
        """Return the stored passage vectors, in passage order."""

    def story_ids(self) -> Sequence[StoryId]:
        """Return every story that is in the index."""

    def count(self) -> int:
        """Return the number of passages."""

    def close(self) -> None:
        """Let go of the server or folder; a second call does nothing."""
