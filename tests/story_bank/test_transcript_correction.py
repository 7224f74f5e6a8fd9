"""Typing in a transcript: what nobody touched never moves, and the text is what was typed (A41)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.editing import Change, Edited, Line, edited, mark, typed_over
from story_bank.ids import RecordingId, TranscriptId, WordId
from story_bank.transcript import Segment, Transcript, Word, typed_words
from tests.retyped import retyped

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
said = st.text(st.sampled_from("abé'\u00a0"), min_size=1, max_size=4).filter(lambda text: bool(typed_words(text)))
odd = st.sampled_from(["mot", "le", "\u200f\u05e9\u05dc\u05d5\u05dd", "👩🏽‍⚕️", "<b>${x}</b>"])
typed = st.lists(st.one_of(said, odd), max_size=6).map(" ".join)
voices = st.sampled_from([None, "1", "Claire"])


@st.composite
def transcripts(drawn: st.DrawFn) -> Transcript:
    """Words in order, in paragraphs; some of no length, some without a pause, some doubtful, many alike."""
    at, segments = drawn(st.sampled_from([0.0, 0.8])), []
    for sentence in range(drawn(st.integers(0, 4))):
        words = []
        for number in range(drawn(st.integers(1, 5))):
            start = at + drawn(st.sampled_from([0.0, 0.02, 0.5]))
            at = start + drawn(st.sampled_from([0.0, 0.1, 0.73]))
            words.append(Word(WordId(f"{sentence}-{number}"), drawn(st.sampled_from(["mot", "le", "un", "été,"])),
                              start, at, drawn(st.sampled_from([None, 0.4, 0.9]))))
        segments.append(Segment(tuple(words), drawn(voices)))
    end = at + drawn(st.sampled_from([0.0, 2.0]))
    return Transcript(TranscriptId("t"), RecordingId("r"), 1, "fr", "base", end, tuple(segments), NOW)


def change_of(drawn: st.DrawFn, transcript: Transcript) -> Change:
    """Some paragraphs, and others in their place, as one who types leaves them."""
    count = len(transcript.segments)
    start = drawn(st.integers(0, max(0, count - 1)))
    stop = drawn(st.integers(start + 1, count)) if count else 0
    here = transcript.segments[start:stop]
    kept = [segment.text for segment in here] if drawn(st.booleans()) else []
    lines = [Line(text, drawn(voices)) for text in drawn(st.permutations([*kept, drawn(typed)]))]
    return Change(tuple(mark(segment) for segment in here), tuple(lines))


@st.composite
def histories(drawn: st.DrawFn) -> list[tuple[Transcript, Change, Edited]]:
    """What was heard, typed in one change after another."""
    heard = latest = drawn(transcripts())
    steps = []
    for _ in range(drawn(st.integers(1, 4))):
        change = change_of(drawn, latest)
        after = edited(latest, [change], heard, NOW)
        steps.append((latest, change, after))
        latest = after.transcript
    return steps


@given(history=histories())
def test_the_text_is_what_was_typed(history: list[tuple[Transcript, Change, Edited]]) -> None:
    """Change after change, words, paragraphs and voices are those of plain text edited alike; empty ones go."""
    for before, change, after in history:
        marks = [mark(segment) for segment in before.segments]
        start = marks.index(change.was[0]) if change.was else 0
        plain = [(segment.speaker, [word.text for word in segment.words]) for segment in before.segments]
        plain[start:start + len(change.was)] = [(line.speaker, typed_words(line.text)) for line in change.lines]
        assert [(segment.speaker, [word.text for word in segment.words]) for segment in after.transcript.segments] == [
            (speaker, words) for speaker, words in plain if words]
        assert after.became[0] is not None
        assert [segment is not None for segment in after.became[0]] == [
            bool(typed_words(line.text)) for line in change.lines]


@given(history=histories())
def test_what_is_outside_of_a_change_is_the_same_word(history: list[tuple[Transcript, Change, Edited]]) -> None:
    """Id, text, seconds and doubt, in the same order."""
    for before, change, after in history:
        outside = [word for segment in before.segments if mark(segment) not in change.was for word in segment.words]
        assert [word for word in after.transcript.words() if word in outside] == outside


@given(history=histories())
def test_times_stay_in_order_and_words_never_overlap(history: list[tuple[Transcript, Change, Edited]]) -> None:
    """Each word ends after it starts and before the next begins, all within the recording."""
    for _, _, after in history:
        words = list(after.transcript.words())
        assert all(0 <= word.start <= word.end <= after.transcript.duration_s + 1e-9 for word in words)
        assert all(one.end <= two.start for one, two in pairwise(words))


@given(history=histories())
def test_ids_stay_distinct_and_versions_count_on(history: list[tuple[Transcript, Change, Edited]]) -> None:
    """A change that changes nothing makes no version."""
    for before, _, after in history:
        ids = [word.id for word in after.transcript.words()]
        assert len(set(ids)) == len(ids)
        same = after.transcript.segments == before.segments
        assert after.transcript.version == before.version + (not same)
        assert (after.transcript == before) == same


@given(heard=transcripts(), data=st.data())
def test_a_word_put_in_or_taken_out_moves_no_other(heard: Transcript, data: st.DataObject) -> None:
    """All that stood in the paragraph before is there, unmoved, around what was typed (unless the same is typed)."""
    if not heard.segments:
        return
    segment = data.draw(st.sampled_from(heard.segments))
    texts = [word.text for word in segment.words]
    at = data.draw(st.integers(0, len(texts)))
    line = Line(" ".join([*texts[:at], "Trelleborg", *texts[at:]]), segment.speaker,
                frozenset(word.id for word in segment.words))
    after = edited(heard, [Change((mark(segment),), (line,))], heard, NOW).transcript
    assert [word for word in after.words() if word.text != "Trelleborg"] == list(heard.words())
    where = after.segments[heard.segments.index(segment)]
    back = Line(" ".join(texts), segment.speaker, line.doubted)
    assert edited(after, [Change((mark(where),), (back,))], heard, NOW).transcript.segments == heard.segments


@given(history=histories())
def test_what_was_heard_can_be_typed_again(history: list[tuple[Transcript, Change, Edited]]) -> None:
    """Whatever was done, the first text typed back has its seconds where each word can only be one (undo, A41)."""
    heard, latest = history[0][0], history[-1][2].transcript
    once = list(heard.words())
    lines = tuple(Line(segment.text, segment.speaker, frozenset(word.id for word in segment.words))
                  for segment in heard.segments)
    after = edited(latest, [Change(tuple(mark(segment) for segment in latest.segments), lines)], heard, NOW).transcript
    assert after.text == heard.text
    if len({word.text for word in once}) == len(once) and not {word.text for word in latest.words()} - {
            word.text for word in once}:
        assert [word.id for word in after.words()] == [word.id for word in once]


HEARD = Transcript(TranscriptId("t"), RecordingId("r"), 1, "fr", "base", 9.0, (
    Segment((Word(WordId("a"), "avec", 0.5, 1.0, 0.9), Word(WordId("b"), "deleau", 1.0, 2.4, 0.2),
             Word(WordId("c"), "tiède.", 3.0, 3.5, 0.9)), "1"),
    Segment((Word(WordId("d"), "Oui.", 5.0, 5.4, 0.9),), "2")), NOW)


def _typed(was: tuple[int, ...], *lines: Line, on: Transcript = HEARD) -> Transcript:
    return edited(on, [Change(tuple(mark(on.segments[each]) for each in was), lines)], HEARD, NOW).transcript


def test_several_words_share_the_time_of_one_by_their_length() -> None:
    """« de l'eau » typed over one second and a half of « deleau »: two letters, then five; the first keeps the id."""
    words = list(_typed((0,), Line("avec de l'eau tiède.", "1")).words())
    assert [words[1].start, words[1].end, words[2].start, words[2].end] == pytest.approx([1.0, 1.4, 1.4, 2.4])
    assert (words[1].id, words[1].probability) == ("b", None)


