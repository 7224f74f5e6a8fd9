"""Correcting one's own words: everything typed is kept, in versions, and nothing is overwritten in silence (A41)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from story_bank.consent import NameShown
from story_bank.editing import Change, Line, mark, typed_over
from story_bank.errors import BadInput, NotFound
from story_bank.ids import StoryId
from story_bank.making import CaptionStyle, Shape
from story_bank.transcript import Transcript
from studio.steps.clip import AskForClip, Selection
from studio.steps.correct import LONGEST_TEXT, Correct, GoBack, LookBack, Newest
from studio.steps.read import ReadStory
from tests.steps.conftest import Small


@pytest.fixture
def story_id(small: Small) -> StoryId:
    """A story that was recorded and heard."""
    return small.record()


def _latest(small: Small, story_id: StoryId, number: int | None = None) -> Transcript:
    return LookBack(small.tools).run(small.asker("Camille"), story_id, number)[1]


def _numbers(small: Small, story_id: StoryId) -> list[int]:
    return [each.number for each in LookBack(small.tools).run(small.asker("Camille"), story_id)[0]]


def _type(small: Small, story_id: StoryId, text: str, at: int = 0, follows: int | None = None) -> int:
    """Type over one word of the newest version; return the version that this made."""
    latest = _latest(small, story_id)
    changes = typed_over(latest, {list(latest.words())[at].id: text})
    return Correct(small.tools).run(small.asker("Camille"), story_id, changes, follows).transcript.version


def test_two_who_type_in_one_paragraph_do_not_overwrite_in_silence(small: Small, story_id: StoryId) -> None:
    """The second is told which change is not in; what they typed in other paragraphs is."""
    before = _latest(small, story_id)
    correct, asker = Correct(small.tools), small.asker("Camille")
    first, last = before.segments[0].words[0], before.segments[-1].words[-1]
    assert before.segments[0] is not before.segments[-1]
    correct.run(asker, story_id, typed_over(before, {first.id: "Bonsoir,"}))
    done = correct.run(asker, story_id, typed_over(before, {first.id: "Salut,", last.id: "fin."}))
    assert [became is None for became in done.became] == [True, False]
    words = list(_latest(small, story_id).words())
    assert (words[0].text, words[-1].text) == ("Bonsoir,", "fin.")


def test_what_changes_nothing_makes_no_version(small: Small, story_id: StoryId) -> None:
    """Nor does a page that asks again what it sent already."""
    before = _latest(small, story_id)
    word = next(before.words())
    changes = typed_over(before, {word.id: "Bonsoir,"})
    correct, asker = Correct(small.tools), small.asker("Camille")
    once, again = correct.run(asker, story_id, changes), correct.run(asker, story_id, changes)
    assert (once.transcript.version, again.transcript.version, again.became) == (2, 2, (None,))
    assert correct.run(asker, story_id, ()).transcript == once.transcript


def test_one_sitting_is_one_version_and_what_was_heard_stays(small: Small, story_id: StoryId) -> None:
    """Five minutes of typing keep their last text; another page's, a later one, and the first are kept beside."""
    two = _type(small, story_id, "un")
    three = _type(small, story_id, "deux", follows=two)
    assert _numbers(small, story_id) == [three, 1]
    four = _type(small, story_id, "autre page")
    five = _type(small, story_id, "trois", follows=three)
    assert _numbers(small, story_id) == [five, four, three, 1]
    small.clock.now += timedelta(minutes=6)
    six = _type(small, story_id, "quatre", follows=five)
    assert _numbers(small, story_id) == [six, five, four, three, 1]


def test_going_back_makes_a_version_and_keeps_every_id(small: Small, story_id: StoryId) -> None:
    """Extracts that point at words still do; the version left is still there, and nothing is doubled."""
    heard = _latest(small, story_id)
    left = _type(small, story_id, "")
    back = GoBack(small.tools).run(small.asker("Camille"), story_id, 1)
    assert (back.version, back.segments) == (left + 1, heard.segments)
    assert GoBack(small.tools).run(small.asker("Camille"), story_id, 1) == back
    assert _numbers(small, story_id) == [3, 2, 1]
    assert Newest(small.tools).run(small.asker("Camille"), story_id) == 3
    with small.tools.bank.open() as work:
        assert work.story_of_job(story_id).text == heard.text
    with pytest.raises(NotFound):
        GoBack(small.tools).run(small.asker("Camille"), story_id, 9)


def test_an_extract_follows_words_that_were_typed_over(small: Small, story_id: StoryId) -> None:
    """First and last word keep their ids, whatever becomes of those between."""
    small.sign("Camille", story_id, small.scope())
    words = list(_latest(small, story_id).segments[0].words)
    AskForClip(small.tools).run(small.asker("Julien"), story_id, Selection(words[0].id, words[3].id), Shape.WIDE,
                                CaptionStyle.PLAIN)
    latest = _latest(small, story_id)
    line = Line(" ".join(["Tout", "autre", *(word.text for word in words[4:])]))
    Correct(small.tools).run(small.asker("Camille"), story_id, [Change((mark(latest.segments[0]),), (line,))])
    small.do_jobs()
    burnt = small.tools.cutter.recipes[0].words  # type: ignore[attr-defined]
    assert [word.text for word in burnt] == ["Tout", "autre"]
    assert (burnt[0].start, burnt[-1].end) == (words[0].start, words[3].end)


def test_a_name_typed_for_a_voice_is_hidden_where_its_person_hides_it(small: Small, story_id: StoryId) -> None:
    """« Qui parle ? » is read by others as the rest is: without the name that consent does not show (L07)."""
    latest, asker = _latest(small, story_id), small.asker("Camille")
    changes = [Change((mark(segment),), (Line(segment.text, "Camille Ferrand"),)) for segment in latest.segments]
    Correct(small.tools).run(asker, story_id, changes)
    small.sign("Camille", story_id, small.scope(name=NameShown.NONE))
    theirs = ReadStory(small.tools).run(small.asker("Julien"), story_id).transcript
    own = ReadStory(small.tools).run(asker, story_id).transcript
    assert theirs is not None
    assert own is not None
    assert {segment.speaker for segment in own.segments} == {"Camille Ferrand"}
    assert {segment.speaker for segment in theirs.segments} == {"…"}


def test_nobody_else_types_or_looks_back(small: Small, story_id: StoryId) -> None:
    """Also where the story is open to all: reading is not correcting, and earlier words are nobody else's."""
    small.sign("Camille", story_id, small.scope())
    julien = small.asker("Julien")
    for step in (lambda: Correct(small.tools).run(julien, story_id, ()),
                 lambda: LookBack(small.tools).run(julien, story_id), lambda: Newest(small.tools).run(julien, story_id),
                 lambda: GoBack(small.tools).run(julien, story_id, 1)):
        with pytest.raises(NotFound):
            step()


def test_a_text_beyond_all_measure_is_refused_in_a_sentence(small: Small, story_id: StoryId) -> None:
    """Nothing of it is kept, nothing kept is touched."""
    before = _latest(small, story_id)
    change = Change((mark(before.segments[0]),), (Line("a " * LONGEST_TEXT),))
    with pytest.raises(BadInput):
        Correct(small.tools).run(small.asker("Camille"), story_id, [change])
    assert _latest(small, story_id) == replace(before)
