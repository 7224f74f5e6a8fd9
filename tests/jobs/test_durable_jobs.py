"""A job outlives the processes: killed anywhere, it is finished once, with nothing lost and nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from story_bank.access import Act, Use
from story_bank.bank import Asker
from story_bank.consent import Appearance, Channel, NameShown, Purpose, Scope
from story_bank.errors import NotFound
from story_bank.ids import PersonId, StoryId, new_id
from story_bank.making import ENDED, CaptionStyle, JobKind, JobState, Shape
from story_bank.person import Person, Role
from story_bank.recording import SpokenContext
from studio.settings import Settings
from studio.steps.clip import AskForClip, Selection
from studio.steps.consent import Sign
from studio.steps.keep import DescribeRecording, KeepRecording
from studio.steps.withdraw import Withdraw
from studio.toolbox import Toolbox
from studio.wiring import toolbox

MEDIA = Path(__file__).parents[2] / "studio" / "demo" / "media"
pytestmark = pytest.mark.slow


class House:
    """A home of its own, with a worker that can be started and killed."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)
        self.tools: Toolbox = toolbox(self.settings, may_own_index=False)
        self.camille = Person(PersonId(new_id()), "Camille Ferrand", "Camille",
                              roles=frozenset({Role.CONTRIBUTOR, Role.EDITOR}))
        with self.tools.bank.open() as work:
            work.save_person(self.camille)
            work.commit()
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def asker(self) -> Asker:
        return Asker(self.camille, self.tools.today())

    def start(self) -> subprocess.Popen[bytes]:
        code = ("from studio.serve import Household; from studio.settings import Settings; import time; "
                f"h = Household(Settings(home={str(self.settings.home)!r}), with_worker=False); h.start(); "
                "time.sleep(900)")
        if not any(p.poll() is None for p in self._processes):
            self._processes.append(subprocess.Popen([sys.executable, "-c", code], cwd=MEDIA.parents[2]))
        worker = subprocess.Popen([sys.executable, "-m", "studio.cli", "worker"], cwd=MEDIA.parents[2],
                                  env=os.environ | {"VECU_HOME": str(self.settings.home)})
        self._processes.append(worker)
        return worker

    def close(self) -> None:
        for process in reversed(self._processes):
            if process.poll() is None:
                process.terminate()
                process.wait(20)

    def keep(self, name: str) -> StoryId:
        kept = KeepRecording(self.tools).run(self.asker, MEDIA / name, name)
        DescribeRecording(self.tools).run(self.asker, kept.story_id, SpokenContext("Camille"), "fr")
        return kept.story_id

    def recording_id(self, story_id: StoryId) -> str:
        with self.tools.bank.open() as work:
            return str(work.story_of_job(story_id).recording_id)

    def until(self, reached: Callable[[], bool], longest_s: float = 240) -> None:
        deadline = time.monotonic() + longest_s
        while not reached():
            assert time.monotonic() < deadline, "it took too long"
            time.sleep(0.1)

    def state(self, target: str, kind: JobKind) -> JobState | None:
        with self.tools.bank.open() as work:
            return next((job.state for job in work.jobs_for(target) if job.kind is kind), None)

    def settled(self) -> bool:
        with self.tools.bank.open() as work:
            return not work.open_jobs()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "home")
    yield made
    made.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(20)


def test_a_recording_is_finished_once_though_the_worker_is_killed_at_each_step(house: House) -> None:
    """Killed while hearing, while normalising and right after, the worker that comes next ends what was begun (A39)."""
    story_id = house.keep("fr3_interview_two_voices.mp4")
    recording = house.recording_id(story_id)

    def some_words() -> bool:
        with house.tools.bank.open() as work:
            transcript = work.transcript(recording)  # type: ignore[arg-type]
        return transcript is not None and bool(transcript.segments)

    worker = house.start()
    house.until(some_words)
    kill(worker)
    worker = house.start()
    house.until(lambda: house.state(recording, JobKind.NORMALISE) is JobState.RUNNING)
    kill(worker)
    house.start()
    house.until(house.settled)

    with house.tools.bank.open() as work:
        transcript = work.transcript(recording)  # type: ignore[arg-type]
        kept = work.recording_of_job(recording)  # type: ignore[arg-type]
        jobs = work.jobs_for(recording)
        story = work.story_of_job(story_id)
    assert transcript is not None
    assert transcript.finished
    assert transcript.version == 1
    assert len({word.id for word in transcript.words()}) == len(list(transcript.words()))
    assert story.text == transcript.text
    assert kept.playable_key is not None
    assert sorted(job.kind for job in jobs) == [JobKind.NORMALISE, JobKind.TRANSCRIBE]
    assert {job.state for job in jobs} == {JobState.DONE}
    assert story_id in house.tools.index.story_ids()


