"""The consent light is in every result, for the use or channel that was asked for; a hidden name is in none (L07)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope
from story_bank.ids import ConsentId, StoryId, new_id
from story_bank.sql.bank import SqlBank
from studio.cli import run
from tests.cli.conftest import settle

pytestmark = pytest.mark.usefixtures("light")
PURPOSES = (Purpose.LIBRARY, Purpose.DRAFT, Purpose.SHARE)


@pytest.fixture
def story(bank: SqlBank) -> StoryId:
    """A written story of Camille's, open on LinkedIn for ninety days more."""
    story_id, _ = settle(bank, *PURPOSES)
    assert run(["reindex"]) == 0
    return story_id


def _until(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def _sign_again(bank: SqlBank, story_id: StoryId, days: int, name: NameShown = NameShown.FULL) -> None:
    today = datetime.now(UTC).date()
    scope = Scope(frozenset(PURPOSES), frozenset({Channel.LINKEDIN}), today, today + timedelta(days=days),
                  Appearance(face=True, voice=True, name=name))
    with bank.open() as work:
        story = work.story_of_job(story_id)
        work.sign(Consent(ConsentId(new_id()), story.subject_id, story.author_id, scope, "le texte", "1", "Camille",
                          datetime.now(UTC)))
        work.commit()


def _found(capsys: pytest.CaptureFixture[str], *asked: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run(["search", "la nuit", "--as", "Julien Carpentier", "--json", *asked]) == 0
    return list(json.loads(capsys.readouterr().out)["results"])


def test_every_result_has_its_light(story: StoryId, capsys: pytest.CaptureFixture[str]) -> None:
    """For the library; and for the channel, where one was asked for."""
    assert [each["light"] for each in _found(capsys)] == [{"state": "ok", "until": _until(90)}]
    assert [each["light"] for each in _found(capsys, "--channel", "linkedin")] == [
        {"state": "ok", "until": _until(90), "channel": "linkedin"}]
    assert _found(capsys, "--channel", "x") == []


def test_amber_thirty_days_before(story: StoryId, bank: SqlBank, capsys: pytest.CaptureFixture[str]) -> None:
    """Ending soon is said as such, with the day."""
    _sign_again(bank, story, 29)
    assert [each["light"] for each in _found(capsys)] == [{"state": "soon", "until": _until(29)}]


def test_the_light_in_words(story: StoryId, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json it is a line of its own."""
    capsys.readouterr()
    assert run(["search", "la nuit", "--as", "Julien Carpentier", "--channel", "linkedin"]) == 0
    assert "[vert] LinkedIn, jusqu'au" in capsys.readouterr().out


def test_a_suggestion_says_the_light_of_its_channel(story: StoryId, capsys: pytest.CaptureFixture[str]) -> None:
    """Drafting is agreed; whether LinkedIn is, the light tells."""
    states = {}
    for channel in ("linkedin", "x"):
        capsys.readouterr()
        assert run(["draft", story, "--profile", "supporter", "--channel", channel, "--as", "Julien Carpentier",
                    "--json"]) == 0
        states[channel] = json.loads(capsys.readouterr().out)["light"]
    assert states == {"linkedin": {"state": "ok", "until": _until(90), "channel": "linkedin"},
                      "x": {"state": "stop", "until": None, "channel": "x"}}


def test_a_hidden_name_is_in_no_answer(story: StoryId, bank: SqlBank, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither in a result nor in a suggestion, for anybody but its author."""
    with bank.open() as work:
        kept = work.story_of_job(story)
        work.save_story(replace(kept, title="La nuit de Camille Ferrand", source_id="camille-ferrand-1",
                                text=f"Je suis Camille Ferrand. {kept.text} Ferrand, c'est moi."))
        work.commit()
    assert run(["reindex"]) == 0
    _sign_again(bank, story, 90, NameShown.NONE)
    said = json.dumps(_found(capsys))
    assert run(["draft", story, "--channel", "linkedin", "--as", "Julien Carpentier", "--json"]) == 0
    said += capsys.readouterr().out
    assert story in said
    assert not any(word in said.casefold() for word in ("camille", "ferrand"))
    assert run(["search", "la nuit", "--as", "Camille Ferrand", "--json"]) == 0
    assert "Camille Ferrand" in capsys.readouterr().out
