"""Sound in memory, as the ears of the studio take it: mono samples at 16 kHz."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Hz: what Whisper and Silero hear."""

Samples = NDArray[np.float32]
"""One channel, −1 to 1."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Samples whose first one sounds at second `start` of a media `duration_s` long."""

    samples: Samples
    start: float
    duration_s: float
