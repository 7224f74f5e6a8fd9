"""The two languages of the product, and a text that exists in both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
