"""Consent: signed after listening, taken back in one tap."""

from __future__ import annotations

from story_bank.access import Act
from story_bank.bank import Asker, Deed
from story_bank.consent import Channel, Consent, Scope, Withdrawal
from story_bank.errors import BadInput, NotFound
from story_bank.ids import ConsentId, StoryId, new_id
from studio.steps.step import Step


class Sign(Step):
    """Sign a consent for a story in which one appears."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, scope: Scope, shown: tuple[str, str], signature: str) -> Consent:
        """Return the signed consent; `shown` is (version, exact text) of what the person read."""
        version, text = shown
        if scope.until_day < asker.day:
            raise BadInput("La fin de l'accord est déjà passée ; choisissez une date à venir.",
                           "The end of the consent has passed already; choose a date to come.")
        with self.tools.bank.open() as work:
            story = work.story_of_job(story_id)
            if asker.person.id not in story.people:
                raise NotFound("Ce récit n'est pas dans vos récits.", "This story is not among your stories.")
            consent = Consent(ConsentId(new_id()), story.subject_id, asker.person.id, scope, text, version,
                              signature.strip(), self.tools.clock())
            work.sign(consent)
            work.note(Deed(consent.signed_at, asker.person.id, "signed", story.id))
            work.commit()
        return consent


class Withdraw(Step):
    """Take one's consent back, whole or for some channels, without a reason."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, channels: frozenset[Channel] | None = None) -> None:
        """Append the withdrawal; every read obeys from the same moment."""
        with self.tools.bank.open() as work:
            story = work.story_of_job(story_id)
            if asker.person.id not in story.people:
                raise NotFound("Ce récit n'est pas dans vos récits.", "This story is not among your stories.")
            now = self.tools.clock()
            work.withdraw(Withdrawal(ConsentId(new_id()), story.subject_id, asker.person.id, channels, now))
            work.note(Deed(now, asker.person.id, "withdrew", story.id))
            work.commit()
