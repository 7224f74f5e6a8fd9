"""A person of the company and the roles they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from story_bank.ids import PersonId
from story_bank.language import Language


class Role(StrEnum):
    """What a person may be in the programme; every colleague is a contributor, a guest is nothing."""

    CONTRIBUTOR = "contributor"
    AMBASSADOR = "ambassador"
    EDITOR = "editor"
    FACILITATOR = "facilitator"
    STEWARD = "steward"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of the company; `language` is theirs on every page, job and receipt."""

    id: PersonId
    display_name: str
    first_name: str
    language: Language = "fr"
    email: str | None = None
    job: str = ""
    team: str = ""
    site: str = ""
    roles: frozenset[Role] = frozenset({Role.CONTRIBUTOR})
    demo: bool = False
    cast: bool = False
    """One of the demonstration cast, who may sign in with one click on loopback."""
    left_on: date | None = None
    """The company's day on which they left it; they keep what is theirs by link, and nothing else."""

    @property
    def guest(self) -> bool:
        """Tell whether this is somebody without an account who is recognisable in a story, or who has left."""
        return not self.roles

    def is_a(self, role: Role) -> bool:
        """Tell whether the person holds the role."""
        return role in self.roles
