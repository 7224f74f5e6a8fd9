"""Receipts in plain words: what was signed, taken back or erased (L07 to L11, L21)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from prompts.consent_text import channel_label, day, name_label, purpose_label
from story_bank.bank import Forgotten
from story_bank.company import Company
from story_bank.consent import Channel, Consent, Purpose, Scope, Withdrawal, standing
from story_bank.language import Language
from story_bank.person import Person
from studio.documents.document import Fact, Receipt, SignedText
from studio.typography import W

UNTITLED = W("Récit sans titre", "Untitled story")
_AT = W("le {day} à {time} ({zone})", "on {day} at {time} ({zone})")
_PERIOD = W("Du {first} au {last}, ces deux jours compris", "From {first} to {last}, both days included")
_NOWHERE = W("Sur aucun support en dehors de Vécu", "On no channel outside Vécu")
_NAMED = W("Celui que nomme le texte signé", "The one that the signed text names")
_WITHHELD = W("Un récit fermé à vous aujourd'hui : ni titre ni texte", "A story closed to you today: no title, no text")
_WHOLE = W("Le texte gardé est celui qui a été signé.", "The kept text is the one that was signed.")
_ERASED = W("Récit effacé depuis, avec le texte qui le nommait", "Erased since, with the text that named it")

_LOOKS = W("Visage : {face} · Voix : {voice} · Nom : {name}", "Face: {face} · Voice: {voice} · Name: {name}")
_SEEN, _UNSEEN = W("peut se voir", "may be seen"), W("ne se voit pas", "is not seen")
_HEARD, _UNHEARD = W("peut s'entendre", "may be heard"), W("ne s'entend pas", "is not heard")

_TITLE = W("Attestation d'accord", "Receipt of a consent")
_LEAD = W("{person} a donné à {company} l'accord que voici. Ce qui n'y est pas écrit n'est pas permis.",
          "{person} gave {company} the consent below. What is not written in it is not allowed.")
_WHO, _TO = W("Qui a signé", "Who signed"), W("À qui", "To whom")
_STORY, _WHAT = W("Pour quel récit", "For which story"), W("Pour quoi", "For what")
_WHERE, _WHEN = W("Où", "Where"), W("De quand à quand", "From when until when")
_HOW, _SIGNED = W("Ce que l'on montre", "What is shown"), W("Signé", "Signed")
_SIGNATURE = W("« {signature} », {at}", "“{signature}”, {at}")
_TEXT = W("Le texte exact qui a été signé", "The exact text that was signed")
_BACK = W("Changer d'avis : d'un geste, sans donner de raison", "Changing one's mind: one tap, no reason asked")
_BACK_HOW = W(
    "À tout moment, dans Vécu : « Mes récits », ce récit, puis « Tout retirer » ; ou « Retirer » à côté d'un seul "
    "support. Sans compte, par le lien que vous avez reçu. Tout obéit à la seconde ; l'enregistrement reste à la "
    "personne qui l'a fait, et elle peut aussi l'effacer pour de bon.",
    "At any time, in Vécu: “My stories”, this story, then “Take it all back”; or “Take back” beside one channel alone. "
    "Without an account, by the link you were given. Everything obeys that second; the recording stays with the person "
    "who made it, and they can also erase it for good.")
_VERSION, _MARK = W("Version du texte", "Version of the text"), W("Empreinte (SHA-256)", "Fingerprint (SHA-256)")
_ID, _ALTERED = W("Numéro de l'accord", "Number of the consent"), W(
    "Attention : le texte gardé n'est plus celui qui a été signé.",
    "Careful: the kept text is no longer the one that was signed.")

_BACK_TITLE = W("Attestation de retrait", "Receipt of a withdrawal")
_BACK_LEAD = W("{person} a repris, {at}, ce que dit cette page. L'effet a été immédiat.",
               "{person} took back, {at}, what this page says. It took effect at once.")
_BY, _TAKEN = W("Qui a retiré", "Who took it back"), W("Ce qui est retiré", "What is taken back")
_ALL = W("Tout l'accord, sur tous les supports", "The whole consent, on every channel")
_LEFT, _NOTHING = W("Ce qui reste permis", "What is still allowed"), W(
    "Rien : le récit est fermé à toute autre personne.", "Nothing: the story is closed to everybody else.")
_NOT_ANY = W("{name} ne fait plus partie de l'accord", "{name} is no longer part of the consent")
_CLOSED, _CLOSED_HOW = W("Ce que cela ferme", "What this closes"), W(
    "Recherche, propositions, extraits et pages de partage que l'accord ne couvre plus. Ce qui a été publié hors de "
    "Vécu, l'entreprise le retire de ses propres supports.",
    "Search, suggestions, extracts and share pages that the consent no longer covers. What was published outside Vécu, "
    "the company takes down from its own channels.")
_AGAIN, _AGAIN_HOW = W("Et maintenant", "And now"), W(
    "L'enregistrement reste à la personne qui l'a fait. Un nouvel accord peut rouvrir le récit ; un effacement, pour "
    "de bon, se demande au même endroit.",
    "The recording stays with the person who made it. A new consent may open the story again; erasing for good is "
    "asked for in the same place.")
_BACK_ID = W("Numéro du retrait", "Number of the withdrawal")

_GONE_TITLE = W("Attestation d'effacement", "Receipt of an erasure")
_GONE_LEAD = W("Ce que dit cette page a été effacé de Vécu pour de bon, {at}.",
               "What this page says was erased from Vécu for good, {at}.")
_FOR, _GONE = W("Pour qui", "For whom"), W("Ce qui a été effacé", "What was erased")
_KEPT, _KEPT_WHAT = W("Ce qui est gardé, comme preuve", "What is kept, as proof"), W(
    "Les dates, l'étendue, l'empreinte et la signature des accords ; aucun mot, aucun son, aucune image du récit.",
    "Dates, scope, fingerprint and signature of the consents; no word, sound or picture of the story.")
_COPIES, _COPIES_WHAT = W("Sauvegardes et copies", "Backups and copies"), W(
    "Une sauvegarde que l'on restaure refait d'abord cet effacement. Ce qui a été téléchargé ou publié hors de Vécu "
    "échappe à Vécu.",
    "A backup that is restored first does this erasure again. What was downloaded or published outside Vécu is out of "
    "its reach.")
_GONE_ID, _GONE_STORIES = W("Numéro de l'effacement", "Number of the erasure"), W("Numéros des récits", "Story numbers")
_COUNTED = {
    "stories": (W("récit", "story"), W("récits", "stories")),
    "recordings": (W("enregistrement", "recording"), W("enregistrements", "recordings")),
    "transcripts": (W("version de la transcription", "version of the transcript"),
                    W("versions de la transcription", "versions of the transcript")),
    "passages": (W("passage de la recherche", "passage of the search"),
                 W("passages de la recherche", "passages of the search")),
    "drafts": (W("proposition de texte", "suggested text"), W("propositions de texte", "suggested texts")),
    "posts": (W("publication en cours d'écriture", "page being written"),
              W("publications en cours d'écriture", "pages being written")),
    "clips": (W("extrait", "extract"), W("extraits", "extracts")),
    "texts": (W("texte d'accord signé", "signed text of a consent"),
              W("textes d'accord signés", "signed texts of consents")),
    "files": (W("fichier, son, image ou sous-titres", "file: sound, picture or captions"),
              W("fichiers : sons, images, sous-titres", "files: sound, pictures, captions")),
}


@dataclass(frozen=True, slots=True)
class About:
    """Who an act was by and what it was about; `titles` is None where the reader may not know them, () if erased."""

    person: Person
    company: Company
    titles: tuple[str, ...] | None
    history: Sequence[Consent | Withdrawal]
    """Everything the person signed or took back about it, oldest first."""
    withheld: bool = False
    """The signed text names the story, and the reader may not know it."""


def receipt_of(event: Consent | Withdrawal, about: About) -> Receipt:
    """Return the receipt of a signature or of a withdrawal."""
    return _consent(event, about) if isinstance(event, Consent) else _withdrawal(event, about)


def forgetting_receipt(forgotten: Forgotten, person: Person, company: Company) -> Receipt:
    """Return the receipt of an erasure, in the person's language: counts in plain words, ids, no content."""
    lang = person.language
    at = moment(forgotten.at, company, lang)
    return Receipt(
        lang, company.name, _GONE_TITLE.said(lang), _GONE_LEAD.said(lang).format(at=at),
        (Fact(_FOR.said(lang), (person.display_name,)), Fact(_GONE.said(lang), tuple(counted(forgotten.counts, lang))),
         Fact(_KEPT.said(lang), (_KEPT_WHAT.said(lang),)), Fact(_COPIES.said(lang), (_COPIES_WHAT.said(lang),))),
        (Fact(_GONE_ID.said(lang), (forgotten.id,)), Fact(_GONE_STORIES.said(lang), tuple(forgotten.story_ids))),
        forgotten.at, _file("effacement", "erasure", lang, forgotten.at, company))


