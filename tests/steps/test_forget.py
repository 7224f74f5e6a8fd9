"""A story forgotten: everything of it is gone, whatever was going on, and whenever somebody was killed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from media.cutter import ClipRecipe
from media.transcriber import Heard, Listening
from story_bank.bank import Did, Forgotten
from story_bank.consent import Channel, Consent, Withdrawal
from story_bank.errors import NotAllowed, NotAvailable, NotFound
from story_bank.ids import ClipId, JobId, MediaKey, StoryId
from story_bank.making import CaptionStyle, Job, JobKind, JobState, Profile, Shape
from story_bank.transcript import Segment
from studio.access.signing_links import LASTS, SigningLinks
from studio.jobs import sweep as sweeping
from studio.jobs.labour import Labour
from studio.jobs.sweep import sweep
from studio.ledger import Ledger
from studio.leftovers import UnfinishedForgettings, half_made
from studio.steps import forget
from studio.steps.clip import AskForClip, Selection
from studio.steps.draft import AskForDraft, WritePost
from studio.steps.forget import Forget
from studio.steps.keep import DescribeRecording, KeepRecording
from studio.toolbox import ConsentRules, Toolbox
from studio.writing.verbatim_writer import VerbatimWriter
from tests.fakes.in_memory_index import InMemoryIndex
from tests.fakes.scripted_transcriber import ScriptedTranscriber
from tests.fakes.swift_cutter import SwiftCutter
from tests.steps.conftest import FILM, VOICE, Small, with_tools

pytestmark = pytest.mark.slow

LINKEDIN = Channel.LINKEDIN
GONE = NotAvailable("Il dort.", "It sleeps.")


@pytest.fixture
def listed(small: Small, tmp_path: Path) -> Small:
    """The company, with a ledger beside its bank."""
    return with_tools(small, ledger=tmp_path / "elsewhere" / "forgotten.jsonl")


def files_in(home: Path) -> list[Path]:
    return [file for place in ("vault", "scratch") for file in (home / place).rglob("*") if file.is_file()]


def told(small: Small) -> StoryId:
    """A film of Camille's, opened to everything, with an extract, a suggestion and somebody's page."""
    story_id = small.record("Camille", FILM)
    small.sign("Camille", story_id, small.scope())
    cut(small, story_id)
    AskForDraft(small.tools).run(small.asker("Inès"), story_id, Profile.REPORTER, LINKEDIN, "fr")
    small.do_jobs()
    WritePost(small.tools).save(small.asker("Inès"), story_id, LINKEDIN, "Mes mots.", 0)
    return story_id


def cut(small: Small, story_id: StoryId) -> ClipId:
    with small.tools.bank.open() as work:
        words = list(work.transcript(work.story_of_job(story_id).recording_id).words())  # type: ignore
    return AskForClip(small.tools).run(small.asker("Julien"), story_id, Selection(words[0].id, words[-1].id),
                                       Shape.SQUARE, CaptionStyle.PLAIN)


def nothing_left(small: Small, home: Path) -> bool:
    with small.tools.bank.open() as work:
        assert work.every_story_id() == []
        assert work.stories_with_makings() == []
        assert work.every_media_key() == set()
        assert work.open_jobs() == []
        assert work.posts_of(small.people["Inès"].id) == []
    assert files_in(home) == []
    assert list(small.tools.index.story_ids()) == []
    return True


def test_everything_of_a_story_goes_and_a_proof_stays(listed: Small, tmp_path: Path) -> None:
    """Media, words, passages, vectors, suggestions, pages and extracts are gone; ids, dates and hash stay (L21)."""
    story_id = told(listed)
    with listed.tools.bank.open() as work:
        subject = work.story_of_job(story_id).subject_id
    forgotten = Forget(listed.tools).run(listed.asker("Camille"), story_id)
    assert nothing_left(listed, tmp_path)
    assert forgotten.story_ids == (story_id,)
    assert forgotten.recording_ids == (subject,)
    expected = {"stories": 1, "recordings": 1, "drafts": 1, "posts": 1, "clips": 1, "texts": 1, "files": 5}
    assert {kind: forgotten.counts[kind] for kind in expected} == expected
    with listed.tools.bank.open() as work:
        signed, taken_back = work.consent_history(subject)
        assert work.journal_of(listed.people["Camille"].id)[0].deed is Did.FORGOT
        assert work.forgotten() == [forgotten]
    assert isinstance(signed, Consent)
    assert isinstance(taken_back, Withdrawal)
    assert (signed.text, signed.signature, signed.intact) == ("", "Camille", True)
    assert Ledger(listed.tools.ledger or Path()).all() == [forgotten]
    assert forgotten.id not in {each.forgotten.id for each in UnfinishedForgettings(listed.tools.scratch).all()}


def test_forgetting_twice_gives_the_same_receipt(listed: Small) -> None:
    """A second tap, or a page that was left open, changes nothing and adds nothing to the ledger."""
    story_id = told(listed)
    first, again = (Forget(listed.tools).run(listed.asker("Camille"), story_id) for _ in range(2))
    assert first == again
    assert len((listed.tools.ledger or Path()).read_text("utf-8").splitlines()) == 1


def test_others_can_take_back_but_not_erase(small: Small) -> None:
    """Who appears in a story is told what they can do; who does not learns nothing, before and after."""
    story_id = told(small)
    with small.tools.bank.open() as work:
        work.save_story(replace(work.story_of_job(story_id), appearing=(small.people["Moussa"].id,)))
        work.commit()
    with pytest.raises(NotAllowed, match="take your consent back"):
        Forget(small.tools).run(small.asker("Moussa"), story_id)
    with pytest.raises(NotFound):
        Forget(small.tools).run(small.asker("Marc"), story_id)
    Forget(small.tools).run(small.asker("Camille"), story_id)
    for name in ("Moussa", "Marc"):
        with pytest.raises(NotFound):
            Forget(small.tools).run(small.asker(name), story_id)


class Killed(BaseException):
    """What a process does not catch."""


class DyingVault:
    """A vault whose caller is killed, or which sleeps, when a file is to be deleted."""

    def __init__(self, tools: Toolbox, wrong: BaseException) -> None:
        self.inner, self.wrong = tools.vault, wrong
        self.put, self.local, self.keys = tools.vault.put, tools.vault.local, tools.vault.keys

    def delete(self, key: MediaKey) -> None:
        raise self.wrong


class DyingIndex(InMemoryIndex):
    """An index whose caller is killed, or which sleeps, when it should forget."""

    wrong: BaseException = GONE

    def forget(self, story_ids: Collection[StoryId]) -> None:
        raise self.wrong


def killing(where: str, small: Small, monkeypatch: pytest.MonkeyPatch) -> Toolbox:
    """Return tools with which a forgetting dies at a certain moment."""
    def die(*_: object) -> None:
        raise Killed

    if where == "before the bank forgets":
        kept = UnfinishedForgettings.keep
        monkeypatch.setattr(forget.UnfinishedForgettings, "keep", lambda *one: (kept(*one), die()))
    elif where == "after the bank forgot":
        monkeypatch.setattr(forget, "finish", die)
    elif where == "before the ledger":
        monkeypatch.setattr(Ledger, "add", die)
    elif where == "at the vault":
        return replace(small.tools, vault=DyingVault(small.tools, Killed()))
    elif where == "at the index":
        index = DyingIndex()
        index.wrong = Killed()
        return replace(small.tools, index=index)
    else:
        monkeypatch.setattr(forget.UnfinishedForgettings, "drop", die)
    return small.tools


@pytest.mark.parametrize("where", ["before the bank forgets", "after the bank forgot", "before the ledger",
                                   "at the vault", "at the index", "at the very end"])
def test_killed_anywhere_the_sweep_ends_it(listed: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                           where: str) -> None:
    """Whoever is killed in the middle of a forgetting, the worker's next round completes it, once (L21)."""
    story_id = told(listed)
    with monkeypatch.context() as dying, pytest.raises(Killed):
        Forget(killing(where, listed, dying)).run(listed.asker("Camille"), story_id)
    sweep(listed.tools, tmp_path)
    assert nothing_left(listed, tmp_path)
    with listed.tools.bank.open() as work:
        (forgotten,) = work.forgotten()
        deeds = [deed.deed for deed in work.journal_of(listed.people["Camille"].id)]
    assert deeds.count(Did.FORGOT) == 1
    assert Ledger(listed.tools.ledger or Path()).all() == [forgotten]
    assert forgotten.id not in {each.forgotten.id for each in UnfinishedForgettings(listed.tools.scratch).all()}
    assert Forget(listed.tools).run(listed.asker("Camille"), story_id) == forgotten


