"""At a corner: a page for whoever opens its address, without an account; then the receipt, then the next person.

Every page here is kept by no cache, and every way back to the beginning ends the session: nothing of the person before
can be reached. The one cookie of a browser holds either a person's session or a visitor's, never both.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from functools import cache
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from story_bank.bank import Asker
from story_bank.company import Company
from story_bank.corner import Corner
from story_bank.errors import BadInput, NotAvailable, NotFound, VecuError
from story_bank.language import Language
from story_bank.recording import SpokenContext
from studio.access.claim_codes import code_for
from studio.documents.corner_receipt import code_of, corner_receipt
from studio.documents.document import Printer
from studio.documents.square_code import SquareCode, drawn
from studio.leftovers import drop_arrivals_of
from studio.steps.corner import EndVisit, LeaveAtCorner, Left
from studio.steps.forget import Forget
from studio.steps.keep import DescribeRecording
from studio.steps.receipt import company_of
from studio.ui.days import day_text
from studio.ui.record import for_corner, recorder_script, unusual_words
from studio.ui.sheet import BASE, script
from studio.web.doors import dead_link, keep_cookie
from studio.web.front import Front
from studio.web.media import PRIVATE
from studio.web.paper import draw
from studio.wiring import printer, square_code

NO_STORE = {"Cache-Control": "no-store"}
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
RECEIPT_S, NOTHING_S, PAUSED_S = 60, 90, 180
"""Seconds without a touch after which the page returns: from the receipt (time to copy twelve letters, and every touch
begins them anew), from a recorder with nothing recorded, and from one that somebody left on pause."""
Line = Annotated[str, Form(max_length=120)]
_SPOT = re.compile(r"\{\{(.+?)\}\}")


def routes(front: Front) -> APIRouter:
    """Return the routes of a corner."""
    router = APIRouter()
    _beginning(router, front)
    _receipt(router, front, printer(), square_code())
    _ending(router, front)

    @router.get(f"{BASE}/coin.js")
    def together() -> Response:
        return Response(_script(), media_type="text/javascript", headers=FOREVER)

    return router


def filled(template: str, value: dict[str, Any]) -> str:
    """Fill a page's own template on the server, where no Gradio does (`ValueError` for more than plain values)."""
    def found(spot: re.Match[str]) -> str:
        known: Any = {"value": value}
        for name in spot[1].split("."):
            if name not in known:
                raise ValueError(f"a corner cannot fill {spot[0]}")
            known = known[name]
        return escape(str(known))

    return _SPOT.sub(found, template)


@cache
def _script() -> str:
    """Return the recorder as Raconter has it, in a function of its own, and what a corner adds."""
    return ("(() => {\nconst recorder = (element, props, trigger) => {\n" + recorder_script() + "\n};\n"
            + script("corner") + "\n})();\n")


@cache
def _script_address() -> str:
    return f"{BASE}/coin.js?v={hashlib.sha256(_script().encode()).hexdigest()[:12]}"


def _beginning(router: APIRouter, front: Front) -> None:
    @router.get("/coin/{secret}")
    def start(request: Request, secret: str, langue: str = "") -> Response:
        try:
            corner = front.visits.open_corner(secret)
            company = _company(front)
        except VecuError as closed:
            return dead_link(front, request, closed)
        lang, home = _language(corner, langue), f"/coin/{secret}"
        if front.person_id(request) is not None:
            return _drawn("coin-connecte", lang, corner=corner, company=company.name, home=home)
        template, value = for_corner(lang, front.tools.limits, f"{home}/recu?recit=")
        answer = _drawn("coin", lang, corner=corner, company=company.name, home=home, value=value,
                        recorder=filled(template, value), idle=NOTHING_S, paused=PAUSED_S,
                        others=[code for code in corner.languages if code != lang])
        return _left(front, request, answer)

    @router.post("/coin/{secret}/ouvrir")
    def sign_out_and_open(request: Request, secret: str) -> Response:
        front.sessions.close(request.cookies.get(front.cookie))
        return _left(front, request, RedirectResponse(f"/coin/{secret}", 303))

    @router.post("/coin/{secret}/commencer")
    def begin(request: Request, secret: str, langue: str = "") -> Response:
        """Begin somebody's visit; the one before ends, unless it is somebody's own session (`NotAllowed`)."""
        if front.person_id(request) is not None:
            return JSONResponse({"sentence": "", "again": True}, 409, headers=NO_STORE)
        lang: Language = "en" if langue == "en" else "fr"
        try:
            corner = front.visits.open_corner(secret)
            lang = _language(corner, langue)
            begun = front.visits.begin(secret, lang)
        except VecuError as refusal:
            status = 503 if isinstance(refusal, NotAvailable) else 404
            return JSONResponse({"sentence": refusal.said(lang)}, status, headers=NO_STORE)
        answer = _left(front, request, JSONResponse({}, headers=NO_STORE))
        del answer.headers["set-cookie"]
        keep_cookie(front, request, answer, "vecu", begun, int(front.visits.lasts.total_seconds()))
        return answer


