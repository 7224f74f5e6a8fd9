"""The text a person signs (L07 to L11, X8)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts.consent_text import Terms, channel_label, day, name_label, purpose_label, render
from story_bank.consent import Appearance, Channel, NameShown, Purpose, Scope
from story_bank.language import LANGUAGES

SCOPE = Scope(frozenset({Purpose.LIBRARY, Purpose.SHARE}), frozenset({Channel.LINKEDIN, Channel.INTRANET}),
              date(2026, 12, 1), date(2027, 11, 30), Appearance(face=True, voice=True, name=NameShown.FIRST))
TERMS = Terms("Camille Roy", "Clinique des Tilleuls", SCOPE, "La tournée douce")
scopes = st.builds(
    lambda purposes, channels, start, length, face, voice, name: Scope(
        purposes, channels, start, date.fromordinal(start.toordinal() + length), Appearance(face, voice, name)),
    st.frozensets(st.sampled_from(Purpose), min_size=1), st.frozensets(st.sampled_from(Channel), min_size=1),
    st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 4000), st.booleans(), st.booleans(),
    st.sampled_from(NameShown))


@pytest.mark.parametrize("words", ["Il est écrit", "Il est libre", "Il est éclairé", "Il est spécifique",
                                   "Je peux changer d'avis", "À tout moment", "Camille Roy", "Clinique des Tilleuls",
                                   "La tournée douce", "Du 1er décembre 2026 au 30 novembre 2027", "LinkedIn, Intranet",
                                   "seul mon prénom peut être écrit"])
def test_the_text_says_what_is_signed(words: str) -> None:
    """L07: the four qualities; L08 to L10: purposes, channels, dates; X8: withdrawal, as easy as signing."""
    assert words in render(TERMS, "fr").text


@settings(max_examples=60)
@given(scopes)
def test_only_what_is_permitted_is_named(scope: Scope) -> None:
    """A purpose or a channel that is not signed is not in the text, and all that is signed is."""
    where = render(Terms("P", "C", scope), "en").text.split("Where\n")[1].split("From when")[0]
    assert {channel for channel in Channel if channel_label(channel).en in where.rstrip(".\n").split(", ")} \
        >= scope.channels - {Channel.INTRANET}
    allowed = render(Terms("P", "C", scope), "en").text.split("What I allow\n")[1].split("What is not written")[0]
    assert allowed.count("– ") == len(scope.purposes)


@settings(max_examples=60)
@given(scopes, scopes)
def test_different_consents_are_different_texts(one: Scope, other: Scope) -> None:
    """The hash of the text tells two consents apart."""
    for language in LANGUAGES:
        same = render(Terms("P", "C", one), language) == render(Terms("P", "C", other), language)
        assert same == (one == other)


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_what_is_typed_cannot_add_a_line(name: str) -> None:
    """A person's name stays on its line, whatever it holds."""
    plain = render(TERMS, "fr").text.count("\n")
    assert len(render(Terms(f"X{name}", "C", SCOPE), "fr").text.splitlines()) == plain


def test_no_channel_reads_as_nowhere() -> None:
    """A consent for the library alone says that nothing appears outside."""
    scope = Scope(frozenset({Purpose.LIBRARY}), frozenset(), date(2026, 1, 1), date(2026, 1, 1), SCOPE.appears)
    assert "Sur aucun support en dehors de Vécu." in render(Terms("P", "C", scope), "fr").text


def test_days_are_written_as_one_writes_them() -> None:
    """French says "1er", then plain numbers."""
    assert day(date(2026, 5, 1), "fr") == "1er mai 2026"
    assert day(date(2026, 5, 2), "en") == "2 May 2026"


def test_every_choice_has_a_label() -> None:
    """Purposes, channels and names have words in both languages."""
    labels = [*map(purpose_label, Purpose), *map(channel_label, Channel), *map(name_label, NameShown)]
    assert all(label.fr and label.en for label in labels)
