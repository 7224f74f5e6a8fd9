"""Who speaks when: two voices told apart by the real model, and labels that make sense."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from media.speakers import labelled
from media.voicefilter_speakers import VoicefilterSpeakers
from story_bank.ids import WordId
from story_bank.transcript import Segment, Word

INTERVIEW = Path(__file__).resolve().parents[2] / "studio/demo/media/fr3_interview_two_voices.mp4"


def spread(text: str, start: float, end: float) -> tuple[Word, ...]:
    """The words of a sentence, sharing its time by their letters."""
    texts, made, at = text.split(), [], start
    letters = sum(map(len, texts))
    for part in texts:
        until = at + (end - start) * len(part) / letters
        made.append(Word(WordId(f"{part}{at}"), part, at, until))
        at = until
    return tuple(made)


@pytest.mark.slow
def test_ninety_five_words_in_a_hundred_get_the_right_voice() -> None:
    """The interview comes as one long segment; asker and answerer are told apart, the asker being "1"."""
    script = json.loads(INTERVIEW.with_suffix(".segments.json").read_text(encoding="utf-8"))["segments"]
    turns = [(line["speaker"], spread(line["text"], line["start"], line["end"])) for line in script]
    truth = ["1" if voice == script[0]["speaker"] else "2" for voice, words in turns for _ in words]
    told = VoicefilterSpeakers().tell(INTERVIEW, [Segment(tuple(word for _, words in turns for word in words))], 2)
    heard = [segment.speaker for segment in told for _ in segment.words]
    assert sum(a == b for a, b in zip(heard, truth, strict=True)) >= 0.95 * len(truth)
    assert [word.id for segment in told for word in segment.words] == [word.id for _, words in turns for word in words]


def test_one_voice_is_not_labelled(tmp_path: Path) -> None:
    """With one speaker nobody is numbered, and the media is not even opened."""
    segments = (Segment(spread("Bonjour à tous.", 0.0, 1.0)),)
    assert VoicefilterSpeakers().tell(tmp_path / "absent.mp4", segments, 1) == segments


def test_without_the_model_segments_come_back_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package costs the labels, never the words."""
    monkeypatch.setattr("media.voicefilter_speakers.find_spec", lambda _: None)
    segments = (Segment(spread("Bonjour à tous.", 0.0, 1.0)),)
    assert not VoicefilterSpeakers().ready
    assert VoicefilterSpeakers().tell(tmp_path / "absent.mp4", segments, 2) == segments


def test_a_segment_is_split_where_the_voice_changes() -> None:
    """Question and answer in one segment become two, numbered by who spoke first."""
    segment = Segment((*spread("Et alors ?", 0.0, 1.0), *spread("Oui, tout de suite.", 1.2, 3.0)))
    made = labelled([segment], lambda start, _: 7 if start < 1.1 else 3)
    assert [(line.speaker, line.text) for line in made] == [("1", "Et alors ?"), ("2", "Oui, tout de suite.")]


def test_a_flicker_in_the_middle_of_a_sentence_is_no_turn() -> None:
    """A tenth of a second of another voice inside a sentence is a mistake of the model."""
    segment = Segment(spread("Nous avons gagné vingt minutes sur la préparation.", 0.0, 3.0))
    made = labelled([segment], lambda start, _: 2 if 1.0 < start < 1.2 else 1)
    assert [line.speaker for line in made] == ["1"]


def test_words_without_a_voice_stay_with_the_sentence() -> None:
    """Where no voice could be heard (a breath), a word follows the words before it; alone, it has no speaker."""
    segment = Segment(spread("Un deux trois quatre", 0.0, 4.0))
    assert [line.speaker for line in labelled([segment], lambda start, _: None if start < 1.0 else 5)] == ["1"]
    assert [line.speaker for line in labelled([segment], lambda *_: None)] == [None]
