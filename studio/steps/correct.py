"""Correcting the words against the sound: everything typed is kept, in versions one can go back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from story_bank.access import Act
from story_bank.bank import Asker, Work
from story_bank.editing import Change, Edited, edited
from story_bank.errors import BadInput, NotFound
from story_bank.ids import StoryId, TranscriptId, new_id
from story_bank.making import JobKind
from story_bank.story import Story
from story_bank.transcript import Transcript, Version
from studio.steps.step import Step

LONGEST_TEXT = 1_000_000
"""Characters that one change may hold: thirty minutes of speech are about 30,000."""
SITTING = timedelta(minutes=5)
"""What one person types in the same five minutes is one version."""


class Correct(Step):
    """Correct one's own transcript."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, changes: Sequence[Change], follows: int | None = None) -> Edited:
        """Return the next version, and for each change what became of it: None where others changed it meanwhile.

        `follows` is the version that the same page kept last: it gives way to this one, if nobody came in between and
        both are of the same five minutes. What was heard stays always.
        """
        if sum(len(line.text) for change in changes for line in change.lines) > LONGEST_TEXT:
            raise BadInput("Ce texte est trop long pour être gardé d'un coup ; collez-le en plusieurs fois.",
                           "This text is too long to be kept at once; paste it in parts.")
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            latest, heard = _latest(work, story), _latest(work, story, 1)
            done = edited(latest, changes, heard, self.tools.clock())
            if done.transcript.version > latest.version:
                work.save_transcript(done.transcript)
                if latest.version == follows and _one_sitting(latest, done.transcript) and latest.version > 1:
                    work.drop_transcript(latest.recording_id, latest.version)
                self.ask_for(work, JobKind.INDEX, story.id, asker.person.id)
                work.commit()
        return done


class Newest(Step):
    """Know whether one's own transcript has changed; asked often, it waits for nobody who is changing it."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId) -> int:
        """Return the number of the newest version (`NotFound`)."""
        with self.tools.bank.open() as work:
            story = self.story(work, asker, story_id)
            kept = work.transcript_versions(story.recording_id) if story.recording_id else []
        if not kept or story.author_id != asker.person.id:
            raise NotFound("Ce récit n'est pas dans vos récits.", "This story is not among your stories.")
        return kept[0].number


class LookBack(Step):
    """See the versions of one's own transcript."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, number: int | None = None) -> tuple[list[Version], Transcript]:
        """Return the versions that are kept, newest first, and the words of one, else of the newest (`NotFound`)."""
        with self.tools.bank.open() as work:
            shown = _latest(work, self.own(work, asker, story_id), number)
            return work.transcript_versions(shown.recording_id), shown


class GoBack(Step):
    """Go back to a version of one's own transcript, which makes a new one: nothing is lost by it."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, number: int) -> Transcript:
        """Return the newest version, in which each word is as it was then, with its id (`NotFound`)."""
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            latest, then = _latest(work, story), _latest(work, story, number)
            if then.segments == latest.segments:
                return latest
            again = replace(then, id=TranscriptId(new_id()), version=latest.version + 1, created_at=self.tools.clock())
            work.save_transcript(again)
            self.ask_for(work, JobKind.INDEX, story.id, asker.person.id)
            work.commit()
        return again


def _latest(work: Work, story: Story, number: int | None = None) -> Transcript:
    found = work.transcript(story.recording_id, number) if story.recording_id else None
    if found is None or not found.finished:
        raise NotFound("Le texte n'est pas encore prêt à corriger.", "The text is not ready to correct yet.")
    return found


def _one_sitting(before: Transcript, after: Transcript) -> bool:
    return _slot(before.created_at) == _slot(after.created_at)


def _slot(moment: datetime) -> int:
    return int(moment.timestamp() // SITTING.total_seconds())
