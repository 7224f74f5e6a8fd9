"""Stories that the index lost, or that could not be put into it while it slept: asked for again when it is awake."""

from __future__ import annotations

import threading

from story_bank.errors import NotAvailable
from story_bank.ids import JobId, StoryId, new_id
from story_bank.making import Job, JobKind, JobState
from studio.toolbox import Toolbox

A_QUESTION = "une fierté"
"""Asked of the model to see whether it is awake."""


class LostStories:
    """Compares the index with the bank: whole at first and when passages went away, else by their number alone."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools
        self._passages: int | None = None
        self._unindexed: set[StoryId] = set()
        self._lock = threading.Lock()

    def note(self, story_id: StoryId) -> None:
        """Remember a story whose indexing failed because something slept."""
        with self._lock:
            self._unindexed.add(story_id)

    def ask_again(self) -> int:
        """Ask for lost stories to be indexed and return how many were lost; none while index or model sleeps."""
        with self._lock:
            unindexed = set(self._unindexed)
        try:
            passages = self.tools.index.count()
            lost = unindexed | self._lost(passages)
            if lost:
                self.tools.embedder.queries([A_QUESTION])
            asked = self._ask(lost)
        except NotAvailable:
            return 0
        self._passages = passages
        with self._lock:
            self._unindexed -= unindexed
        return asked

    def _lost(self, passages: int) -> set[StoryId]:
        if self._passages is not None and passages >= self._passages:
            return set()
        there = set(self.tools.index.story_ids())
        with self.tools.bank.open() as work:
            every = set(work.every_story_id())
            lost = every - there
            if self._passages is None:
                # What failed in an earlier life of the worker may be in the index still, as it was before.
                for story_id in every & there:
                    asked = [job.state for job in work.jobs_for(story_id) if job.kind is JobKind.INDEX]
                    if asked and asked[0] is JobState.FAILED:
                        lost.add(story_id)
        return lost

    def _ask(self, lost: set[StoryId]) -> int:
        asked = 0
        with self.tools.bank.open() as work:
            there = set(work.every_story_id()) if lost else set()
            for story_id in sorted(lost & there):
                story = work.story_of_job(story_id)
                if story.text.strip():
                    work.add_job(Job(JobId(new_id()), JobKind.INDEX, story_id, story.author_id, JobState.WAITING, 0.0,
                                     self.tools.clock()))
                    asked += 1
            work.commit()
        return asked
