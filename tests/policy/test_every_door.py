"""Every door of the studio, every role, one's own and another's story, every state of consent: as the policy says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from docs.policy import ROLES
from story_bank.access import Act, Duty, Use, holds, may, open_to_all
from story_bank.consent import Channel
from story_bank.errors import VecuError
from story_bank.person import Person
from studio.cli import COMMANDS
from tests.policy.doors import BEHIND, STORIES, Door, Knock, Refused
from tests.policy.stage import Stage, Told
from tests.web.sending import VERSION, add, begin, begun, drop, reached, waiting

pytestmark = pytest.mark.slow

EVERYTHING = "everything, on the channel"
STATES_FOR = {"vecu draft": {"nothing signed", "library", EVERYTHING, "everything, ended yesterday"},
              "vecu transcript-export": {"nothing signed", "library", "library, drafts"},
              "vecu withdraw": {"nothing signed", EVERYTHING},
              "vecu forget": {EVERYTHING}}
"""Commands open a studio of their own each time, so they are walked in fewer states than pages are."""


def allowed(door: Door, asker: Person, told: Told, stage: Stage) -> bool:
    """Return what the policy says of this door, this person and this story."""
    own = told.story.author_id == asker.id
    if door.own and not own:
        return False
    if door.duty is not None and not holds(asker, door.duty):
        return False
    return may(asker, door.asks, told.story.author_id, told.scopes, stage.tools.today())


def readable(asker: Person, told: Told, stage: Stage) -> bool:
    return may(asker, Use(Act.READ), told.story.author_id, told.scopes, stage.tools.today())


@pytest.mark.parametrize("name", STORIES)
def test_a_door_opens_where_the_policy_says_and_nowhere_else(
        name: str, set_stage: Stage, knocks: dict[str, Knock], monkeypatch: pytest.MonkeyPatch) -> None:
    """V30, S04, L08 to L12: nothing of a story comes out of a closed door, and nothing about the story changes."""
    door, wrong = STORIES[name], []
    set_stage.restore()
    monkeypatch.setenv("VECU_HOME", str(set_stage.home))
    for role in ROLES:
        for told in (*set_stage.own_of(role), *set_stage.others):
            if told.state.name not in STATES_FOR.get(name, {told.state.name}):
                continue
            asker = set_stage.people[role]
            before = set_stage.fingerprint(told)
            try:
                came_out = repr(door.knock(knocks[role], told))
            except Refused:
                came_out = ""
            changed = set_stage.fingerprint(told) != before
            opened = changed if door.sign is None else door.sign(told) in came_out
            leaked = not readable(asker, told, set_stage) and (told.mark in came_out or changed)
            if opened != allowed(door, asker, told, set_stage) or leaked:
                wrong.append((role, "own" if told.owner == role else "another's", told.state.name,
                              "opened" if opened else "shut", "leaked" if leaked else ""))
    assert not wrong, f"{len(wrong)} cells: {wrong[:8]}"


DECIDES = {"event decider.opened", "event decider.considered", "event decider.signed", "event decider.withdrew",
           "GET /media/recording/{recording_id}", "GET /media/poster/{recording_id}"}
"""One hears and sees oneself before deciding."""
TAKES_BACK = {name for name in STORIES if name.endswith((".withdrew", "vecu withdraw"))} - DECIDES


@pytest.mark.parametrize("name", [name for name in STORIES if name not in TAKES_BACK and not name.startswith("vecu")])
def test_who_appears_in_a_story_decides_about_it_and_is_else_a_colleague(name: str, set_stage: Stage,
                                                                         knocks: dict[str, Knock]) -> None:
    """L12: beside the author, once the author has signed: their own decision, and nothing that is the author's."""
    door, wrong = STORIES[name], []
    set_stage.restore()
    asker = set_stage.people["beside"]
    for told in (each for each in set_stage.others if asker.id in each.story.appearing):
        before = set_stage.fingerprint(told)
        try:
            came_out = repr(door.knock(knocks["beside"], told))
        except Refused:
            came_out = ""
        changed = set_stage.fingerprint(told) != before
        opened = changed if door.sign is None else door.sign(told) in came_out
        if opened != (name in DECIDES or allowed(door, asker, told, set_stage)):
            wrong.append((told.state.name, "opened" if opened else "shut"))
    assert wrong == []


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield every route as (method, path); the two mounted languages are walked as page events."""
    waiting = list(app.routes)
    while waiting:
        route: Any = waiting.pop()
        waiting += route.original_router.routes if hasattr(route, "original_router") else []
        yield from ((method, route.path) for method in (getattr(route, "methods", None) or ()) if method != "HEAD")


def test_every_door_says_what_it_asks(app: FastAPI, events: dict[tuple[str, str], Callable[..., Any]]) -> None:
    """V30: a new route, page event or command cannot be added without a line in the table."""
    there = {f"{method} {path}" for method, path in routes_of(app)}
    there |= {f"event {page}.{name}" for page, name in events} | {f"vecu {name}" for name in COMMANDS}
    known = {name.split(" (")[0] for name in STORIES} | set(BEHIND)
    assert (there - known, known - there) == (set(), set())


def test_nobody_comes_in_without_a_session(app: FastAPI) -> None:
    """X1: every route but the doors themselves sends a stranger to sign-in, or answers that there is nothing."""
    stranger = TestClient(app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50_000), follow_redirects=False)
    public = {name for name, behind in BEHIND.items() if behind.why.startswith(("coming in", "it shows", "open to"))}
    opened = []
    for method, path in routes_of(app):
        if f"{method} {path}" in public:
            continue
        filled = path.replace("{", "").replace("}", "")
        answer = stranger.request(method, filled, json={} if method != "GET" else None)
        sent_away = answer.status_code == 303 and answer.headers["location"].startswith("/connexion")
        if not sent_away and answer.status_code not in {401, 404, 422}:
            opened.append((method, path, answer.status_code, answer.headers.get("location")))
    assert opened == []


@pytest.mark.parametrize("name", [name for name, behind in BEHIND.items() if behind.duty and name.startswith("GET")])
def test_a_page_of_a_duty_opens_for_who_holds_it(name: str, set_stage: Stage, browsers: dict[str, TestClient]) -> None:
    """S04, V30: by role, as the table says."""
    set_stage.restore()
    duty = BEHIND[name].duty
    assert duty is not None
    opened = {role for role in ROLES if browsers[role].get(name.split(" ")[1]).status_code == 200}
    assert opened == {role for role in ROLES if holds(set_stage.people[role], duty)}


def test_a_guest_begins_no_story(set_stage: Stage, browsers: dict[str, TestClient]) -> None:
    """L12: who is recognisable in a story decides about it, and nothing else."""
    set_stage.restore()
    begun = {role for role in ROLES if begin(browsers[role]).status_code == 201}
    assert begun == {role for role in ROLES if holds(set_stage.people[role], Duty.TELL)}


def _consent_of(set_stage: Stage, owner: str) -> str:
    with set_stage.tools.bank.open() as work:
        return work.consents_of(set_stage.people[owner].id)[0].id


def test_a_receipt_is_for_who_signed_and_the_steward(set_stage: Stage, browsers: dict[str, TestClient]) -> None:
    """V30, L20: guessing the address of somebody else's receipt finds nothing, for an administrator too."""
    set_stage.restore()
    others = _consent_of(set_stage, "author")
    for role in ROLES:
        own = browsers[role].get(f"/accord/{_consent_of(set_stage, role)}.pdf").status_code
        theirs = browsers[role].get(f"/accord/{others}.pdf").status_code
        assert (role, own, theirs) == (role, 200, 200 if holds(set_stage.people[role], Duty.SEE_REGISTER) else 404)


