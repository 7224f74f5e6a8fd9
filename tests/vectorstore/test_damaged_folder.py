"""A damaged index folder is noticed without harm, emptied, and filled again."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from story_bank.errors import NotAvailable
from story_bank.ids import StoryId
from vectorstore.chroma_folder import FolderIndex, healthy, reset
from vectorstore.embedder import Vectors

pytestmark = pytest.mark.slow
STORY = StoryId("story")


def some_vectors() -> Vectors:
    made = np.random.default_rng(1).normal(size=(1200, 32)).astype(np.float32)
    unit: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
    return unit


def filled(folder: Path) -> Path:
    """Fill a folder past the point at which Chroma writes its vector files."""
    index = FolderIndex(folder, "some-model-32")
    index.put(STORY, "fr", some_vectors())
    index.close()
    return folder


def cut_in_half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def garbled(file: Path) -> None:
    file.write_bytes(np.random.default_rng(2).bytes(file.stat().st_size))


@pytest.mark.parametrize(("pattern", "damage"), [
    pytest.param("chroma.sqlite3", cut_in_half, id="table-cut"),
    pytest.param("chroma.sqlite3", garbled, id="table-garbled"),
    pytest.param("chroma.sqlite3", Path.unlink, id="table-gone"),
    pytest.param("*/data_level0.bin", garbled, id="vectors-garbled"),
    pytest.param("*/data_level0.bin", cut_in_half, id="vectors-cut"),
    pytest.param("*/index_metadata.pickle", garbled, id="names-garbled"),
])
def test_damage_is_noticed_and_the_folder_works_again(tmp_path: Path, pattern: str, damage: object) -> None:
    """Whatever was damaged, the folder is called sick; emptied and filled again, it answers."""
    folder = filled(tmp_path / "index")
    assert callable(damage)
    damage(next(folder.glob(pattern)))
    assert not healthy(folder)
    reset(folder)
    index = FolderIndex(folder, "some-model-32")
    index.put(STORY, "fr", some_vectors()[:3])
    assert index.near(some_vectors()[2], 1)[0].passage == 2
    index.close()


def test_whole_folder_is_healthy(tmp_path: Path) -> None:
    """A filled folder, an empty one and a missing one can all be used."""
    (tmp_path / "empty").mkdir()
    assert healthy(filled(tmp_path / "index"))
    assert healthy(tmp_path / "empty")
    assert healthy(tmp_path / "missing")


def test_owned_folder_is_not_emptied(tmp_path: Path) -> None:
    """Emptying a folder under its owner is refused."""
    index = FolderIndex(tmp_path, "some-model-32")
    with pytest.raises(NotAvailable):
        reset(tmp_path)
    index.close()
