"""Share pages: one extract, for whoever holds the address, without sign-in, script, cookie or trace of who looks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from story_bank.errors import NotAvailable, NotFound
from story_bank.language import Bilingual, Language
from studio.steps.share import OpenShare
from studio.ui.voices import set_in
from studio.ui.words import W
from studio.web.front import Front
from studio.web.media import KeptFile
from studio.web.paper import draw

UNLISTED = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}
"""Kept by no cache, listed by no search engine."""
_GONE = W("Ce récit n'est plus ici", "This story is no longer here")
_TAKEN_BACK = W("La personne qui l'a raconté l'a repris, ou le temps qu'elle avait accordé est passé.",
                "The person who told it took it back, or the time they had allowed is over.")
_NOWHERE = W("Il n'y a rien à cette adresse", "There is nothing at this address")
_SLEEPS = W("Cette page ne s'ouvre pas en ce moment", "This page does not open at the moment")
_CHECK = W("Vérifiez qu'elle est copiée en entier.", "Check that all of it was copied.")


def routes(front: Front) -> APIRouter:
    """Return the routes of share pages: 200 for what is shared, 410 for what is gone, 404 for what never was."""
    router, pages = APIRouter(prefix="/partage"), OpenShare(front.tools)

    @router.api_route("/{secret}", methods=["GET", "HEAD"])
    def page(request: Request, secret: str) -> Response:
        return _answered(front, request, lambda: _page(pages, secret))

    @router.api_route("/{secret}/media", methods=["GET", "HEAD"])
    def media(request: Request, secret: str) -> Response:
        return _answered(front, request, lambda: _file(front, pages, secret))

    return router


def _answered(front: Front, request: Request, opened: Callable[[], Response | None]) -> Response:
    """Answer with what is opened, or say in the visitor's language that it is gone, never was, or sleeps."""
    lang = front.language(request)
    try:
        return opened() or _instead(lang, 410, _GONE, _TAKEN_BACK)
    except NotFound:
        return _instead(lang, 404, _NOWHERE, _CHECK)
    except NotAvailable as asleep:
        return _instead(lang, 503, _SLEEPS, asleep.sentence)


def _page(pages: OpenShare, secret: str) -> Response | None:
    shared = pages.run(secret)
    if shared is None:
        return None
    told = {"title": set_in(shared.language, shared.title), "words": set_in(shared.language, shared.words)}
    html = draw("partage", shared.language, shared=shared, media=f"/partage/{secret}/media", **told)
    return HTMLResponse(html, headers=UNLISTED)


def _file(front: Front, pages: OpenShare, secret: str) -> Response | None:
    shared = pages.run(secret)
    if shared is None:
        return None
    borrowed = ExitStack()
    file = borrowed.enter_context(front.tools.vault.local(shared.media_key))
    answer = KeptFile(file, borrowed, still_open=lambda: _still_shared(pages, secret))
    answer.headers.update(UNLISTED)
    return answer


def _still_shared(pages: OpenShare, secret: str) -> None:
    """Ask again while the extract is sent (`NotFound` once its page is gone)."""
    if pages.run(secret) is None:
        raise NotFound(_GONE.fr, _GONE.en)


def _instead(lang: Language, status: int, title: Bilingual, lead: Bilingual) -> Response:
    html = draw("gone", lang, title=title.said(lang), lead=set_in(lang, lead.said(lang)))
    return HTMLResponse(html, status, headers=UNLISTED)
