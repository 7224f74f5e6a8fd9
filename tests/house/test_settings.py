"""Settings are a tagged choice that refuses nonsense."""

from __future__ import annotations

from pathlib import Path

import pytest

from story_bank.errors import BadInput
from studio.settings import ChildIndex, ServerIndex, Settings, documented, read_settings, unknown_variables


def test_nothing_chosen_means_the_small_house(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite, a folder and a child index under `var/`."""
    settings = read_settings({})
    assert settings.bank_url == f"sqlite:///{Path('var').resolve() / 'vecu.db'}"
    assert isinstance(settings.index, ChildIndex)
    assert settings.vault_place == str(Path("var").resolve() / "vault")


def test_a_grown_index_needs_its_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """kind=server without a host is refused by name; with one it is taken."""
    monkeypatch.setenv("VECU_INDEX__KIND", "server")
    with pytest.raises(BadInput, match="VECU_INDEX"):
        read_settings()
    monkeypatch.setenv("VECU_INDEX__HOST", "chroma.example")
    assert read_settings().index == ServerIndex(kind="server", host="chroma.example")


@pytest.mark.parametrize("name", ["VECU_HOMME", "VECU_WRITER_MODEL", "VECU_INDEX__PROT"])
def test_an_unknown_name_is_an_error(name: str) -> None:
    """A misspelt setting is told, not ignored."""
    with pytest.raises(BadInput, match=name):
        read_settings({name: "x"})


def test_every_known_name_is_known() -> None:
    """Nested names are spelt with two underscores."""
    assert unknown_variables({"VECU_WRITER__MODEL": "", "VECU_INDEX__PORT": "", "VECU_LIMITS__MINUTES": ""}) == []


def test_nonsense_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says which setting is wrong."""
    monkeypatch.setenv("VECU_LIMITS__MINUTES", "beaucoup")
    with pytest.raises(BadInput, match="VECU_LIMITS__MINUTES"):
        read_settings()


@pytest.mark.parametrize("name", [name for name, _, _ in documented(Settings)])
def test_an_empty_setting_is_the_default(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`VECU_HOME=` in a file of settings means what its absence means."""
    before = read_settings()
    monkeypatch.setenv(name, "")
    assert read_settings() == before


def test_every_setting_is_documented_once() -> None:
    """A setting of both kinds of index has one row, with its default."""
    names = [name for name, _, _ in documented(Settings)]
    assert sorted(names) == sorted(set(names))
    assert ("VECU_INDEX__KIND", "`child`") in [row[:2] for row in documented(Settings)]
