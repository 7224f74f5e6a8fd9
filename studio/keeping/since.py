"""What people decided since a backup was made, carried from the bank that it replaces: a restore takes nothing back.

Only what concerns stories and people of the backup is carried: forgettings, who appears, consents and withdrawals,
ended share pages, reviews, stories claimed from a corner, roles, departures, ways to sign in, and signing links that
still open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from story_bank.bank import Did, Forgotten, Work
from story_bank.consent import Consent, Withdrawal
from story_bank.ids import PersonId, StoryId
from story_bank.person import Person
from studio.steps.forget import erase_in_bank
from studio.steps.withdraw import drop_uncovered, take_back

SIGNING = "signing"
"""The one kind of link that is carried: sessions, invitations and new passwords are asked for anew."""
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


def forget_again(work: Work, forgettings: Iterable[Forgotten]) -> int:
    """Erase what was forgotten, keep the proofs, and return how many stories of the backup that took."""
    gone: set[StoryId] = set()
    for each in forgettings:
        told = [story.id for recording in each.recording_ids for story in work.stories_of_recording(recording)]
        gone.update(erase_in_bank(work, replace(each, story_ids=(*dict.fromkeys((*each.story_ids, *told)),))).stories)
        work.note_forgotten(each)
    return len(gone)


def carry_decisions(before: Work, work: Work, now: datetime) -> int:
    """Bring decisions from the bank before into the backup's; return how many signatures and withdrawals came."""
    kept = {person.id: person for person in work.people()}
    for person in before.people():
        if person.id in kept:
            _carry_person(before, work, replace(kept[person.id], roles=person.roles, left_on=person.left_on))
    stories = set(before.every_story_id()) & set(work.every_story_id())
    for story_id in sorted(stories):
        _carry_claim(before, work, story_id)
        _carry_appearing(before, work, story_id)
        for share in work.shares_of(story_id):
            then = before.share(share.secret_hash)
            if then is not None and then.ended_at is not None:
                work.save_share(then)
    ended = {corner.id: corner.closed_at for corner in before.corners() if corner.closed_at}
    for corner in (each for each in work.corners() if each.id in ended):
        work.save_corner(replace(corner, closed_at=ended[corner.id]))
    there = {person.id for person in work.people()}
    for review in before.reviews():
        if review.story_id in stories and review.person_id in there:
            work.save_review(review)
    _carry_links(before, work, now)
    return _carry_consents(before, work, there)


def erase_writing_again(before: Work, work: Work) -> None:
    """Remove what people wrote and had deleted since the backup: their own journal alone tells of it."""
    there = {person.id for person in work.people()}
    for person_id in (person.id for person in before.people() if person.id in there):
        known = set(work.journal_of(person_id))
        for deed in reversed(before.journal_of(person_id)):
            if deed.deed is Did.ERASED_WRITING and deed.person_id == person_id and deed not in known:
                work.erase_writing(person_id)
                work.note(deed)


def take_back_again(work: Work, withdrawals: Iterable[Withdrawal]) -> int:
    """Take back what a ledger says was taken back and the bank does not know; return how many withdrawals that were.

    Left out is one after which the person signed again: what they signed replaced what they had taken back from.
    """
    there, known = {person.id for person in work.people()}, work.every_consent()
    ids = {event.id for event in known}
    signed = {(event.subject_id, event.person_id, event.signed_at) for event in known if isinstance(event, Consent)}
    newer = [each for each in withdrawals if each.id not in ids and each.person_id in there and not any(
        (each.subject_id, each.person_id) == (subject, person) and at > each.at for subject, person, at in signed)]
    about = work.stories_about({each.subject_id for each in newer})
    carried = 0
    for each in newer:
        if each.subject_id in about and take_back(work, each):
            carried += 1
    return carried


def drop_links(work: Work, now: datetime) -> None:
    """Drop every session and one-time link but those for signing: one that was ended or spent would open again."""
    signing = [token for person in work.people() for token in work.tokens_of(person.id, SIGNING, now)]
    work.drop_old_tokens(END_OF_TIME)
    for token in signing:
        work.save_token(token)


def drop_all_uncovered(work: Work, day: date) -> None:
    """Remove what was made of stories and is not covered any more on that day."""
    for story_id in work.stories_with_makings():
        drop_uncovered(work, work.story_of_job(story_id), day)


def _carry_person(before: Work, work: Work, person: Person) -> None:
    work.save_person(person)
    password = before.password_hash(person.id)
    if password is None:
        work.drop_password(person.id)
    else:
        work.set_password_hash(person.id, password)
    for badge in before.badges_of(person.id):
        work.save_badge(badge)


def _carry_claim(before: Work, work: Work, story_id: StoryId) -> None:
    # Told at a corner, and claimed since the backup: it stays theirs, and the code stays spent.
    guest, now_theirs = work.story_of_job(story_id).author_id, before.story_of_job(story_id).author_id
    there = {person.id for person in work.people()}
    if now_theirs != guest and now_theirs in there and work.visit(guest) is not None:
        work.hand_over(guest, now_theirs)
        work.drop_visitor(guest)


def _carry_appearing(before: Work, work: Work, story_id: StoryId) -> None:
    # Somebody declared since the backup has not signed it: without them the story would open wider than it was.
    story, then = work.story_of_job(story_id), before.story_of_job(story_id)
    more = [person_id for person_id in then.appearing if person_id not in story.people]
    if more:
        there = {person.id: (person.email or "").casefold() for person in work.people()}
        for person in (before.person(person_id) for person_id in more if person_id not in there):
            taken = (person.email or "").casefold() in there.values()
            work.save_person(replace(person, email=None) if taken else person)
        work.save_story(replace(story, appearing=(*story.appearing, *more)))


def _carry_links(before: Work, work: Work, now: datetime) -> None:
    there = {person.id for person in work.people()}
    for person in before.people():
        if person.id in there:
            work.drop_tokens(person.id, SIGNING)
            for token in before.tokens_of(person.id, SIGNING, now):
                work.save_token(token)


def _carry_consents(before: Work, work: Work, there: set[PersonId]) -> int:
    known = {event.id for event in work.every_consent()}
    newer = [event for event in before.every_consent() if event.id not in known and event.person_id in there]
    about = work.stories_about({event.subject_id for event in newer})
    carried = [event for event in newer if event.subject_id in about]
    for event in carried:
        if isinstance(event, Consent):
            work.sign(event)
        else:
            work.withdraw(event)
    return len(carried)
