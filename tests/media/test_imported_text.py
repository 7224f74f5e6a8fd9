"""Transcripts that somebody brings: read whatever program wrote them, and laid on the media in order (S25)."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media import transcript_text
from media.imported_text import MOST_BYTES, Brought, BroughtCue, TextForm, decoded, form_of, read_text
from media.laid_text import laid
from media.pysubs2_cues import read_cues
from media.transcriber import Heard
from media.whisper_json import read_whisper_json
from story_bank.errors import BadInput
from story_bank.ids import WordId
from story_bank.transcript import Segment, Word

pytestmark = pytest.mark.slow

SRT = """1
00:00:01,000 --> 00:00:02,500
<i>Bonjour</i> <script>alert(1)</script>

2
00:00:03,000 --> 00:00:04,000
{\\an8}{{ 7*7 }} ${x}
مرحبا 🎬
"""
VTT = """WEBVTT - titre

NOTE ceci n'est pas dit
2026 --> rien

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.500 align:start
<v Marie Dupont>Bonjour &amp; <c.rouge>oui</c> &lt;b&gt; <00:00:02.000>tard</v>

3
00:00:03.000 --> 00:00:04.000
<v.fort Bob>Ah\u202f!
"""


def words(said: Brought) -> list[str]:
    return [" ".join(cue.words) for cue in said.cues]


def heard(*lines: str, speaker: str | None = None) -> tuple[Segment, ...]:
    made, at = [], 0.5
    for line in lines:
        row = []
        for text in line.split():
            row.append(Word(WordId(f"w{at}"), text, at, at + 0.4, 0.9))
            at += 0.5
        made.append(Segment(tuple(row), speaker))
    return tuple(made)


def test_srt_keeps_what_is_text_and_drops_marks_of_style() -> None:
    """HTML and template syntax in a word stays text; <i> and ASS overrides go; other alphabets and emoji stay."""
    said = read_cues(SRT, TextForm.SRT)
    assert words(said) == ["Bonjour <script>alert(1)</script>", "{{ 7*7 }} ${x} مرحبا 🎬"]
    assert [(cue.start, cue.end) for cue in said.cues] == [(1.0, 2.5), (3.0, 4.0)]


def test_vtt_says_who_speaks() -> None:
    """Voices, escaped letters and times without hours are read; notes, styles and names of cues are not said."""
    said = read_cues(VTT, TextForm.VTT)
    assert words(said) == ["Bonjour & oui <b> tard", "Ah\u202f!"]
    assert [(cue.speaker, cue.start, cue.end) for cue in said.cues] == [("Marie Dupont", 1.0, 2.5), ("Bob", 3.0, 4.0)]


OPENAI: dict[str, Any] = {"text": " L'eau est là.", "language": "french", "segments": [
    {"id": 0, "start": 0.0, "end": 1.5, "text": " L'eau est là.", "words": [
        {"word": " L", "start": 0.0, "end": 0.1, "probability": 0.9},
        {"word": "'eau", "start": 0.1, "end": 0.5, "probability": 0.4},
        {"word": " est", "start": 0.5, "end": 0.8, "probability": 0.9},
        {"word": " là.", "start": 0.8, "end": 1.5, "probability": 0.8}]}]}
BARE = {"language": "fr", "segments": [{"start": 1, "end": 2, "text": "Deux mots"}]}
X = {"segments": [{"start": 0, "end": 2, "text": "Il a 12 ans", "speaker": "SPEAKER_00", "words": [
    {"word": "Il", "start": 0, "end": 0.2, "score": 0.9}, {"word": "a", "start": 0.2, "end": 0.4}, {"word": "12"},
    {"word": "ans", "start": 1, "end": 1.5}]}]}


def test_the_json_of_whisper_programs_is_read() -> None:
    """OpenAI's pieces of words are joined; a word without seconds shares its segment's (WhisperX)."""
    said = read_whisper_json(json.dumps(OPENAI))
    assert (words(said), said.language, said.cues[0].timed[0].probability) == (["L'eau est là."], "fr", 0.4)
    assert (words(read_whisper_json(json.dumps(BARE))), read_whisper_json(json.dumps(BARE)).language) == (
        ["Deux mots"], "fr")
    assert (words(read_whisper_json(json.dumps(X))), read_whisper_json(json.dumps(X)).cues[0].speaker) == (
        ["Il a 12 ans"], "SPEAKER_00")
    assert words(read_whisper_json(json.dumps(BARE["segments"]))) == ["Deux mots"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"segments": 3}', '{"segments": [{"start": -1, "end": 1}]}',
                                  '{"segments": [{"start": 0, "end": NaN, "text": "a"}]}', "[" * 5000])
def test_what_is_no_transcript_is_said_in_one_sentence(text: str) -> None:
    """Never a traceback."""
    with pytest.raises(BadInput):
        read_whisper_json(text)
    with pytest.raises(BadInput):
        read_cues(text, TextForm.SRT)


ACCENTS = "Éloïse a cœur à l'ouvrage — « déjà » ! €"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_letters_are_read_in_whatever_encoding(encoding: str) -> None:
    """Old caption programs wrote Windows' letters or UTF-16; line ends are one."""
    assert decoded(f"{ACCENTS}\r\nbis".encode(encoding)) == f"{ACCENTS}\nbis"


