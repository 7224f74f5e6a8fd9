"""What ends soon: thirty days before the end of a consent, whoever signed it is asked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from story_bank.access import Act
from story_bank.bank import Asker
from story_bank.consent import Consent, Withdrawal, standing
from story_bank.ids import StoryId, SubjectId
from studio.steps.step import Step


@dataclass(frozen=True, slots=True)
class Ending:
    """A story for which what one signed ends on a day."""

    story_id: StoryId
    title: str
    until_day: date


class EndingSoon(Step):
    """See which of one's own consents end soon, about one's own stories and those of others."""

    use = Act.KEEP

    def run(self, asker: Asker) -> list[Ending]:
        """Return them, the first to end first; one that was taken back or signed anew for longer is not among them."""
        last_asked = asker.day + self.tools.consent.ask_before
        with self.tools.bank.open() as work:
            history: defaultdict[SubjectId, list[Consent | Withdrawal]] = defaultdict(list)
            for event in work.consents_of(asker.person.id):
                history[event.subject_id].append(event)
            scopes = {subject: standing(events) for subject, events in history.items()}
            ends = {subject: scope.until_day for subject, scope in scopes.items()
                    if scope is not None and asker.day <= scope.until_day <= last_asked}
            about = work.stories_about(ends)
        return sorted((Ending(story.id, story.title, ends[subject]) for subject, stories in about.items()
                       for story in stories), key=lambda each: (each.until_day, each.story_id))
