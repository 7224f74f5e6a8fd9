"""`vecu`, the command line: answers on standard output, messages on standard error, errors in one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer

from story_bank.errors import VecuError
from studio.cli import archive, consents, files, house, library, words
from studio.cli.telling import said, speak_utf8, tell, tongue

app = typer.Typer(name="vecu", add_completion=False, rich_markup_mode=None,
                  pretty_exceptions_enable=False,
                  help="Vécu : les récits dont on est fier, dans sa propre voix. / Proud stories, in one's own voice.")
COMMANDS: dict[str, Callable[..., Any]] = (house.COMMANDS | files.COMMANDS | library.COMMANDS | consents.COMMANDS
                                           | archive.COMMANDS | words.COMMANDS)
for name, command in COMMANDS.items():
    app.command(name)(command)

UsageError: type[Exception] = typer.BadParameter.__bases__[0]
"""What typer raises for a wrong word on the command line; it has no public name of its own."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 2 bad input, 3 something is not available."""
    code = run(sys.argv[1:] if arguments is None else list(arguments))
    try:
        sys.stdout.flush()
    except OSError:
        # What could not be written must not be tried again, and complained of, as the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    speak_utf8()
    try:
        done = app(args=arguments or ["--help"], prog_name="vecu", standalone_mode=False)
    except VecuError as wrong:
        tell(wrong.said(tongue()))
        return wrong.exit_code
    except UsageError as wrong:
        tell(" ".join(wrong.format_message().split()))  # type: ignore[attr-defined]
        return 2
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BaseException as wrong:
        # The last resort. A library in Rust panics outside of Exception; asking to exit is not a failure.
        if not isinstance(wrong, Exception) and type(wrong).__name__ != "PanicException":
            raise
        kind = type(wrong).__name__
        tell(said(f"Quelque chose d'imprévu a arrêté la commande ({kind}) ; « vecu doctor » dit ce qui manque.",
                  f"Something unforeseen stopped the command ({kind}); “vecu doctor” says what is missing."))
        return 3
    return done if isinstance(done, int) else 0
