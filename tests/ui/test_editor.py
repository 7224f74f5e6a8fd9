"""What the editor's page sends and reads."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.editing import Edited, mark
from story_bank.errors import BadInput
from story_bank.ids import RecordingId, StoryId, TranscriptId, WordId
from story_bank.transcript import Segment, Transcript, Version, Word
from studio.ui import editor
from studio.ui.editor_words import HELP, SAID

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HEARD = Transcript(TranscriptId("t"), RecordingId("r"), 1, "fr", "base", 9.0, (
    Segment((Word(WordId("a"), "${x}", 0.12345, 0.5, 0.2), Word(WordId("b"), "<b>", 0.5, 1.0)), "1"),), NOW)


def test_the_words_travel_as_one_string_with_their_marks() -> None:
    """Ids, texts as they are, seconds to the millisecond, what is doubtful."""
    value = editor.value(StoryId("s"), HEARD, "fr")
    words = [["a", "${x}", 0.123, 0.5, 1], ["b", "<b>", 0.5, 1.0, 0]]
    assert json.loads(json.loads(value["doc"])["lines"]) == [
        {"mark": mark(HEARD.segments[0]), "who": "1", "words": words}]


@given(sent=st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                         lambda part: st.lists(part, max_size=3) | st.dictionaries(
                             st.sampled_from(["changes", "was", "lines", "text", "who", "doubted", "follows"]), part)))
def test_whatever_a_page_sends_is_read_or_refused_in_a_sentence(sent: object) -> None:
    """Never a traceback."""
    with contextlib.suppress(BadInput):
        editor.changes_in(sent)  # type: ignore[arg-type]


def test_a_whole_change_is_read() -> None:
    """Marks, lines, voices, doubts, and which version the page kept last."""
    sent = {"changes": [{"was": ["m"], "lines": [{"text": "un mot", "who": "1", "doubted": ["a"]}]}], "follows": 3}
    (change,), follows = editor.changes_in(sent)
    assert (change.was, change.lines[0].text, change.lines[0].doubted, follows) == (("m",), "un mot", {"a"}, 3)


@pytest.mark.parametrize(("seen", "became", "all_of_it"), [(1, (), False), (0, (), True), (1, (None,), True)],
                         ids=["up to date", "behind", "a change was not made"])
def test_all_paragraphs_are_told_where_others_changed_some(seen: int, became: tuple[None, ...],
                                                           all_of_it: bool) -> None:
    """And only then: half an hour of words is not sent for a letter."""
    answer = editor.kept(Edited(HEARD, replace(HEARD, version=2), became), seen, "fr")
    assert (answer["version"], "lines" in answer) == (2, all_of_it)


def test_versions_are_told_with_the_words_of_one() -> None:
    """Moments in UTC, the second of each paragraph."""
    told = editor.looked_back([Version(2, NOW), Version(1, NOW)], HEARD)
    assert [each["number"] for each in told["versions"]] == [2, 1]
    assert (told["number"], told["text"]) == (1, [["0:00", "${x} <b>"]])


def test_every_key_and_word_is_said_in_both_languages() -> None:
    """No empty text, the same places to fill in."""
    for said in (*SAID.values(), *(each for key in HELP for each in (key.keys, key.does))):
        assert said.fr
        assert said.en
        assert said.fr.count("{") == said.en.count("{")
