"""What every bank promises, on every database and on tables made either way."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from story_bank.access import Act, Use
from story_bank.bank import Deed, Did, Forgotten, StoryFilter
from story_bank.company import Company
from story_bank.consent import Channel
from story_bank.errors import BadInput, Conflict, NotFound
from story_bank.ids import JobId, MediaKey, StoryId, TranscriptId, ValueId, WordId, new_id
from story_bank.language import Bilingual
from story_bank.making import JobKind, JobState
from story_bank.person import Role
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
    scope,
    share,
    signed,
    story,
    token,
    told,
    withdrawn,
)
from tests.retyped import retyped


def test_what_was_not_committed_is_forgotten(bank: SqlBank) -> None:
    """Leaving without commit forgets everything; what was committed before stays."""
    first, second = person("Inès Caradec"), person("Malo Riou")
    with bank.open() as work:
        work.save_person(first)
        work.commit()
        work.save_person(second)
    with bank.open() as work:
        assert work.people() == [first]


def test_a_company_is_replaced_whole(bank: SqlBank) -> None:
    """There is one company, or none before set-up."""
    company = Company("Épidaure", ("fr",), (Channel.LINKEDIN, Channel.X), "Europe/Brussels", demo=True)
    with bank.open() as work:
        assert work.company() is None
        work.save_company(Company("Avant"))
        work.save_company(company)
        assert work.company() == company


def test_a_person_comes_back_as_saved(bank: SqlBank) -> None:
    """Everything known of a person survives, and saving again replaces it."""
    before = person("Éloïse Le Gall", email="Eloise@Epidaure.example", language="en", team="Nuit", cast=True)
    after = replace(before, job="cadre de santé", roles=frozenset({Role.STEWARD}), demo=True)
    keep(bank, before, after)
    with bank.open() as work:
        assert work.person(before.id) == after


@pytest.mark.parametrize("asked", ["eloise@epidaure.example", "éloïse  le gall", "ÉLOÏSE LE GALL"])
def test_a_person_is_known_by_mail_or_name_whatever_the_case(bank: SqlBank, asked: str) -> None:
    """Id, e-mail and display name all lead to the person."""
    known = person("Éloïse Le Gall", email="Eloise@Epidaure.example")
    keep(bank, known)
    with bank.open() as work:
        assert work.person_named(asked) == work.person_named(known.id) == known


def test_a_name_that_two_people_bear_is_a_conflict(bank: SqlBank) -> None:
    """An ambiguous name asks for the e-mail; an unknown one is not found."""
    keep(bank, person("Jean Morvan"), person("jean morvan"))
    with bank.open() as work:
        with pytest.raises(Conflict):
            work.person_named("Jean Morvan")
        with pytest.raises(NotFound):
            work.person_named("Personne")


def test_an_e_mail_belongs_to_one_person(bank: SqlBank) -> None:
    """The same address in another case is refused, and the unit of work can go on."""
    keep(bank, person("Jean Morvan", email="jean@epidaure.example"))
    other = person("Jeanne Morvan", email="JEAN@epidaure.example")
    with bank.open() as work:
        with pytest.raises(Conflict):
            work.save_person(other)
        work.save_person(replace(other, email=None))
        assert work.person(other.id).email is None


def test_people_come_by_name_as_a_reader_sorts_them(bank: SqlBank) -> None:
    """Accents and capitals do not send anyone to the end."""
    keep(bank, *(person(name) for name in ("zoé Ab", "Élodie B", "Albert C", "émile A", "Fanny D")))
    with bank.open() as work:
        assert [each.display_name for each in work.people()] == ["Albert C", "Élodie B", "émile A", "Fanny D", "zoé Ab"]


def test_passwords_are_remembered_by_hashes(bank: SqlBank) -> None:
    """A new one replaces the old; none is left when it is dropped."""
    someone = person()
    keep(bank, someone)
    with bank.open() as work:
        assert work.password_hash(someone.id) is None
        work.set_password_hash(someone.id, "a")
        work.set_password_hash(someone.id, "b")
        assert work.password_hash(someone.id) == "b"
        work.drop_password(someone.id)
        assert work.password_hash(someone.id) is None


def test_values_keep_the_order_they_were_saved_in(bank: SqlBank) -> None:
    """A changed value keeps its place (A25)."""
    both = Bilingual("Oser", "Dare")
    first, second = (Value(ValueId(name), both, both, (both,), ("J'ai osé.",), ("I dared.",)) for name in ("z", "a"))
    with bank.open() as work:
        for value in (first, second, replace(first, demo=True)):
            work.save_value(value)
        assert work.values() == [replace(first, demo=True), second]


def test_a_recording_comes_back_as_saved(bank: SqlBank) -> None:
    """Context, markers and keys survive, also when more is known later."""
    owner = person()
    before = recording(owner)
    after = replace(before, playable_key=MediaKey("p.mp4"), poster_key=MediaKey("p.jpg"), sound_key=MediaKey("s.m4a"),
                    language="en")
    keep(bank, owner, before)
    with bank.open() as work:
        assert work.recording_of_job(before.id) == before
        work.save_recording(after)
        assert work.recording(asker(owner), READ, before.id) == after
        assert work.same_recording(owner.id, before.sha256) == after
        assert work.same_recording(person().id, before.sha256) is None


def test_the_same_bytes_of_one_person_are_kept_once(bank: SqlBank) -> None:
    """The second is answered with the first; another person's same bytes are their own."""
    owner, other = person(), person()
    first = recording(owner)
    keep(bank, owner, other, first)
    with bank.open() as work:
        assert work.add_recording(replace(recording(owner), sha256=first.sha256)) == first
        theirs = replace(recording(other), sha256=first.sha256)
        assert work.add_recording(theirs) == theirs


