"""A company with somebody of every role and, for each, their own and somebody else's story in every state of consent.

Every story carries a word that nothing else says, so that a test can see whether anything of it came out.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from docs.policy import ROLES, STATES, ConsentState
from media.fsspec_vault import FsspecVault
from media.pyav_inspector import PyavInspector
from media.voicefilter_speakers import VoicefilterSpeakers
from story_bank.company import Company
from story_bank.consent import Channel, Consent, Scope, Withdrawal
from story_bank.ids import (
    ClipId,
    ConsentId,
    DraftId,
    MediaKey,
    PersonId,
    RecordingId,
    ShareId,
    StoryId,
    TranscriptId,
    ValueId,
    WordId,
    new_id,
)
from story_bank.language import Bilingual
from story_bank.making import Angle, CaptionStyle, Clip, Draft, DraftSentence, Profile, Shape, Share, Suggestion
from story_bank.person import Person, Role
from story_bank.recording import MediaKind, Recording, SpokenContext
from story_bank.sql.bank import SqlBank
from story_bank.story import Story, Value
from story_bank.transcript import Segment, Transcript, Word
from studio.access.secrets import kept_as
from studio.steps.index import keep_words
from studio.toolbox import Limits, Toolbox
from studio.writing.verbatim_writer import VerbatimWriter
from tests.fakes.in_memory_index import InMemoryIndex
from tests.fakes.scripted_transcriber import ScriptedTranscriber
from tests.fakes.shared_words_sense import SharedWordsSense
from tests.fakes.swift_cutter import SwiftCutter

ANGLE = "partage"
TOLD = ("Cette nuit-là le monte-charge {word} est tombé en panne au milieu de la livraison. Nous avons tout porté à "
        "bras avec l'équipe du matin, et à six heures le dernier carton était à sa place. J'étais fière de nous tous, "
        "parce que personne n'est parti avant la fin. Depuis ce jour nous gardons un diable de secours au quai, et "
        "chacun sait où il est rangé quand il faut aller vite.")


@dataclass(frozen=True, slots=True)
class Told:
    """One story on the stage, and what was made of it."""

    owner: str
    state: ConsentState
    story: Story
    recording_id: RecordingId
    words: tuple[WordId, ...]
    mark: str
    """The word that this story alone says."""
    clip_id: ClipId
    share_secret: str
    scopes: tuple[Scope | None, ...]


@dataclass
class Stage:
    """The studio's tools over a home, its people by role, and every story."""

    home: Path
    tools: Toolbox
    people: dict[str, Person] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)

    def own_of(self, role: str) -> list[Told]:
        return [each for each in self.told if each.owner == role]

    @property
    def others(self) -> list[Told]:
        """The stories of somebody whom none of those who ask is."""
        return self.own_of("author")

    def keep(self) -> None:
        """Remember everything as it stands, to be brought back by `restore`."""
        self._copy("vecu.db", "kept.db")
        shutil.copytree(self.home / "vault", self.home / "kept-vault", dirs_exist_ok=True)

    def restore(self) -> None:
        """Bring back what `keep` remembered."""
        self._copy("kept.db", "vecu.db")
        shutil.copytree(self.home / "kept-vault", self.home / "vault", dirs_exist_ok=True)

    def fingerprint(self, told: Told) -> list[tuple[object, ...]]:
        """Return every row about a story: two that are equal show that nothing about it changed."""
        about = (told.story.id, told.recording_id)
        with closing(sqlite3.connect(self.home / "vecu.db")) as connection:
            return [(table, *row) for table, columns in _naming(self.home / "vecu.db").items()
                    for column in columns
                    for row in connection.execute(f"SELECT * FROM {table} WHERE {column} IN (?, ?)", about)]

    def _copy(self, one: str, other: str) -> None:
        with (closing(sqlite3.connect(self.home / one)) as source,
              closing(sqlite3.connect(self.home / other)) as target):
            source.backup(target)


