"""A note under the home of when it was last backed up; whether that archive is still somewhere, nobody knows here."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

NAME = "last-backup"


def note_backup(home: Path, made_at: datetime) -> None:
    """Note the moment of a backup that was written whole; a home that cannot be written keeps the note it has."""
    part = home / f"{NAME}.part"
    try:
        part.write_text(made_at.isoformat(), "utf-8")
        os.replace(part, home / NAME)
    except OSError:
        part.unlink(missing_ok=True)


def last_backup(home: Path) -> datetime | None:
    """Return the moment of the last backup made from this home, or None where none is known."""
    try:
        return datetime.fromisoformat((home / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