def test_every_file_that_something_names_is_told(bank: SqlBank) -> None:
    """The original, what was made from it, and extracts; keys that are not there yet are left out."""
    owner = person()
    told = replace(recording(owner), playable_key=MediaKey("p.mp4"), poster_key=MediaKey("p.jpg"))
    its = story(owner, recording_id=told.id)
    keep(bank, owner, told, its)
    with bank.open() as work:
        work.save_clip(clip(its, owner, media_key=MediaKey("c.mp4")))
        work.save_clip(clip(its, owner))
        assert work.every_media_key() == {told.original_key, "p.mp4", "p.jpg", "c.mp4"}


def test_a_moment_keeps_its_instant_and_comes_back_in_utc(bank: SqlBank) -> None:
    """An aware moment of another zone is the same instant; a naive one is refused in plain words."""
    owner = person()
    kept = replace(recording(owner), created_at=NOON.astimezone(timezone(timedelta(hours=5, minutes=30))))
    keep(bank, owner, kept)
    with bank.open() as work:
        found = work.recording_of_job(kept.id).created_at
        assert (found, found.utcoffset()) == (NOON, timedelta(0))
        with pytest.raises(BadInput):
            work.add_recording(replace(recording(owner), created_at=NOON.replace(tzinfo=None)))


def test_a_transcript_is_replaced_while_it_is_heard_and_followed_by_its_stories(bank: SqlBank) -> None:
    """Segments stream under one version; the stories' text follows in the same transaction."""
    owner = person()
    kept = recording(owner)
    its = story(owner, recording_id=kept.id, text="")
    whole = told(kept)
    part = replace(whole, segments=whole.segments[:1], finished=False)
    keep(bank, owner, kept, its, part, replace(whole, id=TranscriptId(new_id())))
    with bank.open() as work:
        found = work.transcript(kept.id)
        assert found is not None
        assert (found.version, found.segments, found.finished) == (1, whole.segments, True)
        assert work.story(asker(owner), READ, its.id).text == "Bonjour, ici\nl'hôpital."


def test_a_correction_is_a_new_version_and_the_old_one_can_be_read(bank: SqlBank) -> None:
    """Ids of words survive from version to version (decided early)."""
    owner = person()
    kept = recording(owner)
    first = told(kept)
    second = retyped(first, {next(first.words()).id: "Bonsoir,"}, NOON)
    keep(bank, owner, kept, first, second)
    with bank.open() as work:
        assert work.transcript(kept.id) == second
        assert work.transcript(kept.id, 1) == first
        assert work.transcript(kept.id, 3) is None
        assert [(each.number, each.made_at) for each in work.transcript_versions(kept.id)] == [
            (2, second.created_at), (1, first.created_at)]
        work.drop_transcript(kept.id, 1)
        assert [each.number for each in work.transcript_versions(kept.id)] == [2]
        assert [word.id for word in second.words()] == [word.id for word in first.words()]


