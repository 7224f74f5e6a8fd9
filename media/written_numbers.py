"""Numbers as a newsroom writes them: "quarante pour cent" is "40 %", "neuf heures quinze" is "9 h 15".

Pure functions on words. Several words that become one figure become one word: the first one's id, the time of all.
Small numbers stay in words (French up to sixteen, English below ten) unless a unit follows; "un" is never a figure,
and what may be an idiom, a telephone number or a fraction is left as it was heard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from text_to_num import find_numbers

from story_bank.language import Language
from story_bank.transcript import Word

NARROW, NO_BREAK = "\u202f", "\u00a0"
LEAST = {"fr": 17, "en": 10}
"""From here on numbers are written in digits."""
POINT = {"fr": ",", "en": "."}
BETWEEN_THOUSANDS = {"fr": NARROW, "en": ","}
YEARS = range(1900, 2100)
HOURS, MINUTES = 24, 59
AT_THAT_TIME = frozenset({"à", "dès", "vers"})
NOT_A_TIME = frozenset({"de", "par"})
"""After "à deux heures": a distance or a rate."""
SCALES = re.compile(r"(million|milliard|billion)s?", re.IGNORECASE)
ALONE = frozenset({"cent", "mille", "hundred", "thousand", "million", "milliard", "billion"})
"""One of these alone is more often an idiom ("mille mercis") than a count."""
CODES = frozenset({"numéro", "n°", "no", "code", "number", "matricule", "ligne", "line", "salle", "room"})


def written(words: Sequence[Word], language: Language) -> list[Word]:
    """Return the words with their numbers, percentages, euros and times of day set; no figure is lost or made up."""
    sentence = _Sentence(words, language)
    made: list[Word] = []
    at = 0
    while at < len(words):
        count, text = sentence.set_at(at) or (1, None)
        made.append(words[at] if text is None else _merged(words[at:at + count], text))
        at += count
    return made


def _merged(words: Sequence[Word], text: str) -> Word:
    chances = [word.probability for word in words if word.probability is not None]
    return replace(words[0], text=text, end=words[-1].end,
                   probability=min(chances) if len(chances) == len(words) else None)


@dataclass(frozen=True, slots=True)
class _Part:
    """A word without the marks around it, as the number reader asks for it."""

    lead: str
    core: str
    tail: str
    apart: bool
    """A mark stands between it and the word before."""
    counts: bool

    def text(self) -> str:
        """The word."""
        return self.core

    def text_lowercase(self) -> str:
        """The word in small letters."""
        return self.core.lower()

    def nt_separated(self, previous: _Part) -> bool:
        """Tell whether it cannot go on with the number before it."""
        return self.apart

    def not_a_number_part(self) -> bool:
        """Tell whether the word is known not to count."""
        return not self.counts


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number found in `count` words: as plain digits ("4300", "7,2"), and whether it was heard in words."""

    count: int
    digits: str
    in_words: bool

    @property
    def whole(self) -> int | None:
        """Its value, where it has no decimals."""
        return int(self.digits) if self.digits.isdigit() else None


