"""The register on paper and in a spreadsheet: the same entries, the same order."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from prompts.consent_text import channel_label, name_label
from story_bank.company import Company
from story_bank.consent import Channel
from story_bank.language import Bilingual, Language
from studio.documents import spreadsheet
from studio.documents.document import Column, Table
from studio.documents.receipts import looks, moment, period, places, purposes
from studio.steps.register import STANDINGS, Entry, Register, Standing
from studio.typography import W

_TITLE = W("Registre des accords", "Register of consents")
_LEAD = W("{shown} accords sur {whole}, {at}. Aucun mot des récits n'y figure.",
          "{shown} of {whole} consents, {at}. No word of the stories is in it.")
_YES, _NO = W("oui", "yes"), W("non", "no")
_INTACT, _ALTERED, _TEXT_GONE = W("texte intact", "text intact"), W("texte modifié", "text altered"), W(
    "texte effacé avec le récit", "text erased with the story")
_ERASED = W("Récit effacé", "Erased story")
_CLOSED = W("Récit qui n'est pas ouvert, n° …{number}", "Story that is not open, no. …{number}")
_LEFT = W("reste : {channels} (retrait {at})", "left: {channels} (taken back {at})")
_PAPER = ((W("Personne", "Person"), 2.2), (W("Récit", "Story"), 2.8), (W("Pour quoi, où", "For what, where"), 3.3),
          (W("De quand à quand", "From when until when"), 2.5), (W("Ce que l'on montre", "What is shown"), 2.9),
          (W("Signé", "Signed"), 2.7), (W("Texte : version et empreinte", "Text: version and fingerprint"), 2.6),
          (W("Aujourd'hui", "Today"), 2.4))
_SHEET = (
    W("Personne", "Person"), W("Récit", "Story"), W("Usages", "Purposes"), W("Supports", "Channels"), W("Du", "From"),
    W("Au", "Until"), W("Visage", "Face"), W("Voix", "Voice"), W("Nom", "Name"), W("Signature", "Signature"),
    W("Signé le", "Signed on"), W("Aujourd'hui", "Today"), W("Feu", "Light"), W("Depuis", "Since"),
    W("Supports encore permis", "Channels still allowed"), W("Texte", "Text"), W("Version du texte", "Text version"),
    W("Empreinte SHA-256", "SHA-256 fingerprint"), W("Numéro de l'accord", "Number of the consent"),
    W("Numéro de la personne", "Number of the person"), W("Numéro du récit ou de l'enregistrement",
                                                          "Number of the story or recording"))
LIGHTS = {"ok": W("vert", "green"), "soon": W("orange", "amber"), "stop": W("rouge", "red")}


def as_table(register: Register, now: datetime, lang: Language) -> Table:
    """Return the register as a paper."""
    at = moment(now, register.company, lang)
    lead = _LEAD.said(lang).format(shown=len(register.entries), whole=register.whole, at=at)
    rows = tuple(_on_paper(entry, register.company, lang) for entry in register.entries)
    columns = tuple(Column(title.said(lang), share) for title, share in _PAPER)
    return Table(lang, register.company.name, _TITLE.said(lang), lead, columns, rows, now, file_name(register, lang))


def as_csv(register: Register, lang: Language) -> bytes:
    """Return the register as a spreadsheet, days and moments of the company as 2026-12-31 and 2026-12-31 09:05."""
    rows = [_in_cells(entry, register.company, lang) for entry in register.entries]
    return spreadsheet.as_csv([[title.said(lang) for title in _SHEET], *rows])


def told_since(entry: Entry, company: Company, lang: Language) -> str:
    """Return when it was brought there, and what a withdrawal left of it; "" for nothing to tell."""
    if entry.since is None:
        return ""
    at = moment(entry.since, company, lang)
    return at if entry.left is None else _LEFT.said(lang).format(channels=places(entry.left.channels, lang), at=at)


def text_state(entry: Entry) -> Bilingual:
    """Return whether the kept text is the one that was signed."""
    if not entry.consent.text:
        return _TEXT_GONE
    return _INTACT if entry.consent.intact else _ALTERED


def story_of(entry: Entry, lang: Language) -> str:
    """Return the titles of what it is about, or what stands for a story that is not open to colleagues."""
    if entry.standing is Standing.FORGOTTEN:
        return _ERASED.said(lang)
    return " · ".join(entry.titles) or _CLOSED.said(lang).format(number=entry.consent.subject_id[-8:])


def file_name(register: Register, lang: Language) -> str:
    """Return what a file of the register is called, without its ending."""
    return f"vecu-{W('registre', 'register').said(lang)}-{register.day.isoformat()}"


def _on_paper(entry: Entry, company: Company, lang: Language) -> tuple[tuple[str, ...], ...]:
    consent, mark = entry.consent, entry.consent.text_hash
    scope = consent.scope
    since = told_since(entry, company, lang)
    return (
        (entry.person,), (story_of(entry, lang),), (purposes(scope, lang), places(scope.channels, lang)),
        (period(scope, lang),), tuple(looks(scope, lang).split(" · ")),
        (consent.signature, moment(consent.signed_at, company, lang)),
        (f"{consent.text_version} · {text_state(entry).said(lang)}", *(mark[at:at + 16] for at in range(0, 64, 16))),
        (STANDINGS[entry.standing].said(lang), *((since,) if since else ())))


def _in_cells(entry: Entry, company: Company, lang: Language) -> tuple[str, ...]:
    consent, scope = entry.consent, entry.consent.scope
    look = scope.appears
    yes_no = [(_YES if each else _NO).said(lang) for each in (look.face, look.voice)]
    still = entry.left.channels if entry.left is not None else frozenset()
    return (
        entry.person, story_of(entry, lang), purposes(scope, lang), _listed(scope.channels, lang),
        scope.from_day.isoformat(), scope.until_day.isoformat(), *yes_no, name_label(look.name).said(lang),
        consent.signature, _stamp(consent.signed_at, company), STANDINGS[entry.standing].said(lang),
        LIGHTS[entry.light].said(lang), _stamp(entry.since, company), _listed(still, lang),
        text_state(entry).said(lang), consent.text_version, consent.text_hash, consent.id, consent.person_id,
        consent.subject_id)


def _stamp(when: datetime | None, company: Company) -> str:
    return when.astimezone(ZoneInfo(company.timezone)).strftime("%Y-%m-%d %H:%M") if when else ""


def _listed(channels: frozenset[Channel], lang: Language) -> str:
    return ", ".join(channel_label(each).said(lang) for each in Channel if each in channels)
