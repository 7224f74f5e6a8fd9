"""Nothing on another site changes anything here in somebody's name (CSRF)."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from story_bank.ids import new_id

pytestmark = pytest.mark.slow

ELSEWHERE = [{"origin": "https://elsewhere.example"}, {"origin": "null"}, {"origin": "http://127.0.0.1:7861"},
             {"origin": "http://127.0.0.1.elsewhere.example"}, {"origin": "http://["}, {"sec-fetch-site": "cross-site"},
             {"sec-fetch-site": "same-site"}]
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def _doors(routes: list[BaseRoute]) -> list[tuple[str, str]]:
    """Return (method, path) of every route that changes something, every parameter filled in."""
    found = []
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            found += _doors(included.routes)
        elif isinstance(route, APIRoute):
            path = route.path.format(**{name: new_id() for name in route.param_convertors})
            found += [(method, path) for method in sorted(route.methods & CHANGING)]
    return found


def test_every_door_that_changes_something_is_walked(app: FastAPI) -> None:
    """The walk below is not empty, and knows the doors of this day."""
    paths = {path for _, path in _doors(app.routes)}
    assert {"/connexion", "/deconnexion", "/invitation", "/mot-de-passe", "/compte", "/compte/ambassadeur",
            "/compte/ambassadeur/quitter", "/compte/ecrits/supprimer", "/compte/mot-de-passe", "/compte/session",
            "/compte/sessions/autres", "/entreprise/invitation", "/entreprise/roles", "/entreprise/lien",
            "/entreprise/depart", "/entreprise/retour", "/departs"} <= paths


@pytest.mark.parametrize("headers", ELSEWHERE, ids=lambda headers: str(next(iter(headers.values()))))
def test_a_request_from_elsewhere_is_refused_at_every_door(app: FastAPI, enter, claire, tools, headers) -> None:
    """Whatever cookies came with it, before anything is read of it."""
    browser = enter(claire)
    with tools.bank.open() as work:
        before = work.people()
    let_in = [(method, path) for method, path in _doors(app.routes)
              if browser.request(method, path, headers=headers).status_code != 403]
    assert let_in == []
    with tools.bank.open() as work:
        assert work.people() == before
    assert browser.get("/moi").status_code == 200


@pytest.mark.parametrize("headers", ELSEWHERE[:3], ids=str)
def test_the_mounted_pages_refuse_it_too(app: FastAPI, enter, claire, headers) -> None:
    """Their events go through the same guard."""
    browser = enter(claire)
    mounted = [route.path for route in app.routes if isinstance(route, Mount) and route.path in {"/fr", "/en"}]
    assert mounted == ["/fr", "/en"]
    for root in mounted:
        for path in ("/gradio_api/queue/join", "/gradio_api/run/predict", "/gradio_api/upload"):
            assert browser.post(f"{root}{path}", headers=headers, json={}).status_code == 403


def test_ones_own_site_is_let_through(enter, claire) -> None:
    """By its origin, or by what the browser says of the request."""
    for headers in ({"origin": "http://127.0.0.1:7860"}, {"sec-fetch-site": "same-origin"}, {}):
        assert enter(claire).post("/compte", data={"job": "x"}, headers=headers).status_code == 303
