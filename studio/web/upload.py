"""Uploads: in pieces while one records, or whole; what has arrived is kept before anything else may fail."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from story_bank.access import Duty
from story_bank.bank import Asker
from story_bank.errors import BadInput, Conflict, NotAllowed, NotAvailable, NotFound, VecuError
from story_bank.recording import Marker
from studio.steps.keep import Asked, KeepRecording, Kept
from studio.steps.step import must_hold
from studio.web.arrivals import Arrivals, TooLarge, too_large
from studio.web.front import Front

STATUS: tuple[tuple[type[VecuError], int], ...] = (
    (TooLarge, 413), (BadInput, 422), (NotFound, 404), (NotAllowed, 403), (Conflict, 409), (NotAvailable, 503))
Handler = Callable[..., Awaitable[Response]]
Question = Annotated[str | None, Query(max_length=100)]


class Asking(BaseModel):
    """A question shown at a second of the recording."""

    question: str = Field(max_length=100)
    at: float = Field(ge=0, le=86_400)


class Finish(BaseModel):
    """What the browser knows of a file that has arrived."""

    name: str = Field("", max_length=300)
    question: str | None = Field(None, max_length=100)
    markers: list[Asking] = Field(default_factory=list, max_length=50)

    def asked(self) -> Asked:
        """Return which questions were answered."""
        return Asked(self.question, tuple(Marker(each.question, each.at) for each in self.markers))


def routes(front: Front, arrivals: Arrivals) -> APIRouter:
    """Return the routes by which a recording or a file arrives."""
    router = APIRouter(prefix="/upload")
    _in_pieces(router, front, arrivals)
    _whole(router, front, arrivals)
    return router


def _in_pieces(router: APIRouter, front: Front, arrivals: Arrivals) -> None:
    @router.post("/commencer")
    @_said(front)
    async def begin(request: Request) -> Response:
        asker = await _asker(front, request)
        return JSONResponse({"id": await run_in_threadpool(arrivals.begin, asker.person.id)})

    @router.put("/{arrival_id}")
    @_said(front)
    async def append(request: Request, arrival_id: str, at: int) -> Response:
        asker = await _asker(front, request)
        try:
            size = await arrivals.append(asker.person.id, arrival_id, at, request.stream())
        except Conflict as error:
            size = arrivals.path(asker.person.id, arrival_id).stat().st_size
            return JSONResponse({"size": size, "sentence": error.said(asker.person.language)}, 409)
        return JSONResponse({"size": size})

    @router.post("/{arrival_id}/finir")
    @_said(front)
    async def finish(request: Request, arrival_id: str, what: Finish) -> Response:
        asker = await _asker(front, request)
        return JSONResponse(await run_in_threadpool(_keep, front, arrivals, asker, arrival_id, what))

    @router.delete("/{arrival_id}")
    @_said(front)
    async def drop(request: Request, arrival_id: str) -> Response:
        asker = await _asker(front, request)
        await run_in_threadpool(arrivals.drop, asker.person.id, arrival_id)
        return JSONResponse({})

    @router.get("")
    @_said(front)
    async def waiting(request: Request) -> Response:
        asker = await _asker(front, request)
        found = await run_in_threadpool(arrivals.waiting, asker.person.id)
        return JSONResponse([{"id": each.id, "size": each.size, "since": each.since.isoformat()} for each in found])


def _whole(router: APIRouter, front: Front, arrivals: Arrivals) -> None:
    @router.post("")
    @_said(front)
    async def whole(request: Request, name: str = "", question: Question = None) -> Response:
        asker = await _asker(front, request)
        if int(request.headers.get("content-length", "0") or 0) > arrivals.most_bytes:
            raise too_large(arrivals.most_bytes)
        arrival_id = await run_in_threadpool(arrivals.begin, asker.person.id)
        try:
            await arrivals.append(asker.person.id, arrival_id, 0, request.stream())
        except BaseException:  # half a file is of no use to anybody
            arrivals.drop(asker.person.id, arrival_id)
            raise
        what = Finish(name=name[:300], question=question)
        return JSONResponse(await run_in_threadpool(_keep, front, arrivals, asker, arrival_id, what))


def _keep(front: Front, arrivals: Arrivals, asker: Asker, arrival_id: str, what: Finish) -> dict[str, Any]:
    """Keep the file for good, then drop the arrival; one that cannot be kept now (disk, database) stays for later.

    A browser that asks a second time, its answer lost, gets the same answer.
    """
    with arrivals.alone(arrival_id):
        if (before := arrivals.became(asker.person.id, arrival_id)) is not None:
            return before
        file = arrivals.path(asker.person.id, arrival_id)
        try:
            kept: Kept = KeepRecording(front.tools).run(asker, file, what.name, what.asked())
        except BadInput:
            arrivals.drop(asker.person.id, arrival_id)
            raise
        answer = {"story": kept.story_id, "recording": kept.recording_id, "again": kept.again}
        arrivals.become(asker.person.id, arrival_id, answer)
    return answer


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
                signed_in = await run_in_threadpool(front.teller_id, request) is not None
                status = next((code for kind, code in STATUS if isinstance(error, kind)), 400) if signed_in else 401
                language = await run_in_threadpool(front.language, request)
                return JSONResponse({"sentence": error.said(language)}, status)
        return answer
    return decorate
