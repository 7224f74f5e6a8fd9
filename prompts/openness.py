"""Open or closed: a question that can be answered by yes, no or a number brings no story (A15)."""

from __future__ import annotations

import re

from story_bank.language import Language

_TELL = {
    "fr": r"(racont|décri|expliqu|parl|partag|dire|dites|présent|montr|évoqu)",
    "en": r"(tell|describe|explain|share|talk|walk|show|introduce)",
}
_OPEN = {
    "fr": re.compile(
        r"^(et |mais |alors )?(comment|pourquoi|que |qu'|quoi|qui |quels? |quelles? |où |de quoi|à quoi|en quoi"
        r"|pour quoi|grâce à (qui|quoi)|par quoi|avec qui|de qui|à qui|auquel|duquel|lequel|laquelle)"),
    "en": re.compile(
        r"^(and |but |so )?(how|why|what|who|whom|whose|which|where|in what|in which|for what|with whom|to whom"
        r"|thanks to (what|whom))\b"),
}
_ASKS_TO_TELL = {
    "fr": re.compile(
        r"^((\w+(ez|ons)|dites|faites|fais|dis)(-(moi|nous))?\s(?!si\b)"
        rf"|(pouvez|pourriez|voulez|voudriez|accepteriez)-vous\b.*\b{_TELL['fr']}|souvenez-vous\s[^?]*$)"),
    "en": re.compile(
        r"^(please )?((tell|describe|explain|share|talk|walk|show|pick|choose|think|remember|recall|take|name|give"
        rf"|imagine)\b(?! (me|us) (if|whether))|(can|could|would|will) you\b.*\b{_TELL['en']})"),
}
_CLOSED = {
    "fr": re.compile(
        r"^(et |mais |alors |ou )?((est|n'est|était|sera)-ce\b"
        r"|(?!qu')\w[\w']*-(t-)?(vous|tu|il|ils|elle|elles|on|nous|je|ce)\b"
        r"|combien|depuis quand|depuis combien|quand \S+-|en quelle année|à quelle (heure|date)|quel âge|quelle date"
        r"|dites(-(moi|nous))? si\b|vous (êtes|avez|étiez|aviez|aimez|pensez|trouvez|vous sentez)\b)"),
    "en": re.compile(
        r"^(and |but |so |or )?("
        r"(are|is|was|were|am|do|does|did|have|has|had|can|could|will|would|should|shall|may|might|must)(n't)?\b|won't\b"
        r"|how (many|much|long|old|often|far)\b|what (year|date|time|age)\b"
        r"|when (is|are|was|were|do|does|did|have|has|will)\b|tell (me|us) (if|whether)\b"
        r"|(you|you're) (are|have|were|like|think|feel|proud|happy)\b)"),
}
_TAG = {
    "fr": re.compile(r"(,\s*|\s)(n'est-ce pas|non|pas vrai|hein|oui ou non|d'accord)\s*\?$"),
    "en": re.compile(
        r",\s*(right|no|yes|ok|okay|correct|(is|are|was|were|do|does|did|have|has)n't (it|you|they|we|he|she)"
        r"|yes or no)\s*\?$"),
}


def is_open(question: str, language: Language) -> bool:
    """Tell whether the question calls for a story: no sentence of it can be answered by yes, no or a number."""
    said = question.casefold().replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    sentences = [part.strip(" «»“”\"-–—") for part in re.findall(r"[^.?!…]+[.?!…]*", said)]
    verdicts = [_opens(sentence, language) for sentence in sentences if re.search(r"\w", sentence)]
    return any(verdicts) and all(verdict is not False for verdict in verdicts)


def _opens(sentence: str, language: Language) -> bool | None:
    """Judge one sentence: open, closed, or None where it asks nothing by itself (a lead-in)."""
    clauses = [clause.strip() for clause in re.split(r"[,;:]", sentence)]
    if _TAG[language].search(sentence):
        return False
    if any(_ASKS_TO_TELL[language].match(clause) for clause in clauses):
        return True
    if any(_CLOSED[language].match(clause) for clause in clauses):
        return False
    if any(_OPEN[language].match(clause) for clause in clauses):
        return True
    return False if sentence.endswith("?") else None
