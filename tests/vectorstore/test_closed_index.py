"""An index let go by one thread while another asks it; a damaged folder opened without a server."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from story_bank.errors import NotAvailable
from story_bank.ids import StoryId
from studio.settings import Settings
from studio.wiring import INDEX_FOLDER, index
from tests.fakes.bag_of_words_embedder import BagOfWordsEmbedder
from vectorstore.chroma import ChromaIndex
from vectorstore.chroma_folder import FolderIndex, mended

STORY = StoryId("story")
ONE = np.eye(4, dtype=np.float32)[:1]


class SharedClient:
    """A client that another thread is still asking."""

    closed = False

    def close(self) -> None:
        self.closed = True


class ClosedClient:
    """Says what a client says once it was closed."""

    def __init__(self, said: Exception) -> None:
        self.said = said

    def get_or_create_collection(self, *_: object, **__: object) -> object:
        raise self.said


@pytest.mark.parametrize("said", [AttributeError("'RustBindingsAPI' object has no attribute 'bindings'"),
                                  RuntimeError("Cannot send a request, as the client has been closed.")])
def test_a_client_closed_while_it_is_asked_is_told_as_asleep(said: Exception) -> None:
    """The sentence says to try again; nobody sees a traceback."""
    with pytest.raises(NotAvailable):
        ChromaIndex(lambda: ClosedClient(said), "some-model-4").count()


def test_letting_go_of_a_server_leaves_its_client_to_who_is_asking() -> None:
    """Another thread's question is answered through it."""
    client = SharedClient()
    held = ChromaIndex(lambda: client, "some-model-4")
    held._client = client
    held.close()
    assert not client.closed


@pytest.mark.slow
def test_a_folder_that_was_let_go_is_not_opened_again(tmp_path: Path) -> None:
    """Somebody else may own it by then."""
    held = FolderIndex(tmp_path, "some-model-4")
    held.put(STORY, "fr", ONE)
    held.close()
    with pytest.raises(NotAvailable):
        held.count()


@pytest.mark.slow
def test_a_command_without_a_server_works_on_a_damaged_folder(tmp_path: Path) -> None:
    """The folder is emptied, and can be filled again from the bank."""
    folder, sense = tmp_path / INDEX_FOLDER, BagOfWordsEmbedder()
    filled = FolderIndex(folder, sense.name)
    filled.put(STORY, "fr", sense.documents(["une fierté"]))
    filled.close()
    (folder / "chroma.sqlite3").write_bytes(b"not a table" * 1000)
    reached = index(Settings(home=tmp_path), sense, may_own=True)
    assert reached.count() == 0
    reached.put(STORY, "fr", sense.documents(["une fierté"]))
    assert list(reached.story_ids()) == [STORY]
    reached.close()
    assert not mended(folder)
