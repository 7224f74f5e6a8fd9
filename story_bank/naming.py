"""Names: taking out of a text what somebody does not let be shown of theirs (L07).

A name is found whatever its case and accents, by whole words: the whole of it, the first name, the surname, each part
of a surname. Where only the first name is shown, "Camille Ferrand" becomes "Camille"; anything else that is hidden
becomes "…". A name that is also an ordinary word ("rose", "petit") is found where it is written with a capital.
A name that was misheard and never put right cannot be known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import groupby, pairwise

from story_bank.consent import NameShown
from story_bank.making import Suggestion
from story_bank.transcript import Transcript, Word

HIDDEN = "…"
_NBSP = "\u00a0"
_RUN = re.compile(r"[^\s,.;:!?()«»\"]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_SPELT = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_JOINS = re.compile(r"[\s'’\u02bc_‐‑–-]{1,3}")
_ELIDED = re.compile(r"(?<![^\W\d_])(d|qu|lorsqu|puisqu|quoiqu)['’\u02bc]$", re.IGNORECASE)
_PARTICLES = frozenset(re.findall(
    r"\S+", "de du des la le les d l o van von der den di da del della dos das el al st san y"))
_ORDINARY = frozenset(re.findall(
    r"\S+", """
    aime aimee ambre ame ami amour ange angel angelique anis april august aurore avril baker barbier bataille
    beau bel belle berger bienvenue bill black blanc blanche blond bois bon bonnet boucher boulanger brave brun
    brune bruyere capucine carre carter celeste chance charity charpentier chase chat chauvin chevalier chip
    church clair claire clemence clement clemente clementine cliff colombe constance cook cooper cruz daisy dale
    dawn dean desire desiree divine don doucet doux drew eglantine esperance faith fern fleur fontaine forest
    fort fortune franc francais france frank gaillard gay gene gentil gilet ginger glen grace grand grant gras
    green gris gros guy hardi hazel heath heather hill holly hope hunter innocent iris ivy jade jasmin jaune
    jean jeune joli jolie joy juin june juste king lami lance lapin large laurier leger lilas lily long lord
    loup loyal mai maire maitre major marc marchand marechal marguerite marin marine mark mars marteau martial
    martiale mason mat matin maxime may melisse mercier merle meunier miles mine modeste moine monnet moulin
    myrtille nick noel noir noire nord olive olivier page paix parfait parfaite paris pascal pascale pasteur pat
    patience payen pearl penny perle petit petite pie pierre pin poisson poppy prevost price prince prudence
    prune rain ray reed reine renard rich riche riviere rob robin roi roman romane rond rose rouge rousse roux
    royal ruby rue sable sage sauvage sky soldat soleil star sue summer sylvestre tailleur taylor thym tonnelier
    valentin valentine vert verte victoire vigne ville violet violette wade ward white will wood young
    """))
"""Names that are ordinary words too, in small letters without accents: a capital tells them apart."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody in a story, and how much of their name they let others see."""

    display_name: str
    first_name: str
    shown: NameShown


@dataclass(frozen=True, slots=True)
class _Token:
    folded: str
    start: int
    end: int
    capital: bool


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Folded words that are hidden where they follow one another; the first `kept` of them are shown."""

    words: tuple[str, ...]
    kept: int = 0

    @property
    def capital(self) -> bool:
        """Tell whether only capitals make it a name."""
        telling = [word for word in self.words if word not in _PARTICLES] or self.words
        return all(word in _ORDINARY or word in _PARTICLES for word in telling)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Characters that go, end excluded, and what stands in their place."""

    start: int
    end: int
    instead: str


def also_a_word(name: str) -> bool:
    """Tell whether a name is an ordinary word too, so that only a capital makes it a name: "rose", "petit"."""
    return _fold(name) in _ORDINARY


