"""The text a person signs: written, free, informed, specific, and easy to take back (L07 to L11, X8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, TypeAdapter

from prompts.channels import channel_rules
from prompts.reading import read
from story_bank.consent import Appearance, Channel, NameShown, Purpose, Scope
from story_bank.language import Bilingual, Language


class PurposeWords(BaseModel):
    """A purpose as a short name and as the line that is signed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Bilingual
    signed: Bilingual


class Labels(BaseModel):
    """The words of the form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    purposes: dict[Purpose, PurposeWords]
    names: dict[NameShown, Bilingual]
    yes_no: dict[str, Bilingual]
    nowhere: Bilingual
    this_story: Bilingual
    months: dict[Language, tuple[str, ...]]


class ConsentWording(BaseModel):
    """One reviewed wording with its version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    labels: Labels
    text: Bilingual


@dataclass(frozen=True, slots=True)
class Terms:
    """What this person is about to sign; `story` is its title or how one recognises it."""

    person: str
    company: str
    scope: Scope
    story: str = ""


class ConsentText(NamedTuple):
    """The exact text to sign and the version of its wording."""

    version: str
    text: str


@cache
def wording() -> ConsentWording:
    """Return the wording in force."""
    return read("consent.yaml", TypeAdapter(ConsentWording))


def render(terms: Terms, language: Language) -> ConsentText:
    """Return the exact text that the person signs, and the version of its wording."""
    labels, scope = wording().labels, terms.scope
    purposes = [labels.purposes[purpose].signed.said(language) for purpose in Purpose if purpose in scope.purposes]
    places = [channel_label(channel).said(language) for channel in Channel if channel in scope.channels]
    text = wording().text.said(language).format(
        person=_line(terms.person), company=_line(terms.company),
        story=_line(terms.story) or labels.this_story.said(language),
        purposes="\n".join(f"– {purpose}." for purpose in purposes),
        channels=_sentence(", ".join(places) or labels.nowhere.said(language)),
        from_day=day(scope.from_day, language), until_day=day(scope.until_day, language),
        appearance=_sentence(", ".join(appearance(scope.appears, language))))
    return ConsentText(wording().version, text.strip() + "\n")


def purpose_label(purpose: Purpose) -> Bilingual:
    """Return the short name of a purpose."""
    return wording().labels.purposes[purpose].name


def channel_label(channel: Channel) -> Bilingual:
    """Return the name of a channel."""
    return channel_rules()[channel].label


def name_label(shown: NameShown) -> Bilingual:
    """Return how much of the name is shown, in words."""
    return wording().labels.names[shown]


def appearance(look: Appearance, language: Language) -> tuple[str, str, str]:
    """Return how the person appears: face, voice, name, a clause each."""
    words = wording().labels.yes_no
    keys = (f"face_{'yes' if look.face else 'no'}", f"voice_{'yes' if look.voice else 'no'}", f"name_{look.name}")
    face, voice, name = (words[key].said(language) for key in keys)
    return face, voice, name


def day(when: date, language: Language) -> str:
    """Return a day as one writes it: "1er décembre 2026", "1 December 2026"."""
    number = "1er" if language == "fr" and when.day == 1 else str(when.day)
    return f"{number} {wording().labels.months[language][when.month - 1]} {when.year}"


def _line(text: str) -> str:
    """Keep what was typed on one line, so that it cannot add a clause to what is signed."""
    return " ".join(text.split())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
