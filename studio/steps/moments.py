"""Moments: the passages of a story that would stand on their own, with the reasons."""

from __future__ import annotations

from media.moments import Moment, suggest
from story_bank.access import Act
from story_bank.bank import Asker
from story_bank.ids import StoryId
from studio.steps.clip import must_be_heard
from studio.steps.read import as_read_by
from studio.steps.step import Step

HOW_MANY = 3
SHORTEST_S, LONGEST_S = 15.0, 60.0
BRIEF_S = 6.0
"""A short recording may not hold three moments of a quarter of a minute; briefer ones fill up."""


class SuggestMoments(Step):
    """Suggest moments worth an extract."""

    use = Act.CUT

    def run(self, asker: Asker, story_id: StoryId) -> tuple[Moment, ...]:
        """Return at most three moments of whole sentences; none for a written story or while it is being heard.

        `NotAllowed` where the voice is not agreed: there is nothing to cut.
        """
        with self.tools.bank.open() as work:
            story = self.story(work, asker, story_id)
            must_be_heard(work.scopes([story])[story.id])
            _, transcript = as_read_by(work, asker, story)
        if transcript is None or not transcript.finished:
            return ()
        found = suggest(transcript.segments, HOW_MANY, SHORTEST_S, LONGEST_S)
        for brief in suggest(transcript.segments, HOW_MANY * 2, BRIEF_S, SHORTEST_S):
            if len(found) < HOW_MANY and not any(_overlap(brief, other) for other in found):
                found.append(brief)
        return tuple(found)


def _overlap(one: Moment, other: Moment) -> bool:
    return one.start < other.end and other.start < one.end
