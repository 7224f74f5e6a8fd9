"""The company's glossary, for editors and administrators: what is proposed, kept and put aside; no story."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi import Form as FormField
from starlette.responses import RedirectResponse, Response

from media.imported_text import decoded
from story_bank.access import Duty, holds
from story_bank.bank import Asker
from story_bank.errors import NotAllowed, NotFound, VecuError
from story_bank.glossary import Term, TermKind, TermState
from story_bank.ids import TermId
from story_bank.language import LANGUAGES, Language
from studio.steps.curate import KINDS, BringTerms, Brought, Curate, ReadGlossary, Writing, as_list
from studio.ui.words import W
from studio.web.doors import Text, dead_link, said
from studio.web.front import Front
from studio.web.media import PRIVATE
from studio.web.paper import page

STATES = {TermState.PROPOSED: W("proposés", "proposed"), TermState.KEPT: W("gardés", "kept"),
          TermState.RETIRED: W("mis de côté", "put aside")}
_TAKEN = W("{n} termes pris, {known} déjà là.", "{n} terms taken, {known} there already.")
_LINE = W("Ligne {n} : {why}", "Line {n}: {why}")
LISTED = 200
"""How many terms the page lists; the file holds them all."""
Asked = Annotated[str, FormField(max_length=2_000)]
Deed = Callable[[Asker], Brought | None]


def routes(front: Front) -> APIRouter:
    """Return the routes of the glossary."""
    router = APIRouter(prefix="/glossaire")
    _shown(router, front)
    _changed(router, front)
    return router


def _shown(router: APIRouter, front: Front) -> None:
    @router.get("")
    def glossary(request: Request, cherche: str = "", etat: str = "") -> Response:
        try:
            return _page(front, request, _curator(front, request), (cherche[:200], etat))
        except VecuError as error:
            return _closed(front, request, error)

    @router.get("/liste.csv")
    def sheet(request: Request) -> Response:
        try:
            asker = _curator(front, request)
            data = as_list(ReadGlossary(front.tools).run(asker), asker.person.language)
        except VecuError as error:
            return _closed(front, request, error)
        return Response(data, headers={**PRIVATE, "Content-Type": "text/csv; charset=utf-8",
                                       "Content-Disposition": 'attachment; filename="vecu-glossaire.csv"'})


def _changed(router: APIRouter, front: Front) -> None:
    @router.post("")
    def write(request: Request, ecrit: Asked = "", terme: Text = "", entendu: Asked = "", nature: Text = "",
              langue: Text = "", faire: Text = "kept") -> Response:
        """Add a term, or change one: `faire` is the state it goes to."""
        writing = Writing(ecrit, tuple(re.split(r"[\n|]", entendu)),
                          next((kind for kind in TermKind if kind.value == nature), TermKind.TERM),
                          next((each for each in LANGUAGES if each == langue), None))
        state = next((each for each in TermState if each.value == faire), TermState.KEPT)

        def written(asker: Asker) -> None:
            Curate(front.tools).run(asker, TermId(terme) if terme else None, writing, state)

        return _done(front, request, written, {"ecrit": "" if terme else ecrit, "entendu": "" if terme else entendu})

    @router.post("/liste")
    def bring(request: Request, liste: Annotated[str, FormField(max_length=400_000)] = "") -> Response:
        """Take a list, one term a line."""
        return _done(front, request, lambda asker: BringTerms(front.tools).run(asker, decoded(liste.encode())),
                     {"liste": liste})


def _done(front: Front, request: Request, deed: Deed, typed: dict[str, str]) -> Response:
    try:
        asker = _curator(front, request)
    except VecuError as error:
        return _closed(front, request, error)
    try:
        brought, wrong = deed(asker), None
    except VecuError as error:
        brought, wrong = None, error
    if brought is None and wrong is None:
        return RedirectResponse("/glossaire", 303)
    return _page(front, request, asker, brought=brought, wrong=wrong, typed=typed if wrong else {})


def _curator(front: Front, request: Request) -> Asker:
    asker = front.asker(request)
    if not holds(asker.person, Duty.CURATE_GLOSSARY):
        raise NotAllowed("Cette page est pour la communication et l'administration.",
                         "This page is for communications and administrators.")
    return asker


def _page(front: Front, request: Request, asker: Asker, wanted: tuple[str, str] = ("", ""), *,
          brought: Brought | None = None, wrong: VecuError | None = None,
          typed: dict[str, str] | None = None) -> Response:
    search, state = wanted
    lang = asker.person.language
    chosen = next((each for each in TermState if each.value == state), None)
    terms = ReadGlossary(front.tools).run(asker, search, chosen)
    return page(front, request, "glossaire", 400 if wrong else 200, terms=[_listed(each) for each in terms[:LISTED]],
                shown=len(terms), listed=LISTED, wanted={"cherche": search, "etat": chosen.value if chosen else ""},
                states=[(each.value, name.said(lang)) for each, name in STATES.items()],
                kinds=[(each.value, name.said(lang)) for each, name in KINDS.items()],
                brought=_told(brought, lang) if brought else [], sentence=said(front, request, wrong),
                typed={"ecrit": "", "entendu": "", "liste": ""} | (typed or {}), here="glossaire")


def _listed(term: Term) -> dict[str, Any]:
    return {"id": term.id, "written": term.written, "heard": "\n".join(term.heard_as),
            "also": " · ".join(term.heard_as), "kind": term.kind.value, "language": term.language or "",
            "state": term.state.value}


def _told(brought: Brought, lang: Language) -> list[str]:
    refused = [_LINE.said(lang).format(n=number, why=why.said(lang)) for number, why in brought.refused[:20]]
    return [_TAKEN.said(lang).format(n=brought.taken, known=brought.known), *refused]


def _closed(front: Front, request: Request, error: VecuError) -> Response:
    if isinstance(error, NotFound) and front.person_id(request) is None:
        return RedirectResponse("/connexion?" + urlencode({"vers": "/glossaire"}), 303)
    return dead_link(front, request, error)
