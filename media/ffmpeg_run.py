"""Running ffmpeg: where it is, what it may open, how long it may take, how it is stopped."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from media.cutter import Progress
from story_bank.errors import BadInput, Cancelled, NotAvailable

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,wav,mp3,ogg,flac,aac"
"""Containers that may be opened: a playlist renamed .mp4 would read other files."""
MAX_PIXELS = 33_177_600
"""7680×4320: a larger picture is a bomb."""
MEMORY_BYTES = 6 * 1024**3
POLL_S = 0.05
PATIENCE_S, PATIENCE_PER_SECOND = 120.0, 30.0
"""A run may take two minutes, and thirty seconds for each second of media (a slow shared core needs five)."""


class FfmpegFailed(Exception):
    """ffmpeg gave up; the message is the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who follows a run: seconds of media to make, the folder it works in, whom to tell, whom to ask."""

    folder: Path
    seconds: float = 0.0
    progress: Progress = lambda _: None
    cancelled: Callable[[], bool] = lambda: False


def find_ffmpeg() -> str:
    """Return the path of the ffmpeg that imageio-ffmpeg brings, or the one on PATH; `NotAvailable`."""
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as cause:
        raise NotAvailable("Le programme ffmpeg manque : réinstallez Vécu avec make run.",
                           "The ffmpeg program is missing: install Vécu again with make run.") from cause


def opened(source: Path, *options: str) -> list[str]:
    """Return the arguments that open a person's file: containers on the list, no network, bounded pictures."""
    return ["-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS, "-max_pixels", str(MAX_PIXELS),
            *options, "-i", f"file:{source.resolve()}"]


def run(arguments: Sequence[str], watch: Watch, *, feed: Iterable[bytes] | None = None,
        read: Callable[[IO[bytes]], None] | None = None) -> str:
    """Run ffmpeg in the watch's folder and return what it wrote about it.

    `feed` is written to its standard input; `read` takes its standard output in a thread, which otherwise carries
    the progress. `Cancelled`; `NotAvailable` when the disk is full or the time is up; `BadInput` for anything else.
    """
    command = [find_ffmpeg(), "-hide_banner", "-nostats", "-y", *([] if feed is not None else ["-nostdin"])]
    if read is None:
        command += ["-progress", "pipe:1", "-stats_period", "0.25"]
    with tempfile.TemporaryFile(dir=watch.folder) as log:
        process = subprocess.Popen([*command, *arguments], cwd=watch.folder, stdout=subprocess.PIPE, stderr=log,
                                   stdin=subprocess.DEVNULL if feed is None else subprocess.PIPE,
                                   start_new_session=True)
        _bound_memory(process.pid)
        _wait(process, watch, feed, read or (lambda pipe: _follow(pipe, watch)))
        log.seek(0)
        said = log.read().decode(errors="replace")
    if process.returncode:
        raise _translated(said)
    return said


def disk_full() -> NotAvailable:
    """Return the sentence for a full disk."""
    return NotAvailable("Le disque est plein : libérez de la place, puis relancez.",
                        "The disk is full: free some space, then start again.")


def _wait(process: subprocess.Popen[bytes], watch: Watch, feed: Iterable[bytes] | None,
          read: Callable[[IO[bytes]], None]) -> None:
    assert process.stdout is not None
    with ThreadPoolExecutor(2) as pipes:
        try:
            beside = [pipes.submit(read, process.stdout)]
            if feed is not None:
                beside.append(pipes.submit(_write, process, feed))
            _watched(process, watch, beside)
        finally:
            _kill(process)
    for work in beside:
        work.result()
    _close(process)


def _watched(process: subprocess.Popen[bytes], watch: Watch, beside: Sequence[Future[None]]) -> None:
    until = time.monotonic() + PATIENCE_S + PATIENCE_PER_SECOND * watch.seconds
    while process.poll() is None:
        for work in beside:
            if work.done():
                work.result()
        if watch.cancelled():
            raise Cancelled
        if time.monotonic() > until:
            raise NotAvailable("Le traitement de ce fichier dure trop longtemps : essayez un extrait plus court.",
                               "This file takes too long to process: try a shorter extract.")
        with suppress(subprocess.TimeoutExpired):
            process.wait(POLL_S)


def _write(process: subprocess.Popen[bytes], feed: Iterable[bytes]) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError), process.stdin as pipe:
        for piece in feed:
            pipe.write(piece)


def _follow(pipe: IO[bytes], watch: Watch) -> None:
    for line in pipe:
        key, _, value = line.decode(errors="replace").strip().partition("=")
        if key == "out_time_us" and value.isdigit() and watch.seconds:
            watch.progress(min(1.0, int(value) / 1e6 / watch.seconds))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the whole process group, whatever became of it."""
    with suppress(ProcessLookupError, PermissionError):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdout, process.stdin):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _bound_memory(pid: int) -> None:
    """Bound the memory of a child where the system can (Linux)."""
    import resource

    if hasattr(resource, "prlimit"):
        with suppress(OSError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _translated(said: str) -> BadInput | NotAvailable:
    cause = FfmpegFailed(said[-2000:])
    full = os.strerror(errno.ENOSPC) in said or "No space left on device" in said
    error = disk_full() if full else BadInput(
        "Ce fichier ne peut pas être lu jusqu'au bout : exportez-le de nouveau en MP4, puis déposez-le.",
        "This file cannot be read to its end: export it again as MP4, then drop it here.")
    error.__cause__ = cause
    return error
