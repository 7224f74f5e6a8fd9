"""Two languages, whole: nothing is missing in one, nothing of one stands in the other."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

import studio.ui
import studio.web
from story_bank.language import Bilingual
from studio.settings import Settings
from studio.ui.site import PAGES, blocks
from studio.ui.words import NBSP, typo
from studio.wiring import toolbox

FRENCH = re.compile(r"[àâçéèêëîïôùûœ«»]|\b(?:le|la|les|des|une|vous|votre|vos|récits?|pas|est|avec|pour|qui)\b", re.I)
ENGLISH = re.compile(r"\b(?:the|you|your|and|with|is|are|this|that|story|stories|of|to)\b", re.I)
PROPER = re.compile(r"FR, français|Langue / Language|Français|Vécu|EHPAD|LinkedIn|Trelleborg|Moussa", re.I)
"""Names that are the same in both languages, and the names of languages in themselves."""


SHOWN = {"label", "placeholder", "value", "html_template", "choices", "info", "title"}
"""Properties of components that people read."""


def _bilinguals(value: Any) -> Iterator[Bilingual]:
    if isinstance(value, Bilingual):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _bilinguals(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _bilinguals(each)


def _texts() -> list[tuple[str, Bilingual]]:
    found = []
    for room in (studio.ui, studio.web):
        for module in pkgutil.iter_modules(room.__path__):
            loaded = importlib.import_module(f"{room.__name__}.{module.name}")
            found += [(f"{module.name}.{name}", text) for name, value in vars(loaded).items()
                      for text in _bilinguals(value) if not name.startswith("__")]
    return found


@pytest.mark.parametrize(("where", "text"), _texts(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_text_is_whole_in_both_languages(where: str, text: Bilingual) -> None:
    """Neither empty, and the English one is not French."""
    assert text.fr.strip()
    assert text.en.strip()
    assert not FRENCH.search(PROPER.sub("", text.en)), text.en


@pytest.mark.parametrize(("where", "text"), _texts(), ids=lambda value: value if isinstance(value, str) else "")
def test_nothing_shouts(where: str, text: Bilingual) -> None:
    """No exclamation mark, no « Oups », no « veuillez »."""
    assert "!" not in text.fr + text.en
    assert not re.search(r"\b(?:Oups|[Vv]euillez)\b", text.fr)


def _strings(config: Any) -> Iterator[str]:
    if isinstance(config, str):
        yield from (piece.strip() for piece in re.split(r"<[^>]*>|\{\{[^}]*\}\}", config) if piece.strip())
    elif isinstance(config, dict):
        for key, value in config.items():
            if key in SHOWN or isinstance(value, dict | list):
                yield from _strings(value)
    elif isinstance(config, list | tuple):
        for each in config:
            yield from _strings(each)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, gr.Blocks]:
    tools = toolbox(Settings(home=tmp_path_factory.mktemp("home")), may_own_index=False)
    return {lang: blocks(lang, tools) for lang in ("fr", "en")}


def test_the_english_pages_hold_no_french(sites) -> None:
    """Labels, placeholders, templates: everything that is laid out."""
    config = sites["en"].get_config_file()
    left = {text for text in _strings(config["components"]) if FRENCH.search(PROPER.sub("", text))}
    assert left == set()


def test_the_french_pages_hold_no_english(sites) -> None:
    """Stock labels of Gradio included."""
    config = sites["fr"].get_config_file()
    left = {text for text in _strings(config["components"]) if ENGLISH.search(PROPER.sub("", text))}
    assert left == set()


def test_french_has_its_unbreakable_spaces(sites) -> None:
    """Inside « » and before : ; ? %, in everything that is laid out."""
    left = {text for text in _strings(sites["fr"].get_config_file()["components"]) if text != typo(text)}
    assert left == set()


def test_both_languages_have_the_same_pages(sites) -> None:
    """Addresses are the same, so that switching keeps the page."""
    slugs = [[page[0] for page in sites[lang].pages] for lang in ("fr", "en")]
    assert slugs[0] == slugs[1] == [page.slug for page in PAGES]


def test_no_handler_is_a_public_function(sites) -> None:
    """Gradio publishes handlers unless told otherwise."""
    for site in sites.values():
        public = [each["id"] for each in site.get_config_file()["dependencies"] if each["api_visibility"] != "private"]
        assert public == []


@pytest.mark.parametrize("file", sorted((Path(studio.web.__file__).parent / "templates").glob("*.html")),
                         ids=lambda file: file.stem)
def test_plain_pages_say_nothing_outside_the_two_languages(file: Path) -> None:
    """In a template every sentence is a pair, or stands in an element that says which language it is in."""
    text = file.read_text("utf-8")
    pairs = re.findall(r'\bw\("((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\)', text)
    for french, english in pairs:
        assert not FRENCH.search(PROPER.sub("", english)), english
        assert french != "" != english
    text = re.sub(r'<(\w+)[^>]* lang="(?:fr|en)"[^>]*>[^<]*</\1>', " ", text)
    bare = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", " ", text, flags=re.S)
    assert set(re.findall(r"[^\W\d_]{3,}", bare)) <= {"Vécu"}


@given(st.text())
def test_setting_spaces_twice_changes_nothing(text: str) -> None:
    """Texts pass through several hands."""
    assert typo(typo(text)) == typo(text)


@given(st.text())
def test_setting_spaces_keeps_every_letter(text: str) -> None:
    """Only plain spaces become unbreakable ones."""
    assert typo(text).replace(NBSP, " ") == text.replace(NBSP, " ")
