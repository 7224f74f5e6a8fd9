"""Recordings and the versions of their transcripts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, exists, or_, select, update

from story_bank.access import Use
from story_bank.bank import Asker
from story_bank.errors import Conflict, NotFound
from story_bank.ids import MediaKey, PersonId, RecordingId, TranscriptId, WordId
from story_bank.recording import Marker, MediaKind, Recording, SpokenContext
from story_bank.sql.permission import usable
from story_bank.sql.tables import recordings, stories, transcripts
from story_bank.sql.unit import Rows, in_turn
from story_bank.transcript import Segment, Transcript, Version, Word


class RecordingRows(Rows):
    """Recordings and transcripts."""

    def add_recording(self, recording: Recording) -> Recording:
        """Keep a new recording and return it; or return what its owner gave with the same bytes, changing nothing."""
        self._unit.claim("recording", recording.owner_id, recording.sha256)
        same = self.same_recording(recording.owner_id, recording.sha256)
        if same is None:
            self._unit.write(recordings.insert().values(_kept(recording)))
        return same or recording

    def save_recording(self, recording: Recording) -> None:
        """Replace what is known of a recording, but not whose it is (`NotFound` when it was erased meanwhile)."""
        known = {name: value for name, value in _kept(recording).items() if name != "owner_id"}
        changed = update(recordings).where(recordings.c.id == recording.id).values(known)
        if not self._unit.write(changed):
            raise _no_recording()

    def recording(self, asker: Asker, use: Use, recording_id: RecordingId) -> Recording:
        """Return a recording: its owner's, or one of a story the asker may use so (`NotFound`)."""
        told = exists().where(stories.c.recording_id == recordings.c.id, usable(asker, use))
        return self._one(recordings.c.id == recording_id, or_(recordings.c.owner_id == asker.person.id, told))

    def recording_of_job(self, recording_id: RecordingId) -> Recording:
        """Return a recording for the worker, which acts for its owner (`NotFound`)."""
        return self._one(recordings.c.id == recording_id)

    def kinds(self, recording_ids: Collection[RecordingId]) -> dict[RecordingId, MediaKind]:
        """Return which recordings are seen and which only heard, for stories that were allowed."""
        found: dict[RecordingId, MediaKind] = {}
        for part in in_turn(recording_ids):
            query = select(recordings.c.id, recordings.c.kind).where(recordings.c.id.in_(part))
            found |= {RecordingId(row.id): MediaKind(row.kind) for row in self._unit.rows(query)}
        return found

    def same_recording(self, owner_id: PersonId, sha256: str) -> Recording | None:
        """Return what this person already gave with the same bytes, if any."""
        row = self._unit.row(
            select(recordings).where(recordings.c.owner_id == owner_id, recordings.c.sha256 == sha256)
            .order_by(recordings.c.created_at, recordings.c.id))
        return None if row is None else _recording(row)

    def save_transcript(self, transcript: Transcript) -> None:
        """Add a version, or replace the same version of the recording (while it is being heard).

        The text of the recording's stories follows, in the same transaction. `Conflict` when a newer version exists,
        or when someone else has finished this one.
        """
        self._unit.claim("transcript", transcript.recording_id)
        kept = self._unit.row(_latest(transcript.recording_id))
        if kept is not None and _in_the_way(kept, transcript):
            raise Conflict("La transcription a été corrigée ailleurs entre-temps ; rechargez la page pour continuer.",
                           "The transcript was corrected elsewhere meanwhile; reload the page to go on.")
        self._unit.put(transcripts, {
            "recording_id": transcript.recording_id, "version": transcript.version, "id": transcript.id,
            "language": transcript.language, "model": transcript.model, "duration_s": transcript.duration_s,
            "segments": [_segment_kept(segment) for segment in transcript.segments],
            "created_at": transcript.created_at, "note": transcript.note, "finished": transcript.finished})
        self._unit.write(update(stories).where(stories.c.recording_id == transcript.recording_id)
                         .values(text=transcript.text))

    def transcript(self, recording_id: RecordingId, version: int | None = None) -> Transcript | None:
        """Return the latest (or that) version; callers hold a recording or story they were allowed to read."""
        query = _latest(recording_id)
        row = self._unit.row(query if version is None else query.where(transcripts.c.version == version))
        return None if row is None else _transcript(row)

    def transcript_versions(self, recording_id: RecordingId) -> list[Version]:
        """Return the versions that are kept, newest first; callers hold a recording that is the asker's own."""
        query = (select(transcripts.c.version, transcripts.c.created_at)
                 .where(transcripts.c.recording_id == recording_id).order_by(transcripts.c.version.desc()))
        return [Version(row.version, row.created_at) for row in self._unit.rows(query)]

    def drop_transcript(self, recording_id: RecordingId, version: int) -> None:
        """Remove one version, which another has replaced."""
        self._unit.write(delete(transcripts).where(transcripts.c.recording_id == recording_id,
                                                   transcripts.c.version == version))

    def _one(self, *clauses: Any) -> Recording:
        row = self._unit.row(select(recordings).where(*clauses))
        if row is None:
            raise _no_recording()
        return _recording(row)


def _latest(recording_id: RecordingId) -> Any:
    return (select(transcripts).where(transcripts.c.recording_id == recording_id)
            .order_by(transcripts.c.version.desc()).limit(1))


def _in_the_way(kept: Row[Any], new: Transcript) -> bool:
    # A job that runs again saves what it had already saved, under the same id; two people who correct the same
    # version at once each bring another id.
    if kept.version == new.version:
        return bool(kept.finished) and kept.id != new.id
    return bool(kept.version > new.version)


def _kept(recording: Recording) -> dict[str, object]:
    return {
        "id": recording.id, "owner_id": recording.owner_id, "kind": recording.kind.value,
        "original_key": recording.original_key, "original_name": recording.original_name,
        "sha256": recording.sha256, "duration_s": recording.duration_s, "language": recording.language,
        "context": asdict(recording.context), "created_at": recording.created_at,
        "question_id": recording.question_id, "markers": [asdict(marker) for marker in recording.markers],
        "playable_key": recording.playable_key, "poster_key": recording.poster_key, "sound_key": recording.sound_key,
        "voices": recording.voices, "faces": recording.faces}


def _recording(row: Row[Any]) -> Recording:
    said = SpokenContext(**{**row.context, "unusual_words": tuple(row.context["unusual_words"])})
    return Recording(
        RecordingId(row.id), PersonId(row.owner_id), MediaKind(row.kind), MediaKey(row.original_key),
        row.original_name, row.sha256, row.duration_s, row.language, said, row.created_at, row.question_id,
        tuple(Marker(**marker) for marker in row.markers), row.playable_key, row.poster_key,
        row.sound_key, row.voices, row.faces)


def _segment_kept(segment: Segment) -> dict[str, object]:
    return {"speaker": segment.speaker,
            "words": [[word.id, word.text, word.start, word.end, word.probability] for word in segment.words]}


def _transcript(row: Row[Any]) -> Transcript:
    segments = tuple(
        Segment(tuple(Word(WordId(name), *rest) for name, *rest in segment["words"]), segment["speaker"])
        for segment in row.segments)
    return Transcript(TranscriptId(row.id), RecordingId(row.recording_id), row.version, row.language, row.model,
                      row.duration_s, segments, row.created_at, row.note, row.finished)


def _no_recording() -> NotFound:
    return NotFound("Cet enregistrement n'existe pas, ou ne vous est pas ouvert.",
                    "This recording does not exist, or is not open to you.")
