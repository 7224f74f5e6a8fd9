"""An answer of the library as a card."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.access import Act, Light, LightState
from story_bank.consent import Appearance, Channel, NameShown
from story_bank.ids import PersonId, RecordingId, StoryId, ValueId
from story_bank.language import Bilingual
from story_bank.recording import MediaKind
from story_bank.story import Passage, Story
from studio.steps.find import Found
from studio.ui import cards

DAY = date(2026, 11, 20)
STORY = Story(StoryId("s"), PersonId("p"), "La nuit", "", "fr", DAY, datetime(2026, 11, 20, tzinfo=UTC),
              RecordingId("r"), "Nuit", "Lyon", (ValueId("v"), ValueId("gone")))


def _card(question: str = "", channel: Channel | None = None, **how: Any) -> dict[str, Any]:
    found = Found(how.get("story", STORY), how.get("own", False), how.get("author", "Claire"),
                  Passage(STORY.id, 0, "Un soir, j'ai aidé mes collègues.", 23.0, 29.5), 1.0,
                  Bilingual("Mots en commun : aidé", "Words in common: aidé"),
                  Light(LightState.OK, date(2027, 6, 30)), MediaKind.VIDEO,
                  how.get("appears", Appearance(face=True, voice=True, name=NameShown.FULL)),
                  how.get("may", frozenset()))
    return cards.card(found, question, {ValueId("v"): "Écoute"}, channel, "fr")


def test_the_words_asked_for_are_marked_in_any_form() -> None:
    """« aider un collègue » marks "aidé" and "collègues", without their punctuation."""
    assert [part["t"] for part in _card("aider un collègue")["parts"] if part["on"]] == ["aidé", "collègues"]


@given(st.text(max_size=200), st.text(max_size=60))
def test_marks_never_change_the_text(text: str, question: str) -> None:
    """Whatever is asked of whatever was said, marks are inside it, in order, apart."""
    marks = cards.marks(text, question, "fr")
    assert all(0 <= first <= last <= len(text) for first, last in marks)
    assert all(one[1] <= other[0] for one, other in pairwise(marks))


def test_a_name_that_may_not_be_shown_is_somebody() -> None:
    """No name, no initial: « Une personne »."""
    assert _card(author="")["who"] == "Une personne"


def test_a_story_that_is_still_being_heard_says_so() -> None:
    """Open marks around nothing would look broken."""
    found = Found(STORY, False, "Claire", Passage(STORY.id, 0, ""), 0.0, Bilingual("", ""),
                  Light(LightState.OK, date(2027, 6, 30)), MediaKind.VIDEO)
    assert cards.card(found, "", {}, None, "en")["waits"] == "Its words are still being written."
    assert _card()["waits"] == ""


def _face(person: str, story: str, **how: Any) -> list[str]:
    found = replace(STORY, id=StoryId(story), author_id=PersonId(person))
    return [key for key in _card(story=found, **how) if key.startswith("face")]


@pytest.mark.parametrize("shown", [NameShown.FIRST, NameShown.NONE])
def test_the_drawn_face_does_not_tell_who_hides_their_name(shown: NameShown) -> None:
    """L07: the same face under a name and under none would say it; it is the author's where the whole name is shown."""
    hiding = Appearance(face=True, voice=True, name=shown)
    people, stories = [f"p{number}" for number in range(20)], [f"s{number}" for number in range(20)]
    assert len({str(_face(one, "s", appears=hiding, author="")) for one in people}) == 1
    assert len({str(_face("p", one, appears=hiding, author="")) for one in stories}) > 1
    assert len({str(_face("p", one)) for one in stories}) == 1


def test_a_voice_that_may_not_be_heard_has_no_play_button() -> None:
    """The second stays, as a fact about the words."""
    muted = _card(appears=Appearance(face=True, voice=False, name=NameShown.FULL))
    assert (muted["src"], muted["at"], _card()["src"]) == ("", "0:23", "/media/recording/r")


def test_one_s_own_closed_story_says_so() -> None:
    """It answers its author alone."""
    assert _card(own=True, appears=None)["light"] == {"state": "stop", "label": "Fermé\u00a0: pour vous seulement"}


def test_the_light_is_that_of_the_channel_wanted() -> None:
    """"LinkedIn : oui, jusqu'au 30 juin 2027"."""
    assert _card(channel=Channel.LINKEDIN)["light"]["label"] == "LinkedIn\u00a0: oui, jusqu'au 30 juin 2027"


def test_only_what_may_be_made_is_offered() -> None:
    """Reading always; writing and cutting where role and consent allow."""
    every = _card(may=frozenset({Act.DRAFT, Act.CUT}))
    assert [way["label"] for way in _card()["ways"]] == ["Lire"]
    assert [way["href"] for way in every["ways"]] == [
        f"/fr/{slug}?story=s" for slug in ("relire", "ecrire", "extraits")]


def test_a_value_that_is_gone_is_not_shown() -> None:
    """Names come from the company's values of today."""
    assert _card()["values"] == ["Écoute"]
