"""Commands on files: they work without a library and without a running server."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from story_bank.consent import Channel
from story_bank.errors import BadInput
from story_bank.language import Language
from story_bank.making import CaptionStyle, Profile, Shape
from studio.cli.telling import (
    answer,
    answer_json,
    check_output,
    json_value,
    lines_of,
    read_text,
    said,
    tell,
    tongue,
    unwritable,
)

if TYPE_CHECKING:
    from media.transcriber import Heard
    from story_bank.story import Value
    from studio.writing.writer import Source


class Spoken(StrEnum):
    """Languages of a recording."""

    FR = "fr"
    EN = "en"
    AUTO = "auto"


class TranscriptFormat(StrEnum):
    """Forms of a transcript."""

    TXT = "txt"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"


class Who(StrEnum):
    """Whether the author of a post is the speaker."""

    SELF = "self"
    OTHER = "other"


def transcribe(
    file: Path,
    language: Annotated[Spoken, typer.Option(help="Langue parlée. / Spoken language.")] = Spoken.AUTO,
    context: Annotated[str, typer.Option(help="Noms et mots rares. / Names and unusual words.")] = "",
    speakers: Annotated[int, typer.Option(min=1, max=8, help="Nombre de voix. / Number of voices.")] = 1,
    form: Annotated[TranscriptFormat, typer.Option("--format")] = TranscriptFormat.TXT,
    output: Annotated[Path | None, typer.Option(help="Fichier à écrire. / File to write.")] = None,
) -> None:
    """Turn a recording into words with seconds. / Transcrire un enregistrement."""
    from media import transcript_text
    from media.pyav_inspector import PyavInspector
    from media.transcriber import Listening
    from media.voicefilter_speakers import VoicefilterSpeakers
    from studio.settings import read_settings
    from studio.wiring import transcriber
    if output is not None:
        check_output(output, file)
    settings = read_settings()
    PyavInspector().look(file, settings.limits.minutes * 60)
    spoken: Language | None = {Spoken.FR: "fr", Spoken.EN: "en", Spoken.AUTO: None}[language]
    heard = transcriber(settings).hear(
        file, Listening(spoken, context_text=context),
        on_segment=lambda segment, share: tell(f"{share:4.0%}  {segment.text}"))
    if speakers > 1:
        from dataclasses import replace
        heard = replace(heard, segments=VoicefilterSpeakers().tell(file, heard.segments, speakers))
    if not heard.segments:
        tell(heard.note_fr if tongue() == "fr" and heard.note_fr else heard.note_en or "")
    write = {TranscriptFormat.TXT: transcript_text.as_text, TranscriptFormat.SRT: transcript_text.as_srt,
             TranscriptFormat.VTT: transcript_text.as_vtt, TranscriptFormat.JSON: transcript_text.as_json}[form]
    _write(write(heard), output)


def moments(
    transcript: Path,
    count: Annotated[int, typer.Option(min=1, max=20)] = 3,
    shortest: Annotated[float, typer.Option("--min", min=1)] = 15.0,
    longest: Annotated[float, typer.Option("--max", min=1)] = 60.0,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Suggest passages that stand alone, with reasons. / Proposer des passages."""
    from media.moments import suggest
    if longest < shortest:
        raise BadInput("La durée maximale est plus courte que la minimale.",
                       "The longest length is shorter than the shortest.")
    found = suggest(_heard(transcript).segments, count, shortest, longest)
    shaped = [{"start": m.start, "end": m.end, "text": m.text, "reasons": [r.said(tongue()) for r in m.reasons]}
              for m in found]
    if as_json:
        answer_json(shaped)
    else:
        answer("\n\n".join(f"{m.start:.1f}–{m.end:.1f} s  {m.text}\n  " + "; ".join(r.said(tongue()) for r in m.reasons)
                           for m in found))


