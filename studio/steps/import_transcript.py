"""Bringing a transcript that exists already: it becomes the next version, and the one before stays to go back to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from media.imported_text import Brought, TextForm, decoded, form_of, read_text
from media.laid_text import laid
from media.pysubs2_cues import read_cues
from media.transcriber import Listening
from media.whisper_json import read_whisper_json
from story_bank.access import Act, Duty
from story_bank.bank import Asker, Work
from story_bank.errors import BadInput, Conflict, NotAvailable
from story_bank.ids import RecordingId, StoryId, TranscriptId, new_id
from story_bank.language import Bilingual, Language
from story_bank.making import ENDED, JobKind
from story_bank.recording import Recording
from story_bank.transcript import Segment, Transcript
from studio.steps.step import Step, must_hold
from studio.typography import W
from studio.writing.words import language_of

MENDED = W("Des temps se chevauchaient, sortaient de l'enregistrement ou n'étaient pas dans l'ordre : ils ont été "
            "remis en ordre.", "Some times overlapped, lay outside the recording or were not in order: they were put "
                               "in order.")
IMPORTED = "import"
"""What such a transcript names as its model."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The version that was made, and one sentence where times had to be mended."""

    transcript: Transcript
    told: Bilingual | None


class ImportTranscript(Step):
    """Lay a text, SRT, VTT or Whisper JSON on one's own recording."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, data: bytes, name: str = "", language: Language | None = None, *,
            may_hear: bool = False) -> Imported:
        """Return the new version; nothing of the others is lost. `BadInput`, `NotFound`, `Conflict` while it is heard.

        Without times, the text is found among the words that were heard. Where nothing was, `may_hear` hears now;
        otherwise `NotAvailable`: have it heard first.
        """
        must_hold(asker, Duty.TELL)
        text = decoded(data)
        form = form_of(name, text)
        brought = _read(text, form)
        with self.tools.bank.open() as work:
            recording, latest = self._media(work, asker, story_id)
        heard: tuple[Segment, ...] = latest.segments if latest else ()
        if brought.untimed and latest is None:
            heard = self._heard(recording) if may_hear else _not_yet()
        made = laid(brought, heard, recording.duration_s, keep_lines=form is TextForm.JSON)
        spoken = language or brought.language or language_of(text) or (latest.language if latest else None)
        transcript = Transcript(
            TranscriptId(new_id()), recording.id, latest.version + 1 if latest else 1,
            spoken or recording.language or asker.person.language, IMPORTED, recording.duration_s, made.segments,
            self.tools.clock())
        self._keep(asker, story_id, transcript, playable=recording.playable_key is not None)
        return Imported(transcript, MENDED if made.mended else None)

    def _media(self, work: Work, asker: Asker, story_id: StoryId) -> tuple[Recording, Transcript | None]:
        story = self.own(work, asker, story_id)
        if story.recording_id is None:
            raise BadInput("Ce récit est écrit : il n'y a pas d'enregistrement sous ce texte.",
                           "This story was written: there is no recording under this text.")
        latest = work.transcript(story.recording_id)
        _refuse_while_heard(work, story.recording_id, latest)
        return work.recording_of_job(story.recording_id), latest if latest and latest.finished else None

    def _heard(self, recording: Recording) -> tuple[Segment, ...]:
        with self.tools.vault.local(recording.original_key) as media:
            return self.tools.transcriber.hear(media, Listening(recording.language, recording.context)).segments

    def _keep(self, asker: Asker, story_id: StoryId, transcript: Transcript, *, playable: bool) -> None:
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            work.save_transcript(transcript)
            if story.language != transcript.language:
                work.save_story(replace(story, language=transcript.language, text=transcript.text))
            self.ask_for(work, JobKind.INDEX, story.id, asker.person.id)
            if not playable:
                self.ask_for(work, JobKind.NORMALISE, transcript.recording_id, asker.person.id)
            work.commit()


def _read(text: str, form: TextForm) -> Brought:
    if form is TextForm.JSON:
        return read_whisper_json(text)
    return read_text(text) if form is TextForm.TXT else read_cues(text, form)


def _refuse_while_heard(work: Work, recording_id: RecordingId, latest: Transcript | None) -> None:
    hearing = any(job.kind is JobKind.TRANSCRIBE and job.state not in ENDED for job in work.jobs_for(recording_id))
    if hearing and (latest is None or not latest.finished):
        raise Conflict("Vos mots s'écrivent en ce moment ; revenez quand ils sont là, ou arrêtez la transcription.",
                       "Your words are being written just now; come back when they are here, or stop it.")


def _not_yet() -> tuple[Segment, ...]:
    raise NotAvailable("Un texte sans minutage se cale sur ce qui a été entendu : faites d'abord transcrire "
                       "l'enregistrement, ou donnez un SRT, un VTT ou un JSON.",
                       "A text without times is laid on what was heard: have the recording transcribed first, or give "
                       "an SRT, a VTT or a JSON.")
