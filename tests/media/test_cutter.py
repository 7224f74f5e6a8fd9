"""Extracts: cut to the frame, framed on the face, captioned safely, at the asked loudness, whole or not at all."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import psutil
import pytest

from media.ass import STAGES
from media.cutter import ClipRecipe
from media.ffmpeg_cutter import FfmpegCutter
from media.framing import Face
from media.opencv_faces import OpencvFaces
from story_bank.errors import BadInput, Cancelled, NotAvailable
from story_bank.ids import WordId
from story_bank.making import CaptionStyle, Shape
from story_bank.transcript import Word
from tests.media import films

pytestmark = pytest.mark.slow

TEXTS = ("«", "L'œuvre", "»", "du", "garçon,", "c’est", "ça", "—", "voilà", "où", "l'été", "mène", "{\\fs200}", "droit")
SAID = tuple(Word(WordId(str(n)), text, n * 0.4, n * 0.4 + 0.38) for n, text in enumerate(TEXTS))


@pytest.fixture
def cutter(tmp_path: Path) -> FfmpegCutter:
    return FfmpegCutter(tmp_path / "temp")


@pytest.fixture(scope="module")
def nurse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return films.part_of_nurse(tmp_path_factory.mktemp("films") / "nurse.mp4", *films.ENCODED, seconds=3.0)


def recipe(*keep: tuple[float, float], shape: Shape = Shape.WIDE, captions: CaptionStyle = CaptionStyle.NONE,
           show_face: bool = True) -> ClipRecipe:
    return ClipRecipe(keep, shape, captions, SAID, show_face=show_face)


@pytest.mark.parametrize("fps", [24, 25, 30])
def test_a_clip_begins_and_ends_on_the_asked_frames(cutter: FfmpegCutter, tmp_path: Path, fps: int) -> None:
    """Every kept frame is there once, in order, and no other."""
    film = films.ramp(tmp_path / "ramp.mp4", fps)
    cutter.clip(film, recipe((10 / fps, 22 / fps), (50 / fps, 61 / fps)), tmp_path / "clip.mp4")
    greys = films.pictures(tmp_path / "clip.mp4")[:, 540, 960].astype(float)
    expected = [16 + 2 * n for n in (*range(10, 22), *range(50, 61))]
    assert len(greys) == len(expected)
    slope, offset = np.polyfit(greys, expected, 1)
    assert np.abs(greys * slope + offset - expected).max() < 1.5


@pytest.mark.slow
def test_picture_and_voice_stay_together_over_many_cuts(cutter: FfmpegCutter, tmp_path: Path) -> None:
    """After eight cuts each flash still has its beep, within 5 ms."""
    film = films.beeps(tmp_path / "beeps.mp4")
    keep = tuple((n + 0.611, n + 1.377) for n in range(0, 11, 1))[:9]
    cutter.clip(film, recipe(*keep), tmp_path / "clip.mp4")
    bright = films.pictures(tmp_path / "clip.mp4")[:, 540, 960] > 128
    flashes = (np.flatnonzero(np.diff(bright.astype(int)) == 1) + 1) / 25
    loud = np.abs(films.voice(tmp_path / "clip.mp4")) > 0.1
    starts = np.flatnonzero(loud)
    beeps = starts[np.insert(np.diff(starts) > 9600, 0, True)] / 48000
    assert len(flashes) == len(beeps) == 9
    assert np.abs(flashes - beeps).max() < 0.005


@pytest.mark.slow
@pytest.mark.parametrize("shape", list(Shape))
def test_a_clip_has_its_shape_and_plays_anywhere(cutter: FfmpegCutter, tmp_path: Path, nurse: Path,
                                                 shape: Shape) -> None:
    """A53: 1080×1920, 1080×1080 or 1920×1080, H.264 4:2:0 and AAC stereo, index first, no trace of a device."""
    cutter.clip(nurse, recipe((0.2, 1.2), shape=shape), tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as made:
        video, audio = made.streams.video[0], made.streams.audio[0]
        assert (video.width, video.height) == (STAGES[shape].width, STAGES[shape].height)
        assert (video.codec_context.name, video.pix_fmt) == ("h264", "yuv420p")
        assert (audio.codec_context.name, audio.channels, audio.rate) == ("aac", 2, 48000)
        assert set(made.metadata) <= {"major_brand", "minor_version", "compatible_brands"}
    content = (tmp_path / "clip.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.slow
@pytest.mark.parametrize("aside", [-360, 0, 330], ids=["left", "middle", "right"])
def test_the_vertical_crop_follows_the_face(cutter: FfmpegCutter, tmp_path: Path, aside: int) -> None:
    """Wherever the speaker sits, the face is in the middle half of the vertical picture."""
    moved = f"pad=iw*2:ih:(ow-iw)/2:0:0x607890,crop=1280:720:640-{aside}:0" if aside else "null"
    film = films.part_of_nurse(tmp_path / "aside.mp4", "-vf", moved, *films.ENCODED, seconds=2.0)
    cutter.clip(film, recipe((0.2, 1.6), shape=Shape.VERTICAL), tmp_path / "clip.mp4")
    (face,) = OpencvFaces().find(films.smaller(films.pictures(tmp_path / "clip.mp4")[20], 4))
    assert 0.35 < face.x < 0.65


@pytest.mark.slow
@pytest.mark.parametrize("style", [CaptionStyle.HIGHLIGHT, CaptionStyle.PLAIN])
def test_captions_stay_inside_the_safe_area(cutter: FfmpegCutter, tmp_path: Path, nurse: Path,
                                            style: CaptionStyle) -> None:
    """Burnt words leave the sides and the lowest fifth, where networks lay their buttons, untouched."""
    stage = STAGES[Shape.VERTICAL]
    for name, captions in (("with.mp4", style), ("without.mp4", CaptionStyle.NONE)):
        cutter.clip(nurse, recipe((0.2, 1.0), shape=Shape.VERTICAL, captions=captions), tmp_path / name)
    shown, bare = (films.pictures(tmp_path / name)[12].astype(int) for name in ("with.mp4", "without.mp4"))
    rows, columns = np.nonzero(np.abs(shown - bare) > 40)
    assert len(rows) > 2000
    assert all(60 < column < stage.width - 60 for column in (columns.min(), columns.max()))
    assert all(stage.height / 2 < row < stage.height * 0.8 for row in (rows.min(), rows.max()))


@pytest.mark.slow
@pytest.mark.parametrize("change", ["volume=0dB", "volume=-25dB", "aformat=channel_layouts=5.1", "volume=12dB"],
                         ids=["as it is", "faint", "5.1", "too loud"])
def test_loudness_is_what_networks_expect(cutter: FfmpegCutter, tmp_path: Path, change: str) -> None:
    """−14 LUFS within half a unit, true peak at most −1 dBTP, whatever came in."""
    film = films.part_of_nurse(tmp_path / "film.mp4", "-vf", "scale=320:180", "-af", change, *films.ENCODED, seconds=6)
    cutter.clip(film, recipe((0.3, 5.3), shape=Shape.SQUARE), tmp_path / "clip.mp4")
    level, peak = films.loudness(tmp_path / "clip.mp4")
    assert abs(level + 14) <= 0.5
    assert peak <= -1.0


@pytest.mark.slow
def test_sound_alone_becomes_a_picture_of_the_voice(cutter: FfmpegCutter, tmp_path: Path) -> None:
    """A card with passing bars: paper around, the red of the voice in the middle, another picture later."""
    film = films.part_of_nurse(tmp_path / "voice.m4a", "-vn", "-c:a", "copy")
    cutter.clip(film, recipe((0.2, 1.7), shape=Shape.SQUARE, captions=CaptionStyle.PLAIN), tmp_path / "clip.mp4")
    early, late = (films.picture(tmp_path / "clip.mp4", number).astype(int) for number in (5, 30))
    red = (early[..., 0] > 150) & (early[..., 1] < 90) & (early[..., 2] < 90)
    assert early.shape == (1080, 1080, 3)
    assert np.abs(early[20, 20] - (244, 239, 230)).max() < 6
    assert red.sum() > 2000
    assert np.abs(early[250:610] - late[250:610]).max() > 100


@pytest.mark.slow
def test_a_face_that_may_not_be_shown_is_not_there(cutter: FfmpegCutter, tmp_path: Path, nurse: Path) -> None:
    """L12: a consent without face gives the voice and the bars, not one pixel of the person."""
    cutter.clip(nurse, recipe((0.2, 1.2), shape=Shape.SQUARE, show_face=False), tmp_path / "clip.mp4")
    assert OpencvFaces().find(films.smaller(films.pictures(tmp_path / "clip.mp4")[10], 3)) == []


def test_a_silent_film_is_cut_all_the_same(cutter: FfmpegCutter, tmp_path: Path) -> None:
    """No sound track: the picture alone; nothing is measured, nothing fails."""
    films.ramp(tmp_path / "ramp.mp4")
    films.ffmpeg("-i", str(tmp_path / "ramp.mp4"), "-an", "-c", "copy", str(tmp_path / "mute.mp4"))
    cutter.clip(tmp_path / "mute.mp4", recipe((1.0, 2.0)), tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as made:
        assert len(made.streams.audio) == 0


@pytest.mark.parametrize(("keep", "sentence"), [
    ((), "Rien n'est choisi"), (((2.0, 1.0),), "chevauchent"), (((1.0, 2.0), (1.5, 3.0)), "chevauchent"),
    (((2.0, 3.0), (0.0, 1.0)), "chevauchent"), (((3.0, 9.0),), "dépasse la fin"), (((1.0, 1.3),), "trop court"),
    (((float("nan"), 1.0),), "chevauchent"), (((-1.0, 1.0),), "chevauchent"),
], ids=["empty", "backwards", "overlapping", "out of order", "beyond the end", "too short", "not a number", "before 0"])
def test_ranges_that_cannot_be_cut_are_refused(cutter: FfmpegCutter, tmp_path: Path,
                                               keep: tuple[tuple[float, float], ...], sentence: str) -> None:
    """Each mistake has its sentence, and leaves no file."""
    film = films.ramp(tmp_path / "ramp.mp4")
    with pytest.raises(BadInput) as refused:
        cutter.clip(film, recipe(*keep), tmp_path / "clip.mp4")
    assert sentence in refused.value.sentence.fr
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["ramp.mp4", "temp"]


@pytest.mark.parametrize("content", [b"", b"not a film", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
                                     b"ffconcat version 1.0\nfile secret.mp4\n"],
                         ids=["0 bytes", "text", "m3u8", "concat"])
def test_what_is_not_a_film_is_refused(cutter: FfmpegCutter, tmp_path: Path, content: bytes) -> None:
    """An empty file, a text, a playlist named .mp4: one sentence, no file, nothing else opened."""
    (tmp_path / "film.mp4").write_bytes(content)
    with pytest.raises(BadInput, match="not a readable"):
        cutter.normalise(tmp_path / "film.mp4", tmp_path / "made.mp4", tmp_path / "poster.jpg")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["film.mp4", "temp"]


def stops_after(calls: int) -> Callable[[], bool]:
    asked = iter(range(1_000_000))
    return lambda: next(asked) >= calls


@pytest.mark.parametrize("calls", [0, 6, 20])
def test_a_cancelled_clip_leaves_nothing(cutter: FfmpegCutter, tmp_path: Path, calls: int) -> None:
    """At any moment: the process is gone, the folder empty, the earlier file as it was."""
    (tmp_path / "clip.mp4").write_bytes(b"earlier")
    with pytest.raises(Cancelled):
        cutter.clip(films.NURSE, recipe((1.0, 60.0), shape=Shape.VERTICAL), tmp_path / "clip.mp4",
                    cancelled=stops_after(calls))
    assert (tmp_path / "clip.mp4").read_bytes() == b"earlier"
    assert list((tmp_path / "temp").iterdir()) == []
    assert not any("ffmpeg" in child.name() for child in psutil.Process().children(recursive=True))


def test_a_full_disk_is_told_as_such(cutter: FfmpegCutter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ffmpeg's own words for a full disk become one sentence that says what to do; nothing is left."""
    film = films.ramp(tmp_path / "ramp.mp4")
    fake = Path(__file__).parent.parent / "fakes" / "full_disk_ffmpeg.sh"
    monkeypatch.setenv("VECU_TEST_REAL_FFMPEG", films.find_ffmpeg())
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(fake))
    with pytest.raises(NotAvailable, match="disk is full"):
        cutter.normalise(film, tmp_path / "made.mp4", None)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["ramp.mp4", "temp"]


