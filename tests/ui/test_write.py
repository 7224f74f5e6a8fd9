"""Écrire: what each event of the page does, over a real bank and the writer that needs no model."""

from __future__ import annotations

import gradio as gr
import pytest

from story_bank.consent import Channel
from story_bank.errors import BadInput, NotFound
from story_bank.making import Profile
from studio.ui import write
from studio.ui.write import Place, Writing
from tests.ui.told import Room, end_consent, event, opened, room, tell, visit, without_face, work_off
from tests.ui.told import write as write_story

MINE = "Cette nuit-là j'étais à bout, et une simple feuille quadrillée a tout changé pour nous quatre."


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return room(tmp_path_factory.mktemp("home"))


def _writing(studio: Room, lang="fr") -> Writing:
    with gr.Blocks():
        return Writing(write.build(lang), studio.tools, lang)


def _open(does: Writing, person, story_id, **address):
    """Open the page; return what it shows and where it stands."""
    shown = does.opened(visit(person, story=story_id, **address))
    return shown, shown.get(does.page.place)


def _jobs(studio: Room, story_id) -> int:
    """Count what was asked for Claire and this story."""
    with studio.tools.bank.open() as work:
        drafts = work.drafts_for(studio.tools.asker(studio.claire.id), story_id)
        return sum(len(work.jobs_for(draft.id)) for draft in drafts)


def test_without_a_story_the_page_says_where_to_find_one(studio: Room) -> None:
    """One sentence and a way on, no columns."""
    does = _writing(studio)
    shown = does.opened(visit(studio.claire))
    assert shown[does.page.refusal]["empty"]["href"] == "/fr/mes-recits"


def test_a_story_that_one_may_not_see_looks_like_none(studio: Room) -> None:
    """Not there and not allowed are told alike."""
    does = _writing(studio)
    shown = does.opened(visit(studio.moussa, story=tell(studio.tools, studio.claire)))
    assert "href" in shown[does.page.refusal]["empty"]


def test_without_consent_the_author_is_led_to_decide(studio: Room) -> None:
    """V: the sentence says what to do, the button leads there, nothing is suggested."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire)
    shown = does.opened(visit(studio.claire, story=story_id))
    assert shown[does.page.refusal]["href"] == f"/fr/decider?story={story_id}"
    assert shown[does.page.columns].visible is False


def test_opening_asks_for_angles_once_and_a_reload_finds_them(studio: Room) -> None:
    """V11: one job however often the page is opened; then questions and three angles, with their seconds."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    first, _ = _open(does, studio.claire, story_id)
    _open(does, studio.claire, story_id)
    assert _jobs(studio, story_id) == 1
    assert first[does.page.angles]["job"]["pct"] == 0
    work_off(studio.tools)
    again, place = _open(does, studio.claire, story_id)
    angles = again[does.page.angles]
    assert (len(angles["angles"]), bool(angles["questions"])) == (3, True)
    assert angles["angles"][0]["lines"][0]["plays"]
    assert "job" not in does.polled(place, visit(studio.claire))[does.page.angles]


def test_another_profile_has_suggestions_of_its_own(studio: Room) -> None:
    """V11 to V14: choosing asks for what was not asked for, and the head says so."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    _, place = _open(does, studio.claire, story_id)
    shown = does.chosen(place, {}, visit(studio.claire), event(profile="reporter"))
    assert shown[does.page.place].profile is Profile.REPORTER
    assert "Reporter" in shown[does.page.head]["line"]
    assert _jobs(studio, story_id) == 2


def test_only_the_companys_channels_are_offered(studio: Room) -> None:
    """A channel from the address that the company does not use is not taken."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    shown, place = _open(does, studio.claire, story_id, channel="facebook")
    assert [each["id"] for each in shown[does.page.head]["channels"]] == ["linkedin", "x", "intranet"]
    assert place.channel is Channel.LINKEDIN


def test_the_page_begins_empty(studio: Room) -> None:
    """Nothing is ever written in the person's place."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    shown, _ = _open(does, studio.claire, story_id)
    assert shown[does.page.page] == ""
    assert "empty" in shown[does.page.look]


def test_a_story_under_sixty_words_gives_questions_only(studio: Room) -> None:
    """There is nothing to make angles of yet."""
    does, story_id = _writing(studio), write_story(studio.tools, studio.claire, "Il pleuvait. Nous avons ri.")
    _open(does, studio.claire, story_id)
    work_off(studio.tools)
    shown, _ = _open(does, studio.claire, story_id)
    angles = shown[does.page.angles]
    assert (angles["angles"], bool(angles["questions"]), bool(angles["short"])) == ([], True, True)


def test_what_is_typed_is_kept_and_found_again(studio: Room) -> None:
    """Autosave keeps the text of the channel that it was typed for."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    _, place = _open(does, studio.claire, story_id)
    kept = does.typed(place, {Channel.LINKEDIN: 0}, visit(studio.claire), event(channel="linkedin", text=MINE))
    assert kept[does.page.versions] == {Channel.LINKEDIN: 1}
    shown, _ = _open(does, studio.claire, story_id)
    assert shown[does.page.page] == MINE
    other = does.chosen(place, {}, visit(studio.claire), event(channel="x"))
    assert other[does.page.page] == ""


