"""An embedder whose vectors are as dense as a real model's, each drawn from its text alone: no row is like another."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from vectorstore.centred import unit_rows
from vectorstore.embedder import Vectors

SIZE = 384


class SeededSense:
    name = f"seeded-{SIZE}"

    def documents(self, texts: Sequence[str]) -> Vectors:
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=SIZE) for text in texts]
        return unit_rows(np.array(rows, np.float32).reshape(-1, SIZE))

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self.documents(texts)
