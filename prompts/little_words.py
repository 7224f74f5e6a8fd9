"""Little words: those that tell a language, and those whose capital does not make a name."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict, TypeAdapter

from prompts.reading import read
from story_bank.language import Language


class LittleWords(BaseModel):
    """The lists as written, words apart by spaces."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    telling: dict[Language, str]
    ordinary_capitals: str


@cache
def _lists() -> LittleWords:
    return read("little_words.yaml", TypeAdapter(LittleWords))


@cache
def telling_words(language: Language) -> frozenset[str]:
    """Return the little words by which one recognises the language."""
    return frozenset(_lists().telling[language].split())


@cache
def ordinary_capitals() -> frozenset[str]:
    """Return words often written with a capital that name nobody."""
    return frozenset(_lists().ordinary_capitals.split())
