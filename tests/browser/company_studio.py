"""A studio whose company has its own sign-in: `vecu serve` beside a real OpenID provider, both on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studio.settings import Settings
from studio.wiring import toolbox
from tests.browser.conftest import ROOT, Studio, _settle, _wait_until_it_answers, free_port
from tests.web.company_sign_in import CompanySignIn, sign_in_of


@contextmanager
def company_studio(home: Path, iam_server: Any) -> Iterator[tuple[Studio, CompanySignIn]]:
    """Serve the studio by its own command, without a worker, and make it a client of the provider."""
    tools = toolbox(Settings(home=home), may_own_index=False)
    people, port, log = _settle(tools), free_port(), home / "serve.log"
    url = f"http://127.0.0.1:{port}"
    company = sign_in_of(iam_server, f"{url}/connexion/entreprise/retour")
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "studio.cli", "serve", "--port", str(port), "--no-worker"], cwd=ROOT, stdout=out,
            stderr=out, env=os.environ | company.settings() | {"VECU_HOME": str(home)})
    try:
        _wait_until_it_answers(url, server, log)
        yield Studio(url, home, tools, people), company
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
