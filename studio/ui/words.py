"""Small texts in both languages, and the French way with spaces."""

from __future__ import annotations

import re

from story_bank.language import Bilingual

NBSP = "\u00a0"
"""Unbreakable; the narrow U+202F nearly vanishes in Bricolage."""


def typo(text: str) -> str:
    """Return French text with unbreakable spaces inside « » and before : ; ! ? %; doing it twice changes nothing."""
    return re.sub(r" (?=[:;!?»%])", NBSP, text.replace("« ", f"«{NBSP}"))


def W(fr: str, en: str) -> Bilingual:  # short on purpose: pages are made of it
    """Pair a French text, its spaces set, with its English one."""
    return Bilingual(typo(fr), en)


def clock(seconds: float) -> str:
    """Return seconds as m:ss."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def percent(share: float) -> int:
    """Return a share, 0 to 1, as whole per cents."""
    return round(100 * share)


LISTEN_FROM = W("Écouter à partir de", "Listen from")
PROMISE = W("Personne ne l'entend avant que vous le décidiez.", "Nobody hears it until you decide.")
MAY_LEAVE = W("Vous pouvez partir : tout est gardé.", "You may leave: everything is kept.")
PROGRESS = W("Progression", "Progress")
STEPS = (W("Raconter", "Tell"), W("Relire", "Read back"), W("Décider", "Decide"), W("La suite", "What next"))
STEPS_LABEL = W("Étapes", "Steps")
CHANNEL_NAMES = {
    "linkedin": W("LinkedIn", "LinkedIn"), "instagram": W("Instagram", "Instagram"),
    "facebook": W("Facebook", "Facebook"), "x": W("X", "X"), "slack": W("Slack", "Slack"),
    "teams": W("Teams", "Teams"), "intranet": W("intranet", "intranet"),
    "newsletter": W("lettre d'information", "newsletter"), "website": W("site web", "website"),
    "print": W("imprimé", "print"), "event": W("événement", "event"),
}
