"""A step says which use of a story it needs."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import studio.steps
from story_bank.access import Act
from studio.steps.step import Step


def test_a_step_without_a_declared_use_cannot_be_imported() -> None:
    """Forgetting `use` fails when the class is made, before anything can run."""
    with pytest.raises(TypeError, match="Nosy"):
        type("Nosy", (Step,), {})


def test_a_use_is_not_inherited_in_silence() -> None:
    """A subclass of a step declares its own use again."""
    careful = type("Careful", (Step,), {"use": Act.READ})
    with pytest.raises(TypeError, match="Careless"):
        type("Careless", (careful,), {})


def test_every_step_of_the_journey_is_importable() -> None:
    """All modules of `studio.steps` import, so every step has its use."""
    for module in pkgutil.iter_modules(studio.steps.__path__):
        importlib.import_module(f"studio.steps.{module.name}")
    assert len(Step.__subclasses__()) >= 12