def test_two_who_correct_the_same_version_conflict(bank: SqlBank) -> None:
    """The second to save is told; saving the very same transcript again is no conflict (a job that runs again)."""
    owner = person()
    kept = recording(owner)
    first = told(kept)
    mine, theirs = (retyped(first, {next(first.words()).id: said}, NOON) for said in ("Bonsoir,", "Salut,"))
    keep(bank, owner, kept, first, mine, mine)
    with bank.open() as work:
        for late in (theirs, first):
            with pytest.raises(Conflict):
                work.save_transcript(late)
        assert work.transcript(kept.id) == mine


def test_a_story_comes_back_as_saved(bank: SqlBank) -> None:
    """Order of values and of those who appear survives; saving again replaces both."""
    author, one, two = person("A B"), person("C D"), person("E F")
    before = story(author, appearing=(two.id, one.id), value_ids=(ValueId("z"), ValueId("a")), team="Nuit",
                   site="Brest", source_id="import-1")
    after = replace(before, title="Le matin", appearing=(one.id,), value_ids=(), source_id="import-1")
    keep(bank, author, one, two, before)
    with bank.open() as work:
        assert work.story(asker(author), READ, before.id) == before
        work.save_story(after)
        assert work.story_from_source("import-1") == work.story_of_job(before.id) == after
        assert work.story_from_source("import-2") is None


def test_a_stale_page_does_not_undo_a_correction(bank: SqlBank) -> None:
    """Saving a title with an old text keeps the latest transcript's text."""
    owner = person()
    kept = recording(owner)
    stale = story(owner, recording_id=kept.id, text="Bonsouar")
    keep(bank, owner, kept, stale, told(kept), replace(stale, title="La nuit blanche"))
    with bank.open() as work:
        found = work.story_of_job(stale.id)
        assert (found.title, found.text) == ("La nuit blanche", "Bonjour, ici\nl'hôpital.")


def test_stories_come_newest_first(bank: SqlBank) -> None:
    """One's own, everyone's and all ids, each in its promised order."""
    author = person()
    three = [story(author, created_at=NOON + timedelta(days=day)) for day in (2, 0, 1)]
    newest = sorted(three, key=lambda each: each.created_at, reverse=True)
    keep(bank, author, *three)
    with bank.open() as work:
        assert work.stories_of(author.id) == newest
        assert work.stories(asker(author), READ) == newest
        assert work.stories(asker(author), READ, limit=2) == newest[:2]
        assert work.every_story_id() == [each.id for each in reversed(newest)]


@pytest.mark.parametrize(("where", "expected"), [
    (StoryFilter(), {0, 1, 2}),
    (StoryFilter(teams=frozenset({"Nuit"})), {0, 1}),
    (StoryFilter(sites=frozenset({"Brest", "Lyon"})), {0, 2}),
    (StoryFilter(languages=frozenset({"en"})), {2}),
    (StoryFilter(values=frozenset({ValueId("soin"), ValueId("audace")})), {0, 1}),
    (StoryFilter(values=frozenset({ValueId("audace")}), teams=frozenset({"Jour"})), set()),
], ids=["none", "team", "sites", "language", "values", "two facets"])
def test_facets_narrow_what_is_found(bank: SqlBank, where: StoryFilter, expected: set[int]) -> None:
    """Facets narrow together; of values, one is enough."""
    author = person()
    kept = [story(author, team="Nuit", site="Brest", value_ids=(ValueId("soin"), ValueId("audace"))),
            story(author, team="Nuit", site="Nantes", value_ids=(ValueId("audace"),)),
            story(author, team="Jour", site="Lyon", language="en")]
    keep(bank, author, *kept)
    with bank.open() as work:
        wanted = {kept[number].id for number in expected}
        assert {each.id for each in work.stories(asker(author), READ, where)} == wanted
        assert set(work.allowed(asker(author), READ, [each.id for each in kept], where)) == wanted


def test_more_ids_than_one_statement_holds_are_asked_in_turn(bank: SqlBank) -> None:
    """Asking for thousands of ids finds the few that exist."""
    author = person()
    kept = story(author)
    keep(bank, author, kept)
    ids = [StoryId(f"none-{number}") for number in range(40_000)] + [kept.id]
    with bank.open() as work:
        assert work.allowed(asker(author), READ, ids) == {kept.id: kept}


