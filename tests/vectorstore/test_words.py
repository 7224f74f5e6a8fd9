"""Words: the same stem for what a person remembers and what was told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.language import Language
from vectorstore.words import query_stems, stems


@pytest.mark.parametrize(("one", "other", "language"), [
    ("sécurité", "securite", "fr"), ("réparée", "réparer", "fr"), ("équipées", "équipe", "fr"),
    ("cœurs", "coeur", "fr"), ("l’infirmière", "infirmière", "fr"), ("jusqu'au soir", "soir", "fr"),
    ("the ward's nurses", "ward nurse", "en"), ("didn't fix", "fixed", "en"),
])
def test_forms_of_a_word_meet(one: str, other: str, language: Language) -> None:
    """Accents, ligatures, elisions, plurals and endings do not separate a word from itself."""
    assert stems(one, language) == stems(other, language)


def test_numbers_are_kept() -> None:
    """Numbers are what people remember exactly."""
    assert stems("212 appels en 2 jours", "fr")[0] == "212"
    assert "2" in stems("212 appels en 2 jours", "fr")


def test_stop_words_of_both_languages_are_left_out() -> None:
    """A question made of small words alone looks for no word."""
    assert query_stems("qu'est-ce que c'est, what is it with you") == []


def test_question_is_stemmed_in_both_languages() -> None:
    """The story may be told in the other language."""
    assert {"ramp", "fix"} <= set(query_stems("fixed rampe"))


@given(st.text(max_size=200), st.sampled_from(["fr", "en"]))
def test_stems_are_letters_and_digits_alone(text: str, language: Language) -> None:
    """Whatever is typed, stems can be joined by spaces and hold no query operator."""
    assert all(stem.isalnum() and stem == stem.strip() for stem in stems(text, language))
