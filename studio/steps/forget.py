"""Forgetting: a story and everything made of it are erased for good, and a proof without content stays.

A note of what is to be removed lies on the disk before the bank forgets, and goes when the last byte is gone. Whoever
is killed in between is followed up by the worker, which ends what was begun; doing any part again changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from story_bank.access import Act
from story_bank.bank import Asker, Deed, Did, Erased, Forgotten, Work
from story_bank.consent import Withdrawal
from story_bank.errors import NotAllowed, NotAvailable, NotFound
from story_bank.ids import ConsentId, StoryId, new_id
from story_bank.recording import Recording
from story_bank.story import Story
from studio.ledger import Ledger
from studio.leftovers import (
    GivenFile,
    Unfinished,
    UnfinishedForgettings,
    drop_arrivals_like,
    drop_beginnings,
    drop_exports,
    drop_half_made,
    has_arrivals,
)
from studio.steps.step import Step
from studio.steps.withdraw import take_back
from studio.toolbox import Toolbox

log = logging.getLogger("vecu.forget")


class Forget(Step):
    """Erase one's own story for good: words, media, passages, vectors, and all that was made of it (L21)."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId) -> Forgotten:
        """Return the proof; asked again it is the same. Only the author, or who recorded it, may.

        `NotAllowed` for somebody else who appears; `NotFound` for anybody else. `NotAvailable` when the bank has
        forgotten and something else sleeps: the worker ends it.
        """
        forgotten = self.begin(asker, story_id)
        finish(self.tools, [each for each in UnfinishedForgettings(self.tools.scratch).all()
                            if each.forgotten.id == forgotten.id])
        return forgotten

    def begin(self, asker: Asker, story_id: StoryId) -> Forgotten:
        """Have the bank forget, and return the proof; a note of what else is to be removed waits for `finish`."""
        notes = UnfinishedForgettings(self.tools.scratch)
        with self.tools.bank.open() as work:
            work.hold_story(story_id)
            before = [each for each in work.forgotten()
                      if story_id in each.story_ids and each.person_id == asker.person.id]
            if before:
                return before[-1]
            recording = self._may_forget(work, asker, work.story_of_job(story_id))
            now, forgotten_id = self.tools.clock(), new_id()
            erased = erase_in_bank(work, Forgotten(forgotten_id, now, asker.person.id, (story_id,), (), {}))
            forgotten = Forgotten(forgotten_id, now, asker.person.id, erased.stories, erased.recordings,
                                  {**erased.counts, "files": len(erased.media)})
            given = (GivenFile(recording.owner_id, recording.sha256),) if recording and erased.recordings else ()
            notes.keep(Unfinished(forgotten, erased.media, given))
            work.note_forgotten(forgotten)
            try:
                work.commit()
            except NotAvailable:  # nothing was forgotten, and nobody may end it behind the person's back
                notes.drop(forgotten_id)
                raise
        return forgotten

    def _may_forget(self, work: Work, asker: Asker, story: Story) -> Recording | None:
        recording = work.recording_of_job(story.recording_id) if story.recording_id else None
        if asker.person.id == story.author_id or (recording and asker.person.id == recording.owner_id):
            return recording
        if asker.person.id in story.people:
            raise NotAllowed("Ce récit est celui d'une autre personne : vous pouvez retirer votre accord, elle seule "
                             "peut l'effacer.",
                             "This story is somebody else's: you can take your consent back, only they can erase it.")
        raise NotFound("Ce récit n'est pas dans vos récits.", "This story is not among your stories.")


