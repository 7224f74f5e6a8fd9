"""Somebody at a corner as an asker: every door of the studio is shut to them, but that of telling one story."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from story_bank.access import AT_A_CORNER, Duty
from story_bank.person import Person
from studio.access.corners import Opened
from tests.policy.doors import BEHIND, STORIES, Knock, Refused
from tests.policy.stage import Stage
from tests.web.sending import begin

pytestmark = pytest.mark.slow


@pytest.fixture
def at_corner(app: FastAPI, set_stage: Stage, events: dict[tuple[str, str], Any]) -> Knock:
    """A browser that began a visit; a page event then knows nobody, as the mounted pages would not."""
    set_stage.restore()
    front = app.state.front
    corner = front.corners.open(set_stage.people["editor"], Opened("J", set_stage.tools.today() + timedelta(days=1)))
    browser = TestClient(app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50_000), follow_redirects=False)
    assert browser.post(f"/coin/{corner.secret}/commencer").status_code == 200
    with set_stage.tools.bank.open() as work:
        visitor: Person = work.person(work.visits()[0].person_id)
    username = front.sessions.person(browser.cookies.get(front.cookie))
    assert username is None, "the pages do not know a session at a corner"
    return Knock(set_stage, replace(visitor, id=username), browser, events)


@pytest.mark.parametrize("name", [name for name in STORIES if not name.startswith("vecu")])
def test_no_door_to_a_story_opens_at_a_corner(name: str, at_corner: Knock, set_stage: Stage) -> None:
    """A40: not to one that everybody here may read either; nothing about any story changes."""
    door, opened = STORIES[name], []
    for told in set_stage.others:
        before = set_stage.fingerprint(told)
        try:
            came_out = str(door.knock(at_corner, told))
        except Refused:
            came_out = ""
        if told.mark in came_out or set_stage.fingerprint(told) != before:
            opened.append(told.state.name)
    assert opened == []


@pytest.mark.parametrize("name", [name for name, behind in BEHIND.items() if behind.duty and " /" in name
                                  and behind.duty not in AT_A_CORNER])
def test_no_duty_is_held_at_a_corner(name: str, at_corner: Knock) -> None:
    """V30: telling is the only one."""
    method, path = name.split(" ")
    answer = at_corner.browser.request(method, path.replace("{", "").replace("}", ""))
    assert answer.status_code in {303, 401, 403, 404, 422}
    assert answer.status_code != 303 or answer.headers["location"].startswith("/connexion")


def test_telling_is_open_at_a_corner(at_corner: Knock) -> None:
    """A40: one upload may begin."""
    assert frozenset({Duty.TELL}) == AT_A_CORNER
    assert begin(at_corner.browser).status_code == 201
