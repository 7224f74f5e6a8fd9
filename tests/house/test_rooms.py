"""The rooms keep their places: imports look one way, the wheel holds five rooms, nobody else owns their names."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = {"media", "prompts", "story_bank", "studio", "vectorstore"}


def test_imports_look_one_way() -> None:
    """The import contracts of pyproject.toml hold."""
    done = subprocess.run([str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_wheel_holds_exactly_the_five_rooms(tmp_path: Path) -> None:
    """A room that the build backend dropped in silence would be missed here, data files included."""
    tools = Path(sys.executable).parent  # the backend looks for its binary on PATH
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)], cwd=ROOT,
                   check=True, capture_output=True, env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"})
    whole = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    names = [name for name in whole if not name.endswith("/")]
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == ROOMS
    kept = {str(file.relative_to(ROOT)) for room in ROOMS for file in (ROOT / room).rglob("*")
            if file.is_file() and "__pycache__" not in file.parts}
    assert kept == {name for name in names if ".dist-info/" not in name}


def test_no_other_installed_package_owns_a_rooms_name() -> None:
    """Generic names are safe only while nothing else in the environment uses them."""
    owners = {(file.parts[0], found.metadata["Name"]) for found in distributions() for file in found.files or ()
              if file.parts[0] in ROOMS and found.metadata["Name"] != "vecu"}
    assert owners == set()


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_importing_a_room_loads_no_heavy_vendor(room: str) -> None:
    """Models, browsers of media and chat libraries load only when chosen."""
    heavy = {"torch", "faster_whisper", "chromadb", "sentence_transformers", "moviepy", "cv2", "av", "dbos", "gradio"}
    code = f"import sys, {room}; print(' '.join(sorted({heavy!r} & set(sys.modules))))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_file_that_imports_a_vendor_is_named_for_keeping_a_promise() -> None:
    """A vendor appears in one module of its room (and in its package's assembly), never in a promise."""
    promises = ["media/transcriber.py", "media/cutter.py", "media/inspector.py", "media/vault.py", "media/speakers.py",
                "vectorstore/embedder.py", "vectorstore/story_index.py", "studio/writing/writer.py",
                "story_bank/bank.py"]
    vendors = ("faster_whisper", "ctranslate2", "chromadb", "sentence_transformers", "langchain", "sqlalchemy", "av",
               "fsspec", "cv2", "moviepy")
    found = [(name, line) for name in promises for line in (ROOT / name).read_text("utf-8").splitlines()
             if line.strip().startswith(("import ", "from ")) and any(f" {v}" in line.split("import")[0] + " " or
                                                                      line.strip() == f"import {v}" for v in vendors)]
    assert found == []
