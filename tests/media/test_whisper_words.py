"""What Whisper says, made readable: whole words, French spacing, whole sentences, no ghosts, no loops."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.speech_edges import in_order, snapped, snapped_range, spoken_s
from media.speech_edges import splices as spliced
from media.whisper_words import (
    RawWord,
    finished,
    ghost,
    letters,
    sentences,
    spaced,
    unlooped,
    unstuttered,
    whole_words,
    wordless,
)
from story_bank.ids import WordId
from story_bank.language import Language
from story_bank.transcript import Segment, Word

AMARA = "Sous-titres réalisés par la communauté d'Amara.org"


def raw(*texts: str) -> list[RawWord]:
    return [RawWord(text, number * 0.4, number * 0.4 + 0.3, 0.9) for number, text in enumerate(texts)]


def words(text: str, start: float = 0.0, end: float | None = None) -> tuple[Word, ...]:
    """Words of equal length between two seconds, by default at two a second."""
    texts = text.split(" ")
    step = ((end if end is not None else start + len(texts) / 2) - start) / len(texts)
    return tuple(Word(WordId(str(number)), part, start + number * step, start + (number + 1) * step)
                 for number, part in enumerate(texts))


@pytest.mark.parametrize(("pieces", "whole"), [
    ((" je", " m", "'appelle"), ["je", "m'appelle"]),
    ((" qu", "'est", "-ce", " que"), ["qu'est-ce", "que"]),
    ((" changé", " ?"), ["changé\u202f?"]),
    ((" de", " 40", "%"), ["de", "40\u202f%"]),
    ((" de", " 40", " %,"), ["de", "40\u202f%,"]),
    ((" dit", " :", " oui"), ["dit\u00a0:", "oui"]),
    ((" «", " oui", " »"), ["«\u202foui\u202f»"]),
    ((" ", " oui", ""), ["oui"]),
], ids=["apostrophe", "hyphens", "question mark", "percent", "percent and comma", "colon", "quotation", "blanks"])
def test_pieces_become_the_words_a_reader_sees(pieces: tuple[str, ...], whole: list[str]) -> None:
    """A piece without a leading space belongs to the word before it, and so does French punctuation."""
    assert [word.text for word in whole_words(raw(*pieces), "fr")] == whole


@pytest.mark.parametrize(("text", "language", "shown"), [
    ("vraiment?", "fr", "vraiment\u202f?"), ("vraiment ?", "en", "vraiment?"), ("40%", "en", "40%"),
    ("fin.", "fr", "fin."), ("…", "fr", "…"), ("10:30", "fr", "10:30"), ("quoi?!", "fr", "quoi\u202f?!"),
])
def test_punctuation_is_spaced_by_the_language(text: str, language: Language, shown: str) -> None:
    """French has a narrow space before ; ! ? and %, English none."""
    assert spaced(text, language) == shown


@given(st.text(max_size=12), st.sampled_from(["fr", "en"]))
def test_spacing_changes_spaces_alone(text: str, language: Language) -> None:
    """No letter and no mark is ever lost to typography."""
    assert "".join(spaced(text, language).split()) == "".join(text.split())


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 3)), max_size=30),
       st.lists(st.tuples(st.floats(0, 100), st.floats(0.2, 5)), max_size=10))
def test_words_are_in_order_and_never_empty(times: list[tuple[float, float]],
                                            loud: list[tuple[float, float]]) -> None:
    """Whatever Whisper says about time, words have a length, follow one another and keep their number."""
    heard = [Word(WordId(str(number)), "mot", start, start + length) for number, (start, length) in enumerate(times)]
    speech, at = [], 0.0
    for gap, length in loud:
        speech.append((at + gap + 0.2, at + gap + 0.2 + length))
        at = speech[-1][1]
    placed = snapped(heard, speech)
    assert [word.id for word in placed] == [word.id for word in heard]
    assert all(word.end - word.start >= 0.03 for word in placed)
    assert all(later.start >= earlier.end for earlier, later in pairwise(placed))


def test_words_around_a_pause_move_onto_its_edges() -> None:
    """A sentence that Whisper ends early ends where the voice ends; the next begins where it begins."""
    heard = [*words("la fin.", 0.1, 1.8), *words("Le début", 2.3, 3.4)]
    placed = snapped(heard, [(0.0, 2.0), (2.5, 3.5)])
    assert [(word.start, word.end) for word in placed] == [(0.0, 0.95), (0.95, 2.0), (2.5, 2.85), (2.85, 3.5)]


def test_a_word_stretched_over_a_pause_begins_after_it() -> None:
    """Whisper often lets the first word of a sentence begin where the one before it ended, long before it is said."""
    heard = [*words("la fin.", 0.0, 1.8), *words("Sur l'année", 1.8, 3.8)]
    placed = snapped(heard, [(0.0, 1.9), (2.7, 3.8)])
    assert [(word.start, word.end) for word in placed[1:3]] == [(0.9, 1.9), (2.7, 2.8)]


def test_words_far_from_any_edge_stay() -> None:
    """Snapping never moves a start by more than 0.7 s nor an end by more than 0.5 s."""
    assert snapped_range(5.0, 6.0, [(0.0, 2.0), (9.0, 12.0)]) == (5.0, 6.0)


@given(st.lists(st.tuples(st.floats(0.2, 30), st.floats(0.1, 40)), min_size=1, max_size=40))
def test_splices_hold_all_speech_once_and_know_where_it_was(loud: list[tuple[float, float]]) -> None:
    """Every span of speech is in exactly one stretch, short enough for Whisper unless it is one long span."""
    speech, at = [], 0.0
    for gap, length in loud:
        speech.append((at + gap, at + gap + length))
        at = speech[-1][1]
    made = spliced(speech, at + 1.0)
    pieces = [piece for splice in made for piece in splice.pieces]
    assert all(later[0] >= earlier[1] - 1e-6 for earlier, later in pairwise(pieces))
    for start, end in speech:
        assert spoken_s(start, end, pieces) == pytest.approx(end - start, abs=1e-3)
    for splice in made:
        assert splice.source(0.0) == splice.pieces[0][0]
        assert splice.source(splice.length_s) == pytest.approx(splice.pieces[-1][1])
        inside = sum(1 for start, _ in speech if splice.pieces[0][0] <= start < splice.pieces[-1][1])
        assert splice.length_s <= 29.0 + 1e-6 or inside == 1


def test_a_segment_is_a_whole_sentence() -> None:
    """Lines are cut at the ends of sentences, not at abbreviations nor before a small letter."""
    told = words("Bonjour Mme. Petit. Comment ça va ? Bien... enfin presque. Et vous")
    assert [" ".join(word.text for word in line) for line in sentences(told)] == [
        "Bonjour Mme. Petit.", "Comment ça va ?", "Bien... enfin presque.", "Et vous"]
    assert [finished(line) for line in sentences(told)] == [True, True, True, False]


def test_a_sentence_without_a_full_stop_ends_somewhere() -> None:
    """Whisper sometimes forgets punctuation altogether: lines still end."""
    assert [len(line) for line in sentences(words(" ".join(["mot"] * 170)))] == [80, 80, 10]


@pytest.mark.parametrize("credit", [AMARA, "Sous-titrage ST' 501", "Merci d'avoir regardé cette vidéo !",
                                    "Sous-titrage Société Radio-Canada", "Thanks for watching!"])
def test_known_credits_are_dropped_where_nobody_speaks(credit: str) -> None:
    """What subtitle files end with is dropped when Whisper doubts, or when no one could speak so fast."""
    line = words(credit, 10.0, 13.0)
    assert ghost(line, [(0.0, 9.0)], 0.1)
    assert ghost(line, [(0.0, 9.0), (10.0, 10.1)], 0.1)
    assert ghost(line, [(10.0, 13.0)], 0.9)


def test_a_real_sentence_survives_the_credits_list() -> None:
    """Someone who really says "merci d'avoir regardé cette vidéo" is heard."""
    assert not ghost(words("Merci d'avoir regardé cette vidéo !", 10.0, 12.5), [(9.9, 12.6)], 0.1)


def test_the_prompt_read_back_in_noise_is_dropped() -> None:
    """Whisper may recite the context when it hears nothing; a person may say the same words."""
    prompt = "Bonjour, je m'appelle Camille. Je suis infirmière, chez les Tilleuls."
    line = words("Bonjour, je m'appelle Camille.", 3.0, 5.0)
    assert ghost(line, [(3.0, 3.2)], 0.1, prompt)
    assert not ghost(line, [(2.9, 5.0)], 0.1, prompt)


def test_a_loop_without_speech_is_said_once() -> None:
    """The same line three times in half a second of sound was never spoken three times."""
    lines = [Segment(words("Et puis voilà, c'était bien.", at, at + 2.0)) for at in (0.0, 2.0, 4.0)]
    assert len(unlooped(lines, [(0.0, 2.2)])) == 1
    assert len(unlooped(lines, [(0.0, 6.0)])) == 3


@pytest.mark.parametrize("noise", ["♪", "♪ ♪ ♪", "[Musique]", "(rires)", "* Musique *", "♪ la la la ♪", "...", " - "])
def test_what_is_no_word_is_not_heard(noise: str) -> None:
    """Notes of music, stage directions and marks alone are what subtitles hold, not what a person said."""
    assert wordless(noise)


@pytest.mark.parametrize("said", ["Oui.", "(rires) Et là, j'ai compris.", "J'ai dit [silence] rien.", "3", "la * note"])
def test_a_line_with_words_stays(said: str) -> None:
    """A direction inside a sentence does not cost the sentence."""
    assert not wordless(said)


def test_a_stutter_of_the_recogniser_is_said_once() -> None:
    """"et voilà et voilà et voilà" in half a second was never said; "non, non, non" by a person was."""
    looped = words("Bon et puis et puis et puis et puis voilà.", 0.0, 2.0)
    assert " ".join(word.text for word in unstuttered(looped, [(0.0, 0.5)])) == "Bon et puis voilà."
    assert unstuttered(looped, [(0.0, 2.0)]) == list(looped)
    insisting = words("Non, non, non !", 0.0, 1.0)
    assert unstuttered(insisting, [(0.0, 1.0)]) == list(insisting)


@given(st.lists(st.sampled_from(["et", "puis", "voilà", "non"]), max_size=20), st.floats(0.05, 10))
def test_stutters_alone_are_dropped(texts: list[str], spoken: float) -> None:
    """What is kept is in order, keeps ids and times, and no word that was heard disappears altogether."""
    heard = words(" ".join(texts), 0.0, 10.0) if texts else ()
    kept = unstuttered(heard, [(0.0, spoken)])
    assert [word for word in heard if word in kept] == kept
    assert {word.text for word in kept} == {word.text for word in heard}


def test_folding_ignores_case_and_marks() -> None:
    """Two lines that differ in punctuation alone are the same line."""
    assert letters("C'était BIEN !") == letters("c’était bien")


def test_probabilities_and_times_are_plain_numbers() -> None:
    """Nothing of numpy leaves the room: JSON and the bank want Python's own numbers."""
    heard = in_order(whole_words(raw(" oui"), "fr"))[0]
    assert {type(heard.start), type(heard.end), type(heard.probability)} == {float}
