"""What administrators do: invite, give and take roles, hand over a new link, welcome back. They read no story by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from story_bank.access import Duty, holds
from story_bank.bank import Bank, Deed, Did, Work
from story_bank.errors import BadInput, NotAllowed, NotFound
from story_bank.ids import PersonId, new_id
from story_bank.language import Language
from story_bank.person import Person, Role
from studio.access.links import LinkKind, OneTimeLinks
from studio.access.sessions import KIND as SESSION
from studio.access.signing_links import KIND as SIGNING
from studio.access.typed import a_name, an_address

GIVEN_BY_OTHERS = frozenset({Role.EDITOR, Role.FACILITATOR, Role.STEWARD, Role.ADMINISTRATOR})
"""Roles an administrator may give; being an ambassador is one's own choice."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom an administrator adds: a name, an address if it is known, roles besides telling."""

    display_name: str
    email: str = ""
    roles: frozenset[Role] = frozenset()
    language: Language = "fr"


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link as it is shown once: whose, of which kind, its secret."""

    person: Person
    kind: LinkKind
    secret: str


@dataclass(frozen=True, slots=True)
class Administration:
    """The people of the company, for those who hold the duty (`NotAllowed` for everybody else)."""

    bank: Bank
    clock: Callable[[], datetime]

    def people(self, asker: Person) -> list[Person]:
        """Return everyone with an account, then those who have left; guests of a story are its author's business."""
        administers(asker)
        with self.bank.open() as work:
            known = [person for person in work.people() if not person.guest or person.left_on]
        return sorted(known, key=lambda person: person.left_on is not None)

    def invite(self, asker: Person, invited: Invited) -> Link:
        """Add someone and return their invitation."""
        administers(asker)
        name = a_name(invited.display_name)
        person = Person(PersonId(new_id()), name, name.split()[0], invited.language,
                        an_address(invited.email) if invited.email.strip() else None,
                        roles=frozenset({Role.CONTRIBUTOR}) | (invited.roles & GIVEN_BY_OTHERS))
        with self.bank.open() as work:
            work.save_person(person)
            work.commit()
        return self._link("invitation", person)

    def give_roles(self, asker: Person, person_id: PersonId, roles: frozenset[Role]) -> None:
        """Let a person hold these of the roles that others give, and no other of them (`BadInput`: the last one)."""
        administers(asker)
        with self.bank.open() as work:
            work.hold_people()
            person = here(work, person_id)
            wanted = (person.roles - GIVEN_BY_OTHERS) | (roles & GIVEN_BY_OTHERS)
            if Role.ADMINISTRATOR not in wanted:
                somebody_else_administers(work, person_id)
            work.save_person(replace(person, roles=wanted))
            work.commit()

    def new_link(self, asker: Person, person_id: PersonId) -> Link:
        """Return a link by which a person chooses a password anew, or for the first time."""
        administers(asker)
        with self.bank.open() as work:
            person = here(work, person_id)
            kind: LinkKind = "reset" if work.password_hash(person_id) and person.email else "invitation"
            self._note_link(work, asker, person_id)
            work.commit()
        return self._link(kind, person)

    def welcome_back(self, asker: Person, person_id: PersonId) -> Link:
        """Give somebody who had left an account again, and return the invitation to it.

        What their leaving link opened closes: whoever held it would come into the account.
        """
        administers(asker)
        with self.bank.open() as work:
            work.hold_people()
            person = work.person(person_id)
            if person.left_on is None:
                raise NotFound("Cette personne n'est pas partie.", "This person has not left.")
            person = replace(person, left_on=None, roles=frozenset({Role.CONTRIBUTOR}))
            work.save_person(person)
            for opened in (SESSION, SIGNING):
                work.drop_tokens(person_id, opened)
            self._note_link(work, asker, person_id)
            work.commit()
        return self._link("invitation", person)

    def _note_link(self, work: Work, asker: Person, person_id: PersonId) -> None:
        work.note(Deed(self.clock(), asker.id, Did.MADE_LINK, person_id))

    def _link(self, kind: LinkKind, person: Person) -> Link:
        return Link(person, kind, OneTimeLinks(self.bank, self.clock).make(kind, person.id))


def administers(asker: Person) -> None:
    """Refuse (`NotAllowed`) whoever does not administer."""
    if not holds(asker, Duty.ADMINISTER):
        raise NotAllowed("Cette page est pour les personnes qui administrent.", "This page is for administrators.")


def here(work: Work, person_id: PersonId) -> Person:
    """Return a person who has an account (`NotFound`)."""
    person = work.person(person_id)
    if person.guest:
        raise NotFound("Cette personne n'a pas de compte ici.", "This person has no account here.")
    return person


def somebody_else_administers(work: Work, person_id: PersonId) -> None:
    """Refuse (`BadInput`) to let the last administrator go."""
    if not any(each.is_a(Role.ADMINISTRATOR) for each in work.people() if each.id != person_id):
        raise BadInput("C'est la dernière personne qui administre ; donnez d'abord ce rôle à quelqu'un d'autre.",
                       "This is the last administrator; give somebody else this role first.")
