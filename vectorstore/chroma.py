"""The story index on Chroma: a server on loopback or elsewhere (a folder of one's own: see `chroma_folder`).

It holds ids and vectors, never text, and never the truth: whatever goes wrong, it is rebuilt from the bank. Chroma
does not erase what is deleted, so forgetting for good writes everything else anew (see `chroma_folder`).
"""

from __future__ import annotations

import http.client
import os
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import numpy as np

from story_bank.errors import NotAvailable
from story_bank.ids import StoryId
from story_bank.language import Language
from vectorstore.embedder import Vectors
from vectorstore.story_index import Neighbour

ANSWER_WITHIN_S = 30.0
SHAPE: dict[str, Any] = {"hnsw": {"space": "cosine", "ef_search": 200}}
"""How a collection is made; everywhere the same, for it cannot be changed afterwards."""
_AT_ONCE = 100
"""Stories named in one request, below the 999 variables that an SQLite query may hold."""
_PAGE = 1000

Answer = TypeVar("Answer")


class ChromaIndex:
    """Keep the promise of `StoryIndex`; connects on first use, so it may be made before the server answers."""

    def __init__(self, connect: Callable[[], Any], collection: str) -> None:
        """Take what makes a client, and the collection's name, which carries model and dimension."""
        self._connect, self._collection_name = connect, collection
        self._client: Any = None
        self._collection: Any = None
        self._connecting = threading.Lock()

    @classmethod
    def over_http(cls, host: str, port: int, collection: str) -> ChromaIndex:
        """Talk to a Chroma server."""
        return cls(lambda: http_client(host, port), collection)

    def close(self) -> None:
        """Let go of the server, whose client is only forgotten: another thread may be waiting for its answer."""
        with self._connecting:
            self._client = self._collection = None

    def put(self, story_id: StoryId, language: Language, vectors: Vectors) -> None:
        """Replace a story's passages: new ones are written before old ones beyond them go, so it is never absent."""
        rows = range(len(vectors))
        if len(vectors):
            self._ask(lambda collection: collection.upsert(
                ids=[f"{story_id}:{n}" for n in rows], embeddings=np.asarray(vectors, np.float32),
                metadatas=[{"story": story_id, "n": n, "lang": language} for n in rows]))
        held = self._ask(lambda collection: collection.get(where={"story": story_id}, include=[]))["ids"]
        extra = sorted(set(held) - {f"{story_id}:{n}" for n in rows})
        if extra:
            self._ask(lambda collection: collection.delete(ids=extra))

    def remove(self, story_ids: Collection[StoryId]) -> None:
        """Take stories out; ids that are not there are ignored."""
        for some in _batches(story_ids):
            self._ask(partial(_delete, some))

    def forget(self, story_ids: Collection[StoryId]) -> None:
        """Take stories out, and have a new collection take the old one's place.

        What the server's disk keeps of deleted collections is its administrator's to look after; the owner of a folder
        writes it anew (see `chroma_folder`).
        """
        self.remove(story_ids)
        self._ask(self._copy_on_the_server)

    def near(self, vector: Vectors, limit: int) -> list[Neighbour]:
        """Return the passages nearest to one query vector, nearest first; closeness is the cosine."""
        if limit < 1:
            return []
        found = self._ask(lambda collection: collection.query(
            query_embeddings=[np.asarray(vector, np.float32)], n_results=limit, include=["metadatas", "distances"]))
        return [Neighbour(StoryId(held["story"]), held["n"], 1.0 - distance)
                for held, distance in zip(found["metadatas"][0], found["distances"][0], strict=True)]

    def vectors_of(self, story_ids: Collection[StoryId]) -> dict[StoryId, Vectors]:
        """Return the stored passage vectors, in passage order; unknown stories are left out."""
        rows: dict[StoryId, dict[int, Vectors]] = {}
        for some in _batches(story_ids):
            found = self._ask(partial(_of_stories, some))
            for held, vector in zip(found["metadatas"], found["embeddings"], strict=True):
                rows.setdefault(StoryId(held["story"]), {})[held["n"]] = vector
        return {story: np.stack([held[n] for n in sorted(held)]).astype(np.float32) for story, held in rows.items()}

    def story_ids(self) -> Sequence[StoryId]:
        """Return every story that is in the index."""
        stories: dict[StoryId, None] = {}
        for begin in range(0, self.count(), _PAGE):
            found = self._ask(partial(_page, begin))
            stories |= dict.fromkeys(StoryId(held["story"]) for held in found["metadatas"])
        return list(stories)

    def count(self) -> int:
        """Return the number of passages."""
        return int(self._ask(lambda collection: collection.count()))

    def _ask(self, question: Callable[[Any], Answer]) -> Answer:
        """Put a question to the collection; when it was rebuilt meanwhile under a new id, look it up and ask again."""
        from chromadb.errors import ChromaError, NotFoundError

        try:
            try:
                return question(self._opened())
            except NotFoundError:
                self._collection = None
                return question(self._opened())
        except (ChromaError, http.client.HTTPException, OSError, ValueError, _http_error(),
                AttributeError, RuntimeError) as error:
            # The last two are what a client says that was closed while it was asked, or whose folder is damaged.
            self._collection = None
            _refuse(error)

    def _opened(self) -> Any:
        with self._connecting:
            if self._client is None:
                self._client = self._connect()
            if self._collection is None:
                self._collection = self._client.get_or_create_collection(
                    self._collection_name, embedding_function=None, configuration=SHAPE)
            return self._collection

    def _copy_on_the_server(self, old: Any) -> None:
        """Fill a new collection with what stays and give it the old one's name; `remove` has taken the rest out."""
        beside = f"{self._collection_name}-anew"
        if any(each.name == beside for each in self._client.list_collections()):
            self._client.delete_collection(beside)
        fresh = self._client.create_collection(beside, embedding_function=None, configuration=SHAPE)
        for begin in range(0, old.count(), _PAGE):
            page = old.get(limit=_PAGE, offset=begin, include=["metadatas", "embeddings"])
            fresh.add(ids=page["ids"], embeddings=page["embeddings"], metadatas=page["metadatas"])
        self._client.delete_collection(self._collection_name)
        fresh.modify(name=self._collection_name)
        self._collection = fresh


