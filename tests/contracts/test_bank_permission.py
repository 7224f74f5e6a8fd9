"""The bank finds exactly what the one policy allows, whatever was signed and withdrawn before."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from story_bank.access import Act, Use, may
from story_bank.bank import Asker
from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope, Withdrawal, standing
from story_bank.errors import NotFound
from story_bank.ids import ConsentId, PersonId, SubjectId, new_id
from story_bank.making import Clip, Draft, Post
from story_bank.person import Person, Role
from story_bank.sql.bank import SqlBank, SqlWork
from story_bank.story import Story
from tests.contracts.bank_samples import (
    NOON,
    TODAY,
    asker,
    clip,
    draft,
    keep,
    person,
    post,
    recording,
    scope,
    signed,
    story,
    withdrawn,
)

MADE_BY = "migrated"
FEW_CHANNELS = (Channel.LINKEDIN, Channel.X, Channel.PRINT)
PEOPLE = ("author", "seen", "reader")


@st.composite
def scopes(drawn: st.DrawFn) -> Scope:
    """A valid scope of a few days around today."""
    purposes = drawn(st.just(frozenset(Purpose)) | st.frozensets(st.sampled_from(Purpose), min_size=1))
    channels = drawn(st.frozensets(st.sampled_from(FEW_CHANNELS), min_size=1 if Purpose.SHARE in purposes else 0))
    first, length = drawn(st.integers(-1, 0)), drawn(st.integers(0, 2))
    begins = TODAY + timedelta(first)
    return Scope(purposes, channels, begins, begins + timedelta(length),
                 Appearance(drawn(st.booleans()), drawn(st.booleans()), drawn(st.sampled_from(NameShown))))


taken_back = st.none() | st.frozensets(st.sampled_from(FEW_CHANNELS), min_size=1)
events = st.lists(st.tuples(st.sampled_from(PEOPLE), scopes() | taken_back), max_size=4)
uses = st.builds(Use, st.sampled_from(Act), st.none() | st.sampled_from(FEW_CHANNELS))
asked = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(-1, 2), uses), min_size=8, max_size=12)
roles = st.just(frozenset({Role.EDITOR})) | st.frozensets(st.sampled_from(Role), max_size=3)


@dataclass(frozen=True)
class Scene:
    """People, one recorded story with what is made of it, and the history of consent about it."""

    people: dict[str, Person]
    story: Story
    history: list[Consent | Withdrawal]


@st.composite
def scenes(drawn: st.DrawFn) -> Scene:
    """Anyone may appear; most have signed; everyone may sign and withdraw, also people who do not appear.

    Days and channels are few, so that first and last days and withdrawn channels are met often.
    """
    people = {name: person(f"{name} B", roles=drawn(roles)) for name in PEOPLE}
    seen = drawn(st.lists(st.sampled_from(PEOPLE), max_size=2))
    kept = recording(people["author"])
    its = story(people["author"], recording_id=kept.id, appearing=tuple(people[name].id for name in seen))
    first = [(name, drawn(scopes())) for name in PEOPLE if drawn(st.integers(0, 4))]
    history = [_event(its.subject_id, people[name].id, what) for name, what in [*first, *drawn(events)]]
    return Scene(people, its, history)


def _event(subject: SubjectId, who: PersonId, what: Scope | frozenset[Channel] | None) -> Consent | Withdrawal:
    if isinstance(what, Scope):
        text = "Je suis d'accord…"
        return Consent(ConsentId(new_id()), subject, who, what, text, "2026-1", "A B", NOON,
                       hashlib.sha256(text.encode()).hexdigest())
    return Withdrawal(ConsentId(new_id()), subject, who, what, NOON)


def _fill(work: SqlWork, scene: Scene) -> None:
    for someone in scene.people.values():
        work.save_person(someone)
    assert scene.story.recording_id is not None
    work.add_recording(replace(recording(scene.people["author"]), id=scene.story.recording_id))
    work.save_story(scene.story)
    for event in scene.history:
        work.sign(event) if isinstance(event, Consent) else work.withdraw(event)


def _allowed(scene: Scene, who: Asker, use: Use) -> bool:
    permitted = [standing(event for event in scene.history if event.person_id == someone)
                 for someone in scene.story.people]
    return may(who.person, use, scene.story.author_id, permitted, who.day)


def _found(read: Callable[[], object]) -> bool:
    with suppress(NotFound):
        return bool(read())
    return False


often = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture,
                                                                        HealthCheck.too_slow])


@given(scene=scenes(), questions=asked)
@often
def test_every_read_of_a_story_finds_what_the_policy_allows(
        bank: SqlBank, scene: Scene, questions: list[tuple[str, int, Use]]) -> None:
    """One story, lists and choices agree with `access.may`, whoever asks, for any use, on any day (L08–L12, L21)."""
    its = scene.story
    with bank.open() as work:
        _fill(work, scene)
        for who, day, use in questions:
            one = asker(scene.people[who], TODAY + timedelta(day))
            answers = [_found(lambda: work.story(one, use, its.id)), bool(work.stories(one, use)),  # noqa: B023
                       bool(work.allowed(one, use, [its.id]))]
            assert answers == [_allowed(scene, one, use)] * 3


@given(scene=scenes(), questions=asked)
@often
def test_what_is_made_of_a_story_is_found_by_the_same_policy(
        bank: SqlBank, scene: Scene, questions: list[tuple[str, int, Use]]) -> None:
    """Recording, clips and drafts close with the story; one's own page stays one's own."""
    with bank.open() as work:
        _fill(work, scene)
        made = {who: _made(work, scene.story, someone) for who, someone in scene.people.items()}
        for who, day, use in questions:
            one = asker(scene.people[who], TODAY + timedelta(day))
            assert _found_of(work, one, use, made[who]) == (
                _allowed(scene, one, use), _allowed(scene, one, Use(Act.DRAFT)),
                _allowed(scene, one, use) or who == "author", True)


def _made(work: SqlWork, its: Story, who: Person) -> tuple[Clip, Draft, Post]:
    cut, suggestion, page = clip(its, who), draft(its, who), post(its, who)
    work.save_clip(cut)
    work.save_draft(suggestion)
    work.save_post(page)
    return cut, suggestion, page


def _found_of(work: SqlWork, one: Asker, use: Use, made: tuple[Clip, Draft, Post]) -> tuple[bool, bool, bool, bool]:
    cut, suggestion, page = made
    clips = {_found(lambda: work.clip(one, use, cut.id)), bool(work.clips_of(one, use, cut.story_id))}
    drafts = {_found(lambda: work.draft(one, suggestion.id)), bool(work.drafts_for(one, cut.story_id))}
    assert len(clips) == len(drafts) == 1
    return (clips.pop(), drafts.pop(), _found(lambda: work.recording(one, use, cut.recording_id)),
            _found(lambda: work.post(one, page.id)))


@given(scene=scenes())
@often
def test_what_stands_is_the_history_folded(bank: SqlBank, scene: Scene) -> None:
    """The projection holds for each person what their own history adds up to, and the history is all there."""
    with bank.open() as work:
        _fill(work, scene)
        stands = work.scopes([scene.story])[scene.story.id]
        assert work.consent_history(scene.story.subject_id) == scene.history
    assert stands == [standing(event for event in scene.history if event.person_id == someone)
                      for someone in scene.story.people]


@pytest.mark.parametrize(("after", "expected"), [(-11, False), (-10, True), (100, True), (101, False)],
                         ids=["day before", "first day", "last day", "day after"])
def test_a_consent_opens_on_its_first_day_and_closes_after_its_last(bank: SqlBank, after: int, expected: bool) -> None:
    """Both ends are days of the company, included (L10)."""
    author, editor = person("A B"), person("C D")
    kept = story(author)
    keep(bank, author, editor, kept, signed(kept, author, scope(days=(-10, 100))))
    with bank.open() as work:
        assert bool(work.stories(asker(editor, TODAY + timedelta(after)), Use(Act.CUT))) == expected


def test_a_channel_signed_without_sharing_opens_nothing_there(bank: SqlBank) -> None:
    """Channels count only with the purpose to share: such a story is in the library, not among what may be shared."""
    author, editor = person("A B"), person("C D")
    kept = story(author)
    keep(bank, author, editor, kept, signed(kept, author, scope(Purpose.LIBRARY, channels=(Channel.X,))))
    with bank.open() as work:
        assert work.stories(asker(editor), Use(Act.FIND)) == [kept]
        assert work.stories(asker(editor), Use(Act.FIND, Channel.X)) == []


def test_a_withdrawal_closes_every_read_at_once(bank: SqlBank) -> None:
    """The same second, for everyone else and every use but keeping it for oneself (L21)."""
    author, editor = person("A B"), person("C D")
    kept = story(author)
    keep(bank, author, editor, kept, signed(kept, author, scope()))
    with bank.open() as work:
        assert work.stories(asker(editor), Use(Act.SHARE, Channel.X)) == [kept]
        work.withdraw(withdrawn(kept, author, Channel.X))
        assert work.stories(asker(editor), Use(Act.SHARE, Channel.X)) == []
        assert work.stories(asker(editor), Use(Act.SHARE, Channel.SLACK)) == [kept]
        work.withdraw(withdrawn(kept, author))
        assert work.stories(asker(editor), Use(Act.READ)) == []
        assert work.stories(asker(author), Use(Act.DRAFT)) == []
        assert work.stories(asker(author), Use(Act.READ)) == [kept]


def test_nobody_slips_in_by_leaving_the_company(bank: SqlBank) -> None:
    """Someone who appears and never signed keeps the story closed, even where nothing else is known of them."""
    author, editor = person("A B"), person("C D")
    kept = story(author, appearing=(PersonId("who left"),))
    keep(bank, author, editor, kept, signed(kept, author, scope()))
    with bank.open() as work, pytest.raises(NotFound):
        work.story(asker(editor), Use(Act.READ), kept.id)


def test_deciding_twice_at_the_same_time_leaves_what_the_history_says(bank: SqlBank) -> None:
    """Signatures and withdrawals from several windows at once: the projection is still the fold of the history."""
    author = person("A B")
    kept = story(author)
    keep(bank, author, kept)
    together = threading.Barrier(4)

    def decide(number: int) -> None:
        together.wait()
        for _ in range(5):
            keep(bank, signed(kept, author, scope()) if number % 2 else withdrawn(kept, author))

    windows = [threading.Thread(target=decide, args=(number,)) for number in range(4)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    with bank.open() as work:
        history = work.consent_history(kept.subject_id)
        assert len(history) == 20
        assert work.scopes([kept])[kept.id] == [standing(history)]
