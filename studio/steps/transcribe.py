"""Hearing the words first, and the picture after them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from media.transcriber import Heard, Listening
from story_bank.access import Act
from story_bank.errors import Conflict
from story_bank.ids import RecordingId, TranscriptId, new_id
from story_bank.making import JobKind
from story_bank.recording import MediaKind, Recording
from story_bank.transcript import Segment, Transcript
from studio.leftovers import half_made
from studio.steps.new_media import new_media
from studio.steps.step import Cancelled, Progress, Step, never, silent


class Transcribe(Step):
    """Turn a recording into its first transcript; segments are kept as they are heard."""

    use = Act.TRANSCRIBE

    def run(self, recording_id: RecordingId, progress: Progress = silent, cancelled: Cancelled = never) -> None:
        """Hear the recording once; run again, it changes nothing. `Cancelled` leaves the words so far, unfinished."""
        with self.tools.bank.open() as work:
            recording = work.recording_of_job(recording_id)
            before = work.transcript(recording_id)
            language = recording.language or work.person(recording.owner_id).language
        if before is not None and before.finished:
            return
        growing = Transcript(TranscriptId(new_id()), recording_id, 1, language, "", recording.duration_s, (),
                             self.tools.clock(), finished=False)
        heard, segments, voices = self._hear(recording, growing, progress, cancelled)
        note = None if segments else (heard.note_fr if language == "fr" else heard.note_en)
        self._finish(voices, replace(growing, language=heard.language, model=heard.model, segments=segments,
                                     duration_s=heard.duration_s or recording.duration_s, note=note, finished=True))

    def _hear(self, recording: Recording, growing: Transcript, progress: Progress,
              cancelled: Cancelled) -> tuple[Heard, tuple[Segment, ...], int | None]:
        heard_so_far: list[Segment] = []

        def keep(segment: Segment, share: float) -> None:
            heard_so_far.append(segment)
            self._save(replace(growing, segments=tuple(heard_so_far)))
            progress(min(1.0, max(0.0, share)))

        self._save(growing)
        with self.tools.vault.local(recording.original_key) as media:
            how = Listening(recording.language, recording.context, glossary=())
            heard = self.tools.transcriber.hear(media, how, on_segment=keep, cancelled=cancelled)
            speakers = recording.context.speakers
            if speakers > 1:
                return heard, self.tools.speakers.tell(media, heard.segments, speakers), speakers
            return heard, heard.segments, self.tools.speakers.count(media) if heard.segments else 0

    def _save(self, transcript: Transcript) -> None:
        with self.tools.bank.open() as work:
            work.save_transcript(transcript)
            work.commit()

    def _finish(self, voices: int | None, transcript: Transcript) -> None:
        with self.tools.bank.open() as work:
            work.save_transcript(transcript)
            recording = replace(work.recording_of_job(transcript.recording_id), voices=voices)
            work.save_recording(recording)
            for story in work.stories_of_recording(recording.id):
                if story.language != transcript.language:
                    work.save_story(replace(story, language=transcript.language, text=transcript.text))
                self.ask_for(work, JobKind.INDEX, story.id, recording.owner_id)
            self.ask_for(work, JobKind.NORMALISE, recording.id, recording.owner_id)
            work.commit()


class NormalisePicture(Step):
    """Make the file that every browser plays, and a poster."""

    use = Act.KEEP

    def run(self, recording_id: RecordingId, progress: Progress = silent, cancelled: Cancelled = never) -> None:
        """Normalise once; run again, it changes nothing."""
        with self.tools.bank.open() as work:
            recording = work.recording_of_job(recording_id)
        if recording.playable_key is not None:
            return
        video = recording.kind is MediaKind.VIDEO
        with half_made(self.tools.scratch, recording.id) as folder:
            target = folder / ("playable.mp4" if video else "playable.m4a")
            poster = folder / "poster.jpg" if video else None
            with self.tools.vault.local(recording.original_key) as media:
                faces = self.tools.cutter.normalise(media, target, poster, progress=progress, cancelled=cancelled)
                sound = folder / "sound.m4a" if video else None
                if sound is not None:
                    self.tools.cutter.sound(media, sound, cancelled=cancelled)
            self._keep(recording_id, faces, target, poster, sound)

    def _keep(self, recording_id: RecordingId, faces: int | None, playable: Path, poster: Path | None,
              sound: Path | None) -> None:
        with new_media(self.tools.vault) as put:
            playable_key = put(playable, playable.suffix)
            poster_key, sound_key = put(poster, ".jpg") if poster else None, put(sound, ".m4a") if sound else None
            with self.tools.bank.open() as work:
                latest = work.recording_of_job(recording_id)
                if latest.playable_key is not None:
                    raise Conflict("Cette vidéo est déjà prête.", "This video is ready already.")
                work.save_recording(replace(latest, playable_key=playable_key, poster_key=poster_key,
                                            sound_key=sound_key, faces=faces))
                work.commit()