def without_hidden(text: str, people: Sequence[Named]) -> str:
    """Return the text without what its people do not let be shown of their names; doing it twice changes nothing."""
    while cuts := _cuts(text, people):  # what is taken out can bring the two halves of another name together
        made, here = [], 0
        for cut in cuts:
            made += [text[here:cut.start], cut.instead]
            here = cut.end
        text = "".join((*made, text[here:]))
    return text


def words_without_hidden(words: Sequence[Word], people: Sequence[Named]) -> tuple[Word, ...]:
    """Return the words likewise: those that stay keep their id and times, those that were only a hidden name go."""
    while cuts := _cuts(" ".join(word.text for word in words), people):
        words = _cut_out(words, cuts)
    return tuple(words)


def _cut_out(words: Sequence[Word], cuts: Sequence[_Cut]) -> list[Word]:
    text, owner = " ".join(word.text for word in words), _owners(words)
    became, here = [""] * len(words), 0
    into = list(range(len(words)))
    """Where the rest of a word goes: the word in which a cut ends becomes one with that in which it began."""
    for cut in (*cuts, None):
        for at in range(here, cut.start if cut else len(text)):
            if (number := owner[at]) is not None:
                became[into[number]] += text[at]
        if cut is not None:
            first, last = owner[cut.start if cut.instead else cut.start - 1], owner[cut.end - 1]
            assert first is not None, "a cut begins on a word"
            assert last is not None, "a cut ends on a word"
            into[last] = into[first]
            became[into[first]] += cut.instead
            here = cut.end
    return [replace(word, text=text) for word, text in zip(words, became, strict=True) if text]


def transcript_without_hidden(transcript: Transcript, people: Sequence[Named]) -> Transcript:
    """Return the transcript as others read it: words, and the names of its voices."""
    if not _patterns(people):
        return transcript
    left = {word.id: word for word in words_without_hidden(list(transcript.words()), people)}
    segments = tuple(
        replace(segment, words=kept, speaker=segment.speaker and without_hidden(segment.speaker, people))
        for segment in transcript.segments
        if (kept := tuple(left[word.id] for word in segment.words if word.id in left)))
    return replace(transcript, segments=segments)


def suggestion_without_hidden(suggestion: Suggestion, people: Sequence[Named]) -> Suggestion:
    """Return a suggestion that was written before a name was hidden, without it."""
    if not _patterns(people):
        return suggestion

    def hide(text: str) -> str:
        return without_hidden(text, people)

    angles = tuple(replace(angle, title=hide(angle.title), hook=hide(angle.hook), sentences=tuple(
        replace(sentence, text=hide(sentence.text)) for sentence in angle.sentences)) for angle in suggestion.angles)
    return replace(suggestion, questions=tuple(map(hide, suggestion.questions)), angles=angles)


def _owners(words: Sequence[Word]) -> list[int | None]:
    owner: list[int | None] = []
    for number, word in enumerate(words):
        owner += [None] * bool(number) + [number] * len(word.text)
    return owner


def _cuts(text: str, people: Sequence[Named]) -> list[_Cut]:
    """Return what is to be cut, in order, never overlapping."""
    patterns, plain = _patterns(people), _fold(text)
    patterns = [pattern for pattern in patterns if pattern.words[0] in plain]
    if not patterns:  # most texts name nobody, and looking at every letter of a long one takes milliseconds
        return []
    tokens, cuts, at = list(_tokens(text)), list[_Cut](), 0
    while at < len(tokens):
        pattern = next((each for each in patterns if _matches(text, tokens[at:at + len(each.words)], each)), None)
        if pattern is None:
            at += 1
            continue
        last = tokens[at + len(pattern.words) - 1]
        cut = (_Cut(tokens[at + pattern.kept - 1].end, last.end, "") if pattern.kept
               else _hidden(text, tokens[at].start, last.end))
        beside = cuts and cuts[-1].instead == cut.instead == HIDDEN and re.fullmatch(r"[\s‐‑-]+",
                                                                                    text[cuts[-1].end:cut.start])
        cuts[-1:] = [_Cut(cuts[-1].start, cut.end, HIDDEN)] if beside else [*cuts[-1:], cut]
        at += len(pattern.words)
    return cuts


