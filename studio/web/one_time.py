"""Pages behind one-time links: first set-up, an invitation, a new password."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from story_bank.company import Company
from story_bank.consent import Channel
from story_bank.errors import VecuError
from story_bank.ids import PersonId
from story_bank.language import LANGUAGES, Language
from story_bank.person import Person
from studio.access.accounts import Identity
from studio.access.links import LinkKind
from studio.ui.words import CHANNEL_NAMES
from studio.web.doors import Many, Text, dead_link, inside, said
from studio.web.front import Front
from studio.web.paper import page

Drawn = Callable[[VecuError], Response]


def routes(front: Front) -> APIRouter:
    """Return the routes that a link opens once."""
    router = APIRouter()
    _set_up(router, front)
    _invitation(router, front)
    _new_password(router, front)
    return router


def _set_up(router: APIRouter, front: Front) -> None:
    @router.get("/installation")
    def show(request: Request, jeton: str = "") -> Response:
        return _setup_page(front, request, jeton, {"languages": ["fr"], "channels": []})

    @router.post("/installation")
    async def set_up(request: Request, jeton: Text, name: Text, email: Text, password: Text, company: Text,
                     values: Text = "", languages: Many = [], channels: Many = []) -> Response:  # noqa: B006 (FastAPI copies)
        typed = {"name": name, "email": email, "company": company, "values": values, "languages": languages,
                 "channels": channels}
        chosen: tuple[Language, ...] = tuple(code for code in LANGUAGES if code in languages) or ("fr",)

        def found() -> PersonId:
            front.accounts.look("setup", jeton, front.came_from(request))
            made = Company(company.strip()[:200], chosen, tuple(each for each in Channel if each.value in channels))
            lines = tuple(line.strip()[:120] for line in values.splitlines() if line.strip())
            return front.accounts.found(jeton, Identity(name, email, password, chosen[0]), made, lines)

        return await _enter(front, request, found, lambda error: _setup_page(front, request, jeton, typed, error))


def _invitation(router: APIRouter, front: Front) -> None:
    @router.get("/invitation")
    def show(request: Request, jeton: str = "") -> Response:
        return _person_page(front, request, "invitation", jeton)

    @router.post("/invitation")
    async def accept(request: Request, jeton: Text, email: Text, password: Text) -> Response:
        def accepted() -> PersonId:
            front.accounts.look("invitation", jeton, front.came_from(request))
            return front.accounts.accept(jeton, email, password)

        return await _enter(front, request, accepted,
                            lambda error: _person_page(front, request, "invitation", jeton, email, error))


def _new_password(router: APIRouter, front: Front) -> None:
    @router.get("/mot-de-passe")
    def show(request: Request, jeton: str = "") -> Response:
        return _person_page(front, request, "reset", jeton)

    @router.post("/mot-de-passe")
    async def choose(request: Request, jeton: Text, password: Text) -> Response:
        def chosen() -> PersonId:
            front.accounts.look("reset", jeton, front.came_from(request))
            return front.accounts.reset(jeton, password)

        return await _enter(front, request, chosen,
                            lambda error: _person_page(front, request, "reset", jeton, error=error))


async def _enter(front: Front, request: Request, spend: Callable[[], PersonId], again: Drawn) -> Response:
    """Spend the link and lead the person in, or draw the page again with what went wrong."""
    def answer() -> Response:
        try:
            return inside(front, request, spend(), "/")
        except VecuError as error:
            return again(error)

    return await front.in_turn(answer)


def _setup_page(front: Front, request: Request, secret: str, typed: Mapping[str, object],
                error: VecuError | None = None) -> Response:
    try:
        front.accounts.look("setup", secret, front.came_from(request))
    except VecuError as closed:
        return dead_link(front, request, closed)
    lang = front.language(request)
    channels = [(code, name.said(lang)) for code, name in CHANNEL_NAMES.items()]
    blank = {"name": "", "email": "", "company": "", "values": ""}
    return page(front, request, "installation", 400 if error else 200, secret=secret, typed={**blank, **typed},
                channels=channels, sentence=said(front, request, error), here=_here("installation", secret))


def _person_page(front: Front, request: Request, kind: LinkKind, secret: str, email: str = "",
                 error: VecuError | None = None) -> Response:
    try:
        person = _person(front, front.accounts.look(kind, secret, front.came_from(request)))
    except VecuError as closed:
        return dead_link(front, request, closed)
    name = "mot-de-passe" if kind == "reset" else "invitation"
    return page(front, request, name, 400 if error else 200, secret=secret, who=person.first_name,
                email=email or person.email or "", sentence=said(front, request, error), here=_here(name, secret))


def _here(name: str, secret: str) -> str:
    """Return where the other language is asked for, also after a form was sent."""
    return f"{name}?{urlencode({'jeton': secret})}"


def _person(front: Front, person_id: PersonId | None) -> Person:
    with front.tools.bank.open() as work:
        return work.person(person_id or PersonId(""))
