"""A second voice that nobody declared is noticed; nothing of it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from media.speech_edges import Span
from media.voicefilter_speakers import LISTENED_S, VoicefilterSpeakers, _spread

MEDIA = Path(__file__).resolve().parents[2] / "studio" / "demo" / "media"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "voices"), [
    ("fr1_nurse_night_shift.mp4", 1), ("fr4_technicien_quart_heure.m4a", 1), ("fr3_interview_two_voices.mp4", 2)])
def test_one_voice_is_told_from_two(name: str, voices: int) -> None:
    """On the demonstration's recordings, with the real model (L12, A38)."""
    assert VoicefilterSpeakers().count(MEDIA / name) == voices


def test_without_the_model_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is not "one voice": the person looks for themselves; the media is not even opened."""
    monkeypatch.setattr("media.voicefilter_speakers.find_spec", lambda _: None)
    assert VoicefilterSpeakers().count(tmp_path / "absent.mp4") is None


@pytest.mark.parametrize("spans", [[(0.0, 10.0), (12.0, 30.0)], [(0.0, 1800.0)], [(n * 3.0, n * 3.0 + 2.0)
                                                                                for n in range(600)]])
def test_a_long_recording_is_listened_to_here_and_there(spans: list[Span]) -> None:
    """All of a short one; of a long one, four minutes at most, from its beginning to its end."""
    chosen = _spread(spans)
    assert sum(end - start for start, end in chosen) <= LISTENED_S
    if sum(end - start for start, end in spans) <= LISTENED_S:
        assert chosen == spans
    else:
        assert chosen[0][0] == spans[0][0]
        assert chosen[-1][1] == spans[-1][1]