def counted(counts: Mapping[str, int], lang: Language) -> Iterator[str]:
    """Yield "2 extraits", a line for each kind of which there was any."""
    for kind, (one, many) in _COUNTED.items():
        number = counts.get(kind, 0)
        if number:
            yield f"{number} {(one if number == 1 else many).said(lang)}"


def moment(when: datetime, company: Company, lang: Language) -> str:
    """Return "le 30 juin 2027 à 09:05 (Europe/Paris)": a moment in the company's time zone."""
    there = when.astimezone(ZoneInfo(company.timezone))
    return _AT.said(lang).format(day=day(there.date(), lang), time=there.strftime("%H:%M"), zone=company.timezone)


def titled(title: str, lang: Language) -> str:
    """Return the title, or what stands for one that was not given yet."""
    return " ".join(title.split()) or UNTITLED.said(lang)


def _consent(consent: Consent, about: About) -> Receipt:
    lang, scope = about.person.language, consent.scope
    name, company = about.person.display_name, about.company
    at = moment(consent.signed_at, company, lang)
    signature = _SIGNATURE.said(lang).format(signature=consent.signature, at=at)
    facts = (
        Fact(_WHO.said(lang), (name,)), Fact(_STORY.said(lang), _story(consent, about)),
        Fact(_WHAT.said(lang), (purposes(scope, lang),)), Fact(_WHERE.said(lang), (places(scope.channels, lang),)),
        Fact(_WHEN.said(lang), (period(scope, lang),)), Fact(_HOW.said(lang), (looks(scope, lang),)),
        Fact(_SIGNED.said(lang), (signature,)))
    file_name = _file("accord", "consent", lang, consent.signed_at, company)
    text = "" if about.withheld else consent.text
    checked = (_WHOLE,) if about.withheld and consent.intact else () if consent.intact else (_ALTERED,)
    proof = (Fact(_VERSION.said(lang), (consent.text_version,)),
             Fact(_MARK.said(lang), (consent.text_hash, *(each.said(lang) for each in checked))),
             Fact(_ID.said(lang), (consent.id,)))
    return Receipt(
        lang, company.name, _TITLE.said(lang), _LEAD.said(lang).format(person=name, company=company.name), facts, proof,
        consent.signed_at, file_name,
        SignedText(_TEXT.said(lang), text, f"{file_name}.txt") if text else None,
        Fact(_BACK.said(lang), (_BACK_HOW.said(lang),)))


