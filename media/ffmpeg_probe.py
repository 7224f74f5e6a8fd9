"""What ffmpeg says of a file before it is cut: length, picture, sound."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from media.ffmpeg_run import Watch, find_ffmpeg, opened, run
from story_bank.errors import BadInput


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it will be seen: sizes upright and with square pixels, seconds, frames a second (0 without picture)."""

    path: Path
    duration_s: float
    sound: bool
    width: int = 0
    height: int = 0
    fps: float = 0.0
    square_pixels: bool = True

    @property
    def picture(self) -> bool:
        """Tell whether there is a moving picture."""
        return self.width > 0

    @property
    def rate(self) -> int:
        """Frames a second of what is made from it: 24, 25 or 30."""
        near = [rate for rate in (25, 24) for times in (1, 2, 4) if abs(self.fps - rate * times) < 0.05 * times]
        return near[0] if near else 30


def probe(path: Path, watch: Watch) -> Source:
    """Return what a file holds, or `BadInput` when it is not media with sound or picture."""
    said = subprocess.run([find_ffmpeg(), "-hide_banner", "-nostdin", *opened(path)], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=60, check=False).stderr.decode(errors="replace")
    said = said[said.find("Input #0"):]
    video = next((line for line in _streams(said, "Video") if "(attached pic)" not in line), None)
    sound = bool(_streams(said, "Audio"))
    size = re.search(r"[ ,](\d{2,5})x(\d{2,5})\b", video) if video else None
    if not sound and not size:
        raise BadInput("Ce fichier n'est ni une vidéo ni un son lisible : déposez un MP4, un WebM, un MP3 ou un WAV.",
                       "This file is not a readable video or sound: drop an MP4, WebM, MP3 or WAV.")
    length = re.search(r"Duration: (\d+):(\d+):([\d.]+)", said)
    duration = sum(float(part) * unit for part, unit in zip(length.groups(), (3600, 60, 1), strict=True)) \
        if length else _played(path, watch)
    if not video or not size:
        return Source(path, duration, sound)
    width, height, square = _upright(said, video, int(size[1]), int(size[2]))
    rate = re.search(r"([\d.]+)(k?) (?:fps|tbr)\b", video)
    fps = float(rate[1]) * (1000 if rate[2] else 1) if rate else 30.0
    return Source(path, duration, sound, width, height, fps, square)


def _streams(said: str, kind: str) -> list[str]:
    return re.findall(rf"^\s+Stream #0:\d+.*?: {kind}: .*$", said, re.MULTILINE)


def _upright(said: str, video: str, width: int, height: int) -> tuple[int, int, bool]:
    ratio = re.search(r"SAR (\d+):(\d+)", video)
    square = not ratio or ratio[1] == ratio[2]
    if ratio and not square:
        width = max(2, round(width * int(ratio[1]) / int(ratio[2])))
    turned = re.search(r"rotation of (-?\d+)", said)
    if turned and abs(int(turned[1])) % 180 == 90:
        width, height = height, width
    return width, height, square


def _played(path: Path, watch: Watch) -> float:
    """Return the length of a file that does not say it (a browser's WebM), by reading it without decoding."""
    reached = [0]

    def keep_last(pipe: IO[bytes]) -> None:
        reached.extend(int(value) for value in re.findall(rb"out_time_us=(\d+)", pipe.read()))

    run([*opened(path), "-map", "0", "-c", "copy", "-progress", "pipe:1", "-f", "null", "-"], watch, read=keep_last)
    return max(reached) / 1e6
