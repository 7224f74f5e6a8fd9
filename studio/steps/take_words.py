"""Taking the words of a story away: text, captions, document, data; one's own, or what a consent lets one write from.

Captions obey the norms of `media.captions`. Hidden names are hidden here as they are on the page.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from media import transcript_text
from media.transcriber import Heard
from prompts.consent_text import day
from story_bank.access import Act
from story_bank.bank import Asker, Deed, Did
from story_bank.errors import BadInput, NotFound
from story_bank.ids import StoryId
from story_bank.language import Language
from story_bank.story import Story
from story_bank.transcript import Transcript
from studio.documents.docx_transcript import Page, as_docx
from studio.documents.receipts import titled
from studio.steps.read import as_read_by, shown_name
from studio.steps.receipt import company_of
from studio.steps.step import Step


class WordsForm(StrEnum):
    """The forms in which words are taken away."""

    TXT = "txt"
    DOCX = "docx"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that is ready."""

    title: str
    data: bytes


class TakeWords(Step):
    """Take the words of a story away as a file."""

    use = Act.TAKE

    def run(self, asker: Asker, story_id: StoryId, form: WordsForm) -> Taken:
        """Return the file, having noted who takes it where the story is somebody else's.

        `NotFound`, `NotAllowed` where no consent covers it, `BadInput` for captions of a story without a recording.
        """
        with self.tools.bank.open() as work:
            kept = self.story(work, asker, story_id)
            story, transcript = as_read_by(work, asker, kept)
            own, author = kept.author_id == asker.person.id, work.person(kept.author_id)
            name = author.display_name if own else shown_name(author, work.scopes([kept])[kept.id])
            company = company_of(work).name
        if transcript is not None and not transcript.finished:
            raise NotFound("Les mots s'écrivent encore ; revenez quand ils sont là.",
                           "The words are being written still; come back when they are here.")
        title = titled(story.title, story.language)
        about = f"{company} · {day(story.recorded_on, story.language)}"
        data = _written(form, story, transcript, Page(title, name, about, transcript_text.VOICE[story.language]))
        if not own:
            with self.tools.bank.open() as work:
                self.story(work, asker, story_id)
                work.note(Deed(self.tools.clock(), asker.person.id, Did.DOWNLOADED, story_id))
                work.commit()
        return Taken(title, data)


def _written(form: WordsForm, story: Story, transcript: Transcript | None, page: Page) -> bytes:
    if transcript is None:
        return _of_a_text(form, story, page)
    if form is WordsForm.DOCX:
        return as_docx(page, transcript, transcript.created_at)
    write = {WordsForm.TXT: transcript_text.as_text, WordsForm.SRT: transcript_text.as_srt,
             WordsForm.VTT: transcript_text.as_vtt, WordsForm.JSON: transcript_text.as_json}[form]
    note = transcript.note
    return write(Heard(transcript.language, transcript.model, transcript.duration_s, transcript.segments, note,
                       note)).encode()


def _of_a_text(form: WordsForm, story: Story, page: Page) -> bytes:
    if form is not WordsForm.TXT:
        raise BadInput("Ce récit est écrit : il s'emporte comme texte seul.",
                       "This story was written: it can be taken as text alone.")
    return f"{page.title}\n\n{story.text}\n".encode()


def named(taken: Taken, form: WordsForm, lang: Language) -> str:
    """Return what to call the file; letters that every system takes."""
    plain = unicodedata.normalize("NFKD", taken.title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]
    return f"vecu-{slug or ('recit' if lang == 'fr' else 'story')}.{form.value}"
