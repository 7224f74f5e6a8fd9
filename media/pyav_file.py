"""Opening media safely with PyAV, for whoever in this room looks at a file or hears it; nothing else imports PyAV.

Containers come from a list, bytes from the one file: a playlist under a false name cannot make us read another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media.sound import SAMPLE_RATE, Samples, Sound
from story_bank.errors import BadInput

CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,wav,mp3,ogg,flac,aac"
MAX_PIXELS = 33_177_600
"""8K: a picture larger than this is an attack on memory, not a testimonial."""
GAP_S = 0.1
LONGEST_GAP_S = 60.0
"""Missing sound up to this long becomes silence, so that later words keep their seconds."""


def unreadable() -> BadInput:
    """Make the error for bytes that are no media we know."""
    return BadInput("Ce fichier n’est ni une vidéo ni un son que nous savons lire : choisissez un MP4, MOV, WebM, M4A, "
                    "MP3, WAV, OGG ou FLAC.",
                    "This file is neither video nor sound we can read: choose an MP4, MOV, WebM, M4A, MP3, WAV, OGG or "
                    "FLAC.")


def no_sound() -> BadInput:
    """Make the error for a picture without a sound track."""
    return BadInput("Ce fichier n’a pas de piste sonore : enregistrez de nouveau avec le micro allumé.",
                    "This file has no sound track: record again with the microphone on.")


@contextmanager
def opened(file: Path) -> Iterator[Any]:
    """Yield the file as an open PyAV container; what FFmpeg cannot make sense of is `BadInput`."""
    import av

    if not file.is_file():
        raise BadInput("Ce fichier est introuvable : vérifiez son nom.", "There is no such file: check its name.")
    if file.stat().st_size == 0:
        raise BadInput("Ce fichier est vide (0 octet) : envoyez-le de nouveau.",
                       "This file is empty (0 bytes): send it again.")
    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file", "max_pixels": str(MAX_PIXELS)}
    try:
        with av.open(f"file:{file.resolve()}", options=options, metadata_errors="replace") as container:
            yield container
    except (av.error.FFmpegError, ValueError, OSError) as cause:
        raise unreadable() from cause


def seconds(value: int | None, time_base: Any) -> float | None:
    """Turn a count of ticks into seconds; unknown stays unknown."""
    return None if value is None or time_base is None else float(value * time_base)


def decoded(file: Path, span: tuple[float, float] | None = None,
            cancelled: Callable[[], bool] = lambda: False) -> Sound:
    """Decode the sound of a media file, or of a span of it in seconds, placed at its true time (`BadInput`)."""
    with opened(file) as container:
        if not container.streams.audio:
            raise no_sound()
        origin = (container.start_time or 0) / 1_000_000
        pieces = list(_pieces(container, origin, span or (0.0, float("inf")), cancelled))
        declared = (container.duration or 0) / 1_000_000
    if not pieces:
        return Sound(np.zeros(0, np.float32), span[0] if span else 0.0, declared)
    start = span[0] if span else 0.0
    samples = _joined(pieces, start)
    if span:
        samples = samples[:int((span[1] - span[0]) * SAMPLE_RATE)]
    return Sound(samples, start, max(declared, start + len(samples) / SAMPLE_RATE))


def _pieces(container: Any, origin: float, span: tuple[float, float],
            cancelled: Callable[[], bool]) -> Iterator[tuple[float, NDArray[np.int16]]]:
    """Yield (second, samples) for each stretch of sound without a hole that touches the span."""
    stretch = _Stretch(0.0, ())
    for number, frame in enumerate(_frames(container, origin, span[0])):
        at = stretch.ends if frame.time is None else float(frame.time) - origin
        if at >= span[1] or (number % 1_000 == 999 and cancelled()):
            break
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if abs(at - stretch.ends) > GAP_S or shape != stretch.shape:
            if stretch.made:
                yield stretch.begins, stretch.samples()
            stretch = _Stretch(at, shape)
        stretch.add(frame)
    if stretch.made:
        yield stretch.begins, stretch.samples()


class _Stretch:
    """Frames that follow one another, resampled as they come."""

    def __init__(self, begins: float, shape: tuple[object, ...]) -> None:
        import av

        self.begins = self.ends = begins
        self.shape = shape
        self.made: list[NDArray[np.int16]] = []
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)

    def add(self, frame: Any) -> None:
        self.ends += frame.samples / frame.sample_rate
        frame.pts = None  # its place is known already; the resampler only sees a stretch without holes
        self.made += [part.to_ndarray().reshape(-1) for part in self._resampler.resample(frame)]

    def samples(self) -> NDArray[np.int16]:
        rest = [part.to_ndarray().reshape(-1) for part in self._resampler.resample(None)]
        return np.concatenate([*self.made, *rest])


def _frames(container: Any, origin: float, start: float) -> Iterator[Any]:
    import av

    if start > 1.0:  # a second early: decoders need a run-up after a seek
        container.seek(int((origin + start - 1.0) * 1_000_000), backward=True)
    frames = iter(container.decode(audio=0))
    while True:
        try:
            frame = next(frames)
        except StopIteration:
            return
        except av.error.InvalidDataError:
            continue  # one broken packet; the rest of the story is still there
        if frame.time is None or float(frame.time) - origin + frame.samples / frame.sample_rate > start:
            yield frame


def _joined(pieces: list[tuple[float, NDArray[np.int16]]], start: float) -> Samples:
    """Lay the stretches on one line of time that begins at `start`, silence in the holes."""
    parts: list[NDArray[np.int16]] = []
    filled = 0
    for at, samples in pieces:
        hole = round((at - start) * SAMPLE_RATE) - filled
        if 0 < hole <= LONGEST_GAP_S * SAMPLE_RATE:
            parts.append(np.zeros(hole, np.int16))
            filled += hole
        elif hole < 0 and not parts:
            samples = samples[-hole:]  # the run-up before the span
        parts.append(samples)
        filled += len(samples)
    return np.concatenate(parts).astype(np.float32) / np.float32(32_768)
