"""The receipt of what somebody left at a corner: what it is, that nobody hears it, the code, the day it is erased."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from prompts.consent_text import day
from story_bank.company import Company
from story_bank.language import Language
from story_bank.recording import MediaKind, Recording
from studio.documents.document import Code, Fact, Receipt
from studio.documents.receipts import moment
from studio.typography import W

_TITLE = W("Votre récit est gardé", "Your story is kept")
_LEAD = W("Personne ne l'entend avant que vous le décidiez.", "Nobody hears it until you decide.")
_WHAT, _WHERE = W("Ce qui est gardé", "What is kept"), W("Où", "Where")
_VOICE = W("Un enregistrement de votre voix, {length}, {at}", "A recording of your voice, {length}, {at}")
_FILM = W("Un enregistrement de votre voix et de votre image, {length}, {at}",
          "A recording of your voice and picture, {length}, {at}")
_LENGTH = W("{m} min {s:02d} s", "{m} min {s:02d} s")
_WHO, _NOBODY = W("Qui l'entend", "Who hears it"), W(
    "Personne : ni l'organisation, ni votre responsable, ni les RH. Une machine de votre entreprise en écrit les mots, "
    "pour vous.",
    "Nobody: neither the organisers, nor your manager, nor HR. A machine of your company writes down the words, for "
    "you.")
_NEXT, _HOW = W("La suite est à vous", "What comes next is yours"), W(
    "Connectez-vous à Vécu, ouvrez « Mes récits », puis « Récupérer un récit » : avec ce code il devient le vôtre. "
    "Vous l'écoutez, puis vous décidez qui peut le trouver, ou vous l'effacez. Sans compte, demandez une invitation à "
    "la personne qui administre Vécu ; ce papier ne perd rien à attendre.",
    "Sign in to Vécu, open “My stories”, then “Claim a story”: with this code it becomes yours. You listen to it, then "
    "decide who may find it, or erase it. Without an account, ask whoever administers Vécu for an invitation; this "
    "paper loses nothing by waiting.")
_ELSE, _GONE = W("Sinon", "Otherwise"), W(
    "Il s'efface pour de bon le {day}, sans que personne l'ait entendu.",
    "It is erased for good on {day}, without anybody having heard it.")
_CODE, _KEEP = W("Votre code", "Your code"), W(
    "Il ne sert qu'une fois. Ne le donnez à personne : qui l'a peut récupérer le récit.",
    "It works once. Give it to nobody: whoever has it can claim the story.")
_FILE = W("recit-garde", "story-kept")


def corner_receipt(recording: Recording, corner_name: str, gone_on: date, code: Code, company: Company,
                   lang: Language) -> Receipt:
    """Return the receipt; it names nobody."""
    at = moment(recording.created_at, company, lang)
    whole = round(recording.duration_s)
    length = _LENGTH.said(lang).format(m=whole // 60, s=whole % 60)
    what = (_FILM if recording.kind is MediaKind.VIDEO else _VOICE).said(lang).format(length=length, at=at)
    return Receipt(
        lang, company.name, _TITLE.said(lang), _LEAD.said(lang),
        (Fact(_WHAT.said(lang), (what,)), Fact(_WHERE.said(lang), (corner_name,)),
         Fact(_WHO.said(lang), (_NOBODY.said(lang),)), Fact(_NEXT.said(lang), (_HOW.said(lang),)),
         Fact(_ELSE.said(lang), (_GONE.said(lang).format(day=day(gone_on, lang)),))), (), recording.created_at,
        _named(recording.created_at, company, lang), code=code)


def code_of(text: str, address: str, squares: tuple[tuple[bool, ...], ...], lang: Language) -> Code:
    """Return the code as the receipt shows it."""
    return Code(_CODE.said(lang), text, _KEEP.said(lang), address, squares)


def _named(at: datetime, company: Company, lang: Language) -> str:
    return f"vecu-{_FILE.said(lang)}-{at.astimezone(ZoneInfo(company.timezone)).date().isoformat()}"
