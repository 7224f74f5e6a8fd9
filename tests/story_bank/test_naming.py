"""A hidden name is in no text that others read, however it is written (L07)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.consent import NameShown
from story_bank.ids import WordId
from story_bank.naming import HIDDEN, Named, without_hidden, words_without_hidden
from story_bank.transcript import Word

FULL, FIRST, NONE = NameShown.FULL, NameShown.FIRST, NameShown.NONE
CAMILLE, ELODIE, ROSE = ("Camille Ferrand", "Camille"), ("Élodie d'Aubigné", "Élodie"), ("Rose Petit", "Rose")
GOFF = ("Jean-Pierre Le Goff", "Jean-Pierre")


@pytest.mark.parametrize(("who", "shown", "text", "becomes"), [
    (CAMILLE, FULL, "Je suis Camille Ferrand.", "Je suis Camille Ferrand."),
    (CAMILLE, FIRST, "Je suis Camille Ferrand, infirmière.", "Je suis Camille, infirmière."),
    (CAMILLE, FIRST, "Mme FERRAND a raison", "Mme … a raison"),
    (CAMILLE, FIRST, "Le récit de Camille", "Le récit de Camille"),
    (CAMILLE, NONE, "Je suis Camille Ferrand, infirmière.", "Je suis …, infirmière."),
    (CAMILLE, NONE, "Moi, c'est Camille.", "Moi, c'est …"),
    (CAMILLE, NONE, "camille-ferrand.mp4, CAMILLE_FERRAND", "…mp4, …"),
    (CAMILLE, NONE, "Camilles et ferrandaises", "Camilles et ferrandaises"),
    (ELODIE, NONE, "le récit d'Élodie", "le récit de\u00a0…"),
    (ELODIE, NONE, "ce qu’elodie a dit", "ce que\u00a0… a dit"),
    (ELODIE, FIRST, "Élodie d’Aubigné et Aubigne", "Élodie et …"),
    (ELODIE, NONE, "E\u0301lodie D'AUBIGNÉ", "…"),
    (ROSE, NONE, "La rose de Rose, un petit Petit", "La rose de …, un petit …"),
    (GOFF, NONE, "jean pierre LE GOFF, puis Le Goff", "…, puis …"),
    (GOFF, FIRST, "Jean-Pierre Le Goff a pris le bus", "Jean-Pierre a pris le bus"),
])
def test_what_becomes_of_a_text(who: tuple[str, str], shown: NameShown, text: str, becomes: str) -> None:
    """The full name becomes the first name, or nothing; ordinary words stay."""
    assert without_hidden(text, [Named(*who, shown)]) == becomes


def test_everyone_decides_for_their_own_name() -> None:
    """One is shown, one by the first name, one not at all."""
    people = [Named(*CAMILLE, FULL), Named("Moussa Diallo", "Moussa", FIRST), Named(*ELODIE, NONE)]
    said = without_hidden("Camille Ferrand, Moussa Diallo et Élodie d'Aubigné", people)
    assert said == "Camille Ferrand, Moussa et …"


def test_taking_a_word_out_does_not_make_another_name() -> None:
    """What is left of one name may be the first half of another's."""
    people = [Named("Marie Roy", "Marie", FIRST), Named("Marie-Paul Durand", "Marie-Paul", NONE)]
    assert without_hidden("Marie Roy Paul", people) == HIDDEN


def _word(number: int, text: str) -> Word:
    return Word(WordId(f"w{number}"), text, number * 0.5, number * 0.5 + 0.4)


def test_words_that_stay_keep_their_id_and_times() -> None:
    """Captions go on with the sound: a word that was only a hidden name goes, its punctuation stays."""
    words = [_word(n, text) for n, text in enumerate(["Bonjour,", "(Camille", "Ferrand),", "infirmière."])]
    left = words_without_hidden(words, [Named(*CAMILLE, FIRST)])
    assert [(word.id, word.text, word.start) for word in left] == [
        ("w0", "Bonjour,", 0.0), ("w1", "(Camille),", 0.5), ("w3", "infirmière.", 1.5)]


