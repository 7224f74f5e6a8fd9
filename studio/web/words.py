"""The words of a story as files: taken away in five forms, or brought where one has them already."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from media.imported_text import MOST_BYTES
from story_bank.access import Act, Duty, Use
from story_bank.errors import BadInput, NotAllowed, NotFound, VecuError
from story_bank.ids import StoryId
from story_bank.language import LANGUAGES
from studio.documents.receipts import titled
from studio.steps.import_transcript import MENDED, ImportTranscript
from studio.steps.step import must_hold
from studio.steps.take_words import TakeWords, WordsForm, named
from studio.web.doors import dead_link, said
from studio.web.front import Front
from studio.web.media import PRIVATE
from studio.web.paper import page

TYPES = {WordsForm.TXT: "text/plain; charset=utf-8", WordsForm.SRT: "application/x-subrip; charset=utf-8",
         WordsForm.VTT: "text/vtt; charset=utf-8", WordsForm.JSON: "application/json",
         WordsForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
_ROOM = 100_000
"""Bytes of a form beside the file in it."""


def routes(front: Front) -> APIRouter:
    """Return the routes of words; not there and not for this person look the same."""
    router = APIRouter(prefix="/mots")

    @router.get("/{story_id}")
    def show(request: Request, story_id: str, fait: str = "") -> Response:
        try:
            return _page(front, request, StoryId(story_id), done=fait)
        except VecuError as error:
            return _closed(front, request, error)

    @router.post("/{story_id}")
    async def bring(request: Request, story_id: str) -> Response:
        """Lay a file, or a text that was pasted, on one's own recording."""
        if await run_in_threadpool(front.person_id, request) is None or not _small(request):
            too_large = BadInput("Ce fichier est trop gros pour une transcription : 5 Mo au plus.",
                                 "This file is too large for a transcript: 5 MB at most.")
            return await run_in_threadpool(_closed, front, request, too_large)
        form = await request.form(max_files=1, max_fields=10, max_part_size=MOST_BYTES)
        data, name = await _given(form)
        return await run_in_threadpool(_brought, front, request, StoryId(story_id), data, name, form)

    @router.get("/{story_id}/{form}")
    def take(request: Request, story_id: str, form: WordsForm) -> Response:
        """Give the words in a form."""
        try:
            asker = front.asker(request)
            taken = TakeWords(front.tools).run(asker, StoryId(story_id), form)
        except VecuError as error:
            return _closed(front, request, error)
        name = named(taken, form, asker.person.language)
        return Response(taken.data, headers={**PRIVATE, "Content-Type": TYPES[form],
                                             "Content-Disposition": f'attachment; filename="{name}"'})

    return router


async def _given(form: FormData) -> tuple[bytes, str]:
    file = form.get("fichier")
    if isinstance(file, UploadFile) and file.filename:
        return await file.read(), file.filename[:300]
    return str(form.get("texte", "")).encode("utf-8", "ignore"), ""


def _brought(front: Front, request: Request, story_id: StoryId, data: bytes, name: str, form: FormData) -> Response:
    spoken = next((each for each in LANGUAGES if each == form.get("langue")), None)
    try:
        asker = front.asker(request)
        made = ImportTranscript(front.tools).run(asker, story_id, data, name, spoken)
    except (NotFound, NotAllowed) as error:
        return _closed(front, request, error)
    except VecuError as error:
        return _page(front, request, story_id, error, typed=str(form.get("texte", "")))
    return RedirectResponse(f"/mots/{story_id}?fait={'range' if made.told else 'oui'}", 303)


def _page(front: Front, request: Request, story_id: StoryId, error: VecuError | None = None, *, done: str = "",
          typed: str = "") -> Response:
    asker = front.asker(request)
    must_hold(asker, Duty.TELL)
    with front.tools.bank.open() as work:
        story = work.story(asker, Use(Act.KEEP), story_id)
    if story.author_id != asker.person.id or story.recording_id is None:
        raise NotFound("Ce récit n'est pas dans vos récits, ou n'a pas d'enregistrement.",
                       "This story is not among your stories, or has no recording.")
    lang = asker.person.language
    return page(front, request, "mots", 400 if error else 200, title=titled(story.title, lang), story=story.id,
                spoken=story.language, done=done, typed=typed, mended=MENDED.said(lang),
                sentence=said(front, request, error), here=f"mots/{story.id}",
                back=f"/{lang}/relire?{urlencode({'story': story.id})}")


def _small(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    return length.isdigit() and int(length) <= MOST_BYTES + _ROOM


def _closed(front: Front, request: Request, error: VecuError) -> Response:
    if front.person_id(request) is None:
        return RedirectResponse("/connexion?" + urlencode({"vers": request.url.path}), 303)
    return dead_link(front, request, error)
