"""The doors: sign in, with a password or as one of the cast, and sign out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from story_bank.errors import NotAllowed, NotAvailable, VecuError
from story_bank.ids import PersonId
from story_bank.person import Person
from studio.access.accounts import KNOWN_FOR
from studio.access.sessions import LASTS
from studio.web.front import Front
from studio.web.paper import page

Text = Annotated[str, Form(max_length=20_000)]
Many = Annotated[list[str], Form()]
_BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "SamsungBrowser/": "Samsung Internet", "Firefox/": "Firefox",
             "FxiOS/": "Firefox", "CriOS/": "Chrome", "Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS X": "macOS",
            "CrOS": "ChromeOS", "Linux": "Linux"}


def routes(front: Front) -> APIRouter:
    """Return the routes by which one comes in and goes out."""
    router = APIRouter()
    _sign_in(router, front)
    _sign_out(router, front)
    return router


def _sign_in(router: APIRouter, front: Front) -> None:
    @router.get("/connexion")
    def show(request: Request, vers: str = "/") -> Response:
        return sign_in_page(front, request, vers)

    @router.post("/connexion")
    async def enter(request: Request, email: Text, password: Text, vers: Text = "/") -> Response:
        def answer() -> Response:
            came_from = front.came_from(request)
            try:
                person_id = front.accounts.sign_in(email, password, came_from)
                known = front.accounts.remember_browser(person_id, came_from.browser)
                entered = inside(front, request, person_id, vers)
            except VecuError as error:
                return sign_in_page(front, request, vers, email, error)
            keep_cookie(front, request, entered, "vecu_connu", known, int(KNOWN_FOR.total_seconds()))
            return entered

        return await front.in_turn(answer)

    @router.post("/connexion/demonstration")
    def enter_as_cast(request: Request, personne: Text, vers: Text = "/") -> Response:
        try:
            if not front.from_this_machine(request):
                raise NotAllowed("La démonstration ne s'ouvre que sur l'ordinateur qui la fait tourner.",
                                 "The demonstration opens on the computer that runs it only.")
            return inside(front, request, front.accounts.cast_member(PersonId(personne)), vers)
        except VecuError as error:
            return sign_in_page(front, request, vers, "", error)


def _sign_out(router: APIRouter, front: Front) -> None:
    @router.post("/deconnexion")
    def leave(request: Request) -> Response:
        front.sessions.close(request.cookies.get(front.cookie))
        answer = RedirectResponse("/connexion", 303)
        answer.delete_cookie(front.cookie, path="/", secure=front.manner.secure, httponly=True, samesite="lax")
        return answer


def safe_place(there: str) -> str:
    """Return a path of this very site, or its start: a link must not lead a person elsewhere after sign-in."""
    plain = there.startswith("/") and not there.startswith(("//", "/\\")) and there.isprintable() and "\\" not in there
    return there if plain else "/"


def inside(front: Front, request: Request, person_id: PersonId, there: str) -> Response:
    """Open a new session, end the one that the browser held, and lead on (`NotFound`: no account any more)."""
    secret = front.sessions.open(person_id, browser_name(request.headers), request.cookies.get(front.cookie))
    answer = RedirectResponse(safe_place(there), 303)
    keep_cookie(front, request, answer, "vecu", secret, int(LASTS.total_seconds()))
    return answer


def keep_cookie(front: Front, request: Request, answer: Response, name: str, secret: str, seconds: int) -> None:
    """Let the browser hold a secret: out of reach of scripts, and of forms on other sites."""
    answer.set_cookie(front.cookie_named(name), secret, max_age=seconds, path="/", httponly=True, samesite="lax",
                      secure=front.manner.secure or request.url.scheme == "https")


def browser_name(headers: Mapping[str, str]) -> str:
    """Return by what a person recognises a browser of theirs, such as "Firefox · Linux"; no version, no address."""
    agent = headers.get("user-agent", "")
    return " · ".join(next((name for mark, name in marks.items() if mark in agent), "")
                      for marks in (_BROWSERS, _SYSTEMS)).strip(" ·")


def what_of(person: Person) -> str:
    """Return job, team and site as one line."""
    return " · ".join(part for part in (person.job, person.team, person.site) if part)


def sign_in_page(front: Front, request: Request, there: str, email: str = "",
                 error: VecuError | None = None) -> Response:
    """Answer with the page to sign in on, and what went wrong before."""
    cast = [{"id": person.id, "name": person.display_name, "what": what_of(person)} for person in _cast(front, request)]
    status = 200 if error is None else 503 if isinstance(error, NotAvailable) else 400
    provider, there = front.manner.provider, safe_place(there)
    return page(front, request, "connexion", status, cast=cast, there=there, email=email,
                provider=None if provider is None else provider.label, sentence=said(front, request, error),
                here=f"connexion?{urlencode({'vers': there})}")


def dead_link(front: Front, request: Request, error: VecuError) -> Response:
    """Answer that there is nothing behind this address, and why."""
    lang = front.language(request)
    title = "Cette page ne s'ouvre pas" if lang == "fr" else "This page does not open"
    return page(front, request, "sentence", 404, title=title, lead=error.said(lang))


def said(front: Front, request: Request, error: VecuError | None) -> str | None:
    """Return what went wrong in the visitor's language."""
    return error.said(front.language(request)) if error else None


def _cast(front: Front, request: Request) -> Sequence[Person]:
    if not front.from_this_machine(request):
        return ()
    with front.tools.bank.open() as work:
        return [person for person in work.people() if person.cast and not person.guest]
