"""Restoring: everything is made ready beside, without what was forgotten or taken back since, then put in at once.

The studio's own bank changes in one transaction, once the media it will name are in the vault; killed before, it is as
it was, and killed after, the worker's first round ends what is left.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from story_bank.bank import Bank, Forgotten, Work
from story_bank.consent import Withdrawal
from story_bank.errors import BadInput, NotAvailable
from story_bank.ids import JobId, MediaKey, StoryId, new_id
from story_bank.making import Job, JobKind, JobState
from studio.keeping.archive import BANK, MEDIA
from studio.keeping.backup import Spare, emptied
from studio.keeping.since import (
    END_OF_TIME,
    carry_decisions,
    drop_all_uncovered,
    drop_links,
    erase_writing_again,
    forget_again,
    take_back_again,
)
from studio.keeping.unpacking import Archive
from studio.ledger import Ledger
from studio.steps.index import keep_words
from studio.steps.step import Progress
from studio.steps.withdraw import delete_media
from studio.toolbox import Toolbox

AT_ONCE = 100
"""Stories whose words are kept in one unit of work."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: as of which moment, how much, and what was taken out again or carried on."""

    made_at: datetime
    stories: int
    media: int
    forgotten: int
    """Stories of the archive that were forgotten since, and were left out."""
    decisions: int
    """Signatures and withdrawals newer than the archive, carried from the bank that was here."""
    lost: int
    """Files that had been lost already when the archive was made."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """What was prepared: which media to put back, and what to say of it."""

    named: frozenset[MediaKey]
    before: frozenset[MediaKey]
    stories: int
    forgotten: int
    decisions: int


def restore(tools: Toolbox, spare: Spare, archive: Archive, elsewhere: Sequence[Forgotten | Withdrawal],
            progress: Progress) -> Restored:
    """Replace everything but the index by a verified archive (`BadInput` or `NotAvailable`: nothing was changed).

    `elsewhere`: forgettings and withdrawals of a ledger kept in another place. No studio or worker may be open
    meanwhile. Words are found when it returns; meaning, once the worker has done the jobs that were asked for.
    """
    folder = tools.scratch / "restore"
    emptied(folder)
    try:
        ready = _made_ready(tools, spare, archive, elsewhere, folder)
        with _taken_back_on_error(tools, ready.before) as put:
            media = _put_media(tools, archive, ready.named, put, progress)
            tools.bank.fill_from(folder / "ready")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _keep_words(tools.bank)
    _drop_strangers(tools, ready.named)
    return Restored(archive.manifest.made_at, ready.stories, media, ready.forgotten, ready.decisions,
                    len(archive.manifest.lost))


def _made_ready(tools: Toolbox, spare: Spare, archive: Archive, elsewhere: Sequence[Forgotten | Withdrawal],
                folder: Path) -> _Ready:
    """Fill a bank beside, take out of it what must not come back, and copy it to `ready` in the folder."""
    rows = folder / "rows"
    emptied(rows)
    for name in archive.names(BANK):
        with archive.reading(name) as content, (rows / name.removeprefix(BANK)).open("wb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
    with spare(folder) as bank:
        bank.fill_from(rows)
        shutil.rmtree(rows)
        with tools.bank.open() as before, bank.open() as work:
            _check(archive, work)
            forgettings = _remember(tools, [*before.forgotten(), *work.forgotten(), *(
                each for each in elsewhere if isinstance(each, Forgotten))])
            decisions = carry_decisions(before, work, tools.clock())
            decisions += take_back_again(work, _taken_back(tools, elsewhere))
            erase_writing_again(before, work)
            forgotten = forget_again(work, forgettings)
            _settle(tools, work)
            work.commit()
            ready = _Ready(frozenset(work.every_media_key()), frozenset(before.every_media_key()),
                           len(work.every_story_id()), forgotten, decisions)
        bank.copy_to(folder / "ready")
    return ready


def _check(archive: Archive, work: Work) -> None:
    """Read what the archive says of people, stories and consents, and look for its media (`BadInput`)."""
    try:
        _ = work.company(), work.values(), work.people(), work.every_consent(), work.reviews(), work.forgotten()
        for story_id in work.every_story_id():
            story = work.story_of_job(story_id)
            work.scopes([story])
            if story.recording_id is not None:
                _ = work.recording_of_job(story.recording_id), work.transcript(story.recording_id)
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise BadInput("Cette sauvegarde contient ce qu'aucune bibliothèque n'a écrit ; prenez-en une autre. Rien n'a "
                       "été touché.",
                       "This backup holds what no library has written; take another one. Nothing was touched."
                       ) from wrong
    held = {*archive.names(MEDIA), *(MEDIA + key for key in archive.manifest.lost)}
    if any(MEDIA + key not in held for key in work.every_media_key()):
        raise BadInput("Il manque des médias à cette sauvegarde ; prenez-en une autre. Rien n'a été touché.",
                       "Media are missing from this backup; take another one. Nothing was touched.")


def _remember(tools: Toolbox, known: Iterable[Forgotten]) -> list[Forgotten]:
    """Return every forgetting that is known of, the ledger's included, which from now on lists them all."""
    listed = [] if tools.ledger is None else Ledger(tools.ledger).all()
    new = {each.id: each for each in known if each.id not in {kept.id for kept in listed}}
    for each in new.values():
        if tools.ledger is not None:
            Ledger(tools.ledger).add(each)
    return [*listed, *new.values()]


