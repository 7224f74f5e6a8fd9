"""Signing: written, free, informed, specific; once; in the company's days; and by everyone who is recognisable."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.access import Act, Use
from story_bank.bank import Did
from story_bank.company import Company
from story_bank.consent import Channel, Consent, Purpose, Scope
from story_bank.errors import BadInput, Conflict, NotAllowed, NotFound, VecuError
from story_bank.ids import PersonId, StoryId, new_id
from story_bank.making import CaptionStyle, Profile, Shape
from story_bank.person import Person
from studio.access.sessions import Sessions
from studio.access.signing_links import EVERYTHING, LASTS, SESSION_LASTS, SigningLinks
from studio.steps.clip import AskForClip, Selection
from studio.steps.consent import Sign, last_day
from studio.steps.draft import AskForDraft
from studio.steps.ending import EndingSoon
from studio.steps.find import Find, Wanted
from studio.steps.hear_again import HearAgain
from studio.steps.keep import DescribeRecording, DescribeStory, KeepRecording, StoryCard, WriteStory
from studio.steps.read import OpenRecording
from studio.steps.recognisable import AskToSign, NameSomeone, UnnameSomeone
from studio.steps.signing import AppearsIn, Colleagues, ReadToDecide
from studio.steps.withdraw import Withdraw
from studio.toolbox import ConsentRules
from tests.fakes.counted_voices import CountedVoices
from tests.steps.conftest import FILM, VOICE, Small, with_tools

pytestmark = pytest.mark.slow

TEXT = ("2026-11", "Le texte.")


def written(small: Small, by: str = "Camille", text: str = "Un soir, j'ai pris une feuille.") -> StoryId:
    """A written story, with words enough to be found."""
    story_id = WriteStory(small.tools).begin(small.asker(by), "fr")
    WriteStory(small.tools).run(small.asker(by), story_id, "La feuille", text)
    small.do_jobs()
    return story_id


def found_by(small: Small, first_name: str) -> list[str]:
    return [each.story.id for each in Find(small.tools).run(small.asker(first_name), Wanted("feuille")).found]


def history(small: Small, story_id: StoryId) -> list[object]:
    with small.tools.bank.open() as work:
        return list(work.consent_history(work.story_of_job(story_id).subject_id))


def scopes_of(small: Small, story_id: StoryId) -> list[Scope]:
    with small.tools.bank.open() as work:
        story = work.story_of_job(story_id)
        return [scope for scope in work.scopes([story])[story_id] if scope is not None]


def guest(small: Small, story_id: StoryId, name: str = "Paul Durand") -> Person:
    """Somebody without an account, named in Camille's story."""
    person_id = NameSomeone(small.tools).run(small.asker("Camille"), story_id, name)
    with small.tools.bank.open() as work:
        person = work.person(person_id)
    small.people[person.first_name] = person
    return person


def recording_of(small: Small, story_id: StoryId):
    with small.tools.bank.open() as work:
        return work.recording_of_job(work.story_of_job(story_id).recording_id)


# what is signed

@pytest.mark.parametrize(("months", "until", "said"), [
    (24, 731, "le 20 novembre 2028"), (6, 185, "le 20 mai 2027"), (1, 31, "le 20 décembre 2026")])
def test_a_period_longer_than_the_company_allows_is_refused(small: Small, months: int, until: int, said: str) -> None:
    """One sentence names the last possible day; that day itself can be signed for (L10)."""
    story_id, short = written(small), with_tools(small, consent=ConsentRules(max_months=months))
    longest = last_day(small.tools.today(), months)
    scope = replace(small.scope(), until_day=longest + timedelta(days=1))
    with pytest.raises(BadInput) as refused:
        short.sign("Camille", story_id, scope)
    assert said in refused.value.sentence.fr
    short.sign("Camille", story_id, replace(scope, until_day=longest))
    assert found_by(small, "Moussa") == [story_id]


def test_a_consent_that_begins_later_than_one_may_sign_for_is_refused(small: Small) -> None:
    """Nobody signs today for a time that lies beyond the longest period."""
    start = last_day(small.tools.today(), 24) + timedelta(days=1)
    with pytest.raises(BadInput, match="begins on 20 November 2028 at the latest"):
        small.sign("Camille", written(small), replace(small.scope(), from_day=start, until_day=date.max))


