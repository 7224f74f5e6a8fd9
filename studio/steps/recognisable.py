"""Who else is heard or seen: named by the author, who passes each of them a link to sign or refuse (L12, A38)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from story_bank.access import Act, Duty
from story_bank.bank import Asker, Deed, Did, Work
from story_bank.errors import BadInput, Conflict, NotAllowed, NotFound
from story_bank.ids import PersonId, StoryId, new_id
from story_bank.person import Person
from story_bank.story import Story
from studio.access import signing_links
from studio.access.signing_links import SigningLinks
from studio.steps.step import Step, must_hold
from studio.steps.withdraw import delete_media, drop_uncovered

LONGEST_NAME = 120


class NameSomeone(Step):
    """Say that somebody is recognisable in one's own story; until they have signed it stays closed."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, name: str) -> PersonId:
        """Return who was named: a colleague, or else a guest, who has no account; named twice they are there once.

        `BadInput` for a name without a letter, `Conflict` where several colleagues have it. What was made of the story
        goes: somebody who has not agreed is in it.
        """
        must_hold(asker, Duty.SEE_COLLEAGUES)
        typed = " ".join(name.split())[:LONGEST_NAME]
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            person = self._person(work, asker, story, typed)
            if person.id in story.people:
                return person.id
            changed = replace(story, appearing=(*story.appearing, person.id))
            work.save_story(changed)
            work.note(Deed(self.tools.clock(), asker.person.id, Did.NAMED, story.id))
            gone = drop_uncovered(work, changed, asker.day).media
            work.commit()
        delete_media(self.tools.vault, gone)
        return person.id

    def _person(self, work: Work, asker: Asker, story: Story, name: str) -> Person:
        there = [work.person(person_id) for person_id in story.people]
        found = _called(name, [person for person in work.people() if not person.guest]) or _called(name, there)
        if found is not None:
            return found
        if not any(letter.isalpha() for letter in name):
            raise BadInput("Écrivez le nom de la personne.", "Type the person's name.")
        guest = Person(PersonId(new_id()), name, name.split()[0], asker.person.language, roles=frozenset(),
                       demo=story.demo)
        work.save_person(guest)
        return guest


class UnnameSomeone(Step):
    """Take back that somebody is recognisable, where they have not decided themselves."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, person_id: PersonId) -> None:
        """Leave the person out; their links stop opening (`Conflict` for who has signed, or taken it back, in it)."""
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            # Leaving out someone who signed, or took it back, would open the story against what they decided.
            if any(event.person_id == person_id for event in work.consent_history(story.subject_id)):
                raise Conflict("Cette personne a décidé elle-même : elle reste dans le récit.",
                               "This person has decided for themselves: they stay in the story.")
            work.save_story(replace(story, appearing=tuple(each for each in story.appearing if each != person_id)))
            now = self.tools.clock()
            signing_links.drop(work, person_id, story.subject_id, now)
            if person_id in story.appearing:
                work.note(Deed(now, asker.person.id, Did.UNNAMED, story.id))
            work.commit()


class AskToSign(Step):
    """Make the link by which somebody recognisable signs or refuses."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, person_id: PersonId) -> str:
        """Return the secret of a link for one's own story (`NotFound` for who does not appear in it).

        `NotAllowed` for somebody who has left: their own link opens all that is theirs; it is not the author's to hold.
        """
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            if person_id not in story.appearing:
                raise NotFound("Cette personne n'est pas nommée dans ce récit.",
                               "This person is not named in this story.")
            if work.person(person_id).left_on is not None:
                raise NotAllowed("Cette personne a quitté l'entreprise ; demandez à la personne qui administre de lui "
                                 "donner son propre lien.",
                                 "This person has left the company; ask your administrator to give them their own "
                                 "link.")
        return SigningLinks(self.tools.bank, self.tools.clock).make(person_id, story.subject_id)


def listed_as(person: Person, everyone: Sequence[Person]) -> str:
    """Return how a colleague is chosen by name: with their team or job where several are called so."""
    alone = sum(_folded(each.display_name) == _folded(person.display_name) for each in everyone) == 1
    more = "" if alone else person.team or person.job or person.site or person.id[-4:]
    return f"{person.display_name} ({more})" if more else person.display_name


def _called(name: str, people: Sequence[Person]) -> Person | None:
    wanted = _folded(name)
    exact = [person for person in people if _folded(listed_as(person, people)) == wanted]
    alike = exact if len(exact) == 1 else [person for person in people if _folded(person.display_name) == wanted]
    if len(alike) > 1:
        raise Conflict(f"Plusieurs personnes s'appellent « {name} » ; choisissez-la dans la liste.",
                       f"Several people are called “{name}”; choose from the list.")
    return alike[0] if alike else None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