def test_a_word_typed_into_a_pause_takes_the_time_to_say_it() -> None:
    """Four letters take 0.28 s after the word before, not the whole pause; before all words, up to the first."""
    after = list(_typed((0,), Line("Bon, avec deleau bien tiède.", "1")).words())
    assert [(word.text, round(word.start, 2), round(word.end, 2)) for word in (after[0], after[3])] == [
        ("Bon,", 0.22, 0.5), ("bien", 2.4, 2.68)]


def test_split_and_merged_paragraphs_keep_every_word() -> None:
    """Enter and Backspace: the same words with the same doubt in other paragraphs."""
    doubted = frozenset({WordId("b")})
    split = _typed((0,), Line("avec deleau", "1", doubted), Line("tiède.", "Inès"))
    merged = _typed((0, 1, 2), Line("avec deleau tiède. Oui.", "1", doubted), on=split)
    assert list(split.words()) == list(merged.words()) == list(HEARD.words())
    assert [segment.speaker for segment in split.segments] == ["1", "Inès", "2"]


def test_an_accepted_word_is_doubted_no_more_and_again_when_that_is_undone() -> None:
    """Accepting changes no text; undoing it gives the doubt back."""
    accepted = _typed((0,), Line("avec deleau tiède.", "1"))
    assert (accepted.text, accepted.word(WordId("b")).probability) == (HEARD.text, None)  # type: ignore[union-attr]
    again = _typed((0,), Line("avec deleau tiède.", "1", frozenset({WordId("b")})), on=accepted)
    assert again.segments == HEARD.segments


