"""A corner at an event: no account, one story after another, nothing of the person before, claimed later (A40, S25)."""

from __future__ import annotations

import errno
import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from story_bank.access import Act, Use
from story_bank.bank import Deed, Did
from story_bank.errors import NotFound
from story_bank.person import Person, Role
from studio.access.claim_codes import hash_of
from studio.access.corners import MOST_VISITS, Opened, Visits
from studio.steps.corner import visit_lasts
from studio.web.app import create_app
from tests.web.conftest import _person
from tests.web.sending import add, begin, begun, finish, reached, send

pytestmark = pytest.mark.slow

CODE = re.compile(r'id="code">([0-9A-Z-]{14})<')


@pytest.fixture(scope="module")
def ines(tools) -> Person:
    return _person(tools, "Inès Roy", True, Role.EDITOR)


@pytest.fixture(scope="module")
def stranger(tools) -> Person:
    """Somebody with an account who tells and nothing else."""
    return _person(tools, "Julien Petit", True)


def _corner(app, ines, **known):
    front = app.state.front
    opened = {"name": "Journée des équipes", "until_day": front.tools.today() + timedelta(days=1)} | known
    return front.corners.open(ines, Opened(**opened))


def _told(app, visit, corner, content: bytes):
    """Tell at a corner; return the browser, the ids of what was kept, and the code on the receipt."""
    browser = visit()
    assert browser.get(f"/coin/{corner.secret}").status_code == 200
    assert browser.post(f"/coin/{corner.secret}/commencer").status_code == 200
    kept = send(browser, content).json()
    receipt = browser.get(f"/coin/{corner.secret}/recu?recit={kept['story']}")
    assert receipt.headers["cache-control"] == "no-store"
    return browser, kept, CODE.search(receipt.text)[1]


@pytest.fixture
def sound(voice: Path) -> bytes:
    """A recording that nobody else gave: the same voice, with other bytes behind it."""
    import os
    return voice.read_bytes() + os.urandom(8)


def test_an_editor_opens_prints_and_closes_a_corner(app, enter, visit, ines, tools) -> None:
    """A40: one address and its square; closed at once, it says one kind sentence; the journal knows both, by id."""
    browser = enter(ines)
    until = (tools.today() + timedelta(days=2)).isoformat()
    assert browser.post("/coins", data={"name": "Salon <b>", "until": until, "languages": ["fr", "en"]}
                        ).status_code == 303
    [corner] = [each for each in app.state.front.corners.all(ines) if each.name == "Salon <b>"]
    page = browser.get("/coins").text
    assert f"/coin/{corner.secret}" in page
    assert "Salon &lt;b&gt;" in page
    sheet = browser.get(f"/coins/{corner.id}/affiche").text
    assert all(part in sheet for part in ("<svg class=\"v-qr\"", f"/coin/{corner.secret}", 'lang="en"', 'lang="fr"'))
    assert visit().get(f"/coin/{corner.secret}").status_code == 200
    browser.post(f"/coins/{corner.id}/fermer")
    closed = visit().get(f"/coin/{corner.secret}")
    assert (closed.status_code, "est fermé" in closed.text) == (404, True)
    assert visit().post(f"/coin/{corner.secret}/commencer").status_code == 404
    with tools.bank.open() as work:
        deeds = [(each.deed, each.subject_id) for each in work.journal_of(ines.id)][:2]
    assert deeds == [(Did.CLOSED_CORNER, corner.id), (Did.OPENED_CORNER, corner.id)]
    assert "avez fermé un coin" in browser.get("/journal").text


@pytest.mark.parametrize("role", ["nobody", "contributor"])
def test_nobody_else_opens_a_corner(enter, visit, stranger, app, ines, role: str) -> None:
    """V30: neither the page, nor the sheet, nor closing."""
    corner = _corner(app, ines)
    browser = enter(stranger) if role == "contributor" else visit()
    for answer in (browser.get("/coins"), browser.post("/coins", data={"name": "x", "until": "2027-01-01"}),
                   browser.get(f"/coins/{corner.id}/affiche"), browser.post(f"/coins/{corner.id}/fermer")):
        assert answer.status_code in {303, 404}
        assert corner.secret not in answer.text
    assert app.state.front.corners.one(ines, corner.id).closed_at is None


@pytest.mark.parametrize("until", ["hier", "2020-01-01", "2999-01-01", ""])
def test_a_corner_without_a_day_that_makes_sense_is_refused(enter, ines, until: str) -> None:
    """One sentence, and what was typed stays."""
    answer = enter(ines).post("/coins", data={"name": "Salon", "until": until, "languages": ["fr"]})
    assert answer.status_code in {400, 422}
    assert "Traceback" not in answer.text


