"""The journal is for the person concerned: nobody else's eyes, no content, nothing about what else one does."""

from __future__ import annotations

from dataclasses import replace

from story_bank.bank import Deed, Did
from story_bank.consent import NameShown
from story_bank.person import Role
from studio.steps.find import Find, Wanted
from studio.steps.forget import Forget
from studio.steps.journal import ReadJournal
from studio.steps.read import ReadStory
from studio.steps.recognisable import NameSomeone, UnnameSomeone
from studio.steps.withdraw import Withdraw
from tests.steps.people import with_person, written


def _did(small, first_name: str, deed: Did, subject_id: str = "") -> None:
    with small.tools.bank.open() as work:
        work.note(Deed(small.tools.clock(), small.people[first_name].id, deed, subject_id))
        work.commit()


def _lines(small, first_name: str) -> list[tuple[str, str, str]]:
    return [(line.who, line.did, line.about) for line in ReadJournal(small.tools).run(small.asker(first_name))]


def test_one_reads_what_one_did_and_what_was_done_to_ones_story(small) -> None:
    """Newest first, by name, with the story's title."""
    story_id = written(small)
    small.sign("Camille", story_id, small.scope())
    _did(small, "Julien", Did.CUT, story_id)
    assert _lines(small, "Camille") == [("Julien Ferrand", "a coupé un extrait", "La nuit"),
                                        ("Vous", "avez signé un accord", "La nuit")]


def test_nobody_reads_anybody_elses(small) -> None:
    """V05: neither administrator nor steward, nor any other role, finds a line about somebody else in theirs."""
    with_person(small, "Solène", Role.STEWARD)
    story_id = written(small)
    small.sign("Camille", story_id, small.scope())
    Withdraw(small.tools).run(small.asker("Camille"), story_id)
    for first_name in ("Moussa", "Inès", "Julien", "Marc", "Solène"):
        assert _lines(small, first_name) == []


def test_a_closed_or_erased_story_keeps_its_title(small) -> None:
    """Who cut an extract reads that they did, not the title of what has been closed or erased since."""
    story_id = written(small)
    small.sign("Camille", story_id, small.scope())
    _did(small, "Julien", Did.CUT, story_id)
    assert _lines(small, "Julien")[0][2] == "La nuit"
    Withdraw(small.tools).run(small.asker("Camille"), story_id)
    assert _lines(small, "Julien")[0][2] == "un récit effacé ou refermé"
    Forget(small.tools).run(small.asker("Camille"), story_id)
    assert _lines(small, "Julien")[0][2] == "un récit effacé ou refermé"
    assert {about for _, _, about in _lines(small, "Camille")} == {"un récit effacé"}


def test_what_others_decide_about_themselves_is_for_the_author_alone(small) -> None:
    """A manager who appears in somebody's story is not told that they signed or took it back."""
    story_id = written(small)
    with small.tools.bank.open() as work:
        work.save_story(replace(work.story_of_job(story_id), appearing=(small.people["Moussa"].id,)))
        work.commit()
    small.sign("Camille", story_id, small.scope())
    small.sign("Moussa", story_id, small.scope())
    _did(small, "Julien", Did.SHARED, story_id)
    assert [who for who, _, _ in _lines(small, "Camille")] == ["Julien Ferrand", "Moussa Ferrand", "Vous"]
    assert [who for who, _, _ in _lines(small, "Moussa")] == ["Julien Ferrand", "Vous"]


def test_naming_somebody_is_told_once_each_time(small) -> None:
    """Named twice is one line; taken back is another, and taking back nobody is none (A41)."""
    story_id = written(small)
    for _ in range(2):
        named = NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Moussa Ferrand")
    assert [did for _, did, _ in _lines(small, "Moussa")] == ["a dit qui d'autre on reconnaît"]
    for _ in range(2):
        UnnameSomeone(small.tools).run(small.asker("Camille"), story_id, named)
    assert [did for _, did, _ in _lines(small, "Camille")] == [
        "avez retiré quelqu'un de ceux qu'on reconnaît", "avez dit qui d'autre on reconnaît"]


def test_reading_and_searching_are_noted_nowhere(small) -> None:
    """V05: no trace of what a person looks at, reads or looks for."""
    story_id = written(small)
    small.sign("Camille", story_id, small.scope())
    before = {name: _lines(small, name) for name in ("Camille", "Julien")}
    ReadStory(small.tools).run(small.asker("Julien"), story_id)
    Find(small.tools).run(small.asker("Julien"), Wanted("la neige"))
    _lines(small, "Julien")
    assert {name: _lines(small, name) for name in before} == before


def test_every_deed_has_its_words(small) -> None:
    """Whatever is noted can be told, in both languages, to who did it and to whose story it was."""
    story_id = written(small)
    for deed in Did:
        _did(small, "Julien", deed, "" if deed in (Did.EXPORTED, Did.READ_REGISTER) else story_id)
    english = replace(small.asker("Julien"), person=replace(small.people["Julien"], language="en"))
    assert len(_lines(small, "Julien")) == len(Did)
    assert all(line.did and line.who == "You" for line in ReadJournal(small.tools).run(english))
    assert ("Vous", "avez exporté", "vos données") in _lines(small, "Julien")


def test_the_page_has_the_latest_lines_and_the_export_all(small) -> None:
    """Two hundred lines are shown; none is lost."""
    for _ in range(205):
        _did(small, "Moussa", Did.EXPORTED)
    reader, asker = ReadJournal(small.tools), small.asker("Moussa")
    assert (len(reader.run(asker)), len(reader.run(asker, None))) == (200, 205)


def test_a_name_that_is_hidden_is_hidden_in_the_title_too(small) -> None:
    """Who cut an extract of a story reads its title as everybody else does."""
    story_id = written(small, "Camille", "La nuit de Camille Ferrand")
    small.sign("Camille", story_id, small.scope(name=NameShown.NONE))
    _did(small, "Julien", Did.CUT, story_id)
    assert "Camille" not in _lines(small, "Julien")[0][2]
    assert _lines(small, "Camille")[0][2] == "La nuit de Camille Ferrand"
