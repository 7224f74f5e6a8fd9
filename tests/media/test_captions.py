"""Captions obey the norms of reading, whatever is said and however fast."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.captions import CHARS_PER_SECOND, LONGEST_S, SHORTEST_S, cues
from story_bank.ids import WordId
from story_bank.transcript import Segment, Word


def said(text: str, start: float = 0.0, pace: float = 0.35, speaker: str | None = None) -> Segment:
    words = text.split()
    return Segment(tuple(Word(WordId(f"{start}-{n}"), word, start + n * pace, start + (n + 1) * pace)
                         for n, word in enumerate(words)), speaker)


@st.composite
def talks(draw: st.DrawFn) -> list[Segment]:
    at, segments = 0.0, []
    for number in range(draw(st.integers(1, 4))):
        words = []
        for text in draw(st.lists(st.text(st.characters(exclude_categories=("Cs", "Zs", "Zl", "Zp", "Cc")), min_size=1,
                                          max_size=60) | st.sampled_from(["le", "l'eau", "fin.", "et", "oui,"]),
                                  min_size=1, max_size=25)):
            at += draw(st.sampled_from([0.0, 0.0, 0.1, 0.6, 9.0]))
            end = at + draw(st.sampled_from([0.0, 0.1, 0.4, 12.0]))
            words.append(Word(WordId(f"{number}-{len(words)}"), text, at, end))
            at = end
        segments.append(Segment(tuple(words), draw(st.sampled_from(["a", "b", None]))))
    return segments


@settings(max_examples=60)
@given(talks(), st.sampled_from([26, 32, 42]))
def test_cues_never_overlap_and_never_overflow(segments: list[Segment], line_chars: int) -> None:
    """Two lines at most, none too wide, none shown while another is, none longer than seven seconds."""
    made = cues(segments, line_chars)
    assert all(len(cue.lines) <= 2 and all(0 < len(line) <= line_chars for line in cue.lines) for cue in made)
    assert all(cue.start < cue.end <= cue.start + LONGEST_S + 1e-9 for cue in made)
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(made))


@settings(max_examples=60)
@given(talks(), st.sampled_from([26, 42]))
def test_every_word_is_shown_once_in_order(segments: list[Segment], line_chars: int) -> None:
    """Nothing said is lost: the letters of the cues are the letters of the words."""
    made = cues(segments, line_chars)
    spoken = "".join(word.text for segment in segments for word in segment.words)
    assert "".join("".join(cue.lines) for cue in made).replace(" ", "") == spoken.replace(" ", "")
    assert all(" ".join(word.text for words in cue.words_by_line() for word in words) == " ".join(cue.lines)
               for cue in made)


@settings(max_examples=40)
@given(talks())
def test_a_cue_has_one_speaker(segments: list[Segment]) -> None:
    """Nobody's words stand in somebody else's caption."""
    whose = {word.id: segment.speaker for segment in segments for word in segment.words}
    assert all(len({whose[word.id] for word in cue.words}) == 1 for cue in cues(segments))


@pytest.mark.parametrize("text", [
    "Nous avons apporté le repas à la résidente dans l' après-midi avec une infirmière de la clinique des Tilleuls",
    "Elle disait que les patients de la chambre attendaient parfois un verre d' eau pendant toute une nuit",
    "We carried the boxes to the second floor with a colleague from the other side of the building",
], ids=["fr article", "fr élision", "en"])
@pytest.mark.parametrize("line_chars", [26, 42])
def test_no_line_ends_on_an_article(text: str, line_chars: int) -> None:
    """« le », « de la », « l' », "the" stay with the word they announce."""
    ends = {line.split()[-1].lower() for cue in cues([said(text)], line_chars) for line in cue.lines}
    assert not ends & {"le", "la", "les", "l'", "un", "une", "de", "des", "d'", "à", "the", "a", "of", "to"}


def test_a_break_prefers_punctuation() -> None:
    """A cue ends where the sentence breathes."""
    made = cues([said("Un soir, j'ai pris une feuille de papier. J'ai noté pourquoi les gens nous appelaient.")])
    assert [cue.lines[-1][-1] for cue in made] == [".", "."]


def test_a_short_word_stays_long_enough_to_be_read() -> None:
    """« Oui. » in a tenth of a second is shown for 5/6 s when nothing follows."""
    (cue,) = cues([said("Oui.", pace=0.1)])
    assert cue.end - cue.start >= SHORTEST_S - 1e-9


def test_a_fast_sentence_stays_while_the_speaker_leaves_room() -> None:
    """17 characters a second when the silence after it allows."""
    first, _ = cues([said("Extraordinairement rapidement expliqué collectivement.", pace=0.2), said("Fin.", start=8.0)])
    assert sum(map(len, first.lines)) / (first.end - first.start) <= CHARS_PER_SECOND


def test_a_word_longer_than_a_line_is_split() -> None:
    """A word of a hundred letters takes three lines of 42 and keeps all its letters."""
    made = cues([said("x" * 100)])
    assert "".join(line for cue in made for line in cue.lines) == "x" * 100


def test_french_punctuation_never_begins_a_line() -> None:
    """« : » written apart stays with its word."""
    text = "Et là vraiment surprise : plus de la moitié des appels concernaient « la lumière » du soir"
    made = cues([said(text)], 26)
    assert not any(line[0] in ":»" or line[-1] == "«" for cue in made for line in cue.lines)
