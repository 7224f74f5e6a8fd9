"""A share page shows one extract, for as long as everyone in it lets anybody see it on that channel (L09, L10, S10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from story_bank.access import Act, Use, covers, open_to_all
from story_bank.bank import Did
from story_bank.consent import Appearance, Channel, NameShown, Purpose, Scope
from story_bank.errors import BadInput, NotAllowed, NotFound
from story_bank.ids import ClipId, StoryId
from story_bank.making import CaptionStyle, Shape
from story_bank.naming import Named, without_hidden
from studio.steps.clip import AskForClip, Selection
from studio.steps.forget import Forget
from studio.steps.share import OpenShare, SharePage
from studio.steps.withdraw import Withdraw
from tests.steps.conftest import FILM, Small

pytestmark = pytest.mark.slow

LINKEDIN, INTRANET = Channel.LINKEDIN, Channel.INTRANET
BOTH = frozenset({LINKEDIN, INTRANET})


@pytest.fixture
def cut(small: Small) -> tuple[StoryId, ClipId]:
    """A story of Camille's, open on two channels, and a rendered extract of it."""
    story_id = small.record(file=FILM)
    small.sign("Camille", story_id, small.scope(channels=BOTH))
    with small.tools.bank.open() as work:
        words = list(work.transcript(work.story_of_job(story_id).recording_id).words())  # type: ignore[arg-type,union-attr]
    clip_id = AskForClip(small.tools).run(small.asker("Julien"), story_id, Selection(words[0].id, words[-1].id),
                                          Shape.SQUARE, CaptionStyle.PLAIN)
    small.do_jobs()
    return story_id, clip_id


def again(small: Small, story_id: StoryId, scope: Scope, by: str = "Camille") -> None:
    small.clock.now += timedelta(minutes=2)
    small.sign(by, story_id, scope)


@pytest.mark.parametrize("maker", ["Camille", "Inès", "Julien", "Marc"])
def test_who_may_share_makes_a_page(small: Small, cut: tuple[StoryId, ClipId], maker: str) -> None:
    """The author, an ambassador, an editor, an administrator; the journal says so to the author."""
    story_id, clip_id = cut
    secret = SharePage(small.tools).make(small.asker(maker), clip_id, LINKEDIN)
    shown = OpenShare(small.tools).run(secret)
    assert shown is not None
    assert (shown.author, shown.company, shown.language) == ("Camille Ferrand", "Lanterval", "fr")
    assert "feuille de papier" in shown.words
    with small.tools.bank.open() as work:
        deeds = work.journal_of(small.people["Camille"].id)
    assert (deeds[0].deed, deeds[0].person_id, deeds[0].subject_id) == (Did.SHARED, small.people[maker].id, story_id)


def test_a_colleague_without_the_role_may_not(small: Small, cut: tuple[StoryId, ClipId]) -> None:
    """Telling stories does not let one share those of others."""
    with pytest.raises(NotAllowed):
        SharePage(small.tools).make(small.asker("Moussa"), cut[1], LINKEDIN)


def test_only_a_channel_of_the_company_that_is_agreed(small: Small, cut: tuple[StoryId, ClipId]) -> None:
    """Neither one that nobody agreed to, nor one that the company does not use (C07)."""
    story_id, clip_id = cut
    with pytest.raises(NotAllowed):
        SharePage(small.tools).make(small.asker("Camille"), clip_id, Channel.X)
    again(small, story_id, small.scope(channels=frozenset(Channel)))
    with pytest.raises(BadInput):
        SharePage(small.tools).make(small.asker("Camille"), clip_id, Channel.X)
    assert SharePage(small.tools).look(small.asker("Camille"), story_id).channels == (LINKEDIN, INTRANET)


def test_the_secret_is_not_kept(small: Small, cut: tuple[StoryId, ClipId]) -> None:
    """The bank knows its hash alone, so nobody reads an address out of it."""
    secret = SharePage(small.tools).make(small.asker("Camille"), cut[1], LINKEDIN)
    pages = SharePage(small.tools).look(small.asker("Camille"), cut[0]).pages
    assert len(secret) >= 40
    assert secret not in repr(pages)


def test_what_never_was_and_what_is_gone_differ(small: Small, cut: tuple[StoryId, ClipId]) -> None:
    """An address that was made up is not there; an ended page says that it is gone, for good."""
    pages = SharePage(small.tools)
    secret = pages.make(small.asker("Camille"), cut[1], LINKEDIN)
    with pytest.raises(NotFound):
        OpenShare(small.tools).run(secret + "x")
    share_id = pages.look(small.asker("Camille"), cut[0]).pages[0].share.id
    for _ in range(2):
        pages.end(small.asker("Camille"), cut[0], share_id)
        assert OpenShare(small.tools).run(secret) is None
    assert pages.look(small.asker("Camille"), cut[0]).pages == ()


def test_the_author_sees_and_closes_every_page(small: Small, cut: tuple[StoryId, ClipId]) -> None:
    """Others see the pages they made; a page of somebody else's is not theirs to close."""
    pages = SharePage(small.tools)
    for maker in ("Julien", "Inès"):
        pages.make(small.asker(maker), cut[1], LINKEDIN)
    seen = {name: pages.look(small.asker(name), cut[0]).pages for name in ("Camille", "Julien", "Inès")}
    assert {name: [page.maker for page in found] for name, found in seen.items()} == {
        "Camille": ["Inès Ferrand", "Julien Ferrand"], "Julien": [""], "Inès": [""]}
    with pytest.raises(NotFound):
        pages.end(small.asker("Inès"), cut[0], seen["Julien"][0].share.id)
    pages.end(small.asker("Camille"), cut[0], seen["Julien"][0].share.id)
    assert len(pages.look(small.asker("Camille"), cut[0]).pages) == 1


