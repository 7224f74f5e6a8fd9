"""Cutting: words are chosen, the extract is a recipe, the file is rendered from it and dies with its consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from media.cutter import ClipRecipe
from story_bank.access import Act, Use, narrowest
from story_bank.bank import Asker, Deed, Did, Work
from story_bank.consent import Scope
from story_bank.errors import BadInput, NotAllowed
from story_bank.ids import ClipId, PersonId, StoryId, WordId, new_id
from story_bank.making import CaptionStyle, Clip, Job, JobKind, Shape
from story_bank.naming import Named, transcript_without_hidden, without_hidden
from story_bank.recording import MediaKind
from story_bank.story import Story
from story_bank.transcript import Transcript, Word
from studio.leftovers import half_made
from studio.steps.new_media import new_media
from studio.steps.read import hidden_names, still_agreed
from studio.steps.step import Cancelled, Progress, Step, never, silent

LEAD_S = 0.06
"""Kept before the first word of a kept run, so that its attack is whole."""
TAIL_S = 0.12
"""Kept after the last word, so that no syllable is lost; never into the next word."""
SHORTEST_S = 0.5


@dataclass(frozen=True, slots=True)
class Selection:
    """The words of an extract: from the first to the last, without the removed ones."""

    first: WordId
    last: WordId
    removed: tuple[WordId, ...] = ()


def kept_ranges(transcript: Transcript, chosen: Selection) -> tuple[tuple[float, float], ...]:
    """Return the seconds to keep, in order, with a breath before and a tail after each run of words.

    `BadInput` when nothing is left, or when the ends are the wrong way round or unknown.
    """
    words = list(transcript.words())
    at = {word.id: number for number, word in enumerate(words)}
    first, last = at.get(chosen.first), at.get(chosen.last)
    if first is None or last is None or first > last:
        raise BadInput("Choisissez un premier et un dernier mot, dans l'ordre du récit.",
                       "Choose a first and a last word, in the order of the story.")
    gone = set(chosen.removed)
    ranges: list[tuple[float, float]] = []
    for run in _runs([n for n in range(first, last + 1) if words[n].id not in gone]):
        before = words[run[0] - 1].end if run[0] else 0.0
        after = words[run[-1] + 1].start if run[-1] + 1 < len(words) else transcript.duration_s
        start = max(before, words[run[0]].start - LEAD_S, 0.0)
        end = min(max(after, words[run[-1]].end), words[run[-1]].end + TAIL_S)
        ranges.append((min(start, words[run[0]].start), end))
    if sum(end - start for start, end in ranges) < SHORTEST_S:
        raise BadInput("Il ne reste presque rien : gardez au moins une demi-seconde de mots.",
                       "Almost nothing is left: keep at least half a second of words.")
    return tuple(ranges)


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def captioned_words(transcript: Transcript, chosen: Selection, names: Sequence[Named] = ()) -> tuple[Word, ...]:
    """Return the words that stay, with their seconds in the source; no name that is hidden is among them."""
    words = list(transcript.words())
    at = {word.id: number for number, word in enumerate(words)}
    kept = {word.id for word in words[at[chosen.first]:at[chosen.last] + 1]} - set(chosen.removed)
    return tuple(word for word in transcript_without_hidden(transcript, names).words() if word.id in kept)


def must_be_heard(scopes: Sequence[Scope | None]) -> None:
    """Refuse to cut where somebody's voice is not agreed (`NotAllowed`)."""
    if not narrowest([scope for scope in scopes if scope is not None]).voice:
        raise NotAllowed("La voix n'est pas couverte par l'accord : cet extrait ne peut pas être coupé.",
                         "The consent does not cover the voice: this extract cannot be cut.")


class AskForClip(Step):
    """Ask for an extract of a story."""

    use = Act.CUT

    def run(self, asker: Asker, story_id: StoryId, chosen: Selection, shape: Shape, captions: CaptionStyle) -> ClipId:
        """Return the id of the extract to come (`NotAllowed` also where the voice is not agreed)."""
        with self.tools.bank.open() as work:
            work.hold_story(story_id)
            story, transcript = self._story(work, asker, story_id)
            kept_ranges(transcript, chosen)
            scopes = work.scopes([story])[story.id]
            must_be_heard(scopes)
            words, now = captioned_words(transcript, chosen, hidden_names(work, story, scopes)), self.tools.clock()
            clip = Clip(ClipId(new_id()), story.id, transcript.recording_id, asker.person.id, chosen.first, chosen.last,
                        chosen.removed, shape, captions, now, " ".join(w.text for w in words[:8]))
            work.save_clip(clip)
            work.note(Deed(now, asker.person.id, Did.CUT, story.id))
            self.ask_for(work, JobKind.CLIP, clip.id, asker.person.id)
            work.commit()
        return clip.id

    def _story(self, work: Work, asker: Asker, story_id: StoryId) -> tuple[Story, Transcript]:
        story = self.story(work, asker, story_id)
        transcript = work.transcript(story.recording_id) if story.recording_id else None
        if transcript is None or not transcript.finished:
            raise BadInput("Ce récit n'a pas d'enregistrement transcrit où couper.",
                           "This story has no transcribed recording to cut.")
        return story, transcript