def test_the_day_after_its_last_a_corner_is_closed(app, visit, ines, tools) -> None:
    """A40: nobody has to remember."""
    corner = _corner(app, ines, until_day=tools.today())
    later = replace(tools, clock=lambda: tools.clock() + timedelta(days=1))
    assert visit(create_app(later)).get(f"/coin/{corner.secret}").status_code == 404


def test_somebody_without_an_account_tells_and_gets_a_code(app, visit, ines, sound: bytes, tools) -> None:
    """A40: kept, under a code of which the bank knows the hash alone."""
    corner = _corner(app, ines)
    browser, kept, code = _told(app, visit, corner, sound)
    with tools.bank.open() as work:
        story = work.story_of_job(kept["story"])
        guest = work.person(story.author_id)
        found = work.visit_of_code(hash_of(code))
        assert (guest.guest, guest.first_name, found.person_id) == (True, "", guest.id)
        assert code.replace("-", "") not in repr(work.visits())
    again = browser.get(f"/coin/{corner.secret}/recu")
    assert CODE.search(again.text)[1] == code
    assert app.state.front.corners.one(ines, corner.id).told == 1


def test_a_code_is_read_without_mistakes(app, visit, ines, sound: bytes) -> None:
    """A40: 3 × 4 of letters and digits that look like no other, at least 40 bits; small letters and spaces do."""
    _, _, code = _told(app, visit, _corner(app, ines), sound)
    assert re.fullmatch(r"([34679ACDEFGHJKMNPQRTVWXY]{4}-){2}[34679ACDEFGHJKMNPQRTVWXY]{4}", code)
    assert 24 ** 12 > 2 ** 40
    assert hash_of(f" {code.lower().replace('-', ' ')} ") == hash_of(code)


def test_the_receipt_says_what_is_kept_until_when_and_the_code(app, visit, ines, sound: bytes, tools) -> None:
    """A40: what, that nobody hears it, the code, the day it is erased; a paper, and no name on it."""
    corner = _corner(app, ines)
    browser, _, code = _told(app, visit, corner, sound)
    paper = browser.get(f"/coin/{corner.secret}/recu.pdf")
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages).split())
    gone = tools.today() + tools.consent.unclaimed
    assert all(part in said.replace("\xa0", " ") for part in (
        code, "Journée des équipes", "Personne ne l'entend", f"{gone.day} ", "s'efface pour de bon", "Récupérer"))
    assert "no-store" in paper.headers["cache-control"]


def test_nothing_of_the_person_before_is_reachable(app, visit, ines, sound: bytes) -> None:
    """A40: not from their own session beyond the receipt, nor from the next one on the same device."""
    corner = _corner(app, ines)
    browser, kept, code = _told(app, visit, corner, sound)
    places = [f"/media/recording/{kept['recording']}", f"/media/poster/{kept['recording']}", "/mes-donnees", "/journal",
              "/compte", "/moi", f"/fr/relire?story={kept['story']}", "/fr/mes-recits", "/fr/", "/fr/bibliotheque",
              f"/fr/gradio_api/file={kept['recording']}", "/registre", "/coins", "/entreprise"]

    def closed(place: str) -> bool:
        answer = browser.get(place, headers={"accept": "text/html"})
        return answer.status_code in {401, 403, 404} or "/connexion" in answer.headers.get("location", "")

    assert [place for place in places if not closed(place)] == []
    assert browser.post(f"/coin/{corner.secret}/fin").status_code == 303
    assert [place for place in places if not closed(place)] == []
    start = browser.get(f"/coin/{corner.secret}")
    assert (code in start.text, kept["story"] in start.text) == (False, False)
    assert start.headers["cache-control"] == "no-store"
    assert browser.get(f"/coin/{corner.secret}/recu").status_code == 303, "the receipt went with its person"
    browser.post(f"/coin/{corner.secret}/commencer")
    assert browser.get("/upload").json() in ([], {}) or not browser.get("/upload").json().get("waiting")
    assert browser.get(f"/coin/{corner.secret}/recu").status_code == 303
    assert [place for place in places if not closed(place)] == []


def test_going_back_to_the_beginning_ends_the_session(app, visit, ines, sound: bytes) -> None:
    """A40: whoever opens the address next is somebody else, also where nobody pressed « J'ai fini »."""
    corner = _corner(app, ines)
    browser, _, _ = _told(app, visit, corner, sound)
    browser.get(f"/coin/{corner.secret}")
    assert browser.get(f"/coin/{corner.secret}/recu").status_code == 303
    assert begin(browser).status_code == 401


