"""Backing up while people work: one archive as of one moment, whole or not there at all."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from media.vault import Vault
from story_bank.errors import BadInput, NotAvailable
from story_bank.ids import MediaKey, StoryId
from studio.keeping.backup import back_up
from studio.keeping.packing import new_archive
from studio.keeping.unpacking import verified
from studio.wiring import spare_bank
from tests.keeping.conftest import House, media_of, put_back, quiet, rows_of
from tests.steps.conftest import VOICE

pytestmark = pytest.mark.slow


@dataclass
class HookedVault:
    """A vault that does something before it gives a file."""

    vault: Vault
    before: Any

    @contextmanager
    def local(self, key: MediaKey) -> Iterator[Path]:
        self.before(key)
        with self.vault.local(key) as place:
            yield place


def members(file: Path) -> dict[str, bytes]:
    """Read an archive with Python's own reader."""
    with tarfile.open(file) as archive:
        return {each.name: archive.extractfile(each).read() for each in archive}  # type: ignore[union-attr]


def test_what_is_restored_elsewhere_is_what_was_backed_up(house: House, tmp_path: Path) -> None:
    """Every row and every byte, accents and emoji included, in a home that was empty."""
    file = house.back_up()
    with house.other() as other:
        done = put_back(other, file)
        assert rows_of(other, tmp_path / "rows-there") == rows_of(house.tools, tmp_path / "rows-here")
        assert media_of(other) == media_of(house.tools)
    assert (done.stories, done.forgotten, done.decisions, done.lost) == (2, 0, 0, 0)


def test_any_reader_of_tar_opens_it_and_its_manifest_says_what_is_in_it(house: House) -> None:
    """The manifest comes last, with version, moment, and each member's size and hash."""
    held = members(house.back_up())
    manifest = json.loads(held["manifest.json"])
    assert list(held)[-1] == "manifest.json"
    assert (manifest["format"], manifest["version"]) == ("vecu-backup", 1)
    assert manifest["members"] == {
        name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in held.items() if name != "manifest.json"}


def test_an_archive_is_its_owners_alone(house: House) -> None:
    """It holds everything, so nobody else reads it, whatever the umask says."""
    before = os.umask(0)
    try:
        file = house.back_up()
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_else_is_left_beside_it(house: House) -> None:
    """The copy of the rows and the half-written archive are gone."""
    before = set(house.folder.iterdir())
    file = house.back_up()
    assert set(house.folder.iterdir()) - before == {file}


def test_an_existing_file_is_never_written_over(house: House) -> None:
    """A backup is not worth another one."""
    (house.folder / "to.tar").write_bytes(b"precious")
    with pytest.raises(BadInput):
        house.back_up()
    assert (house.folder / "to.tar").read_bytes() == b"precious"


def test_a_link_that_leads_nowhere_is_not_followed(house: House) -> None:
    """A name that is taken by a dangling link is taken."""
    (house.folder / "to.tar").symlink_to(house.folder / "nowhere")
    with pytest.raises(BadInput):
        house.back_up()


def test_two_backups_to_one_name_do_not_mix(house: House) -> None:
    """The second is told; the first goes on."""
    target = house.folder / "to.tar"
    with new_archive(target) as first, pytest.raises(NotAvailable), new_archive(target):
        first.end(house.small.clock(), [])
    assert target.exists()


def test_a_failed_backup_leaves_nothing(house: House) -> None:
    """A disk that cannot be read is said; no half archive stays."""
    def broken(_: MediaKey) -> None:
        raise NotAvailable("Le coffre dort.", "The vault sleeps.")

    before = set(house.folder.iterdir())
    with pytest.raises(NotAvailable):
        back_up(replace(house.tools, vault=HookedVault(house.tools.vault, broken)),  # type: ignore[arg-type]
                spare_bank, house.folder / "to.tar", quiet)
    assert set(house.folder.iterdir()) == before


@pytest.mark.slow
def test_while_people_record_every_row_has_its_file(house: House, tmp_path: Path) -> None:
    """Recordings arrive all the time; whatever the moment, no recording or extract is without its media."""
    stop = threading.Event()

    def record() -> None:
        number = 0
        while not stop.is_set():
            copy = tmp_path / f"{number}.m4a"
            copy.write_bytes(VOICE.read_bytes() + number.to_bytes(8, "big"))
            house.small.record("Moussa", copy)
            number += 1

    writing = threading.Thread(target=record)
    writing.start()
    try:
        files = [house.back_up(f"{number}.tar") for number in range(3)]
    finally:
        stop.set()
        writing.join()
    for number, file in enumerate(files):
        with house.other(f"elsewhere-{number}") as other:
            assert put_back(other, file).lost == 0
            assert len(media_of(other)) >= 1


def test_what_is_forgotten_while_it_is_copied_is_not_in_it(house: House) -> None:
    """A file that went away was erased: the bank is copied again, and knows nothing of it any more (X8)."""
    story_id = house.small.record("Moussa")
    last = max(media_of(house.tools))

    def forget(key: MediaKey) -> None:
        if key == last:
            _erase(house, story_id)

    done = back_up(replace(house.tools, vault=HookedVault(house.tools.vault, forget)),  # type: ignore[arg-type]
                   spare_bank, house.folder / "to.tar", quiet)
    assert done.lost == ()
    assert story_id.encode() not in members(house.folder / "to.tar")["bank/stories.jsonl"]


def test_a_file_that_was_lost_before_does_not_stop_a_backup(house: House, tmp_path: Path) -> None:
    """The rest is worth keeping; the archive says what is missing, and comes back so."""
    lost = min(media_of(house.tools))
    house.tools.vault.delete(MediaKey(lost))
    done = house.backed_up()
    with house.other() as other:
        restored = put_back(other, house.folder / "to.tar")
        assert rows_of(other, tmp_path / "there") == rows_of(house.tools, tmp_path / "here")
    assert (done.lost, restored.lost) == ((lost,), 1)


def test_a_disk_that_fills_is_said_in_a_sentence(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """No half archive stays under any name."""
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = set(house.folder.iterdir())
    monkeypatch.setattr("studio.keeping.packing.os.fsync", full)
    with pytest.raises(NotAvailable, match="cannot be written"):
        house.back_up()
    assert set(house.folder.iterdir()) == before


KILLED = """
import sys
from pathlib import Path
from studio.keeping.backup import back_up
from studio.settings import read_settings
from studio.wiring import spare_bank, toolbox
tools = toolbox(read_settings(), may_own_index=False)
def wait(_):
    print("begun", flush=True)
    sys.stdin.read()
back_up(tools, spare_bank, Path(sys.argv[1]), wait)
"""


def test_a_killed_backup_leaves_no_archive_and_the_next_one_succeeds(house: House, tmp_path: Path) -> None:
    """After kill -9 there is nothing under the final name, and nothing in the way of trying again."""
    target = tmp_path / "away" / "to.tar"
    target.parent.mkdir()
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(target)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, env=os.environ | {"VECU_HOME": str(tmp_path)})
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not target.exists()
    back_up(house.tools, spare_bank, target, quiet)
    with verified(target, quiet):
        assert [file.name for file in target.parent.iterdir()] == ["to.tar"]


def _erase(house: House, story_id: StoryId) -> None:
    with house.tools.bank.open() as work:
        erased = work.erase_stories([story_id])
        work.commit()
    for key in erased.media:
        house.tools.vault.delete(key)
