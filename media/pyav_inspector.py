"""Looking at a hostile file with PyAV: what it is, and whether all of it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from media.inspector import MediaFacts, NotWhole
from media.pyav_file import MAX_PIXELS, no_sound, opened, seconds, unreadable
from story_bank.errors import BadInput
from story_bank.recording import MediaKind

MISSING_S, MISSING_SHARE = 1.0, 0.03
"""A track that ends earlier than it says by more than both was cut short; encoders round by less."""
GRACE_S = 5.0
"""A recorder notices within a second or two that it is at the limit, and later in a page that is out of sight."""
PROOF_PACKETS = 200
"""A packet of sound that decodes is looked for among this many."""
SUFFIXES = {"wav": ".wav", "mp3": ".mp3", "ogg": ".ogg", "flac": ".flac", "aac": ".aac"}
WEB_CODECS = frozenset({"vp8", "vp9", "av1", "opus", "vorbis"})


@dataclass(slots=True)
class _Track:
    """A stream as its container declares it, and where its packets really end (seconds)."""

    stream: Any
    declared: float | None
    ends: float = 0.0

    def short(self) -> bool:
        """Tell whether packets are missing at the end."""
        return self.declared is not None and _short(self.ends, self.declared)


class PyavInspector:
    """Opens only containers on a list, without network or playlists, and never decodes more than a moment."""

    def look(self, file: Path, limit_s: float) -> MediaFacts:
        """Return what the file is, or raise `BadInput`: empty, not media, no sound, too large; `NotWhole`.

        Sound must decode, and packets must reach the declared end: a faststart file cut in two still opens.
        """
        with opened(file) as container:
            sound = next(iter(container.streams.audio), None)
            picture = _picture(container)
            if not container.streams:
                raise unreadable()
            if sound is None:
                raise no_sound()
            if picture is not None and picture.codec_context.width * picture.codec_context.height > MAX_PIXELS:
                raise BadInput("Cette image est trop grande pour le studio (plus de 8K) : exportez la vidéo en 1080p.",
                               "This picture is too large for the studio (above 8K): export the video at 1080p.")
            origin = (container.start_time or 0) / 1_000_000
            declared = (container.duration or 0) / 1_000_000
            _within(declared, limit_s)
            tracks = [_Track(stream, _declared_end(stream, origin)) for stream in (sound, picture) if stream]
            upright = _walk(container, tracks, origin, limit_s)
            duration = _whole(tracks, max(declared, _promised_by_riff(file, container, tracks[0])))
            return MediaFacts(
                kind=MediaKind.SOUND if picture is None else MediaKind.VIDEO, duration_s=round(duration, 3),
                suffix=_suffix(container, picture), width=upright[0], height=upright[1],
                fps=round(float(picture.average_rate or 0), 3) if picture is not None else 0.0,
                channels=sound.codec_context.channels)


def _picture(container: Any) -> Any:
    """Return the moving picture, or None: the cover of a song is no picture."""
    import av

    cover = av.stream.Disposition.attached_pic
    return next((stream for stream in container.streams.video if not stream.disposition & cover), None)


def _declared_end(stream: Any, origin: float) -> float | None:
    length = seconds(stream.duration, stream.time_base)
    return None if length is None else (seconds(stream.start_time, stream.time_base) or 0.0) - origin + length


def _walk(container: Any, tracks: list[_Track], origin: float, limit_s: float) -> tuple[int, int]:
    """Read every packet of the tracks; return the upright size of the picture, 0 × 0 for sound (`BadInput`)."""
    by_index = {track.stream.index: track for track in tracks}
    heard, tries, size = False, 0, (0, 0)
    for packet in _packets(container, [track.stream for track in tracks]):
        track = by_index[packet.stream.index]
        at = packet.pts if packet.pts is not None else packet.dts
        if at is not None and packet.time_base is not None:
            track.ends = max(track.ends, float((at + (packet.duration or 0)) * packet.time_base) - origin)
            _within(track.ends, limit_s)
        if packet.stream.type == "audio" and not heard and tries < PROOF_PACKETS:
            tries += 1
            heard = bool(_frames(packet))
        if packet.stream.type == "video" and size == (0, 0) and track.ends < 10.0:
            size = next((_upright(frame) for frame in _frames(packet)), size)
    if not heard:
        raise unreadable()
    return size


def _packets(container: Any, streams: list[Any]) -> Iterator[Any]:
    import av

    try:
        yield from container.demux(streams)
    except av.error.EOFError:
        return
    except av.error.InvalidDataError as cause:
        raise cut_short() from cause


def _frames(packet: Any) -> list[Any]:
    import av

    try:
        return list(packet.decode())
    except av.error.FFmpegError:
        return []  # one broken packet: later ones may be whole


def _upright(frame: Any) -> tuple[int, int]:
    return (frame.height, frame.width) if frame.rotation % 180 == 90 else (frame.width, frame.height)


def _whole(tracks: list[_Track], declared: float) -> float:
    """Return how long the media really is, or raise `BadInput` where packets are missing at the end."""
    really = max(track.ends for track in tracks)
    if any(track.short() for track in tracks) or (declared and _short(really, declared)):
        raise cut_short()
    if really <= 0:
        raise unreadable()
    return really


def _promised_by_riff(file: Path, container: Any, sound: _Track) -> float:
    """Return the seconds that a WAV's own header promises: FFmpeg quietly takes what is left of a cut one."""
    with file.open("rb") as reading:
        head = reading.read(8)
    promised, there = int.from_bytes(head[4:], "little") + 8, file.stat().st_size
    if container.format.name != "wav" or head[:4] != b"RIFF" or promised > 0xFFFFFF00:  # a live recorder writes −1
        return 0.0
    return sound.ends * promised / there


def _short(ends: float, declared: float) -> bool:
    return declared - ends > max(MISSING_S, MISSING_SHARE * declared)


def _within(duration_s: float, limit_s: float) -> None:
    if duration_s > limit_s + GRACE_S:
        minutes = f"{limit_s / 60:g}"
        raise NotWhole(
            f"Cet enregistrement dépasse la limite de {minutes} minutes : coupez-le, ou racontez en plusieurs fois.",
            f"This recording is longer than the limit of {minutes} minutes: cut it, or tell it in several parts.")


def cut_short() -> NotWhole:
    """Make the error for a file whose end is missing."""
    return NotWhole("Ce fichier est incomplet, sa fin manque : copiez-le ou envoyez-le de nouveau.",
                    "This file is incomplete, its end is missing: copy it or send it again.")


def _suffix(container: Any, picture: Any) -> str:
    name = container.format.name
    if "matroska" in name:
        codecs = {stream.codec_context.codec.canonical_name for stream in (*container.streams.audio, picture) if stream}
        return ".webm" if codecs <= WEB_CODECS else ".mkv"
    if "mp4" in name:
        return ".m4a" if picture is None else ".mp4"
    return SUFFIXES[name]
