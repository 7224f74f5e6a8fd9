"""Whatever people sign, change, take back, share and forget, in any order, the bank opens what the policy allows.

A model beside the bank keeps what stands in a dictionary, with a fold of its own, and asks `story_bank.access`. After
every step the same questions are put to both.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from story_bank.access import OWN_WITHOUT_CONSENT, Act, Use, may, open_to_all
from story_bank.bank import Asker
from story_bank.consent import Appearance, Channel, NameShown, Purpose, Scope
from story_bank.errors import NotFound
from story_bank.ids import StoryId
from story_bank.making import Clip, Share
from story_bank.person import Person, Role
from story_bank.sql.bank import SqlBank, SqlWork
from story_bank.story import Story
from tests.contracts.bank_samples import (
    NOON,
    TODAY,
    clip,
    draft,
    person,
    post,
    recording,
    share,
    signed,
    story,
    withdrawn,
)

MADE_BY = "migrated"
PEOPLE, STORIES = ("author", "seen", "other"), (0, 1, 2)
CHANNELS = (Channel.LINKEDIN, Channel.X)


@dataclass
class Scene:
    """A bank's unit of work, and beside it the model: who stands where, on which day, and which pages are open."""

    work: SqlWork
    people: dict[str, Person]
    day: date = TODAY
    stories: dict[int, Story] = field(default_factory=dict)
    clips: dict[int, Clip] = field(default_factory=dict)
    stands: dict[tuple[int, str], Scope] = field(default_factory=dict)
    pages: list[Share] = field(default_factory=list)
    forgotten: set[int] = field(default_factory=set)

    def scopes(self, number: int) -> list[Scope | None]:
        """What everyone in the story permits."""
        names = {each.id: name for name, each in self.people.items()}
        about = 0 if number == 1 else number
        return [self.stands.get((about, names[each])) for each in self.stories[number].people]

    def allows(self, name: str, use: Use, number: int) -> bool:
        """What the policy says."""
        return number not in self.forgotten and may(
            self.people[name], use, self.stories[number].author_id, self.scopes(number), self.day)

    def opens(self, channel: Channel, number: int) -> bool:
        """Whether anybody may see it there."""
        return number not in self.forgotten and open_to_all(self.scopes(number), channel, self.day)


def begin(work: SqlWork, roles: tuple[frozenset[Role], ...]) -> Scene:
    """Two stories of one recording (numbers 0 and 1: one consent for both) and a written one, with all made of them."""
    people = {name: person(f"{name} B", roles=held) for name, held in zip(PEOPLE, roles, strict=True)}
    author, seen = people["author"], people["seen"]
    kept, theirs = recording(author), recording(seen)
    scene = Scene(work, people)
    for someone in people.values():
        work.save_person(someone)
    for each in (kept, theirs):
        work.add_recording(each)
    scene.stories = {0: story(author, recording_id=kept.id, appearing=(seen.id,)),
                     1: story(author, recording_id=kept.id),
                     2: story(seen, recording_id=theirs.id, appearing=(author.id, people["other"].id))}
    for number, each in scene.stories.items():
        work.save_story(each)
        scene.clips[number] = clip(each, author)
        work.save_clip(scene.clips[number])
        for someone in people.values():
            work.save_draft(draft(each, someone))
            work.save_post(post(each, someone))
        publish(number, Channel.LINKEDIN)(scene)
    return scene


# What may happen. Each takes the scene and does the same to the bank and to the model.
Step = Callable[[Scene], None]


def sign(name: str, number: int, scope: Scope) -> Step:
    """Sign, or sign something else than before."""
    def done(scene: Scene) -> None:
        scene.work.sign(signed(scene.stories[number], scene.people[name], scope))
        scene.stands[0 if number == 1 else number, name] = scope
    return done


def withdraw(name: str, number: int, channels: frozenset[Channel]) -> Step:
    """Take back whole, or for some channels."""
    def done(scene: Scene) -> None:
        scene.work.withdraw(withdrawn(scene.stories[number], scene.people[name], *channels))
        key = (0 if number == 1 else number, name)
        left = _left(scene.stands.pop(key, None), channels)
        if left is not None:
            scene.stands[key] = left
    return done


def _left(scope: Scope | None, channels: frozenset[Channel]) -> Scope | None:
    if scope is None or not channels:
        return None
    kept = scope.channels - channels
    purposes = scope.purposes if kept else scope.purposes - {Purpose.SHARE}
    return replace(scope, channels=kept, purposes=purposes) if purposes else None


