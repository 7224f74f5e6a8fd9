"""A person at the terminal reads one sentence, whatever was given."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.cli import run

HALF = {"language": "fr", "duration_s": 12.0, "segments": [
    {"start": 0.0, "end": 12.0, "speaker": None,
     "text": "Bonjour à tous, je raconte \ud83d une histoire de \udc00 nuit."}]}


@pytest.fixture
def half(tmp_path: Path) -> Path:
    """A transcript with halves of characters, as JSON may spell them."""
    file = tmp_path / "half.json"
    file.write_text(json.dumps(HALF), "utf-8")
    return file


def test_half_a_character_in_a_transcript_is_left_out_of_moments(half: Path,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    """JSON can spell a lone surrogate; the answer is UTF-8 all the same."""
    assert run(["moments", str(half), "--min", "1", "--json"]) == 0
    assert "\\ud83d" not in capsys.readouterr().out


def test_half_a_character_in_a_transcript_does_not_stop_a_check(half: Path, tmp_path: Path,
                                                               capsys: pytest.CaptureFixture[str]) -> None:
    """Libraries in Rust panic on a lone surrogate; none reaches them."""
    post = tmp_path / "post.txt"
    post.write_text("Je raconte une histoire de nuit.", "utf-8")
    others = tmp_path / "posts.jsonl"
    others.write_text('{"text": "encore \\ud83d une autre"}\n', "utf-8")
    assert run(["check", str(post), "--transcript", str(half), "--others", str(others), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["own_words"] == 1.0


def test_a_question_that_is_not_utf8_is_refused_in_a_sentence(light: Path, piped: Callable[[bytes], None],
                                                              capsys: pytest.CaptureFixture[str]) -> None:
    """Standard input is read like a file."""
    piped(b"fiert\xe9\n")
    assert run(["search", "-"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "UTF-8" in told.err


def test_a_question_typed_in_another_encoding_is_answered(light: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A byte that the terminal could not decode is left out."""
    assert run(["search", "fiert\udce9", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["query"] == "fiert"


def test_an_ascii_terminal_receives_utf8(half: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is UTF-8 whatever the locale says."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert run(["moments", str(half), "--min", "1", "--json"]) == 0
    assert "à tous" in json.loads(raw.getvalue())[0]["text"]


class PanicException(BaseException):
    """As pyo3 raises it: outside of Exception."""


@pytest.mark.parametrize("wrong", [RuntimeError("vecu-secret"), PanicException("vecu-secret")])
def test_what_nobody_foresaw_is_one_sentence_and_exit_3(wrong: BaseException, half: Path,
                                                        monkeypatch: pytest.MonkeyPatch,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    """Only the kind of the failure is told: its text may hold somebody's words."""
    def fail(*_: object) -> None:
        raise wrong
    monkeypatch.setattr("media.moments.suggest", fail)
    assert run(["moments", str(half)]) == 3
    told = capsys.readouterr().err
    assert type(wrong).__name__ in told
    assert len(told.strip().splitlines()) == 1
    assert "vecu-secret" not in told


def test_a_process_that_is_told_to_stop_stops(half: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking to exit is not a failure."""
    def stop(*_: object) -> None:
        raise SystemExit(0)
    monkeypatch.setattr("media.moments.suggest", stop)
    with pytest.raises(SystemExit):
        run(["moments", str(half)])


def test_a_reader_that_has_read_enough_ends_the_command_well(half: Path) -> None:
    """`vecu … | head` says nothing on the other stream and exits 0."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, "-m", "studio.cli", "moments", str(half), "--min", "1"], stdout=write,
                          stderr=subprocess.PIPE, cwd=Path(__file__).parents[2], check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")
