"""Coming in: sign-in, the demonstration cast, first set-up, invitations; and nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.web.doors import safe_place
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
    """A copy of the cookie is worth nothing afterwards."""
    browser = enter(claire)
    kept = dict(browser.cookies)
    browser.post("/deconnexion")
    assert browser.get("/moi", headers={"cookie": f"vecu={kept['vecu']}"}).status_code == 401


def test_an_invitation_becomes_an_account(visit, enter, claire) -> None:
    """The administrator makes a link; the person chooses address and password, and comes back with them."""
    asked = {"name": "Inès Roy", "roles": ["editor", "ambassador"]}
    page = enter(claire).post("/entreprise/invitation", data=asked).text
    link = page.split('readonly value="')[1].split('"')[0]
    typed = {"jeton": link.split("jeton=")[1], "email": "ines@exemple.fr", "password": PASSWORD}
    assert "Inès" in visit().get(link).text
    assert visit().post("/invitation", data=typed).status_code == 303
    signed_in = visit()
    signed_in.post("/connexion", data={"email": "ines@exemple.fr", "password": PASSWORD})
    assert signed_in.get("/moi").json()["name"] == "Inès Roy"


def test_a_spent_link_says_so(visit) -> None:
    """One sentence, and no trace of whether it ever was one."""
    for path in ("/installation?jeton=x", "/invitation?jeton=x"):
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


def test_being_an_ambassador_is_decided_on_ones_own_page(enter, moussa, tools) -> None:
    """One box on one's own account, and back again."""
    browser = enter(moussa)
    browser.post("/compte", data={"job": "aide-soignant", "ambassador": "yes"})
    with tools.bank.open() as work:
        assert "ambassador" in work.person(moussa.id).roles
    browser.post("/compte", data={"job": "aide-soignant"})
    with tools.bank.open() as work:
        assert "ambassador" not in work.person(moussa.id).roles


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