def test_words_are_found_best_first(bank: SqlBank) -> None:
    """A rare word weighs more, more often is better, and a replaced passage is no longer found."""
    author = person()
    one, two = story(author), story(author)
    keep(bank, author, one, two)
    with bank.open() as work:
        work.save_passages(one.id, passages(one, "a", "b", "c"), ["neig nuit", "neig neig hopital", "matin"])
        work.save_passages(two.id, passages(two, "d"), ["neig jour 2026 3e5"])
        assert next((hit.story_id, hit.passage) for hit in work.word_hits(["hopital", "neig"], 10)) == (one.id, 1)
        assert {(hit.story_id, hit.passage) for hit in work.word_hits(["neig"], 10)} == {
            (one.id, 0), (one.id, 1), (two.id, 0)}
        assert len(work.word_hits(["neig"], 2)) == 2
        assert [hit.story_id for hit in work.word_hits(["3e5"], 10)] == [two.id]
        assert work.word_hits([], 10) == work.word_hits(["absent"], 10) == []
        work.save_passages(one.id, passages(one, "e"), ["soir"])
        assert [hit.story_id for hit in work.word_hits(["neig"], 10)] == [two.id]
        assert work.passages([one.id, two.id]) == {one.id: passages(one, "e"), two.id: passages(two, "d")}


def test_words_are_scored_by_bm25_on_every_database(bank: SqlBank) -> None:
    """The score is the published formula (k1 1.2, b 0.75), so both databases answer alike."""
    author = person()
    kept = story(author)
    lines = ["neig nuit", "neig neig hopital jour", "matin", "soir gard", "rond matin"]
    keep(bank, author, kept)
    with bank.open() as work:
        work.save_passages(kept.id, passages(kept, *lines), lines)
        found = {hit.passage: hit.score for hit in work.word_hits(["neig", "nuit", "neig"], 10)}
    texts = [line.split() for line in lines]
    mean = sum(map(len, texts)) / len(texts)
    expected = {}
    for number, words in enumerate(texts):
        for stem in ("neig", "nuit"):
            holding, times = sum(stem in each for each in texts), words.count(stem)
            weight = max(math.log((len(texts) - holding + 0.5) / (holding + 0.5)), 1e-6)
            gain = weight * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * len(words) / mean))
            if times:
                expected[number] = expected.get(number, 0.0) + gain
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("stem", [
    '"', "neig*", "neig OR nuit", "tokens:neig", "NEAR(a b)", "'); --", "neig:*", "-", "(", "a & b", "^neig", "\\",
    "neig\x00"])
def test_a_query_cannot_speak_the_search_language(bank: SqlBank, stem: str) -> None:
    """Whatever is typed is words: no operator, no error."""
    author = person()
    kept = story(author)
    keep(bank, author, kept)
    with bank.open() as work:
        work.save_passages(kept.id, passages(kept, "a"), ["neige"])
        assert work.word_hits([stem], 10) == []


def test_passages_keep_seconds_and_words(bank: SqlBank) -> None:
    """A passage comes back as saved."""
    author = person()
    kept = story(author)
    spoken = [replace(passages(kept, "Il neigeait.")[0], start=1.5, end=2.25, word_ids=(WordId("w1"), WordId("w2")))]
    keep(bank, author, kept)
    with bank.open() as work:
        work.save_passages(kept.id, spoken, ["neig"])
        assert work.passages([kept.id, StoryId("none")]) == {kept.id: spoken, StoryId("none"): []}


def test_the_history_of_consent_is_kept_whole_and_in_order(bank: SqlBank) -> None:
    """Signatures and withdrawals come back as given, oldest first (L07, L11, L21)."""
    author, seen = person("A B"), person("C D")
    kept = story(author, appearing=(seen.id,))
    history = [signed(kept, author, scope()), signed(kept, seen, scope()), withdrawn(kept, author, Channel.X),
               withdrawn(kept, author), signed(kept, author, scope(days=(0, 1)))]
    keep(bank, author, seen, kept, *history)
    with bank.open() as work:
        assert work.consent_history(kept.subject_id) == history
        assert work.scopes([kept]) == {kept.id: [scope(days=(0, 1)), scope()]}


