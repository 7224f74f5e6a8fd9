"""Small true-to-life things to put into a bank."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from story_bank.access import Act, Use
from story_bank.bank import Asker, Review, Token
from story_bank.consent import Appearance, Channel, Consent, NameShown, Purpose, Scope, Withdrawal
from story_bank.corner import Corner
from story_bank.ids import (
    ClipId,
    ConsentId,
    CornerId,
    DraftId,
    JobId,
    MediaKey,
    PersonId,
    PostId,
    RecordingId,
    ReviewId,
    ShareId,
    StoryId,
    SubjectId,
    TranscriptId,
    WordId,
    new_id,
)
from story_bank.language import Bilingual
from story_bank.making import (
    Angle,
    CaptionStyle,
    Clip,
    Draft,
    DraftSentence,
    Job,
    JobKind,
    JobState,
    Post,
    Profile,
    Shape,
    Share,
    Suggestion,
)
from story_bank.person import Person, Role
from story_bank.recording import Marker, MediaKind, Recording, SpokenContext
from story_bank.sql.bank import SqlBank, SqlWork
from story_bank.story import Passage, Story
from story_bank.transcript import Segment, Transcript, Word

NOON = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)
TODAY = date(2026, 11, 20)
READ, FIND, DRAFT, CUT = Use(Act.READ), Use(Act.FIND), Use(Act.DRAFT), Use(Act.CUT)


def person(name: str = "Inès Caradec", **known: Any) -> Person:
    """Someone of the company."""
    given: dict[str, Any] = {"roles": frozenset({Role.CONTRIBUTOR, Role.EDITOR})} | known
    return Person(PersonId(new_id()), name, name.split()[0], **given)


def corner(opened_by: Person, **known: Any) -> Corner:
    """A corner that is open today."""
    given: dict[str, Any] = {"name": "Journée des équipes", "until_day": TODAY, "languages": ("fr", "en")} | known
    return Corner(CornerId(new_id()), secret=new_id(), opened_by=opened_by.id, opened_at=NOON, **given)


def asker(who: Person, day: date = TODAY) -> Asker:
    """Who asks, today."""
    return Asker(who, day)


def recording(owner: Person, **known: Any) -> Recording:
    """Media with all its keys."""
    return Recording(
        RecordingId(new_id()), owner.id, MediaKind.VIDEO, MediaKey(f"o-{new_id()}.mp4"), "nuit à l'hôpital 🎬.mp4",
        new_id().replace("-", "") * 2, 84.25, "fr",
        SpokenContext("Inès", "infirmière", "Nuit", "Hôpital", ("brancardage", "Épidaure"), 2), NOON, "q-1",
        (Marker("q-1", 0.0), Marker("q-2", 31.5, "Claire")), **known)


def story(author: Person, **known: Any) -> Story:
    """A written story, unless a recording is given."""
    given: dict[str, Any] = {"title": "La nuit", "text": "Il neigeait.", "language": "fr", "recorded_on": TODAY,
                             "created_at": NOON} | known
    return Story(StoryId(new_id()), author.id, **given)


def told(kept: Recording, **known: Any) -> Transcript:
    """A first version of two sentences, the second doubtful."""
    first = Segment((Word(WordId(new_id()), "Bonjour,", 0.0, 0.5, 0.9), Word(WordId(new_id()), "ici", 0.5, 0.75, 0.31)))
    second = Segment((Word(WordId(new_id()), "l'hôpital.", 1.1, 1.9, None),), speaker="B")
    given: dict[str, Any] = {"note": None, "finished": True} | known
    return Transcript(TranscriptId(new_id()), kept.id, 1, "fr", "base", 84.25, (first, second), NOON, **given)


def scope(*purposes: Purpose, channels: tuple[Channel, ...] = (), days: tuple[int, int] = (-10, 100)) -> Scope:
    """What someone permits, from and until so many days from today."""
    return Scope(frozenset(purposes or Purpose), frozenset(channels or Channel), TODAY + timedelta(days[0]),
                 TODAY + timedelta(days[1]), Appearance(True, False, NameShown.FIRST))


def signed(about: Story, who: Person, permitted: Scope) -> Consent:
    """A signature under a text."""
    text = "Je suis d'accord…"
    return Consent(ConsentId(new_id()), about.subject_id, who.id, permitted, text, "2026-1", who.display_name, NOON,
                   hashlib.sha256(text.encode()).hexdigest())


def withdrawn(about: Story, who: Person, *channels: Channel) -> Withdrawal:
    """A consent taken back, whole or for some channels."""
    return Withdrawal(ConsentId(new_id()), SubjectId(about.subject_id), who.id, frozenset(channels) or None, NOON)


def draft(about: Story, who: Person, **known: Any) -> Draft:
    """A suggestion with one angle."""
    sentence = DraftSentence("Il neigeait.", "spoken", 1.5, 3.25)
    suggestion = Suggestion("verbatim", ("Et après ?",), (Angle("La neige", "Il neigeait.", (sentence,)),),
                            Bilingual("Sans modèle", "Without a model"))
    given: dict[str, Any] = {"profile": Profile.EXPERT, "channel": Channel.LINKEDIN, "language": "fr",
                             "created_at": NOON, "suggestion": suggestion} | known
    return Draft(DraftId(new_id()), about.id, who.id, **given)


def post(about: Story, who: Person, **known: Any) -> Post:
    """A first page."""
    return Post(PostId(new_id()), about.id, who.id, Channel.LINKEDIN, "Cette nuit-là", NOON, **known)


def clip(about: Story, who: Person, **known: Any) -> Clip:
    """A recipe of an extract."""
    assert about.recording_id is not None
    words = [WordId(new_id()) for _ in range(3)]
    return Clip(ClipId(new_id()), about.id, about.recording_id, who.id, words[0], words[2], (words[1],),
                Shape.VERTICAL, CaptionStyle.HIGHLIGHT, NOON, **known)


def share(of: Clip, who: Person, **known: Any) -> Share:
    """An open page for an extract."""
    given: dict[str, Any] = {"channel": Channel.LINKEDIN, "secret_hash": new_id(), "made_at": NOON} | known
    return Share(ShareId(new_id()), of.id, of.story_id, person_id=who.id, **given)


def token(who: Person | None, kind: str = "session", **known: Any) -> Token:
    """A session or link of a day."""
    given: dict[str, Any] = {"made_at": NOON, "expires_at": NOON + timedelta(days=1)} | known
    return Token(new_id(), kind, None if who is None else who.id, **given)


def review(about: Story, who: Person, **known: Any) -> Review:
    """A question that is not settled."""
    return Review(ReviewId(new_id()), who.id, about.id, **({"asked_at": NOON} | known))


def job(target: str, who: Person, **known: Any) -> Job:
    """A waiting job."""
    given: dict[str, Any] = {"kind": JobKind.TRANSCRIBE, "state": JobState.WAITING, "progress": 0.0,
                             "created_at": NOON} | known
    return Job(JobId(new_id()), target_id=target, person_id=who.id, **given)


def passages(about: Story, *texts: str) -> list[Passage]:
    """Passages of a story, in order."""
    return [Passage(about.id, number, words) for number, words in enumerate(texts)]


def keep(bank: SqlBank, *things: object) -> None:
    """Save whatever is given, in one unit of work."""
    with bank.open() as work:
        for thing in things:
            _keep(work, thing)
        work.commit()


def _keep(work: SqlWork, thing: object) -> None:
    saving: dict[type, Any] = {
        Person: work.save_person, Recording: work.add_recording, Story: work.save_story, Consent: work.sign,
        Withdrawal: work.withdraw, Transcript: work.save_transcript, Draft: work.save_draft, Post: work.save_post,
        Clip: work.save_clip, Job: work.add_job, Share: work.save_share, Token: work.save_token,
        Review: work.save_review}
    saving[type(thing)](thing)


