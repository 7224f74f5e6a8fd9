"""Having the receipt of what one signed, took back or had erased (L07 to L11, L21)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from story_bank.access import Act, Duty, Use, holds
from story_bank.bank import Asker, Deed, Did, Work
from story_bank.company import Company
from story_bank.consent import Consent, Withdrawal
from story_bank.errors import NotFound
from story_bank.ids import ConsentId, StoryId
from story_bank.naming import without_hidden
from story_bank.person import Person
from story_bank.story import Story
from studio.documents.document import Receipt
from studio.documents.receipts import About, forgetting_receipt, receipt_of, titled
from studio.steps.read import hidden_names, without_names
from studio.steps.signing import AppearsIn
from studio.steps.step import Step


class ReadReceipt(Step):
    """Have the receipt of one's own consent or withdrawal; the steward has anybody's."""

    use = Act.KEEP

    def run(self, asker: Asker, consent_id: ConsentId) -> Receipt:
        """Return the receipt in the language of who signed (`NotFound` for what is somebody else's).

        A steward who opens another's reads the register: their journal says so. The text that was signed names the
        story; it is withheld from a steward who may not read the story today, or not with every name in that text.
        """
        with self.tools.bank.open() as work:
            found = next((each for each in work.consents_of(asker.person.id) if each.id == consent_id), None)
            if found is None and holds(asker.person, Duty.SEE_REGISTER):
                found = next((each for each in work.every_consent() if each.id == consent_id), None)
            if found is None:
                raise _not_there()
        own = found.person_id == asker.person.id
        titles = Titles(self.tools).run(asker) if own else {}
        with self.tools.bank.open() as work:
            about = work.stories_about([found.subject_id]).get(found.subject_id, [])
            person = signer(work, found)
            known = open_titles(work, asker, [story.id for story in about]) | titles
            named = tuple(titled(known[story.id], person.language) for story in about if story.id in known)
            told = About(person, company_of(work), named if named or not about else None, _history(work, found),
                         not own and _withheld(work, asker, found, about))
            if not own:
                work.note(Deed(self.tools.clock(), asker.person.id, Did.READ_REGISTER, ""))
                work.commit()
        return receipt_of(found, told)


class ReadForgetting(Step):
    """Have the receipt of an erasure that one asked for."""

    use = Act.KEEP

    def run(self, asker: Asker, forgotten_id: str) -> Receipt:
        """Return the receipt (`NotFound` for anybody else's)."""
        with self.tools.bank.open() as work:
            for each in work.forgotten():
                if each.id == forgotten_id and each.person_id == asker.person.id:
                    return forgetting_receipt(each, asker.person, company_of(work))
        raise _not_there()


class Titles(Step):
    """Know stories by their titles, as far as one may."""

    use = Act.READ

    def run(self, asker: Asker, ids: Collection[StoryId] = ()) -> dict[StoryId, str]:
        """Return the titles of one's own stories, of those one decides about, and of these others that one may read."""
        recognised = {each.story_id: each.title for each in AppearsIn(self.tools).run(asker)}
        with self.tools.bank.open() as work:
            others = open_titles(work, asker, ids)
            own = {story.id: story.title for story in work.stories_of(asker.person.id)}
        known = others | recognised | own
        return {story_id: titled(title, asker.person.language) for story_id, title in known.items()}


def open_titles(work: Work, asker: Asker, ids: Collection[StoryId]) -> dict[StoryId, str]:
    """Return the titles of those of the stories that the asker may read, without the names that are hidden there."""
    stories = work.allowed(asker, Use(Act.READ), ids)
    scopes = work.scopes(list(stories.values()))
    return {story.id: story.title if story.author_id == asker.person.id else
            without_names(story, hidden_names(work, story, scopes[story.id])).title for story in stories.values()}


def _withheld(work: Work, asker: Asker, event: Consent | Withdrawal, about: Sequence[Story]) -> bool:
    """Tell whether what was signed names a story, or somebody in it, that a steward may not know today."""
    if not about:  # erased, and its text with it
        return False
    if len(work.allowed(asker, Use(Act.READ), [story.id for story in about])) < len(about):
        return True
    text, scopes = event.text if isinstance(event, Consent) else "", work.scopes(about)
    hidden = [name for story in about for name in hidden_names(work, story, scopes[story.id], but=event.person_id)]
    return without_hidden(text, hidden) != text


def company_of(work: Work) -> Company:
    """Return the company, or one that bears the product's name before set-up."""
    return work.company() or Company("Vécu", timezone="UTC")


def signer(work: Work, event: Consent | Withdrawal) -> Person:
    """Return who signed or took back; one who is known no longer keeps the name they signed with."""
    try:
        return work.person(event.person_id)
    except NotFound:
        name = event.signature if isinstance(event, Consent) else "–"
        return Person(event.person_id, name, name)


def _history(work: Work, event: Consent | Withdrawal) -> list[Consent | Withdrawal]:
    return [each for each in work.consent_history(event.subject_id) if each.person_id == event.person_id]


def _not_there() -> NotFound:
    return NotFound("Ceci n'existe pas, ou ne vous est pas ouvert.", "This does not exist, or is not open to you.")
