"""Sharing: a page outside sign-in that shows one extract, on one channel, for as long as everyone in it allows that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from story_bank.access import Act, Light, Use, covers, light, may
from story_bank.bank import Asker, Deed, Did, Work
from story_bank.company import Company
from story_bank.consent import Channel, Scope
from story_bank.errors import BadInput, NotAllowed, NotFound
from story_bank.ids import ClipId, MediaKey, ShareId, StoryId, new_id
from story_bank.language import Language
from story_bank.making import Clip, Shape, Share
from story_bank.naming import Named, without_hidden
from story_bank.story import Story
from story_bank.transcript import Transcript
from studio.access.secrets import kept_as, new_secret
from studio.steps.clip import Selection, captioned_words
from studio.steps.read import hidden_names, shown_name, still_agreed
from studio.steps.step import Step


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page that has not ended, for those who may close it."""

    share: Share
    title: str
    maker: str
    """Who made it; "" for oneself."""
    light: Light


@dataclass(frozen=True, slots=True)
class ToShare:
    """What may be made into pages today, and the pages that are open."""

    clips: tuple[Clip, ...]
    channels: tuple[Channel, ...]
    pages: tuple[OpenPage, ...]


@dataclass(frozen=True, slots=True)
class SharedExtract:
    """What anybody who holds the address sees; `author` and `words` as far as names may be shown."""

    title: str
    author: str
    company: str
    language: Language
    shape: Shape
    words: str
    media_key: MediaKey


class SharePage(Step):
    """Make, list and end share pages: one's own story, or one that consent lets an ambassador or editor share."""

    use = Act.SHARE

    def look(self, asker: Asker, story_id: StoryId) -> ToShare:
        """Return what the asker may share of a story, where, and the open pages: every one to who is in the story.

        Others see the pages that they made themselves.
        """
        with self.tools.bank.open() as work:
            story = work.story(asker, Use(Act.READ), story_id)
            scopes, company = work.scopes([story])[story.id], work.company()
            names = hidden_names(work, story, scopes)
            channels = tuple(each for each in _offered(company)
                             if may(asker.person, Use(self.use, each), story.author_id, scopes, asker.day))
            clips = tuple(replace(clip, title=without_hidden(clip.title, names))
                          for clip in work.clips_of(asker, Use(Act.READ), story.id)
                          if channels and _shows(clip, scopes, names, asker.day))
            pages = [share for share in work.shares_of(story.id) if _may_end(asker, story, share)]
            return ToShare(clips, channels, tuple(_page(work, asker, share, scopes, names) for share in pages))

    def make(self, asker: Asker, clip_id: ClipId, channel: Channel) -> str:
        """Return the secret of a new page's address, which is not kept: it cannot be shown again.

        `NotAllowed` where no consent covers the channel today; `NotFound` where the extract is not ready.
        """
        secret, now = new_secret(), self.tools.clock()
        with self.tools.bank.open() as work:
            work.hold_story(work.clip_of_job(clip_id).story_id)
            clip = work.clip_of_job(clip_id)
            story = self.story(work, asker, clip.story_id, channel)
            if channel not in _offered(work.company()):
                raise BadInput("Votre entreprise n'a pas choisi ce support ; prenez-en un autre.",
                               "Your company did not choose this channel; take another one.")
            scopes = work.scopes([story])[story.id]
            if not _shows(clip, scopes, hidden_names(work, story, scopes), asker.day):
                raise NotAllowed("Cet extrait n'est pas prêt, ou montre plus que l'accord d'aujourd'hui ne permet ; "
                                 "coupez-le de nouveau.",
                                 "This extract is not ready, or shows more than today's consent allows; cut it again.")
            share = Share(ShareId(new_id()), clip.id, story.id, channel, asker.person.id, kept_as(secret), now)
            work.save_share(share)
            work.note(Deed(now, asker.person.id, Did.SHARED, story.id))
            work.commit()
        return secret

    def end(self, asker: Asker, story_id: StoryId, share_id: ShareId) -> None:
        """Close a page for good: one's own, or any of a story that one is in (`NotFound`); twice is once."""
        now = self.tools.clock()
        with self.tools.bank.open() as work:
            story = work.story_of_job(story_id)
            share = next((each for each in work.shares_of(story.id) if each.id == share_id), None)
            if share is None:
                return
            if not _may_end(asker, story, share):
                raise NotFound("Cette page n'est pas à vous.", "This page is not yours.")
            work.save_share(replace(share, ended_at=now))
            work.note(Deed(now, asker.person.id, Did.UNSHARED, story.id))
            work.commit()


class OpenShare(Step):
    """Open a share page, for anybody."""

    use = Act.SHARE

    def run(self, secret: str) -> SharedExtract | None:
        """Return what the page shows, or None when it is gone, for whatever reason (`NotFound`: never was)."""
        with self.tools.bank.open() as work:
            share, company, now = work.share(kept_as(secret)), work.company(), self.tools.clock()
            if share is None:
                raise NotFound("Il n'y a rien à cette adresse.", "There is nothing at this address.")
            today = company.day(now) if company else now.date()
            try:
                story = work.story_open_to_all(share.story_id, share.channel, today)
                clip = work.clip_of_job(share.clip_id)
            except NotFound:
                return None
            scopes = work.scopes([story])[story.id]
            names = hidden_names(work, story, scopes)
            if share.ended_at is not None or clip.media_key is None or not _shows(clip, scopes, names, today):
                return None
            transcript = work.transcript(clip.recording_id)
            return SharedExtract(without_hidden(clip.title, names), shown_name(work.person(story.author_id), scopes),
                                 company.name if company else "", transcript.language if transcript else story.language,
                                 clip.shape, _words(clip, transcript, names), clip.media_key)


def _offered(company: Company | None) -> tuple[Channel, ...]:
    return (company.channels if company else ()) or tuple(Channel)


def _may_end(asker: Asker, story: Story, share: Share) -> bool:
    return asker.person.id == share.person_id or asker.person.id in story.people


def _shows(clip: Clip, scopes: Sequence[Scope | None], names: Sequence[Named], day: date) -> bool:
    """Tell whether the extract is there and everyone in it still agrees to it, and to all that it shows."""
    cut = all(covers(scope, Use(Act.CUT), day) for scope in scopes)
    return clip.media_key is not None and cut and still_agreed(clip, scopes, names)


def _page(work: Work, asker: Asker, share: Share, scopes: Sequence[Scope | None], names: Sequence[Named]) -> OpenPage:
    maker = "" if share.person_id == asker.person.id else work.person(share.person_id).display_name
    title = without_hidden(work.clip_of_job(share.clip_id).title, names)
    return OpenPage(share, title, maker, light(scopes, Use(Act.SHARE, share.channel), asker.day))


def _words(clip: Clip, transcript: Transcript | None, names: Sequence[Named]) -> str:
    """Return what is said in the extract, "" where its ends were corrected away since."""
    if transcript is None or not (transcript.word(clip.first_word) and transcript.word(clip.last_word)):
        return ""
    chosen = Selection(clip.first_word, clip.last_word, clip.removed)
    return " ".join(word.text for word in captioned_words(transcript, chosen, names))
