"""Even-handed between languages: what a text says, with the language it says it in taken out.

multilingual-e5 prefers its own language: in a mixed library a French question seldom reached an English story. So the
mean vector of everyday texts of a language is taken off every vector of that language, one mean for questions and one
for passages. Both come from a fixed list of texts, never from the stories. A mean of the stories themselves ranked a
shade better (MRR .61 against .60 on 67 questions); but with fixed ones a vector depends on its own text alone: the
first story of an empty company is as findable as the thousandth, none must be touched when others come or go, and a
forgotten story leaves no trace in the others' vectors. The list is part of the model's name, and thereby of the
collection's: changing it starts a new collection, which `vecu reindex` fills.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from story_bank.language import Language
from vectorstore.embedder import Embedder, Vectors


class CentredEmbedder:
    """Keep the promise of `Embedder` over another one; the language of a text is that of the nearest mean."""

    def __init__(self, embedder: Embedder, everyday: Mapping[Language, Sequence[str]]) -> None:
        self._embedder = embedder
        self._everyday = [list(texts) for _, texts in sorted(everyday.items()) if texts]
        self._means: dict[str, Vectors] = {}
        self._measuring = threading.Lock()

    @property
    def name(self) -> str:
        """The other one's name and a mark of the everyday texts."""
        mark = hashlib.sha256("\n\n".join("\n".join(texts) for texts in self._everyday).encode()).hexdigest()[:6]
        return f"{self._embedder.name}-{mark}"

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a passage, shape (len(texts), dimension)."""
        return self._centred(self._embedder.documents(texts), "documents", self._embedder.documents)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, shape (len(texts), dimension)."""
        return self._centred(self._embedder.queries(texts), "queries", self._embedder.queries)

    def _centred(self, vectors: Vectors, kind: str, embed: Callable[[Sequence[str]], Vectors]) -> Vectors:
        if not self._everyday or not len(vectors):
            return vectors
        with self._measuring:
            if kind not in self._means:
                self._means[kind] = np.stack([embed(texts).mean(axis=0) for texts in self._everyday])
        means = self._means[kind]
        nearest = (vectors @ unit_rows(means).T).argmax(axis=1)
        return unit_rows(vectors - means[nearest])


def unit_rows(vectors: Vectors) -> Vectors:
    """Return the rows scaled to length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.where(lengths < 1e-12, 1, lengths)).astype(np.float32)
    return unit
