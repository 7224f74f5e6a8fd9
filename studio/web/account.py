"""One's own account: language, job, being an ambassador, password, sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from story_bank.access import Duty, holds
from story_bank.bank import Deed, Did, Work
from story_bank.errors import NotFound, VecuError
from story_bank.language import Language
from story_bank.person import Person, Role
from studio.ui.days import day_text
from studio.ui.words import W
from studio.web.company import role_words
from studio.web.doors import Text, dead_link, safe_place, said, what_of
from studio.web.front import LANGUAGE_COOKIE, Front
from studio.web.paper import page

_AT = W("{day} à {time}", "{day} at {time}")
_UNKNOWN = W("Un navigateur", "A browser")


def routes(front: Front) -> APIRouter:
    """Return the routes about oneself."""
    router = APIRouter()
    _language(router, front)
    _oneself(router, front)
    _ambassador(router, front)
    _password(router, front)
    _sessions(router, front)
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
                work.hold_people()
                work.save_person(replace(work.person(person_id), language=language))
                work.commit()
        return answer


def _same_page(language: Language, there: str, others: dict[str, str]) -> str:
    plain = there.split("?")[0].split("/")[0]
    root = "" if plain in PLAIN else f"/{language}"
    query = f"?{urlencode(others)}" if others else ""
    return safe_place(f"{root}/{there.lstrip('/')}{query}")


PLAIN = frozenset({"connexion", "installation", "invitation", "mot-de-passe", "compte", "entreprise", "departs",
                   "accord", "journal", "registre", "coins", "recuperer"})
"""Pages that are outside the two mounted languages."""


def _oneself(router: APIRouter, front: Front) -> None:
    @router.get("/moi")
    def me(request: Request) -> Response:
        try:
            person = front.asker(request).person
        except NotFound:
            return JSONResponse({}, 401)
        initials = "".join(part[0] for part in person.display_name.split()[:2]).upper()
        return JSONResponse({"name": person.display_name, "initials": initials, "guest": person.guest},
                            headers={"Cache-Control": "no-store"})

    @router.get("/compte")
    def account(request: Request, suite: str = "") -> Response:
        return _page(front, request, suite)

    @router.post("/compte")
    def change(request: Request, job: Text = "", team: Text = "", site: Text = "") -> Response:
        return _change(front, request, lambda person: replace(person, job=_line(job), team=_line(team),
                                                              site=_line(site)))


def _ambassador(router: APIRouter, front: Front) -> None:
    @router.post("/compte/ambassadeur")
    def become(request: Request) -> Response:
        return _change(front, request, lambda person: replace(person, roles=person.roles | {Role.AMBASSADOR}))

    @router.post("/compte/ambassadeur/quitter")
    def leave(request: Request) -> Response:
        """Stop at once; what becomes of one's writing is asked afterwards, and nobody is told."""
        return _change(front, request, lambda person: replace(person, roles=person.roles - {Role.AMBASSADOR}), "ecrits")

    @router.post("/compte/ecrits/supprimer")
    def erase(request: Request) -> Response:
        person_id = front.person_id(request)
        if person_id is None:
            return _away()
        with front.tools.bank.open() as work:
            if any(work.erase_writing(person_id).counts.values()):
                work.note(Deed(front.tools.clock(), person_id, Did.ERASED_WRITING, ""))
            work.commit()
        return RedirectResponse("/compte?suite=supprimes", 303)


def _password(router: APIRouter, front: Front) -> None:
    @router.post("/compte/mot-de-passe")
    async def change(request: Request, actuel: Text, nouveau: Text) -> Response:
        def answer() -> Response:
            person_id = front.person_id(request)
            if person_id is None:
                return _away()
            try:
                front.accounts.change_password(person_id, actuel, nouveau, request.cookies.get(front.cookie))
            except VecuError as error:
                return _page(front, request, error=error)
            return RedirectResponse("/compte?suite=mot-de-passe", 303)

        return await front.in_turn(answer)


def _sessions(router: APIRouter, front: Front) -> None:
    @router.post("/compte/session")
    def end(request: Request, session: Text) -> Response:
        person_id = front.person_id(request)
        if person_id is not None:
            front.sessions.end(person_id, session)
        return RedirectResponse("/compte#sessions", 303)

    @router.post("/compte/sessions/autres")
    def end_others(request: Request) -> Response:
        person_id = front.person_id(request)
        if person_id is None:
            return _away()
        front.sessions.end_others(person_id, request.cookies.get(front.cookie))
        return RedirectResponse("/compte#sessions", 303)


def _change(front: Front, request: Request, changed: Callable[[Person], Person], then: str = "") -> Response:
    person_id = front.person_id(request)
    if person_id is None:
        return _away()
    with front.tools.bank.open() as work:
        work.hold_people()
        person = work.person(person_id)
        if person.guest:
            return dead_link(front, request, _without_account())
        work.save_person(changed(person))
        work.commit()
    return RedirectResponse(f"/compte?suite={then}" if then else "/compte", 303)


def _page(front: Front, request: Request, then: str = "", error: VecuError | None = None) -> Response:
    try:
        person = front.asker(request).person
    except NotFound:
        return _away()
    if person.guest:
        return RedirectResponse("/journal", 303)
    with front.tools.bank.open() as work:
        has_password, badges = work.password_hash(person.id) is not None, work.badges_of(person.id)
        sessions = _listed(front, request, work, person)
    provider = front.manner.provider
    return page(front, request, "compte", 400 if error else 200, person=person, what=what_of(person), then=then,
                roles=role_words(person, person.language), ambassador=person.is_a(Role.AMBASSADOR),
                administers=holds(person, Duty.ADMINISTER), settles=holds(person, Duty.SETTLE_REVIEWS),
                keeps=holds(person, Duty.SEE_REGISTER), curates=holds(person, Duty.CURATE_GLOSSARY),
                opens=holds(person, Duty.OPEN_CORNERS),
                has_password=has_password, sessions=sessions, linked=bool(badges),
                provider=None if provider is None else provider.label, sentence=said(front, request, error),
                here="compte")


def _listed(front: Front, request: Request, work: Work, person: Person) -> list[dict[str, Any]]:
    company, lang = work.company(), person.language
    zone = ZoneInfo(company.timezone) if company else UTC

    def told(moment: datetime) -> str:
        local = moment.astimezone(zone)
        return _AT.said(lang).format(day=day_text(local.date(), lang), time=f"{local:%H:%M}")

    return [{"id": each.id, "browser": each.browser or _UNKNOWN.said(lang), "since": told(each.since),
             "this_one": each.this_one}
            for each in front.sessions.of(person.id, request.cookies.get(front.cookie))]


def _without_account() -> NotFound:
    return NotFound("Cette page est pour les personnes qui ont un compte ; votre lien ouvre ce qui est à vous.",
                    "This page is for people with an account; your link opens what is yours.")


def _away() -> Response:
    return RedirectResponse("/connexion?vers=/compte", 303)


def _line(text: str) -> str:
    return " ".join(text.split())[:120]
