"""What every bank promises of sessions, reviews, share pages, consents and forgetting, on every database."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest

from story_bank.bank import Forgotten, StoryFilter
from story_bank.consent import Channel, Consent, Purpose
from story_bank.errors import NotFound
from story_bank.ids import MediaKey, PersonId, RecordingId, ReviewId, StoryId, SubjectId, ValueId, new_id
from story_bank.language import Bilingual
from story_bank.making import JobKind, JobState
from story_bank.recording import MediaKind
from story_bank.sql.bank import SqlBank
from story_bank.story import Value
from tests.contracts.bank_samples import (
    CUT,
    FIND,
    NOON,
    READ,
    TODAY,
    asker,
    clip,
    draft,
    job,
    keep,
    passages,
    person,
    post,
    recording,
    review,
    scope,
    share,
    signed,
    story,
    token,
    told,
    withdrawn,
)

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def test_a_session_holds_for_its_kind_until_its_moment(bank: SqlBank) -> None:
    """It comes back as saved, with when it was made, what it is about and its label; saving again replaces it."""
    someone = person()
    kept = token(someone, "signing", about="s1", label="Firefox, Brest", expires_at=NOON)
    setup = token(None, "setup")
    later = replace(kept, expires_at=NOON + DAY)
    keep(bank, someone, kept, setup)
    with bank.open() as work:
        assert work.token(kept.token_hash, "signing", NOON - SECOND) == kept
        assert work.token(kept.token_hash, "signing", NOON) is None
        assert work.token(kept.token_hash, "session", NOON - SECOND) is None
        assert work.token("unknown", "signing", NOON - SECOND) is None
        assert work.token(setup.token_hash, "setup", NOON) == setup
        work.save_token(later)
        assert work.token(kept.token_hash, "signing", NOON) == later


def test_a_person_sees_and_ends_their_sessions(bank: SqlBank) -> None:
    """Newest first; only theirs, of that kind and not expired; all but the present one end together."""
    someone, other = person("A B"), person("C D")
    old, new = token(someone, made_at=NOON - DAY), token(someone)
    past, link, theirs = token(someone, expires_at=NOON), token(someone, "reset"), token(other)
    keep(bank, someone, other, old, new, past, link, theirs)
    with bank.open() as work:
        assert work.tokens_of(someone.id, "session", NOON) == [new, old]
        work.drop_tokens(someone.id, "session", but=old.token_hash)
        assert work.tokens_of(someone.id, "session", NOON - DAY) == [old]
        work.drop_tokens(someone.id, "session")
        assert work.tokens_of(someone.id, "session", NOON - DAY) == []
        assert work.tokens_of(someone.id, "reset", NOON) == [link]
        assert work.tokens_of(other.id, "session", NOON) == [theirs]


def test_what_has_expired_is_forgotten(bank: SqlBank) -> None:
    """At its very moment; what still holds stays."""
    past, held = token(None, "setup", expires_at=NOON), token(None, "setup", expires_at=NOON + SECOND)
    keep(bank, past, held)
    with bank.open() as work:
        work.drop_old_tokens(NOON)
        assert not work.drop_token(past.token_hash)
        assert work.drop_token(held.token_hash)
        assert not work.drop_token(held.token_hash)


def test_of_two_who_spend_a_link_at_once_only_one_does(bank: SqlBank) -> None:
    """Four windows drop the same secret at the same moment."""
    link = token(None, "invitation")
    keep(bank, link)
    together, spent = threading.Barrier(4), []

    def spend() -> None:
        together.wait()
        with bank.open() as work:
            spent.append(work.drop_token(link.token_hash))
            work.commit()

    windows = [threading.Thread(target=spend) for _ in range(4)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert sorted(spent) == [False, False, False, True]


def test_a_person_who_left_and_what_seems_heard_and_seen_come_back(bank: SqlBank) -> None:
    """The day of leaving; voices and faces, also none of them."""
    gone = person(left_on=date(2026, 11, 1), roles=frozenset())
    kept = recording(gone, voices=2, faces=0)
    keep(bank, gone, kept)
    with bank.open() as work:
        assert work.person(gone.id) == gone
        assert work.recording_of_job(kept.id) == kept


def test_reviews_come_open_ones_first_and_go_with_their_story(bank: SqlBank) -> None:
    """Asked, then settled by a steward; none is left of a story that was erased."""
    author, gone = person("A B"), person("C D", left_on=TODAY)
    one, two = story(author, appearing=(gone.id,)), story(author, appearing=(gone.id,))
    early, late = review(one, gone), review(two, gone, asked_at=NOON + DAY)
    asked = review(one, gone, asked_at=NOON + 2 * DAY)
    settled = replace(asked, settled_at=NOON + 3 * DAY, settled_by=author.id, kept=False)
    keep(bank, author, gone, one, two, early, late, asked, settled)
    with bank.open() as work:
        assert work.reviews() == [late, early, settled]
        assert work.review(settled.id) == settled
        work.erase_stories([one.id])
        assert work.reviews() == [late]
        for absent in (early.id, ReviewId("none")):
            with pytest.raises(NotFound):
                work.review(absent)


def test_stories_are_found_by_who_appears_and_by_what_a_consent_is_about(bank: SqlBank) -> None:
    """As author or otherwise, newest first; a recording holds several, a written one is about itself."""
    author, seen = person("A B"), person("C D")
    kept = recording(author)
    first = story(author, recording_id=kept.id, appearing=(seen.id,), created_at=NOON - DAY)
    second, written, theirs = story(author, recording_id=kept.id), story(author, created_at=NOON + DAY), story(seen)
    keep(bank, author, seen, kept, first, second, written, theirs)
    with bank.open() as work:
        assert work.stories_with(author.id) == [written, second, first]
        assert {each.id for each in work.stories_with(seen.id)} == {theirs.id, first.id}
        about = work.stories_about([kept_about := first.subject_id, written.subject_id, SubjectId("gone")])
        assert about == {kept_about: [second, first], written.subject_id: [written]}
        assert work.stories_about([]) == {}


def test_choices_are_what_stories_bear_that_one_may_find(bank: SqlBank) -> None:
    """What only closed stories bear is no choice; nor is an empty team, nor a value that the company does not have."""
    author, reader = person("A B"), person("C D")
    values = [Value(ValueId(name), Bilingual(name, name), Bilingual("", "")) for name in ("soin", "audace", "seul")]
    opened = story(author, team="Nuit", site="Brest", value_ids=(ValueId("soin"), ValueId("gone")))
    closed = story(author, team="Jour", site="Lyon", language="en", value_ids=(ValueId("audace"),))
    keep(bank, author, reader, opened, closed, signed(opened, author, scope()), story(reader))
    with bank.open() as work:
        for each in values:
            work.save_value(each)
        one = frozenset({ValueId("soin")})
        seen = StoryFilter(one, frozenset({"Nuit"}), frozenset({"Brest"}), frozenset({"fr"}))
        assert work.facets(asker(reader), FIND) == seen
        assert work.facets(asker(reader, TODAY + timedelta(101)), FIND) == StoryFilter(languages=frozenset({"fr"}))
        all_of_it = work.facets(asker(author), FIND)
        assert (all_of_it.teams, all_of_it.languages) == ({"Nuit", "Jour"}, {"fr", "en"})
        assert all_of_it.values == {"soin", "audace"}


def test_what_is_seen_and_what_is_heard_is_told_for_many_at_once(bank: SqlBank) -> None:
    """By recording; one that is gone is left out."""
    owner = person()
    seen = recording(owner)
    heard = replace(recording(owner), kind=MediaKind.SOUND)
    keep(bank, owner, seen, heard)
    with bank.open() as work:
        assert work.kinds([seen.id, heard.id, RecordingId("gone")]) == {
            seen.id: MediaKind.VIDEO, heard.id: MediaKind.SOUND}


def test_what_was_signed_is_told_by_person_and_for_everyone(bank: SqlBank) -> None:
    """Oldest first, signatures and withdrawals alike, for an export and for the register."""
    author, seen = person("A B"), person("C D")
    kept, other = story(author, appearing=(seen.id,)), story(seen)
    history = [signed(kept, author, scope()), signed(kept, seen, scope()), withdrawn(kept, seen, Channel.X),
               signed(other, seen, scope()), withdrawn(kept, author)]
    keep(bank, author, seen, kept, other, *history)
    with bank.open() as work:
        assert work.every_consent() == history
        assert work.consents_of(seen.id) == history[1:4]
        assert work.consents_of(person().id) == []


def test_whose_consents_end_within_some_days_is_told_once(bank: SqlBank) -> None:
    """Both days included; not who took it back, nor who signed again for longer."""
    people = {name: person(name) for name in ("On the first", "On the last", "After", "Withdrew", "Signed again")}
    first, last, after, took_back, again = people.values()
    kept, other = story(first), story(first)
    ends = {first: 5, last: 9, after: 10, took_back: 6, again: 6}
    keep(bank, *ends, kept, other, *(signed(kept, who, scope(days=(-10, day))) for who, day in ends.items()),
         signed(other, first, scope(days=(-10, 7))), withdrawn(kept, took_back),
         signed(kept, again, scope(days=(-10, 90))))
    with bank.open() as work:
        found = work.with_consents_ending(TODAY + 5 * DAY, TODAY + 9 * DAY)
    assert sorted(found) == sorted([first.id, last.id])


def test_a_consent_comes_back_with_the_hash_that_was_kept(bank: SqlBank) -> None:
    """So that a text changed afterwards shows."""
    author = person()
    kept = story(author)
    given = replace(signed(kept, author, scope()), kept_hash=None)
    keep(bank, author, kept, given)
    with bank.open() as work:
        [back] = work.consent_history(kept.subject_id)
        assert isinstance(back, Consent)
        assert back.kept_hash == hashlib.sha256(given.text.encode()).hexdigest()
        assert back.intact
        assert not replace(back, text="Autre chose").intact


def test_everything_a_person_wrote_is_theirs_to_take(bank: SqlBank) -> None:
    """Newest first, of any story, whatever became of its consent."""
    author, other = person("A B"), person("C D")
    kept, theirs = story(author), story(other)
    old, new = post(kept, author), replace(post(theirs, author), updated_at=NOON + DAY)
    keep(bank, author, other, kept, theirs, old, new, post(theirs, other))
    with bank.open() as work:
        assert work.posts_of(author.id) == [new, old]


def test_a_share_page_ends_and_goes_on_saying_so(bank: SqlBank) -> None:
    """It is listed while open, found by its address for ever, also after its story is erased."""
    author = person()
    kept = recording(author)
    its = story(author, recording_id=kept.id)
    cut = clip(its, author)
    first, second = share(cut, author), share(cut, author, channel=Channel.X, made_at=NOON + DAY)
    keep(bank, author, kept, its, cut, first, second)
    with bank.open() as work:
        assert work.shares_of(its.id) == [second, first]
        work.save_share(replace(first, ended_at=NOON + DAY))
        assert work.shares_of(its.id) == [second]
        assert work.share(first.secret_hash) == replace(first, ended_at=NOON + DAY)
        work.erase_stories([its.id])
        ended = work.share(second.secret_hash)
        assert ended is not None
        assert ended.ended_at is not None
        assert work.share(first.secret_hash) == replace(first, ended_at=NOON + DAY)
        assert work.share("made up") is None


@pytest.mark.parametrize(("channel", "after", "opens"), [
    (Channel.X, 0, True), (Channel.X, 100, True), (Channel.X, 101, False), (Channel.X, -11, False),
    (Channel.SLACK, 0, False)], ids=["today", "last day", "day after", "day before", "other channel"])
def test_a_page_for_anybody_asks_everyone_who_appears(bank: SqlBank, channel: Channel, after: int, opens: bool) -> None:
    """On that channel and day; nobody's role opens it, and one who has not signed keeps it closed."""
    author, seen = person("A B"), person("C D")
    kept = story(author, appearing=(seen.id,))
    day = TODAY + timedelta(after)
    keep(bank, author, seen, kept, signed(kept, author, scope()))
    with bank.open() as work:
        with pytest.raises(NotFound):
            work.story_open_to_all(kept.id, channel, day)
        work.sign(signed(kept, seen, scope(Purpose.SHARE, channels=(Channel.X,))))
        if opens:
            assert work.story_open_to_all(kept.id, channel, day) == kept
        else:
            with pytest.raises(NotFound):
                work.story_open_to_all(kept.id, channel, day)


