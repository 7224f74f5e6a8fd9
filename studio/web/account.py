"""One's own account, one's language, and the company page of administrators."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from story_bank.errors import NotAllowed, NotFound, VecuError
from story_bank.language import Language
from story_bank.person import Person, Role
from studio.access.accounts import GIVEN_BY_OTHERS
from studio.ui.words import W
from studio.web.doors import Many, Text, dead_link, safe_place, what_of
from studio.web.front import LANGUAGE_COOKIE, Front
from studio.web.paper import page

ROLE_NAMES = {
    Role.CONTRIBUTOR: W("raconter", "tell"), Role.AMBASSADOR: W("ambassadeur", "ambassador"),
    Role.EDITOR: W("communication", "communications"), Role.FACILITATOR: W("animation d'ateliers", "workshops"),
    Role.STEWARD: W("garant des accords", "keeper of consents"),
    Role.ADMINISTRATOR: W("administration", "administration"),
}


def routes(front: Front) -> APIRouter:
    """Return the routes about oneself and the company."""
    router = APIRouter()
    _language(router, front)
    _oneself(router, front)
    _company(router, front)
    return router


def _language(router: APIRouter, front: Front) -> None:
    @router.get("/")
    def start(request: Request) -> Response:
        if front.person_id(request) is None:
            return RedirectResponse("/connexion", 303)
        return RedirectResponse(f"/{front.language(request)}/", 303)

    @router.get("/langue/{code}")
    def switch(request: Request, code: str, vers: str = "") -> Response:
        """Keep the language for the person (or the browser, before sign-in), and show the same page in it."""
        language: Language = "en" if code == "en" else "fr"
        others = {key: value for key, value in request.query_params.items() if key != "vers"}
        person_id = front.person_id(request)
        answer = RedirectResponse(_same_page(language, vers, others), 303)
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=365 * 86_400, samesite="lax", httponly=True,
                          secure=front.manner.secure)
        if person_id is not None:
            with front.tools.bank.open() as work:
                work.save_person(replace(work.person(person_id), language=language))
                work.commit()
        return answer


def _same_page(language: Language, there: str, others: dict[str, str]) -> str:
    plain = there.split("?")[0]
    root = "" if plain in PLAIN else f"/{language}"
    query = f"?{urlencode(others)}" if others else ""
    return safe_place(f"{root}/{there.lstrip('/')}{query}")


PLAIN = frozenset({"connexion", "installation", "invitation", "compte", "entreprise"})
"""Pages that are outside the two mounted languages."""


def _oneself(router: APIRouter, front: Front) -> None:
    @router.get("/moi")
    def me(request: Request) -> Response:
        try:
            person = front.asker(request).person
        except NotFound:
            return JSONResponse({}, 401)
        initials = "".join(part[0] for part in person.display_name.split()[:2]).upper()
        return JSONResponse({"name": person.display_name, "initials": initials}, headers={"Cache-Control": "no-store"})

    @router.get("/compte")
    def account(request: Request) -> Response:
        if front.person_id(request) is None:
            return RedirectResponse("/connexion?vers=/compte", 303)
        person = front.asker(request).person
        return page(front, request, "compte", person=person, what=what_of(person),
                    ambassador=person.is_a(Role.AMBASSADOR), administrator=person.is_a(Role.ADMINISTRATOR))

    @router.post("/compte")
    def change(request: Request, job: Text = "", team: Text = "", site: Text = "", ambassador: Text = "") -> Response:
        try:
            person = front.asker(request).person
        except NotFound:
            return RedirectResponse("/connexion?vers=/compte", 303)
        roles = (person.roles | {Role.AMBASSADOR}) if ambassador else (person.roles - {Role.AMBASSADOR})
        with front.tools.bank.open() as work:
            work.save_person(replace(person, job=_line(job), team=_line(team), site=_line(site),
                                     roles=frozenset(roles)))
            work.commit()
        return RedirectResponse("/compte", 303)


def _line(text: str) -> str:
    return " ".join(text.split())[:120]


def _company(router: APIRouter, front: Front) -> None:
    @router.get("/entreprise")
    def company(request: Request) -> Response:
        if front.person_id(request) is None:
            return RedirectResponse("/connexion?vers=/entreprise", 303)
        return _company_page(front, request)

    @router.post("/entreprise/invitation")
    def invite(request: Request, name: Annotated[str, Form(max_length=200)],
               roles: Many = []) -> Response:  # noqa: B006 (FastAPI copies)
        try:
            asker = front.asker(request).person
            chosen = frozenset(role for role in GIVEN_BY_OTHERS if role.value in roles)
            secret = front.accounts.invite(asker, name, chosen, asker.language)
        except VecuError as error:
            return dead_link(front, request, error)
        link = f"{request.url.scheme}://{request.headers.get('host', '')}/invitation?jeton={secret}"
        return _company_page(front, request, link=link, invited=name.strip())


def _company_page(front: Front, request: Request, **what: Any) -> Response:
    asker = front.asker(request).person
    if not asker.is_a(Role.ADMINISTRATOR):
        return dead_link(front, request, NotAllowed("Cette page est pour les personnes qui administrent.",
                                                    "This page is for administrators."))
    with front.tools.bank.open() as work:
        company, people = work.company(), work.people()
    lang = asker.language
    listed = [{"name": person.display_name, "what": _roles(person, lang)} for person in people]
    roles = sorted((role.value, ROLE_NAMES[role].said(lang)) for role in GIVEN_BY_OTHERS)
    what = {"link": None, "invited": "", **what}
    return page(front, request, "entreprise", company=company.name if company else "Vécu", people=listed, roles=roles,
                **what)


def _roles(person: Person, lang: Language) -> str:
    return ", ".join(ROLE_NAMES[role].said(lang) for role in Role if role in person.roles)


