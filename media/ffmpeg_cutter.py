"""Cutting with ffmpeg: normalised recordings and captioned extracts, whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media import ass, ffmpeg_graph, waveform
from media.captions import cues
from media.cutter import ClipRecipe, Progress
from media.ffmpeg_framing import crop_filter, faces_in, glances
from media.ffmpeg_graph import Cuts, Extract
from media.ffmpeg_loudness import levelled, measured
from media.ffmpeg_probe import Source, probe
from media.ffmpeg_run import Watch, disk_full, opened, run
from media.framing import FaceFinder
from media.opencv_faces import OpencvFaces
from story_bank.errors import BadInput
from story_bank.making import CaptionStyle
from story_bank.transcript import Segment, Word

NORMAL_WIDTH, NORMAL_HEIGHT = 1280, 720
SHORTEST_S = 0.5
LATE_S = 0.25
"""A range may end this much after the last frame: containers round their length."""
NAMELESS = ["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact",
            "-flags:a", "+bitexact", "-movflags", "+faststart"]
AAC = ["-c:a", "aac", "-b:a", "160k", "-ar", str(ffmpeg_graph.RATE_HZ), "-ac", "2"]


class FfmpegCutter:
    """Keeps the promise of `Cutter` with one ffmpeg graph for each picture, in a folder of its own."""

    def __init__(self, temp: Path, threads: int = 2, faces: FaceFinder | None = None) -> None:
        self._temp = temp
        self._threads = threads
        self._faces = faces or OpencvFaces()

    def normalise(self, source: Path, target: Path, poster: Path | None, *, progress: Progress = lambda _: None,
                  cancelled: Callable[[], bool] = lambda: False) -> int | None:
        """Write what any browser plays: MP4, upright, at most 1280×720 (720×1280), or M4A; and a JPEG poster.

        Return the most faces seen at once, from small pictures of the same pass; None where there is no picture.
        """
        with self._folder() as folder:
            watch = Watch(folder, cancelled=cancelled)
            found = probe(source, watch)
            watch = replace(watch, seconds=found.duration_s, progress=progress)
            if not found.picture:
                self._sound_alone(found, target, watch)
                return None
            width, height = _at_most_720p(found)
            steps = f"fps={found.rate},scale={width}:{height}:flags=bicubic,setsar=1,format=yuv420p"
            made, looks = folder / "normal.mp4", folder / "looks.gray"
            run([*opened(source), "-map", "0:v:0", "-map", "0:a:0?", "-sn", "-dn", "-vf", steps,
                 "-af", f"aresample={ffmpeg_graph.RATE_HZ}:async=1:first_pts=0", *self._h264(23), *AAC, *NAMELESS,
                 str(made), *glances(found, looks)], watch)
            if poster is not None:
                _keep(self._poster(made, found, watch), poster)
            _keep(made, target)
            return faces_in(looks, found, self._faces)

    def sound(self, source: Path, target: Path, *, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Write the sound alone as M4A (AAC stereo, no metadata)."""
        with self._folder() as folder:
            found = probe(source, Watch(folder, cancelled=cancelled))
            self._sound_alone(found, target, Watch(folder, found.duration_s, cancelled=cancelled))

    def clip(self, source: Path, recipe: ClipRecipe, target: Path, *, progress: Progress = lambda _: None,
             cancelled: Callable[[], bool] = lambda: False) -> None:
        """Render an extract in its shape, with captions and loudness; sound alone, or a hidden face, gets bars."""
        with self._folder() as folder:
            watch = Watch(folder, cancelled=cancelled)
            found = probe(source, watch)
            _check(recipe, found)
            cuts = ffmpeg_graph.on_grid(found, recipe.keep)
            watch = replace(watch, seconds=cuts.seconds, progress=lambda share: progress(0.1 + 0.9 * share))
            extract = Extract(cuts, recipe, watch, _burnt_captions(recipe, cuts, folder))
            made = self._face(extract) if found.picture and recipe.show_face else self._bars(extract)
            progress(1.0)
            _keep(made, target)

    def _face(self, extract: Extract) -> Path:
        """Render with the picture, cropped around the face; the voice is measured while the face is looked for."""
        stage = ass.STAGES[extract.recipe.shape]
        with ThreadPoolExecutor(1) as aside:
            measuring = aside.submit(measured, extract)
            crop = crop_filter(extract, self._faces, stage.width / stage.height)
            loud = levelled(extract, measuring.result())
        graph = ffmpeg_graph.picture(extract.cuts, crop, stage, extract.captions)
        return self._render(extract, extract.cuts.inputs("-threads", str(self._threads)), graph, loud)

    def _bars(self, extract: Extract) -> Path:
        """Render a card with passing bars in place of the picture."""
        shape, rate, folder = extract.recipe.shape, extract.cuts.source.rate, extract.watch.folder
        stage, place = ass.STAGES[shape], waveform.PLACES[shape]
        pcm: list[NDArray[np.int16]] = []
        loud = levelled(extract, measured(extract, lambda pipe: pcm.append(np.frombuffer(pipe.read(), np.int16))))
        waveform.draw_card(shape, stage.width, stage.height, folder / "card.png")
        inputs = extract.cuts.inputs()
        card, bars = inputs.count("-i"), inputs.count("-i") + 1
        inputs += ["-framerate", str(rate), "-i", "card.png", "-f", "rawvideo", "-pix_fmt", "rgb24",
                   "-s", f"{place.width}x{place.height}", "-framerate", str(rate), "-i", "pipe:0"]
        captions = f",{extract.captions}" if extract.captions else ""
        graph = (f"[{card}:v]format=yuv420p,loop=-1:1[card];[card][{bars}:v]overlay={place.x}:{place.y}:shortest=1"
                 f"{captions},format=yuv420p[v]")
        voice = pcm[0] if pcm else np.zeros(0, np.int16)
        feed = waveform.frames(voice, shape, rate, round(extract.cuts.seconds * rate))
        return self._render(extract, inputs, graph, loud, feed)

    def _render(self, extract: Extract, inputs: list[str], graph: str, loud: str,
                feed: Iterator[bytes] | None = None) -> Path:
        made = extract.watch.folder / "clip.mp4"
        (extract.watch.folder / "graph.txt").write_text(f"{graph};{loud}" if loud else graph, encoding="utf-8")
        run([*inputs, "-filter_complex_threads", str(self._threads), "-/filter_complex", "graph.txt", "-map", "[v]",
             *(["-map", "[a]", *AAC] if loud else []), *self._h264(21), "-r", str(extract.cuts.source.rate),
             "-fps_mode", "cfr", "-t", f"{extract.cuts.seconds:.6f}", *NAMELESS, str(made)], extract.watch, feed=feed)
        return made

    def _sound_alone(self, found: Source, target: Path, watch: Watch) -> None:
        if not found.sound:
            raise BadInput("Ce fichier n'a pas de son.", "This file has no sound.")
        made = watch.folder / "sound.m4a"
        run([*opened(found.path), "-map", "0:a:0", "-vn", "-sn", "-dn",
             "-af", f"aresample={ffmpeg_graph.RATE_HZ}:async=1:first_pts=0", *AAC, *NAMELESS, str(made)], watch)
        _keep(made, target)

    def _poster(self, video: Path, found: Source, watch: Watch) -> Path:
        """Choose a frame near the beginning that is typical and not dark."""
        made = watch.folder / "poster.jpg"
        bright = "blackframe=0:64,metadata=select:key=lavfi.blackframe.pblack:value=60:function=less,thumbnail=50"
        for start, steps in ((0.08 * found.duration_s, bright), (0.0, "thumbnail=10")):
            steps += ",scale=out_range=full,format=yuvj420p"
            run([*opened(video, "-ss", f"{start:.3f}", "-t", "20"), "-map", "0:v:0", "-vf", steps, "-frames:v", "1",
                 "-update", "1", "-q:v", "3", "-map_metadata", "-1", "-flags:v", "+bitexact", str(made)],
                replace(watch, progress=lambda _: None))
            if made.exists():
                break
        return made

    def _h264(self, crf: int) -> list[str]:
        return ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", str(crf), "-pix_fmt", "yuv420p",
                "-threads", str(self._threads)]

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        """Give a folder that is gone afterwards, whatever happened; a full disk is told as such."""
        try:
            self._temp.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._temp, prefix="cut-") as name:
                yield Path(name).resolve()
        except OSError as cause:
            if cause.errno in (errno.ENOSPC, errno.EDQUOT):
                raise disk_full() from cause
            raise


