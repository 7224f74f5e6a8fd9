"""Tracing a model's sentence back to what was said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.writing.quoting import traced
from tests.writing.stories import NURSE

STORY = NURSE.segments


@settings(max_examples=60)
@given(st.integers(0, len(STORY) - 2), st.integers(1, 2))
def test_whole_sentences_are_found_with_their_seconds(first: int, length: int) -> None:
    """One sentence, or two made one, take the time of what was said."""
    window = STORY[first:first + length]
    sentence = traced(" ".join(one.text for one in window), STORY, "fr")
    assert (sentence.origin, sentence.start, sentence.end) == ("spoken", window[0].start, window[-1].end)


@pytest.mark.parametrize("text", [
    "Au bout de six semaines, les appels avaient baissé de 40 %, et l'attente était descendue à 3 minutes.".replace(
        "Au bout", "Mais au bout"),
    "« Et ça, j'en suis fière. »".replace("ça,", "ça, franchement,"),
    "Ce qui m'a le plus touché, c'est une dame de 82 ans qui m'a pris la main.",
], ids=["digits", "marks", "agreement"])
def test_a_quotation_tidied_up_returns_to_the_words_that_were_said(text: str) -> None:
    """Digits, marks and agreement may differ; what is shown is what the person said."""
    sentence = traced(text, STORY, "fr")
    assert sentence.origin == "spoken"
    assert sentence.text in {one.text for one in STORY}


@pytest.mark.parametrize("text", [
    "J'ai acheté de machine, j'ai demandé de budget, j'ai juste écouté.",
    "Mais au bout de six semaines, les appels avaient baissé de soixante pour cent, et l'attente était descendue à "
    "trois minutes.",
    "Alors, avec Moussa, notre aide-soignant, et Deborah, la cadre du service, nous avons inventé la tournée douce.",
    "On m'a dit que nous n'aurions jamais le temps de rêver.",
    "Je n'ai pas demandé de budget.",
    "Nous avons transformé la nuit.",
    "",
], ids=["denial lost", "number", "name", "added end", "piece too short", "invented", "empty"])
def test_what_was_not_said_so_is_added(text: str) -> None:
    """A lost denial, another number, another name: not the speaker's words."""
    sentence = traced(text, STORY, "fr")
    assert (sentence.origin, sentence.start, sentence.end) == ("added", None, None)


def test_a_piece_from_a_pause_is_spoken() -> None:
    """A clause that begins at a comma and leaves no denial out still plays its sentence."""
    sentence = traced("Nous étions quatre pour trente-deux lits.", STORY, "fr")
    assert (sentence.text, sentence.origin, sentence.start) == (
        "nous étions quatre pour trente-deux lits", "spoken", STORY[2].start)
