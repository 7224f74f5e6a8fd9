"""Where somebody speaks, and where only a street or music is heard (issue 4, "silence": no words)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.pyav_file import decoded
from media.silero_edges import SileroEdges
from media.sound import SAMPLE_RATE, Samples
from media.speech_edges import TAIL_S, spoken_s, widened
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
    """A horn and half a second of low strings are taken for a voice, but never beyond doubt."""
    samples = sound.astype(np.float32)
    spans = SileroEdges().spans(samples)
    assert not spans or not SileroEdges().sure(samples, spans)


def test_a_voice_is_speech_beyond_doubt(voice: Samples) -> None:
    """Also when it says little in a long silence: two sentences in a minute."""
    assert SileroEdges().sure(voice, SileroEdges().spans(voice))
    alone = np.concatenate([np.zeros(30 * SAMPLE_RATE, np.float32), voice[:7 * SAMPLE_RATE],
                            np.zeros(30 * SAMPLE_RATE, np.float32)])
    assert SileroEdges().sure(alone, SileroEdges().spans(alone))


@pytest.mark.parametrize("level", [1.0, 0.1, 0.01])
def test_a_voice_is_found_however_soft(voice: Samples, level: float) -> None:
    """From a clear recording to one forty decibels softer, the same speech is found."""
    clear, soft = SileroEdges().spans(voice), SileroEdges().spans((voice * level).astype(np.float32))
    assert spoken_s(0.0, SECONDS, soft) >= 0.9 * spoken_s(0.0, SECONDS, clear) > 6.0


@pytest.mark.parametrize("below_db", [10, 5])
def test_a_voice_is_found_in_the_street(voice: Samples, below_db: float) -> None:
    """With the street a little softer than the voice, most of the speech is still there."""
    noise = street(SECONDS).astype(np.float32)
    noise *= float(np.std(voice) / np.std(noise)) * 10 ** (-below_db / 20)
    clear, noisy = SileroEdges().spans(voice), SileroEdges().spans((voice + noise).astype(np.float32))
    assert spoken_s(0.0, SECONDS, noisy) >= 0.8 * spoken_s(0.0, SECONDS, clear)


def test_edges_move_over_the_soft_ends_of_words_and_no_further() -> None:
    """A beginning 30 dB softer than the rest is part of the word; the pause around it and its noise are not."""
    chance = np.random.default_rng(1)
    sound = chance.normal(0, 0.0005, SAMPLE_RATE * 3).astype(np.float32)
    sound[SAMPLE_RATE:2 * SAMPLE_RATE] += chance.normal(0, 0.1, SAMPLE_RATE).astype(np.float32)
    sound[SAMPLE_RATE - 1600:SAMPLE_RATE] += chance.normal(0, 0.004, 1600).astype(np.float32)
    assert widened([(1.0, 1.9)], sound) == [(pytest.approx(0.87, abs=0.021), pytest.approx(2.05, abs=0.031))]
    assert widened([(0.85, 2.06)], sound) == [(0.85, pytest.approx(2.06 + TAIL_S))]


@given(st.lists(st.tuples(st.floats(0.2, 2), st.floats(0.25, 2)), min_size=1, max_size=8), st.integers(0, 9))
def test_widened_spans_keep_their_order_and_never_meet(loud: list[tuple[float, float]], seed: int) -> None:
    """Whatever the sound, an edge moves outwards alone, by 0.25 s at most and not beyond mid-pause."""
    spans, at = [], 0.0
    for gap, length in loud:
        spans.append((at + gap, at + gap + length))
        at = spans[-1][1]
    chance = np.random.default_rng(seed)
    sound = (chance.normal(0, 0.1, int((at + 0.3) * SAMPLE_RATE)) * chance.uniform(0, 1)).astype(np.float32)
    wider = widened(spans, sound)
    assert all(a - 0.251 <= c <= a and b <= d <= b + 0.251
               for (a, b), (c, d) in zip(spans, wider, strict=True))
    assert all(later[0] >= earlier[1] - 1e-6 for earlier, later in pairwise(wider))
