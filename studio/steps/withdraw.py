"""Withdrawing: one's consent is taken back, whole or by channel, and what it no longer covers disappears at once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date

from media.vault import Vault
from story_bank.access import Act, Use, covers, narrowest
from story_bank.bank import Asker, Deed, Did, Erased, Work
from story_bank.consent import Channel, Withdrawal, standing
from story_bank.errors import NotAvailable, NotFound
from story_bank.ids import ConsentId, MediaKey, StoryId, SubjectId, new_id
from story_bank.story import Story
from studio.ledger import Ledger
from studio.steps.read import hidden_names, still_agreed
from studio.steps.step import Step
from studio.toolbox import Toolbox

log = logging.getLogger("vecu.withdraw")


class Withdraw(Step):
    """Take one's consent back, whole or for some channels, without a reason (L21, X8)."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, channels: frozenset[Channel] | None = None) -> Erased:
        """Append the withdrawal and return what was removed with it; a second one changes nothing.

        Every read obeys from the same moment. `NotFound` for a story in which one does not appear.
        """
        with self.tools.bank.open() as work:
            work.hold_story(story_id)
            story = work.story_of_job(story_id)
            if asker.person.id not in story.people:
                raise NotFound("Ce récit n'est pas dans vos récits.", "This story is not among your stories.")
            now = self.tools.clock()
            taken_back = Withdrawal(ConsentId(new_id()), story.subject_id, asker.person.id, channels, now)
            changes = take_back(work, taken_back)
            if changes:
                work.note(Deed(now, asker.person.id, Did.WITHDREW, story.id))
            gone = drop_uncovered_about(work, story.subject_id, asker.day)
            work.commit()
        write_down(self.tools, [taken_back] if changes else [])
        erased = Erased((), tuple(key for each in gone for key in each.media),
                        counts={kind: sum(each.counts[kind] for each in gone) for kind in gone[0].counts})
        delete_media(self.tools.vault, erased.media)
        return erased


def take_back(work: Work, withdrawal: Withdrawal) -> bool:
    """Append the withdrawal where anything stands that it takes back; tell whether it did."""
    own = [event for event in work.consent_history(withdrawal.subject_id) if event.person_id == withdrawal.person_id]
    changes = standing([*own, withdrawal]) != standing(own)
    if changes:
        work.withdraw(withdrawal)
    return changes


def write_down(tools: Toolbox, withdrawals: Iterable[Withdrawal]) -> None:
    """Have withdrawals that the bank keeps in the ledger too, for a restore on another disk.

    A ledger that sleeps fails nobody: the worker's sweep writes down what is missing.
    """
    if tools.ledger is None:
        return
    try:
        for each in withdrawals:
            Ledger(tools.ledger).add(each)
    except NotAvailable:
        log.warning("the ledger cannot be written; withdrawals are written down later")


def drop_uncovered(work: Work, story: Story, day: date) -> Erased:
    """Remove what was made of a story and is no longer covered on that day by everyone who appears in it.

    Extracts that show more than is still agreed go too. The caller commits, and then deletes the returned media. The
    author's recording and everyone's own pages stay.
    """
    given = work.scopes([story])[story.id]

    def agreed(use: Use) -> bool:
        return bool(given) and all(covers(scope, use, day) for scope in given)

    look = narrowest([scope for scope in given if scope is not None])
    names, cutting = hidden_names(work, story, given), agreed(Use(Act.CUT))
    return work.erase_made(
        story.id, drafts=not agreed(Use(Act.DRAFT)), clips=not cutting,
        channels=[channel for channel in Channel if not agreed(Use(Act.SHARE, channel))],
        clip_ids=[clip.id for clip in (work.clips_of_job(story.id) if cutting else ())  # else all of them go
                  if not (still_agreed(clip, given, names) if clip.media_key else clip.within(look))])


def drop_uncovered_about(work: Work, subject_id: SubjectId, day: date) -> list[Erased]:
    """Remove so what was made of every story that a consent for this subject is about."""
    return [drop_uncovered(work, story, day) for story in work.stories_about([subject_id]).get(subject_id, [])]


def delete_media(vault: Vault, keys: Iterable[MediaKey]) -> None:
    """Delete files that the bank no longer names; what a sleeping vault keeps is left to the worker's sweep."""
    for key in keys:
        try:
            vault.delete(key)
        except NotAvailable:
            log.warning("the vault sleeps; %s is removed later", key)
