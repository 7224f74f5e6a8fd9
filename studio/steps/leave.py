"""Leaving the company: an account closes at once, and a steward is asked about each story the person appears in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from story_bank.access import Act, Duty, Light, Use, holds, light
from story_bank.bank import Asker, Deed, Did, Review, Work
from story_bank.consent import Withdrawal
from story_bank.errors import BadInput, Conflict, NotAllowed, NotFound
from story_bank.ids import ConsentId, MediaKey, PersonId, ReviewId, new_id
from story_bank.person import Person
from story_bank.story import Story
from studio.access.administration import administers, here, somebody_else_administers
from studio.access.sessions import KIND as SESSION
from studio.access.signing_links import KIND as SIGNING
from studio.access.signing_links import SigningLinks
from studio.steps.receipt import open_titles
from studio.steps.step import Step
from studio.steps.withdraw import delete_media, drop_uncovered_about, take_back, write_down


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review as a steward sees it: whose, of which story, and what everyone's consents say of it today."""

    review: Review
    person: Person
    story: Story
    title: str
    """As the steward reads it like any colleague, "" where they may not."""
    light: Light


class NoteDeparture(Step):
    """Note that somebody has left: no way in stays open, and what they appear in is asked about."""

    use = Act.KEEP

    def run(self, asker: Asker, person_id: PersonId) -> str:
        """Return the secret of the link by which the person keeps what is theirs (`NotAllowed`, `BadInput`).

        Roles, password, sessions and links go in one moment, those to sign by too, for whoever made these holds them;
        badges stay, so that the company's sign-in knows whom not to let in. What the person signed is not touched.
        """
        administers(asker.person)
        if person_id == asker.person.id:
            raise BadInput("Demandez à une autre personne qui administre de noter votre départ.",
                           "Ask another administrator to note that you left.")
        with self.tools.bank.open() as work:
            work.hold_people()
            person = here(work, person_id)
            somebody_else_administers(work, person_id)
            work.save_person(replace(person, roles=frozenset(), left_on=asker.day))
            work.drop_password(person_id)
            for kind in (SESSION, SIGNING, "invitation", "reset", "browser", "oidc"):
                work.drop_tokens(person_id, kind)
            self._ask(work, asker, person_id)
            work.note(Deed(self.tools.clock(), asker.person.id, Did.MADE_LINK, person_id))
            work.commit()
        return SigningLinks(self.tools.bank, self.tools.clock).make(person_id)

    def _ask(self, work: Work, asker: Asker, person_id: PersonId) -> None:
        now = self.tools.clock()
        asked = {review.story_id for review in work.reviews()
                 if review.person_id == person_id and review.settled_at is None}
        for story in work.stories_with(person_id):
            if story.id not in asked:
                work.save_review(Review(ReviewId(new_id()), person_id, story.id, now))
                work.note(Deed(now, asker.person.id, Did.ASKED_REVIEW, story.id))


class NewLeavingLink(Step):
    """Make another link for somebody who has left and lost theirs."""

    use = Act.KEEP

    def run(self, asker: Asker, person_id: PersonId) -> str:
        """Return its secret (`NotAllowed`, `NotFound`)."""
        administers(asker.person)
        with self.tools.bank.open() as work:
            if work.person(person_id).left_on is None:
                raise NotFound("Cette personne n'est pas partie.", "This person has not left.")
            work.note(Deed(self.tools.clock(), asker.person.id, Did.MADE_LINK, person_id))
            work.commit()
        return SigningLinks(self.tools.bank, self.tools.clock).make(person_id)


class OpenReviews(Step):
    """See what a steward is asked to decide."""

    use = Act.KEEP

    def run(self, asker: Asker) -> list[Reviewed]:
        """Return the reviews of those who are still gone, not settled first (`NotAllowed`)."""
        _stewards(asker)
        with self.tools.bank.open() as work:
            gone = {person.id: person for person in work.people() if person.left_on is not None}
            asked = [(review, work.story_of_job(review.story_id)) for review in work.reviews()
                     if review.person_id in gone]
            scopes = work.scopes([story for _, story in asked])
            titles = open_titles(work, asker, [story.id for _, story in asked])
        return [Reviewed(review, gone[review.person_id], story, titles.get(story.id, ""),
                         light(scopes[story.id], Use(Act.FIND), asker.day)) for review, story in asked]


class SettleReview(Step):
    """Leave a story as the consent of somebody who has left says, or close it in their place."""

    use = Act.KEEP

    def run(self, asker: Asker, review_id: ReviewId, *, keep: bool) -> None:
        """Settle it once; closing takes back that person's consent, and what it no longer covers disappears at once.

        The same answer again changes nothing; another one is a `Conflict`. `NotAllowed` for who is no steward.
        """
        _stewards(asker)
        with self.tools.bank.open() as work:
            story_id = work.review(review_id).story_id
            work.hold_story(story_id)
            review, now = work.review(review_id), self.tools.clock()
            if review.settled_at is not None:
                if review.kept is keep:
                    return
                raise Conflict("Quelqu'un a déjà répondu autrement ; rechargez la page.",
                               "Somebody has answered otherwise already; reload the page.")
            settled = replace(review, settled_at=now, settled_by=asker.person.id, kept=keep)
            media, taken_back = ([], []) if keep else _close(work, settled, now, asker.day)
            work.save_review(settled)
            work.note(Deed(now, asker.person.id, Did.SETTLED_REVIEW, story_id))
            work.commit()
        write_down(self.tools, taken_back)
        delete_media(self.tools.vault, media)


def _close(work: Work, review: Review, now: datetime, day: date) -> tuple[list[MediaKey], list[Withdrawal]]:
    """Take the consent back in the place of who has left.

    Return the files that are to be deleted after the commit, and the withdrawal to be written down, if any.
    """
    story = work.story_of_job(review.story_id)
    taken_back = Withdrawal(ConsentId(new_id()), story.subject_id, review.person_id, None, now)
    changes = take_back(work, taken_back)
    media = [key for gone in drop_uncovered_about(work, story.subject_id, day) for key in gone.media]
    return media, [taken_back] if changes else []


def _stewards(asker: Asker) -> None:
    if not holds(asker.person, Duty.SETTLE_REVIEWS):
        raise NotAllowed("Cette page est pour les garants des accords.", "This page is for keepers of consents.")