class _Sentence:
    """The words of one stretch, with the numbers that were said in words found."""

    def __init__(self, words: Sequence[Word], language: Language) -> None:
        self._language = language
        self._parts = _parts([word.text for word in words])
        self._said = self._in_words()

    def set_at(self, at: int) -> tuple[int, str] | None:
        """Return how many words from here become one, and its text; None where nothing changes."""
        part = self._parts[at]
        told = self._figure_set(at) or (self._clock(at) if self._language == "fr" else None) or self._ordinal(at)
        if told is None:
            return None
        count, core = told
        return (count, part.lead + core + self._parts[at + count - 1].tail) if self._unbroken(at, count) else None

    def _figure_set(self, at: int) -> tuple[int, str] | None:
        figure = self._said.get(at) or self._in_digits(at)
        if figure is None or not self._unbroken(at, figure.count):
            return None
        after = at + figure.count
        follows = self._parts[after].core if after < len(self._parts) and not self._tail(after - 1) else ""
        shown = self._grouped(figure, at, follows)
        united = self._with_unit(figure, shown, at, after) if follows else None
        if united is not None:
            return united
        small = figure.whole is not None and figure.whole < LEAST[self._language]
        alone = figure.count == 1 and self._core(at).rstrip("s") in ALONE
        if figure.in_words and (small or alone):
            return None
        return (figure.count, shown) if figure.in_words or shown != self._parts[at].core else None

    def _with_unit(self, figure: _Figure, shown: str, at: int, after: int) -> tuple[int, str] | None:
        unit, more = self._core(after), self._core(after + 1) if not self._tail(after) else ""
        fr = self._language == "fr"
        if figure.in_words and figure.digits == "1" and unit not in {"heure", "hour"}:
            return None
        if (unit, more) in {("pour", "cent"), ("pour", "cents"), ("per", "cent")}:
            return figure.count + 2, f"{shown}{NARROW}%" if fr else f"{shown}%"
        if unit in {"pourcent", "pourcents", "percent", "pour-cent", "pour-cents"}:
            return figure.count + 1, f"{shown}{NARROW}%" if fr else f"{shown}%"
        if unit in {"euro", "euros"} and not self._is_number(after + 1, more):
            return figure.count + 1, f"{shown}{NARROW}€" if fr else f"€{shown}"
        if fr and unit in {"heure", "heures"}:
            return self._time(figure, at, after)
        return None

    def _time(self, figure: _Figure, at: int, after: int) -> tuple[int, str] | None:
        """Set "neuf heures quinze", and "à cinq heures"; a length of time stays as it was said."""
        if figure.whole is None or figure.whole > HOURS or len(figure.digits) > 2:
            return None
        follows = self._core(after + 1) if not self._tail(after) else ""
        minutes = (self._said.get(after + 1) or self._in_digits(after + 1)) if follows else None
        if minutes is not None and minutes.whole is not None and minutes.whole <= MINUTES and minutes.digits != "1":
            beyond = after + 1 + minutes.count
            counted = self._core(beyond) if not self._parts[beyond - 1].tail else ""
            if counted in {"minute", "minutes", "pour", "euros", "heures", "mille", "pourcent"}:
                return None
            sure = minutes.whole % 5 == 0 or self._core(at - 1) in AT_THAT_TIME
            return (figure.count + 1 + minutes.count,
                    f"{figure.digits}{NO_BREAK}h{NO_BREAK}{minutes.digits}") if sure else None
        halves = follows == "et" and self._core(after + 2) in {"demie", "quart"}
        if self._core(at - 1) in AT_THAT_TIME and follows not in NOT_A_TIME and not follows.startswith("d'") \
                and not halves:
            return figure.count + 1, f"{figure.digits}{NO_BREAK}h"
        return None

    def _clock(self, at: int) -> tuple[int, str] | None:
        """Set "15h30" and "20h"."""
        found = re.fullmatch(r"(\d{1,2})h(\d\d)?", self._parts[at].core)
        if found is None or int(found[1]) > HOURS or int(found[2] or 0) > MINUTES:
            return None
        return 1, NO_BREAK.join(filter(None, (found[1], "h", found[2])))

    def _ordinal(self, at: int) -> tuple[int, str] | None:
        """Set "2ème" as "2e" and "1ère" as "1re"."""
        if self._language != "fr":
            return None
        found = re.fullmatch(r"(\d+)([eiè]+me|ère)(s?)", self._parts[at].core)
        if found is None or (found[2] == "ère") != (found[1] == "1"):
            return None
        return 1, found[1] + ("re" if found[2] == "ère" else "e") + found[3]

    def _grouped(self, figure: _Figure, at: int, follows: str) -> str:
        """Group the thousands of a count; a year, a code or a postal code stays in one piece."""
        between, value = BETWEEN_THOUSANDS[self._language], figure.whole
        if value is None or len(figure.digits) < 4 or figure.digits.startswith("0"):
            return figure.digits
        count = not figure.in_words and (figure.count > 1 or not self._core(at).isdigit())  # it was grouped when heard
        euros = follows.lower() in {"euro", "euros", "pour"}
        year = value in YEARS and not euros and (value != 2000 or not follows.islower() or self._core(at - 1) == "en")
        plain = not figure.in_words and not (follows.islower() or count or euros)
        if not count and (year or plain or self._core(at - 1) in CODES):
            return figure.digits
        return f"{value:,}".replace(",", between)

    def _in_digits(self, at: int) -> _Figure | None:
        """Return the figure that stands in digits here, its groups of three put together."""
        core = self._core(at)
        if self._language == "fr" and re.fullmatch(r"\d{1,3}(,000)+|[1-9]\d{0,2}(\.\d{3})+", core):
            core = re.sub(r"[.,]", "", core)
        core = re.sub(f"(?<=\\d){NARROW}(?=\\d{{3}}(?!\\d))", "", core)
        if not re.fullmatch(r"\d{1,12}([.,]\d{1,6})?", core) or ("," in core and self._language == "en"):
            return None
        count = 1
        if re.fullmatch(r"[1-9]\d{0,2}", core) and not self._goes_on(at):
            while re.fullmatch(r"\d{3}", self._core(at + count)) and self._unbroken(at, count + 1):
                core += self._core(at + count)
                count += 1
        thousands = self._core(at + 1) == "mille" and not self._is_number(at + 2, self._core(at + 2))
        if self._language == "fr" and thousands and count == 1 and re.fullmatch(r"[1-9]\d{0,2}", core) \
                and self._unbroken(at, 2):
            return _Figure(2, core + "000", in_words=False)
        return _Figure(count, core, in_words=False)

    def _in_words(self) -> dict[int, _Figure]:
        """Find the numbers said in words; two in a row (a telephone number, "quinze vingt") are left alone."""
        found = [number for number in find_numbers(self._parts, self._language, 0) if not number.is_ordinal]
        taken = {number.end for number in found if not self._tail(number.end - 1)} & {number.start for number in found}
        made = {}
        for number in found:
            last = number.end - 1
            if number.start in taken or number.end in taken or SCALES.fullmatch(self._core(last)):
                continue
            if last + 1 < len(self._parts) and self._parts[last + 1].core[:1].isdigit() and not self._parts[last].tail:
                continue
            digits = f"{number.value:g}" if number.value != int(number.value) else str(int(number.value))
            if len(digits) <= 12 and "e" not in digits and "-" not in digits:
                digits = digits.replace(".", POINT[self._language])
                made[number.start] = _Figure(number.end - number.start, digits, in_words=True)
        return made

    def _goes_on(self, at: int) -> bool:
        """Tell whether digits stand right before this word."""
        return self._core(at - 1)[-1:].isdigit() and not self._tail(at - 1)

    def _is_number(self, at: int, core: str) -> bool:
        return bool(core) and (core[0].isdigit() or at in self._said)

    def _core(self, at: int) -> str:
        return self._parts[at].core.lower().replace("’", "'") if 0 <= at < len(self._parts) else ""

    def _tail(self, at: int) -> str:
        return self._parts[at].tail if 0 <= at < len(self._parts) else ""

    def _unbroken(self, at: int, count: int) -> bool:
        """Tell whether no mark stands between the words from here on."""
        parts = self._parts[at:at + count]
        return len(parts) == count and not any(part.tail for part in parts[:-1]) and \
            not any(part.lead for part in parts[1:])


def _parts(texts: Sequence[str]) -> list[_Part]:
    made: list[_Part] = []
    for text in texts:
        lead, core, tail = re.fullmatch(r"([^\w]*)(.*?)([^\w%€°]*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
        before = made[-1] if made else None
        hundredth = core.lower() in {"cent", "cents"} and before is not None and before.core.lower() in {"pour", "per"}
        made.append(_Part(lead, core, tail, bool(lead or (before and before.tail)),
                          core.replace("-", "").isalpha() and not hundredth))
    return made
