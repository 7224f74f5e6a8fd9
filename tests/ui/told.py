"""Stories that were told: the demonstration's recordings with their known words, put into a bank without the wait."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr

from story_bank.company import Company
from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope
from story_bank.ids import ConsentId, PersonId, RecordingId, StoryId, TranscriptId, WordId, new_id
from story_bank.person import Person, Role
from story_bank.recording import MediaKind, Recording, SpokenContext
from story_bank.story import Story
from story_bank.transcript import Segment, Transcript, Word
from studio.settings import Settings
from studio.toolbox import Toolbox
from studio.wiring import toolbox

MEDIA = Path(__file__).parents[2] / "studio" / "demo" / "media"
FILM, TALK, SOUND = "fr1_nurse_night_shift.mp4", "fr3_interview_two_voices.mp4", "fr4_technicien_quart_heure.m4a"


@dataclass(frozen=True, slots=True)
class Room:
    """A studio without a server: its tools, one who tells, one who writes and edits."""

    tools: Toolbox
    claire: Person
    moussa: Person


def room(home: Path) -> Room:
    """Open a studio over an empty home; nothing heavy is loaded."""
    tools = toolbox(Settings(home=home), may_own_index=False)
    claire = Person(PersonId(new_id()), "Claire Morel", "Claire")
    moussa = Person(PersonId(new_id()), "Moussa Diallo", "Moussa",
                    roles=frozenset({Role.CONTRIBUTOR, Role.AMBASSADOR, Role.EDITOR}))
    with tools.bank.open() as work:
        work.save_company(Company("Aubépine", channels=(Channel.LINKEDIN, Channel.X, Channel.INTRANET)))
        work.save_person(claire)
        work.save_person(moussa)
        work.commit()
    return Room(tools, claire, moussa)


def opened(tools: Toolbox, days: int = 400, face: bool = True, voice: bool = True) -> Scope:
    """Everything on LinkedIn and the intranet, from yesterday."""
    today = tools.today()
    return Scope(frozenset(Purpose), frozenset({Channel.LINKEDIN, Channel.INTRANET}), today - timedelta(days=1),
                 today + timedelta(days=days), Appearance(face, voice, NameShown.FIRST))


def tell(tools: Toolbox, author: Person, media: str = FILM, scope: Scope | None = None) -> StoryId:
    """Keep a recording with its words as they are known, share of each second by letters."""
    spoken = json.loads((MEDIA / media).with_suffix(".segments.json").read_text("utf-8"))
    copy = shutil.copy(MEDIA / media, tools.scratch / f"{new_id()}{Path(media).suffix}")
    key = tools.vault.put(Path(copy), Path(media).suffix)
    kind = MediaKind.SOUND if media == SOUND else MediaKind.VIDEO
    now, recording_id, story_id = tools.clock(), RecordingId(new_id()), StoryId(new_id())
    heard = Transcript(TranscriptId(new_id()), recording_id, 1, "fr", "known", spoken["duration"],
                       tuple(_segment(each) for each in spoken["segments"]), now)
    story = Story(story_id, author.id, "La tournée douce", heard.text, "fr", tools.today(), now, recording_id)
    with tools.bank.open() as work:
        work.add_recording(Recording(recording_id, author.id, kind, key, media, new_id(), spoken["duration"], "fr",
                                     SpokenContext(), now, playable_key=key))
        work.save_story(story)
        work.save_transcript(heard)
        work.commit()
    if scope is not None:
        sign(tools, story, author, scope)
    return story_id


def write(tools: Toolbox, author: Person, text: str) -> StoryId:
    """Keep a written story with a full consent."""
    story = Story(StoryId(new_id()), author.id, "Écrit", text, "fr", tools.today(), tools.clock())
    with tools.bank.open() as work:
        work.save_story(story)
        work.commit()
    sign(tools, story, author, opened(tools))
    return story.id


def sign(tools: Toolbox, story: Story, person: Person, scope: Scope) -> None:
    """Sign as that person."""
    with tools.bank.open() as work:
        work.sign(Consent(ConsentId(new_id()), story.subject_id, person.id, scope, "text", "1", person.display_name,
                          tools.clock()))
        work.commit()


def work_off(tools: Toolbox) -> None:
    """Do every waiting draft, as the worker would."""
    from studio.jobs.labour import Labour
    with tools.bank.open() as work:
        waiting = work.open_jobs()
    for job in waiting:
        Labour(tools, job.id).run()


def visit(person: Person, **address: str) -> gr.Request:
    """A page opened by a person, with the parameters of its address."""
    return SimpleNamespace(username=person.id, query_params=address)  # type: ignore[return-value]


def event(**sent: Any) -> gr.EventData:
    """What the browser sent."""
    return gr.EventData(None, sent)


def end_consent(tools: Toolbox, story_id: StoryId, person: Person) -> None:
    """Let the person take everything back."""
    from studio.steps.withdraw import Withdraw
    Withdraw(tools).run(tools.asker(person.id), story_id)


def without_face(scope: Scope) -> Scope:
    """The same, heard and not seen."""
    return replace(scope, appears=replace(scope.appears, face=False))


def _segment(spoken: dict[str, Any]) -> Segment:
    texts = spoken["text"].split()
    second, whole = float(spoken["start"]), sum(len(text) + 1 for text in texts)
    words = []
    for text in texts:
        end = second + (spoken["end"] - spoken["start"]) * (len(text) + 1) / whole
        words.append(Word(WordId(new_id()), text, round(second, 3), round(end, 3), 0.9))
        second = end
    return Segment(tuple(words), spoken.get("speaker"))
