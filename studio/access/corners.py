"""Corners at events: opened and closed by those who hold the duty; whoever comes gets a session of their own.

Each visitor is a guest made for their one recording, so that every gate holds: no role, nothing to read. The session
is of another kind than those of people with an account, so a route that does not ask for it does not know it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from story_bank.access import Duty, holds
from story_bank.bank import Bank, Deed, Did, Token, Work
from story_bank.corner import Corner, Visit
from story_bank.errors import BadInput, NotAllowed, NotAvailable, NotFound
from story_bank.ids import CornerId, PersonId, new_id
from story_bank.language import LANGUAGES, Language
from story_bank.person import Person
from studio.access.secrets import kept_as, new_secret
from studio.access.typed import a_name

KIND = "corner"
LONGEST = timedelta(days=31)
"""How long a corner may stay open: an event ends, and an address on a wall is forgotten there."""
MOST_VISITS = 200
"""Visits under way at one corner at a time, so that whoever holds the address cannot fill the bank with people."""
SHOWN_FROM = 5
"""Smaller numbers are not shown: beside a small group they would say who told."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What an editor chooses of a corner."""

    name: str
    until_day: date
    languages: tuple[Language, ...] = ("fr",)


@dataclass(frozen=True, slots=True)
class Corners:
    """The corners, for those who open them (`NotAllowed` for everybody else)."""

    bank: Bank
    clock: Callable[[], datetime]

    def all(self, asker: Person) -> list[Corner]:
        """Return every corner, newest first."""
        _opens(asker)
        with self.bank.open() as work:
            return work.corners()

    def one(self, asker: Person, corner_id: CornerId) -> Corner:
        """Return a corner (`NotFound`)."""
        _opens(asker)
        with self.bank.open() as work:
            return work.corner(corner_id)

    def open(self, asker: Person, opened: Opened) -> Corner:
        """Open a corner and note it (`BadInput` for a day that is past or too far, or for no language)."""
        _opens(asker)
        now, name = self.clock(), a_name(opened.name)
        languages = tuple(each for each in LANGUAGES if each in opened.languages)
        with self.bank.open() as work:
            today = _day(work, now)
            if not languages:
                raise BadInput("Choisissez au moins une langue.", "Choose at least one language.")
            if not today <= opened.until_day <= today + LONGEST:
                raise BadInput("Choisissez un dernier jour entre aujourd'hui et dans un mois.",
                               "Choose a last day between today and a month from now.")
            corner = Corner(CornerId(new_id()), name, new_secret(), opened.until_day, languages, asker.id, now)
            work.save_corner(corner)
            work.note(Deed(now, asker.id, Did.OPENED_CORNER, corner.id))
            work.commit()
        return corner

    def close(self, asker: Person, corner_id: CornerId) -> None:
        """Close a corner at once: nobody begins there any more; who is telling may end. Twice is no error."""
        _opens(asker)
        now = self.clock()
        with self.bank.open() as work:
            corner = work.corner(corner_id)
            if corner.closed_at is None:
                work.save_corner(replace(corner, closed_at=now))
                work.note(Deed(now, asker.id, Did.CLOSED_CORNER, corner.id))
                work.commit()


@dataclass(frozen=True, slots=True)
class Visits:
    """Sessions at a corner: one for each person who comes, for one recording."""

    bank: Bank
    clock: Callable[[], datetime]
    lasts: timedelta
    """The longest recording, and the time to send it and to read the receipt."""

    def open_corner(self, corner_secret: str) -> Corner:
        """Return the corner behind an address (`NotFound`: closed, over, or made up)."""
        with self.bank.open() as work:
            return _open_corner(work, corner_secret, self.clock())

    def begin(self, corner_secret: str, language: Language) -> str:
        """Make a guest for who came, and return the secret of their session (`NotAvailable`: too many at once)."""
        secret, now = new_secret(), self.clock()
        with self.bank.open() as work:
            work.hold_people()
            corner = _open_corner(work, corner_secret, now)
            under_way = [each for each in work.visits() if each.corner_id == corner.id and each.code_hash is None
                         and each.begun_at > now - self.lasts]
            if len(under_way) >= MOST_VISITS:
                raise NotAvailable("Beaucoup de monde raconte en ce moment ; revenez dans quelques minutes.",
                                   "Many people are telling right now; come back in a few minutes.")
            company = work.company()
            guest = Person(PersonId(new_id()), "–", "", language, roles=frozenset(),
                           demo=company is not None and company.demo)
            work.save_person(guest)
            work.save_visit(Visit(guest.id, corner.id, now))
            work.save_token(Token(kept_as(secret), KIND, guest.id, now, now + self.lasts, about=corner.id))
            work.commit()
        return secret

    def visitor(self, secret: str | None) -> PersonId | None:
        """Return whose session at a corner it is, or None when it is unknown or over."""
        if not secret:
            return None
        with self.bank.open() as work:
            token = work.token(kept_as(secret), KIND, self.clock())
        return token.person_id if token else None

    def end(self, secret: str) -> None:
        """End a session at a corner; a guest who told nothing goes with it. Ending it twice is no error."""
        with self.bank.open() as work:
            token = work.token(kept_as(secret), KIND, self.clock())
            if token is None or token.person_id is None:
                return
            work.drop_token(token.token_hash)
            work.drop_visitor(token.person_id)
            work.commit()


def _opens(asker: Person) -> None:
    if not holds(asker, Duty.OPEN_CORNERS):
        raise NotAllowed("Cette page est pour les personnes de la communication et de l'administration.",
                         "This page is for communications and administrators.")


def _open_corner(work: Work, secret: str, now: datetime) -> Corner:
    corner = work.corner_at(secret)
    if corner is None or not corner.open_on(_day(work, now)):
        raise NotFound("Ce coin à récits est fermé. Votre histoire reste la bienvenue : demandez où la raconter à la "
                       "personne qui vous accueille.",
                       "This story corner is closed. Your story is still welcome: ask the person who greets you where "
                       "to tell it.")
    return corner


def _day(work: Work, now: datetime) -> date:
    company = work.company()
    return company.day(now) if company else now.date()
