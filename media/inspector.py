"""Looking at a hostile file before anything else touches it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from story_bank.errors import BadInput
from story_bank.recording import MediaKind


class NotWhole(BadInput):
    """Media, but too long or cut short: what is there may be all that somebody has of it."""


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a file really is. Sizes in pixels after rotation, duration in seconds."""

    kind: MediaKind
    duration_s: float
    suffix: str
    """Our own suffix for the container, with its dot; never the person's."""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    channels: int = 0


class Inspector(Protocol):
    """Opens only containers on a list, without network or playlists."""

    def look(self, file: Path, limit_s: float) -> MediaFacts:
        """Return what the file is (`BadInput`: empty, not media, no sound; `NotWhole`: too long, cut short)."""
