"""Claiming with the code of a receipt: for whoever has an account; to anybody else it says how to get one."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from story_bank.access import Duty, holds
from story_bank.bank import Asker
from story_bank.errors import NotFound, VecuError
from studio.access.attempts import MOST_FROM_ONE_PLACE, Tried
from studio.steps.corner import Claim
from studio.web.doors import Text, said
from studio.web.front import Front
from studio.web.paper import page


def routes(front: Front) -> APIRouter:
    """Return the routes by which a story told at a corner becomes one's own."""
    router = APIRouter()

    @router.get("/recuperer")
    def show(request: Request, code: str = "") -> Response:
        return _page(front, request, code[:40])

    @router.post("/recuperer")
    def claim(request: Request, code: Text) -> Response:
        try:
            asker = front.asker(request)
        except NotFound:
            return RedirectResponse("/connexion?" + urlencode({"vers": "/recuperer"}), 303)
        tried = (Tried(f"claim {asker.person.id}"),
                 Tried(f"claim from {front.came_from(request).address}", MOST_FROM_ONE_PLACE))
        try:
            front.claims.check(*tried)
            story_id = Claim(front.tools).run(asker, code)
        except VecuError as error:
            if isinstance(error, NotFound):
                front.claims.failed(*tried)
            return _page(front, request, code[:40], error)
        return RedirectResponse(f"/{asker.person.language}/?story={story_id}", 303)

    return router


def _page(front: Front, request: Request, code: str, error: VecuError | None = None) -> Response:
    asker: Asker | None = None
    if front.person_id(request) is not None:
        asker = front.asker(request)
    account = asker is not None and holds(asker.person, Duty.TELL)
    there = "/recuperer" + (f"?{urlencode({'code': code})}" if code else "")
    return page(front, request, "recuperer", 400 if error else 200, code=code, account=account,
                enter=f"/connexion?{urlencode({'vers': there})}", sentence=said(front, request, error),
                here=there.lstrip("/"))