@pytest.mark.parametrize("then", ["withdrawn", "channel", "narrower", "no-voice", "no-face", "forgotten", "expired",
                                  "somebody-else"])
def test_what_is_no_longer_agreed_is_gone_the_same_second(small: Small, cut: tuple[StoryId, ClipId], then: str) -> None:
    """Whatever took it away, nobody has to do anything more."""
    story_id, clip_id = cut
    secret = SharePage(small.tools).make(small.asker("Julien"), clip_id, LINKEDIN)
    assert OpenShare(small.tools).run(secret) is not None
    looks = {"no-voice": Appearance(True, False, NameShown.FULL), "no-face": Appearance(False, True, NameShown.FULL)}
    if then == "withdrawn":
        Withdraw(small.tools).run(small.asker("Camille"), story_id)
    elif then == "channel":
        Withdraw(small.tools).run(small.asker("Camille"), story_id, frozenset({LINKEDIN}))
    elif then == "narrower":
        again(small, story_id, small.scope(Purpose.LIBRARY, Purpose.SHARE, channels=BOTH))
    elif then in looks:
        again(small, story_id, replace(small.scope(channels=BOTH), appears=looks[then]))
    elif then == "forgotten":
        Withdraw(small.tools).run(small.asker("Camille"), story_id)
        Forget(small.tools).run(small.asker("Camille"), story_id)
    elif then == "expired":
        small.clock.now += timedelta(days=101)
    else:
        with small.tools.bank.open() as work:
            work.save_story(replace(work.story_of_job(story_id), appearing=(small.people["Moussa"].id,)))
            work.commit()
    assert OpenShare(small.tools).run(secret) is None


def test_the_last_day_is_included(small: Small, cut: tuple[StoryId, ClipId]) -> None:
    """Open until midnight where the company is, gone the minute after (L10)."""
    secret = SharePage(small.tools).make(small.asker("Julien"), cut[1], LINKEDIN)
    small.clock.now = (small.clock.now + timedelta(days=100)).replace(hour=22, minute=58)
    assert OpenShare(small.tools).run(secret) is not None
    small.clock.now += timedelta(minutes=5)
    assert OpenShare(small.tools).run(secret) is None


def test_another_channel_keeps_its_page(small: Small, cut: tuple[StoryId, ClipId]) -> None:
    """Taking LinkedIn back closes the page made for LinkedIn, and no other."""
    secrets = {channel: SharePage(small.tools).make(small.asker("Julien"), cut[1], channel) for channel in BOTH}
    Withdraw(small.tools).run(small.asker("Camille"), cut[0], frozenset({LINKEDIN}))
    opened = {channel: OpenShare(small.tools).run(secret) is not None for channel, secret in secrets.items()}
    assert opened == {LINKEDIN: False, INTRANET: True}


CHANNELS = st.frozensets(st.sampled_from([LINKEDIN, INTRANET]), min_size=1)
SIGNED = st.tuples(st.frozensets(st.sampled_from(Purpose), min_size=1), CHANNELS,
                   st.builds(Appearance, st.booleans(), st.booleans(), st.sampled_from(NameShown)))
DECISIONS = st.lists(st.one_of(SIGNED, CHANNELS, st.none(), st.integers(1, 40)), min_size=1, max_size=5)


@pytest.mark.slow
def test_a_page_is_made_and_opens_exactly_while_the_policy_says_so(small: Small, cut: tuple[StoryId, ClipId]) -> None:
    """Sign, change, withdraw by channel or whole, let time pass, in any order: no forbidden share ever succeeds."""
    story_id, pages = cut[0], SharePage(small.tools)
    with small.tools.bank.open() as work:
        clip = work.clip_of_job(cut[1])

    def decide(step: object) -> None:
        if isinstance(step, int):
            small.clock.now += timedelta(days=step)
        elif isinstance(step, tuple):
            purposes, channels, look = step
            again(small, story_id, replace(small.scope(*purposes, channels=channels, days=30), appears=look))
        else:
            Withdraw(small.tools).run(small.asker("Camille"), story_id, step)  # type: ignore[arg-type]

    def opens(channel: Channel) -> bool:
        with small.tools.bank.open() as work:  # whatever erased it: the page itself must not open
            work.save_clip(clip)
            work.commit()
        try:
            secret = pages.make(small.asker("Camille"), clip.id, channel)
        except NotAllowed:
            return False
        return OpenShare(small.tools).run(secret) is not None

    def agreed(scope: Scope | None, channel: Channel) -> bool:
        today = small.tools.today()
        if scope is None or not open_to_all([scope], channel, today) or not covers(scope, Use(Act.CUT), today):
            return False
        camille = Named("Camille Ferrand", "Camille", scope.appears.name)
        return scope.appears.face and scope.appears.voice and without_hidden(clip.said or "", [camille]) == clip.said

    @settings(max_examples=25, database=None)
    @given(DECISIONS)
    def whatever_is_decided(steps: list[object]) -> None:
        for step in steps:
            decide(step)
            with small.tools.bank.open() as work:
                given_now = work.scopes([work.story_of_job(story_id)])[story_id]
            for channel in (LINKEDIN, INTRANET):
                assert opens(channel) is agreed(given_now[0], channel)

    whatever_is_decided()
