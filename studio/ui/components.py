"""Small parts: Handlebars fragments (data arrives through `{{ }}`, which Gradio escapes) or ready `gr.HTML`.

No function here puts a person's text into a template: labels come from `words`, stories arrive as `value`. A fragment
reads its data under `path` ("value.light" gives {{value.light.state}}); "" reads the current {{#each}} item.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import gradio as gr
from gradio import component_meta

from story_bank.access import Light, Use
from story_bank.ids import StoryId
from story_bank.language import Language
from studio.ui.sheet import script
from studio.ui.words import LISTEN_FROM, PROGRESS, STEPS, STEPS_LABEL, typo


@contextmanager
def _no_stub_file() -> Iterator[None]:
    """Keep Gradio from writing a `.pyi` beside this module, as it does for every component class it sees made."""
    write, component_meta.create_or_modify_pyi = component_meta.create_or_modify_pyi, lambda *_: None
    try:
        yield
    finally:
        component_meta.create_or_modify_pyi = write


with _no_stub_file():
    class Fragment(gr.HTML):  # type: ignore[misc]  # Gradio ships without types
        """A gr.HTML whose value is data, never code.

        Gradio fills the Handlebars template, then runs the result as a JavaScript template literal: without this,
        a title of `${…}` runs in the reader's browser and a backslash breaks the page (seen on 6.31).
        """

        def postprocess(self, value: Any) -> Any:
            """Return the value with what a template literal would read made literal again."""
            return super().postprocess(_literal(value))


def _literal(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace("$", "\\$")
    if isinstance(value, dict):
        return {key: _literal(each) for key, each in value.items()}
    return [_literal(each) for each in value] if isinstance(value, list | tuple) else value


def html(value: Any = None, **how: Any) -> gr.HTML:
    """Make a gr.HTML without Gradio's `.prose` styles (they restyle buttons and headings) and default click event."""
    how.setdefault("js_on_load", None)
    return Fragment(value, apply_default_css=False, **how)


def svg(body: str, css: str = "v-ico") -> str:
    """Return an icon of 24 × 24 drawn with strokes, hidden from screen readers."""
    return (f'<svg class="{css}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{body}</svg>')


PLAY = svg('<path d="M7 5l12 7-12 7z" fill="currentColor"/>')
EAR = svg('<path d="M7 10a5 5 0 0 1 10 0c0 4-4 4-4 8a3 3 0 0 1-5 2M10 10a2 2 0 0 1 4 0"/>')
SWAP = svg('<path d="M4 9h13l-3-3M20 15H7l3 3"/>')
FILE = svg('<path d="M12 15V4m0 0L8 8m4-4l4 4M5 15v4h14v-4"/>')
MIC = svg('<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5 11a7 7 0 0 0 14 0M12 18v3"/>')
CAMERA = svg('<rect x="3" y="6" width="12" height="12" rx="2"/><path d="M15 10l6-3v10l-6-3"/>')
PEN = svg('<path d="M4 20l4-1L19 8l-3-3L5 16zM13 8l3 3"/>')
PAGES = svg('<path d="M6 3h9l4 4v14H6zM9 11h7M9 15h7"/>')
BOOKS = svg('<path d="M5 4v16M10 4v16M15 5l4 15M3 20h18"/>')
AGAIN = svg('<path d="M4 4v6h6M4.500 10a8 8 0 1 1-.500 5"/>')
PEOPLE = svg('<circle cx="8" cy="8" r="3"/><path d="M2 20c0-7 12-7 12 0M15 5a3 3 0 0 1 0 6M17 14c3 .500 5 2 5 6"/>')
PAUSE = svg('<path d="M8 5v14M16 5v14"/>')
WORDMARK = (  # four strokes of ink; its acute accent is the red of the voice
    '<svg viewBox="0 0 132 60" fill="none" stroke="currentColor" stroke-width="8" role="img" aria-label="Vécu">'
    '<path d="M4 11l15 41 15-41" stroke-linejoin="bevel"/><path d="M42 38h23.500a12 12 0 1 0-3.600 9"/>'
    '<path d="M93.500 30a12 12 0 1 0 0 17"/><path d="M103 26v14c0 13 21 13 21 0V26M124 40v12"/>'
    '<path d="M50 17L60 3" stroke="var(--v-voice)"/></svg>')


