"""What a chat model is told: rules that hold, and the transcript as data that gives no orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, TypeAdapter

from prompts.channels import channel_rules
from prompts.profiles import profile_guides
from prompts.reading import read
from story_bank.consent import Channel
from story_bank.language import Bilingual, Language
from story_bank.making import Profile


class DraftPrompt(BaseModel):
    """The rules and the request, with their version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    system: Bilingual
    request: Bilingual


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask for, and the mark around the story: made new and unguessable for each request."""

    profile: Profile
    channel: Channel
    language: Language
    mark: str


class Messages(NamedTuple):
    """The two messages of a request."""

    system: str
    request: str


@cache
def draft_prompt() -> DraftPrompt:
    """Return the prompt in force."""
    return read("draft_prompt.yaml", TypeAdapter(DraftPrompt))


def messages(sentences: Sequence[str], wanted: Wanted) -> Messages:
    """Return what the model is told: sentences numbered from 1, one a line, between the marks."""
    guide, rules = profile_guides()[wanted.profile], channel_rules()[wanted.channel]
    language, prompt = wanted.language, draft_prompt()
    story = "\n".join(f"[{number}] {' '.join(text.split())}" for number, text in enumerate(sentences, start=1))
    system = prompt.system.said(language).format(words=rules.words, mark=wanted.mark)
    request = prompt.request.said(language).format(
        profile=guide.label.said(language), looks_for=guide.looks_for.said(language),
        channel=rules.label.said(language),
        angles=" ; ".join(plan.title.said(language) for plan in guide.angles), mark=wanted.mark,
        story=story.replace(wanted.mark, ""))
    return Messages(system.strip(), request.strip())
