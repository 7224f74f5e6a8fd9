"""tus: the resumable upload protocol of `tuspyserver`, over our arrivals and behind our own rules.

What the library leaves open (4.4.3, read in its source) is closed here:

- its own storage takes a file lock while it waits for bytes, on the event loop, and after a kill goes on from a noted
  offset that may be less than the file holds: ours asks the file itself, writes outside the loop and never waits;
- PATCH writes before it looks at `auth=`, so who asks is looked at by a dependency of the whole router, before it;
- a length that is too large, missing, below zero or changed later is not looked at, a body sent with the creation is
  read into memory, and concatenation reads any upload by name: all are refused before the library sees them.

Who sends is told to the storage through a context variable: the library knows no owner of an upload.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import Headers
from tuspyserver import create_tus_router
from tuspyserver.storage import TusStorage

from story_bank.bank import Asker
from story_bank.errors import BadInput, NotFound, VecuError
from story_bank.ids import PersonId
from studio.web.arrivals import Arrivals, moved_on

VERSION = {"Tus-Resumable": "1.0.0"}
LONGEST = 2000
"""Characters of metadata."""
_CHANGES = frozenset({"offset", "upload_part", "upload_chunk_size", "expires", "error"})
"""What the library notes anew after each piece; the file says it too."""
_KEPT = frozenset({"filetype", "mark"})
"""The metadata that is kept; the name of a file is no business of the protocol."""


Told = Callable[[Request, VecuError], Awaitable[tuple[int, str]]]
"""Says an error to who asked: its status and its sentence."""


@dataclass(slots=True)
class Sending:
    """A request, whose it is, and where its next byte belongs."""

    person_id: PersonId
    request: Request
    at: int = 0


_sending: ContextVar[Sending] = ContextVar("sending")


def tus_routes(arrivals: Arrivals, admit: Callable[[Request], Awaitable[Asker]], told: Told, days: int) -> APIRouter:
    """Return POST, HEAD, PATCH and DELETE of the protocol; `admit` says who asks, or raises a `VecuError`.

    `days` is how long an upload is said to wait after its last byte; the worker's sweep is what ends it.
    """
    async def look(request: Request) -> None:
        try:
            asker = await admit(request)
            await asyncio.to_thread(_look, arrivals, asker.person.id, request)
        except VecuError as error:
            raise await _refusal(told, request, error) from error
        _sending.set(Sending(asker.person.id, request))

    router = APIRouter(dependencies=[Depends(look)])
    router.include_router(create_tus_router(prefix="upload", max_size=arrivals.most_bytes, days_to_keep=days,
                                            storage=TusArrivals(arrivals, told)))
    return router


async def _refusal(told: Told, request: Request, error: VecuError) -> HTTPException:
    status, sentence = await told(request, error)
    return HTTPException(status, {"sentence": sentence}, VERSION)


def _look(arrivals: Arrivals, person_id: PersonId, request: Request) -> None:
    """Refuse what the library would let through."""
    asked = request.headers
    if "upload-concat" in asked or "x-http-method-override" in asked:
        raise _not_spoken()
    if (arrival_id := request.path_params.get("uuid")) is not None:
        arrivals.path(person_id, arrival_id)
    length = _number(asked.get("upload-length"))
    if request.method == "POST":
        one_length = (length is None) is ("upload-defer-length" in asked)
        if not one_length or _number(asked.get("content-length")) or len(asked.get("upload-metadata", "")) > LONGEST:
            raise _not_spoken()
        arrivals.room_for(length or 0)
    if request.method == "PATCH":
        _look_at_piece(arrivals, person_id, str(arrival_id), asked)


def _look_at_piece(arrivals: Arrivals, person_id: PersonId, arrival_id: str, asked: Headers) -> None:
    """Refuse a piece for which there is no room, and a length that contradicts what came or was announced."""
    length = _number(asked.get("upload-length"))
    reached = (_number(asked.get("upload-offset")) or 0) + (_number(asked.get("content-length")) or 0)
    arrivals.room_for(max(reached, length or 0), arrivals.path(person_id, arrival_id).stat().st_size)
    announced = arrivals.announced(person_id, arrival_id).get("size")
    if length is not None and (length < reached or announced not in {None, length}):
        raise moved_on()


def _number(text: str | None) -> int | None:
    """Return a whole number that is not below zero, None where nothing was said."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit():
        raise _not_spoken()
    return int(text)


