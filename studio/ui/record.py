"""Raconter: one question, one red button; then who speaks, before the words are heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from prompts.questions import trigger_questions
from story_bank.bank import Asker
from story_bank.errors import BadInput
from story_bank.ids import StoryId
from story_bank.language import Language
from story_bank.recording import SpokenContext
from studio.steps.keep import DescribeRecording
from studio.steps.read import ReadStory, StoryView
from studio.steps.signing import ReadToDecide
from studio.toolbox import Limits, Toolbox
from studio.ui import components as c
from studio.ui.page import QUIET, kindly, person_of, story_param, when_opened
from studio.ui.record_words import (
    ANSWERS,
    ASKS,
    BOTH_SIGN,
    COPY,
    DROP,
    FILM,
    FIRST_NAME,
    FORM_LEAD,
    FORM_TITLE,
    GO,
    HEARD_BACK,
    HOW,
    JOB,
    LANGUAGE_NAMES,
    LARGE,
    LATER,
    LET_GO,
    NO_BOSS,
    OTHER,
    RETAKE,
    RETAKE_ASKED,
    RETAKE_MEANS,
    RETAKE_NO,
    RETAKE_YES,
    SAID,
    SENT,
    SIGNS_TOO,
    SPOKEN,
    SWAP_ROLES,
    TAKE,
    TEAM,
    TEST,
    TOGETHER,
    UNUSUAL,
    UNUSUAL_HINT,
    VOICE,
    VOICES,
)
from studio.ui.sheet import script
from studio.ui.words import PROGRESS, PROMISE, typo


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked before the words are heard."""

    frame: gr.Column
    signs_too: gr.HTML
    first_name: gr.Textbox
    job: gr.Textbox
    team: gr.Textbox
    unusual: gr.Textbox
    voices: gr.Radio
    language: gr.Radio
    go: gr.Button

    def fields(self) -> list[gr.components.Component]:
        """The fields, in the order in which `_described` takes them."""
        return [self.first_name, self.job, self.team, self.unusual, self.voices, self.language]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """The recorder, and the form that follows it."""

    stage: gr.Column
    recorder: gr.HTML
    form: Form
    door: gr.HTML


def build(lang: Language) -> RecordPage:
    """Lay out the question and the red button, and the form that shows once something was kept."""
    with gr.Column(visible=True) as stage:
        recorder = c.html({}, html_template=_template(lang), js_on_load=recorder_script(), elem_id="recorder")
    form = _form(lang)
    return RecordPage(stage, recorder, form, c.door())


def recorder_script() -> str:
    """Return what makes the recorder's template record, send, and find again what was cut off."""
    return "".join(script(name) for name in ("unsent", "tus", "microphone", "record"))


def wire(page: RecordPage, tools: Toolbox, lang: Language) -> None:
    """Show the form of the story named in the address, and start the transcription when it is sent."""
    form = page.form
    page.recorder.value = _value(lang, tools.limits)

    @kindly(lang)
    def opened(request: gr.Request) -> dict[Any, Any]:
        asker, story_id = person_of(request, tools), story_param(request)
        if story_id is None:
            return {page.stage: gr.Column(visible=True)}
        view = ReadStory(tools).run(asker, story_id)
        if not waits_for_form(view):
            return {page.door: {"href": f"/{lang}/relire?story={story_id}"}}
        assert view.recording is not None
        context = view.recording.context
        return {page.stage: gr.Column(visible=False), form.frame: gr.Column(visible=True),
                form.signs_too: _signs_too(tools, asker, story_id, lang),
                form.first_name: context.first_name, form.job: context.job, form.team: context.team,
                form.unusual: ", ".join(context.unusual_words), form.voices: str(context.speakers),
                form.language: view.story.language}

    @kindly(lang)
    def described(first_name: str, job: str, team: str, unusual: str, voices: str, spoken: Language,
                  request: gr.Request) -> dict[str, str]:
        asker, story_id = person_of(request, tools), story_param(request)
        if story_id is None:
            raise BadInput("Aucun récit n'est ouvert ; reprenez-le depuis « Mes récits ».",
                           "No story is open; take it up again from “My stories”.")
        context = SpokenContext(_line(first_name), _line(job), _line(team), "", unusual_words(unusual), int(voices))
        DescribeRecording(tools).run(asker, StoryId(story_id), context, spoken)
        return {"href": f"/{lang}/relire?story={story_id}"}

    when_opened(opened, None, [page.stage, page.door, form.frame, form.signs_too, *form.fields()])
    form.go.click(described, form.fields(), page.door, **QUIET)


