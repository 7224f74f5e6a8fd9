"""Links to sign or refuse: for somebody recognisable in a story, or for somebody who has left, without an account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from story_bank.bank import Bank, Token, Work
from story_bank.errors import NotAllowed, NotFound
from story_bank.ids import PersonId, SubjectId
from story_bank.person import Person
from studio.access.secrets import kept_as, new_secret
from studio.access.sessions import KIND as SESSION

KIND = "signing"
LASTS = timedelta(days=90)
SESSION_LASTS = timedelta(hours=2)
"""How long somebody who came by a link is known to the browser; the link opens again."""
AFTER_THE_END = timedelta(days=30)
"""A link that was signed with outlives the consent by this much, so that taking back stays as easy as giving (X8)."""
EVERYTHING = SubjectId("")
"""What the link of somebody who has left is about: all that is theirs."""


@dataclass(frozen=True, slots=True)
class SigningLinks:
    """Makes and reads the links; the bank keeps the hash of their secret alone."""

    bank: Bank
    clock: Callable[[], datetime]

    def make(self, person_id: PersonId, subject_id: SubjectId = EVERYTHING) -> str:
        """Return the secret of a new link; links made before stay good, for they may be on their way."""
        secret, now = new_secret(), self.clock()
        with self.bank.open() as work:
            work.save_token(Token(kept_as(secret), KIND, person_id, now, now + LASTS, about=subject_id))
            work.commit()
        return secret

    def look(self, secret: str) -> Token:
        """Return whom the link is for and what it is about (`NotFound` when it is old or made up)."""
        with self.bank.open() as work:
            return _known(work, secret, self.clock())

    def enter(self, secret: str, before: str | None = None) -> str:
        """Begin a short session as whoever the link is for and return its secret; the browser's former one ends.

        `NotAllowed` where the link would open more than its author may pass on, for they hold it too: to somebody with
        an account, who signs in; about one story, to somebody who has left or who is in another one.
        """
        made, now = new_secret(), self.clock()
        with self.bank.open() as work:
            work.hold_people()
            link = _known(work, secret, now)
            person_id = _person(link)
            _may_enter(work, work.person(person_id), SubjectId(link.about))
            if before:
                work.drop_token(kept_as(before))
            work.save_token(Token(kept_as(made), SESSION, person_id, now, now + SESSION_LASTS))
            work.commit()
        return made


def invited(work: Work, person_id: PersonId, subject_id: SubjectId, now: datetime) -> bool:
    """Tell whether the person holds a link about it."""
    return any(link.about == subject_id for link in work.tokens_of(person_id, KIND, now))


def drop(work: Work, person_id: PersonId, subject_id: SubjectId, now: datetime) -> None:
    """Spend a person's links about one thing."""
    for link in work.tokens_of(person_id, KIND, now):
        if link.about == subject_id:
            work.drop_token(link.token_hash)


def prolong(work: Work, person_id: PersonId, subject_id: SubjectId, end: datetime, now: datetime) -> None:
    """Keep the links by which a person signs open until a month after the consent's end."""
    for link in work.tokens_of(person_id, KIND, now):
        if link.about in (subject_id, EVERYTHING) and link.expires_at < end + AFTER_THE_END:
            work.save_token(replace(link, expires_at=end + AFTER_THE_END))


def _may_enter(work: Work, person: Person, about: SubjectId) -> None:
    if not person.guest:
        raise NotAllowed("Vous avez un compte : connectez-vous pour lire et décider.",
                         "You have an account: sign in to read and decide.")
    if about == EVERYTHING:
        return
    if person.left_on is not None:
        raise NotAllowed("Ce lien n'ouvre plus ce qui est à vous ; demandez le vôtre à la personne qui administre.",
                         "This link no longer opens what is yours; ask your administrator for your own.")
    if any(story.subject_id != about for story in work.stories_with(person.id)):
        raise NotAllowed("Ce lien est pour un seul récit et vous apparaissez aussi dans un autre ; demandez à qui vous "
                         "l'a donné de vous nommer de nouveau et de faire un autre lien.",
                         "This link is for one story and you are in another one too; ask whoever gave it to you to "
                         "name you anew and make another link.")


def _known(work: Work, secret: str, now: datetime) -> Token:
    link = work.token(kept_as(secret), KIND, now)
    if link is None or link.person_id is None:
        raise NotFound("Ce lien ne s'ouvre plus : il a expiré ou s'est abîmé en chemin. Sans votre accord "
                       "rien ne s'ouvre ; si vous voulez décider, demandez un autre lien à qui vous l'a donné.",
                       "This link no longer opens: it expired or got damaged on its way. Without your "
                       "consent nothing opens; if you wish to decide, ask whoever gave it to you for another one.")
    return link


def _person(link: Token) -> PersonId:
    assert link.person_id is not None, "a signing link is always somebody's"
    return link.person_id
