"""Hearing with faster-whisper: context in every window, words on the edges of speech, no words out of silence."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from media.kept_warm import KeptWarm
from media.pyav_file import decoded
from media.silero_edges import SileroEdges
from media.sound import SAMPLE_RATE, Samples
from media.speech_edges import Span, Splice, in_order, snapped, splices, spoken_s, widened
from media.spoken_prompt import spoken_prompt
from media.transcriber import Heard, Listening
from media.whisper_choice import WhisperChoice, english_only, fetched, which_model
from media.whisper_words import RawWord, finished, ghost, sentences, unlooped, unstuttered, whole_words, wordless
from media.written_numbers import written
from story_bank.errors import Cancelled, NotAvailable
from story_bank.language import LANGUAGES, Language
from story_bank.transcript import Segment, Word

SETTINGS: dict[str, Any] = {"beam_size": 5, "temperature": (0.0, 0.2, 0.4), "word_timestamps": True}
"""Three temperatures, not six: noise must not cost six times what speech does."""
COMPUTE = "int8"
REMEMBERED = 200
"""Characters of what was just said that go before the next stretch, after the person's own context."""
LEFT_OVER_S = 0.35
"""Speech this short after the last line is its own last syllable, which Whisper ends early."""
SKIPPED_S, LISTENINGS = 1.0, 3
"""More speech than this after the last word was skipped; it is heard again, three times in all at most."""
FAINT_DOUBT = 0.4
"""Where speech is not beyond doubt, Whisper's own doubt above which a line is none: 0.66 and more for street and music,
0.1 for a lone sentence."""
GUESSING = 0.3
"""A stretch heard above this temperature was guessed: the next one does not build on it."""
NOTHING_FR = "On n’entend pas de parole dans cet enregistrement : vérifiez le micro, puis recommencez à votre rythme."
NOTHING_EN = "No speech can be heard in this recording: check the microphone, then try again whenever you like."


@dataclass(frozen=True, slots=True)
class _Loaded:
    choice: WhisperChoice
    model: Any


@dataclass(slots=True)
class _Stretch:
    """One window's worth of speech on its way to becoming words."""

    splice: Splice
    speech: list[Span]
    prompt: str
    language: Language
    words: list[Word] = field(default_factory=list)
    guessed: bool = False


class WhisperTranscriber:
    """Hears French and English; loads its model at the first need and lets it go after `idle_s` without any."""

    def __init__(self, model: str | None, home: Path, allow_hub: bool, idle_s: float = 600.0, threads: int = 0) -> None:
        self._wanted = (model, home, allow_hub)
        self._threads = threads or min(4, os.cpu_count() or 1)
        self._edges = SileroEdges()
        self._kept: KeptWarm[_Loaded] = KeptWarm(self._load, idle_s)

    def warm(self) -> None:
        """Load the model ahead of need (`NotAvailable`)."""
        with self._kept.use():
            return

    def hear(self, media: Path, how: Listening, *, on_segment: Callable[[Segment, float], None] | None = None,
             cancelled: Callable[[], bool] = lambda: False) -> Heard:
        """Return the words of a media file, in sentences; each is given to `on_segment` as soon as it is whole.

        `BadInput` when nothing can be decoded; `NotAvailable` when no model is in reach; `Cancelled`.
        """
        sound = decoded(media, how.span, cancelled)
        if cancelled():
            raise Cancelled
        speech = self._edges.spans(sound.samples)
        if not speech:  # no model is loaded to hear nothing
            return Heard(how.language or "fr", self._name(), sound.duration_s, (), NOTHING_FR, NOTHING_EN)
        with self._kept.use() as loaded:
            faint = not self._edges.sure(sound.samples, speech)
            work = _Hearing(loaded.model, sound.samples, speech, how, cancelled, faint=faint)
            segments = []
            for segment, share in work.segments():
                placed = _moved(segment, sound.start)
                segments.append(placed)
                if on_segment is not None:
                    on_segment(placed, share)
            quiet = not segments
            return Heard(work.language, loaded.choice.name, sound.duration_s, tuple(segments),
                         NOTHING_FR if quiet else None, NOTHING_EN if quiet else None)

    def _name(self) -> str:
        try:
            return which_model(*self._wanted).name
        except NotAvailable:
            return ""

    def _load(self) -> _Loaded:
        from faster_whisper import WhisperModel

        choice = which_model(*self._wanted)
        folder = fetched(choice)
        try:
            model = WhisperModel(str(folder), device="cpu", compute_type=COMPUTE, cpu_threads=self._threads,
                                 local_files_only=True)
        except (RuntimeError, ValueError, OSError) as cause:
            raise NotAvailable(
                f"Le modèle de transcription dans {folder} ne s’ouvre pas : supprimez ce dossier pour qu’il soit "
                "refait, ou indiquez-en un autre.",
                f"The speech model in {folder} does not open: delete that folder so that it is made again, or name "
                "another one.") from cause
        if not model.model.is_multilingual:
            raise english_only(folder)
        return _Loaded(choice, model)


