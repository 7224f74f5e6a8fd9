"""Open an index folder and use everything in it: exits 0 when that works, else with an error or a crash.

Run by `vectorstore.chroma.healthy` in a process of its own, on a folder that nobody owns.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

SAMPLE, NEIGHBOURS, SAME = 50, 10, 0.001
"""Passages that must find themselves, and how many others beside; the cosine distance that counts as oneself."""


def probe(folder: Path) -> None:
    """Check the table, then count, read and search every collection; raise whatever goes wrong."""
    import chromadb
    from chromadb.config import Settings

    with sqlite3.connect(folder / "chroma.sqlite3") as table:
        if table.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise SystemExit(4)
    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    for collection in client.list_collections():
        held = collection.get(limit=SAMPLE, include=["embeddings"])
        if not held["ids"]:
            continue
        wanted = min(collection.count(), NEIGHBOURS)
        found = collection.query(query_embeddings=held["embeddings"], n_results=wanted, include=["distances"])
        if any(len(distances) < wanted or distances[0] > SAME for distances in found["distances"]):
            raise SystemExit(5)


if __name__ == "__main__":
    probe(Path(sys.argv[1]))
