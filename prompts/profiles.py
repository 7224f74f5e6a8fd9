"""Profiles: how ambassadors like to speak, three ways each to begin a story, and what to ask them (V11 to V14)."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from prompts.beats import Beat
from prompts.reading import read
from story_bank.language import Bilingual
from story_bank.making import Profile


class AnglePlan(BaseModel):
    """One way to begin: the beat that opens, then the beats to follow the story with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: Bilingual
    opens: Beat
    then: tuple[Beat, ...]


class ProfileGuide(BaseModel):
    """What a profile looks for in a story, its three angles and its questions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Bilingual
    looks_for: Bilingual
    leans: tuple[Beat, ...]
    angles: Annotated[tuple[AnglePlan, ...], Field(min_length=3, max_length=3)]
    questions: Annotated[tuple[Bilingual, ...], Field(min_length=1)]


@cache
def profile_guides() -> dict[Profile, ProfileGuide]:
    """Return the guide of every profile."""
    return read("profiles.yaml", TypeAdapter(dict[Profile, ProfileGuide]))
