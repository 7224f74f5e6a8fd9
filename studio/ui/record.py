"""Raconter: one question, one red button; then who speaks, before the words are heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from prompts.questions import trigger_questions
from story_bank.errors import BadInput
from story_bank.ids import StoryId
from story_bank.language import Language
from story_bank.recording import SpokenContext
from studio.steps.keep import DescribeRecording
from studio.steps.read import ReadStory, StoryView
from studio.toolbox import Limits, Toolbox
from studio.ui import components as c
from studio.ui.page import QUIET, kindly, person_of, story_param, when_opened
from studio.ui.sheet import script
from studio.ui.words import PROGRESS, PROMISE, W, typo

SAID = {
    "start": W("Commencer à raconter", "Start telling"), "stop": W("J'ai fini", "I am done"),
    "pause": W("Pause", "Pause"), "resume": W("Reprendre", "Resume"),
    "hint": W("Appuyez, puis parlez. Deux minutes suffisent.", "Press, then talk. Two minutes are plenty."),
    "opening": W("Le navigateur demande votre accord pour le micro.",
                 "The browser asks whether it may use the microphone."),
    "listening": W("On vous écoute.", "We are listening."),
    "safe": W("On vous entend bien. Tout est gardé au fur et à mesure.", "We hear you well. It is saved as you speak."),
    "offline": W("La connexion est coupée. Continuez : la suite part dès qu'elle revient.",
                 "The connection is lost. Go on: the rest is sent as soon as it is back."),
    "paused": W("En pause. Rien ne s'enregistre.", "Paused. Nothing is being recorded."),
    "sending": W("Encore un instant : la fin de votre récit arrive.", "One moment: the end of your story is arriving."),
    "checking": W("Tout est arrivé. On vérifie que cela s'écoute.", "Everything has arrived. Checking that it plays."),
    "testing": W("Dites quelques mots…", "Say a few words…"),
    "tested": W("Votre micro fonctionne.", "Your microphone works."),
    "mute": W("On n'entend rien. Vérifiez que le micro n'est pas coupé.",
              "We hear nothing. Check that the microphone is not muted."),
    "denied": W("Le navigateur bloque le micro. Autorisez-le à côté de l'adresse, ou déposez un fichier.",
                "The browser blocks the microphone. Allow it beside the address, or drop a file."),
    "absent": W("Aucun micro n'est branché. Branchez-en un, ou déposez un fichier.",
                "No microphone is plugged in. Plug one in, or drop a file."),
    "busy": W("Une autre application tient le micro ou la caméra. Fermez-la, puis recommencez.",
              "Another application holds the microphone or camera. Close it, then try again."),
    "insecure": W("Le micro demande une adresse en https. Déposez un fichier, ou prévenez votre administrateur.",
                  "The microphone needs an https address. Drop a file, or tell your administrator."),
    "unsent": W("L'envoi n'a pas abouti. Ce qui est arrivé est gardé ; réessayez, ou gardez une copie.",
                "Sending did not finish. What has arrived is kept; try again, or keep a copy."),
    "hollow": W("Ce fichier est vide. Choisissez-en un autre.", "This file is empty. Choose another one."),
}
OTHER = W("Une autre question", "Another question")
DROP = W("Déposer un fichier", "Drop a file")
TEST = W("Tester le micro", "Test the microphone")
COPY = W("Garder une copie ici", "Keep a copy here")
HOW = W("Comment raconter", "How to tell")
VOICE, FILM = W("Voix seule", "Voice only"), W("Voix et image", "Voice and picture")
AGAIN = W("Un récit s'est interrompu avant la fin. Ce qui avait été dit est gardé.",
          "A story was cut off before its end. What had been said is kept.")
TAKE, LET_GO = W("Le reprendre", "Take it up again"), W("L'effacer", "Erase it")
NO_BOSS = W("Ni votre responsable ni les RH ne voient qui raconte, ni quand. Ensuite, vous relisez, vous choisissez, "
            "ou vous retirez tout.",
            "Neither your manager nor HR sees who tells a story, or when. Then you read it back, you choose, or you "
            "take it all back.")
SENT = W("Envoi", "Sending")
LARGE = W("Ce fichier dépasse {limit} Mio. Envoyez-en un plus court ou de moindre qualité.",
          "This file is larger than {limit} MiB. Send a shorter one or one of lower quality.")

FORM_TITLE = W("C'est gardé. Qui parle ?", "It is kept. Who is speaking?")
FORM_LEAD = W("Quelques mots pour que votre nom et votre métier s'écrivent juste. Tout est facultatif.",
              "A few words, so that your name and job are spelt right. All of it is optional.")
FIRST_NAME, JOB = W("Prénom", "First name"), W("Métier", "Job")
TEAM = W("Équipe ou service", "Team or department")
UNUSUAL = W("Mots que la machine écrirait mal (noms, sigles, lieux)",
            "Words the machine would misspell (names, acronyms, places)")
UNUSUAL_HINT = W("Trelleborg, Moussa, EHPAD", "Trelleborg, Moussa, NICU")
VOICES = W("Combien de voix entend-on ?", "How many voices are heard?")
SPOKEN = W("Langue parlée", "Language spoken")
LANGUAGE_NAMES = (("Français", "fr"), ("English", "en"))
GO = W("Écrire mes mots", "Write down my words")
LATER = W("Plus tard : le récit attend dans « Mes récits »", "Later: the story waits in “My stories”")


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked before the words are heard."""

    frame: gr.Column
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
        recorder = c.html({}, html_template=_template(lang), js_on_load=script("record"), elem_id="recorder")
    form = _form(lang)
    return RecordPage(stage, recorder, form, c.door())


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

    when_opened(opened, None, [page.stage, page.door, form.frame, *form.fields()])
    form.go.click(described, form.fields(), page.door, **QUIET)


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
    more = (f'<div class="rc-more">{pause}{how}{_button("drop", c.FILE, DROP.said(lang), "rc-drop")}'
            f'{_button("test", c.MIC, TEST.said(lang), "rc-test")}'
            f'<a class="v-btn rc-copy" hidden>{c.FILE}{COPY.said(lang)}</a></div>')
    sent = (f'<div class="rc-sent v-job" hidden><p><b>{SENT.said(lang)}</b><span class="rc-far"></span></p>'
            f'<div class="v-bar" role="progressbar" aria-label="{PROGRESS.said(lang)}" aria-valuemin="0" '
            'aria-valuemax="100" aria-valuenow="0"><span style="width:0"></span></div></div>')
    again = (f'<div class="rc-again v-notice" data-tone="soon" hidden><div><p>{AGAIN.said(lang)}</p>'
             f'<div class="v-acts"><button type="button" class="v-link" data-a="resume">{TAKE.said(lang)}</button>'
             f'<button type="button" class="v-link v-link--stop" data-a="forget">{LET_GO.said(lang)}</button>'
             '</div></div></div>')
    return (
        '<div class="rc" data-state="idle"><h1 class="rc-q">{{value.first}}</h1>'
        f'<div><button type="button" class="v-link" data-a="other">{c.SWAP}{OTHER.said(lang)}</button></div>{again}'
        '<video class="rc-film" autoplay muted playsinline hidden aria-hidden="true"></video>'
        '<div class="rc-voice"><canvas aria-hidden="true"></canvas><button type="button" class="rc-btn" data-a="rec" '
        'aria-label="{{value.words.start}}"><span></span></button><div class="rc-time" role="timer">0:00</div></div>'
        f'<p class="rc-state" role="status">{{{{value.words.hint}}}}</p>{sent}'
        f'<p class="rc-promise">{c.EAR}<span>{PROMISE.said(lang)}</span></p>{more}'
        f'<div class="rc-foot"><p class="v-small">{NO_BOSS.said(lang)}</p></div></div>')


def _form(lang: Language) -> Form:
    with gr.Column(visible=False, elem_classes="rc-form") as frame:
        c.stepper(0, lang)
        c.page_head(FORM_TITLE.said(lang), FORM_LEAD.said(lang))
        first_name = gr.Textbox(label=FIRST_NAME.said(lang), max_length=120)
        job = gr.Textbox(label=JOB.said(lang), max_length=120)
        team = gr.Textbox(label=TEAM.said(lang), max_length=120)
        unusual = gr.Textbox(label=UNUSUAL.said(lang), placeholder=UNUSUAL_HINT.said(lang), max_length=1000, lines=2)
        voices = gr.Radio(["1", "2", "3", "4"], value="1", label=VOICES.said(lang))
        spoken = gr.Radio(list(LANGUAGE_NAMES), value=lang, label=SPOKEN.said(lang))
        with gr.Row(elem_classes="v-row"):
            go = gr.Button(GO.said(lang), variant="primary", size="lg")
        c.html(html_template=f'<a class="v-link" href="/{lang}/mes-recits">{LATER.said(lang)}</a>')
    return Form(frame, first_name, job, team, unusual, voices, spoken, go)