LETTERS = st.text(st.sampled_from("abcdeéèïoôuçnrstœ"), min_size=2, max_size=7).map(lambda name: f"{name}kz")
"""Names that are no ordinary word and no particle: those are found by their capital alone."""
FIRSTS = st.builds(lambda parts: "-".join(part.capitalize() for part in parts),
                   st.lists(LETTERS, min_size=1, max_size=2))
SURNAMES = st.builds(lambda particle, name: f"{particle}{name.capitalize()}",
                     st.sampled_from(["", "de ", "Le ", "d'", "Van der "]), LETTERS)
WRITTEN = st.sampled_from([str, str.upper, str.lower, str.title, lambda name: unicodedata.normalize("NFD", name),
                           lambda name: "".join(c for c in unicodedata.normalize("NFD", name)
                                                if not unicodedata.combining(c)), lambda name: name.replace("-", " ")])
AROUND = st.sampled_from([" ", ", ", "d'", "qu’", " (", ") ", ". ", "\n", "_", "-", "/", " l'", "« ", "\u00a0», ", "…"])
PERSON = st.builds(lambda first, surname, shown: Named(f"{first} {surname}", first, shown), FIRSTS, SURNAMES,
                   st.sampled_from([FIRST, NONE]))


def _bare(text: str) -> list[str]:
    """The words of a text, in small letters without accents: written apart from the code that is tested."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
                    if not unicodedata.combining(c))
    return "".join(c if c.isalpha() else " " for c in plain).split()


def _holds(text: str, name: str) -> bool:
    words, wanted = _bare(text), _bare(name)
    return any(words[at:at + len(wanted)] == wanted for at in range(len(words)))


@st.composite
def _told(draw: st.DrawFn) -> tuple[str, list[Named]]:
    people = draw(st.lists(PERSON, min_size=1, max_size=3))
    pieces = []
    for _ in range(draw(st.integers(1, 6))):
        person = draw(st.sampled_from(people))
        surname = person.display_name.removeprefix(person.first_name).strip()
        back = f"{surname} {person.first_name}"
        name = draw(st.sampled_from([person.display_name, person.first_name, surname, back]))
        pieces += [draw(AROUND), draw(WRITTEN)(name), draw(AROUND), draw(st.sampled_from(["dit", "le", "", "nuit"]))]
    return "".join(pieces), people


def _secrets(people: list[Named]) -> set[str]:
    """What must not be read: surnames of everybody here, first names of those who show none."""
    hidden = {person.display_name for person in people}
    hidden |= {person.display_name.split("'")[-1].split()[-1] for person in people}
    return hidden | {person.first_name for person in people if person.shown is NONE}


def _shown_by(people: list[Named]) -> list[str]:
    return [person.first_name for person in people if person.shown is FIRST]


@given(_told())
def test_no_hidden_name_is_left_in_a_text(told: tuple[str, list[Named]]) -> None:
    """Whatever the case, the accents, the order and what stands around it; doing it again changes nothing."""
    text, people = told
    left = without_hidden(text, people)
    shown = [word for name in _shown_by(people) for word in _bare(name)]
    for secret in _secrets(people):
        if not set(_bare(secret)) & set(shown):
            assert not _holds(left, secret), (left, secret)
    assert without_hidden(left, people) == left


@given(_told())
def test_no_hidden_name_is_left_in_words(told: tuple[str, list[Named]]) -> None:
    """The words of captions say nothing that the text would not, in their order and at their own times."""
    text, people = told
    words = [_word(n, part) for n, part in enumerate(text.split())]
    left = words_without_hidden(words, people)
    assert " ".join(word.text for word in left).split() == without_hidden(
        " ".join(word.text for word in words), people).split()
    before = {word.id: (word.start, word.end) for word in words}
    assert [before[word.id] for word in left] == [(word.start, word.end) for word in left]
    assert [word.start for word in left] == sorted(word.start for word in left)


@given(st.text(max_size=80), PERSON)
def test_a_text_that_names_nobody_stays_as_it_is(text: str, person: Named) -> None:
    """Nothing is taken from a text in which no word of the name stands."""
    if not set(_bare(text)) & set(_bare(person.display_name)):
        assert without_hidden(text, [person]) == text
