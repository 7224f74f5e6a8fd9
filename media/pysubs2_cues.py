"""SRT and WebVTT read with pysubs2: marks of style go, names of speakers stay, anything else is text."""

from __future__ import annotations

import re

import pysubs2

from media.imported_text import Brought, BroughtCue, TextForm, brought, split_words, unreadable

_STYLE = re.compile(r"</?(?:i|b|u|s|font|c|ruby|rt|lang)(?:[.\s][^<>\n]{0,200})?>|\{\\[^{}\n]{0,200}\}", re.IGNORECASE)
"""Marks of style that the formats know, ASS overrides among them; `<script>` is none: it stays text."""
_VOICE = re.compile(r"^\s*<v(?:\.[^\s<>]*)?\s+([^<>\n]{1,60})>", re.IGNORECASE)
_VTT_MARK = re.compile(r"</?v(?:[.\s][^<>\n]{0,200})?>|<\d{0,4}:?\d{2}:\d{2}\.\d{3}>", re.IGNORECASE)
_VTT_LETTERS = {"&lt;": "<", "&gt;": ">", "&nbsp;": "\u00a0", "&lrm;": "\u200e", "&rlm;": "\u200f", "&amp;": "&"}
_TIMES = re.compile(r"\d\s*-->\s*\d")


def read_cues(text: str, form: TextForm) -> Brought:
    """Read the cues in the order of the file, times as they are written (`BadInput` where there are none)."""
    vtt = form is TextForm.VTT
    plain = "\n\n".join(block for block in map(_cue_block, re.split(r"\n\s*\n", text)) if block)
    try:
        # Its own styles would be read as ASS: with every mark kept, what is text stays text.
        subtitles = pysubs2.SSAFile.from_string("WEBVTT\n\n" + plain if vtt else plain, format_=form.value,
                                                keep_html_tags=True, keep_unknown_html_tags=True)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, OverflowError) as cause:
        raise unreadable() from cause
    cues = [_cue(event.text.replace("\\N", "\n"), event.start / 1000, event.end / 1000, vtt) for event in subtitles]
    if not cues:
        raise unreadable()
    return brought(cues, None)


def _cue_block(block: str) -> str:
    """Return a block of a file from its line of times on; notes, styles and regions of WebVTT have none."""
    lines = block.split("\n")
    at = next((number for number, line in enumerate(lines) if _TIMES.search(line)), None)
    if at is None or re.match(r"\s*NOTE\b", lines[0]):
        return ""
    times = re.sub(r"(?<![\d:])(\d{1,2}:\d{2}[.,]\d{1,3})", r"00:\1", lines[at])
    return "\n".join([times, *lines[at + 1:]])


def _cue(text: str, start: float, end: float, vtt: bool) -> BroughtCue:
    voice = _VOICE.match(text) if vtt else None
    speaker = voice[1].strip() if voice else None
    plain = _STYLE.sub("", _VTT_MARK.sub("", text) if vtt else text)
    for written, letter in _VTT_LETTERS.items() if vtt else ():
        plain = plain.replace(written, letter)
    return BroughtCue(split_words(plain), max(0.0, start), max(0.0, end), speaker)
