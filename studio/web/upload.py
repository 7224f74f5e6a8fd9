"""Uploads: what has arrived by tus is kept for good before anything else may fail, and once only."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from media.inspector import NotWhole
from story_bank.access import Duty
from story_bank.bank import Asker
from story_bank.errors import BadInput, Conflict, NotAllowed, NotAvailable, NotFound, VecuError
from story_bank.ids import StoryId
from story_bank.recording import Marker
from studio.steps.keep import Asked, KeepRecording, Kept
from studio.steps.recognisable import NameSomeone, listed_as
from studio.steps.signing import Colleagues
from studio.steps.step import must_hold
from studio.web.arrivals import Arrivals, DiskFull, TooLarge
from studio.web.front import Front
from studio.web.tus import tus_routes

STATUS: tuple[tuple[type[VecuError], int], ...] = (
    (TooLarge, 413), (NotWhole, 409), (BadInput, 422), (NotFound, 404), (NotAllowed, 403), (Conflict, 409),
    (DiskFull, 507), (NotAvailable, 503))
Handler = Callable[..., Awaitable[Response]]
Name = Annotated[str, Field(max_length=120)]


class Asking(BaseModel):
    """A question shown at a second of the recording, and who answers it from there where two people speak."""

    question: str = Field(max_length=100)
    at: float = Field(ge=0, le=86_400)
    who: Name = ""


class Finish(BaseModel):
    """What the browser knows of a file that has arrived: how long it is, its mark, and who is heard in it."""

    name: str = Field("", max_length=300)
    size: int | None = Field(None, ge=0)
    mark: str = Field("", max_length=200)
    question: str | None = Field(None, max_length=100)
    markers: list[Asking] = Field(default_factory=list, max_length=100)
    speakers: int = Field(1, ge=1, le=2)
    people: list[Name] = Field(default_factory=list, max_length=2)

    def asked(self) -> Asked:
        """Return which questions were answered, and by how many voices."""
        markers = tuple(Marker(each.question, each.at, _line(each.who)) for each in self.markers)
        return Asked(self.question, markers, self.speakers)

    def others(self, asker: Asker) -> list[str]:
        """Return who is heard besides the person who sends it, as they were named."""
        oneself = {_line(name).casefold() for name in (asker.person.first_name, asker.person.display_name)}
        return [name for name in map(_line, self.people) if name and name.casefold() not in oneself]


def routes(front: Front, arrivals: Arrivals) -> APIRouter:
    """Return the routes by which a recording or a file arrives."""
    router = APIRouter()
    days = max(1, front.tools.consent.unclaimed.days)

    async def admit(request: Request) -> Asker:
        return await _asker(front, request)

    async def told(request: Request, error: VecuError) -> tuple[int, str]:
        return await _told(front, request, error)

    router.include_router(tus_routes(arrivals, admit, told, days))
    router.include_router(_around(front, arrivals))
    return router


def _around(front: Front, arrivals: Arrivals) -> APIRouter:
    router = APIRouter(prefix="/upload")

    @router.get("")
    @_said(front)
    async def waiting(request: Request) -> Response:
        """Say whose browser this is now, and which of their recordings wait to be finished."""
        asker = await _asker(front, request)
        found = await run_in_threadpool(arrivals.waiting, asker.person.id)
        return JSONResponse({"whose": asker.person.id, "first_name": asker.person.first_name, "waiting": [
            {"id": each.id, "size": each.size, "length": each.length, "mark": each.mark,
             "since": each.since.isoformat()} for each in found]}, headers={"Cache-Control": "no-store"})

    @router.get("/collegues")
    @_said(front)
    async def colleagues(request: Request) -> Response:
        """List who may be named as the other of an interview."""
        asker = await _asker(front, request)
        everyone = await run_in_threadpool(Colleagues(front.tools).run, asker)
        names = [listed_as(each, everyone) for each in everyone]
        return JSONResponse(names, headers={"Cache-Control": "no-store"})

    @router.post("/{arrival_id}/finir")
    @_said(front)
    async def finish(request: Request, arrival_id: str, what: Finish) -> Response:
        asker = await _asker(front, request)
        return JSONResponse(await run_in_threadpool(_keep, front, arrivals, asker, arrival_id, what))

    return router


def _keep(front: Front, arrivals: Arrivals, asker: Asker, arrival_id: str, what: Finish) -> dict[str, Any]:
    """Keep the file for good, then drop the arrival; one that cannot be kept now (disk, database) stays for later.

    A browser that asks a second time, its answer lost, gets the same answer.
    """
    with arrivals.alone(arrival_id):
        if (before := arrivals.became(asker.person.id, arrival_id)) is not None:
            return before
        file = arrivals.path(asker.person.id, arrival_id)
        _as_announced(arrivals.announced(asker.person.id, arrival_id), file.stat().st_size, what)
        try:
            kept: Kept = KeepRecording(front.tools).run(asker, file, what.name, what.asked())
        except NotWhole:  # somebody's voice all the same: it waits, unless the person has the file
            if what.mark:
                arrivals.drop(asker.person.id, arrival_id)
            raise
        except BadInput:
            arrivals.drop(asker.person.id, arrival_id)
            raise
        for name in what.others(asker):
            _name(front, asker, kept.story_id, name)
        answer = {"story": kept.story_id, "recording": kept.recording_id, "again": kept.again}
        arrivals.become(asker.person.id, arrival_id, answer)
    return answer


def _as_announced(announced: dict[str, Any], size: int, what: Finish) -> None:
    """Refuse to keep half a file, or the beginning of one file and the end of another; what has come stays."""
    if size < max(announced.get("size") or 0, what.size or 0):
        raise Conflict("Il manque la fin de ce fichier ; déposez-le de nouveau, l'envoi reprend où il en était.",
                       "The end of this file is missing; drop it again, sending goes on from where it was.")
    mark = announced.get("metadata", {}).get("mark", "")
    if (what.size is not None and size != what.size) or mark != (what.mark or mark):
        raise Conflict("Ce fichier n'est plus celui dont l'envoi avait commencé ; effacez cet envoi, puis déposez-le.",
                       "This file is no longer the one that had begun to be sent; erase that upload, then drop it.")


def _name(front: Front, asker: Asker, story_id: StoryId, name: str) -> None:
    """Note who else is heard, who must agree too; between namesakes the author says later which one it is."""
    try:
        NameSomeone(front.tools).run(asker, story_id, name)
    except Conflict:
        NameSomeone(front.tools).run(asker, story_id, f"{name} (?)")
    except (BadInput, NotAllowed):  # no name, or who tells sees no colleagues: it is asked again on the next page
        return


def _line(text: str) -> str:
    return " ".join(text.split())


async def _asker(front: Front, request: Request) -> Asker:
    asker = await run_in_threadpool(front.teller, request)
    must_hold(asker, Duty.TELL)
    return asker


def _said(front: Front) -> Callable[[Handler], Handler]:
    """Answer an error with its status and its sentence in the person's language."""
    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
            try:
                return await handler(request, *args, **kwargs)
            except VecuError as error:
                status, sentence = await _told(front, request, error)
                return JSONResponse({"sentence": sentence}, status)
        return answer
    return decorate


async def _told(front: Front, request: Request, error: VecuError) -> tuple[int, str]:
    signed_in = await run_in_threadpool(front.teller_id, request) is not None
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 400) if signed_in else 401
    return status, error.said(await run_in_threadpool(front.language, request))
