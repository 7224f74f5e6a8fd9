"""How commands speak: the answer on standard output, everything else on standard error."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from story_bank.errors import BadInput
from story_bank.language import Language


def tongue() -> Language:
    """Return the language of the terminal; French unless it says otherwise."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.lower().startswith("en") else "fr"


def said(fr: str, en: str) -> str:
    """Return the sentence in the terminal's language."""
    return fr if tongue() == "fr" else en


def tell(message: str) -> None:
    """Say something that is not the answer."""
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


def answer(text: str) -> None:
    """Write the answer."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def answer_json(value: Any) -> None:
    """Write one JSON value, on one line."""
    answer(json.dumps(value, ensure_ascii=False))


def read_text(file: str) -> str:
    """Return the text of a file, or of standard input for "-" (`BadInput`)."""
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadInput(f"« {file} » ne se lit pas comme un texte ; vérifiez son nom et son encodage (UTF-8).",
                       f"“{file}” cannot be read as text; check its name and its encoding (UTF-8).") from wrong