def at(fragment: str, path: str) -> str:
    """Return the fragment with `@.` read under the path."""
    return fragment.replace("@.", f"{path}." if path else "")


def light(path: str = "light") -> str:
    """Return the consent light: state ok, soon or stop, and a label; the shape differs too, never colour alone."""
    return at('<span class="v-light" data-state="{{@.state}}"><i aria-hidden="true"></i>'
              '<span>{{@.label}}</span></span>', path)


def light_value(lit: Light, label: str) -> dict[str, str]:
    """Return what `light` reads."""
    return {"state": lit.state.value, "label": label}


def chips(path: str = "values") -> str:
    """Return a list of words as tags."""
    return '<div class="v-chips">{{#each ' + path + '}}<span class="v-chip">{{this}}</span>{{/each}}</div>'


def said(path: str, lang: Language) -> str:
    """Return one spoken passage: its second in the margin (`s`, `e` in seconds, `at` as m:ss), `parts` and `lang`."""
    return at('<div class="v-line" data-line><button type="button" class="v-play" data-s="{{@.s}}" data-e="{{@.e}}" '
              f'aria-label="{LISTEN_FROM.said(lang)} {{{{@.at}}}}">{PLAY}<span>{{{{@.at}}}}</span></button>'
              '<p class="v-said" lang="{{@.lang}}">{{#each @.parts}}{{#if on}}<mark>{{t}}</mark>{{else}}{{t}}{{/if}}'
              '{{/each}}</p></div>', path)


def parts(text: str, marks: Sequence[tuple[int, int]] = (), lang: Language = "fr") -> list[dict[str, Any]]:
    """Cut a text at its marks (first, after last character; in order, not overlapping) into pieces for `said`."""
    pieces, here = [], 0
    for first, after in marks:
        pieces += [(text[here:first], False), (text[first:after], True)]
        here = after
    pieces.append((text[here:], False))
    return [{"t": typo(piece) if lang == "fr" else piece, "on": on} for piece, on in pieces if piece]


def stepper(here: int, lang: Language) -> gr.HTML:
    """Show Raconter, Relire, Décider, La suite, and which of them this is (0 to 3)."""
    value = [{"label": step.said(lang), "s": "done" if n < here else "here" if n == here else "next", "here": n == here}
             for n, step in enumerate(STEPS)]
    return html(value, html_template=f'<ol class="v-steps" aria-label="{STEPS_LABEL.said(lang)}">' + (
        '{{#each value}}<li data-s="{{s}}"{{#if here}} aria-current="step"{{/if}}><i aria-hidden="true"></i>'
        '{{label}}</li>{{/each}}</ol>'))


def bar(path: str, label: str) -> str:
    """Return a thin bar filled to {{path}} per cent."""
    return (f'<div class="v-bar" role="progressbar" aria-label="{label}" aria-valuemin="0" aria-valuemax="100" '
            f'aria-valuenow="{{{{{path}}}}}"><span style="width:{{{{{path}}}}}%"></span></div>')


def job(path: str, lang: Language) -> str:
    """Return a long action: `what` it does, how `far`, `pct`, and a sentence that one may `leave`."""
    return at('<div class="v-job" role="status"><p><b>{{@.what}}</b><span>{{@.far}}</span></p>'
              + bar("@.pct", PROGRESS.said(lang)) + '<p class="v-small">{{@.leave}}</p></div>', path)


def notice(path: str = "notice") -> str:
    """Return one sentence beside a coloured edge; `tone` is ok, soon, stop or none."""
    return at('<div class="v-notice" data-tone="{{@.tone}}" role="status"><div>{{@.text}}</div></div>', path)


def empty(path: str = "empty") -> str:
    """Return an empty state: it teaches in one sentence (`text`) and offers one way on (`action`, `href`)."""
    return at('<div class="v-empty"><p>{{@.text}}</p>{{#if @.action}}'
              '<a class="v-btn" href="{{@.href}}">{{@.action}}</a>{{/if}}</div>', path)


