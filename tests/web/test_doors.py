"""Coming in: sign-in, the demonstration cast, first set-up, invitations; and nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.person import Role
from studio.web.doors import browser_name, safe_place
from studio.web.front import is_loopback

PAGE = {"accept": "text/html"}
PASSWORD = "une petite phrase"


@pytest.mark.parametrize("path", ["/fr/", "/fr/mes-recits", "/en/bibliotheque?story=1"])
def test_a_page_leads_to_sign_in_first(visit, path: str) -> None:
    """After signing in, the person lands where they wanted to go."""
    answer = visit().get(path, headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/connexion?vers=%2F")


@pytest.mark.parametrize("path", ["/fr/config", "/fr/gradio_api/queue/data?session_hash=x", "/media/recording/1",
                                  "/upload", "/moi"])
def test_what_scripts_ask_for_is_refused_before_sign_in(visit, path: str) -> None:
    """No handler, file or queue answers a stranger."""
    assert visit().get(path).status_code == 401


def test_the_cast_enters_with_one_click_on_this_machine(visit, claire) -> None:
    """The cookie cannot be read by scripts, nor sent from another site."""
    answer = visit().post("/connexion/demonstration", data={"personne": claire.id, "vers": "/fr/mes-recits"})
    cookie = answer.headers["set-cookie"].lower()
    assert answer.headers["location"] == "/fr/mes-recits"
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize(("client", "host", "headers"), [
    (("192.0.2.9", 4000), "http://127.0.0.1:7860", {}),
    (("127.0.0.1", 4000), "http://vecu.example", {}),
    (("127.0.0.1", 4000), "http://127.0.0.1:7860", {"x-forwarded-for": "127.0.0.1"}),
    (("127.0.0.1", 4000), "http://127.0.0.1:7860", {"forwarded": "for=127.0.0.1"}),
    (("192.0.2.9", 4000), "http://127.0.0.1:7860", {"x-real-ip": "127.0.0.1"}),
], ids=["another machine", "a name that resolves here", "a proxy", "a standard proxy", "a header that lies"])
def test_the_cast_does_not_enter_from_elsewhere(visit, claire, client, host, headers) -> None:
    """Invented people open the library of a real machine only to whoever sits at it."""
    answer = visit(client=client, host=host).post("/connexion/demonstration", data={"personne": claire.id},
                                                  headers=headers)
    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


def test_the_cast_does_not_enter_a_studio_open_to_the_network(visit, elsewhere, claire) -> None:
    """Listening on every address is enough to close the one-click door."""
    browser = visit(elsewhere)
    assert browser.post("/connexion/demonstration", data={"personne": claire.id}).status_code == 400
    assert claire.display_name not in browser.get("/connexion").text


def test_signing_out_closes_the_session(enter, claire) -> None:
    """A copy of the cookie is worth nothing afterwards, however often it is sent again (replay)."""
    browser = enter(claire)
    kept = dict(browser.cookies)
    browser.post("/deconnexion")
    for _ in range(2):
        assert browser.get("/moi", headers={"cookie": f"vecu={kept['vecu']}"}).status_code == 401


def test_a_session_from_before_signing_in_is_never_kept(visit, enter, claire, moussa) -> None:
    """Whoever plants their own cookie in a browser does not share what is signed in there (session fixation)."""
    attacker = enter(moussa)
    planted = attacker.cookies["vecu"]
    victim = visit()
    victim.cookies.set("vecu", planted)
    answer = victim.post("/connexion/demonstration", data={"personne": claire.id})
    assert planted not in answer.headers["set-cookie"]
    assert attacker.get("/moi").status_code == 401
    assert victim.get("/moi").json()["name"] == claire.display_name


def test_a_made_up_session_stays_made_up(visit, claire) -> None:
    """A secret that the studio did not make is not taken over at sign-in."""
    browser = visit()
    browser.post("/connexion/demonstration", data={"personne": claire.id}, headers={"cookie": "vecu=invented"})
    assert visit().get("/moi", headers={"cookie": "vecu=invented"}).status_code == 401


def test_a_role_taken_away_is_gone_at_the_next_request(enter, moussa, claire, tools) -> None:
    """In mid-session, without signing in again."""
    browser = enter(moussa)
    _hold(tools, moussa.id, moussa.roles | {Role.ADMINISTRATOR})
    assert browser.get("/entreprise").status_code == 200
    _hold(tools, moussa.id, moussa.roles)
    assert browser.get("/entreprise").status_code == 404
    answer = browser.post("/entreprise/roles", data={"personne": moussa.id, "roles": ["administrator"]})
    assert answer.status_code == 404


@pytest.mark.parametrize("there", ["//ailleurs.example", "/\\ailleurs.example", "https://ailleurs.example", "\\\\x",
                                   "/\t/ailleurs.example", "javascript:alert(1)", "/fr\r\nSet-Cookie: a=b", "fr/"])
def test_no_way_in_leads_off_the_site(visit, claire, there: str) -> None:
    """Whatever the address asks for (path tricks)."""
    answer = visit().post("/connexion/demonstration", data={"personne": claire.id, "vers": there})
    assert answer.headers["location"] == "/"
    assert f'value="{there}"' not in visit().get("/connexion", params={"vers": there}).text


def test_a_host_that_makes_no_sense_is_no_fault_of_the_studio(visit, claire) -> None:
    """Nor does it open the demonstration."""
    answer = visit().get("/connexion", headers={"host": "["})
    assert answer.status_code == 200
    assert claire.display_name not in answer.text


def test_an_invitation_becomes_an_account(visit, enter, claire) -> None:
    """The administrator makes a link; the person chooses address and password, and comes back with them."""
    asked = {"name": "Inès Roy", "roles": ["editor", "ambassador"]}
    page = enter(claire).post("/entreprise/invitation", data=asked).text
    link = page.split('<textarea readonly rows="4">')[1].split("<")[0]
    typed = {"jeton": link.split("jeton=")[1], "email": "ines@exemple.fr", "password": PASSWORD}
    assert "Inès" in visit().get(link).text
    assert visit().post("/invitation", data=typed).status_code == 303
    signed_in = visit()
    signed_in.post("/connexion", data={"email": "ines@exemple.fr", "password": PASSWORD})
    assert signed_in.get("/moi").json()["name"] == "Inès Roy"


def test_a_spent_link_says_so(visit) -> None:
    """One sentence, and no trace of whether it ever was one."""
    for path in ("/installation?jeton=x", "/invitation?jeton=x", "/mot-de-passe?jeton=x"):
        answer = visit().get(path)
        assert answer.status_code == 404
        assert "demandez-en un autre" in answer.text


def test_the_company_page_is_for_administrators(enter, moussa) -> None:
    """Others get a sentence, not the list of people."""
    answer = enter(moussa).get("/entreprise")
    assert answer.status_code == 404
    assert "Claire" not in answer.text


@pytest.mark.parametrize("headers", [{"origin": "https://ailleurs.example"}, {"origin": "null"},
                                     {"sec-fetch-site": "cross-site"}])
def test_another_site_changes_nothing_in_ones_name(enter, claire, headers) -> None:
    """A form elsewhere that posts here is refused, whatever cookies came with it."""
    browser = enter(claire)
    assert browser.post("/compte", data={"job": "autre"}, headers=headers).status_code == 403


@given(st.text(max_size=60) | st.sampled_from(["//ailleurs.example", "/\\ailleurs", "https://x", "/fr/\r\nA: b"]))
def test_sign_in_never_leads_off_the_site(there: str) -> None:
    """Whatever the address asks for, the person lands on a path of this site."""
    place = safe_place(there)
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\"))
    assert "\\" not in place
    assert place.isprintable()


@pytest.mark.parametrize(("host", "own"), [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True),
                                           ("0.0.0.0", False), ("192.168.1.2", False), ("localhost.example", False),
                                           ("", False)])
def test_loopback_is_this_machine_alone(host: str, own: bool) -> None:
    """A name that merely begins like it is not."""
    assert is_loopback(host) is own


@pytest.mark.parametrize(("agent", "name"), [
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
     "Safari · iPhone"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
     "Edge · Windows"),
    ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
    ("curl/8.5", ""), ("", "")])
def test_a_browser_is_named_as_its_person_would(agent: str, name: str) -> None:
    """Without a version, which would tell more than is needed."""
    assert browser_name({"user-agent": agent}) == name


def _hold(tools, person_id, roles) -> None:
    with tools.bank.open() as work:
        work.save_person(replace(work.person(person_id), roles=frozenset(roles)))
        work.commit()