@pytest.mark.parametrize("asleep", ["vault", "index"])
def test_what_sleeps_forgets_when_it_wakes(listed: Small, tmp_path: Path, asleep: str) -> None:
    """The person is told that it is erased and that the rest follows without them; everything awake forgets now."""
    story_id = told(listed)
    sleeping = {"vault": DyingVault(listed.tools, GONE), "index": DyingIndex()}[asleep]
    with pytest.raises(NotAvailable, match="nothing opens any more"):
        Forget(replace(listed.tools, **{asleep: sleeping})).run(listed.asker("Camille"), story_id)
    with listed.tools.bank.open() as work:
        assert work.every_story_id() == []
    assert (list(listed.tools.index.story_ids()) == []) is (asleep == "vault")
    sweep(listed.tools, tmp_path)
    assert nothing_left(listed, tmp_path)


def test_a_bank_that_cannot_commit_forgets_nothing_later(small: Small, tmp_path: Path) -> None:
    """Told that it failed, the person may change their mind: nobody ends it behind their back."""
    story_id = told(small)
    with small.tools.bank.open() as work:
        commit = type(work).commit

    def refuse(_: object) -> None:
        raise GONE
    try:
        type(work).commit = refuse  # type: ignore[method-assign]
        with pytest.raises(NotAvailable):
            Forget(small.tools).run(small.asker("Camille"), story_id)
    finally:
        type(work).commit = commit  # type: ignore[method-assign]
    sweep(small.tools, tmp_path)
    with small.tools.bank.open() as work:
        assert work.every_story_id() == [story_id]


