"""`vecu draft STORY_ID`: consent for drafting decides, and one request is one call of the writer."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from story_bank.consent import Purpose
from story_bank.ids import JobId, StoryId, new_id
from story_bank.making import Job, JobKind, JobState
from story_bank.sql.bank import SqlBank
from studio.cli import run
from studio.jobs.dbos_worker import only_worker
from studio.jobs.labour import Labour
from studio.settings import read_settings
from studio.wiring import toolbox
from studio.writing.verbatim_writer import VerbatimWriter
from studio.writing.writer import Brief, Source, Suggestion
from tests.cli.conftest import settle


class CountingWriter:
    """The speaker's own words, counted."""

    def __init__(self) -> None:
        self.asked = 0

    def suggest(self, source: Source, brief: Brief) -> Suggestion:
        self.asked += 1
        return VerbatimWriter().suggest(source, brief)


@pytest.fixture
def writer(light: Path, monkeypatch: pytest.MonkeyPatch) -> CountingWriter:
    counting = CountingWriter()
    monkeypatch.setattr("studio.wiring.writer", lambda *_: counting)
    return counting


def _draft(story_id: StoryId) -> int:
    return run(["draft", story_id, "--as", "Julien Carpentier", "--json"])


def test_a_consent_to_draft_is_enough_to_draft(bank: SqlBank, writer: CountingWriter,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    """A story may be drafted from without being in the library, where that was signed."""
    story_id, _ = settle(bank, Purpose.DRAFT)
    assert _draft(story_id) == 0
    shaped = json.loads(capsys.readouterr().out)
    assert shaped["angles"]
    assert all(sentence["origin"] in {"spoken", "added"} for angle in shaped["angles"]
               for sentence in angle["sentences"])


def test_without_a_consent_to_draft_the_sentence_says_so(bank: SqlBank, writer: CountingWriter,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    """One who may read the story is told that only this use is not covered."""
    story_id, _ = settle(bank, Purpose.LIBRARY)
    assert _draft(story_id) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "accord" in told.err
    assert writer.asked == 0


def test_drafting_does_one_job_and_leaves_the_others(bank: SqlBank, writer: CountingWriter) -> None:
    """Somebody else's long work is not this command's; its own leaves nothing to do again."""
    story_id, julien = settle(bank, Purpose.DRAFT)
    waiting = Job(JobId(new_id()), JobKind.INDEX, story_id, julien.id, JobState.WAITING, 0.0, toolbox(
        read_settings(), may_own_index=False).clock())
    with bank.open() as work:
        work.add_job(waiting)
        work.commit()
    assert _draft(story_id) == 0
    with bank.open() as work:
        assert [job.id for job in work.open_jobs()] == [waiting.id]
    assert writer.asked == 1


def test_a_running_worker_writes_the_draft_and_the_command_waits(bank: SqlBank, writer: CountingWriter, home: Path,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    """The model is asked once, by the worker."""
    story_id, _ = settle(bank, Purpose.DRAFT)
    tools, done = toolbox(read_settings(), may_own_index=False), threading.Event()
    here = threading.get_ident()
    carried: list[int] = []

    def work_as_worker() -> None:
        while not done.wait(0.05):
            with bank.open() as work:
                waiting = work.open_jobs()
            for job in waiting:
                carried.append(threading.get_ident())
                Labour(tools, job.id).run()
    with only_worker(home, "main"):
        other = threading.Thread(target=work_as_worker)
        other.start()
        try:
            assert _draft(story_id) == 0
        finally:
            done.set()
            other.join()
    assert json.loads(capsys.readouterr().out)["angles"]
    assert len(carried) == 1
    assert here not in carried
    assert writer.asked == 1
