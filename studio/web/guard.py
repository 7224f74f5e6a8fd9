"""The guard at the door: same-origin changes, sign-in before pages, security headers on every answer."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studio.web.front import Front

PAGES = ("/fr", "/en")
_COMMON = ("object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; default-src 'self'; "
           "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; "
           "worker-src 'self' blob:; ")
PLAIN_POLICY = _COMMON + "script-src 'none'; style-src 'self'"
GRADIO_POLICY = _COMMON + "script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"
"""Gradio compiles its templates in the browser, which needs `unsafe-eval`; no text of a person goes into them."""
CORNER_POLICY = _COMMON + "script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'"
"""A corner's recorder is a script of ours; it moves bars by their style."""
HEADERS = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
}

ELSEWHERE = "Demande refusée : elle vient d'un autre site. / Refused: it comes from another site."


def is_page(path: str) -> bool:
    """Tell whether a path belongs to the mounted pages."""
    return any(path == root or path.startswith(f"{root}/") for root in PAGES)


def policy_for(path: str) -> str:
    """Return the content security policy of a path."""
    if is_page(path):
        return GRADIO_POLICY
    return CORNER_POLICY if path.startswith("/coin/") else PLAIN_POLICY


def from_elsewhere(request: Request) -> bool:
    """Tell whether a request that changes something was sent by another site."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
    try:
        return urlsplit(origin).netloc != request.headers.get("host")
    except ValueError:
        return True


def wants_a_page(request: Request) -> bool:
    """Tell whether a person is opening a page, rather than a script asking for something."""
    return (request.method == "GET" and is_page(request.url.path) and "/gradio_api/" not in request.url.path
            and "text/html" in request.headers.get("accept", ""))


class Guard:
    """Stands before every route, the mounted pages included."""

    def __init__(self, app: ASGIApp, front: Front) -> None:
        self.app, self.front = app, front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, lead to sign-in, or let through; dress the answer either way."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        policy = policy_for(request.url.path)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**HEADERS, "Content-Security-Policy": policy}.items():
                    headers[name] = value
                if self.front.manner.secure:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        refusal = await self._refusal(request)
        await (refusal or self.app)(scope, receive, dressed)

    async def _refusal(self, request: Request) -> Response | None:
        if from_elsewhere(request):
            return PlainTextResponse(ELSEWHERE, 403)
        if wants_a_page(request) and await run_in_threadpool(self.front.person_id, request) is None:
            there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/connexion?vers={quote(there, safe='')}", status_code=303)
        return None
