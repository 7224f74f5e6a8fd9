"""Moments worth an extract, found in the words alone: whole sentences that stand by themselves, with reasons in words.

Cues are data, for French and English alike (people mix them). Their weights order the moments and are never shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from story_bank.ids import WordId
from story_bank.language import Bilingual
from story_bank.transcript import Segment, Word

LONG_PAUSE_S = 1.5
"""A sentence without its full stop ends at a pause this long, or where another person speaks."""
COMFORTABLE_S = 30.0
MOST_REASONS = 3
ALIKE = 0.5
"""Two moments sharing more than this of their longer words say the same thing."""

DANGLING = (  # a moment that begins so leans on what was said before
    r"(?:et|puis|donc|alors|mais|car|or|ensuite|enfin|bref|sinon|voilà|du coup|par contre|en fait|d'ailleurs|après ça"
    r"|parce que|parce qu'\w+|aussi|pourtant|cependant|et là|là|oui|non|ouais|ben|bah|eh bien|moi aussi"
    r"|ça|cela|ceci|ce(?! (?:qu[ei']|qui|matin|soir|métier))|cet|cette(?! (?:année|semaine|nuit))|ces"
    r"|celui|celle|ceux|celles"
    r"|c'est (?:pour ça|là|lui|elle|ça|pourquoi)|c'est(?! (?:en|l'|le|la|un|une|à|au|moi|quand|dans)\b)"
    r"|ils?(?! (?:y a|y avait|faut|fallait|faisait|pleuvait|neigeait|était une fois|arrive|est \w+ heures))|elles?|eux"
    r"|(?:je|j'|on|nous|tu|vous|qui) ?(?:l'\w+|les? (?:\w+ai|\w+ons|ont)|leur|lui|y) \w+"
    r"|(?:i|we) \w+ (?:it|him|her|them)"
    r"|lui|leurs?|son|sa|ses|en(?! (?:\d|\w+ ans?\b|jan|fév|mar|avr|mai|jui|aoû|sep|oct|nov|déc|été|hiver|tant))|y"
    r"|and|so|but|then|because|or|also|anyway|yes|no|yeah|well|which|that's|that|this|these|those|he|she|they|him|them"
    r"|his|her|their|it(?! (?:was|is) (?:a|an|the|in|on|my|our|\d|\w+day)\b)|it's(?! (?:a|an|the|in)\b))"
)
GREETING = r"\b(?:bonjour|bonsoir|je m'appelle|je me présente|hello|hi|my name is|good morning)\b"
NUMBER = (
    r"(?:\d[\d., \u00a0\u202f]*%?|(?:vingt|trente|quarante|cinquante|soixante|cent|mille|deux|trois|quatre|cinq|six"
    r"|sept|huit|neuf|dix|onze|douze|quinze|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|two|three"
    r"|four|five|six|seven|eight|nine|ten|eleven|twelve)(?:-\w+)*|la moitié|le double|half|twice)"
)
NOT_DEEDS = "été eu pu voulu su dû cru pensé aimé fallu semblé gagné dit répondu travaillé commencé"


@dataclass(frozen=True, slots=True)
class Clue:
    """A kind of words that makes a moment worth hearing; `{}` in the reason stands for what was said."""

    pattern: str
    reason: Bilingual
    weight: float


CLUES = (
    Clue(rf"\b{NUMBER}(?:\s+(?:pour cent|percent|%)|\s+(?!pour |fois |for |and |autres )[\w'-]{{3,}})",
         Bilingual("Un chiffre précis : « {} ».", "A precise figure: “{}”."), 2.0),
    Clue(r"\b(?:et là|soudain|tout à coup|jusqu'au jour|ce jour-là|ce soir-là|c'est là que|surprise|impossible"
         r"|pour la première fois|un (?:soir|matin|jour)|une nuit|du jour au lendemain|personne n'y croyait"
         r"|suddenly|until one|that's when|that is when|turned out|for the first time|one (?:day|night|morning|evening)"
         r"|nobody (?:thought|believed)|impossible)\b",
         Bilingual("Un tournant : « {} ».", "A turning point: “{}”."), 2.0),
    Clue(r"\b(?:fi(?:er|ère)s?|fierté|touchée?s?|émue?s?|heureu(?:x|se)s?|larmes|proud|pride|moved|touched|grateful"
         r"|happiest|tears)\b",
         Bilingual("De la fierté ou de l'émotion : « {} ».", "Pride or emotion: “{}”."), 2.0),
    Clue(r"(?:\b(?:m'a|m'ont|nous a|nous ont|lui ai|leur ai|a|ai|ont) (?:dit|répondu|demandé|crié|écrit)\b"
         r"|\b(?:told|asked) (?:me|us|him|her|them)|\b(?:i|he|she|they|we) (?:said|answered|replied)\b"
         r"|«[^»]+»|“[^”]+”)",
         Bilingual("Une parole rapportée : « {} ».", "Words somebody said: “{}”."), 2.0),
    Clue(rf"\b(?:j'ai|nous avons|on a|on s'est|je me suis) (?!(?:{NOT_DEEDS.replace(' ', '|')})\b)"
         r"(?:juste |simplement |tout |enfin )?\w+(?:ée?s?|is|it|ert|u)\b(?: (?:(?:une?|les?|la|des|du) |l')\w+)?"
         r"|\b(?:i|we) (?:took|wrote|called|built|fixed|made|went|stopped|opened|invented|listened|drew|carried|changed"
         r"|started|showed|drove|held|tried|asked|walked|repaired)\b(?: (?:a|an|the|my|our) \w+)?",
         Bilingual("Un geste concret : « {} ».", "Something done: “{}”."), 1.5),
    Clue(r"\b(?:baissé|augmenté|diminué|descendu|doublé|divisé|sauvé|gagné|(?:est|sont) passée?s? de|grâce à"
         r"|depuis ce jour|aujourd'hui"
         r"|dropped|fell|doubled|halved|saved|thanks to|since that day|nowadays|today)\b",
         Bilingual("Un effet qu'on peut constater : « {} ».", "An effect one can see: “{}”."), 1.5),
)
PLAIN = Bilingual("Des phrases entières qui se comprennent seules.", "Whole sentences that stand by themselves.")


@dataclass(frozen=True, slots=True)
class Moment:
    """A range of a recording in seconds, its words, and why it may be worth an extract."""

    start: float
    end: float
    text: str
    reasons: tuple[Bilingual, ...]
    first_word: WordId
    last_word: WordId


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: tuple[Word, ...]
    speaker: str | None

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def plain(self) -> str:
        return self.text.replace("’", "'")


@dataclass(frozen=True, slots=True)
class _Candidate:
    first: int
    last: int
    worth: float
    moment: Moment


def suggest(segments: Sequence[Segment], count: int = 3, min_s: float = 15.0, max_s: float = 60.0) -> list[Moment]:
    """Return at most `count` moments of `min_s` to `max_s` seconds, best first, none sharing a sentence with another.

    Fewer, or none, when nothing stands by itself.
    """
    sentences = list(_sentences(segments))
    kept: list[_Candidate] = []
    for candidate in sorted(_candidates(sentences, min_s, max_s), key=lambda found: (-found.worth, found.first)):
        if len(kept) >= count:
            break
        if all(_differ(candidate, other) for other in kept):
            kept.append(candidate)
    return [candidate.moment for candidate in kept]


def stands_alone(text: str) -> bool:
    """Tell whether a sentence can begin an extract: no « et puis », no pronoun whose name was said before."""
    plain = text.replace("’", "'").lstrip(" «“\"-–—(…").lower()
    return bool(plain) and not _compiled(rf"{DANGLING}(?![\w-])").match(plain)


def reasons_for(text: str) -> tuple[Bilingual, ...]:
    """Return up to three reasons why a text may be worth hearing, each quoting its words."""
    found = []
    for clue in CLUES:
        match = _compiled(clue.pattern).search(text.replace("’", "'"))
        if match:
            said = match[0].strip(" ,.;:«»“”")
            found.append(Bilingual(clue.reason.fr.replace("{}", said), clue.reason.en.replace("{}", said)))
    return tuple(found[:MOST_REASONS]) or (PLAIN,)


def _sentences(segments: Sequence[Segment]) -> Iterator[_Sentence]:
    spoken = [(word, segment.speaker) for segment in segments for word in segment.words]
    words: list[Word] = []
    for number, (word, speaker) in enumerate(spoken):
        words.append(word)
        after = spoken[number + 1] if number + 1 < len(spoken) else None
        ended = re.search(r"[.!?…][»”\"') \u00a0]*$", word.text) is not None
        if after is None or ended or after[1] != speaker or after[0].start - word.end > LONG_PAUSE_S:
            yield _Sentence(tuple(words), speaker)
            words = []


def _candidates(sentences: Sequence[_Sentence], min_s: float, max_s: float) -> Iterator[_Candidate]:
    for first, opening in enumerate(sentences):
        if not stands_alone(opening.text):
            continue
        for last in range(first, len(sentences)):
            start, end = opening.words[0].start, sentences[last].words[-1].end
            if end - start > max_s:
                break
            closing = sentences[last].text.rstrip(" »”\"'")
            if end - start >= min_s and closing.endswith((".", "!", "…")):
                run = sentences[first:last + 1]
                text = " ".join(sentence.text for sentence in run)
                moment = Moment(start, end, text, reasons_for(text), opening.words[0].id, run[-1].words[-1].id)
                yield _Candidate(first, last, _worth(run, end - start), moment)


def _worth(run: Sequence[_Sentence], seconds: float) -> float:
    """Weigh a run of sentences: what is said, how densely, how it begins and ends."""
    weights = [[clue.weight if _compiled(clue.pattern).search(sentence.plain) else 0.0 for clue in CLUES]
               for sentence in run]
    kinds: float = sum(max(column) for column in zip(*weights, strict=True))
    dense = 3.0 * sum(1 for row in weights if any(row)) / len(run)
    ends = (1.0 if any(weights[0]) else 0.0) + (0.75 if any(weights[-1]) else 0.0)
    greeting = 3.0 if any(_compiled(GREETING).search(sentence.plain) for sentence in run) else 0.0
    turns = 2.0 * sum(a.speaker != b.speaker for a, b in pairwise(run))
    uneasy = abs(seconds - COMFORTABLE_S) / COMFORTABLE_S
    return kinds + dense + ends - greeting - turns - uneasy


def _differ(one: _Candidate, other: _Candidate) -> bool:
    if one.first <= other.last and other.first <= one.last:
        return False
    a, b = (set(re.findall(r"\w{4,}", found.moment.text.lower())) for found in (one, other))
    return len(a & b) <= ALIKE * max(1, min(len(a), len(b)))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
