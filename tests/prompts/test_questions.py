"""Trigger questions and the linter that keeps them open (A15, A19, A37)."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts.openness import is_open
from prompts.questions import Kind, trigger_question, trigger_questions
from story_bank.language import LANGUAGES

OPEN = {
    "fr": [
        "Racontez un moment où vous avez été particulièrement fier de travailler ici.",
        "Qu'est-ce qui vous a surpris cette semaine-là ?", "Comment avez-vous fait ?",
        "Pourquoi ce jour-là compte-t-il pour vous ?", "Quel est le moment dont vous êtes la plus fière ?",
        "Décrivez une journée qui sort de l'ordinaire.", "Pouvez-vous nous raconter votre premier jour ?",
        "Si vous deviez garder une image, laquelle serait-ce ?", "Dans votre métier, qu'est-ce que l'on ne voit pas ?",
        "Parlez-nous d'une personne qui vous a aidé.", "Que diriez-vous à quelqu'un qui arrive ?",
        "Et ensuite, que s'est-il passé ?", "Souvenez-vous d'un matin où tout allait mal. Que s'est-il passé ?",
        "À quoi ressemble une bonne journée ?", "Qui vous a transmis ce geste ?",
        "Qu’avez-vous appris, et grâce à qui ?",
    ],
    "en": [
        "Tell us about a moment when you were especially proud to work here.", "What surprised you that week?",
        "How did you do it?", "Why does that day matter to you?", "Describe a day out of the ordinary.",
        "Could you tell us about your first day?", "Who taught you this?", "In your job, what does nobody see?",
        "What would you say to a newcomer?", "Think of a morning when all went wrong. What happened?",
        "Which thank-you touched you most?", "Walk me through the night shift.",
    ],
}
CLOSED = {
    "fr": [
        "Êtes-vous fier de travailler ici ?", "Est-ce que vous aimez votre métier ?",
        "Avez-vous déjà aidé un collègue ?",
        "Aimez-vous votre équipe ?", "Vous êtes fier de votre équipe ?", "C'était difficile ?",
        "Combien de personnes étiez-vous ?", "Depuis quand travaillez-vous ici ?", "Votre équipe a-t-elle réussi ?",
        "N'est-ce pas formidable ?", "Quand vous pensez à votre équipe, êtes-vous fier ?",
        "Votre métier est passionnant, n'est-ce pas ?", "Dites-nous si vous êtes heureux ici.",
        "Préférez-vous le matin ou le soir ?", "Y a-t-il eu un moment de fierté ?", "Peut-on dire que vous êtes fier ?",
    ],
    "en": [
        "Are you proud to work here?", "Did you help a colleague?", "Is your team good?", "Have you ever been thanked?",
        "Do you like your job?", "Were you proud?", "How many people were there?", "How long have you worked here?",
        "You like your team, don't you?", "Would you recommend us?", "When did you join?",
        "Tell us if you are happy here.",
        "It went well, right?", "Can you use the machine?",
    ],
}
LABELLED = [pytest.param(question, language, expected, id=f"{language}-{'open' if expected else 'closed'}-{number}")
            for expected, questions in ((True, OPEN), (False, CLOSED)) for language in LANGUAGES
            for number, question in enumerate(questions[language])]


def test_the_first_question_is_the_founding_one() -> None:
    """The first question is A37, word for word, in both languages."""
    first = trigger_questions()[0]
    assert first.fr == "Racontez un moment où vous avez été particulièrement fier de travailler ici."
    assert first.en == "Tell us about a moment when you were especially proud to work here."


def test_each_kind_has_at_least_five_questions() -> None:
    """A19: pride, collective wins, values in action, concrete examples, five or more of each."""
    counted = Counter(question.kind for question in trigger_questions())
    assert set(counted) == set(Kind)
    assert min(counted.values()) >= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_of_the_bank_is_open(language: str) -> None:
    """What we ask obeys what we lint."""
    assert [one.id for one in trigger_questions() if not is_open(one.words.said(language), language)] == []


def test_a_retired_question_is_none() -> None:
    """A recording may name a question that is asked no more."""
    assert trigger_question("retired") is None
    assert trigger_question("proud-here") == trigger_questions()[0]


@pytest.mark.parametrize(("question", "language", "expected"), LABELLED)
def test_the_linter_tells_open_from_closed(question: str, language: str, expected: bool) -> None:
    """A15: a labelled set, right on every line."""
    assert is_open(question, language) is expected


@settings(max_examples=60)
@given(st.sampled_from(CLOSED["fr"]), st.sampled_from(["  {}", "« {} »", "{}  ", "– {}"]))
def test_dressing_a_closed_question_does_not_open_it(question: str, dress: str) -> None:
    """Spaces, quotation marks and dashes change nothing."""
    assert not is_open(dress.format(question), "fr")


@settings(max_examples=60)
@given(st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_any_text_gets_an_answer(text: str, language: str) -> None:
    """The linter never fails on what a person types."""
    assert is_open(text, language) in (True, False)
