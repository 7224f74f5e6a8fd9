"""Fusion: meaning leads, words raise, and the question says how much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.bank import WordHit
from story_bank.ids import StoryId
from story_bank.story import Passage
from tests.fakes.bag_of_words_embedder import BagOfWordsEmbedder
from tests.fakes.in_memory_index import InMemoryIndex
from vectorstore.search import (
    NAMED_WEIGHT,
    ORDINARY_WEIGHT,
    StorySearch,
    fused,
    rank_by_words,
    ranked,
    reasons,
    words_weight,
)
from vectorstore.story_index import Neighbour
from vectorstore.story_vectors import PAGE_WORDS, story_vectors

A, B, C = StoryId("a"), StoryId("b"), StoryId("c")


def test_meaning_alone_keeps_its_order() -> None:
    """Without a word in common the nearest story stays first."""
    scores = fused({A: 0.9, B: 0.5, C: 0.1}, {}, ORDINARY_WEIGHT)
    assert sorted(scores, key=lambda story: -scores[story]) == [A, B, C]


def test_words_raise_a_story_that_meaning_left_level() -> None:
    """Of two equally close stories the one with the words comes first."""
    scores = fused({A: 0.5, B: 0.5, C: 0.1}, {B: 3.0}, ORDINARY_WEIGHT)
    assert scores[B] > scores[A] > scores[C]


def test_story_found_by_words_alone_is_a_candidate() -> None:
    """A name that meaning does not know still brings its story, with the passage that holds it."""
    found = ranked([Neighbour(A, 0, 0.2)], [WordHit(B, 4, 5.0)], NAMED_WEIGHT)
    by_id = {one.story_id: one for one in found}
    assert by_id[B].passage == 4
    assert by_id[B].closeness is None


def test_story_is_found_by_its_nearest_passage() -> None:
    """Several passages of a story count once, with the nearest."""
    found = ranked([Neighbour(A, 2, 0.8), Neighbour(A, 0, 0.3), Neighbour(B, 1, 0.5)], [], ORDINARY_WEIGHT)
    assert [(one.story_id, one.passage, one.closeness) for one in found] == [(A, 2, 0.8), (B, 1, 0.5)]


@pytest.mark.parametrize(("query", "weight"), [
    ("quelqu'un qui a osé dire non", ORDINARY_WEIGHT),
    ("Quelqu'un qui a osé dire non", ORDINARY_WEIGHT),
    ("l'histoire de Rosa", NAMED_WEIGHT),
    ("une nuit à l'Île d'Yeu", NAMED_WEIGHT),
    ("la rampe du quai 2", NAMED_WEIGHT),
    ("celle où il dit « ça chante »", NAMED_WEIGHT),
])
def test_names_numbers_and_quotations_weigh_words(query: str, weight: float) -> None:
    """What is remembered as words is looked for as words."""
    assert words_weight(query) == weight


CLOSE = st.dictionaries(st.sampled_from([A, B, C]), st.floats(-1, 1), max_size=3)
SAID = st.dictionaries(st.sampled_from([A, B, C]), st.floats(0, 50), max_size=3)


@given(CLOSE, SAID, st.floats(0, 2))
def test_every_candidate_gets_a_finite_score(closeness: dict[StoryId, float], words: dict[StoryId, float],
                                             weight: float) -> None:
    """One candidate, equal candidates or none: the scores are always numbers."""
    scores = fused(closeness, words, weight)
    assert set(scores) == {*closeness, *words}
    assert all(abs(score) < 10 for score in scores.values())


def test_rank_returns_more_than_asked_for_permission_to_choose_from() -> None:
    """Ten stories are ranked for two wanted, since permission is asked afterwards."""
    embedder, index = BagOfWordsEmbedder(), InMemoryIndex()
    for number in range(12):
        index.put(StoryId(f"s{number}"), "fr", embedder.documents([f"le robot numéro {number}"]))
    found = StorySearch(embedder, index).rank("robot", [], limit=2)
    assert len(found) == 10


def test_empty_question_finds_nothing() -> None:
    """A question of spaces asks no model."""
    embedder = BagOfWordsEmbedder()
    assert StorySearch(embedder, InMemoryIndex()).rank("  ", [], 5) == []
    assert embedder.texts_read == 0


def test_words_answer_while_meaning_sleeps() -> None:
    """Without a model the best word hits are the answer."""
    assert [one.story_id for one in rank_by_words([WordHit(A, 0, 1.0), WordHit(B, 0, 2.0)], 5)] == [B, A]


def test_reason_names_the_shared_words_as_the_passage_writes_them() -> None:
    """The reason shows words that can be seen in the passage."""
    said = reasons("securite des ponts roulants", "La sécurité, d'abord. Le pont s'est arrêté.", "fr")
    assert said.fr == "Mots en commun : sécurité, pont"


def test_reason_without_shared_words_is_meaning() -> None:
    """Nothing is claimed that cannot be seen."""
    assert reasons("courage", "Elle a tenu tête au chirurgien.", "fr").fr == "Proche par le sens"


def test_passage_leans_on_the_page_around_it() -> None:
    """A passage that says little is found by what its story says; its own words still tell it from its neighbours."""
    embedder = BagOfWordsEmbedder()
    passages = [Passage(A, 0, "grue cassée chantier"), Passage(A, 1, "il est parti")]
    rows = story_vectors(passages, embedder)
    asked = embedder.queries(["grue"])[0]
    assert float(rows[1] @ asked) > 0
    assert float(rows[0] @ asked) > float(rows[1] @ asked)


def test_long_recording_is_read_page_by_page() -> None:
    """Half an hour of speech leans on the page around each passage, which the model can read in one go."""
    embedder = BagOfWordsEmbedder()
    passages = [Passage(A, number, f"mot{number} " * 50) for number in range(60)]
    rows = story_vectors(passages, embedder)
    assert rows.shape[0] == 60
    assert embedder.texts_read == 60 + 60 * 50 // PAGE_WORDS
    assert float(rows[0] @ embedder.queries(["mot50"])[0]) == pytest.approx(0, abs=0.2)


def test_story_without_passages_has_no_vectors() -> None:
    """An empty story costs nothing and breaks nothing."""
    assert len(story_vectors([], BagOfWordsEmbedder())) == 0
