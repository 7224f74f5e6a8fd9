"""Checks on a person's own text (A06, V33, X4; command-line.md, `check`)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts.channels import channel_rules
from story_bank.consent import Channel
from story_bank.making import Profile
from studio.writing.check import Against, CheckResult, check
from studio.writing.sentences import source_of_text
from studio.writing.shapes import check_json, suggestion_json, suggestion_text
from studio.writing.verbatim_writer import VerbatimWriter
from studio.writing.writer import Brief
from tests.writing.stories import DRIVER, NURSE

VERBATIM = VerbatimWriter().suggest(NURSE, Brief(Profile.RH, Channel.LINKEDIN, "fr"))
OWN = ("Hier matin encore, une stagiaire voulait comprendre notre façon de faire. Je lui ai montré le chariot, puis le "
       "couloir silencieux, et je crois qu'écouter reste notre meilleur outil.")
QUOTED = ("Camille raconte : « Je n'ai pas acheté de machine, je n'ai pas demandé de budget, j'ai juste écouté. » "
          "Voilà une phrase qui me reste : chez nous, on croit souvent qu'il faut des moyens.")
told = st.lists(st.sampled_from(["nuit", "calme", "lit", "écoute", "Moussa", "avec", "tournée", "douce"]), max_size=30)


def kinds(result: CheckResult) -> list[tuple[str, str]]:
    """Return each finding's kind and text."""
    return [(finding.kind, finding.text) for finding in result.findings]


@pytest.mark.parametrize("angle", VERBATIM.angles, ids=lambda angle: angle.title)
def test_a_pasted_angle_is_nobodys_own_text(angle: object) -> None:
    """X4, V33: a suggestion untouched has no word of the author's and cannot be ready."""
    post = " ".join(sentence.text for sentence in angle.sentences)  # type: ignore[attr-defined]
    result = check(post, NURSE, Against(suggestion=suggestion_text(VERBATIM)))
    assert (result.own_words, result.may_be_ready) == (0.0, False)
    assert {finding.kind for finding in result.findings} == {"copied"}


def test_a_text_of_ones_own_may_be_ready() -> None:
    """Own words, nothing nobody said, short enough."""
    result = check(OWN, NURSE, Against(suggestion_text(VERBATIM), (NURSE.text,), "other",
                                       channel_rules()[Channel.LINKEDIN]))
    assert result == CheckResult(1.0, True, ())


@pytest.mark.parametrize("post", ["", "  \n ", "…", "😀\u200b"])
def test_an_empty_post_has_no_share(post: str) -> None:
    """Nothing written: no share, not ready."""
    result = check(post, NURSE)
    assert (result.own_words, result.may_be_ready) == (None, False)


def test_own_spoken_words_are_ones_own() -> None:
    """Who tells their own story may write it as they said it."""
    assert check(NURSE.text, NURSE).own_words == 1.0


def test_somebody_elses_spoken_words_are_theirs() -> None:
    """With another speaker, what the transcript says counts as copied."""
    result = check(NURSE.segments[6].text, NURSE, Against(speaker="other"))
    assert result.own_words == 0.0
    assert kinds(result) == [("copied", NURSE.segments[6].text.rstrip("."))]


def test_a_quotation_with_its_speaker_named_is_left_out_of_the_count() -> None:
    """Quoting is fair: the words between the marks count neither for nor against."""
    result = check(QUOTED, NURSE, Against(speaker="other"))
    assert (result.own_words, result.may_be_ready, result.findings) == (1.0, True, ())


def test_a_quotation_of_nobody_is_a_copy() -> None:
    """Marks without a name do not make somebody's words one's own."""
    result = check(QUOTED.replace("Camille raconte", "On m'a dit"), NURSE, Against(speaker="other"))
    assert result.own_words is not None
    assert result.own_words < 1.0
    assert [finding.kind for finding in result.findings] == ["copied"]


def test_a_quotation_alone_is_not_a_post() -> None:
    """Where all is quoted, the author brought nothing."""
    result = check("« " + NURSE.segments[11].text + " »\n\nCamille", NURSE, Against(speaker="other"))
    assert not result.may_be_ready


def test_words_put_in_a_mouth_hold_the_post_back() -> None:
    """A quotation that the story does not hold is unsupported, and the text cannot be ready."""
    result = check("Camille raconte : « J'ai acheté des robots pour mes collègues fatigués. » Voilà une phrase qui me "
                   "reste, et que je n'oublierai jamais de ma vie.", NURSE, Against(speaker="other"))
    assert not result.may_be_ready
    assert [finding.kind for finding in result.findings] == ["unsupported"]


