"""Loudness in two passes (EBU R 128): the kept ranges are measured alone, then brought to the recipe's level."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import IO

from media import ffmpeg_graph, waveform
from media.cutter import TRUE_PEAK
from media.ffmpeg_graph import Extract
from media.ffmpeg_run import run

AAC_MARGIN_DB = 0.7
"""AAC rounds peaks upward: the limiter aims this much lower."""
SILENCE_LUFS = -70.0
"""The gate of EBU R 128: quieter than this there is nothing to bring up."""


def measured(extract: Extract, read: Callable[[IO[bytes]], None] | None = None) -> dict[str, float] | None:
    """Measure the loudness of the kept ranges alone (loudnorm's first pass); None without sound or in silence.

    `read` receives the same voice, mono at 8 kHz.
    """
    if not extract.cuts.source.sound:
        return None
    norm = f"loudnorm=I={extract.recipe.loudness}:TP={TRUE_PEAK - AAC_MARGIN_DB}:LRA=11:print_format=json"
    graph, also = ffmpeg_graph.sound(extract.cuts, norm), []
    if read is not None:
        graph = ffmpeg_graph.sound(extract.cuts, f"asplit[p],{norm}")
        also = ["-map", "[p]", "-f", "s16le", "-ac", "1", "-ar", str(waveform.PCM_HZ), "pipe:1"]
    said = run([*extract.cuts.inputs("-vn"), "-filter_complex", graph, "-map", "[a]", "-f", "null", "-", *also],
               replace(extract.watch, progress=lambda _: None), read=read)
    numbers = {key: float(value) for key, value in json.loads(said[said.rindex("{"):said.rindex("}") + 1]).items()
               if re.fullmatch(r"-?(\d+(\.\d+)?|inf)", value)}
    return numbers if numbers["input_i"] > SILENCE_LUFS else None


def levelled(extract: Extract, was: dict[str, float] | None) -> str:
    """Return the sound's chains: brought to the recipe's loudness, left alone in silence, "" without sound."""
    if not extract.cuts.source.sound:
        return ""
    if was is None:
        return ffmpeg_graph.sound(extract.cuts)
    was_so = ":".join(f"measured_{name}={was[f'input_{key}']}" for name, key in
                      (("I", "i"), ("TP", "tp"), ("LRA", "lra"), ("thresh", "thresh")))
    return ffmpeg_graph.sound(
        extract.cuts, f"loudnorm=I={extract.recipe.loudness}:TP={TRUE_PEAK - AAC_MARGIN_DB}:LRA=11:{was_so}:"
        f"offset={was['target_offset']}:linear=true,aresample={ffmpeg_graph.RATE_HZ}")
