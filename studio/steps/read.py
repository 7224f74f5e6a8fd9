"""Reading a story with everything a page shows of it, within what the asker may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from story_bank.access import Act, Light, Use, light, narrowest
from story_bank.bank import Asker, Work
from story_bank.consent import Appearance, Channel, NameShown, Scope
from story_bank.errors import NotFound
from story_bank.ids import ClipId, MediaKey, PersonId, RecordingId, StoryId
from story_bank.making import Clip, Job
from story_bank.naming import Named, transcript_without_hidden, without_hidden
from story_bank.person import Person
from story_bank.recording import MediaKind, Recording, SpokenContext
from story_bank.story import Story
from story_bank.transcript import Transcript
from studio.steps.signing import heard_to_decide
from studio.steps.step import Step


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story as the asker may see it: all of one's own, another's without the names that are hidden.

    `author` is the name that may be shown, "" for none.
    """

    story: Story
    own: bool
    author: str
    appears: Appearance | None
    """What everyone agreed to show; None while nobody else may see it."""
    scopes: tuple[Scope | None, ...]
    recording: Recording | None
    transcript: Transcript | None
    jobs: tuple[Job, ...]

    def light(self, asker: Asker, channel: Channel | None = None) -> Light:
        """Return the light for being found, or for a channel."""
        return light(self.scopes, Use(Act.SHARE, channel) if channel else Use(Act.FIND), asker.day)


def shown_name(author: Person, scopes: Sequence[Scope | None]) -> str:
    """Return the author's name as far as everyone's consent shows it: full, first, or ""."""
    given = [scope for scope in scopes if scope is not None]
    if not given:
        return ""
    rank = narrowest(given).name
    return {NameShown.FULL: author.display_name, NameShown.FIRST: author.first_name, NameShown.NONE: ""}[rank]


def hidden_names(work: Work, story: Story, scopes: Sequence[Scope | None],
                 but: PersonId | None = None) -> tuple[Named, ...]:
    """Return who in the story, but that person, does not let the whole of their name be shown."""
    shown = [scope.appears.name if scope else NameShown.NONE for scope in scopes]
    people = [(work.person(person_id), name) for person_id, name in zip(story.people, shown, strict=True)
              if name is not NameShown.FULL and person_id != but]
    return tuple(Named(person.display_name, person.first_name, name) for person, name in people)


def without_names(story: Story, names: Sequence[Named]) -> Story:
    """Return the story as others read it."""
    if not names:
        return story
    return replace(story, title=without_hidden(story.title, names), text=without_hidden(story.text, names),
                   source_id=story.source_id and without_hidden(story.source_id, names))


def as_read_by(work: Work, asker: Asker, story: Story) -> tuple[Story, Transcript | None]:
    """Return a story and its latest words as the asker reads them: all of one's own, else without hidden names."""
    own = story.author_id == asker.person.id
    return _without(work, story, () if own else hidden_names(work, story, work.scopes([story])[story.id]))


def as_written_from(work: Work, asker: Asker, story: Story) -> tuple[Story, Transcript | None]:
    """Return it as the asker writes about it: also one's own without the names that the others in it hide."""
    return _without(work, story, names_not_to_write(work, asker, story))


def names_not_to_write(work: Work, asker: Asker, story: Story) -> tuple[Named, ...]:
    """Return the names that are hidden from whoever reads what the asker writes; one's own is for oneself to write."""
    return hidden_names(work, story, work.scopes([story])[story.id], but=asker.person.id)


def _without(work: Work, story: Story, names: Sequence[Named]) -> tuple[Story, Transcript | None]:
    transcript = work.transcript(story.recording_id) if story.recording_id else None
    return without_names(story, names), transcript and transcript_without_hidden(transcript, names)


def still_agreed(clip: Clip, scopes: Sequence[Scope | None], names: Sequence[Named]) -> bool:
    """Tell whether all that a rendered extract lets hear, see and read is agreed today by everyone in it."""
    readable = not names or (clip.said is not None and without_hidden(clip.said, names) == clip.said)
    return readable and clip.within(narrowest([scope for scope in scopes if scope is not None]))


class ReadStory(Step):
    """Open a story: one's own, or one that consent lets the asker read."""

    use = Act.READ

    def run(self, asker: Asker, story_id: StoryId) -> StoryView:
        """Return the story with recording, latest transcript, lights and jobs (`NotFound`)."""
        with self.tools.bank.open() as work:
            kept = self.story(work, asker, story_id)
            story, transcript = as_read_by(work, asker, kept)
            scopes = tuple(work.scopes([kept])[kept.id])
            own = kept.author_id == asker.person.id
            author = work.person(story.author_id)
            recording = work.recording(asker, Use(Act.READ), story.recording_id) if story.recording_id else None
            jobs = work.jobs_for(story.recording_id) if own and story.recording_id else []
        if recording is not None and not own:  # the name of a file and what was said about oneself may hold a name
            recording = replace(recording, original_name="", context=SpokenContext())
        given = [scope for scope in scopes if scope is not None]
        return StoryView(story, own, author.display_name if own else shown_name(author, scopes),
                         narrowest(given) if len(given) == len(scopes) else None, scopes, recording, transcript,
                         tuple(jobs))


class OwnStories(Step):
    """See one's own stories and where each stands."""

    use = Act.KEEP

    def run(self, asker: Asker) -> list[StoryView]:
        """Return one's own stories, newest first."""
        with self.tools.bank.open() as work:
            ids = [story.id for story in work.stories_of(asker.person.id)]
        reader = ReadStory(self.tools)
        return [reader.run(asker, story_id) for story_id in ids]


class OpenRecording(Step):
    """Find the media to play for a story one may read."""

    use = Act.READ

    def run(self, asker: Asker, recording_id: RecordingId) -> MediaKey:
        """Return the key of what may be played: everything to its owner and to who decides about themselves in it.

        To anybody else as far as face and voice were agreed: `NotFound` where the voice was not, or the sound alone is
        not ready.
        """
        with self.tools.bank.open() as work:
            if (deciding := heard_to_decide(work, asker, recording_id, self.tools.clock())) is not None:
                return deciding.playable_key or deciding.original_key
            recording = work.recording(asker, Use(self.use), recording_id)
            if recording.owner_id == asker.person.id:
                return recording.playable_key or recording.original_key
            allowed = work.allowed(asker, Use(self.use), [s.id for s in work.stories_of_recording(recording_id)])
            scopes = work.scopes(list(allowed.values()))
        appears = narrowest([scope for each in scopes.values() for scope in each if scope is not None])
        sound_alone = recording.kind is MediaKind.SOUND
        key = recording.playable_key if appears.face or sound_alone else recording.sound_key
        if not appears.voice or key is None:
            raise NotFound("Cet enregistrement ne s'écoute pas : lisez ses mots.",
                           "This recording is not for listening: read its words.")
        return key


class OpenClip(Step):
    """Find a rendered extract to play or download."""

    use = Act.CUT

    def run(self, asker: Asker, clip_id: ClipId) -> Clip:
        """Return the extract (`NotFound` when it is not there, or shows more than is still agreed)."""
        with self.tools.bank.open() as work:
            clip = work.clip(asker, Use(self.use), clip_id)
            story = self.story(work, asker, clip.story_id)
            scopes = work.scopes([story])[story.id]
            names = hidden_names(work, story, scopes)
        if not still_agreed(clip, scopes, names):
            raise NotFound("Cet extrait montre plus que l'accord d'aujourd'hui ne permet ; coupez-le de nouveau.",
                           "This extract shows more than today's consent allows; cut it again.")
        return replace(clip, title=without_hidden(clip.title, names))
