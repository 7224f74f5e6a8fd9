"""One line in, one line out: lines end by the newline alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.cli import run
from studio.cli.telling import lines_of

ODD = "\u2028\u2029\x85\x0b\x0c\x1c"
VALUES = [{"id": "ecoute", "name": "Écouter", "description": "On écoute.", "behaviours": ["Demander et écouter"]}]


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]))))
def test_lines_written_are_the_lines_read(lines: list[str]) -> None:
    """Whatever a line holds, there are as many as were written."""
    assert lines_of("".join(f"{line}\n" for line in lines)) == lines


def test_a_last_line_without_its_newline_counts() -> None:
    """As many tools write them."""
    assert lines_of("un\n\ndeux") == ["un", "", "deux"]


def test_every_question_on_standard_input_has_its_line(light: Path, piped: Callable[[bytes], None],
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    """Blank ones included, with nothing found; a separator of Unicode does not cut a question."""
    piped(f"une nuit{ODD}calme\r\n\n  \nfierté".encode())
    assert run(["search", "-"]) == 0
    told = [json.loads(line) for line in lines_of(capsys.readouterr().out)]
    assert [each["query"] for each in told] == [f"une nuit{ODD}calme", "", "  ", "fierté"]
    assert all(each["results"] == [] for each in told)


def test_a_blank_question_on_standard_input_finds_nothing(light: Path, piped: Callable[[bytes], None],
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    """On the page an empty question lists the newest; on standard input it keeps its place alone."""
    piped(b"\n")
    assert run(["search", "-", "--as", "nobody"]) == 2
    piped(b"\n")
    assert run(["search", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == {"query": "", "results": []}


def test_every_text_to_tag_has_its_line(light: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The third answer is the third text's."""
    texts, values = tmp_path / "texts.txt", tmp_path / "values.json"
    texts.write_bytes(f"Je lui ai demandé et j'ai su écouter{ODD}sans rien dire.\r\n\nDemander et écouter.\n".encode())
    values.write_text(json.dumps(VALUES), "utf-8")
    assert run(["tag", str(texts), "--lines", "--values", str(values), "--json"]) == 0
    told = [json.loads(line) for line in lines_of(capsys.readouterr().out)]
    assert len(told) == 3
    assert told[1] == []


def test_a_post_with_an_odd_separator_is_one_post(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON leaves U+2028 as it is inside a string."""
    words, post, others = tmp_path / "words.json", tmp_path / "post.txt", tmp_path / "posts.jsonl"
    words.write_text('{"language": "fr", "segments": [{"start": 0, "end": 3, "text": "Je suis fière de nous."}]}')
    post.write_text("Je suis fière de nous.", "utf-8")
    others.write_text(json.dumps({"text": f"autre{ODD}chose"}, ensure_ascii=False) + "\n", "utf-8")
    assert run(["check", str(post), "--transcript", str(words), "--others", str(others), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["own_words"] == 1.0
