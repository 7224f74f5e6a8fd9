"""The story index on Chroma: a server on loopback or elsewhere, or a folder opened by its only owner.

It holds ids and vectors, never text, and never the truth: whatever goes wrong, it is rebuilt from the bank. Chroma
does not erase what is deleted, so forgetting for good is `reset` and a rebuild.
"""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any, NoReturn, TypeVar

import numpy as np

from story_bank.errors import NotAvailable
from story_bank.ids import StoryId
from story_bank.language import Language
from vectorstore.embedder import Vectors
from vectorstore.owner import LOCK_NAME, own
from vectorstore.story_index import Neighbour

ANSWER_WITHIN_S = 30.0
PROBE_WITHIN_S = 60.0
_AT_ONCE = 100
"""Stories named in one request, below the 999 variables that an SQLite query may hold."""
_PAGE = 5000

Answer = TypeVar("Answer")


class ChromaIndex:
    """Keep the promise of `StoryIndex`; connects on first use, so it may be made before the server answers."""

    def __init__(self, connect: Callable[[], Any], collection: str, lock: IO[str] | None = None) -> None:
        self._connect, self._collection_name, self._lock = connect, collection, lock
        self._client: Any = None
        self._collection: Any = None
        self._connecting = threading.Lock()

    @classmethod
    def over_http(cls, host: str, port: int, collection: str) -> ChromaIndex:
        """Talk to a Chroma server; `collection` carries model and dimension."""
        return cls(lambda: _http_client(host, port), collection)

    @classmethod
    def in_folder(cls, folder: Path, collection: str) -> ChromaIndex:
        """Own the folder and open it in this process until `close()`; `NotAvailable` when somebody else owns it."""
        lock = own(folder)
        return cls(lambda: _folder_client(folder), collection, lock)

    def close(self) -> None:
        """Let go of the server or folder; a second call does nothing.

        A folder's client is closed, so that its lock says the truth. A server's is only forgotten: another thread may
        be waiting for its answer.
        """
        with self._connecting:
            if self._client is not None and self._lock is not None:
                self._client.close()
            self._client = self._collection = None
            if self._lock is not None:
                self._lock.close()

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
            if self._lock is not None and self._lock.closed:
                raise RuntimeError("this folder was let go")
            if self._client is None:
                self._client = self._connect()
            if self._collection is None:
                self._collection = self._client.get_or_create_collection(
                    self._collection_name, embedding_function=None,
                    configuration={"hnsw": {"space": "cosine", "ef_search": 200}})
            return self._collection


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


def healthy(folder: Path) -> bool:
    """Tell whether a folder that nobody owns can be opened, searched and written; a missing or empty one can.

    Asked in a process of its own, because opening a damaged folder can end the process that tries (seen).
    """
    if not (folder / "chroma.sqlite3").exists():
        # Vectors without their table are what a crash or a careful hand left: nothing can be found through them.
        return not folder.is_dir() or all(entry.name == LOCK_NAME for entry in folder.iterdir())
    try:
        done = subprocess.run([sys.executable, str(Path(__file__).with_name("chroma_probe.py")), str(folder)],
                              timeout=PROBE_WITHIN_S, capture_output=True, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def reset(folder: Path) -> None:
    """Empty a folder that nobody owns; the caller then rebuilds the index from the bank."""
    with own(folder):
        _empty(folder)


def mended(folder: Path) -> bool:
    """Empty a folder that cannot be used, and tell whether it was so; the index is then rebuilt from the bank.

    `NotAvailable` when somebody else owns the folder: it is looked at by its owner alone.
    """
    with own(folder):
        if healthy(folder):
            return False
        _empty(folder)
        return True


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != LOCK_NAME:
            entry.unlink()


def _http_client(host: str, port: int) -> Any:
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


def _folder_client(folder: Path) -> Any:
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
