"""What a person has before their eyes when they decide: the story, who appears in it, and what they signed so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from story_bank.access import Act, Duty, may_decide, stands
from story_bank.bank import Asker, Work
from story_bank.company import Company
from story_bank.consent import Consent, Scope, Withdrawal
from story_bank.errors import NotFound
from story_bank.ids import PersonId, RecordingId, StoryId
from story_bank.person import Person
from story_bank.recording import Recording
from story_bank.story import Story
from studio.access import signing_links
from studio.steps.step import Step, must_hold


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
    decided: frozenset[PersonId] = frozenset()
    """Who has signed, or taken it back: they stay in the story."""
    closed: bool = False
    """The author took the story back, or their consent ended: what one signed is read and taken back, no story is."""

    def mine(self, asker: Asker) -> Scope | None:
        """Return what the asker permits at this moment."""
        return dict(zip((person.id for person in self.people), self.scopes, strict=True)).get(asker.person.id)


class ReadToDecide(Step):
    """Open a story in which one appears, in order to sign or to take back."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId) -> Decision:
        """Return the decision before the asker (`NotFound` unless they appear in it).

        Someone else who is recognisable reads, hears and sees it while what its author signed stands, or by a link.
        """
        with self.tools.bank.open() as work:
            story = work.story_of_job(story_id)
            scopes = tuple(work.scopes([story])[story.id])
            closed = not _may_decide(work, asker, story, self.tools.clock())
            signed = asker.person.id in story.people and scopes[story.people.index(asker.person.id)] is not None
            if closed and not signed:
                raise _not_yours()
            people = tuple(work.person(person_id) for person_id in story.people)
            everyone_s = work.consent_history(story.subject_id)
            history = tuple(event for event in everyone_s if event.person_id == asker.person.id)
            heard = None if closed or story.recording_id is None else work.recording_of_job(story.recording_id)
            return Decision(replace(story, text="") if closed else story, story.author_id == asker.person.id,
                            work.company(), people, scopes, history, heard,
                            frozenset(event.person_id for event in everyone_s), closed)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A story of somebody else in which one appears, and what one permits of it."""

    story_id: StoryId
    title: str
    author: str
    mine: Scope | None
    scopes: tuple[Scope | None, ...]


class AppearsIn(Step):
    """See in which stories of others one is recognisable."""

    use = Act.KEEP

    def run(self, asker: Asker) -> list[Recognised]:
        """Return those that one signed or may decide about, newest first."""
        with self.tools.bank.open() as work:
            stories = [story for story in work.stories_with(asker.person.id) if story.author_id != asker.person.id]
            scopes, now = work.scopes(stories), self.tools.clock()
            found = []
            for story in stories:
                mine = scopes[story.id][story.people.index(asker.person.id)]
                if mine is not None or _may_decide(work, asker, story, now):
                    author = work.person(story.author_id).display_name
                    found.append(Recognised(story.id, story.title, author, mine, tuple(scopes[story.id])))
        return found


class Colleagues(Step):
    """See who could be recognisable in a story."""

    use = Act.KEEP

    def run(self, asker: Asker) -> list[Person]:
        """Return everyone else who works here, by display name (`NotAllowed` for a guest)."""
        must_hold(asker, Duty.SEE_COLLEAGUES)
        with self.tools.bank.open() as work:
            return [person for person in work.people() if person.id != asker.person.id and not person.guest]


def deciding(work: Work, asker: Asker, story_id: StoryId, now: datetime) -> Story:
    """Return the story about which the asker may sign (`NotFound`)."""
    story = work.story_of_job(story_id)
    if not _may_decide(work, asker, story, now):
        raise _not_yours()
    return story


def heard_to_decide(work: Work, asker: Asker, recording_id: RecordingId, now: datetime) -> Recording | None:
    """Return a recording that the asker may hear and see whole, to decide about themselves in it, or None."""
    if any(_may_decide(work, asker, story, now) for story in work.stories_of_recording(recording_id)):
        return work.recording_of_job(recording_id)
    return None


def _may_decide(work: Work, asker: Asker, story: Story, now: datetime) -> bool:
    person = asker.person
    return person.id in story.people and may_decide(
        person, story.author_id, stands(work.scopes([story])[story.id][0], asker.day),
        signing_links.invited(work, person.id, story.subject_id, now))


def _not_yours() -> NotFound:
    return NotFound("Ce récit n'est pas dans vos récits.", "This story is not among your stories.")
