"""What is remarked about a person's own page: a calm gauge, and findings with a reason and a way out."""

from __future__ import annotations

from typing import Any

from story_bank.language import Language
from studio.ui.components import empty, gauge
from studio.ui.voices import set_in
from studio.ui.words import W, percent, typo
from studio.writing.check import ENOUGH, CheckResult

_OWN = W("Ce texte est fait de vos mots", "This text is made of your words")
_WHY = W("Compté sur ce que vous apportez. Ce n'est pas une note.", "Counted on what you bring. It is not a mark.")
_REMARKS, _SHARE = W("Remarques", "Remarks"), W("Part de vos mots", "Share of your words")
_EMPTY = W("Écoutez une phrase, puis écrivez la vôtre. La page n'écrit pas à votre place.",
           "Listen to a sentence, then write yours. The page does not write for you.")
_FINE = W("Rien à signaler", "Nothing to report")
_ALOUD = W("Relisez-la à voix haute, une fois.", "Read it aloud, once.")
_TOO_LONG = W("Le texte est trop long pour ce support.", "The text is too long for this channel.")
_MORE_OF_YOU = W("Mettez-y encore de vos mots : la page doit être surtout la vôtre.",
                 "Put in more of your own words: the page must be mostly yours.")
_UNSETTLED = W("Une remarque ci-dessus reste à régler.", "One remark above is still to be settled.")
_SEE = W("Voir dans la page", "Show in the page")
_KINDS = {
    "unsupported": W("Personne ne l'a dit", "Nobody said so"),
    "copied": W("Repris tel quel", "Taken over word for word"),
    "seen_elsewhere": W("Déjà écrit par quelqu'un", "Somebody wrote this already"),
    "private": W("À protéger", "To be protected"),
    "red_line": W("Ligne rouge de la charte", "Red line of the charter"),
    "affiliation": W("Dites que vous y travaillez", "Say that you work there"),
    "length": W("Longueur", "Length"),
    "cliche": W("Sonne comme une brochure", "Sounds like a brochure"),
}
_STOPS = frozenset({"private", "red_line", "length"})
"""What no author may override; the rest is guidance."""


def template(lang: Language) -> str:
    """Return the gauge and the findings, or one sentence for an empty page."""
    return (
        "{{#if value.empty}}" + empty("value.empty") + f'{{{{else}}}}<section aria-label="{_REMARKS.said(lang)}">'
        "{{#if value.gauge}}" + gauge("value.gauge", _SHARE.said(lang)) + '{{/if}}<ul class="v-finds">'
        '{{#each value.finds}}<li class="v-find" data-tone="{{tone}}"><i aria-hidden="true"></i><div>'
        '<h3>{{title}}</h3><p class="v-small">{{why}}</p>{{#if fix}}<p class="wr-fix">{{fix}}</p>{{/if}}{{#if place}}'
        '<button type="button" class="v-link" data-from="{{from}}" data-to="{{to}}">' + _SEE.said(lang)
        + "</button>{{/if}}"
        "</div></li>{{/each}}</ul></section>{{/if}}")


def blank(lang: Language) -> dict[str, Any]:
    """Return what an empty page reads."""
    return {"empty": {"text": _EMPTY.said(lang)}}


def shown(result: CheckResult, text: str, lang: Language) -> dict[str, Any]:
    """Return what the template reads of a look at the text."""
    if not text.strip():
        return blank(lang)
    found = [{"tone": "stop" if each.kind in _STOPS else "soon", "title": _title(each.kind, each.text, lang),
              "why": set_in(lang, each.why.said(lang)), "fix": set_in(lang, each.fix.said(lang)),
              "from": _units(text[:each.start]), "to": _units(text[:each.end]), "place": each.end > each.start}
             for each in result.findings]
    fine = {"tone": "ok", "title": _FINE.said(lang), "why": _ALOUD.said(lang)}
    own = result.own_words
    return {"finds": found or [fine], "gauge": None if own is None else {
        "label": _OWN.said(lang), "pct": percent(own), "why": _WHY.said(lang)}}


def waits_for(result: CheckResult, lang: Language) -> str:
    """Return in one sentence what is still to be done before the page may leave, "" when nothing is."""
    kinds = {finding.kind for finding in result.findings}
    if result.may_be_ready:
        return ""
    if "length" in kinds:
        return _TOO_LONG.said(lang)
    few = result.own_words is None or result.own_words < ENOUGH or "unsupported" not in kinds
    return (_MORE_OF_YOU if few else _UNSETTLED).said(lang)


def _units(text: str) -> int:
    """Return the length as browsers count it: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _title(kind: str, text: str, lang: Language) -> str:
    label = _KINDS[kind].said(lang)
    if not text or kind == "length":
        return label
    short = text if len(text) <= 60 else f"{text[:57].rstrip()}…"
    said = f"{label[0].lower()}{label[1:]}"
    return typo(f"« {short} » : {said}") if lang == "fr" else f"“{short}”: {said}"
