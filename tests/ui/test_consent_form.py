"""From choices to a scope, from a scope to the text that is signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from story_bank.bank import Asker
from story_bank.company import Company
from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope
from story_bank.errors import BadInput
from story_bank.ids import ConsentId, MediaKey, PersonId, RecordingId, StoryId, SubjectId
from story_bank.person import Person
from story_bank.recording import MediaKind, Recording, SpokenContext
from story_bank.story import Story
from studio.steps.consent import last_day
from studio.steps.signing import Decision
from studio.ui import consent_form, consent_state, receipts, recognised

TODAY, NOW = date(2026, 11, 22), datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CLAIRE, MOUSSA = Person(PersonId("c"), "Claire Morel", "Claire"), Person(PersonId("m"), "Moussa Diallo", "Moussa")
INES = Person(PersonId("i"), "Inès Roy", "Inès")
FILLED = {"purposes": ["library", "share"], "channels": ["linkedin"], "from": "2026-11-22", "until": "2027-11-22",
          "face": "no", "voice": "yes", "name": "first"}
AGREED = Scope(frozenset({Purpose.LIBRARY}), frozenset(), TODAY, date(2027, 1, 1),
               Appearance(face=True, voice=True, name=NameShown.FULL))


def _decision(kind: MediaKind | None = MediaKind.VIDEO, **how: Any) -> Decision:
    recording = Recording(RecordingId("r"), CLAIRE.id, kind, MediaKey("k"), "a", "0", 9.0, "fr", SpokenContext(),
                          NOW) if kind else None
    story = Story(StoryId("s"), CLAIRE.id, "La nuit", "", "fr", TODAY, NOW, recording.id if recording else None)
    people = how.get("people", (CLAIRE,))
    return Decision(story, True, Company("Aubépine"), people, how.get("scopes", (None,) * len(people)), (), recording)


def test_what_is_chosen_is_the_scope() -> None:
    """Purposes, channels, both days, face, voice and name, exactly (L08 to L10)."""
    assert consent_form.scope_of(FILLED, _decision()) == Scope(
        frozenset({Purpose.LIBRARY, Purpose.SHARE}), frozenset({Channel.LINKEDIN}), TODAY, date(2027, 11, 22),
        Appearance(face=False, voice=True, name=NameShown.FIRST))


@pytest.mark.parametrize(("left_out", "named"), [
    ({"purposes": []}, "un usage"), ({"channels": []}, "un support"), ({"until": ""}, "le dernier jour"),
    ({"face": ""}, "votre visage"), ({"name": "everything"}, "votre nom"),
    ({"purposes": [], "voice": "", "from": "x"}, "un usage, le premier jour, votre voix")])
def test_what_is_not_chosen_is_named(left_out: dict[str, Any], named: str) -> None:
    """Nothing has a default that somebody could sign without seeing it."""
    with pytest.raises(BadInput) as said:
        consent_form.scope_of({**FILLED, **left_out}, _decision())
    assert named in said.value.sentence.fr


@pytest.mark.parametrize(("kind", "asked"), [(MediaKind.VIDEO, {"face", "voice"}), (MediaKind.SOUND, {"voice"}),
                                             (None, set())], ids=["film", "sound", "text"])
def test_only_what_there_is_is_asked(kind: MediaKind | None, asked: set[str]) -> None:
    """A text has no face and no voice: they are not asked, and not granted."""
    decision = _decision(kind)
    look = consent_form.scope_of({**FILLED, "face": "yes" if "face" in asked else "", "voice": "yes"}, decision).appears
    assert (consent_form.asks(decision), look.face, look.voice) == (asked, "face" in asked, "voice" in asked)


def test_channels_without_publishing_are_not_kept() -> None:
    """Ticked, then publishing unticked: no channel stays behind the hidden part."""
    assert consent_form.scope_of({**FILLED, "purposes": ["draft"]}, _decision()).channels == frozenset()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_text_names_who_signs_what_for_whom(lang: Any) -> None:
    """The person, the company and the story's title are in the text shown (L11)."""
    text = consent_form.text_for(AGREED, _decision(), Asker(CLAIRE, TODAY), lang).text
    assert all(named in text for named in ("Claire Morel", "Aubépine", "La nuit"))


