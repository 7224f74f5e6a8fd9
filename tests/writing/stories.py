"""Stories to write from: the testimonials of the demonstration and an English one."""

from __future__ import annotations

import json
from pathlib import Path

from story_bank.language import Language
from studio.writing.writer import Source, SourceSentence

MEDIA = Path(__file__).parents[2] / "studio" / "demo" / "media"


def testimonial(name: str) -> Source:
    """Return a demonstration testimonial with its exact seconds."""
    told = json.loads((MEDIA / f"{name}.segments.json").read_text(encoding="utf-8"))
    return Source(tuple(SourceSentence(one["text"], one["start"], one["end"], one.get("speaker"))
                        for one in told["segments"]), told.get("language", "fr"))


NURSE = testimonial("fr1_nurse_night_shift")
INTERVIEW = testimonial("fr3_interview_two_voices")
TECHNICIAN = testimonial("fr4_technicien_quart_heure")


def timed(texts: list[str], language: Language) -> Source:
    """Return a story whose sentence number n lasts from second n to n + 1."""
    return Source(tuple(SourceSentence(text, float(at), at + 1.0) for at, text in enumerate(texts)), language)


DRIVER = timed([
    "My name is Priya, and I drive the last tram of the night in Leeds.",
    "For years we closed the doors on time, whatever happened on the platform.",
    "One evening in March, I saw a girl running with a cello on her back.",
    "I waited forty seconds.",
    "It was not a rule I broke.",
    "It was a rule nobody had ever questioned.",
    "The next day I asked my manager whether we could wait when we see somebody running.",
    "He told me to try it for a month, and to write down every delay.",
    "I showed the list to the other drivers, and eleven of them joined in.",
    "We lost two minutes a night on average, and nobody complained.",
    "But complaints about missed trams dropped by half.",
    "Today the whole line waits, and the girl with the cello waves at me.",
    "I am proud of those forty seconds.",
], "en")
