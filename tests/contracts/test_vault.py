"""What every vault keeps: one contract, on a folder and on another fsspec store."""

from __future__ import annotations

import errno
import io
import os
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from media.fsspec_vault import FsspecVault
from media.vault import Vault
from story_bank.errors import NotAvailable, NotFound
from story_bank.ids import MediaKey


@pytest.fixture(params=["folder", "memory"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    return FsspecVault(tmp_path / "coffre" if request.param == "folder" else f"memory://{uuid.uuid4()}")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "🎤.mp4"
    file.write_bytes(os.urandom(3_000_000))
    return file


def test_what_was_put_is_read_back_whole(vault: Vault, source: Path) -> None:
    """The bytes under a key are the bytes that were given."""
    key = vault.put(source, ".mp4")
    with vault.local(key) as path:
        assert path.read_bytes() == source.read_bytes()
        assert path.suffix == ".mp4"


def test_the_same_file_twice_has_two_keys(vault: Vault, source: Path) -> None:
    """Keys are random: forgetting one copy leaves the other."""
    first, second = vault.put(source, ".mp4"), vault.put(source, ".mp4")
    vault.delete(first)
    with vault.local(second) as path:
        assert path.stat().st_size == source.stat().st_size
    assert first != second


def test_what_was_deleted_is_not_found(vault: Vault, source: Path) -> None:
    """A deleted file is gone, and deleting it again is no error."""
    key = vault.put(source, ".mp4")
    vault.delete(key)
    vault.delete(key)
    with pytest.raises(NotFound), vault.local(key):
        pass


@pytest.mark.parametrize("key", ["../secret", "/etc/passwd", "aa/bb", "..", "", "x" * 40, "~/.ssh/id_rsa"])
def test_a_key_is_never_a_path(vault: Vault, key: str) -> None:
    """What does not look like a key of ours does not exist."""
    with pytest.raises(NotFound), vault.local(MediaKey(key)):
        pass
    with pytest.raises(NotFound):
        vault.delete(MediaKey(key))


def test_a_suffix_is_ours(vault: Vault, source: Path) -> None:
    """A person's file name never reaches the vault."""
    with pytest.raises(ValueError, match="suffix"):
        vault.put(source, "/../x.mp4")


def test_a_full_disk_is_said_and_leaves_no_half_file(tmp_path: Path, source: Path,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fills while writing, the person is told, and nothing half-written stays."""
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotAvailable) as refusal:
        FsspecVault(tmp_path / "coffre").put(source, ".mp4")
    assert "plein" in refusal.value.said("fr")
    assert [path for path in (tmp_path / "coffre").rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_written_sleeps(tmp_path: Path, source: Path) -> None:
    """A vault whose folder is a file says what to check."""
    (tmp_path / "coffre").write_text("pas un dossier")
    with pytest.raises(NotAvailable) as refusal:
        FsspecVault(tmp_path / "coffre").put(source, ".mp4")
    assert "coffre" in refusal.value.said("fr")


def test_keys_tell_what_was_put_before_a_moment(vault: Vault, source: Path) -> None:
    """What was deleted, or put in later, is not among them; an empty vault has none."""
    assert list(vault.keys(datetime.now(UTC))) == []
    kept, gone = vault.put(source, ".mp4"), vault.put(source, ".m4a")
    vault.delete(gone)
    assert list(vault.keys(datetime.now(UTC) + timedelta(minutes=1))) == [kept]
    assert list(vault.keys(datetime.now(UTC) - timedelta(hours=1))) == []


def test_bytes_come_back_under_the_key_they_had(vault: Vault, source: Path) -> None:
    """What a backup held is put back, in place of whatever is there."""
    key = vault.put(source, ".mp4")
    for content in (b"", os.urandom(2_000_000), b"court"):
        vault.put_back(key, io.BytesIO(content))
        with vault.local(key) as path:
            assert path.read_bytes() == content
    vault.delete(key)
    vault.put_back(key, io.BytesIO(b"encore"))
    with vault.local(key) as path:
        assert path.read_bytes() == b"encore"


@pytest.mark.parametrize("key", ["../secret.mp4", "/etc/passwd", "", f"{uuid.UUID(int=7)}/../x.mp4"])
def test_nothing_is_put_back_outside(vault: Vault, key: str) -> None:
    """A key from an archive is never a path."""
    with pytest.raises(NotFound):
        vault.put_back(MediaKey(key), io.BytesIO(b"x"))


def test_a_copy_that_fails_leaves_what_was_there(vault: Vault, source: Path) -> None:
    """Half a file never takes the place of a whole one."""
    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(errno.EIO, "broken")

    key = vault.put(source, ".mp4")
    with pytest.raises(NotAvailable):
        vault.put_back(key, Broken())
    with vault.local(key) as path:
        assert path.read_bytes() == source.read_bytes()
