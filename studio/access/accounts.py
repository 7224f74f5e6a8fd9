"""Accounts: a password of one's own, chosen by link, changed, forgotten; and the demonstration cast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from story_bank.bank import Bank, Token, Work
from story_bank.company import Company
from story_bank.errors import BadInput, Conflict, NotAllowed, NotFound
from story_bank.ids import PersonId, ValueId, new_id
from story_bank.language import Bilingual, Language
from story_bank.person import Person, Role
from story_bank.story import Value
from studio.access.attempts import MOST_FROM_ONE_PLACE, Attempts, Tried
from studio.access.links import LinkKind, OneTimeLinks
from studio.access.passwords import fits, hashed
from studio.access.secrets import kept_as, new_secret
from studio.access.typed import a_name, an_address

KNOWN_FOR = timedelta(days=180)
_BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class CameFrom:
    """Where somebody knocks from: a network address, and the secret of a browser in which someone signed in before."""

    address: str
    browser: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """What a person types to get an account."""

    display_name: str
    email: str
    password: str
    language: Language = "fr"


@dataclass(frozen=True, slots=True)
class Accounts:
    """Recognises people by e-mail and password, and lets them choose these by link."""

    bank: Bank
    clock: Callable[[], datetime]
    attempts: Attempts

    @property
    def links(self) -> OneTimeLinks:
        """The one-time links of this bank."""
        return OneTimeLinks(self.bank, self.clock)

    def sign_in(self, email: str, password: str, came_from: CameFrom) -> PersonId:
        """Return whose e-mail and password these are; `NotAllowed` after too many attempts, else `NotFound`.

        Failures are counted for the person and for the place. A browser in which that very person signed in before is
        counted by itself, so that nobody's failures elsewhere keep a person out of their own account.
        """
        person, kept = self._kept(email)
        about = Tried(f"who {email.strip().casefold()}")
        tried = self._tried(person, about, came_from)
        self.attempts.check(*tried)
        if not fits(password, kept) or person is None:
            self.attempts.failed(*tried)
            raise NotFound("Cette adresse et ce mot de passe ne vont pas ensemble ; vérifiez les deux.",
                           "This address and this password do not go together; check both.")
        self.attempts.succeeded(about)
        return person.id

    def remember_browser(self, person_id: PersonId, before: str | None) -> str:
        """Return the secret by which this browser is known as that person's, the one it has if it is theirs."""
        if before and self._knows(person_id, before):
            return before
        secret, now = new_secret(), self.clock()
        with self.bank.open() as work:
            work.save_token(Token(kept_as(secret), _BROWSER, person_id, now, now + KNOWN_FOR))
            work.commit()
        return secret

    def cast_member(self, person_id: PersonId) -> PersonId:
        """Return the person if they belong to the demonstration cast (`NotAllowed`); the caller checks the loopback."""
        with self.bank.open() as work:
            if not work.person(person_id).cast:
                raise NotAllowed("Cette personne se connecte avec son mot de passe.",
                                 "This person signs in with their password.")
        return person_id

    def look(self, kind: LinkKind, secret: str, came_from: CameFrom) -> PersonId | None:
        """Return whom a link is for (`NotFound`); whoever tries many that open nothing waits (`NotAllowed`)."""
        place = Tried(f"links {came_from.address}", MOST_FROM_ONE_PLACE)
        self.attempts.check(place)
        try:
            return self.links.look(kind, secret)
        except NotFound:
            self.attempts.failed(place)
            raise

    def found(self, secret: str, first: Identity, company: Company, values: tuple[str, ...]) -> PersonId:
        """Spend the set-up link: make the company and its first administrator."""
        name = a_name(first.display_name)
        person = Person(PersonId(new_id()), name, name.split()[0], first.language, an_address(first.email),
                        roles=frozenset({Role.CONTRIBUTOR, Role.ADMINISTRATOR}))
        kept = hashed(first.password)
        with self.bank.open() as work:
            self.links.spend(work, "setup", secret)
            if work.company() is not None:
                raise Conflict("Cette entreprise existe déjà ; connectez-vous.",
                               "This company exists already; sign in.")
            work.save_company(company)
            work.save_person(person)
            work.set_password_hash(person.id, kept)
            for each in values:
                work.save_value(Value(ValueId(new_id()), Bilingual(each, each), Bilingual("", "")))
            work.commit()
        return person.id

    def accept(self, secret: str, email: str, password: str) -> PersonId:
        """Spend an invitation: the person chooses their e-mail address and password."""
        kept, address = hashed(password), an_address(email)
        with self.bank.open() as work:
            person = self._invited(work, "invitation", secret)
            work.save_person(replace(person, email=address))
            work.set_password_hash(person.id, kept)
            work.commit()
        return person.id

    def reset(self, secret: str, password: str) -> PersonId:
        """Spend a reset link: the person chooses a new password, and every session of theirs ends."""
        kept = hashed(password)
        with self.bank.open() as work:
            person = self._invited(work, "reset", secret)
            work.set_password_hash(person.id, kept)
            for kind in ("session", "reset", _BROWSER):
                work.drop_tokens(person.id, kind)
            work.commit()
        self.attempts.succeeded(Tried(f"who {person.email}"))
        return person.id

    def change_password(self, person_id: PersonId, former: str, new: str, session: str | None) -> None:
        """Replace a person's password, which they type once more; every session but that of the secret ends."""
        tried = Tried(f"change {person_id}")
        self.attempts.check(tried)
        with self.bank.open() as work:
            kept = work.password_hash(person_id)
        if not fits(former, kept):
            self.attempts.failed(tried)
            raise BadInput("Ce n'est pas votre mot de passe actuel ; tapez-le de nouveau.",
                           "This is not your present password; type it again.")
        replaced = hashed(new)
        with self.bank.open() as work:
            work.set_password_hash(person_id, replaced)
            work.drop_tokens(person_id, "session", but=kept_as(session or ""))
            work.drop_tokens(person_id, "reset")
            work.commit()

    def _invited(self, work: Work, kind: LinkKind, secret: str) -> Person:
        work.hold_people()
        person_id = self.links.spend(work, kind, secret)
        person = work.person(person_id) if person_id else None
        if person is None or person.guest:
            raise NotFound("Ce lien n'invite personne.", "This link invites nobody.")
        return person

    def _kept(self, email: str) -> tuple[Person | None, str | None]:
        with self.bank.open() as work:
            try:
                address = an_address(email)
                person = work.person_named(address)
            except (NotFound, Conflict, BadInput):
                return None, None
            if (person.email or "").casefold() != address:  # a name that looks like an address is none
                return None, None
            return person, work.password_hash(person.id)

    def _tried(self, person: Person | None, about: Tried, came_from: CameFrom) -> tuple[Tried, ...]:
        # Asked whether or not there is such a person, so that an answer takes as long.
        if came_from.browser and self._knows(person.id if person else None, came_from.browser):
            return (Tried(f"browser {kept_as(came_from.browser)}"),)
        return about, Tried(f"where {came_from.address}", MOST_FROM_ONE_PLACE)

    def _knows(self, person_id: PersonId | None, browser: str) -> bool:
        with self.bank.open() as work:
            token = work.token(kept_as(browser), _BROWSER, self.clock())
        return token is not None and person_id is not None and token.person_id == person_id
