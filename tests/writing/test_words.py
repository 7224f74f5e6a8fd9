"""Words as they are compared: what a disguise cannot hide."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.writing.words import RUN, language_of, shared, spots, words

texts = st.lists(
    st.sampled_from(["le", "lit", "l'eau", "été", "peut-être", "Sophie", "œuvre", "32"]), max_size=30).map(" ".join)


@pytest.mark.parametrize(("text", "told"), [
    ("L’eau, l'eau, L'EAU", ["leau", "leau", "leau"]),
    ("peut-être peut‑être", ["peutetre", "peutetre"]),
    ("e\u0301te\u0301 été", ["ete", "ete"]),
    ("n\u200bui\u00adt\ufeff", ["nuit"]),
    ("раtiеnt", ["patient"]),
    ("ｎｕｉｔ 𝐧𝐮𝐢𝐭", ["nuit", "nuit"]),
    ("œuvre", ["oeuvre"]),
    ("fin.Début—puis", ["fin", "debut", "puis"]),
    ("😀 … !", []),
], ids=["apostrophes", "hyphens", "accents", "invisible", "cyrillic", "wide", "ligature", "glued", "no words"])
def test_words_are_told_through_their_disguise(text: str, told: list[str]) -> None:
    """Case, accents, apostrophes, invisible characters and look-alikes change nothing."""
    assert words(text) == told


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_each_word_has_its_place_in_the_text(text: str) -> None:
    """Places are in order, inside the text, and hold the word."""
    found = spots(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.start <= other.start for one, other in pairwise(found))
    assert all(one.word in "".join(words(text[one.start:one.end])) for one in found)


@settings(max_examples=60)
@given(texts, st.sampled_from([str.upper, str.title, lambda text: unicodedata.normalize("NFD", text),
                               lambda text: "\u200b".join(text), lambda text: text.replace(" ", "  …  ")]))
def test_a_disguise_changes_no_word(text: str, disguise: object) -> None:
    """Whatever is done to its looks, a text compares as itself."""
    assert words(disguise(text)) == words(text)  # type: ignore[operator]


@settings(max_examples=60)
@given(st.lists(st.sampled_from("abc"), max_size=20), st.lists(st.sampled_from("abc"), max_size=20))
def test_shared_runs_are_those_of_four_words_or_more(text: list[str], other: list[str]) -> None:
    """A word is shared when some run of four words around it is in the other text: checked by brute force."""
    grams = [other[at:at + RUN] for at in range(len(other) - RUN + 1)]
    expected = [any(text[first:first + RUN] in grams for first in range(max(0, at - RUN + 1), at + 1)
                    if first + RUN <= len(text)) for at in range(len(text))]
    assert shared(text, [other]) == expected


@pytest.mark.parametrize(("text", "language"), [
    ("Racontez un moment où vous étiez là.", "fr"), ("Tell us about a day at work.", "en"), ("OK", None), ("", None)])
def test_little_words_tell_a_language(text: str, language: str | None) -> None:
    """A short sentence is enough; a word alone is not."""
    assert language_of(text) == language
