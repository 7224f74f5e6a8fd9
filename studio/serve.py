"""`vecu serve`: the web server and its two children, the worker and Chroma, which are restarted when they die."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from story_bank.errors import NotAvailable, VecuError
from studio.neighbour import Neighbourhood, answers, free_port
from studio.settings import ChildIndex, Settings

log = logging.getLogger("vecu.serve")
LOOPBACK = "127.0.0.1"
LONGEST_PAUSE_S = 30.0


@contextlib.contextmanager
def only_studio(home: Path) -> Iterator[None]:
    """Be the one studio open on this home (`NotAvailable` when another is): two would take each other's index away."""
    lock = FileLock(home / "serve.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as held:
        raise NotAvailable(f"Un studio est déjà ouvert sur le dossier {home} ; fermez-le d'abord, ou choisissez un "
                           "autre dossier (VECU_HOME).",
                           f"A studio is open on the folder {home} already; close it first, or choose another folder "
                           "(VECU_HOME).") from held
    try:
        yield
    finally:
        lock.release()


@dataclass(slots=True)
class Child:
    """A process that is started again when it ends, each time after a longer pause, until told to stop."""

    name: str
    command: Callable[[], Sequence[str]]
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    log_file: Path | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _starting: threading.Lock = field(default_factory=threading.Lock)
    _process: subprocess.Popen[bytes] | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread = threading.Thread(target=self._keep_alive, name=f"child-{self.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the process, kindly first."""
        with self._starting:
            self._stop.set()
            process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._thread is not None:
            self._thread.join(5)

    @property
    def pid(self) -> int | None:
        """The running process, if any."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def _keep_alive(self) -> None:
        pause = 0.5
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self.before()
                self._run()
            except (VecuError, OSError) as wrong:
                log.warning("%s could not start: %s", self.name, wrong)
            if self._stop.is_set():
                return
            pause = 0.5 if time.monotonic() - began > 60 else min(LONGEST_PAUSE_S, pause * 2)
            log.warning("%s ended; it starts again in %.1f s", self.name, pause)
            self._stop.wait(pause)

    def _run(self) -> None:
        out = self.log_file.open("ab") if self.log_file else None
        try:
            with self._starting:
                if self._stop.is_set():  # told to stop while `before` was at work
                    return
                process = self._process = subprocess.Popen(
                    self.command(), stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=_child_environment(),
                    start_new_session=True)
            threading.Thread(target=self.after, daemon=True).start()
            process.wait()
        finally:
            if out is not None:
                out.close()


def _child_environment() -> dict[str, str]:
    return os.environ | {"ANONYMIZED_TELEMETRY": "False", "PYTHONUNBUFFERED": "1"}


class Household:
    """The children of one home."""

    def __init__(self, settings: Settings, with_worker: bool = True) -> None:
        self.settings, self.with_worker = settings, with_worker
        self.neighbours = Neighbourhood(settings.home)
        self.children: list[Child] = []

    def start(self) -> None:
        """Start what the settings ask for."""
        logs = self.settings.home / "logs"
        logs.mkdir(exist_ok=True)
        if isinstance(self.settings.index, ChildIndex):
            self.children.append(self._chroma(logs / "index.log"))
        if self.with_worker:
            worker = [sys.executable, "-m", "studio.cli", "worker", "--parent", str(os.getpid())]
            self.children.append(Child("worker", lambda: worker, log_file=logs / "worker.log"))
        for child in self.children:
            child.start()

    def stop(self) -> None:
        """Stop every child, the last started first."""
        for child in reversed(self.children):
            child.stop()
        self.neighbours.forget_index()

    def _chroma(self, log_file: Path) -> Child:
        from vectorstore.chroma import mended, serve_command
        folder = self.settings.home / "index"
        ports: list[int] = []

        def check() -> None:
            self.neighbours.forget_index()
            if mended(folder):
                log.warning("the index is damaged; it is being made again from the bank")
            ports.append(free_port())  # the one before may have been taken meanwhile

        def tell() -> None:
            port = ports[-1]
            for _ in range(600):
                if port != ports[-1]:
                    return
                if answers(LOOPBACK, port):
                    self.neighbours.note_index(LOOPBACK, port)
                    return
                time.sleep(0.1)

        return Child("index", lambda: serve_command(folder, ports[-1]), before=check, after=tell, log_file=log_file)
