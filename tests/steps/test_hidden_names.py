"""A name that is not to be shown is in nothing that others read, hear of or make (L07)."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from story_bank.consent import Channel, NameShown
from story_bank.errors import NotFound
from story_bank.ids import ClipId, StoryId
from story_bank.making import CaptionStyle, JobState, Profile, Shape
from studio.steps.clip import AskForClip, Selection, StoryClips
from studio.steps.download import DownloadClip
from studio.steps.draft import AskForDraft, DraftsFor, WritePost
from studio.steps.find import Find, Wanted
from studio.steps.keep import DescribeStory, StoryCard, WriteStory
from studio.steps.moments import SuggestMoments
from studio.steps.read import OpenClip, ReadStory
from studio.steps.share import OpenShare, SharePage
from studio.steps.tag import SuggestValues
from tests.fakes.scripted_transcriber import ScriptedTranscriber
from tests.steps.conftest import FILM, Small, with_tools
from tests.steps.people import written

pytestmark = pytest.mark.slow

TOLD = ("Bonjour, je suis Camille Ferrand, infirmière de nuit depuis vingt ans à l'hôpital.",
        "Un soir d'hiver, les appels n'arrêtaient pas et personne ne savait pourquoi ils sonnaient.",
        "Alors on m'a dit : Mme Ferrand, prenez une feuille de papier et notez chaque appel.",
        "Les appels ont baissé de quarante pour cent et les patients ont enfin pu dormir la nuit.",
        "C'est le récit de CAMILLE FERRAND, et j'en suis fière, parce que j'ai juste écouté.")
FIRST, NONE = NameShown.FIRST, NameShown.NONE


@pytest.fixture
def named(small: Small) -> Small:
    """The same company, where whoever speaks says their own name."""
    return with_tools(small, transcriber=ScriptedTranscriber(TOLD))


def told(small: Small, shown: NameShown) -> StoryId:
    story_id = small.record(file=FILM)
    DescribeStory(small.tools).run(small.asker("Camille"), story_id, StoryCard(
        "Camille Ferrand raconte", small.tools.today(), "Nuit", "Lyon"))
    small.sign("Camille", story_id, small.scope(name=shown))
    small.do_jobs()
    return story_id


def plain(value: Any) -> str:
    """Everything that a value says, ids aside."""
    return json.dumps(dataclasses.asdict(value) if dataclasses.is_dataclass(value) else value,
                      default=lambda other: sorted(map(str, other)) if isinstance(other, frozenset) else str(other),
                      ensure_ascii=False)


def clipped(small: Small, story_id: StoryId, by: str = "Julien") -> ClipId:
    with small.tools.bank.open() as work:
        words = list(work.transcript(work.story_of_job(story_id).recording_id).words())  # type: ignore[arg-type,union-attr]
    clip_id = AskForClip(small.tools).run(small.asker(by), story_id, Selection(words[0].id, words[-1].id),
                                          Shape.SQUARE, CaptionStyle.HIGHLIGHT)
    small.do_jobs()
    return clip_id


def says(text: str, shown: NameShown) -> bool:
    """Whether a text says what is hidden."""
    hidden = ("ferrand",) if shown is FIRST else ("ferrand", "camille")
    return any(word in text.casefold() for word in hidden)


@pytest.mark.parametrize("shown", [FIRST, NONE])
def test_a_colleague_reads_it_without(named: Small, shown: NameShown) -> None:
    """Title, text, words and what the machine was told of the speaker; the author reads all of it."""
    story_id = told(named, shown)
    assert not says(plain(ReadStory(named.tools).run(named.asker("Moussa"), story_id)), shown)
    assert says(plain(ReadStory(named.tools).run(named.asker("Camille"), story_id)), shown)


@pytest.mark.parametrize("shown", [FIRST, NONE])
def test_a_colleague_finds_it_without(named: Small, shown: NameShown) -> None:
    """Neither the passage nor the reason why it answers says it."""
    told(named, shown)
    answer = Find(named.tools).run(named.asker("Moussa"), Wanted("une feuille de papier, les appels"))
    assert answer.found
    assert not any(says(plain(each), shown) for each in answer.found)


def test_a_hidden_name_is_no_way_to_find_the_story(named: Small) -> None:
    """Asking for the name finds nothing more than asking without it; its author finds it."""
    story_id = told(named, NONE)
    ask = Find(named.tools)
    assert ask.run(named.asker("Moussa"), Wanted("Camille Ferrand")).found == ()
    assert [one.story.id for one in ask.run(named.asker("Camille"), Wanted("Camille Ferrand")).found] == [story_id]
    with_it, without_it = (ask.run(named.asker("Moussa"), Wanted(question)).found[0]
                           for question in ("Camille Ferrand, une feuille de papier", "une feuille de papier"))
    assert with_it.passage == without_it.passage


def _of_the_story(small: Small, story_id: StoryId, question: str) -> list[tuple[float, int]]:
    found = Find(small.tools).run(small.asker("Moussa"), Wanted(question)).found
    return [(each.score, each.passage.number) for each in found if each.story.id == story_id]


@pytest.mark.parametrize("shown", [FIRST, NONE])
@pytest.mark.parametrize("told_by", ["Camille", "Julien"])
@pytest.mark.parametrize("rest", ["", "le monte-charge avec ", "la nuit d'"])
def test_whichever_name_is_asked_for_a_story_that_hides_one_answers_alike(
        small: Small, shown: NameShown, told_by: str, rest: str) -> None:
    """L07: neither its presence nor its score tells which colleague told it, however they are named."""
    hiding = written(small, told_by, "Une nuit au dépôt", f"{told_by} a réparé le monte-charge toute la nuit.")
    small.sign(told_by, hiding, small.scope(name=shown))
    for number in range(3):
        other = written(small, "Inès", f"Camion {number}", "Le camion est parti avec Julien et Camille, cette nuit.")
        small.sign("Inès", other, small.scope())
    small.do_jobs()
    names = ("Camille", "Julien", "Moussa", "Inès Ferrand", "camille", "JULIEN", "camilles", "Ferrand Julien")
    answers = [_of_the_story(small, hiding, rest + name) for name in names]
    assert answers == [answers[0]] * len(names)
    assert bool(answers[0]) is bool(rest)


def test_a_story_that_hides_a_name_is_not_lost_behind_the_ones_that_say_it(small: Small) -> None:
    """What a question without the name would find is found, though its words with the name rank others before it."""
    hiding = written(small, "Camille", "Une nuit au dépôt", "J'ai réparé le monte-charge.")
    small.sign("Camille", hiding, small.scope(name=NONE))
    small.do_jobs()
    answers = [_of_the_story(small, hiding, f"monte-charge {name}") for name in ("Camille", "Moussa", "")]
    assert answers[0]
    assert answers == [answers[0]] * 3


@pytest.mark.parametrize("shown", [FIRST, NONE])
def test_a_suggestion_from_anothers_story_is_written_without(named: Small, shown: NameShown) -> None:
    """What the writer is given says no hidden name, so no sentence and no title does."""
    story_id = told(named, shown)
    asked = (named.asker("Inès"), story_id, Profile.SUPPORTER, Channel.LINKEDIN, "fr")
    AskForDraft(named.tools).run(*asked)  # type: ignore[arg-type]
    named.do_jobs()
    found = DraftsFor(named.tools).run(*asked)  # type: ignore[arg-type]
    assert found is not None
    assert found.draft.suggestion is not None
    assert found.draft.suggestion.angles
    assert not says(plain(found.draft.suggestion), shown)


def test_a_suggestion_written_before_loses_the_name_too(named: Small) -> None:
    """Signed again with the first name alone, what was written with the whole name says it no more."""
    story_id = told(named, NameShown.FULL)
    asked = (named.asker("Inès"), story_id, Profile.SUPPORTER, Channel.LINKEDIN, "fr")
    AskForDraft(named.tools).run(*asked)  # type: ignore[arg-type]
    named.do_jobs()
    assert says(plain(DraftsFor(named.tools).run(*asked)), FIRST)  # type: ignore[arg-type]
    named.clock.now += timedelta(minutes=2)
    named.sign("Camille", story_id, named.scope(name=FIRST))
    assert not says(plain(DraftsFor(named.tools).run(*asked)), FIRST)  # type: ignore[arg-type]


@pytest.mark.parametrize(("shown", "remarked"), [(NameShown.FULL, False), (FIRST, True), (NONE, True)])
def test_writing_the_hidden_name_is_remarked(named: Small, shown: NameShown, remarked: bool) -> None:
    """The story as others read it does not say it, and who is in it is no name to add by oneself."""
    post = "Ce soir-là, Camille Ferrand a tout noté."
    look = WritePost(named.tools).look(named.asker("Inès"), told(named, shown), Channel.LINKEDIN, post)
    assert any("Ferrand" in each.text for each in look.findings) is remarked


NIGHT = ("Ce soir-là, Moussa Diallo m'a dit de tenir bon pendant toute la nuit, et j'ai tenu pour l'équipe. "
         "Nous avons réparé le monte-charge ensemble, de vingt-deux heures à six heures, sans nous plaindre. "
         "Au matin, Moussa riait encore et moi, Inès Ferrand, aussi, et le camion est parti à l'heure. ") * 3


@pytest.mark.parametrize("after", [False, True], ids=["hidden before", "hidden after"])
def test_what_the_author_writes_from_their_own_story_hides_the_others(small: Small, after: bool) -> None:
    """L07: who appears in it and shows no name is in no suggestion and no name to add; the author's own name is."""
    moussa = replace(small.people["Moussa"], display_name="Moussa Diallo")
    with small.tools.bank.open() as work:
        work.save_person(moussa)
        work.commit()
    story_id = written(small, "Inès", "La nuit", NIGHT)
    with small.tools.bank.open() as work:
        work.save_story(replace(work.story_of_job(story_id), appearing=(moussa.id,)))
        work.commit()
    small.sign("Inès", story_id, small.scope(name=NONE))
    small.sign("Moussa", story_id, small.scope(name=NameShown.FULL if after else NONE))
    asked = (small.asker("Inès"), story_id, Profile.SUPPORTER, Channel.LINKEDIN, "fr")
    AskForDraft(small.tools).run(*asked)  # type: ignore[arg-type]
    small.do_jobs()
    if after:
        small.clock.now += timedelta(minutes=2)
        small.sign("Moussa", story_id, small.scope(name=NONE))
    found = DraftsFor(small.tools).run(*asked)  # type: ignore[arg-type]
    assert found is not None
    assert found.draft.suggestion is not None
    assert found.draft.suggestion.angles
    assert "Moussa" not in plain(found.draft.suggestion)
    look = WritePost(small.tools).look(small.asker("Inès"), story_id, Channel.LINKEDIN,
                                       "Moussa Diallo a tenu. Moi aussi, Inès Ferrand.")
    assert ["Diallo" in each.text for each in look.findings if each.kind == "unsupported"] == [True]
    assert "Moussa" in ReadStory(small.tools).run(small.asker("Inès"), story_id).story.text


