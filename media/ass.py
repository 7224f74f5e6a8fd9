"""Captions as an ASS script that libass burns in: laid out by us, escaped, inside the safe areas of the networks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from media.captions import LINE_CHARS, VERTICAL_LINE_CHARS, Cue
from story_bank.making import CaptionStyle, Shape
from story_bank.transcript import Word

FONTS = Path(__file__).parent / "fonts"
FONT_FILE = FONTS / "BricolageGrotesque-Bold.ttf"
FAMILY = "Bricolage Grotesque"
WHOLE_HEIGHT = 1.56
"""Ascent and descent of that font in ems (its OS/2 table, usWinAscent + usWinDescent)."""
PAPER, VOICE, INK = "&H00F8FDFF", "&H00768BFF", "&H3A261A1C"
"""#fffdf8, #ff8b76 (red is the voice, on ink) and #1c1a26 a little transparent, as ASS writes them: alpha, B, G, R."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A picture format in pixels, and where captions may stand on it; `em_px` is the size of the letters."""

    width: int
    height: int
    line_chars: int
    em_px: int
    side_px: int
    bottom_px: int


STAGES = {
    Shape.VERTICAL: Stage(1080, 1920, VERTICAL_LINE_CHARS, 60, 130, 410),  # networks lay buttons over the lowest fifth
    Shape.SQUARE: Stage(1080, 1080, 32, 52, 80, 80),
    Shape.WIDE: Stage(1920, 1080, LINE_CHARS, 58, 192, 76),  # a tenth at each side, as broadcasters keep
}

HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: said,{family},{size},{paper},{paper},{ink},{ink},-1,0,0,0,100,100,0,0,4,0,{pad},2,{side_px},{side_px},\
{bottom_px},1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def script(cues: Sequence[Cue], shape: Shape, style: CaptionStyle) -> str:
    """Return the ASS script of cues whose times are seconds of the extract."""
    stage = STAGES[shape]
    head = HEAD.format(width=stage.width, height=stage.height, family=FAMILY, size=_ass_size(stage.em_px), paper=PAPER,
                       ink=INK, side_px=stage.side_px, bottom_px=stage.bottom_px, pad=round(stage.em_px * 0.4))
    return head + "".join(line for cue in cues for line in _events(cue, stage, style))


def safe(text: str) -> str:
    """Return text that ASS shows as it is: no override block, no escape, no line of its own."""
    shown = text.replace("\\", "/").replace("{", "(").replace("}", ")").replace("\u202f", "\u00a0")
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", shown)


def _events(cue: Cue, stage: Stage, style: CaptionStyle) -> Iterator[str]:
    size = _fitting(cue.lines, stage)
    if style is CaptionStyle.HIGHLIGHT:
        turns = [cue.start, *(word.start for word in cue.words[1:]), cue.end]
        spoken: list[tuple[float, float, int | None]] = [(a, b, n) for n, (a, b) in enumerate(pairwise(turns))]
    else:
        spoken = [(cue.start, cue.end, None)]
    for start, end, number in spoken:
        first, last = _clock(max(start, cue.start)), _clock(min(end, cue.end))
        if first < last:
            yield f"Dialogue: 0,{first},{last},said,,0,0,0,,{size}{_text(cue, number)}\n"


def _text(cue: Cue, spoken: int | None) -> str:
    shown, number = [], 0
    for words in cue.words_by_line():
        shown.append(" ".join(_word(word, number + place == spoken) for place, word in enumerate(words)))
        number += len(words)
    return "\\N".join(shown)


def _word(word: Word, spoken: bool) -> str:
    return f"{{\\1c{VOICE}&}}{safe(word.text)}{{\\1c{PAPER}&}}" if spoken else safe(word.text)


def _fitting(lines: Sequence[str], stage: Stage) -> str:
    """Return an override that makes wide letters smaller, so that no line leaves the safe area."""
    room = stage.width - 2 * stage.side_px
    widest = max(_font(stage.em_px).getlength(safe(line)) for line in lines)
    return f"{{\\fs{int(_ass_size(stage.em_px) * room / widest)}}}" if widest > room else ""


def _ass_size(em_px: int) -> int:
    """Return what ASS calls the size: the font's whole ascent and descent, not the em."""
    return round(em_px * WHOLE_HEIGHT)


@cache
def _font(em_px: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(FONT_FILE), em_px)


def _clock(seconds: float) -> str:
    """Write seconds as h:mm:ss.cc (one digit of hours, so that texts sort as times)."""
    hundredths = max(0, round(seconds * 100))
    return f"{hundredths // 360_000}:{hundredths // 6000 % 60:02d}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"
