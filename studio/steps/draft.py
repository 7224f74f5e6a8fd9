"""Drafting: suggestions made of the speaker's own words, beside an empty page that stays the author's."""

from __future__ import annotations

from dataclasses import dataclass, replace

from prompts.channels import channel_rules
from story_bank.access import Act
from story_bank.bank import Asker, Work
from story_bank.consent import Channel
from story_bank.errors import Cancelled as Stopped
from story_bank.errors import NotFound
from story_bank.ids import DraftId, PersonId, PostId, StoryId, new_id
from story_bank.language import Language
from story_bank.making import Draft, Job, JobKind, Post, Profile
from story_bank.naming import suggestion_without_hidden, without_hidden
from story_bank.story import Story
from story_bank.transcript import Transcript
from studio.steps.read import as_written_from, names_not_to_write
from studio.steps.step import Cancelled, Progress, Step, never, silent
from studio.writing.check import Against, CheckResult, check
from studio.writing.sentences import source_of, source_of_text
from studio.writing.shapes import suggestion_text
from studio.writing.writer import Brief, Source


def told_by(story: Story, transcript: Transcript | None) -> Source:
    """Return what was said (or written), sentence by sentence, for writing and checking."""
    if transcript is None:
        return source_of_text(story.text, story.language)
    return source_of(transcript.segments, transcript.language)


def as_read(work: Work, asker: Asker, story: Story, draft: Draft) -> Draft:
    """Return one's suggestion without the names that others in the story hide today, whenever it was written."""
    if draft.suggestion is None:
        return draft
    names = names_not_to_write(work, asker, story)
    return replace(draft, suggestion=suggestion_without_hidden(draft.suggestion, names))


class AskForDraft(Step):
    """Ask for angles on a story, for a profile, channel and language."""

    use = Act.DRAFT

    def run(self, asker: Asker, story_id: StoryId, profile: Profile, channel: Channel, language: Language) -> DraftId:
        """Return the id of the suggestion to come; it takes the place of the one before for the same request."""
        with self.tools.bank.open() as work:
            work.hold_story(story_id)
            story = self.story(work, asker, story_id)
            draft = Draft(DraftId(new_id()), story.id, asker.person.id, profile, channel, language, self.tools.clock())
            work.save_draft(draft)
            self.ask_for(work, JobKind.DRAFT, draft.id, asker.person.id)
            work.commit()
        return draft.id


class OfferedChannels(Step):
    """See where this company writes."""

    use = Act.KEEP

    def run(self) -> tuple[Channel, ...]:
        """Return the company's channels in its order; all of them where it never chose."""
        with self.tools.bank.open() as work:
            company = work.company()
        return (company.channels if company else ()) or tuple(Channel)


@dataclass(frozen=True, slots=True)
class AskedDraft:
    """A suggestion and the job that writes it, if it was asked for here."""

    draft: Draft
    job: Job | None


class DraftsFor(Step):
    """Find again what was suggested to a person for a story."""

    use = Act.DRAFT

    def run(self, asker: Asker, story_id: StoryId, profile: Profile, channel: Channel,
            language: Language) -> AskedDraft | None:
        """Return the suggestion for that profile, channel and language, or None where it was never asked for."""
        with self.tools.bank.open() as work:
            story = self.story(work, asker, story_id)
            found = next((draft for draft in work.drafts_for(asker, story.id)
                          if (draft.profile, draft.channel, draft.language) == (profile, channel, language)), None)
            return AskedDraft(as_read(work, asker, story, found),
                              next(iter(work.jobs_for(found.id)), None)) if found else None


class WriteDraft(Step):
    """Fill a suggestion: by the configured chat model, or from the speaker's own sentences."""

    use = Act.DRAFT

    def run(self, draft_id: DraftId, person_id: PersonId, progress: Progress = silent,
            cancelled: Cancelled = never) -> None:
        """Write once; consent is asked before the work and again before it is kept."""
        asker = self.tools.asker(person_id)
        with self.tools.bank.open() as work:
            draft = work.draft_of_job(draft_id)
            story, transcript = as_written_from(work, asker, self.story(work, asker, draft.story_id))
            company = work.company()
        if draft.suggestion is not None:
            return
        progress(0.1)
        brief = Brief(draft.profile, draft.channel, draft.language, company.name if company else "")
        suggestion = self.tools.writer.suggest(told_by(story, transcript), brief)
        if cancelled():
            raise Stopped
        asker = self.tools.asker(person_id)
        with self.tools.bank.open() as work:
            work.hold_story(draft.story_id)
            self.story(work, asker, draft.story_id)
            work.draft_of_job(draft_id)  # a newer request took its place: nothing is written over it
            work.save_draft(replace(draft, suggestion=suggestion))
            work.commit()


class WritePost(Step):
    """Keep the author's own page as it is typed, and look at it."""

    use = Act.DRAFT

    def kept(self, asker: Asker, story_id: StoryId, channel: Channel) -> Post | None:
        """Return one's own page for that channel as it was kept, if begun."""
        with self.tools.bank.open() as work:
            return work.post_for(asker, self.story(work, asker, story_id).id, channel)

    def save(self, asker: Asker, story_id: StoryId, channel: Channel, text: str, version: int) -> Post:
        """Return the page as kept; `version` is what the person saw, 0 for a new page (`Conflict` if it moved on)."""
        with self.tools.bank.open() as work:
            work.hold_story(story_id)
            story = self.story(work, asker, story_id)
            before = work.post_for(asker, story.id, channel)
            now = self.tools.clock()
            post = (replace(before, text=text[:200_000], version=version + 1, updated_at=now) if before else
                    Post(PostId(new_id()), story.id, asker.person.id, channel, text[:200_000], now))
            work.save_post(post)
            work.commit()
        return post

    def look(self, asker: Asker, story_id: StoryId, channel: Channel, text: str) -> CheckResult:
        """Return own words and findings against the story and every suggestion this person was shown for it."""
        with self.tools.bank.open() as work:
            kept = self.story(work, asker, story_id)
            story, transcript = as_written_from(work, asker, kept)
            drafts = [as_read(work, asker, kept, draft) for draft in work.drafts_for(asker, story.id)]
            company, people = work.company(), self._named(work, asker, kept)
        shown = "\n\n".join(suggestion_text(draft.suggestion) for draft in drafts if draft.suggestion)
        return check(text, told_by(story, transcript), Against(
            suggestion=shown or None, speaker="self" if story.author_id == asker.person.id else "other",
            rules=channel_rules()[channel], known=(company.name if company else "", *people)))

    def _named(self, work: Work, asker: Asker, story: Story) -> tuple[str, ...]:
        """Return the names that may be written without the story saying them."""
        hidden = names_not_to_write(work, asker, story)
        return tuple(without_hidden(work.person(one).display_name, hidden) for one in story.people)

    def published(self, asker: Asker, story_id: StoryId, channel: Channel, address: str | None) -> Post:
        """Note that the author published the page themselves, where and when they say."""
        with self.tools.bank.open() as work:
            work.hold_story(story_id)
            post = work.post_for(asker, self.story(work, asker, story_id, channel).id, channel)
            kept = self._published(post, address)
            work.save_post(kept)
            work.commit()
        return kept

    def _published(self, post: Post | None, address: str | None) -> Post:
        if post is None or not post.text.strip():
            raise NotFound("Votre page est vide : écrivez d'abord.", "Your page is empty: write first.")
        return replace(post, version=post.version + 1, published_at=self.tools.clock(), address=address or None)
