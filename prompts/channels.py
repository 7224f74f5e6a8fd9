"""Channels: their names, how much they take, how much is seen before "more" (A105, C01)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from prompts.reading import read, read_own
from story_bank.consent import Channel
from story_bank.language import Bilingual

Characters = Annotated[int, Field(gt=0)]


class ChannelRules(BaseModel):
    """What a channel takes, in characters; None where it sets no limit. `words`: length of a suggestion."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Bilingual
    audience: Literal["public", "colleagues"]
    limit: Characters | None = None
    fold: Characters | None = None
    words: Annotated[int, Field(gt=0)] = 120


@cache
def channel_rules(own: Path | None = None) -> dict[Channel, ChannelRules]:
    """Return the rules of every channel; an administrator's own file replaces those that it names."""
    shape = TypeAdapter(dict[Channel, ChannelRules])
    shipped: dict[Channel, ChannelRules] = read("channels.yaml", shape)
    changed: dict[Channel, ChannelRules] = {} if own is None else read_own(own, shape)
    return {**shipped, **changed}