def test_a_later_beginning_does_not_close_what_is_open_today(small: Small) -> None:
    """Extending from the day after the end would erase all that was made: one sentence says to begin today (L10)."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope(days=20))
    AskForDraft(small.tools).run(small.asker("Inès"), story_id, Profile.EXPERT, Channel.LINKEDIN, "fr")
    today = small.tools.today()
    later = replace(small.scope(), from_day=today + timedelta(days=21), until_day=today + timedelta(days=300))
    with pytest.raises(BadInput, match="begin today"):
        small.sign("Camille", story_id, later)
    with small.tools.bank.open() as work:
        assert work.stories_with_makings() == [story_id]
    small.sign("Camille", story_id, replace(later, from_day=today))
    assert [each.until_day for each in scopes_of(small, story_id)] == [later.until_day]


def test_a_later_beginning_is_signed_where_nothing_is_open(small: Small) -> None:
    """Before a first consent, and after one that has ended."""
    story_id, today = written(small), small.tools.today()
    later = replace(small.scope(), from_day=today + timedelta(days=21), until_day=today + timedelta(days=300))
    small.sign("Camille", story_id, later)
    small.sign("Camille", story_id, replace(later, from_day=today + timedelta(days=30)))
    assert [each.from_day for each in scopes_of(small, story_id)] == [today + timedelta(days=30)]


def test_an_end_that_has_passed_is_refused(small: Small) -> None:
    """Yesterday opens nothing, and is said."""
    today = small.tools.today()
    scope = replace(small.scope(), from_day=today - timedelta(days=9), until_day=today - timedelta(days=1))
    with pytest.raises(BadInput, match="passed already"):
        small.sign("Camille", written(small), scope)


@given(st.dates(date(2000, 1, 1), date(2200, 1, 1)), st.integers(1, 120))
def test_the_last_day_is_the_same_day_so_many_months_later(first: date, months: int) -> None:
    """Or the last of a shorter month; never a month too far (L10)."""
    last = last_day(first, months)
    assert (last.year * 12 + last.month) - (first.year * 12 + first.month) == months
    assert last.day == first.day or (last.day < first.day and (last + timedelta(days=1)).day == 1)


@pytest.mark.parametrize("signature", ["", "   ", "\u00a0\u2003\u200b", "…", "42"])
def test_a_signature_is_a_name(small: Small, signature: str) -> None:
    """Spaces, seen or not, and signs without a letter sign nothing (L07)."""
    story_id = written(small)
    with pytest.raises(BadInput, match="Type your name"):
        Sign(small.tools).run(small.asker("Camille"), story_id, small.scope(), TEXT, signature)
    assert history(small, story_id) == []


def test_the_same_request_twice_signs_once(small: Small) -> None:
    """A double click, also of two requests at the same moment, is one signature and one line of the journal."""
    story_id, scope, asker = written(small), small.scope(), small.asker("Camille")
    signed: list[Consent] = []

    def sign() -> None:
        signed.append(Sign(small.tools).run(asker, story_id, scope, TEXT, "Camille Ferrand"))

    clicks = [threading.Thread(target=sign) for _ in range(3)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len({each.id for each in signed}) == 1
    assert len(history(small, story_id)) == 1
    with small.tools.bank.open() as work:
        assert [deed.deed for deed in work.journal_of(asker.person.id)] == [Did.SIGNED]


@pytest.mark.parametrize("between", ["a minute", "another text", "a withdrawal"])
def test_what_is_meant_anew_is_signed_anew(small: Small, between: str) -> None:
    """Later, in other words, or after taking back, it is another signature."""
    story_id, asker = written(small), small.asker("Camille")
    Sign(small.tools).run(asker, story_id, small.scope(), TEXT, "Camille")
    if between == "a minute":
        small.clock.now += timedelta(minutes=1)
    if between == "a withdrawal":
        Withdraw(small.tools).run(asker, story_id)
    text = ("2026-11", "Un autre.") if between == "another text" else TEXT
    Sign(small.tools).run(asker, story_id, small.scope(), text, "Camille")
    assert len([each for each in history(small, story_id) if isinstance(each, Consent)]) == 2


def test_a_story_one_does_not_appear_in_cannot_be_signed_for(small: Small) -> None:
    """Not by a colleague, not by an administrator, and not for a story that is gone."""
    story_id = written(small)
    for who, which in (("Moussa", story_id), ("Marc", story_id), ("Camille", StoryId(new_id()))):
        with pytest.raises(NotFound):
            small.sign(who, which, small.scope())
    assert history(small, story_id) == []


def test_a_story_that_was_forgotten_meanwhile_is_not_signed_for(small: Small) -> None:
    """Whoever signs while it is being erased signs nothing: not found, no row left behind."""
    story_id = written(small)
    with small.tools.bank.open() as work:
        subject_id = work.story_of_job(story_id).subject_id
        work.hold_story(story_id)
        signing = threading.Thread(target=_sign_or_not_found, args=(small, story_id))
        signing.start()
        work.erase_stories([story_id])
        work.commit()
    signing.join(30)
    with small.tools.bank.open() as work:
        assert work.consent_history(subject_id) == []


def _sign_or_not_found(small: Small, story_id: StoryId) -> None:
    with pytest.raises(VecuError):
        small.sign("Camille", story_id, small.scope())


def test_a_narrower_signature_drops_what_it_no_longer_covers(small: Small) -> None:
    """Suggestions and extracts go in the same moment, their files too (L08, L21)."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope())
    with small.tools.bank.open() as work:
        words = list(work.transcript(work.story_of_job(story_id).recording_id).words())  # type: ignore
    AskForDraft(small.tools).run(small.asker("Inès"), story_id, Profile.EXPERT, Channel.LINKEDIN, "fr")
    AskForClip(small.tools).run(small.asker("Julien"), story_id, Selection(words[0].id, words[-1].id), Shape.SQUARE,
                                CaptionStyle.PLAIN)
    before = small.tools.bank
    small.do_jobs()
    with before.open() as work:
        [clip] = work.clips_of(small.asker("Julien"), Use(Act.CUT), story_id)
    small.clock.now += timedelta(hours=1)
    small.sign("Camille", story_id, small.scope(Purpose.LIBRARY, channels=frozenset()))
    with small.tools.bank.open() as work:
        assert work.stories_with_makings() == []
        assert clip.media_key not in work.every_media_key()
    kept = [file for file in (small.tools.scratch.parent / "vault").rglob("*") if file.is_file()]
    assert not [file for file in kept if str(clip.media_key).endswith(file.name)]
    assert found_by(small, "Moussa") == [story_id]


