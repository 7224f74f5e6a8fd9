"""Trigger questions: what is asked before the red button (A19, A37)."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from prompts.openness import is_open
from prompts.reading import read
from story_bank.language import LANGUAGES, Bilingual


class Kind(StrEnum):
    """The four kinds of questions that bring stories (A19)."""

    PRIDE = "pride"
    COLLECTIVE_WIN = "collective_win"
    VALUE_IN_ACTION = "value_in_action"
    CONCRETE_EXAMPLE = "concrete_example"


KIND_LABELS = {
    Kind.PRIDE: Bilingual("Un moment de fierté", "A proud moment"),
    Kind.COLLECTIVE_WIN: Bilingual("Une réussite à plusieurs", "A win together"),
    Kind.VALUE_IN_ACTION: Bilingual("Une valeur en actes", "A value in action"),
    Kind.CONCRETE_EXAMPLE: Bilingual("Un exemple concret", "A concrete example"),
}


class TriggerQuestion(BaseModel):
    """An open question in both languages; its id is kept with the recording."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z-]+$")
    kind: Kind
    fr: str
    en: str

    @property
    def words(self) -> Bilingual:
        """The question in both languages."""
        return Bilingual(self.fr, self.en)


def _reviewed(questions: tuple[TriggerQuestion, ...]) -> tuple[TriggerQuestion, ...]:
    if len({question.id for question in questions}) < len(questions):
        raise ValueError("two questions share an id")
    closed = [question.id for question in questions for language in LANGUAGES
              if not is_open(question.words.said(language), language)]
    if closed:
        raise ValueError(f"closed questions: {', '.join(closed)}")
    return questions


@cache
def trigger_questions() -> tuple[TriggerQuestion, ...]:
    """Return every question in the order shown; the first is the founding one (A37)."""
    return read("questions.yaml", TypeAdapter(Annotated[tuple[TriggerQuestion, ...], AfterValidator(_reviewed)]))


def trigger_question(question_id: str) -> TriggerQuestion | None:
    """Return the question of that id, or None where it has been retired."""
    return next((question for question in trigger_questions() if question.id == question_id), None)
