"""Consent is asked before the work, and again before what was made of a story is kept (L02, L21)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from story_bank.access import Act, Use
from story_bank.consent import Channel, Purpose, Withdrawal
from story_bank.errors import NotAllowed, NotFound
from story_bank.ids import ConsentId, DraftId, StoryId, new_id
from story_bank.making import JobState, Profile, Suggestion
from studio.steps.draft import AskForDraft, WritePost
from studio.steps.facets import Facets
from studio.steps.find import Find, Wanted
from studio.steps.moments import SuggestMoments
from studio.steps.read import ReadStory
from studio.steps.tag import SuggestValues
from studio.steps.withdraw import Withdraw
from studio.writing.verbatim_writer import VerbatimWriter
from studio.writing.writer import Brief, Source
from tests.steps.conftest import FILM, Small, with_tools


@dataclass
class InterruptedWriter:
    """Writes as the verbatim writer does; something happens just before it is done."""

    before_end: Callable[[], None]
    asked: int = 0
    name: str = "interrupted"

    def suggest(self, source: Source, brief: Brief) -> Suggestion:
        self.asked += 1
        made = VerbatimWriter().suggest(source, brief)
        self.before_end()
        return made


def _asked(small: Small) -> tuple[StoryId, DraftId]:
    story_id = small.record(file=FILM)
    small.sign("Camille", story_id, small.scope())
    return story_id, AskForDraft(small.tools).run(small.asker("Inès"), story_id, Profile.EXPERT, Channel.LINKEDIN, "fr")


def _narrow(small: Small, story_id: StoryId) -> None:
    """Sign again for the library alone: nobody withdrew, and yet no draft is covered."""
    small.clock.now += timedelta(minutes=2)
    small.sign("Camille", story_id, small.scope(Purpose.LIBRARY))


def _expire(small: Small, _: StoryId) -> None:
    small.clock.now += timedelta(days=101)


def _withdraw(small: Small, story_id: StoryId) -> None:
    Withdraw(small.tools).run(small.asker("Camille"), story_id)


def test_a_page_is_not_kept_when_its_consent_ends_at_that_moment(small: Small) -> None:
    """Who types while somebody withdraws waits for them, and then finds the story closed."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope())
    told: list[type[Exception]] = []

    def types() -> None:
        try:
            WritePost(small.tools).save(small.asker("Inès"), story_id, Channel.LINKEDIN, "Mes mots", 0)
        except NotFound as closed:
            told.append(type(closed))

    typing = threading.Thread(target=types)
    with small.tools.bank.open() as work:
        work.hold_story(story_id)
        typing.start()
        typing.join(0.3)
        subject = work.story_of_job(story_id).subject_id
        work.withdraw(Withdrawal(ConsentId(new_id()), subject, small.people["Camille"].id, None, small.clock()))
        work.commit()
    typing.join()
    with small.tools.bank.open() as work:
        assert (told, work.posts_of(small.people["Inès"].id)) == ([NotFound], [])


ENDS = [pytest.param(_withdraw, id="withdrawn"), pytest.param(_narrow, id="narrowed"),
        pytest.param(_expire, id="expired")]
End = Callable[[Small, StoryId], None]


@pytest.mark.parametrize("end", ENDS)
def test_nothing_is_written_once_it_is_not_agreed(small: Small, end: End) -> None:
    """A job that waited finds the consent gone: the writer is not even asked."""
    writer = InterruptedWriter(lambda: None)
    small = with_tools(small, writer=writer)
    story_id, _ = _asked(small)
    end(small, story_id)
    small.do_jobs()
    assert writer.asked == 0


@pytest.mark.parametrize("end", ENDS)
def test_what_was_being_written_is_not_kept(small: Small, end: End) -> None:
    """The consent ends while the writer works: no suggestion is left, and the job says why or was stopped."""
    story: list[StoryId] = []
    small = with_tools(small, writer=InterruptedWriter(lambda: end(small, story[0])))
    story_id, draft_id = _asked(small)
    story.append(story_id)
    small.do_jobs()
    with small.tools.bank.open() as work:
        try:
            assert work.draft_of_job(draft_id).suggestion is None
            assert work.jobs_for(draft_id)[0].state in (JobState.FAILED, JobState.CANCELLED)
        except NotFound:  # the withdrawal took the suggestion with it
            assert end is not _expire


@pytest.mark.parametrize("end", ENDS[::2])
def test_what_is_not_agreed_is_not_found_counted_or_suggested(small: Small, end: End) -> None:
    """On every step at once: found, narrowed by, read, suggested from."""
    story_id = small.record(file=FILM)
    small.sign("Camille", story_id, small.scope())
    small.do_jobs()
    tools, julien = small.tools, small.asker("Julien")
    assert Find(tools).run(julien, Wanted("une feuille de papier")).found
    end(small, story_id)
    julien = small.asker("Julien")
    assert Find(tools).run(julien, Wanted("une feuille de papier")).found == ()
    assert Find(tools).run(julien, Wanted("")).found == ()
    choices = Facets(tools).run(julien)
    assert (choices.teams, choices.sites, choices.languages, choices.values) == ((), (), (), ())
    for step in (ReadStory, SuggestMoments, SuggestValues):
        with pytest.raises(NotFound):
            step(tools).run(julien, story_id)


def test_a_library_consent_suggests_nothing_to_make(small: Small) -> None:
    """It may be read; neither drafting nor cutting is offered, nor done when asked for all the same."""
    story_id = small.record(file=FILM)
    small.sign("Camille", story_id, small.scope(Purpose.LIBRARY))
    small.do_jobs()
    julien = small.asker("Julien")
    found = Find(small.tools).run(julien, Wanted("une feuille de papier")).found[0]
    assert found.may == frozenset()
    with pytest.raises(NotAllowed):
        SuggestMoments(small.tools).run(julien, story_id)
    with small.tools.bank.open() as work:
        assert work.allowed(julien, Use(Act.READ), [story_id])
        assert not work.allowed(julien, Use(Act.DRAFT), [story_id])