# the company's days

def test_whoever_is_named_reads_and_hears_until_the_author_s_consent_ends(small: Small) -> None:
    """The day after it is as if the author had not signed; what one signed oneself can still be taken back (L10)."""
    story_id = small.record()
    for name in ("Moussa Ferrand", "Julien Ferrand"):
        NameSomeone(small.tools).run(small.asker("Camille"), story_id, name)
    small.sign("Camille", story_id, small.scope(days=5))
    small.sign("Julien", story_id, small.scope(days=90))
    heard = recording_of(small, story_id).id
    small.clock.now += timedelta(days=5)
    assert ReadToDecide(small.tools).run(small.asker("Moussa"), story_id).story.text
    assert OpenRecording(small.tools).run(small.asker("Moussa"), heard)
    small.clock.now += timedelta(days=1)
    with pytest.raises(NotFound):
        ReadToDecide(small.tools).run(small.asker("Moussa"), story_id)
    for first_name in ("Moussa", "Julien"):
        with pytest.raises(NotFound):
            OpenRecording(small.tools).run(small.asker(first_name), heard)
    told = ReadToDecide(small.tools).run(small.asker("Julien"), story_id)
    assert (told.closed, told.story.text, told.recording) == (True, "", None)


def test_words_that_somebody_else_signed_for_do_not_change(small: Small) -> None:
    """Their consent would cover words they never read; the title may, and once they took it back all may (L07)."""
    story_id, writing = written(small), WriteStory(small.tools)
    NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Moussa Ferrand")
    small.sign("Camille", story_id, small.scope())
    text = writing.run(small.asker("Camille"), story_id, "La feuille", "Moussa a pris une feuille.").text
    small.sign("Moussa", story_id, small.scope())
    with pytest.raises(BadInput, match="Somebody else has signed"):
        writing.run(small.asker("Camille"), story_id, "La feuille", "Moussa a volé une feuille.")
    writing.run(small.asker("Camille"), story_id, "Deux feuilles", text)
    Withdraw(small.tools).run(small.asker("Moussa"), story_id)
    assert writing.run(small.asker("Camille"), story_id, "La feuille", "Rien.").text == "Rien."


