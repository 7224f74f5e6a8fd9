"""Who speaks when, against exact turns: two really different voices, told that there are two.

    python bench/speakers.py [SOUND.wav SOUND.segments.json]

The interview in bench/voices (SVOX Pico, a woman, and Joe of Piper, a man); and, where a file is named, that one too
(a JSON list of {"speaker", "start", "end"}), for human voices that are not ours to keep here. Frames of 10 ms that
hold speech (Silero, within a turn) are counted; a frame between two heard words has the voice of the nearer one.
Reference: one voice for all, the best that can be had without listening. Target: ≥ 95 % of the frames.
"""

from __future__ import annotations

import json
import sys
import tempfile
from itertools import permutations
from pathlib import Path

from voice_set import spoken

from media.pyav_file import decoded
from media.silero_edges import SileroEdges
from media.transcriber import Listening
from media.voicefilter_speakers import VoicefilterSpeakers
from media.whisper import WhisperTranscriber
from story_bank.transcript import Segment

TARGET = 0.95
STEP_S = 0.01
Turn = tuple[float, float, str]


def voice_at(second: float, segments: tuple[Segment, ...]) -> str | None:
    words = [(max(word.start - second, second - word.end, 0.0), segment.speaker)
             for segment in segments for word in segment.words]
    return min(words, key=lambda pair: pair[0])[1]


def right(media: Path, turns: list[Turn], language: str, ears: WhisperTranscriber) -> tuple[float, float, int]:
    """Return the share of speech frames that have their voice, the share of the longer voice, and the frames."""
    heard = ears.hear(media, Listening("en" if language == "en" else "fr"))
    segments = VoicefilterSpeakers().tell(media, heard.segments, 2)
    speech = SileroEdges().spans(decoded(media).samples)
    frames = []
    for start, end, who in turns:
        for step in range(round(start / STEP_S), round(end / STEP_S)):
            second = (step + 0.5) * STEP_S
            if any(a <= second < b for a, b in speech):
                frames.append((who, voice_at(second, segments)))
    people = sorted({who for _, _, who in turns})
    best = max(sum(dict(zip(people, order, strict=True))[who] == voice for who, voice in frames)
               for order in permutations("12"))
    return best / len(frames), max(sum(who == one for who, _ in frames) for one in people) / len(frames), len(frames)


def main() -> int:
    made = spoken("interview")
    sets = [("interview (made)", made.media, [(line.start, line.end, line.speaker) for line in made.lines], "en")]
    if len(sys.argv) == 3:
        turns = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
        sets.append((Path(sys.argv[1]).name, Path(sys.argv[1]),
                     [(turn["start"], turn["end"], turn["speaker"]) for turn in turns], "fr"))
    reached = True
    with tempfile.TemporaryDirectory() as folder:
        ears = WhisperTranscriber(None, Path(folder), allow_hub=False)
        for name, media, turns, language in sets:
            share, alone, frames = right(media, turns, language, ears)
            reached = reached and share >= TARGET
            print(f"{name}: {share:.1%} of {frames} speech frames, {len(turns)} turns (one voice for all: {alone:.1%})")
    print(f"target ≥ {TARGET:.0%}: {'reached' if reached else 'MISSED'}")
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
