"""A consent taken back: in one tap, for everyone, in the same moment; and nothing that it covered outlives it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from media.cutter import ClipRecipe
from story_bank.access import Act, Use, covers
from story_bank.bank import Did
from story_bank.consent import Channel, NameShown, Purpose
from story_bank.errors import NotFound, VecuError
from story_bank.ids import ClipId, ShareId, StoryId, new_id
from story_bank.making import CaptionStyle, JobState, Profile, Shape, Share
from studio.jobs.labour import Labour
from studio.jobs.sweep import sweep
from studio.steps.clip import AskForClip, Selection
from studio.steps.draft import AskForDraft, WritePost
from studio.steps.keep import DescribeRecording, KeepRecording
from studio.steps.leave import NoteDeparture
from studio.steps.withdraw import Withdraw
from tests.fakes.swift_cutter import SwiftCutter
from tests.steps.conftest import FILM, Small, with_tools

LINKEDIN, INTRANET = Channel.LINKEDIN, Channel.INTRANET
BOTH = frozenset({LINKEDIN, INTRANET})


def files_in(home: Path) -> set[Path]:
    return {file for file in (home / "vault").rglob("*") if file.is_file()}


def cut(small: Small, story_id: StoryId) -> ClipId:
    with small.tools.bank.open() as work:
        words = list(work.transcript(work.story_of_job(story_id).recording_id).words())  # type: ignore
    return AskForClip(small.tools).run(small.asker("Julien"), story_id, Selection(words[0].id, words[-1].id),
                                       Shape.SQUARE, CaptionStyle.PLAIN)


def draft(small: Small, story_id: StoryId, first_name: str = "Inès") -> None:
    AskForDraft(small.tools).run(small.asker(first_name), story_id, Profile.REPORTER, LINKEDIN, "fr")


def share(small: Small, story_id: StoryId, clip_id: ClipId, channel: Channel) -> None:
    with small.tools.bank.open() as work:
        work.save_share(Share(ShareId(new_id()), clip_id, story_id, channel, small.people["Julien"].id, new_id(),
                              small.clock()))
        work.commit()


def made_of(small: Small, story_id: StoryId) -> dict[str, int]:
    """Count what the bank holds that was made of a story, whoever may see it."""
    with small.tools.bank.open() as work:
        story = work.story_of_job(story_id)
        everyone = [small.tools.asker(person.id) for person in small.people.values()]
        shares, made = work.shares_of(story_id), story_id in work.stories_with_makings()
        posts = sum(len(work.posts_of(asker.person.id)) for asker in everyone)
        assert story.id == story_id
    return {"shares": len(shares), "posts": posts, "made": int(made)}


@pytest.fixture
def open_story(small: Small) -> StoryId:
    """A film that Camille opened to everything on two channels, with a draft, an extract and two share pages."""
    story_id = small.record("Camille", FILM)
    small.sign("Camille", story_id, small.scope(channels=BOTH))
    clip_id = cut(small, story_id)
    draft(small, story_id)
    small.do_jobs()
    for channel in (LINKEDIN, INTRANET):
        share(small, story_id, clip_id, channel)
    return story_id


def test_all_that_was_made_goes_with_the_consent(small: Small, open_story: StoryId, tmp_path: Path) -> None:
    """Suggestions, extract, its file and share pages are gone when the tap is answered; the recording stays (L21)."""
    with small.tools.bank.open() as work:
        story = work.story_of_job(open_story)
        recording = work.recording_of_job(story.recording_id)  # type: ignore[arg-type]
    before = files_in(tmp_path)
    gone = Withdraw(small.tools).run(small.asker("Camille"), open_story)
    assert (gone.counts["drafts"], gone.counts["clips"], len(gone.media)) == (1, 1, 1)
    assert made_of(small, open_story) == {"shares": 0, "posts": 0, "made": 0}
    assert len(before - files_in(tmp_path)) == 1
    kept = {recording.original_key, recording.playable_key, recording.poster_key, recording.sound_key}
    assert {file.name for file in files_in(tmp_path)} == kept


def test_a_second_withdrawal_changes_nothing(small: Small, open_story: StoryId) -> None:
    """A double tap is no error, and leaves one line in the history and one in the journal (X8)."""
    for _ in range(2):
        Withdraw(small.tools).run(small.asker("Camille"), open_story)
    with small.tools.bank.open() as work:
        history = work.consent_history(work.story_of_job(open_story).subject_id)
        deeds = [deed.deed for deed in work.journal_of(small.people["Camille"].id)]
    assert len(history) == 2
    assert deeds.count(Did.WITHDREW) == 1


def test_refusing_leaves_no_trace(small: Small) -> None:
    """Who never signed and takes back all the same has given nothing to take: no history, no journal (L05)."""
    story_id = small.record("Camille")
    Withdraw(small.tools).run(small.asker("Camille"), story_id)
    with small.tools.bank.open() as work:
        assert work.consent_history(work.story_of_job(story_id).subject_id) == []
        assert work.journal_of(small.people["Camille"].id) == []


def test_one_channel_taken_back_ends_its_share_pages_alone(small: Small, open_story: StoryId) -> None:
    """The page on the other channel, the extract and the suggestion stay: they are still agreed (L09)."""
    Withdraw(small.tools).run(small.asker("Camille"), open_story, frozenset({LINKEDIN}))
    with small.tools.bank.open() as work:
        assert [each.channel for each in work.shares_of(open_story)] == [INTRANET]
        assert len(work.clips_of(small.asker("Julien"), Use(Act.CUT), open_story)) == 1
        assert len(work.drafts_for(small.asker("Inès"), open_story)) == 1


def test_anyone_in_the_story_closes_it(small: Small, open_story: StoryId) -> None:
    """Two signed; the one who is only heard in it takes back, and all that was made goes (L12)."""
    with small.tools.bank.open() as work:
        work.save_story(replace(work.story_of_job(open_story), appearing=(small.people["Moussa"].id,)))
        work.commit()
    small.sign("Moussa", open_story, small.scope(channels=BOTH))
    Withdraw(small.tools).run(small.asker("Moussa"), open_story)
    assert made_of(small, open_story)["made"] == 0


def test_a_stranger_takes_nothing_back(small: Small, open_story: StoryId) -> None:
    """Who does not appear in a story cannot close it, nor learn that it exists."""
    with pytest.raises(NotFound):
        Withdraw(small.tools).run(small.asker("Moussa"), open_story)
    assert made_of(small, open_story)["shares"] == 2


def test_ones_own_page_is_never_taken_away(small: Small, open_story: StoryId) -> None:
    """What an ambassador typed is theirs; it opens no more, and is not erased."""
    WritePost(small.tools).save(small.asker("Inès"), open_story, LINKEDIN, "Mes mots à moi.", 0)
    Withdraw(small.tools).run(small.asker("Camille"), open_story)
    assert made_of(small, open_story)["posts"] == 1


def test_a_departed_authors_extract_goes_when_another_agrees_to_less(small: Small, open_story: StoryId) -> None:
    """Who has left holds no role and is asked nothing any more; the others' narrower consent counts all the same."""
    small.clock.now += timedelta(minutes=5)
    with small.tools.bank.open() as work:
        work.save_story(replace(work.story_of_job(open_story), appearing=(small.people["Moussa"].id,)))
        work.commit()
    small.sign("Moussa", open_story, small.scope(channels=BOTH))
    clip_id = cut(small, open_story)
    small.do_jobs()
    NoteDeparture(small.tools).run(small.asker("Marc"), small.people["Camille"].id)
    small.sign("Moussa", open_story, small.scope(channels=BOTH, face=False))
    with small.tools.bank.open() as work, pytest.raises(NotFound):
        work.clip_of_job(clip_id)


