"""Small texts in both languages."""

from __future__ import annotations

from studio.typography import NBSP as NBSP
from studio.typography import W as W
from studio.typography import typo as typo


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
