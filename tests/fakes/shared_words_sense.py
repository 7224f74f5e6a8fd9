"""Senses of meaning that need no model: one counts shared words, one sleeps."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from story_bank.errors import NotAvailable
from vectorstore.embedder import Vectors
from vectorstore.words import query_stems

SIZE = 512


@dataclass(frozen=True, slots=True)
class SharedWordsSense:
    """Texts are as close as the share of words they have in common."""

    name: str = "shared-words-512"

    def documents(self, texts: Sequence[str]) -> Vectors:
        return np.stack([_counted(text) for text in texts])

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self.documents(texts)


@dataclass(frozen=True, slots=True)
class SleepingSense:
    """No model is in reach."""

    name: str = "sleeping-512"

    def documents(self, texts: Sequence[str]) -> Vectors:
        raise NotAvailable("Le sens des mots dort ; « vecu doctor » dit comment le réveiller.",
                           "The sense of words sleeps; “vecu doctor” says how to wake it.")

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self.documents(texts)


def _counted(text: str) -> np.ndarray:
    counts = np.full(SIZE, 1e-3, dtype=np.float32)
    for stem in query_stems(text):
        counts[zlib.crc32(stem.encode()) % SIZE] += 1
    return counts / np.linalg.norm(counts)