def test_what_was_made_of_a_story_goes_and_the_story_stays(bank: SqlBank) -> None:
    """Suggestions and extracts with their files and pages; jobs that make them stop; one's own page is left."""
    author = person()
    kept = recording(author)
    its, other = story(author, recording_id=kept.id), story(author)
    cut, suggestion, page = clip(its, author, media_key=MediaKey("c")), draft(its, author), post(its, author)
    shown = share(cut, author)
    waiting, running = job(suggestion.id, author, kind=JobKind.DRAFT), job(cut.id, author, kind=JobKind.CLIP)
    done = replace(job(cut.id, author, kind=JobKind.CLIP), state=JobState.DONE, ended_at=NOON)
    spared = job(its.id, author, kind=JobKind.INDEX)
    keep(bank, author, kept, its, other, signed(its, author, scope()), cut, suggestion, page, shown,
         draft(other, author), done, waiting, running, spared)
    with bank.open() as work:
        work.save_job(replace(running, state=JobState.RUNNING))
        erased = work.erase_made(its.id, drafts=True, clips=True)
        assert (erased.stories, erased.recordings, erased.media) == ((), (), ("c",))
        assert {name: count for name, count in erased.counts.items() if count} == {"drafts": 1, "clips": 1}
        assert work.drafts_for(asker(author), its.id) == []
        assert work.shares_of(its.id) == []
        assert (work.job(waiting.id).state, work.job(running.id).cancel_asked) == (JobState.CANCELLED, True)
        assert (work.job(done.id), work.job(spared.id)) == (done, spared)
        assert work.post(asker(author), page.id) == page
        assert work.story(asker(author), READ, its.id) == its
        assert work.stories_with_makings() == [other.id]
        with pytest.raises(NotFound):
            work.clip_of_job(cut.id)