def test_an_author_s_consent_that_begins_later_is_signed(small: Small) -> None:
    """Whoever is named reads the story in order to decide before it begins."""
    story_id, today = written(small), small.tools.today()
    NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Moussa Ferrand")
    small.sign("Camille", story_id, replace(small.scope(), from_day=today + timedelta(days=9)))
    assert ReadToDecide(small.tools).run(small.asker("Moussa"), story_id).story.text


@pytest.mark.parametrize(("zone", "last"), [
    ("Europe/Paris", datetime(2027, 3, 28, 21, 59, tzinfo=UTC)), ("Pacific/Auckland", datetime(2027, 3, 28, 10, 59,
                                                                                             tzinfo=UTC)),
    ("America/Los_Angeles", datetime(2027, 3, 29, 6, 59, tzinfo=UTC))])
def test_the_last_day_ends_at_midnight_where_the_company_is(small: Small, zone: str, last: datetime) -> None:
    """On the day when clocks change too; a minute later nothing is found, without anybody doing anything (L10)."""
    with small.tools.bank.open() as work:
        work.save_company(Company("Lanterval", channels=(Channel.LINKEDIN,), timezone=zone))
        work.commit()
    story_id = written(small)
    small.sign("Camille", story_id, replace(small.scope(), until_day=date(2027, 3, 28)))
    small.clock.now = last
    assert found_by(small, "Moussa") == [story_id]
    small.clock.now = last + timedelta(minutes=1)
    assert found_by(small, "Moussa") == []


def test_a_consent_signed_before_midnight_elsewhere_is_signed_in_the_company_s_day(small: Small) -> None:
    """23:30 UTC on 28 March is already the 29th in Paris: the 28th is past (L10)."""
    story_id, scope = written(small), small.scope()
    small.clock.now = datetime(2027, 3, 28, 23, 30, tzinfo=UTC)
    with pytest.raises(BadInput, match="passed already"):
        small.sign("Camille", story_id, replace(scope, until_day=date(2027, 3, 28)))
    small.sign("Camille", story_id, replace(scope, until_day=date(2027, 3, 29)))


# everyone recognisable

def test_a_name_that_a_colleague_has_is_that_colleague(small: Small) -> None:
    """Case and spaces do not make a stranger of them; named twice they are there once (L12)."""
    story_id, name = written(small), NameSomeone(small.tools)
    assert name.run(small.asker("Camille"), story_id, "  moussa   FERRAND ") == small.people["Moussa"].id
    assert name.run(small.asker("Camille"), story_id, "Moussa Ferrand") == small.people["Moussa"].id
    with small.tools.bank.open() as work:
        assert work.story_of_job(story_id).appearing == (small.people["Moussa"].id,)


def test_a_name_that_two_colleagues_have_asks_which(small: Small) -> None:
    """The list tells them apart by their team."""
    story_id = written(small)
    with small.tools.bank.open() as work:
        for team in ("nuit", "jour"):
            work.save_person(Person(PersonId(new_id()), "Léa Roy", "Léa", team=team))
        work.commit()
    with pytest.raises(Conflict):
        NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Léa Roy")
    chosen = NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Léa Roy (jour)")
    with small.tools.bank.open() as work:
        assert work.person(chosen).team == "jour"


def test_naming_somebody_closes_the_story_until_they_sign(small: Small) -> None:
    """Also after it was open; and what was made of it goes (L12, A38)."""
    story_id = written(small)
    small.sign("Camille", story_id, small.scope())
    AskForDraft(small.tools).run(small.asker("Inès"), story_id, Profile.EXPERT, Channel.LINKEDIN, "fr")
    guest(small, story_id)
    assert found_by(small, "Julien") == []
    with small.tools.bank.open() as work:
        assert work.stories_with_makings() == []
    small.sign("Paul", story_id, small.scope())
    assert found_by(small, "Julien") == [story_id]