def _receipt(router: APIRouter, front: Front, prints: Printer, squared: SquareCode) -> None:
    @router.get("/coin/{secret}/recu")
    def shown(request: Request, secret: str) -> Response:
        try:
            asker, left, code = _kept(front, request)
        except VecuError:
            return RedirectResponse(f"/coin/{secret}", 303)
        lang, address = asker.person.language, front.link(request, "recuperer", code=code)
        return _drawn("coin-recu", lang, left=left, code=code, qr=drawn(squared(address)), home=f"/coin/{secret}",
                      company=_company(front).name, gone=day_text(left.gone_on, lang), idle=RECEIPT_S,
                      address=front.link(request, "recuperer"))

    @router.post("/coin/{secret}/recu")
    def described(request: Request, secret: str, first_name: Line = "", job: Line = "",
                  unusual: Annotated[str, Form(max_length=1000)] = "", spoken: str = "fr") -> Response:
        with suppress(NotFound, BadInput):
            asker, left, _ = _kept(front, request)
            context = SpokenContext(_line(first_name), _line(job), "", "", unusual_words(unusual))
            if not left.asked:
                DescribeRecording(front.tools).run(asker, left.story.id, context, "en" if spoken == "en" else "fr")
        return RedirectResponse(f"/coin/{secret}/recu", 303)

    @router.get("/coin/{secret}/recu.pdf")
    def paper(request: Request, secret: str) -> Response:
        try:
            asker, left, code = _kept(front, request)
        except VecuError:
            return RedirectResponse(f"/coin/{secret}", 303)
        lang, address = asker.person.language, front.link(request, "recuperer", code=code)
        receipt = corner_receipt(left.recording, left.corner_name, left.gone_on,
                                 code_of(code, front.link(request, "recuperer"), squared(address), lang),
                                 _company(front), lang)
        return Response(prints.receipt(receipt), headers={
            **PRIVATE, "Content-Type": "application/pdf",
            "Content-Disposition": f'inline; filename="{receipt.name}.pdf"'})


def _ending(router: APIRouter, front: Front) -> None:
    @router.post("/coin/{secret}/fin")
    def end(request: Request, secret: str) -> Response:
        return _left(front, request, RedirectResponse(f"/coin/{secret}", 303))

    @router.post("/coin/{secret}/effacer")
    def erase(request: Request, secret: str) -> Response:
        """Erase for good what was just told, and begin anew."""
        with suppress(NotFound, NotAvailable):  # what sleeps is ended by the worker: nothing opens any more
            asker, left, _ = _kept(front, request)
            Forget(front.tools).run(asker, left.story.id)
        return _left(front, request, RedirectResponse(f"/coin/{secret}", 303))


def _left(front: Front, request: Request, answer: Response) -> Response:
    """End the visit that the browser holds, if any, have what was told there heard, and take the cookie away."""
    secret = request.cookies.get(front.cookie)
    if front.person_id(request) is not None:
        return answer
    if secret:
        visitor = front.teller_id(request)
        with suppress(NotFound):
            EndVisit(front.tools).run(front.teller(request))
        front.visits.end(secret)
        if visitor is not None:
            drop_arrivals_of(front.tools.scratch, visitor)
    answer.delete_cookie(front.cookie, path="/", secure=front.manner.secure, httponly=True, samesite="lax")
    return answer


def _kept(front: Front, request: Request) -> tuple[Asker, Left, str]:
    """Return who came, what they left and their code (`NotFound` for anybody who is not at a corner)."""
    asker, secret = front.teller(request), request.cookies.get(front.cookie)
    if not asker.at_corner or secret is None:
        raise NotFound("Rien n'a été enregistré ici.", "Nothing was recorded here.")
    code = code_for(secret)
    return asker, LeaveAtCorner(front.tools).run(asker, code), code


def _company(front: Front) -> Company:
    with front.tools.bank.open() as work:
        return company_of(work)


def _language(corner: Corner, wanted: str) -> Language:
    return next((code for code in corner.languages if code == wanted), corner.languages[0])


def _line(text: str) -> str:
    return " ".join(text.split())[:120]


def _drawn(name: str, lang: Language, **what: Any) -> Response:
    html = draw(name, lang, script=_script_address(), **what)
    return HTMLResponse(html, headers={**NO_STORE, "X-Robots-Tag": "noindex, nofollow, noarchive"})

