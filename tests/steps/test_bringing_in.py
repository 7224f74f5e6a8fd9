"""An import brings in what is new and never touches what a person has made of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from story_bank.bank import Did
from story_bank.errors import NotAvailable
from story_bank.making import JobKind
from studio.steps.bring_in import BringIn, BroughtIn
from studio.steps.demo import LeaveDemo
from studio.steps.find import Find, Wanted
from studio.steps.keep import DescribeStory, KeepRecording, StoryCard
from studio.steps.withdraw import Withdraw
from tests.fakes.in_memory_index import InMemoryIndex
from tests.fakes.shared_words_sense import SleepingSense
from tests.steps.conftest import MEDIA, VOICE, Small, with_tools

SIGNED = {"purposes": ["library"], "from": "today", "until": "today+400", "appears": {"voice": True}}


def line(**known: Any) -> str:
    """A line of the file, of a recording by Camille unless told otherwise."""
    given_: dict[str, Any] = {"title": "La relève", "author": "Camille Ferrand", "language": "fr",
                              "recorded_on": "2026-11-02", "consent": SIGNED}
    return json.dumps(given_ | ({} if "text" in known else {"media": VOICE.name}) | known)


def bring(small: Small, *lines: str) -> BroughtIn:
    return BringIn(small.tools).run(small.asker("Marc"), lines, MEDIA)


def test_an_import_does_not_revive_a_withdrawn_consent(small: Small) -> None:
    """The same line again leaves the story closed, as its author wants it (L21)."""
    first = bring(small, line())
    with small.tools.bank.open() as work:
        story = work.stories_of(small.people["Camille"].id)[0]
    Withdraw(small.tools).run(small.asker("Camille"), story.id)
    again = bring(small, line(title="Autre titre"))
    with small.tools.bank.open() as work:
        assert work.scopes([story])[story.id] == [None]
        assert work.story_of_job(story.id).title == "La relève"
    assert (first.taken, again.taken, again.again) == (1, 0, 1)


def test_an_import_leaves_a_person_s_own_story_alone(small: Small) -> None:
    """What Camille recorded and named herself keeps its title and is signed by nobody else."""
    kept = KeepRecording(small.tools).run(small.asker("Camille"), VOICE, "moi.m4a")
    DescribeStory(small.tools).run(small.asker("Camille"), kept.story_id, StoryCard("Le mien", small.tools.today()))
    done = bring(small, line())
    with small.tools.bank.open() as work:
        story = work.story_of_job(kept.story_id)
        assert (story.title, work.consent_history(story.subject_id)) == ("Le mien", [])
    assert (done.taken, done.again) == (0, 1)


def test_an_import_that_was_cut_goes_on(small: Small) -> None:
    """A recording kept without a title is what a killed import leaves; the line takes it up."""
    kept = KeepRecording(small.tools).run(small.asker("Camille"), VOICE, VOICE.name)
    done = bring(small, line())
    with small.tools.bank.open() as work:
        assert [story.id for story in work.stories_of(small.people["Camille"].id)] == [kept.story_id]
        assert work.story_of_job(kept.story_id).title == "La relève"
    assert done.taken == 1


def test_an_import_signs_for_the_author_alone(small: Small) -> None:
    """Whoever else appears signs for themselves; until then the story is closed, and the journal knows (L07)."""
    bring(small, line(text="Il neigeait.", also=["Moussa Ferrand"]))
    with small.tools.bank.open() as work:
        [story] = work.stories_of(small.people["Camille"].id)
        signed = work.consent_history(story.subject_id)
        assert [each.person_id for each in signed] == [small.people["Camille"].id]
        [deed] = work.journal_of(small.people["Camille"].id)
        assert (deed.person_id, deed.deed) == (story.author_id, Did.SIGNED)
    search = Find(small.tools)
    assert search.run(small.asker("Julien"), Wanted("neigeait")).found == ()
    small.sign("Moussa", story.id, small.scope())
    assert [each.story.id for each in search.run(small.asker("Julien"), Wanted("neigeait")).found] == [story.id]


def test_a_withdrawn_line_is_in_the_journal(small: Small) -> None:
    """Signed and taken back, both of them the author's."""
    bring(small, line(text="Il neigeait.", consent=SIGNED | {"withdrawn": "today"}))
    with small.tools.bank.open() as work:
        deeds = [deed.deed for deed in work.journal_of(small.people["Camille"].id)]
    assert sorted(deeds) == sorted([Did.SIGNED, Did.WITHDREW])


