"""Finding: one question, answers by passage, within what the asker may see."""

from __future__ import annotations

from dataclasses import dataclass, field

from story_bank.access import Act, Light, Use, light, narrowest
from story_bank.bank import Asker, StoryFilter, WordHit, Work
from story_bank.consent import Appearance, Channel
from story_bank.errors import NotAvailable
from story_bank.ids import StoryId
from story_bank.language import Bilingual
from story_bank.recording import MediaKind
from story_bank.story import Passage, Story
from studio.steps.read import shown_name
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
    """What the asker may make of it today, of drafting and cutting."""


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
            hits = work.word_hits(query_stems(question), CANDIDATES)
        return self._among(asker, wanted, question, hits)

    def _among(self, asker: Asker, wanted: Wanted, question: str, hits: list[WordHit], reach: int = 1) -> Answer:
        """Keep what the asker may find; where too much of it is forbidden, look further until there is enough."""
        note = None
        asked_for = wanted.limit * reach
        try:
            ranked = StorySearch(self.tools.embedder, self.tools.index).rank(question, hits, asked_for)
        except NotAvailable:
            ranked, note = rank_by_words(hits, CANDIDATES), MEANING_SLEEPS
        with self.tools.bank.open() as work:
            allowed = work.allowed(asker, Use(self.use, wanted.channel), [r.story_id for r in ranked], wanted.where)
            kept = [each for each in ranked if each.story_id in allowed][:wanted.limit]
            if len(kept) == wanted.limit or len(ranked) < asked_for or note is not None:
                return Answer(self._shown(work, asker, wanted, question, kept, allowed), note)
        return self._among(asker, wanted, question, hits, reach * 4)

    def _newest(self, work: Work, asker: Asker, wanted: Wanted) -> Answer:
        stories = work.stories(asker, Use(self.use, wanted.channel), wanted.where, wanted.limit)
        ranked = [Ranked(story.id, 0, 0.0, None, 0.0) for story in stories]
        return Answer(self._shown(work, asker, wanted, "", ranked, {story.id: story for story in stories}))

    def _shown(self, work: Work, asker: Asker, wanted: Wanted, question: str, ranked: list[Ranked],
               stories: dict[StoryId, Story]) -> tuple[Found, ...]:
        chosen = [stories[each.story_id] for each in ranked]
        scopes, passages = work.scopes(chosen), work.passages([story.id for story in chosen])
        people = {story.author_id: work.person(story.author_id) for story in chosen}
        found, ids = [], [story.id for story in chosen]
        makes = {act: work.allowed(asker, Use(act), ids) for act in (Act.DRAFT, Act.CUT)}
        for each, story in zip(ranked, chosen, strict=True):
            own = story.author_id == asker.person.id
            texts = passages.get(story.id, [])
            passage = texts[each.passage] if each.passage < len(texts) else Passage(story.id, 0, story.text[:300])
            author = people[story.author_id]
            kind = None
            if story.recording_id is not None:
                kind = work.recording(asker, Use(Act.READ), story.recording_id).kind
            asked = Use(Act.SHARE, wanted.channel) if wanted.channel else Use(self.use)
            name = author.display_name if own else shown_name(author, scopes[story.id])
            given = [scope for scope in scopes[story.id] if scope is not None]
            why = reasons(question, passage.text, story.language) if question else Bilingual("", "")
            found.append(Found(story, own, name, passage, each.score, why,
                               light(scopes[story.id], asked, asker.day), kind,
                               narrowest(given) if len(given) == len(scopes[story.id]) else None,
                               frozenset(act for act, stories_so in makes.items() if story.id in stories_so)))
        return tuple(found)