def _check(recipe: ClipRecipe, source: Source) -> None:
    """Refuse ranges that cannot be cut, each with its sentence."""
    if not recipe.keep:
        raise BadInput("Rien n'est choisi : gardez au moins un passage.",
                       "Nothing is selected: keep at least one passage.")
    before = 0.0
    for start, end in recipe.keep:
        if not start >= before or not end > start:
            raise BadInput("Les passages se chevauchent ou ne se suivent pas : donnez-les dans l'ordre du récit.",
                           "The passages overlap or are out of order: give them in the order of the story.")
        before = end
    if before > source.duration_s + LATE_S:
        length = f"{source.duration_s:.1f}"
        comma = length.replace(".", ",")
        raise BadInput(f"Le passage dépasse la fin de l'enregistrement ({comma} s) : raccourcissez-le.",
                       f"The passage goes past the end of the recording ({length} s): shorten it.")
    if recipe.duration_s < SHORTEST_S - 1e-6:
        raise BadInput("L'extrait est trop court : gardez au moins une demi-seconde.",
                       "The extract is too short: keep at least half a second.")


def shifted(words: Sequence[Word], keep: Sequence[tuple[float, float]]) -> tuple[Word, ...]:
    """Return the words heard in the kept ranges, with their seconds in the extract."""
    made, offset = [], 0.0
    for start, end in keep:
        for word in words:
            if start <= (word.start + word.end) / 2 < end:
                made.append(replace(word, start=offset + max(word.start, start) - start,
                                    end=offset + min(word.end, end) - start))
        offset += end - start
    return tuple(made)


