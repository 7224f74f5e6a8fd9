"""A minute each of silence, of a street and of music, made from numbers: nobody ever speaks in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
Sound = NDArray[np.float64]
TUNE = (0, 4, 7, 12, 11, 7, 9, 5, 4, 2, 7, 5, 4, 0, -5, 0)
"""Semitones from the root, a note for each beat."""
CHORDS = ((0, 4, 7), (-3, 0, 4), (-7, -3, 0), (-5, -1, 2))


def silence(seconds: float = 60.0) -> Sound:
    """Return nothing at all."""
    return np.zeros(int(seconds * RATE))


def street(seconds: float = 60.0, seed: int = 4) -> Sound:
    """Return a rumble, cars that come and go, steps, a horn now and then and gusts of wind."""
    chance = np.random.default_rng(seed)
    count = int(seconds * RATE)
    made = 0.05 * _coloured(count, 1.0, chance)
    time = np.arange(count) / RATE
    for _ in range(int(seconds / 4)):
        at, width = chance.uniform(0, seconds), chance.uniform(0.6, 2.5)
        swell = np.exp(-(((time - at) / width) ** 2))
        pitch = chance.uniform(60, 110) * (1 - 0.06 * np.tanh((time - at) / width))
        motor = np.sin(2 * np.pi * np.cumsum(pitch) / RATE)
        made += swell * (chance.uniform(0.05, 0.2) * _coloured(count, 0.6, chance) + 0.05 * motor)
    for at in np.cumsum(chance.uniform(0.45, 0.62, int(seconds / 0.55))):
        _add(made, at, 0.06 * chance.normal(0, 1, 400) * np.exp(-np.arange(400) / 80))
    for at in chance.uniform(0, seconds - 2, 4):
        span = np.arange(int(chance.uniform(0.3, 0.9) * RATE)) / RATE
        _add(made, at, 0.06 * sum(np.sign(np.sin(2 * np.pi * pitch * span)) for pitch in (420, 520)))
    return _levelled(made)


def music(seconds: float = 60.0, instrument: str = "strings", root: float = 220.0, beat_s: float = 0.5) -> Sound:
    """Return a tune over chords, bass and drum: "strings" bowed with vibrato, "plucked" or "flute"."""
    chance = np.random.default_rng(7)
    made = np.zeros(int(seconds * RATE))
    for number in range(int(seconds / beat_s)):
        at = number * beat_s
        lift = 12 if (number // 32) % 2 else 0
        tone = root * 2 ** ((TUNE[number % len(TUNE)] + lift) / 12)
        _add(made, at, 0.5 * PLAYED[instrument](tone, beat_s * 1.1, chance))
        if number % 4 == 0:
            for step in CHORDS[(number // 4) % len(CHORDS)]:
                _add(made, at, 0.15 * PLAYED["plucked" if instrument == "plucked" else "strings"](
                    root * 2 ** ((step - 12) / 12), beat_s * 4, chance))
        if number % 2 == 0:
            _add(made, at, 0.4 * np.sin(2 * np.pi * 55 * np.arange(3000) / RATE) * np.exp(-np.arange(3000) / 700))
        _add(made, at + beat_s / 2, 0.1 * chance.normal(0, 1, 1200) * np.exp(-np.arange(1200) / 150))
    return _levelled(made)


def _strings(tone: float, seconds: float, chance: np.random.Generator) -> Sound:
    time = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * (tone * time + 0.006 * tone / 5.5 * np.sin(2 * np.pi * 5.5 * time))
    wave = sum(np.sin(n * phase) / n for n in range(1, 14) if n * tone < RATE / 2)
    return np.asarray(wave * np.minimum(1, time / 0.08) * np.minimum(1, (seconds - time) / 0.1))


def _plucked(tone: float, seconds: float, chance: np.random.Generator) -> Sound:
    period = round(RATE / tone)
    string, made = chance.uniform(-1, 1, period), []
    for _ in range(int(seconds * RATE / period) + 1):
        made.append(string)
        string = 0.996 * 0.5 * (string + np.roll(string, 1))
    return np.concatenate(made)[:int(seconds * RATE)]


def _flute(tone: float, seconds: float, chance: np.random.Generator) -> Sound:
    time = np.arange(int(seconds * RATE)) / RATE
    wave = np.sin(2 * np.pi * 2 * tone * time) + 0.2 * np.sin(2 * np.pi * 4 * tone * time)
    breath = 0.08 * chance.normal(0, 1, len(time))
    return np.asarray((wave + breath) * np.minimum(1, time / 0.05) * np.minimum(1, (seconds - time) / 0.08))


PLAYED = {"strings": _strings, "plucked": _plucked, "flute": _flute}


def _coloured(count: int, slope: float, chance: np.random.Generator) -> Sound:
    """Return noise whose power falls with frequency: 0 is white, 1 about brown."""
    spectrum = np.fft.rfft(chance.normal(0, 1, count))
    spectrum /= np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20.0) ** slope
    made = np.fft.irfft(spectrum, count)
    return np.asarray(made / np.std(made))


def _add(made: Sound, at: float, sound: Sound) -> None:
    first = int(at * RATE)
    room = max(0, min(len(sound), len(made) - first))
    made[first:first + room] += sound[:room]


def _levelled(sound: Sound) -> Sound:
    return np.asarray(sound * (0.1 / np.sqrt(np.mean(sound**2)))).clip(-0.98, 0.98)
