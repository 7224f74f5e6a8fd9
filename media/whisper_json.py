"""Transcripts as programs around Whisper write them in JSON: OpenAI's, faster-whisper's, WhisperX's, and our own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from media.imported_text import Brought, BroughtCue, BroughtWord, brought, split_words, unreadable
from story_bank.language import LANGUAGES, Language, characters_alone

_LANGUAGES = {"french": "fr", "english": "en"}


def read_whisper_json(text: str) -> Brought:
    """Read segments with their words, if they are there; a bare list of segments too (`BadInput`)."""
    try:
        shape = characters_alone(json.loads(text))
        listed = shape if isinstance(shape, list) else shape["segments"]
        cues = [_cue(each) for each in listed]
        return brought(cues, None if isinstance(shape, list) else _language(shape.get("language")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as cause:
        raise unreadable() from cause


def _cue(found: dict[str, Any]) -> BroughtCue:
    start, end = _second(found["start"]), _second(found["end"])
    words = _whole([word for each in found.get("words") or () if (word := _word(each)) is not None])
    speaker = found.get("speaker")
    texts, whole = tuple(word.text for word in words), split_words(str(found.get("text", "")))
    if whole and "".join("".join(texts).split()) != "".join(whole):  # a word came without its seconds: share them out
        words, texts = (), whole
    return BroughtCue(texts, start, end, str(speaker)[:60] if speaker is not None else None, words)


def _word(found: dict[str, Any]) -> BroughtWord | None:
    text = str(found.get("text", found.get("word", "")))
    if "start" not in found or "end" not in found or not text.strip():
        return None
    doubt = found.get("probability", found.get("score"))
    known = None if doubt is None else min(1.0, max(0.0, float(doubt)))
    return BroughtWord(text, _second(found["start"]), _second(found["end"]), known)


def _whole(words: Sequence[BroughtWord]) -> tuple[BroughtWord, ...]:
    """Join pieces that OpenAI's Whisper parts ("l" + "'eau"): a word begins with a space, where any does."""
    if not any(word.text.startswith(" ") for word in words):
        return tuple(BroughtWord(word.text.strip(), word.start, word.end, word.probability) for word in words)
    made: list[BroughtWord] = []
    for word in words:
        if made and not word.text.startswith(" "):
            last = made.pop()
            least = None if None in (last.probability, word.probability) else min(
                last.probability or 0.0, word.probability or 0.0)
            made.append(BroughtWord(last.text + word.text.rstrip(), last.start, word.end, least))
        else:
            made.append(BroughtWord(word.text.strip(), word.start, word.end, word.probability))
    return tuple(made)


def _second(value: Any) -> float:
    second = float(value)
    if not 0.0 <= second < float("inf"):
        raise ValueError("a second after the beginning")
    return second


def _language(found: object) -> Language | None:
    named = _LANGUAGES.get(str(found).casefold(), found)
    return next((language for language in LANGUAGES if language == named), None)
