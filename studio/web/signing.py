"""Signing by link: a plain page that says who told, and two ways on, to read and decide, or to refuse."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from story_bank.bank import Work
from story_bank.consent import Consent, Withdrawal, standing
from story_bank.errors import NotFound, VecuError
from story_bank.ids import PersonId, SubjectId
from story_bank.person import Person
from story_bank.story import Story
from studio.access.signing_links import EVERYTHING, SESSION_LASTS, SigningLinks
from studio.web.doors import Text, dead_link, keep_cookie
from studio.web.front import Front
from studio.web.paper import page


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whom a link is for, the story it is about (None: everything of somebody who has left), and who told it."""

    person: Person
    story: Story | None
    author: str
    signed: bool


def routes(front: Front) -> APIRouter:
    """Return the routes of a signing link."""
    router = APIRouter()
    links = SigningLinks(front.tools.bank, front.tools.clock)

    @router.get("/accord")
    def show(request: Request, jeton: str = "") -> Response:
        try:
            asked = _asked(front, links, jeton)
        except VecuError as closed:
            return dead_link(front, request, closed)
        return page(front, request, "accord", secret=jeton, who=asked.person.first_name, author=asked.author,
                    title=asked.story.title if asked.story else "", left=asked.story is None, signed=asked.signed,
                    account=not asked.person.guest)

    @router.post("/accord")
    def read_and_decide(request: Request, jeton: Text) -> Response:
        try:
            asked = _asked(front, links, jeton)
            if asked.person.guest:
                return _entered(front, request, links, asked, jeton)
        except VecuError as closed:
            return dead_link(front, request, closed)
        # Whoever passes a link on holds it too: somebody with an account signs in before they are believed.
        there = _place(front, request, asked)
        if front.person_id(request) == asked.person.id:
            return RedirectResponse(there, 303)
        return RedirectResponse(f"/connexion?vers={there.replace('?', '%3F').replace('=', '%3D')}", 303)

    @router.post("/accord/refus")
    def refuse(request: Request, jeton: Text) -> Response:
        try:
            # Nothing is written: the author holds the link too, and would see it change.
            if _asked(front, links, jeton).story is None:
                raise _nothing_to_refuse()
        except VecuError as closed:
            return dead_link(front, request, closed)
        lang = front.language(request)
        title = "C'est noté nulle part" if lang == "fr" else "It is noted nowhere"
        lead = ("Merci. Rien n'est gardé : sans votre accord, le récit reste fermé. Ce lien s'ouvre comme avant, si "
                "vous voulez y revenir." if lang == "fr" else
                "Thank you. Nothing is kept: without your consent the story stays closed. This link opens as before, "
                "should you wish to come back to it.")
        return page(front, request, "sentence", title=title, lead=lead)

    return router


def _entered(front: Front, request: Request, links: SigningLinks, asked: _Asked, secret: str) -> Response:
    session = links.enter(secret, request.cookies.get(front.cookie))
    language = front.language(request)
    if asked.person.language != language:
        with front.tools.bank.open() as work:
            work.hold_people()
            work.save_person(replace(work.person(asked.person.id), language=language))
            work.commit()
    answer = RedirectResponse(_place(front, request, asked), 303)
    keep_cookie(front, request, answer, "vecu", session, int(SESSION_LASTS.total_seconds()))
    return answer


def _place(front: Front, request: Request, asked: _Asked) -> str:
    root = f"/{front.language(request)}"
    return f"{root}/decider?story={asked.story.id}" if asked.story else f"{root}/mes-recits"


def _asked(front: Front, links: SigningLinks, secret: str) -> _Asked:
    """Return what a link asks (`NotFound`, also where the story was erased or no longer names the person)."""
    link = links.look(secret)
    subject_id = SubjectId(link.about)
    with front.tools.bank.open() as work:
        person = work.person(link.person_id or PersonId(""))
        if subject_id == EVERYTHING:
            return _Asked(person, None, "", False)
        stories = [story for story in work.stories_about([subject_id]).get(subject_id, []) if person.id in story.people]
        if not stories:
            raise NotFound("Ce récit n'existe plus, ou vous n'y êtes plus nommé : il n'y a rien à décider.",
                           "This story is gone, or no longer names you: there is nothing to decide.")
        author = work.person(stories[0].author_id).display_name
        return _Asked(person, stories[0], author, standing(_own(work, person, subject_id)) is not None)


def _own(work: Work, person: Person, subject_id: SubjectId) -> list[Consent | Withdrawal]:
    return [event for event in work.consent_history(subject_id) if event.person_id == person.id]


def _nothing_to_refuse() -> NotFound:
    return NotFound("Ce lien ouvre ce qui est à vous : il n'y a rien à refuser.",
                    "This link opens what is yours: there is nothing to refuse.")
