"""The recorder before and while one speaks: testing the microphone, starting again, two people, no microphone."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, SignIn, Studio

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = [("fr", PHONE), ("en", DESK)]


def _louder(spoken: Path, times: float, target: Path) -> Path:
    with wave.open(str(spoken)) as file:
        sound, kept = np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getparams()
    with wave.open(str(target), "wb") as file:
        file.setparams(kept)
        file.writeframes(np.clip(sound * times, -32_768, 32_767).astype(np.int16).tobytes())
    return target


@pytest.fixture(scope="session")
def loudness(spoken: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same voice as it should be, from another room, and into an overloaded microphone."""
    folder = tmp_path_factory.mktemp("loudness")
    return {"fine": spoken, "far": _louder(spoken, .01, folder / "far.wav"),
            "overloaded": _louder(spoken, 60, folder / "overloaded.wav")}


@pytest.mark.parametrize(("how", "said"), [("fine", "Votre micro fonctionne"), ("far", "On vous entend à peine"),
                                           ("overloaded", "trop fort et se déforme")])
def test_three_seconds_say_how_the_microphone_sounds(sign_in: SignIn, loudness, how: str, said: str) -> None:
    """A01: too quiet and overloaded are told apart from fine, each with what to do; one can hear it back."""
    page = sign_in("Claire", "fr", DESK, voice=loudness[how]).go("")
    page.locator("[data-a=test]").click()
    expect(page.locator(".rc-state")).to_contain_text(said, timeout=20_000)
    expect(page.locator(".rc-listen")).to_be_visible()
    page.wait_for_function("() => document.querySelector('.rc-listen').readyState > 0")


def test_starting_again_erases_what_was_said(sign_in: SignIn, studio: Studio, shots: Path) -> None:
    """Asked first, in a window that Escape closes; then nothing waits, here or on the server."""
    visit = sign_in("Inès", "fr", PHONE)
    page = visit.go("")
    before = page.request.get(f"{studio.url}/upload").json()["waiting"]
    page.locator("[data-a=rec]").click()
    expect(page.locator(".rc-state")).to_contain_text("On vous entend bien", timeout=20_000)
    page.screenshot(path=shots / "record-phone.png")
    page.get_by_role("button", name="Recommencer").click()
    page.screenshot(path=shots / "retake-phone.png")
    page.keyboard.press("Escape")
    expect(page.locator(".rc-state")).to_contain_text("En pause")
    page.get_by_role("button", name="Recommencer").click()
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as dropped:
        page.get_by_role("button", name="Effacer et recommencer").click()
    expect(page.locator(".rc-state")).to_contain_text("C'est effacé")
    assert dropped.value.status == 204
    assert page.request.get(f"{studio.url}/upload").json()["waiting"] == before
    expect(page.locator("[data-a=rec]")).to_be_focused()
    assert (visit.sideways(), visit.trouble) == (0, [])


@pytest.mark.parametrize(("lang", "size"), SIZES, ids=["phone, French", "desk, English"])
def test_two_people_take_turns(sign_in: SignIn, studio: Studio, shots: Path, lang, size) -> None:
    """A38: who asks and who answers are named, the swap is marked, two voices expected, and the other must agree."""
    visit = sign_in("Moussa", lang, size)
    page = visit.go("")
    page.locator("[data-a=together]").click()
    asks, answers = page.locator(".rc-two input").all()
    expect(asks).to_have_value("Moussa")
    page.locator("[data-a=rec]").click()
    expect(page.locator(".rc-state")).to_contain_text({"fr": "deux noms", "en": "two different names"}[lang])
    answers.fill("Claire Morel")
    page.screenshot(path=shots / f"pair-{lang}.png", full_page=True)
    page.locator("[data-a=rec]").click()
    expect(page.locator(".rc-time")).to_have_text("0:02", timeout=30_000)
    page.locator("[data-a=swap]").click()
    expect(page.locator(".rc-turn-t")).to_contain_text({"fr": "Claire Morel pose", "en": "Claire Morel asks"}[lang])
    page.screenshot(path=shots / f"pair-recording-{lang}.png", full_page=True)
    page.locator("[data-a=rec]").click()
    page.wait_for_url("**story=**", timeout=60_000)
    expect(page.get_by_text({"fr": "On entend aussi Claire Morel", "en": "Claire Morel is heard too"}[lang])
           ).to_be_visible(timeout=20_000)
    expect(page.locator("input[type=radio][value='2']").first).to_be_checked()
    page.screenshot(path=shots / f"pair-form-{lang}.png", full_page=True)
    with studio.tools.bank.open() as work:
        story = work.story_of_job(page.url.split("story=")[1])
        recording = work.recording_of_job(story.recording_id)
    assert [each.who for each in recording.markers] == ["Claire Morel", "Moussa"]
    assert story.appearing == (studio.people["Claire"].id,)
    assert (visit.sideways(), visit.trouble) == (0, [])


FAILS = "navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{}'); }}"


@pytest.mark.parametrize(("broken", "said"), [
    (FAILS.format("NotFoundError"), "Aucun micro"), (FAILS.format("NotReadableError"), "Une autre application"),
    (FAILS.format("NotAllowedError"), "bloque le micro"), ("delete window.MediaRecorder", "ne sait pas enregistrer"),
    ("Object.defineProperty(window, 'isSecureContext', {value: false})", "adresse en https")],
    ids=["absent", "in use", "refused", "an old browser", "no https"])
def test_without_a_microphone_a_file_is_offered(sign_in: SignIn, shots: Path, broken: str, said: str) -> None:
    """Each trouble says what to do, and the way out is a button of its own."""
    visit = sign_in("Claire", "fr", PHONE)
    visit.page.add_init_script(broken)
    page = visit.go("")
    page.locator("[data-a=rec]").click()
    expect(page.locator(".rc-state")).to_contain_text(said, timeout=20_000)
    expect(page.locator(".rc-file")).to_be_visible()
    page.screenshot(path=shots / "trouble-phone.png")
    with page.expect_file_chooser():
        page.locator(".rc-file").click()
