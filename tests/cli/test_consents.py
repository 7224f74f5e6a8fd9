"""`vecu withdraw` and `vecu forget`: at once, as one person, with the light or the receipt on standard output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from story_bank.consent import Purpose
from story_bank.ids import StoryId
from story_bank.sql.bank import SqlBank
from studio.cli import run
from studio.ledger import Ledger
from tests.cli.conftest import settle

pytestmark = pytest.mark.usefixtures("light")
CAMILLE, JULIEN = "Camille Ferrand", "Julien Carpentier"


@pytest.fixture
def story(bank: SqlBank) -> StoryId:
    """A written story that Camille opened to everything, on LinkedIn."""
    return settle(bank, *Purpose)[0]


def out(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_withdrawal_is_answered_by_the_light(story: StoryId, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says that it is done, the next that the library is red (X8)."""
    code, told, _ = out(capsys, "withdraw", story, "--as", CAMILLE)
    assert code == 0
    assert told.startswith("C'est retiré.\n  [rouge] ")


def test_one_channel_alone(story: StoryId, capsys: pytest.CaptureFixture[str]) -> None:
    """The library stays green and the channel is red; a second time is no error and changes nothing."""
    for _ in range(2):
        code, told, _ = out(capsys, "withdraw", story, "--as", CAMILLE, "--channel", "linkedin", "--json")
        found = json.loads(told)
        assert code == 0
        assert found["light"]["state"] == "ok"
        assert {each["channel"]: each["state"] for each in found["channels"]}["linkedin"] == "stop"


def test_in_english(story: StoryId, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal's language is spoken."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    _, told, _ = out(capsys, "withdraw", story, "--as", CAMILLE)
    assert told.startswith("It is taken back.\n  [red] ")


@pytest.mark.parametrize("command", ["withdraw", "forget"])
def test_nobody_decides_for_somebody_else(command: str, story: StoryId, bank: SqlBank,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    """An editor, the console, or anybody asked about a story that is nowhere: one sentence, exit 2."""
    for arguments in ((story, "--as", JULIEN), (story,), ("nowhere", "--as", CAMILLE), (story, "--as", "nobody")):
        code, told, complained = out(capsys, command, *arguments)
        assert (code, told) == (2, "")
        assert len(complained.strip().splitlines()) == 1
    with bank.open() as work:
        assert work.every_story_id() == [story]


def test_a_channel_that_is_none_is_refused(story: StoryId, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the finger takes nothing back."""
    assert out(capsys, "withdraw", story, "--as", CAMILLE, "--channel", "myspace")[0] == 2


def test_forgetting_prints_the_receipt(story: StoryId, bank: SqlBank, light: Path,
                                       capsys: pytest.CaptureFixture[str]) -> None:
    """What was erased in plain words, and the number of the proof; asked again it is the same (L21)."""
    code, told, _ = out(capsys, "forget", story, "--as", CAMILLE)
    assert code == 0
    assert "Attestation d'effacement" in told.replace("’", "'")
    assert "1 récit" in told
    with bank.open() as work:
        (forgotten,) = work.forgotten()
        assert work.every_story_id() == []
    assert forgotten.id in told
    again = json.loads(out(capsys, "forget", story, "--as", CAMILLE, "--json")[1])
    assert (again["id"], again["light"]["state"]) == (forgotten.id, "stop")
    assert Ledger(light / "forgotten.jsonl").all() == [forgotten]
