"""Keeping: a recording is checked and in the vault before anything else may fail; a story can also be written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from story_bank.access import Act, Duty, stands
from story_bank.bank import Asker
from story_bank.errors import BadInput
from story_bank.ids import RecordingId, StoryId, new_id
from story_bank.language import Language
from story_bank.making import JobKind
from story_bank.recording import Marker, Recording, SpokenContext
from story_bank.story import Story
from studio.steps.new_media import new_media
from studio.steps.step import Step, must_hold


@dataclass(frozen=True, slots=True)
class Asked:
    """Which question was answered, which were asked when, and how many people speak."""

    question_id: str | None = None
    markers: tuple[Marker, ...] = ()
    speakers: int = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """The recording and the story that holds it; `again` when the same bytes had been given before."""

    recording_id: RecordingId
    story_id: StoryId
    again: bool = False


class KeepRecording(Step):
    """Check a media file and keep it, with a story to its name that its author alone can see."""

    use = Act.KEEP

    def run(self, asker: Asker, file: Path, original_name: str, asked: Asked = Asked()) -> Kept:
        """Return what was kept (`BadInput` says what is wrong with the file, `NotAvailable` that the disk is full)."""
        must_hold(asker, Duty.TELL)
        facts = self.tools.inspector.look(file, self.tools.limits.recording_s)
        with file.open("rb") as stream:
            sha = hashlib.file_digest(stream, "sha256").hexdigest()
        if (before := self._given_before(asker, sha)) is not None:
            return before
        with new_media(self.tools.vault) as put:
            recording = Recording(
                RecordingId(new_id()), asker.person.id, facts.kind, put(file, facts.suffix), original_name[:200], sha,
                facts.duration_s, None, _spoken_by(asker, asked), self.tools.clock(), asked.question_id, asked.markers)
            kept = self._told(asker, recording)
        if kept.recording_id != recording.id:  # the same bytes came a second time while these were on their way
            self.tools.vault.delete(recording.original_key)
        return kept

    def _told(self, asker: Asker, recording: Recording) -> Kept:
        with self.tools.bank.open() as work:
            kept = work.add_recording(recording)
            if before := work.stories_of_recording(kept.id):
                return Kept(kept.id, before[0].id, again=True)
            if asker.at_corner and work.stories_of(asker.person.id):
                raise BadInput("Un récit est déjà gardé ; terminez, puis la personne suivante raconte le sien.",
                               "One story is kept already; finish, and the next person tells theirs.")
            story = Story(StoryId(new_id()), asker.person.id, "", "", asker.person.language, asker.day,
                          recording.created_at, kept.id, asker.person.team, asker.person.site)
            work.save_story(story)
            work.commit()
        return Kept(kept.id, story.id)

    def _given_before(self, asker: Asker, sha: str) -> Kept | None:
        with self.tools.bank.open() as work:
            same = work.same_recording(asker.person.id, sha)
            stories = work.stories_of_recording(same.id) if same else []
        return Kept(same.id, stories[0].id, again=True) if same and stories else None


def _spoken_by(asker: Asker, asked: Asked) -> SpokenContext:
    person = asker.person
    return SpokenContext(person.first_name, person.job, person.team, speakers=asked.speakers)


class DescribeRecording(Step):
    """Note who speaks and the words the machine could misspell, then ask for the transcription."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, context: SpokenContext, language: Language | None) -> None:
        """Keep the form's fields and start hearing, once. `BadInput` for a story that was written."""
        must_hold(asker, Duty.TELL)
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            if story.recording_id is None:
                raise BadInput("Ce récit est écrit : il n'y a rien à transcrire.",
                               "This story was written: there is nothing to transcribe.")
            recording = work.recording_of_job(story.recording_id)
            company = work.company()
            named = replace(context, company=context.company or (company.name if company else ""))
            work.save_recording(replace(recording, context=named, language=language))
            heard = work.transcript(recording.id)
            if heard is None or not heard.finished:
                self.ask_for(work, JobKind.TRANSCRIBE, recording.id, asker.person.id)
            work.commit()


@dataclass(frozen=True, slots=True)
class StoryCard:
    """What makes words a story: title, day, team, site."""

    title: str
    recorded_on: date
    team: str = ""
    site: str = ""


class DescribeStory(Step):
    """Give one's own story its title, day, team and site."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, card: StoryCard) -> Story:
        """Return the story as kept (`BadInput` for a day to come)."""
        must_hold(asker, Duty.TELL)
        if card.recorded_on > asker.day:
            raise BadInput("Le jour du récit est dans le futur ; choisissez aujourd'hui ou avant.",
                           "The day of the story is in the future; choose today or before.")
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            kept = replace(story, title=card.title.strip()[:200], recorded_on=card.recorded_on, team=card.team.strip(),
                           site=card.site.strip())
            work.save_story(kept)
            self.ask_for(work, JobKind.INDEX, story.id, asker.person.id)
            work.commit()
        return kept


class WriteStory(Step):
    """Keep a story that is simply written, as it is typed."""

    use = Act.KEEP

    def begin(self, asker: Asker, language: Language) -> StoryId:
        """Make an empty written story and return its id."""
        must_hold(asker, Duty.TELL)
        story = Story(StoryId(new_id()), asker.person.id, "", "", language, asker.day, self.tools.clock(),
                      team=asker.person.team, site=asker.person.site)
        with self.tools.bank.open() as work:
            work.save_story(story)
            work.commit()
        return story.id

    def run(self, asker: Asker, story_id: StoryId, title: str, text: str) -> Story:
        """Keep title and text.

        `BadInput` for a recorded story, whose words are corrected against the sound, and for other words than those
        for which somebody else who appears in the story has signed.
        """
        must_hold(asker, Duty.TELL)
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            if story.recording_id is not None:
                raise BadInput("Ce récit est enregistré : corrigez ses mots depuis « Relire ».",
                               "This story was recorded: correct its words from “Read back”.")
            kept = replace(story, title=title.strip()[:200], text=text[:100_000])
            others = work.scopes([story])[story.id][1:]
            if kept.text != story.text and any(stands(scope, asker.day) for scope in others):
                raise BadInput(
                    "Une autre personne a signé pour ces mots : ils ne changent plus. Racontez la suite dans un autre "
                    "récit.",
                    "Somebody else has signed for these words: they no longer change. Tell the rest in a new story.")
            work.save_story(kept)
            self.ask_for(work, JobKind.INDEX, story.id, asker.person.id)
            work.commit()
        return kept
