"""Coming in by the company's sign-in: away with an errand, back with an answer."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from story_bank.errors import NotFound, VecuError
from story_bank.ids import PersonId
from studio.access.company_accounts import ERRAND_LASTS
from studio.access.provider import Errand, Provider
from studio.web.doors import dead_link, inside, keep_cookie, safe_place, sign_in_page
from studio.web.front import Front
from studio.web.paper import page

AWAY = "/connexion/entreprise"
BACK = f"{AWAY}/retour"
_COOKIE = "vecu_aller"


def routes(front: Front) -> APIRouter:
    """Return the routes to the company's sign-in and back; without one there are none."""
    router = APIRouter()
    if front.manner.provider is not None:
        _errands(router, front, front.manner.provider)
        _back(router, front, front.manner.provider)
    return router


def _errands(router: APIRouter, front: Front, provider: Provider) -> None:
    @router.get(AWAY)
    def away(request: Request, vers: str = "/") -> Response:
        try:
            errand = _begin(front, request, safe_place(vers))
            answer: Response = RedirectResponse(provider.address(errand), 303)
        except VecuError as error:
            return sign_in_page(front, request, vers, "", error)
        return _sent(front, request, answer, errand)

    @router.post("/compte/entreprise")
    def link(request: Request) -> Response:
        """Offer the way there as a link: a form may not lead to another site, and nobody else's click may begin it."""
        try:
            errand = _begin(front, request, "/compte", front.asker(request).person.id)
            answer = page(front, request, "relier", there=provider.address(errand), provider=provider.label)
        except VecuError as error:
            return dead_link(front, request, error)
        return _sent(front, request, answer, errand)


def _back(router: APIRouter, front: Front, provider: Provider) -> None:
    @router.get(BACK)
    def back(request: Request) -> Response:
        there = "/"
        try:
            secret = request.cookies.get(front.cookie_named(_COOKIE), "")
            spent = front.company_accounts.spend(secret)
            there = spent.about
            claims = provider.claims(Errand(secret, front.link(request, BACK[1:])), request.query_params)
            if spent.person_id is not None:
                _same_person(front, request, spent.person_id)
                front.company_accounts.link(claims, spent.person_id)
                answer: Response = RedirectResponse(there, 303)
            else:
                answer = inside(front, request, front.company_accounts.enter(claims), there)
        except VecuError as error:
            answer = sign_in_page(front, request, there, "", error)
        answer.delete_cookie(front.cookie_named(_COOKIE), path="/", secure=front.manner.secure, httponly=True,
                             samesite="lax")
        return answer


def _begin(front: Front, request: Request, there: str, linking: PersonId | None = None) -> Errand:
    return front.company_accounts.begin(front.link(request, BACK[1:]), there, linking)


def _sent(front: Front, request: Request, answer: Response, errand: Errand) -> Response:
    keep_cookie(front, request, answer, _COOKIE, errand.secret, int(ERRAND_LASTS.total_seconds()))
    return answer


def _same_person(front: Front, request: Request, person_id: PersonId) -> None:
    if front.person_id(request) != person_id:
        raise NotFound("Votre session est terminée ; connectez-vous de nouveau, puis reliez votre compte.",
                       "Your session has ended; sign in again, then link your account.")
