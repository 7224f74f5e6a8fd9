"""A story index that lives in a dictionary and compares with every vector."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from story_bank.ids import StoryId
from story_bank.language import Language
from vectorstore.embedder import Vectors
from vectorstore.story_index import Neighbour


class InMemoryIndex:
    def __init__(self) -> None:
        self._stories: dict[StoryId, Vectors] = {}

    def put(self, story_id: StoryId, language: Language, vectors: Vectors) -> None:
        self._stories[story_id] = np.array(vectors, np.float32)

    def remove(self, story_ids: Collection[StoryId]) -> None:
        for story_id in story_ids:
            self._stories.pop(story_id, None)

    def forget(self, story_ids: Collection[StoryId]) -> None:
        self.remove(story_ids)

    def near(self, vector: Vectors, limit: int) -> list[Neighbour]:
        found = [Neighbour(story_id, number, float(row @ vector))
                 for story_id, rows in self._stories.items() for number, row in enumerate(rows)]
        return sorted(found, key=lambda one: -one.closeness)[:limit]

    def vectors_of(self, story_ids: Collection[StoryId]) -> dict[StoryId, Vectors]:
        return {story_id: self._stories[story_id] for story_id in story_ids if story_id in self._stories}

    def story_ids(self) -> Sequence[StoryId]:
        return [story_id for story_id, rows in self._stories.items() if len(rows)]

    def count(self) -> int:
        return sum(len(rows) for rows in self._stories.values())

    def close(self) -> None:
        return None
