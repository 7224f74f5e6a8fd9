"""Media delivery: our own route, which asks the policy each time and never lets a browser keep a copy.

It asks again while it sends: a play or download that is under way when a consent ends is cut in the middle.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from story_bank.access import Act, Use
from story_bank.errors import NotFound, VecuError
from story_bank.ids import ClipId, MediaKey, PersonId, RecordingId
from studio.steps.download import DownloadClip
from studio.steps.read import OpenClip, OpenRecording
from studio.steps.signing import heard_to_decide
from studio.web.front import Front

TYPES = {".mp4": "video/mp4", ".m4a": "audio/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
         ".mkv": "video/x-matroska", ".ogg": "audio/ogg", ".mp3": "audio/mpeg", ".wav": "audio/wav",
         ".flac": "audio/flac", ".aac": "audio/aac", ".jpg": "image/jpeg", ".zip": "application/zip"}
ASK_AGAIN_S = 1.0
"""How long something may go on being sent before the policy is asked again, in seconds."""
ONE_DOWNLOAD = timedelta(hours=1)
"""How long ranges belong to the download that was noted."""
PRIVATE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


class KeptFile(FileResponse):
    """A file of the vault, whole or in ranges (RFC 9110, 14), given back to the vault once it is sent.

    `still_open` is called every second while it is sent, and raises a `VecuError` once it may not be sent any more.
    """

    def __init__(self, path: Path, borrowed: ExitStack, name: str | None = None,
                 still_open: Callable[[], object] = lambda: None) -> None:
        super().__init__(path, headers=dict(PRIVATE), media_type=TYPES.get(path.suffix, "application/octet-stream"),
                         filename=name)
        self._borrowed, self._still_open = borrowed, still_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, then let the vault have it back, whatever happened.

        Cut in the middle, less comes than was announced, and the server ends the connection: a broken transfer.
        """
        asked = time.monotonic()

        async def send_while_open(message: Message) -> None:
            nonlocal asked
            if message["type"] == "http.response.body" and time.monotonic() - asked >= ASK_AGAIN_S:
                await run_in_threadpool(self._still_open)
                asked = time.monotonic()
            await send(message)

        with self._borrowed, suppress(VecuError):
            await super().__call__({**scope, "extensions": {}}, receive, send_while_open)


def routes(front: Front) -> APIRouter:
    """Return the routes that play and download media; not there and not allowed look the same."""
    router = APIRouter(prefix="/media")
    tools, downloads = front.tools, _Downloads(front.tools.clock)

    @router.api_route("/recording/{recording_id}", methods=["GET", "HEAD"])
    def recording(request: Request, recording_id: str) -> Response:
        try:
            key = OpenRecording(tools).run(front.asker(request), RecordingId(recording_id))
            return _kept(front, key, lambda: _check_recording(front, request, RecordingId(recording_id), key))
        except VecuError as error:
            return _nothing(front, request, error)

    @router.api_route("/poster/{recording_id}", methods=["GET", "HEAD"])
    def poster(request: Request, recording_id: str) -> Response:
        try:
            key = _poster(front, request, RecordingId(recording_id))
            return _kept(front, key, lambda: _poster(front, request, RecordingId(recording_id)))
        except VecuError as error:
            return _nothing(front, request, error)

    @router.api_route("/clip/{clip_id}", methods=["GET", "HEAD"])
    def clip(request: Request, clip_id: str, download: int = 0) -> Response:
        try:
            asker = front.asker(request)
            noted = not download or request.method != "GET" or downloads.goes_on(request, asker.person.id, clip_id)
            found = (OpenClip(tools) if noted else DownloadClip(tools)).run(asker, ClipId(clip_id))
            if not noted:
                downloads.noted(asker.person.id, clip_id)
            if found.media_key is None:
                raise NotFound("Cet extrait n'est pas encore prêt.", "This extract is not ready yet.")
            return _kept(front, found.media_key, lambda: OpenClip(tools).run(front.asker(request), ClipId(clip_id)),
                         f"vecu-{_slug(found.title)}.mp4" if download else None)
        except VecuError as error:
            return _nothing(front, request, error)

    return router


def _poster(front: Front, request: Request, recording_id: RecordingId) -> MediaKey:
    """Return the key of the still picture, where the film itself may be seen and not its sound alone."""
    asker = front.asker(request)
    played = OpenRecording(front.tools).run(asker, recording_id)
    with front.tools.bank.open() as work:
        deciding = heard_to_decide(work, asker, recording_id, front.tools.clock())
        recording = deciding or work.recording(asker, Use(Act.READ), recording_id)
    if recording.poster_key is None or played not in {recording.playable_key, recording.original_key}:
        raise NotFound("Il n'y a pas d'image.", "There is no picture.")
    return recording.poster_key


def _check_recording(front: Front, request: Request, recording_id: RecordingId, sent: MediaKey) -> None:
    """Ask again for what is being sent (`NotFound` when only something else may be played by now)."""
    now = OpenRecording(front.tools).run(front.asker(request), recording_id)
    if now == sent:
        return
    with front.tools.bank.open() as work:
        recording = work.recording_of_job(recording_id)
    if (sent, now) != (recording.original_key, recording.playable_key):  # made playable meanwhile: for the same eyes
        raise NotFound("Cet enregistrement ne se joue plus ainsi.", "This recording is not played so any more.")


class _Downloads:
    """Downloads that were noted of late, so that one which comes in ranges is noted once, wherever it begins."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock, self._last = clock, dict[tuple[PersonId, str], datetime]()

    def goes_on(self, request: Request, person_id: PersonId, clip_id: str) -> bool:
        """Tell whether a request for a range goes on with a download that was noted; one without a range begins one."""
        last = self._last.get((person_id, clip_id))
        return "range" in request.headers and last is not None and self._clock() - last < ONE_DOWNLOAD

    def noted(self, person_id: PersonId, clip_id: str) -> None:
        """Remember it for as long as a download may take."""
        now = self._clock()
        self._last = {each: last for each, last in list(self._last.items()) if now - last < ONE_DOWNLOAD}
        self._last[person_id, clip_id] = now


def _kept(front: Front, key: MediaKey, still_open: Callable[[], object], name: str | None = None) -> KeptFile:
    borrowed = ExitStack()
    return KeptFile(borrowed.enter_context(front.tools.vault.local(key)), borrowed, name, still_open)


def _nothing(front: Front, request: Request, error: VecuError) -> Response:
    there = front.person_id(request) is not None
    return PlainTextResponse(error.said(front.language(request)), 404 if there else 401, headers=dict(PRIVATE))


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "extrait"
