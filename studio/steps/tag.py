"""Values: three suggestions, each with the sentence it rests on; no tag without a person's yes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from story_bank.access import Act
from story_bank.bank import Asker
from story_bank.ids import StoryId, ValueId
from story_bank.story import Story, Value
from story_bank.transcript import Transcript
from studio.steps.read import as_read_by
from studio.steps.step import Step
from vectorstore.passages import sentences_of
from vectorstore.tagger import suggest_values


@dataclass(frozen=True, slots=True)
class SuggestedValue:
    """A value, how sure, and the sentence it rests on; seconds are None for a written story."""

    value: Value
    score: float
    evidence: str
    start: float | None = None
    end: float | None = None


class SuggestValues(Step):
    """Suggest values for a story."""

    use = Act.READ

    def run(self, asker: Asker, story_id: StoryId) -> tuple[SuggestedValue, ...]:
        """Return at most three, best first (`NotAvailable` while the embedding model sleeps)."""
        with self.tools.bank.open() as work:
            story, transcript = as_read_by(work, asker, self.story(work, asker, story_id))
            values = {value.id: value for value in work.values()}
        spoken = _spoken(story, transcript)
        if not spoken or not values:
            return ()
        found = suggest_values([text for text, _, _ in spoken], list(values.values()), self.tools.embedder)
        return tuple(SuggestedValue(values[each.value_id], each.score, *spoken[each.evidence_index]) for each in found)


class ConfirmValues(Step):
    """Keep the values that the author of a story said yes to."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, value_ids: tuple[ValueId, ...]) -> Story:
        """Return the story with those values; unknown ones are left out."""
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            known = {value.id for value in work.values()}
            kept = replace(story, value_ids=tuple(dict.fromkeys(v for v in value_ids if v in known)))
            work.save_story(kept)
            work.commit()
        return kept


def _spoken(story: Story, transcript: Transcript | None) -> list[tuple[str, float | None, float | None]]:
    if transcript is None:
        return [(text, None, None) for text in sentences_of(story.text)]
    return [(segment.text, segment.start, segment.end) for segment in transcript.segments]