def test_progress_goes_forward_to_the_end(cutter: FfmpegCutter, tmp_path: Path) -> None:
    """Never backwards, never beyond 1, and 1 at the end."""
    told: list[float] = []
    cutter.clip(films.ramp(tmp_path / "ramp.mp4"), recipe((0.0, 4.0)), tmp_path / "clip.mp4", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize("name", ["été 🎬 d'un: [soir], 100%.mp4", "-i.mp4", "pipe:0.mp4"])
def test_any_file_name_is_just_a_name(cutter: FfmpegCutter, tmp_path: Path, name: str) -> None:
    """Emoji, quotes, brackets, option and protocol look-alikes are read and written as files."""
    (tmp_path / "é: 'o'").mkdir()
    film = films.ramp(tmp_path / "ramp.mp4").rename(tmp_path / "é: 'o'" / name)
    FfmpegCutter(tmp_path / "é: 'o'" / "temp").clip(
        film, recipe((0.4, 1.0), captions=CaptionStyle.PLAIN), tmp_path / "é: 'o'" / f"made {name}")
    assert len(films.pictures(tmp_path / "é: 'o'" / f"made {name}")) == 15


class FallingFaces:
    """A finder of faces that breaks at its first picture."""

    def find(self, grey: object) -> list[Face]:
        raise RuntimeError("no eyes")


def test_a_broken_finder_of_faces_is_told_at_once(tmp_path: Path) -> None:
    """An error beside ffmpeg stops ffmpeg: nothing waits for pictures nobody reads."""
    broken = FfmpegCutter(tmp_path / "temp", faces=FallingFaces())
    with pytest.raises(RuntimeError, match="no eyes"):
        broken.clip(films.NURSE, recipe((1.0, 60.0), shape=Shape.VERTICAL), tmp_path / "clip.mp4")
    assert list((tmp_path / "temp").iterdir()) == []
