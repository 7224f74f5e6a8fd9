"""An archive is read with suspicion: nothing in it is followed before every byte agrees with its manifest."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from story_bank.errors import BadInput
from story_bank.ids import new_id
from studio.keeping.unpacking import verified
from tests.keeping.conftest import quiet

KEY = f"media/{new_id()}.mp4"
Change = Callable[[dict[str, bytes], dict[str, Any]], None]


def plain(**changes: Any) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the members of a small archive and its manifest."""
    held = {KEY: os.urandom(3000), "bank/people.jsonl": b"{}\n"}
    manifest = {"format": "vecu-backup", "version": 1, "made_at": "2026-11-20T09:00:00Z", "lost": [],
                "members": {name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                            for name, content in held.items()}}
    return held, manifest | changes


def packed(held: dict[str, bytes], manifest: Any, *more: tarfile.TarInfo, first: bool = False) -> bytes:
    """Return a tar of these members, others of any kind, and the manifest last."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for odd in more if first else ():
            archive.addfile(odd)
        for name, content in held.items():
            archive.addfile(entry(name, size=len(content)), io.BytesIO(content))
        for odd in () if first else more:
            archive.addfile(odd, io.BytesIO(bytes(odd.size)))
        if manifest is not None:
            told = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
            archive.addfile(entry("manifest.json", size=len(told)), io.BytesIO(told))
    return out.getvalue()


def entry(name: str, **changes: Any) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    for what, value in changes.items():
        setattr(made, what, value)
    return made


def looked_at(content: bytes, folder: Path) -> None:
    file = folder / "from.tar"
    file.write_bytes(content)
    with verified(file, quiet):
        pass


def _changed(change: Change) -> bytes:
    held, manifest = plain()
    change(held, manifest)
    return packed(held, manifest)


def _member(**changes: Any) -> Change:
    return lambda _, manifest: manifest["members"][KEY].update(changes)


def _sparse() -> tarfile.TarInfo:
    return entry("bank/stories.jsonl", type=tarfile.GNUTYPE_SPARSE)


HOSTILE = {
    "empty": b"",
    "text": b"ce n'est pas un tar" * 100,
    "zeros": bytes(20480),
    "compressed": gzip.compress(packed(*plain())),
    "path-up": packed(*plain(), entry("../../etc/passwd")),
    "path-up-inside": packed(*plain(), entry("media/../../x.mp4")),
    "absolute": packed(*plain(), entry("/etc/passwd")),
    "absolute-first": packed(*plain(), entry("/etc/passwd"), first=True),
    "backslash": packed(*plain(), entry("bank\\..\\x.jsonl")),
    "line-break": packed(*plain(), entry("bank/stories\n.jsonl")),
    "long-name": packed(*plain(), entry("bank/" + "x" * 300)),
    "soft-link": packed(*plain(), entry("bank/stories.jsonl", type=tarfile.SYMTYPE, linkname="/etc/passwd")),
    "hard-link": packed(*plain(), entry("bank/stories.jsonl", type=tarfile.LNKTYPE, linkname="/etc/passwd")),
    "plain-with-link": packed(*plain(), entry("bank/stories.jsonl", linkname="/etc/passwd")),
    "device": packed(*plain(), entry("bank/stories.jsonl", type=tarfile.CHRTYPE, devmajor=1, devminor=5)),
    "pipe": packed(*plain(), entry("bank/stories.jsonl", type=tarfile.FIFOTYPE)),
    "folder": packed(*plain(), entry("bank/", type=tarfile.DIRTYPE)),
    "sparse": packed(*plain(), _sparse()),
    "extended-header": packed(*plain(), entry("bank/stories.jsonl", type=tarfile.XHDTYPE)),
    "not-in-the-manifest": packed(*plain(), entry("bank/stories.jsonl", size=3)),
    "twice": packed(*plain(), entry(KEY, size=3)),
    "size-of-the-sky": packed(*plain(), first=False)[:-10240] + entry(
        "bank/stories.jsonl", size=1 << 62).tobuf(tarfile.GNU_FORMAT) + bytes(10240),
    "no-manifest": packed(plain()[0], None),
    "manifest-first": packed({}, plain()[1]) and packed({"manifest.json": json.dumps(plain()[1]).encode()}, None),
    "manifest-no-json": packed(plain()[0], b"{"),
    "manifest-a-list": packed(plain()[0], []),
    "manifest-nested": packed(plain()[0], b"[" * 100_000),
    "another-format": packed(*plain(format="tar")),
    "newer-version": packed(*plain(version=2)),
    "no-version": packed(*plain(version=None)),
    "no-day": packed(*plain(made_at="hier")),
    "day-without-zone": packed(*plain(made_at="2026-11-20T09:00:00")),
    "unknown-field": packed(*plain(run="rm -rf")),
    "wrong-hash": _changed(_member(sha256="0" * 64)),
    "hash-no-text": _changed(_member(sha256=0)),
    "larger-than-told": _changed(_member(size=10)),
    "smaller-than-told": _changed(_member(size=1 << 40)),
    "size-below-zero": _changed(_member(size=-1)),
    "member-missing": _changed(lambda held, _: held.pop(KEY) and None),
    "truncated-in-media": packed(*plain())[:1500],
    "truncated-before-the-end-mark": packed(*plain())[:-10240 + 100],
    "something-after-the-end": packed(*plain()) + b"x",
    "a-second-archive-after-it": packed(*plain()) * 2,
}


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in HOSTILE.items()])
def test_what_is_no_whole_backup_is_refused_in_one_sentence(content: bytes, tmp_path: Path) -> None:
    """Nothing is written, nothing outside is read, and the sentence is in both languages."""
    with pytest.raises(BadInput) as refusal:
        looked_at(content, tmp_path)
    assert refusal.value.exit_code == 2
    assert "from.tar" in refusal.value.said("fr")
    assert "from.tar" in refusal.value.said("en")
    assert [file.name for file in tmp_path.iterdir()] == ["from.tar"]


def test_an_unaltered_archive_passes(tmp_path: Path) -> None:
    """What the table alters is accepted as it is."""
    looked_at(packed(*plain()), tmp_path)


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "device"])
def test_what_is_no_file_is_refused(kind: str, tmp_path: Path) -> None:
    """A pipe does not make it wait, a device is not read."""
    place = tmp_path / "from.tar"
    if kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "device":
        place = Path("/dev/zero")
    with pytest.raises(BadInput), verified(place, quiet):
        pass


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.integers(0, 1 << 20), to=st.integers(1, 255), length=st.integers(0, 1 << 20))
def test_no_single_change_goes_unseen(where: int, to: int, length: int, tmp_path: Path) -> None:
    """One altered byte or a cut anywhere is refused in a sentence, except where nothing is said of it (a date, a mode).

    An archive that passes holds exactly the members and the bytes that it held.
    """
    whole = packed(*plain())
    altered = bytearray(whole[:length % (len(whole) + 1)] if to % 2 else whole)
    if altered:
        altered[where % len(altered)] ^= to
    file = tmp_path / "from.tar"
    file.write_bytes(bytes(altered))
    original = tmp_path / "original.tar"
    original.write_bytes(whole)
    try:
        with verified(file, quiet) as archive, verified(original, quiet) as before:
            assert [(name, archive.reading(name).read()) for name in archive.names("media/")] == [
                (name, before.reading(name).read()) for name in before.names("media/")]
    except BadInput:
        return