def test_too_large_and_binary_files_are_refused() -> None:
    """In one sentence."""
    for data in (b"a" * (MOST_BYTES + 1), b"\x00" * 50, b"\x81" * 400):
        with pytest.raises(BadInput):
            decoded(data)


@pytest.mark.parametrize(("name", "text", "form"), [
    ("a.txt", SRT, TextForm.SRT), ("a", VTT, TextForm.VTT), ("a.json", '{"segments": []}', TextForm.JSON),
    ("a.txt", "Bonjour.", TextForm.TXT), ("notes.docx", "Bonjour", TextForm.TXT), ("x.vtt", "00:00", TextForm.VTT)])
def test_the_form_shows_by_what_is_said(name: str, text: str, form: TextForm) -> None:
    """And else by the name."""
    assert form_of(name, text) is form


def test_overlapping_and_unsorted_cues_are_put_in_order() -> None:
    """Trimmed at the next one, and told."""
    cues = (BroughtCue(("trois",), 3.0, 9.0), BroughtCue(("un",), 1.0, 2.5), BroughtCue(("deux",), 2.0, 3.5))
    made = laid(Brought(cues), (), 8.0)
    assert made.mended
    assert [(word.text, word.start, word.end) for each in made.segments for word in each.words] == [
        ("un", 1.0, 2.0), ("deux", 2.0, 3.0), ("trois", 3.0, 8.0)]
    assert not laid(Brought(cues[1:2]), (), 8.0).mended


def test_times_of_another_recording_are_refused() -> None:
    """Most of them lie behind the end."""
    with pytest.raises(BadInput, match="end of the recording"):
        laid(Brought((BroughtCue(("un",), 90.0, 95.0),)), (), 8.0)


def test_a_text_without_times_is_found_in_what_was_heard() -> None:
    """Words that were heard keep their seconds and ids; what was misheard or left out lies between them."""
    before = heard("Bonjour je suis Kamil infirmière", "et je travaille la nuit")
    made = laid(read_text("Bonjour, je suis Camille, infirmière.\nEt je travaille vraiment la nuit."), before, 6.0)
    said = [word for each in made.segments for word in each.words]
    was = {word.text: word for each in before for word in each.words}
    assert [each.text for each in made.segments] == ["Bonjour, je suis Camille, infirmière.",
                                                     "Et je travaille vraiment la nuit."]
    for word, heard_as in ((said[0], "Bonjour"), (said[4], "infirmière"), (said[-1], "nuit")):
        assert (word.id, word.start, word.end) == (was[heard_as].id, was[heard_as].start, was[heard_as].end)
    assert (said[3].start, said[3].end) == (was["Kamil"].start, was["Kamil"].end)
    assert was["travaille"].end <= said[8].start < said[8].end <= was["la"].start + 0.021


def test_a_text_names_its_speakers_or_keeps_those_that_were_heard() -> None:
    """« [CAMILLE] Bonjour. » is a turn of hers."""
    named = laid(read_text("[CAMILLE] Bonjour.\n[Voix B]\nOui.\nNon."), (), 5.0)
    assert [(each.speaker, each.text) for each in named.segments] == [("CAMILLE", "Bonjour."), ("B", "Oui."),
                                                                      ("B", "Non.")]
    kept = laid(read_text("Bonjour ici"), heard("Bonjour ici", speaker="A"), 5.0)
    assert [each.speaker for each in kept.segments] == ["A"]


