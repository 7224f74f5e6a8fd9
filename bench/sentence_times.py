"""Sentence starts and ends against the exact times of the recordings, ours and raw Whisper's; and 50 cuts.

    python bench/sentence_times.py [--show]

Eight French testimonials (bench/voices), put together from lines whose seconds are known. A heard sentence is compared
where it begins (or ends) with the first (or last) word of a line, as the alignment of its words with the script says.
Raw: the same Whisper, its own word times, the same sentences made of them. Cuts: the first 50 sentences that were
heard, cut at their start and end; one is clipped when more than 20 ms of exact sound of its line is left out, or when
an edge falls more than 20 ms inside a stretch of sound. Target: p90 ≤ 0.08 s, starts and ends, and 0 cuts clipped.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import jiwer
import numpy as np
from voice_set import Bare, Spoken, testimonials, tokens

from media.speech_edges import in_order, spoken_s
from media.transcriber import Listening
from media.whisper import SETTINGS, WhisperTranscriber
from media.whisper_words import RawWord, sentences, whole_words
from story_bank.transcript import Segment

TARGET_S = 0.08
CUTS = 50
SYLLABLE_S = 0.02
Edge = tuple[int, str]


def edges_of(lines: Sequence[str]) -> tuple[list[str], dict[int, Edge]]:
    """Return all words of some lines, and which of them begin or end which line."""
    words: list[str] = []
    edges: dict[int, list[Edge]] = {}
    for number, line in enumerate(lines):
        said = [token for token in tokens(line) if token.isalnum()]
        if said:
            edges.setdefault(len(words), []).append((number, "start"))
            edges.setdefault(len(words) + len(said) - 1, []).append((number, "end"))
            words += said
    return words, edges


def paired(story: Spoken, heard: Sequence[Segment]) -> dict[Edge, Edge]:
    """Say which edges of heard sentences are which edges of the script: {(sentence, side): (line, side)}."""
    script, script_edges = edges_of([line.text for line in story.lines])
    said, said_edges = edges_of([segment.text for segment in heard])
    pairs = {}
    for chunk in jiwer.process_words(" ".join(script), " ".join(said)).alignments[0]:
        if chunk.type not in {"equal", "substitute"}:
            continue
        for off in range(chunk.ref_end_idx - chunk.ref_start_idx):
            for line in script_edges.get(chunk.ref_start_idx + off, []):
                for sentence in said_edges.get(chunk.hyp_start_idx + off, []):
                    if sentence[1] == line[1]:
                        pairs[sentence] = line
    return pairs


def errors(story: Spoken, heard: Sequence[Segment]) -> dict[str, list[float]]:
    """Return seconds too late (minus: too early), for starts and for ends."""
    found: dict[str, list[float]] = {"start": [], "end": []}
    for (sentence, side), (line, _) in paired(story, heard).items():
        found[side].append(getattr(heard[sentence], side) - getattr(story.lines[line], side))
    return found


def clipped(story: Spoken, heard: Sequence[Segment]) -> list[str]:
    """Return one line for each sentence whose cut at its own times clips sound, "" for the others."""
    pairs = paired(story, heard)
    made = []
    for number, segment in enumerate(heard):
        wrong = []
        for side in ("start", "end"):
            at = getattr(segment, side)
            inside = max((min(at - a, b - at) for a, b in story.runs), default=0.0)
            lost = 0.0
            if (number, side) in pairs:
                exact = getattr(story.lines[pairs[number, side][0]], side)
                if (at > exact) == (side == "start"):
                    lost = spoken_s(min(at, exact), max(at, exact), story.runs)
            if max(inside, lost) > SYLLABLE_S:
                wrong.append(f"{side} {at:.2f} (inside {max(inside, 0):.3f} s, lost {lost:.3f} s)")
        made.append("; ".join(wrong))
    return made


def raw(bare: Bare, story: Spoken) -> list[Segment]:
    """Return the sentences of bare Whisper, with its own word times."""
    found = bare.hear(story.media, **SETTINGS)
    words = [word for line in found for word in whole_words(
        [RawWord(w.word, float(w.start), float(w.end), float(w.probability)) for w in line.words], "fr")]
    return [Segment(line) for line in sentences(in_order(words))]


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--show", action="store_true", help="print each cut that clips")
    show = asked.parse_args().show
    off = {side: {"start": [], "end": []} for side in ("raw", "ours")}
    cuts: dict[str, list[str]] = {"raw": [], "ours": []}
    with tempfile.TemporaryDirectory() as folder:
        bare, ears = Bare(Path(folder)), WhisperTranscriber(None, Path(folder), allow_hub=False)
        for story in testimonials():
            told = Listening("fr", story.form, glossary=story.glossary)
            for side, heard in (("raw", raw(bare, story)), ("ours", ears.hear(story.media, told).segments)):
                for edge, values in errors(story, heard).items():
                    off[side][edge] += values
                found = clipped(story, heard)
                cuts[side] += found
                if show:
                    print(*[f"{side} {story.name}: {what} “{segment.text}”"
                            for what, segment in zip(found, heard, strict=True) if what], sep="\n")
    worst = 0.0
    print(f"{'':<14}{'raw p50':>9}{'raw p90':>9}{'p50':>9}{'p90':>9}{'mean':>9}   compared (raw, ours)")
    for edge in ("start", "end"):
        before, after = (np.array(off[side][edge]) for side in ("raw", "ours"))
        p90 = float(np.quantile(np.abs(after), 0.9))
        worst = max(worst, p90)
        print(f"{edge:<14}{np.median(np.abs(before)):>9.3f}{np.quantile(np.abs(before), 0.9):>9.3f}"
              f"{np.median(np.abs(after)):>9.3f}{p90:>9.3f}{after.mean():>+9.3f}   {len(before)}, {len(after)}")
    count = {side: sum(bool(what) for what in made[:CUTS]) for side, made in cuts.items()}
    print(f"clipped, of the first {CUTS} cuts: raw {count['raw']}, ours {count['ours']}; "
          f"of all {len(cuts['ours'])}: {sum(map(bool, cuts['ours']))}")
    reached = worst <= TARGET_S and not count["ours"] and len(cuts["ours"]) >= CUTS
    print(f"p90 {worst:.3f} s, target ≤ {TARGET_S} s and 0 clipped in {CUTS}: {'reached' if reached else 'MISSED'}")
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
