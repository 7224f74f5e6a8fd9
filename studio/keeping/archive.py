"""The archive's shape: one plain tar of the bank's rows and the vault's files, its manifest last.

Members are `bank/<table>.jsonl`, `media/<key>` and `manifest.json`, plain files all of them, media as they are.
"""

from __future__ import annotations

import re
import tarfile
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, NonNegativeInt

FORMAT: Literal["vecu-backup"] = "vecu-backup"
VERSION: Literal[1] = 1
MANIFEST = "manifest.json"
BANK, MEDIA = "bank/", "media/"
NAME = re.compile(r"bank/[a-z0-9_]{1,60}(\.[a-z0-9]{1,10}){0,2}"
                  r"|media/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[a-z0-9]{1,5}|manifest\.json")
BLOCK, RECORD = tarfile.BLOCKSIZE, tarfile.RECORDSIZE
AT_ONCE = 1 << 20
"""Bytes that are copied at a time."""


class Member(BaseModel):
    """What the manifest says of one member: bytes, and SHA-256 in hexadecimal."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    size: NonNegativeInt
    sha256: str


class Manifest(BaseModel):
    """What the archive holds, written last: an archive without it is not whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal["vecu-backup"]
    version: Literal[1]
    made_at: AwareDatetime
    members: dict[str, Member]
    lost: list[str]
    """Keys that the bank names and that were in the vault no more when the backup was made."""
