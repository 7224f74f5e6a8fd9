"""The real studio in its own process, a home of its own, and Chromium with a fake microphone and camera."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import imageio_ffmpeg
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from story_bank.company import Company
from story_bank.consent import Channel
from story_bank.ids import PersonId, new_id
from story_bank.language import Language
from story_bank.person import Person, Role
from studio.settings import Settings
from studio.toolbox import Toolbox
from studio.wiring import toolbox

ROOT = Path(__file__).parents[2]
VOICE = ROOT / "studio" / "demo" / "media" / "fr4_technicien_quart_heure.m4a"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
         "--autoplay-policy=no-user-gesture-required")
CHROMIUM = os.environ.get("TEST_CHROMIUM") or next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
PHONE, DESK = (390, 844), (1280, 900)
LEAVING = "this page is being left"


@dataclass(slots=True)
class Studio:
    """A running studio: where it answers, its home, its tools, and its people by first name."""

    url: str
    home: Path
    tools: Toolbox
    people: dict[str, Person] = field(default_factory=dict)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _settle(tools: Toolbox) -> dict[str, Person]:
    """Write a small company: who tells, who writes, who edits and administers."""
    everyone = [("Claire Morel", "infirmière", {Role.ADMINISTRATOR, Role.EDITOR}),
                ("Moussa Diallo", "aide-soignant", set()),
                ("Inès Roy", "chargée de communication", {Role.AMBASSADOR, Role.EDITOR})]
    people = {}
    with tools.bank.open() as work:
        work.save_company(Company("Aubépine", channels=(Channel.LINKEDIN, Channel.INTRANET)))
        for name, job, roles in everyone:
            person = Person(PersonId(new_id()), name, name.split()[0], job=job, team="nuit", site="Lyon",
                            roles=frozenset({Role.CONTRIBUTOR, *roles}), demo=True, cast=True)
            work.save_person(person)
            people[person.first_name] = person
        work.commit()
    return people


def _wait_until_it_answers(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/connexion", timeout=5).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise AssertionError(f"the studio did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """`vecu serve` with its worker and index, over an empty home that holds three people of a cast."""
    home = tmp_path_factory.mktemp("studio")
    tools = toolbox(Settings(home=home), may_own_index=False)
    people = _settle(tools)
    port, log = free_port(), home / "serve.log"
    with log.open("wb") as out:
        server = subprocess.Popen([sys.executable, "-m", "studio.cli", "serve", "--port", str(port)], cwd=ROOT,
                                  stdout=out, stderr=out, env=os.environ | {"VECU_HOME": str(home)})
    try:
        _wait_until_it_answers(f"http://127.0.0.1:{port}", server, log)
        yield Studio(f"http://127.0.0.1:{port}", home, tools, people)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A voice as the fake microphone reads it: 48 kHz, 16 bits."""
    target = tmp_path_factory.mktemp("voice") / "voice.wav"
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(VOICE), "-ar", "48000", "-ac", "1",
                    str(target)], check=True)
    return target


@pytest.fixture(scope="session")
def silence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty seconds of a muted microphone."""
    target = tmp_path_factory.mktemp("voice") / "silence.wav"
    with wave.open(str(target), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", "not compressed"))
        file.writeframes(bytes(2 * 48_000 * 30))
    return target


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots to look at are put: TEST_SHOTS, else a folder of this run."""
    folder = Path(os.environ.get("TEST_SHOTS") or tmp_path_factory.mktemp("shots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


Launch = Callable[..., Browser]


@pytest.fixture(scope="session")
def launch(spoken: Path) -> Iterator[Launch]:
    """Return Chromium with a fake voice; `allowed=False` blocks the microphone, `voice` replaces what it hears."""
    started: dict[tuple[Path, bool], Browser] = {}
    with sync_playwright() as player:
        def start(voice: Path = spoken, allowed: bool = True) -> Browser:
            if (voice, allowed) not in started:
                asked = "--use-fake-ui-for-media-stream" if allowed else "--deny-permission-prompts"
                flags = [*FLAGS, f"--use-file-for-fake-audio-capture={voice}", asked]
                started[voice, allowed] = player.chromium.launch(executable_path=CHROMIUM, headless=True, args=flags)
            return started[voice, allowed]

        yield start
        for browser in started.values():
            browser.close()


@dataclass(slots=True)
class Visit:
    """A page in which somebody has signed in, and what went wrong in it."""

    page: Page
    url: str
    lang: Language
    trouble: list[str] = field(default_factory=list)
    leaving: bool = False
    """From the moment a page begins to be left until the next one is there."""

    def go(self, path: str) -> Page:
        """Open a page of this language."""
        self.page.goto(f"{self.url}/{self.lang}/{path}")
        return self.page

    def sideways(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


SignIn = Callable[..., Visit]


@pytest.fixture
def sign_in(studio: Studio, launch: Launch) -> Iterator[SignIn]:
    """Return a page in which a person (by first name) has signed in, in a language, on a screen of a size."""
    contexts: list[BrowserContext] = []

    def enter(name: str = "Claire", lang: Language = "fr", size: tuple[int, int] = DESK, **browser: object) -> Visit:
        context = launch(**browser).new_context(locale="fr-FR" if lang == "fr" else "en-GB",
                                                viewport={"width": size[0], "height": size[1]}, accept_downloads=True)
        contexts.append(context)
        visit = Visit(context.new_page(), studio.url, lang)
        _listen_for_trouble(visit)
        context.request.post(f"{studio.url}/connexion/demonstration", form={"personne": studio.people[name].id})
        context.request.get(f"{studio.url}/langue/{lang}")
        return visit

    yield enter
    for context in contexts:
        context.close()


def _listen_for_trouble(visit: Visit) -> None:
    page, told = visit.page, visit.trouble

    def asks(request: Request) -> None:
        if not request.url.startswith((visit.url, "blob:", "data:")):
            told.append(f"outside: {request.url}")

    def arrives(_: Page) -> None:
        visit.leaving = False

    def says(line: ConsoleMessage) -> None:
        # Gradio cuts its own requests in `beforeunload`, before the next page is even asked for, and complains of it:
        # that alone is no fault. The page says itself, in the same row of lines, that it is being left.
        if line.text == LEAVING:
            visit.leaving = True
        cut_off = visit.leaving and any(word in line.text for word in ("AbortError", "errored out"))
        if line.type == "error" and not cut_off:
            told.append(f"console: {line.text}")

    page.add_init_script(f"if (top === window) addEventListener('beforeunload', () => console.debug('{LEAVING}'))")
    page.on("request", asks)
    page.on("load", arrives)
    page.on("console", says)
    page.on("pageerror", lambda error: told.append(f"page error: {error}"))
