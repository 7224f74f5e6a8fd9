"""Framing: the promise to find faces in a picture, and the calm path of a crop that follows one.

Positions are shares of the picture, 0 to 1, so that a small picture can be looked at and a large one cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

MEDIAN_SIGHTS = 5
"""A wrong face for one or two looks out of five moves nothing."""
SMOOTH_S = 1.2
DEAD_ZONE = 0.05
"""A face that moves by less than this share of the crop leaves it still."""
ENOUGH = 0.2
"""Below this share of looks with a face, the crop stays in the middle."""
TWICE, OFTEN = 2, 0.1
"""So many faces at once are believed when they are seen in two looks, and in one look out of ten."""


@dataclass(frozen=True, slots=True)
class Face:
    """The centre of a face and its height, as shares of the picture."""

    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen at a second of the source."""

    at: float
    face: Face | None


class FaceFinder(Protocol):
    """Looks at one grey picture at a time; knows nobody."""

    def find(self, grey: NDArray[np.uint8]) -> list[Face]:
        """Return the faces of a picture (height × width, 0 to 255), in no order."""


def most_at_once(looks: Sequence[int]) -> int:
    """Return the most faces that seem to be seen at once, of the number found in each look.

    A pattern on a wall taken for a face once changes nothing.
    """
    needed = max(TWICE, OFTEN * len(looks))
    return max((number for number in set(looks) if sum(seen >= number for seen in looks) >= needed), default=0)


def chosen(faces: Sequence[Face], before: Face | None) -> Face | None:
    """Choose whom to follow: the largest face, or the one followed so far if it is at least half as large."""
    if not faces:
        return None
    largest = max(faces, key=lambda face: face.size)
    if before is None:
        return largest
    nearest = min(faces, key=lambda face: abs(face.x - before.x) + abs(face.y - before.y))
    return nearest if nearest.size >= largest.size / 2 else largest


def crop_path(sights: Sequence[tuple[float, float | None]], times: NDArray[np.float64], share: float,
              lead: float = 0.5, start: float | None = None) -> NDArray[np.float64]:
    """Return the near edge of a crop, 0 to 1 − share, at each time, for a face seen at (second, position).

    `share` is how much of the picture the crop keeps, `lead` where in the crop the face belongs, `start` the edge
    of the range before, kept when it is close enough. Median, then Hann without lag, then a dead zone.
    """
    hits = [(at, where) for at, where in sights if where is not None]
    if len(hits) < max(1, ENOUGH * len(sights)):
        return np.full(len(times), (1 - share) / 2)
    seen = np.array([where for _, where in hits])
    half = MEDIAN_SIGHTS // 2
    calm = [float(np.median(seen[max(0, i - half):i + half + 1])) for i in range(len(seen))]
    wanted = np.interp(times, [at for at, _ in hits], calm) - lead * share
    edges = _still(_smooth(wanted, times), DEAD_ZONE * share, start)
    return np.clip(edges, 0.0, 1.0 - share)


def _smooth(values: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    step = float(times[1] - times[0]) if len(times) > 1 else 1.0
    reach = max(1, round(SMOOTH_S / 2 / step))
    window = np.hanning(2 * reach + 3)[1:-1]
    return np.convolve(np.pad(values, reach, mode="edge"), window / window.sum(), "valid")


def _still(values: NDArray[np.float64], zone: float, start: float | None) -> NDArray[np.float64]:
    held = values.copy()
    middle = float(np.clip(np.median(values), values[0] - zone, values[0] + zone))
    now = middle if start is None or abs(start - values[0]) > zone else start
    for number, value in enumerate(values):
        if abs(value - now) > zone:
            now = float(value - np.sign(value - now) * zone)
        held[number] = now
    return held
