"""Ears that hear what a script says, sentence by sentence, and notice being stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from media.transcriber import Heard, Listening
from story_bank.errors import Cancelled
from story_bank.ids import WordId, new_id
from story_bank.transcript import Segment, Word

NIGHT = ("Bonjour, je suis Camille, infirmière de nuit.", "Un soir, j'ai pris une feuille de papier.",
         "Les appels ont baissé de quarante pour cent.", "J'ai juste écouté, et j'en suis fière.")


class ScriptedTranscriber:
    """Says each sentence of the script at half a second a word; an empty script is a silent file."""

    def __init__(self, sentences: Sequence[str] = NIGHT) -> None:
        self.sentences = sentences
        self.heard: list[Listening] = []

    def hear(self, media: Path, how: Listening, *, on_segment: Callable[[Segment, float], None] | None = None,
             cancelled: Callable[[], bool] = lambda: False) -> Heard:
        self.heard.append(how)
        segments: list[Segment] = []
        at = 0.5
        for number, sentence in enumerate(self.sentences, start=1):
            if cancelled():
                raise Cancelled
            words = []
            for text in sentence.split():
                words.append(Word(WordId(new_id()), text, at, at + 0.4, 0.9))
                at += 0.5
            segments.append(Segment(tuple(words)))
            if on_segment is not None:
                on_segment(segments[-1], number / len(self.sentences))
        silent = None if segments else ("On n'entend pas de parole.", "No speech can be heard.")
        return Heard(how.language or "fr", "scripted", at + 0.5, tuple(segments), *(silent or (None, None)))

    def warm(self) -> None:
        return None
