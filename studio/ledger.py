"""The ledger: forgettings and withdrawals in a file beside the bank, so that a restored backup obeys them again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from story_bank.bank import Forgotten
from story_bank.consent import Channel, Withdrawal
from story_bank.errors import NotAvailable
from story_bank.ids import ConsentId, PersonId, RecordingId, StoryId, SubjectId

WITHDRAWAL = "withdrawal"
"""The kind of a line that tells of one; a line without a kind is a forgetting."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A file of JSON lines, ids and counts alone; only ever appended to."""

    path: Path

    def add(self, decision: Forgotten | Withdrawal) -> None:
        """Append a decision and have it on the disk; `NotAvailable` when the file cannot be written."""
        kept = kept_of(decision) if isinstance(decision, Forgotten) else _withdrawal_kept(decision)
        line = json.dumps(kept, sort_keys=True).encode() + b"\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "r+b", buffering=0) as file:
                # A line that a power cut tore must not swallow this one.
                torn = file.seek(0, os.SEEK_END) > 0 and os.pread(handle, 1, file.tell() - 1) != b"\n"
                file.write(b"\n" + line if torn else line)
                os.fsync(handle)
        except OSError as wrong:
            raise NotAvailable(
                f"Le registre des effacements {self.path} ne peut pas être écrit ; vérifiez son dossier et le disque.",
                f"The ledger of forgettings {self.path} cannot be written; check its folder and the disk.") from wrong

    def add_new(self, withdrawals: Iterable[Withdrawal]) -> None:
        """Append those that are not in it yet (`NotAvailable`)."""
        known = {each.id for each in self.withdrawals()}
        for each in withdrawals:
            if each.id not in known:
                self.add(each)

    def all(self) -> list[Forgotten]:
        """Return every forgetting once, oldest first; torn lines are passed over, a missing file is empty."""
        read = [forgotten for line in self._lines() if (forgotten := _forgotten(line)) is not None]
        return list({forgotten.id: forgotten for forgotten in read}.values())

    def withdrawals(self) -> list[Withdrawal]:
        """Return every withdrawal once, oldest first; what cannot be read is passed over."""
        read = [taken_back for line in self._lines() if (taken_back := _withdrawal(line)) is not None]
        return sorted({each.id: each for each in read}.values(), key=lambda each: each.at)

    def _lines(self) -> list[bytes]:
        try:
            return self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        except OSError as wrong:
            raise NotAvailable(
                f"Le registre des effacements {self.path} ne peut pas être lu ; vérifiez ses droits et le disque.",
                f"The ledger of forgettings {self.path} cannot be read; check its permissions and the disk.") from wrong


def kept_of(forgotten: Forgotten) -> dict[str, Any]:
    """Return a forgetting as it is written, in what JSON knows."""
    return {"id": forgotten.id, "at": forgotten.at.isoformat(), "person": forgotten.person_id,
            "stories": list(forgotten.story_ids), "recordings": list(forgotten.recording_ids),
            "counts": dict(forgotten.counts)}


def forgotten_from(kept: dict[str, Any]) -> Forgotten:
    """Return a forgetting from what was written of it (`ValueError`, `KeyError` or `TypeError` for anything else)."""
    return Forgotten(str(kept["id"]), datetime.fromisoformat(kept["at"]), PersonId(kept["person"]),
                     tuple(map(StoryId, kept["stories"])), tuple(map(RecordingId, kept["recordings"])),
                     dict(kept["counts"]))


def _withdrawal_kept(taken_back: Withdrawal) -> dict[str, Any]:
    return {"kind": WITHDRAWAL, "id": taken_back.id, "at": taken_back.at.isoformat(), "person": taken_back.person_id,
            "subject": taken_back.subject_id,
            "channels": None if taken_back.channels is None else sorted(taken_back.channels)}


def _withdrawal(line: bytes) -> Withdrawal | None:
    try:
        kept = json.loads(line)
        if kept["kind"] != WITHDRAWAL:
            return None
        channels = kept["channels"]
        taken_back = Withdrawal(
            ConsentId(str(kept["id"])), SubjectId(str(kept["subject"])), PersonId(str(kept["person"])),
            None if channels is None else frozenset(map(Channel, channels)), datetime.fromisoformat(kept["at"]))
    except (ValueError, KeyError, TypeError):
        return None
    return taken_back if taken_back.at.tzinfo else None


def _forgotten(line: bytes) -> Forgotten | None:
    try:
        return forgotten_from(json.loads(line))
    except (ValueError, KeyError, TypeError):
        return None
