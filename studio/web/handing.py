"""Handing a link over: mailed where a mail server and an address are known, and shown once to whoever made it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from story_bank.errors import NotAvailable
from story_bank.person import Person
from studio.mail.letters import LetterKind, letter
from studio.web.front import Front

PATHS: dict[LetterKind, str] = {"invitation": "invitation", "reset": "mot-de-passe", "leaving": "accord"}


@dataclass(frozen=True, slots=True)
class Handed:
    """A link as it is shown; `mailed` is None where it could not be, False where the mail did not go."""

    kind: LetterKind
    name: str
    address: str
    """"" where it is not shown: a leaving link opens what the person never showed, so they alone get it by mail."""
    mailed: bool | None


def hand_over(front: Front, request: Request, kind: LetterKind, person: Person, secret: str) -> Handed:
    """Mail the link if that is possible, and return what is shown of it: a mail that fails loses nothing."""
    address = front.link(request, PATHS[kind], jeton=secret)
    with front.tools.bank.open() as work:
        company = work.company()
    mail = letter(kind, person, address, company.name if company else "Vécu")
    if mail is None or front.tools.mailer is None:
        return Handed(kind, person.display_name, address, None)
    try:
        front.tools.mailer.send(mail)
    except NotAvailable:
        return Handed(kind, person.display_name, address, mailed=False)
    return Handed(kind, person.display_name, "" if kind == "leaving" else address, mailed=True)
