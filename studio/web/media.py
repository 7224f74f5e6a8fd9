"""Media delivery: our own route, which asks the policy each time and never lets a browser keep a copy."""

from __future__ import annotations

import re
import unicodedata
from contextlib import ExitStack
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from story_bank.access import Act, Use
from story_bank.errors import NotFound, VecuError
from story_bank.ids import ClipId, MediaKey, RecordingId
from studio.steps.read import OpenClip, OpenRecording
from studio.web.front import Front

TYPES = {".mp4": "video/mp4", ".m4a": "audio/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
         ".mkv": "video/x-matroska", ".ogg": "audio/ogg", ".mp3": "audio/mpeg", ".wav": "audio/wav",
         ".flac": "audio/flac", ".aac": "audio/aac", ".jpg": "image/jpeg"}
PRIVATE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


class KeptFile(FileResponse):
    """A file of the vault, whole or in ranges (RFC 9110, 14), given back to the vault once it is sent."""

    def __init__(self, path: Path, borrowed: ExitStack, name: str | None = None) -> None:
        super().__init__(path, headers=dict(PRIVATE), media_type=TYPES.get(path.suffix, "application/octet-stream"),
                         filename=name)
        self._borrowed = borrowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, then let the vault have it back, whatever happened."""
        with self._borrowed:
            await super().__call__(scope, receive, send)


def routes(front: Front) -> APIRouter:
    """Return the routes that play and download media; not there and not allowed look the same."""
    router = APIRouter(prefix="/media")
    tools = front.tools

    @router.api_route("/recording/{recording_id}", methods=["GET", "HEAD"])
    def recording(request: Request, recording_id: str) -> Response:
        try:
            key = OpenRecording(tools).run(front.asker(request), RecordingId(recording_id))
            return _kept(front, key)
        except VecuError as error:
            return _nothing(front, request, error)

    @router.api_route("/poster/{recording_id}", methods=["GET", "HEAD"])
    def poster(request: Request, recording_id: str) -> Response:
        try:
            return _kept(front, _poster(front, request, RecordingId(recording_id)))
        except VecuError as error:
            return _nothing(front, request, error)

    @router.api_route("/clip/{clip_id}", methods=["GET", "HEAD"])
    def clip(request: Request, clip_id: str, download: int = 0) -> Response:
        try:
            found = OpenClip(tools).run(front.asker(request), ClipId(clip_id))
            if found.media_key is None:
                raise NotFound("Cet extrait n'est pas encore prêt.", "This extract is not ready yet.")
            return _kept(front, found.media_key, f"vecu-{_slug(found.title)}.mp4" if download else None)
        except VecuError as error:
            return _nothing(front, request, error)

    return router


def _poster(front: Front, request: Request, recording_id: RecordingId) -> MediaKey:
    """Return the key of the still picture, where the film itself may be seen and not its sound alone."""
    asker = front.asker(request)
    played = OpenRecording(front.tools).run(asker, recording_id)
    with front.tools.bank.open() as work:
        recording = work.recording(asker, Use(Act.READ), recording_id)
    if recording.poster_key is None or played not in {recording.playable_key, recording.original_key}:
        raise NotFound("Il n'y a pas d'image.", "There is no picture.")
    return recording.poster_key


def _kept(front: Front, key: MediaKey, name: str | None = None) -> KeptFile:
    borrowed = ExitStack()
    return KeptFile(borrowed.enter_context(front.tools.vault.local(key)), borrowed, name)


def _nothing(front: Front, request: Request, error: VecuError) -> Response:
    there = front.person_id(request) is not None
    return PlainTextResponse(error.said(front.language(request)), 404 if there else 401, headers=dict(PRIVATE))


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "extrait"