def skeleton(widths: Sequence[int] = (92, 78, 85)) -> str:
    """Return lines that stand for text to come, their widths in per cent."""
    return ('<div class="v-skel" aria-hidden="true">'
            + "".join(f'<span style="width:{width}%"></span>' for width in widths) + "</div>")


def gauge(path: str, label: str) -> str:
    """Return a calm gauge: a sentence (`label`), `pct`, and `why`; no colour judges it."""
    return at('<div class="v-job"><p><b>{{@.label}}</b><span>{{@.pct}}\u00a0%</span></p>' + bar("@.pct", label)
              + '<p class="v-small">{{@.why}}</p></div>', path)


def finding() -> str:
    """Return one remark: `title`, `why`, `ways` out. Tone stop is a red line, soon is guidance, ok is fine."""
    return ('<li class="v-find" data-tone="{{tone}}"><i aria-hidden="true"></i><div><h3>{{title}}</h3>'
            '<p class="v-small">{{why}}</p><div class="v-find__way">{{#each ways}}'
            '<button type="button" class="v-link" data-way="{{this}}">{{this}}</button>{{/each}}</div></div></li>')


_HAIR = ("M22 46c-3-26 10-36 26-36s29 10 26 36c-1 14-4 22-8 28H30c-4-6-7-14-8-28z",
         "M26 40c-2-22 8-30 22-30s24 8 22 30l-4 6H30z",
         "M20 44c-4-24 10-36 28-36s32 12 28 36c6 20 2 34 4 42H16c2-8-2-22 4-42z")
_CUTS = (("#241a1d", "#d99f7b", "#3d7c80", "#2c3556"), ("#3b3432", "#8a5a3c", "#c8963e", "#5b3a39"),
         ("#8c4a24", "#efc7a6", "#44548c", "#d8c39a"))
FACES = len(_CUTS)


def face(number: int) -> str:
    """Return a paper cut-out, one of three: what stands for a person until they agree to a picture."""
    hair, skin, cloth, wall = _CUTS[number % FACES]
    return (f'<svg viewBox="0 0 96 112" aria-hidden="true"><path fill="{wall}" d="M0 0h96v112H0z"/>'
            f'<path fill="{hair}" d="{_HAIR[number % FACES]}"/>'
            f'<path fill="{cloth}" d="M4 112c1-26 20-34 44-34s43 8 44 34z"/>'
            f'<path fill="{skin}" d="M40 60h16v20c0 8-16 8-16 0z"/>'
            f'<ellipse fill="{skin}" cx="48" cy="46" rx="17.500" ry="22"/>'
            f'<path fill="{hair}" d="M30 44c0-16 8-24 19-24 12 0 18 9 17 24-6-3-11-8-13-14-5 8-13 12-23 14z"/></svg>')


def watched(path: str = "watch") -> str:
    """Return the attributes by which an open page notices that somebody took their story back (see `still.js`)."""
    return at(f'{{{{#if {path}}}}} data-story="{{{{@.story}}}}" data-use="{{{{@.use}}}}"{{{{#if @.whole}}}} data-whole'
              "{{/if}}{{/if}}", path)


def watch(own: bool, story_id: StoryId, use: Use, whole: bool = True) -> dict[str, Any] | None:
    """Return what `watched` reads of another's story: what it is shown for, and whether all of the page is about it."""
    if own:
        return None
    asked = f"{use.act.value}:{use.channel.value}" if use.channel else use.act.value
    return {"story": story_id, "use": asked, "whole": whole}


def page_head(title: str, lead: str = "", **how: Any) -> gr.HTML:
    """Show the page's one h1 and, below, a sentence; its value is {"title", "lead"}, for a story also {"watch"}."""
    return html({"title": title, "lead": lead}, **how, html_template=(
        '<header class="v-head"' + watched("value.watch") + '><h1>{{value.title}}</h1>{{#if value.lead}}'
        '<p class="v-lead">{{value.lead}}</p>{{/if}}</header>'))


def door() -> gr.HTML:
    """Lay out what leads to another page: a handler that returns {"href": "/fr/relire?story=…"} to it sends there."""
    return html(html_template='<span class="v-hide" aria-hidden="true"></span>', js_on_load=script("go"))