def _withdrawal(withdrawal: Withdrawal, about: About) -> Receipt:
    lang, company, name = about.person.language, about.company, about.person.display_name
    number = next(n for n, each in enumerate(about.history, 1) if each.id == withdrawal.id)
    until_then = about.history[:number]
    signed = [each for each in until_then if isinstance(each, Consent)]
    left = standing(until_then)
    taken = _ALL.said(lang) if withdrawal.channels is None else places(withdrawal.channels, lang)
    facts = (
        Fact(_BY.said(lang), (name,)), Fact(_STORY.said(lang), _story(withdrawal, about)),
        Fact(_TAKEN.said(lang), (taken,)), Fact(_LEFT.said(lang), _still(left, lang)),
        Fact(_CLOSED.said(lang), (_CLOSED_HOW.said(lang),)), Fact(_AGAIN.said(lang), (_AGAIN_HOW.said(lang),)))
    proof = [Fact(_BACK_ID.said(lang), (withdrawal.id,))]
    if signed:
        proof += [Fact(_ID.said(lang), (signed[-1].id,)), Fact(_MARK.said(lang), (signed[-1].text_hash,))]
    at = moment(withdrawal.at, company, lang)
    return Receipt(
        lang, company.name, _BACK_TITLE.said(lang), _BACK_LEAD.said(lang).format(person=name, at=at), facts,
        tuple(proof), withdrawal.at, _file("retrait", "withdrawal", lang, withdrawal.at, company))


def _story(event: Consent | Withdrawal, about: About) -> tuple[str, ...]:
    lang = about.person.language
    if about.withheld:
        return (_WITHHELD.said(lang),)
    if about.titles:
        return about.titles
    return ((_ERASED if about.titles == () else _NAMED).said(lang),)


def _still(left: Scope | None, lang: Language) -> tuple[str, ...]:
    if left is None:
        return (_NOTHING.said(lang),)
    gone = () if Purpose.SHARE in left.purposes else (
        _NOT_ANY.said(lang).format(name=purpose_label(Purpose.SHARE).said(lang)),)
    return (purposes(left, lang), places(left.channels, lang), period(left, lang), *gone)


def purposes(scope: Scope, lang: Language) -> str:
    """Return the purposes by their short names."""
    return ", ".join(purpose_label(each).said(lang) for each in Purpose if each in scope.purposes)


def places(channels: frozenset[Channel], lang: Language) -> str:
    """Return the names of channels, or that there are none."""
    names = ", ".join(channel_label(each).said(lang) for each in Channel if each in channels)
    return names[:1].upper() + names[1:] or _NOWHERE.said(lang)


def period(scope: Scope, lang: Language) -> str:
    """Return the first and the last day, in words."""
    return _PERIOD.said(lang).format(first=day(scope.from_day, lang), last=day(scope.until_day, lang))


def looks(scope: Scope, lang: Language) -> str:
    """Return how the person appears, in one line."""
    look = scope.appears
    return _LOOKS.said(lang).format(face=(_SEEN if look.face else _UNSEEN).said(lang),
                                    voice=(_HEARD if look.voice else _UNHEARD).said(lang),
                                    name=name_label(look.name).said(lang))


def _file(fr: str, en: str, lang: Language, when: datetime, company: Company) -> str:
    stamp = when.astimezone(ZoneInfo(company.timezone)).strftime("%Y-%m-%d-%Hh%M")
    return f"vecu-{W(fr, en).said(lang)}-{stamp}"
