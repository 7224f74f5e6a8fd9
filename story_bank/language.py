"""The two languages of the product, and a text that exists in both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One sentence or name in French and in English."""

    fr: str
    en: str

    def said(self, language: Language) -> str:
        """Return the text in that language."""
        return self.fr if language == "fr" else self.en


def characters_alone(value: Any) -> Any:
    """Return a value read from JSON without halves of characters: JSON can spell a lone surrogate, UTF-8 cannot."""
    if isinstance(value, str):
        return value.encode("utf-8", "ignore").decode()
    if isinstance(value, list):
        return [characters_alone(each) for each in value]
    if isinstance(value, dict):
        return {characters_alone(name): characters_alone(each) for name, each in value.items()}
    return value
