"""Forgetting through the processes of a running studio: the index's, the command's, and a worker that ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from story_bank.company import Company
from story_bank.ids import PersonId, StoryId, new_id
from story_bank.person import Person
from story_bank.story import Story
from studio.ledger import Ledger
from studio.leftovers import UnfinishedForgettings
from studio.neighbour import Neighbourhood, free_port
from studio.settings import Settings
from studio.steps.index import keep_words
from studio.wiring import index, toolbox
from tests.bytes_scan import Sought, scan
from tests.fakes.seeded_sense import SeededSense
from vectorstore.words import stems

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
WORDS = ("Zéphyrinquartz", "Trébuchetonyx")


class Studio:
    """A studio on a home of its own, open without its worker, with two written stories of Camille's.

    The model sleeps throughout: erasing never needs it.
    """

    def __init__(self, home: Path) -> None:
        self.home, self.sense = home, SeededSense()
        self.processes = [self.start("serve", "--no-worker", "--port", str(free_port()))]
        self.until(Neighbourhood(home).index_place)
        self.tools = toolbox(Settings(home=home), may_own_index=False)
        self.index = index(Settings(home=home), self.sense, may_own=False)
        self.camille = Person(PersonId(new_id()), "Camille Ferrand", "Camille")
        with self.tools.bank.open() as work:
            work.save_company(Company("Lanterval"))
            work.save_person(self.camille)
            work.commit()
        for number in range(30):
            texts = [f"autre récit {number}, passage {passage}" for passage in range(40)]
            self.index.put(StoryId(f"other-{number}"), "fr", self.sense.documents(texts))
        self.stories = [self.tell(word) for word in WORDS]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-m", "studio.cli", *arguments], cwd=ROOT, text=True,
                                env=os.environ | {"VECU_HOME": str(self.home), "LC_ALL": "en_GB.UTF-8",
                                                  "VECU_EMBEDDER__MODEL": str(self.home / "no model")},
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def tell(self, word: str) -> StoryId:
        now = datetime.now(UTC)
        story = Story(StoryId(new_id()), self.camille.id, word, f"{word} était là. " * 30, "fr", now.date(), now)
        with self.tools.bank.open() as work:
            work.save_story(story)
            passages = keep_words(work, story, None)
            work.commit()
        self.index.put(story.id, "fr", self.sense.documents([passage.text for passage in passages]))
        return story.id

    def sought(self, number: int) -> Sought:
        vectors = self.index.vectors_of([self.stories[number]])[self.stories[number]]
        return Sought([WORDS[number], *stems(WORDS[number], "fr")], [], vectors)

    def until(self, reached: Callable[[], object]) -> None:
        deadline = time.monotonic() + 120
        while not reached():
            assert time.monotonic() < deadline, "it took too long"
            time.sleep(0.01)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    made = Studio(tmp_path / "home")
    yield made
    for process in reversed(made.processes):
        process.terminate()
        process.communicate(timeout=60)


def test_a_command_beside_an_open_studio_leaves_no_byte(studio: Studio) -> None:
    """`vecu forget` asks the studio to write its index anew, waits for it, and prints the receipt (L21)."""
    sought = studio.sought(0)
    assert {find.spelling for find in scan(studio.home, sought)} >= {"utf-8", "float32"}
    before = studio.index.count()
    told, complained = (forgetting := studio.start("forget", studio.stories[0], "--as", "Camille Ferrand")).communicate(
        timeout=120)
    assert (forgetting.returncode, complained) == (0, "")
    assert "Receipt of an erasure" in told
    assert scan(studio.home, sought) == []
    assert studio.index.count() == before - len(sought.vectors)
    assert studio.stories[1] in studio.index.story_ids()


def test_a_forgetting_that_was_killed_is_ended_by_the_worker(studio: Studio) -> None:
    """kill -9 right after the confirmation: nobody has to ask again (L21)."""
    sought = studio.sought(1)
    forgetting = studio.start("forget", studio.stories[1], "--as", "Camille Ferrand")
    notes = UnfinishedForgettings(studio.home / "scratch")
    studio.until(notes.all)
    forgetting.send_signal(signal.SIGKILL)
    forgetting.communicate(timeout=60)
    assert scan(studio.home, sought)
    studio.processes.append(studio.start("worker"))
    studio.until(lambda: not notes.all())
    assert scan(studio.home, sought) == []
    with studio.tools.bank.open() as work:
        assert work.every_story_id() == [studio.stories[0]]
        assert Ledger(studio.home / "forgotten.jsonl").all() == work.forgotten() != []
