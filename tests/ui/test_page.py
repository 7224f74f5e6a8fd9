"""What pages share: errors said in one sentence, who asks, what a value may hold."""

from __future__ import annotations

import inspect
import logging
import re
from types import SimpleNamespace

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.errors import BadInput, NotFound
from studio.ui.components import html, parts, said
from studio.ui.page import kindly, person_of, story_param
from studio.ui.record import unusual_words


def test_an_error_is_said_in_the_language_of_the_page() -> None:
    """The sentence, and nothing else, reaches the person."""
    @kindly("en")
    def handler() -> None:
        raise BadInput("Trop long : coupez-le.", "Too long: cut it.")

    with pytest.raises(gr.Error, match=r"Too long: cut it\.") as shown:
        handler()
    assert shown.value.print_exception is False


def test_the_unforeseen_is_one_sentence_with_an_id(caplog: pytest.LogCaptureFixture) -> None:
    """The person gets an id and no traceback; the log has both, without the words of the error."""
    @kindly("fr")
    def handler() -> None:
        raise KeyError("secret")

    with caplog.at_level(logging.ERROR, "vecu.pages"), pytest.raises(gr.Error) as shown:
        handler()
    number = re.search(r"Repère\u00a0: (\w{8})", shown.value.message)
    assert number is not None
    assert "secret" not in shown.value.message
    assert number[1] in caplog.text
    assert "secret" not in caplog.messages[0].splitlines()[0]


def test_a_decorated_handler_keeps_its_signature() -> None:
    """Gradio finds `gr.Request` by looking at the annotations."""
    @kindly("fr")
    def handler(text: str, request: gr.Request) -> str:
        return text

    assert list(inspect.signature(handler).parameters) == ["text", "request"]


def test_without_a_session_nobody_asks() -> None:
    """A handler called after the session ended finds no person."""
    with pytest.raises(NotFound, match="sign in again"):
        person_of(SimpleNamespace(username=None), None)


def test_the_story_is_the_one_in_the_address() -> None:
    """No story, no id."""
    assert story_param(SimpleNamespace(query_params={"story": "42"})) == "42"
    assert story_param(SimpleNamespace(query_params={})) is None


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8))
def test_a_value_never_reads_as_a_template_literal(value) -> None:
    """Gradio runs the filled template as JavaScript: no `${` of a person's may survive unescaped."""
    def texts(kept):
        if isinstance(kept, str):
            return [kept]
        return [text for each in (kept.values() if isinstance(kept, dict) else kept) for text in texts(each)]

    for text in texts(html(html_template="").postprocess(value)):
        assert "$" not in re.sub(r"\\.", "", text, flags=re.S)


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_marks_cut_a_text_without_losing_a_letter(text: str, one: int, other: int) -> None:
    """The pieces of a passage, put together, are the passage."""
    first, after = sorted((min(one, len(text)), min(other, len(text))))
    assert "".join(piece["t"] for piece in parts(text, [(first, after)], "en")) == text


def test_a_passage_is_human_words_in_their_own_language() -> None:
    """Serif, the second in the margin, and the language of the words, for voices that read aloud."""
    fragment = said("", "en")
    assert 'lang="{{lang}}"' in fragment
    assert "Listen from" in fragment


@given(st.text(max_size=400))
def test_unusual_words_are_short_lines_whatever_is_typed(text: str) -> None:
    """At most forty, none empty, none with a comma or a line end."""
    words = unusual_words(text)
    assert len(words) <= 40
    assert all(0 < len(word) <= 60 and word == " ".join(word.split()) and "," not in word for word in words)
