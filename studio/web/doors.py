"""The doors: sign in, sign out, first set-up, invitations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from story_bank.company import Company
from story_bank.consent import Channel
from story_bank.errors import NotAllowed, VecuError
from story_bank.ids import PersonId
from story_bank.language import LANGUAGES, Language
from story_bank.person import Person
from studio.access.accounts import Identity
from studio.access.sessions import LASTS
from studio.ui.words import CHANNEL_NAMES
from studio.web.front import Front
from studio.web.paper import page

Text = Annotated[str, Form(max_length=20_000)]
Many = Annotated[list[str], Form()]


def routes(front: Front) -> APIRouter:
    """Return the routes by which one comes in and goes out."""
    router = APIRouter()
    _sign_in(router, front)
    _one_time(router, front)
    return router


def _sign_in(router: APIRouter, front: Front) -> None:
    @router.get("/connexion")
    def show(request: Request, vers: str = "/") -> Response:
        return _sign_in_page(front, request, vers)

    @router.post("/connexion")
    def enter(request: Request, email: Text, password: Text, vers: Text = "/") -> Response:
        try:
            person_id = front.accounts.sign_in(email, password, request.client.host if request.client else "")
        except VecuError as error:
            return _sign_in_page(front, request, vers, email, error)
        return _inside(front, request, person_id, vers)

    @router.post("/connexion/demonstration")
    def enter_as_cast(request: Request, personne: Text, vers: Text = "/") -> Response:
        try:
            if not front.from_this_machine(request):
                raise NotAllowed("La démonstration ne s'ouvre que sur l'ordinateur qui la fait tourner.",
                                 "The demonstration opens on the computer that runs it only.")
            person_id = front.accounts.cast_member(PersonId(personne))
        except VecuError as error:
            return _sign_in_page(front, request, vers, "", error)
        return _inside(front, request, person_id, vers)

    @router.post("/deconnexion")
    def leave(request: Request) -> Response:
        front.sessions.close(request.cookies.get(front.cookie))
        answer = RedirectResponse("/connexion", 303)
        answer.delete_cookie(front.cookie, path="/", secure=front.manner.secure, httponly=True, samesite="lax")
        return answer


def _one_time(router: APIRouter, front: Front) -> None:
    @router.get("/installation")
    def show_setup(request: Request, jeton: str = "") -> Response:
        return _setup_page(front, request, jeton, {"languages": ["fr"], "channels": []})

    @router.post("/installation")
    def set_up(request: Request, jeton: Text, name: Text, email: Text, password: Text, company: Text,
               values: Text = "", languages: Many = [], channels: Many = []) -> Response:  # noqa: B006 (FastAPI copies)
        typed = {"name": name, "email": email, "company": company, "values": values, "languages": languages,
                 "channels": channels}
        chosen: tuple[Language, ...] = tuple(code for code in LANGUAGES if code in languages) or ("fr",)
        try:
            made = Company(company.strip()[:200], chosen, tuple(each for each in Channel if each.value in channels))
            person_id = front.accounts.found(
                jeton, Identity(name, email, password, chosen[0]), made,
                tuple(line.strip()[:120] for line in values.splitlines() if line.strip()))
        except VecuError as error:
            return _setup_page(front, request, jeton, typed, error)
        return _inside(front, request, person_id, "/")

    @router.get("/invitation")
    def show_invitation(request: Request, jeton: str = "") -> Response:
        return _invitation_page(front, request, jeton)

    @router.post("/invitation")
    def accept(request: Request, jeton: Text, email: Text, password: Text) -> Response:
        try:
            person_id = front.accounts.accept(jeton, email, password)
        except VecuError as error:
            return _invitation_page(front, request, jeton, email, error)
        return _inside(front, request, person_id, "/")


def safe_place(there: str) -> str:
    """Return a path of this very site, or its start: a link must not lead a person elsewhere after sign-in."""
    plain = there.startswith("/") and not there.startswith(("//", "/\\")) and there.isprintable() and "\\" not in there
    return there if plain else "/"


def _inside(front: Front, request: Request, person_id: PersonId, there: str) -> Response:
    answer = RedirectResponse(safe_place(there), 303)
    answer.set_cookie(front.cookie, front.sessions.open(person_id), max_age=int(LASTS.total_seconds()), path="/",
                      secure=front.manner.secure or request.url.scheme == "https", httponly=True, samesite="lax")
    return answer


def _cast(front: Front, request: Request) -> Sequence[Person]:
    if not front.from_this_machine(request):
        return ()
    with front.tools.bank.open() as work:
        return [person for person in work.people() if person.cast]


def what_of(person: Person) -> str:
    """Return job, team and site as one line."""
    return " · ".join(part for part in (person.job, person.team, person.site) if part)


def _sign_in_page(front: Front, request: Request, there: str, email: str = "",
                  error: VecuError | None = None) -> Response:
    cast = [{"id": person.id, "name": person.display_name, "what": what_of(person)} for person in _cast(front, request)]
    return page(front, request, "connexion", 400 if error else 200, cast=cast, there=safe_place(there), email=email,
                sentence=_said(front, request, error))


def _setup_page(front: Front, request: Request, secret: str, typed: Mapping[str, object],
                error: VecuError | None = None) -> Response:
    try:
        front.accounts.links.look("setup", secret)
    except VecuError as closed:
        return dead_link(front, request, closed)
    lang = front.language(request)
    channels = [(code, name.said(lang)) for code, name in CHANNEL_NAMES.items()]
    blank = {"name": "", "email": "", "company": "", "values": ""}
    return page(front, request, "installation", 400 if error else 200, secret=secret, typed={**blank, **typed},
                channels=channels, sentence=_said(front, request, error))


def _invitation_page(front: Front, request: Request, secret: str, email: str = "",
                     error: VecuError | None = None) -> Response:
    try:
        person_id = front.accounts.links.look("invitation", secret)
        with front.tools.bank.open() as work:
            who = work.person(person_id).first_name if person_id else ""
    except VecuError as closed:
        return dead_link(front, request, closed)
    return page(front, request, "invitation", 400 if error else 200, secret=secret, who=who, email=email,
                sentence=_said(front, request, error))


def dead_link(front: Front, request: Request, error: VecuError) -> Response:
    """Answer that there is nothing behind this address, and why."""
    lang = front.language(request)
    title = "Cette page ne s'ouvre pas" if lang == "fr" else "This page does not open"
    return page(front, request, "sentence", 404, title=title, lead=error.said(lang))


def _said(front: Front, request: Request, error: VecuError | None) -> str | None:
    return error.said(front.language(request)) if error else None
