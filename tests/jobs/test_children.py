"""The children of `vecu serve`: started again whatever ended them, gone when they are told so."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from story_bank.errors import NotAvailable
from studio.serve import Child, only_studio

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def until(reached: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


@pytest.mark.parametrize("trouble", [NotAvailable("Prise.", "Taken."), OSError("no space left")])
def test_a_child_that_could_not_be_prepared_is_started_later(trouble: Exception) -> None:
    """One failure before the start, or the start itself, does not end its keeper."""
    troubles = iter([trouble])

    def before() -> None:
        for each in troubles:
            raise each
    child = Child("index", lambda: SLEEP, before=before)
    child.start()
    until(lambda: child.pid)
    child.stop()
    assert child.pid is None


def test_a_child_whose_command_is_missing_does_not_end_its_keeper() -> None:
    """The command is looked up again at each start."""
    commands = iter([["/nowhere/to/be/found"]])
    child = Child("index", lambda: next(commands, SLEEP))
    child.start()
    until(lambda: child.pid)
    child.stop()


def test_a_child_told_to_stop_while_it_is_prepared_never_starts() -> None:
    """Preparing may take a minute; what was told to stop meanwhile leaves no process behind."""
    preparing, go_on, started = threading.Event(), threading.Event(), threading.Event()

    def before() -> None:
        preparing.set()
        go_on.wait(30)
    child = Child("index", lambda: SLEEP, before=before, after=started.set)
    child.start()
    preparing.wait(30)
    stopping = threading.Thread(target=child.stop)
    stopping.start()
    until(child._stop.is_set)
    go_on.set()
    stopping.join(30)
    assert child.pid is None
    assert not started.is_set()


def test_one_studio_is_open_on_a_home(tmp_path: Path) -> None:
    """The second is refused in a sentence that says what to do; once the first is closed it opens."""
    with only_studio(tmp_path), pytest.raises(NotAvailable, match="close it first"), only_studio(tmp_path):
        pass
    with only_studio(tmp_path):
        pass
