"""Normalising: whatever a phone or a browser made becomes what any browser plays, upright and without traces."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from media.ffmpeg_cutter import FfmpegCutter
from story_bank.errors import BadInput
from tests.media import films

pytestmark = pytest.mark.slow


@pytest.fixture
def cutter(tmp_path: Path) -> FfmpegCutter:
    return FfmpegCutter(tmp_path / "temp")


def size(film: Path) -> tuple[int, int]:
    with av.open(str(film)) as opened:
        return opened.streams.video[0].width, opened.streams.video[0].height


def test_a_phone_video_stands_upright(cutter: FfmpegCutter, tmp_path: Path) -> None:
    """Turned by its metadata: turned for good, the top stays the top."""
    films.ffmpeg("-f", "lavfi", "-i", "color=black:s=640x360:r=25:d=1,drawbox=w=iw/2:t=fill:c=white", *films.ENCODED,
                 str(tmp_path / "flat.mp4"))
    films.ffmpeg("-display_rotation", "-90", "-i", str(tmp_path / "flat.mp4"), "-c", "copy",
                 str(tmp_path / "phone.mp4"))
    cutter.normalise(tmp_path / "phone.mp4", tmp_path / "made.mp4", None)
    (first, *_) = films.pictures(tmp_path / "made.mp4")
    assert size(tmp_path / "made.mp4") == (360, 640)
    assert first[160].mean() > 200 > 50 > first[480].mean()


@pytest.mark.parametrize(("made", "expected"), [((1920, 1080), (1280, 720)), ((1080, 1920), (720, 1280)),
                                                ((641, 361), (640, 360)), ((320, 240), (320, 240)),
                                                ((2000, 400), (1280, 256))], ids=str)
def test_pictures_are_at_most_720p_even_and_never_enlarged(cutter: FfmpegCutter, tmp_path: Path, made: tuple[int, int],
                                                          expected: tuple[int, int]) -> None:
    """1280×720 or 720×1280 at most, even sides, small ones as they are."""
    films.ffmpeg("-f", "lavfi", "-i", f"testsrc=s={made[0]}x{made[1]}:r=25:d=0.4", "-c:v", "mjpeg", "-pix_fmt",
                 "yuvj444p", str(tmp_path / "film.mov"))
    cutter.normalise(tmp_path / "film.mov", tmp_path / "made.mp4", None)
    assert size(tmp_path / "made.mp4") == expected


def test_a_film_with_a_wandering_rate_becomes_steady(cutter: FfmpegCutter, tmp_path: Path) -> None:
    """Variable frame times become a constant rate of at most 30, the length is kept."""
    films.ffmpeg("-f", "lavfi", "-i", "testsrc=s=320x180:r=60:d=3", "-vf", "select='gt(mod(n,7),2)'",
                 "-fps_mode", "vfr", *films.ENCODED, str(tmp_path / "vfr.mp4"))
    cutter.normalise(tmp_path / "vfr.mp4", tmp_path / "made.mp4", None)
    with av.open(str(tmp_path / "made.mp4")) as made:
        times = np.array([float(frame.time or 0) for frame in made.decode(video=0)])
    assert np.ptp(np.diff(times)) < 1e-3
    assert np.diff(times).mean() == pytest.approx(1 / 30, abs=1e-4)
    assert times[-1] == pytest.approx(3, abs=0.1)


def test_a_browser_recording_without_length_gets_one(cutter: FfmpegCutter, tmp_path: Path) -> None:
    """MediaRecorder's WebM, written as it comes, says no duration: the MP4 does."""
    films.ffmpeg("-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=2", "-f", "lavfi", "-i", "sine=d=2", "-c:v", "libvpx",
                 "-b:v", "500k", "-deadline", "realtime", "-c:a", "libopus", "-live", "1", "-f", "webm",
                 str(tmp_path / "live.webm"))
    told: list[float] = []
    cutter.normalise(tmp_path / "live.webm", tmp_path / "made.mp4", tmp_path / "poster.jpg", progress=told.append)
    with av.open(str(tmp_path / "made.mp4")) as made:
        assert made.duration == pytest.approx(2e6, rel=0.05)
    assert told == sorted(told)


