"""What nobody claims after an event is erased by itself, for good, also by a sweep that was killed before (A40)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from story_bank.access import Act, Use
from story_bank.bank import Asker, Did
from story_bank.errors import NotAvailable, NotFound
from studio.access.claim_codes import code_for, hash_of
from studio.access.corners import Corners, Opened, Visits
from studio.jobs.sweep import sweep
from studio.leftovers import UnfinishedForgettings
from studio.steps.corner import Claim, LeaveAtCorner, visit_lasts
from studio.steps.keep import DescribeRecording, KeepRecording
from tests.steps.conftest import VOICE, Small


class Came:
    """Somebody who told at a corner."""

    def __init__(self, small: Small) -> None:
        self.corner = Corners(small.tools.bank, small.clock).open(
            small.people["Julien"], Opened("Journée", small.tools.today()))
        visits = Visits(small.tools.bank, small.clock, visit_lasts(small.tools.limits))
        secret = visits.begin(self.corner.secret, "fr")
        self.guest = visits.visitor(secret)
        assert self.guest is not None
        self.asker: Asker = replace(small.tools.asker(self.guest), at_corner=True)
        self.code = code_for(secret)
        self.kept = KeepRecording(small.tools).run(self.asker, VOICE, "recit.m4a")
        self.left = LeaveAtCorner(small.tools).run(self.asker, self.code)
        DescribeRecording(small.tools).run(self.asker, self.kept.story_id, self.left.recording.context, "fr")
        small.do_jobs()


def _later(small: Small, days: int, minutes: int = 5) -> None:
    small.clock.now += timedelta(days=days, minutes=minutes)


def _there(small: Small, came: Came) -> tuple[bool, bool, bool]:
    """Tell whether the story, the guest and the code are there."""
    with small.tools.bank.open() as work:
        return (came.kept.story_id in work.every_story_id(), came.guest in {each.id for each in work.people()},
                work.visit_of_code(hash_of(came.code)) is not None)


def test_what_nobody_claims_is_erased_by_itself(small: Small, tmp_path: Path) -> None:
    """A40: not a day before; then media, rows, vectors, guest and code are gone, and the journal has its proof."""
    came = Came(small)
    _later(small, 29)
    sweep(small.tools, tmp_path)
    assert _there(small, came) == (True, True, True)
    _later(small, 1)
    sweep(small.tools, tmp_path)
    assert _there(small, came) == (False, False, False)
    assert list(small.tools.vault.keys(small.clock() + timedelta(days=1))) == []
    assert came.kept.story_id not in small.tools.index.story_ids()
    with small.tools.bank.open() as work:
        assert [each.story_ids for each in work.forgotten()] == [(came.kept.story_id,)]
        assert [each.deed for each in work.journal_of(came.guest)] == [Did.FORGOT]


def test_a_sweep_that_was_killed_is_ended_by_the_next(small: Small, tmp_path: Path, monkeypatch) -> None:
    """A40: the bank has forgotten, the rest follows, and the guest too."""
    came = Came(small)
    _later(small, 30)
    with monkeypatch.context() as killed:
        def stop(*_: object) -> None:
            raise NotAvailable("tué", "killed")
        killed.setattr(type(small.tools.vault), "delete", stop)
        sweep(small.tools, tmp_path)
    assert UnfinishedForgettings(small.tools.scratch).all()
    sweep(small.tools, tmp_path)
    assert UnfinishedForgettings(small.tools.scratch).all() == []
    assert _there(small, came) == (False, False, False)
    assert list(small.tools.vault.keys(small.clock() + timedelta(days=1))) == []


def test_what_was_claimed_stays(small: Small, tmp_path: Path) -> None:
    """A41: from the claim on it is like any story of one's own, and no sweep takes it."""
    came = Came(small)
    story_id = Claim(small.tools).run(small.asker("Camille"), came.code)
    _later(small, 60)
    sweep(small.tools, tmp_path)
    with small.tools.bank.open() as work:
        assert work.story(small.asker("Camille"), Use(Act.READ), story_id).author_id == small.people["Camille"].id
    assert _there(small, came) == (True, False, False)


def test_of_two_who_claim_one_wins(small: Small) -> None:
    """A40: the code dies with its first use."""
    came = Came(small)
    Claim(small.tools).run(small.asker("Camille"), came.code)
    with pytest.raises(NotFound):
        Claim(small.tools).run(small.asker("Moussa"), came.code)


def test_the_day_on_the_receipt_is_the_one_of_the_erasure(small: Small) -> None:
    """A40: until then the code opens, on it no more."""
    came = Came(small)
    assert came.left.gone_on == small.tools.today() + timedelta(days=30)
    _later(small, 30)
    with pytest.raises(NotFound):
        Claim(small.tools).run(small.asker("Camille"), came.code)


def test_a_visit_that_told_nothing_is_swept_with_what_it_had_sent(small: Small, tmp_path: Path) -> None:
    """A40: a tablet that lost its power leaves nothing of the person before."""
    corner = Corners(small.tools.bank, small.clock).open(small.people["Julien"], Opened("J", small.tools.today()))
    visits = Visits(small.tools.bank, small.clock, visit_lasts(small.tools.limits))
    guest = visits.visitor(visits.begin(corner.secret, "fr"))
    sent = small.tools.scratch / "arrivals" / str(guest)
    sent.mkdir(parents=True)
    (sent / "half").write_bytes(b"half a story")
    sweep(small.tools, tmp_path)
    assert sent.exists(), "they may still be telling"
    small.clock.now += visit_lasts(small.tools.limits) + timedelta(seconds=1)
    sweep(small.tools, tmp_path)
    assert not sent.exists()
    with small.tools.bank.open() as work:
        assert (guest in {each.id for each in work.people()}, work.visits()) == (False, [])
