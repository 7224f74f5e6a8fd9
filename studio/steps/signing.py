"""What a person has before their eyes when they decide: the story, who appears in it, and what they signed so far."""

from __future__ import annotations

from dataclasses import dataclass

from story_bank.access import Act, Use
from story_bank.bank import Asker, Work
from story_bank.company import Company
from story_bank.consent import Consent, Scope, Withdrawal
from story_bank.errors import NotFound
from story_bank.ids import StoryId
from story_bank.person import Person
from story_bank.recording import Recording
from story_bank.story import Story
from studio.steps.step import Step


@dataclass(frozen=True, slots=True)
class Decision:
    """A story to decide about; `history` is the asker's own, oldest first, `scopes` is in the order of `people`."""

    story: Story
    own: bool
    company: Company | None
    people: tuple[Person, ...]
    scopes: tuple[Scope | None, ...]
    history: tuple[Consent | Withdrawal, ...]
    recording: Recording | None

    def mine(self, asker: Asker) -> Scope | None:
        """Return what the asker permits at this moment."""
        return dict(zip((person.id for person in self.people), self.scopes, strict=True)).get(asker.person.id)


class ReadToDecide(Step):
    """Open a story in which one appears, in order to sign or to take back."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId) -> Decision:
        """Return the decision before the asker (`NotFound` unless they appear in it).

        Someone else who is recognisable reads it only once its author has signed.
        """
        with self.tools.bank.open() as work:
            story = work.story_of_job(story_id)
            scopes = tuple(work.scopes([story])[story.id])
            own = story.author_id == asker.person.id
            if asker.person.id not in story.people or not (own or scopes[0] is not None):
                raise NotFound("Ce récit n'est pas dans vos récits.", "This story is not among your stories.")
            people = tuple(work.person(person_id) for person_id in story.people)
            history = tuple(event for event in work.consent_history(story.subject_id)
                            if event.person_id == asker.person.id)
            return Decision(story, own, work.company(), people, scopes, history, _heard(work, asker, story))


class Colleagues(Step):
    """See who could be recognisable in a story."""

    use = Act.KEEP

    def run(self, asker: Asker) -> list[Person]:
        """Return everyone else of the company, by display name."""
        with self.tools.bank.open() as work:
            return [person for person in work.people() if person.id != asker.person.id]


def _heard(work: Work, asker: Asker, story: Story) -> Recording | None:
    if story.recording_id is None:
        return None
    try:
        return work.recording(asker, Use(Act.READ), story.recording_id)
    except NotFound:  # recognisable in it, but not its author: the words are read, the sound is not played
        return None