class ForgettingEars(ScriptedTranscriber):
    """After the second sentence, the person who speaks has everything forgotten."""

    forget_all: Callable[[], None]

    def hear(self, media: Path, how: Listening, *, on_segment: Callable[[Segment, float], None] | None = None,
             cancelled: Callable[[], bool] = lambda: False) -> Heard:
        def heard(segment: Segment, share: float) -> None:
            if share >= 0.5:
                self.forget_all()
            if on_segment is not None:
                on_segment(segment, share)
        return super().hear(media, how, on_segment=heard, cancelled=cancelled)


class ForgettingCutter(SwiftCutter):
    """Just before it is done, everything is forgotten."""

    forget_all: Callable[[], None]

    def sound(self, source: Path, target: Path, *, cancelled: Callable[[], bool] = lambda: False) -> None:
        super().sound(source, target)
        self.forget_all()

    def clip(self, source: Path, recipe: ClipRecipe, target: Path, **known: object) -> None:
        super().clip(source, recipe, target)
        self.forget_all()


class ForgettingWriter(VerbatimWriter):
    """Just before it answers, everything is forgotten."""

    forget_all: Callable[[], None]

    def suggest(self, *given: object) -> object:  # type: ignore[override]
        made = super().suggest(*given)  # type: ignore[arg-type]
        self.forget_all()
        return made


class ForgettingSense:
    """While it reads a story, everything is forgotten."""

    forget_all: Callable[[], None]

    def __init__(self, tools: Toolbox) -> None:
        self.inner, self.name = tools.embedder, tools.embedder.name
        self.queries = tools.embedder.queries

    def documents(self, texts: list[str]) -> object:
        self.forget_all()
        return self.inner.documents(texts)