def test_pages_end_by_channel_and_the_rest_stays(bank: SqlBank) -> None:
    """A channel taken back ends its pages alone."""
    author = person()
    kept = recording(author)
    its = story(author, recording_id=kept.id)
    cut = clip(its, author)
    there, here, slack = (share(cut, author, channel=on) for on in (Channel.X, Channel.LINKEDIN, Channel.SLACK))
    keep(bank, author, kept, its, cut, there, here, slack)
    with bank.open() as work:
        erased = work.erase_made(its.id, channels=[Channel.X, Channel.SLACK])
        assert work.shares_of(its.id) == [here]
        assert work.clip_of_job(cut.id) == cut
        assert (erased.media, sum(erased.counts.values())) == ((), 0)


def test_some_extracts_go_and_the_others_stay(bank: SqlBank) -> None:
    """Their files are named and their pages end; an extract of another story is not touched by its id."""
    author = person()
    kept = recording(author)
    its, other = story(author, recording_id=kept.id), story(author, recording_id=kept.id)
    gone, stays = clip(its, author, media_key=MediaKey("g")), clip(its, author, media_key=MediaKey("s"))
    elsewhere = clip(other, author, media_key=MediaKey("e"))
    keep(bank, author, kept, its, other, signed(its, author, scope()), gone, stays, elsewhere,
         *(share(each, author) for each in (gone, stays)))
    with bank.open() as work:
        erased = work.erase_made(its.id, clip_ids=[gone.id, elsewhere.id])
        assert (erased.media, erased.counts["clips"]) == (("g",), 1)
        assert work.clips_of(asker(author), CUT, its.id) == [stays]
        assert [each.clip_id for each in work.shares_of(its.id)] == [stays.id]
        assert work.clip_of_job(elsewhere.id) == elsewhere


