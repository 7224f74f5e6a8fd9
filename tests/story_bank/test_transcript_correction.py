"""Correcting words keeps ids, order and time."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.ids import RecordingId, TranscriptId, WordId
from story_bank.transcript import Segment, Transcript, Word, corrected, typed_words

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
typed = st.text(st.sampled_from("abcé'-, \t\n\u00a0"), max_size=12)


@st.composite
def transcripts(drawn: st.DrawFn) -> Transcript:
    """Words in order, in sentences; some of no length, as the recogniser gives them."""
    at, segments = 0.0, []
    for sentence in range(drawn(st.integers(0, 4))):
        words = []
        for number in range(drawn(st.integers(1, 5))):
            start = at + drawn(st.sampled_from([0.0, 0.02, 0.5]))
            at = start + drawn(st.sampled_from([0.0, 0.1, 0.73]))
            words.append(Word(WordId(f"{sentence}-{number}"), "mot", start, at, 0.4))
        segments.append(Segment(tuple(words)))
    return Transcript(TranscriptId("t"), RecordingId("r"), 3, "fr", "base", at, tuple(segments), NOW)


@st.composite
def corrections(drawn: st.DrawFn) -> tuple[Transcript, dict[WordId, str]]:
    """A transcript and what was typed over some of its words."""
    heard = drawn(transcripts())
    ids = [word.id for word in heard.words()]
    return heard, drawn(st.dictionaries(st.sampled_from([*ids, WordId("unknown")]), typed))


@given(correction=corrections())
def test_untouched_words_keep_id_text_and_times(correction: tuple[Transcript, dict[WordId, str]]) -> None:
    """What nobody typed over is the same word in the next version."""
    heard, edits = correction
    after = corrected(heard, edits, NOW)
    untouched = [word for word in heard.words() if word.id not in edits]
    assert [word for word in after.words() if word in untouched] == untouched


@given(correction=corrections())
def test_a_word_typed_over_keeps_its_id_and_first_moment(correction: tuple[Transcript, dict[WordId, str]]) -> None:
    """Clips that point at it still begin where they did; nobody doubts a typed word."""
    heard, edits = correction
    after = corrected(heard, edits, NOW)
    for word in heard.words():
        parts = typed_words(edits.get(word.id, word.text))
        found = after.word(word.id)
        assert (found is None) == (not parts)
        if found is not None and word.id in edits:
            assert (found.text, found.start, found.doubtful) == (parts[0], word.start, False)


@given(correction=corrections())
def test_the_text_is_what_was_typed(correction: tuple[Transcript, dict[WordId, str]]) -> None:
    """Words come out in order; removed ones are gone, and no sentence is left empty."""
    heard, edits = correction
    after = corrected(heard, edits, NOW)
    assert [word.text for word in after.words()] == [
        part for word in heard.words() for part in typed_words(edits.get(word.id, word.text))]
    assert all(segment.words for segment in after.segments)


@given(correction=corrections())
def test_times_stay_in_order_between_their_neighbours(correction: tuple[Transcript, dict[WordId, str]]) -> None:
    """Each word ends after it starts and before the next begins; all within the time of the word typed over."""
    after = list(corrected(*correction, NOW).words())
    assert all(word.start <= word.end for word in after)
    assert all(one.end <= two.start for one, two in pairwise(after))


@given(correction=corrections())
def test_ids_stay_distinct_and_the_version_counts_on(correction: tuple[Transcript, dict[WordId, str]]) -> None:
    """New words get new ids; the version is the next one, the old one is unchanged."""
    heard, edits = correction
    after = corrected(heard, edits, NOW)
    ids = [word.id for word in after.words()]
    assert len(set(ids)) == len(ids)
    assert (after.version, after.recording_id) == (heard.version + 1, heard.recording_id)
    assert after.id != heard.id


def test_several_words_share_the_time_by_their_length() -> None:
    """« de l'eau » typed over one second of « deleau »: two letters, then five."""
    heard = Transcript(TranscriptId("t"), RecordingId("r"), 1, "fr", "base", 9.0,
                       (Segment((Word(WordId("w"), "deleau", 1.0, 2.4, 0.2),)),), NOW)
    first, second = corrected(heard, {WordId("w"): "de l'eau"}, NOW).words()
    assert [first.start, first.end, second.start, second.end] == pytest.approx([1.0, 1.4, 1.4, 2.4])