def test_an_extract_with_a_face_goes_when_the_face_is_no_longer_agreed(small: Small, open_story: StoryId) -> None:
    """A narrower consent removes what shows more than it allows, and leaves the rest."""
    small.clock.now += timedelta(minutes=5)
    small.sign("Camille", open_story, small.scope(channels=BOTH, face=False))
    with small.tools.bank.open() as work:
        assert work.clips_of(small.asker("Julien"), Use(Act.CUT), open_story) == []
        assert len(work.drafts_for(small.asker("Inès"), open_story)) == 1


def test_waiting_work_ends_with_the_consent(small: Small) -> None:
    """An extract and a suggestion that were asked for and not begun are never made."""
    story_id = small.record("Camille", FILM)
    small.sign("Camille", story_id, small.scope())
    clip_id = cut(small, story_id)
    draft(small, story_id)
    Withdraw(small.tools).run(small.asker("Camille"), story_id)
    with small.tools.bank.open() as work:
        assert work.open_jobs() == []
        assert [job.state for job in work.jobs_for(clip_id)] == [JobState.CANCELLED]


class WithdrawingCutter(SwiftCutter):
    """While it renders, the consent is taken back, and given again."""

    small: Small
    story_id: StoryId
    again: bool

    def clip(self, source: Path, recipe: ClipRecipe, target: Path, **known: object) -> None:
        super().clip(source, recipe, target)
        self.small.clock.now += timedelta(minutes=5)
        Withdraw(self.small.tools).run(self.small.asker("Camille"), self.story_id)
        if self.again:
            self.small.sign("Camille", self.story_id, self.small.scope())