def test_an_extract_is_rendered_once_though_the_worker_is_killed_while_rendering(house: House) -> None:
    """One file comes of it, however often the worker died; a withdrawal then stops the next one."""
    story_id = house.keep("fr1_nurse_night_shift.mp4")
    worker = house.start()
    house.until(house.settled)
    day = house.asker.day
    scope = Scope(frozenset(Purpose), frozenset({Channel.LINKEDIN}), day, day.replace(year=day.year + 1),
                  Appearance(True, True, NameShown.FULL))
    Sign(house.tools).run(house.asker, story_id, scope, ("1", "texte"), "Camille Ferrand")
    with house.tools.bank.open() as work:
        words = list(work.transcript(house.recording_id(story_id)).words())  # type: ignore[union-attr,arg-type]
    clip_id = AskForClip(house.tools).run(house.asker, story_id, Selection(words[20].id, words[70].id), Shape.VERTICAL,
                                          CaptionStyle.HIGHLIGHT)
    house.until(lambda: house.state(clip_id, JobKind.CLIP) is JobState.RUNNING)
    kill(worker)
    house.start()
    house.until(house.settled)
    with house.tools.bank.open() as work:
        clip = work.clip(house.asker, Use(Act.CUT), clip_id)
        jobs = work.jobs_for(clip_id)
    assert clip.media_key is not None
    assert [job.state for job in jobs] == [JobState.DONE]
    with house.tools.vault.local(clip.media_key) as file:
        assert file.stat().st_size > 100_000

    second = AskForClip(house.tools).run(house.asker, story_id, Selection(words[20].id, words[90].id), Shape.SQUARE,
                                         CaptionStyle.NONE)
    house.until(lambda: house.state(second, JobKind.CLIP) is JobState.RUNNING)
    Withdraw(house.tools).run(house.asker, story_id)
    house.until(house.settled)
    with house.tools.bank.open() as work:
        with pytest.raises(NotFound):  # it goes with the withdrawal, and rendering it does not bring it back
            work.clip_of_job(second)
        assert {job.state for job in work.jobs_for(second)} <= {JobState.CANCELLED, JobState.FAILED}


def test_a_cancelled_transcription_stops_and_can_be_asked_again(house: House) -> None:
    """Cancelling ends the running step; asking again hears the whole recording."""
    story_id = house.keep("fr1_nurse_night_shift.mp4")
    recording = house.recording_id(story_id)
    with house.tools.bank.open() as work:
        (job,) = work.jobs_for(recording)
    house.start()
    house.until(lambda: house.state(recording, JobKind.TRANSCRIBE) is JobState.RUNNING)
    with house.tools.bank.open() as work:
        work.ask_to_cancel(job.id)
        work.commit()
    house.until(house.settled)
    assert house.state(recording, JobKind.TRANSCRIBE) is JobState.CANCELLED
    with house.tools.bank.open() as work:
        work.add_job(replace(job, id=type(job.id)(new_id()), cancel_asked=False))
        work.commit()
    house.until(house.settled)
    with house.tools.bank.open() as work:
        transcript = work.transcript(recording)  # type: ignore[arg-type]
        assert {j.state for j in work.jobs_for(recording)} <= ENDED
    assert transcript is not None
    assert transcript.finished
    assert "Tilleuls" in transcript.text or len(list(transcript.words())) > 100
