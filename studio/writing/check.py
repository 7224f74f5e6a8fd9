"""Checks on a person's own text: whose words they are, what nobody said, what is too long (command-line.md, `check`).

The author's opinions are never unsupported: only names and numbers are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from prompts.channels import ChannelRules
from story_bank.language import Bilingual
from studio.writing.figures import figures, supported_values
from studio.writing.names import known, names, parts, together
from studio.writing.quotations import Quotation, quotations
from studio.writing.words import Spot, language_of, shared, spots, words
from studio.writing.writer import Source

Kind = Literal["unsupported", "copied", "seen_elsewhere", "private", "red_line", "affiliation", "length", "cliche"]
ENOUGH = 0.5
"""Share of the words that the author must have brought."""
FEWEST = 8
"""Words that the author must have brought: a quotation alone is not a post."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at in a post (characters, end excluded), why, and a way out."""

    kind: Kind
    text: str
    why: Bilingual
    fix: Bilingual
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Findings in the order of the text; `own_words` from 0 to 1, None where nothing is written yet.

    `may_be_ready`: at least half of the words and eight of them are the author's, it fits the channel, and no
    quotation is made up. Names and numbers never hold it back: the author may know them better than the recording.
    """

    own_words: float | None
    may_be_ready: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Against:
    """What a post is held against besides the story.

    `speaker` "other": the story is somebody else's, whose words count as theirs; `known`: names that may stand
    although nobody said them (company, author, people asked); `rules`: those of the channel.
    """

    suggestion: str | None = None
    others: tuple[str, ...] = ()
    speaker: Literal["self", "other"] = "self"
    rules: ChannelRules | None = None
    known: tuple[str, ...] = ()


NOTHING = Against()


def check(post: str, source: Source, against: Against = NOTHING) -> CheckResult:
    """Return what the text alone can tell of a post."""
    said, post_spots = words(source.text), spots(post)
    held = _held(source, against)
    quoted = quotations(post, said, held) if against.speaker == "other" else []
    outside = [not any(one.said and one.start <= spot.start < one.end for one in quoted) for spot in post_spots]
    copied = _copied(post_spots, said, against)
    brought = [free and not any(flags[at] for _, flags in copied) for at, free in enumerate(outside)]
    invented = [_invented(one) for one in quoted if not one.said]
    findings = [*invented, *_unsupported(post, source, held), *_too_long(post, against.rules),
                *_taken(post, post_spots, copied, outside)]
    own = None if not post_spots else sum(brought) / max(1, sum(outside))
    ready = own is not None and own >= ENOUGH and sum(brought) >= FEWEST and not invented \
        and all(finding.kind != "length" for finding in findings)
    return CheckResult(own, ready, tuple(sorted(findings, key=lambda finding: (finding.start, finding.end))))


_Origin = Literal["others", "speaker", "suggestion"]


def _copied(post: Sequence[Spot], said: Sequence[str], against: Against) -> list[tuple[_Origin, list[bool]]]:
    """Tell for each origin which words of the post lie in a run that it shares."""
    written = [spot.word for spot in post]
    origins: list[tuple[_Origin, list[Sequence[str]]]] = [("others", [words(other) for other in against.others])]
    if against.speaker == "other":
        origins.append(("speaker", [said]))
    if against.suggestion is not None:
        origins.append(("suggestion", [words(against.suggestion)]))
    return [(origin, shared(written, texts)) for origin, texts in origins]


def _held(source: Source, against: Against) -> frozenset[str]:
    speakers = " ".join({segment.speaker for segment in source.segments if segment.speaker})
    return parts(" ".join((source.text, speakers, *against.known)))


def _unsupported(post: str, source: Source, held: frozenset[str]) -> Iterator[Finding]:
    values = supported_values(source.text, None)
    for figure in figures(post, language_of(post) or source.language):
        if figure.value not in values:
            yield Finding("unsupported", figure.text, _NOT_SAID, _NUMBER_WAY_OUT, figure.start, figure.end)
    unheard = [name for name in names(post) if not known(name.text, held)]
    for name in together(unheard, post):
        yield Finding("unsupported", name.text, _NOT_SAID, _NAME_WAY_OUT, name.start, name.end)


def _invented(quotation: Quotation) -> Finding:
    return Finding("unsupported", quotation.text, _NOT_QUOTED, _QUOTE_WAY_OUT, quotation.start, quotation.end)


def _taken(post: str, post_spots: Sequence[Spot], copied: Sequence[tuple[_Origin, list[bool]]],
           outside: Sequence[bool]) -> Iterator[Finding]:
    """Yield each run of shared words once, under the first origin that holds it."""
    owner: list[_Origin | None] = [
        next((origin for origin, flags in copied if flags[at]), None) if free else None
        for at, free in enumerate(outside)]
    for origin, run in groupby(range(len(owner)), key=lambda at: owner[at]):
        places = list(run)
        if origin is not None:
            start, end = post_spots[places[0]].start, post_spots[places[-1]].end
            yield Finding("copied", post[start:end], *_TAKEN[origin], start, end)


def _too_long(post: str, rules: ChannelRules | None) -> Iterator[Finding]:
    length = len(post.strip())
    if rules is None or rules.limit is None or length <= rules.limit:
        return
    over, start = length - rules.limit, len(post) - len(post.lstrip()) + rules.limit
    yield Finding(
        "length", post[start:].strip(),
        Bilingual(f"{length} caractères : {rules.label.fr} en prend {rules.limit}.",
                  f"{length} characters: {rules.label.en} takes {rules.limit}."),
        Bilingual(f"Retirez {over} caractères.", f"Take out {over} characters."), start, start + over)


_NOT_SAID = Bilingual("Le récit ne le dit pas.", "The story does not say it.")
_NUMBER_WAY_OUT = Bilingual("Reprenez le chiffre entendu, ou gardez celui-ci si vous pouvez en répondre.",
                            "Use the number that was said, or keep this one if you can answer for it.")
_NAME_WAY_OUT = Bilingual(
    "Corrigez la transcription si le nom a été mal entendu, retirez-le, ou gardez-le s'il est juste.",
    "Correct the transcript if the name was misheard, take it out, or keep it if it is right.")
_NOT_QUOTED = Bilingual("Ces mots entre guillemets ne sont pas dans le récit.",
                        "These quoted words are not in the story.")
_QUOTE_WAY_OUT = Bilingual("Citez les mots exacts, ou dites-le sans guillemets.",
                           "Quote the exact words, or say it without quotation marks.")
_TAKEN: dict[_Origin, tuple[Bilingual, Bilingual]] = {
    "others": (Bilingual("Une autre publication dit déjà ces mots.", "Another post already says these words."),
               Bilingual("Racontez ce que vous, vous en avez vécu.", "Tell what you yourself lived of it.")),
    "speaker": (Bilingual("Ce sont les mots de la personne qui raconte.",
                          "These are the words of the person who tells."),
                Bilingual("Mettez-les entre guillemets en nommant la personne, ou dites-le à votre façon.",
                          "Put them in quotation marks and name the person, or say it in your own way.")),
    "suggestion": (Bilingual("Ces mots viennent de la proposition.", "These words come from the suggestion."),
                   Bilingual("Dites-le comme vous le diriez à un collègue.", "Say it as you would to a colleague.")),
}
