"""The plain pages: Jinja templates, escaped, in the visitor's language."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from story_bank.language import LANGUAGES, Language
from studio.ui.chrome import NAMES
from studio.ui.components import WORDMARK
from studio.ui.sheet import BASE, sheet_address
from studio.ui.words import typo
from studio.web.front import Front

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True),
                       undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def draw(name: str, lang: Language, **what: Any) -> str:
    """Return the page as HTML; in a template `w(fr, en)` says a text in the page's language."""
    def said(fr: str, en: str) -> str:
        return typo(fr) if lang == "fr" else en

    frame = {"sheet": sheet_address(), "base": BASE, "wordmark": WORDMARK, "languages": LANGUAGES, "names": NAMES}
    return _templates().get_template(f"{name}.html").render(lang=lang, w=said, **frame, **what)


def page(front: Front, request: Request, name: str, status: int = 200, **what: Any) -> HTMLResponse:
    """Answer with a page in the visitor's language."""
    here = request.url.path.strip("/") + (f"?{request.url.query}" if request.url.query else "")
    what = {"sentence": None, "here": here} | what
    html = draw(name, front.language(request), **what)
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
