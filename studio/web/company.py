"""The company's page, for administrators: people with their roles, links to hand over, departures; no story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from story_bank.access import Duty, holds
from story_bank.errors import NotAllowed, NotFound, VecuError
from story_bank.ids import PersonId
from story_bank.language import Language
from story_bank.person import Person, Role
from studio.access.administration import GIVEN_BY_OTHERS, Invited, Link
from studio.steps.leave import NewLeavingLink, NoteDeparture
from studio.ui.days import day_text
from studio.ui.words import W
from studio.web.doors import Many, Text, dead_link, said
from studio.web.front import Front
from studio.web.handing import Handed, hand_over
from studio.web.paper import page

ROLE_NAMES = {
    Role.CONTRIBUTOR: W("raconter", "tell"), Role.AMBASSADOR: W("ambassadeur", "ambassador"),
    Role.EDITOR: W("communication", "communications"), Role.FACILITATOR: W("animation d'ateliers", "workshops"),
    Role.STEWARD: W("garant des accords", "keeper of consents"),
    Role.ADMINISTRATOR: W("administration", "administration"),
}
Made = Callable[[Person], Handed | None]


def routes(front: Front) -> APIRouter:
    """Return the routes of the company's page."""
    router = APIRouter()
    _shown(router, front)
    _people(router, front)
    _departures(router, front)
    return router


def role_words(person: Person, lang: Language) -> str:
    """Return what a person is here, in words."""
    return ", ".join(ROLE_NAMES[role].said(lang) for role in Role if role in person.roles)


def _shown(router: APIRouter, front: Front) -> None:
    @router.get("/entreprise")
    def company(request: Request) -> Response:
        if front.person_id(request) is None:
            return RedirectResponse("/connexion?vers=/entreprise", 303)
        return _done(front, request, lambda _: None)


def _people(router: APIRouter, front: Front) -> None:
    @router.post("/entreprise/invitation")
    def invite(request: Request, name: Annotated[str, Form(max_length=200)], email: Text = "",
               roles: Many = []) -> Response:  # noqa: B006 (FastAPI copies)
        def invited(asker: Person) -> Handed:
            given = Invited(name, email, _chosen(roles), asker.language)
            return _handed(front, request, front.administration.invite(asker, given))

        return _done(front, request, invited)

    @router.post("/entreprise/roles")
    def give(request: Request, personne: Text, roles: Many = []) -> Response:  # noqa: B006 (FastAPI copies)
        return _done(front, request,
                     lambda asker: front.administration.give_roles(asker, PersonId(personne), _chosen(roles)))

    @router.post("/entreprise/lien")
    def new_link(request: Request, personne: Text) -> Response:
        return _done(front, request, lambda asker: _handed(
            front, request, front.administration.new_link(asker, PersonId(personne))))


def _departures(router: APIRouter, front: Front) -> None:
    @router.post("/entreprise/depart")
    def left(request: Request, personne: Text) -> Response:
        def noted(_: Person) -> Handed:
            secret = NoteDeparture(front.tools).run(front.asker(request), PersonId(personne))
            return hand_over(front, request, "leaving", _person(front, personne), secret)

        return _done(front, request, noted)

    @router.post("/entreprise/depart/lien")
    def leaving_link(request: Request, personne: Text) -> Response:
        def made(_: Person) -> Handed:
            secret = NewLeavingLink(front.tools).run(front.asker(request), PersonId(personne))
            return hand_over(front, request, "leaving", _person(front, personne), secret)

        return _done(front, request, made)

    @router.post("/entreprise/retour")
    def back(request: Request, personne: Text) -> Response:
        return _done(front, request, lambda asker: _handed(
            front, request, front.administration.welcome_back(asker, PersonId(personne))))


def _done(front: Front, request: Request, deed: Made) -> Response:
    """Do it, then show the page: with the link that was made, or with what went wrong."""
    try:
        asker = front.asker(request).person
        if not holds(asker, Duty.ADMINISTER):
            raise NotAllowed("Cette page est pour les personnes qui administrent.", "This page is for administrators.")
    except (NotFound, NotAllowed) as closed:
        return dead_link(front, request, closed)
    try:
        handed, wrong = deed(asker), None
    except VecuError as error:
        handed, wrong = None, error
    if request.method == "POST" and handed is None and wrong is None:
        return RedirectResponse("/entreprise", 303)
    return _page(front, request, asker, handed, wrong)


def _page(front: Front, request: Request, asker: Person, handed: Handed | None, wrong: VecuError | None) -> Response:
    with front.tools.bank.open() as work:
        company = work.company()
    lang = asker.language
    everyone = front.administration.people(asker)
    listed = [{
        "id": person.id, "name": person.display_name, "what": role_words(_as_shown(person), lang),
        "oneself": person.id == asker.id, "left": day_text(person.left_on, lang) if person.left_on else "",
        "roles": {role.value for role in person.roles & GIVEN_BY_OTHERS}} for person in everyone]
    names = sorted((role.value, ROLE_NAMES[role].said(lang)) for role in GIVEN_BY_OTHERS)
    return page(front, request, "entreprise", 400 if wrong else 200, company=company.name if company else "Vécu",
                people=listed, roles=names, handed=handed, mails=front.tools.mailer is not None,
                sentence=said(front, request, wrong), here="entreprise")


def _handed(front: Front, request: Request, link: Link) -> Handed:
    return hand_over(front, request, "reset" if link.kind == "reset" else "invitation", link.person, link.secret)


def _person(front: Front, person_id: str) -> Person:
    with front.tools.bank.open() as work:
        return work.person(PersonId(person_id))


def _as_shown(person: Person) -> Person:
    """Return the person without the role that is their own choice: whoever stops would be seen to (A72)."""
    return replace(person, roles=person.roles - {Role.AMBASSADOR})


def _chosen(roles: list[str]) -> frozenset[Role]:
    return frozenset(role for role in GIVEN_BY_OTHERS if role.value in roles)
