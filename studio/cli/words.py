"""Commands that bring the words of a story, or take them away."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from story_bank.errors import BadInput
from story_bank.ids import StoryId
from story_bank.language import Language
from studio.cli.files import Spoken
from studio.cli.library import As, asker_named, finish_jobs, open_studio
from studio.cli.telling import answer, answer_json, check_output, said, tell, tongue, unwritable


class Form(StrEnum):
    """Forms in which words are taken away."""

    TXT = "txt"
    DOCX = "docx"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"


def bring(story: Annotated[str, typer.Argument(metavar="STORY_ID")],
          file: Annotated[Path, typer.Argument(metavar="FILE")], person: As = None,
          language: Annotated[Spoken, typer.Option(help="Langue parlée. / Spoken language.")] = Spoken.AUTO,
          as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Lay a TXT, SRT, VTT or Whisper JSON on one's own recording. / Caler un texte sur un enregistrement."""
    from studio.steps.import_transcript import ImportTranscript
    try:
        data = file.read_bytes()
    except OSError as wrong:
        raise BadInput(f"« {file} » ne se lit pas ; vérifiez son nom.",
                       f"“{file}” cannot be read; check its name.") from wrong
    settings, tools = open_studio()
    spoken: Language | None = {Spoken.FR: "fr", Spoken.EN: "en", Spoken.AUTO: None}[language]
    made = ImportTranscript(tools).run(asker_named(tools, person, keep=False), StoryId(story), data, file.name,
                                       spoken, may_hear=True)
    if made.told is not None:
        tell(made.told.said(tongue()))
    finish_jobs(settings, tools)
    kept = made.transcript
    if as_json:
        answer_json({"story_id": story, "version": kept.version, "language": kept.language,
                     "words": sum(1 for _ in kept.words()), "mended": made.told is not None})
        return
    answer(said(f"Version {kept.version} : {sum(1 for _ in kept.words())} mots.",
                f"Version {kept.version}: {sum(1 for _ in kept.words())} words."))


def take(story: Annotated[str, typer.Argument(metavar="STORY_ID")], person: As = None,
         form: Annotated[Form, typer.Option("--format")] = Form.TXT,
         output: Annotated[Path | None, typer.Option(help="Fichier à écrire. / File to write.")] = None) -> None:
    """Take the words of a story away, as far as consent lets one. / Emporter les mots d'un récit."""
    from studio.steps.take_words import TakeWords, WordsForm
    if output is not None:
        check_output(output)
    elif form is Form.DOCX:
        raise BadInput("Un document Word s'écrit dans un fichier : ajoutez --output.",
                       "A Word document goes into a file: add --output.")
    _, tools = open_studio()
    taken = TakeWords(tools).run(asker_named(tools, person, keep=False), StoryId(story), WordsForm(form.value))
    if output is None:
        answer(taken.data.decode())
        return
    try:
        output.write_bytes(taken.data)
    except OSError as wrong:
        raise unwritable(output) from wrong


COMMANDS: dict[str, Callable[..., Any]] = {"transcript-import": bring, "transcript-export": take}
