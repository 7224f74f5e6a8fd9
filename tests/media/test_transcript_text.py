"""A transcript as a file, in four formats, and JSON read back."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.transcriber import Heard
from media.transcript_text import as_json, as_srt, as_text, as_vtt, read_json
from story_bank.errors import BadInput
from story_bank.ids import WordId
from story_bank.transcript import Segment, Word


def segment(text: str, start: float, speaker: str | None = None) -> Segment:
    return Segment(tuple(Word(WordId(f"{start}-{number}"), word, start + number * 0.4, start + number * 0.4 + 0.35, 0.8)
                         for number, word in enumerate(text.split(" "))), speaker)


INTERVIEW = Heard("fr", "base", 3725.5, (
    segment("Quel est le moment dont vous êtes la plus fière\u202f?", 1.0, "1"),
    segment("C'est le jour où nous avons supprimé le port de charges lourdes sur le quai numéro deux.", 7.0, "2"),
    segment("A <b>gras</b> & --> piège.", 3720.0, "2")))
SILENCE = Heard("fr", "base", 8.0, (), "On n’entend rien.", "Nothing can be heard.")


def test_text_has_paragraphs_under_the_name_of_their_voice() -> None:
    """Turns are named when several people speak; a long pause makes a paragraph of the same voice."""
    first, second, third = (segment.text for segment in INTERVIEW.segments)
    assert as_text(INTERVIEW) == f"[Voix 1]\n{first}\n\n[Voix 2]\n{second}\n\n{third}\n"
    assert as_text(Heard("fr", "base", 9.0, INTERVIEW.segments[:1])) == f"{first}\n"


@pytest.mark.parametrize(("write", "form"), [(as_srt, "srt"), (as_vtt, "vtt")])
def test_captions_can_be_opened_by_another_program(write: object, form: str) -> None:
    """A subtitle library reads them: cues in order, two lines of 42 characters at most, hours counted."""
    assert callable(write)
    written = write(INTERVIEW)
    read = pysubs2.SSAFile.from_string(written, format_=form)
    assert all(earlier.end <= later.start for earlier, later in pairwise(read))
    assert read[0].start == 1000
    assert read[-1].start == 3_720_000
    blocks = [block.splitlines() for block in re.split(r"\n\n", written) if "-->" in block]
    shown = [line for block in blocks for line in block[next(i for i, x in enumerate(block) if " --> " in x) + 1:]]
    assert all(len(line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) <= 42 for line in shown)
    assert not any("-->" in line for line in shown)


def test_vtt_carries_no_markup_of_the_speaker() -> None:
    """What somebody said with an angle bracket in it stays text."""
    assert "<b>" not in as_vtt(INTERVIEW)
    assert "&lt;b&gt;" in as_vtt(INTERVIEW)


def test_json_has_the_shape_of_the_contract() -> None:
    """Language, length, model, and segments with words."""
    shape = json.loads(as_json(INTERVIEW))
    assert {"language", "duration_s", "model", "segments"} <= shape.keys()
    assert {"start", "end", "speaker", "text", "words"} <= shape["segments"][0].keys()
    assert {"text", "start", "end", "probability"} <= shape["segments"][0]["words"][0].keys()
    assert "note" not in shape


def test_silence_is_said_in_every_format() -> None:
    """A silent file has no segments and a note."""
    shape = json.loads(as_json(SILENCE))
    assert (shape["segments"], shape["note"]) == ([], "On n’entend rien.")
    assert as_text(SILENCE) == "On n’entend rien.\n"
    assert as_srt(SILENCE) == ""
    assert as_vtt(SILENCE).startswith("WEBVTT\n\nNOTE On")


def test_what_was_written_is_read_back() -> None:
    """JSON goes out and comes back the same, word ids included."""
    assert read_json(as_json(INTERVIEW)) == INTERVIEW


def test_segments_without_words_share_their_time_by_letters() -> None:
    """A transcript made elsewhere has sentences alone: its words get times all the same."""
    heard = read_json('{"segments": [{"start": 2, "end": 4, "text": "un deux-trois"}]}')
    assert [(word.text, word.start, word.end) for word in heard.segments[0].words] == [
        ("un", 2.0, 2.333), ("deux-trois", 2.333, 4.0)]
    assert (heard.language, heard.duration_s) == ("fr", 4.0)


@pytest.mark.parametrize("text", [
    "", "bonjour", "[]", "{}", '{"segments": 3}', '{"segments": ["a"]}', '{"segments": [{"text": "a"}]}',
    '{"segments": [{"words": [{"text": "a", "start": 2, "end": 1}]}]}',
    '{"segments": [{"words": [{"text": "a", "start": NaN, "end": 1}]}]}',
    '{"segments": [{"words": [{"text": "a", "start": -1, "end": 1}]}]}',
    '{"segments": [{"words": [{"text": "b", "start": 3, "end": 4}, {"text": "a", "start": 0, "end": 1}]}]}',
    '{"duration_s": Infinity, "segments": []}', "[" * 100_000,
])
def test_what_is_no_transcript_gets_a_sentence(text: str) -> None:
    """A file that is not a transcript is bad input, never a traceback."""
    with pytest.raises(BadInput):
        read_json(text)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["segments", "words", "text", "start", "end", "language", "speaker"]), inner)))
def test_any_json_is_a_transcript_or_bad_input(shape: object) -> None:
    """Whatever JSON comes, the answer is a transcript or one sentence."""
    try:
        read_json(json.dumps(shape))
    except BadInput:
        return
