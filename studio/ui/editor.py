"""Where one's own words are typed: the frame, drawn here; its words and what typing does are the scripts' part.

The words travel as data and are put into the page as text by `editor_text.js`: the template never reads them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from story_bank.editing import Change, Edited, Line, mark
from story_bank.errors import BadInput
from story_bank.ids import StoryId, WordId
from story_bank.language import Language
from story_bank.transcript import Segment, Transcript, Version
from studio.ui.components import PAUSE, PLAY, svg
from studio.ui.editor_words import HELP, SAID, TOUCH
from studio.ui.words import W, clock

SCRIPTS = ("editor_text", "editor_past", "editor_keep", "editor_type", "editor_play", "editor_find", "editor_boxes",
           "editor_keys")

_LOST = W("La page a envoyé quelque chose d'incomplet ; rechargez-la, rien de ce qui est gardé n'est perdu.",
          "The page sent something incomplete; reload it, nothing that is kept is lost.")
_BACK = svg('<path d="M4 12a8 8 0 1 0 3-6.200M4 4v4.500h4.500"/>'
            '<path d="M10.500 9.500h3.500l-2 2.200a2 2 0 1 1-1.700 3"/>')
_DOUBT = svg('<path d="M4 7h9M4 12h6M4 17h9" /><path d="M15 12h6m-3-3l3 3-3 3"/>')
_ACCEPT = svg('<path d="M4 12.500l5 5L20 6.500"/>')
_UNDO, _REDO = svg('<path d="M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3"/>'), svg(
    '<path d="M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h3"/>')


def template(lang: Language) -> str:
    """Return the frame of the editor, drawn where `value.edit` is."""
    said = {name: words.said(lang) for name, words in SAID.items()}
    return (
        f'<section class="tr ed" data-open="yes"><div class="tr-head"><h2>{{{{value.heading}}}}</h2>'
        '<p class="v-small"><span data-left></span></p><p class="v-small tr-kept" data-kept role="status"></p></div>'
        f'<a class="v-skip" href="#after-words">{said["skip"]}</a>'
        f'<div class="v-notice" data-elsewhere role="status" hidden><div>{said["elsewhere"]}</div></div>'
        '<div class="v-notice" data-tone="soon" data-trouble role="alert" hidden><div><p></p>'
        '<blockquote class="v-said" hidden></blockquote><div class="v-acts" hidden>'
        f'<button type="button" class="v-btn" data-act="mine">{said["mine"]}</button>'
        f'<button type="button" class="v-btn" data-act="theirs">{said["theirs"]}</button></div></div></div>'
        f'{_bar(said)}{_find(said)}'
        f'<div class="ed-text" contenteditable="true" role="textbox" aria-multiline="true" spellcheck="true" '
        f'aria-label="{said["label"]}" aria-describedby="ed-how" lang="{{{{value.edit.lang}}}}"></div>'
        f'<p class="v-hide" id="ed-how">{said["how"]}</p><p class="v-hide" role="status" data-told></p>'
        f'<span id="after-words" tabindex="-1"></span>{_boxes(said, lang)}</section>')


def _bar(said: Mapping[str, str]) -> str:
    return (
        f'<div class="ed-bar"><div class="ed-play" role="group" aria-label="{said["listen"]}">'
        + _icon("toggle", f'<span data-still>{PLAY}</span><span data-moving hidden>{PAUSE}</span>', said["toggle"],
                "Escape")
        + _icon("back", _BACK, said["back"], "Alt+ArrowUp")
        + f'<button type="button" class="ed-icon" data-act="faster" aria-keyshortcuts="Alt+Shift+ArrowUp" '
        f'title="{said["speed"]}"><span class="v-hide">{said["speed"]} </span><span data-speed>1 ×</span></button>'
        + _icon("doubt", _DOUBT, said["doubt"], "Tab") + _icon("accept", _ACCEPT, said["accept"], "Control+Enter")
        + _icon("undo", _UNDO, said["undo"], "Control+Z") + _icon("redo", _REDO, said["redo"], "Control+Shift+Z")
        + f'</div><div class="ed-tools" role="group" aria-label="{said["tools"]}">'
        + "".join(f'<button type="button" class="v-link" data-act="{act}">{said[act]}</button>'
                  for act in ("find", "who", "versions"))
        + f'<button type="button" class="v-link" data-act="help" aria-label="{said["help"]}">?</button></div>'
        '<div class="ed-pick" data-pick hidden><span data-range></span>'
        f'<button type="button" class="v-link" data-act="passage">{said["passage"]}</button>'
        f'<a class="v-link" data-extract href="#">{said["extract"]}</a></div></div>')


def _icon(act: str, body: str, label: str, key: str) -> str:
    return (f'<button type="button" class="ed-icon" data-act="{act}" aria-label="{label}" title="{label}" '
            f'aria-keyshortcuts="{key}">{body}</button>')


def _find(said: Mapping[str, str]) -> str:
    return (
        f'<form class="ed-find" role="search" aria-label="{said["finder"]}" hidden>'
        f'<label class="v-field"><span>{said["wanted"]}</span><input name="find" type="search" autocomplete="off">'
        f'</label><label class="v-field"><span>{said["instead"]}</span><input name="replace" type="text" '
        'autocomplete="off"></label><div class="ed-find__how">'
        f'<label><input type="checkbox" name="whole" checked>{said["whole"]}</label>'
        f'<label><input type="checkbox" name="exact">{said["exact"]}</label>'
        '<output class="v-small" data-found></output></div><div class="v-acts">'
        f'<button type="submit" class="v-btn">{said["next"]}</button>'
        f'<button type="button" class="v-btn" data-act="one">{said["one"]}</button>'
        f'<button type="button" class="v-btn" data-act="all">{said["all"]}</button>'
        f'<button type="button" class="v-link" data-act="unfind">{said["close"]}</button></div></form>')


def _boxes(said: Mapping[str, str], lang: Language) -> str:
    keys = "".join(f'<tr><th scope="row">{_pressed(row.keys.said(lang))}</th><td>{row.does.said(lang)}</td></tr>'
                   for row in HELP)
    touch = "".join(f"<li>{each.said(lang)}</li>" for each in TOUCH)
    close = f'<button type="button" class="v-btn" data-act="shut">{said["close"]}</button>'
    return (
        '<dialog class="v-sheet ed-box" data-box="help" aria-labelledby="ed-help">'
        f'<h2 id="ed-help" tabindex="-1" autofocus>{said["keys"]}</h2>'
        f'<table>{keys}</table><p class="v-small">{said["mac"]}</p><h3>{said["touch"]}</h3><ul>{touch}</ul>'
        f'<div class="v-acts">{close}</div></dialog>'
        f'<dialog class="v-sheet ed-box" data-box="who" aria-labelledby="ed-who"><h2 id="ed-who">{said["who"]}</h2>'
        f'<form method="dialog"><label class="v-field"><span>{said["name"]}</span><input name="who" type="text" '
        f'maxlength="60" autocomplete="off" list="ed-voices"></label><datalist id="ed-voices"></datalist>'
        f'<p class="v-small">{said["name_why"]}</p><div class="v-acts"><button type="button" data-act="everywhere" '
        f'class="v-btn v-btn--main">{said["everywhere"]}</button><button type="button" data-act="here" class="v-btn">'
        f'{said["here"]}</button><button type="button" data-act="shut" class="v-link">{said["cancel"]}</button></div>'
        '</form></dialog>'
        f'<dialog class="v-sheet ed-box ed-box--wide" data-box="versions" aria-labelledby="ed-versions">'
        f'<h2 id="ed-versions" tabindex="-1" autofocus>{said["versions"]}</h2>'
        f'<p class="v-small">{said["versions_why"]}</p>'
        f'<div class="ed-versions"><ul data-versions></ul><div class="ed-then v-said" tabindex="0" role="region" '
        f'aria-label="{said["then"]}" data-then></div></div><div class="v-acts"><button type="button" '
        f'class="v-btn v-btn--main" data-act="return" disabled>{said["return"]}</button>{close}</div></dialog>')


def _pressed(keys: str) -> str:
    return " + ".join(f"<kbd>{key}</kbd>" for key in keys.split(" + "))


def value(story_id: StoryId, transcript: Transcript, lang: Language) -> dict[str, Any]:
    """Return what the scripts read: the paragraphs with their marks, the words' seconds, what to say."""
    return {"lang": transcript.language, "doc": json.dumps({
        "story": story_id, "version": transcript.version, "lines": lines(transcript),
        "extract": f"/{lang}/extraits?story={story_id}",
        "said": {name: words.said(lang) for name, words in SAID.items()}})}