def test_going_back_to_the_beginning_leaves_nothing_of_what_was_begun(app, visit, ines, sound: bytes, tools) -> None:
    """A40: « Tout effacer et recommencer » in mid-recording: no byte of the voice stays on the server's disk."""
    corner = _corner(app, ines)
    browser = visit()
    browser.post(f"/coin/{corner.secret}/commencer")
    assert add(browser, begun(browser), 0, sound).status_code == 204
    there = [file for file in (tools.scratch / "arrivals").rglob("*") if file.is_file()]
    held = [file for file in there if file.stat().st_size == len(sound)]
    assert len(held) == 1
    browser.post(f"/coin/{corner.secret}/fin")
    assert not held[0].parent.exists()


def test_a_session_tells_one_story(app, visit, ines, sound: bytes, tools) -> None:
    """A40: a second recording is refused in a sentence; an answer that was lost is given again."""
    corner = _corner(app, ines)
    browser, kept, _ = _told(app, visit, corner, sound)
    second = send(browser, sound + b"\0\0")
    assert (second.status_code, bool(second.json()["sentence"])) == (422, True)
    assert send(browser, sound).json()["story"] == kept["story"]
    with tools.bank.open() as work:
        assert len(work.stories_of(work.story_of_job(kept["story"]).author_id)) == 1


def test_a_visitor_names_nobody_and_sees_no_colleague(app, visit, ines, sound: bytes) -> None:
    """V30: telling is all that a corner allows."""
    corner = _corner(app, ines)
    browser, kept, code = _told(app, visit, corner, sound)
    assert browser.post("/recuperer", data={"code": code}).headers["location"].startswith("/connexion")
    assert browser.get("/upload/collegues").status_code in {403, 404, 405}
    assert browser.post("/encore", json={"use": "read", "ids": [kept["story"]]}).status_code in {401, 404}


def test_two_devices_tell_at_once_with_one_address(app, visit, ines, sound: bytes) -> None:
    """A40: each has its own guest, story and code."""
    corner = _corner(app, ines)
    (_, one, code), (_, other, second) = (_told(app, visit, corner, sound + extra) for extra in (b"1", b"2"))
    assert len({one["story"], other["story"], code, second}) == 4


def test_a_device_on_which_somebody_is_signed_in_asks_first(app, enter, visit, ines, moussa) -> None:
    """A40: a corner beside somebody's own session would leave theirs open to the next person."""
    corner = _corner(app, ines)
    browser = enter(moussa)
    assert "Se déconnecter" in browser.get(f"/coin/{corner.secret}").text
    assert browser.post(f"/coin/{corner.secret}/commencer").status_code == 409
    assert browser.post(f"/coin/{corner.secret}/fin").status_code == 303
    assert browser.get("/moi").status_code == 200, "nothing at a corner ends somebody's own session but their wish"
    browser.post(f"/coin/{corner.secret}/ouvrir")
    assert browser.get("/moi").status_code == 401
    assert 'id="recorder"' in browser.get(f"/coin/{corner.secret}").text


def test_only_the_bytes_of_a_corner_get_a_script(app, visit, ines) -> None:
    """S25: the page is light and its policy lets no script in but ours."""
    corner = _corner(app, ines)
    answer = visit().get(f"/coin/{corner.secret}")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy
    assert len(answer.content) < 40_000
    address = re.search(r'src="(/vecu/coin\.js\?v=\w+)"', answer.text)[1]
    assert "{{" not in answer.text, "every word of the recorder is filled in"
    assert visit().get(address).status_code == 200


def test_the_page_speaks_the_languages_of_its_corner(app, visit, ines) -> None:
    """French by default; English where the corner has it, and nothing of the choice stays for the next person."""
    both, french = _corner(app, ines, languages=("fr", "en")), _corner(app, ines)
    browser = visit()
    assert 'lang="en"' in browser.get(f"/coin/{both.secret}?langue=en").text.split("<head>")[0]
    assert 'lang="fr"' in browser.get(f"/coin/{both.secret}").text.split("<head>")[0]
    assert 'lang="fr"' in browser.get(f"/coin/{french.secret}?langue=en").text.split("<head>")[0]


