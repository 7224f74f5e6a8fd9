"""More people for the small company, and stories that they simply write."""

from __future__ import annotations

from story_bank.ids import PersonId, StoryId, new_id
from story_bank.person import Person, Role
from studio.steps.keep import WriteStory
from tests.steps.conftest import Small


def with_person(small: Small, first_name: str, *roles: Role, guest: bool = False) -> Person:
    """Add somebody to the company, or a guest of it, who holds no role."""
    held = frozenset() if guest else frozenset({Role.CONTRIBUTOR, *roles})
    person = Person(PersonId(new_id()), f"{first_name} Le Goff", first_name, roles=held)
    with small.tools.bank.open() as work:
        work.save_person(person)
        work.commit()
    small.people[first_name] = person
    return person


def written(small: Small, first_name: str = "Camille", title: str = "La nuit", text: str = "Il neigeait.") -> StoryId:
    """Write a story of somebody's own."""
    writing = WriteStory(small.tools)
    story_id = writing.begin(small.asker(first_name), "fr")
    writing.run(small.asker(first_name), story_id, title, text)
    return story_id