class _Hearing:
    """One recording being heard."""

    def __init__(self, model: Any, samples: Samples, speech: list[Span], how: Listening,
                 cancelled: Callable[[], bool], *, faint: bool) -> None:
        self._model, self._samples, self._speech, self._cancelled = model, samples, speech, cancelled
        self._total_s = len(samples) / SAMPLE_RATE
        # Words are put on the edges of sound; what was skipped or invented is told by Silero's own, narrower ones.
        self._edges = widened(speech, samples)
        self._splices = splices(speech, self._total_s)
        self.language: Language = how.language or self._told_apart(self._splices[0])
        self._faint = faint
        # Whoever hears a horn and is told of Camille hears "Je m'appelle Camille".
        self._context = "" if faint else spoken_prompt(how.context, how.context_text, self.language, how.glossary)

    def segments(self) -> Iterator[tuple[Segment, float]]:
        """Yield whole sentences with the share of the recording heard so far."""
        waiting: tuple[Word, ...] = ()
        said = ""
        for splice in self._splices:
            stretch = self._heard(splice, said)
            said = _end_of(f"{said} {' '.join(word.text for word in stretch.words)}")
            if stretch.guessed or self._faint:
                said = ""
            lines = list(sentences([*waiting, *stretch.words]))
            waiting = lines.pop() if lines and not finished(lines[-1]) else ()
            yield from self._kept(lines, splice.pieces[-1][1])
        yield from self._kept([waiting] if waiting else [], self._total_s)

    def _kept(self, lines: list[tuple[Word, ...]], until: float) -> Iterator[tuple[Segment, float]]:
        for segment in unlooped([Segment(line) for line in lines], self._speech):
            yield segment, min(1.0, until / self._total_s)

    def _heard(self, splice: Splice, said: str) -> _Stretch:
        """Hear one stretch, and hear its end again where Whisper skipped a sentence, as it sometimes does."""
        first, last = splice.pieces[0][0], splice.pieces[-1][1]
        stretch = _Stretch(splice, [span for span in self._speech if span[0] >= first and span[1] <= last],
                           f"{self._context} {said}".strip(), self.language)
        for _ in range(LISTENINGS):
            known = len(stretch.words)
            self._listen(stretch)
            until = stretch.words[-1].end if stretch.words else first
            rest = tuple((max(start, until), end) for start, end in splice.pieces if end > until)
            if len(stretch.words) == known or spoken_s(until, last, stretch.speech) < SKIPPED_S:
                break
            stretch.splice = Splice(rest)
        stretch.words = written(snapped(stretch.words, self._edges_of(stretch)), self.language)
        return stretch

    def _edges_of(self, stretch: _Stretch) -> list[Span]:
        wide = dict(zip(self._speech, self._edges, strict=True))
        return [wide[span] for span in stretch.speech]

    def _listen(self, stretch: _Stretch) -> None:
        if self._cancelled():
            raise Cancelled
        found, _ = self._model.transcribe(self._sound_of(stretch.splice), language=self.language, vad_filter=False,
                                          initial_prompt=stretch.prompt or None, **SETTINGS)
        for line in found:
            heard = () if wordless(line.text) else _placed(line.words or (), stretch.splice)
            words = unstuttered(in_order(whole_words(heard, self.language)), stretch.speech)
            stretch.guessed = stretch.guessed or line.temperature > GUESSING
            doubted = self._faint and line.no_speech_prob > FAINT_DOUBT
            if words and not doubted and not ghost(words, stretch.speech, line.no_speech_prob, self._context):
                stretch.words += words
            if self._cancelled():
                raise Cancelled
            if words and spoken_s(words[-1].end, self._total_s, stretch.speech) < LEFT_OVER_S:
                return  # asked for more, Whisper would listen to the silent rest and invent

    def _sound_of(self, splice: Splice) -> Samples:
        return np.concatenate([self._samples[round(a * SAMPLE_RATE):round(b * SAMPLE_RATE)] for a, b in splice.pieces])

    def _told_apart(self, splice: Splice) -> Language:
        """Return French or English, whichever the first stretch sounds more like; no other language is possible."""
        _, _, chances = self._model.detect_language(self._sound_of(splice))
        likely = dict(chances)
        return max(LANGUAGES, key=lambda language: likely.get(language, 0.0))


def _placed(words: Any, splice: Splice) -> Iterator[RawWord]:
    """Give words of a splice their seconds in the source; a word never straddles what was left out."""
    for word in words:
        start, end = float(word.start), float(word.end)  # they come as np.float64
        piece = splice.piece_at((start + end) / 2)
        yield RawWord(word.word, splice.source(start, piece=piece), splice.source(end, piece=piece),
                      float(word.probability))


def _end_of(said: str) -> str:
    """Return the last whole words of what was said, plainly spaced, within what Whisper is to remember."""
    said = " ".join(said.split())  # it was taught plain spaces, and writes what it reads
    return said if len(said) <= REMEMBERED else said[-REMEMBERED:].partition(" ")[2]


def _moved(segment: Segment, by: float) -> Segment:
    if not by:
        return segment
    return replace(segment, words=tuple(replace(word, start=round(word.start + by, 3), end=round(word.end + by, 3))
                                        for word in segment.words))
