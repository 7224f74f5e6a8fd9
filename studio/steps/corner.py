"""What was told at a corner: its receipt, and making it one's own later with the code (A40, A41).

Until then it is a guest's: nobody reads, finds or counts it, and what nobody claims is forgotten by the sweep.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from story_bank.access import Act, Duty
from story_bank.bank import Asker, Deed, Did, Work
from story_bank.errors import NotFound
from story_bank.ids import PersonId, StoryId
from story_bank.making import JobKind
from story_bank.person import Person
from story_bank.recording import Recording
from story_bank.story import Story
from studio.access.claim_codes import hash_of
from studio.leftovers import drop_arrivals_of
from studio.steps.step import Step, must_hold
from studio.toolbox import Limits, Toolbox


def visit_lasts(limits: Limits) -> timedelta:
    """Return how long a session at a corner lasts: the longest recording, then an hour to send it and read."""
    return timedelta(seconds=limits.recording_s) + timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Left:
    """What somebody left at a corner: the recording, and the first day on which it is gone unless it was claimed."""

    story: Story
    recording: Recording
    corner_name: str
    gone_on: date
    asked: bool
    """Whether its words are being written, or are: the form was answered."""


class LeaveAtCorner(Step):
    """Keep what was told at a corner under a code."""

    use = Act.KEEP

    def run(self, asker: Asker, code: str) -> Left:
        """Return what the receipt says (`NotFound` where nothing was told); asked again it is the same."""
        with self.tools.bank.open() as work:
            work.hold_people()
            visit = work.visit(asker.person.id)
            found = _told(work, asker.person.id)
            if visit is None or found is None:
                raise NotFound("Rien n'a été enregistré ici ; recommencez.", "Nothing was recorded here; start again.")
            story, recording = found
            corner = work.corner(visit.corner_id)
            if visit.code_hash is None:
                work.save_visit(replace(visit, code_hash=hash_of(code)))
                work.save_corner(replace(corner, told=corner.told + 1))
                work.commit()
            asked = bool(work.jobs_for(recording.id)) or work.transcript(recording.id) is not None
        return Left(story, recording, corner.name, _gone_on(self.tools, recording), asked)


class EndVisit(Step):
    """Have what was told written down, if nobody asked for it yet, without anything that the person did not say."""

    use = Act.KEEP

    def run(self, asker: Asker) -> None:
        """Ask for the words once; nothing was told: nothing happens."""
        with self.tools.bank.open() as work:
            found = _told(work, asker.person.id)
            if found is None or work.jobs_for(found[1].id) or work.transcript(found[1].id) is not None:
                return
            self.ask_for(work, JobKind.TRANSCRIBE, found[1].id, asker.person.id)
            work.commit()


class Claim(Step):
    """Make a story one's own that one told at a corner."""

    use = Act.KEEP

    def run(self, asker: Asker, code: str) -> StoryId:
        """Hand over recording and story, and forget the guest with the code.

        `NotFound` for a code that is made up, was used, or whose time is over: they look the same. `NotAllowed` for
        who has no account.
        """
        must_hold(asker, Duty.TELL)
        with self.tools.bank.open() as work:
            work.hold_people()  # of two who claim at once, the second finds the code gone
            visit = work.visit_of_code(hash_of(code))
            found = _told(work, visit.person_id) if visit else None
            if visit is None or found is None or _over(self.tools, found[1]):
                raise _no_such_code()
            story, recording = found
            work.hand_over(visit.person_id, asker.person.id)
            self._as_theirs(work, asker.person, story, recording)
            work.note(Deed(self.tools.clock(), asker.person.id, Did.CLAIMED, story.id))
            work.drop_visitor(visit.person_id)
            work.commit()
        drop_arrivals_of(self.tools.scratch, visit.person_id)
        return story.id

    def _as_theirs(self, work: Work, person: Person, story: Story, recording: Recording) -> None:
        """Say what is known of the person where they said nothing at the corner."""
        said = work.recording_of_job(recording.id).context
        context = replace(said, first_name=said.first_name or person.first_name, job=said.job or person.job,
                          team=said.team or person.team)
        work.save_recording(replace(work.recording_of_job(recording.id), context=context))
        mine = work.story_of_job(story.id)
        work.save_story(replace(mine, team=mine.team or person.team, site=mine.site or person.site))


def drop_empty_visits(tools: Toolbox) -> None:
    """Forget guests who came to a corner and left nothing, or whose recording was forgotten, with what they sent."""
    before = tools.clock() - visit_lasts(tools.limits)
    with tools.bank.open() as work:
        over = [each.person_id for each in work.visits() if each.begun_at < before or each.code_hash]
        gone = [person_id for person_id in over if work.drop_visitor(person_id)]
        work.commit()
    for person_id in gone:
        drop_arrivals_of(tools.scratch, person_id)


def _told(work: Work, person_id: PersonId) -> tuple[Story, Recording] | None:
    for story in work.stories_of(person_id):
        if story.recording_id is not None:
            return story, work.recording_of_job(story.recording_id)
    return None


def _over(tools: Toolbox, recording: Recording) -> bool:
    return recording.created_at < tools.clock() - tools.consent.unclaimed


def _gone_on(tools: Toolbox, recording: Recording) -> date:
    return tools.day_of(recording.created_at + tools.consent.unclaimed)


def _no_such_code() -> NotFound:
    return NotFound("Ce code n'ouvre rien : vérifiez-le lettre à lettre. Il ne sert qu'une fois, et plus après le jour "
                    "écrit sur le reçu.",
                    "This code opens nothing: check it letter by letter. It works once, and not after the day written "
                    "on the receipt.")
