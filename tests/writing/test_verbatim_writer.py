"""The writer without a model: the speaker's words, whole, in three ways (A48, V11 to V14, S12)."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts.channels import channel_rules
from story_bank.consent import Channel
from story_bank.making import Angle, Profile, Suggestion
from studio.writing.sentences import source_of_text, told
from studio.writing.spans import inseparable
from studio.writing.verbatim_writer import VerbatimWriter
from studio.writing.words import fold
from studio.writing.writer import Brief, Source
from tests.writing.stories import DRIVER, INTERVIEW, NURSE, TECHNICIAN, timed

STORIES = {"nurse": NURSE, "interview": INTERVIEW, "technician": TECHNICIAN, "driver": DRIVER}
EVERY = [pytest.param(story, profile, id=f"{name}-{profile}") for name, story in STORIES.items() for profile in Profile]


def suggested(story: Source, profile: Profile = Profile.EXPERT, channel: Channel = Channel.LINKEDIN) -> Suggestion:
    """Return what the writer offers in the story's own language."""
    return VerbatimWriter().suggest(story, Brief(profile, channel, story.language))


def places(story: Source, angle: Angle) -> list[int]:
    """Return where the sentences of an angle stand among those of the teller."""
    return [[one.text for one in told(story)].index(sentence.text) for sentence in angle.sentences]


@pytest.mark.parametrize(("story", "profile"), EVERY)
def test_every_sentence_is_the_speakers_word_for_word(story: Source, profile: Profile) -> None:
    """Nothing is added, nothing is changed, and each sentence carries its own seconds."""
    said = {(one.text, one.start, one.end) for one in told(story)}
    for angle in suggested(story, profile).angles:
        assert {(one.text, one.start, one.end) for one in angle.sentences} <= said
        assert {one.origin for one in angle.sentences} == {"spoken"}
        assert angle.hook == angle.sentences[0].text


@pytest.mark.parametrize(("story", "profile"), EVERY)
def test_three_angles_differ_in_opening_order_and_material(story: Source, profile: Profile) -> None:
    """Three openings, three titles, and no two angles with the same sentences."""
    angles = suggested(story, profile).angles
    assert len(angles) == len({angle.hook for angle in angles}) == len({angle.title for angle in angles}) == 3
    for one, other in combinations(angles, 2):
        assert set(places(story, one)) != set(places(story, other))


@pytest.mark.parametrize(("story", "profile"), EVERY)
def test_after_the_opening_the_story_keeps_its_order(story: Source, profile: Profile) -> None:
    """The opening passage may come from anywhere; what follows is told as it was lived."""
    for angle in suggested(story, profile).angles:
        backwards = sum(after < before for before, after in pairwise(places(story, angle)))
        assert backwards <= 1


@pytest.mark.parametrize(("story", "profile"), EVERY)
def test_no_half_of_an_opposition_stands_alone(story: Source, profile: Profile) -> None:
    """ "Not X, it is Y", a claim and its "but": both halves, side by side, or neither."""
    texts = [one.text for one in told(story)]
    tied = [at for at, (one, other) in enumerate(pairwise(texts))
            if inseparable(fold(one), fold(other), story.language)]
    for angle in suggested(story, profile).angles:
        used = places(story, angle)
        for at in tied:
            assert (at in used) == (at + 1 in used)
            assert at not in used or used.index(at + 1) == used.index(at) + 1


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_profiles_are_visibly_different(story: Source) -> None:
    """V11 to V14: on one story, no two profiles share their titles, their questions or all their openings."""
    for one, other in combinations((suggested(story, profile) for profile in Profile), 2):
        assert {angle.title for angle in one.angles} != {angle.title for angle in other.angles}
        assert one.questions != other.questions
        assert [angle.sentences for angle in one.angles] != [angle.sentences for angle in other.angles]


@pytest.mark.parametrize("channel", Channel)
def test_an_angle_fits_its_channel(channel: Channel) -> None:
    """A channel with a limit gets angles within it."""
    limit = channel_rules()[channel].limit or 10 ** 6
    lengths = [len(" ".join(one.text for one in angle.sentences)) for angle in suggested(NURSE, channel=channel).angles]
    assert len(lengths) == 3
    assert max(lengths) <= limit


def test_under_sixty_words_questions_are_asked_instead() -> None:
    """A story that is still short gets questions, no angle, and a line that says why."""
    suggestion = suggested(timed(["Un soir, j'ai aidé un collègue.", "C'était bien."], "fr"))
    assert suggestion.angles == ()
    assert 3 <= len(suggestion.questions) <= 5
    assert suggestion.note is not None


def test_questions_ask_for_what_is_missing() -> None:
    """A reader who was not there is told when it happened; where the story does not say, the question does."""
    untold = timed(["Nous avons aidé un client.", "Il a souri."], "fr")
    assert "Quand cela s'est-il passé ?" in suggested(untold).questions
    assert "Quand cela s'est-il passé ?" not in suggested(NURSE).questions


def test_titles_and_questions_speak_the_language_of_the_brief() -> None:
    """An English reader of a French story gets English titles, French words, and a line about it."""
    suggestion = VerbatimWriter().suggest(NURSE, Brief(Profile.REPORTER, Channel.LINKEDIN, "en"))
    assert suggestion.angles[0].title == "Open on the scene"
    assert suggestion.angles[0].hook in NURSE.text
    assert suggestion.note is not None


def test_a_written_story_has_no_seconds() -> None:
    """A story may have no recording at all."""
    angles = suggested(source_of_text(NURSE.text, "fr")).angles
    assert len(angles) == 3
    assert all(one.start is None and one.end is None for angle in angles for one in angle.sentences)


def test_a_title_promises_only_what_its_opening_holds() -> None:
    """Nobody speaks in the interview: no angle of the reporter is called "what was said"."""
    assert "Ouvrir sur ce qui s'est dit" not in {angle.title for angle in suggested(INTERVIEW, Profile.REPORTER).angles}


sentences = st.lists(st.text(alphabet="abé ,'", min_size=1, max_size=60).map(lambda text: f"M{text.strip()}.")
                     | st.sampled_from([one.text for one in (*NURSE.segments, *DRIVER.segments)]), max_size=25)


@settings(max_examples=60)
@given(sentences, st.sampled_from(Profile), st.sampled_from(Channel), st.sampled_from(["fr", "en"]))
def test_whatever_is_told_nothing_is_added(texts: list[str], profile: Profile, channel: Channel, language: str) -> None:
    """Any story, however odd, comes back in its own words, or as questions."""
    story = timed(texts, language)
    suggestion = suggested(story, profile, channel)
    assert 1 <= len(suggestion.questions) <= 5
    said = " ".join(one.text for one in story.segments)
    assert all(one.text in said for angle in suggestion.angles for one in angle.sentences)
    assert len({angle.sentences for angle in suggestion.angles}) == len(suggestion.angles)