@pytest.mark.parametrize("shown", [FIRST, NONE])
@pytest.mark.parametrize("by", ["Julien", "Camille"])
def test_an_extract_is_captioned_and_titled_without(named: Small, shown: NameShown, by: str) -> None:
    """Whoever cuts it, an extract is what others see; words that stay keep their seconds."""
    story_id = told(named, shown)
    clip_id = clipped(named, story_id, by)
    recipe = named.tools.cutter.recipes[-1]  # type: ignore[attr-defined]
    assert not says(" ".join(word.text for word in recipe.words), shown)
    clip = OpenClip(named.tools).run(named.asker(by), clip_id)
    assert clip.media_key
    assert not says(clip.title, shown)
    with named.tools.bank.open() as work:
        times = {word.id: word.start for word in work.transcript(clip.recording_id).words()}  # type: ignore[union-attr]
    assert all(times[word.id] == word.start for word in recipe.words)


@pytest.mark.parametrize(("captions", "stays"), [(CaptionStyle.PLAIN, False), (CaptionStyle.NONE, True)])
def test_an_extract_whose_captions_say_a_name_closes_with_it(named: Small, captions: CaptionStyle, stays: bool) -> None:
    """Signed again without the name, a file that burnt it in is neither listed nor opened; one that did not stays."""
    story_id = told(named, NameShown.FULL)
    with named.tools.bank.open() as work:
        words = list(work.transcript(work.story_of_job(story_id).recording_id).words())  # type: ignore[arg-type,union-attr]
    clip_id = AskForClip(named.tools).run(named.asker("Julien"), story_id, Selection(words[0].id, words[-1].id),
                                          Shape.WIDE, captions)
    named.do_jobs()
    secret = SharePage(named.tools).make(named.asker("Camille"), clip_id, Channel.LINKEDIN)
    named.clock.now += timedelta(minutes=2)
    named.sign("Camille", story_id, named.scope(name=NONE))
    listed = StoryClips(named.tools).run(named.asker("Julien"), story_id)
    shared = OpenShare(named.tools).run(secret)
    assert (len(listed), shared is not None) == (int(stays), stays)
    if stays:
        assert not says(plain(listed) + plain(shared), NONE)
    else:
        with pytest.raises(NotFound):
            OpenClip(named.tools).run(named.asker("Julien"), clip_id)


