"""A transcript that somebody brings: the promise of what is read from a file, before it is laid on the media."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from story_bank.errors import BadInput
from story_bank.language import Language

MOST_BYTES = 5 * 1024 * 1024
"""A hundred hours of speech are less."""
MOST_WORDS = 100_000


class TextForm(StrEnum):
    """The forms that a transcript comes in."""

    TXT = "txt"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class BroughtWord:
    """A word with its seconds."""

    text: str
    start: float
    end: float
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class BroughtCue:
    """Words from one second to another, by one speaker; without times (None) they are to be found in the media."""

    words: tuple[str, ...]
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    timed: tuple[BroughtWord, ...] = ()
    """The words again, where the file knows the time of each."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file says, in its own order."""

    cues: tuple[BroughtCue, ...]
    language: Language | None = None

    @property
    def untimed(self) -> bool:
        """Tell whether it is a text without times."""
        return all(cue.start is None for cue in self.cues)


def decoded(data: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 or Windows' Western letters; lines end by "\\n" (`BadInput`).

    Without a mark, UTF-16 shows by its zero bytes; what is no UTF-8 is read as Windows-1252, which old caption
    programs of this part of the world wrote.
    """
    if len(data) > MOST_BYTES:
        raise BadInput("Ce fichier est trop gros pour une transcription : 5 Mo au plus.",
                       "This file is too large for a transcript: 5 MB at most.")
    text = _letters(data).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in text if char == "\n" or char == "\t" or char >= " ").replace("\ufeff", "")
    if kept.count("\ufffd") > len(kept) / 10 or (data and not kept.strip()):
        raise unreadable()
    return kept


def _letters(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    evens, odds = data[0:2000:2].count(0), data[1:2000:2].count(0)
    most = min(len(data), 2000) / 4
    if max(evens, odds) > most:
        return data.decode("utf-16-be" if evens > odds else "utf-16-le", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def form_of(name: str, text: str) -> TextForm:
    """Return the form of a file by what it says, else by its name; anything else is text."""
    start = text.lstrip()
    if start.startswith("WEBVTT"):
        return TextForm.VTT
    if start[:1] in "{[" and name.casefold().endswith(".json"):
        return TextForm.JSON
    if re.match(r"(?:\d+\s*\n)?\s*\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}\s*-->", start):
        return TextForm.SRT
    return next((form for form in TextForm if name.casefold().endswith(f".{form.value}")), TextForm.TXT)


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a text: what spaces part; the unbreakable ones inside « 40 % » part nothing."""
    return tuple(part for part in re.split(r"[ \t\n\u2028\u2029]+", text) if part.strip())


def read_text(text: str) -> Brought:
    """Read a text without times: a paragraph a line; a line that only names a speaker, in brackets, begins their turn.

    Paragraphs stay as they are; `[Voix A]` and `[CAMILLE] Bonjour.` name who speaks.
    """
    cues, speaker = [], None
    for line in text.split("\n"):
        named = re.match(r"\s*\[([^\[\]\n]{1,60})\]\s*(.*)$", line)
        if named and named[1][0].isupper():  # « [rires] » is none
            speaker, line = _speaker(named[1]), named[2]
        if words := split_words(line):
            cues.append(BroughtCue(words, speaker=speaker))
    return _within(cues, None)


def brought(cues: Sequence[BroughtCue], language: Language | None) -> Brought:
    """Return cues as read, those without words left out (`BadInput` for more words than anybody said, or none)."""
    return _within([cue for cue in cues if cue.words], language)


def unreadable() -> BadInput:
    """Make the error for a file that is no transcript."""
    return BadInput("Ce fichier ne se lit pas comme une transcription ; donnez un texte, un SRT, un VTT ou le JSON de "
                    "Whisper.", "This file cannot be read as a transcript; give a text, an SRT, a VTT or Whisper's "
                                "JSON.")


def _speaker(name: str) -> str:
    return re.sub(r"^(?:Voix|Voice) (?=\S)", "", name.strip())


def _within(cues: Sequence[BroughtCue], language: Language | None) -> Brought:
    count = sum(len(cue.words) for cue in cues)
    if count > MOST_WORDS:
        raise BadInput(f"Ce texte a plus de {MOST_WORDS} mots ; donnez celui de cet enregistrement seul.",
                       f"This text has more than {MOST_WORDS} words; give that of this recording alone.")
    if not count:
        raise BadInput("Ce fichier ne contient aucun mot ; vérifiez que c'est le bon.",
                       "This file holds no word; check that it is the right one.")
    return Brought(tuple(cues), language)