def test_a_page_changed_elsewhere_keeps_both_texts(studio: Room) -> None:
    """The first to save stands in the bank; the other one reads a sentence and loses nothing on the screen."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    _, place = _open(does, studio.claire, story_id)
    sent = visit(studio.claire)
    first = does.typed(place, {Channel.LINKEDIN: 0}, sent, event(channel="linkedin", text=MINE))
    does.typed(place, first[does.page.versions], sent, event(channel="linkedin", text=MINE + " Fin."))
    late = does.typed(place, first[does.page.versions], sent, event(channel="linkedin", text="Autre chose."))
    assert late[does.page.answers]["foot"]["tone"] == "stop"
    assert does.page.page not in late
    shown, _ = _open(does, studio.claire, story_id)
    assert shown[does.page.page] == MINE + " Fin."


def test_words_taken_from_the_suggestion_are_told_and_hold_the_page_back(studio: Room) -> None:
    """V: the gauge is calm, the finding says why and how, the button stays closed."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    _open(does, studio.claire, story_id)
    work_off(studio.tools)
    shown, place = _open(does, studio.claire, story_id)
    taken = shown[does.page.angles]["angles"][0]["lines"][0]["text"]
    looked = does.looked(place, taken, visit(studio.claire))
    assert looked[does.page.look]["gauge"]["pct"] < 50
    assert looked[does.page.leaving]["ready"] is False
    assert "vos mots" in looked[does.page.leaving]["why"]


def test_a_page_of_ones_own_words_may_leave_where_consent_covers_it(studio: Room) -> None:
    """Ready for LinkedIn; on X, which nobody agreed to, the same text may be written and not published."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    _, place = _open(does, studio.claire, story_id)
    linkedin = does.looked(place, MINE, visit(studio.claire))[does.page.leaving]
    assert (linkedin["ready"], linkedin["address"][:25]) == (True, "https://www.linkedin.com/")
    place = Place(place.story_id, place.profile, Channel.X)
    assert "accord" in does.looked(place, MINE, visit(studio.claire))[does.page.leaving]["why"]


def test_a_finding_points_at_its_place_as_browsers_count(studio: Room) -> None:
    """Characters beyond the basic plane count twice in a browser."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    _, place = _open(does, studio.claire, story_id)
    text = "😀 J'y suis allée avec Gaspard Thévenin un soir de pluie et de vent."
    found = does.looked(place, text, visit(studio.claire))[does.page.look]["finds"][0]
    units = text.encode("utf-16-le")
    assert units[2 * found["from"]:2 * found["to"]].decode("utf-16-le") == "Gaspard Thévenin"


def test_published_is_noted_with_its_day_and_address(studio: Room) -> None:
    """The person says so; only an address of the web is taken."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    _, place = _open(does, studio.claire, story_id)
    versions = does.typed(place, {}, visit(studio.claire), event(channel="linkedin", text=MINE))[does.page.versions]
    with pytest.raises(BadInput):
        does.published(place, versions, "javascript:alert(1)", visit(studio.claire))
    done = does.published(place, versions, " https://www.linkedin.com/posts/1 ", visit(studio.claire))
    assert done[does.page.since]["href"] == "https://www.linkedin.com/posts/1"
    assert done[does.page.versions][Channel.LINKEDIN] == versions[Channel.LINKEDIN] + 1


def test_a_withdrawal_while_writing_is_told_and_takes_no_text_from_the_screen(studio: Room) -> None:
    """L21: the next save says that consent ended; the columns are closed on the next visit."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    _, place = _open(does, studio.moussa, story_id)
    end_consent(studio.tools, story_id, studio.claire)
    kept = does.typed(place, {}, visit(studio.moussa), event(channel="linkedin", text=MINE))
    assert kept[does.page.answers]["foot"]["tone"] == "stop"
    shown, _ = _open(does, studio.moussa, story_id)
    assert "empty" in shown[does.page.refusal]


def test_a_stopped_search_can_be_asked_again(studio: Room) -> None:
    """Stopping leaves the page usable and one button."""
    does, story_id = _writing(studio), tell(studio.tools, studio.claire, scope=opened(studio.tools))
    _, place = _open(does, studio.claire, story_id)
    assert "failed" in does.stopped(place, visit(studio.claire))[does.page.angles]
    assert "job" in does.again(place, visit(studio.claire))[does.page.angles]


def test_an_ambassador_hears_only_what_was_agreed(studio: Room) -> None:
    """L13: voice without a picture waits for the sound alone; a voice not agreed has no button at all."""
    does = _writing(studio)
    silent = tell(studio.tools, studio.claire, scope=opened(studio.tools, voice=False))
    unseen = tell(studio.tools, studio.claire, scope=without_face(opened(studio.tools)))
    for story_id in (silent, unseen):
        shown, _ = _open(does, studio.moussa, story_id)
        assert shown[does.page.voice] == {"src": ""}


def test_a_page_opened_long_ago_asks_to_be_reloaded(studio: Room) -> None:
    """Its state is gone with the server."""
    with pytest.raises(NotFound):
        _writing(studio).looked(None, MINE, visit(studio.claire))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_is_laid_out_in_both_languages(studio: Room, lang) -> None:
    """No English word on a French page."""
    does = _writing(studio, lang)
    assert does.page.done.value == {"fr": "C'est publié", "en": "It is published"}[lang]
