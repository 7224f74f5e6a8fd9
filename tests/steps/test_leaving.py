"""Leaving the company: no way in stays open, nothing of the person's is touched, and a steward is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from story_bank.access import Act, LightState, Use
from story_bank.bank import Did
from story_bank.consent import Channel, NameShown, Purpose
from story_bank.errors import BadInput, Conflict, NotAllowed, NotFound
from story_bank.person import Role
from studio.access.accounts import Accounts, CameFrom
from studio.access.administration import Administration
from studio.access.attempts import Attempts
from studio.access.sessions import Sessions
from studio.access.signing_links import SigningLinks
from studio.steps.journal import ReadJournal
from studio.steps.leave import NewLeavingLink, NoteDeparture, OpenReviews, SettleReview
from studio.steps.recognisable import AskToSign, NameSomeone
from tests.steps.conftest import Small
from tests.steps.people import written


@pytest.fixture
def small(small: Small) -> Small:
    """The same company, Inès keeping its consents."""
    ines = replace(small.people["Inès"], roles=frozenset({Role.CONTRIBUTOR, Role.STEWARD}))
    with small.tools.bank.open() as work:
        work.save_person(ines)
        work.commit()
    return small


def _leave(small: Small, first_name: str = "Camille") -> str:
    return NoteDeparture(small.tools).run(small.asker("Marc"), small.people[first_name].id)


def _readable(small: Small, story_id) -> bool:
    with small.tools.bank.open() as work:
        try:
            work.story(small.asker("Julien"), Use(Act.READ), story_id)
        except NotFound:
            return False
    return True


def test_leaving_closes_every_way_in(small) -> None:
    """Roles, password, sessions, links to come in: all at one moment."""
    camille, (bank, clock) = small.people["Camille"], (small.tools.bank, small.clock)
    accounts, sessions = Accounts(bank, clock, Attempts(clock)), Sessions(bank, clock)
    link = Administration(bank, clock).new_link(small.people["Marc"], camille.id).secret
    accounts.accept(link, "camille@exemple.fr", "une petite phrase")
    session = sessions.open(camille.id)
    invitation = accounts.links.make("invitation", camille.id)
    _leave(small)
    gone = small.asker("Camille").person
    assert (gone.roles, gone.left_on, sessions.person(session)) == (frozenset(), small.tools.today(), None)
    with pytest.raises(NotFound):
        accounts.sign_in("camille@exemple.fr", "une petite phrase", CameFrom("192.0.2.7"))
    with pytest.raises(NotFound):
        accounts.accept(invitation, "camille@exemple.fr", "une petite phrase")
    with pytest.raises(NotFound):
        sessions.open(camille.id)


def test_what_was_signed_still_holds(small) -> None:
    """Leaving is no withdrawal: only the person, or a steward in their place, closes a story."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope())
    _leave(small)
    assert _readable(small, story_id)


def test_the_person_keeps_a_link_to_what_is_theirs(small) -> None:
    """It is about everything, and another can be made when it is lost."""
    first = _leave(small)
    again = NewLeavingLink(small.tools).run(small.asker("Marc"), small.people["Camille"].id)
    links = SigningLinks(small.tools.bank, small.clock)
    assert {links.look(secret).person_id for secret in (first, again)} == {small.people["Camille"].id}
    assert links.look(first).about == ""


def test_a_link_an_author_holds_never_opens_what_is_a_departed_colleagues(small) -> None:
    """Made before the departure it opens nothing any more; afterwards none is made (L12, P:1)."""
    mine, links = written(small, "Moussa"), SigningLinks(small.tools.bank, small.clock)
    NameSomeone(small.tools).run(small.asker("Moussa"), mine, "Camille Ferrand")
    before = AskToSign(small.tools).run(small.asker("Moussa"), mine, small.people["Camille"].id)
    _leave(small)
    with pytest.raises(NotFound):
        links.enter(before)
    with pytest.raises(NotAllowed, match="administrator"):
        AskToSign(small.tools).run(small.asker("Moussa"), mine, small.people["Camille"].id)


def test_a_link_about_one_story_lets_in_nobody_who_has_left(small) -> None:
    """Only their own link does, which is about all that is theirs, however the other one came to be."""
    mine, links = written(small, "Moussa"), SigningLinks(small.tools.bank, small.clock)
    own = _leave(small)
    with pytest.raises(NotAllowed):
        links.enter(links.make(small.people["Camille"].id, mine))
    assert Sessions(small.tools.bank, small.clock).person(links.enter(own)) == small.people["Camille"].id


def test_a_review_is_asked_of_every_story_they_appear_in(small) -> None:
    """As author or beside somebody; the journal says so to those concerned, by ids alone."""
    own, others, elsewhere = small.record(), small.record("Moussa"), small.record("Julien")
    with small.tools.bank.open() as work:
        story = work.story_of_job(others)
        work.save_story(replace(story, appearing=(small.people["Camille"].id,)))
        work.commit()
    _leave(small)
    with small.tools.bank.open() as work:
        asked = {review.story_id for review in work.reviews()}
        noted = [deed.deed for deed in work.journal_of(small.people["Moussa"].id)]
    assert (asked, elsewhere in asked) == ({own, others}, False)
    assert Did.ASKED_REVIEW in noted


def test_leaving_twice_is_refused_and_asks_once(small) -> None:
    """The second time there is nobody here to leave."""
    small.record()
    _leave(small)
    with pytest.raises(NotFound):
        _leave(small)
    with small.tools.bank.open() as work:
        assert len(work.reviews()) == 1


