"""Finding: one question, answers by passage, within what the asker may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from story_bank.access import Act, Light, Use, light, may, narrowest
from story_bank.bank import Asker, StoryFilter, WordHit, Work
from story_bank.consent import Appearance, Channel, Scope
from story_bank.errors import NotAvailable
from story_bank.ids import StoryId
from story_bank.language import Bilingual
from story_bank.naming import Named, without_hidden
from story_bank.person import Person
from story_bank.recording import MediaKind
from story_bank.story import Passage, Story
from studio.steps.read import hidden_names, shown_name, without_names
from studio.steps.step import Step
from vectorstore.search import Ranked, StorySearch, rank_by_words, reasons
from vectorstore.words import query_stems

LONGEST_QUESTION = 2_000
CANDIDATES = 400
"""Passages that hold one of the words, looked at before permission is asked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question and its facets; a channel asks "usable there today"."""

    question: str
    where: StoryFilter = field(default_factory=StoryFilter)
    channel: Channel | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Found:
    """One story with its best passage, why it matches, and its light."""

    story: Story
    own: bool
    author: str
    passage: Passage
    score: float
    why: Bilingual
    light: Light
    kind: MediaKind | None
    appears: Appearance | None = None
    """What everyone agreed to show; None while somebody has not."""
    may: frozenset[Act] = frozenset()
    """What the asker may make of it today, of drafting, cutting and sharing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Stories, best first; `note` says when a part of the search sleeps."""

    found: tuple[Found, ...]
    note: Bilingual | None = None


MEANING_SLEEPS = Bilingual(
    "La recherche par le sens se réveille ; en attendant, seuls les mots exacts répondent.",
    "Search by meaning is waking up; meanwhile only exact words answer.")


class Find(Step):
    """Answer a question with stories the asker may find."""

    use = Act.FIND

    def run(self, asker: Asker, wanted: Wanted) -> Answer:
        """Return the best stories; an empty question lists the newest."""
        question = " ".join(wanted.question.split())[:LONGEST_QUESTION]
        with self.tools.bank.open() as work:
            if not question:
                return self._newest(work, asker, wanted)
            nameless = _nameless(question, work.people())
            asked = [_Asked(each, work.word_hits(query_stems(each), CANDIDATES))
                     for each in dict.fromkeys((question, nameless))]
        return self._among(asker, wanted, asked)

    def _among(self, asker: Asker, wanted: Wanted, asked: Sequence[_Asked], reach: int = 1) -> Answer:
        """Keep what the asker may find; where too much of it is forbidden, look further until there is enough."""
        asked_for = wanted.limit * reach
        (ranked, note), *again = [self._ranked(each, asked_for) for each in asked]
        nameless = again[0][0] if again else ranked
        with self.tools.bank.open() as work:
            allowed = work.allowed(asker, Use(self.use, wanted.channel),
                                   {each.story_id for each in (*ranked, *nameless)}, wanted.where)
            if again:
                ranked = self._not_by_name(work, asker, allowed, ranked, nameless)
            kept = [each for each in ranked if each.story_id in allowed][:wanted.limit]
            if len(kept) == wanted.limit or len(ranked) < asked_for or note is not None:
                around = _around(work, asker, [allowed[each.story_id] for each in kept])
                return Answer(self._shown(work, asker, wanted, asked[0].question, kept, around), note)
        return self._among(asker, wanted, asked, reach * 4)

    def _ranked(self, asked: _Asked, limit: int) -> tuple[list[Ranked], Bilingual | None]:
        try:
            return StorySearch(self.tools.embedder, self.tools.index).rank(asked.question, asked.hits, limit), None
        except NotAvailable:
            return rank_by_words(asked.hits, CANDIDATES), MEANING_SLEEPS

    def _not_by_name(self, work: Work, asker: Asker, allowed: Mapping[StoryId, Story], ranked: Sequence[Ranked],
                     nameless: Sequence[Ranked]) -> list[Ranked]:
        """Rank a story that hides a name as if the question named nobody who works here.

        Not only as if it did not say the hidden name: the one name that changes an answer would be the hidden one.
        """
        hiding = {story_id for story_id, each in _around(work, asker, list(allowed.values())).items() if each.names}
        fair = [each for each in ranked if each.story_id not in hiding]
        fair += [each for each in nameless if each.story_id in hiding]
        return sorted(fair, key=lambda each: -each.score)

    def _newest(self, work: Work, asker: Asker, wanted: Wanted) -> Answer:
        stories = work.stories(asker, Use(self.use, wanted.channel), wanted.where, wanted.limit)
        ranked = [Ranked(story.id, 0, 0.0, None, 0.0) for story in stories]
        return Answer(self._shown(work, asker, wanted, "", ranked, _around(work, asker, stories)))

    def _shown(self, work: Work, asker: Asker, wanted: Wanted, question: str, ranked: list[Ranked],
               around: dict[StoryId, _Around]) -> tuple[Found, ...]:
        passages = work.passages([each.story_id for each in ranked])
        asked = Use(Act.SHARE, wanted.channel) if wanted.channel else Use(self.use)
        told = [around[each.story_id].story.recording_id for each in ranked]
        kinds = work.kinds([recording_id for recording_id in told if recording_id is not None])
        found = []
        for each in ranked:
            about = around[each.story_id]
            story, texts = about.story, passages.get(each.story_id, [])
            passage = texts[each.passage] if each.passage < len(texts) else Passage(story.id, 0, story.text[:300])
            passage = replace(passage, text=without_hidden(passage.text, about.names))
            kind = kinds.get(story.recording_id) if story.recording_id else None
            why = reasons(question, passage.text, story.language) if question else Bilingual("", "")
            given = [scope for scope in about.scopes if scope is not None]
            found.append(Found(story, story.author_id == asker.person.id, about.author, passage, each.score, why,
                               light(about.scopes, asked, asker.day), kind,
                               narrowest(given) if len(given) == len(about.scopes) else None,
                               frozenset(act for act in (Act.DRAFT, Act.CUT, Act.SHARE) if may(
                                   asker.person, Use(act), story.author_id, about.scopes, asker.day))))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, and the passages that hold its words."""

    question: str
    hits: list[WordHit]


def _nameless(question: str, people: Iterable[Person]) -> str:
    """Return the question without the words that are, by their stems, part of the name of anybody who works here."""
    named = set(query_stems(" ".join(f"{each.display_name} {each.first_name}" for each in people)))
    return " ".join(word for word in question.split() if named.isdisjoint(query_stems(word)))


@dataclass(frozen=True, slots=True)
class _Around:
    """A story as the asker reads it, what everyone in it permits, and the names that are hidden from the asker."""

    story: Story
    author: str
    scopes: list[Scope | None]
    names: tuple[Named, ...]


def _around(work: Work, asker: Asker, stories: Sequence[Story]) -> dict[StoryId, _Around]:
    scopes, around = work.scopes(stories), {}
    people = {story.author_id: work.person(story.author_id) for story in stories}
    for story in stories:
        author = people[story.author_id]
        if author.id == asker.person.id:
            around[story.id] = _Around(story, author.display_name, scopes[story.id], ())
        else:
            names = hidden_names(work, story, scopes[story.id])
            around[story.id] = _Around(without_names(story, names), shown_name(author, scopes[story.id]),
                                       scopes[story.id], names)
    return around
