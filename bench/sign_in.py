"""Fifty people sign in at the same moment while ten others browse: no error; prints median and longest seconds.

A real `vecu serve` on SQLite, real argon2 hashes.   python bench/sign_in.py
"""

from __future__ import annotations

import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
ARRIVING, BROWSING, PAUSE_S, PASSWORD = 50, 10, 0.5, "une petite phrase"
PAGES = ("/fr/", "/fr/mes-recits", "/compte", "/fr/config")


@dataclass
class Told:
    """Seconds of what went well, sentences about what did not."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def take(self, client: httpx.Client, method: str, path: str, wanted: int, **more: object) -> None:
        """Ask once and keep how long it took, or what was wrong."""
        began = time.perf_counter()
        try:
            answer = client.request(method, path, **more)  # type: ignore[arg-type]
        except httpx.HTTPError as wrong:
            self.errors.append(f"{path}: {type(wrong).__name__}")
            return
        self.seconds.append(time.perf_counter() - began)
        if answer.status_code != wanted:
            self.errors.append(f"{path}: {answer.status_code}")

    def line(self, name: str) -> str:
        """Return the numbers as one line."""
        return (f"{name:<9} {len(self.seconds):>4} requests   median {statistics.median(self.seconds):.2f} s   longest "
                f"{max(self.seconds):.2f} s   errors {len(self.errors)}")


def main() -> int:
    """Print the numbers; 1 on any error."""
    with tempfile.TemporaryDirectory() as folder:
        emails = _company(Path(folder))
        from studio.neighbour import free_port
        port = free_port()
        server = subprocess.Popen([sys.executable, "-m", "studio.cli", "serve", "--port", str(port), "--no-worker"],
                                  env=os.environ | {"VECU_HOME": folder}, cwd=ROOT)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base)
            quiet, busy, arrived = _measure(base, emails)
        finally:
            server.terminate()
            server.wait(20)
    print(quiet.line("before"))
    print(busy.line("meanwhile"))
    print(arrived.line("sign-in"))
    errors = quiet.errors + busy.errors + arrived.errors
    print("\n".join(errors[:10]))
    return 1 if errors else 0


def _measure(base: str, emails: list[str]) -> tuple[Told, Told, Told]:
    quiet, busy, arrived, over = Told(), Told(), Told(), threading.Event()
    told = [quiet]
    readers = [threading.Thread(target=_browse, args=(base, emails[number], told, over)) for number in range(BROWSING)]
    for reader in readers:
        reader.start()
    time.sleep(12)
    told[0] = busy
    together = threading.Barrier(ARRIVING)
    people = [threading.Thread(target=_arrive, args=(base, email, together, arrived)) for email in emails[BROWSING:]]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    over.set()
    for reader in readers:
        reader.join()
    return quiet, busy, arrived


def _arrive(base: str, email: str, together: threading.Barrier, arrived: Told) -> None:
    with contextlib.closing(httpx.Client(base_url=base, timeout=60)) as client:
        client.get("/connexion")
        together.wait()
        arrived.take(client, "POST", "/connexion", 303, data={"email": email, "password": PASSWORD},
                     headers={"Origin": base})
        arrived_as = client.get("/moi")
        if arrived_as.status_code != 200:
            arrived.errors.append(f"/moi: {arrived_as.status_code}")


def _browse(base: str, email: str, told: list[Told], over: threading.Event) -> None:
    chance = random.Random(email)
    with contextlib.closing(httpx.Client(base_url=base, timeout=60)) as client:
        client.post("/connexion", data={"email": email, "password": PASSWORD}, headers={"Origin": base})
        while not over.is_set():
            time.sleep(chance.uniform(0, 2 * PAUSE_S))
            told[0].take(client, "GET", chance.choice(PAGES), 200)


def _company(home: Path) -> list[str]:
    """Write sixty people with one real hash between them, and return their addresses."""
    from story_bank.company import Company
    from story_bank.ids import PersonId, new_id
    from story_bank.person import Person
    from studio.access.passwords import hashed
    from studio.settings import Settings
    from studio.wiring import toolbox
    kept, emails = hashed(PASSWORD), [f"personne{number}@exemple.fr" for number in range(ARRIVING + BROWSING)]
    with toolbox(Settings(home=home), may_own_index=False).bank.open() as work:
        work.save_company(Company("Aubépine"))
        for email in emails:
            person = Person(PersonId(new_id()), email, email, email=email)
            work.save_person(person)
            work.set_password_hash(person.id, kept)
        work.commit()
    return emails


def _wait(base: str) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(base + "/sante", timeout=2).status_code == 200:
                return
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