def test_who_speaks_may_be_said_and_need_not(app, visit, ines, sound: bytes, tools) -> None:
    """A40: with the form, or without it at the end, the words are written as for anybody."""
    corner = _corner(app, ines)
    for extra, typed in ((b"1", {"first_name": "Zoé", "job": "aide-soignante", "spoken": "fr"}), (b"2", None)):
        browser, kept, _ = _told(app, visit, corner, sound + extra)
        if typed:
            assert browser.post(f"/coin/{corner.secret}/recu", data=typed).status_code == 303
        browser.post(f"/coin/{corner.secret}/fin")
        with tools.bank.open() as work:
            assert [each.kind for each in work.jobs_for(kept["recording"])] == ["transcribe"]
            assert work.recording_of_job(kept["recording"]).context.first_name == ("Zoé" if typed else "")


def test_one_may_erase_at_once(app, visit, ines, sound: bytes, tools) -> None:
    """X8: who regrets leaves nothing, and the guest goes too."""
    corner = _corner(app, ines)
    browser, kept, code = _told(app, visit, corner, sound)
    with tools.bank.open() as work:
        guest = work.story_of_job(kept["story"]).author_id
    assert browser.post(f"/coin/{corner.secret}/effacer").status_code == 303
    with tools.bank.open() as work:
        assert (work.visit_of_code(hash_of(code)), guest in {each.id for each in work.people()}) == (None, False)
        with pytest.raises(NotFound):
            work.story_of_job(kept["story"])


def test_who_tells_nothing_leaves_nothing(app, visit, ines, tools) -> None:
    """A40: opening the address makes nobody; leaving again forgets the guest."""
    corner = _corner(app, ines)
    before = len(_everyone(tools))
    browser = visit()
    browser.get(f"/coin/{corner.secret}")
    assert len(_everyone(tools)) == before
    browser.post(f"/coin/{corner.secret}/commencer")
    assert len(_everyone(tools)) == before + 1
    browser.post(f"/coin/{corner.secret}/fin")
    assert len(_everyone(tools)) == before


def _everyone(tools):
    with tools.bank.open() as work:
        return work.people()


def test_nobody_sees_what_is_not_claimed(app, visit, ines, claire, sound: bytes, tools) -> None:
    """A41: neither editor nor administrator reads, finds, counts or lists it, nor the guest among the people."""
    corner = _corner(app, ines)
    _, kept, _ = _told(app, visit, corner, sound)
    with tools.bank.open() as work:
        for person in (ines, claire):
            asker = tools.asker(person.id)
            for act in Act:
                assert work.allowed(asker, Use(act), [kept["story"]]) == {}
        guest = work.story_of_job(kept["story"]).author_id
    assert guest not in {each.id for each in app.state.front.administration.people(claire)}
    assert all(kept["story"] != each.subject_id for each in _journal(tools, ines))


def _journal(tools, person) -> list[Deed]:
    with tools.bank.open() as work:
        return work.journal_of(person.id)


def test_the_code_makes_it_ones_own(app, visit, enter, ines, stranger, sound: bytes, tools) -> None:
    """A41: recording, story and words go over, the guest and the code vanish, and Relire is next."""
    corner = _corner(app, ines)
    browser, kept, code = _told(app, visit, corner, sound)
    browser.post(f"/coin/{corner.secret}/fin")
    with tools.bank.open() as work:
        guest = work.story_of_job(kept["story"]).author_id
    own = enter(stranger)
    assert code in own.get(f"/recuperer?code={code}").text
    claimed = own.post("/recuperer", data={"code": code.lower()})
    assert claimed.headers["location"] == f"/fr/?story={kept['story']}"
    with tools.bank.open() as work:
        story, recording = work.story_of_job(kept["story"]), work.recording_of_job(kept["recording"])
        assert (story.author_id, story.people, recording.owner_id) == (stranger.id, (stranger.id,), stranger.id)
        assert (recording.context.first_name, recording.context.job) == ("Julien", "infirmière")
        assert {job.person_id for job in work.jobs_for(recording.id)} == {stranger.id}
        assert guest not in {each.id for each in work.people()}
        assert work.journal_of(stranger.id)[0].deed is Did.CLAIMED
    assert own.get(f"/media/recording/{kept['recording']}").status_code == 200
    assert not (tools.scratch / "arrivals" / guest).exists()


def test_a_code_works_once_and_wrong_ones_look_the_same(app, visit, enter, ines, stranger, moussa, sound) -> None:
    """A40: used, one's own again, made up, hostile: one sentence, and nothing changes."""
    corner = _corner(app, ines)
    _, _, code = _told(app, visit, corner, sound)
    assert enter(stranger).post("/recuperer", data={"code": code}).status_code == 303
    app.state.front.claims.__init__(app.state.front.tools.clock)
    said = set()
    for person, typed in ((stranger, code), (moussa, code), (moussa, "3333-3333-3333"), (moussa, "<b>{{x}}"),
                          (moussa, "🎤" * 30)):
        answer = enter(person).post("/recuperer", data={"code": typed})
        said.add(re.search(r'role="alert"><div>(.*?)</div>', answer.text)[1])
        assert answer.status_code == 400
        assert "<b>{{x}}" not in answer.text
    assert len(said) == 1


