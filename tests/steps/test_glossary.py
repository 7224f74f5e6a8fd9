"""The glossary: a corrected name is learnt, helps its person at once and everybody once an editor keeps it (A40)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from story_bank.editing import typed_over
from story_bank.errors import BadInput, Conflict, NotAllowed, NotFound
from story_bank.glossary import TermKind, TermState
from story_bank.ids import StoryId, WordId
from story_bank.transcript import Word
from studio.steps.correct import Correct
from studio.steps.curate import BringTerms, Curate, ReadGlossary, Writing, as_list
from studio.steps.forget import Forget
from studio.steps.glossary import LookForTerms, Teach, Unteach
from tests.fakes.scripted_transcriber import ScriptedTranscriber
from tests.steps.conftest import FILM, Small, with_tools

SAID = ("Je travaille chez Trélébor depuis dix ans.", "Chez Trélébor, la nuit, et chez Norlog.", "Voilà très le bord.")


@pytest.fixture
def told(small: Small) -> tuple[Small, StoryId]:
    made = with_tools(small, transcriber=ScriptedTranscriber(SAID))
    return made, made.record()


def _words(small: Small, story_id: StoryId) -> list[Word]:
    with small.tools.bank.open() as work:
        transcript = work.transcript(work.story_of_job(story_id).recording_id)
    assert transcript is not None
    return list(transcript.words())


def _correct(small: Small, story_id: StoryId, before: str, after: str) -> WordId:
    word = next(word for word in _words(small, story_id) if word.text == before)
    with small.tools.bank.open() as work:
        transcript = work.transcript(work.story_of_job(story_id).recording_id)
    Correct(small.tools).run(small.asker("Camille"), story_id, typed_over(transcript, {word.id: after}))
    return word.id


def test_a_corrected_name_is_offered_and_found_elsewhere(told: tuple[Small, StoryId]) -> None:
    """Said once, the same repair is proposed where the same was heard, and nothing changes by itself."""
    small, story_id = told
    _correct(small, story_id, "Trélébor", "Trelleborg")
    before = _words(small, story_id)
    looked = LookForTerms(small.tools).run(small.asker("Camille"), story_id, "Trélébor", "Trelleborg")
    assert looked.offer is not None
    assert (looked.offer.written, looked.offer.heard, looked.offer.open) == ("Trelleborg", "Trélébor", True)
    assert [(each.was, each.becomes) for each in looked.repairs] == [("Trélébor,", "Trelleborg,"),
                                                                     ("très le bord.", "Trelleborg.")]
    assert _words(small, story_id) == before


def test_an_ordinary_correction_offers_nothing(told: tuple[Small, StoryId]) -> None:
    """Nor does it bring a list along."""
    small, story_id = told
    looked = LookForTerms(small.tools).run(small.asker("Camille"), story_id, "dix", "onze")
    assert (looked.offer, looked.repairs) == (None, ())


def test_what_one_teaches_helps_ones_own_next_transcription_at_once(told: tuple[Small, StoryId]) -> None:
    """And nobody else's, until an editor keeps it: then everybody's."""
    small, story_id = told
    ears = small.tools.transcriber
    assert isinstance(ears, ScriptedTranscriber)
    term = Teach(small.tools).run(small.asker("Camille"), story_id, "Trelleborg", "Trélébor")
    assert (term.state, term.kind) == (TermState.PROPOSED, TermKind.TERM)
    small.record("Camille", FILM)
    assert ears.heard[-1].glossary == ("Trelleborg",)
    small.record("Moussa", FILM)
    assert ears.heard[-1].glossary == ()
    Curate(small.tools).run(small.asker("Julien"), term.id, Writing("Trelleborg"), TermState.KEPT)
    small.record("Inès", FILM)
    assert ears.heard[-1].glossary == ("Trelleborg",)


def test_the_next_transcript_says_what_looks_like_the_glossary(told: tuple[Small, StoryId]) -> None:
    """« 3 mots ressemblent à des termes de votre glossaire. »"""
    small, story_id = told
    Teach(small.tools).run(small.asker("Camille"), story_id, "Trelleborg", "Trélébor")
    again = small.record("Camille", FILM)
    found = LookForTerms(small.tools).run(small.asker("Camille"), again).repairs
    assert [each.becomes for each in found] == ["Trelleborg", "Trelleborg,", "Trelleborg."]


def test_taught_twice_is_once_and_is_not_offered_again(told: tuple[Small, StoryId]) -> None:
    """It can be taken back, and is then gone."""
    small, story_id = told
    asker = small.asker("Camille")
    first = Teach(small.tools).run(asker, story_id, "Trelleborg", "Trélébor")
    assert Teach(small.tools).run(asker, story_id, "Trelleborg", "Trélébor").id == first.id
    looked = LookForTerms(small.tools).run(asker, story_id, "Trélébor", "Trelleborg")
    assert looked.offer is not None
    assert not looked.offer.open
    Unteach(small.tools).run(asker, first.id)
    assert ReadGlossary(small.tools).run(small.asker("Julien")) == []


def test_an_editor_sees_the_word_and_nothing_of_the_story(told: tuple[Small, StoryId]) -> None:
    """A name that somebody proposes is known to them and to who curates: nobody else's page says it."""
    small, story_id = told
    Teach(small.tools).run(small.asker("Camille"), story_id, "Trelleborg", "Trélébor")
    [seen] = ReadGlossary(small.tools).run(small.asker("Julien"))
    assert (seen.written, seen.heard_as) == ("Trelleborg", ("Trélébor",))
    assert story_id not in repr(seen)
    for nobody in ("Moussa", "Inès", "Camille"):
        with pytest.raises(NotAllowed):
            ReadGlossary(small.tools).run(small.asker(nobody))


