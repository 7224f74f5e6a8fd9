"""`vecu serve`: the web server and its two children, the worker and Chroma, which are restarted when they die."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from story_bank.errors import NotAvailable, VecuError
from story_bank.ids import StoryId
from studio.neighbour import Neighbourhood, answers, free_port
from studio.settings import ChildIndex, Settings

log = logging.getLogger("vecu.serve")
LOOPBACK = "127.0.0.1"
LONGEST_PAUSE_S = 30.0
START_WITHIN_S = 60.0
RENEW_LOOK_S = 0.2


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
    _again: threading.Event = field(default_factory=threading.Event)
    _starting: threading.Lock = field(default_factory=threading.Lock)
    _process: subprocess.Popen[bytes] | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread = threading.Thread(target=self._keep_alive, name=f"child-{self.name}", daemon=True)
        self._thread.start()

    def restart(self) -> None:
        """End the process at once, and have it start again without a pause."""
        with self._starting:
            self._again.set()
            if self._process is not None:
                self._process.kill()

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
            if self._again.is_set():
                self._again.clear()
                continue
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
        self.children: list[Child] = []
        self._index: IndexKeeper | None = None

    def start(self) -> None:
        """Start what the settings ask for."""
        logs = self.settings.home / "logs"
        logs.mkdir(exist_ok=True)
        if isinstance(self.settings.index, ChildIndex):
            self._index = IndexKeeper(self.settings.home, logs / "index.log")
            self.children.append(self._index.child)
        if self.with_worker:
            worker = [sys.executable, "-m", "studio.cli", "worker", "--parent", str(os.getpid())]
            self.children.append(Child("worker", lambda: worker, log_file=logs / "worker.log"))
        for child in self.children:
            child.start()
        if self._index is not None:
            threading.Thread(target=self._index.keep_renewing, name="index-keeper", daemon=True).start()

    def stop(self) -> None:
        """Stop every child, the last started first."""
        if self._index is not None:
            self._index.stop.set()
        for child in reversed(self.children):
            child.stop()
        Neighbourhood(self.settings.home).forget_index()


class IndexKeeper:
    """The Chroma server of one home, and its folder, which is written anew when a story was forgotten.

    The copy is made while the old server answers; then a server on the fresh folder takes its place. Meanwhile nobody
    writes into the index, and for the second or two of the change questions are answered by words.
    """

    def __init__(self, home: Path, log_file: Path) -> None:
        self.neighbours, self.folder, self.stop = Neighbourhood(home), home / "index", threading.Event()
        self.child = Child("index", self._command, before=self._prepare, after=self._tell, log_file=log_file)
        self._port, self._fresh_waits, self._fresh_taken = 0, False, False

    def keep_renewing(self) -> None:
        """Look for those who ask, and have the index written anew once for all of them, until told to stop."""
        while not self.stop.wait(RENEW_LOOK_S):
            if self.neighbours.anyone_asks():
                try:
                    with self.neighbours.to_renew():
                        self._renew_for(self.neighbours.take_asked())
                except (VecuError, OSError) as wrong:
                    log.warning("the index could not be written anew: %s", wrong)

    def _renew_for(self, asked: dict[Path, list[StoryId]]) -> None:
        done = False
        try:
            self._renew(frozenset(story_id for ids in asked.values() for story_id in ids))
            done = True
        finally:
            self.neighbours.answer(asked, done=done)

    def _renew(self, without: Collection[StoryId]) -> None:
        from vectorstore.chroma_folder import copy_fresh, drop_fresh
        host, port = self._answering()
        if not copy_fresh(f"{host}:{port}", self.folder, without):
            log.warning("the index could not be copied; it is made again from the bank")
            drop_fresh(self.folder)
        self.neighbours.forget_index()
        self._fresh_waits, self._fresh_taken = True, False
        try:
            self.child.restart()
            self._answering()
            if not self._fresh_taken:
                raise _not_renewed()
        finally:
            self._fresh_waits = False  # from now on others write: a copy that still waits would lose it

    def _answering(self) -> tuple[str, int]:
        """Wait for the server and return where it is (`NotAvailable` when it does not come)."""
        until = time.monotonic() + START_WITHIN_S
        while (place := self.neighbours.index_place()) is None:
            if time.monotonic() > until or self.stop.is_set():
                raise _not_renewed()
            time.sleep(0.1)
        return place

    def _prepare(self) -> None:
        from vectorstore.chroma_folder import mended, take_fresh
        from vectorstore.owner import own
        self.neighbours.forget_index()
        if self._fresh_waits:
            with own(self.folder):
                self._fresh_waits = False  # cut in the middle, the folder is mended at the next start
                take_fresh(self.folder)
                self._fresh_taken = True
        elif mended(self.folder):
            log.warning("the index is damaged; it is being made again from the bank")
        self._port = free_port()  # the one before may have been taken meanwhile

    def _command(self) -> Sequence[str]:
        from vectorstore.chroma import serve_command
        return serve_command(self.folder, self._port)

    def _tell(self) -> None:
        port = self._port
        until = time.monotonic() + START_WITHIN_S
        while port == self._port and time.monotonic() < until:
            if answers(LOOPBACK, port):
                self.neighbours.note_index(LOOPBACK, port)
                return
            time.sleep(0.1)


def _not_renewed() -> NotAvailable:
    return NotAvailable("Le serveur de l'index ne répond pas ; regardez le journal index.log.",
                        "The index server does not answer; look at index.log.")