def test_codes_are_not_guessed(app, enter, stranger) -> None:
    """X1: after five wrong ones, one waits."""
    app.state.front.claims.__init__(app.state.front.tools.clock)
    browser = enter(stranger)
    answers = [browser.post("/recuperer", data={"code": f"3333-3333-33{number}3"}).text for number in range(34, 41)]
    assert "Ce code n'ouvre rien" in answers[0].replace("&#39;", "'")
    assert "Trop d'essais" in answers[-1].replace("&#39;", "'")
    app.state.front.claims.__init__(app.state.front.tools.clock)


def test_a_code_is_over_with_its_day(app, visit, enter, ines, stranger, sound: bytes, tools) -> None:
    """A40: the day on the receipt holds, even before the sweep has come by."""
    _, _, code = _told(app, visit, _corner(app, ines), sound)
    late = create_app(replace(tools, clock=lambda: tools.clock() + tools.consent.unclaimed + timedelta(minutes=1)))
    browser = visit(late)
    browser.post("/connexion/demonstration", data={"personne": stranger.id})
    assert browser.post("/recuperer", data={"code": code}).status_code == 400


def test_without_an_account_the_code_is_not_lost(visit) -> None:
    """A40: the page says how to come in, keeps the code in sight, and signing in leads back to it."""
    page = visit().get("/recuperer?code=AAAA-CCCC-DDDD").text
    assert "AAAA-CCCC-DDDD" in page
    assert "vers=%2Frecuperer%3Fcode%3DAAAA-CCCC-DDDD" in page


def test_a_guest_of_a_story_claims_nothing(app, visit, tools) -> None:
    """L12: who came by a signing link has no account to claim into."""
    from story_bank.bank import Asker
    from story_bank.errors import NotAllowed
    from story_bank.ids import PersonId
    from studio.steps.corner import Claim
    guest = Person(PersonId("g"), "–", "", roles=frozenset())
    with pytest.raises(NotAllowed):
        Claim(tools).run(Asker(guest, tools.today()), "AAAA-CCCC-DDDD")


def test_many_sessions_left_open_are_capped(app, ines, tools) -> None:
    """A40: whoever holds the address cannot fill the bank with people; after their time, there is room again."""
    corner = _corner(app, ines)
    now = [tools.clock()]
    visits = Visits(tools.bank, lambda: now[0], visit_lasts(tools.limits))
    for _ in range(MOST_VISITS):
        visits.begin(corner.secret, "fr")
    with pytest.raises(Exception, match="Many people"):
        visits.begin(corner.secret, "fr")
    now[0] += visit_lasts(tools.limits) + timedelta(seconds=1)
    assert visits.begin(corner.secret, "fr")


def test_a_full_disk_is_told_at_a_corner_and_it_goes_on(app, visit, ines, sound: bytes, monkeypatch) -> None:
    """A40: one sentence in the visitor's language; what had arrived stays, and is kept once there is room."""
    corner = _corner(app, ines, languages=("en",))
    browser = visit()
    browser.post(f"/coin/{corner.secret}/commencer")
    arrival = begun(browser)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("studio.web.arrivals.os.fsync", full)
        answer = add(browser, arrival, 0, sound)
    assert (answer.status_code, "disk is full" in answer.text) == (507, True)
    assert reached(browser, arrival) == len(sound)
    assert finish(browser, arrival).status_code == 200


@pytest.mark.parametrize("secret", ["x", "%2e%2e%2fvecu.db", "🎤", "a" * 5000])
def test_an_address_that_never_was_says_one_sentence(visit, secret: str) -> None:
    """Bad input: no trace, no error page of a machine."""
    answer = visit().get(f"/coin/{secret}")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("there", ["coins", "coins/x/affiche", "recuperer?code=AAAA-CCCC-DDDD"])
def test_the_other_language_of_a_plain_page_is_the_same_page(enter, ines, there: str) -> None:
    """French first, English complete, and nobody lands elsewhere by asking."""
    browser = enter(ines)
    try:
        assert browser.get(f"/langue/en?vers={there}").headers["location"] == f"/{there}"
    finally:
        browser.get("/langue/fr")