def _delete(stories: list[StoryId], collection: Any) -> None:
    collection.delete(where={"story": {"$in": stories}})


def _of_stories(stories: list[StoryId], collection: Any) -> Any:
    return collection.get(where={"story": {"$in": stories}}, include=["metadatas", "embeddings"])


def _page(begin: int, collection: Any) -> Any:
    return collection.get(limit=_PAGE, offset=begin, include=["metadatas"])


def serve_command(folder: Path, port: int) -> list[str]:
    """Return the command that serves the folder on loopback, as one process that owns it and dies with the caller."""
    server = Path(__file__).with_name("chroma_server.py")
    return [sys.executable, str(server), str(folder), str(port), str(os.getpid())]


def alive(host: str, port: int) -> bool:
    """Tell whether a Chroma server answers there; waits a second at most."""
    link = http.client.HTTPConnection(host, port, timeout=1)
    try:
        link.request("GET", "/api/v2/heartbeat")
        return link.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def http_client(host: str, port: int) -> Any:
    """Return a client of the server there, which waits for no answer for ever."""
    import chromadb
    from chromadb.config import Settings

    if host in ("127.0.0.1", "localhost", "::1"):
        _never_through_a_proxy(host)
    client = chromadb.HttpClient(host=host, port=port, settings=Settings(anonymized_telemetry=False))
    client._server._session.timeout = ANSWER_WITHIN_S  # Chroma waits for ever, and offers no setting for it
    return client


def _never_through_a_proxy(host: str) -> None:
    """Add loopback to NO_PROXY: Chroma's client would hand it to a company's HTTP_PROXY, and has no setting for it."""
    kept = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if host not in kept.split(","):
        os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(filter(None, [kept, host]))


def folder_client(folder: Path) -> Any:
    """Return a client that opens the folder in this process."""
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def _http_error() -> type[Exception]:
    import httpx

    return httpx.HTTPError


def _refuse(error: Exception) -> NoReturn:
    raise NotAvailable(
        "La recherche par le sens ne répond pas pour l’instant : réessayez dans un instant ; si cela dure, lancez "
        "« vecu doctor ».",
        "Search by meaning does not answer just now: try again in a moment; if it lasts, run “vecu doctor”.") from error


def _batches(story_ids: Collection[StoryId]) -> Iterator[list[StoryId]]:
    named = list(dict.fromkeys(story_ids))
    for begin in range(0, len(named), _AT_ONCE):
        yield named[begin:begin + _AT_ONCE]
