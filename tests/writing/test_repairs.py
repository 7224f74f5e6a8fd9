"""Proposed repairs: what sounds like a term of the glossary is shown, and what is right is left alone (A40)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from story_bank.glossary import Term, TermKind, TermState
from story_bank.ids import PersonId, RecordingId, TermId, TranscriptId, WordId
from story_bank.transcript import Segment, Transcript, Word
from studio.writing.repairs import likely_kind, proposed_repairs, taught_by
from studio.writing.sounds import sound

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DEMO = Path(__file__).parents[2] / "studio" / "demo" / "media"
NAMES = ("Trelleborg", "Norlog", "Lanterval", "Épidaure", "Kerlo", "PolyFlux", "Fenwick", "Éloïse Le Gall", "Kanban",
         "Saint-Nazaire", "Marchand", "Petit", "Audace", "brancardage", "Moussa Diallo", "Benali", "Rose")


def term(written: str, *heard: str, **known) -> Term:
    return Term(TermId(written), written, TermKind.TERM, TermState.KEPT, PersonId("x"), NOW, heard, **known)


def said(*sentences: str, probability: float = 0.9) -> Transcript:
    segments = [Segment(tuple(Word(WordId(f"{line}-{at}"), text, float(at), at + 0.5, probability)
                              for at, text in enumerate(sentence.split(" "))))
                for line, sentence in enumerate(sentences)]
    return Transcript(TranscriptId("t"), RecordingId("r"), 1, "fr", "base", 60.0, tuple(segments), NOW)


def repairs(sentence: str, *terms: Term) -> list[tuple[str, str]]:
    return [(each.was, each.becomes) for each in proposed_repairs(said(sentence), terms)]


@pytest.mark.parametrize(("heard", "name"), [
    ("Trélébor", "Trelleborg"), ("très le bord", "Trelleborg"), ("Trelle Borg", "Trelleborg"),
    ("trelleborg", "Trelleborg"), ("Nord Log", "Norlog"), ("Lenterval", "Lanterval"), ("Épidore", "Épidaure"),
    ("Élise Le Gal", "Éloïse Le Gall"), ("Poli flux", "PolyFlux"), ("Fenwik", "Fenwick"), ("Canban", "Kanban"),
    ("Saint Nazaire", "Saint-Nazaire"), ("Moussa Dialo", "Moussa Diallo")])
def test_what_sounds_like_a_term_is_proposed(heard: str, name: str) -> None:
    """By sound and spelling, over one to three words; the punctuation around them stays."""
    assert repairs(f"Nous livrions chez {heard}, la nuit.", *map(term, NAMES)) == [(f"{heard},", f"{name},")]


def test_an_elided_word_keeps_its_elision() -> None:
    """« d'Épidore » becomes « d'Épidaure »."""
    assert repairs("Près d'Épidore.", term("Épidaure")) == [("d'Épidore.", "d'Épidaure.")]


def test_what_an_editor_says_is_heard_is_proposed_whatever_it_sounds_like() -> None:
    """A form heard once is recognised again; an ordinary word alone is not taken for one."""
    assert repairs("La grue de la gare Sud.", term("Lagarde-Sud", "la gare sud")) == [("la gare Sud.", "Lagarde-Sud.")]
    assert repairs("Le bord du quai.", term("Borg", "bord")) == []


@pytest.mark.parametrize("right", [
    "Nous livrions chez Trelleborg, à Saint-Nazaire.", "Un petit marchand de roses a eu de l'audace.",
    "Le petit matin, rose et froid, avec un marchand.", "Nous avons fait le brancardage.",
    "Au bord du quai, le carlo."])
def test_what_is_written_as_it_should_be_is_left_alone(right: str) -> None:
    """A common word is never taken for a name; a term that is right is not proposed again."""
    assert repairs(right, *map(term, NAMES)) == []


@pytest.mark.parametrize("file", sorted(DEMO.glob("*.segments.json")), ids=lambda file: file.name[:3])
def test_nothing_is_proposed_in_a_transcript_without_faults(file: Path) -> None:
    """Precision on the demonstration: no proposal for any of its words."""
    lines = [each["text"] for each in json.loads(file.read_text("utf-8"))["segments"]]
    assert proposed_repairs(said(*lines), [term(name) for name in NAMES]) == []


def test_a_term_of_the_other_language_is_not_proposed() -> None:
    """And one of any language is."""
    assert repairs("Chez Trélébor.", term("Trelleborg", language="en")) == []
    assert len(repairs("Chez Trélébor.", term("Trelleborg", language="fr"))) == 1


def test_a_repair_says_where_it_is() -> None:
    """Its words, in order, and when they are said."""
    [found] = proposed_repairs(said("Bonjour.", "Chez très le bord ici."), [term("Trelleborg")])
    assert (found.ids, found.start, found.end) == (("1-1", "1-2", "1-3"), 1.0, 3.5)


@pytest.mark.parametrize(("before", "after", "taught"), [
    ("Trélébor,", "Trelleborg,", ("Trelleborg", "Trélébor")), ("très le bord", "Trelleborg", ("Trelleborg",
                                                                                            "très le bord")),
    ("norlog", "Norlog", ("Norlog", "norlog")), ("d'élodi", "d'Élodie", ("Élodie", "élodi")),
    ("chez Trélébor hier", "chez Trelleborg hier", ("Trelleborg", "Trélébor"))])
def test_a_corrected_name_teaches(before: str, after: str, taught: tuple[str, str]) -> None:
    """« Toujours écrire « Trelleborg » » is offered for a name or term, without the words around it."""
    assert taught_by(before, after) == taught


@pytest.mark.parametrize(("before", "after"), [
    ("bonne", "bon"), ("maison", "voiture"), ("chat", "Chat"), ("Trelleborg", "Trelleborg,"), ("brancardages",
     "brancardage"), ("Trélébor", ""), ("", "Trelleborg"), ("12", "13"), ("hier soir", "Trelleborg"),
    ("un deux trois quatre", "Trelleborg"), ("Trelleborg", "Trelleborg et toute son équipe"), ("…", "!")])
def test_an_ordinary_correction_teaches_nothing(before: str, after: str) -> None:
    """Ordinary words, punctuation, a rewrite, a removal."""
    assert taught_by(before, after) is None


def test_a_first_name_is_guessed_to_be_a_person() -> None:
    """So that an editor sees which names are people's."""
    assert (likely_kind("Thierry Okafor"), likely_kind("Trelleborg")) == (TermKind.PERSON, TermKind.TERM)


@settings(max_examples=150)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_taken_as_text(one: str, other: str) -> None:
    """Emoji, right-to-left text, markup and templates neither break nor are run."""
    taught = taught_by(one, other)
    assert taught is None or (taught[0].strip() == taught[0] != "" and taught[0] in other)
    for repair in proposed_repairs(said(one or "a"), [term(other or "b")]):
        assert (other or "b") in repair.becomes
    assert " " not in sound(one)
