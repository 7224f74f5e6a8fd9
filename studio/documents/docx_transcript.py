"""A transcript as a Word document, by python-docx, which nothing else imports; the same words make the same bytes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from story_bank.language import Language
from story_bank.transcript import Segment, Transcript

_TONGUES = {"fr": "fr-FR", "en": "en-GB"}
_STAMP = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name."""
_PARAGRAPH_S, _PARAGRAPH_WORDS = 1.5, 90
"""A pause, and a length, after which a long turn goes on in a paragraph of its own."""


@dataclass(frozen=True, slots=True)
class Page:
    """What stands above the words, as the consent lets it: an author of "" is not named."""

    title: str
    author: str
    about: str
    """One line: the company, the day."""
    voice: str
    """What a speaker without a name is called: "Voix"."""


def as_docx(page: Page, transcript: Transcript, made_at: datetime) -> bytes:
    """Return the document: title, author, then paragraphs with their speaker and second."""
    document = docx.Document()
    _speak(document, transcript.language)
    core = document.core_properties
    core.title, core.author, core.last_modified_by = _shown(page.title), _shown(page.author), ""
    core.created = core.modified = made_at.replace(tzinfo=None)
    core.language, core.comments, core.revision = _TONGUES[transcript.language], "", 1
    document.add_heading(_shown(page.title), level=0)
    for line in filter(None, (page.author, page.about)):
        document.add_paragraph(_shown(line))
    several = len({segment.speaker for segment in transcript.segments}) > 1
    for speaker, segments in groupby(transcript.segments, key=lambda segment: segment.speaker):
        for number, paragraph in enumerate(_paragraphs(list(segments))):
            written = document.add_paragraph()
            written.paragraph_format.space_after = Pt(8)
            named = several and speaker is not None and number == 0
            who = f" {_called(speaker or '', page.voice)}" if named else ""
            written.add_run(f"[{_clock(paragraph[0].start)}]{who}  ").bold = True
            written.add_run(_shown(" ".join(segment.text for segment in paragraph)))
    if transcript.note and not transcript.segments:
        document.add_paragraph(_shown(transcript.note))
    made = io.BytesIO()
    document.save(made)
    return _always_the_same(made.getvalue())


def _paragraphs(segments: list[Segment]) -> list[list[Segment]]:
    made: list[list[Segment]] = []
    for segment in segments:
        length = sum(len(each.words) for each in made[-1]) if made else 0
        if not made or segment.start - made[-1][-1].end >= _PARAGRAPH_S or length >= _PARAGRAPH_WORDS:
            made.append([])
        made[-1].append(segment)
    return made


def _speak(document: docx.document.Document, language: Language) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(11.5)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), _TONGUES[language])
    style.element.get_or_add_rPr().append(spoken)
    for default in document.styles.element.iter(qn("w:lang")):
        default.set(qn("w:val"), _TONGUES[language])


def _called(speaker: str, voice: str) -> str:
    return _shown(f"{voice} {speaker}" if len(speaker) <= 2 else speaker)


def _shown(text: str) -> str:
    """Return the text without what XML cannot hold."""
    return "".join(char for char in text if char in "\t\n" or (char >= " " and char not in "\ufffe\uffff"))


def _clock(second: float) -> str:
    return f"{int(second) // 60}:{int(second) % 60:02d}"


def _always_the_same(made: bytes) -> bytes:
    """Write the zip again with one moment for every part, so that the same words make the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(zipfile.ZipInfo(name, _STAMP), before.read(name), zipfile.ZIP_DEFLATED)
    return written.getvalue()
