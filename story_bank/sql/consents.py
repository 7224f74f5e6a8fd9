"""The consent history, only ever appended to, and what stands of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, select

from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope, Withdrawal
from story_bank.consent import standing as folded
from story_bank.ids import ConsentId, PersonId, StoryId, SubjectId
from story_bank.sql.tables import consent_events, standing, standing_channels
from story_bank.sql.unit import Rows, in_turn
from story_bank.story import Story


class ConsentRows(Rows):
    """Signatures, withdrawals and what they add up to."""

    def sign(self, consent: Consent) -> None:
        """Append a signature to the history; what stands follows in the same transaction."""
        self._append(consent.subject_id, consent.person_id, {
            "id": consent.id, "kind": "consent", "scope": _scope_kept(consent.scope), "text": consent.text,
            "text_version": consent.text_version, "text_hash": consent.text_hash, "signature": consent.signature,
            "at": consent.signed_at})

    def withdraw(self, withdrawal: Withdrawal) -> None:
        """Append a withdrawal; what stands follows in the same transaction."""
        self._append(withdrawal.subject_id, withdrawal.person_id, {
            "id": withdrawal.id, "kind": "withdrawal", "at": withdrawal.at,
            "channels": None if withdrawal.channels is None else sorted(withdrawal.channels)})

    def consent_history(self, subject_id: SubjectId) -> list[Consent | Withdrawal]:
        """Return everyone's history about it, oldest first."""
        return self._history(consent_events.c.subject_id == subject_id)

    def consents_of(self, person_id: PersonId) -> list[Consent | Withdrawal]:
        """Return everything a person signed or took back, oldest first."""
        return self._history(consent_events.c.person_id == person_id)

    def every_consent(self) -> list[Consent | Withdrawal]:
        """Return everyone's signatures and withdrawals, oldest first, for the register."""
        return self._history()

    def with_consents_ending(self, first: date, last: date) -> list[PersonId]:
        """Return whose consents, those that stand, end on one of these days, both included."""
        query = select(standing.c.person_id).where(standing.c.until_day.between(first, last)).distinct()
        return [PersonId(row.person_id) for row in self._unit.rows(query.order_by(standing.c.person_id))]

    def scopes(self, stories: Collection[Story]) -> Mapping[StoryId, list[Scope | None]]:
        """Return, for each story, what each person who appears in it permits, the author first."""
        found: dict[tuple[str, str], Scope] = {}
        for part in in_turn([story.subject_id for story in stories]):
            channels: defaultdict[tuple[str, str], set[Channel]] = defaultdict(set)
            for row in self._unit.rows(select(standing_channels).where(standing_channels.c.subject_id.in_(part))):
                channels[row.subject_id, row.person_id].add(Channel(row.channel))
            for row in self._unit.rows(select(standing).where(standing.c.subject_id.in_(part))):
                found[row.subject_id, row.person_id] = _stands(row, channels[row.subject_id, row.person_id])
        return {story.id: [found.get((story.subject_id, person)) for person in story.people] for story in stories}

    def _append(self, subject_id: SubjectId, person_id: PersonId, event: dict[str, object]) -> None:
        # Without the claim, two of one person's decisions at once could each fold a history without the other.
        self._unit.claim("consent", subject_id, person_id)
        self._unit.write(consent_events.insert().values(subject_id=subject_id, person_id=person_id, **event))
        now = folded(self._history(consent_events.c.subject_id == subject_id,
                                   consent_events.c.person_id == person_id))
        self._unit.write(delete(standing_channels).where(
            standing_channels.c.subject_id == subject_id, standing_channels.c.person_id == person_id))
        self._unit.write(delete(standing).where(
            standing.c.subject_id == subject_id, standing.c.person_id == person_id))
        if now is not None:
            self._keep(subject_id, person_id, now)

    def _keep(self, subject_id: SubjectId, person_id: PersonId, scope: Scope) -> None:
        key = {"subject_id": subject_id, "person_id": person_id}
        self._unit.write(standing.insert().values(
            **key, **{f"may_{purpose.value}": purpose in scope.purposes for purpose in Purpose},
            from_day=scope.from_day, until_day=scope.until_day, face=scope.appears.face, voice=scope.appears.voice,
            name=scope.appears.name.value))
        if scope.channels:
            self._unit.write(standing_channels.insert(),
                             [{**key, "channel": channel.value} for channel in sorted(scope.channels)])

    def _history(self, *clauses: Any) -> list[Consent | Withdrawal]:
        query = select(consent_events).where(*clauses).order_by(consent_events.c.number)
        return [_event(row) for row in self._unit.rows(query)]


def _scope_kept(scope: Scope) -> dict[str, object]:
    look = scope.appears
    return {"purposes": sorted(scope.purposes), "channels": sorted(scope.channels),
            "from": scope.from_day.isoformat(), "until": scope.until_day.isoformat(),
            "appears": {"face": look.face, "voice": look.voice, "name": look.name.value}}


def _event(row: Row[Any]) -> Consent | Withdrawal:
    subject_id, person_id = SubjectId(row.subject_id), PersonId(row.person_id)
    if row.kind == "consent":
        return Consent(ConsentId(row.id), subject_id, person_id, _signed(row.scope), row.text or "",
                       row.text_version, row.signature, row.at, row.text_hash)
    channels = None if row.channels is None else frozenset(Channel(name) for name in row.channels)
    return Withdrawal(ConsentId(row.id), subject_id, person_id, channels, row.at)


def _signed(kept: dict[str, Any]) -> Scope:
    look = kept["appears"]
    return Scope(frozenset(map(Purpose, kept["purposes"])), frozenset(map(Channel, kept["channels"])),
                 date.fromisoformat(kept["from"]), date.fromisoformat(kept["until"]),
                 Appearance(look["face"], look["voice"], NameShown(look["name"])))


def _stands(row: Row[Any], channels: set[Channel]) -> Scope:
    purposes = frozenset(purpose for purpose in Purpose if row._mapping[f"may_{purpose.value}"])
    return Scope(purposes, frozenset(channels), row.from_day, row.until_day,
                 Appearance(row.face, row.voice, NameShown(row.name)))