def going_on(small: Small, kind: JobKind) -> tuple[Toolbox, Job]:
    """Return tools that forget everything in the middle of a job of that kind, and the job."""
    kept = KeepRecording(small.tools).run(small.asker("Camille"), FILM, FILM.name)
    with small.tools.bank.open() as work:
        context = work.recording_of_job(kept.recording_id).context
    DescribeRecording(small.tools).run(small.asker("Camille"), kept.story_id, context, "fr")
    tools = small.tools
    if kind is not JobKind.TRANSCRIBE:
        Labour(tools, open_job(tools, JobKind.TRANSCRIBE).id).run()
    if kind in {JobKind.CLIP, JobKind.DRAFT}:
        small.do_jobs()
        small.sign("Camille", kept.story_id, small.scope())
        cut(small, kept.story_id)
        AskForDraft(tools).run(small.asker("Inès"), kept.story_id, Profile.EXPERT, LINKEDIN, "fr")

    def forget_all() -> None:
        with tools.bank.open() as work:
            there = bool(work.every_story_id())
        if there:
            Forget(tools).run(small.asker("Camille"), kept.story_id)
    changed = {JobKind.TRANSCRIBE: ("transcriber", ForgettingEars()), JobKind.NORMALISE: ("cutter", ForgettingCutter()),
               JobKind.INDEX: ("embedder", ForgettingSense(tools)), JobKind.DRAFT: ("writer", ForgettingWriter()),
               JobKind.CLIP: ("cutter", ForgettingCutter())}
    name, tool = changed[kind]
    tool.forget_all = forget_all  # type: ignore[attr-defined]
    return replace(tools, **{name: tool}), open_job(tools, kind)  # type: ignore[arg-type]


def open_job(tools: Toolbox, kind: JobKind) -> Job:
    with tools.bank.open() as work:
        return next(job for job in work.open_jobs() if job.kind is kind)


@pytest.mark.parametrize("kind", list(JobKind))
def test_work_that_is_overtaken_by_forgetting_brings_nothing_back(small: Small, tmp_path: Path, kind: JobKind) -> None:
    """No row, no file, no vector, no job: what is finished a moment too late finds nothing to be kept with (L21)."""
    tools, job = going_on(small, kind)
    with pytest.raises(NotFound):
        Labour(tools, job.id).run()
    assert nothing_left(small, tmp_path)


def test_a_job_stops_soon_after_its_story_was_forgotten(small: Small) -> None:
    """It does not hear the recording to its end first."""
    small.record("Camille", VOICE)
    labour = Labour(small.tools, job_of(small))
    with small.tools.bank.open() as work:
        work.erase_stories(work.every_story_id())
        work.commit()
    assert labour._cancelled()


def job_of(small: Small) -> JobId:
    with small.tools.bank.open() as work:
        (story_id,) = work.every_story_id()
        return work.jobs_for(story_id)[0].id


def test_half_made_files_and_arrivals_go_with_the_recording(small: Small, tmp_path: Path) -> None:
    """What a killed worker left, and an upload whose end was never heard of, held the same picture and sound."""
    story_id = small.record("Camille", FILM)
    with small.tools.bank.open() as work:
        recording = work.recording_of_job(work.story_of_job(story_id).recording_id)  # type: ignore[arg-type]
    with half_made(small.tools.scratch, recording.id) as folder:
        shutil.copytree(folder, left := folder.with_name(f"{recording.id}-killed"))
        (left / "clip.mp4").write_bytes(b"half")
    arrivals = tmp_path / "scratch" / "arrivals"
    for person, file in (("Camille", FILM), ("Camille", VOICE), ("Moussa", FILM)):
        place = arrivals / small.people[person].id / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)
    Forget(small.tools).run(small.asker("Camille"), story_id)
    assert recording.sha256 == hashlib.sha256(FILM.read_bytes()).hexdigest()
    assert sorted((file.parent.name, file.name) for file in files_in(tmp_path)) == sorted([
        (small.people["Camille"].id, VOICE.name), (small.people["Moussa"].id, FILM.name)])