def _hidden(text: str, start: int, end: int) -> _Cut:
    """Return the cut of a whole name: "d'Élodie" becomes "de …", and a full stop after it is one dot of the three."""
    elided = _ELIDED.search(text[:start])
    after = end + 1 if text[end:end + 1] == "." else end
    return _Cut(elided.start(), after, f"{elided[1]}e{_NBSP}{HIDDEN}") if elided else _Cut(start, after, HIDDEN)


def _matches(text: str, tokens: Sequence[_Token], pattern: _Pattern) -> bool:
    if tuple(token.folded for token in tokens) != pattern.words:
        return False
    joined = all(_JOINS.fullmatch(text[one.end:other.start]) for one, other in pairwise(tokens))
    telling = [token for token in tokens if token.folded not in _PARTICLES] or tokens
    return joined and (not pattern.capital or all(token.capital for token in telling))


def _patterns(people: Sequence[Named]) -> list[_Pattern]:
    """Return what is hidden of everybody, the longest first."""
    found = {pattern for person in people for pattern in _of(person)}
    return sorted(found, key=lambda pattern: (-len(pattern.words), pattern.kept, pattern.words))


@lru_cache(maxsize=512)
def _of(person: Named) -> frozenset[_Pattern]:
    whole, first = (tuple(token.folded for token in _tokens(name)) for name in (person.display_name, person.first_name))
    if person.shown is NameShown.FULL or not whole:
        return frozenset()
    surname = _without(whole, first)
    parts = {part for part in surname if len(part) > 1 and part not in _PARTICLES and
             (person.shown is NameShown.NONE or part not in first)}
    told = {surname} if parts or len("".join(surname)) > 1 else set()
    told |= {(part,) for part in parts}
    if person.shown is NameShown.FIRST:
        after = {_Pattern((*first, *words), len(first)) for words in (surname, *told) if first and words}
        return frozenset(after | {_Pattern(words) for words in told if words and words != first})
    return frozenset(_Pattern(words) for words in {whole, first, (*first, *surname), *told} if words)


def _without(whole: tuple[str, ...], first: tuple[str, ...]) -> tuple[str, ...]:
    for at in range(len(whole) - len(first) + 1):
        if first and whole[at:at + len(first)] == first:
            return whole[:at] + whole[at + len(first):]
    return tuple(word for word in whole if word not in first)


def _tokens(text: str) -> Iterator[_Token]:
    for run in _RUN.finditer(text):
        letters, here = run.group(), run.start()
        if letters.isascii() and letters.isalpha():  # most words; the way below looks at every letter
            yield _Token(letters.casefold(), here, run.end(), letters[0].isupper())
            continue
        for inside, spots in groupby(range(len(letters)), key=lambda at: _in_a_word(letters[at])):
            at = list(spots)
            word = letters[at[0]:at[-1] + 1]
            if inside and (folded := _fold(word)):
                first = next(char for char in word if char.isalpha())
                yield _Token(folded, here + at[0], here + at[-1] + 1, first == first.upper())


@cache
def _in_a_word(char: str) -> bool:
    """Tell whether it is a letter, an accent of one, or invisible; the apostrophe that counts as a letter is not."""
    return unicodedata.category(char) in {"Lu", "Ll", "Lt", "Lo", "Mn", "Mc", "Me", "Cf"}


def _fold(text: str) -> str:
    if text.isascii():
        return text.casefold()
    return _NOT_ASCII.sub(_bare, unicodedata.normalize("NFKD", text)).casefold().translate(_SPELT)


def _bare(letters: re.Match[str]) -> str:
    return "".join(char for char in letters.group() if unicodedata.category(char) not in {"Mn", "Me", "Cf"})