@pytest.mark.parametrize("first_name", ["Camille", "Julien", "Inès"])
def test_only_administrators_note_a_departure(small, first_name) -> None:
    """No colleague, editor or steward sends anybody away (S04)."""
    with pytest.raises(NotAllowed):
        NoteDeparture(small.tools).run(small.asker(first_name), small.people["Moussa"].id)


def test_nobody_notes_their_own_departure(small) -> None:
    """And the last administrator stays."""
    with pytest.raises(BadInput):
        _leave(small, "Marc")


def test_a_steward_sees_who_left_and_the_light(small) -> None:
    """Title, person, and until when the consent holds."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope(Purpose.LIBRARY, channels=frozenset(), days=10))
    _leave(small)
    seen = OpenReviews(small.tools).run(small.asker("Inès"))
    assert [(each.story.id, each.person.first_name, each.light.state) for each in seen] == [
        (story_id, "Camille", LightState.SOON)]


def test_a_review_hides_a_name_that_its_title_hides_everywhere(small) -> None:
    """A steward reads the title of the story as any colleague does (V30)."""
    story_id = written(small, "Camille", "Le soir de Moussa Ferrand")
    NameSomeone(small.tools).run(small.asker("Camille"), story_id, "Moussa Ferrand")
    small.sign("Camille", story_id, small.scope())
    small.sign("Moussa", story_id, small.scope(name=NameShown.NONE))
    _leave(small)
    (seen,) = OpenReviews(small.tools).run(small.asker("Inès"))
    assert ("Le soir" in seen.title, "Moussa" in seen.title) == (True, False)


@pytest.mark.parametrize("first_name", ["Camille", "Julien", "Marc"])
def test_reviews_are_for_stewards(small, first_name) -> None:
    """An administrator neither sees nor settles them (V30)."""
    small.record("Moussa")
    _leave(small, "Moussa")
    with small.tools.bank.open() as work:
        review = work.reviews()[0]
    with pytest.raises(NotAllowed):
        OpenReviews(small.tools).run(small.asker(first_name))
    with pytest.raises(NotAllowed):
        SettleReview(small.tools).run(small.asker(first_name), review.id, keep=False)


def _settle(small: Small, *, keep: bool) -> None:
    review = OpenReviews(small.tools).run(small.asker("Inès"))[0].review
    SettleReview(small.tools).run(small.asker("Inès"), review.id, keep=keep)


def test_leaving_it_as_the_consent_says_changes_nothing(small) -> None:
    """It is settled, and the story stays where it was."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope())
    _leave(small)
    _settle(small, keep=True)
    review = OpenReviews(small.tools).run(small.asker("Inès"))[0].review
    assert (_readable(small, story_id), review.kept) == (True, True)


def test_closing_takes_the_consent_back_at_once(small) -> None:
    """As if the person had withdrawn; the journal says who did it."""
    story_id = small.record()
    small.sign("Camille", story_id, small.scope(channels=frozenset({Channel.LINKEDIN})))
    _leave(small)
    _settle(small, keep=False)
    assert not _readable(small, story_id)
    with small.tools.bank.open() as work:
        told = [(deed.deed, deed.person_id) for deed in work.journal_of(small.people["Camille"].id)]
        signed = work.consents_of(small.people["Camille"].id)
    assert (Did.SETTLED_REVIEW, small.people["Inès"].id) in told
    assert (Did.WITHDREW, small.people["Camille"].id) not in told
    assert len(signed) == 2


def test_an_answer_twice_is_one_and_another_is_a_conflict(small) -> None:
    """A double click settles once; a colleague's other answer is not overwritten."""
    small.record()
    _leave(small)
    _settle(small, keep=True)
    _settle(small, keep=True)
    with pytest.raises(Conflict):
        _settle(small, keep=False)


def test_who_is_handed_a_link_to_their_data_reads_so_in_their_journal(small) -> None:
    """Whoever makes a link holds it: that it was made is told to both, and to nobody else."""
    desk, marc, camille = Administration(small.tools.bank, small.clock), small.people["Marc"], small.people["Camille"]
    desk.new_link(marc, camille.id)
    _leave(small)
    NewLeavingLink(small.tools).run(small.asker("Marc"), camille.id)
    desk.welcome_back(marc, camille.id)
    told = [(line.who, line.did, line.about) for line in ReadJournal(small.tools).run(small.asker("Camille"))]
    assert told == [("Marc Ferrand", "a fait un lien d'accès pour", "vous")] * 4
    told = [(line.who, line.did, line.about) for line in ReadJournal(small.tools).run(small.asker("Marc"))]
    assert told == [("Vous", "avez fait un lien d'accès pour", "Camille Ferrand")] * 4
    assert ReadJournal(small.tools).run(small.asker("Julien")) == []


def test_who_comes_back_is_not_followed_by_who_came_by_the_leaving_link(small) -> None:
    """A session or a link from when they were away opens nothing of the new account."""
    links, sessions = SigningLinks(small.tools.bank, small.clock), Sessions(small.tools.bank, small.clock)
    secret = _leave(small)
    session = links.enter(secret)
    Administration(small.tools.bank, small.clock).welcome_back(small.people["Marc"], small.people["Camille"].id)
    assert sessions.person(session) is None
    with pytest.raises(NotFound):
        links.look(secret)


def test_who_comes_back_has_an_account_again(small) -> None:
    """A contributor as on the first day; what was asked about them is asked no more."""
    small.record()
    _leave(small)
    Administration(small.tools.bank, small.clock).welcome_back(small.people["Marc"], small.people["Camille"].id)
    camille = small.asker("Camille").person
    assert (camille.roles, camille.left_on) == ({Role.CONTRIBUTOR}, None)
    assert OpenReviews(small.tools).run(small.asker("Inès")) == []
