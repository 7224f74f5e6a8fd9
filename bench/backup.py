"""Backup and restore of a home with 1 GB of media, against `cp -r` of the same bytes.

    python bench/backup.py [--megabytes 1000] [--files 100] [--stories 500] [--folder /tmp]

Everything is done once in a run, on the same disk: the commands as a person types them, start of Python included. The
peer is measured to the end of `cp` and to the end of a `sync` after it, because both commands return only once the
bytes are on the disk. The restored home is then compared with the first, every byte of media and every row; memory is
the largest resident set of the command. What was made is removed at the end.
"""

from __future__ import annotations

import argparse
import filecmp
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from media.fsspec_vault import FsspecVault
from story_bank.company import Company
from story_bank.ids import PersonId, RecordingId, StoryId, TranscriptId, WordId, new_id
from story_bank.person import Person
from story_bank.recording import MediaKind, Recording, SpokenContext
from story_bank.sql.bank import SqlBank
from story_bank.story import Story
from story_bank.transcript import Segment, Transcript, Word

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MADE_ANEW = {"jobs", "tokens", "passages"}
"""Tables that a restore writes anew: work asked for, links, what words are found by."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=int, default=1000)
    options.add_argument("--files", type=int, default=100)
    options.add_argument("--stories", type=int, default=500)
    options.add_argument("--folder", default=None)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="vecu-bench-", dir=chosen.folder) as name:
        measure(Path(name), chosen)


def measure(folder: Path, chosen: argparse.Namespace) -> None:
    first, second, archive = folder / "first", folder / "second", folder / "to.tar"
    make(first, chosen)
    size = sum(file.stat().st_size for file in first.rglob("*") if file.is_file()) / 1e6
    print(f"{size:.0f} MB in {chosen.files} files, {chosen.stories} stories")
    os.sync()
    told("cp -r", size, timed(lambda: subprocess.run(["cp", "-r", first, folder / "peer"], check=True)))
    copied = timed(lambda: subprocess.run(["cp", "-r", first, folder / "peer-2"], check=True) and os.sync())
    told("cp -r; sync", size, copied)
    subprocess.run(["rm", "-r", folder / "peer", folder / "peer-2"], check=True)
    os.sync()
    backup, memory = command(first, "backup", str(archive))
    told("vecu backup", size, backup, copied, memory)
    restore, memory = command(second, "restore", str(archive))
    told("vecu restore", size, restore, copied, memory)
    compare(first, second, folder)


def make(home: Path, chosen: argparse.Namespace) -> None:
    """Fill a home with recordings of noise and stories of words."""
    home.mkdir()
    bank, vault = SqlBank(f"sqlite:///{home / 'vecu.db'}"), FsspecVault(home / "vault")
    bank.migrate()
    who = Person(PersonId(new_id()), "Inès Caradec 🎬", "Inès")
    each, source = chosen.megabytes * 1_000_000 // chosen.files, home / "noise"
    with bank.open() as work:
        work.save_company(Company("Lanterval"))
        work.save_person(who)
        for number in range(chosen.stories):
            recording_id = None
            if number < chosen.files:
                source.write_bytes(os.urandom(each))
                sha = hashlib.sha256(source.read_bytes()).hexdigest()
                recording_id = RecordingId(new_id())
                work.add_recording(Recording(
                    recording_id, who.id, MediaKind.VIDEO, vault.put(source, ".mp4"), f"nuit à l’hôpital {number} 🎬",
                    sha, 84.0, "fr", SpokenContext(), NOW))
            text = f"Récit {number} : la nuit où il a neigé sur le quai, nous avons tenu. " * 20
            work.save_story(Story(StoryId(new_id()), who.id, f"Récit {number}", text, "fr", date(2026, 1, 5), NOW,
                                  recording_id))
            if recording_id is not None:
                work.save_transcript(transcript(recording_id, text))
        work.commit()
    source.unlink()
    bank.close()


def transcript(recording_id: RecordingId, text: str) -> Transcript:
    words = [Word(WordId(new_id()), word, place / 2, place / 2 + 0.4, 0.9) for place, word in enumerate(text.split())]
    segments = tuple(Segment(tuple(words[at:at + 15])) for at in range(0, len(words), 15))
    return Transcript(TranscriptId(new_id()), recording_id, 1, "fr", "base", 84.0, segments, NOW)


def timed(run: Callable[[], object]) -> float:
    began = time.monotonic()
    run()
    return time.monotonic() - began


def command(home: Path, *words: str) -> tuple[float, float]:
    """Run a command of ours; return its seconds and its largest resident set in MB."""
    began, most = time.monotonic(), 0
    with subprocess.Popen([sys.executable, "-m", "studio.cli", *words], env=os.environ | {"VECU_HOME": str(home)},
                          cwd=Path(__file__).resolve().parent.parent, stderr=subprocess.DEVNULL) as process:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                most = max(most, watched.memory_info().rss)
            except psutil.Error:
                break
            time.sleep(0.02)
    if process.returncode:
        sys.exit(f"vecu {words[0]} ended with {process.returncode}")
    return time.monotonic() - began, most / 1e6


def told(name: str, size: float, seconds: float, peer: float | None = None, memory: float | None = None) -> None:
    more = "" if peer is None else f"   {seconds / peer:.2f} × cp -r; sync   {memory:.0f} MB of memory"
    print(f"{name:13s} {seconds:6.1f} s   {size / seconds:6.0f} MB/s{more}")


def compare(first: Path, second: Path, folder: Path) -> None:
    """Compare every media file and every row of two homes."""
    here, there = files(first), files(second)
    equal = here == there and all(filecmp.cmp(first / "vault" / name, second / "vault" / name, False) for name in here)
    rows = [rows_of(home, folder / f"rows-{home.name}") for home in (first, second)]
    print(f"media: {len(here)} files {'equal' if equal else 'DIFFERENT'}; rows: {sum(map(len, rows[0].values()))} "
          f"{'equal' if rows[0] == rows[1] else 'DIFFERENT'}")
    if not equal or rows[0] != rows[1]:
        sys.exit(1)


def files(home: Path) -> list[str]:
    return sorted(str(file.relative_to(home / "vault")) for file in (home / "vault").rglob("*") if file.is_file())


def rows_of(home: Path, folder: Path) -> dict[str, list[Any]]:
    bank = SqlBank(f"sqlite:///{home / 'vecu.db'}")
    bank.copy_to(folder)
    bank.close()
    return {file.stem: [json.loads(line) for line in file.read_text("utf-8").split("\n") if line]
            for file in folder.glob("*.jsonl") if file.stem not in MADE_ANEW}


if __name__ == "__main__":
    main()