def _burnt_captions(recipe: ClipRecipe, cuts: Cuts, folder: Path) -> str:
    """Write the caption script beside its font and return the filter that burns it in."""
    rate = cuts.source.rate
    words = shifted(recipe.words, [(a / rate, b / rate) for a, b in cuts.frames])
    if recipe.captions is CaptionStyle.NONE or not words:
        return ""
    made = cues([Segment(words)], ass.STAGES[recipe.shape].line_chars)
    (folder / "captions.ass").write_text(ass.script(made, recipe.shape, recipe.captions), encoding="utf-8")
    (folder / "fonts").mkdir()
    shutil.copy(ass.FONT_FILE, folder / "fonts")
    return "ass=f=captions.ass:fontsdir=fonts"


def _at_most_720p(source: Source) -> tuple[int, int]:
    """Return the size to normalise to: never enlarged, even, at most 1280×720 or, upright, 720×1280."""
    wide, high = (NORMAL_WIDTH, NORMAL_HEIGHT) if source.width >= source.height else (NORMAL_HEIGHT, NORMAL_WIDTH)
    factor = min(1.0, wide / source.width, high / source.height)
    return max(2, 2 * int(source.width * factor / 2)), max(2, 2 * int(source.height * factor / 2))


def _keep(made: Path, target: Path) -> None:
    """Move a finished file to its place in one step, also from another disk."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            os.replace(made, target)
        except OSError as cause:
            if cause.errno != errno.EXDEV:
                raise
            shutil.copyfile(made, partial)
            os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
