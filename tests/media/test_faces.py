"""A second face that nobody declared is noticed while the picture is made playable; nothing of it is kept."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.ffmpeg_cutter import FfmpegCutter
from media.framing import OFTEN, TWICE, most_at_once

MEDIA = Path(__file__).resolve().parents[2] / "studio" / "demo" / "media"
NURSE, INTERVIEW = MEDIA / "fr1_nurse_night_shift.mp4", MEDIA / "fr3_interview_two_voices.mp4"


def test_a_pattern_taken_for_a_face_once_is_not_somebody() -> None:
    """One look, or fewer than one in ten, changes nothing."""
    assert most_at_once([1] * 30 + [2]) == 1
    assert most_at_once([1] * 30 + [3, 3]) == 1
    assert most_at_once([0, 1, 0, 1, 2, 2, 2, 1]) == 2
    assert most_at_once([]) == most_at_once([1]) == 0


@given(st.lists(st.integers(0, 5), max_size=60))
def test_no_more_faces_than_were_seen_often_enough(looks: list[int]) -> None:
    """The number told was reached in two looks and in one of ten; no greater number was."""
    most, needed = most_at_once(looks), max(TWICE, OFTEN * len(looks))
    assert most == 0 or sum(seen >= most for seen in looks) >= needed
    assert all(sum(seen >= more for seen in looks) < needed for more in range(most + 1, 7))


HALF = "crop=640:720:320:0"
BESIDE = f"[0:v]{HALF},pad=1280:720[a];[1:v]{HALF}[b];[a][b]overlay=x=640:enable='{{when}}',scale=640:-2[v]"


@pytest.mark.slow
@pytest.mark.parametrize(("picture", "faces"), [
    ("[0:v]scale=640:-2[v]", 1), (BESIDE.format(when="1"), 2), (BESIDE.format(when="between(t,2.6,3.4)"), 1)],
    ids=["one person", "two beside one another", "a passer-by for less than a second"])
def test_faces_are_counted_while_the_picture_is_made_playable(tmp_path: Path, picture: str, faces: int) -> None:
    """In twenty seconds of film, by the looks of the pass that is made anyway (L12)."""
    film = tmp_path / "film.mp4"
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-t", "20", "-i", str(NURSE), "-t", "20", "-i",
                    str(INTERVIEW), "-filter_complex", picture, "-map", "[v]", "-map", "0:a", "-preset", "ultrafast",
                    str(film)], check=True)
    assert FfmpegCutter(tmp_path / "scratch").normalise(film, tmp_path / "made.mp4", None) == faces


@pytest.mark.slow
def test_a_sound_has_no_faces(tmp_path: Path) -> None:
    """None, rather than nobody seen."""
    sound = MEDIA / "fr4_technicien_quart_heure.m4a"
    assert FfmpegCutter(tmp_path / "scratch").normalise(sound, tmp_path / "made.m4a", None) is None