def test_a_name_taken_back_while_rendering_leaves_no_extract(named: Small) -> None:
    """What may be said is asked again before the file is kept."""
    story_id = told(named, NameShown.FULL)

    def narrow() -> None:
        named.clock.now += timedelta(minutes=2)
        named.sign("Camille", story_id, named.scope(name=NONE))

    named.tools.cutter.before_end = narrow  # type: ignore[attr-defined]
    clip_id = clipped(named, story_id)
    with named.tools.bank.open() as work:
        assert work.clip_of_job(clip_id).media_key is None
        assert work.jobs_for(clip_id)[0].state is JobState.FAILED


@pytest.mark.parametrize("shown", [FIRST, NONE])
def test_moments_and_values_are_suggested_without(named: Small, shown: NameShown) -> None:
    """The words they rest on are words that the asker may read."""
    story_id = told(named, shown)
    moments = SuggestMoments(named.tools).run(named.asker("Julien"), story_id)
    values = SuggestValues(named.tools).run(named.asker("Moussa"), story_id)
    assert moments
    assert not says(plain([dataclasses.asdict(each) for each in (*moments, *values)]), shown)


def test_everyone_in_it_decides_for_their_own_name(small: Small) -> None:
    """The author shows all of theirs; who appears in it shows none, and so nobody's line says who told."""
    tools = small.tools
    story_id = WriteStory(tools).begin(small.asker("Camille"), "fr")
    WriteStory(tools).run(small.asker("Camille"), story_id, "Avec Moussa", "Camille Ferrand et Moussa ont veillé.")
    with tools.bank.open() as work:
        work.save_story(replace(work.story_of_job(story_id), appearing=(small.people["Moussa"].id,)))
        work.commit()
    small.sign("Camille", story_id, small.scope())
    small.sign("Moussa", story_id, small.scope(name=NONE))
    view = ReadStory(tools).run(small.asker("Julien"), story_id)
    assert (view.story.title, view.story.text, view.author) == ("Avec …", "Camille … et … ont veillé.", "")


def test_the_name_of_a_downloaded_file_is_without(named: Small) -> None:
    """It is made of the extract's title as it is today, whatever it was when it was cut."""
    story_id = told(named, NameShown.FULL)
    with named.tools.bank.open() as work:
        words = list(work.transcript(work.story_of_job(story_id).recording_id).words())  # type: ignore[arg-type,union-attr]
    clip_id = AskForClip(named.tools).run(named.asker("Julien"), story_id, Selection(words[0].id, words[-1].id),
                                          Shape.WIDE, CaptionStyle.NONE)
    named.do_jobs()
    assert says(DownloadClip(named.tools).run(named.asker("Julien"), clip_id).title, NONE)
    named.clock.now += timedelta(minutes=2)
    named.sign("Camille", story_id, named.scope(name=NONE))
    assert DownloadClip(named.tools).run(named.asker("Julien"), clip_id).title.startswith("Bonjour, je suis …")