def wait(days: int) -> Step:
    """The day moves on, and consents end by themselves."""
    def done(scene: Scene) -> None:
        scene.day += timedelta(days)
    return done


def publish(number: int, channel: Channel) -> Step:
    """A page is made."""
    def done(scene: Scene) -> None:
        page = share(scene.clips[number], scene.people["author"], channel=channel)
        scene.work.save_share(page)
        scene.pages.append(replace(page, ended_at=NOON) if number in scene.forgotten else page)
        if number in scene.forgotten:
            scene.work.save_share(replace(page, ended_at=NOON))
    return done


def close_pages(number: int, channel: Channel) -> Step:
    """Pages of a story on a channel end."""
    def done(scene: Scene) -> None:
        scene.work.erase_made(scene.stories[number].id, channels=[channel])
        scene.pages = [replace(page, ended_at=NOON) if (page.story_id, page.channel) == (
            scene.stories[number].id, channel) else page for page in scene.pages]
    return done


def point_out(number: int, names: tuple[str, ...]) -> Step:
    """The author says who else is recognisable: more people, or fewer."""
    def done(scene: Scene) -> None:
        if number not in scene.forgotten:
            changed = replace(scene.stories[number], appearing=tuple(scene.people[name].id for name in names))
            scene.work.save_story(changed)
            scene.stories[number] = changed
    return done


def take_role(name: str, roles: frozenset[Role]) -> Step:
    """A role is given or taken; none is left to somebody who leaves the company."""
    def done(scene: Scene) -> None:
        scene.people[name] = replace(scene.people[name], roles=roles)
        scene.work.save_person(scene.people[name])
    return done


def forget(number: int) -> Step:
    """For good."""
    def done(scene: Scene) -> None:
        scene.work.erase_stories([scene.stories[number].id])
        scene.forgotten.add(number)
        scene.pages = [replace(page, ended_at=NOON) if page.story_id == scene.stories[number].id else page
                       for page in scene.pages]
    return done


@st.composite
def scopes(drawn: st.DrawFn) -> Scope:
    """Usually wide, so that much opens and what closes it is met."""
    purposes = drawn(st.just(frozenset(Purpose)) | st.frozensets(st.sampled_from(Purpose), min_size=1))
    some = st.frozensets(st.sampled_from(CHANNELS), min_size=1 if Purpose.SHARE in purposes else 0)
    channels = drawn(st.just(frozenset(CHANNELS)) | some)
    begins = TODAY + timedelta(drawn(st.sampled_from([-1, -1, 0, 2])))
    return Scope(purposes, channels, begins, begins + timedelta(drawn(st.sampled_from([1, 3, 9]))),
                 Appearance(True, True, NameShown.FULL))


names, numbers, channels = st.sampled_from(PEOPLE), st.sampled_from(STORIES), st.sampled_from(CHANNELS)
role_sets = st.sampled_from([frozenset({Role.CONTRIBUTOR, Role.EDITOR}), frozenset({Role.CONTRIBUTOR}),
                             frozenset({Role.CONTRIBUTOR, Role.AMBASSADOR}), frozenset({Role.STEWARD}), frozenset()])
signing = st.builds(sign, names, numbers, scopes())
steps = st.one_of(
    signing, signing, signing, st.builds(withdraw, names, numbers, st.frozensets(channels, max_size=2)),
    st.builds(wait, st.integers(1, 3)), st.builds(publish, numbers, channels),
    st.builds(close_pages, numbers, channels),
    st.builds(point_out, numbers, st.lists(names, max_size=2, unique=True).map(tuple)),
    st.builds(take_role, names, role_sets), st.builds(forget, numbers))
questions = st.tuples(names, st.builds(Use, st.sampled_from(Act), st.none() | channels), channels)
everyone_signs = st.lists(scopes(), min_size=5, max_size=5).map(lambda given: [
    sign(name, number, scope) for (name, number), scope in zip(
        [("author", 0), ("seen", 0), ("seen", 2), ("author", 2), ("other", 2)], given, strict=True)])
lives = st.tuples(everyone_signs, st.lists(st.tuples(steps, questions), min_size=3, max_size=7))
many = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture,
                                                                       HealthCheck.too_slow])


