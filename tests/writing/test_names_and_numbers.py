"""Names and numbers that a text states."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.writing.figures import figures, supported_values
from studio.writing.names import names, together


@pytest.mark.parametrize(("text", "language", "values"), [
    ("quarante pour cent, 40 %, 40%", "fr", ["40%", "40%", "40%"]),
    ("trente-deux lits et 32 lits", "fr", ["32", "32"]),
    ("quatre-vingt-deux ans, vingt et une heures", "fr", ["82", "21"]),
    ("deux mille vingt-six, 2026", "fr", ["2026", "2026"]),
    ("1 200, 1\u202f200, 1.200 et 3,5", "fr", ["1200", "1200", "1200", "3.5"]),
    ("une douzaine de lits", "fr", ["12"]),
    ("un soir, une dame, le premier jour", "fr", []),
    ("mille mercis, en deux mots, à 100 %", "fr", []),
    ("un lit neuf, neuf lits", "fr", ["9"]),
    ("forty percent, two hundred and five", "en", ["40%", "205"]),
    ("Every second counts, one day", "en", []),
    ("1. Écouter\n2. Noter #Top10 https://x.com/12 2️⃣", "fr", []),
], ids=["share", "words", "compound", "year", "thousands", "dozen", "one", "idioms", "new", "english",
        "second", "lists"])
def test_numbers_compare_by_value(text: str, language: str, values: list[str]) -> None:
    """In digits or in words, with or without a percent sign."""
    assert [figure.value for figure in figures(text, language)] == values


@settings(max_examples=60)
@given(st.text(max_size=120), st.sampled_from(["fr", "en", None]))
def test_every_number_is_where_it_says(text: str, language: str | None) -> None:
    """Any text; the place holds the number."""
    assert all(text[one.start:one.end] == one.text for one in figures(text, language))


def test_half_stands_behind_fifty_percent() -> None:
    """A share said in words supports the same share in digits."""
    assert "50%" in supported_values("plus de la moitié des appels", "fr")


@pytest.mark.parametrize(("text", "found"), [
    ("Avec Moussa et Jean-Pierre Durand, à Lille.", ["Moussa", "Jean-Pierre Durand", "Lille"]),
    ("Écouter change tout. Demain aussi.", []),
    ("Sophie a tout changé.", ["Sophie"]),
    ("Merci à M. Vasseur.", ["Vasseur"]),
    ("UNE NUIT À LILLE\nLa SNCF aussi.", ["SNCF"]),
    ("On Monday, in French, I met Priya.", ["Priya"]),
    ("#Fierté sur LinkedIn, RH et RSE.", []),
    ("« Bonsoir », puis : Rien. 😀 Voilà.", []),
    ("chez L'Oréal, d’Alsace", ["Oréal", "Alsace"]),
], ids=["names", "beginnings", "first name", "title", "capitals", "english", "ordinary", "marks", "elided"])
def test_names_are_told_from_ordinary_capitals(text: str, found: list[str]) -> None:
    """A capital proves nothing at the beginning of a sentence."""
    assert [name.text for name in together(names(text), text)] == found
