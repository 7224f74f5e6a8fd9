"""The command line is a stable contract (shared/design/command-line.md): names, shapes, streams and exit codes."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from media.ffmpeg_run import find_ffmpeg
from studio.cli import app, run
from studio.cli.telling import lines_of

MEDIA = Path(__file__).parents[2] / "studio/demo/media"
INTERVIEW = MEDIA / "fr3_interview_two_voices.mp4"
TOLD = MEDIA / "fr3_interview_two_voices.segments.json"

OPTIONS = {
    "serve": ["--host", "--port", "--no-worker"],
    "worker": ["--name"],
    "demo": ["--reset"],
    "doctor": ["--json"],
    "transcribe": ["--language", "--context", "--speakers", "--format", "--output"],
    "moments": ["--count", "--min", "--max", "--json"],
    "clip": ["--from", "--to", "--remove", "--format", "--captions", "--transcript", "--snap", "--output"],
    "import": [],
    "search": ["--value", "--channel", "--limit", "--as", "--json"],
    "tag": ["--lines", "--values", "--json"],
    "draft": ["--transcript", "--profile", "--channel", "--language", "--json"],
    "check": ["--transcript", "--suggestion", "--others", "--speaker", "--channel", "--json"],
    "reindex": [],
    "backup": ["--json"],
    "restore": ["--replace", "--forgotten", "--json"],
}
CHOICES = {
    ("transcribe", "--language"): ["fr", "en", "auto"],
    ("transcribe", "--format"): ["txt", "srt", "vtt", "json"],
    ("clip", "--format"): ["vertical", "square", "wide"],
    ("clip", "--captions"): ["highlight", "plain", "none"],
    ("draft", "--profile"): ["expert", "reporter", "supporter", "rh"],
    ("check", "--speaker"): ["self", "other"],
    ("search", "--channel"): ["linkedin", "instagram", "facebook", "x", "slack", "teams", "intranet", "newsletter",
                              "website", "print", "event"],
}
FINDINGS = {"unsupported", "copied", "seen_elsewhere", "private", "red_line", "affiliation", "length", "cliche"}
VALUES = [
    {"id": "ecoute", "name": "Écouter", "description": "On demande à la personne qui le vit chaque jour.",
     "behaviours": ["Demander à la personne et écouter sa réponse"]},
    {"id": "securite", "name": "Sécurité", "description": "On s'arrête dès qu'il y a un danger.",
     "behaviours": ["Arrêter la machine quand quelqu'un peut se blesser"], "examples": ["J'ai coupé la ligne."]},
    {"id": "transmission", "name": "Transmettre", "description": "On apprend son métier aux plus jeunes.",
     "behaviours": ["Montrer le geste à un apprenti"]},
    {"id": "essayer", "name": "Essayer", "description": "On tente à petite échelle avant de décider.",
     "behaviours": ["Faire un essai d'une semaine"]},
]


def _written(number: int, title: str, text: str, **changes: Any) -> dict[str, Any]:
    agreed = {"purposes": ["library", "draft", "share"], "channels": ["linkedin"], "from": "2026-01-01",
              "until": "2036-12-31", "appears": {"face": False, "voice": False, "name": "full"}}
    return {"id": f"récit-{number}", "title": title, "text": text, "language": "fr", "author": "Nadia Belkacem",
            "team": "quais", "site": "Lille", "recorded_on": "2026-01-05", "values": [], "consent": agreed} | changes


STORIES = [
    _written(1, "La rampe", "Nous avons repeint la rampe du quai pour que personne ne glisse quand il pleut."),
    _written(2, "Le pain", "Le boulanger nous a appris à pétrir la pâte à la main, un matin de décembre."),
    _written(3, "Secret", "Personne ne doit trouver le récit de la rampe gelée.", consent=None),
]


@pytest.fixture(scope="module")
def warm_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for the tests that need real models: where `tests/vectorstore` assembles them, once a session."""
    return tmp_path_factory.getbasetemp() / "model-home"


