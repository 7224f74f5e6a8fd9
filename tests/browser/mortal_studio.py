"""A studio that can be killed in the middle of a sentence and started again on the same home and address."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from studio.settings import Settings
from studio.toolbox import Toolbox
from studio.wiring import toolbox
from tests.browser.conftest import ROOT, Studio, _settle, _wait_until_it_answers, free_port


@dataclass(slots=True)
class MortalStudio:
    """A `vecu serve` without a worker, over a small company."""

    studio: Studio
    server: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def tools(self) -> Toolbox:
        """The tools over its home."""
        return self.studio.tools

    def start(self) -> None:
        """Serve, and wait until it answers."""
        home, url = self.studio.home, self.studio.url
        with (home / "serve.log").open("ab") as out:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "studio.cli", "serve", "--port", url.rsplit(":", 1)[1], "--no-worker"],
                cwd=ROOT, stdout=out, stderr=out, env=os.environ | {"VECU_HOME": str(home)})
        _wait_until_it_answers(url, self.server, home / "serve.log")

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it at once, as a power cut would."""
        assert self.server is not None
        self.server.send_signal(how)
        self.server.wait(20)


@contextmanager
def mortal_studio(home: Path) -> Iterator[MortalStudio]:
    """Serve a studio over a home; what is left of it ends with the block."""
    tools = toolbox(Settings(home=home), may_own_index=False)
    mortal = MortalStudio(Studio(f"http://127.0.0.1:{free_port()}", home, tools, _settle(tools)))
    mortal.start()
    try:
        yield mortal
    finally:
        mortal.kill(signal.SIGTERM)