def test_a_paragraph_of_ten_thousand_words_is_cut_into_lines() -> None:
    """None longer than a reader bears, every word there."""
    made = laid(read_text("mot " * 10_000), heard("mot " * 4_000), 3_000.0)
    assert max(len(each.words) for each in made.segments) <= 80
    assert sum(len(each.words) for each in made.segments) == 10_000


def _sound(segments: tuple[Segment, ...], duration_s: float) -> None:
    said = [word for each in segments for word in each.words]
    assert all(0.0 <= word.start < word.end <= duration_s for word in said)
    assert all(one.end <= other.start for one, other in pairwise(said))
    assert len({word.id for word in said}) == len(said)


WORD = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf", "Cn"]), min_size=1, max_size=8)
CUE = st.builds(BroughtCue, st.lists(WORD, min_size=1, max_size=6).map(tuple), st.floats(0, 20), st.floats(0, 30),
                st.sampled_from([None, "A", "B"]))


@settings(max_examples=200)
@given(st.lists(CUE, min_size=1, max_size=12), st.floats(0.5, 25))
def test_times_are_inside_in_order_and_never_empty(cues: list[BroughtCue], duration_s: float) -> None:
    """Whatever the file says."""
    try:
        made = laid(Brought(tuple(cues)), heard("un deux trois"), duration_s)
    except BadInput:
        return
    _sound(made.segments, duration_s)
    assert sorted(word.text for each in made.segments for word in each.words) == sorted(
        text for cue in cues for text in cue.words)


@settings(max_examples=200)
@given(st.lists(WORD, min_size=1, max_size=30), st.lists(WORD, max_size=30))
def test_a_text_is_laid_whole(typed: list[str], said: list[str]) -> None:
    """Every word of it once, in its order, whatever was heard."""
    before = heard(" ".join(said)) if said else ()
    made = laid(read_text(" ".join(["x", *typed])), before, 0.5 + 0.5 * max(1, len(said)))
    _sound(made.segments, 0.5 + 0.5 * max(1, len(said)))
    assert [word.text for each in made.segments for word in each.words] == ["x", *typed]


def _told(lines: list[list[str]]) -> Heard:
    segments = heard(*(" ".join(line) for line in lines))
    return Heard("fr", "m", 0.5 + sum(map(len, lines)), segments)


LINES = st.lists(st.lists(WORD.filter(lambda text: "-->" not in text), min_size=1, max_size=8), min_size=1, max_size=6)


@settings(max_examples=150)
@given(LINES)
def test_what_goes_out_as_json_comes_in_the_same(lines: list[list[str]]) -> None:
    """Words, seconds and lines."""
    told = _told(lines)
    back = laid(read_whisper_json(transcript_text.as_json(told)), (), told.duration_s, keep_lines=True)
    assert [[(word.text, word.start, word.end) for word in each.words] for each in back.segments] == [
        [(word.text, pytest.approx(word.start), pytest.approx(word.end)) for word in each.words]
        for each in told.segments]


@settings(max_examples=150)
@given(LINES)
def test_what_goes_out_as_captions_comes_in_with_the_same_words(lines: list[list[str]]) -> None:
    """SRT and WebVTT: no word is lost, none is read as a mark, none leaves its cue by more than the norms allow."""
    told = _told(lines)
    said = [word.text for each in told.segments for word in each.words]
    for form, write in ((TextForm.VTT, transcript_text.as_vtt),):
        back = laid(read_cues(decoded(write(told).encode()), form), (), told.duration_s)
        assert [word.text for each in back.segments for word in each.words] == said
        _sound(back.segments, told.duration_s)
    if not any(char in text for text in said for char in "<>{}\\&") and not any("[" in text for text in said):
        back = laid(read_cues(transcript_text.as_srt(told), TextForm.SRT), (), told.duration_s)
        assert [word.text for each in back.segments for word in each.words] == said


@settings(max_examples=100)
@given(LINES)
def test_what_goes_out_as_text_comes_in_with_the_same_words(lines: list[list[str]]) -> None:
    """And finds its seconds again."""
    told = _told(lines)
    back = laid(read_text(transcript_text.as_text(told)), told.segments, told.duration_s)
    if not any("[" in text for line in lines for text in line):
        assert [(word.text, word.start, word.end) for each in back.segments for word in each.words] == [
            (word.text, pytest.approx(word.start), pytest.approx(word.end))
            for each in told.segments for word in each.words]
