"""Papers go out to the person they are about; the register to the steward; to anybody else they do not exist."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest
from pypdf import PdfReader

from story_bank.bank import Forgotten
from story_bank.consent import Appearance, Channel, NameShown, Purpose, Scope
from story_bank.ids import PersonId, new_id
from story_bank.person import Person, Role
from studio.access.signing_links import SigningLinks
from studio.steps.consent import Sign
from studio.steps.export_own import ExportOwn
from studio.steps.keep import WriteStory

pytestmark = pytest.mark.slow


def _somebody(tools, name: str, *roles: Role) -> Person:
    person = Person(PersonId(new_id()), name, name.split()[0], roles=frozenset(roles), demo=True, cast=True)
    with tools.bank.open() as work:
        work.save_person(person)
        work.commit()
    return person


@pytest.fixture(scope="module")
def solene(tools, claire) -> Person:
    return _somebody(tools, "Solène Le Goff", Role.CONTRIBUTOR, Role.STEWARD)


@pytest.fixture(scope="module")
def signed(tools, claire):
    """A story of Claire's with its consent."""
    asker, writing = tools.asker(claire.id), WriteStory(tools)
    story_id = writing.begin(asker, "fr")
    writing.run(asker, story_id, "=La nuit", "Il neigeait.")
    scope = Scope(frozenset(Purpose), frozenset({Channel.INTRANET}), tools.today(), date(tools.today().year + 1, 1, 1),
                  Appearance(True, True, NameShown.FULL))
    return story_id, Sign(tools).run(asker, story_id, scope, ("2026-11", "le texte exact"), "Claire Morel")


