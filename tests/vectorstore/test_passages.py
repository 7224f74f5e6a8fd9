"""Passages: nothing lost, nothing doubled, two sentences at a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.ids import StoryId, WordId
from story_bank.transcript import Segment, Word
from vectorstore.passages import LONGEST_WORDS, passages_of_text, passages_of_transcript, sentences_of

STORY = StoryId("story")


def segment(text: str, speaker: str | None = None, at: float = 0.0) -> Segment:
    return Segment(tuple(Word(WordId(f"{at}-{n}"), word, at + n, at + n + 0.5) for n, word in enumerate(text.split())),
                   speaker)


@pytest.mark.parametrize(("text", "sentences"), [
    ("Il a dit « Écris ton prénom. » Pendant trois jours, rien.",
     ["Il a dit « Écris ton prénom. »", "Pendant trois jours, rien."]),
    ("M. Petit et Mme. Roux sont là. Vraiment ? Oui !", ["M. Petit et Mme. Roux sont là.", "Vraiment ?", "Oui !"]),
    ("Ça coûte 3.5 euros… enfin, presque. Dr. Moreau a ri.",
     ["Ça coûte 3.5 euros… enfin, presque.", "Dr. Moreau a ri."]),
    ("J. Dupont arrive. — Bonjour.", ["J. Dupont arrive.", "— Bonjour."]),
    ("Une ligne\nUne autre", ["Une ligne", "Une autre"]),
    ("", []),
])
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    """Quotations, abbreviations, initials, numbers and ellipses do not cut a sentence in two."""
    assert sentences_of(text) == sentences


def test_passage_holds_two_sentences() -> None:
    """Two sentences make a passage; a very short one joins without counting."""
    text = "La première phrase est ici. La deuxième vient après elle. Voilà. La troisième commence un passage."
    assert [passage.text for passage in passages_of_text(STORY, text)] == [
        "La première phrase est ici. La deuxième vient après elle. Voilà.", "La troisième commence un passage."]


@given(st.text(alphabet=st.sampled_from("abcÀé .,!?…«»\n\u00a0M"), max_size=1500))
def test_every_written_word_is_in_exactly_one_passage(text: str) -> None:
    """Joined again, passages hold the words of the text in order, and none is too long to be read at a glance."""
    passages = passages_of_text(STORY, text)
    assert " ".join(passage.text for passage in passages).split() == text.split()
    assert [passage.number for passage in passages] == list(range(len(passages)))
    assert all(0 < len(passage.text.split()) <= LONGEST_WORDS for passage in passages)


def test_spoken_passage_carries_its_seconds_and_words() -> None:
    """A passage starts with its first word, ends with its last, and names every one of them."""
    said = segment("Nous avons osé cela ensemble. Personne ne le croyait possible alors. Et nous voilà tous ici.",
                   at=10)
    first, second = passages_of_transcript(STORY, [said])
    assert (first.start, first.end) == (10.0, 20.5)
    assert first.word_ids + second.word_ids == tuple(word.id for word in said.words)


def test_passage_never_mixes_two_speakers() -> None:
    """What one person said is never shown as part of what another said."""
    said = [segment("Vous aviez peur à ce moment-là ?", "A"), segment("Oui, un peu, je l'avoue volontiers.", "B", 20)]
    assert [passage.text for passage in passages_of_transcript(STORY, said)] == [one.text for one in said]


@given(st.lists(st.text(alphabet="ab.,", min_size=1, max_size=4), min_size=1, max_size=200))
def test_long_speech_without_full_stops_is_still_cut(words: list[str]) -> None:
    """Speech that the recogniser did not punctuate gives passages of bounded length, words in order."""
    said = segment(" ".join(words))
    passages = passages_of_transcript(STORY, [said])
    assert [one for passage in passages for one in passage.word_ids] == [word.id for word in said.words]
    assert all(len(passage.word_ids) <= LONGEST_WORDS for passage in passages)