def _signs_too(tools: Toolbox, asker: Asker, story_id: StoryId, lang: Language) -> dict[str, str]:
    others = [person.display_name for person in ReadToDecide(tools).run(asker, story_id).people[1:]]
    return {"said": SIGNS_TOO.said(lang).format(names=", ".join(others))} if others else {}


def waits_for_form(view: StoryView) -> bool:
    """Tell whether a recording is kept but nobody has said yet who speaks."""
    return view.own and view.recording is not None and view.transcript is None and not view.jobs


def unusual_words(text: str) -> tuple[str, ...]:
    """Return the words or short names that were typed, cut at commas, semicolons and line ends; at most forty."""
    pieces = text.replace(";", ",").replace("\n", ",").split(",")
    return tuple(_line(piece)[:60] for piece in pieces if piece.strip())[:40]


def _line(text: str | None) -> str:
    return " ".join((text or "").split())[:120]


def _value(lang: Language, limits: Limits) -> dict[str, Any]:
    """Return what the recorder needs to know: its sentences, the questions, the limits."""
    said = {key: words.said(lang) for key, words in SAID.items()}
    said["large"] = LARGE.said(lang).format(limit=limits.upload_bytes // 2**20)
    questions = [{"id": question.id, "text": typo(question.fr) if lang == "fr" else question.en}
                 for question in trigger_questions()]
    return {"words": said, "questions": questions, "most_s": limits.recording_s, "most_bytes": limits.upload_bytes,
            "next": f"/{lang}/?story=", "first": questions[0]["text"]}


def for_corner(lang: Language, limits: Limits, following: str) -> tuple[str, dict[str, Any]]:
    """Return the recorder's template and value for a corner: it keeps nothing in the browser, nor offers it again."""
    return _template(lang), _value(lang, limits) | {"next": following, "kiosk": True}


def _button(act: str, icon: str, label: str, css: str) -> str:
    return f'<button type="button" class="v-btn {css}" data-a="{act}">{icon}{label}</button>'


def _choice(value: str, label: str, icon: str, checked: str = "") -> str:
    return f'<label class="v-seg"><input type="radio" name="how" value="{value}"{checked}>{icon}&nbsp;{label}</label>'


def _template(lang: Language) -> str:
    how = (f'<fieldset class="v-segs rc-how"><legend class="v-hide">{HOW.said(lang)}</legend>'
           + _choice("voice", VOICE.said(lang), c.MIC, " checked") + _choice("film", FILM.said(lang), c.CAMERA)
           + '</fieldset>')
    pause = _button("pause", c.PAUSE, '<span class="rc-pause-t">{{value.words.pause}}</span>', "rc-pause")
    more = (f'<div class="rc-more">{pause}{_button("retake", c.AGAIN, RETAKE.said(lang), "rc-retake")}{how}'
            f'<button type="button" class="v-btn rc-pair" data-a="together" aria-pressed="false">{c.PEOPLE}'
            f'{TOGETHER.said(lang)}</button>{_button("drop", c.FILE, DROP.said(lang), "rc-drop")}'
            f'{_button("test", c.MIC, TEST.said(lang), "rc-test")}'
            f'<a class="v-btn rc-copy" hidden>{c.FILE}{COPY.said(lang)}</a></div>')
    return (
        '<div class="rc" data-state="idle"><h1 class="rc-q">{{value.first}}</h1>'
        f'<div><button type="button" class="v-link" data-a="other">{c.SWAP}{OTHER.said(lang)}</button></div>'
        f'{_cut_off(lang)}{_two(lang)}'
        '<video class="rc-film" autoplay muted playsinline hidden aria-hidden="true"></video>'
        '<div class="rc-voice"><canvas aria-hidden="true"></canvas><button type="button" class="rc-btn" data-a="rec" '
        'aria-label="{{value.words.start}}"><span></span></button><div class="rc-time" role="timer">0:00</div></div>'
        f'<p class="rc-state" role="status">{{{{value.words.hint}}}}</p><button type="button" data-a="drop" '
        f'class="v-btn v-btn--main rc-file" hidden>{c.FILE}{DROP.said(lang)}</button>'
        f'<audio class="rc-listen" controls hidden aria-label="{HEARD_BACK.said(lang)}"></audio>{_sent(lang)}'
        f'<p class="rc-promise">{c.EAR}<span>{PROMISE.said(lang)}</span></p>{more}'
        f'<div class="rc-foot"><p class="v-small">{NO_BOSS.said(lang)}</p></div>{_asked_again(lang)}</div>')


def _cut_off(lang: Language) -> str:
    return ('<div class="rc-again v-notice" data-tone="soon" hidden><div><p class="rc-again-t"></p>'
            f'<div class="v-acts"><button type="button" class="v-link" data-a="resume">{TAKE.said(lang)}</button>'
            f'<button type="button" class="v-link" data-a="drop">{DROP.said(lang)}</button>'
            f'<button type="button" class="v-link v-link--stop" data-a="forget">{LET_GO.said(lang)}</button>'
            '</div></div></div>')


def _two(lang: Language) -> str:
    fields = "".join(f'<label class="v-field"><span>{label.said(lang)}</span><input type="text" maxlength="120" '
                     'list="rc-colleagues" autocomplete="off"></label>' for label in (ASKS, ANSWERS))
    return (f'<div class="rc-two" hidden><div class="rc-names">{fields}</div><datalist id="rc-colleagues"></datalist>'
            f'<p class="rc-turn"><span class="rc-turn-t"></span> <button type="button" class="v-link" data-a="swap">'
            f'{c.SWAP}{SWAP_ROLES.said(lang)}</button></p><p class="v-small">{BOTH_SIGN.said(lang)}</p></div>')


def _sent(lang: Language) -> str:
    return (f'<div class="rc-sent v-job" hidden><p><b>{SENT.said(lang)}</b><span class="rc-far"></span></p>'
            f'<div class="v-bar" role="progressbar" aria-label="{PROGRESS.said(lang)}" aria-valuemin="0" '
            'aria-valuemax="100" aria-valuenow="0"><span style="width:0"></span></div></div>')


def _asked_again(lang: Language) -> str:
    return ('<dialog class="v-sheet tb-dialog rc-dialog" aria-labelledby="rc-retake"><h2 id="rc-retake">'
            f'{RETAKE_ASKED.said(lang)}</h2><p>{RETAKE_MEANS.said(lang)}</p><div class="v-acts">'
            f'<button type="button" class="v-btn" data-a="back">{RETAKE_NO.said(lang)}</button>'
            '<button type="button" class="v-btn v-btn--stop" data-a="anew">'
            f'{RETAKE_YES.said(lang)}</button></div></dialog>')


def _form(lang: Language) -> Form:
    with gr.Column(visible=False, elem_classes="rc-form") as frame:
        c.stepper(0, lang)
        c.page_head(FORM_TITLE.said(lang), FORM_LEAD.said(lang))
        signs_too = c.html({}, html_template='{{#if value.said}}<div class="v-notice" data-tone="soon" role="note">'
                                             '<div>{{value.said}}</div></div>{{/if}}')
        first_name = gr.Textbox(label=FIRST_NAME.said(lang), max_length=120)
        job = gr.Textbox(label=JOB.said(lang), max_length=120)
        team = gr.Textbox(label=TEAM.said(lang), max_length=120)
        unusual = gr.Textbox(label=UNUSUAL.said(lang), placeholder=UNUSUAL_HINT.said(lang), max_length=1000, lines=2)
        voices = gr.Radio(["1", "2", "3", "4"], value="1", label=VOICES.said(lang))
        spoken = gr.Radio(list(LANGUAGE_NAMES), value=lang, label=SPOKEN.said(lang))
        with gr.Row(elem_classes="v-row"):
            go = gr.Button(GO.said(lang), variant="primary", size="lg")
        c.html(html_template=f'<a class="v-link" href="/{lang}/mes-recits">{LATER.said(lang)}</a>')
    return Form(frame, signs_too, first_name, job, team, unusual, voices, spoken, go)