@cache
def _naming(file: Path) -> dict[str, list[str]]:
    """Return, for every table, the columns that can name a story or a recording; the journal tells of deeds alone."""
    with closing(sqlite3.connect(file)) as connection:
        tables = [row[0] for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'passage_words%'")]
        named = {table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")} for table in tables}
    wanted = {"id", "story_id", "recording_id", "subject_id", "target_id"}
    return {table: sorted(columns & wanted) for table, columns in named.items() if table != "journal"}


def stage(home: Path) -> Stage:
    """Set the stage: a person for every role, an author, somebody who appears; 12 states for each owner."""
    bank = SqlBank(f"sqlite:///{home / 'vecu.db'}")
    bank.migrate()
    (home / "scratch").mkdir()
    tools = Toolbox(bank, FsspecVault(str(home / "vault")), PyavInspector(), ScriptedTranscriber(),
                    VoicefilterSpeakers(), SwiftCutter(), SharedWordsSense(), InMemoryIndex(), VerbatimWriter(),
                    Limits(1800, 1 << 30), home / "scratch")
    made = Stage(home, tools)
    with bank.open() as work:
        work.save_company(Company("Lanterval", channels=(Channel.LINKEDIN, Channel.PRINT)))
        work.save_value(Value(ValueId("soin"), Bilingual("Soin", "Care"), Bilingual("", "")))
        for number, (role, roles) in enumerate((*ROLES.items(), ("author", frozenset({Role.CONTRIBUTOR})),
                                                ("beside", frozenset({Role.CONTRIBUTOR})))):
            name = f"Prénom{number} Nom{number}"
            made.people[role] = Person(PersonId(new_id()), name, name.split()[0], email=f"{role}@lanterval.test",
                                       roles=roles, demo=True, cast=True)
            work.save_person(made.people[role])
        work.commit()
    for owner in (*ROLES, "author"):
        for state in STATES:
            made.told.append(_tell(made, owner, state))
    made.keep()
    return made


def _tell(made: Stage, owner: str, state: ConsentState) -> Told:
    tools, author, beside = made.tools, made.people[owner], made.people["beside"]
    mark = "zx" + new_id().replace("-", "")[-10:]
    now, day = tools.clock(), tools.today()
    recording_id, story_id = RecordingId(new_id()), StoryId(new_id())
    keys = [_file(made, name, mark) for name in ("original.mp4", "playable.mp4", "poster.jpg", "sound.m4a", "clip.mp4")]
    heard = _heard(recording_id, TOLD.format(word=mark), now)
    words = tuple(word.id for word in heard.words())
    scopes = state.scopes(day)
    appearing = (beside.id,) if len(scopes) > 1 else ()
    story = Story(story_id, author.id, f"Le monte-charge {mark}", heard.text, "fr", day, now, recording_id,
                  team="quai", appearing=appearing)
    clip = Clip(ClipId(new_id()), story_id, recording_id, author.id, words[0], words[20], (), Shape.WIDE,
                CaptionStyle.PLAIN, now, f"Extrait {mark}", keys[4], 5.0, face=True)
    spoken = DraftSentence(f"Le monte-charge {mark} est tombé en panne.", "spoken", 0.0, 3.0)
    secret = f"{ANGLE}-{mark}"
    with tools.bank.open() as work:
        work.add_recording(Recording(recording_id, author.id, MediaKind.VIDEO, keys[0], "film.mp4", new_id(), 30.0,
                                     "fr", SpokenContext(), now, playable_key=keys[1], poster_key=keys[2],
                                     sound_key=keys[3]))
        work.save_story(story)
        work.save_transcript(heard)
        keep_words(work, story, heard)
        for person, scope in zip((author, beside), scopes, strict=False):
            if scope is not None:
                work.sign(_signed(story, person, scope, now))
        if state.name == "withdrawn":
            everything = next(each for each in STATES if each.name == "everything, on the channel").scopes(day)[0]
            assert everything is not None
            work.sign(_signed(story, author, everything, now))
            work.withdraw(Withdrawal(ConsentId(new_id()), story.subject_id, author.id, None, now))
        work.save_clip(clip)
        work.save_share(Share(ShareId(new_id()), clip.id, story_id, Channel.LINKEDIN, author.id, kept_as(secret), now))
        for asker in made.people.values():
            work.save_draft(Draft(DraftId(new_id()), story_id, asker.id, Profile.SUPPORTER, Channel.LINKEDIN, "fr", now,
                                  Suggestion("own words", (), (Angle(f"Angle {mark}", spoken.text, (spoken,)),))))
        work.commit()
    return Told(owner, state, story, recording_id, words, mark, clip.id, secret, scopes)


def _signed(story: Story, person: Person, scope: Scope, now) -> Consent:
    return Consent(ConsentId(new_id()), story.subject_id, person.id, scope, "le texte", "1", person.display_name, now)


def _file(made: Stage, name: str, mark: str) -> MediaKey:
    source = made.home / "scratch" / f"{mark}-{name}"
    source.write_bytes(f"{name} {mark} ".encode() * 50)
    return made.tools.vault.put(source, source.suffix)


def _heard(recording_id: RecordingId, text: str, now) -> Transcript:
    words = [Word(WordId(new_id()), each, n * 0.4, n * 0.4 + 0.35, 0.9) for n, each in enumerate(text.split())]
    segments, begin = [], 0
    for number, word in enumerate(words):
        if word.text.endswith("."):
            segments.append(Segment(tuple(words[begin:number + 1])))
            begin = number + 1
    return Transcript(TranscriptId(new_id()), recording_id, 1, "fr", "known", len(words) * 0.4, tuple(segments), now)

