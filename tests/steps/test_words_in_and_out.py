"""In and out: a transcript that exists already is laid on the media; words go out as far as consent lets them (S25)."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import docx
import pytest

from media.captions import CHARS_PER_SECOND, LINE_CHARS
from story_bank.bank import Did
from story_bank.consent import NameShown, Purpose
from story_bank.errors import BadInput, Conflict, NotAllowed, NotAvailable, NotFound
from story_bank.ids import StoryId
from story_bank.making import JobKind
from story_bank.transcript import Transcript
from studio.steps.import_transcript import ImportTranscript
from studio.steps.journal import ReadJournal
from studio.steps.keep import DescribeRecording, KeepRecording
from studio.steps.take_words import TakeWords, WordsForm, named
from studio.steps.withdraw import Withdraw
from tests.fakes.scripted_transcriber import NIGHT, ScriptedTranscriber
from tests.steps.conftest import VOICE, Small, with_tools
from tests.steps.people import written

SRT = b"1\n00:00:02,000 --> 00:00:05,000\nUn soir.\n\n2\n00:00:01,000 --> 00:00:03,000\nBonjour \xe0 tous.\n"


def _kept(small: Small, story_id: StoryId, version: int | None = None) -> Transcript:
    with small.tools.bank.open() as work:
        found = work.transcript(work.story_of_job(story_id).recording_id, version)
    assert found is not None
    return found


def _bring(small: Small, story_id: StoryId, data: bytes, name: str = "", who: str = "Camille", **how: object):
    return ImportTranscript(small.tools).run(small.asker(who), story_id, data, name, **how)


def test_a_text_becomes_the_next_version_and_the_one_before_stays(small: Small) -> None:
    """What was heard keeps its seconds and ids; the story is found by its new words."""
    story_id = small.record()
    before = _kept(small, story_id)
    made = _bring(small, story_id, " ".join(NIGHT).replace("Camille", "Clémence").encode())
    after = _kept(small, story_id)
    assert (after, after.version, after.model, made.told) == (made.transcript, 2, "import", None)
    assert [segment.text for segment in after.segments] == [line.replace("Camille", "Clémence") for line in NIGHT]
    assert [(word.id, word.start) for word in after.words()][:3] == [(word.id, word.start) for word in before.words()
                                                                     ][:3]
    assert _kept(small, story_id, 1) == before
    with small.tools.bank.open() as work:
        assert [job.kind for job in work.open_jobs()] == [JobKind.INDEX]
        assert "Clémence" in work.story_of_job(story_id).text


def test_captions_out_of_order_in_an_old_encoding_are_mended_and_told(small: Small) -> None:
    """One sentence says so."""
    story_id = small.record()
    made = _bring(small, story_id, SRT, "sous-titres.srt")
    assert made.told is not None
    assert made.told.fr.startswith("Des temps se chevauchaient")
    assert [each.text for each in made.transcript.segments] == ["Bonjour à tous.", "Un soir."]


def test_the_language_is_told_apart_or_said(small: Small) -> None:
    """By the file, else by its little words; the person's word comes first."""
    story_id = small.record()
    english = b"We are proud of what the team and I have done for them."
    assert _bring(small, story_id, english).transcript.language == "en"
    assert _bring(small, story_id, english, language="fr").transcript.language == "fr"
    shape = {"language": "en", "segments": [{"start": 0, "end": 1, "text": "Oui"}]}
    assert _bring(small, story_id, json.dumps(shape).encode(), "w.json").transcript.language == "en"


def _unheard(small: Small) -> StoryId:
    return KeepRecording(small.tools).run(small.asker("Camille"), VOICE, VOICE.name).story_id


