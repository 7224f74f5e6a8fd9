"""Seconds lost when the tab, the browser, the server or the network dies in mid-recording: at most five, no file lost.

Each round records for a random while with Chromium's fake microphone, kills one of them, recovers as the person would
(comes back to Raconter and finishes what waits there; for a killed server, stops when it is back), and compares the
sound that can be decoded from what was kept with what had been said at the moment of death.

python bench/recording_loss.py [--rounds 20] [--seed 4]      Needs Chromium and Playwright.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import av
import imageio_ffmpeg
import psutil
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.modules["tests"] = ours = ModuleType("tests")  # installed packages own that name too
ours.__path__ = [str(ROOT / "tests")]

from story_bank.errors import VecuError  # noqa: E402
from tests.browser.conftest import CHROMIUM, FLAGS, VOICE  # noqa: E402
from tests.browser.mortal_studio import MortalStudio, mortal_studio  # noqa: E402

MOST_LOST_S = 5.0
DEATHS = ("tab", "browser", "server", "network")


@dataclass(slots=True)
class Round:
    """A person of the studio at a browser with a folder of its own."""

    mortal: MortalStudio
    player: Playwright
    folder: Path
    voice: Path
    picture: bool
    context: BrowserContext | None = None

    def sit_down(self) -> Page:
        """Start the browser, as it was left."""
        self.context = self.player.chromium.launch_persistent_context(
            str(self.folder), executable_path=CHROMIUM, headless=True, locale="fr-FR",
            args=[*FLAGS, "--use-fake-ui-for-media-stream", f"--use-file-for-fake-audio-capture={self.voice}"])
        return self.context.pages[0]

    def sign_in(self) -> None:
        """Enter as the first of the company."""
        assert self.context is not None
        who = next(iter(self.mortal.studio.people.values()))
        self.context.request.post(f"{self.mortal.studio.url}/connexion/demonstration", form={"personne": who.id})

    def speak(self, page: Page, seconds: float) -> float:
        """Record for some seconds and return when it began."""
        page.goto(f"{self.mortal.studio.url}/fr/")
        page.locator(".rc[data-looked]").wait_for()
        if self.picture:
            page.get_by_text("Voix et image").click()
        page.locator("[data-a=rec]").click()
        expect(page.locator(".rc")).to_have_attribute("data-state", "rec", timeout=30_000)
        began = time.monotonic()
        page.wait_for_timeout(seconds * 1000)
        return began

    def come_back(self) -> Page:
        """Open Raconter anew and finish what waits."""
        assert self.context is not None
        page = self.context.new_page()
        page.goto(f"{self.mortal.studio.url}/fr/")
        page.get_by_role("button", name="Le terminer").click(timeout=30_000)
        return page

    def kill_browser(self) -> None:
        """End every process of this browser at once."""
        mine = [each for each in psutil.process_iter(["cmdline"])
                if any(str(self.folder) in word for word in each.info["cmdline"] or ())]
        for each in mine:
            each.kill()
        psutil.wait_procs(mine, 10)


def main() -> int:
    """Print what each death cost."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=20)
    asked.add_argument("--seed", type=int, default=4)
    given = asked.parse_args()
    dice, lost = random.Random(given.seed), []
    with tempfile.TemporaryDirectory(prefix="vecu-loss-") as folder, sync_playwright() as player:
        voice = Path(folder) / "voice.wav"
        subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(VOICE), "-ar", "48000", "-ac", "1",
                        str(voice)], check=True)
        with mortal_studio(Path(folder) / "home") as mortal:
            for number in range(given.rounds):
                death, seconds = DEATHS[number % len(DEATHS)], dice.uniform(3, 12)
                one = Round(mortal, player, Path(folder) / f"browser-{number}", voice, picture=dice.random() < 1 / 3)
                lost.append(_round(one, death, seconds))
                shown = "file lost" if lost[-1] is None else f"{lost[-1]:5.2f} s lost"
                print(f"{number + 1:2}  {death:8} {'picture' if one.picture else 'voice':8} after {seconds:5.1f} s  "
                      f"{shown}", flush=True)
    seconds_lost = [each for each in lost if each is not None]
    gone = len(lost) - len(seconds_lost)
    print(f"lost: median {statistics.median(seconds_lost):.2f} s, most {max(seconds_lost):.2f} s (target ≤ "
          f"{MOST_LOST_S:.0f}), files lost {gone} of {len(lost)} (target 0)")
    return 0 if not gone and max(seconds_lost) <= MOST_LOST_S else 1


def _round(one: Round, death: str, seconds: float) -> float | None:
    page = one.sit_down()
    assert one.context is not None
    one.sign_in()
    began = one.speak(page, seconds)
    try:
        page, said = DIES[death](one, page, began)
        page.wait_for_url("**story=**", timeout=90_000)
        return said - _heard_s(one.mortal, page.url.split("story=")[1])
    except (AssertionError, Error, VecuError) as wrong:
        print(f"    {type(wrong).__name__}: {str(wrong).splitlines()[0]}")
        return None
    finally:
        one.context.close()


def _tab(one: Round, page: Page, began: float) -> tuple[Page, float]:
    said = time.monotonic() - began
    page.close()
    return one.come_back(), said


def _browser(one: Round, page: Page, began: float) -> tuple[Page, float]:
    said = time.monotonic() - began
    one.kill_browser()
    one.sit_down()
    one.sign_in()  # a browser that is killed may not have written its cookies yet
    return one.come_back(), said


def _server(one: Round, page: Page, began: float) -> tuple[Page, float]:
    one.mortal.kill()
    one.mortal.start()
    expect(page.locator(".rc-state")).to_contain_text("vous", timeout=30_000)
    said = time.monotonic() - began
    page.locator("[data-a=rec]").click()
    return page, said


def _network(one: Round, page: Page, began: float) -> tuple[Page, float]:
    """The line goes, the person talks on for three seconds and closes the page in despair."""
    assert one.context is not None
    one.context.set_offline(True)
    page.wait_for_timeout(3000)
    said = time.monotonic() - began
    page.close()
    one.context.set_offline(False)
    return one.come_back(), said


DIES: dict[str, Callable[[Round, Page, float], tuple[Page, float]]] = {
    "tab": _tab, "browser": _browser, "server": _server, "network": _network}


def _heard_s(mortal: MortalStudio, story_id: str) -> float:
    """Return how much sound can be decoded from what was kept, in seconds."""
    with mortal.tools.bank.open() as work:
        recording = work.recording_of_job(work.story_of_job(story_id).recording_id)
    with mortal.tools.vault.local(recording.original_key) as file, av.open(str(file)) as media:
        return sum(frame.samples / frame.sample_rate for frame in media.decode(audio=0))


if __name__ == "__main__":
    sys.exit(main())
