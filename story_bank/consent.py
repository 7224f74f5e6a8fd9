"""A consent: purposes × channels × from–until × how the person appears, in writing, as a history per person.

A purpose and a channel are what a person signs; a use is what code asks for (see `access`).
French law: art. 9 Code civil (capture, storage, reproduction, use); GDPR art. 7(3) for withdrawal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from story_bank.errors import BadInput
from story_bank.ids import ConsentId, PersonId, SubjectId


class Purpose(StrEnum):
    """What a story may be used for (L08)."""

    LIBRARY = "library"
    DRAFT = "draft"
    CLIP = "clip"
    SHARE = "share"


class Channel(StrEnum):
    """Where a story may appear (L09)."""

    LINKEDIN = "linkedin"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    X = "x"
    SLACK = "slack"
    TEAMS = "teams"
    INTRANET = "intranet"
    NEWSLETTER = "newsletter"
    WEBSITE = "website"
    PRINT = "print"
    EVENT = "event"


class NameShown(StrEnum):
    """How much of the person's name may be shown."""

    FULL = "full"
    FIRST = "first"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the person appears in what is made from the story."""

    face: bool
    voice: bool
    name: NameShown


@dataclass(frozen=True, slots=True)
class Scope:
    """What is permitted, first and last day included (L08, L09, L10)."""

    purposes: frozenset[Purpose]
    channels: frozenset[Channel]
    from_day: date
    until_day: date
    appears: Appearance

    def __post_init__(self) -> None:
        if self.until_day < self.from_day:
            raise BadInput("La fin de l'accord vient avant son début ; choisissez une date plus tardive.",
                           "The consent ends before it begins; choose a later date.")
        if not self.purposes:
            raise BadInput("Choisissez au moins un usage, ou ne signez pas : refuser n'enlève rien.",
                           "Choose at least one use, or do not sign: refusing takes nothing away.")
        if Purpose.SHARE in self.purposes and not self.channels:
            raise BadInput("Choisissez au moins un support où le récit peut paraître.",
                           "Choose at least one channel where the story may appear.")

    def open_on(self, day: date) -> bool:
        """Tell whether the day lies in the period, both ends included."""
        return self.from_day <= day <= self.until_day


@dataclass(frozen=True, slots=True)
class Consent:
    """One signature: the exact text shown, its hash, the typed name and the moment (L07, L11)."""

    id: ConsentId
    subject_id: SubjectId
    person_id: PersonId
    scope: Scope
    text: str
    text_version: str
    signature: str
    signed_at: datetime
    kept_hash: str | None = None
    """The hash that was kept at the signature; None for a consent that is being signed."""

    def __post_init__(self) -> None:
        if not self.signature.strip():
            raise BadInput("Écrivez votre nom pour signer.", "Type your name to sign.")

    @property
    def text_hash(self) -> str:
        """SHA-256 of the signed text, in hexadecimal."""
        return self.kept_hash or hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def intact(self) -> bool:
        """Tell whether the text is still the one that was signed; one erased by a forgetting ("") is not altered."""
        return not self.text or hashlib.sha256(self.text.encode()).hexdigest() == self.text_hash


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A consent taken back, whole (`channels` None) or for some channels (L21, X8)."""

    id: ConsentId
    subject_id: SubjectId
    person_id: PersonId
    channels: frozenset[Channel] | None
    at: datetime


def standing(history: Iterable[Consent | Withdrawal]) -> Scope | None:
    """Fold one person's history about one subject, oldest first, into what they now permit, or None.

    A new signature replaces the one before; a withdrawal takes effect on what stands at its moment.
    """
    now: Scope | None = None
    for event in history:
        if isinstance(event, Consent):
            now = event.scope
        elif now is not None:
            now = _without(now, event.channels)
    return now


def _without(scope: Scope, channels: frozenset[Channel] | None) -> Scope | None:
    if channels is None:
        return None
    left = scope.channels - channels
    if left or Purpose.SHARE not in scope.purposes:
        return replace(scope, channels=left)
    purposes = scope.purposes - {Purpose.SHARE}
    return replace(scope, purposes=purposes, channels=left) if purposes else None
