"""Hearing again: a transcription that failed or was stopped is asked for once more, with the same form."""

from __future__ import annotations

from story_bank.access import Act, Duty
from story_bank.bank import Asker
from story_bank.errors import BadInput
from story_bank.ids import StoryId
from story_bank.making import JobKind
from studio.steps.step import Step, must_hold


class HearAgain(Step):
    """Ask for the words of one's own recording."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId) -> None:
        """Ask once; where the words are there or on their way, nothing changes. `BadInput` for a written story."""
        must_hold(asker, Duty.TELL)
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            if story.recording_id is None:
                raise BadInput("Ce récit est écrit : il n'y a rien à transcrire.",
                               "This story was written: there is nothing to transcribe.")
            transcript = work.transcript(story.recording_id)
            if transcript is None or not transcript.finished:
                self.ask_for(work, JobKind.TRANSCRIBE, story.recording_id, asker.person.id)
            work.commit()
