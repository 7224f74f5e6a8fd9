"""A transcript as a file: plain text, SRT, WebVTT and JSON; and JSON read back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from media.captions import Cue, cues
from media.transcriber import Heard
from story_bank.errors import BadInput
from story_bank.ids import WordId, new_id
from story_bank.language import LANGUAGES, Language, characters_alone
from story_bank.transcript import Segment, Word, paragraphs

VOICE = {"fr": "Voix", "en": "Voice"}


def as_text(heard: Heard) -> str:
    """Write paragraphs with an empty line between them, named where several people speak; silence is its note."""
    if not heard.segments:
        return _note(heard) + "\n"
    several = len({segment.speaker for segment in heard.segments}) > 1
    blocks, before = [], None
    for paragraph in paragraphs(heard.segments):
        speaker = paragraph[0].speaker
        name = f"[{VOICE[heard.language]} {speaker}]\n" if several and speaker is not None and speaker != before else ""
        blocks.append(name + " ".join(segment.text for segment in paragraph) + "\n")
        before = speaker
    return "\n".join(blocks)


def as_srt(heard: Heard) -> str:
    """Write SubRip captions, at most two lines of 42 characters each; silence is an empty file."""
    return "\n".join(f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{_lines(cue)}\n"
                     for number, cue in enumerate(cues(heard.segments), 1))


def as_vtt(heard: Heard) -> str:
    """Write WebVTT captions (W3C): `&`, `<` and `>` escaped, the note as a comment when nobody speaks."""
    blocks = [f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{_escaped(_lines(cue))}\n"
              for cue in cues(heard.segments)]
    if not heard.segments:
        blocks = [f"NOTE {_note(heard)}\n"]
    return "\n".join(["WEBVTT\n", *blocks])


def as_json(heard: Heard) -> str:
    """Write the transcript in the shape of the command line's contract."""
    shape: dict[str, Any] = {"language": heard.language, "duration_s": round(heard.duration_s, 3), "model": heard.model,
                             "segments": [_segment_shape(segment) for segment in heard.segments]}
    if not heard.segments:
        shape["note"] = _note(heard)
    return json.dumps(shape, ensure_ascii=False, indent=1) + "\n"


def read_json(text: str) -> Heard:
    """Read a transcript written by `as_json` or by hand; a segment without words shares its time among them by letters.

    `BadInput` when it is not such a file, or its times are not in order.
    """
    try:
        shape = characters_alone(json.loads(text))
        segments = tuple(made for found in shape["segments"] if (made := _read_segment(found)) is not None)
        language = _read_language(shape.get("language"))
        duration = max([float(shape.get("duration_s") or 0.0), *(segment.end for segment in segments)])
        if not duration < float("inf"):
            raise ValueError("a recording ends")
        note = shape.get("note")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as cause:
        raise _malformed() from cause
    return Heard(language, str(shape.get("model", "")), duration, segments, note, note)


def _segment_shape(segment: Segment) -> dict[str, Any]:
    return {"start": segment.start, "end": segment.end, "speaker": segment.speaker, "text": segment.text,
            "words": [{"id": word.id, "text": word.text, "start": word.start, "end": word.end,
                       "probability": word.probability} for word in segment.words]}


def _read_segment(found: dict[str, Any]) -> Segment | None:
    listed = found.get("words") or _spread(str(found["text"]).split(), float(found["start"]), float(found["end"]))
    words = tuple(_read_word(word) for word in listed if str(word["text"]).strip())
    if any(later.start < earlier.start for earlier, later in pairwise(words)):
        raise ValueError("words out of order")
    speaker = found.get("speaker")
    return Segment(words, None if speaker is None else str(speaker)) if words else None


def _read_word(found: dict[str, Any]) -> Word:
    start, end = float(found["start"]), float(found["end"])
    if not 0.0 <= start <= end < float("inf"):
        raise ValueError("times go forward from zero")
    probability = found.get("probability")
    return Word(WordId(str(found.get("id") or new_id())), str(found["text"]).strip(), start, end,
                None if probability is None else float(probability))


def _spread(texts: Sequence[str], start: float, end: float) -> list[dict[str, Any]]:
    letters, at, made = sum(map(len, texts)), start, []
    for text in texts:
        until = at + (end - start) * len(text) / letters
        made.append({"text": text, "start": round(at, 3), "end": round(until, 3)})
        at = until
    return made


def _read_language(found: object) -> Language:
    return next((language for language in LANGUAGES if language == found), "fr")


def _malformed() -> BadInput:
    return BadInput("Ce fichier n’est pas une transcription lisible : refaites-le par « vecu transcribe ».",
                    "This file is not a readable transcript: make it again with “vecu transcribe --format json”.")


def _note(heard: Heard) -> str:
    return (heard.note_fr if heard.language == "fr" else heard.note_en) or ""


def _lines(cue: Cue) -> str:
    return "\n".join(line.replace("-->", "→") for line in cue.lines)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(second: float, point: str) -> str:
    milliseconds = round(second * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"
