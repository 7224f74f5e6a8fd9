"""Values are suggested with the sentence they rest on."""

from __future__ import annotations

import pytest

from story_bank.ids import ValueId
from story_bank.language import Bilingual
from story_bank.story import Value
from tests.fakes.bag_of_words_embedder import BagOfWordsEmbedder
from vectorstore.centred import CentredEmbedder
from vectorstore.tagger import ENOUGH_TO_LEARN, MOST, ConfirmedStory, suggest_values


def value(name: str, fr: str, en: str, *examples: str) -> Value:
    return Value(ValueId(name), Bilingual(name, name), Bilingual(fr, en), examples_fr=examples)


VALUES = [
    value("securite", "arrêter la machine devant un danger", "stop the machine when there is danger",
          "j'ai appuyé sur l'arrêt d'urgence"),
    value("entraide", "aider un collègue débordé", "help a colleague who cannot cope", "je suis restée pour l'aider"),
    value("soin", "finir le travail proprement", "finish the work well", "j'ai refait le cordon"),
    value("ecoute", "écouter un client avec attention", "listen to a customer", "il m'a raconté son problème"),
]
STORY = ["Il faisait froid ce lundi.", "J'ai arrêté la machine devant le danger.", "Puis on a bu un café."]


def test_three_values_at_most_best_first() -> None:
    """Three suggestions, best first, with shares between 0 and 1."""
    found = suggest_values(STORY, VALUES, BagOfWordsEmbedder())
    assert len(found) == MOST
    assert found[0].value_id == "securite"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert 0 < sum(one.score for one in found) <= 1


def test_suggestion_rests_on_a_sentence_of_the_story() -> None:
    """The evidence is the sentence that shows the value."""
    assert suggest_values(STORY, VALUES, BagOfWordsEmbedder())[0].evidence_index == 1


def test_blank_sentences_keep_the_numbers_of_the_others() -> None:
    """An index points into the sentences as they were given."""
    assert suggest_values(["", STORY[0], " ", STORY[1]], VALUES, BagOfWordsEmbedder())[0].evidence_index == 3


@pytest.mark.parametrize(("sentences", "values"), [([], VALUES), (["  "], VALUES), (STORY, [])])
def test_nothing_to_go_by_suggests_nothing(sentences: list[str], values: list[Value]) -> None:
    """An empty story, or a company without values, gets no suggestion."""
    assert suggest_values(sentences, values, BagOfWordsEmbedder()) == []


def test_single_value_is_suggested_alone() -> None:
    """A company with one value is no special case."""
    assert [one.value_id for one in suggest_values(STORY, VALUES[:1], BagOfWordsEmbedder())] == ["securite"]


def test_confirmed_stories_teach_words_that_no_description_has() -> None:
    """After people tagged enough stories, a word used only in stories points to their value."""
    embedder = BagOfWordsEmbedder()
    taught = [ConfirmedStory(embedder.documents([text]), (ValueId(name),)) for name, text in
              (("soin", "polissage du métal"), ("ecoute", "appel du matin")) for _ in range(ENOUGH_TO_LEARN // 2)]
    assert suggest_values(["Le polissage du métal."], VALUES, embedder, taught)[0].value_id == "soin"


@pytest.mark.slow
def test_real_model_offers_the_value_with_its_sentence(even: CentredEmbedder) -> None:
    """Told in other words than the description's, the value is among the three, resting on the right sentence."""
    told = ["C'était un mardi, il pleuvait.", "J'ai vu de la fumée et j'ai tout coupé avant que ça prenne feu.",
            "On a redémarré le lendemain."]
    assert ("securite", 1) in [(one.value_id, one.evidence_index) for one in suggest_values(told, VALUES, even)]
