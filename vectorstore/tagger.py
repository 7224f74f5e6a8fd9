"""Values: suggest, with the sentence it rests on, which of the company's values a story shows; a person confirms.

No training is needed: a value is the mean vector of its description, behaviours and example sentences, with what all
values have in common taken out. Stories whose values a person has confirmed then pull each value towards them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from story_bank.ids import ValueId
from story_bank.language import LANGUAGES
from story_bank.story import Value
from vectorstore.centred import unit_rows
from vectorstore.embedder import Embedder, Vectors

MOST = 3
WINDOW = 2
"""Sentences read together: one alone is often too little to show a behaviour."""
SHARPNESS = 12.0
"""Turns differences of closeness, mostly below 0.2, into shares that differ to the eye."""
TAUGHT_EVENLY = 5
"""Confirmed stories after which they weigh as much as the value's own description."""


@dataclass(frozen=True, slots=True)
class TagSuggestion:
    """A value, its share of the support that all values find in the story (0 to 1), and its sentence's index.

    The shares of all values sum to 1: a share compares values for one story and is no probability of being right.
    """

    value_id: ValueId
    score: float
    evidence_index: int


@dataclass(frozen=True, slots=True)
class ConfirmedStory:
    """A story whose values a person confirmed: its passage vectors as the index keeps them."""

    vectors: Vectors
    value_ids: tuple[ValueId, ...]


def suggest_values(sentences: Sequence[str], values: Sequence[Value], embedder: Embedder,
                   confirmed: Sequence[ConfirmedStory] = ()) -> list[TagSuggestion]:
    """Return at most three values, best first, for a story's sentences; none for an empty story or company."""
    told = [(number, sentence) for number, sentence in enumerate(sentences) if sentence.strip()]
    if not told or not values:
        return []
    prototypes = _prototypes(values, embedder, confirmed)
    windows = embedder.documents([" ".join(sentence for _, sentence in told[first:first + WINDOW])
                                  for first in range(len(told))])
    alone = embedder.documents([sentence for _, sentence in told])
    whole = unit_rows(windows.mean(axis=0, keepdims=True))
    support = _support(windows @ prototypes.T, (whole @ prototypes.T)[0])
    shares = _shares(support)
    best = np.argsort(-shares, kind="stable")[:MOST]
    return [TagSuggestion(values[which].id, float(shares[which]),
                          told[_evidence(windows @ prototypes[which], alone @ prototypes[which])][0])
            for which in best]


def _prototypes(values: Sequence[Value], embedder: Embedder, confirmed: Sequence[ConfirmedStory]) -> Vectors:
    """Return one unit vector a value, what all values share taken out; shape (len(values), dimension)."""
    described = [_described(value) for value in values]
    vectors = embedder.queries([text for texts in described for text in texts])
    ends = np.cumsum([len(texts) for texts in described])
    means = np.stack([part.mean(axis=0) for part in np.split(vectors, ends[:-1])])
    if len(values) > 1:
        means = means - means.mean(axis=0)
    means = unit_rows(means)
    stories = unit_rows(np.stack([story.vectors.mean(axis=0) for story in confirmed])) if confirmed else None
    if stories is None:
        return means
    common = stories.mean(axis=0)
    for number, value in enumerate(values):
        shown = [row for row, story in enumerate(confirmed) if value.id in story.value_ids]
        if shown:
            taught = unit_rows((stories[shown].mean(axis=0) - common)[None])[0]
            means[number] += taught * len(shown) / TAUGHT_EVENLY
    return unit_rows(means)


def _described(value: Value) -> list[str]:
    texts = [f"{value.name.said(language)}. {value.description.said(language)}" for language in LANGUAGES]
    texts += [behaviour.said(language) for behaviour in value.behaviours for language in LANGUAGES]
    return [text for text in (*texts, *value.examples_fr, *value.examples_en) if text.strip(". ")]


def _support(by_window: NDArray[np.float32], by_whole: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the support of each value: its best window and the whole story, equally."""
    support: NDArray[np.float32] = by_window.max(axis=0) + by_whole
    return support


def _shares(support: NDArray[np.float32]) -> NDArray[np.float32]:
    grown = np.exp(SHARPNESS * (support - support.max()))
    shares: NDArray[np.float32] = grown / grown.sum()
    return shares


def _evidence(by_window: NDArray[np.float32], by_sentence: NDArray[np.float32]) -> int:
    """Return the nearer sentence of the nearest window."""
    first = int(by_window.argmax())
    return first + int(by_sentence[first:first + WINDOW].argmax())
