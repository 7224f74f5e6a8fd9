"""After a forgetting, no byte under the home tells of the story: words, sound and vectors, in any usual spelling."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from story_bank.consent import Channel
from story_bank.editing import typed_over
from story_bank.ids import StoryId
from story_bank.making import CaptionStyle, Profile, Shape
from studio.settings import Settings
from studio.steps.clip import AskForClip, Selection
from studio.steps.consent import Sign
from studio.steps.correct import Correct
from studio.steps.draft import AskForDraft, WritePost
from studio.steps.forget import Forget
from studio.steps.keep import DescribeRecording, DescribeStory, KeepRecording, StoryCard, WriteStory
from studio.steps.withdraw import Withdraw
from studio.wiring import index
from tests.bytes_scan import Sought, scan, spellings
from tests.fakes.scripted_transcriber import ScriptedTranscriber
from tests.fakes.seeded_sense import SeededSense
from tests.steps.conftest import FILM, Small, with_tools
from vectorstore.words import stems

pytestmark = pytest.mark.slow
SPOKEN, TITLE, POST, CONTEXT, FILE, SHOWN, WRITTEN = (
    "Zéphyrinquartz", "Trébuchetonyx", "Mélancolibri", "Bérénicofarge", "Kérosènovaux", "Sérénipolis", "Ocarinévreux")
"""Words that nobody ever said: what a person speaks, and what stands in title, page, form, file name, text, story."""
SENTENCES = tuple(f"{SPOKEN} numéro {n} : j'ai vu {SPOKEN} changer notre équipe de nuit, et j'en suis fière."
                  for n in range(40))


class House:
    """A company on real SQLite, a real vault and a real Chroma folder, with other people's stories around."""

    def __init__(self, small: Small, home: Path) -> None:
        self.home, self.sense = home, SeededSense()
        self.reached = index(Settings(home=home), self.sense, may_own=True)
        self.small = with_tools(small, embedder=self.sense, index=self.reached, ledger=home / "forgotten.jsonl",
                                transcriber=ScriptedTranscriber(SENTENCES))
        self.tools, self.camille = self.small.tools, self.small.asker("Camille")
        for number in range(30):  # past the point at which Chroma writes its vector files
            texts = [f"autre récit {number}, passage {passage}" for passage in range(40)]
            self.reached.put(StoryId(f"other-{number}"), "fr", self.sense.documents(texts))

    def tell(self) -> StoryId:
        """Have a film told, described, corrected, opened, drafted from, written about, cut and partly taken back."""
        tools, camille, julien = self.tools, self.camille, self.small.asker("Julien")
        file = self.home.parent / f"{FILE}.mp4"
        file.write_bytes(FILM.read_bytes())
        kept = KeepRecording(tools).run(camille, file, file.name)
        with tools.bank.open() as work:
            context = work.recording_of_job(kept.recording_id).context
        DescribeRecording(tools).run(camille, kept.story_id, replace(context, unusual_words=(CONTEXT,)), "fr")
        self.small.do_jobs()
        DescribeStory(tools).run(camille, kept.story_id, StoryCard(f"{TITLE} et {TITLE}", tools.today()))
        with tools.bank.open() as work:
            words = list(work.transcript(kept.recording_id).words())  # type: ignore[union-attr]
        Sign(tools).run(camille, kept.story_id, self.small.scope(), ("1", f"« {SHOWN} » : {SHOWN}"), "Camille")
        self.small.do_jobs()
        AskForDraft(tools).run(self.small.asker("Inès"), kept.story_id, Profile.REPORTER, Channel.LINKEDIN, "fr")
        WritePost(tools).save(self.small.asker("Inès"), kept.story_id, Channel.LINKEDIN, f"{POST}. {POST}.", 0)
        for last in (30, 50):
            AskForClip(tools).run(julien, kept.story_id, Selection(words[0].id, words[last].id), Shape.SQUARE,
                                  CaptionStyle.PLAIN)
        self.small.do_jobs()
        self.small.clock.now += timedelta(minutes=5)
        Withdraw(tools).run(camille, kept.story_id, frozenset({Channel.INTRANET}))
        return kept.story_id

    def sought(self, *story_ids: StoryId, words: tuple[str, ...] = ()) -> Sought:
        """Return what should be nowhere afterwards, the vectors as they were given and as Chroma gives them back."""
        vectors = list(self.reached.vectors_of(story_ids).values())
        stemmed = {stem for word in words for stem in stems(word, "fr")}
        sound = FILM.read_bytes()
        return Sought([*words, *stemmed], [sound[at:at + 64] for at in (50_000, len(sound) // 2)],
                      np.concatenate(vectors))


@pytest.fixture
def house(small: Small, tmp_path: Path) -> House:
    return House(small, tmp_path)


def test_no_byte_of_a_forgotten_story_is_left(house: House) -> None:
    """Found in every place before, found nowhere after; what others told is still there (L21)."""
    story_id = house.tell()
    sought = house.sought(story_id, words=(SPOKEN, TITLE, POST, CONTEXT, FILE, SHOWN))
    before = scan(house.home, sought)
    assert {"utf-8", "json", "float32", "bytes"} <= {find.spelling for find in before}
    assert {SPOKEN, TITLE, POST, CONTEXT, FILE, SHOWN, *stems(SPOKEN, "fr")} <= {find.sought for find in before}
    others = house.reached.count()
    Forget(house.tools).run(house.camille, story_id)
    assert scan(house.home, sought) == []
    assert house.reached.count() == others - len(sought.vectors)


def test_no_byte_of_a_written_story_is_left(house: House) -> None:
    """Typed, changed, shortened and forgotten: no earlier wording stays either."""
    writing = WriteStory(house.tools)
    story_id = writing.begin(house.camille, "fr")
    for number in range(20):
        writing.run(house.camille, story_id, f"{TITLE} {number}", f"{WRITTEN} était là. " * (40 - number))
        house.small.do_jobs()
    sought = house.sought(story_id, words=(WRITTEN, TITLE))
    assert {"utf-8", "float32"} <= {find.spelling for find in scan(house.home, sought)}
    Forget(house.tools).run(house.camille, story_id)
    assert scan(house.home, sought) == []


def test_no_byte_of_what_was_corrected_away_is_left(house: House) -> None:
    """Every version of the transcript goes, not only the last."""
    story_id = house.tell()
    with house.tools.bank.open() as work:
        transcript = work.transcript(work.story_of_job(story_id).recording_id)  # type: ignore[arg-type]
    assert transcript is not None
    changes = {word.id: "nous" for word in transcript.words() if word.text == SPOKEN}
    Correct(house.tools).run(house.camille, story_id, typed_over(transcript, changes))
    sought = house.sought(story_id, words=(SPOKEN,))
    house.small.do_jobs()
    assert scan(house.home, sought)
    Forget(house.tools).run(house.camille, story_id)
    assert scan(house.home, sought) == []


def test_the_scan_finds_every_spelling(tmp_path: Path) -> None:
    """A scan that finds nothing proves something only if it can find."""
    row = np.random.default_rng(1).normal(size=(2, 384)).astype(np.float32)
    for spelling, raw in spellings(SPOKEN):
        (tmp_path / spelling).write_bytes(b"..." + raw + b"...")
    (tmp_path / "cut in half").write_bytes(b"." + row[1].tobytes()[900:])
    (tmp_path / "rounded").write_bytes((row[0] * np.float32(1 + 1e-7)).tobytes())
    (tmp_path / "nothing").write_bytes(np.random.default_rng(2).bytes(100_000))
    found = scan(tmp_path, Sought([SPOKEN], [b"nowhere at all"], row))
    assert {find.file for find in found} == {"cut in half", "rounded", *(name for name, _ in spellings(SPOKEN))}
    assert json.dumps(SPOKEN) != SPOKEN
