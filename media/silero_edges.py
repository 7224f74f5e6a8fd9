"""The edges of speech by Silero, as faster-whisper brings it (one small network, no other weights)."""

from __future__ import annotations

import numpy as np

from media.sound import SAMPLE_RATE, Samples
from media.speech_edges import Span

SHORTEST_PAUSE_MS = 200
PAD_MS = 30
"""With 200 ms and 30 ms every real pause of 0.4 s was found, and edges were within 0.06 s of the truth."""
LOUD = 1e-4
"""Below this amplitude (−80 dBFS) there is nothing to listen for."""


SURE = 0.9
"""A voice reaches this certainty somewhere (0.98 and more in fifteen recordings); music made of notes and horns in a
street fool the network now and then, for half a second, up to 0.88 (40 streets, 24 tunes)."""
MUCH = 0.15
"""A recording in which it finds this share of speech is heard all the same: somebody may be far from the microphone."""


class SileroEdges:
    """Finds where somebody speaks; a second of sound costs about two milliseconds."""

    def spans(self, samples: Samples) -> list[Span]:
        """Return the spans of speech in 16 kHz mono samples, in order."""
        if not len(samples) or float(np.max(np.abs(samples))) < LOUD:
            return []
        spans = _found(samples)
        spoken = sum(end - start for start, end in spans) * SAMPLE_RATE
        if spoken < MUCH * len(samples) and not _found(samples, threshold=SURE, min_speech_duration_ms=0):
            return []
        return spans


def _found(samples: Samples, **how: float) -> list[Span]:
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(min_silence_duration_ms=SHORTEST_PAUSE_MS, speech_pad_ms=PAD_MS, **how)
    return [(float(found["start"]) / SAMPLE_RATE, float(found["end"]) / SAMPLE_RATE)
            for found in get_speech_timestamps(samples, options)]