def test_what_somebody_is_sending_is_theirs(set_stage: Stage, browsers: dict[str, TestClient]) -> None:
    """X1: an upload under way is neither added to, ended, dropped nor listed by anybody else."""
    set_stage.restore()
    mine = browsers["contributor"]
    name = begun(mine)
    assert add(mine, name, 0, b"a voice").status_code == 204
    for role in set(ROLES) - {"contributor"}:
        other = browsers[role]
        asks = (add(other, name, 7, b"x"), other.head(f"/upload/{name}", headers=VERSION), drop(other, name),
                other.post(f"/upload/{name}/finir", json={}))
        assert {answer.status_code for answer in asks} <= {403, 404}, role
        assert str(UUID(name)) not in other.get("/upload").text
    assert (reached(mine, name), name in waiting(mine), drop(mine, name).status_code) == (7, True, 204)


def _listed(at: Knock, slug: str, name: str, **given: Any) -> str:
    request = SimpleNamespace(username=at.asker.id, query_params={})
    try:
        return repr(at.events[slug, name](**given, request=request))
    except (gr.Error, VecuError):
        return ""


EMPTY: dict[str, Any] = {"question": "", "channel": "", "values": [], "teams": [], "sites": [], "languages": []}
LISTS = {
    "the library as it opens": (Use(Act.FIND), lambda at: _listed(at, "bibliotheque", "opened")),
    "a question of the library": (Use(Act.FIND), lambda at: _listed(
        at, "bibliotheque", "searched", **EMPTY | {"question": "le monte-charge en panne"})),
    "usable on the channel": (Use(Act.FIND, Channel.LINKEDIN), lambda at: _listed(
        at, "bibliotheque", "searched", **EMPTY | {"channel": "linkedin"})),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_holds_nothing_that_the_policy_forbids(name: str, set_stage: Stage, knocks: dict[str, Knock]) -> None:
    """A51, L10: what one may not find is neither listed nor named, whoever asks."""
    set_stage.restore()
    use, ask = LISTS[name]
    day, wrong = set_stage.tools.today(), []
    for role in ROLES:
        asker, came_out = set_stage.people[role], ask(knocks[role])
        wrong += [(role, told.owner, told.state.name) for told in set_stage.told if told.mark in came_out
                  and not may(asker, use, told.story.author_id, told.scopes, day)]
        assert any(told.mark in came_out for told in set_stage.told) or role == "guest"
    assert wrong == []


def test_my_stories_are_mine(set_stage: Stage, knocks: dict[str, Knock]) -> None:
    """A41: one's own home shows all of one's own stories and nobody else's."""
    set_stage.restore()
    for role in ROLES:
        came_out = _listed(knocks[role], "mes-recits", "opened")
        assert {told.mark for told in set_stage.told if told.mark in came_out} == {
            told.mark for told in set_stage.own_of(role)}


def test_a_share_page_is_open_while_everyone_agrees(app: FastAPI, set_stage: Stage) -> None:
    """L09, L10, L12: for a stranger who holds its address; else it says that it is gone, and shows nothing."""
    set_stage.restore()
    stranger = TestClient(app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50_000), follow_redirects=False)
    wrong = []
    for told in set_stage.told:
        agreed = open_to_all(told.scopes, Channel.LINKEDIN, set_stage.tools.today())
        for place in (f"/partage/{told.share_secret}", f"/partage/{told.share_secret}/media"):
            answer = stranger.get(place)
            if answer.status_code != (200 if agreed else 410) or (told.mark in answer.text) != agreed:
                wrong.append((told.owner, told.state.name, place.count("/"), answer.status_code))
    assert wrong == []
