"""The glossary's page and the page of a text: for who may, as text, and nothing typed is lost (A40, S25)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from media.imported_text import MOST_BYTES
from story_bank.glossary import TermState
from story_bank.ids import StoryId
from story_bank.person import Person
from studio.steps.keep import KeepRecording
from studio.toolbox import Toolbox
from tests.web.conftest import VOICE

pytestmark = pytest.mark.slow

Enter = Callable[[Person], TestClient]
SRT = b"1\n00:00:02,000 --> 00:00:05,000\nUn soir.\n\n2\n00:00:01,000 --> 00:00:03,000\nBonjour.\n"


@pytest.fixture(scope="module")
def told(tools: Toolbox, moussa: Person) -> StoryId:
    return KeepRecording(tools).run(tools.asker(moussa.id), VOICE, VOICE.name).story_id


def test_an_editor_adds_keeps_puts_aside_and_carries_lists(tools: Toolbox, enter: Enter, moussa: Person) -> None:
    """And what looks like code is text."""
    browser = enter(moussa)
    added = browser.post("/glossaire", data={"ecrit": "<b>Trelleborg</b> {{7*7}}", "entendu": "Trélébor\ntrès le bord",
                                             "nature": "place", "langue": "fr"})
    assert added.status_code == 303
    shown = browser.get("/glossaire?cherche=bord").text
    assert "&lt;b&gt;Trelleborg&lt;/b&gt; {{7*7}}" in shown
    assert "<b>Trelleborg</b>" not in shown
    with tools.bank.open() as work:
        [term] = work.terms()
    assert (term.heard_as, term.language, term.state) == (("Trélébor", "très le bord"), "fr", TermState.KEPT)
    browser.post("/glossaire", data={"terme": term.id, "ecrit": "Trelleborg", "faire": "retired"})
    with tools.bank.open() as work:
        assert [(each.written, each.state) for each in work.terms()] == [("Trelleborg", TermState.RETIRED)]
    taken = browser.post("/glossaire/liste", data={"liste": "Norlog;Nord Log;produit\n123"})
    assert "1 termes pris, 0 déjà là." in taken.text
    assert "Ligne 2" in taken.text
    assert '"Norlog";"Nord Log";"produit";""' in browser.get("/glossaire/liste.csv").text
    wrong = browser.post("/glossaire", data={"ecrit": "Norlog", "entendu": "Norloque"})
    assert (wrong.status_code, "Norloque" in wrong.text) == (400, True)


def test_a_text_is_brought_by_its_page_and_the_words_go_out(tools: Toolbox, enter: Enter, moussa: Person,
                                                            told: StoryId) -> None:
    """Out of order, it says so; what was typed stays where it cannot be used; a file too large is refused."""
    browser = enter(moussa)
    made = browser.post(f"/mots/{told}", files={"fichier": ("a.srt", SRT)})
    assert made.headers["location"] == f"/mots/{told}?fait=range"
    assert "remis en ordre" in browser.get(made.headers["location"]).text
    wrong = browser.post(f"/mots/{told}", data={"texte": "   "})
    assert wrong.status_code == 400
    assert browser.post(f"/mots/{told}", files={"fichier": ("a.srt", b"a" * (MOST_BYTES + 200_000))}
                        ).status_code == 404
    taken = browser.get(f"/mots/{told}/txt")
    assert (taken.text, taken.headers["cache-control"]) == ("Bonjour. Un soir.\n", "private, no-store")
    assert browser.get(f"/mots/{told}/docx").content[:2] == b"PK"
    assert browser.get(f"/mots/{told}/exe").status_code == 422


def test_nobody_elses_words(enter: Enter, claire: Person, told: StoryId) -> None:
    """Nothing signed: not even for an administrator."""
    browser = enter(claire)
    assert {browser.get(f"/mots/{told}").status_code, browser.get(f"/mots/{told}/txt").status_code,
            browser.post(f"/mots/{told}", data={"texte": "Bonjour."}).status_code} == {404}
