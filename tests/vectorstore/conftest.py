"""The real embedding model, unpacked once a session beside pytest's other folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from vectorstore.e5 import E5Embedder


@pytest.fixture(scope="session")
def model_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "model-home"


@pytest.fixture(scope="session")
def e5(model_home: Path) -> E5Embedder:
    return E5Embedder(None, model_home, allow_hub=False, threads=2)