def test_an_upload_that_was_cut_off_goes_with_the_recording(small: Small, tmp_path: Path) -> None:
    """The network broke and the file was given anew: what had come of it goes; other files on their way stay (L21)."""
    story_id = small.record("Camille")
    place = tmp_path / "scratch" / "arrivals" / small.people["Camille"].id
    place.mkdir(parents=True)
    whole = VOICE.read_bytes()
    for name, content in (("cut", whole[:-100]), ("other", whole[:5000] + b"?"), ("begun", b"")):
        (place / name).write_bytes(content)
    Forget(small.tools).run(small.asker("Camille"), story_id)
    assert sorted(file.name for file in place.iterdir()) == ["begun", "other"]


def guest(small: Small, *, left_days_ago: int | None = None) -> StoryId:
    """A recording whose owner has no account (any more)."""
    story_id = small.record("Moussa")
    left = None if left_days_ago is None else small.tools.today() - timedelta(days=left_days_ago)
    with small.tools.bank.open() as work:
        work.save_person(replace(small.people["Moussa"], roles=frozenset(), left_on=left))
        work.commit()
    return story_id


def stories(small: Small) -> list[StoryId]:
    with small.tools.bank.open() as work:
        return work.every_story_id()


def test_what_nobody_claims_is_forgotten_by_itself(small: Small, tmp_path: Path) -> None:
    """After the days the administrator set, and not before; the proof names the owner."""
    guest(small)
    small.clock.now += timedelta(days=29)
    sweep(small.tools, tmp_path)
    assert len(stories(small)) == 1
    small.clock.now += timedelta(days=2)
    sweep(small.tools, tmp_path)
    assert nothing_left(small, tmp_path)
    with small.tools.bank.open() as work:
        assert [each.person_id for each in work.forgotten()] == [small.people["Moussa"].id]


@pytest.mark.parametrize("unclaimed", [1, 30, 120])
def test_who_has_just_left_keeps_their_recordings_while_their_link_opens(small: Small, tmp_path: Path,
                                                                         unclaimed: int) -> None:
    """The days count from the day they left, however old the recording is: ninety, or more where it is set so."""
    small = with_tools(small, consent=ConsentRules(unclaimed=timedelta(days=unclaimed)))
    small.clock.now -= timedelta(days=400)
    story_id = small.record("Moussa")
    small.clock.now += timedelta(days=400)
    with small.tools.bank.open() as work:
        work.save_person(replace(small.people["Moussa"], roles=frozenset(), left_on=small.tools.today()))
        work.commit()
    small.clock.now += timedelta(days=max(unclaimed, LASTS.days))
    sweep(small.tools, tmp_path)
    assert stories(small) == [story_id]
    small.clock.now += timedelta(days=2)
    sweep(small.tools, tmp_path)
    assert stories(small) == []


def test_another_leaving_link_keeps_what_it_opens(small: Small, tmp_path: Path) -> None:
    """What the person was told is still theirs does not go while they can still come for it."""
    story_id = guest(small, left_days_ago=89)
    SigningLinks(small.tools.bank, small.clock).make(small.people["Moussa"].id)
    small.clock.now += timedelta(days=60)
    sweep(small.tools, tmp_path)
    assert stories(small) == [story_id]
    small.clock.now += timedelta(days=31)
    sweep(small.tools, tmp_path)
    assert stories(small) == []


def test_what_was_once_signed_is_never_forgotten_by_itself(small: Small, tmp_path: Path) -> None:
    """Somebody claimed it: whether it goes is theirs to say, also after their consent has ended."""
    story_id = small.record("Moussa")
    small.sign("Moussa", story_id, small.scope(days=10))
    with small.tools.bank.open() as work:
        work.save_person(replace(small.people["Moussa"], roles=frozenset()))
        work.commit()
    small.clock.now += timedelta(days=400)
    sweep(small.tools, tmp_path)
    assert stories(small) == [story_id]


