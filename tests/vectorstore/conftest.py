"""The real embedding model, unpacked once a session beside pytest's other folders."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from vectorstore.centred import CentredEmbedder
from vectorstore.e5 import E5Embedder

EVERYDAY = Path(__file__).parents[2] / "prompts" / "everyday_questions.yaml"


@pytest.fixture(scope="session")
def model_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "model-home"


@pytest.fixture(scope="session")
def e5(model_home: Path) -> E5Embedder:
    return E5Embedder(None, model_home, allow_hub=False, threads=2)


@pytest.fixture(scope="session")
def even(e5: E5Embedder) -> CentredEmbedder:
    """The model as the studio wires it: with the house's everyday questions."""
    return CentredEmbedder(e5, yaml.safe_load(EVERYDAY.read_text()))
