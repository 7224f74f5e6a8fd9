"""Every door of the studio, every role, one's own and another's story, every state of consent: as the policy says."""

from __future__ import annotations

import pytest

from docs.policy import ROLES
from story_bank.access import Act, Use, may
from story_bank.person import Person
from tests.policy.doors import STORIES, Door, Knock, Refused
from tests.policy.stage import Stage, Told


def allowed(door: Door, asker: Person, told: Told, stage: Stage) -> bool:
    """Return what the policy says of this door, this person and this story."""
    own = told.story.author_id == asker.id
    if door.own and not own:
        return False
    day = stage.tools.today()
    return all(may(asker, use, told.story.author_id, told.scopes, day) for use in (door.asks, door.needs) if use)


def readable(asker: Person, told: Told, stage: Stage) -> bool:
    return may(asker, Use(Act.READ), told.story.author_id, told.scopes, stage.tools.today())


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_a_door_opens_where_the_policy_says_and_nowhere_else(name: str, set_stage: Stage,
                                                             knocks: dict[str, Knock]) -> None:
    """V30, S04, L08 to L12: nothing of a story comes out of a closed door, and nothing about the story changes."""
    door, wrong = STORIES[name], []
    set_stage.restore()
    for role in ROLES:
        for told in (*set_stage.own_of(role), *set_stage.others):
            asker = set_stage.people[role]
            before = set_stage.fingerprint(told)
            try:
                came_out = repr(door.knock(knocks[role], told))
            except Refused:
                came_out = ""
            changed = set_stage.fingerprint(told) != before
            opened = changed if door.sign is None else door.sign(told) in came_out
            leaked = not readable(asker, told, set_stage) and (told.mark in came_out or changed)
            if opened != allowed(door, asker, told, set_stage) or leaked:
                wrong.append((role, "own" if told.owner == role else "another's", told.state.name,
                              "opened" if opened else "shut", "leaked" if leaked else ""))
    assert not wrong, f"{len(wrong)} cells: {wrong[:8]}"