def test_recordings_of_colleagues_are_never_forgotten_by_themselves(small: Small, tmp_path: Path) -> None:
    """Nothing signed, nothing shared: it is still theirs, for as long as they have an account."""
    story_id = small.record("Camille")
    small.clock.now += timedelta(days=4000)
    sweep(small.tools, tmp_path)
    assert stories(small) == [story_id]


def test_arrivals_that_nobody_finished_are_dropped(small: Small, tmp_path: Path) -> None:
    """After the same time as unclaimed recordings; a younger one may still be finished."""
    place = tmp_path / "scratch" / "arrivals" / small.people["Camille"].id
    place.mkdir(parents=True)
    for name, days in (("old", 31), ("young", 29)):
        (place / name).write_bytes(b"half")
        moment = (small.clock.now - timedelta(days=days)).timestamp()
        os.utime(place / name, (moment, moment))
    sweep(small.tools, tmp_path)
    assert [file.name for file in place.iterdir()] == ["young"]


class Rounds:
    """Stands in for waiting: each wait is a moment of the company's, until enough of them have passed."""

    def __init__(self, small: Small, each: timedelta, most: int) -> None:
        self.small, self.each, self.left = small, each, most

    def is_set(self) -> bool:
        return self.left == 0

    def wait(self, _: float) -> None:
        self.left -= 1
        self.small.clock.now += self.each


def test_sweeping_comes_at_once_and_with_each_new_day(small: Small, tmp_path: Path,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    """A consent that ended yesterday is obeyed within seconds of midnight where the company is (X8)."""
    days = []
    monkeypatch.setattr(sweeping, "sweep", lambda tools, home: days.append(tools.today()))
    rounds = Rounds(small, timedelta(hours=6), 9)
    sweeping.keep_sweeping(small.tools, tmp_path, rounds)  # type: ignore[arg-type]
    assert len(days) == len(set(days)) == 3


def test_sweeping_comes_every_hour(small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was left half done waits an hour at most."""
    swept = []
    monkeypatch.setattr(sweeping, "sweep", lambda *_: swept.append(1))
    monkeypatch.setattr(sweeping, "EVERY_S", 0.0)
    sweeping.keep_sweeping(small.tools, tmp_path, Rounds(small, timedelta(minutes=1), 4))  # type: ignore[arg-type]
    assert len(swept) == 4


def test_a_torn_line_of_the_ledger_loses_no_other(tmp_path: Path, small: Small) -> None:
    """After a power cut in the middle of a line, the one before and the one after are read."""
    ledger = Ledger(tmp_path / "new" / "forgotten.jsonl")
    first, second = (Forgotten(name, small.clock(), small.people["Camille"].id, (StoryId(name),), (), {"stories": 1})
                     for name in ("one", "two"))
    assert ledger.all() == []
    ledger.add(first)
    with ledger.path.open("ab") as file:
        file.write(json.dumps({"id": "torn"}).encode()[:9])
    ledger.add(second)
    assert ledger.all() == [first, second]
    assert ledger.path.stat().st_mode & 0o777 == 0o600


def test_a_note_that_cannot_be_written_leaves_the_story(small: Small, tmp_path: Path) -> None:
    """A full disk is told, and nothing is half erased."""
    story_id = small.record("Camille")
    (tmp_path / "scratch" / "forgettings").write_bytes(b"a file where a folder should be")
    with pytest.raises(NotAvailable, match="could not begin"):
        Forget(small.tools).run(small.asker("Camille"), story_id)
    assert stories(small) == [story_id]


def test_jobs_of_a_forgotten_story_do_not_wait(small: Small) -> None:
    """What was asked for and not begun is asked for no more."""
    kept = KeepRecording(small.tools).run(small.asker("Camille"), VOICE, VOICE.name)
    with small.tools.bank.open() as work:
        context = work.recording_of_job(kept.recording_id).context
    DescribeRecording(small.tools).run(small.asker("Camille"), kept.story_id, context, "fr")
    Forget(small.tools).run(small.asker("Camille"), kept.story_id)
    with small.tools.bank.open() as work:
        assert [job for job in work.open_jobs() if job.state is not JobState.CANCELLED] == []
