"""The caption script: text stays text, the spoken word is marked in its time, wide lines shrink."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.ass import safe, script
from media.captions import cues
from story_bank.ids import WordId
from story_bank.making import CaptionStyle, Shape
from story_bank.transcript import Segment, Word


def lines_of(texts: list[str], style: CaptionStyle) -> list[str]:
    words = tuple(Word(WordId(str(n)), text, n * 0.5, n * 0.5 + 0.4) for n, text in enumerate(texts))
    made = script(cues([Segment(words)], 26), Shape.VERTICAL, style)
    return [line for line in made.splitlines() if line.startswith("Dialogue")]


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_text_cannot_command_the_renderer(text: str) -> None:
    """No brace, no backslash, no line break survives from what was typed."""
    assert not re.search(r"[{}\\\n\r\x00-\x1f]", safe(text))


@settings(max_examples=30)
@given(st.lists(st.sampled_from(["{\\fs200}", "\\N", "a", "été", "«", "l'eau", "{", "Dialogue:", "x" * 70]), min_size=1,
                max_size=12), st.sampled_from([CaptionStyle.HIGHLIGHT, CaptionStyle.PLAIN]))
def test_only_our_own_overrides_are_in_the_script(texts: list[str], style: CaptionStyle) -> None:
    """Colours, sizes and line breaks are ours alone."""
    for line in lines_of(texts, style):
        rest = re.sub(r"\{\\1c&H[0-9A-F]{8}&\}|\{\\fs\d+\}|\\N", "", line)
        assert not re.search(r"[{}\\]", rest)


def test_the_spoken_word_is_marked_in_its_time() -> None:
    """Three words give three events in a row, each with one word in the colour of the voice."""
    events = lines_of(["Un", "soir", "d'été"], CaptionStyle.HIGHLIGHT)
    marked = [re.findall(r"768BFF&\}([^{]+)", event) for event in events]
    assert marked == [["Un"], ["soir"], ["d'été"]]
    times = [event.split(",")[1:3] for event in events]
    assert [times[0][1], times[1][1]] == [times[1][0], times[2][0]]


def test_plain_captions_mark_nothing() -> None:
    """One event a cue, no colour change."""
    (event,) = lines_of(["Un", "soir", "d'été"], CaptionStyle.PLAIN)
    assert "\\1c" not in event


@pytest.mark.parametrize(("text", "shrinks"), [("M" * 26, True), ("i" * 26, False)])
def test_wide_letters_shrink_to_stay_in_the_safe_area(text: str, shrinks: bool) -> None:
    """26 capital M are wider than the picture allows; 26 small i are not."""
    (event,) = lines_of([text], CaptionStyle.PLAIN)
    assert ("\\fs" in event) is shrinks