@pytest.mark.parametrize(("days", "found"), [
    ({"until": "today+2000"}, 1), ({"from": "today-9", "until": "today-1"}, 0),
    ({"from": "today+1000", "until": "today+1001"}, 0)], ids=["longer than here", "ended", "not begun"])
def test_a_consent_signed_elsewhere_keeps_its_own_days(small: Small, days: dict[str, str], found: int) -> None:
    """L10: it is taken over as it was signed, and opens the story on its days alone."""
    assert bring(small, line(text="Il neigeait.", consent=SIGNED | days)).taken == 1
    assert len(Find(small.tools).run(small.asker("Julien"), Wanted("neigeait")).found) == found


class AwayIndex(InMemoryIndex):
    """An index whose process does not answer."""

    def put(self, *_: object) -> None:
        raise NotAvailable("L'index dort.", "The index sleeps.")

    def remove(self, *_: object) -> None:
        raise NotAvailable("L'index dort.", "The index sleeps.")


def test_stories_are_taken_while_meaning_sleeps(small: Small) -> None:
    """Kept is taken, not refused: an indexing waits, and exact words find it already."""
    sleepy = with_tools(small, embedder=SleepingSense(), index=AwayIndex())
    done = bring(sleepy, line(text="Le papier était bleu, ce matin-là, dans la réserve.", id="a"))
    with small.tools.bank.open() as work:
        story = work.stories_of(small.people["Camille"].id)[0]
        assert [job.kind for job in work.open_jobs()] == [JobKind.INDEX]
    found = Find(sleepy.tools).run(sleepy.asker("Moussa"), Wanted("papier bleu"))
    assert (done.taken, done.refused) == (1, ())
    assert [each.story.id for each in found.found] == [story.id]


@pytest.mark.parametrize("wrong", [
    {"author": " "}, {"author": "\x1c"}, {"also": ["  "]}, {"title": "   "}, {"recorded_on": "hier"},
    {"consent": SIGNED | {"withdrawn": "bientôt"}}, {"consent": SIGNED | {"until": "2026-02-30"}},
    {"values": ["inconnue"]}, {"media": "absent.m4a"}, {"media": ""}], ids=str)
def test_a_line_is_refused_before_anything_of_it_is_kept(small: Small, wrong: dict[str, Any]) -> None:
    """A bad name or day is said, and neither person nor story nor recording is left behind."""
    done = bring(small, line(**({"author": "Zoé Neuve"} | wrong)))
    with small.tools.bank.open() as work:
        assert (work.every_story_id(), len(work.people())) == ([], len(small.people))
    assert [each.line for each in done.refused] == [1]
    assert list(small.tools.vault.keys(small.clock())) == []


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(author=some.text(" \t\x1c\x85\u2003é", max_size=5))
def test_whatever_the_author_is_called_the_line_is_taken_or_refused(small: Small, author: str) -> None:
    """No name ends in a traceback."""
    done = bring(small, line(text="Il neigeait.", author=author))
    assert done.taken + len(done.refused) == 1


def test_the_demonstration_leaves_no_recording_while_the_index_sleeps(small: Small, tmp_path: Path) -> None:
    """Leaving removes media first; vectors that cannot be reached are swept later."""
    with small.tools.bank.open() as work:
        work.erase_demo()
        company = work.company()
        assert company is not None
        work.save_company(type(company)("Aubépine", demo=True))
        work.commit()
    bringing = BringIn(small.tools).run(small.asker("Marc"), [line(author="Zoé Neuve")], MEDIA, demo=True)
    assert bringing.taken == 1
    away = with_tools(small, index=AwayIndex())
    assert LeaveDemo(away.tools).run() == 1
    assert [file for file in (tmp_path / "vault").rglob("*") if file.is_file()] == []
