"""CPU time of hearing an 84 s testimonial, against faster-whisper called bare with the same settings.

    python bench/transcribe.py [--rounds 3]

Each side runs in a process of its own, start, imports and model load included; CPU seconds (user + system, children
counted) of its best round. "same settings": int8, beam 5, word times, Silero filter, the same temperatures, two
threads, language found by itself, the same sentence of context. Target: ≤ 1.25 ×.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

MEDIA = ROOT / "studio/demo/media/fr1_nurse_night_shift.mp4"
TARGET = 1.25
CONTEXT = ("Bonjour, je m'appelle Camille. Je suis infirmière coordinatrice, chez clinique des Tilleuls, équipe nuit. "
           "Avec Moussa, Sophie.")
BARE = f"""
import sys
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)
lines, _ = model.transcribe({str(MEDIA)!r}, beam_size=5, vad_filter=True, word_timestamps=True,
                            temperature=(0.0, 0.2, 0.4), initial_prompt={CONTEXT!r})
print(sum(len(line.words) for line in lines), "words")
"""


def measured(command: list[str], home: str) -> tuple[float, float, float]:
    """Run a command; return its CPU seconds, wall seconds and peak memory in MB, children included."""
    before = time.perf_counter()
    environment = {**os.environ, "VECU_HOME": home, "OMP_NUM_THREADS": "2"}
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=ROOT)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"failed: {command}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - before, used.ru_maxrss / 1024


def main() -> int:
    from media.whisper_choice import FOLDER
    from media.whisper_package import assemble

    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=3)
    rounds = asked.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        model = str(assemble(Path(home) / FOLDER))
        sides = {
            "faster-whisper, bare": [sys.executable, "-c", BARE, model],
            "vecu transcribe": [sys.executable, "-c", "from studio.cli import main; main()", "transcribe", str(MEDIA),
                                "--context", CONTEXT, "--format", "json"],
        }
        best: dict[str, tuple[float, float, float]] = {}
        for _ in range(rounds):  # in turn, so that a busy neighbour disturbs both alike
            for side, command in sides.items():
                best[side] = min(measured(command, home), best.get(side, (float("inf"), 0.0, 0.0)))
    print(f"{'':<24}{'CPU s':>8}{'wall s':>8}{'MB':>7}")
    for side, (cpu, wall, memory) in best.items():
        print(f"{side:<24}{cpu:>8.1f}{wall:>8.1f}{memory:>7.0f}")
    ratio = best["vecu transcribe"][0] / best["faster-whisper, bare"][0]
    print(f"ratio {ratio:.2f} ×, target ≤ {TARGET} ×: {'reached' if ratio <= TARGET else 'MISSED'}")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    raise SystemExit(main())
