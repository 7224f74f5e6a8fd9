"""Nothing made from a story outlives it."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from story_bank.errors import NotFound
from studio.jobs.sweep import sweep
from studio.steps.forget import Forget
from studio.steps.keep import KeepRecording, Kept
from studio.steps.transcribe import NormalisePicture
from studio.toolbox import Toolbox
from tests.fakes.swift_cutter import SwiftCutter
from tests.steps.conftest import FILM, VOICE, Small, with_tools


def media_in(home: Path) -> list[Path]:
    return [file for file in (home / "vault").rglob("*") if file.is_file()]


class ErasingCutter(SwiftCutter):
    """While the sound is taken out of a film, everything of the library is erased."""

    tools: Toolbox

    def sound(self, source: Path, target: Path, **known: object) -> None:
        target.write_bytes(b"sound")
        with self.tools.bank.open() as work:
            erased = work.erase_stories(work.every_story_id())
            work.commit()
        for key in erased.media:
            self.tools.vault.delete(key)


def test_a_film_erased_while_it_is_made_playable_leaves_no_file(small: Small, tmp_path: Path) -> None:
    """The playable film, poster and sound made meanwhile go too."""
    cutter = ErasingCutter()
    cutter.tools = small.tools
    erasing = with_tools(small, cutter=cutter)
    kept = KeepRecording(small.tools).run(small.asker("Camille"), FILM, FILM.name)
    with pytest.raises(NotFound):
        NormalisePicture(erasing.tools).run(kept.recording_id)
    assert media_in(tmp_path) == []


def long_ago(*files: Path) -> None:
    for file in files:
        os.utime(file, (0, 0))


def test_a_sweep_removes_what_a_killed_process_left(small: Small, tmp_path: Path) -> None:
    """Old files that nothing names and old scratch go; media of stories, arrivals and young files stay."""
    small.record(file=FILM)
    named = set(media_in(tmp_path))
    small.tools.vault.put(VOICE, ".m4a")
    orphan = set(media_in(tmp_path)) - named
    scratch = [tmp_path / "scratch" / name for name in ("tmp1/half.mp4", "arrivals/a", "gradio/b", "young/c")]
    for file in scratch:
        file.parent.mkdir()
        file.write_bytes(b"half")
        long_ago(*([] if "young" in str(file) else [file, file.parent]))
    long_ago(*named, *orphan)
    small.tools.vault.put(VOICE, ".m4a")
    young = set(media_in(tmp_path)) - named - orphan
    small.clock.now = small.clock.now.fromtimestamp(next(iter(young)).stat().st_mtime, small.clock.now.tzinfo)
    sweep(small.tools, tmp_path)
    assert set(media_in(tmp_path)) == named | young
    assert [file.exists() for file in scratch] == [False, True, True, True]
    assert not scratch[0].parent.exists()


def test_a_sweep_with_the_wrong_database_deletes_nothing(small: Small, tmp_path: Path) -> None:
    """An empty database opened by mistake beside a full vault is no reason to empty it."""
    small.tools.vault.put(VOICE, ".m4a")
    long_ago(*media_in(tmp_path))
    sweep(small.tools, tmp_path)
    assert len(media_in(tmp_path)) == 1


def test_a_file_nobody_names_goes_though_the_last_recording_was_forgotten(small: Small, tmp_path: Path) -> None:
    """A bank that knows a forgetting is the right one: what a killed process left in the vault goes all the same."""
    story_id = small.record()
    small.tools.vault.put(VOICE, ".mp4")
    half = media_in(tmp_path)[0].parent / ".half.mp4.part"
    half.write_bytes(b"half")
    Forget(small.tools).run(small.asker("Camille"), story_id)
    long_ago(*media_in(tmp_path))
    sweep(small.tools, tmp_path)
    assert media_in(tmp_path) == []


def test_a_copy_under_way_is_left_alone(small: Small, tmp_path: Path) -> None:
    """Only what a killed copy left long ago is removed from the vault."""
    small.record()
    small.clock.now = datetime.now(UTC)
    half = media_in(tmp_path)[0].parent / ".half.mp4.part"
    half.write_bytes(b"half")
    sweep(small.tools, tmp_path)
    assert half.exists()


def test_a_sweep_takes_out_vectors_of_stories_that_are_gone(small: Small, tmp_path: Path) -> None:
    """What an erasure could not remove while the index slept goes later."""
    story_id = small.record()
    with small.tools.bank.open() as work:
        work.erase_stories([story_id])
        work.commit()
    sweep(small.tools, tmp_path)
    assert small.tools.index.story_ids() == []


class MeetingVault:
    """A vault in which two puts wait for one another, so that both are past every earlier look."""

    def __init__(self, tools: Toolbox) -> None:
        self.inner, self.both = tools.vault, threading.Barrier(2)

    def put(self, source: Path, suffix: str) -> str:
        key = self.inner.put(source, suffix)
        self.both.wait(10)
        return key

    def delete(self, key: str) -> None:
        self.inner.delete(key)  # type: ignore[arg-type]


def test_the_same_file_given_twice_at_once_is_one_story(small: Small, tmp_path: Path) -> None:
    """A double click keeps one recording, one story and one file."""
    meeting = with_tools(small, vault=MeetingVault(small.tools))
    kept: list[Kept] = []
    asker = meeting.asker("Camille")
    both = [threading.Thread(target=lambda: kept.append(KeepRecording(meeting.tools).run(asker, VOICE, "a.m4a")))
            for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    with small.tools.bank.open() as work:
        assert len(work.stories_of(asker.person.id)) == 1
    assert {each.story_id for each in kept} == {kept[0].story_id}
    assert sorted(each.again for each in kept) == [False, True]
    assert len(media_in(tmp_path)) == 1
