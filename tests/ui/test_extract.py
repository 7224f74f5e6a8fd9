"""Extraits: what each event of the page does, over a real bank."""

from __future__ import annotations

from dataclasses import replace

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.errors import BadInput, NotFound
from story_bank.ids import MediaKey
from story_bank.making import CaptionStyle, JobState, Shape
from studio.ui import extract
from studio.ui.extract import Extracting, chosen_in
from tests.ui.told import SOUND, TALK, Room, end_consent, event, opened, room, tell, visit, without_face, write


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return room(tmp_path_factory.mktemp("home"))


def _extracting(studio: Room, lang="fr") -> Extracting:
    with gr.Blocks():
        return Extracting(extract.build(lang), studio.tools, lang)


def _ask(does: Extracting, studio: Room, story_id, first: int = 10, last: int = 30, **other):
    """Open the page, choose words by their numbers and ask for the extract."""
    ids = does.opened(visit(studio.moussa, story=story_id))[does.page.cutter]["ids"]
    sent = {"first": ids[first], "last": ids[last], "removed": [], "shape": "square", "captions": "plain"} | other
    return does.asked(story_id, [], visit(studio.moussa), event(**sent))


def test_three_moments_are_suggested_with_reasons(studio: Room) -> None:
    """C: whole sentences, each with why, pointing at words."""
    does, story_id = _extracting(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    cutter = does.opened(visit(studio.moussa, story=story_id))[does.page.cutter]
    assert len(cutter["moments"]) == 3
    assert all(each["reasons"] and each["first"] < each["last"] for each in cutter["moments"])


def test_every_word_is_there_once_and_in_order(studio: Room) -> None:
    """Numbers on the page, ids in the request."""
    does, story_id = _extracting(studio), tell(studio.tools, studio.claire, TALK, opened(studio.tools))
    cutter = does.opened(visit(studio.claire, story=story_id))[does.page.cutter]
    numbers = [word["i"] for line in cutter["lines"] for word in line["words"]]
    assert numbers == list(range(len(cutter["ids"]))) == list(range(len(cutter["ends"])))


def test_without_consent_the_author_is_led_to_decide(studio: Room) -> None:
    """L: one sentence and the way, no cutting table."""
    does, story_id = _extracting(studio), tell(studio.tools, studio.claire)
    shown = does.opened(visit(studio.claire, story=story_id))
    assert shown[does.page.refusal]["href"] == f"/fr/decider?story={story_id}"
    assert not shown.get(does.page.cutter)


def test_a_written_story_is_for_writing(studio: Room) -> None:
    """Nothing to cut, said so, with the way to the other page."""
    does, story_id = _extracting(studio), write(studio.tools, studio.claire, "Il pleuvait, et nous avons ri.")
    shown = does.opened(visit(studio.claire, story=story_id))
    assert shown[does.page.refusal]["empty"]["href"] == f"/fr/ecrire?story={story_id}"


@pytest.mark.parametrize("address", [{}, {"story": "nobody-knows"}], ids=["none", "unknown"])
def test_without_a_story_the_page_says_where_to_find_one(studio: Room, address: dict[str, str]) -> None:
    """One sentence and a way on."""
    does = _extracting(studio)
    assert does.opened(visit(studio.moussa, **address))[does.page.refusal]["empty"]["href"] == "/fr/bibliotheque"


def test_asking_makes_a_job_that_a_reload_finds(studio: Room) -> None:
    """The recipe is in the bank; progress and the button to stop come back."""
    does, story_id = _extracting(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    asked = _ask(does, studio, story_id)
    again = does.opened(visit(studio.moussa, story=story_id))
    assert asked[does.page.making] == again[does.page.making]
    assert again[does.page.making]["jobs"][0]["pct"] == 0
    assert again[does.page.timer].active is True


def test_only_the_one_who_asked_sees_an_extract_in_the_making(studio: Room) -> None:
    """The author of the story sees it once it is there."""
    does, story_id = _extracting(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    _ask(does, studio, story_id)
    assert does.opened(visit(studio.claire, story=story_id))[does.page.making] == {"jobs": []}


def test_stopping_ends_a_waiting_job_and_says_so(studio: Room) -> None:
    """One's own alone; another's is not found."""
    does, story_id = _extracting(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    job = _ask(does, studio, story_id)[does.page.making]["jobs"][0]["id"]
    with pytest.raises(NotFound):
        does.stopped(story_id, [], visit(studio.claire), event(job=job))
    stopped = does.stopped(story_id, [], visit(studio.moussa), event(job=job))
    assert "arrêté" in stopped[does.page.making]["jobs"][0]["told"]
    assert stopped[does.page.timer].active is False


def test_a_finished_extract_shows_with_light_format_and_download(studio: Room) -> None:
    """The list is drawn again only when it changed, so that a player that runs is left alone."""
    does, story_id = _extracting(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    _ask(does, studio, story_id)
    with studio.tools.bank.open() as work:
        job = work.open_jobs()[-1]
        clip = work.clip_of_job(job.target_id)
        work.save_clip(replace(clip, media_key=MediaKey("kept.mp4"), duration_s=6.2, said=""))
        work.save_job(replace(job, state=JobState.DONE, progress=1.0))
        work.commit()
    shown = does.polled(story_id, [], visit(studio.moussa))
    one = shown[does.page.kept]["clips"][0]
    assert (one["src"], one["light"]["state"], one["facts"]) == (f"/media/clip/{clip.id}", "ok", "Carré 1:1 · 0:06")
    assert does.page.kept not in does.polled(story_id, shown[does.page.shown], visit(studio.moussa))


def test_a_withdrawal_closes_the_table_and_the_list(studio: Room) -> None:
    """L21: the same second, for a page that is open too."""
    does, story_id = _extracting(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    _ask(does, studio, story_id)
    end_consent(studio.tools, story_id, studio.claire)
    shown = does.polled(story_id, [], visit(studio.moussa))
    assert (shown[does.page.cutter], shown[does.page.kept], shown[does.page.pages]) == ({}, {}, {})
    assert "n'existe pas" in shown[does.page.refusal]["empty"]["text"]
    assert shown[does.page.timer].active is False


def test_sound_alone_and_a_hidden_face_show_a_wave(studio: Room) -> None:
    """L13: an audio element, or nothing to play while the sound alone is not ready."""
    does = _extracting(studio)
    sound = tell(studio.tools, studio.claire, SOUND, opened(studio.tools))
    unseen = tell(studio.tools, studio.claire, scope=without_face(opened(studio.tools)))
    heard = does.opened(visit(studio.moussa, story=sound))[does.page.cutter]
    hidden = does.opened(visit(studio.moussa, story=unseen))[does.page.cutter]
    assert (heard["film"], heard["sound"].startswith("/media/recording/")) == ("", True)
    assert (hidden["film"], hidden["sound"]) == ("", "")


@given(st.dictionaries(st.sampled_from(["first", "last", "removed", "shape", "captions"]),
                       st.none() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=3)))
def test_nonsense_from_a_browser_is_refused_in_one_sentence(sent: dict) -> None:
    """Whatever is sent, it is a choice of words or bad input."""
    try:
        chosen, shape, captions = chosen_in(sent)
    except BadInput:
        return
    assert (isinstance(shape, Shape), isinstance(captions, CaptionStyle), bool(chosen)) == (True, True, True)
