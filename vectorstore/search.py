"""Search: stories near in meaning, raised where they also hold the words; and an honest word on why.

Meaning leads. Closeness and word score are each put on one scale (how many standard deviations above the candidates'
mean) and added; ranks alone, as in reciprocal rank fusion, were measured to lose what meaning had found. Words weigh
little in an ordinary question and as much as meaning when it holds a name or a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from story_bank.bank import WordHit
from story_bank.ids import StoryId
from story_bank.language import Bilingual, Language
from vectorstore.embedder import Embedder
from vectorstore.story_index import Neighbour, StoryIndex
from vectorstore.words import query_stems, stems

ORDINARY_WEIGHT = 0.3
NAMED_WEIGHT = 1.0
"""Weight of words against meaning, without and with a name, a number or a quotation in the question."""
OVER_FETCH = 5
FEWEST_PASSAGES = 200
PASSAGES_A_STORY = 8
_QUOTED = re.compile(r"[«“\"]([^«»“”\"]{2,})[»”\"]")
_NAME = re.compile(r"(?<=[\w,;:)’'»”] )[«“(]?(?:[dDlL][’'])?[A-ZÀ-ÖØ-ÞŒ]\w|(?<=\w )(?:[dl][’'])[A-ZÀ-ÖØ-ÞŒ]|\d")
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Ranked:
    """A story and its best passage; `score` orders one answer and means nothing outside it."""

    story_id: StoryId
    passage: int
    score: float
    closeness: float | None
    """Cosine, −1 to 1, of the nearest passage; None when the story was found by its words alone."""
    word_score: float
    """0 when none of the words is there."""


class StorySearch:
    """Rank stories for a question; who may see them is asked of the bank afterwards."""

    def __init__(self, embedder: Embedder, index: StoryIndex) -> None:
        self._embedder, self._index = embedder, index

    def rank(self, query: str, word_hits: Sequence[WordHit], limit: int, over_fetch: int = OVER_FETCH) -> list[Ranked]:
        """Return up to `limit × over_fetch` stories, best first, so that enough remain after permission and filters.

        `word_hits` are the bank's for `query_stems(query)`. `NotAvailable` when model or index sleeps: `rank_by_words`
        then still answers.
        """
        wanted = limit * over_fetch
        if not query.strip() or wanted < 1:
            return []
        vector = self._embedder.queries([query])[0]
        neighbours = self._index.near(vector, max(FEWEST_PASSAGES, wanted * PASSAGES_A_STORY))
        return ranked(neighbours, word_hits, words_weight(query))[:wanted]


def rank_by_words(word_hits: Sequence[WordHit], limit: int) -> list[Ranked]:
    """Return the stories that hold the words, best first: what remains while meaning sleeps."""
    return ranked([], word_hits, NAMED_WEIGHT)[:limit]


def words_weight(query: str) -> float:
    """Return how much words count beside meaning: names, numbers and quotations are remembered as words."""
    return NAMED_WEIGHT if _QUOTED.search(query) or _NAME.search(query) else ORDINARY_WEIGHT


def ranked(neighbours: Sequence[Neighbour], word_hits: Sequence[WordHit], weight: float) -> list[Ranked]:
    """Return every story among the neighbours and hits, best first, each with the passage it was found by."""
    near: dict[StoryId, Neighbour] = {}
    for neighbour in sorted(neighbours, key=lambda one: one.closeness):
        near[neighbour.story_id] = neighbour
    hits: dict[StoryId, WordHit] = {}
    for hit in sorted(word_hits, key=lambda one: one.score):
        hits[hit.story_id] = hit
    scores = fused({story: one.closeness for story, one in near.items()},
                   {story: one.score for story, one in hits.items()}, weight)
    found = [_ranked(story, score, near.get(story), hits.get(story), weight) for story, score in scores.items()]
    return sorted(found, key=lambda one: (-one.score, one.story_id))


def fused(closeness: Mapping[StoryId, float], words: Mapping[StoryId, float], weight: float) -> dict[StoryId, float]:
    """Add the two scores of each story, each in standard deviations from the mean of all candidates.

    A story found by words alone counts as close as the farthest neighbour; one without the words has 0 of them.
    """
    stories = list(dict.fromkeys((*closeness, *words)))
    farthest = min(closeness.values(), default=0.0)
    meant = _standard([closeness.get(story, farthest) for story in stories])
    said = _standard([words.get(story, 0.0) for story in stories])
    return {story: one + weight * other for story, one, other in zip(stories, meant, said, strict=True)}


def reasons(query: str, passage_text: str, language: Language) -> Bilingual:
    """Say why a passage was found: the words it shares with the question, as it writes them, else by its meaning."""
    asked = set(query_stems(query))
    shared: dict[str, str] = {}
    for word in re.findall(r"\w+", passage_text):
        for stem in stems(word, language):
            if stem in asked:
                shared.setdefault(stem, word)
    if not shared:
        return Bilingual("Proche par le sens", "Close in meaning")
    words = ", ".join(list(shared.values())[:_SHOWN])
    return Bilingual(f"Mots en commun : {words}", f"Words in common: {words}")


def _standard(values: Sequence[float]) -> list[float]:
    if not values:
        return []
    mean, spread = fmean(values), pstdev(values)
    return [(value - mean) / spread if spread > 1e-9 else 0.0 for value in values]


def _ranked(story: StoryId, score: float, near: Neighbour | None, hit: WordHit | None, weight: float) -> Ranked:
    by_words = hit is not None and (near is None or weight >= NAMED_WEIGHT)
    passage = hit.passage if by_words and hit is not None else near.passage if near is not None else 0
    return Ranked(story, passage, score, near.closeness if near is not None else None, hit.score if hit else 0.0)