def test_stories_of_which_something_was_made_are_told(bank: SqlBank) -> None:
    """Suggestions, extracts or open pages; one's own pages and ended pages are nothing to take away."""
    author = person()
    kept = recording(author)
    drafted, cut, shown, ended, written, bare = (story(author, recording_id=kept.id) for _ in range(6))
    keep(bank, author, kept, drafted, cut, shown, ended, written, bare, draft(drafted, author), clip(cut, author),
         share(clip(shown, author), author), share(clip(ended, author), author, ended_at=NOON), post(written, author))
    with bank.open() as work:
        assert set(work.stories_with_makings()) == {drafted.id, cut.id, shown.id}


def test_erasing_tells_what_went_and_keeps_the_proof_without_its_words(bank: SqlBank) -> None:
    """Ids, files and numbers of each kind; of the consents about it all but the text stays (L21)."""
    owner, seen = person("A B"), person("C D")
    kept = recording(owner)
    its, other = story(owner, recording_id=kept.id, appearing=(seen.id,)), story(owner)
    said, theirs, elsewhere = signed(its, owner, scope()), signed(its, seen, scope()), signed(other, owner, scope())
    keep(bank, owner, seen, kept, its, other, told(kept), said, theirs, withdrawn(its, seen), elsewhere,
         draft(its, owner), draft(its, seen), post(its, owner), clip(its, owner), draft(other, owner))
    with bank.open() as work:
        work.save_passages(its.id, passages(its, "a", "b"), ["neig", "nuit"])
        erased = work.erase_stories([its.id])
        assert (erased.stories, erased.recordings) == ((its.id,), (kept.id,))
        assert erased.counts == {"stories": 1, "recordings": 1, "transcripts": 1, "passages": 2, "drafts": 2,
                                 "posts": 1, "clips": 1, "texts": 2}
        history = work.consent_history(its.subject_id)
        assert history[:2] == [replace(said, text=""), replace(theirs, text="")]
        assert isinstance(history[0], Consent)
        assert (history[0].text_hash, history[0].intact, len(history)) == (said.text_hash, True, 3)
        assert work.consent_history(other.subject_id) == [elsewhere]
        assert sum(work.erase_stories([its.id]).counts.values()) == 0


