"""Words: the stems by which a story is found when the words themselves are remembered, for the full-text table."""

from __future__ import annotations

import re
import unicodedata

import Stemmer

from story_bank.language import LANGUAGES, Language

_STEMMERS = {"fr": "french", "en": "english"}
_TOKEN = re.compile(r"[^\W_]+")
_FRENCH_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu)'(?=\w)")
_ENGLISH_ENDING = re.compile(r"(?:n't|'(?:s|d|m|ll|re|ve))\b")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "ʼ": "'"})
_STOP_WORDS = """
a ai ait alors apres as au aucun aura aussi autre autres aux avait avaient avant avec avez avoir avons ayant bien ca ce
cela celle celles celui ces cet cette ceux chaque chez ci comme comment d dans de deja des deux dire donc dont du elle
elles en encore entre es est et etaient etait etant ete etre eu eux fait faire fois ici il ils j je jusque l la le les
leur leurs lui m ma mais me meme memes mes moi mon n ne ni nos notre nous on ont ou par parce pas pendant peu peut plus
plusieurs pour pourquoi puis qu quand que quel quelle quelles quels quelqu qui quoi s sa sans se sera ses si sien soi
soit son sont sous sur t ta tandis te tes toi ton tous tout toute toutes tres trop tu un une va vers voici voila vos
votre vous y
about after again all also am an and any are at be because been before being but by can cannot could did do does doing
don down during each few for from further get got had has have having he her here hers him his how i if in into is it
its just me more most my no nor not of off once only or other our ours out over own same she should so some such than
that the their theirs them then there these they this those through to too under until up very was we were what when
where which while who whom why will with would you your yours
aujourd hui quelque chose someone somebody something
"""
_STOP = frozenset(_STOP_WORDS.split())


def folded(text: str) -> str:
    """Return the text in lower case without accents, ligatures or typographic apostrophes."""
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return "".join(part for part in parts if not unicodedata.combining(part))


def stems(text: str, language: Language) -> list[str]:
    """Return the stems of a text in that language, in order, each only letters and digits.

    Accents are folded before stemming, so that "securite" typed on a phone finds "sécurité". Elided words and the stop
    words of both languages are left out, numbers are kept.
    """
    plain = folded(text)
    plain = _FRENCH_ELISION.sub(" ", plain) if language == "fr" else _ENGLISH_ENDING.sub(" ", plain)
    tokens = [token for token in _TOKEN.findall(plain)
              if token not in _STOP and (len(token) > 1 or token.isdigit())]
    if language == "fr":
        # "-ée" has lost its accent: back to "-é", so that "réparée", "réparé" and "répare" meet.
        tokens = [re.sub(r"ees?$", "e", token) for token in tokens]
    # A Stemmer is not safe to share between threads and costs microseconds to make.
    made: list[str] = Stemmer.Stemmer(_STEMMERS[language], 0).stemWords(tokens)
    return made


def query_stems(text: str) -> list[str]:
    """Return the stems of a question in both languages, each once: the story may be told in the other one."""
    return list(dict.fromkeys(stem for language in LANGUAGES for stem in stems(text, language)))
