"""The writer that needs no model: it chooses passages of the story, word for word, and adds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prompts.beats import Beat, beats
from prompts.channels import ChannelRules, channel_rules
from prompts.profiles import AnglePlan, ProfileGuide, profile_guides
from story_bank.language import Bilingual, Language
from story_bank.making import Angle, DraftSentence, Suggestion
from studio.writing.sentences import told
from studio.writing.spans import Span, leans_back, spans
from studio.writing.telling import away, hits, missing, opens_well
from studio.writing.words import fold
from studio.writing.writer import Brief, Source, SourceSentence

TOO_SHORT = 60
"""Under this many words of story, questions serve better than sentences."""
MOST_QUESTIONS = 5
FRESH = 1.2
"""What a sentence that an earlier angle already took loses."""
DANGLING = 2.0
"""What a passage loses that leans on a sentence that is not there: "it" would then mean something else."""
FAR = 0.6
"""Share of the story away from its usual place at which a cue no longer makes a beat."""
_KEPT = Bilingual("Les phrases restent dans la langue où elles ont été dites.",
                  "The sentences stay in the language in which they were said.")
_SHORT = Bilingual("Le récit est encore court : voici d'abord des questions.",
                   "The story is still short: here are questions first.")


class VerbatimWriter:
    """Keeps the writer's promise with the speaker's own sentences and rules one can read.

    `own_channels`: an administrator's file of channel rules.
    """

    name = "verbatim"

    def __init__(self, own_channels: Path | None = None) -> None:
        self._own_channels = own_channels

    def suggest(self, source: Source, brief: Brief) -> Suggestion:
        """Return questions about what is missing and, from 60 words of story on, three angles."""
        story = told(source)
        guide = profile_guides()[brief.profile]
        asked = _questions(" ".join(sentence.text for sentence in story), source.language, guide)
        questions = tuple(question.said(brief.language) for question in asked)
        if sum(len(sentence.text.split()) for sentence in story) < TOO_SHORT:
            return Suggestion(self.name, questions, (), _SHORT)
        desk = _Desk(story, source.language, guide, channel_rules(self._own_channels)[brief.channel])
        angles = [desk.angle(plan, brief.language) for plan in guide.angles]
        note = None if brief.language == source.language else _KEPT
        return Suggestion(self.name, questions, tuple(angle for angle in angles if angle is not None), note)


class _Desk:
    """The story cut in passages, and what earlier angles have taken."""

    def __init__(self, story: Sequence[SourceSentence], language: Language, guide: ProfileGuide,
                 rules: ChannelRules) -> None:
        said = [fold(sentence.text) for sentence in story]
        self.story, self.guide, self.rules = story, guide, rules
        self.passages = spans(said, language)
        self.heard = {beat: [hits(one, beat, language) for one in said] for beat in Beat}
        self.strength = [opens_well(one, language) for one in said]
        self.leaning = [leans_back(one, language) for one in said]
        whole = sum(len(sentence.text.split()) for sentence in story)
        # what the channel asks for, and never so much of a short story that its angles are alike
        self.room = min(rules.words * 1.15, max(0.6 * whole, TOO_SHORT))
        self.taken: list[set[int]] = []
        self.opened: dict[Beat, int] = {}

    def angle(self, plan: AnglePlan, language: Language) -> Angle | None:
        """Return the plan filled from the story: an opening, then passages in the order of the story."""
        beat = self._beat(plan)
        opening = self._opening(beat)
        if opening is None:
            return None
        chosen = [opening]
        for wanted in (*plan.then, *self.guide.leans):
            passage = self._next(wanted, chosen)
            if passage is not None:
                chosen.append(passage)
        self.taken.append(_places(chosen))
        self.opened[beat] = opening.first
        order = [*opening.places(), *sorted(_places(chosen[1:]))]
        sentences = tuple(DraftSentence(one.text, "spoken", one.start, one.end)
                          for one in (self.story[place] for place in order))
        title = plan.title if beat == plan.opens else beats()[beat].title
        return Angle(title.said(language), sentences[0].text, sentences)

    def _beat(self, plan: AnglePlan) -> Beat:
        """Return the beat that opens: the plan's, or the best told one where the story has none of it."""
        planned = {other.opens for other in self.guide.angles if other != plan}
        others = sorted((beat for beat in Beat if beat not in planned and beat not in self.opened), key=self._told,
                        reverse=True)
        return next((beat for beat in (plan.opens, *others) if self._told(beat) > 0), plan.opens)

    def _told(self, beat: Beat) -> float:
        """Return how well the best free opening of that beat tells it; 0 where none has its cues near its place."""
        return max((self.heard[beat][span.first] + max(0.0, self.strength[span.first]) for span in self._free()
                    if self.heard[beat][span.first] and away(span.first, len(self.story), beat) < FAR), default=0.0)

    def _free(self) -> list[Span]:
        return [span for span in self.passages if span.first not in self.opened.values()]

    def _opening(self, beat: Beat) -> Span | None:
        free = self._free()
        fitting = [span for span in free if self._fits([span])]
        if not fitting:
            fitting = sorted(free, key=lambda span: self._length([span]))[:1]
        return max(fitting, key=lambda span: self._opens(span, beat), default=None)

    def _next(self, beat: Beat, chosen: Sequence[Span]) -> Span | None:
        free = [span for span in self.passages
                if not any(span.meets(other) for other in chosen) and self._fits([*chosen, span])
                and _places([*chosen, span]) not in self.taken]
        return max(free, key=lambda span: self._follows(span, beat, chosen), default=None)

    def _opens(self, span: Span, beat: Beat) -> float:
        first, *rest = self._plays(span, beat)
        return (1.5 * first + 0.3 * max(rest, default=0.0) + self.strength[span.first] + self._suits(span)
                - 1.5 * FRESH * self._used(span))

    def _follows(self, span: Span, beat: Beat, chosen: Sequence[Span]) -> float:
        played = self._plays(span, beat)
        dangling = self.leaning[span.first] and not any(span.first == other.end for other in chosen)
        return sum(played) / len(played) + self._suits(span) - FRESH * self._used(span) - DANGLING * dangling

    def _plays(self, span: Span, beat: Beat) -> list[float]:
        return [self.heard[beat][place] - away(place, len(self.story), beat) for place in span.places()]

    def _suits(self, span: Span) -> float:
        found = [self.heard[beat][place] > 0 for place in span.places() for beat in self.guide.leans]
        return 0.8 * sum(found) / len(found)

    def _used(self, span: Span) -> float:
        before = set().union(*self.taken)
        return len(before.intersection(span.places())) / len(span.places())

    def _fits(self, chosen: Sequence[Span]) -> bool:
        length = sum(len(self.story[place].text.split()) for place in _places(chosen))
        within = self.rules.limit is None or self._length(chosen) <= self.rules.limit
        return within and (len(chosen) == 1 or length <= self.room)

    def _length(self, chosen: Sequence[Span]) -> int:
        return sum(len(self.story[place].text) + 1 for place in _places(chosen))


def _places(chosen: Sequence[Span]) -> set[int]:
    return {place for span in chosen for place in span.places()}


def _questions(story: str, language: Language, guide: ProfileGuide) -> list[Bilingual]:
    """Return what the story does not tell, then what the profile would ask; five at most, two of them the profile's."""
    unknown = [gap.question for gap in missing(story, language)]
    return [*unknown[:MOST_QUESTIONS - 2], *guide.questions][:MOST_QUESTIONS]