def test_a_paragraph_that_was_removed_comes_back_with_its_seconds() -> None:
    """Undo over the whole session: the words that were heard, not new ones in their place."""
    gone = _typed((0,))
    assert [word.id for word in gone.words()] == ["d"]
    back = _typed((0,), Line("avec deleau tiède.", "1", frozenset({WordId("b")})), Line("Oui.", "2"), on=gone)
    assert back.segments == HEARD.segments
    nothing = _typed((0,), on=gone)
    assert (nothing.segments, _typed((), Line("avec", "1"), on=nothing).text) == ((), "avec")


def test_a_change_of_paragraphs_that_changed_meanwhile_is_not_made() -> None:
    """Its own paragraphs alone are compared: one elsewhere may change, also before it."""
    mine = Change((mark(HEARD.segments[1]),), (Line("Non.", "2"),))
    elsewhere = _typed((0,), Line("avec", "1"), Line("deleau tiède.", "1"))
    done = edited(elsewhere, [mine], HEARD, NOW)
    assert done.transcript.text == "avec\ndeleau tiède.\nNon."
    there = edited(done.transcript, [mine, Change((mark(elsewhere.segments[0]),), ())], HEARD, NOW)
    assert (there.became[0], there.transcript.text) == (None, "deleau tiède.\nNon.")


def test_one_change_alone_takes_a_paragraph() -> None:
    """Two that name the same one: the second is not made."""
    first, second = (Change((mark(HEARD.segments[1]),), (Line(text, "2"),)) for text in ("Non.", "Si."))
    done = edited(HEARD, [first, second], HEARD, NOW)
    assert (done.became[1], done.transcript.segments[1].text) == (None, "Non.")


def test_words_typed_over_by_id_are_the_same_rule() -> None:
    """"" removes a word, an unknown id changes nothing, a paragraph left empty goes."""
    after = retyped(HEARD, {WordId("b"): "de l'eau", WordId("d"): "", WordId("x"): "rien"}, NOW)
    assert after.text == "avec de l'eau tiède."
    assert typed_over(HEARD, {WordId("x"): "rien"}) == ()


def test_ten_thousand_words_in_one_paragraph() -> None:
    """A paragraph as long as a book chapter, changed in two hundred places: the others stay."""
    words = tuple(Word(WordId(f"w{n}"), f"mot{n % 700}" if n % 3 else "de", n / 2, n / 2 + 0.4, 0.9)
                  for n in range(10_000))
    long = replace(HEARD, duration_s=5_000.0, segments=(Segment(words),))
    texts = ["Trelleborg" if number % 50 == 7 else word.text for number, word in enumerate(words)]
    after = edited(long, [Change((mark(long.segments[0]),), (Line(" ".join(texts)),))], long, NOW).transcript
    assert [word.text for word in after.words()] == texts
    assert [(word.id, word.start) for word in after.words()] == [(word.id, word.start) for word in words]
