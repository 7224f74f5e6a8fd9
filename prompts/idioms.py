"""Idioms of number: numbers that count nothing, and words that stand for one."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict, TypeAdapter

from prompts.reading import read


class NumberIdioms(BaseModel):
    """Patterns that count nothing, nouns for a number, and what other words make believable ("50%" is a share)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count_nothing: tuple[str, ...]
    stand_for: dict[str, int]
    also_support: dict[str, tuple[str, ...]]


@cache
def number_idioms() -> NumberIdioms:
    """Return the idioms of both languages."""
    return read("idioms.yaml", TypeAdapter(NumberIdioms))
