"""Reference pages are generated and up to date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_reference_pages_are_what_the_code_says() -> None:
    """A changed command or setting without `make docs` fails here."""
    done = subprocess.run([sys.executable, "docs/generate.py", "--check"], cwd=Path(__file__).parents[2],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
