"""Both banks know people by the badge of the company's sign-in, let one change people at a time, and erase writing."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from story_bank.bank import Badge, Bank
from story_bank.company import utc_now
from story_bank.consent import Channel
from story_bank.ids import DraftId, JobId, PersonId, PostId, StoryId, new_id
from story_bank.making import Draft, Job, JobKind, JobState, Post, Profile
from story_bank.person import Person, Role
from story_bank.story import Story

ISSUER = "https://sso.exemple.fr"


@pytest.fixture
def ines(bank: Bank) -> Person:
    person = Person(PersonId(new_id()), "Inès Roy", "Inès")
    with bank.open() as work:
        work.save_person(person)
        work.commit()
    return person


def test_a_badge_is_found_by_issuer_and_subject(bank: Bank, ines: Person) -> None:
    """And by nothing less."""
    kept = Badge(ISSUER, "s-1", ines.id, frozenset({Role.EDITOR, Role.STEWARD}))
    with bank.open() as work:
        work.save_badge(kept)
        work.commit()
    with bank.open() as work:
        assert (work.badge(ISSUER, "s-1"), work.badge(ISSUER, "S-1"), work.badge("https://other.example", "s-1")) == (
            kept, None, None)
        assert work.badges_of(ines.id) == [kept]


def test_a_badge_is_replaced_and_forgotten(bank: Bank, ines: Person) -> None:
    """The roles of the latest sign-in are those that are kept."""
    with bank.open() as work:
        work.save_badge(Badge(ISSUER, "s-1", ines.id, frozenset({Role.EDITOR})))
        work.save_badge(Badge(ISSUER, "s-1", ines.id))
        assert work.badges_of(ines.id) == [Badge(ISSUER, "s-1", ines.id)]
        work.drop_badges(ines.id)
        assert work.badge(ISSUER, "s-1") is None


def test_badges_go_with_the_demonstrations_people(bank: Bank, ines: Person) -> None:
    """Nobody invented stays behind."""
    with bank.open() as work:
        work.save_person(replace(ines, demo=True))
        work.save_badge(Badge(ISSUER, "s-1", ines.id))
        work.erase_demo()
        assert work.badge(ISSUER, "s-1") is None


def test_two_who_change_people_wait_for_one_another(bank: Bank, ines: Person) -> None:
    """What was read after `hold_people` still holds when it is saved."""
    ready = threading.Barrier(4)

    def add(role: Role) -> None:
        ready.wait()
        with bank.open() as work:
            work.hold_people()
            person = work.person(ines.id)
            work.save_person(replace(person, roles=person.roles | {role}))
            work.commit()

    threads = [threading.Thread(target=add, args=(role,))
               for role in (Role.EDITOR, Role.STEWARD, Role.FACILITATOR, Role.ADMINISTRATOR)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with bank.open() as work:
        assert work.person(ines.id).roles == set(Role) - {Role.AMBASSADOR}


def test_a_persons_writing_is_erased_and_nobody_elses(bank: Bank, ines: Person) -> None:
    """Suggestions with the jobs that make them, and unpublished pages; what was published stays, and so do stories."""
    now, yann = utc_now(), Person(PersonId(new_id()), "Yann", "Yann")
    story = Story(StoryId(new_id()), yann.id, "Un récit", "Le texte", "fr", now.date(), now)
    drafts = {person.id: Draft(DraftId(new_id()), story.id, person.id, Profile.EXPERT, Channel.LINKEDIN, "fr", now)
              for person in (ines, yann)}
    posts = [Post(PostId(new_id()), story.id, ines.id, Channel.LINKEDIN, "Ma page", now),
             Post(PostId(new_id()), story.id, ines.id, Channel.INTRANET, "Parue", now, published_at=now),
             Post(PostId(new_id()), story.id, yann.id, Channel.LINKEDIN, "La sienne", now)]
    job = Job(JobId(new_id()), JobKind.DRAFT, drafts[ines.id].id, ines.id, JobState.WAITING, 0.0, now)
    with bank.open() as work:
        work.save_person(yann)
        work.save_story(story)
        for draft in drafts.values():
            work.save_draft(draft)
        for post in posts:
            work.save_post(post)
        work.add_job(job)
        erased = work.erase_writing(ines.id)
        work.commit()
    with bank.open() as work:
        assert (erased.counts["drafts"], erased.counts["posts"], erased.stories) == (1, 1, ())
        assert [post.text for person in (ines, yann) for post in work.posts_of(person.id)] == ["Parue", "La sienne"]
        assert work.job(job.id).state is JobState.CANCELLED
        assert work.draft_of_job(drafts[yann.id].id)
        assert work.stories_of(yann.id) == [story]
