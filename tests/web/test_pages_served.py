"""What every answer carries, and what a mounted Gradio must not give away."""

from __future__ import annotations

import pytest

PAGE = {"accept": "text/html"}


@pytest.mark.parametrize("path", ["/etc/hostname", "/etc/passwd", "{home}/vecu.db"])
def test_a_mounted_gradio_serves_no_file_of_the_machine(enter, claire, home, path: str) -> None:
    """Without `has_launched` it serves any file to anybody (seen on 6.31)."""
    browser = enter(claire)
    for lang in ("fr", "en"):
        answer = browser.get(f"/{lang}/gradio_api/file={path.format(home=home)}")
        assert answer.status_code in {403, 404}


def test_both_languages_are_marked_as_launched(app) -> None:
    """Each mount on its own: one forgotten is one open door."""
    mounted = [route.app for route in app.routes if getattr(route, "path", "") in {"/fr", "/en"}]
    assert [each.get_blocks().has_launched for each in mounted] == [True, True]


@pytest.mark.parametrize("path", ["/fr/", "/connexion", "/sante", "/vecu/vecu.css"])
def test_every_answer_carries_the_security_headers(visit, path: str) -> None:
    """Own host only, no frames elsewhere, no guessing of types."""
    headers = visit().get(path, headers=PAGE).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_plain_pages_run_no_script(visit) -> None:
    """Sign-in works without JavaScript, and allows none."""
    assert "script-src 'none'" in visit().get("/connexion").headers["content-security-policy"]


def test_health_names_nobody(visit) -> None:
    """Parts only: no person, no path."""
    answer = visit().get("/sante")
    assert answer.json() == {"ok": True, "bank": True}


@pytest.mark.parametrize("path", ["/vecu/fonts/literata-latin-wght-normal.woff2", "/vecu/art/favicon.svg",
                                  "/vecu/fonts/OFL-literata.txt"])
def test_fonts_art_and_their_licences_are_ours_to_serve(visit, path: str) -> None:
    """Nothing comes from another host."""
    assert visit().get(path).status_code == 200


def test_the_language_is_kept_for_the_person(enter, claire, tools) -> None:
    """Switching keeps the page and its story, and the next visit begins in that language."""
    browser = enter(claire)
    answer = browser.get("/langue/en?vers=relire&story=42")
    assert answer.headers["location"] == "/en/relire?story=42"
    assert browser.get("/").headers["location"] == "/en/"
    browser.get("/langue/fr")
    with tools.bank.open() as work:
        assert work.person(claire.id).language == "fr"


def test_before_sign_in_the_browser_keeps_the_language(visit) -> None:
    """Sign-in and set-up exist in both languages."""
    browser = visit()
    assert browser.get("/langue/en?vers=connexion").headers["location"] == "/connexion"
    assert 'lang="en"' in browser.get("/connexion").text


def test_gradios_own_api_page_lists_no_handler(enter, claire) -> None:
    """Handlers are not a public API."""
    found = enter(claire).get("/fr/gradio_api/info").json()
    assert found["named_endpoints"] == {}