def _not_spoken() -> BadInput:
    return BadInput("Cet envoi ne suit pas le protocole tus tel que Vécu le parle.",
                    "This upload does not follow the tus protocol as Vécu speaks it.")


class TusArrivals(TusStorage):  # type: ignore[misc]  # the library ships without types
    """Keeps what the protocol brings as the arrivals of whoever sends it."""

    def __init__(self, arrivals: Arrivals, told: Told) -> None:
        self.arrivals, self.told = arrivals, told

    async def _run(self, work: Callable[..., Any], *args: Any) -> Any:
        try:
            return await asyncio.to_thread(work, _sending.get().person_id, *args)
        except VecuError as error:  # the library swallows every error but this kind, and acknowledges
            raise await _refusal(self.told, _sending.get().request, error) from error

    async def create(self, uid: str) -> None:
        """Begin an empty arrival."""
        await self._run(self.arrivals.begin, uid)

    async def exists(self, uid: str) -> bool:
        """Tell whether it is there, for who asks."""
        try:
            await asyncio.to_thread(self.arrivals.path, _sending.get().person_id, uid)
        except NotFound:
            return False
        return True

    async def size(self, uid: str) -> int:
        """Return how many bytes have come: what the file holds."""
        return int((await self._run(self.arrivals.path, uid)).stat().st_size)

    async def append(self, uid: str, chunk: bytes) -> None:
        """Add bytes where this request's own last ones ended; another request that went on from there ends this one."""
        sending = _sending.get()
        await self._run(self.arrivals.add, uid, sending.at, chunk)
        sending.at += len(chunk)

    async def flush(self, uid: str) -> None:
        """Have the bytes on the disk before they are acknowledged."""
        await self._run(self.arrivals.settle, uid)

    async def finalize(self, uid: str) -> None:
        """Do nothing: a file is as whole as it is long."""

    async def read(self, uid: str) -> bytes | None:
        """Refuse: nothing is ever read whole."""
        raise NotImplementedError

    async def delete(self, uid: str) -> None:
        """Drop it."""
        await self._run(self.arrivals.drop, uid)

    async def read_info(self, uid: str) -> dict[str, Any] | None:
        """Return what was announced, with what the file says: how much has come. Ending is the sweep's business."""
        if not (found := await self._run(self.arrivals.announced, uid)):
            return None
        kept = {"filename": "recit", "filetype": "application/octet-stream"} | found["metadata"]
        return {**found, "metadata": kept, "offset": await self.size(uid), "expires": None}

    async def write_info(self, uid: str, data: dict[str, Any]) -> None:
        """Keep what is announced; what changes with each piece is not written again."""
        lasting = {key: value for key, value in data.items() if key not in _CHANGES}
        lasting["metadata"] = {key: text for key, text in data["metadata"].items() if key in _KEPT}
        if lasting != await self._run(self.arrivals.announced, uid):
            await self._run(self.arrivals.announce, uid, lasting)

    async def list_uids(self) -> list[str]:
        """Return nothing: old arrivals are swept by the worker."""
        return []

    def location(self, uid: str) -> str:
        """Return the name alone."""
        return uid

    @asynccontextmanager
    async def lock(self, uid: str) -> AsyncIterator[None]:
        """Note where this request begins, and wait for nobody: of two, the one whose bytes fit goes on."""
        _sending.get().at = await self.size(uid)
        yield
