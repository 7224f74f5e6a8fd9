"""Taking one's data along: a zip that a person can read, of everything that is theirs (GDPR art. 15 and 20)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from media import transcript_text
from media.transcriber import Heard
from prompts.consent_text import channel_label, day
from story_bank.access import Act, Use
from story_bank.bank import Asker, Deed, Did
from story_bank.company import Company
from story_bank.errors import NotFound
from story_bank.ids import MediaKey, StoryId
from story_bank.language import Language
from story_bank.transcript import Transcript
from studio.documents import spreadsheet
from studio.documents.archive import Archive
from studio.documents.document import Printer, Receipt
from studio.documents.receipts import About, forgetting_receipt, receipt_of, titled
from studio.steps import own_data
from studio.steps.journal import ReadJournal
from studio.steps.receipt import Titles, company_of
from studio.steps.step import Step
from studio.toolbox import Toolbox
from studio.typography import W

_PROFILE, _STORIES = W("Votre profil", "Your profile"), W("Vos récits", "Your stories")
_POSTS = W("Ce que vous avez écrit", "What you wrote")
_CONSENTS = W("Vos accords et retraits", "Your consents and withdrawals")
_GLOSSARY = W("Vos propositions pour le glossaire", "What you proposed for the glossary")
_JOURNAL, _GONE = W("Votre journal", "Your journal"), W("Vos effacements", "Your erasures")
_FILES = {
    "stories": W("recits", "stories"), "story": W("recit", "story"), "recording": W("enregistrement", "recording"),
    "transcript": W("transcription", "transcript"), "extracts": W("extraits", "extracts"),
    "drafts": W("propositions", "suggestions"), "posts": W("publications", "posts"),
    "consents": W("accords", "consents"), "gone": W("effacements", "erasures"), "journal": W("journal", "journal"),
    "glossary": W("glossaire", "glossary"), "profile": W("profil", "profile"), "history": W("historique", "history"),
}
_TEXT, _RECORDING = W("le texte", "the text"), W("l'enregistrement", "the recording")
_TRANSCRIPT, _VERSION = W("la transcription", "the transcript"), W("version {n}", "version {n}")
_EXTRACT, _DRAFTS = W("extrait : {title}", "extract: {title}"), W("les propositions de texte", "the suggested texts")
_FACTS = W("les données (JSON)", "the data (JSON)")
_LOST = W("l'enregistrement n'était plus dans le coffre", "the recording was no longer in the vault")
_ABOUT_OTHER = W("{channel}, à partir d'un récit de quelqu'un d'autre", "{channel}, from somebody else's story")
_HELD = W("l'accord ne couvre plus ce récit : votre texte n'est pas repris, son numéro et ses dates le sont",
          "the consent covers this story no more: your text is left out, its number and dates are here")
_COLUMNS = (W("Quand", "When"), W("Qui", "Who"), W("Quoi", "What"), W("Récit", "Story"),
            W("Numéro du récit", "Number of the story"))


class ExportOwn(Step):
    """Take everything of one's own along; a guest may, too."""

    use = Act.KEEP

    def run(self, asker: Asker, printer: Printer, target: Path) -> str:
        """Write the zip and return what to call it; `NotAvailable` when the disk is full.

        Of somebody else's story it holds ids alone. What is erased while it is being written is left out.
        """
        with self.tools.bank.open() as work:
            company = company_of(work)
        archive = Archive(target, asker.day)
        with archive.writing():
            _Export(self.tools, asker, printer, company, archive).write()
        with self.tools.bank.open() as work:
            work.note(Deed(self.tools.clock(), asker.person.id, Did.EXPORTED, ""))
            work.commit()
        return f"vecu-{W('mes-donnees', 'my-data').said(asker.person.language)}-{asker.day.isoformat()}.zip"


