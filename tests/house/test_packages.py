"""What the rooms import is declared, and advice to install names the right pip."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("media", "prompts", "story_bank", "studio", "vectorstore")
FILES = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", name)[0]).lower()  # type: ignore[index]


def _imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name.split(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_every_import_is_declared() -> None:
    """A package that comes by way of another may leave with it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {_plain(each) for each in project["dependencies"]}
    owners = packages_distributions()
    imported = set().union(*map(_imported, FILES)) - set(sys.stdlib_module_names) - set(ROOMS)
    missing = {name for name in imported & set(owners) if not declared & {_plain(owner) for owner in owners[name]}}
    assert missing == set()


def test_advice_to_install_names_the_pip_of_the_studio() -> None:
    """A bare `pip` would install beside the studio, which would go on sleeping."""
    bare = [f"{file.relative_to(ROOT)}: {line.strip()}" for file in FILES for line in
            file.read_text("utf-8").splitlines() if re.search(r"(?<!\.venv/bin/)pip install", line)]
    assert bare == []