def test_a_recording_that_nobody_heard_takes_captions_at_once_and_a_text_once_heard(small: Small) -> None:
    """A command may hear it there and then."""
    ears = ScriptedTranscriber()
    made = with_tools(small, transcriber=ears)
    story_id = _unheard(made)
    with pytest.raises(NotAvailable):
        _bring(made, story_id, b"Bonjour.", "a.txt")
    assert _bring(made, story_id, SRT, "a.srt").transcript.version == 1
    with made.tools.bank.open() as work:
        kinds = {job.kind for job in work.open_jobs()}
    assert (kinds, ears.heard) == ({JobKind.INDEX, JobKind.NORMALISE}, [])


def test_a_text_is_laid_on_a_fresh_hearing_where_it_may_be(small: Small) -> None:
    """The command line hears the recording itself."""
    story_id = _unheard(small)
    made = _bring(small, story_id, " ".join(NIGHT).encode(), may_hear=True).transcript
    assert (made.version, [each.text for each in made.segments]) == (1, list(NIGHT))
    assert next(made.words()).start == 0.5


def test_while_the_words_are_being_written_nothing_is_brought(small: Small) -> None:
    """The two would overwrite one another."""
    kept = KeepRecording(small.tools).run(small.asker("Camille"), VOICE, VOICE.name)
    with small.tools.bank.open() as work:
        context = work.recording_of_job(kept.recording_id).context
    DescribeRecording(small.tools).run(small.asker("Camille"), kept.story_id, context, "fr")
    with pytest.raises(Conflict):
        _bring(small, kept.story_id, SRT)


def test_only_ones_own_recording_takes_a_text(small: Small) -> None:
    """Not even an editor brings one to somebody else's; a written story has no recording."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope())
    with pytest.raises(NotFound):
        _bring(small, story_id, SRT, who="Julien")
    with pytest.raises(BadInput):
        _bring(small, written(small), SRT)
    assert _kept(small, story_id).version == 1


@pytest.mark.parametrize("data", [b"", b"\x00" * 90, b"   ", b"{", b"WEBVTT\n\nrien"],
                         ids=["empty", "zeros", "spaces", "brace", "no cue"])
def test_what_is_no_transcript_changes_nothing(small: Small, data: bytes) -> None:
    """One sentence, and the words that were there."""
    story_id = small.record()
    with pytest.raises(BadInput):
        _bring(small, story_id, data, "a.json")
    assert _kept(small, story_id).version == 1


def _take(small: Small, who: str, story_id: StoryId, form: WordsForm = WordsForm.TXT) -> bytes:
    return TakeWords(small.tools).run(small.asker(who), story_id, form).data


def test_ones_own_words_go_out_in_every_form(small: Small) -> None:
    """Without asking anybody, and without a line in the journal."""
    story_id = small.record()
    assert _take(small, "Camille", story_id).decode() == " ".join(NIGHT) + "\n"
    assert json.loads(_take(small, "Camille", story_id, WordsForm.JSON))["segments"][0]["text"] == NIGHT[0]
    assert _take(small, "Camille", story_id, WordsForm.VTT).startswith(b"WEBVTT")
    assert ReadJournal(small.tools).run(small.asker("Camille")) == []


def test_captions_obey_the_norms(small: Small) -> None:
    """Two lines of 42 characters; no faster than one reads, where the speaker leaves room (facts, captions)."""
    made = with_tools(small, transcriber=ScriptedTranscriber([*NIGHT, "Alors " + "nous avons inventé la tournée " * 6]))
    blocks = _take(made, "Camille", made.record(), WordsForm.SRT).decode().strip().split("\n\n")
    for block in blocks:
        _, times, *lines = block.split("\n")
        assert len(lines) <= 2
        assert all(len(line) <= LINE_CHARS for line in lines)
        start, end = (sum(float(part.replace(",", ".")) * 60 ** place for place, part in enumerate(
            reversed(time.split(":")))) for time in times.split(" --> "))
        assert 5 / 6 - 0.01 <= end - start <= 7.01
        assert len(" ".join(lines)) / (end - start) <= CHARS_PER_SECOND + 1


def test_a_document_names_who_may_be_named(small: Small) -> None:
    """Title, author as the consent says, paragraphs with their second; the same words make the same bytes."""
    story_id = small.record()
    own = _take(small, "Camille", story_id, WordsForm.DOCX)
    assert own == _take(small, "Camille", story_id, WordsForm.DOCX)
    small.sign("Camille", story_id, small.scope(name=NameShown.NONE))
    theirs = docx.Document(io.BytesIO(_take(small, "Inès", story_id, WordsForm.DOCX)))
    shown = "\n".join(each.text for each in theirs.paragraphs)
    assert "Camille" in "\n".join(each.text for each in docx.Document(io.BytesIO(own)).paragraphs)
    assert "Camille" not in shown
    assert "Ferrand" not in shown + theirs.core_properties.author
    assert "[0:00]" in shown
    raw = zipfile.ZipFile(io.BytesIO(own)).read("word/styles.xml").decode()
    assert set(re.findall(r'w:lang [^>]*w:val="([^"]+)"', raw)) == {"fr-FR"}


@pytest.mark.parametrize("form", WordsForm)
def test_hidden_names_are_hidden_in_every_form(small: Small, form: WordsForm) -> None:
    """L07: as on the page."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope(name=NameShown.NONE))
    data = _take(small, "Inès", story_id, form)
    if form is WordsForm.DOCX:
        data = b"".join(zipfile.ZipFile(io.BytesIO(data)).read(each) for each in zipfile.ZipFile(
            io.BytesIO(data)).namelist())
    assert b"Camille" not in data
    assert "infirmière".encode() in data


