"""Accounts of those who come in through the company's sign-in, and the roles that its groups carry.

The rule by which a newcomer is matched with an account that is there already: the provider must have verified the
address, and the account must have neither a password nor another badge, as one has who was invited and did not come
yet. Otherwise whoever controls an address at the provider could take over an account of another origin; its owner
signs in with their password instead, and links the two from their own page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from story_bank.bank import Badge, Bank, Token, Work
from story_bank.errors import BadInput, Conflict, NotFound
from story_bank.ids import PersonId, new_id
from story_bank.person import Person, Role
from studio.access.provider import Claims, Errand
from studio.access.secrets import kept_as, new_secret
from studio.access.typed import a_name, an_address

ERRAND_LASTS = timedelta(minutes=10)
_KIND = "oidc"


@dataclass(frozen=True, slots=True)
class CompanyAccounts:
    """Sends browsers on an errand, once each, and recognises who came back."""

    bank: Bank
    clock: Callable[[], datetime]
    roles: Mapping[str, Role]
    """Groups to roles; `settings` refuses ambassadors here."""

    def begin(self, back: str, there: str, linking: PersonId | None = None) -> Errand:
        """Return a new errand; `there` is where the person wanted to go, `linking` whose account gets the badge."""
        errand, now = Errand(new_secret(), back), self.clock()
        with self.bank.open() as work:
            work.drop_old_tokens(now)
            work.save_token(Token(kept_as(errand.secret), _KIND, linking, now, now + ERRAND_LASTS, about=there))
            work.commit()
        return errand

    def spend(self, secret: str) -> Token:
        """Return what the errand was for, once (`NotFound`: made up, too old, or already back)."""
        with self.bank.open() as work:
            token = work.token(kept_as(secret), _KIND, self.clock())
            if token is None or not work.drop_token(token.token_hash):
                raise NotFound("La connexion par l'entreprise a pris trop de temps ou a déjà servi ; recommencez.",
                               "The sign-in through the company took too long or was used already; begin again.")
            work.commit()
        return token

    def enter(self, claims: Claims) -> PersonId:
        """Return whose badge this is, an account made at the first time; groups give and take their roles.

        `NotFound` for somebody who has left; `Conflict` where the address belongs to an account of another origin.
        """
        with self.bank.open() as work:
            work.hold_people()
            badge = work.badge(claims.issuer, claims.subject)
            person = self._newcomer(work, claims) if badge is None else work.person(badge.person_id)
            if person.guest:
                raise _gone()
            self._wear(work, person, badge or Badge(claims.issuer, claims.subject, person.id), claims)
            work.commit()
        return person.id

    def link(self, claims: Claims, person_id: PersonId) -> None:
        """Let a person who is signed in come in by this badge from now on (`Conflict`: it is somebody else's)."""
        with self.bank.open() as work:
            work.hold_people()
            badge, person = work.badge(claims.issuer, claims.subject), work.person(person_id)
            if badge is not None and badge.person_id != person_id:
                raise Conflict("Ce compte de l'entreprise est déjà relié à quelqu'un d'autre ici.",
                               "This company account is linked to somebody else here already.")
            if person.guest:
                raise _gone()
            self._wear(work, person, badge or Badge(claims.issuer, claims.subject, person_id), claims)
            work.commit()

    def _wear(self, work: Work, person: Person, badge: Badge, claims: Claims) -> None:
        """Give what the groups carry now, take what they carried before; what a person holds otherwise stays."""
        otherwise = person.roles - badge.roles
        carried = frozenset(self.roles[group] for group in claims.groups if group in self.roles) - {Role.AMBASSADOR}
        work.save_person(replace(person, roles=otherwise | carried | {Role.CONTRIBUTOR}))
        work.save_badge(replace(badge, roles=carried - otherwise - {Role.CONTRIBUTOR}))

    def _newcomer(self, work: Work, claims: Claims) -> Person:
        address = _address(claims)
        known = next((each for each in work.people() if address and (each.email or "").casefold() == address), None)
        if known is None:
            name = a_name(claims.name)
            return Person(PersonId(new_id()), name, name.split()[0], "en" if claims.locale.startswith("en") else "fr",
                          address)
        if known.left_on is not None:
            raise _gone()
        if known.cast or work.password_hash(known.id) is not None or work.badges_of(known.id):
            raise Conflict("Un compte existe déjà à cette adresse ; connectez-vous avec son mot de passe, puis "
                           "reliez-le depuis « Votre compte ».",
                           "An account with this address exists already; sign in with its password, then link it from "
                           "“Your account”.")
        return replace(known, roles=known.roles | {Role.CONTRIBUTOR})


def _address(claims: Claims) -> str | None:
    """Return the address that the provider vouches for, if it does."""
    if not claims.email_verified:
        return None
    try:
        return an_address(claims.email)
    except BadInput:
        return None


def _gone() -> NotFound:
    return NotFound("Ce compte n'est plus ouvert ; adressez-vous à la personne qui administre.",
                    "This account is no longer open; ask your administrator.")
