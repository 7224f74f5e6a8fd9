"""Taking one's data along: all that is one's own, nothing of anybody else's, in files that a person can read."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from story_bank.bank import Did
from story_bank.consent import Channel
from story_bank.errors import NotAvailable
from studio.documents.archive import plain
from studio.documents.fpdf_document import FpdfPrinter
from studio.leftovers import export_file
from studio.steps.export_own import ExportOwn
from studio.steps.forget import Forget
from studio.steps.withdraw import Withdraw
from tests.contracts.bank_samples import clip, draft, keep, post
from tests.steps.conftest import VOICE
from tests.steps.people import with_person, written


class Links(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in {"href", "src"}]


def _export(small, first_name: str, folder: Path) -> zipfile.ZipFile:
    target = folder / f"{first_name}.zip"
    ExportOwn(small.tools).run(small.asker(first_name), FpdfPrinter(), target)
    return zipfile.ZipFile(target)


def _all(taken: zipfile.ZipFile) -> str:
    """Everything that can be read in it, PDF included."""
    told = []
    for name in taken.namelist():
        data = taken.read(name)
        if name.endswith(".pdf"):
            told += [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
        else:
            told.append(data.decode("utf-8", "replace"))
    return "\n".join([*taken.namelist(), *told])


def _one(taken: zipfile.ZipFile, ending: str) -> bytes:
    [name] = [name for name in taken.namelist() if name.endswith(ending)]
    return taken.read(name)


@pytest.fixture
def told(small):
    """Camille's recording, signed for all, with a suggestion, a page of hers and a finished extract."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope())
    with small.tools.bank.open() as work:
        story = work.story_of_job(story_id)
    camille = small.people["Camille"]
    film = small.tools.scratch / "film.mp4"
    film.write_bytes(b"film of Camille")
    keep(small.tools.bank, draft(story, camille), replace(post(story, camille), text="Ma page à moi"),
         clip(story, camille, title="Le quart d'heure", media_key=small.tools.vault.put(film, ".mp4"), duration_s=3.0))
    return story


def test_everything_of_ones_own_is_in_it(small, told, tmp_path: Path) -> None:
    """GDPR art. 15 and 20: the bytes one gave, words, captions, suggestions, pages, extracts, consents, journal."""
    taken = _export(small, "Camille", tmp_path)
    assert _one(taken, "enregistrement.m4a") == VOICE.read_bytes()
    assert taken.read(next(name for name in taken.namelist() if "/extraits/le-quart-d-heure-" in name)) == (
        b"film of Camille")
    assert told.text.split("\n")[0] in _one(taken, "transcription.txt").decode()
    assert " --> " in _one(taken, "transcription.srt").decode()
    assert json.loads(_one(taken, "transcription.json"))["segments"]
    assert json.loads(_one(taken, "recit.json"))["recording"]["sha256"]
    assert "La neige" in _one(taken, "propositions.txt").decode()
    assert "Ma page à moi" in _all(taken)
    assert json.loads(_one(taken, "historique.json"))[0]["text"] == "le texte"
    assert "avez signé un accord" in _one(taken, "journal.csv").decode("utf-8-sig")
    assert json.loads(_one(taken, "profil.json"))["name"] == "Camille Ferrand"
    assert "Attestation d'accord" in _all(taken)


def test_its_page_leads_to_every_file_without_a_network(small, told, tmp_path: Path) -> None:
    """`index.html` opens by itself, in the person's language; each link is a file of the zip."""
    taken = _export(small, "Camille", tmp_path)
    page = taken.read("index.html").decode()
    links = Links()
    links.feed(page)
    assert '<html lang="fr">' in page
    assert "Camille Ferrand" in page
    assert links.found
    assert {unquote(link) for link in links.found} <= set(taken.namelist())
    assert not re.search(r"https?://|<script|url\(", page)
    listed = {unquote(link) for link in links.found} | {"index.html"}
    assert {name for name in taken.namelist() if name not in listed} <= {
        name for name in taken.namelist() if name.endswith("propositions.json")}


def test_nothing_of_anybody_elses_story_is_in_it(small, told, tmp_path: Path) -> None:
    """An ambassador's page about a colleague's story is theirs; the colleague's words, title and sound are not."""
    with small.tools.bank.open() as work:
        work.save_story(replace(told, title="Le titre de Camille"))
        work.commit()
    ines = small.people["Inès"]
    suggested = draft(told, ines)
    keep(small.tools.bank, suggested, replace(post(told, ines), text="Ce que j'en dis, moi"))
    for withdrawn in (False, True):
        if withdrawn:
            Withdraw(small.tools).run(small.asker("Camille"), told.id)
        everything = _all(_export(small, "Inès", tmp_path))
        assert ("Ce que j'en dis, moi" in everything) is not withdrawn
        assert told.id in everything
        for of_camille in ("Le titre de Camille", told.text.split("\n")[0], "Camille", "La neige"):
            assert of_camille not in everything


def test_withdrawn_words_do_not_leave_in_an_ambassadors_page(small, told, tmp_path: Path) -> None:
    """A page may quote the colleague: once it is not covered, id and dates go along, and one line says why (L21)."""
    page = replace(post(told, small.people["Inès"]), text="Phrase de Camille, mot pour mot.")
    keep(small.tools.bank, page)
    Withdraw(small.tools).run(small.asker("Camille"), told.id)
    taken = _export(small, "Inès", tmp_path)
    assert "mot pour mot" not in _all(taken)
    assert "ne couvre plus ce récit" in taken.read("index.html").decode()
    [fact] = json.loads(_one(taken, "publications.json"))
    assert (fact["id"], fact["text"], fact["updated_at"]) == (page.id, None, page.updated_at.isoformat())
    with small.tools.bank.open() as work:
        assert work.posts_of(small.people["Inès"].id)[0].text == page.text


