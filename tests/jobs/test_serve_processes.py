"""`vecu serve` as a process: however it ends, nothing of it stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from story_bank.ids import StoryId
from studio.neighbour import Neighbourhood, free_port
from studio.settings import Settings
from studio.wiring import index
from tests.fakes.bag_of_words_embedder import BagOfWordsEmbedder

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


class Served:
    """A studio on a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.neighbours = home, Neighbourhood(home)
        self.process = self.serve()
        self.until(lambda: len(self.children()) == 2 and self.neighbours.index_place())

    def serve(self) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-m", "studio.cli", "serve", "--port", str(free_port())], cwd=ROOT,
                                env=os.environ | {"VECU_HOME": str(self.home)}, stderr=subprocess.PIPE, text=True)

    def children(self) -> list[psutil.Process]:
        found: list[psutil.Process] = psutil.Process(self.process.pid).children()
        return found

    def until(self, reached: Callable[[], object]) -> None:
        deadline = time.monotonic() + 120
        while not reached():
            assert time.monotonic() < deadline, "it took too long"
            time.sleep(0.1)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "home")
    yield made
    made.process.terminate()
    made.process.communicate(timeout=60)


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_no_child_outlives_the_studio(served: Served, by: signal.Signals) -> None:
    """Asked to end, it takes its children along; killed, they notice and end by themselves."""
    children = served.children()
    served.process.send_signal(by)
    served.process.wait(60)
    _, left = psutil.wait_procs(children, timeout=0 if by is signal.SIGTERM else 10)
    assert left == []


def test_an_index_that_was_killed_is_started_again(served: Served) -> None:
    """What was kept before is found after, by the same tools."""
    sense = BagOfWordsEmbedder()
    reached = index(Settings(home=served.home), sense, may_own=False)
    reached.put(StoryId("one"), "fr", sense.documents(["une fierté"]))
    (chroma,) = [child for child in served.children() if "chroma_server.py" in " ".join(child.cmdline())]
    chroma.kill()
    served.until(lambda: served.neighbours.index_place() is None)
    served.until(served.neighbours.index_place)
    assert [near.story_id for near in reached.near(sense.queries(["fierté"])[0], 1)] == ["one"]


def test_a_second_studio_on_the_same_home_says_so_and_ends(served: Served) -> None:
    """It exits 3 with one sentence, and the first goes on with its index."""
    second = served.serve()
    _, told = second.communicate(timeout=60)
    assert second.returncode == 3
    assert len(told.strip().splitlines()) == 1
    assert served.neighbours.index_place() is not None
