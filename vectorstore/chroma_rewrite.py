"""Copy an index into a fresh folder: `python chroma_rewrite.py SOURCE TARGET`, ids to leave out on standard input.

SOURCE is `host:port` of a server, or a folder that nobody has open. Run by `vectorstore.chroma_folder` as a process of
its own, so that every file is closed and all memory returned when it ends; exits 0 only when the copy is whole.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    # Started by path, so that it runs from a checkout and from an installed wheel alike.
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from vectorstore.chroma import SHAPE, folder_client, http_client

_PAGE = 1000
_PLACE = re.compile(r"([^/\\]+):(\d+)")


def rewrite(source: str, target: Path, left_out: frozenset[str]) -> None:
    """Write every collection of the source anew, without the passages of the stories left out."""
    place = _PLACE.fullmatch(source)
    old = http_client(place[1], int(place[2])) if place else folder_client(Path(source))
    fresh = folder_client(target)
    for collection in old.list_collections():
        made = fresh.create_collection(collection.name, embedding_function=None, configuration=SHAPE)
        written = 0
        for rows in pages(collection, left_out):
            made.add(**rows)
            written += len(rows["ids"])
        if made.count() != written:
            raise SystemExit(4)
    fresh.close()


def pages(collection: Any, left_out: frozenset[str]) -> Iterator[dict[str, list[Any]]]:
    """Yield the rows of a collection page by page, without those of the stories left out."""
    read, every = 0, collection.count()
    for begin in range(0, every, _PAGE):
        page = collection.get(limit=_PAGE, offset=begin, include=["metadatas", "embeddings"])
        read += len(page["ids"])
        stays = [n for n, held in enumerate(page["metadatas"]) if held["story"] not in left_out]
        if stays:
            yield {part: [page[part][n] for n in stays] for part in ("ids", "embeddings", "metadatas")}
    if read != every:  # somebody wrote meanwhile
        raise SystemExit(5)


if __name__ == "__main__":
    rewrite(sys.argv[1], Path(sys.argv[2]), frozenset(sys.stdin.read().split()))
