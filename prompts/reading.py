"""Reading the data files of this room: YAML that lies beside the code, validated once."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from story_bank.errors import BadInput

Shape = TypeVar("Shape")


def read(name: str, shape: TypeAdapter[Shape]) -> Shape:
    """Return the packaged file of that name, validated; a fault in it is ours and raises pydantic's error."""
    return shape.validate_python(yaml.safe_load((files("prompts") / name).read_text(encoding="utf-8")))


def read_own(path: Path, shape: TypeAdapter[Shape]) -> Shape:
    """Return an administrator's file, validated; `BadInput` when it cannot be read as such."""
    try:
        return shape.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise BadInput(f"Le fichier {path.name} ne se lit pas ; comparez-le à celui qui est livré.",
                       f"The file {path.name} cannot be read; compare it with the one that is shipped.") from error
