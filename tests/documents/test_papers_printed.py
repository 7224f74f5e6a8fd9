"""Receipts and tables as PDF: understood by a person, read by a machine, the same bytes for the same act."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from prompts.consent_text import Terms, render
from story_bank.bank import Forgotten
from story_bank.company import Company
from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope, Withdrawal
from story_bank.ids import ConsentId, PersonId, StoryId, SubjectId
from story_bank.person import Person
from studio.documents.document import Column, Table
from studio.documents.fpdf_document import BODY, FpdfPrinter, Sheet
from studio.documents.receipts import About, forgetting_receipt, receipt_of

COMPANY = Company("Hôpital Lanterval")
NOON = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
SCOPE = Scope(frozenset(Purpose), frozenset({Channel.LINKEDIN, Channel.PRINT}), date(2027, 1, 1), date(2027, 6, 30),
              Appearance(True, False, NameShown.FIRST))
PRINTER = FpdfPrinter()
SHEET = Sheet("portrait", "fr")
SHEET.add_page()


def _signed(name: str = "Camille Ferrand", lang: Any = "fr", title: str = "La nuit") -> tuple[Consent, About]:
    person = Person(PersonId("p"), name, name.split()[0] if name.split() else name, lang)
    text = render(Terms(name, COMPANY.name, SCOPE, title), lang)
    consent = Consent(ConsentId("0193-accord"), SubjectId("s"), person.id, SCOPE, text.text, text.version, name, NOON)
    return consent, About(person, COMPANY, (title,), [consent])


def _read(data: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(data))
    return reader, " ".join(" ".join(page.extract_text().split()) for page in reader.pages).replace("\xa0", " ")


def test_a_receipt_says_everything_in_plain_words() -> None:
    """L07 to L10: purposes, channels, days, how one appears, who signed when, version, fingerprint and number."""
    consent, about = _signed()
    _, said = _read(PRINTER.receipt(receipt_of(consent, about)))
    for part in ("Hôpital Lanterval", "Camille Ferrand", "La nuit", "Bibliothèque, Propositions de texte, Extraits",
                 "LinkedIn", "Du 1er janvier 2027 au 30 juin 2027", "Voix : ne s'entend pas", "prénom seul",
                 "Tout retirer", consent.text_version, consent.text_hash, consent.id):
        assert part in said
    assert "31 décembre" not in said, "days and moments are the company's, where it is 1 January already"
    assert "1er janvier 2027 à 00:30 (Europe/Paris)" in said


def test_the_exact_text_travels_inside_the_receipt() -> None:
    """L11: whoever doubts can hash the attached file and find the fingerprint that is printed."""
    consent, about = _signed("Łukasz Żółć 🎤")
    reader, _ = _read(PRINTER.receipt(receipt_of(consent, about)))
    [attached] = [data for each in reader.attachments.values() for data in each]
    assert hashlib.sha256(attached).hexdigest() == consent.text_hash


@pytest.mark.parametrize(("lang", "title"), [("fr", "Attestation d'accord"), ("en", "Receipt of a consent")])
def test_a_receipt_is_for_every_reader(lang: str, title: str) -> None:
    """Language, title and tags are there for software that speaks; no name of a machine or tool's clock is."""
    consent, about = _signed(lang=lang)
    reader, _ = _read(PRINTER.receipt(receipt_of(consent, about)))
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        lang, True, True)
    kinds = [each.get_object()["/S"] for each in root["/StructTreeRoot"]["/K"][0].get_object()["/K"]]
    assert kinds.count("/H1") == 1
    assert reader.metadata is not None
    assert reader.metadata.title == f"{title} · {COMPANY.name}"
    assert reader.metadata.creation_date == NOON.replace(microsecond=0)
    assert set(reader.metadata) == {"/Title", "/Creator", "/Producer", "/CreationDate"}


def test_an_ordinary_receipt_is_one_page() -> None:
    """A person can keep it, print it and see it at a glance, in both languages and with every channel."""
    for lang in ("fr", "en"):
        consent, about = _signed(lang=lang, title="La nuit où l'ascenseur s'est arrêté")
        assert len(_read(PRINTER.receipt(receipt_of(consent, about)))[0].pages) == 1


def test_the_same_act_is_the_same_file() -> None:
    """Printed today or in a year, the bytes are equal."""
    consent, about = _signed()
    assert PRINTER.receipt(receipt_of(consent, about)) == PRINTER.receipt(receipt_of(consent, about))


def test_printing_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """What is on the paper is in no log: no word, no name, not even their letters."""
    consent, about = _signed("Ελένη 🎤")
    with caplog.at_level("INFO"):
        PRINTER.receipt(receipt_of(consent, about))
    assert caplog.records == []


