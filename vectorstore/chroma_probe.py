"""Open an index folder and use everything in it: exits 0 when that works, else with an error or a crash.

Run by `vectorstore.chroma.healthy` in a process of its own, on a folder that nobody owns.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path


def probe(folder: Path) -> None:
    """Check the table, then count, read and search every collection; raise whatever goes wrong."""
    import chromadb
    from chromadb.config import Settings

    with sqlite3.connect(folder / "chroma.sqlite3") as table:
        if table.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise SystemExit(4)
    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    for collection in client.list_collections():
        held = collection.get(limit=1, include=["embeddings"])
        if not held["ids"]:
            continue
        near = collection.query(query_embeddings=held["embeddings"], n_results=min(collection.count(), 10))
        if len(near["ids"][0]) < min(collection.count(), 10):
            raise SystemExit(5)


if __name__ == "__main__":
    probe(Path(sys.argv[1]))