def test_a_suggestion_replaces_the_one_before_for_the_same_page(bank: SqlBank) -> None:
    """One draft per person, story, profile, channel and language; others stay."""
    author, other = person("A B"), person("C D")
    kept = story(author)
    old, new = draft(kept, author), draft(kept, author, suggestion=None)
    english = draft(kept, author, language="en", created_at=NOON + timedelta(1))
    keep(bank, author, other, kept, signed(kept, author, scope()), old, new, english, draft(kept, other))
    with bank.open() as work:
        assert work.drafts_for(asker(author), kept.id) == [english, new]
        assert work.draft(asker(author), new.id) == work.draft_of_job(new.id) == new
        for absent in (lambda: work.draft(asker(author), old.id), lambda: work.draft(asker(other), new.id)):
            with pytest.raises(NotFound):
                absent()


def test_a_post_is_saved_over_the_version_before_it_only(bank: SqlBank) -> None:
    """Two windows on one page: the second to save is told."""
    author, other = person("A B"), person("C D")
    kept = story(author)
    first = post(kept, author)
    second = replace(first, text="Encore", version=2, published_at=NOON, address="https://example.org/1")
    keep(bank, author, other, kept, first, second)
    with bank.open() as work:
        for late in (replace(second, text="Autre"), replace(first, version=4), post(kept, author)):
            with pytest.raises(Conflict):
                work.save_post(late)
        assert work.post(asker(author), first.id) == second
        assert work.post_for(asker(author), kept.id, Channel.LINKEDIN) == second
        assert work.post_for(asker(author), kept.id, "x") is None
        assert work.post_for(asker(other), kept.id, "linkedin") is None
        with pytest.raises(NotFound):
            work.post(asker(other), first.id)


def test_a_clip_comes_back_as_saved(bank: SqlBank) -> None:
    """Recipe first, result later; newest first."""
    owner = person()
    kept = recording(owner)
    its = story(owner, recording_id=kept.id)
    recipe = clip(its, owner)
    result = replace(recipe, media_key=MediaKey("c.mp4"), duration_s=12.5, title="Neige")
    later = replace(clip(its, owner), created_at=NOON + timedelta(1))
    keep(bank, owner, kept, its, signed(its, owner, scope()), recipe, result, later)
    with bank.open() as work:
        assert work.clip(asker(owner), CUT, recipe.id) == work.clip_of_job(recipe.id) == result
        assert work.clips_of(asker(owner), CUT, its.id) == work.clips_of_job(its.id) == [later, result]


def test_an_open_job_is_not_doubled(bank: SqlBank) -> None:
    """Waiting or running, the same work on the same thing is asked once; after its end, again."""
    someone = person()
    first = job("r1", someone)
    keep(bank, someone, first, job("r1", someone), job("r1", someone, kind=JobKind.NORMALISE))
    with bank.open() as work:
        work.save_job(replace(first, state=JobState.RUNNING, progress=0.5, started_at=NOON))
        work.add_job(job("r1", someone))
        assert len(work.jobs_for("r1")) == 2
        failed = replace(first, state=JobState.FAILED, error=Bilingual("Raté", "Failed"), ended_at=NOON)
        work.save_job(failed)
        again = job("r1", someone, created_at=NOON + timedelta(1))
        work.add_job(again)
        assert work.jobs_for("r1")[0] == again
        assert work.job(first.id) == failed
        assert work.open_jobs()[-1] == again


def test_one_indexing_may_wait_behind_another(bank: SqlBank) -> None:
    """The running one may have read the story before it changed; a third is not needed."""
    someone = person()
    first = job("s1", someone, kind=JobKind.INDEX)
    keep(bank, someone, first)
    with bank.open() as work:
        work.save_job(replace(first, state=JobState.RUNNING))
        for _ in range(2):
            work.add_job(job("s1", someone, kind=JobKind.INDEX))
        assert len(work.jobs_for("s1")) == 2


