"""Paragraphs that a reader recognises, grouped from sentences (issue 4, "Transcript")."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from story_bank.ids import WordId
from story_bank.transcript import LONGEST_PARAGRAPH, PARAGRAPH_WORDS, Segment, Word, paragraphs

DRAWN = st.lists(st.tuples(st.integers(1, 60), st.floats(0, 3), st.sampled_from([None, "1", "2"])), max_size=25)


def told(*lines: tuple[int, float, str | None]) -> tuple[Segment, ...]:
    """Sentences of so many words (two a second), each after so many seconds of silence, by somebody."""
    made, at = [], 0.0
    for number, (length, silence, speaker) in enumerate(lines):
        at += silence
        made.append(Segment(tuple(Word(WordId(f"{number}-{place}"), "mot", at + place / 2, at + place / 2 + 0.5)
                                  for place in range(length)), speaker))
        at += length / 2
    return tuple(made)


def lengths(*lines: tuple[int, float, str | None], questions: tuple[float, ...] = ()) -> list[int]:
    return [len(paragraph) for paragraph in paragraphs(told(*lines), questions)]


def test_a_paragraph_ends_where_another_person_speaks() -> None:
    """However short the turn is."""
    assert lengths((3, 0.3, "1"), (4, 0.1, "2"), (5, 0.1, "2"), (2, 0.1, "1")) == [1, 2, 1]


def test_a_paragraph_ends_at_a_long_pause() -> None:
    """Two seconds of silence part two thoughts."""
    assert lengths((12, 0.0, None), (12, 1.9, None), (12, 2.0, None)) == [2, 1]


def test_a_paragraph_of_forty_words_ends_at_the_next_breath() -> None:
    """And goes on over a pause that is none."""
    assert lengths((25, 0.0, None), (20, 1.0, None), (10, 0.3, None), (10, 0.8, None)) == [3, 1]


def test_a_paragraph_does_not_grow_beyond_ninety_words() -> None:
    """The sentence that would make it longer begins the next one."""
    assert lengths(*[(20, 0.1, None)] * 6) == [4, 2]


def test_a_question_begins_a_paragraph() -> None:
    """The answer stands apart from what was said before it was asked."""
    assert lengths((10, 0.0, None), (10, 0.5, None), (10, 0.5, None), questions=(5.2,)) == [1, 2]


@given(DRAWN, st.lists(st.floats(0, 300), max_size=4))
def test_every_sentence_is_in_one_paragraph_in_order(lines: list[tuple[int, float, str | None]],
                                                     questions: list[float]) -> None:
    """Nothing is lost, split or moved; a paragraph has one speaker and, of several sentences, ninety words at most."""
    segments = told(*lines)
    made = paragraphs(segments, questions)
    assert tuple(segment for paragraph in made for segment in paragraph) == segments
    assert all(len({segment.speaker for segment in paragraph}) == 1 for paragraph in made)
    counts = [sum(len(segment.words) for segment in paragraph) for paragraph in made]
    assert all(count <= LONGEST_PARAGRAPH or len(paragraph) == 1 for count, paragraph in zip(counts, made, strict=True))
    assert PARAGRAPH_WORDS < LONGEST_PARAGRAPH