def clip(
    file: Path,
    start: Annotated[float, typer.Option("--from", min=0)],
    end: Annotated[float, typer.Option("--to", min=0)],
    output: Annotated[Path, typer.Option(help="MP4")],
    remove: Annotated[list[str] | None, typer.Option(help="S-S, répétable. / S-S, repeatable.")] = None,
    form: Annotated[Shape, typer.Option("--format")] = Shape.VERTICAL,
    captions: Annotated[CaptionStyle, typer.Option()] = CaptionStyle.PLAIN,
    transcript: Annotated[Path | None, typer.Option(help="TRANSCRIPT.json")] = None,
    snap: Annotated[bool, typer.Option("--snap", help="Caler sur la parole. / Snap to the edges of speech.")] = False,
) -> None:
    """Cut a captioned extract, to the frame. / Couper un extrait sous-titré."""
    import tempfile

    from media.cutter import ClipRecipe
    from media.pyav_inspector import PyavInspector
    from media.transcriber import Listening
    from studio.settings import read_settings
    from studio.wiring import cutter, transcriber
    check_output(output, file, transcript)
    settings = read_settings()
    facts = PyavInspector().look(file, settings.limits.minutes * 60)
    if end <= start:
        raise BadInput("La fin vient avant le début ; --to doit être après --from.",
                       "The end comes before the beginning; --to must be after --from.")
    if start >= facts.duration_s:
        raise BadInput(f"L'extrait commence après la fin du fichier ({facts.duration_s:.1f} s).",
                       f"The extract begins after the end of the file ({facts.duration_s:.1f} s).")
    span = _snapped(file, start, end) if snap else (start, min(end, facts.duration_s))
    words: tuple[Any, ...] = ()
    language = "fr"
    if captions is not CaptionStyle.NONE:
        heard = _heard(transcript) if transcript else transcriber(settings).hear(file, Listening(span=span))
        language = heard.language
        words = tuple(w for s in heard.segments for w in s.words if w.end > span[0] and w.start < span[1])
    keep = _without(span, [_range(text) for text in remove or []])
    kept_words = tuple(w for w in words if any(a <= (w.start + w.end) / 2 < b for a, b in keep))
    with tempfile.TemporaryDirectory() as scratch:
        cutter(Path(scratch)).clip(file, ClipRecipe(keep, form, captions, kept_words, language), output,
                                   progress=lambda share: tell(f"{share:4.0%}"))
    answer(str(output))


