"""What somebody claimed since a backup stays theirs when it is restored (A40, A41)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from story_bank.access import Act, Use
from story_bank.corner import Visit
from story_bank.sql.bank import SqlBank
from studio.keeping.since import carry_decisions
from tests.contracts.bank_samples import NOON, asker, corner, keep, person, recording, story


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[SqlBank]:
    made = SqlBank(f"sqlite:///{tmp_path / 'vecu.db'}")
    made.migrate()
    yield made
    made.close()


def test_a_claim_is_not_undone_by_a_restore(bank: SqlBank, tmp_path: Path) -> None:
    """The backup knows a guest and a code; the studio that it replaces knows better, and the code stays spent."""
    editor, guest, claimer = person("E F"), person("–", roles=frozenset()), person("Claire Morel")
    its, kept = corner(editor), recording(guest)
    tale = story(guest, recording_id=kept.id)
    keep(bank, editor, guest, claimer, kept, tale)
    with bank.open() as work:
        work.save_corner(its)
        work.save_visit(Visit(guest.id, its.id, NOON, "hash"))
        work.commit()
    bank.copy_to(tmp_path / "backup")
    with bank.open() as work:
        work.hand_over(guest.id, claimer.id)
        work.drop_visitor(guest.id)
        work.commit()
    restored = SqlBank(f"sqlite:///{tmp_path / 'restored.db'}")
    restored.migrate()
    restored.fill_from(tmp_path / "backup")
    with bank.open() as before, restored.open() as work:
        carry_decisions(before, work, NOON)
        assert work.story(asker(claimer), Use(Act.READ), tale.id).author_id == claimer.id
        assert (work.visit_of_code("hash"), work.recording_of_job(kept.id).owner_id) == (None, claimer.id)
    restored.close()


def test_a_corner_closed_since_stays_closed(bank: SqlBank, tmp_path: Path) -> None:
    """An address that leaked, and was closed for it, takes no recording again because a disk was lost."""
    editor = person("E F")
    its, other = corner(editor), corner(editor)
    keep(bank, editor)
    with bank.open() as work:
        for each in (its, other):
            work.save_corner(each)
        work.commit()
    bank.copy_to(tmp_path / "backup")
    with bank.open() as work:
        work.save_corner(replace(its, closed_at=NOON))
        work.commit()
    restored = SqlBank(f"sqlite:///{tmp_path / 'restored.db'}")
    restored.migrate()
    restored.fill_from(tmp_path / "backup")
    with bank.open() as before, restored.open() as work:
        carry_decisions(before, work, NOON)
        assert {each.id: each.closed_at for each in work.corners()} == {its.id: NOON, other.id: None}
    restored.close()