def test_a_cancellation_asked_meanwhile_is_kept(bank: SqlBank) -> None:
    """The worker's own saving does not undo what the person asked; a waiting job ends at once."""
    someone = person()
    running, waiting = job("r1", someone, state=JobState.RUNNING), job("r2", someone)
    keep(bank, someone, running, waiting)
    with bank.open() as work:
        for each in (running, waiting):
            work.ask_to_cancel(each.id)
        work.save_job(replace(running, progress=0.75))
        work.save_job(replace(waiting, state=JobState.RUNNING))
        assert work.job(running.id) == replace(running, progress=0.75, cancel_asked=True)
        ended = work.job(waiting.id)
        assert (ended.state, ended.cancel_asked) == (JobState.CANCELLED, True)
        assert ended.ended_at is not None
        with pytest.raises(NotFound):
            work.ask_to_cancel(JobId("none"))


def test_cancelling_what_has_ended_changes_nothing(bank: SqlBank) -> None:
    """A finished job stays done."""
    someone = person()
    done = job("r1", someone, state=JobState.DONE, progress=1.0, ended_at=NOON)
    keep(bank, someone, done)
    with bank.open() as work:
        work.ask_to_cancel(done.id)
        assert work.job(done.id) == done


def test_the_journal_tells_who_made_a_link_for_oneself(bank: SqlBank) -> None:
    """A deed about a person is theirs and that of who did it."""
    author, other, third = person("A B"), person("C D"), person("E F")
    keep(bank, author, other, third)
    made = Deed(NOON, author.id, Did.MADE_LINK, other.id)
    with bank.open() as work:
        work.note(made)
        assert [work.journal_of(each.id) for each in (author, other, third)] == [[made], [made], []]


def test_the_journal_tells_what_one_did_and_what_was_done_to_stories_one_appears_in(bank: SqlBank) -> None:
    """Newest first; others' doings elsewhere are not shown; who had a story forgotten goes on seeing its past."""
    author, seen, other = person("A B"), person("C D"), person("E F")
    kept, elsewhere = story(author, appearing=(seen.id,)), story(other)
    keep(bank, author, seen, other, kept, elsewhere)
    mine, theirs, own = (Deed(NOON, who.id, did, about) for who, did, about in (
        (author, Did.EXPORTED, ""), (other, Did.DOWNLOADED, kept.id), (other, Did.SIGNED, elsewhere.id)))
    with bank.open() as work:
        for deed in (mine, theirs, own):
            work.note(deed)
        assert work.journal_of(author.id) == [theirs, mine]
        assert work.journal_of(seen.id) == [theirs]
        assert work.journal_of(other.id) == [own, theirs]
        work.erase_stories([kept.id])
        work.note_forgotten(Forgotten(new_id(), NOON, author.id, (kept.id,), (), {}))
        assert work.journal_of(author.id) == [theirs, mine]


def test_erasing_a_story_takes_everything_made_of_it(bank: SqlBank) -> None:
    """Passages, words, drafts, posts, clips, jobs and the recording go; the consent history stays."""
    owner = person()
    kept = recording(owner, playable_key=MediaKey("p"), poster_key=MediaKey("j"), sound_key=MediaKey("s"))
    its, other = story(owner, recording_id=kept.id), story(owner)
    cut, said = clip(its, owner, media_key=MediaKey("c")), signed(its, owner, scope())
    suggestion = draft(its, owner)
    work_asked = [job(kept.id, owner), job(cut.id, owner, kind=JobKind.CLIP), job(its.id, owner, kind=JobKind.INDEX),
                  job(suggestion.id, owner, kind=JobKind.DRAFT)]
    spared = job(other.id, owner, kind=JobKind.INDEX)
    keep(bank, owner, kept, its, other, told(kept), said, cut, suggestion, post(its, owner), *work_asked, spared)
    with bank.open() as work:
        work.save_passages(its.id, passages(its, "a"), ["neig"])
        erased = work.erase_stories([its.id, StoryId("none")])
        work.commit()
        assert erased.stories == (its.id,)
        assert set(erased.media) == {"p", "j", "s", "c", kept.original_key}
        assert work.stories_of(owner.id) == [other]
        assert work.open_jobs() == [spared]
        assert work.transcript(kept.id) is None
        assert work.word_hits(["neig"], 10) == []
        assert work.passages([its.id]) == {its.id: []}
        assert work.post_for(asker(owner), its.id, "linkedin") is None
        for gone in (lambda: work.recording_of_job(kept.id), lambda: work.clip_of_job(cut.id),
                     lambda: work.draft_of_job(suggestion.id)):
            with pytest.raises(NotFound):
                gone()


