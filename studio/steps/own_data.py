"""What an export holds, as data that another program can read: ids, words and choices that are the person's own."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from story_bank.access import Act, Use
from story_bank.bank import Asker, Work
from story_bank.consent import Consent, Withdrawal
from story_bank.errors import NotFound
from story_bank.glossary import Proposal, Term
from story_bank.ids import StoryId
from story_bank.making import Clip, Draft, Post, Share
from story_bank.recording import Recording
from story_bank.story import Story
from story_bank.transcript import Transcript
from studio.steps.read import hidden_names, still_agreed


@dataclass(frozen=True, slots=True)
class Made:
    """One story of one's own with all that was made of it; transcripts newest first."""

    story: Story
    values: tuple[str, ...]
    recording: Recording | None
    transcripts: tuple[Transcript, ...]
    clips: tuple[Clip, ...]
    drafts: tuple[Draft, ...]
    shares: tuple[Share, ...]


def gather(work: Work, asker: Asker, story_id: StoryId) -> Made:
    """Return a story of the asker's own (`NotFound` for anybody else's); extracts as far as everyone in them agreed."""
    told = next((each for each in work.stories_of(asker.person.id) if each.id == story_id), None)
    if told is None:
        raise NotFound("Ce récit n'est pas dans vos récits.", "This story is not among your stories.")
    recording = work.recording(asker, Use(Act.READ), told.recording_id) if told.recording_id else None
    scopes = work.scopes([told])[told.id]
    hidden = hidden_names(work, told, scopes)
    names = {value.id: value.name.said(asker.person.language) for value in work.values()}
    clips = tuple(each for each in work.clips_of(asker, Use(Act.CUT), story_id) if still_agreed(each, scopes, hidden))
    return Made(told, tuple(names.get(each, each) for each in told.value_ids), recording, _versions(work, recording),
                clips, tuple(each for each in work.drafts_for(asker, story_id) if each.suggestion is not None),
                tuple(share for share in work.shares_of(story_id) if share.person_id == asker.person.id))


def _versions(work: Work, recording: Recording | None) -> tuple[Transcript, ...]:
    latest = work.transcript(recording.id) if recording else None
    if recording is None or latest is None:
        return ()
    earlier = (work.transcript(recording.id, number) for number in range(latest.version - 1, 0, -1))
    return (latest, *(each for each in earlier if each is not None))


def story(made: Made) -> dict[str, Any]:
    """Return a story, its recording and its extracts; others in it by their ids."""
    told, kept = made.story, made.recording
    return {
        "id": told.id, "title": told.title, "text": told.text, "language": told.language,
        "recorded_on": told.recorded_on, "created_at": _iso(told.created_at), "team": told.team, "site": told.site,
        "values": made.values, "also_recognisable": told.appearing, "imported_as": told.source_id,
        "recording": None if kept is None else {
            "id": kept.id, "kind": kept.kind.value, "file_name": kept.original_name, "sha256": kept.sha256,
            "duration_s": kept.duration_s, "created_at": _iso(kept.created_at), "question": kept.question_id,
            "questions_asked": [asdict(marker) for marker in kept.markers], "said_of_it": asdict(kept.context),
            "voices_heard": kept.voices, "faces_seen": kept.faces},
        "extracts": [_clip(each) for each in made.clips],
        "share_pages": [{"extract": each.clip_id, "channel": each.channel.value, "made_at": _iso(each.made_at)}
                        for each in made.shares]}


def _clip(clip: Clip) -> dict[str, Any]:
    return {"id": clip.id, "title": clip.title, "shape": clip.shape.value, "captions": clip.captions.value,
            "duration_s": clip.duration_s, "created_at": _iso(clip.created_at), "cut_by": clip.person_id}


def draft(suggested: Draft) -> dict[str, Any]:
    """Return a suggestion."""
    return {"id": suggested.id, "story": suggested.story_id, "profile": suggested.profile.value,
            "channel": suggested.channel.value, "language": suggested.language,
            "created_at": _iso(suggested.created_at), "suggestion": asdict(suggested.suggestion)
            if suggested.suggestion is not None else None}


def draft_text(suggested: Draft) -> str:
    """Return a suggestion as one reads it."""
    found = suggested.suggestion
    head = f"{suggested.channel.value} · {suggested.profile.value}"
    if found is None:
        return head
    angles = (f"{angle.title}\n{angle.hook}\n{' '.join(each.text for each in angle.sentences)}"
              for angle in found.angles)
    return "\n\n".join([head, *found.questions, *angles])


def post(page: Post, *, with_text: bool) -> dict[str, Any]:
    """Return a page that the person wrote; the story it came from by its id."""
    return {"id": page.id, "story": page.story_id, "channel": page.channel.value,
            "text": page.text if with_text else None,
            "version": page.version, "updated_at": _iso(page.updated_at), "published_at": _iso(page.published_at),
            "address": page.address}


def proposal(wish: Proposal, term: Term) -> dict[str, Any]:
    """Return what the person proposed for the glossary."""
    return {"written": term.written, "heard": wish.heard, "kind": term.kind.value, "state": term.state.value,
            "story": wish.story_id, "at": _iso(wish.at)}


def consent_event(event: Consent | Withdrawal) -> dict[str, Any]:
    """Return a signature or a withdrawal as it was kept."""
    if isinstance(event, Withdrawal):
        return {"id": event.id, "withdrawal_of": event.subject_id, "at": _iso(event.at),
                "channels": None if event.channels is None else sorted(event.channels)}
    scope = event.scope
    return {
        "id": event.id, "consent_for": event.subject_id, "signed_at": _iso(event.signed_at),
        "signature": event.signature, "purposes": sorted(scope.purposes), "channels": sorted(scope.channels),
        "from": scope.from_day, "until": scope.until_day, "appears": asdict(scope.appears),
        "text_version": event.text_version, "text_sha256": event.text_hash, "text": event.text}


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()
