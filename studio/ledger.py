"""The ledger: every forgetting in a file beside the bank, so that a restored backup forgets again what it must."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from story_bank.bank import Forgotten
from story_bank.errors import NotAvailable
from story_bank.ids import PersonId, RecordingId, StoryId


@dataclass(frozen=True, slots=True)
class Ledger:
    """A file of JSON lines, ids and counts alone; only ever appended to."""

    path: Path

    def add(self, forgotten: Forgotten) -> None:
        """Append a forgetting and have it on the disk; `NotAvailable` when the file cannot be written."""
        line = json.dumps(kept_of(forgotten), sort_keys=True).encode() + b"\n"
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

    def all(self) -> list[Forgotten]:
        """Return every forgetting once, oldest first; torn lines are passed over, a missing file is empty."""
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        except OSError as wrong:
            raise NotAvailable(
                f"Le registre des effacements {self.path} ne peut pas être lu ; vérifiez ses droits et le disque.",
                f"The ledger of forgettings {self.path} cannot be read; check its permissions and the disk.") from wrong
        read = [forgotten for line in lines if (forgotten := _forgotten(line)) is not None]
        return list({forgotten.id: forgotten for forgotten in read}.values())


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


def _forgotten(line: bytes) -> Forgotten | None:
    try:
        return forgotten_from(json.loads(line))
    except (ValueError, KeyError, TypeError):
        return None
