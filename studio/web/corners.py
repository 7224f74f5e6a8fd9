"""Corners at events, for communications and administrators: open one, print its address, close it; no story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from story_bank.corner import Corner
from story_bank.errors import BadInput, NotAllowed, NotFound, VecuError
from story_bank.ids import CornerId
from story_bank.language import LANGUAGES
from story_bank.person import Person
from studio.access.corners import SHOWN_FROM, Opened
from studio.documents.square_code import drawn
from studio.ui.days import day_text
from studio.web.doors import Many, Text, dead_link, said
from studio.web.front import Front
from studio.web.paper import page
from studio.wiring import square_code

USUAL = timedelta(days=1)
"""How long the form proposes: today and tomorrow."""
LISTED = 30


def routes(front: Front) -> APIRouter:
    """Return the routes of the corners' own page."""
    router, squared = APIRouter(), square_code()

    @router.get("/coins")
    def corners(request: Request) -> Response:
        if front.person_id(request) is None:
            return RedirectResponse("/connexion?vers=/coins", 303)
        return _done(front, request, lambda _: None, {})

    @router.post("/coins")
    def begin(request: Request, name: Annotated[str, Form(max_length=200)], until: Text,
              languages: Many = []) -> Response:  # noqa: B006 (FastAPI copies)
        def opened(asker: Person) -> None:
            chosen = tuple(code for code in LANGUAGES if code in languages)
            front.corners.open(asker, Opened(name, _day(until), chosen))

        return _done(front, request, opened, {"name": name, "until": until, "languages": languages})

    @router.post("/coins/{corner_id}/fermer")
    def close(request: Request, corner_id: str) -> Response:
        return _done(front, request, lambda asker: front.corners.close(asker, CornerId(corner_id)), {})

    @router.get("/coins/{corner_id}/affiche")
    def sheet(request: Request, corner_id: str) -> Response:
        try:
            asker = front.asker(request).person
            corner = front.corners.one(asker, CornerId(corner_id))
        except VecuError as error:
            if front.person_id(request) is None:
                return RedirectResponse("/connexion?vers=/coins", 303)
            return dead_link(front, request, error)
        address = front.link(request, f"coin/{corner.secret}")
        return page(front, request, "affiche", corner=corner, address=address, qr=drawn(squared(address)))

    return router


def _done(front: Front, request: Request, deed: Callable[[Person], None], typed: dict[str, Any]) -> Response:
    """Do it, then show the page, or what went wrong beside what was typed."""
    try:
        asker = front.asker(request).person
        front.corners.all(asker)
    except (NotFound, NotAllowed) as closed:
        return dead_link(front, request, closed)
    try:
        deed(asker)
    except VecuError as error:
        return _page(front, request, asker, typed, error)
    return RedirectResponse("/coins", 303) if request.method == "POST" else _page(front, request, asker, {})


def _page(front: Front, request: Request, asker: Person, typed: dict[str, Any],
          wrong: VecuError | None = None) -> Response:
    today = front.tools.today()
    fields = {"name": "", "until": (today + USUAL).isoformat(), "languages": [asker.language]} | typed
    listed = [_listed(front, request, corner, asker, today) for corner in front.corners.all(asker)[:LISTED]]
    return page(front, request, "coins", 400 if wrong else 200, typed=fields, today=today.isoformat(),
                open_ones=[each for each in listed if each["open"]],
                over=[each for each in listed if not each["open"]],
                sentence=said(front, request, wrong), here="coins")


def _listed(front: Front, request: Request, corner: Corner, asker: Person, today: date) -> dict[str, Any]:
    return {"id": corner.id, "name": corner.name, "until": day_text(corner.until_day, asker.language),
            "open": corner.open_on(today), "address": front.link(request, f"coin/{corner.secret}"),
            "path": f"/coin/{corner.secret}", "languages": corner.languages,
            "told": corner.told if corner.told >= SHOWN_FROM else None}


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise BadInput("Donnez le dernier jour, comme 2026-12-31.", "Give the last day, such as 2026-12-31.") from None