@dataclass(frozen=True, slots=True)
class AskedClip:
    """An extract and, for those who asked for it, the job that renders it."""

    clip: Clip
    job: Job | None


class StoryClips(Step):
    """Find again the extracts of a story."""

    use = Act.CUT

    def run(self, asker: Asker, story_id: StoryId) -> list[AskedClip]:
        """Return the extracts, newest first; somebody else's appear once they are rendered.

        A file that shows more than is still agreed does not appear.
        """
        with self.tools.bank.open() as work:
            story = self.story(work, asker, story_id)
            scopes = work.scopes([story])[story.id]
            names = hidden_names(work, story, scopes)
            clips = [clip for clip in work.clips_of(asker, Use(self.use), story.id)
                     if (still_agreed(clip, scopes, names) if clip.media_key else clip.person_id == asker.person.id)]
            return [AskedClip(replace(clip, title=without_hidden(clip.title, names)),
                              next(iter(work.jobs_for(clip.id)), None)) for clip in clips]


class RenderClip(Step):
    """Render an extract from its recipe; consent is asked before the work, during it, and before it is kept."""

    use = Act.CUT

    def run(self, clip_id: ClipId, person_id: PersonId, progress: Progress = silent,
            cancelled: Cancelled = never) -> None:
        """Render once; run again, it changes nothing. `NotAllowed` leaves nothing behind."""
        asker = self.tools.asker(person_id)
        with self.tools.bank.open() as work:
            clip = work.clip_of_job(clip_id)
            if clip.media_key is not None:
                return
            scopes, names = self._agreed(work, clip, asker)
            transcript = work.transcript(clip.recording_id)
            recording = work.recording_of_job(clip.recording_id)
        if transcript is None:
            raise BadInput("Le texte de cet extrait n'existe plus.", "The text of this extract is gone.")
        recipe = recipe_of(clip, transcript, scopes, names)
        said = "" if clip.captions is CaptionStyle.NONE else " ".join(word.text for word in recipe.words)
        made = replace(clip, duration_s=recipe.duration_s, said=said,
                       face=recipe.show_face and recording.kind is MediaKind.VIDEO)
        with half_made(self.tools.scratch, clip.recording_id) as folder:
            target = folder / "clip.mp4"
            with self.tools.vault.local(recording.original_key) as media:
                self.tools.cutter.clip(media, recipe, target, progress=progress,
                                       cancelled=lambda: cancelled() or not self._still(clip, person_id))
            self._keep(made, target, person_id)

    def _keep(self, made: Clip, file: Path, person_id: PersonId) -> None:
        with new_media(self.tools.vault) as put:
            kept = replace(made, media_key=put(file, ".mp4"))
            asker = self.tools.asker(person_id)
            with self.tools.bank.open() as work:
                work.hold_story(made.story_id)
                work.clip_of_job(made.id)  # what was removed with a consent does not come back with the next one
                if not still_agreed(made, *self._agreed(work, made, asker)):
                    raise NotAllowed("L'accord ne couvre plus le visage ou le nom : cet extrait n'a pas été gardé.",
                                     "The consent no longer covers the face or the name: this extract was not kept.")
                work.save_clip(kept)
                work.commit()

    def _agreed(self, work: Work, clip: Clip, asker: Asker) -> tuple[list[Scope | None], tuple[Named, ...]]:
        """Return what each person permits and which names are hidden, where the extract may be cut at all."""
        story = self.story(work, asker, clip.story_id)
        scopes = work.scopes([story])[story.id]
        must_be_heard(scopes)
        return scopes, hidden_names(work, story, scopes)

    def _still(self, clip: Clip, person_id: PersonId) -> bool:
        asker = self.tools.asker(person_id)
        with self.tools.bank.open() as work:
            return bool(work.allowed(asker, Use(self.use), [clip.story_id]))


def recipe_of(clip: Clip, transcript: Transcript, scopes: Sequence[Scope | None],
              names: Sequence[Named]) -> ClipRecipe:
    """Return the recipe in seconds for today's words: captions follow a corrected word and hold no hidden name."""
    chosen = Selection(clip.first_word, clip.last_word, clip.removed)
    return ClipRecipe(kept_ranges(transcript, chosen), clip.shape, clip.captions,
                      captioned_words(transcript, chosen, names), transcript.language,
                      show_face=narrowest([scope for scope in scopes if scope is not None]).face)