def test_names_in_other_alphabets_are_written() -> None:
    """A person's name is theirs; a character that no font has is shown as a box, and the paper says so."""
    consent, about = _signed("Ελένη Дмитрий Nguyễn Żółć")
    _, said = _read(PRINTER.receipt(receipt_of(consent, about)))
    assert "Ελένη Дмитрий Nguyễn Żółć" in said
    assert "□" not in said
    consent, about = _signed("Nuit 🎤")
    assert "□ : un caractère que ces polices n'ont pas" in _read(PRINTER.receipt(receipt_of(consent, about)))[1]


def test_a_changed_text_is_told() -> None:
    """A text that is no longer the signed one carries a warning; one erased with its story carries none."""
    consent, about = _signed()
    altered = Consent(consent.id, consent.subject_id, consent.person_id, SCOPE, "autre", "1", "Camille", NOON,
                      consent.text_hash)
    assert "n'est plus celui qui a été signé" in _read(PRINTER.receipt(receipt_of(altered, about)))[1]
    erased = Consent(consent.id, consent.subject_id, consent.person_id, SCOPE, "", "1", "Camille", NOON,
                     consent.text_hash)
    gone = About(about.person, COMPANY, (), [erased])
    reader, said = _read(PRINTER.receipt(receipt_of(erased, gone)))
    assert "Récit effacé depuis" in said
    assert consent.text_hash in said
    assert not reader.attachments
    assert "n'est plus celui" not in said


def test_a_withdrawal_says_what_is_left() -> None:
    """L21, X8: what was taken back, what still stands at that moment, and of which consent."""
    consent, about = _signed()
    channel = Withdrawal(ConsentId("w1"), consent.subject_id, consent.person_id, frozenset({Channel.LINKEDIN}), NOON)
    whole = Withdrawal(ConsentId("w2"), consent.subject_id, consent.person_id, None, NOON)
    told = About(about.person, COMPANY, about.titles, [consent, channel, whole])
    _, first = _read(PRINTER.receipt(receipt_of(channel, told)))
    assert "Ce qui est retiré LinkedIn" in first
    assert "Imprimé" in first
    _, second = _read(PRINTER.receipt(receipt_of(whole, told)))
    assert "Tout l'accord" in second
    assert "Rien : le récit est fermé" in second
    assert consent.id in second


def test_an_erasure_counts_in_plain_words() -> None:
    """What was erased, how many of each, when, its number; nothing of what the story said."""
    person = Person(PersonId("p"), "Camille Ferrand", "Camille")
    counts = {"stories": 1, "clips": 2, "files": 5, "posts": 0}
    done = Forgotten("oubli-1", NOON, person.id, (StoryId("s1"),), (), counts)
    _, said = _read(PRINTER.receipt(forgetting_receipt(done, person, COMPANY)))
    for part in ("1 récit", "2 extraits", "5 fichiers", "oubli-1", "s1", "aucun mot, aucun son, aucune image"):
        assert part in said
    assert "en cours d'écriture" not in said, "of what there was none, nothing is said"


def _table(rows: int, cell: str = "Bibliothèque, Extraits") -> Table:
    columns = tuple(Column(f"Colonne {n}", 1) for n in range(8))
    return Table("fr", COMPANY.name, "Registre", "Tout.", columns, (((cell,),) * 8,) * rows, NOON, "registre")


def test_a_long_table_keeps_its_headings_and_counts_its_pages() -> None:
    """Every page of the register can be read by itself."""
    reader, said = _read(PRINTER.table(_table(90)))
    assert len(reader.pages) > 1
    assert said.count("Colonne 7") == len(reader.pages)
    assert f"Page {len(reader.pages)} sur {len(reader.pages)}" in said
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height


@pytest.mark.slow
@settings(max_examples=25)
@given(st.text(min_size=1, max_size=400).filter(str.strip), st.text(max_size=200))
def test_any_words_can_be_printed(name: str, title: str) -> None:
    """Whatever was typed as a name or a title, there is a receipt, a table, and nothing runs off the page."""
    consent, about = _signed(name, title=title)
    for data in (PRINTER.receipt(receipt_of(consent, about)), PRINTER.table(_table(2, name))):
        assert len(PdfReader(io.BytesIO(data)).pages) >= 1


@settings(max_examples=60)
@given(st.text(alphabet=st.sampled_from("aMÉ -Łш\u00a0\n🎤"), max_size=120), st.floats(15, 170))
def test_no_line_is_wider_than_its_column(text: str, width: float) -> None:
    """A word longer than its column is cut; no letter is lost or added by the cutting."""
    lines = SHEET.lines(text, BODY, width)
    assert all(SHEET.get_string_width(line) <= width + 0.01 for line in lines)
    assert "".join("".join(lines).split()) == "".join(SHEET.drawable(text).split())
