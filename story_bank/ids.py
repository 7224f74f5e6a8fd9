"""Identifiers: random and time-ordered (UUIDv7, RFC 9562), never counted."""

from __future__ import annotations

import os
import time
import uuid
from typing import NewType

PersonId = NewType("PersonId", str)
RecordingId = NewType("RecordingId", str)
TranscriptId = NewType("TranscriptId", str)
WordId = NewType("WordId", str)
StoryId = NewType("StoryId", str)
ValueId = NewType("ValueId", str)
ConsentId = NewType("ConsentId", str)
DraftId = NewType("DraftId", str)
PostId = NewType("PostId", str)
ClipId = NewType("ClipId", str)
JobId = NewType("JobId", str)
ShareId = NewType("ShareId", str)
ReviewId = NewType("ReviewId", str)
TermId = NewType("TermId", str)
CornerId = NewType("CornerId", str)
MediaKey = NewType("MediaKey", str)
SubjectId = NewType("SubjectId", str)
"""What a consent is about: a RecordingId, or the StoryId of a written story."""


def new_id(now_ms: int | None = None, entropy: bytes | None = None) -> str:
    """Make a UUIDv7: 48 bits of milliseconds since 1970, then 74 random bits (RFC 9562, 5.7)."""
    stamp = int(time.time() * 1000) if now_ms is None else now_ms
    chance = int.from_bytes(os.urandom(10) if entropy is None else entropy, "big")
    value = (stamp & (1 << 48) - 1) << 80 | 0x7 << 76 | (chance >> 62 & 0xFFF) << 64
    return str(uuid.UUID(int=value | 0b10 << 62 | chance & (1 << 62) - 1))
