"""Values: suggest, with the sentence it rests on, which of the company's values a story shows; a person confirms.

No training is needed: a value is the mean vector of its description, behaviours and example sentences, with what all
values have in common taken out. Some values are near any story, so what they get from the rest of the library is taken
off, and a logistic regression learns from the values that people confirmed. Measured on 30 stories and seven values:
one of the story's values comes first 50 times in 100 either way, and is among the three 77 times, with the library 80.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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
ENOUGH_TO_COMPARE = 8
ENOUGH_TO_LEARN = 20
"""Stories of the library from which a value's usual support is known, and confirmed ones from which to learn."""


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
    """A story of the library: its passage vectors as the index keeps them, and the values confirmed, if any."""

    vectors: Vectors
    value_ids: tuple[ValueId, ...] = ()


def suggest_values(sentences: Sequence[str], values: Sequence[Value], embedder: Embedder,
                   confirmed: Sequence[ConfirmedStory] = ()) -> list[TagSuggestion]:
    """Return at most three values, best first, for a story's sentences; none for an empty story or company.

    `confirmed` are other stories of the library (some hundreds are plenty), never this one.
    """
    told = [(number, sentence) for number, sentence in enumerate(sentences) if sentence.strip()]
    if not told or not values:
        return []
    described = [embedder.queries(_described(value)) for value in values]
    prototypes = _prototypes(described)
    windows = embedder.documents([" ".join(sentence for _, sentence in told[first:first + WINDOW])
                                  for first in range(len(told))])
    support = _support(unit_rows(windows.mean(axis=0, keepdims=True))[0], values, described, confirmed)
    shares = _shares(support)
    suggestions = []
    for which in np.argsort(-shares, kind="stable")[:MOST]:
        first = int((windows @ prototypes[which]).argmax())
        alone = embedder.documents([sentence for _, sentence in told[first:first + WINDOW]])
        nearer = first + int((alone @ prototypes[which]).argmax())
        suggestions.append(TagSuggestion(values[which].id, float(shares[which]), told[nearer][0]))
    return suggestions


def _described(value: Value) -> list[str]:
    texts = [f"{value.name.said(language)}. {value.description.said(language)}" for language in LANGUAGES]
    texts += [behaviour.said(language) for behaviour in value.behaviours for language in LANGUAGES]
    return [text for text in (*texts, *value.examples_fr, *value.examples_en) if text.strip(". ")] or [value.id]


def _prototypes(described: Sequence[Vectors]) -> Vectors:
    """Return one unit vector a value, what all values share taken out; shape (len(values), dimension)."""
    means = np.stack([vectors.mean(axis=0) for vectors in described])
    return unit_rows(means - means.mean(axis=0) if len(means) > 1 else means)


def _support(story: Vectors, values: Sequence[Value], described: Sequence[Vectors],
             library: Sequence[ConfirmedStory]) -> Vectors:
    """Return what speaks for each value, in sharpened closeness, beyond what speaks for it in any story."""
    prototypes = _prototypes(described)
    support: Vectors = SHARPNESS * (prototypes @ story)
    others = unit_rows(np.stack([one.vectors.mean(axis=0) for one in library])) if library else story[None]
    if len(library) >= ENOUGH_TO_COMPARE:
        support = support - SHARPNESS * (prototypes @ others.mean(axis=0))
    taught = [number for number, one in enumerate(library) if one.value_ids]
    if len(taught) >= ENOUGH_TO_LEARN and len(values) > 1:
        confirmed = [library[number].value_ids for number in taught]
        support = support + _learned(story, values, described, others[taught], confirmed)
    return support


def _learned(story: Vectors, values: Sequence[Value], described: Sequence[Vectors], others: Vectors,
             confirmed: Sequence[tuple[ValueId, ...]]) -> Vectors:
    """Return the log-odds of each value, learned from confirmed stories and from what describes the values."""
    from sklearn.linear_model import LogisticRegression

    rows = np.concatenate([others, *described])
    odds = []
    for number, value in enumerate(values):
        shown = [value.id in ids for ids in confirmed]
        shown += [number == owner for owner, texts in enumerate(described) for _ in texts]
        model = LogisticRegression(C=10, class_weight="balanced").fit(rows, shown)
        odds.append(model.decision_function(story[None])[0])
    return np.array(odds, np.float32)


def _shares(support: Vectors) -> Vectors:
    grown = np.exp(support - support.max())
    shares: Vectors = grown / grown.sum()
    return shares