def tag(
    file: Annotated[str, typer.Argument(metavar="TEXT_FILE|-")],
    lines: Annotated[bool, typer.Option("--lines", help="Un texte par ligne. / One text a line.")] = False,
    values: Annotated[Path | None, typer.Option(help="VALUES.json")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Suggest three values, each with the sentence it rests on. / Proposer des valeurs."""
    from studio.settings import read_settings
    from studio.wiring import meaning
    from vectorstore.passages import sentences_of
    from vectorstore.tagger import suggest_values
    settings = read_settings()
    known = _values(values) if values else _library_values()
    sense = meaning(settings)
    text = read_text(file)
    for each in lines_of(text) if lines else [text]:
        sentences = sentences_of(each)
        found = suggest_values(sentences, known, sense) if sentences else []
        shaped = [{"value": f.value_id, "score": f.score, "evidence": sentences[f.evidence_index]} for f in found]
        if as_json:
            answer_json(shaped)
        else:
            answer("\n".join(f"{s['value']}  {s['score']:.2f}  {s['evidence']}" for s in shaped))


def check(
    post: Annotated[str, typer.Argument(metavar="POST.txt")],
    transcript: Annotated[Path, typer.Option(help="TRANSCRIPT.json")],
    suggestion: Annotated[Path | None, typer.Option(help="DRAFT.txt")] = None,
    others: Annotated[Path | None, typer.Option(help="POSTS.jsonl")] = None,
    speaker: Annotated[Who, typer.Option()] = Who.SELF,
    channel: Annotated[Channel | None, typer.Option()] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Look at a post: own words, unsupported facts, copied runs, length. / Relire une publication."""
    from prompts.channels import channel_rules
    from studio.writing.check import Against
    from studio.writing.check import check as look
    from studio.writing.shapes import check_json
    result = look(read_text(post), _source(transcript), Against(
        read_text(str(suggestion)) if suggestion else None, _posts(others) if others else (), speaker.value,
        channel_rules()[channel] if channel else None))
    shaped = check_json(result, tongue())
    if as_json:
        answer_json(shaped)
        return
    share = shaped["own_words"]
    answer(said("Vos mots : ", "Your words: ") + ("–" if share is None else f"{share:.0%}"))
    for finding in shaped["findings"]:
        answer(f"[{finding['kind']}] {finding['text']} — {finding['why']} {finding['fix']}")


def _snapped(file: Path, start: float, end: float) -> tuple[float, float]:
    from media.pyav_file import decoded
    from media.silero_edges import SileroEdges
    from media.speech_edges import snapped_range, widened
    reach = max(0.0, start - 1.0), end + 1.0
    samples = decoded(file, reach).samples
    speech = widened(SileroEdges().spans(samples), samples)
    return snapped_range(start, end, [(a + reach[0], b + reach[0]) for a, b in speech])


def draft_from_file(transcript: Path, profile: Profile, channel: Channel, language: str | None) -> dict[str, Any]:
    """Return the shape of a draft from a transcript file."""
    from studio.settings import read_settings
    from studio.wiring import writer
    from studio.writing.shapes import suggestion_json
    from studio.writing.writer import Brief
    source = _source(transcript)
    spoken: Language = "en" if (language or source.language) == "en" else "fr"
    return suggestion_json(writer(read_settings()).suggest(source, Brief(profile, channel, spoken, "")), tongue())


def _heard(transcript: Path) -> Heard:
    from media.transcript_text import read_json
    return read_json(read_text(str(transcript)))


def _source(transcript: Path) -> Source:
    from studio.writing.sentences import source_of
    heard = _heard(transcript)
    return source_of(heard.segments, heard.language)


def _posts(file: Path) -> tuple[str, ...]:
    found = []
    for number, line in enumerate(lines_of(read_text(str(file))), start=1):
        if line.strip():
            try:
                post = json_value(line)
                found.append(post if isinstance(post, str) else str(post["text"]))
            except (ValueError, KeyError, TypeError) as wrong:
                raise BadInput(f"La ligne {number} de « {file} » n'est pas une publication ({{\"text\": …}}).",
                               f"Line {number} of “{file}” is not a post ({{\"text\": …}}).") from wrong
    return tuple(found)


def _values(file: Path) -> list[Value]:
    from story_bank.ids import ValueId
    from story_bank.language import Bilingual
    from story_bank.story import Value

    def both(text: Any) -> Bilingual:
        return Bilingual(text["fr"], text["en"]) if isinstance(text, dict) else Bilingual(str(text), str(text))
    try:
        read = json_value(read_text(str(file)))
        return [Value(ValueId(str(each["id"])), both(each["name"]), both(each["description"]),
                      tuple(both(b) for b in each.get("behaviours", [])), tuple(map(str, each.get("examples", []))))
                for each in read]
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise BadInput(f"« {file} » n'est pas une liste de valeurs (id, name, description, behaviours).",
                       f"“{file}” is not a list of values (id, name, description, behaviours).") from wrong


def _library_values() -> list[Value]:
    from studio.settings import read_settings
    from studio.wiring import bank
    kept = bank(read_settings())
    kept.migrate()
    with kept.open() as work:
        known = work.values()
    if not known:
        raise BadInput("Aucune valeur n'est connue ici ; donnez un fichier avec --values.",
                       "No value is known here; give a file with --values.")
    return known


def _range(text: str) -> tuple[float, float]:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)", text.strip())
    if match is None or float(match[2]) <= float(match[1]):
        raise BadInput(f"« {text} » n'est pas une plage ; écrivez-la comme 12.5-14.",
                       f"“{text}” is not a range; write it like 12.5-14.")
    return float(match[1]), float(match[2])


def _without(span: tuple[float, float], removed: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    keep, at = [], span[0]
    for start, end in sorted(removed):
        if start > at:
            keep.append((at, min(start, span[1])))
        at = max(at, end)
        if at >= span[1]:
            break
    if at < span[1]:
        keep.append((at, span[1]))
    return tuple(keep)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        answer(text)
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as wrong:
        raise unwritable(output) from wrong


COMMANDS: dict[str, Callable[..., Any]] = {
    "transcribe": transcribe, "moments": moments, "clip": clip, "tag": tag, "check": check,
}
