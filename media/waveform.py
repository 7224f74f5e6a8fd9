"""The picture of a voice without a face: paper, the red margin rule, and bars that pass as the words are said.

Drawn by MoviePy and Pillow; ffmpeg lays the moving part on the still one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from story_bank.making import Shape

GROUND, SHEET, LINE, INK, VOICE = "#f4efe6", "#fffdf8", "#d9d0c0", "#1c1a26", "#c22d1d"
"""The paper, the sheet laid on it, its rules, ink, and the red of the voice (the identity's own tokens)."""
PCM_HZ = 8000
BAR_PX, GAP_PX = 10, 10
MARGIN_PX, RULE_PX = 110, 70
"""Sheet above and below the bars, and the distance of its rules."""
BAR_S = 0.08
"""Seconds of voice that one bar stands for."""
QUIETEST = 0.02
"""Height of a bar in silence, as a share of the tallest."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bars pass on the card, in pixels (even sides, as video asks)."""

    x: int
    y: int
    width: int
    height: int


PLACES = {
    Shape.VERTICAL: Place(90, 640, 900, 420),
    Shape.SQUARE: Place(90, 250, 900, 360),
    Shape.WIDE: Place(260, 240, 1400, 380),
}


def draw_card(shape: Shape, width: int, height: int, target: Path) -> None:
    """Draw the still background as a PNG: a sheet on paper, with the margin rule of an exercise book."""
    from moviepy import ColorClip, CompositeVideoClip
    from PIL import Image

    place = PLACES[shape]
    left, top, edge = place.x - 50, place.y - MARGIN_PX, place.height + 2 * MARGIN_PX

    def laid(size: tuple[int, int], colour: str, at: tuple[int, int]) -> Any:
        return ColorClip(size, color=_rgb(colour)).with_duration(1).with_position(at)

    rows = range(RULE_PX, edge - RULE_PX // 2, RULE_PX)
    rules = [laid((place.width + 100, 2), LINE, (left, top + row)) for row in rows]
    card = CompositeVideoClip([
        laid((width, height), GROUND, (0, 0)), laid((place.width + 100, edge), SHEET, (left, top)), *rules,
        laid((6, edge), VOICE, (left + 26, top)),
    ], size=(width, height))
    Image.fromarray(card.get_frame(0)).save(target)
    card.close()


def frames(pcm: NDArray[np.int16], shape: Shape, fps: int, count: int) -> Iterator[bytes]:
    """Yield the moving bars as RGB frames of the place's size; `pcm` is the voice in mono at 8 kHz.

    What was said is red, what comes is grey; the instant itself is in the middle.
    """
    from moviepy import VideoClip

    place, bars = PLACES[shape], loudness_bars(pcm)
    clip = VideoClip(lambda t: draw_bars(bars, t, place), duration=max(count, 1) / fps)
    for number in range(count):
        yield clip.get_frame(number / fps).tobytes()
    clip.close()


def loudness_bars(pcm: NDArray[np.int16]) -> NDArray[np.float64]:
    """Return the height of each bar, 0 to 1: the loudness of its 80 ms against the loudest ones."""
    step = round(PCM_HZ * BAR_S)
    padded = np.pad(pcm.astype(np.float64), (0, -len(pcm) % step))
    power = np.sqrt((padded.reshape(-1, step) ** 2).mean(axis=1)) if len(padded) else np.zeros(1)
    loudest = float(np.percentile(power, 97)) or 1.0
    return np.clip(power / loudest, QUIETEST, 1.0) ** 0.7


def draw_bars(bars: NDArray[np.float64], at: float, place: Place) -> NDArray[np.uint8]:
    """Draw the bars around a second of the voice on a sheet with its ruled lines."""
    picture = np.empty((place.height, place.width, 3), np.uint8)
    picture[:] = _rgb(SHEET)
    for row in range(-MARGIN_PX % RULE_PX, place.height, RULE_PX):
        picture[row:row + 2] = _rgb(LINE)
    now, step, middle = at / BAR_S, BAR_PX + GAP_PX, place.height // 2
    shown = place.width // step // 2 + 1
    for number in range(int(now) - shown, int(now) + shown + 2):
        if not 0 <= number < len(bars):
            continue
        left = round(place.width / 2 + (number - now) * step)
        half = max(3, round(bars[number] * middle * 0.94))
        colour = _rgb(VOICE if number < now else LINE)
        picture[middle - half:middle + half, max(0, left):max(0, left + BAR_PX)] = colour
    return picture


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