def test_a_recording_stays_while_another_story_rests_on_it(bank: SqlBank) -> None:
    """A recording holds any number of stories; it goes with the last."""
    owner = person()
    kept = recording(owner)
    one, two = story(owner, recording_id=kept.id), story(owner, recording_id=kept.id, created_at=NOON + timedelta(1))
    keep(bank, owner, kept, one, two)
    with bank.open() as work:
        assert work.stories_of_recording(kept.id) == [one, two]
        assert work.erase_stories([one.id]).media == ()
        assert work.erase_stories([two.id]).media == (kept.original_key,)


def test_leaving_the_demonstration_removes_all_of_it_and_nothing_else(bank: SqlBank) -> None:
    """Invented people go with all they did; real people and their stories stay."""
    real, cast = person("A B"), person("C D", demo=True, email="c@d.example")
    kept, unused, mine = recording(cast), recording(cast), recording(real)
    invented, by_cast = story(real, demo=True), story(cast, recording_id=kept.id, text="")
    true = story(real, recording_id=mine.id, value_ids=(ValueId("v"),))
    agreed = signed(true, real, scope())
    keep(bank, real, cast, kept, unused, mine, invented, by_cast, true, agreed, signed(by_cast, cast, scope()),
         draft(true, cast), post(true, cast), clip(true, cast, media_key=MediaKey("c")), job(true.id, cast),
         clip(by_cast, real, media_key=MediaKey("d")))
    both = Bilingual("Oser", "Dare")
    with bank.open() as work:
        work.save_company(Company("Épidaure", demo=True))
        work.save_value(Value(ValueId("v"), both, both, demo=True))
        work.save_token(token(cast))
        cut = clip(true, cast)
        work.save_clip(cut)
        pages = [share(cut, real), share(clip(by_cast, real), real), share(clip(true, real), cast)]
        for page in pages:
            work.save_share(page)
        work.set_password_hash(cast.id, "h")
        work.note(Deed(NOON, cast.id, Did.CUT, true.id))
        work.note(Deed(NOON, real.id, Did.CUT, true.id))
        erased = work.erase_demo()
        work.commit()
        assert set(erased.stories) == {invented.id, by_cast.id}
        assert set(erased.media) == {kept.original_key, unused.original_key, "c", "d"}
        assert (work.people(), work.company(), work.values(), work.open_jobs()) == ([real], None, [], [])
        assert work.stories_of(real.id) == [replace(true, value_ids=())]
        assert work.recording_of_job(mine.id) == mine
        assert work.consent_history(by_cast.subject_id) == []
        assert work.consent_history(true.subject_id) == [agreed]
        assert len(work.journal_of(real.id)) == 1
        assert [work.share(page.secret_hash) is None for page in pages] == [False, True, True]
        assert work.shares_of(true.id) == []
        assert work.erase_demo().stories == ()


def test_what_belongs_to_nothing_is_refused_in_plain_words(bank: SqlBank) -> None:
    """A draft of a story that was erased meanwhile is not found, in one sentence."""
    author = person()
    keep(bank, author)
    with bank.open() as work, pytest.raises(NotFound) as refused:
        work.save_draft(draft(story(author), author))
    assert refused.value.said("fr").endswith(".")


def test_a_text_the_database_cannot_keep_is_bad_input(bank: SqlBank) -> None:
    """Half a surrogate pair, which no UTF-8 holds, is refused before anything is lost."""
    with bank.open() as work, pytest.raises(BadInput):
        work.save_person(person("A\ud800 B"))


def test_a_recording_opens_with_a_story_one_may_use(bank: SqlBank) -> None:
    """Its owner always; others through consent for that very use; nobody else."""
    owner, reader = person("A B"), person("C D")
    kept = recording(owner)
    its = story(owner, recording_id=kept.id)
    keep(bank, owner, reader, kept, its)
    with bank.open() as work:
        with pytest.raises(NotFound):
            work.recording(asker(reader), READ, kept.id)
        work.sign(signed(its, owner, scope()))
        assert work.recording(asker(reader), READ, kept.id) == kept
        assert work.recording(asker(reader), Use(Act.SHARE, Channel.X), kept.id) == kept
        with pytest.raises(NotFound):
            work.recording(asker(reader, TODAY + timedelta(200)), FIND, kept.id)
        assert work.recording(asker(owner), Use(Act.TRANSCRIBE), kept.id) == kept
