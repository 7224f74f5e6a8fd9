"""A 30 s vertical captioned clip from a 10-minute 720p file: ours, MoviePy alone, a hand-written ffmpeg command.

    python bench/clip.py [--rounds 3] [--no-moviepy]

Targets: at least 6 × faster than MoviePy with at most 0.6 × its memory; at most 1.15 × the hand-written command, which
is given the crop path and the captions ready. Memory is the largest sum of resident sets over the process tree.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from media import ass, ffmpeg_graph, ffmpeg_run
from media.captions import cues
from media.cutter import ClipRecipe
from media.ffmpeg_cutter import FfmpegCutter, shifted
from media.ffmpeg_framing import crop_filter, followed
from media.ffmpeg_probe import probe
from media.opencv_faces import OpencvFaces
from story_bank.ids import WordId
from story_bank.making import CaptionStyle, Shape
from story_bank.transcript import Segment, Word

FIXTURE = Path(__file__).resolve().parent.parent / "studio/demo/media/fr1_nurse_night_shift"
START, LENGTH, SOURCE_S = 300.0, 30.0, 600.0
ENCODING = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-pix_fmt", "yuv420p", "-threads", "2",
            "-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac", "2", "-movflags", "+faststart"]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--no-moviepy", action="store_true")
    options.add_argument("--one", choices=["ours", "moviepy"], help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        {"ours": ours, "moviepy": moviepy_alone}[chosen.one](chosen.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        compare(Path(name), chosen.rounds, not chosen.no_moviepy)


def compare(folder: Path, rounds: int, with_moviepy: bool) -> None:
    prepare(folder)
    me = [sys.executable, __file__, "--folder", str(folder), "--one"]
    seen: dict[str, list[tuple[float, float, float]]] = {"ours": [], "hand": [], "moviepy": []}
    for _ in range(rounds):
        seen["hand"].append(watched([sys.executable, "-S", "-c", hand_written(folder)]))
        seen["ours"].append(watched([*me, "ours"]))
    if with_moviepy:
        seen["moviepy"].append(watched([*me, "moviepy"]))
    for name, runs in seen.items():
        for wall, memory, cpu in runs:
            print(f"{name:8s} {wall:7.1f} s   {memory:6.0f} MB   {cpu:6.1f} CPU-s")
    best = {name: (min(r[0] for r in runs), max(r[1] for r in runs), min(r[2] for r in runs))
            for name, runs in seen.items() if runs}
    wall, memory, cpu = best["ours"]
    print(f"ours / hand-written ffmpeg: {wall / best['hand'][0]:.2f} of the time (≤ 1.15), "
          f"{cpu / best['hand'][2]:.2f} of the CPU time")
    if with_moviepy:
        print(f"MoviePy / ours: {best['moviepy'][0] / wall:.1f} × the time (≥ 6); "
              f"ours / MoviePy: {memory / best['moviepy'][1]:.2f} of the memory (≤ 0.6)")


def prepare(folder: Path) -> None:
    """Make the long file by looping the fixture, and the crop path, captions and words that all three use."""
    subprocess.run([ffmpeg_run.find_ffmpeg(), "-v", "error", "-nostdin", "-stream_loop", "-1", "-i",
                    str(FIXTURE.with_suffix(".mp4")), "-t", str(SOURCE_S), "-c", "copy", str(folder / "long.mp4")],
                   check=True)
    recipe = clip_recipe()
    watch = ffmpeg_run.Watch(folder)
    source = probe(folder / "long.mp4", watch)
    cuts = ffmpeg_graph.on_grid(source, recipe.keep)
    extract = ffmpeg_graph.Extract(cuts, recipe, watch, "")
    (folder / "crop.txt").write_text(crop_filter(extract, OpencvFaces(), 1080 / 1920))
    np.save(folder / "path.npy", followed(extract, OpencvFaces(), True, 405 / 1280) * 1280)
    made = cues([Segment(shifted(recipe.words, recipe.keep))], 26)
    (folder / "captions.ass").write_text(ass.script(made, recipe.shape, recipe.captions))
    (folder / "cues.json").write_text(json.dumps([(cue.start, cue.end, "\n".join(cue.lines)) for cue in made]))


def clip_recipe() -> ClipRecipe:
    script = json.loads(FIXTURE.with_suffix(".segments.json").read_text())
    words = [word for at in np.arange(0, SOURCE_S, script["duration"]) for segment in script["segments"]
             for word in spoken(segment, float(at))]
    return ClipRecipe(((START, START + LENGTH),), Shape.VERTICAL, CaptionStyle.HIGHLIGHT, tuple(words))


def spoken(segment: dict, at: float) -> list[Word]:
    texts = segment["text"].split()
    step = (segment["end"] - segment["start"]) / len(texts)
    starts = [at + segment["start"] + n * step for n in range(len(texts))]
    return [Word(WordId(f"{start}"), text, start, start + step) for start, text in zip(starts, texts, strict=True)]


def ours(folder: Path) -> None:
    FfmpegCutter(folder / "temp").clip(folder / "long.mp4", clip_recipe(), folder / "ours.mp4")


def hand_written(folder: Path) -> str:
    """Return a small script that runs the two commands one would write by hand, with path and captions ready."""
    ffmpeg = ffmpeg_run.find_ffmpeg()
    source = ["-ss", str(START), "-t", str(LENGTH), "-i", "long.mp4"]
    norm = "aformat=channel_layouts=stereo,loudnorm=I=-14:TP=-1.7:LRA=11"
    measure = [ffmpeg, "-nostdin", "-hide_banner", *source, "-vn", "-af", norm + ":print_format=json", "-f", "null",
               "-"]
    crop = (folder / "crop.txt").read_text()
    picture = f"fps=25,{crop},scale=1080:1920,setsar=1,ass=captions.ass:fontsdir={ass.FONTS},format=yuv420p"
    render = [ffmpeg, "-v", "error", "-nostdin", "-y", *source, "-vf", picture, "-af", "NORM", *ENCODING, "hand.mp4"]
    return "\n".join([
        "import subprocess, json, os", f"os.chdir({str(folder)!r})",
        f"said = subprocess.run({measure!r}, capture_output=True, text=True).stderr",
        "j = json.loads(said[said.rindex('{'):said.rindex('}') + 1])",
        f"norm = {norm!r} + ':linear=true:measured_I=%(input_i)s:measured_TP=%(input_tp)s:measured_LRA=%(input_lra)s"
        ":measured_thresh=%(input_thresh)s:offset=%(target_offset)s,aresample=48000' % j",
        f"subprocess.run([norm if a == 'NORM' else a for a in {render!r}], check=True)",
    ])


def moviepy_alone(folder: Path) -> None:
    """Make the same picture with MoviePy and Pillow, sound brought to about the same level."""
    from moviepy import CompositeVideoClip, TextClip, VideoFileClip, afx, vfx

    path = np.load(folder / "path.npy")
    clip = VideoFileClip(str(folder / "long.mp4")).subclipped(START, START + LENGTH)

    def cropped(get_frame, t):
        left = int(path[min(len(path) - 1, round(t * 25))])
        return get_frame(t)[:, left:left + 404]

    picture = clip.transform(cropped).with_effects([vfx.Resize((1080, 1920))])
    texts = []
    for start, end, text in json.loads((folder / "cues.json").read_text()):
        written = TextClip(font=str(ass.FONT_FILE), text=text, font_size=60, color="#fffdf8",
                           bg_color=(28, 26, 38, 200), text_align="center", margin=(24, 24))
        texts.append(written.with_start(start).with_duration(end - start).with_position(("center", 1300)))
    said = subprocess.run([ffmpeg_run.find_ffmpeg(), "-nostdin", "-ss", str(START), "-t", str(LENGTH), "-i",
                           str(folder / "long.mp4"), "-vn", "-af", "ebur128", "-f", "null", "-"],
                          capture_output=True, text=True, check=True).stderr
    level = float(re.findall(r"I:\s*(-?[\d.]+) LUFS", said)[-1])
    sound = clip.audio.with_effects([afx.MultiplyVolume(10 ** ((-14 - level) / 20))])
    CompositeVideoClip([picture, *texts], size=(1080, 1920)).with_audio(sound).write_videofile(
        str(folder / "moviepy.mp4"), fps=25, codec="libx264", audio_codec="aac", preset="veryfast", threads=2,
        logger=None, ffmpeg_params=["-crf", "21", "-pix_fmt", "yuv420p", "-movflags", "+faststart"],
        temp_audiofile_path=str(folder))


def watched(command: list[str]) -> tuple[float, float, float]:
    """Run a command; return seconds, the peak of resident memory of its whole tree in MB, and CPU seconds."""
    began, peak = time.perf_counter(), 0
    before = psutil.Process().cpu_times()
    process = psutil.Popen(command)
    while process.poll() is None:
        peak = max(peak, resident(process))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"failed: {command[:4]}")
    after = psutil.Process().cpu_times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, peak / 1e6, used


def resident(process: psutil.Process) -> int:
    total = 0
    try:
        tree = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for member in tree:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


if __name__ == "__main__":
    main()
