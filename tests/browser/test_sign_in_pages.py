"""Coming in, one's account, the company and departures, as people see them: both languages, desk and phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from story_bank.bank import Asker
from story_bank.consent import Appearance, NameShown, Purpose, Scope
from story_bank.ids import StoryId, new_id
from story_bank.person import Role
from story_bank.story import Story
from studio.steps.consent import Sign
from studio.steps.leave import NoteDeparture
from tests.browser.company_studio import company_studio
from tests.browser.conftest import DESK, PHONE, Launch, Studio
from tests.web.company_sign_in import CompanySignIn

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = {"desk": DESK, "phone": PHONE}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, iam_server) -> Iterator[tuple[Studio, CompanySignIn]]:
    with company_studio(tmp_path_factory.mktemp("company"), iam_server) as made:
        _departures(made[0])
        yield made


def _departures(studio: Studio) -> None:
    """Let somebody who told two stories leave, Inès keeping the consents."""
    tools, moussa = studio.tools, studio.people["Moussa"]
    today, titles = tools.today(), ("La nuit où tout le service a tenu", "Le premier jour d'Amina")
    with tools.bank.open() as work:
        work.save_person(replace(studio.people["Inès"], roles=studio.people["Inès"].roles | {Role.STEWARD}))
        for title in titles:
            work.save_story(Story(StoryId(new_id()), moussa.id, title, "Le texte", "fr", today, tools.clock()))
        work.commit()
        stories = work.stories_of(moussa.id)
    scope = Scope(frozenset({Purpose.LIBRARY}), frozenset(), today, today + timedelta(days=20),
                  Appearance(face=True, voice=True, name=NameShown.FULL))
    Sign(tools).run(Asker(moussa, today), stories[0].id, scope, ("1", "le texte"), "Moussa Diallo")
    NoteDeparture(tools).run(tools.asker(studio.people["Claire"].id), moussa.id)


@pytest.fixture
def browse(both, launch: Launch):
    """Return a page in which nobody, or one of the cast, has signed in."""
    contexts = []

    def opened(lang: str, size: tuple[int, int], name: str = "") -> Page:
        context = launch().new_context(locale="fr-FR" if lang == "fr" else "en-GB",
                                       viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        studio = both[0]
        if name:
            context.request.post(f"{studio.url}/connexion/demonstration", form={"personne": studio.people[name].id})
        context.request.get(f"{studio.url}/langue/{lang}")
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(("path", "name"), [("connexion", ""), ("compte", "Inès"), ("entreprise", "Claire"),
                                            ("departs", "Inès")])
def test_a_page_fits_and_reads_well(both, browse, shots: Path, path, name, lang, size) -> None:
    """No sideways scroll, no fault that axe finds, in each language on each screen."""
    page = browse(lang, SIZES[size], name)
    page.goto(f"{both[0].url}/{path}")
    if path == "entreprise":
        page.locator(".v-person > summary").first.click()
    page.screenshot(path=shots / f"{path}-{lang}-{size}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    found = Axe().run(page).response["violations"]
    assert [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]] == []


def test_one_comes_in_by_the_companys_sign_in(both, browse, shots: Path) -> None:
    """One click there and back; then one's name is on the studio."""
    studio, company = both
    page = browse("fr", DESK)
    company.server.login(company.person("Amina Benali", "amina@exemple.fr"))
    page.goto(f"{studio.url}/fr/mes-recits")
    page.get_by_role("link", name="Continuer avec Aubépine").click()
    page.wait_for_url(f"{studio.url}/fr/mes-recits")
    company.server.logout()
    page.goto(f"{studio.url}/compte")
    assert page.get_by_role("heading", level=1).inner_text() == "Amina Benali"
    page.screenshot(path=shots / "compte-oidc.png", full_page=True)


def test_a_link_is_there_to_be_copied(both, browse, shots: Path) -> None:
    """Shown once, whole, after an invitation."""
    page = browse("fr", PHONE, "Claire")
    page.goto(f"{both[0].url}/entreprise")
    page.get_by_label("Prénom et nom").fill("Rosa Diaz")
    page.get_by_role("button", name="Créer le lien").click()
    assert "/invitation?jeton=" in page.get_by_label("Lien à copier").input_value()
    page.screenshot(path=shots / "entreprise-lien.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
