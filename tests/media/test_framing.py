"""Framing: a calm crop that follows one face and never leaves the picture."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from media.framing import Face, chosen, crop_path

TIMES = np.arange(0, 10, 0.04)
SHARE = 0.316


def seen(where: list[float | None]) -> list[tuple[float, float | None]]:
    return [(n * 0.5, x) for n, x in enumerate(where)]


@settings(max_examples=60)
@given(st.lists(st.none() | st.floats(0, 1), max_size=20), st.floats(0.1, 1.0), st.none() | st.floats(0, 0.9))
def test_the_crop_never_leaves_the_picture(where: list[float | None], share: float, start: float | None) -> None:
    """Wherever faces are seen, or none."""
    path = crop_path(seen(where), TIMES, share, start=start)
    assert len(path) == len(TIMES)
    assert 0 <= path.min() <= path.max() <= 1 - share + 1e-9


def test_without_a_face_the_crop_stays_in_the_middle() -> None:
    """No face, or one look in ten: the middle."""
    assert set(crop_path(seen([None] * 20), TIMES, SHARE)) == {(1 - SHARE) / 2}
    assert set(crop_path(seen([0.1] + [None] * 19), TIMES, SHARE)) == {(1 - SHARE) / 2}


def test_a_face_that_sways_leaves_the_crop_still() -> None:
    """Small movements of the head do not move the picture."""
    path = crop_path(seen([0.7 + 0.01 * (-1) ** n for n in range(20)]), TIMES, SHARE)
    assert np.ptp(path) == 0
    assert abs(path[0] + SHARE / 2 - 0.7) < 0.02


def test_one_wrong_face_moves_nothing() -> None:
    """A poster on the wall taken for a face once or twice is forgotten."""
    path = crop_path(seen([0.3] * 8 + [0.9, 0.9] + [0.3] * 10), TIMES, SHARE)
    assert np.ptp(path) < 0.01


def test_a_walking_face_is_followed_smoothly() -> None:
    """From one side to the other: the face stays in the middle third, without a jump."""
    path = crop_path(seen(list(np.linspace(0.2, 0.8, 20))), TIMES, SHARE)
    face = np.interp(TIMES, np.arange(20) * 0.5, np.linspace(0.2, 0.8, 20))
    assert np.abs(path + SHARE / 2 - face).max() < SHARE / 3
    assert np.abs(np.diff(path)).max() < 0.01


def test_the_one_followed_is_not_left_for_a_slightly_larger_face() -> None:
    """Two people: stay with the first, unless the other is twice as large."""
    left, right = Face(0.3, 0.4, 0.30), Face(0.7, 0.4, 0.33)
    assert chosen([left, right], None) is right
    assert chosen([left, right], Face(0.31, 0.4, 0.3)) is left
    assert chosen([Face(0.3, 0.4, 0.1), right], Face(0.31, 0.4, 0.1)) is right
    assert chosen([], left) is None
