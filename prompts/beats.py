"""Beats and gaps: what a sentence of a story does, and what a reader who was not there still needs to know."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from prompts.reading import read
from story_bank.language import Bilingual, Language


class Beat(StrEnum):
    """What a sentence does in a story; the last five say what it is about."""

    SITUATION = "situation"
    TURNING = "turning"
    ACTION = "action"
    RESULT = "result"
    PRIDE = "pride"
    VOICE = "voice"
    TEAM = "team"
    LEARNING = "learning"
    TRADE = "trade"
    OTHERS = "others"


class BeatSigns(BaseModel):
    """The title of an angle that opens on a beat, its cues, and where it usually sits, 0 (beginning) to 1 (end)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Bilingual
    cues: dict[Language, tuple[str, ...]]
    at: Annotated[float, Field(ge=0, le=1)] | None = None


class Gap(BaseModel):
    """Something a reader needs: where no cue is heard, the question is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    cues: dict[Language, tuple[str, ...]]
    question: Bilingual


@cache
def beats() -> dict[Beat, BeatSigns]:
    """Return the signs of every beat."""
    return read("beats.yaml", TypeAdapter(dict[Beat, BeatSigns]))


@cache
def gaps() -> tuple[Gap, ...]:
    """Return what a reader needs, the most needed first."""
    return read("gaps.yaml", TypeAdapter(tuple[Gap, ...]))