def test_what_one_has_published_oneself_goes_along(small, told, tmp_path: Path) -> None:
    """The world has it already, and it is the author's own writing."""
    page = post(told, small.people["Inès"])
    keep(small.tools.bank, page)
    published = replace(page, version=page.version + 1, text="Ma page parue", published_at=small.clock())
    keep(small.tools.bank, published)
    Withdraw(small.tools).run(small.asker("Camille"), told.id)
    assert "Ma page parue" in _all(_export(small, "Inès", tmp_path))


def test_the_exported_consents_of_others_are_ones_own_alone(small, told, tmp_path: Path) -> None:
    """Somebody who appears in a story finds the consent they signed, not the author's, nor the story."""
    with small.tools.bank.open() as work:
        work.save_story(replace(told, appearing=(small.people["Moussa"].id,)))
        work.commit()
    small.sign("Moussa", told.id, small.scope(channels=frozenset({Channel.INTRANET})))
    history = json.loads(_one(_export(small, "Moussa", tmp_path), "historique.json"))
    assert [each["signature"] for each in history] == ["Moussa"]


def test_a_guest_takes_theirs_along_too(small, told, tmp_path: Path) -> None:
    """Who has left, or never had an account, has the same right."""
    guest = with_person(small, "Léa", guest=True)
    with small.tools.bank.open() as work:
        work.save_story(replace(told, appearing=(guest.id,)))
        work.commit()
    small.sign("Léa", told.id, small.scope())
    taken = _export(small, "Léa", tmp_path)
    assert json.loads(_one(taken, "profil.json"))["roles"] == []
    assert len(json.loads(_one(taken, "historique.json"))) == 1


def test_an_erasure_is_told_and_what_was_erased_is_not(small, told, tmp_path: Path) -> None:
    """Its receipt is in the zip; of the story there is no word."""
    Forget(small.tools).run(small.asker("Camille"), told.id)
    everything = _all(_export(small, "Camille", tmp_path))
    assert "Attestation d'effacement" in everything
    assert told.text.split("\n")[0] not in everything


def test_a_file_that_is_gone_is_told_as_gone(small, told, tmp_path: Path) -> None:
    """A story erased, or a vault cleaned, while the zip is written spoils nothing else."""
    with small.tools.bank.open() as work:
        small.tools.vault.delete(work.recording_of_job(told.recording_id).original_key)
    taken = _export(small, "Camille", tmp_path)
    assert "n'était plus dans le coffre" in taken.read("index.html").decode()
    assert "transcription.txt" in str(taken.namelist())


def test_the_export_is_in_ones_journal(small, tmp_path: Path) -> None:
    """Oneself alone sees that one took one's data along."""
    _export(small, "Moussa", tmp_path)
    with small.tools.bank.open() as work:
        assert [deed.deed for deed in work.journal_of(small.people["Moussa"].id)] == [Did.EXPORTED]
        assert work.journal_of(small.people["Marc"].id) == []


def test_the_same_data_is_the_same_zip(small, told, tmp_path: Path) -> None:
    """But for the journal, which the first export adds to, two exports of a day have the same files, byte for byte."""
    first = _export(small, "Camille", tmp_path)
    before = {name: first.read(name) for name in first.namelist() if name != "journal.csv"}
    second = _export(small, "Camille", tmp_path)
    assert {name: second.read(name) for name in second.namelist() if name != "journal.csv"} == before


@pytest.mark.parametrize("title", ["../../etc/passwd", "C:\\Windows\\x", "a/b\0c", "....", "", "CON", "é" * 300, "👻"])
def test_a_title_never_leads_out_of_the_folder(small, tmp_path: Path, title: str) -> None:
    """Names in the zip are ours: plain letters, relative, no climbing."""
    written(small, "Camille", title)
    for name in _export(small, "Camille", tmp_path).namelist():
        path = PurePosixPath(name)
        assert not path.is_absolute()
        assert re.fullmatch(r"[a-zA-Z0-9./-]+", name)
        assert all(part.strip(".") for part in path.parts)
        assert max(map(len, path.parts)) < 100


@given(st.text(max_size=200))
def test_a_name_is_plain_whatever_was_typed(text: str) -> None:
    """Small letters, figures and hyphens, one at least and sixty at most."""
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?", plain(text))


def test_a_full_disk_is_told(small, told) -> None:
    """Nothing is lost, one sentence says what to do, and no export is noted."""
    with pytest.raises(NotAvailable):
        ExportOwn(small.tools).run(small.asker("Camille"), FpdfPrinter(), Path("/dev/full"))
    with small.tools.bank.open() as work:
        assert Did.EXPORTED not in {deed.deed for deed in work.journal_of(small.people["Camille"].id)}


def test_forgetting_reaches_what_is_being_taken_along(small, told) -> None:
    """A zip that is on its way out, or was when the server was killed, goes with the story."""
    with export_file(small.tools.scratch, small.people["Camille"].id) as target:
        ExportOwn(small.tools).run(small.asker("Camille"), FpdfPrinter(), target)
        assert target.stat().st_size > VOICE.stat().st_size
        Forget(small.tools).run(small.asker("Camille"), told.id)
        assert not target.exists()
