"""The recordings in bench/voices with their scripts, their exact times, and bare Whisper beside ours.

Scripts and voices: bench/voices/scripts.yaml and make.py. Written before anything was measured;
the edges of words and two thresholds (`SURE`, `TAIL_S`) were set after seeing what they gave here, so that times and
silence want other recordings for a proof.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from media.whisper_choice import FOLDER  # noqa: E402
from media.whisper_package import assemble  # noqa: E402
from story_bank.recording import SpokenContext  # noqa: E402

VOICES = ROOT / "bench/voices"
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a script: who says it, its exact seconds, and how it is written."""

    speaker: str
    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """One recording: `runs` are the exact stretches of sound in it."""

    name: str
    media: Path
    form: SpokenContext
    glossary: tuple[str, ...]
    lines: tuple[Line, ...]
    runs: tuple[Span, ...]


def testimonials() -> Iterator[Spoken]:
    """Yield the eight French testimonials."""
    stories = yaml.safe_load((VOICES / "scripts.yaml").read_text(encoding="utf-8"))["testimonials"]
    for name, story in stories.items():
        form = {**story["form"], "unusual_words": tuple(story["form"]["unusual_words"])}
        yield spoken(name, SpokenContext(**form), tuple(story["glossary"]))


def spoken(name: str, form: SpokenContext | None = None, glossary: tuple[str, ...] = ()) -> Spoken:
    """Return one recording by its name."""
    kept = json.loads((VOICES / f"{name}.json").read_text(encoding="utf-8"))
    return Spoken(name, VOICES / f"{name}.ogg", form or SpokenContext(), glossary,
                  tuple(Line(**line) for line in kept["lines"]), tuple((a, b) for a, b in kept["runs"]))


class Bare:
    """Whisper base as faster-whisper gives it: its own defaults, no context; only the language is told."""

    def __init__(self, home: Path) -> None:
        from faster_whisper import WhisperModel

        self._model = WhisperModel(str(assemble(home / FOLDER)), device="cpu", compute_type="int8", cpu_threads=2,
                                   local_files_only=True)

    def hear(self, media: Path, **more: Any) -> list[Any]:
        """Return its segments."""
        return list(self._model.transcribe(str(media), language="fr", **more)[0])


def tokens(text: str) -> list[str]:
    """Fold a French text to the words and marks a person would have to type; numbers count alike in digits and words.

    Case, the kind of space, of apostrophe and of quotation mark do not count.
    """
    from text_to_num import alpha2digit

    text = re.sub(r"[\u00a0\u202f]", " ", text.lower().replace("’", "'").replace("…", "."))
    text = re.sub(r"(?<=\d) (?=\d{3}\b)", "", text)
    text = re.sub(r"(\d)\s*h(?=\s*\d|\b)", r"\1 heures ", text)
    text = text.replace("%", " pour cent ").replace("€", " euros ")
    text = re.sub(r"°\s*c?\b", " degrés ", text)
    text = re.sub(r"(?<![\w-])-(?=\d)", "moins ", text)
    text = alpha2digit(text, "fr", threshold=0)
    found = re.findall(r"\d+(?:[.,]\d+)?(?:[a-zà-ÿ]+)?|[^\W\d_]+|[.,;:!?«»“”\"()]", text)
    return [_token(token) for token in found]


def _token(token: str) -> str:
    ordinal = re.fullmatch(r"(\d+)(?:e|er|re|ère|ème|nd|nde)", token)
    if ordinal:
        return f"{ordinal[1]}e"
    return {"un": "1", "une": "1", "heures": "heure", "euros": "euro", "degrés": "degré", "«": '"', "»": '"',
            "“": '"', "”": '"'}.get(token, token)
