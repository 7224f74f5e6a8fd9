"""Papers of one's own: receipts, the journal, all one's data; and the register, for the steward alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from story_bank.access import LightState
from story_bank.bank import Asker
from story_bank.company import Company
from story_bank.errors import Conflict, NotFound, VecuError
from story_bank.ids import ConsentId, PersonId
from story_bank.language import Language
from story_bank.person import Person
from studio.documents.document import Printer, Receipt
from studio.documents.receipts import looks, moment, period, places, purposes
from studio.leftovers import export_file
from studio.steps.export_own import ExportOwn
from studio.steps.journal import SHOWN, JournalLine, ReadJournal
from studio.steps.receipt import ReadForgetting, ReadReceipt, company_of
from studio.steps.register import STANDINGS, Entry, ReadRegister, Register, Standing, Wanted
from studio.steps.register_sheets import as_csv, as_table, file_name, story_of, text_state, told_since
from studio.ui.days import day_text
from studio.web.doors import dead_link
from studio.web.front import Front
from studio.web.media import PRIVATE, KeptFile
from studio.web.paper import page
from studio.wiring import printer

PDF, CSV = "application/pdf", "text/csv; charset=utf-8"
LISTED = 200
"""How many consents the page lists; the files hold them all."""


def routes(front: Front) -> APIRouter:
    """Return the routes of papers; not there and not for this person look the same."""
    router = APIRouter()
    prints = printer()
    _receipts(router, front, prints)
    _own(router, front, prints)
    _register(router, front, prints)
    return router


def _receipts(router: APIRouter, front: Front, prints: Printer) -> None:
    @router.get("/accord/{consent_id}.pdf")
    def consent(request: Request, consent_id: str) -> Response:
        """Give the receipt of a consent or withdrawal to who signed, or to the steward."""
        try:
            receipt = ReadReceipt(front.tools).run(front.asker(request), ConsentId(consent_id))
        except VecuError as error:
            return _closed(front, request, error)
        return _printed(receipt, prints)

    @router.get("/oubli/{forgotten_id}.pdf")
    def forgetting(request: Request, forgotten_id: str) -> Response:
        """Give the receipt of an erasure to who asked for it."""
        try:
            receipt = ReadForgetting(front.tools).run(front.asker(request), forgotten_id)
        except VecuError as error:
            return _closed(front, request, error)
        return _printed(receipt, prints)


def _own(router: APIRouter, front: Front, prints: Printer) -> None:
    @router.get("/journal")
    def journal(request: Request) -> Response:
        try:
            asker = front.asker(request)
        except NotFound as error:
            return _closed(front, request, error)
        lines = ReadJournal(front.tools).run(asker)
        return page(front, request, "journal", days=_by_day(front, asker, lines), most=SHOWN,
                    full=len(lines) == SHOWN, account=not asker.person.guest)

    busy: dict[PersonId, object] = {}

    @router.get("/mes-donnees")
    def take_along(request: Request) -> Response:
        """Give everything that is one's own, from a file that goes once it is sent; one at a time for each person."""
        try:
            asker = front.asker(request)
            with ExitStack() as kept:
                kept.enter_context(_alone(busy, asker.person))
                file = kept.enter_context(export_file(front.tools.scratch, asker.person.id))
                name = ExportOwn(front.tools).run(asker, prints, file)
                if not file.is_file():
                    raise Conflict("Un récit vient d'être effacé ; recommencez : il n'y sera plus.",
                                   "A story was erased just now; begin again: it will not be in it.")
                return KeptFile(file, kept.pop_all(), name)
        except VecuError as error:
            return _closed(front, request, error)


