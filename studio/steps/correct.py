"""Correcting the words against the sound; every change is a new version and keeps the times of untouched words."""

from __future__ import annotations

from collections.abc import Mapping

from story_bank.access import Act
from story_bank.bank import Asker
from story_bank.errors import Conflict, NotFound
from story_bank.ids import StoryId, WordId
from story_bank.making import JobKind
from story_bank.transcript import Transcript, corrected
from studio.steps.step import Step

LONGEST_WORD = 400


class Correct(Step):
    """Correct words of one's own transcript."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, base_version: int, edits: Mapping[WordId, str]) -> Transcript:
        """Return the next version. `Conflict` when someone else changed one of the same words since `base_version`."""
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            latest = work.transcript(story.recording_id) if story.recording_id else None
            if latest is None or not latest.finished or story.recording_id is None:
                raise NotFound("Le texte n'est pas encore prêt à corriger.", "The text is not ready to correct yet.")
            if latest.version != base_version:
                base = work.transcript(story.recording_id, base_version)
                _refuse_overlap(base, latest, edits)
            short = {word_id: text[:LONGEST_WORD] for word_id, text in edits.items()}
            changed = corrected(latest, short, self.tools.clock())
            work.save_transcript(changed)
            self.ask_for(work, JobKind.INDEX, story.id, asker.person.id)
            work.commit()
        return changed


def _refuse_overlap(base: Transcript | None, latest: Transcript, edits: Mapping[WordId, str]) -> None:
    before = {word.id: word.text for word in base.words()} if base else {}
    now = {word.id: word.text for word in latest.words()}
    if any(now.get(word_id) != before.get(word_id) for word_id in edits):
        raise Conflict("Ce mot a été changé ailleurs entre-temps ; rechargez la page pour voir les deux versions.",
                       "This word was changed elsewhere meanwhile; reload the page to see both versions.")