@given(life=lives, roles=st.tuples(role_sets, role_sets, role_sets))
@many
def test_no_sequence_opens_what_is_forbidden_or_closes_what_is_ones_own(
        bank: SqlBank, life: tuple[list[Step], list[tuple[Step, tuple[str, Use, Channel]]]],
        roles: tuple[frozenset[Role], ...]) -> None:
    """Stories, recordings, extracts, suggestions, pages: as the policy says after each step (L08–L12, L20, L21, X8)."""
    signatures, happening = life
    with bank.open() as work:
        scene = begin(work, roles)
        for signature in signatures:
            signature(scene)
        for step, (name, use, channel) in happening:
            step(scene)
            _agrees(scene, name, use)
            _pages_agree(scene, channel)


def _agrees(scene: Scene, name: str, use: Use) -> None:
    """The bank finds exactly the stories, and of what is made of them exactly what goes with these."""
    asker, work = Asker(scene.people[name], scene.day), scene.work
    ids = {number: each.id for number, each in scene.stories.items()}
    wanted = {ids[number] for number in STORIES if scene.allows(name, use, number)}
    assert {each.id for each in work.stories(asker, use)} == wanted
    assert set(work.allowed(asker, use, list(ids.values()))) == wanted
    assert {each for each in ids.values() if _found(lambda: work.story(asker, use, each))} == wanted  # noqa: B023
    assert {each.story_id for each in scene.clips.values()
            if _found(lambda: work.clip(asker, use, each.id))} == wanted  # noqa: B023
    for number, story_id in ids.items():
        assert bool(work.clips_of(asker, use, story_id)) == (story_id in wanted)
        assert bool(work.drafts_for(asker, story_id)) == scene.allows(name, Use(Act.DRAFT), number)
        assert (work.post_for(asker, story_id, Channel.LINKEDIN) is None) == (number in scene.forgotten)
        _own_is_left(scene, name, use, number, story_id in wanted)


def _own_is_left(scene: Scene, name: str, use: Use, number: int, found: bool) -> None:
    """What no policy object needs to be asked for: one's own is never refused, and silence is never a yes."""
    own = scene.stories[number].author_id == scene.people[name].id
    if own and number not in scene.forgotten and use.act in OWN_WITHOUT_CONSENT and use.channel is None:
        assert found
    elif None in scene.scopes(number) or number in scene.forgotten:
        assert not found


def _pages_agree(scene: Scene, channel: Channel) -> None:
    """A page opens while it has not ended and everyone in its story lets anybody see it there."""
    for number, each in scene.stories.items():
        opened = _found(lambda: scene.work.story_open_to_all(each.id, channel, scene.day))  # noqa: B023
        assert opened == scene.opens(channel, number)
        listed = {page.id for page in scene.work.shares_of(each.id)}
        assert listed == {page.id for page in scene.pages if page.story_id == each.id and page.ended_at is None}
    for page in scene.pages:
        kept = scene.work.share(page.secret_hash)
        assert kept is not None
        assert (kept.ended_at is None) == (page.ended_at is None)


def _found(read: Callable[[], object]) -> bool:
    with suppress(NotFound):
        return bool(read())
    return False


def test_the_stories_of_a_scene_are_of_several_people(bank: SqlBank) -> None:
    """The sequences above are about what they claim: everyone signing opens all, one taking back closes theirs."""
    wide = Scope(frozenset(Purpose), frozenset(CHANNELS), TODAY, TODAY, Appearance(True, True, NameShown.FULL))
    editor = frozenset({Role.CONTRIBUTOR, Role.EDITOR})
    with bank.open() as work:
        scene = begin(work, (editor, editor, editor))
        for name, number in (("author", 0), ("seen", 0), ("seen", 2), ("author", 2), ("other", 2)):
            sign(name, number, wide)(scene)
        assert _ids(scene, Use(Act.CUT)) == {each.id for each in scene.stories.values()}
        withdraw("seen", 0, frozenset())(scene)
        assert _ids(scene, Use(Act.CUT)) == {scene.stories[1].id, scene.stories[2].id}
        withdraw("author", 2, frozenset({Channel.X}))(scene)
        assert _ids(scene, Use(Act.SHARE, Channel.X)) == {scene.stories[1].id}


def _ids(scene: Scene, use: Use) -> set[StoryId]:
    asker = Asker(scene.people["other"], scene.day)
    return {each.id for each in scene.work.stories(asker, use)}
