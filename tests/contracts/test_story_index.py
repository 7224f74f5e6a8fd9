"""The promise of StoryIndex, on the fake, on a Chroma folder and on a Chroma server."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from story_bank.errors import NotAvailable
from story_bank.ids import StoryId
from tests.fakes.in_memory_index import InMemoryIndex
from vectorstore.chroma import ChromaIndex, alive, serve_command
from vectorstore.chroma_folder import FolderIndex
from vectorstore.embedder import Vectors
from vectorstore.story_index import StoryIndex

pytestmark = pytest.mark.slow

SIZE = 16
COLLECTION = f"some-model-{SIZE}"
ONE, TWO, THREE = StoryId("one"), StoryId("two"), StoryId("three")


def towards(*directions: int) -> Vectors:
    """Return unit vectors, one along each numbered axis."""
    return np.eye(SIZE, dtype=np.float32)[list(directions)]


@contextmanager
def served(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the server until it answers; kill it at the end."""
    server = subprocess.Popen(serve_command(folder, port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not alive("127.0.0.1", port):
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)
        yield server
    finally:
        server.kill()
        server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    with served(tmp_path_factory.mktemp("served"), port):
        yield port


@pytest.fixture(params=["fake", "folder", "server"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StoryIndex]:
    if request.param == "fake":
        yield InMemoryIndex()
        return
    if request.param == "folder":
        made = FolderIndex(tmp_path / "index", COLLECTION)
    else:
        port = request.getfixturevalue("server_port")
        made = ChromaIndex.over_http("127.0.0.1", port, f"{COLLECTION}-{request.node.name.split('[')[0]}"[:60])
    yield made
    made.close()


def test_nearest_passage_comes_first(index: StoryIndex) -> None:
    """The nearest passage is named with its story, its number and its cosine."""
    index.put(ONE, "fr", towards(0, 1))
    index.put(TWO, "en", towards(2))
    near = index.near((towards(1)[0] * 0.8 + towards(2)[0] * 0.6).astype(np.float32), 2)
    assert [(one.story_id, one.passage) for one in near] == [(ONE, 1), (TWO, 0)]
    assert [one.closeness for one in near] == pytest.approx([0.8, 0.6], abs=1e-5)


def test_put_replaces_all_passages_of_a_story(index: StoryIndex) -> None:
    """A story put again with fewer passages keeps none of the old ones."""
    index.put(ONE, "fr", towards(0, 1, 2))
    index.put(ONE, "fr", towards(3))
    assert index.count() == 1
    assert index.vectors_of([ONE])[ONE] == pytest.approx(towards(3))


def test_put_twice_doubles_nothing(index: StoryIndex) -> None:
    """Indexing can run again without doubling its result."""
    for _ in range(2):
        index.put(ONE, "fr", towards(0, 1))
    assert index.count() == 2


def test_removed_story_is_near_to_nothing(index: StoryIndex) -> None:
    """A removed story is no longer found, counted or listed; an unknown one is ignored."""
    index.put(ONE, "fr", towards(0))
    index.put(TWO, "fr", towards(1))
    index.remove([ONE, THREE])
    assert {one.story_id for one in index.near(towards(0)[0], 10)} == {TWO}
    assert list(index.story_ids()) == [TWO]


def test_removing_nothing_removes_nothing(index: StoryIndex) -> None:
    """No ids means no stories, never all of them."""
    index.put(ONE, "fr", towards(0))
    index.remove([])
    assert index.count() == 1


def test_a_forgotten_story_is_gone(index: StoryIndex) -> None:
    """What stays is found as before, with the same vectors to the last bit; forgetting again changes nothing (L21)."""
    index.put(ONE, "fr", towards(0, 1))
    index.put(TWO, "en", towards(2, 3))
    before = index.vectors_of([TWO])[TWO].tobytes()
    for _ in range(2):
        index.forget([ONE, THREE])
    assert (list(index.story_ids()), index.count()) == ([TWO], 2)
    assert index.vectors_of([TWO])[TWO].tobytes() == before
    assert index.near(towards(3)[0], 1)[0].story_id == TWO
    index.put(ONE, "fr", towards(4))
    assert index.near(towards(4)[0], 1)[0].story_id == ONE


def test_everything_can_be_forgotten(index: StoryIndex) -> None:
    """The last story leaves an empty index that works."""
    index.put(ONE, "fr", towards(0))
    index.forget([ONE])
    assert (list(index.story_ids()), index.count()) == ([], 0)


def test_vectors_come_back_in_passage_order(index: StoryIndex) -> None:
    """Row n of what comes back is passage n, also beyond ten; unknown stories are left out."""
    order = [5, 3, 11, 0, 9, 7, 1, 15, 2, 4, 6, 8]
    index.put(ONE, "fr", towards(*order))
    found = index.vectors_of([ONE, THREE])
    assert list(found) == [ONE]
    assert found[ONE] == pytest.approx(towards(*order))


def test_many_stories_are_listed_once_each(index: StoryIndex) -> None:
    """Listing and removing hold for more stories than fit one request."""
    names = [StoryId(f"story-{number}") for number in range(120)]
    for number, name in enumerate(names):
        index.put(name, "fr", towards(number % SIZE))
    assert sorted(index.story_ids()) == sorted(names)
    index.remove(names)
    assert index.count() == 0


def test_empty_index_answers_with_nothing(index: StoryIndex) -> None:
    """An empty library is no error."""
    assert index.near(towards(0)[0], 5) == []
    assert list(index.story_ids()) == []
    assert index.vectors_of([ONE]) == {}


def test_no_words_of_a_story_are_kept(tmp_path: Path) -> None:
    """The folder holds ids and vectors: every document field is empty."""
    index = FolderIndex(tmp_path, COLLECTION)
    index.put(ONE, "fr", towards(0))
    held = index._opened().get(include=["documents", "metadatas"])
    index.close()
    assert held["documents"] == [None]
    assert held["metadatas"] == [{"story": "one", "n": 0, "lang": "fr"}]


def test_second_owner_is_refused(tmp_path: Path) -> None:
    """A folder has one owner at any time; the sentence says what to do."""
    first = FolderIndex(tmp_path, COLLECTION)
    with pytest.raises(NotAvailable, match="already open"):
        FolderIndex(tmp_path, COLLECTION)
    first.close()
    FolderIndex(tmp_path, COLLECTION).close()


def test_server_owns_its_folder(tmp_path: Path) -> None:
    """While the server runs nobody else opens the folder, and once it has ended somebody can."""
    with served(tmp_path, free_port()), pytest.raises(NotAvailable, match="already open"):
        FolderIndex(tmp_path, COLLECTION)
    FolderIndex(tmp_path, COLLECTION).close()


def test_killed_server_answers_again_when_restarted(tmp_path: Path) -> None:
    """After kill -9 and a restart the same client finds what was put before."""
    port = free_port()
    index = ChromaIndex.over_http("127.0.0.1", port, COLLECTION)
    with served(tmp_path, port):
        index.put(ONE, "fr", towards(0, 1))
    with pytest.raises(NotAvailable):
        index.count()
    with served(tmp_path, port):
        assert index.near(towards(1)[0], 1)[0].story_id == ONE
    index.close()


def test_loopback_server_is_asked_past_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company's HTTP_PROXY never sees what is asked of the index on this machine."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    port = free_port()
    with served(tmp_path, port):
        index = ChromaIndex.over_http("127.0.0.1", port, COLLECTION)
        assert index.count() == 0
        index.close()


def test_server_ends_with_its_parent(tmp_path: Path) -> None:
    """A server whose parent was killed does not stay behind on the folder."""
    port = free_port()
    *command, _ = serve_command(tmp_path, port)
    parent = subprocess.Popen(["sh", "-c", '"$0" "$@" $$ & wait', *command],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not alive("127.0.0.1", port) and time.monotonic() < until:
        time.sleep(0.05)
    assert alive("127.0.0.1", port)
    parent.kill()
    parent.wait()
    while alive("127.0.0.1", port) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive("127.0.0.1", port)