def test_ones_data_leaves_once_at_a_time(enter, claire, moussa, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second export meanwhile is answered by one sentence; other people's go on, and the next one comes."""
    told, run = [], ExportOwn.run

    def meanwhile(self, asker, printer, target):
        monkeypatch.setattr(ExportOwn, "run", run)
        told.extend(enter(person).get("/mes-donnees") for person in (claire, moussa))
        return run(self, asker, printer, target)

    monkeypatch.setattr(ExportOwn, "run", meanwhile)
    assert enter(claire).get("/mes-donnees").status_code == 200
    assert [answer.status_code for answer in told] == [409, 200]
    assert "déjà en train de partir" in told[0].text
    assert enter(claire).get("/mes-donnees").status_code == 200


PAPERS = ("/journal", "/mes-donnees", "/registre", "/registre.csv", "/registre.pdf")


@pytest.mark.parametrize("path", [*PAPERS, "/accord/x.pdf", "/oubli/x.pdf"])
def test_a_stranger_signs_in_first(visit, path: str) -> None:
    """No paper answers without a session, and the person lands where they wanted to go."""
    answer = visit().get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/connexion?vers={quote(path, safe='')}")


def test_who_signed_opens_the_receipt(enter, claire, signed) -> None:
    """A PDF that no cache keeps, under a name that says what it is."""
    answer = enter(claire).get(f"/accord/{signed[1].id}.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert "no-store" in answer.headers["cache-control"]
    assert 'filename="vecu-accord-' in answer.headers["content-disposition"]
    assert "Claire Morel" in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


@pytest.mark.parametrize("role", [None, *Role])
def test_anybody_else_finds_no_receipt_but_the_steward(enter, tools, signed, role) -> None:
    """L20: per role; another's consent and one that never was look the same."""
    browser = enter(_somebody(tools, "Quelqu'un d'autre", Role.CONTRIBUTOR, *([role] if role else [])))
    there, nowhere = (browser.get(f"/accord/{which}.pdf").status_code for which in (signed[1].id, new_id()))
    assert (there, nowhere) == (200 if role is Role.STEWARD else 404, 404)


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("path", ["/registre", "/registre.csv", "/registre.pdf"])
def test_the_register_opens_to_the_steward_alone(enter, tools, signed, role, path: str) -> None:
    """An administrator who is not steward is anybody."""
    browser = enter(_somebody(tools, "Quelqu'un d'autre", Role.CONTRIBUTOR, *([role] if role else [])))
    answer = browser.get(path)
    assert answer.status_code == (200 if role is Role.STEWARD else 404)
    if role is not Role.STEWARD:
        assert "Claire" not in answer.text


def test_the_register_is_filtered_on_its_page_and_in_its_files(enter, solene, signed) -> None:
    """The downloads hold what the page shows; a formula in a title is only text."""
    browser = enter(solene)
    assert "Claire Morel" in browser.get("/registre?personne=claire&etat=open").text
    assert "Claire Morel" not in browser.get("/registre?personne=claire&etat=ended").text
    rows = list(csv.reader(browser.get("/registre.csv?personne=claire").content.decode("utf-8-sig").splitlines(),
                           delimiter=";"))
    assert {row[0] for row in rows[1:]} == {"Claire Morel"}
    assert {row[1] for row in rows[1:]} <= {"'=La nuit", "récit effacé"}
    assert len(list(csv.reader(browser.get("/registre.csv?personne=nobody").text.splitlines()))) == 1


def test_what_is_typed_into_the_filter_is_only_text(enter, solene) -> None:
    """No markup of a visitor gets into the page."""
    page = enter(solene).get("/registre", params={"personne": '"><script>alert(1)</script>', "etat": "nonsense"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_the_journal_is_ones_own(enter, claire, moussa, solene, signed) -> None:
    """The author reads their deed; an editor and the steward find nothing of it."""
    assert "avez signé un accord" in enter(claire).get("/journal").text
    for other in (moussa, solene):
        assert "La nuit" not in enter(other).get("/journal").text


def test_ones_data_comes_as_a_zip_and_leaves_nothing_behind(enter, claire, tools, signed) -> None:
    """The file made for the sending is gone once it is sent."""
    answer = enter(claire).get("/mes-donnees")
    assert answer.headers["content-type"] == "application/zip"
    assert "vecu-mes-donnees-" in answer.headers["content-disposition"]
    assert "index.html" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert list(tools.scratch.glob("*.zip")) == []


def test_an_erasure_has_its_receipt_for_who_asked_alone(enter, claire, moussa, solene, tools, signed) -> None:
    """The steward is not told either."""
    done = Forgotten(new_id(), tools.clock(), claire.id, (signed[0],), (), {"stories": 1})
    with tools.bank.open() as work:
        work.note_forgotten(done)
        work.commit()
    codes = [enter(who).get(f"/oubli/{done.id}.pdf").status_code for who in (claire, moussa, solene)]
    assert codes == [200, 404, 404]


def test_the_account_leads_to_ones_papers_and_only_the_steward_to_the_register(enter, claire, solene) -> None:
    """No link that does not open."""
    pages = [enter(who).get("/compte").text for who in (claire, solene)]
    assert all('href="/journal"' in page and 'href="/mes-donnees"' in page for page in pages)
    assert ['href="/registre"' in page for page in pages] == [False, True]


@pytest.mark.parametrize("path", ["/accord/../../etc/passwd.pdf", "/accord/%2e%2e%2fx.pdf", "/oubli/%00.pdf"])
def test_no_path_leads_anywhere_else(enter, claire, path: str) -> None:
    """Ids are looked up, never opened."""
    assert enter(claire).get(path).status_code == 404


def test_a_guest_has_their_papers_and_no_register(visit, tools, claire, signed) -> None:
    """Who came by a link, without an account, reads their journal and takes their data along."""
    guest = _somebody(tools, "Rosa Diaz")
    with tools.bank.open() as work:
        story = replace(work.story_of_job(signed[0]), appearing=(guest.id,))
        work.save_story(story)
        work.commit()
    secret = SigningLinks(tools.bank, tools.clock).make(guest.id, story.subject_id)
    browser = visit()
    assert browser.post("/accord", data={"jeton": secret}).status_code == 303
    codes = {path: browser.get(path).status_code for path in (*PAPERS, f"/accord/{signed[1].id}.pdf")}
    assert codes == {"/journal": 200, "/mes-donnees": 200, "/registre": 404, "/registre.csv": 404,
                     "/registre.pdf": 404, f"/accord/{signed[1].id}.pdf": 404}
    assert browser.get("/compte").headers["location"] == "/journal"
    assert 'href="/compte"' not in browser.get("/journal").text