def test_a_word_put_aside_goes_with_the_story_it_came_from(told: tuple[Small, StoryId]) -> None:
    """L11: what only this story brought, its heard form too; what an editor added by hand stays put aside."""
    small, story_id = told
    Teach(small.tools).run(small.asker("Camille"), story_id, "Trelleborg", "Trélébor")
    editor = small.asker("Julien")
    [seen] = ReadGlossary(small.tools).run(editor)
    Curate(small.tools).run(editor, seen.id, Writing("Trelleborg", ("Trélébor",)), TermState.RETIRED)
    Curate(small.tools).run(editor, None, Writing("Norlog"), TermState.RETIRED)
    Forget(small.tools).run(small.asker("Camille"), story_id)
    assert [term.written for term in ReadGlossary(small.tools).run(editor)] == ["Norlog"]


def test_nobody_teaches_from_somebody_elses_story(told: tuple[Small, StoryId]) -> None:
    """Not even an editor."""
    small, story_id = told
    for step in (lambda who: Teach(small.tools).run(who, story_id, "Trelleborg", "Trélébor"),
                 lambda who: LookForTerms(small.tools).run(who, story_id, "Trélébor", "Trelleborg")):
        with pytest.raises(NotFound):
            step(small.asker("Julien"))


def test_what_teaches_nothing_is_refused(told: tuple[Small, StoryId]) -> None:
    """Whatever a browser sends."""
    small, story_id = told
    for written, heard in (("maison", "meson"), ("x" * 200, "y"), ("", "Trélébor"), ("Trelleborg", "")):
        with pytest.raises(BadInput):
            Teach(small.tools).run(small.asker("Camille"), story_id, written, heard)


def test_forgetting_the_story_forgets_the_wish(told: tuple[Small, StoryId]) -> None:
    """L11: a name that only that story said is in nobody's list any more."""
    small, story_id = told
    Teach(small.tools).run(small.asker("Camille"), story_id, "Trelleborg", "Trélébor")
    Forget(small.tools).run(small.asker("Camille"), story_id)
    assert ReadGlossary(small.tools).run(small.asker("Julien")) == []


def test_what_an_editor_puts_aside_is_neither_offered_nor_used(told: tuple[Small, StoryId]) -> None:
    """And teaching it again says so."""
    small, story_id = told
    camille = small.asker("Camille")
    term = Teach(small.tools).run(camille, story_id, "Trelleborg", "Trélébor")
    Curate(small.tools).run(small.asker("Julien"), term.id, Writing("Trelleborg"), TermState.RETIRED)
    looked = LookForTerms(small.tools).run(camille, story_id, "Trélébor", "Trelleborg")
    assert (looked.offer, looked.repairs) == (None, ())
    with pytest.raises(Conflict):
        Teach(small.tools).run(camille, story_id, "Trelleborg", "Trélébor")


def test_curating_changes_writing_forms_kind_and_language(small: Small) -> None:
    """Two terms written alike are refused; what is no term is refused."""
    julien, curate = small.asker("Julien"), Curate(small.tools)
    made = curate.run(julien, None, Writing(" Trelle  borg ", ("Trélébor", "", "Trelle borg")), TermState.KEPT)
    assert (made.written, made.heard_as) == ("Trelle borg", ("Trélébor",))
    changed = curate.run(julien, made.id, Writing("Trelleborg", ("très le bord",), TermKind.PLACE, "fr"), made.state)
    assert ReadGlossary(small.tools).run(julien) == [changed]
    with pytest.raises(Conflict):
        curate.run(julien, None, Writing("Trelleborg"), TermState.KEPT)
    for wrong in ("", "123", "x" * 81):
        with pytest.raises(BadInput):
            curate.run(julien, None, Writing(wrong), TermState.KEPT)


def test_a_list_comes_in_and_goes_out_the_same(small: Small) -> None:
    """One term a line, or the columns of a spreadsheet, with any of the usual marks between."""
    marc, bring = small.asker("Marc"), BringTerms(small.tools)
    done = bring.run(marc, "\ufeffterme;entendu;nature;langue\nTrelleborg;Trélébor | très le bord;lieu;fr\n"
                           "Norlog\n\nÉloïse Le Gall;;personne\n=Somme()\n12\n")
    assert (done.taken, done.known, [line for line, _ in done.refused]) == (4, 0, [7])
    before = [replace(term, decided_at=None) for term in ReadGlossary(small.tools).run(marc)]
    again = bring.run(marc, as_list(ReadGlossary(small.tools).run(marc), "fr").decode())
    assert (again.taken, again.known, again.refused) == (0, 4, ())
    assert [replace(term, decided_at=None) for term in ReadGlossary(small.tools).run(marc)] == before
    with pytest.raises(NotAllowed):
        bring.run(small.asker("Camille"), "Norlog")
    with pytest.raises(BadInput):
        bring.run(marc, "\n".join(f"Terme {number}" for number in range(2_001)))


def test_a_search_looks_in_writings_and_forms(small: Small) -> None:
    """Whatever the accents and case."""
    marc = small.asker("Marc")
    BringTerms(small.tools).run(marc, "Épidaure;épi d'or\nNorlog;Nord Log")
    assert [term.written for term in ReadGlossary(small.tools).run(marc, "epi")] == ["Épidaure"]
    assert [term.written for term in ReadGlossary(small.tools).run(marc, "nord")] == ["Norlog"]
    assert ReadGlossary(small.tools).run(marc, state=TermState.PROPOSED) == []