@pytest.mark.parametrize("withdrawn", [True, False])
def test_who_has_decided_stays_in_the_story(small: Small, withdrawn: bool) -> None:
    """The author alone cannot leave out someone who signed, or who took their consent back (L12, L21)."""
    story_id, camille = written(small), small.asker("Camille")
    for name in ("Moussa Ferrand", "Julien Ferrand"):
        NameSomeone(small.tools).run(camille, story_id, name)
    small.sign("Camille", story_id, small.scope())
    small.sign("Moussa", story_id, small.scope())
    if withdrawn:
        Withdraw(small.tools).run(small.asker("Moussa"), story_id)
    UnnameSomeone(small.tools).run(camille, story_id, small.people["Julien"].id)
    with pytest.raises(Conflict):
        UnnameSomeone(small.tools).run(camille, story_id, small.people["Moussa"].id)
    with small.tools.bank.open() as work:
        assert work.story_of_job(story_id).appearing == (small.people["Moussa"].id,)


def test_only_the_author_names_people_and_passes_links_on(small: Small) -> None:
    """A colleague who reads the story, or appears in it, cannot (L12)."""
    story_id = written(small)
    NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Moussa Ferrand")
    for who in ("Moussa", "Marc"):
        for act in (lambda by: NameSomeone(small.tools).run(by, story_id, "Inès Ferrand"),
                    lambda by: AskToSign(small.tools).run(by, story_id, small.people["Moussa"].id),
                    lambda by: UnnameSomeone(small.tools).run(by, story_id, small.people["Moussa"].id)):
            with pytest.raises(NotFound):
                act(small.asker(who))


def test_being_named_opens_nothing_before_the_author_signed_or_invited(small: Small) -> None:
    """Neither words nor sound; and nothing can be signed unseen (L07: informed)."""
    story_id = small.record()
    NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Moussa Ferrand")
    moussa = small.asker("Moussa")
    with pytest.raises(NotFound):
        ReadToDecide(small.tools).run(moussa, story_id)
    with pytest.raises(NotFound):
        OpenRecording(small.tools).run(moussa, recording_of(small, story_id).id)
    with pytest.raises(NotFound):
        small.sign("Moussa", story_id, small.scope())
    assert AppearsIn(small.tools).run(moussa) == []


@pytest.mark.parametrize("how", ["signed", "invited"])
def test_who_decides_may_hear_and_see_it_first(small: Small, how: str) -> None:
    """Once the author has signed, or made a link: whole, face and voice; and nobody else gains anything (L07)."""
    story_id = small.record(file=FILM)
    NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Moussa Ferrand")
    if how == "signed":
        small.sign("Camille", story_id, small.scope(face=False))
    else:
        AskToSign(small.tools).run(small.asker("Camille"), story_id, small.people["Moussa"].id)
    recording = recording_of(small, story_id)
    assert OpenRecording(small.tools).run(small.asker("Moussa"), recording.id) == recording.playable_key
    assert ReadToDecide(small.tools).run(small.asker("Moussa"), story_id).recording == recording
    assert [each.story_id for each in AppearsIn(small.tools).run(small.asker("Moussa"))] == [story_id]
    for other in ("Inès", "Julien", "Marc"):
        with pytest.raises(NotFound):
            OpenRecording(small.tools).run(small.asker(other), recording.id)
        with pytest.raises(NotFound):
            ReadToDecide(small.tools).run(small.asker(other), story_id)


def test_who_signed_can_take_back_after_the_author_did(small: Small) -> None:
    """The story is closed to them like to everybody; their own consent is still theirs to see and withdraw (X8)."""
    story_id = written(small)
    NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Moussa Ferrand")
    small.sign("Camille", story_id, small.scope())
    small.sign("Moussa", story_id, small.scope())
    Withdraw(small.tools).run(small.asker("Camille"), story_id)
    decision = ReadToDecide(small.tools).run(small.asker("Moussa"), story_id)
    assert (decision.closed, decision.story.text, decision.recording) == (True, "", None)
    assert [each.mine is not None for each in AppearsIn(small.tools).run(small.asker("Moussa"))] == [True]
    Withdraw(small.tools).run(small.asker("Moussa"), story_id)
    assert AppearsIn(small.tools).run(small.asker("Moussa")) == []