def test_somebody_elses_words_ask_their_consent_and_are_noted(small: Small) -> None:
    """Writing from them must be agreed; who takes them stands in the author's journal; taken back, they are gone."""
    story_id = small.record()
    with pytest.raises(NotFound):
        _take(small, "Julien", story_id)
    small.sign("Camille", story_id, small.scope(Purpose.LIBRARY))
    with pytest.raises((NotFound, NotAllowed)):
        _take(small, "Julien", story_id)
    small.sign("Camille", story_id, small.scope(Purpose.LIBRARY, Purpose.DRAFT))
    assert _take(small, "Julien", story_id)
    with pytest.raises((NotFound, NotAllowed)):
        _take(small, "Moussa", story_id)
    with small.tools.bank.open() as work:
        noted = [(deed.deed, deed.person_id) for deed in work.journal_of(small.people["Camille"].id)]
    assert noted.count((Did.DOWNLOADED, small.people["Julien"].id)) == 1
    Withdraw(small.tools).run(small.asker("Camille"), story_id)
    with pytest.raises(NotFound):
        _take(small, "Julien", story_id)


def test_a_written_story_goes_out_as_text_alone(small: Small) -> None:
    """There is nothing to lay captions on."""
    story_id = written(small)
    assert _take(small, "Camille", story_id).decode() == "La nuit\n\nIl neigeait.\n"
    with pytest.raises(BadInput):
        _take(small, "Camille", story_id, WordsForm.SRT)


def test_hostile_words_stay_words(small: Small, tmp_path: Path) -> None:
    """Markup, templates, other alphabets, emoji and control letters: text in every form, never a broken file."""
    said = "<script>${alert(1)}</script> {{7*7}} مرحبا 🎬 a\x08b"
    made = with_tools(small, transcriber=ScriptedTranscriber([said]))
    story_id = made.record()
    for form in WordsForm:
        taken = TakeWords(made.tools).run(made.asker("Camille"), story_id, form)
        assert re.fullmatch(r"vecu-[a-z0-9-]+\.[a-z]+", named(taken, form, "fr"))
    text = docx.Document(io.BytesIO(_take(made, "Camille", story_id, WordsForm.DOCX))).paragraphs[-1].text
    assert "<script>${alert(1)}</script> {{7*7}} مرحبا 🎬 ab" in text
