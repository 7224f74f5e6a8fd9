"""How alike two texts are, and how one row of words becomes another: RapidFuzz, and nothing else imports it."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1: the share of letters that need no change."""
    return Levenshtein.normalized_similarity(one, other)


def nearest(text: str, among: Sequence[str], least: float) -> list[tuple[int, float]]:
    """Return the places of the texts that are at least so like it, with how alike they are, the most alike first."""
    found = process.extract(text, among, scorer=Levenshtein.normalized_similarity, score_cutoff=least, limit=5)
    return [(place, score) for _, score, place in found]


def matching(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return the stretches that two rows of words share, in order: place in one, place in the other, how many.

    Of all ways to turn one row into the other by the fewest changes; ten thousand words take well under a second.
    """
    return [(each.src_start, each.dest_start, each.src_end - each.src_start)
            for each in Levenshtein.opcodes(one, other) if each.tag == "equal"]