# links

def test_a_guest_comes_by_link_for_two_hours(small: Small) -> None:
    """The link opens again, for ninety days; the session is theirs alone (L12)."""
    story_id = written(small)
    paul = guest(small, story_id)
    links = SigningLinks(small.tools.bank, small.tools.clock)
    secret = AskToSign(small.tools).run(small.asker("Camille"), story_id, paul.id)
    sessions, first = Sessions(small.tools.bank, small.tools.clock), links.enter(secret)
    assert sessions.person(first) == paul.id
    small.clock.now += SESSION_LASTS
    assert sessions.person(first) is None
    again = links.enter(secret, first)
    assert sessions.person(again) == paul.id
    small.clock.now += LASTS
    with pytest.raises(NotFound):
        links.look(secret)


def test_somebody_with_an_account_is_not_let_in_by_a_link(small: Small) -> None:
    """The author who passes it on holds it too: they would be signed in as their colleague."""
    story_id = written(small)
    NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Moussa Ferrand")
    secret = AskToSign(small.tools).run(small.asker("Camille"), story_id, small.people["Moussa"].id)
    with pytest.raises(NotAllowed):
        SigningLinks(small.tools.bank, small.tools.clock).enter(secret)


def test_a_link_about_one_story_opens_no_other(small: Small) -> None:
    """Somebody who is in two stories is not let in by one author's link to decide about the other's (L12)."""
    first, second = written(small), written(small, "Moussa", "Une autre feuille.")
    paul = guest(small, first)
    with small.tools.bank.open() as work:
        work.save_story(replace(work.story_of_job(second), appearing=(paul.id,)))
        work.commit()
    secret = AskToSign(small.tools).run(small.asker("Camille"), first, paul.id)
    with pytest.raises(NotAllowed):
        SigningLinks(small.tools.bank, small.tools.clock).enter(secret)


def test_a_guest_named_by_two_authors_is_two_guests(small: Small) -> None:
    """The same name is no proof of the same person: each author's link opens their own story alone (L12)."""
    mine, theirs = written(small), written(small, "Moussa", "Une autre feuille.")
    paul = guest(small, mine)
    assert NameSomeone(small.tools).run(small.asker("Moussa"), theirs, "Paul Durand") != paul.id


@pytest.mark.parametrize("secret", ["", "abc", "é" * 40])
def test_an_altered_link_opens_nothing(small: Small, secret: str) -> None:
    """One kind sentence, the same for made up, spent and old."""
    with pytest.raises(NotFound, match="no longer opens"):
        SigningLinks(small.tools.bank, small.tools.clock).look(secret)


def test_a_link_one_signed_by_stays_open_until_a_month_after_the_end(small: Small) -> None:
    """So that taking back is as easy as giving was (X8)."""
    story_id = written(small)
    paul = guest(small, story_id)
    links = SigningLinks(small.tools.bank, small.tools.clock)
    secret = AskToSign(small.tools).run(small.asker("Camille"), story_id, paul.id)
    scope = small.scope(days=400)
    small.sign("Paul", story_id, scope)
    assert links.look(secret).expires_at == datetime(2028, 1, 24, 23, tzinfo=UTC)
    small.clock.now += timedelta(days=399)
    links.enter(secret)
    Withdraw(small.tools).run(small.asker("Paul"), story_id)


def test_a_link_is_about_one_story(small: Small) -> None:
    """Being invited to one opens one."""
    first, second = written(small), written(small, text="Une autre feuille.")
    paul = guest(small, first)
    with small.tools.bank.open() as work:
        work.save_story(replace(work.story_of_job(second), appearing=(paul.id,)))
        work.commit()
    AskToSign(small.tools).run(small.asker("Camille"), first, paul.id)
    assert [each.story_id for each in AppearsIn(small.tools).run(small.asker("Paul"))] == [first]
    links = SigningLinks(small.tools.bank, small.tools.clock)
    all_of_it = links.make(paul.id)
    assert links.look(all_of_it).about == EVERYTHING


