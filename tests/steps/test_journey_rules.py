"""The journey keeps its promises: kept first, heard once, gated by consent before work and before it is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from story_bank.access import LightState
from story_bank.consent import Channel, NameShown, Purpose
from story_bank.editing import typed_over
from story_bank.errors import BadInput, Conflict, NotAllowed, NotAvailable, NotFound
from story_bank.ids import StoryId, ValueId
from story_bank.language import Bilingual
from story_bank.making import CaptionStyle, Profile, Shape, Suggestion
from story_bank.recording import SpokenContext
from story_bank.story import Value
from studio.steps.clip import AskForClip, Selection
from studio.steps.correct import Correct
from studio.steps.draft import AskForDraft, WriteDraft, WritePost
from studio.steps.find import Find, Wanted
from studio.steps.keep import DescribeRecording, DescribeStory, KeepRecording, StoryCard, WriteStory
from studio.steps.read import OpenRecording, ReadStory
from studio.steps.recognisable import NameSomeone
from studio.steps.tag import ConfirmValues
from studio.steps.withdraw import Withdraw
from studio.writing.verbatim_writer import VerbatimWriter
from studio.writing.writer import Brief, Source
from tests.fakes.scripted_transcriber import NIGHT, ScriptedTranscriber
from tests.fakes.shared_words_sense import SleepingSense
from tests.fakes.swift_cutter import SwiftCutter
from tests.steps.conftest import FILM, VOICE, Small, with_tools

NIGHT_QUESTION = "feuille de papier"


def found_by(small: Small, first_name: str, channel: Channel | None = None) -> list[str]:
    answer = Find(small.tools).run(small.asker(first_name), Wanted(NIGHT_QUESTION, channel=channel))
    return [each.story.id for each in answer.found]


def test_a_recording_is_heard_and_findable_by_its_author_alone(small: Small) -> None:
    """Without a consent nobody else finds it, not even an editor or an administrator (A41)."""
    story_id = small.record()
    assert found_by(small, "Camille") == [story_id]
    for other in ("Moussa", "Inès", "Julien", "Marc"):
        assert found_by(small, other) == []
        with pytest.raises(NotFound):
            ReadStory(small.tools).run(small.asker(other), story_id)


def test_the_form_feeds_the_ears_before_they_listen(small: Small) -> None:
    """First name, job, team, unusual words and the company reach the transcriber."""
    kept = KeepRecording(small.tools).run(small.asker("Camille"), VOICE, "moi.m4a")
    DescribeRecording(small.tools).run(small.asker("Camille"), kept.story_id,
                                       SpokenContext("Camille", "infirmière", "nuit", "", ("Tilleuls",)), "fr")
    small.do_jobs()
    ears = small.tools.transcriber
    assert isinstance(ears, ScriptedTranscriber)
    assert ears.heard[0].context == SpokenContext("Camille", "infirmière", "nuit", "Lanterval", ("Tilleuls",))


def test_a_silent_file_says_so_and_keeps_no_words(small: Small) -> None:
    """No speech: no words, a kind sentence in the person's language."""
    quiet = with_tools(small, transcriber=ScriptedTranscriber(()))
    view = ReadStory(quiet.tools).run(quiet.asker("Camille"), quiet.record())
    assert view.transcript is not None
    assert (view.transcript.segments, view.transcript.note) == ((), "On n'entend pas de parole.")


def test_the_same_file_twice_is_one_story(small: Small) -> None:
    """Dropping a file again brings one back to what was kept."""
    first = KeepRecording(small.tools).run(small.asker("Camille"), VOICE, "a.m4a")
    again = KeepRecording(small.tools).run(small.asker("Camille"), VOICE, "b 🎤.m4a")
    assert again.again
    assert again.story_id == first.story_id
    other = KeepRecording(small.tools).run(small.asker("Moussa"), VOICE, "a.m4a")
    assert other.story_id != first.story_id


