"""Forgetting 1 and then 100 of 500 stories: no byte found afterwards, how long it takes, and how it grows.

Real SQLite, a real Chroma folder and a real vault; the vectors are as dense as the model's, but drawn at random, so
that no model is needed. Words and vectors of what is forgotten are looked for in every byte under the home, before
(they must be found) and after (they must not).   python bench/forgetting.py [STORIES]
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "fakes")]

from bytes_scan import Sought, scan  # noqa: E402 - the tests are no package that is installed
from seeded_sense import SeededSense  # noqa: E402

from story_bank.bank import Asker  # noqa: E402
from story_bank.company import Company  # noqa: E402
from story_bank.ids import PersonId, RecordingId, StoryId, new_id  # noqa: E402
from story_bank.person import Person  # noqa: E402
from story_bank.recording import MediaKind, Recording, SpokenContext  # noqa: E402
from story_bank.story import Story  # noqa: E402
from studio.leftovers import UnfinishedForgettings  # noqa: E402
from studio.settings import Settings  # noqa: E402
from studio.steps.forget import Forget, finish  # noqa: E402
from studio.steps.index import keep_words  # noqa: E402
from studio.toolbox import Toolbox  # noqa: E402
from studio.wiring import index, toolbox  # noqa: E402

SENTENCES, MEDIA_BYTES = 24, 200_000


def main() -> int:
    """Print a table; exit 1 when a byte was found."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    bad = 0
    print("stories  forgotten  found before  found after  seconds  of which index  bytes of the home")
    for stories in (wanted // 5, wanted):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            tools, person = _studio(home)
            told = [_tell(tools, person, number) for number in range(stories)]
            for some in (told[:1], told[1:1 + stories // 5]):
                bad += _forget(tools, person, home, stories, some)
            tools.index.close()
    return 1 if bad else 0


def _forget(tools: Toolbox, person: Person, home: Path, stories: int, some: list[StoryId]) -> int:
    sought = _sought(tools, some)
    before = len(scan(home, sought))
    seconds, in_index = _forgotten(tools, Asker(person, tools.today()), some)
    found = scan(home, sought)
    size = sum(file.stat().st_size for file in home.rglob("*") if file.is_file())
    print(f"{stories:7}  {len(some):9}  {before:12}  {len(found):11}  {seconds:7.2f}  {in_index:14.2f}  {size:17,}")
    return len(found) + (before == 0)


def _forgotten(tools: Toolbox, asker: Asker, some: list[StoryId]) -> tuple[float, float]:
    """Forget one after the other in the bank and end all of it together, as the worker does; return the seconds."""
    spent: list[float] = []
    real = tools.index.forget

    def timed(ids: list[StoryId]) -> None:
        began = time.monotonic()
        real(ids)
        spent.append(time.monotonic() - began)
    began = time.monotonic()
    step = Forget(tools)
    for story_id in some:
        step.begin(asker, story_id)
    tools.index.forget = timed  # type: ignore[method-assign]
    finish(tools, UnfinishedForgettings(tools.scratch).all())
    tools.index.forget = real  # type: ignore[method-assign]
    return time.monotonic() - began, sum(spent)


def _studio(home: Path) -> tuple[Toolbox, Person]:
    settings = Settings(home=home)
    made = toolbox(settings, may_own_index=True)
    sense = SeededSense()
    tools = replace(made, embedder=sense, index=index(settings, sense, may_own=True))
    person = Person(PersonId(new_id()), "Camille Ferrand", "Camille")
    with tools.bank.open() as work:
        work.save_company(Company("Lanterval"))
        work.save_person(person)
        work.commit()
    return tools, person


def _tell(tools: Toolbox, person: Person, number: int) -> StoryId:
    """Keep a recording of random bytes and its words; every sentence bears the story's own mark."""
    now = datetime.now(UTC)
    with tempfile.NamedTemporaryFile(suffix=".m4a") as file:
        file.write(_sound(number))
        file.flush()
        key = tools.vault.put(Path(file.name), ".m4a")
    recording = Recording(RecordingId(new_id()), person.id, MediaKind.SOUND, key, f"{_mark(number)}.m4a", str(number),
                          60.0, "fr", SpokenContext("Camille"), now)
    text = " ".join(f"{_mark(number)} a vu la nuit changer, phrase {n}, et en reste fière." for n in range(SENTENCES))
    story = Story(StoryId(new_id()), person.id, _mark(number), text, "fr", now.date(), now, recording.id)
    with tools.bank.open() as work:
        work.add_recording(recording)
        work.save_story(story)
        passages = keep_words(work, story, None)
        work.commit()
    MARKS[story.id] = number
    tools.index.put(story.id, "fr", tools.embedder.documents([f"{number} {each.text}" for each in passages]))
    return story.id


MARKS: dict[StoryId, int] = {}


def _mark(number: int) -> str:
    return f"Zéphyrinquartz{number:05}"


def _sound(number: int) -> bytes:
    return np.random.default_rng(number).bytes(MEDIA_BYTES)


def _sought(tools: Toolbox, some: list[StoryId]) -> Sought:
    numbers = [MARKS[story_id] for story_id in some]
    vectors = np.concatenate(list(tools.index.vectors_of(some).values()))
    return Sought([_mark(number) for number in numbers], [_sound(number)[1000:1064] for number in numbers], vectors)


if __name__ == "__main__":
    sys.exit(main())