def test_the_panel_says_who_is_missing() -> None:
    """One signature of two opens nothing (L12)."""
    decision = _decision(people=(CLAIRE, MOUSSA), scopes=(AGREED, None))
    value = consent_state.shown(consent_state.standing_of(decision, Asker(CLAIRE, TODAY), "fr"), TODAY, "fr")
    assert value["light"] == {"state": "stop", "label": "En attente de l'accord de Moussa Diallo"}
    assert "lights" not in value


@pytest.mark.parametrize(("day", "words"), [(date(2026, 11, 21), "Fermé jusqu'au 22 novembre 2026"),
                                            (date(2027, 1, 2), "l'accord a pris fin le 1er janvier 2027")])
def test_outside_its_days_a_consent_is_closed(day: date, words: str) -> None:
    """Both ends are included; before and after, the panel says why (L10)."""
    decision = _decision(scopes=(AGREED,))
    value = consent_state.shown(consent_state.standing_of(decision, Asker(CLAIRE, day), "fr"), day, "fr")
    assert words in value["light"]["label"]


def test_a_receipt_is_the_signed_text_then_who_when_and_its_fingerprint() -> None:
    """Told in the company's time (L07)."""
    signed = Consent(ConsentId("1"), SubjectId("r"), CLAIRE.id, AGREED, "Le texte.\n", "2026-11", "Claire Morel", NOW)
    [event] = receipts.shown([signed], Company("Aubépine", timezone="Asia/Tokyo"), "fr")["events"]
    assert event["text"].startswith("Le texte.\n")
    assert all(part in event["text"] for part in ("Claire Morel", "22 novembre 2026 à 18:30", signed.text_hash))
    assert event["id"] == "1"


@pytest.mark.parametrize(("longest", "offered"), [(24, [6, 12, 24]), (18, [6, 12, 18]), (12, [6, 12]), (3, [3]),
                                                  (60, [6, 12, 24])])
def test_the_month_buttons_stay_within_the_longest_period(longest: int, offered: list[int]) -> None:
    """What one tap chooses can be signed (L10)."""
    value = consent_form.shown(_decision(), Asker(CLAIRE, TODAY), longest, "fr")
    assert [each["n"] for each in value["months"]] == offered
    assert value["latest"] == last_day(TODAY, longest).isoformat()


def test_nothing_is_chosen_about_a_story_that_its_author_took_back() -> None:
    """What one signed is still there to take back; there is nothing to sign."""
    assert consent_form.shown(replace(_decision(), closed=True), Asker(CLAIRE, TODAY), 24, "fr") == {}


@pytest.mark.parametrize(("voices", "faces", "people", "words"), [
    (1, 1, 1, ""), (None, None, 1, ""), (0, 0, 1, ""), (2, 2, 2, ""), (2, 1, 1, "une deuxième voix."),
    (1, 2, 1, "un deuxième visage."), (2, 2, 1, "et on voit peut-être un deuxième visage"), (1, 3, 2, "visage")])
def test_a_second_voice_or_face_that_nobody_declared_is_pointed_out(voices: int | None, faces: int | None, people: int,
                                                                    words: str) -> None:
    """One calm line that names nobody and blocks nothing (L12, A38)."""
    recording = _decision().recording
    assert recording is not None
    said = recognised.pointed_out(replace(recording, voices=voices, faces=faces), people, "fr")
    assert (words in said) if words else said == ""
    assert not said or said.endswith("Si c'est quelqu'un, dites qui ; sinon, signez.".replace(" ;", "\u00a0;"))


def test_who_has_not_signed_is_told_to_the_author_alone() -> None:
    """Somebody else who appears learns that a consent is missing, not whose (L05)."""
    decision = replace(_decision(people=(CLAIRE, MOUSSA, INES), scopes=(AGREED, AGREED, None)), own=False)
    value = consent_state.shown(consent_state.standing_of(decision, Asker(MOUSSA, TODAY), "fr"), TODAY, "fr")
    assert value["light"]["label"] == "En attente d'un autre accord que le vôtre"