def test_traces_of_person_and_device_are_gone(cutter: FfmpegCutter, tmp_path: Path) -> None:
    """No place, no device, no title, no chapter; the index comes first."""
    films.part_of_nurse(tmp_path / "film.mp4", "-metadata", "title=Secret", "-metadata", "location=+48.85+002.35/",
                        "-metadata", "com.apple.quicktime.make=Phone", "-movflags", "use_metadata_tags", "-vf",
                        "scale=320:180", *films.ENCODED, seconds=1)
    cutter.normalise(tmp_path / "film.mp4", tmp_path / "made.mp4", tmp_path / "poster.jpg")
    content = (tmp_path / "made.mp4").read_bytes() + (tmp_path / "poster.jpg").read_bytes()
    assert not any(trace in content for trace in (b"Secret", b"+48.85", b"Phone"))
    assert content.index(b"moov") < content.index(b"mdat")


def test_the_poster_is_not_a_dark_frame(cutter: FfmpegCutter, tmp_path: Path) -> None:
    """A film that opens on black is shown by a frame one can see."""
    films.ffmpeg("-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=6", "-vf", "drawbox=t=fill:c=black:enable='lt(t,2)'",
                 *films.ENCODED, str(tmp_path / "film.mp4"))
    cutter.normalise(tmp_path / "film.mp4", tmp_path / "made.mp4", tmp_path / "poster.jpg")
    assert np.asarray(Image.open(tmp_path / "poster.jpg").convert("L")).mean() > 60


def test_a_dark_film_still_has_a_poster(cutter: FfmpegCutter, tmp_path: Path) -> None:
    """All black: a black poster rather than none."""
    films.ffmpeg("-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=2", *films.ENCODED, str(tmp_path / "film.mp4"))
    cutter.normalise(tmp_path / "film.mp4", tmp_path / "made.mp4", tmp_path / "poster.jpg")
    assert Image.open(tmp_path / "poster.jpg").size == (320, 180)


@pytest.mark.parametrize("name", ["wav", "mp3", "ogg", "flac", "m4a"])
def test_sound_alone_becomes_m4a_stereo(cutter: FfmpegCutter, tmp_path: Path, name: str) -> None:
    """5.1 or mono, any container on the list: AAC, two channels, 48 kHz, no picture."""
    layout = "5.1" if name in ("wav", "flac", "m4a") else "mono"
    films.ffmpeg("-f", "lavfi", "-i", f"sine=d=1,aformat=channel_layouts={layout}", str(tmp_path / f"voice.{name}"))
    cutter.normalise(tmp_path / f"voice.{name}", tmp_path / "made.m4a", tmp_path / "poster.jpg")
    with av.open(str(tmp_path / "made.m4a")) as made:
        assert [stream.type for stream in made.streams] == ["audio"]
        assert (made.streams.audio[0].codec_context.name, made.streams.audio[0].channels) == ("aac", 2)
    assert not (tmp_path / "poster.jpg").exists()


def test_the_voice_of_a_film_can_be_kept_without_its_picture(cutter: FfmpegCutter, tmp_path: Path) -> None:
    """For those who may hear but not see."""
    cutter.sound(films.part_of_nurse(tmp_path / "film.mp4"), tmp_path / "voice.m4a")
    with av.open(str(tmp_path / "voice.m4a")) as made:
        assert [stream.type for stream in made.streams] == ["audio"]


def test_a_film_without_sound_has_no_voice_to_keep(cutter: FfmpegCutter, tmp_path: Path) -> None:
    """One sentence, no file."""
    films.part_of_nurse(tmp_path / "mute.mp4", "-an", "-c:v", "copy", seconds=1)
    with pytest.raises(BadInput, match="no sound"):
        cutter.sound(tmp_path / "mute.mp4", tmp_path / "voice.m4a")
    assert not (tmp_path / "voice.m4a").exists()
