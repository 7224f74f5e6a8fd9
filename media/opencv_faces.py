"""OpenCV's Haar cascade for frontal faces (bundled with OpenCV, BSD licence)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media.framing import Face

SMALLEST = 1 / 12
"""A face smaller than this share of the picture's height is somebody in the background."""


class OpencvFaces:
    """Finds frontal faces in about 10 ms on a picture 320 pixels wide."""

    def find(self, grey: NDArray[np.uint8]) -> list[Face]:
        """Return the faces of a grey picture, in no order."""
        height, width = grey.shape
        least = max(12, round(height * SMALLEST))
        boxes = _cascade().detectMultiScale(grey, scaleFactor=1.2, minNeighbors=5, minSize=(least, least))
        return [Face((x + w / 2) / width, (y + h / 2) / height, h / height) for x, y, w, h in boxes]


@cache
def _cascade() -> Any:
    import cv2

    cv2.setNumThreads(1)
    data: Any = cv2
    return cv2.CascadeClassifier(data.data.haarcascades + "haarcascade_frontalface_default.xml")
