"""The French way with spaces, and a text set in both languages."""

from __future__ import annotations

import re

from story_bank.language import Bilingual

NBSP = "\u00a0"
"""Unbreakable; the narrow U+202F nearly vanishes in Bricolage."""


def typo(text: str) -> str:
    """Return French text with unbreakable spaces inside « » and before : ; ! ? %; doing it twice changes nothing."""
    return re.sub(r" (?=[:;!?»%])", NBSP, text.replace("« ", f"«{NBSP}"))


def W(fr: str, en: str) -> Bilingual:  # short on purpose: pages and papers are made of it
    """Pair a French text, its spaces set, with its English one."""
    return Bilingual(typo(fr), en)
