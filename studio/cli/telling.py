"""How commands speak: the answer on standard output, everything else on standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import typer

from story_bank.errors import BadInput
from story_bank.language import Language, characters_alone


def tongue() -> Language:
    """Return the language of the terminal; French unless it says otherwise."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.lower().startswith("en") else "fr"


def said(fr: str, en: str) -> str:
    """Return the sentence in the terminal's language."""
    return fr if tongue() == "fr" else en


def speak_utf8() -> None:
    """Write UTF-8 whatever the terminal's encoding; what UTF-8 cannot hold (an odd file name) is spelt out."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def tell(message: str) -> None:
    """Say something that is not the answer."""
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


def answer(text: str) -> None:
    """Write the answer; a reader that has read enough ends the command well."""
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise typer.Exit(0) from None


def answer_json(value: Any) -> None:
    """Write one JSON value, on one line."""
    answer(json.dumps(value, ensure_ascii=False))


def read_text(file: str) -> str:
    """Return the text of a file, or of standard input for "-", its lines ended by "\\n" (`BadInput`)."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadInput(f"« {file} » ne se lit pas comme un texte ; vérifiez son nom et son encodage (UTF-8).",
                       f"“{file}” cannot be read as text; check its name and its encoding (UTF-8).") from wrong


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, ended by "\\n" alone: JSON and speech may hold the other separators of Unicode."""
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def json_value(text: str) -> Any:
    """Return a JSON value whose strings hold whole characters alone (`ValueError`, nested too deep included)."""
    try:
        return characters_alone(json.loads(text))
    except RecursionError as wrong:
        raise ValueError("nested too deep") from wrong


def check_output(output: Path, *sources: Path | None) -> None:
    """Refuse, before any work, a file that cannot be written or that the work reads from (`BadInput`)."""
    if any(source is not None and _same(output, source) for source in sources):
        raise BadInput(f"« {output} » est le fichier de départ ; choisissez un autre nom pour le résultat.",
                       f"“{output}” is the file to read from; choose another name for the result.")
    folder = output.parent
    if not folder.is_dir():
        raise BadInput(f"Le dossier « {folder} » n'existe pas ; créez-le ou choisissez-en un autre.",
                       f"The folder “{folder}” does not exist; make it or choose another.")
    if output.is_dir() or not os.access(output if output.exists() else folder, os.W_OK):
        raise unwritable(output)


def unwritable(output: Path) -> BadInput:
    """Make the error for a place that nothing can be written to."""
    return BadInput(f"« {output} » ne peut pas être écrit ; choisissez un autre endroit.",
                    f"“{output}” cannot be written; choose another place.")


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))
