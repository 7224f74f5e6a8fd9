"""The real application in this process, over a real bank and vault, visited from a loopback address."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from story_bank.company import Company
from story_bank.ids import PersonId, new_id
from story_bank.person import Person, Role
from studio.settings import Settings
from studio.toolbox import Toolbox
from studio.web.app import create_app
from studio.web.front import Manner
from studio.wiring import toolbox

HOST = "http://127.0.0.1:7860"
LOOPBACK = ("127.0.0.1", 50_000)
VOICE = Path(__file__).parents[2] / "studio" / "demo" / "media" / "fr4_technicien_quart_heure.m4a"
Visit = Callable[..., TestClient]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def tools(home: Path) -> Toolbox:
    return toolbox(Settings(home=home), may_own_index=False)


def _person(tools: Toolbox, name: str, cast: bool, *roles: Role) -> Person:
    person = Person(PersonId(new_id()), name, name.split()[0], "fr", job="infirmière", team="nuit",
                    roles=frozenset({Role.CONTRIBUTOR, *roles}), demo=cast, cast=cast)
    with tools.bank.open() as work:
        work.save_person(person)
        work.commit()
    return person


@pytest.fixture(scope="module")
def claire(tools: Toolbox) -> Person:
    with tools.bank.open() as work:
        work.save_company(Company("Aubépine"))
        work.commit()
    return _person(tools, "Claire Morel", True, Role.ADMINISTRATOR)


@pytest.fixture(scope="module")
def moussa(tools: Toolbox) -> Person:
    return _person(tools, "Moussa Diallo", True, Role.EDITOR)


@pytest.fixture(scope="module")
def app(tools: Toolbox, claire: Person) -> FastAPI:
    return create_app(tools)


@pytest.fixture
def visit(app: FastAPI) -> Iterator[Visit]:
    """Return a browser of its own for each call; it follows no redirect."""
    open_ones: list[TestClient] = []

    def browser(other: FastAPI | None = None, client: tuple[str, int] = LOOPBACK, host: str = HOST) -> TestClient:
        made = TestClient(other or app, base_url=host, client=client, follow_redirects=False)
        open_ones.append(made)
        return made

    yield browser
    for each in open_ones:
        each.close()


@pytest.fixture
def enter(visit: Visit) -> Callable[[Person], TestClient]:
    """Return a browser in which this person of the cast has signed in."""
    def signed_in(person: Person) -> TestClient:
        browser = visit()
        assert browser.post("/connexion/demonstration", data={"personne": person.id}).status_code == 303
        return browser

    return signed_in


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """A short real recording."""
    return Path(shutil.copy(VOICE, tmp_path / "récit 🎤.m4a"))


@pytest.fixture(scope="module")
def elsewhere(tools: Toolbox, claire: Person) -> FastAPI:
    """The same studio, listening on every address."""
    return create_app(tools, Manner(host="0.0.0.0"))
