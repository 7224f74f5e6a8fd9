"""Who has the same transcript open: asked every three seconds by a page in which one types.

Seats are kept in this process alone and are forgotten in seconds: no one reads afterwards who sat where.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from story_bank.errors import NotFound
from story_bank.ids import StoryId
from studio.steps.correct import Newest
from studio.web.front import Front

STAY_S = 10.0
"""Seconds after which a page that says nothing is taken to be gone; it says something every three."""
_Name = Annotated[str, Field(min_length=1, max_length=64)]


class Present(BaseModel):
    """A page in which a story is open."""

    model_config = ConfigDict(extra="forbid")

    story: _Name
    seat: _Name
    leaving: bool = False


class Seats:
    """Which pages have which story open, by what they said last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._taken: dict[tuple[str, str], float] = {}

    def sit(self, story_id: StoryId, seat: str) -> int:
        """Take or keep a seat; return how many others have that story open."""
        now = self._clock()
        with self._lock:
            self._taken = {each: at for each, at in self._taken.items() if now - at < STAY_S}
            self._taken[story_id, seat] = now
            return sum(story == story_id for story, _ in self._taken) - 1

    def leave(self, story_id: StoryId, seat: str) -> None:
        """Give a seat up."""
        with self._lock:
            self._taken.pop((story_id, seat), None)


def routes(front: Front) -> APIRouter:
    """Return the one route; 401 once the session has ended, 404 for a story that is not one's own."""
    router, seats = APIRouter(), Seats()

    @router.post("/ensemble")
    def together(request: Request, present: Present) -> Response:
        try:
            asker = front.asker(request)
        except NotFound:
            return JSONResponse({}, 401)
        story_id = StoryId(present.story)
        try:
            version = Newest(front.tools).run(asker, story_id)
        except NotFound:
            return JSONResponse({}, 404)
        if present.leaving:
            seats.leave(story_id, present.seat)
            return JSONResponse({}, headers={"Cache-Control": "no-store"})
        return JSONResponse({"others": seats.sit(story_id, present.seat), "version": version},
                            headers={"Cache-Control": "no-store"})

    return router
