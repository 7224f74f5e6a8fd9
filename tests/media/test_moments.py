"""Moments: whole sentences that stand by themselves, with reasons in words (A42–A45)."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.moments import reasons_for, stands_alone, suggest
from story_bank.ids import WordId
from story_bank.transcript import Segment, Word

MEDIA = Path(__file__).resolve().parents[2] / "studio/demo/media"


def spoken(segment: dict[str, object], number: int) -> Segment:
    texts, start, end = str(segment["text"]).split(), float(str(segment["start"])), float(str(segment["end"]))
    step = (end - start) / len(texts)
    words = tuple(Word(WordId(f"{number}-{n}"), text, start + n * step, start + (n + 1) * step)
                  for n, text in enumerate(texts))
    return Segment(words, str(segment.get("speaker")))


def recorded(name: str) -> list[Segment]:
    script = json.loads((MEDIA / f"{name}.segments.json").read_text(encoding="utf-8"))
    return [spoken(segment, number) for number, segment in enumerate(script["segments"])]


@pytest.mark.parametrize("name", ["fr1_nurse_night_shift", "fr3_interview_two_voices"])
def test_moments_are_whole_sentences_that_do_not_overlap(name: str) -> None:
    """Each begins where a sentence begins, ends with its full stop, and shares nothing with another."""
    found = suggest(recorded(name), 3, 15, 60)
    assert found
    assert all(moment.text[0].isupper() and moment.text[-1] in ".!…" for moment in found)
    assert all(15 <= moment.end - moment.start <= 60 and stands_alone(moment.text) for moment in found)
    ranges = sorted((moment.start, moment.end) for moment in found)
    assert all(a[1] <= b[0] for a, b in pairwise(ranges))


def test_the_turning_point_of_the_nurse_is_suggested() -> None:
    """The six weeks, the forty per cent and the lady's words are in one of the two first moments."""
    texts = [moment.text for moment in suggest(recorded("fr1_nurse_night_shift"), 2)]
    assert any("quarante pour cent" in text and "je n'ai pas eu peur" in text for text in texts)


def test_reasons_are_words_never_a_score() -> None:
    """Every moment says why in French and English, and quotes what was said."""
    for moment in suggest(recorded("fr1_nurse_night_shift")):
        assert moment.reasons
        quoted = [re.findall("«([^»]+)»", reason.fr) for reason in moment.reasons]
        assert all(quote[0].strip() in moment.text for quote in quoted)
        assert not any(re.search(r"score|\d+ ?/ ?\d+", reason.fr + reason.en) for reason in moment.reasons)


@pytest.mark.parametrize("text", [
    "Et puis on est repartis.", "Donc j'ai appelé.", "Elle m'a dit merci.", "Ça a marché.", "Il avait peur.",
    "C'est pour ça que je reste.", "Alors on a essayé.", "Leur chef est venu.", "Je l'ai montrée à l'atelier.",
    "And then we left.", "She told me to stay.", "So I called.", "It worked.", "That's why.",
])
def test_a_dangling_opening_does_not_stand_alone(text: str) -> None:
    """A sentence that leans on the one before cannot open an extract."""
    assert not stands_alone(text)


@pytest.mark.parametrize("text", [
    "Un soir, j'ai pris une feuille.", "Il y a deux ans, l'atelier a brûlé.", "Ce qui m'a touchée, c'est une dame.",
    "C'était l'hiver dernier.", "Nous étions quatre.", "One night the line stopped.",
    "It was a Monday in March.", "En 2019, tout a changé.", "Soudain, le silence.",
])
def test_an_opening_with_its_own_subject_stands_alone(text: str) -> None:
    """Time, place or a named person can open an extract."""
    assert stands_alone(text)


@pytest.mark.parametrize(("text", "reason"), [
    ("L'attente a baissé de quarante pour cent.", "chiffre"), ("Soudain, tout s'est arrêté.", "tournant"),
    ("J'en suis fière.", "fierté"), ("Il m'a dit de rester.", "parole"), ("J'ai démonté la pompe.", "geste"),
    ("We fixed the pump.", "geste"), ("She told me to stay.", "parole"), ("On est nombreux ici.", "se comprennent"),
], ids=str)
def test_each_kind_of_words_has_its_reason(text: str, reason: str) -> None:
    """A figure, a turning point, pride, a quoted speech, a gesture; else plainly whole sentences."""
    assert any(reason in said.fr for said in reasons_for(text))


def test_nothing_is_suggested_when_nothing_is_long_enough() -> None:
    """Ten words in four seconds make no moment of fifteen."""
    assert suggest([spoken({"text": "J'ai réparé la pompe.", "start": 0, "end": 4}, 0)]) == []


@settings(max_examples=50)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=30).filter(str.strip), st.floats(0.1, 9)), max_size=25),
       st.integers(0, 5), st.floats(1, 20))
def test_any_text_gives_moments_within_bounds(said: list[tuple[str, float]], count: int, least: float) -> None:
    """Whatever is said, at most `count` moments of the asked length come back."""
    at, segments = 0.0, []
    for number, (text, length) in enumerate(said):
        segments.append(spoken({"text": text, "start": at, "end": at + length}, number))
        at += length
    found = suggest(segments, count, least, least * 3)
    assert len(found) <= count
    assert all(least - 1e-6 <= moment.end - moment.start <= least * 3 + 1e-6 for moment in found)
