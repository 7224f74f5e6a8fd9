"""`vecu --help` against a bare Python start: + ≤ 0.8 s.   python bench/help_time.py"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

TIMES = 9


def took(*command: str) -> float:
    """Return the median seconds of a command over several runs."""
    seconds = []
    for _ in range(TIMES):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def main() -> int:
    """Print both medians and their difference."""
    bare = took(sys.executable, "-c", "pass")
    rooms = took(sys.executable, "-c", "import story_bank, media, vectorstore, prompts, studio")
    vecu = took(sys.executable, "-m", "studio.cli", "--help")
    print(f"bare Python        {bare:.3f} s")
    print(f"the five rooms     {rooms:.3f} s   + {rooms - bare:.3f} s  (target + ≤ 0.5)")
    print(f"vecu --help        {vecu:.3f} s   + {vecu - bare:.3f} s  (target + ≤ 0.8)")
    return 0 if vecu - bare <= 0.8 else 1


if __name__ == "__main__":
    sys.exit(main())
