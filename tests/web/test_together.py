"""Who has the same transcript open."""

from __future__ import annotations

from story_bank.ids import StoryId
from studio.web.together import STAY_S, Seats


def test_a_page_is_told_of_the_others_of_its_story_alone_and_only_while_they_are_there() -> None:
    """Two pages see one another; another story's do not; who leaves, or says nothing for a while, is gone."""
    now = [0.0]
    seats, story, other = Seats(lambda: now[0]), StoryId("s"), StoryId("o")
    assert [seats.sit(story, "a"), seats.sit(other, "x"), seats.sit(story, "b"), seats.sit(story, "a")] == [0, 0, 1, 1]
    seats.leave(story, "b")
    assert seats.sit(story, "a") == 0
    seats.sit(story, "c")
    now[0] = STAY_S - 1
    seats.sit(story, "a")
    now[0] = STAY_S + 1
    assert seats.sit(story, "a") == 0