@dataclass(frozen=True, slots=True)
class _Export:
    """One export while it is being written."""

    tools: Toolbox
    asker: Asker
    printer: Printer
    company: Company
    archive: Archive

    def write(self) -> None:
        """Write each part, then the page that lists them."""
        archive, lang = self.archive, self.lang
        archive.part(_PROFILE.said(lang))
        archive.json(f"{self.name('profile')}.json", self.profile(), _FACTS.said(lang))
        archive.part(_STORIES.said(lang))
        with self.tools.bank.open() as work:
            ids = [story.id for story in work.stories_of(self.asker.person.id)]
        for story_id in ids:
            self.story(story_id)
        self.posts()
        self.glossary()
        self.consents()
        self.erasures()
        self.journal()
        archive.page(self.asker.person.display_name, self.company.name, lang)

    @property
    def lang(self) -> Language:
        """The person's language."""
        return self.asker.person.language

    def name(self, part: str) -> str:
        """Return what a part's files are called."""
        return _FILES[part].said(self.lang)

    def profile(self) -> dict[str, object]:
        """Return what is known of the person."""
        person = self.asker.person
        with self.tools.bank.open() as work:
            badges = work.badges_of(person.id)
        return {"id": person.id, "name": person.display_name, "first_name": person.first_name, "email": person.email,
                "language": person.language, "job": person.job, "team": person.team, "site": person.site,
                "roles": sorted(person.roles), "left_on": person.left_on, "company": self.company.name,
                "company_sign_in": [{"issuer": badge.issuer, "subject": badge.subject} for badge in badges]}

    def story(self, story_id: StoryId) -> None:
        """Write one story: text, recording, transcript, extracts, suggestions."""
        with self.tools.bank.open() as work:
            try:
                made = own_data.gather(work, self.asker, story_id)
            except NotFound:  # erased since the list was read
                return
        story, archive = made.story, self.archive
        title = titled(story.title, self.lang)
        folder = archive.folder(self.name("stories"), f"{story.recorded_on.isoformat()}-{title}", story.id)
        archive.entry(title)
        if made.recording is None or story.text:
            archive.text(f"{folder}/{self.name('story')}.txt", f"{title}\n\n{story.text}\n", _TEXT.said(self.lang))
        archive.json(f"{folder}/{self.name('story')}.json", own_data.story(made), _FACTS.said(self.lang))
        if made.recording is not None:
            self.media(made.recording.original_key, f"{folder}/{self.name('recording')}", _RECORDING.said(self.lang))
        for number, transcript in enumerate(made.transcripts):
            self.transcript(folder, transcript, latest=number == 0)
        for clip in made.clips:
            label = _EXTRACT.said(self.lang).format(title=titled(clip.title, self.lang))
            if clip.media_key is not None:
                name = archive.folder(f"{folder}/{self.name('extracts')}", clip.title, clip.id)
                self.media(clip.media_key, name, label)
        if made.drafts:
            name = f"{folder}/{self.name('drafts')}"
            archive.json(f"{name}.json", list(map(own_data.draft, made.drafts)))
            archive.text(f"{name}.txt", "\n\n".join(map(own_data.draft_text, made.drafts)), _DRAFTS.said(self.lang))

    def media(self, key: MediaKey, name: str, label: str) -> None:
        """Copy a file of the vault in, piece by piece; one that is gone is told as gone."""
        try:
            with self.tools.vault.local(key) as file:
                self.archive.file(f"{name}{file.suffix}", file, label)
        except NotFound:
            self.archive.said(_LOST.said(self.lang))

    def transcript(self, folder: str, transcript: Transcript, *, latest: bool) -> None:
        """Write the transcript as text, captions and data; an earlier version as data alone."""
        heard = Heard(transcript.language, transcript.model, transcript.duration_s, transcript.segments,
                      transcript.note, transcript.note)
        name, label = f"{folder}/{self.name('transcript')}", _TRANSCRIPT.said(self.lang)
        if not latest:
            label = f"{label}, {_VERSION.said(self.lang).format(n=transcript.version)}"
            self.archive.text(f"{name}-v{transcript.version}.json", transcript_text.as_json(heard), label)
            return
        for ending, written in ((".txt", transcript_text.as_text), (".srt", transcript_text.as_srt),
                                (".json", transcript_text.as_json)):
            self.archive.text(f"{name}{ending}", written(heard), f"{label} ({ending})")

    def posts(self) -> None:
        """Write what the person wrote; of a colleague's story, their own words and its id alone.

        Their words may be the colleague's, so what nobody may draft from today goes by id and dates, unless they have
        published it.
        """
        with self.tools.bank.open() as work:
            posts, own = work.posts_of(self.asker.person.id), work.stories_of(self.asker.person.id)
            covered = work.allowed(self.asker, Use(Act.DRAFT), {post.story_id for post in posts})
        titles = {story.id: titled(story.title, self.lang) for story in own}
        taken = {post.id for post in posts if post.published_at or post.story_id in titles or post.story_id in covered}
        self.archive.part(_POSTS.said(self.lang))
        for post in posts:
            channel = channel_label(post.channel).said(self.lang)
            label = f"{channel} · {titles[post.story_id]}" if post.story_id in titles else _ABOUT_OTHER.said(
                self.lang).format(channel=channel)
            if post.id not in taken:
                self.archive.said(f"{label} ({_HELD.said(self.lang)})")
                continue
            self.archive.text(f"{self.name('posts')}/{post.channel.value}-{post.id}.txt", f"{post.text}\n", label)
        if posts:
            facts = [own_data.post(post, with_text=post.id in taken) for post in posts]
            self.archive.json(f"{self.name('posts')}/{self.name('posts')}.json", facts, _FACTS.said(self.lang))

    def glossary(self) -> None:
        """Write what the person proposed for the glossary."""
        with self.tools.bank.open() as work:
            wished = [own_data.proposal(each, work.term(each.term_id))
                      for each in work.proposals_of(self.asker.person.id)]
        if wished:
            self.archive.part(_GLOSSARY.said(self.lang))
            self.archive.json(f"{self.name('glossary')}.json", wished, _FACTS.said(self.lang))

    def consents(self) -> None:
        """Write the history of one's consents, and a receipt for each."""
        with self.tools.bank.open() as work:
            events = work.consents_of(self.asker.person.id)
            about = work.stories_about({event.subject_id for event in events})
        titles = Titles(self.tools).run(self.asker)
        self.archive.part(_CONSENTS.said(self.lang))
        for event in events:
            told = about.get(event.subject_id, [])
            known = tuple(titles[story.id] for story in told if story.id in titles)
            history = [each for each in events if each.subject_id == event.subject_id]
            given = About(self.asker.person, self.company, known if known or not told else None, history)
            self._receipt("consents", receipt_of(event, given), event.id, known)
        if events:
            self.archive.json(f"{self.name('consents')}/{self.name('history')}.json",
                              list(map(own_data.consent_event, events)), _FACTS.said(self.lang))

    def erasures(self) -> None:
        """Write the receipts of one's erasures."""
        with self.tools.bank.open() as work:
            done = [each for each in work.forgotten() if each.person_id == self.asker.person.id]
        self.archive.part(_GONE.said(self.lang))
        for each in done:
            self._receipt("gone", forgetting_receipt(each, self.asker.person, self.company), each.id)
        if done:
            self.archive.json(f"{self.name('gone')}/{self.name('gone')}.json", [asdict(each) for each in done],
                              _FACTS.said(self.lang))

    def journal(self) -> None:
        """Write the whole journal as a table."""
        lines = ReadJournal(self.tools).run(self.asker, None)
        zone = ZoneInfo(self.company.timezone)
        rows = [(line.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"), line.who, line.did, line.about, line.story_id)
                for line in lines]
        self.archive.part(_JOURNAL.said(self.lang))
        self.archive.data(f"{self.name('journal')}.csv",
                          spreadsheet.as_csv([[each.said(self.lang) for each in _COLUMNS], *rows]),
                          _JOURNAL.said(self.lang))

    def _receipt(self, folder: str, receipt: Receipt, event_id: str, titles: tuple[str, ...] = ()) -> None:
        label = " · ".join([receipt.title, *titles, day(self.company.day(receipt.made_at), self.lang)])
        self.archive.data(f"{self.name(folder)}/{receipt.name}-{event_id[-8:]}.pdf", self.printer.receipt(receipt),
                          label)
