"""What Whisper says, made readable: whole words, French spacing, whole sentences, and no ghosts.

Pure functions on words; nothing here knows faster-whisper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from media.speech_edges import Span, spoken_s
from story_bank.ids import WordId, new_id
from story_bank.language import Language
from story_bank.transcript import Segment, Word

NARROW = "\u202f"
"""The narrow no-break space that French puts before ; ! ? » and %."""
NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class RawWord:
    """A word as the recogniser gives it: a leading space begins a new one."""

    text: str
    start: float
    end: float
    probability: float


def whole_words(raw: Iterable[RawWord], language: Language) -> list[Word]:
    """Join the pieces of words ("m" + "'appelle", "changé" + " ?") and space their punctuation by the language."""
    made: list[RawWord] = []
    for piece in raw:
        if not piece.text.strip():
            continue
        if made and _continues(made[-1].text, piece.text):
            last = made[-1]
            glue = " " if piece.text.startswith(" ") else ""
            made[-1] = RawWord(last.text + glue + piece.text.strip(), last.start, max(last.end, piece.end),
                               min(last.probability, piece.probability))
        else:
            made.append(replace(piece, text=piece.text.strip()))
    return [Word(WordId(new_id()), spaced(word.text, language), float(word.start), float(word.end),
                 round(min(1.0, max(0.0, float(word.probability))), 3)) for word in made]


def _continues(before: str, piece: str) -> bool:
    if not piece.startswith(" "):
        return True
    text = piece.strip()
    return (re.fullmatch(r"[^\w\s«“(\[#@€$£*+=~–—-]+", text) is not None or before in {"«", "“", "("}
            or (text in {"%", "°", "€"} and before[-1].isdigit()))


def spaced(text: str, language: Language) -> str:
    """Put the spaces the language wants around the punctuation of one word, none of which may break a line."""
    if language == "en":
        return re.sub(r"\s+(?=[;:!?%,.)»])", "", text)
    text = re.sub(r"\s+(?=[,.)])", "", text)
    text = re.sub(r"(?<=[\w)»\"])\s*(?=[;!?]+[\s»\")]*$)", NARROW, text)
    text = re.sub(r"(?<=\d)\s*(?=[%€])", NARROW, text)
    text = re.sub(r"(?<=\w)\s*(?=:$)", NO_BREAK, text)
    text = re.sub(r"«\s*(?=\S)", "«" + NARROW, text)
    return re.sub(r"(?<=\S)\s*»", NARROW + "»", text)


ABBREVIATED = frozenset({"m.", "mm.", "mme.", "mlle.", "dr.", "pr.", "st.", "ste.", "mr.", "mrs.", "ms.", "no."})
LONG_SENTENCE, LONGEST_SENTENCE = 40, 80
"""Words after which a sentence without a full stop ends at a pause, or anyway."""
PAUSE_S = 0.5


def sentences(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """Yield whole sentences in order; the last one may be unfinished (ask `finished`)."""
    current: list[Word] = []
    for number, word in enumerate(words):
        current.append(word)
        after = words[number + 1] if number + 1 < len(words) else None
        if after is None or _ends(word, after, len(current)):
            yield tuple(current)
            current = []


def finished(sentence: Sequence[Word]) -> bool:
    """Tell whether a sentence ends as sentences do, or is too long to wait for its end."""
    return _stops(sentence[-1].text) or len(sentence) >= LONG_SENTENCE


def _stops(text: str) -> bool:
    return re.search(r"[.!?…][»”\")\s]*$", text) is not None and text.casefold() not in ABBREVIATED


def _ends(word: Word, after: Word, length: int) -> bool:
    if _stops(word.text):
        return not re.match(r"[a-zà-öø-ÿœ]", after.text)
    pause = after.start - word.end >= PAUSE_S
    return length >= LONGEST_SENTENCE or (length >= LONG_SENTENCE and pause)


CREDITS = re.compile(
    r"sous[- ]?titr\w*|amara\s*\.?\s*org|soustitreur|subtitles? by|captions? by|transcri(bed|ption) by|"
    r"(merci|thanks?( you)?) (d ?avoir regardé|pour (votre|le) visionnage|for watching)|"
    r"(abonnez vous|n oubliez pas de vous abonner|like and subscribe|please subscribe)|"
    r"société radio canada|à (bientôt|la prochaine) pour une nouvelle vidéo|"
    r"(traduction|relecture|adaptation) (de|par|et)\b|see you (in the )?next (video|time)", re.IGNORECASE)
"""What Whisper learnt from the ends of subtitle files, and says when it hears nothing."""
LETTERS_PER_SECOND = 30
"""Nobody speaks faster; read aloud, French runs near fifteen."""
NOTHING_SAID = 0.6
"""Whisper's own doubt that anybody spoke, above which a credit is a ghost."""
LOOP = 3


def letters(text: str) -> str:
    """Fold a text to its words: case, punctuation and spaces no longer count."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def impossible(words: Sequence[Word], speech: Sequence[Span]) -> bool:
    """Tell whether the words would need more speech than was heard where they stand."""
    said = letters(" ".join(word.text for word in words))
    return spoken_s(words[0].start, words[-1].end, speech) < len(said) / LETTERS_PER_SECOND


def ghost(words: Sequence[Word], speech: Sequence[Span], doubt: float, prompt: str = "") -> bool:
    """Tell whether a line was invented: a known credit or our own prompt read back where (almost) nobody speaks."""
    said = letters(" ".join(word.text for word in words))
    known = CREDITS.search(said) is not None or (len(said) > 12 and said in letters(prompt))
    silent = spoken_s(words[0].start, words[-1].end, speech) == 0.0
    return silent or (known and (doubt > NOTHING_SAID or impossible(words, speech)))


def wordless(text: str) -> bool:
    """Tell whether a line holds no word that was said: notes of music, marks alone, "[Musique]", "(rires)"."""
    return re.search(r"\w", text) is None or re.fullmatch(r"\W*[\[(*♪][^\])*♪]*[\])*♪]\W*", text.strip()) is not None


LONGEST_STUTTER = 12
"""Words in the longest group whose repetition inside one line is looked for."""


def unstuttered(words: Sequence[Word], speech: Sequence[Span]) -> list[Word]:
    """Keep once a group of words said three times or more in a row with too little speech for it, within a line."""
    kept: list[Word] = []
    at, said = 0, [letters(word.text) for word in words]
    while at < len(words):
        size, times = max(((size, _times(said, at, size)) for size in range(1, LONGEST_STUTTER + 1)),
                          key=lambda found: (found[1] >= LOOP) * found[0] * found[1])
        looped = times >= LOOP and impossible(words[at + size:at + size * times], speech)
        kept += words[at:at + size] if looped else words[at:at + 1]
        at += size * times if looped else 1
    return kept


def _times(said: Sequence[str], at: int, size: int) -> int:
    """Return how often in a row the group of that many words that begins here is said."""
    times = 1
    while said[at:at + size] == said[at + size * times:at + size * (times + 1)]:
        times += 1
    return times


def unlooped(lines: Sequence[Segment], speech: Sequence[Span]) -> list[Segment]:
    """Keep once what comes three times or more in a row with too little speech to have been said each time."""
    made: list[Segment] = []
    for _, again in groupby(lines, key=lambda line: letters(line.text)):
        run = list(again)
        looped = len(run) >= LOOP and any(impossible(line.words, speech) for line in run[1:])
        made += run[:1] if looped else run
    return made
