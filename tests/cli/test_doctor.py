"""The doctor says what is chosen, and no secret."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.cli import run
from studio.doctor import without_secrets
from studio.neighbour import free_port


@pytest.mark.parametrize("address", [
    "https://key:s3cr3t@llm.example/v1?api_key=s3cr3t", "https://llm.example/v1#s3cr3t", "ftp://s3cr3t@files.example/x",
    "s3://key:s3cr3t@bucket/x?secret=s3cr3t", "simplecache::s3://key:s3cr3t@bucket/x", "ftp://u:s3cr3t/s3cr3t@h/x",
    "postgresql+psycopg://vecu:s3cr3t@db.example/vecu?password=s3cr3t", "ftp://u:s3cr3t?s3cr3t@h/x?s3cr3t"])
def test_an_address_is_shown_without_its_secrets(address: str) -> None:
    """User, password and query are hidden wherever they stand."""
    assert "s3cr3t" not in without_secrets(address)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="@"), max_size=20))
def test_any_password_is_hidden(odd: str) -> None:
    """A password that should have been encoded and was not is hidden too."""
    assert without_secrets(f"ftp://user:{odd}s3cr3t@h/folder") == "ftp://***@h/folder"


@pytest.mark.parametrize("address", ["", "/srv/vecu/vault", "file:///srv/vault", "http://127.0.0.1:11434/v1"])
def test_an_address_without_secrets_is_shown_whole(address: str) -> None:
    """What helps is kept."""
    assert without_secrets(address) == address


def test_the_whole_report_holds_no_secret(home: Path, monkeypatch: pytest.MonkeyPatch,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    """In both forms, whether or not the places answer."""
    monkeypatch.setenv("VECU_VAULT_URL", "ftp://u:s3cr3t@127.0.0.1:9/x")
    monkeypatch.setenv("VECU_DATABASE_URL", "postgresql+psycopg://u:s3cr3t@127.0.0.1:9/x?password=s3cr3t")
    monkeypatch.setenv("VECU_WRITER__MODEL", "openai:gpt")
    monkeypatch.setenv("VECU_WRITER__BASE_URL", "http://u:s3cr3t@127.0.0.1:9/v1?key=s3cr3t")
    monkeypatch.setenv("VECU_WRITER__API_KEY", "s3cr3t")
    assert run(["doctor", "--json"]) == 3
    assert run(["doctor"]) == 3
    told = capsys.readouterr()
    assert "127.0.0.1:9/v1" in told.out
    assert "s3cr3t" not in told.out + told.err


def test_an_index_elsewhere_that_sleeps_is_told(home: Path, monkeypatch: pytest.MonkeyPatch,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    """The doctor looks where the settings point, not at the folder beside."""
    monkeypatch.setenv("VECU_INDEX__KIND", "server")
    monkeypatch.setenv("VECU_INDEX__HOST", "127.0.0.1")
    monkeypatch.setenv("VECU_INDEX__PORT", str(free_port()))
    assert run(["doctor", "--json"]) == 3
    index = json.loads(capsys.readouterr().out)["parts"]["index"]
    assert not index["ok"]
    assert "127.0.0.1" in index["told"]


def test_an_index_elsewhere_that_answers_is_told(home: Path, monkeypatch: pytest.MonkeyPatch,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    """Its address is shown."""
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]
        monkeypatch.setenv("VECU_INDEX__KIND", "server")
        monkeypatch.setenv("VECU_INDEX__HOST", "127.0.0.1")
        monkeypatch.setenv("VECU_INDEX__PORT", str(port))
        run(["doctor", "--json"])
    assert json.loads(capsys.readouterr().out)["parts"]["index"] == {"ok": True, "told": f"http://127.0.0.1:{port}"}


def test_a_ledger_that_would_be_lost_with_the_home_is_told(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                           capsys: pytest.CaptureFixture[str]) -> None:
    """The backup's line says how to keep it elsewhere, and stops saying so once it is."""
    told = []
    for place in (None, tmp_path / "disk" / "ledger.jsonl"):
        if place:
            monkeypatch.setenv("VECU_LEDGER", str(place))
        run(["doctor", "--json"])
        told.append("VECU_LEDGER" in json.loads(capsys.readouterr().out)["parts"]["backup"]["told"])
    assert told == [True, False]
