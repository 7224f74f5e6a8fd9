"""Page response with 20 people browsing while the worker transcribes, against an idle worker: median ≤ 1.5 ×.

Each person signs in as one of the demonstration cast and opens pages, one every half second on average, as people who
read do.   python bench/pages.py
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
PEOPLE, SECONDS, PAUSE_S = 20, 20.0, 0.5
PAGES = ("/fr/", "/fr/mes-recits", "/fr/bibliotheque?q=quelqu'un qui a aidé la nuit", "/en/bibliotheque", "/fr/config")


def main() -> int:
    """Print the medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"VECU_HOME": folder}
        subprocess.run([sys.executable, "-m", "studio.cli", "demo"], env=env, check=True, cwd=ROOT)
        port = _free_port()
        server = subprocess.Popen([sys.executable, "-m", "studio.cli", "serve", "--port", str(port)], env=env, cwd=ROOT)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base)
            time.sleep(15)
            idle = _browse(base)
            stop = threading.Event()
            busy_with = threading.Thread(target=_keep_transcribing, args=(Path(folder), env, stop), daemon=True)
            busy_with.start()
            time.sleep(5)
            busy = _browse(base)
            stop.set()
        finally:
            server.terminate()
            server.wait(20)
    ratio = busy / idle
    print(f"idle worker   median {idle * 1000:.0f} ms")
    print(f"transcribing  median {busy * 1000:.0f} ms   ratio {ratio:.2f} (target ≤ 1.5)")
    return 0 if ratio <= 1.5 else 1


def _browse(base: str) -> float:
    seconds: list[float] = []
    people = [threading.Thread(target=_person, args=(base, number, seconds)) for number in range(PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return statistics.median(seconds)


def _signed_in(base: str) -> httpx.Client:
    client = httpx.Client(base_url=base, timeout=60, follow_redirects=True)
    page = client.get("/connexion").text
    cast = re.findall(r'name="personne" value="([^"]+)"', page)
    client.post("/connexion/demonstration", data={"personne": cast[0]}, headers={"Origin": base})
    return client


def _person(base: str, number: int, seconds: list[float]) -> None:
    chance, until = random.Random(number), time.monotonic() + SECONDS
    with contextlib.closing(_signed_in(base)) as client:
        while time.monotonic() < until:
            time.sleep(chance.uniform(0, 2 * PAUSE_S))
            began = time.perf_counter()
            client.get(chance.choice(PAGES)).raise_for_status()
            seconds.append(time.perf_counter() - began)


def _keep_transcribing(folder: Path, env: dict[str, str], stop: threading.Event) -> None:
    """Give the worker more recordings than it can hear meanwhile: the same voice, never the same bytes."""
    media = next((ROOT / "studio" / "demo" / "media").glob("fr1*.mp4")).read_bytes()
    lines = []
    for turn in range(6):
        (folder / f"{turn}.mp4").write_bytes(media + b"\0" * 8 * (turn + 1))
        lines.append(json.dumps({"id": f"bench-{turn}", "title": "Bench", "media": f"{turn}.mp4", "language": "fr",
                                 "author": "Camille Ferrand", "recorded_on": "today"}))
    (folder / "bench.jsonl").write_text("\n".join(lines), "utf-8")
    subprocess.run([sys.executable, "-m", "studio.cli", "import", str(folder / "bench.jsonl")], env=env, cwd=ROOT,
                   check=True, capture_output=True)
    stop.wait()


def _wait(base: str) -> None:
    for _ in range(300):
        try:
            httpx.get(base + "/sante", timeout=2)
            return
        except httpx.HTTPError:
            time.sleep(0.2)


def _free_port() -> int:
    sys.path.insert(0, str(ROOT))
    from studio.neighbour import free_port
    return free_port()


if __name__ == "__main__":
    sys.exit(main())
