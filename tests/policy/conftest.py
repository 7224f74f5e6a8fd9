"""The stage, the studio over it, and somebody of every role at its doors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from docs.policy import ROLES
from story_bank.bank import Token
from studio.access.secrets import kept_as
from studio.ui.site import blocks
from studio.web.app import create_app
from tests.policy.doors import Knock
from tests.policy.stage import Stage, stage


@pytest.fixture(scope="session")
def set_stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return stage(tmp_path_factory.mktemp("policy"))


@pytest.fixture(scope="session")
def app(set_stage: Stage) -> FastAPI:
    return create_app(set_stage.tools)


@pytest.fixture(scope="session")
def events(set_stage: Stage) -> dict[tuple[str, str], Callable[..., Any]]:
    """Every handler that a page calls, by page and name."""
    return {(made.page or "", made.name): made.fn for made in blocks("fr", set_stage.tools).fns.values() if made.fn}


def session_of(set_stage: Stage, role: str) -> str:
    """Open a session as sign-in does, and as a signing link does for a guest."""
    secret, now = f"session-{role}", set_stage.tools.clock()
    with set_stage.tools.bank.open() as work:
        work.save_token(Token(kept_as(secret), "session", set_stage.people[role].id, now, now + timedelta(days=1)))
        work.commit()
    set_stage.keep()
    return secret


@pytest.fixture(scope="session")
def browsers(app: FastAPI, set_stage: Stage) -> Iterator[dict[str, TestClient]]:
    """A browser for each role, signed in."""
    opened = {}
    for role in (*ROLES, "beside"):
        opened[role] = TestClient(app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50_000),
                                  follow_redirects=False)
        opened[role].cookies.set(app.state.front.cookie, session_of(set_stage, role))
    yield opened
    for each in opened.values():
        each.close()


@pytest.fixture(scope="session")
def knocks(set_stage: Stage, browsers: dict[str, TestClient], events: dict[tuple[str, str], Any]) -> dict[str, Knock]:
    return {role: Knock(set_stage, set_stage.people[role], browsers[role], events) for role in browsers}
