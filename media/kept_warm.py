"""A model that is costly to load: loaded once, shared, and let go when nobody has used it for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class KeptWarm(Generic[T]):
    """Holds what `load` returns until it has been idle for `idle_s` seconds."""

    def __init__(self, load: Callable[[], T], idle_s: float) -> None:
        self._load = load
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._held: T | None = None
        self._users = 0
        self._timer: threading.Timer | None = None

    @property
    def loaded(self) -> bool:
        """Tell whether it is in memory now."""
        return self._held is not None

    @contextmanager
    def use(self) -> Iterator[T]:
        """Give it for the length of the `with`, loading it first if need be; a failed load is tried again next time."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            held = self._held if self._held is not None else self._load()
            self._held = held
            self._users += 1
        try:
            yield held
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._let_go_later()

    def _let_go_later(self) -> None:
        self._timer = threading.Timer(self._idle_s, self._let_go)
        self._timer.daemon = True
        self._timer.start()

    def _let_go(self) -> None:
        with self._lock:
            if not self._users and threading.current_thread() is self._timer:
                self._held = None
