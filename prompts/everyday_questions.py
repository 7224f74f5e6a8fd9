"""Everyday questions: what people ordinarily ask a library, whose mean vector says nothing but their language."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter

from prompts.reading import read
from story_bank.language import Language


@cache
def _all() -> dict[Language, tuple[str, ...]]:
    return read("everyday_questions.yaml", TypeAdapter(dict[Language, tuple[str, ...]]))


def everyday_questions(language: Language) -> tuple[str, ...]:
    """Return the generic questions of that language."""
    return _all()[language]