def test_leaving_somebody_out_closes_their_link(small: Small) -> None:
    """Named by mistake: the link that was passed on opens nothing any more."""
    story_id = written(small)
    paul = guest(small, story_id)
    secret = AskToSign(small.tools).run(small.asker("Camille"), story_id, paul.id)
    UnnameSomeone(small.tools).run(small.asker("Camille"), story_id, paul.id)
    with pytest.raises(NotFound):
        SigningLinks(small.tools.bank, small.tools.clock).look(secret)


def test_a_guest_does_nothing_else(small: Small) -> None:
    """No recording, no writing, no list of colleagues, no library; and is nobody's colleague."""
    story_id = written(small)
    small.sign("Camille", story_id, small.scope())
    guest(small, story_id)
    tools, paul, card = small.tools, small.asker("Paul"), StoryCard("Titre", small.tools.today())
    for act in (lambda: KeepRecording(tools).run(paul, VOICE, "moi.m4a"),
                lambda: DescribeRecording(tools).run(paul, story_id, recording_context(), "fr"),
                lambda: WriteStory(tools).begin(paul, "fr"), lambda: WriteStory(tools).run(paul, story_id, "a", "b"),
                lambda: DescribeStory(tools).run(paul, story_id, card), lambda: HearAgain(tools).run(paul, story_id),
                lambda: NameSomeone(tools).run(paul, story_id, "Inès Ferrand"), lambda: Colleagues(tools).run(paul)):
        with pytest.raises(NotAllowed):
            act()
    small.sign("Paul", story_id, small.scope())
    assert found_by(small, "Julien") == [story_id]
    assert found_by(small, "Paul") == []
    assert "Paul Durand" not in [person.display_name for person in Colleagues(tools).run(small.asker("Camille"))]


def recording_context():
    from story_bank.recording import SpokenContext
    return SpokenContext()


# before the end

def test_everyone_who_signed_is_asked_a_month_before_the_end(small: Small) -> None:
    """From thirty days before until the last day, then no more; not who took it back or signed for longer."""
    story_id = written(small)
    NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Moussa Ferrand")
    small.sign("Camille", story_id, small.scope(days=100))
    small.sign("Moussa", story_id, small.scope(days=100))
    asked = {name: [] for name in ("Camille", "Moussa")}
    start = small.clock.now
    for day in (69, 70, 100, 101):
        small.clock.now = start + timedelta(days=day)
        for name, days in asked.items():
            days += [day for _ in EndingSoon(small.tools).run(small.asker(name))]
    assert asked == {"Camille": [70, 100], "Moussa": [70, 100]}
    small.clock.now = start + timedelta(days=80)
    small.sign("Camille", story_id, small.scope(days=100))
    Withdraw(small.tools).run(small.asker("Moussa"), story_id)
    assert [EndingSoon(small.tools).run(small.asker(name)) for name in asked] == [[], []]


def test_how_long_before_is_the_company_s_choice(small: Small) -> None:
    """Seven days instead of thirty."""
    story_id, late = written(small), with_tools(small, consent=ConsentRules(ask_before=timedelta(days=7)))
    small.sign("Camille", story_id, small.scope(days=8))
    assert EndingSoon(late.tools).run(small.asker("Camille")) == []
    small.clock.now += timedelta(days=1)
    [ends] = EndingSoon(late.tools).run(small.asker("Camille"))
    assert (ends.story_id, ends.title, ends.until_day) == (story_id, "La feuille", date(2026, 11, 28))


# hints

@pytest.mark.parametrize(("heard", "speakers", "kept"), [(1, 1, 1), (2, 1, 2), (None, 1, None), (1, 2, 2)])
def test_how_many_voices_seem_heard_is_kept_with_the_recording(small: Small, heard, speakers, kept) -> None:
    """Guessed while the words are heard, or as the form said; a number alone, nothing of a voice."""
    ears = with_tools(small, speakers=CountedVoices(heard))
    given = KeepRecording(ears.tools).run(ears.asker("Camille"), FILM, "a.mp4")
    DescribeRecording(ears.tools).run(ears.asker("Camille"), given.story_id,
                                      replace(recording_context(), speakers=speakers), "fr")
    ears.do_jobs()
    recording = recording_of(small, given.story_id)
    assert (recording.voices, recording.faces) == (kept, 1)
