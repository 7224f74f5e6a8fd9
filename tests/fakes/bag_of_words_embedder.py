"""An embedder for which two texts are as close as the words they share; it counts what it is asked."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from vectorstore.embedder import Vectors

SIZE = 256


class BagOfWordsEmbedder:
    name = f"bag-of-words-{SIZE}"

    def __init__(self) -> None:
        self.texts_read = 0

    def documents(self, texts: Sequence[str]) -> Vectors:
        self.texts_read += len(texts)
        rows = np.zeros((len(texts), SIZE), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().replace(".", " ").replace(",", " ").split():
                row[zlib.crc32(word.encode()) % SIZE] += 1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Vectors = rows / np.where(lengths == 0, 1, lengths)
        return unit

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self.documents(texts)
