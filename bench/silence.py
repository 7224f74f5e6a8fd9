"""Words heard where nobody speaks: silence, a street and music, 60 s each.

    python bench/silence.py

Each sound is heard three ways: with nothing told, with the form of a nurse, and as English. Reference: words of bare
Whisper base (faster-whisper's defaults) in the same sound. Target: 0 words, each time.
"""

from __future__ import annotations

import sys
import tempfile
import wave
from pathlib import Path

from voice_set import ROOT, Bare

from media.pyav_file import decoded
from media.silero_edges import SileroEdges
from media.transcriber import Listening
from media.whisper import WhisperTranscriber
from story_bank.recording import SpokenContext

sys.path.insert(0, str(ROOT / "tests/media"))
from sounds_without_words import RATE, Sound, music, silence, street

FORM = SpokenContext("Camille", "infirmière", "nuit", "clinique des Tilleuls", ("Moussa", "Sophie"))
WAYS = {"nothing told": Listening(), "form": Listening("fr", FORM, glossary=("tournée douce", "Tilleuls")),
        "English": Listening("en")}


def sounds() -> dict[str, Sound]:
    made = {"digital silence": silence(), "street": street(), "street, another": street(seed=11)}
    made |= {f"music, {name}": music(instrument=name) for name in ("strings", "plucked", "flute")}
    return made | {f"music, low {root:.0f} Hz": music(root=root, beat_s=0.33) for root in (98.0, 130.0)}


def save(path: Path, sound: Sound) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    return path


def main() -> int:
    words = 0
    print(f"{'sound':<22}{'bare':>6}" + "".join(f"{way:>14}" for way in WAYS) + f"{'VAD hears':>12}")
    with tempfile.TemporaryDirectory() as folder:
        bare, ears = Bare(Path(folder)), WhisperTranscriber(None, Path(folder), allow_hub=False)
        for name, sound in sounds().items():
            media = save(Path(folder) / "sound.wav", sound)
            said = sum(len(line.text.split()) for line in bare.hear(media))
            heard = [ears.hear(media, how).segments for how in WAYS.values()]
            counts = [sum(len(segment.words) for segment in segments) for segments in heard]
            words += sum(counts)
            spans = SileroEdges().spans(decoded(media).samples)
            print(f"{name:<22}{said:>6}" + "".join(f"{count:>14}" for count in counts)
                  + f"{sum(b - a for a, b in spans):>10.1f} s", flush=True)
            for segments in heard:
                for segment in segments:
                    print(f"    {segment.start:.1f}–{segment.end:.1f} {segment.text}")
    print(f"{words} words, target 0: {'reached' if not words else 'MISSED'}")
    return 0 if not words else 1


if __name__ == "__main__":
    raise SystemExit(main())
