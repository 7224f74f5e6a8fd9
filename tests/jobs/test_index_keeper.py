"""The index of a running studio is written anew when a story is forgotten: no byte stays, nothing else is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from story_bank.errors import NotAvailable
from story_bank.ids import StoryId
from studio import neighbour
from studio.neighbour import Neighbourhood
from studio.serve import IndexKeeper
from studio.settings import Settings
from studio.wiring import index
from tests.fakes.bag_of_words_embedder import BagOfWordsEmbedder
from vectorstore import chroma_folder
from vectorstore.embedder import Vectors
from vectorstore.story_index import StoryIndex

STORIES = [StoryId(f"story-{number}") for number in range(300)]


def vectors(number: int) -> Vectors:
    made = np.random.default_rng(number).normal(size=(4, 256)).astype(np.float32)
    unit: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
    return unit


def holds(folder: Path, rows: Vectors) -> bool:
    files = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    return any(row.tobytes()[4:] in each for row in rows for each in files)


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[IndexKeeper]:
    made = IndexKeeper(tmp_path, tmp_path / "index.log")
    made.child.start()
    keeping = threading.Thread(target=made.keep_renewing)
    keeping.start()
    made._answering()
    yield made
    made.stop.set()
    keeping.join(60)
    made.child.stop()


@pytest.fixture
def filled(keeper: IndexKeeper, tmp_path: Path) -> StoryIndex:
    reached = index(Settings(home=tmp_path), BagOfWordsEmbedder(), may_own=False)
    for number, story in enumerate(STORIES):
        reached.put(story, "fr", vectors(number))
    return reached


@pytest.mark.slow
def test_a_story_is_forgotten_while_others_are_put_and_searched(filled: StoryIndex, tmp_path: Path) -> None:
    """Several forgettings at once, and stories put meanwhile: what stays is whole, what went left no byte (L21)."""
    assert holds(tmp_path, filled.vectors_of([STORIES[3]])[STORIES[3]])
    late = [StoryId(f"late-{number}") for number in range(20)]

    def put() -> None:
        for number, story in enumerate(late):
            filled.put(story, "fr", vectors(1000 + number))

    busy = [threading.Thread(target=put), *(threading.Thread(target=filled.forget, args=([story],))
                                            for story in STORIES[:5])]
    for each in busy:
        each.start()
    for each in busy:
        each.join()
    assert set(filled.story_ids()) == {*STORIES[5:], *late}
    assert filled.count() == 4 * (len(STORIES) - 5 + len(late))
    assert filled.near(vectors(7)[2], 1)[0].story_id == STORIES[7]
    assert not any(holds(tmp_path, vectors(number)) for number in range(5))
    assert not list(tmp_path.glob("index-asked/*"))


@pytest.mark.slow
def test_an_index_that_cannot_be_copied_is_emptied(
        filled: StoryIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Better made again from the bank than remembering what was forgotten."""
    monkeypatch.setattr(chroma_folder, "_ran", lambda *_: False)
    filled.forget([STORIES[0]])
    assert filled.count() == 0
    filled.put(STORIES[1], "fr", vectors(1))
    assert list(filled.story_ids()) == [STORIES[1]]


def test_who_asks_is_told_when_nobody_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `vecu serve` the asker does not wait for ever, and leaves no request behind."""
    monkeypatch.setattr(neighbour, "HEARD_WITHIN_S", 0.2)
    with pytest.raises(NotAvailable):
        Neighbourhood(tmp_path).ask_to_renew([STORIES[0]])
    assert not list(tmp_path.glob("index-asked/*"))


def test_nobody_writes_while_all_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers take turns with whoever renews the index, not with one another."""
    monkeypatch.setattr(neighbour, "TURN_WITHIN_S", 0.2)
    one, other = Neighbourhood(tmp_path), Neighbourhood(tmp_path)
    with one.to_write(), other.to_write(), pytest.raises(NotAvailable), other.to_renew():
        pass
    with one.to_renew(), pytest.raises(NotAvailable), other.to_write():
        pass
