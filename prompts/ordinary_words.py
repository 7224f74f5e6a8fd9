"""Ordinary words: what tells a misheard name from a word that is simply there."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter

from prompts.reading import read


@cache
def ordinary_words() -> frozenset[str]:
    """Return ordinary words of French and English, in small letters; not every form of each is there."""
    return frozenset(read("ordinary_words.yaml", TypeAdapter(dict[str, str]))["words"].split())