def finish(tools: Toolbox, unfinished: Sequence[Unfinished]) -> None:
    """End forgettings that were noted; the index is written anew once for all of them.

    Every part is tried; `NotAvailable` when one slept, and the notes then stay.
    """
    if not unfinished:
        return
    asleep: list[NotAvailable] = []
    parts: tuple[Callable[[], None], ...] = (
        lambda: _forget_in_bank(tools, unfinished), lambda: _write_down(tools, unfinished),
        lambda: _empty_vault(tools, unfinished), lambda: _tidy_scratch(tools, unfinished),
        lambda: tools.index.forget([story for each in unfinished for story in each.forgotten.story_ids]))
    for part in parts:
        try:
            part()
        except NotAvailable as sleeps:
            asleep.append(sleeps)
    if asleep:
        log.warning("%d forgettings go on: %s", len(unfinished), asleep[0])
        raise NotAvailable("C'est effacé de la bibliothèque et plus rien ne s'ouvre ; les dernières traces partent dès "
                           "que le serveur le peut, sans vous.",
                           "It is erased from the library and nothing opens any more; the last traces go as soon as "
                           "the server can, without you.") from asleep[0]
    for each in unfinished:
        UnfinishedForgettings(tools.scratch).drop(each.forgotten.id)


def forget_again(tools: Toolbox, story_id: StoryId) -> None:
    """Forget once more a story whose vectors were made while it was forgotten (`NotAvailable`: the worker ends it)."""
    notes = UnfinishedForgettings(tools.scratch)
    with tools.bank.open() as work:
        known = [each for each in work.forgotten() if story_id in each.story_ids]
    if not known:
        tools.index.forget([story_id])
        return
    going_on = {each.forgotten.id for each in notes.all()}
    for each in known:
        if each.id not in going_on:
            notes.keep(Unfinished(each, (), ()))
    finish(tools, [each for each in notes.all() if each.forgotten in known])


def erase_in_bank(work: Work, forgotten: Forgotten) -> Erased:
    """Take back what its person permits about each story that is still there, note the deed, and erase in the bank."""
    there = set(work.every_story_id())
    for story_id in (each for each in forgotten.story_ids if each in there):
        taken_back = Withdrawal(ConsentId(new_id()), work.story_of_job(story_id).subject_id, forgotten.person_id, None,
                                forgotten.at)
        take_back(work, taken_back)
        work.note(Deed(forgotten.at, forgotten.person_id, Did.FORGOT, story_id))
    return work.erase_stories(forgotten.story_ids)


def _forget_in_bank(tools: Toolbox, unfinished: Sequence[Unfinished]) -> None:
    """Forget what a kill before the commit left."""
    with tools.bank.open() as work:
        there = set(work.every_story_id())
        for each in unfinished:
            if there.intersection(each.forgotten.story_ids):
                erase_in_bank(work, each.forgotten)
            work.note_forgotten(each.forgotten)
        work.commit()


def _write_down(tools: Toolbox, unfinished: Sequence[Unfinished]) -> None:
    if tools.ledger is not None:
        ledger = Ledger(tools.ledger)
        known = {each.id for each in ledger.all()}
        for each in unfinished:
            if each.forgotten.id not in known:
                ledger.add(each.forgotten)


def _empty_vault(tools: Toolbox, unfinished: Sequence[Unfinished]) -> None:
    for each in unfinished:
        _drop_cut_off(tools, each)
        for key in each.media:
            tools.vault.delete(key)


def _drop_cut_off(tools: Toolbox, unfinished: Unfinished) -> None:
    """Remove uploads that were cut off, while the whole file is there to compare them with."""
    for owner_id in {given.owner_id for given in unfinished.given}:
        for key in unfinished.media if has_arrivals(tools.scratch, owner_id) else ():
            with suppress(NotFound), tools.vault.local(key) as whole:  # gone by an earlier try
                drop_beginnings(tools.scratch, owner_id, whole)


def _tidy_scratch(tools: Toolbox, unfinished: Sequence[Unfinished]) -> None:
    for each in unfinished:
        drop_half_made(tools.scratch, each.forgotten.recording_ids)
        drop_exports(tools.scratch, each.forgotten.person_id)
        drop_arrivals_like(tools.scratch, each.given)
