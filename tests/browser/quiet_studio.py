"""A studio without its worker, in this process: what a page finds is what a test put there."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from axe_playwright_python.sync_playwright import Axe

from story_bank.company import Company
from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope
from story_bank.ids import ConsentId, PersonId, RecordingId, StoryId, TranscriptId, ValueId, WordId, new_id
from story_bank.language import Bilingual
from story_bank.making import Job, JobId, JobKind, JobState
from story_bank.person import Person, Role
from story_bank.recording import MediaKind, Recording, SpokenContext
from story_bank.story import Story, Value
from story_bank.transcript import Segment, Transcript, Word
from studio.settings import Settings
from studio.steps.index import passages_of
from studio.toolbox import Toolbox
from studio.web.app import create_app
from studio.wiring import toolbox
from tests.browser.conftest import ROOT, Studio, Visit, free_port
from vectorstore.words import stems

MEDIA = ROOT / "studio" / "demo" / "media"
NOW = datetime.now(UTC)
DOUBTED = {"Tilleuls,", "Moussa,", "douce."}


@contextmanager
def quiet_studio(home: Path, sense: Any) -> Iterator[Studio]:
    """Serve the real application over a real bank and vault; nothing runs behind it."""
    tools = replace(toolbox(Settings(home=home), may_own_index=False), embedder=sense)
    people = _company(tools)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(tools), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the studio did not start"
        time.sleep(0.05)
    try:
        yield Studio(f"http://127.0.0.1:{port}", home, tools, people)
    finally:
        server.should_exit = True
        thread.join(20)


def _company(tools: Toolbox) -> dict[str, Person]:
    everyone = [("Claire Morel", {Role.AMBASSADOR}), ("Moussa Diallo", set()), ("Inès Roy", {Role.EDITOR})]
    people = {}
    with tools.bank.open() as work:
        work.save_company(Company("Aubépine", channels=(Channel.LINKEDIN, Channel.INTRANET)))
        for number, (fr, en, words) in enumerate([("Écoute", "Listening", "écouté noté pourquoi"),
                                                  ("Initiative", "Initiative", "inventé essayé"),
                                                  ("Entraide", "Helping", "collègue aider avec"),
                                                  ("Franchise", "Candour", "dit impossible")]):
            work.save_value(Value(ValueId(f"v{number}"), Bilingual(fr, en), Bilingual(words, words)))
        for name, roles in everyone:
            person = Person(PersonId(new_id()), name, name.split()[0], team="Équipe de nuit", site="Lyon",
                            roles=frozenset({Role.CONTRIBUTOR, *roles}), demo=True, cast=True)
            work.save_person(person)
            people[person.first_name] = person
        work.commit()
    return people


@dataclass(frozen=True, slots=True)
class Told:
    """A story as a test wants it; `heard` is how much of it was heard: all, a part, nothing, or silence."""

    by: str = "Claire"
    file: str = "fr1_nurse_night_shift"
    title: str = "La tournée douce"
    text: str = ""
    heard: str = "all"
    site: str = "Lyon"
    job: JobState | None = None


def tell(studio: Studio, told: Told) -> StoryId:
    """Put a story into the bank, indexed by its words, and return its id; with a `text` it is a written one."""
    person = studio.people[told.by]
    with studio.tools.bank.open() as work:
        recording = None if told.text else _recording(studio, told, person)
        story = Story(StoryId(new_id()), person.id, told.title, told.text, "fr", NOW.date() - timedelta(days=2), NOW,
                      recording.id if recording else None, person.team, told.site)
        if recording:
            work.add_recording(recording)
        work.save_story(story)
        transcript = _transcript(told, recording.id) if recording and told.heard != "nothing" else None
        if transcript:
            work.save_transcript(transcript)
        if recording and told.job:
            error = Bilingual("L'écoute n'a pas pu finir ; recommencez.", "Hearing could not finish; try again.")
            work.add_job(Job(JobId(new_id()), JobKind.TRANSCRIBE, recording.id, person.id, told.job, 0.4, NOW,
                             error=error if told.job is JobState.FAILED else None))
        passages = passages_of(story, transcript)
        work.save_passages(story.id, passages, [" ".join(stems(each.text, "fr")) for each in passages])
        work.commit()
    return story.id


def _recording(studio: Studio, told: Told, person: Person) -> Recording:
    media = next(MEDIA.glob(f"{told.file}.m*"))
    key = studio.tools.vault.put(media, media.suffix)
    kind = MediaKind.VIDEO if media.suffix == ".mp4" else MediaKind.SOUND
    return Recording(RecordingId(new_id()), person.id, kind, key, media.name, new_id(), 84.0, "fr",
                     SpokenContext(person.first_name), NOW, playable_key=key)


def _transcript(told: Told, recording_id: RecordingId) -> Transcript:
    script = json.loads((MEDIA / f"{told.file}.segments.json").read_text("utf-8"))
    segments = tuple(_segment(each) for each in script["segments"])
    if told.heard == "silence":
        segments = ()
    note = None if segments else "On n'entend pas de voix. Vérifiez que le micro n'est pas coupé."
    return Transcript(TranscriptId(new_id()), recording_id, 1, "fr", "script", 84.0,
                      segments[:4] if told.heard == "part" else segments, NOW, note, told.heard != "part")


def _segment(line: dict[str, Any]) -> Segment:
    texts, start = line["text"].split(), float(line["start"])
    each = (float(line["end"]) - start) / len(texts)
    return Segment(tuple(Word(WordId(new_id()), text, start + number * each, start + (number + 1) * each,
                              0.3 if text in DOUBTED else 0.95) for number, text in enumerate(texts)),
                   "1" if line["speaker"] == "pico_f" else "2")


def agree(studio: Studio, story_id: StoryId, by: str, **how: Any) -> None:
    """Sign for somebody: everything, everywhere, for a year, in full sight, unless `how` says otherwise."""
    with studio.tools.bank.open() as work:
        story = work.story_of_job(story_id)
        scope = Scope(how.get("purposes", frozenset(Purpose)), how.get("channels", frozenset(Channel)),
                      NOW.date() - timedelta(days=1), how.get("until", NOW.date() + timedelta(days=365)),
                      how.get("appears", Appearance(face=True, voice=True, name=NameShown.FULL)))
        work.sign(Consent(ConsentId(new_id()), story.subject_id, studio.people[by].id, scope, "Je suis d'accord.", "1",
                          studio.people[by].display_name, NOW))
        work.commit()


def faults(visit: Visit) -> list[str]:
    """Return what axe finds wrong, by rule, with where."""
    found = Axe().run(visit.page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]
