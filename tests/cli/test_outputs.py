"""A result never replaces its source, and a place that cannot be written is told before the work."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from studio.cli import run
from tests.fakes.scripted_transcriber import ScriptedTranscriber

SOUND = Path(__file__).parents[2] / "studio/demo/media/fr4_technicien_quart_heure.m4a"


@pytest.fixture
def ears(home: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptedTranscriber:
    """Ears that tell whether anything was heard."""
    listening = ScriptedTranscriber()
    monkeypatch.setattr("studio.wiring.transcriber", lambda *_: listening)
    return listening


def _commands(source: Path, output: Path) -> list[list[str]]:
    return [["transcribe", str(source), "--output", str(output)],
            ["clip", str(source), "--from", "1", "--to", "3", "--output", str(output)]]


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("how", ["the same name", "a way round", "a link"])
def test_a_result_never_replaces_the_recording(which: int, how: str, tmp_path: Path, ears: ScriptedTranscriber) -> None:
    """The recording may be the only one there is."""
    source = tmp_path / "mine.m4a"
    shutil.copy(SOUND, source)
    output = {"the same name": source, "a way round": tmp_path / "sub" / ".." / "mine.m4a",
              "a link": tmp_path / "linked.mp4"}[how]
    (tmp_path / "sub").mkdir()
    if how == "a link":
        os.link(source, output)
    assert run(_commands(source, output)[which]) == 2
    assert source.read_bytes() == SOUND.read_bytes()
    assert ears.heard == []


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("place", ["missing/out.mp4", "folder", "file.txt/out.mp4"])
def test_a_place_that_cannot_be_written_is_told_before_the_work(which: int, place: str, tmp_path: Path,
                                                               ears: ScriptedTranscriber,
                                                               capsys: pytest.CaptureFixture[str]) -> None:
    """Minutes of work are not lost at the last moment."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.txt").write_text("x")
    assert run(_commands(SOUND, tmp_path / place)[which]) == 2
    assert "choisissez" in capsys.readouterr().err
    assert ears.heard == []


def test_a_transcript_is_not_replaced_by_the_extract_it_captions(tmp_path: Path, ears: ScriptedTranscriber) -> None:
    """Corrected words are work too."""
    words = tmp_path / "words.json"
    words.write_text('{"segments": []}')
    assert run(["clip", str(SOUND), "--from", "1", "--to", "3", "--transcript", str(words),
                "--output", str(words)]) == 2
    assert words.read_text() == '{"segments": []}'


def test_a_transcript_is_written_where_asked(tmp_path: Path, ears: ScriptedTranscriber,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is there already, and is not the source, is replaced."""
    output = tmp_path / "words.txt"
    output.write_text("old")
    assert run(["transcribe", str(SOUND), "--output", str(output)]) == 0
    assert "infirmière" in output.read_text("utf-8")
    assert capsys.readouterr().out == ""