def lines(transcript: Transcript) -> str:
    """Return all paragraphs in one string: Gradio copies a value at every event, word by word where it is a list."""
    return json.dumps([line(segment) for segment in transcript.segments])


def line(segment: Segment) -> dict[str, Any]:
    """Return a paragraph as the scripts read it: each word is [id, text, start, end, 1 where doubtful]."""
    return {"mark": mark(segment), "who": segment.speaker or "", "words": [
        [word.id, word.text, round(word.start, 3), round(word.end, 3), int(word.doubtful)] for word in segment.words]}


def changes_in(sent: Mapping[str, Any]) -> tuple[tuple[Change, ...], int | None]:
    """Read what the page typed, and which version it kept last (`BadInput` where it makes no sense)."""
    try:
        changes = tuple(Change(tuple(str(each) for each in change["was"]), tuple(
            Line(str(typed["text"]), str(typed["who"]), frozenset(WordId(str(each)) for each in typed["doubted"]))
            for typed in change["lines"])) for change in sent["changes"])
        return changes, int(sent["follows"]) if sent.get("follows") else None
    except (KeyError, ValueError, TypeError) as wrong:
        raise BadInput(_LOST.fr, _LOST.en) from wrong


def kept(done: Edited, seen: int, lang: Language) -> dict[str, Any]:
    """Return what the page needs after typing: what each line became.

    Where the page had not `seen` the version before, or a change could not be made: all paragraphs as they are now.
    """
    became = [None if change is None else [segment and line(segment) for segment in change] for change in done.became]
    answer = {"version": done.transcript.version, "became": became, "said": SAID["kept"].said(lang)}
    behind = None in became or done.before.version != seen
    return answer | ({"lines": lines(done.transcript)} if behind else {})


def looked_back(versions: Sequence[Version], shown: Transcript) -> dict[str, Any]:
    """Return the versions as the page lists them, moments in UTC, and the words of the one that is shown."""
    return {"versions": [{"number": each.number, "at": each.made_at.isoformat()} for each in versions],
            "number": shown.version, "text": [[clock(segment.start), segment.text] for segment in shown.segments]}


def gone_back(transcript: Transcript, lang: Language) -> dict[str, Any]:
    """Return all paragraphs of the version that going back has made."""
    return {"version": transcript.version, "lines": lines(transcript), "said": SAID["kept"].said(lang)}
