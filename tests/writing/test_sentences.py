"""Whole sentences with their seconds, and the voice that tells."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from story_bank.ids import WordId, new_id
from story_bank.transcript import Segment, Word
from studio.writing.sentences import source_of, source_of_text, split, told, whole_sentences
from studio.writing.writer import Source, SourceSentence
from tests.writing.stories import INTERVIEW


def spoken(text: str, start: float = 0.0, speaker: str | None = None) -> Segment:
    """Return a segment whose words last a second each."""
    return Segment(tuple(Word(WordId(new_id()), word, start + at, start + at + 1)
                         for at, word in enumerate(text.split(" "))), speaker)


@pytest.mark.parametrize(("text", "parts"), [
    ("Un. Deux ! Trois ?", ["Un.", "Deux !", "Trois ?"]),
    ("M. Dupont est là. Il attend.", ["M. Dupont est là.", "Il attend."]),
    ("Elle dit : « Non. Jamais. » Puis elle part.", ["Elle dit : « Non. Jamais. »", "Puis elle part."]),
    ("On a gagné 3.5 points. Bien.", ["On a gagné 3.5 points.", "Bien."]),
    ("Et puis… rien. Si.", ["Et puis… rien.", "Si."]),
    ("Un titre\n\nUne phrase.", ["Un titre", "Une phrase."]),
    ("Une phrase\ncoupée. Fin.", ["Une phrase coupée.", "Fin."]),
    ("", []),
], ids=["marks", "title", "quotation", "decimal", "dots", "paragraph", "wrapped", "empty"])
def test_a_text_is_cut_at_its_sentences(text: str, parts: list[str]) -> None:
    """Never inside a title, a number or a quotation."""
    assert split(text) == parts


@settings(max_examples=60)
@given(st.text(alphabet="ab.!?…«» \n", max_size=80))
def test_cutting_loses_no_word(text: str) -> None:
    """The sentences hold every word of the text, in order."""
    assert " ".join(split(text)).split() == text.split()


def test_sentences_take_the_seconds_of_their_words() -> None:
    """A segment of two sentences, and a sentence over two segments, come out with exact seconds."""
    source = source_of([spoken("Un deux. Trois", 0.0), spoken("quatre cinq.", 10.0)], "fr")
    assert [(one.text, one.start, one.end) for one in source.segments] == [
        ("Un deux.", 0.0, 2.0), ("Trois quatre cinq.", 2.0, 12.0)]


def test_a_change_of_voice_ends_a_sentence() -> None:
    """Two people never share a sentence."""
    source = source_of([spoken("Je disais", 0.0, "A"), spoken("oui.", 5.0, "B")], "fr")
    assert [one.speaker for one in source.segments] == ["A", "B"]


def test_segments_are_joined_to_the_end_of_their_sentence() -> None:
    """Whisper cuts where it breathes; a writer needs whole sentences."""
    heard = (SourceSentence("Nous étions", 0, 1), SourceSentence("quatre.", 1, 2), SourceSentence("Oui.", 2, 3))
    source = Source(heard, "fr")
    assert [(one.text, one.start, one.end) for one in whole_sentences(source)] == [
        ("Nous étions quatre.", 0, 2), ("Oui.", 2, 3)]


def test_who_asks_is_left_out() -> None:
    """A38: with two voices, the questions and thanks of the interviewer are not the story."""
    assert {one.speaker for one in told(INTERVIEW)} == {"pico_f"}


def test_questions_to_the_teller_are_left_out_even_with_one_voice() -> None:
    """Where speakers were not told apart, a question with "vous" is not the teller's."""
    source = source_of_text("Quel est le moment dont vous êtes fière ? C'est l'hiver dernier.", "fr")
    assert [one.text for one in told(source)] == ["C'est l'hiver dernier."]


def test_silence_tells_nothing() -> None:
    """An empty transcript is an empty story."""
    assert told(Source((), "fr")) == ()
