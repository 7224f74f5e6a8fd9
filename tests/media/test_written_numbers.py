"""Numbers as a newsroom writes them, from words or digits as Whisper gave them (A19, issue 4 "Transcript")."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_to_num import alpha2digit

from media.written_numbers import written
from story_bank.ids import WordId
from story_bank.language import Language
from story_bank.transcript import Word

UNITS = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
         "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"]
TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}


def words(text: str) -> list[Word]:
    return [Word(WordId(str(number)), part, number * 0.5, number * 0.5 + 0.4, 0.9 - number / 1000)
            for number, part in enumerate(text.split(" "))]


def shown(text: str, language: Language = "fr") -> str:
    """The text set, its narrow spaces as "_" and its other unbreakable ones as "~"."""
    said = " ".join(word.text for word in written(words(text), language))
    return said.replace("\u202f", "_").replace("\u00a0", "~")


def spelt(number: int) -> str:
    """A whole number below a million in French words, as a person says it."""
    if number >= 1000:
        thousands = "mille" if number < 2000 else f"{re.sub('(?<=cent|ingt)s$', '', spelt(number // 1000))} mille"
        return thousands if number % 1000 == 0 else f"{thousands} {spelt(number % 1000)}"
    if number >= 100:
        hundreds = "cent" if number < 200 else f"{UNITS[number // 100]} cent"
        return (hundreds + "s" * (number >= 200)) if number % 100 == 0 else f"{hundreds} {spelt(number % 100)}"
    if number < 20:
        return UNITS[number]
    ten = max(ten for ten in TENS if ten <= number)
    rest = number - ten
    if not rest:
        return TENS[ten] + "s" * (ten == 80)
    return f"{TENS[ten]} et {UNITS[rest]}" if rest in {1, 11} and ten != 80 else f"{TENS[ten]}-{UNITS[rest]}"


@pytest.mark.parametrize(("heard", "set_"), [
    ("baissé de quarante pour cent, et", "baissé de 40_%, et"),
    ("de quarante-deux pourcents.", "de 42_%."),
    ("cent pour cent des dossiers", "100_% des dossiers"),
    ("quatre pour cent", "4_%"),
    ("sept virgule deux pour cent", "7,2_%"),
    ("coûté dix-huit euros.", "coûté 18_€."),
    ("4 300 euros par an", "4_300_€ par an"),
    ("vingt et un mille euros", "21_000_€"),
    ("1,000 euros", "1_000_€"),
    ("1.200 euros", "1_200_€"),
    ("à neuf heures quinze sans", "à 9~h~15 sans"),
    ("attendu une heure 40, et", "attendu 1~h~40, et"),
    ("à 15h30, Fernand", "à 15~h~30, Fernand"),
    ("à cinq heures et à 13 heures.", "à 5~h et à 13~h."),
    ("depuis deux mille onze.", "depuis 2011."),
    ("en deux mille", "en 2000"),
    ("reçu 2400 appels", "reçu 2_400 appels"),
    ("les 2000 personnes", "les 2_000 personnes"),
    ("mille deux cent cinquante repas", "1_250 repas"),
    ("cent quatre-vingts voyageurs", "180 voyageurs"),
    ("« trente »", "« 30 »"),
    ("la 1ère fois au 2ème étage", "la 1re fois au 2e étage"),
    ("20 mille visites", "20_000 visites"),
])
def test_numbers_are_set_as_a_french_newsroom_sets_them(heard: str, set_: str) -> None:
    """Percent, euros, hours, thousands, years and ordinals, from words and from digits alike."""
    assert shown(heard) == set_


@pytest.mark.parametrize("left", [
    "un jour", "un euro", "trois semaines", "nous étions quatre", "mille mercis", "cent fois", "pendant trois heures",
    "en 48 heures", "à deux heures de route", "à deux heures et demie", "trois euros cinq", "59000 Lille",
    "en 2022, il", "zéro six douze trente-quatre", "quinze vingt personnes", "deux millions d'euros",
    "le code 4512 ouvre", "10:30", "3,5 fois", "le neuf, le beau", "deuxième étage", "un vingtième",
])
def test_what_may_not_be_a_figure_stays_as_it_was_heard(left: str) -> None:
    """Small numbers, lengths of time, idioms, telephone numbers, codes, years and articles."""
    assert shown(left) == left


@pytest.mark.parametrize(("heard", "set_"), [
    ("forty percent of us", "40% of us"), ("five per cent", "5%"), ("three point five percent", "3.5%"),
    ("twenty euros", "€20"), ("a team of fourteen people", "a team of 14 people"), ("three winters", "three winters"),
    ("four hundred rolls", "400 rolls"), ("1200 people", "1,200 people"), ("in 2022 we", "in 2022 we"),
    ("seven thirty", "seven thirty"), ("a hundred times", "a hundred times"), ("nine rooms", "nine rooms"),
])
def test_english_has_its_own_figures(heard: str, set_: str) -> None:
    """Commas between thousands, no space before %, the euro first, words below ten."""
    assert shown(heard, "en") == set_


@given(st.integers(0, 999_999))
def test_a_number_said_in_words_keeps_its_value(number: int) -> None:
    """Whatever is counted, the digits are those of the number that was said; small ones stay words."""
    set_ = shown(f"il y a {spelt(number)} pages ici").split()
    alone = number in {100, 1000}
    said = spelt(number) if number < 17 or alone else f"{number:,}".replace(",", "_")
    if 1900 <= number < 2100 and number != 2000:
        said = str(number)
    assert " ".join(set_[3:-2]) == said


@given(st.integers(0, 24), st.integers(1, 11))
def test_a_time_of_day_keeps_its_hour_and_minutes(hour: int, fifth: int) -> None:
    """Said in words or in digits, the hour and the minutes come out in digits."""
    said = f"à {'une heure' if hour == 1 else spelt(hour) + ' heures'} {spelt(fifth * 5)} pile"
    assert shown(said) == f"à {hour}~h~{fifth * 5} pile"


HEARD = st.lists(st.one_of(
    st.sampled_from([*UNITS, *TENS.values(), "cent", "cents", "mille", "million", "virgule", "et", "pour", "euros",
                     "euro", "heure", "heures", "%", "de", "à", "en", "numéro", "personnes", "demie", "15h30", "20h",
                     "1ère", "2ème", "2,5", "1.200", "1,000", "40\u202f%", "percent", "forty", "five", "point",
                     "hundred", "Lille", "dix,", "vingt.", "«", "(trois", "300", "4", "2400", "007", "twenty-two",
                     "quatre-vingts"]),
    st.integers(0, 99_999).map(str), st.text(max_size=4).filter(str.strip)), max_size=12)


@given(HEARD, st.sampled_from(["fr", "en"]))
def test_no_digit_is_ever_lost_and_none_made_up(texts: list[str], language: Language) -> None:
    """The digits that were heard come out in their order, and only numbers that were said add some."""
    heard = [Word(WordId(str(number)), text, number, number + 0.5, 0.5) for number, text in enumerate(texts)]
    before, after = " ".join(texts), " ".join(word.text for word in written(heard, language))
    left = iter(re.sub(r"[^0-9]", "", after))
    assert all(digit in left for digit in re.sub(r"[^0-9]", "", before))
    spoken = re.sub(r"[^0-9]", "", alpha2digit(" ".join(re.findall(r"\w+", before)), language, threshold=0))
    assert len(re.sub(r"[^0-9]", "", after)) <= max(len(spoken), len(re.sub(r"[^0-9]", "", before))) + 3 * len(texts)


@given(HEARD, st.sampled_from(["fr", "en"]))
def test_setting_twice_is_setting_once(texts: list[str], language: Language) -> None:
    """A transcript that is set already does not change again."""
    heard = [Word(WordId(str(number)), text, number, number + 0.5, 0.5) for number, text in enumerate(texts)]
    once = written(heard, language)
    assert written(once, language) == once


@given(HEARD, st.sampled_from(["fr", "en"]))
def test_a_merged_word_keeps_the_first_id_and_the_time_of_all(texts: list[str], language: Language) -> None:
    """Ids stay unique and in order, words never overlap, and the whole time is still covered."""
    heard = [Word(WordId(f"{number:03d}"), text, number, number + 0.5, 0.5) for number, text in enumerate(texts)]
    set_ = written(heard, language)
    starts = {word.id: word.start for word in heard}
    assert all(word.start == starts[word.id] for word in set_)
    assert all(earlier.id < later.id and earlier.end <= later.start for earlier, later in pairwise(set_))
    assert [word.end for word in set_[-1:]] == [word.end for word in heard[-1:]]


def test_a_merged_word_is_as_doubtful_as_its_most_doubtful_part() -> None:
    """A correction is asked for where one part was guessed; what a person confirmed stays confirmed."""
    made = written(words("quarante pour cent"), "fr")
    assert [(word.text, word.probability) for word in made] == [("40\u202f%", 0.9 - 2 / 1000)]
