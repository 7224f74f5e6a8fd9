"""A rendered extract shows nothing that is no longer agreed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from story_bank.consent import Appearance, NameShown
from story_bank.errors import NotFound
from story_bank.ids import ClipId, StoryId
from story_bank.making import CaptionStyle, JobState, Shape
from studio.steps.clip import AskForClip, Selection, StoryClips
from studio.steps.journal import ReadJournal
from studio.steps.read import OpenClip
from tests.fakes.swift_cutter import SwiftCutter
from tests.steps.conftest import FILM, VOICE, Small, with_tools


def looks(small: Small, *, face: bool, voice: bool) -> None:
    """Sign again, with this appearance, every story that Camille told."""
    with small.tools.bank.open() as work:
        told = work.stories_of(small.people["Camille"].id)
    for story in told:
        small.sign("Camille", story.id, replace(small.scope(), appears=Appearance(face, voice, NameShown.FULL)))


def asked(small: Small, file: Path) -> tuple[StoryId, ClipId]:
    story_id = small.record(file=file)
    looks(small, face=True, voice=True)
    with small.tools.bank.open() as work:
        words = list(work.transcript(work.story_of_job(story_id).recording_id).words())  # type: ignore[arg-type,union-attr]
    chosen = Selection(words[0].id, words[-1].id)
    return story_id, AskForClip(small.tools).run(small.asker("Julien"), story_id, chosen, Shape.WIDE,
                                                 CaptionStyle.PLAIN)


@pytest.mark.parametrize(("file", "face", "voice", "open_still"), [
    (FILM, True, True, True), (FILM, False, True, False), (FILM, True, False, False), (FILM, False, False, False),
    (VOICE, False, True, True), (VOICE, False, False, False)])
def test_an_extract_closes_when_face_or_voice_are_no_longer_agreed(small: Small, file: Path, face: bool, voice: bool,
                                                                   open_still: bool) -> None:
    """Signed again without the face or the voice, the old file is neither listed nor opened (L09)."""
    story_id, clip_id = asked(small, file)
    small.do_jobs()
    looks(small, face=face, voice=voice)
    listed = StoryClips(small.tools).run(small.asker("Julien"), story_id)
    assert [each.clip.id for each in listed] == ([clip_id] if open_still else [])
    if open_still:
        assert OpenClip(small.tools).run(small.asker("Julien"), clip_id).media_key
    else:
        with pytest.raises(NotFound):
            OpenClip(small.tools).run(small.asker("Julien"), clip_id)


def test_an_extract_cut_without_the_face_stays_open_without_it(small: Small) -> None:
    """It shows none, so taking the face back changes nothing for it."""
    _, clip_id = asked(small, FILM)
    looks(small, face=False, voice=True)
    small.do_jobs()
    clip = OpenClip(small.tools).run(small.asker("Julien"), clip_id)
    assert (bool(clip.media_key), clip.face) == (True, False)


def test_a_face_taken_back_while_rendering_leaves_no_extract(small: Small) -> None:
    """What was agreed when the rendering began is asked again before the file is kept."""
    racing = with_tools(small, cutter=SwiftCutter(before_end=lambda: looks(small, face=False, voice=True)))
    _, clip_id = asked(racing, FILM)
    racing.do_jobs()
    with small.tools.bank.open() as work:
        assert work.clip_of_job(clip_id).media_key is None
        assert work.jobs_for(clip_id)[0].state is JobState.FAILED


def test_the_author_reads_who_cut_an_extract_of_their_story(small: Small) -> None:
    """What was done to one's story is in one's journal (issue 3: a journal of who did what)."""
    asked(small, VOICE)
    lines = ReadJournal(small.tools).run(small.asker("Camille"))
    assert ("Julien Ferrand", "a coupé un extrait") in {(line.who, line.did) for line in lines}
