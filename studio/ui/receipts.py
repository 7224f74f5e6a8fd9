"""What one signed and took back: each signed text can be read again, and downloaded as a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import gradio as gr

from prompts.consent_text import channel_label, day
from story_bank.company import Company
from story_bank.consent import Channel, Consent, Withdrawal
from story_bank.language import Language
from studio.ui.components import html
from studio.ui.words import W

_HEADING = W("Vos décisions", "Your decisions")
_SIGNED, _UNTIL = W("Signé", "Signed"), W("jusqu'au {day}", "until {day}")
_TOOK_ALL, _TOOK = W("Tout retiré", "All taken back"), W("Retiré pour {channels}", "Taken back for {channels}")
_READ = W("Voir le texte signé", "See the signed text")
_DOWNLOAD = W("Télécharger l'attestation", "Download the receipt")
_AT = W("{day} à {time}", "{day} at {time}")
_FOOT = W("Signature : {name}\nLe : {at} ({zone})\nVersion du texte : {version}\nEmpreinte (SHA-256) : {mark}\n",
          "Signature: {name}\nOn: {at} ({zone})\nVersion of the text: {version}\nFingerprint (SHA-256): {mark}\n")


def build(lang: Language) -> gr.HTML:
    """Lay out the history, newest first."""
    return html({}, elem_id="history", elem_classes="o5", html_template=(
        f'{{{{#if value.events}}}}<section class="de-history"><h2>{_HEADING.said(lang)}</h2><ul class="de-events">'
        "{{#each value.events}}<li><p><b>{{what}}</b> · {{at}}</p>{{#if text}}"
        f'<details><summary class="v-link">{_READ.said(lang)}</summary><pre class="de-text" tabindex="0" '
        'lang="{{lang}}">{{text}}</pre></details>{{/if}}{{#if id}}<a class="v-link" href="/accord/{{id}}.pdf" download>'
        f"{_DOWNLOAD.said(lang)}</a>{{{{/if}}}}</li>{{{{/each}}}}</ul></section>{{{{/if}}}}"))


def shown(history: Sequence[Consent | Withdrawal], company: Company | None, lang: Language) -> dict[str, Any]:
    """Return what the template reads; moments are told in the company's time."""
    zone = company.timezone if company else "UTC"
    return {"events": [_event(event, zone, lang) for event in reversed(history)]}


def _event(event: Consent | Withdrawal, zone: str, lang: Language) -> dict[str, Any]:
    if isinstance(event, Withdrawal):
        names = ", ".join(channel_label(each).said(lang) for each in Channel if each in (event.channels or ()))
        what = _TOOK.said(lang).format(channels=names) if event.channels is not None else _TOOK_ALL.said(lang)
        return {"what": what, "at": _moment(event.at, zone, lang), "text": "", "id": event.id}
    at = _moment(event.signed_at, zone, lang)
    until = _UNTIL.said(lang).format(day=day(event.scope.until_day, lang))
    foot = _FOOT.said(lang).format(name=event.signature, at=at, zone=zone, version=event.text_version,
                                   mark=event.text_hash)
    text = f"{event.text}\n{'-' * 40}\n{foot}" if event.text else ""
    return {"what": f"{_SIGNED.said(lang)}, {until}", "at": at, "id": event.id, "lang": lang, "text": text}


def _moment(moment: datetime, zone: str, lang: Language) -> str:
    there = moment.astimezone(ZoneInfo(zone))
    return _AT.said(lang).format(day=day(there.date(), lang), time=there.strftime("%H:%M"))
