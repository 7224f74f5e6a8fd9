"""Which stories of an open page may still be seen: asked every two seconds by pages that show the stories of others."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from story_bank.access import Act, Use
from story_bank.consent import Channel
from story_bank.errors import NotFound
from story_bank.ids import StoryId
from studio.web.front import Front

MOST = 60
"""How many stories one question may name; a page of the library shows twenty."""


class Asked(BaseModel):
    """What a page shows, for one use."""

    model_config = ConfigDict(extra="forbid")

    use: Act
    channel: Channel | None = None
    ids: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=MOST)]


def routes(front: Front) -> APIRouter:
    """Return the one route; 401 once the session has ended."""
    router = APIRouter()

    @router.post("/encore")
    def still(request: Request, asked: Asked) -> Response:
        try:
            asker = front.asker(request)
        except NotFound:
            return JSONResponse({}, 401)
        with front.tools.bank.open() as work:
            seen = work.allowed(asker, Use(asked.use, asked.channel), [StoryId(each) for each in asked.ids])
        return JSONResponse({"still": [each for each in asked.ids if each in seen]},
                            headers={"Cache-Control": "no-store"})

    return router
