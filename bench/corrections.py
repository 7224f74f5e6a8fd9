"""What a person must still correct, against bare Whisper: word and punctuation edits to reach the script.

    python bench/corrections.py [--show]

Eight synthetic French testimonials (bench/voices), numbers in digits or in words counted alike. Ours is told what the
form asks (first name, job, team, company, unusual words) and the company's glossary, both fixed with the scripts
before anything was measured. Bare: the same Whisper base with faster-whisper's defaults and the language. Target:
≤ 0.75 of its edits.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

import jiwer
from voice_set import Bare, testimonials, tokens

from media.transcriber import Listening
from media.whisper import WhisperTranscriber

TARGET = 0.75


def edits(script: str, heard: str) -> tuple[int, int]:
    """Count the wrong, missing and added words, then marks (a word for a mark counts as a word)."""
    found = jiwer.process_words(" ".join(tokens(script)), " ".join(tokens(heard)))
    said, got = found.references[0], found.hypotheses[0]
    words = marks = 0
    for chunk in found.alignments[0]:
        if chunk.type == "equal":
            continue
        pairs = max(chunk.ref_end_idx - chunk.ref_start_idx, chunk.hyp_end_idx - chunk.hyp_start_idx)
        for number in range(pairs):
            both = said[chunk.ref_start_idx:chunk.ref_end_idx][number:number + 1] + \
                got[chunk.hyp_start_idx:chunk.hyp_end_idx][number:number + 1]
            if any(re.search(r"\w", token) for token in both):
                words += 1
            else:
                marks += 1
    return words, marks


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--show", action="store_true", help="print what was heard")
    show = asked.parse_args().show
    totals = {"bare": [0, 0], "ours": [0, 0]}
    length = 0
    print(f"{'recording':<14}{'words+marks':>12}{'bare':>12}{'ours':>12}{'ratio':>8}   (words + marks)")
    with tempfile.TemporaryDirectory() as folder:
        bare, ears = Bare(Path(folder)), WhisperTranscriber(None, Path(folder), allow_hub=False)
        for story in testimonials():
            script = " ".join(line.text for line in story.lines)
            told = Listening("fr", story.form, glossary=story.glossary)
            heard = {"bare": " ".join(segment.text.strip() for segment in bare.hear(story.media)),
                     "ours": " ".join(segment.text for segment in ears.hear(story.media, told).segments)}
            found = {side: edits(script, text) for side, text in heard.items()}
            for side, counts in found.items():
                totals[side] = [a + b for a, b in zip(totals[side], counts, strict=True)]
            length += len(tokens(script))
            cells = [f"{sum(found[side])} ({found[side][0]}+{found[side][1]})" for side in totals]
            print(f"{story.name:<14}{len(tokens(script)):>12}{cells[0]:>12}{cells[1]:>12}"
                  f"{sum(found['ours']) / max(1, sum(found['bare'])):>8.2f}", flush=True)
            if show:
                print(f"  script: {script}\n  bare:   {heard['bare']}\n  ours:   {heard['ours']}")
    ratio = sum(totals["ours"]) / sum(totals["bare"])
    print(f"all: {length} words and marks; bare {sum(totals['bare'])} ({totals['bare'][0]} + {totals['bare'][1]}), "
          f"ours {sum(totals['ours'])} ({totals['ours'][0]} + {totals['ours'][1]})")
    print(f"edits {ratio:.2f} of bare Whisper's, target ≤ {TARGET}: {'reached' if ratio <= TARGET else 'MISSED'}")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    raise SystemExit(main())
