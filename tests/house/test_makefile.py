"""`make run` looks for the demonstration where the studio keeps its data."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("named", "place"), [("~/my data", "{home}/my data"), ("", "var"), ("/srv/~x", "/srv/~x")])
def test_the_home_is_read_as_the_settings_read_it(named: str, place: str) -> None:
    """A quoted `~` is the person's home; nothing is the default."""
    told = subprocess.run(["make", "-n", "run"], cwd=ROOT, env=os.environ | {"VECU_HOME": named, "HOME": "/home/ada"},
                          capture_output=True, text=True, check=True).stdout
    assert f'test -f "{place.format(home="/home/ada")}/.demo-loaded"' in told