def test_two_people_uploading_at_once_each_keep_their_own(small: Small) -> None:
    """Neither waits for the other's mistake, and nothing is mixed."""
    kept: dict[str, object] = {}

    def give(first_name: str) -> None:
        kept[first_name] = KeepRecording(small.tools).run(small.asker(first_name), VOICE, "récit 🎙️.m4a").story_id

    people = [threading.Thread(target=give, args=(name,)) for name in ("Camille", "Moussa", "Inès", "Julien")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    with small.tools.bank.open() as work:
        for name, story_id in kept.items():
            assert [story.id for story in work.stories_of(small.people[name].id)] == [story_id]
    assert len(kept) == 4


class FullVault:
    """A vault whose disk is full."""

    def put(self, source: Path, suffix: str) -> str:
        raise NotAvailable("Le disque est plein.", "The disk is full.")


def test_a_full_disk_keeps_no_half_story(small: Small) -> None:
    """The person is told; what they gave before is untouched."""
    before = KeepRecording(small.tools).run(small.asker("Camille"), VOICE, "a.m4a")
    full = with_tools(small, vault=FullVault())
    with pytest.raises(NotAvailable):
        KeepRecording(full.tools).run(full.asker("Camille"), FILM, "b.mp4")
    with small.tools.bank.open() as work:
        assert [story.id for story in work.stories_of(small.people["Camille"].id)] == [before.story_id]


def test_consent_opens_exactly_what_it_covers(small: Small) -> None:
    """Found by all, cut by an editor, not drafted from, not usable on a channel that was not signed (L08, L09)."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope(Purpose.LIBRARY, Purpose.CLIP, channels=frozenset()))
    assert found_by(small, "Moussa") == [story_id]
    assert found_by(small, "Moussa", Channel.LINKEDIN) == []
    with pytest.raises(NotAllowed):
        AskForDraft(small.tools).run(small.asker("Inès"), story_id, Profile.EXPERT, Channel.LINKEDIN, "fr")
    with pytest.raises(NotAllowed):
        AskForClip(small.tools).run(small.asker("Moussa"), story_id, whole(small, story_id), Shape.SQUARE,
                                    CaptionStyle.PLAIN)
    assert AskForClip(small.tools).run(small.asker("Julien"), story_id, whole(small, story_id), Shape.SQUARE,
                                       CaptionStyle.PLAIN)


def whole(small: Small, story_id: str) -> Selection:
    with small.tools.bank.open() as work:
        story = work.story_of_job(story_id)  # type: ignore[arg-type]
        words = list(work.transcript(story.recording_id).words())  # type: ignore[arg-type,union-attr]
    return Selection(words[0].id, words[-1].id)


def test_even_one_s_own_story_is_not_drafted_from_without_a_signature(small: Small) -> None:
    """Keeping, hearing and finding are one's own; every other arrow asks the signed consent."""
    with pytest.raises(NotAllowed, match="No signed consent"):
        AskForDraft(small.tools).run(small.asker("Camille"), small.record(), Profile.RH, Channel.LINKEDIN, "fr")


def test_the_day_after_the_end_everything_obeys(small: Small) -> None:
    """The last day is included; the next day nothing is found, and the light is red (L10)."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope(days=3))
    small.clock.now += timedelta(days=3)
    assert found_by(small, "Moussa") == [story_id]
    assert ReadStory(small.tools).run(small.asker("Moussa"), story_id).light(small.asker("Moussa")).state \
        is LightState.SOON
    small.clock.now += timedelta(days=1)
    assert found_by(small, "Moussa") == []
    assert ReadStory(small.tools).run(small.asker("Camille"), story_id).light(small.asker("Camille")).state \
        is LightState.STOP


def test_everyone_recognisable_needs_their_own_consent(small: Small) -> None:
    """With two people and one signature, the story stays closed (L12)."""
    story_id = small.record()
    NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Moussa Ferrand")
    small.sign("Camille", story_id, small.scope())
    assert found_by(small, "Julien") == []
    small.sign("Moussa", story_id, small.scope(name=NameShown.FIRST))
    assert found_by(small, "Julien") == [story_id]
    assert ReadStory(small.tools).run(small.asker("Julien"), story_id).author == "Camille"


def test_a_face_that_was_not_agreed_is_not_shown(small: Small) -> None:
    """A colleague gets the sound alone; the author keeps the picture."""
    story_id = small.record(file=FILM)
    small.sign("Camille", story_id, small.scope(face=False))
    with small.tools.bank.open() as work:
        recording = work.recording_of_job(work.story_of_job(story_id).recording_id)  # type: ignore[arg-type]
    opened = OpenRecording(small.tools)
    assert opened.run(small.asker("Moussa"), recording.id) == recording.sound_key
    assert opened.run(small.asker("Camille"), recording.id) == recording.playable_key


def test_a_draft_is_written_from_the_story_and_the_page_stays_empty(small: Small) -> None:
    """Every suggested sentence was said; the author's page begins with nothing (V33, L17)."""
    long_story = with_tools(small, transcriber=ScriptedTranscriber(NIGHT * 5))
    story_id = long_story.record()
    long_story.sign("Camille", story_id, long_story.scope())
    asker = long_story.asker("Inès")
    draft_id = AskForDraft(long_story.tools).run(asker, story_id, Profile.SUPPORTER, Channel.LINKEDIN, "fr")
    long_story.do_jobs()
    with long_story.tools.bank.open() as work:
        suggestion = work.draft(asker, draft_id).suggestion
        assert work.post_for(asker, story_id, Channel.LINKEDIN) is None
    assert suggestion is not None
    said = {sentence.text for angle in suggestion.angles for sentence in angle.sentences}
    assert said <= set(NIGHT)


def test_a_page_that_moved_on_elsewhere_is_not_overwritten(small: Small) -> None:
    """Two devices: the second save of the same version is refused, nothing is lost."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope())
    page, asker = WritePost(small.tools), small.asker("Camille")
    first = page.save(asker, story_id, Channel.LINKEDIN, "Un soir", 0)
    page.save(asker, story_id, Channel.LINKEDIN, "Un soir de grippe", first.version)
    with pytest.raises(Conflict):
        page.save(asker, story_id, Channel.LINKEDIN, "Un matin", first.version)
    with small.tools.bank.open() as work:
        kept = work.post_for(asker, story_id, Channel.LINKEDIN)
    assert kept is not None
    assert kept.text == "Un soir de grippe"


def test_a_consent_withdrawn_while_rendering_leaves_no_extract(small: Small) -> None:
    """Asked again before it is kept: the file is gone and the job says so (L21)."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope())

    def withdraw() -> None:
        Withdraw(small.tools).run(small.asker("Camille"), story_id)

    racing = with_tools(small, cutter=SwiftCutter(before_end=withdraw))
    clip_id = AskForClip(racing.tools).run(racing.asker("Julien"), story_id, whole(racing, story_id), Shape.VERTICAL,
                                           CaptionStyle.HIGHLIGHT)
    files_before = set(vault_files(small))
    racing.do_jobs()
    with small.tools.bank.open() as work, pytest.raises(NotFound):
        work.clip_of_job(clip_id)
    assert vault_files(small) == files_before


def vault_files(small: Small) -> set[Path]:
    return {file for file in (small.tools.scratch.parent / "vault").rglob("*") if file.is_file()}


def test_captions_follow_a_word_corrected_after_the_cut_was_chosen(small: Small) -> None:
    """The recipe points at word ids; the corrected word is what is burnt in, at the same seconds."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope())
    with small.tools.bank.open() as work:
        transcript = work.transcript(work.story_of_job(story_id).recording_id)  # type: ignore[arg-type]
    assert transcript is not None
    words = list(transcript.words())
    clip_id = AskForClip(small.tools).run(small.asker("Julien"), story_id, Selection(words[0].id, words[6].id),
                                          Shape.WIDE, CaptionStyle.PLAIN)
    Correct(small.tools).run(small.asker("Camille"), story_id, typed_over(transcript, {words[3].id: "Kamille,"}))
    small.do_jobs()
    assert isinstance(small.tools.cutter, SwiftCutter)
    burnt = small.tools.cutter.recipes[0].words[3]
    assert (burnt.text, burnt.start, burnt.end) == ("Kamille,", words[3].start, words[3].end)
    with small.tools.bank.open() as work:
        assert work.clip_of_job(clip_id).media_key is not None


def test_search_answers_by_words_while_meaning_sleeps(small: Small) -> None:
    """No model in reach is not an error: exact words answer and the page says so."""
    story_id = small.record()
    sleepy = with_tools(small, embedder=SleepingSense())
    answer = Find(sleepy.tools).run(sleepy.asker("Camille"), Wanted(NIGHT_QUESTION))
    assert [each.story.id for each in answer.found] == [story_id]
    assert answer.note is not None


def test_enough_is_found_behind_a_crowd_of_closed_stories(small: Small) -> None:
    """Forbidden better matches are looked past until the asker has what they may see."""
    write, moussa = WriteStory(small.tools), small.asker("Moussa")
    for number in range(70):
        story_id = write.begin(moussa, "fr")
        write.run(moussa, story_id, f"Feuille {number}", "J'ai pris une feuille de papier. " * 3)
    open_one = write.begin(small.asker("Camille"), "fr")
    write.run(small.asker("Camille"), open_one, "Ouvert", "Le papier était bleu, ce matin-là, dans la réserve.")
    small.sign("Camille", open_one, small.scope())
    small.do_jobs()
    found = Find(small.tools).run(small.asker("Julien"), Wanted("une feuille de papier", limit=1))
    assert [each.story.id for each in found.found] == [open_one]


@pytest.mark.parametrize("words", [(5, 2), (99, 3)], ids=["wrong way round", "unknown"])
def test_a_senseless_selection_is_refused(small: Small, words: tuple[int, int]) -> None:
    """First after last, or words that are not there."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope())
    with small.tools.bank.open() as work:
        ids = [w.id for w in work.transcript(work.story_of_job(story_id).recording_id).words()]  # type: ignore[arg-type,union-attr]
    chosen = Selection(ids[words[0]] if words[0] < len(ids) else "x", ids[words[1]])  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        AskForClip(small.tools).run(small.asker("Julien"), story_id, chosen, Shape.WIDE, CaptionStyle.NONE)


def test_two_things_kept_at_the_same_moment_do_not_undo_one_another(small: Small) -> None:
    """The card and the values of one story, saved from one page at once: both are there afterwards."""
    with small.tools.bank.open() as work:
        work.save_value(Value(ValueId("ecoute"), Bilingual("Écoute", "Listening"), Bilingual("…", "…")))
        work.commit()
    asker = small.asker("Camille")
    for number in range(15):
        story_id = WriteStory(small.tools).begin(asker, "fr")
        both = threading.Barrier(2)

        def card(story_id: StoryId = story_id, number: int = number, both: threading.Barrier = both) -> None:
            both.wait()
            DescribeStory(small.tools).run(asker, story_id, StoryCard(f"Titre {number}", asker.day))

        def values(story_id: StoryId = story_id, both: threading.Barrier = both) -> None:
            both.wait()
            ConfirmValues(small.tools).run(asker, story_id, (ValueId("ecoute"),))

        at_once = [threading.Thread(target=card), threading.Thread(target=values)]
        for thread in at_once:
            thread.start()
        for thread in at_once:
            thread.join()
        with small.tools.bank.open() as work:
            story = work.story_of_job(story_id)
        assert (story.title, story.value_ids) == (f"Titre {number}", (ValueId("ecoute"),))


def test_an_older_suggestion_does_not_take_the_place_of_a_newer_request(small: Small) -> None:
    """Asked twice in a row: the first, written late, changes nothing; the second is the one that is found."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope())
    asker, ask = small.asker("Camille"), AskForDraft(small.tools)
    first = ask.run(asker, story_id, Profile.EXPERT, Channel.LINKEDIN, "fr")
    again = AskingAgain(lambda: ask.run(asker, story_id, Profile.EXPERT, Channel.LINKEDIN, "fr"))
    slow = with_tools(small, writer=again)
    with pytest.raises(NotFound):
        WriteDraft(slow.tools).run(first, asker.person.id)
    small.do_jobs()
    with small.tools.bank.open() as work:
        (kept,) = work.drafts_for(asker, story_id)
    assert kept.id != first
    assert kept.suggestion is not None


class AskingAgain:
    """A writer during whose work the person asks once more."""

    name = "asking again"

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.meanwhile = meanwhile

    def suggest(self, source: Source, brief: Brief) -> Suggestion:
        self.meanwhile()
        return VerbatimWriter().suggest(source, brief)
