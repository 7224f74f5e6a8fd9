"""Sweeping: what has ended, what was begun and what a killed process left is removed, without anybody doing anything.

Consents end with a day of the company, forgettings that were cut are finished, recordings nobody claims are forgotten,
and nothing outlives the story it was made from.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from story_bank.bank import Asker, Work
from story_bank.consent import Withdrawal
from story_bank.errors import NotAvailable, NotFound, VecuError
from story_bank.ids import StoryId
from story_bank.person import Person
from story_bank.story import Story
from studio.access import signing_links
from studio.ledger import Ledger
from studio.leftovers import ARRIVALS, FORGETTINGS, GRADIO, UnfinishedForgettings, drop_arrivals_before
from studio.steps.corner import drop_empty_visits
from studio.steps.ending import AskBeforeTheEnd
from studio.steps.forget import Forget, finish
from studio.steps.withdraw import delete_media, drop_uncovered
from studio.toolbox import Toolbox

LEFT_ALONE = timedelta(hours=1)
"""Younger files may be in use, or on their way to being named by the bank."""
LEAVING = signing_links.LASTS
"""How long the link of somebody who has left opens at least."""
NOT_OURS = frozenset({ARRIVALS, FORGETTINGS, GRADIO})
"""Of the scratch folder: these hold more than half-made files."""
EVERY_S = 3600.0
LOOK_S = 20.0
"""How often the company's day is looked at between two sweeps, in seconds."""

log = logging.getLogger("vecu.jobs")


def keep_sweeping(tools: Toolbox, home: Path, stop: threading.Event) -> None:
    """Sweep now, then every hour and whenever the company's day changes, until told to stop."""
    day, swept = None, time.monotonic()
    while not stop.is_set():
        today = _today(tools) or day
        if today != day or time.monotonic() - swept >= EVERY_S:
            day, swept = today, time.monotonic()
            sweep(tools, home)
        stop.wait(LOOK_S)


def sweep(tools: Toolbox, home: Path) -> None:
    """Remove all that should be gone; a part that sleeps, or whose bank, vault or index does, waits for the next time.

    Asked again it removes nothing more.
    """
    before = tools.clock() - LEFT_ALONE
    parts: tuple[Callable[[], object], ...] = (
        lambda: finish(tools, UnfinishedForgettings(tools.scratch).all()), lambda: _uncovered(tools),
        lambda: _unclaimed(tools), lambda: drop_empty_visits(tools), lambda: _scratch(home / "scratch", before),
        lambda: drop_arrivals_before(tools.scratch, tools.clock() - tools.consent.unclaimed),
        lambda: _vault(tools, before), lambda: _index(tools), lambda: _ledger(tools),
        lambda: AskBeforeTheEnd(tools).run())
    for part in parts:
        try:
            part()
        except VecuError as wrong:
            log.info("a part of the sweep waits for the next: %s", wrong)


def _today(tools: Toolbox) -> date | None:
    try:
        return tools.today()
    except NotAvailable:
        return None


def _uncovered(tools: Toolbox) -> None:
    """Remove what was made under consents that have ended by themselves."""
    today = tools.today()
    with tools.bank.open() as work:
        made = work.stories_with_makings()
    for story_id in made:
        with tools.bank.open() as work, suppress(NotFound):  # forgotten meanwhile
            work.hold_story(story_id)
            gone = drop_uncovered(work, work.story_of_job(story_id), today)
            work.commit()
            delete_media(tools.vault, gone.media)


def _unclaimed(tools: Toolbox) -> None:
    """Forget recordings of people without an account, about which nobody has ever signed anything."""
    today, now = tools.today(), tools.clock()
    before, left_before = now - tools.consent.unclaimed, tools.day_of(now - max(LEAVING, tools.consent.unclaimed))
    with tools.bank.open() as work:
        unclaimed = [(person, story.id) for person in work.people()
                     if person.guest and not _may_still_come(work, person, left_before, now)
                     for story in work.stories_of(person.id) if _is_unclaimed(work, story, before)]
    for person, story_id in unclaimed:
        with suppress(NotFound):
            Forget(tools).begin(Asker(person, today), story_id)
            log.info("recording of story %s was not claimed; it is forgotten", story_id)
    if unclaimed:
        finish(tools, UnfinishedForgettings(tools.scratch).all())


def _may_still_come(work: Work, person: Person, left_before: date, now: datetime) -> bool:
    """Tell whether somebody who has left was told that what is theirs stays: as long as a leaving link opens."""
    if person.left_on is None:
        return False
    return person.left_on >= left_before or signing_links.invited(work, person.id, signing_links.EVERYTHING, now)


def _is_unclaimed(work: Work, story: Story, before: datetime) -> bool:
    if story.recording_id is None or work.consent_history(story.subject_id):
        return False
    return work.recording_of_job(story.recording_id).created_at < before


def _scratch(folder: Path, before: datetime) -> None:
    for place in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):  # whoever works there may take it away first
            if place.name in NOT_OURS or _touched_since(place, before):
                continue
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            else:
                place.unlink()


def _touched_since(place: Path, moment: datetime) -> bool:
    files = [place, *place.rglob("*")] if place.is_dir() else [place]
    return any(file.lstat().st_mtime >= moment.timestamp() for file in files)


def _vault(tools: Toolbox, before: datetime) -> None:
    tools.vault.drop_half_put(before)
    kept = set(tools.vault.keys(before))
    with tools.bank.open() as work:
        named, forgot = work.every_media_key(), bool(work.forgotten())
    if kept and not kept & named and not forgot:
        # Another or an empty database was opened by mistake: deleting would lose a whole company's media.
        log.warning("the bank names none of the %d files in the vault; they are left alone", len(kept))
        return
    for key in kept - named:
        tools.vault.delete(key)


def _index(tools: Toolbox) -> None:
    """Have the index forget stories that are gone from the bank."""
    there = set(tools.index.story_ids())
    with tools.bank.open() as work:
        gone: set[StoryId] = there - set(work.every_story_id())
    if gone:
        tools.index.forget(gone)


def _ledger(tools: Toolbox) -> None:
    """Have the ledger list withdrawals that it missed: it slept, or somebody was killed."""
    if tools.ledger is None:
        return
    with tools.bank.open() as work:
        withdrawals = [event for event in work.every_consent() if isinstance(event, Withdrawal)]
    Ledger(tools.ledger).add_new(withdrawals)