@pytest.mark.parametrize(("post", "found"), [
    ("À 32 lits, 40 % d'appels en moins, en six semaines, à 82 ans.", []),
    ("Nous avons baissé de 60 % les appels de la nuit.", ["60 %"]),
    ("Dans quarante lits, avec Moussa.", ["quarante lits"]),
    ("Sophie et Deborah étaient là, à Marseille.", ["Deborah", "Marseille"]),
    ("I saw 32 beds with Camille, and forty percent fewer calls.", []),
    ("Je pense que chaque hôpital devrait essayer, et que nos chefs devraient écouter davantage.", []),
], ids=["said", "share", "words", "names", "other language", "opinions"])
def test_only_names_and_numbers_nobody_said_are_unsupported(post: str, found: list[str]) -> None:
    """A06: facts are looked up, in digits or words, in either language; opinions never are."""
    unsupported = [finding.text for finding in check(post, NURSE).findings if finding.kind == "unsupported"]
    assert [text in wanted for text, wanted in zip(unsupported, found, strict=True)] == [True] * len(found)


def test_known_names_may_stand() -> None:
    """The company and the author need not be named in the recording."""
    assert check("Chez Norlog, avec Inès.", NURSE, Against(known=("Norlog", "Inès"))).findings == ()


def test_a_colleagues_post_is_found_again() -> None:
    """V33: the same words by two people are shown as such."""
    result = check(OWN, NURSE, Against(others=(OWN,)))
    assert (result.own_words, result.may_be_ready) == (0.0, False)
    assert result.findings[0].why.fr == "Une autre publication dit déjà ces mots."


def test_too_long_says_what_to_take_out() -> None:
    """A post beyond the limit of its channel is told by how much."""
    result = check("mot " * 80, NURSE, Against(rules=channel_rules()[Channel.X]))
    assert [finding.kind for finding in result.findings] == ["length"]
    assert result.findings[0].fix.fr == "Retirez 39 caractères."
    assert not result.may_be_ready


@settings(max_examples=40)
@given(told.map(" ".join), told.map(" ".join), st.lists(told.map(" ".join), max_size=3),
       st.sampled_from(["self", "other"]))
def test_the_share_is_a_share_and_only_falls(post: str, suggestion: str, others: list[str], speaker: str) -> None:
    """Between 0 and 1; more texts to compare with never raise it."""
    alone = check(post, NURSE, Against(speaker=speaker)).own_words  # type: ignore[arg-type]
    held = check(post, NURSE, Against(suggestion, tuple(others), speaker)).own_words  # type: ignore[arg-type]
    assert (alone is None) == (held is None) == (not post.strip())
    assert alone is None or held is None or 0.0 <= held <= alone <= 1.0


@settings(max_examples=40)
@given(st.lists(st.text(alphabet="abcdef", min_size=3), min_size=4, max_size=40).map(" ".join))
def test_a_text_held_against_itself_has_no_own_word(post: str) -> None:
    """Four words or more, pasted: 0."""
    assert check(post, NURSE, Against(suggestion=post)).own_words == 0.0


@settings(max_examples=40)
@given(st.text(max_size=200))
def test_any_post_is_checked(post: str) -> None:
    """Whatever is typed gets a result, and findings are where they say."""
    result = check(post, DRIVER, Against(suggestion=DRIVER.text, speaker="other", rules=channel_rules()[Channel.X]))
    assert all(finding.text in post for finding in result.findings)


def test_a_post_without_a_story_is_checked() -> None:
    """An empty transcript supports no number."""
    assert kinds(check("Il y a 12 lits.", source_of_text("", "fr"))) == [("unsupported", "12")]


def test_results_take_the_shapes_of_the_contract() -> None:
    """command-line.md: keys of `check` and `draft`, reasons in the reader's language."""
    told_result = check_json(check("Avec 77 lits.", NURSE), "en")
    assert set(told_result) == {"own_words", "may_be_ready", "findings"}
    assert told_result["findings"][0] | {"start": 0, "end": 0} == {
        "kind": "unsupported", "text": "77", "why": "The story does not say it.", "start": 0, "end": 0,
        "fix": "Use the number that was said, or keep this one if you can answer for it."}
    told_suggestion = suggestion_json(VERBATIM, "fr")
    assert set(told_suggestion) >= {"writer", "questions", "angles"}
    assert set(told_suggestion["angles"][0]) == {"title", "hook", "sentences"}
    assert set(told_suggestion["angles"][0]["sentences"][0]) == {"text", "origin", "start", "end"}
