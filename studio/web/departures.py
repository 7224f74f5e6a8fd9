"""Departures: what keepers of consents are asked about the stories of those who have left."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from prompts.consent_text import purpose_label
from story_bank.access import LightState
from story_bank.consent import Purpose
from story_bank.errors import NotFound, VecuError
from story_bank.ids import ReviewId
from story_bank.language import Language
from studio.steps.leave import OpenReviews, Reviewed, SettleReview
from studio.ui.days import day_text
from studio.ui.voices import lit
from studio.ui.words import W
from studio.web.doors import Text, dead_link, said
from studio.web.front import Front
from studio.web.paper import page

_CLOSED = W("Un récit que personne d'autre ne peut voir", "A story that nobody else can see")


def routes(front: Front) -> APIRouter:
    """Return the routes of the page of departures."""
    router = APIRouter()

    @router.get("/departs")
    def departures(request: Request) -> Response:
        if front.person_id(request) is None:
            return RedirectResponse("/connexion?vers=/departs", 303)
        return _page(front, request)

    @router.post("/departs")
    def settle(request: Request, examen: Text, reponse: Annotated[str, Form(pattern="^(garder|fermer)$")]) -> Response:
        try:
            SettleReview(front.tools).run(front.asker(request), ReviewId(examen), keep=reponse == "garder")
        except VecuError as error:
            return _page(front, request, error)
        return RedirectResponse("/departs", 303)

    return router


def _page(front: Front, request: Request, error: VecuError | None = None) -> Response:
    try:
        asker = front.asker(request)
        reviews = OpenReviews(front.tools).run(asker)
    except (NotFound, VecuError) as closed:
        return dead_link(front, request, closed)
    lang = asker.person.language
    shown = [_shown(each, lang) for each in reviews]
    return page(front, request, "departs", 400 if error else 200, sentence=said(front, request, error), here="departs",
                asked=[each for each in shown if not each["settled"]],
                settled=[each for each in shown if each["settled"]])


def _shown(reviewed: Reviewed, lang: Language) -> dict[str, Any]:
    """Return what the page shows: a story that is closed to everybody keeps its title to itself."""
    closed = reviewed.light.state is LightState.STOP or not reviewed.title
    left_on = reviewed.person.left_on
    return {
        "id": reviewed.review.id, "title": _CLOSED.said(lang) if closed else reviewed.title,
        "language": lang if closed else reviewed.story.language, "who": reviewed.person.display_name,
        "author": reviewed.story.author_id == reviewed.person.id,
        "left": day_text(left_on, lang) if left_on else "",
        "light": lit(reviewed.light, purpose_label(Purpose.LIBRARY).said(lang), lang),
        "settled": reviewed.review.settled_at is not None, "kept": reviewed.review.kept}
