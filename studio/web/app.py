"""The application that a server runs: plain routes, assets, and the two languages of the pages mounted on them."""

from __future__ import annotations

import warnings

import gradio as gr
from fastapi import FastAPI
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from story_bank.errors import VecuError
from story_bank.language import LANGUAGES, Language
from studio.toolbox import Toolbox
from studio.ui.sheet import ASSETS, BASE, head, style_sheet
from studio.ui.site import blocks
from studio.ui.theme import theme
from studio.web import (
    account,
    company,
    company_door,
    departures,
    doors,
    glossary,
    media,
    one_time,
    papers,
    share,
    signing,
    still,
    upload,
    words,
)
from studio.web.arrivals import Arrivals
from studio.web.front import Front, Manner, front_desk
from studio.web.guard import Guard

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def create_app(tools: Toolbox, manner: Manner = Manner()) -> FastAPI:
    """Return the whole application over a toolbox; `manner` says where and how it is served."""
    front = front_desk(tools, manner)
    app = FastAPI(title="Vécu", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.front = front
    arrivals = Arrivals(tools.scratch / "arrivals", tools.limits.upload_bytes)
    for router in (doors.routes(front), one_time.routes(front), company_door.routes(front), account.routes(front),
                   company.routes(front), departures.routes(front), media.routes(front), papers.routes(front),
                   share.routes(front), signing.routes(front), still.routes(front), upload.routes(front, arrivals),
                   glossary.routes(front), words.routes(front)):
        app.include_router(router)
    _still(app)
    _health(app, front)
    for lang in LANGUAGES:
        _mount(app, front, lang, tools)
    app.add_middleware(Guard, front=front)
    return app


def _mount(app: FastAPI, front: Front, lang: Language, tools: Toolbox) -> None:
    pages = blocks(lang, tools)
    with warnings.catch_warnings():  # Gradio warns that it will not do what `ssr_mode=False` did not ask for
        warnings.simplefilter("ignore", UserWarning)
        gr.mount_gradio_app(app, pages, path=f"/{lang}", theme=theme(), head=head(lang), footer_links=[],
                            ssr_mode=False, auth_dependency=front.person_id, show_error=True, pwa=False,
                            run_history=False, enable_monitoring=False, max_file_size="1mb")
    pages.has_launched = True  # without it a mounted Gradio serves any file of the machine


def _still(app: FastAPI) -> None:
    for folder in ("fonts", "art"):
        app.mount(f"{BASE}/{folder}", StaticFiles(directory=ASSETS / folder))

    @app.get(f"{BASE}/vecu.css")
    def sheet() -> Response:
        return Response(style_sheet(), media_type="text/css", headers=FOREVER)

    @app.get("/favicon.ico")
    def icon() -> Response:
        return RedirectResponse(f"{BASE}/art/favicon.svg", 301)


def _health(app: FastAPI, front: Front) -> None:
    @app.get("/sante")
    def health() -> Response:
        """Say how the parts are, without a name of anybody or any path."""
        parts = {"bank": _works(front.tools), **front.manner.health()}
        well = all(value is not False for value in parts.values())
        return JSONResponse({"ok": well, **parts}, 200 if well else 503, headers={"Cache-Control": "no-store"})


def _works(tools: Toolbox) -> bool:
    try:
        tools.today()
    except VecuError:
        return False
    return True