def _taken_back(tools: Toolbox, elsewhere: Iterable[Forgotten | Withdrawal]) -> list[Withdrawal]:
    """Return every withdrawal that a ledger lists, oldest first; this home's own lists them all from now on."""
    known = [each for each in elsewhere if isinstance(each, Withdrawal)]
    if tools.ledger is not None:
        Ledger(tools.ledger).add_new(known)
        known = Ledger(tools.ledger).withdrawals()
    return sorted(known, key=lambda each: each.at)


def _settle(tools: Toolbox, work: Work) -> None:
    """Drop links and what no consent covers today, and ask for every story to be indexed."""
    now, company = tools.clock(), work.company()
    drop_links(work, now)
    drop_all_uncovered(work, company.day(now) if company else now.date())
    for story_id in work.every_story_id():
        story = work.story_of_job(story_id)
        work.add_job(Job(JobId(new_id()), JobKind.INDEX, story_id, story.author_id, JobState.WAITING, 0.0, now))


@contextmanager
def _taken_back_on_error(tools: Toolbox, before: frozenset[MediaKey]) -> Iterator[list[MediaKey]]:
    """Give a list for the keys that are put; when the `with` ends in an error, those that are new are deleted."""
    put: list[MediaKey] = []
    try:
        yield put
    except BaseException:
        delete_media(tools.vault, [key for key in put if key not in before])
        raise


def _put_media(tools: Toolbox, archive: Archive, named: frozenset[MediaKey], put: list[MediaKey],
               progress: Progress) -> int:
    wanted = [name for name in archive.names(MEDIA) if name.removeprefix(MEDIA) in named]
    whole, done = sum(map(archive.size, wanted)) or 1, 0
    for name in wanted:
        key = MediaKey(name.removeprefix(MEDIA))
        with archive.reading(name) as content:
            tools.vault.put_back(key, content)
        put.append(key)
        done += archive.size(name)
        progress(done / whole)
    return len(wanted)


def _keep_words(bank: Bank) -> None:
    """Make words findable."""
    with bank.open() as work:
        rest = iter(work.every_story_id())
    while some := list(islice(rest, AT_ONCE)):
        with bank.open() as work:
            for story_id in some:
                _keep_words_of(work, story_id)
            work.commit()


def _keep_words_of(work: Work, story_id: StoryId) -> None:
    story = work.story_of_job(story_id)
    keep_words(work, story, work.transcript(story.recording_id) if story.recording_id else None)


def _drop_strangers(tools: Toolbox, named: frozenset[MediaKey]) -> None:
    """Remove media that were here before and are not in the backup; the worker's sweep does it if the vault sleeps."""
    with suppress(NotAvailable):
        delete_media(tools.vault, sorted(set(tools.vault.keys(END_OF_TIME)) - named))
