"""The edges of speech by Silero, as faster-whisper brings it (one small network, no other weights)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from media.sound import SAMPLE_RATE, Samples
from media.speech_edges import Span

SHORTEST_PAUSE_MS = 200
PAD_MS = 30
"""With 200 ms and 30 ms every real pause of 0.4 s was found, and edges were within 0.06 s of the truth."""
LOUD = 1e-4
"""Below this amplitude (−80 dBFS) there is nothing to listen for."""


SURE, MUCH = 0.9, 0.15
"""A voice reaches this certainty somewhere, or takes this share of the recording. Music made of notes and horns in a
street fool the network now and then, for half a second, up to 0.88 (40 streets, 24 tunes); so may one soft word."""


class SileroEdges:
    """Finds where somebody speaks; a second of sound costs about two milliseconds."""

    def spans(self, samples: Samples) -> list[Span]:
        """Return the spans of speech in 16 kHz mono samples, in order."""
        if not len(samples) or float(np.max(np.abs(samples))) < LOUD:
            return []
        return _found(samples)

    def sure(self, samples: Samples, spans: Sequence[Span]) -> bool:
        """Tell whether these spans are speech beyond doubt; where they are not, they may be a horn or a low string."""
        spoken = sum(end - start for start, end in spans) * SAMPLE_RATE
        return spoken >= MUCH * len(samples) or bool(_found(samples, threshold=SURE, min_speech_duration_ms=0))


def _found(samples: Samples, **how: float) -> list[Span]:
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(min_silence_duration_ms=SHORTEST_PAUSE_MS, speech_pad_ms=PAD_MS, **how)
    return [(float(found["start"]) / SAMPLE_RATE, float(found["end"]) / SAMPLE_RATE)
            for found in get_speech_timestamps(samples, options)]
