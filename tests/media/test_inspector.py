"""What a file is, and what is refused before anything else touches it."""

from __future__ import annotations

from pathlib import Path

import pytest

from media.inspector import MediaFacts
from media.pyav_inspector import PyavInspector
from story_bank.errors import BadInput
from story_bank.recording import MediaKind
from tests.media.hostile_files import PICTURE, REFUSED, TONE, ffmpeg, film, playlist

HALF_AN_HOUR = 1800.0


def look(file: Path) -> MediaFacts:
    return PyavInspector().look(file, HALF_AN_HOUR)


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_no_whole_recording_is_refused_with_one_sentence(case: str, tmp_path: Path) -> None:
    """Each bad file gets its own sentence, in French and in English."""
    make, sentence = REFUSED[case]
    file = make(tmp_path)
    with pytest.raises(BadInput) as refusal:
        look(file)
    assert sentence in refusal.value.said("fr")
    assert refusal.value.said("en").count(".") == 1


def test_a_playlist_never_makes_us_read_the_file_it_names(tmp_path: Path) -> None:
    """The film a playlist points at is fine by itself; through the playlist it stays unread."""
    file = playlist(tmp_path)
    assert look(tmp_path / "secret.mp4").kind is MediaKind.VIDEO
    with pytest.raises(BadInput):
        look(file)


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    """A name that leads nowhere gets a sentence, not a traceback."""
    with pytest.raises(BadInput):
        look(tmp_path / "nulle-part.mp4")


def test_a_rotated_phone_video_is_seen_upright(tmp_path: Path) -> None:
    """A phone stores 320 × 180 and "turn by 90°": the person sees 180 × 320."""
    ffmpeg("-display_rotation", "90", "-i", film(tmp_path / "couche.mp4"), "-c", "copy", tmp_path / "debout.mp4")
    facts = look(tmp_path / "debout.mp4")
    assert (facts.width, facts.height) == (180, 320)


def test_a_film_is_described(tmp_path: Path) -> None:
    """Kind, length, size and rate of an ordinary film, under a name with an emoji."""
    facts = look(film(tmp_path / "🎤 fête d’équipe.mp4"))
    assert facts.kind is MediaKind.VIDEO
    assert (facts.width, facts.height, facts.fps, facts.suffix, facts.channels) == (320, 180, 10.0, ".mp4", 1)
    assert facts.duration_s == pytest.approx(6.0, abs=0.1)


def test_six_channels_are_welcome(tmp_path: Path) -> None:
    """A 5.1 file is taken, and its channels counted."""
    ffmpeg(*TONE, "-af", "pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0", tmp_path / "cinema.m4a")
    assert look(tmp_path / "cinema.m4a").channels == 6


@pytest.mark.parametrize("name", ["a.wav", "a.mp3", "a.ogg", "a.flac", "a.aac", "a.m4a", "a.mkv"])
def test_the_container_decides_the_suffix_whatever_the_name(name: str, tmp_path: Path) -> None:
    """A file is known by its bytes: each container keeps its suffix under a false name."""
    ffmpeg(*TONE, *(["-c:a", "aac"] if name.endswith("mkv") else []), tmp_path / name)
    file = (tmp_path / name).rename(tmp_path / "enregistrement")
    assert look(file).suffix == Path(name).suffix
    assert look(file).kind is MediaKind.SOUND


def test_a_browser_recording_without_duration_is_measured(tmp_path: Path) -> None:
    """MediaRecorder writes WebM without a length: its packets tell."""
    ffmpeg(*PICTURE, *TONE, "-t", "2", "-s", "160x90", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8",
           "-c:a", "libopus", "-f", "webm", "-live", "1", tmp_path / "live.webm")
    facts = look(tmp_path / "live.webm")
    assert facts.suffix == ".webm"
    assert facts.duration_s == pytest.approx(2.0, abs=0.2)


def test_the_cover_of_a_song_is_no_picture(tmp_path: Path) -> None:
    """An MP3 with a cover is sound alone."""
    ffmpeg(*PICTURE, "-frames:v", "1", tmp_path / "cover.png")
    ffmpeg(*TONE, "-i", tmp_path / "cover.png", "-map", "0", "-map", "1", "-c:v", "copy",
           "-disposition:v", "attached_pic", tmp_path / "chanson.mp3")
    assert look(tmp_path / "chanson.mp3").kind is MediaKind.SOUND
