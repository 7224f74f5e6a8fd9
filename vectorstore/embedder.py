"""Embedding: the promise to turn texts into unit vectors whose closeness is closeness of meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Loads its model on first use (`NotAvailable` when none is in reach)."""

    @property
    def name(self) -> str:
        """Model name and dimension, fit for a collection name, e.g. "multilingual-e5-small-384"."""

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a passage, shape (len(texts), dimension)."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, shape (len(texts), dimension)."""
