"""Accounts: a password of one's own, the first administrator, invitations, the demonstration cast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from pwdlib import PasswordHash

from story_bank.bank import Bank
from story_bank.company import Company
from story_bank.errors import BadInput, Conflict, NotAllowed, NotFound
from story_bank.ids import PersonId, ValueId, new_id
from story_bank.language import Bilingual, Language
from story_bank.person import Person, Role
from story_bank.story import Value
from studio.access.attempts import Attempts
from studio.access.links import OneTimeLinks

SHORTEST, LONGEST = 10, 500
"""Characters of a password; longer ones only cost time to hash."""
GIVEN_BY_OTHERS = frozenset({Role.EDITOR, Role.FACILITATOR, Role.STEWARD, Role.ADMINISTRATOR})
"""Roles an administrator may give; being an ambassador is one's own choice."""


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()  # argon2id


@cache
def _nobody() -> str:
    """Return a hash to compare with when there is nobody, so that both cases take as long."""
    return _hasher().hash("personne")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a person types to get an account."""

    display_name: str
    email: str
    password: str
    language: Language = "fr"


@dataclass(frozen=True, slots=True)
class Accounts:
    """Recognises people by e-mail and password, and makes their accounts."""

    bank: Bank
    clock: Callable[[], datetime]
    attempts: Attempts

    @property
    def links(self) -> OneTimeLinks:
        """The one-time links of this bank."""
        return OneTimeLinks(self.bank, self.clock)

    def sign_in(self, email: str, password: str, came_from: str) -> PersonId:
        """Return whose e-mail and password these are; `NotAllowed` after too many attempts, else `NotFound`."""
        who, where = f"who {email.strip().casefold()}", f"where {came_from}"
        self.attempts.check(who, where)
        person, kept = self._kept(email)
        right = _hasher().verify(password[:LONGEST], kept or _nobody())
        if person is None or kept is None or not right:
            self.attempts.failed(who, where)
            raise NotFound("Cette adresse et ce mot de passe ne vont pas ensemble ; vérifiez les deux.",
                           "This address and this password do not go together; check both.")
        self.attempts.succeeded(who)
        return person.id

    def cast_member(self, person_id: PersonId) -> PersonId:
        """Return the person if they belong to the demonstration cast (`NotAllowed`); the caller checks the loopback."""
        with self.bank.open() as work:
            if not work.person(person_id).cast:
                raise NotAllowed("Cette personne se connecte avec son mot de passe.",
                                 "This person signs in with their password.")
        return person_id

    def found(self, secret: str, first: Identity, company: Company, values: tuple[str, ...]) -> PersonId:
        """Spend the set-up link: make the company and its first administrator."""
        person = self._new_person(first, frozenset({Role.CONTRIBUTOR, Role.ADMINISTRATOR}))
        with self.bank.open() as work:
            self.links.spend(work, "setup", secret)
            if work.company() is not None:
                raise Conflict("Cette entreprise existe déjà ; connectez-vous.",
                               "This company exists already; sign in.")
            work.save_company(company)
            work.save_person(person)
            work.set_password_hash(person.id, _hashed(first.password))
            for name in values:
                work.save_value(Value(ValueId(new_id()), Bilingual(name, name), Bilingual("", "")))
            work.commit()
        return person.id

    def invite(self, asker: Person, display_name: str, roles: frozenset[Role], language: Language = "fr") -> str:
        """Add someone and return the secret of their invitation; for administrators alone (`NotAllowed`)."""
        if not asker.is_a(Role.ADMINISTRATOR):
            raise NotAllowed("Seule une personne qui administre peut inviter.", "Only an administrator can invite.")
        name = _name(display_name)
        person = Person(PersonId(new_id()), name, name.split()[0], language,
                        roles=frozenset({Role.CONTRIBUTOR}) | (roles & GIVEN_BY_OTHERS))
        with self.bank.open() as work:
            work.save_person(person)
            work.commit()
        return self.links.make("invitation", person.id)

    def accept(self, secret: str, email: str, password: str) -> PersonId:
        """Spend an invitation: the person chooses their e-mail address and password."""
        hashed = _hashed(password)
        with self.bank.open() as work:
            person_id = self.links.spend(work, "invitation", secret)
            if person_id is None:
                raise NotFound("Ce lien n'invite personne.", "This link invites nobody.")
            work.save_person(replace(work.person(person_id), email=_address(email)))
            work.set_password_hash(person_id, hashed)
            work.commit()
        return person_id

    def _kept(self, email: str) -> tuple[Person | None, str | None]:
        with self.bank.open() as work:
            try:
                person = work.person_named(_address(email))
            except (NotFound, Conflict, BadInput):
                return None, None
            return person, work.password_hash(person.id)

    def _new_person(self, identity: Identity, roles: frozenset[Role]) -> Person:
        name = _name(identity.display_name)
        return Person(PersonId(new_id()), name, name.split()[0], identity.language, _address(identity.email),
                      roles=roles)


def _name(text: str) -> str:
    name = " ".join(text.split())[:120]
    if not name:
        raise BadInput("Écrivez un nom.", "Type a name.")
    return name


def _address(text: str) -> str:
    address = text.strip().casefold()
    if address.count("@") != 1 or address.startswith("@") or address.endswith("@") or len(address) > 254:
        raise BadInput("Écrivez une adresse e-mail complète, comme claire@exemple.fr.",
                       "Type a whole e-mail address, such as claire@example.com.")
    return address


def _hashed(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"Choisissez un mot de passe d'au moins {SHORTEST} caractères ; une petite phrase convient.",
                       f"Choose a password of at least {SHORTEST} characters; a short sentence will do.")
    return _hasher().hash(password)
