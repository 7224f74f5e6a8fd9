"""Corners, visits and handing over hold on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from story_bank.access import Act, Use
from story_bank.corner import Visit
from story_bank.errors import NotFound
from story_bank.ids import CornerId
from story_bank.person import Person
from story_bank.sql.bank import SqlBank
from tests.contracts.bank_samples import NOON, asker, corner, job, keep, person, recording, story, token, told


def _guest() -> Person:
    return person("–", roles=frozenset())


def test_a_corner_is_kept_found_by_its_address_and_closed(bank: SqlBank) -> None:
    """A40: opened, listed newest first, replaced."""
    editor = person()
    keep(bank, editor)
    first, second = corner(editor), replace(corner(editor), opened_at=NOON + timedelta(hours=1))
    with bank.open() as work:
        for each in (first, second):
            work.save_corner(each)
        work.save_corner(replace(first, closed_at=NOON, told=7))
        work.commit()
    with bank.open() as work:
        assert work.corners() == [second, replace(first, closed_at=NOON, told=7)]
        assert work.corner_at(second.secret) == second
        assert work.corner_at("made up") is None
        with pytest.raises(NotFound):
            work.corner(CornerId("made up"))


def test_a_visit_is_found_by_its_guest_and_by_its_code(bank: SqlBank) -> None:
    """A40: the bank knows the hash alone."""
    editor, guest = person(), _guest()
    its = corner(editor)
    keep(bank, editor, guest)
    with bank.open() as work:
        work.save_corner(its)
        work.save_visit(Visit(guest.id, its.id, NOON))
        work.save_visit(Visit(guest.id, its.id, NOON, "hash"))
        work.commit()
    with bank.open() as work:
        assert work.visit(guest.id) == work.visit_of_code("hash") == Visit(guest.id, its.id, NOON, "hash")
        assert (work.visit(editor.id), work.visit_of_code("other")) == (None, None)
        assert len(work.visits()) == 1


def test_what_is_handed_over_is_whose_it_was_handed_to(bank: SqlBank) -> None:
    """A41: recording, story, its first person and its jobs; the guest is then nobody's and can go."""
    editor, guest, claimer = person(), _guest(), person("Claire Morel")
    its, kept = corner(editor), recording(guest)
    tale = story(guest, recording_id=kept.id)
    keep(bank, editor, guest, claimer, kept, tale, told(kept), job(kept.id, guest), token(guest, "corner"))
    with bank.open() as work:
        work.save_corner(its)
        work.save_visit(Visit(guest.id, its.id, NOON, "hash"))
        assert work.drop_visitor(guest.id) is False
        work.hand_over(guest.id, claimer.id)
        assert work.drop_visitor(guest.id) is True
        work.commit()
    with bank.open() as work:
        mine = work.story(asker(claimer), Use(Act.READ), tale.id)
        assert (mine.author_id, mine.people) == (claimer.id, (claimer.id,))
        assert work.recording_of_job(kept.id).owner_id == claimer.id
        assert [each.person_id for each in work.jobs_for(kept.id)] == [claimer.id]
        assert (work.visits(), work.visit_of_code("hash")) == ([], None)
        assert guest.id not in {each.id for each in work.people()}


def test_a_colleague_is_never_dropped_as_a_visitor(bank: SqlBank) -> None:
    """Only a guest who came to a corner goes."""
    editor = person()
    keep(bank, editor)
    with bank.open() as work:
        assert work.drop_visitor(editor.id) is False


def test_work_that_goes_on_does_not_take_a_recording_back(bank: SqlBank) -> None:
    """What is saved from before a claim changes neither owner nor whose job it is."""
    guest, claimer = _guest(), person("Claire Morel")
    kept = recording(guest)
    waits = job(kept.id, guest)
    keep(bank, guest, claimer, kept, story(guest, recording_id=kept.id), waits)
    with bank.open() as work:
        work.hand_over(guest.id, claimer.id)
        work.save_recording(replace(kept, voices=1))
        work.save_job(replace(waits, progress=0.5))
        work.commit()
    with bank.open() as work:
        assert (work.recording_of_job(kept.id).owner_id, work.job(waits.id).person_id) == (claimer.id, claimer.id)
