"""Typing over words in a test: the next version, without a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from story_bank.editing import edited, typed_over
from story_bank.ids import WordId
from story_bank.transcript import Transcript


def retyped(transcript: Transcript, words: Mapping[WordId, str], now: datetime) -> Transcript:
    """Return the version in which those words were typed over."""
    return edited(transcript, typed_over(transcript, words), transcript, now).transcript
