"""The one ffmpeg graph of an extract, as text: ranges on the frame grid, crop, scale, captions, loudness.

Ranges are counted in frames of the made clip and sound is cut at the same instants in samples, so picture and voice
cannot drift apart, however many cuts there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from media.ass import Stage
from media.cutter import ClipRecipe
from media.ffmpeg_probe import Source
from media.ffmpeg_run import Watch, opened

RATE_HZ = 48_000
FADE_S = 0.008
"""A cut in the sound clicks without a fade of 8 ms."""
NEAR_S = 8.0
"""Ranges nearer than this are read through in one go; farther ones are sought."""
LARGEST_ENLARGEMENT = 3.0
"""In the wide format a small picture stands on ink rather than being blown up further."""
INK = "0x1c1a26"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the source read in one go: from a frame of it, the ranges in frames from there."""

    first: int
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Cuts:
    """Kept ranges on the frame grid of a source."""

    source: Source
    stretches: tuple[Stretch, ...]

    @property
    def frames(self) -> list[tuple[int, int]]:
        """The ranges in frames of the source."""
        return [(stretch.first + a, stretch.first + b) for stretch in self.stretches for a, b in stretch.ranges]

    @property
    def seconds(self) -> float:
        """Length of the extract."""
        return sum(b - a for a, b in self.frames) / self.source.rate

    def inputs(self, *options: str) -> list[str]:
        """Return the arguments that open the source once for each stretch."""
        rate, made = self.source.rate, []
        for stretch in self.stretches:
            length = stretch.ranges[-1][1] / rate + 0.5
            made += opened(self.source.path, *options, "-ss", f"{stretch.first / rate:.6f}", "-t", f"{length:.6f}")
        return made


@dataclass(frozen=True, slots=True)
class Extract:
    """An extract being made: `captions` is the filter that burns them, or ""."""

    cuts: Cuts
    recipe: ClipRecipe
    watch: Watch
    captions: str


def on_grid(source: Source, keep: Sequence[tuple[float, float]]) -> Cuts:
    """Snap ranges to whole frames and gather the near ones."""
    rate = source.rate
    last = max(1, round(source.duration_s * rate))
    ranges = [(min(round(a * rate), last - 1), min(round(b * rate), last)) for a, b in keep]
    groups: list[list[tuple[int, int]]] = []
    for a, b in ((a, max(b, a + 1)) for a, b in ranges):
        if groups and a - groups[-1][-1][1] <= NEAR_S * rate:
            groups[-1].append((a, b))
        else:
            groups.append([(a, b)])
    return Cuts(source, tuple(_stretch(group, rate) for group in groups))


def _stretch(group: Sequence[tuple[int, int]], rate: int) -> Stretch:
    first = max(0, group[0][0] - rate // 2)  # a seek may land a frame off: start early, count from there
    return Stretch(first, tuple((a - first, b - first) for a, b in group))


def picture(cuts: Cuts, crop: str, stage: Stage, captions: str) -> str:
    """Return the chains from the source's pictures to [v]; `crop` and `captions` are filters ("" for none)."""
    rate, chains, labels = cuts.source.rate, [], []
    for number, stretch in enumerate(cuts.stretches):
        names = [f"v{number}_{k}" for k in range(len(stretch.ranges))]
        square = "" if cuts.source.square_pixels else f",scale={cuts.source.width}:{cuts.source.height},setsar=1"
        chains.append(f"[{number}:v:0]fps={rate}:start_time=0{square}{_split('split', names)}")
        chains += [f"[{name}]trim=start_frame={a}:end_frame={b},setpts=PTS-STARTPTS[{name}c]"
                   for name, (a, b) in zip(names, stretch.ranges, strict=True)]
        labels += [f"[{name}c]" for name in names]
    shaped = [step for step in (crop, fitted(cuts.source, stage, bool(crop)), captions, "format=yuv420p") if step]
    return ";".join([*chains, f"{_concat(labels, 'v')}{','.join(shaped)}[v]"])


def fitted(source: Source, stage: Stage, cropped: bool) -> str:
    """Return the scaling of a picture to its stage, with bands of ink where the shape differs."""
    size = f"{stage.width}:{stage.height}"
    if cropped:
        return f"scale={size}:flags=bicubic,setsar=1"
    factor = min(stage.width / source.width, stage.height / source.height, LARGEST_ENLARGEMENT)
    width, height = (2 * round(side * factor / 2) for side in (source.width, source.height))
    bands = "" if (width, height) == (stage.width, stage.height) else f",pad={size}:(ow-iw)/2:(oh-ih)/2:{INK}"
    return f"scale={width}:{height}:flags=bicubic,setsar=1{bands}"


def sound(cuts: Cuts, after: str = "anull", name: str = "a") -> str:
    """Return the chains from the source's sound to stereo at 48 kHz, cut to the sample, then `after`."""
    per_frame, chains, labels = RATE_HZ / cuts.source.rate, [], []
    for number, stretch in enumerate(cuts.stretches):
        names = [f"a{number}_{k}" for k in range(len(stretch.ranges))]
        chains.append(f"[{number}:a:0]aresample={RATE_HZ}:async=1:first_pts=0,"
                      f"aformat=sample_fmts=fltp:channel_layouts=stereo,apad=whole_dur={_length(stretch, cuts):.6f}"
                      f"{_split('asplit', names)}")
        for label, (a, b) in zip(names, stretch.ranges, strict=True):
            out = (b - a) / cuts.source.rate - FADE_S
            chains.append(f"[{label}]atrim=start_sample={round(a * per_frame)}:end_sample={round(b * per_frame)},"
                          f"asetpts=PTS-STARTPTS,afade=t=in:d={FADE_S},afade=t=out:st={out:.6f}:d={FADE_S}[{label}c]")
        labels += [f"[{label}c]" for label in names]
    return ";".join([*chains, f"{_concat(labels, 'a')}{after}[{name}]"])


def _length(stretch: Stretch, cuts: Cuts) -> float:
    return stretch.ranges[-1][1] / cuts.source.rate


def _split(kind: str, names: Sequence[str]) -> str:
    many = f",{kind}={len(names)}" if len(names) > 1 else ""
    return many + "".join(f"[{name}]" for name in names)


def _concat(labels: Sequence[str], kind: str) -> str:
    if len(labels) == 1:
        return labels[0]
    streams = "v=1:a=0" if kind == "v" else "v=0:a=1"
    return f"{''.join(labels)}concat=n={len(labels)}:{streams},"
