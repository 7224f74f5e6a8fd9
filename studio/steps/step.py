"""What a step is: it declares its use, asks the bank for it before work and again before it commits."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from story_bank.access import OWN_WITHOUT_CONSENT, Act, Duty, Use, holds
from story_bank.bank import Asker, Work
from story_bank.consent import Channel
from story_bank.errors import NotAllowed, NotFound
from story_bank.ids import JobId, PersonId, StoryId, new_id
from story_bank.making import Job, JobKind, JobState
from story_bank.story import Story
from studio.toolbox import Toolbox

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


def silent(_: float) -> None:
    """Report progress to nobody."""


def never() -> bool:
    """Say that nobody asked to stop."""
    return False


def must_hold(asker: Asker, duty: Duty) -> None:
    """Refuse who does not hold the duty (`NotAllowed`); a guest holds none, but at a corner that of telling."""
    if not holds(asker.person, duty, asker.at_corner):
        raise NotAllowed("Cette action demande un compte ou un rôle que vous n'avez pas ici.",
                         "This takes an account or a role that you do not have here.")


class Step:
    """A step of a story's travel. A class that does not declare its `use` cannot be imported."""

    use: ClassVar[Act]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not isinstance(cls.__dict__.get("use"), Act):
            raise TypeError(f"{cls.__name__} does not declare the use of the story it needs")

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def story(self, work: Work, asker: Asker, story_id: StoryId, channel: Channel | None = None) -> Story:
        """Return the story if this use of it is allowed now (`NotAllowed` if only this use is not, else `NotFound`)."""
        try:
            return work.story(asker, Use(self.use, channel), story_id)
        except NotFound:
            if self.use in OWN_WITHOUT_CONSENT and channel is None:
                raise
            work.story(asker, Use(Act.READ), story_id)
            raise NotAllowed("Aucun accord signé ne couvre cet usage aujourd'hui ; la personne qui raconte peut le "
                             "donner depuis la page « Décider ».",
                             "No signed consent covers this use today; the person who tells can give it on the page "
                             "“Decide”.") from None

    def own(self, work: Work, asker: Asker, story_id: StoryId) -> Story:
        """Return the asker's own story, held until the work is committed or left (`NotFound` for anybody else's)."""
        work.hold_story(story_id)
        found = self.story(work, asker, story_id)
        if found.author_id != asker.person.id:
            raise NotFound("Ce récit n'est pas dans vos récits.", "This story is not among your stories.")
        return found

    def ask_for(self, work: Work, kind: JobKind, target_id: str, person_id: PersonId) -> None:
        """Write a job into the same unit of work as the data it belongs to."""
        work.add_job(Job(JobId(new_id()), kind, target_id, person_id, JobState.WAITING, 0.0, self.tools.clock()))