@pytest.mark.parametrize("again", [False, True], ids=["taken back", "and given again"])
def test_a_withdrawal_during_rendering_leaves_no_extract(small: Small, tmp_path: Path, again: bool) -> None:
    """What is finished a moment too late is not kept, not even when a new consent has come meanwhile."""
    story_id = small.record("Camille", FILM)
    small.sign("Camille", story_id, small.scope())
    clip_id, before = cut(small, story_id), files_in(tmp_path)
    cutter = WithdrawingCutter()
    cutter.small, cutter.story_id, cutter.again = small, story_id, again
    with small.tools.bank.open() as work:
        (job,) = work.jobs_for(clip_id)
    Labour(with_tools(small, cutter=cutter).tools, job.id).run()
    with small.tools.bank.open() as work:
        assert work.job(job.id).state in {JobState.CANCELLED, JobState.FAILED}
        with pytest.raises(NotFound):
            work.clip_of_job(clip_id)
    assert files_in(tmp_path) == before
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_withdrawal_during_transcription_lets_the_person_hear_themselves(small: Small) -> None:
    """Transcribing is for oneself: taking back a consent signed early closes the story and not one's own words."""
    kept = KeepRecording(small.tools).run(small.asker("Camille"), FILM, FILM.name)
    with small.tools.bank.open() as work:
        context = work.recording_of_job(kept.recording_id).context
    DescribeRecording(small.tools).run(small.asker("Camille"), kept.story_id, context, "fr")
    small.sign("Camille", kept.story_id, small.scope())
    Withdraw(small.tools).run(small.asker("Camille"), kept.story_id)
    small.do_jobs()
    with small.tools.bank.open() as work:
        assert work.story_of_job(kept.story_id).text
        with pytest.raises(NotFound):
            work.story(small.asker("Julien"), Use(Act.READ), kept.story_id)


def test_consents_that_end_by_themselves_are_swept(small: Small, open_story: StoryId, tmp_path: Path) -> None:
    """The day after the last one, what was made is removed without anybody doing anything; a day before, nothing."""
    until = small.tools.today() + timedelta(days=100)
    small.clock.now += timedelta(days=99)
    sweep(small.tools, tmp_path)
    assert made_of(small, open_story)["shares"] == 2
    small.clock.now += timedelta(days=2)
    assert small.tools.today() > until
    sweep(small.tools, tmp_path)
    assert made_of(small, open_story) == {"shares": 0, "posts": 0, "made": 0}


CHANGES = st.lists(st.one_of(
    st.tuples(st.just("sign"), st.sets(st.sampled_from(list(Purpose)), min_size=1),
              st.sets(st.sampled_from([LINKEDIN, INTRANET]), min_size=1), st.booleans()),
    st.tuples(st.just("withdraw"), st.none() | st.sets(st.sampled_from([LINKEDIN, INTRANET]), min_size=1)),
    st.tuples(st.just("days"), st.integers(1, 80)),
    st.tuples(st.sampled_from(["draft", "cut", "share", "sweep"]))), max_size=8)


@pytest.mark.slow
@settings(max_examples=30, phases=(Phase.explicit, Phase.reuse, Phase.generate),
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_nothing_made_is_ever_wider_than_what_stands(small: Small, tmp_path: Path, changes: list[tuple]) -> None:  # type: ignore
    """Whatever is signed, taken back, made and shared in whatever order, what is left after a sweep is covered."""
    story_id = small.record("Camille", FILM)
    for what, *how in [*changes, ("sweep",)]:
        small.clock.now += timedelta(minutes=5)
        try:
            if what == "sign":
                small.sign("Camille", story_id, small.scope(*how[0], channels=frozenset(how[1]), face=how[2], days=60,
                                                            name=NameShown.FULL))
            elif what == "withdraw":
                Withdraw(small.tools).run(small.asker("Camille"), story_id, how[0] and frozenset(how[0]))
            elif what == "days":
                small.clock.now += timedelta(days=how[0])
            elif what == "sweep":
                sweep(small.tools, tmp_path)
            elif what == "draft":
                draft(small, story_id)
            else:
                clip_id = cut(small, story_id)
                if what == "share":
                    share(small, story_id, clip_id, LINKEDIN)
        except VecuError:
            continue
        small.do_jobs()
    day = small.tools.today()
    with small.tools.bank.open() as work:
        (scope,) = work.scopes([work.story_of_job(story_id)])[story_id]
        for each in work.shares_of(story_id):
            assert covers(scope, Use(Act.SHARE, each.channel), day)
        if story_id in work.stories_with_makings():
            assert covers(scope, Use(Act.DRAFT), day) or covers(scope, Use(Act.CUT), day)
        assert all(clip.within(scope.appears) for clip in
                   work.clips_of(small.asker("Camille"), Use(Act.CUT), story_id))