@pytest.fixture
def warm(warm_home: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VECU_HOME", str(warm_home))
    return warm_home


@pytest.fixture(scope="module")
def imported(warm_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What importing three good lines and three bad ones answers."""
    file = tmp_path_factory.mktemp("given") / "stories.jsonl"
    bad = ["{not json", json.dumps(_written(4, "Valeur", "Un texte.", values=["inconnue"])),
           json.dumps(_written(5, "Jour", "Un texte.", recorded_on="hier"))]
    good = [json.dumps(line, ensure_ascii=False) for line in STORIES]
    file.write_text("\n".join([good[0], bad[0], good[1], "", bad[1], good[2], bad[2]]) + "\n", "utf-8")
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as shown:
        patch.setenv("VECU_HOME", str(warm_home))
        assert run(["import", str(file), "--json"]) == 0
    answered: dict[str, Any] = json.loads(shown.getvalue())
    return answered


def _shown(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return the one JSON value that is all of standard output."""
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_every_command_is_there_with_its_options(name: str) -> None:
    """Names are kept; more may be added."""
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    there = {option for parameter in command.params for option in parameter.opts}
    assert set(OPTIONS[name]) <= there


@pytest.mark.parametrize(("name", "option"), sorted(CHOICES))
def test_every_choice_is_there(name: str, option: str, monkeypatch: pytest.MonkeyPatch,
                               capsys: pytest.CaptureFixture[str]) -> None:
    """The words of a choice are kept too."""
    monkeypatch.setenv("COLUMNS", "200")
    assert run([name, "--help"]) == 0
    shown = re.search(rf"{option} <([a-z|]+)>", capsys.readouterr().out)
    assert shown is not None
    assert set(CHOICES[name, option]) <= set(shown[1].split("|"))


def test_help_is_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    """On standard output, exit 0."""
    assert run(["--help"]) == 0
    told = capsys.readouterr()
    assert all(name in told.out for name in OPTIONS)
    assert told.err == ""


@pytest.mark.parametrize("wrong", [
    ["nothing"], ["moments"], ["moments", "missing.json"], ["moments", str(TOLD), "--count", "none"],
    ["moments", str(TOLD), "--min", "50", "--max", "10"], ["transcribe", "missing.mp4"], ["transcribe", str(TOLD)],
    ["clip", str(INTERVIEW), "--from", "5", "--to", "2", "--output", "out.mp4"],
    ["clip", str(INTERVIEW), "--from", "500", "--to", "502", "--output", "out.mp4"],
    ["draft"], ["draft", "--transcript", str(TOLD), "--language", "de"], ["draft", "no-such-story"],
    ["check", "missing.txt", "--transcript", str(TOLD)], ["search", "x", "--channel", "pigeon"],
    ["search", "x", "--as", "personne"], ["import", "missing.jsonl"], ["tag", "missing.txt"]])
def test_bad_input_is_exit_2_and_one_sentence(wrong: list[str], light: Path,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing on standard output, one plain line on the other."""
    assert run(wrong) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(lines_of(told.err)) == 1
    assert "Traceback" not in told.err


def test_an_unknown_setting_is_exit_2(home: Path, monkeypatch: pytest.MonkeyPatch,
                                      capsys: pytest.CaptureFixture[str]) -> None:
    """Unknown VECU_ names are errors."""
    monkeypatch.setenv("VECU_HOMME", "x")
    assert run(["doctor"]) == 2
    assert "VECU_HOMME" in capsys.readouterr().err


def test_what_sleeps_is_exit_3_with_what_to_do(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A home that cannot be a folder is said, with the setting to change."""
    home.write_text("a file where a folder should be")
    assert run(["search", "x", "--json"]) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert "VECU_HOME" in told.err


def test_moments_have_their_shape(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whole sentences, with seconds and reasons; no library is made."""
    assert run(["moments", str(TOLD), "--count", "2", "--min", "5", "--max", "30", "--json"]) == 0
    shaped = _shown(capsys)
    assert 1 <= len(shaped) <= 2
    for moment in shaped:
        assert 5 <= moment["end"] - moment["start"] <= 30
        assert moment["text"]
        assert all(isinstance(reason, str) and reason for reason in moment["reasons"])
    assert not home.exists()


def test_a_draft_of_a_transcript_has_its_shape(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every spoken sentence is found in the transcript, with its seconds."""
    assert run(["draft", "--transcript", str(TOLD), "--profile", "reporter", "--channel", "linkedin", "--json"]) == 0
    shaped = _shown(capsys)
    assert {"writer", "questions", "angles"} <= set(shaped)
    assert shaped["angles"]
    said = " ".join(segment["text"] for segment in json.loads(TOLD.read_text("utf-8"))["segments"])
    for angle in shaped["angles"]:
        assert {"title", "hook", "sentences"} <= set(angle)
        for sentence in angle["sentences"]:
            assert {"text", "origin", "start", "end"} <= set(sentence)
            assert sentence["origin"] == "added" or sentence["text"] in said
    assert not (home / "vecu.db").exists()


@pytest.mark.parametrize("speaker", ["self", "other"])
def test_a_check_has_its_shape(speaker: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A number nobody said is found; the share of one's own words is between 0 and 1."""
    post, suggestion = tmp_path / "post.txt", tmp_path / "draft.txt"
    post.write_text("Chez Norlog, nous avons sauvé 4721 palettes en une nuit et j'en suis fière.", "utf-8")
    suggestion.write_text("et j'en suis fière", "utf-8")
    assert run(["check", str(post), "--transcript", str(TOLD), "--suggestion", str(suggestion), "--speaker", speaker,
                "--channel", "linkedin", "--json"]) == 0
    shaped = _shown(capsys)
    assert 0 < shaped["own_words"] < 1
    assert isinstance(shaped["may_be_ready"], bool)
    assert {finding["kind"] for finding in shaped["findings"]} <= FINDINGS
    assert any(finding["kind"] == "unsupported" and "4721" in finding["text"] for finding in shaped["findings"])
    assert all(finding["why"] and finding["fix"] for finding in shaped["findings"])


def test_an_empty_post_has_no_share(home: Path, piped: Callable[[bytes], None],
                                    capsys: pytest.CaptureFixture[str]) -> None:
    """None of nothing is null, and nothing is not ready."""
    piped(b"")
    assert run(["check", "-", "--transcript", str(TOLD), "--json"]) == 0
    shaped = _shown(capsys)
    assert shaped["own_words"] is None
    assert shaped["may_be_ready"] is False


@pytest.mark.slow
def test_a_transcript_has_its_shape(warm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The real ears on twelve seconds: segments and words in order, with seconds from the start of the media."""
    short = tmp_path / "short.mp4"
    subprocess.run([find_ffmpeg(), "-v", "error", "-t", "12", "-i", str(INTERVIEW), "-c", "copy", str(short)],
                   check=True)
    assert run(["transcribe", str(short), "--language", "fr", "--format", "json"]) == 0
    shaped = _shown(capsys)
    assert {"language", "duration_s", "model", "segments"} <= set(shaped)
    assert shaped["language"] == "fr"
    assert shaped["duration_s"] == pytest.approx(12, abs=0.5)
    words = [word for segment in shaped["segments"] for word in segment["words"]]
    assert {"start", "end", "speaker", "text", "words"} <= set(shaped["segments"][0])
    assert {"text", "start", "end", "probability"} <= set(words[0])
    assert "Nadia" in " ".join(word["text"] for word in words)
    times = [word["start"] for word in words]
    assert times == sorted(times)
    assert all(0 <= word["start"] <= word["end"] <= shaped["duration_s"] + 0.5 for word in words)


@pytest.mark.slow
def test_tags_have_their_shape(warm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The real sense of meaning: at most three, best first, each with a sentence of the text."""
    values, text = tmp_path / "values.json", tmp_path / "text.txt"
    values.write_text(json.dumps(VALUES), "utf-8")
    text.write_text("Il pleuvait. J'ai demandé à Sophie ce qui la gênait et je l'ai écoutée sans rien dire.", "utf-8")
    assert run(["tag", str(text), "--values", str(values), "--json"]) == 0
    shaped = _shown(capsys)
    assert 1 <= len(shaped) <= 3
    assert shaped[0]["value"] == "ecoute"
    assert [each["score"] for each in shaped] == sorted((each["score"] for each in shaped), reverse=True)
    assert all(each["evidence"] in text.read_text("utf-8") for each in shaped)


@pytest.mark.slow
def test_an_import_answers_what_it_took_and_refused(imported: dict[str, Any]) -> None:
    """Line numbers are those of the file, each with its reason."""
    assert imported["taken"] == 3
    assert [each["line"] for each in imported["refused"]] == [2, 5, 7]
    assert all(each["why"] for each in imported["refused"])


@pytest.mark.slow
def test_search_has_its_shape_and_obeys_consent(imported: dict[str, Any], warm: Path,
                                                piped: Callable[[bytes], None],
                                                capsys: pytest.CaptureFixture[str]) -> None:
    """Best first, with passage and reason; the console's administrator is bound by consent too."""
    assert run(["search", "éviter que quelqu'un tombe sur la rampe", "--limit", "5", "--json"]) == 0
    shaped = _shown(capsys)
    assert shaped["query"] == "éviter que quelqu'un tombe sur la rampe"
    first = shaped["results"][0]
    assert {"story_id", "title", "start", "end", "passage", "score", "why", "values"} <= set(first)
    assert first["title"] == "La rampe"
    assert "Secret" not in [each["title"] for each in shaped["results"]]
    assert [each["score"] for each in shaped["results"]] == sorted(
        (each["score"] for each in shaped["results"]), reverse=True)
    piped("pétrir\n\nla rampe\n".encode())
    assert run(["search", "-", "--channel", "linkedin", "--limit", "1"]) == 0
    lines = [json.loads(line) for line in lines_of(capsys.readouterr().out)]
    assert [line["query"] for line in lines] == ["pétrir", "", "la rampe"]
    assert [[each["title"] for each in line["results"]] for line in lines] == [["Le pain"], [], ["La rampe"]]