def _register(router: APIRouter, front: Front, prints: Printer) -> None:
    @router.get("/registre")
    def register(request: Request, etat: str = "", personne: str = "") -> Response:
        try:
            found, lang = _read(front, request, etat, personne)
        except VecuError as error:
            return _closed(front, request, error)
        query = urlencode({"etat": etat, "personne": personne})
        return page(front, request, "registre", query=f"?{query}", typed={"etat": etat, "personne": personne},
                    standings=[(each.value, said.said(lang)) for each, said in STANDINGS.items()],
                    entries=[_listed(each, found.company, lang) for each in found.entries[:LISTED]],
                    shown=len(found.entries), whole=found.whole, listed=LISTED)

    @router.get("/registre.csv")
    def as_sheet(request: Request, etat: str = "", personne: str = "") -> Response:
        try:
            found, lang = _read(front, request, etat, personne)
        except VecuError as error:
            return _closed(front, request, error)
        return _file(as_csv(found, lang), CSV, f"{file_name(found, lang)}.csv", "attachment")

    @router.get("/registre.pdf")
    def as_paper(request: Request, etat: str = "", personne: str = "") -> Response:
        try:
            found, lang = _read(front, request, etat, personne)
        except VecuError as error:
            return _closed(front, request, error)
        paper = as_table(found, front.tools.clock(), lang)
        return _file(prints.table(paper), PDF, f"{paper.name}.pdf", "inline")


@contextmanager
def _alone(busy: dict[PersonId, object], person: Person) -> Iterator[None]:
    """Keep a person's other exports away until this one is sent (`Conflict`)."""
    this = object()
    if busy.setdefault(person.id, this) is not this:
        raise Conflict("Vos données sont déjà en train de partir ; attendez la fin de ce téléchargement.",
                       "Your data is on its way already; wait until that download has ended.")
    try:
        yield
    finally:
        del busy[person.id]


def _read(front: Front, request: Request, standing: str, person: str) -> tuple[Register, Language]:
    asker = front.asker(request)
    wanted = Wanted(next((each for each in Standing if each.value == standing), None), person[:200])
    return ReadRegister(front.tools).run(asker, wanted), asker.person.language


def _listed(entry: Entry, company: Company, lang: Language) -> dict[str, Any]:
    consent, scope = entry.consent, entry.consent.scope
    return {
        "id": consent.id, "person": entry.person, "story": story_of(entry, lang), "state": entry.light.value,
        "standing": STANDINGS[entry.standing].said(lang), "since": told_since(entry, company, lang),
        "purposes": purposes(scope, lang), "places": places(scope.channels, lang), "period": period(scope, lang),
        "looks": looks(scope, lang), "signature": consent.signature, "at": moment(consent.signed_at, company, lang),
        "version": consent.text_version, "mark": consent.text_hash, "text": text_state(entry).said(lang),
        "altered": entry.consent.text != "" and not consent.intact, "open": entry.light is not LightState.STOP}


def _by_day(front: Front, asker: Asker, lines: list[JournalLine]) -> list[tuple[str, list[dict[str, str]]]]:
    lang = asker.person.language
    with front.tools.bank.open() as work:
        zone = ZoneInfo(company_of(work).timezone)
    days: dict[str, list[dict[str, str]]] = {}
    for line in lines:
        there = line.at.astimezone(zone)
        days.setdefault(day_text(there.date(), lang), []).append(
            {"time": there.strftime("%H:%M"), "stamp": there.isoformat(timespec="minutes"), "who": line.who,
             "did": line.did, "about": line.about})
    return list(days.items())


def _printed(receipt: Receipt, prints: Printer) -> Response:
    return _file(prints.receipt(receipt), PDF, f"{receipt.name}.pdf", "inline")


def _file(data: bytes, kind: str, name: str, how: str) -> Response:
    return Response(data, headers={**PRIVATE, "Content-Type": kind, "Content-Disposition": f'{how}; filename="{name}"'})


def _closed(front: Front, request: Request, error: VecuError) -> Response:
    if front.person_id(request) is None:
        return RedirectResponse("/connexion?" + urlencode({"vers": request.url.path}), 303)
    if isinstance(error, Conflict):
        lang = front.language(request)
        title = "Un instant" if lang == "fr" else "One moment"
        return page(front, request, "sentence", 409, title=title, lead=error.said(lang))
    return dead_link(front, request, error)
