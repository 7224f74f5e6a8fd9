"""Where somebody speaks, and where only a street or music is heard (issue 4, "silence": no words)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from media.pyav_file import decoded
from media.silero_edges import SileroEdges
from media.sound import SAMPLE_RATE, Samples
from media.speech_edges import spoken_s
from tests.media.sounds_without_words import music, silence, street

SPOKEN = Path(__file__).resolve().parents[2] / "studio/demo/media/fr4_technicien_quart_heure.m4a"
SECONDS = 12.0


@pytest.fixture(scope="module")
def voice() -> Samples:
    return decoded(SPOKEN).samples[:int(SECONDS * SAMPLE_RATE)]


@pytest.mark.parametrize("sound", [
    silence(SECONDS), street(SECONDS), street(SECONDS, seed=3), music(SECONDS), music(SECONDS, "plucked", 174.0, 0.4),
    music(SECONDS, "flute"), music(SECONDS, root=98.0, beat_s=0.33), music(SECONDS, root=130.0, beat_s=0.33)],
    ids=["silence", "street", "another street", "strings", "plucked", "flute", "low strings", "lower strings"])
def test_nobody_speaks_in_silence_a_street_or_music(sound: np.ndarray) -> None:
    """The network takes half a second of low strings for a voice, but is never sure of it."""
    assert SileroEdges().spans(sound.astype(np.float32)) == []


@pytest.mark.parametrize("level", [1.0, 0.1, 0.01])
def test_a_voice_is_found_however_soft(voice: Samples, level: float) -> None:
    """From a clear recording to one forty decibels softer, the same speech is found."""
    clear, soft = SileroEdges().spans(voice), SileroEdges().spans((voice * level).astype(np.float32))
    assert spoken_s(0.0, SECONDS, soft) >= 0.9 * spoken_s(0.0, SECONDS, clear) > 6.0


def test_a_single_word_in_a_long_silence_is_found(voice: Samples) -> None:
    """One word of half a second in a minute is speech: the network is sure of it."""
    start, end = SileroEdges().spans(voice)[0]
    alone = np.zeros(60 * SAMPLE_RATE, np.float32)
    word = voice[int(start * SAMPLE_RATE):int(min(end, start + 0.6) * SAMPLE_RATE)]
    alone[30 * SAMPLE_RATE:30 * SAMPLE_RATE + len(word)] = word
    assert len(SileroEdges().spans(alone)) == 1


@pytest.mark.parametrize("below_db", [10, 5])
def test_a_voice_is_found_in_the_street(voice: Samples, below_db: float) -> None:
    """With the street a little softer than the voice, most of the speech is still there."""
    noise = street(SECONDS).astype(np.float32)
    noise *= float(np.std(voice) / np.std(noise)) * 10 ** (-below_db / 20)
    clear, noisy = SileroEdges().spans(voice), SileroEdges().spans((voice + noise).astype(np.float32))
    assert spoken_s(0.0, SECONDS, noisy) >= 0.8 * spoken_s(0.0, SECONDS, clear)
