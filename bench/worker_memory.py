"""Memory of the process that transcribes, through 20 recordings in a row.

    python bench/worker_memory.py [--recordings 20] [--seconds 60]

One process hears and tells voices apart for one recording after another, as the worker's step does (the same
transcriber and speakers, kept between recordings); its proportional memory (PSS, children counted) is read from
outside after each. The recordings are those of bench/voices in turn, so the same few lengths come again and again.
A line is fitted through recordings 5 to 20. Reference: memory after the fourth recording. Target: the 95 % confidence
interval of the slope reaches zero or below.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
from scipy import stats

ROOT = Path(__file__).resolve().parents[1]
FIRST = 5
WORKER = f"""
import sys, tempfile
from pathlib import Path
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "bench")!r}]
from voice_set import spoken, testimonials
from media.transcriber import Listening
from media.voicefilter_speakers import VoicefilterSpeakers
from media.whisper import WhisperTranscriber
stories = list(testimonials())
with tempfile.TemporaryDirectory() as folder:
    ears, voices = WhisperTranscriber(None, Path(folder), allow_hub=False), VoicefilterSpeakers()
    for number, _ in enumerate(sys.stdin):
        story = stories[number % 4]
        heard = ears.hear(story.media, Listening("fr", story.form, span=(0.0, float(sys.argv[1])),
                                                 glossary=story.glossary))
        voices.count(story.media) if number % 2 else voices.tell(story.media, heard.segments, 2)
        print(len(heard.segments), flush=True)
"""


def memory_mb(process: psutil.Process) -> float:
    everybody = [process, *process.children(recursive=True)]
    return float(sum(one.memory_full_info().pss for one in everybody)) / (1 << 20)


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--recordings", type=int, default=20)
    asked.add_argument("--seconds", type=float, default=60.0, help="of each recording")
    told = asked.parse_args()
    count = told.recordings
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(told.seconds)], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert worker.stdin is not None
    assert worker.stdout is not None
    seen = []
    for number in range(count):
        worker.stdin.write("next\n")
        worker.stdin.flush()
        if not worker.stdout.readline():
            raise SystemExit("the worker stopped")
        seen.append(memory_mb(psutil.Process(worker.pid)))
        print(f"{number + 1:>3} {seen[-1]:8.1f} MB", flush=True)
    worker.stdin.close()
    worker.wait(60)
    rest = np.array(seen[FIRST - 1:])
    fit = stats.linregress(np.arange(FIRST, count + 1), rest)
    reach = float(stats.t.ppf(0.975, len(rest) - 2)) * fit.stderr
    low, high = fit.slope - reach, fit.slope + reach
    print(f"after four: {seen[FIRST - 2]:.1f} MB; {FIRST} to {count}: {rest.min():.1f} to {rest.max():.1f} MB")
    reached = low <= 0.0
    print(f"slope {fit.slope:+.2f} MB a recording, 95 % between {low:+.2f} and {high:+.2f}; target: no upward slope: "
          f"{'reached' if reached else 'MISSED'}")
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
