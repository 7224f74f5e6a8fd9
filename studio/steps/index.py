"""Indexing: a story's passages become findable by words and by meaning, in the bank and beside it."""

from __future__ import annotations

from story_bank.access import Act
from story_bank.bank import Asker, Work
from story_bank.errors import NotFound
from story_bank.ids import StoryId
from story_bank.story import Passage, Story
from story_bank.transcript import Transcript
from studio.steps.forget import forget_again
from studio.steps.step import Cancelled, Progress, Step, never, silent
from vectorstore.passages import passages_of_text, passages_of_transcript
from vectorstore.story_vectors import story_vectors
from vectorstore.words import stems


def passages_of(story: Story, transcript: Transcript | None) -> list[Passage]:
    """Split a story into its passages, with seconds where it was spoken."""
    if transcript is None:
        return passages_of_text(story.id, story.text)
    return passages_of_transcript(story.id, transcript.segments)


def keep_words(work: Work, story: Story, transcript: Transcript | None) -> list[Passage]:
    """Make a story's exact words findable in the bank, and return its passages."""
    passages = passages_of(story, transcript)
    texts = [f"{story.title}. {passage.text}" if story.title else passage.text for passage in passages]
    work.save_passages(story.id, passages, [" ".join(stems(text, story.language)) for text in texts])
    return passages


class IndexStory(Step):
    """Make a story findable: by its author alone until a consent opens it."""

    use = Act.FIND

    def run(self, story_id: StoryId, progress: Progress = silent, cancelled: Cancelled = never) -> None:
        """Replace what the indexes hold of the story; a story that is gone is taken out.

        What is changed while its vectors are made is made again, so the last words are the ones that are found. Vectors
        of a story that was erased meanwhile are forgotten with it.
        """
        read, put = self._read(story_id), False
        while read is not None and not cancelled():
            story, passages = read
            progress(0.3)
            self._keep_vectors(story, passages)
            read, put = self._read(story_id), True
            if read == (story, passages):
                return
        if read is None and put:
            forget_again(self.tools, story_id)
        elif read is None:
            self.tools.index.remove([story_id])

    def _read(self, story_id: StoryId) -> tuple[Story, list[Passage]] | None:
        """Return the story and its passages, kept with their words in the bank; None where there is none."""
        day = self.tools.today()
        with self.tools.bank.open() as work:
            try:
                story = work.story_of_job(story_id)
            except NotFound:
                return None
            self.story(work, Asker(work.person(story.author_id), day), story_id)
            transcript = work.transcript(story.recording_id) if story.recording_id else None
            passages = keep_words(work, story, transcript)
            work.commit()
        return story, passages

    def _keep_vectors(self, story: Story, passages: list[Passage]) -> None:
        if passages:
            self.tools.index.put(story.id, story.language, story_vectors(passages, self.tools.embedder))
        else:
            self.tools.index.remove([story.id])
