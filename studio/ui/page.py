"""What every page shares: who asks, about which story, and errors said in one sentence."""

from __future__ import annotations

import functools
import logging
import uuid
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import gradio as gr
from gradio.context import Context

from story_bank.bank import Asker
from story_bank.errors import NotFound, VecuError, trace
from story_bank.ids import PersonId, StoryId
from story_bank.language import Language
from studio.toolbox import Toolbox
from studio.ui.sheet import script
from studio.ui.words import W

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger("vecu.pages")

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""For every event: no stock loader, and no public API of handlers."""


def person_of(request: gr.Request, tools: Toolbox) -> Asker:
    """Return the signed-in person asking today; `request.username` is the person id that the session gave."""
    if not request.username:
        raise NotFound("Votre session est terminée ; connectez-vous de nouveau.",
                       "Your session has ended; sign in again.")
    return tools.asker(PersonId(request.username))


def story_param(request: gr.Request) -> StoryId | None:
    """Return the story named in the page's address (`?story=ID`), if any; the bank tells whether one may see it."""
    found = request.query_params.get("story")
    return StoryId(found) if found else None


def param(request: gr.Request, name: str) -> str | None:
    """Return another parameter of the page's address."""
    found = request.query_params.get(name)
    return str(found) if found else None


def kindly(lang: Language) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a handler so that an error becomes one visible sentence, never a traceback."""
    def decorate(handler: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(handler)
        def shown(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return handler(*args, **kwargs)
            except gr.Error:
                raise
            except Exception as error:  # the last border before the person: said in one sentence, logged with an id
                told = (error if isinstance(error, VecuError) else unexpected(error)).sentence
                raise gr.Error(W(told.fr, told.en).said(lang), print_exception=False) from error
        return shown
    return decorate


def unexpected(error: Exception) -> VecuError:
    """Log an error that nobody foresaw and return the sentence that names its id."""
    number = uuid.uuid4().hex[:8]
    log.error("unexpected %s: %s", number, trace(error))
    return VecuError(f"Un imprévu est arrivé. Rien de ce que vous avez donné n'est perdu. Repère : {number}.",
                     f"Something unforeseen happened. Nothing you gave is lost. Reference: {number}.")


def answers() -> gr.HTML:
    """Lay out the unseen part through which a kept thing is answered (`{"to", "turn", …}`, heard by `keeper.js`).

    The parts of the page stay as they are under somebody's fingers. Its template reads no value: nothing to escape.
    Gradio's own `trigger_mode="always_last"` would drop what an event carries (seen on 6.31).
    """
    return gr.HTML({}, html_template="<span hidden></span>", js_on_load=script("answers"), apply_default_css=False,
                   elem_classes="v-hide")


def when_opened(handler: Callable[..., Any], inputs: Any = None, outputs: Any = None) -> None:
    """Run the handler when the page that is being laid out opens (each route has its own)."""
    assert Context.root_block is not None, "pages are wired inside their Blocks"
    Context.root_block.load(handler, inputs, outputs, **QUIET)
