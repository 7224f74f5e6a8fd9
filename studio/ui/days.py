"""Days as people write them."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from story_bank.language import Language


def day_text(day: date, lang: Language) -> str:
    """Return "30 juin 2027" or "30 June 2027"; the first of a month is "1er" in French."""
    if lang == "en":
        return str(format_date(day, "d MMMM y", locale="en"))
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {format_date(day, 'MMMM y', locale='fr')}"
