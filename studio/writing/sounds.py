"""How a name sounds to a French ear: what speech recognition confuses is written alike."""

from __future__ import annotations

import re
from functools import lru_cache

from vectorstore.words import folded

_RULES = tuple((re.compile(pattern), sound) for pattern, sound in (
    (r"[^a-z]", ""), (r"(.)\1+", r"\1"), (r"(?<=...)e(?:s|nt)?$", ""), (r"(?<=[aeiouyr])[dtspxz]+$", ""),
    (r"sch|ch|sh", "S"), (r"ph", "f"), (r"th", "t"), (r"gn", "N"), (r"qu|ck|q", "k"), (r"gu(?=[eiy])", "g"),
    (r"ge(?=[ao])|g(?=[eiy])|j", "Z"), (r"c(?=[eiy])", "s"), (r"c", "k"), (r"x", "ks"), (r"w", "v"), (r"h", ""),
    (r"eau|au", "o"), (r"ou", "u"), (r"oeu|eu|oe", "e"), (r"oi", "va"), (r"ai|ei|ay|ey|ae", "e"),
    (r"(?:ain|ein|ien|in|im|un|yn|ym)(?![aeiouyn])", "I"), (r"(?:an|am|en|em)(?![aeiouyn])", "A"),
    (r"(?:on|om)(?![aeiouyn])", "O"), (r"[yï]", "i"), (r"z", "s"), (r"(.)\1+", r"\1"),
))
"""In turn, word by word: letters alone, doubled ones once, silent ends, groups of one sound, nasal vowels, z as s."""


def sound(text: str) -> str:
    """Return a text as it sounds: one sign a sound, without spaces; "Trelleborg" and "très le bord" come close."""
    return "".join(map(_word, folded(text).split()))


@lru_cache(maxsize=20_000)
def _word(heard: str) -> str:
    for pattern, sign in _RULES:
        heard = pattern.sub(sign, heard)
    return heard
