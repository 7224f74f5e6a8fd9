"""Faces in small grey pictures from ffmpeg: the crop that follows one through an extract, and how many there are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from media.ffmpeg_graph import Cuts, Extract
from media.ffmpeg_probe import Source
from media.ffmpeg_run import run
from media.framing import FaceFinder, Sight, chosen, crop_path, most_at_once
from story_bank.making import Shape

LOOKS_PER_SECOND = 2
LOOK_PX = 320
GLANCES = 120
"""How often a whole recording is looked at to count faces, once a second at most: one second of CPU."""


def crop_filter(extract: Extract, faces: FaceFinder, aspect: float) -> str:
    """Return the crop filter that keeps the face in a picture of another shape, or "" where bands suit better."""
    source, shape = extract.cuts.source, extract.recipe.shape
    if shape is Shape.WIDE or abs(source.width / source.height / aspect - 1) < 0.02:
        return ""
    across = source.width / source.height > aspect
    kept = source.height * aspect / source.width if across else source.width / aspect / source.height
    width, height = (kept * source.width, source.height) if across else (source.width, kept * source.height)
    path = followed(extract, faces, across, kept)
    pixels = [round(edge * (source.width if across else source.height)) for edge in path]
    moves = [(n, edge) for n, edge in enumerate(pixels) if n and edge != pixels[n - 1]]
    axis, at = ("x", f"{pixels[0]}:0") if across else ("y", f"0:{pixels[0]}")
    crop = f"crop={2 * int(width / 2)}:{2 * int(height / 2)}:{at}:exact=1"
    if not moves:
        return crop
    commands = "".join(f"{(n - 0.5) / source.rate:.4f} crop {axis} {edge};\n" for n, edge in moves)
    (extract.watch.folder / "path.txt").write_text(commands, encoding="utf-8")
    return f"sendcmd=f=path.txt,{crop}"


def followed(extract: Extract, faces: FaceFinder, across: bool, kept: float) -> NDArray[np.float64]:
    """Return the near edge of the crop for each frame of the extract, as a share of the picture."""
    sights = [(sight.at, (sight.face.x if across else sight.face.y) if sight.face else None)
              for sight in looks(extract, faces)]
    rate, paths, start = extract.cuts.source.rate, [], None
    for a, b in extract.cuts.frames:
        near = [(at, where) for at, where in sights if a / rate - 1 <= at <= b / rate + 1]
        path = crop_path(near, np.arange(a, b) / rate, kept, 0.5 if across else 0.42, start)
        start = float(path[-1])
        paths.append(path)
    return np.concatenate(paths)


def looks(extract: Extract, faces: FaceFinder) -> list[Sight]:
    """Look for the face twice a second, on small grey pictures of the kept stretches alone."""
    source, sights = extract.cuts.source, list[Sight]()
    width, height = small(source)
    for stretch in extract.cuts.stretches:
        alone = Cuts(source, (stretch,))
        first = stretch.first / source.rate

        def look(pipe: IO[bytes], first: float = first) -> None:
            before, number = None, 0
            while len(grey := pipe.read(width * height)) == width * height:
                seen = faces.find(np.frombuffer(grey, np.uint8).reshape(height, width))
                before = chosen(seen, before)
                sights.append(Sight(first + number / LOOKS_PER_SECOND, before if seen else None))
                number += 1

        steps = f"fps={LOOKS_PER_SECOND}:start_time=0,scale={width}:{height}:flags=fast_bilinear,format=gray"
        run([*alone.inputs("-skip_frame", "noref", "-skip_loop_filter", "all", "-threads", "2"),
             "-map", "0:v:0", "-vf", steps, "-f", "rawvideo", "pipe:1"],
            replace(extract.watch, progress=lambda _: None), read=look)
    return sights


def small(source: Source) -> tuple[int, int]:
    """Return the size of the pictures that are looked at."""
    scale = LOOK_PX / max(source.width, source.height)
    return 2 * round(source.width * scale / 2), 2 * round(source.height * scale / 2)


def glances(source: Source, target: Path) -> list[str]:
    """Return the arguments of one more output of a run: small grey pictures spread over it, in one file."""
    rate = min(1.0, GLANCES / max(source.duration_s, 1.0))
    width, height = small(source)
    steps = f"fps={rate:.6f}:start_time=0,scale={width}:{height}:flags=fast_bilinear,format=gray"
    return ["-map", "0:v:0", "-an", "-sn", "-dn", "-vf", steps, "-f", "rawvideo", str(target)]


def faces_in(pictures: Path, source: Source, faces: FaceFinder) -> int:
    """Return the most faces seen at once in the pictures of `glances`; nothing of a face is kept."""
    width, height = small(source)
    seen = np.fromfile(pictures, np.uint8)
    whole = seen[:len(seen) // (width * height) * width * height].reshape(-1, height, width)
    return most_at_once([len(faces.find(picture)) for picture in whole])