def test_the_text_stays_while_another_story_of_the_recording_does(bank: SqlBank) -> None:
    """It was signed for the recording, which is still there; it goes with the last story of it."""
    owner = person()
    kept = recording(owner)
    one, two = story(owner, recording_id=kept.id), story(owner, recording_id=kept.id)
    said = signed(one, owner, scope())
    keep(bank, owner, kept, one, two, said)
    with bank.open() as work:
        assert work.erase_stories([one.id]).counts["texts"] == 0
        assert work.consent_history(kept_about := one.subject_id) == [said]
        assert work.erase_stories([two.id]).counts["texts"] == 1
        assert work.consent_history(kept_about) == [replace(said, text="")]


def test_a_forgetting_is_kept_once_as_ids_and_numbers(bank: SqlBank) -> None:
    """Oldest first; noting it twice changes nothing, also of somebody who is not known here (a restored backup)."""
    what = ((StoryId("s"),), (RecordingId("r"),), {"stories": 1, "files": 4})
    late = Forgotten(new_id(), NOON + DAY, PersonId("p"), *what)
    early = Forgotten(new_id(), NOON, PersonId("p"), (), (), {})
    with bank.open() as work:
        for each in (late, early, replace(late, counts={})):
            work.note_forgotten(each)
        assert work.forgotten() == [early, late]
