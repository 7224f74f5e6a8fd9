"""What ends soon: thirty days before the end of a consent, whoever signed it is asked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from story_bank.access import Act
from story_bank.bank import Asker, Deed, Did, Work
from story_bank.consent import Consent, Withdrawal, standing
from story_bank.errors import NotAvailable
from story_bank.ids import PersonId, StoryId, SubjectId
from story_bank.person import Person
from studio.mail.letters import letter
from studio.steps.step import Step

PATIENCE = 3
"""Letters refused one after the other: then it is the mail server that sleeps, and the rest waits."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A story for which what one signed ends on a day."""

    story_id: StoryId
    title: str
    until_day: date


class EndingSoon(Step):
    """See which of one's own consents end soon, about one's own stories and those of others."""

    use = Act.KEEP

    def run(self, asker: Asker) -> list[Ending]:
        """Return them, the first to end first; one that was taken back or signed anew for longer is not among them."""
        last_asked = asker.day + self.tools.consent.ask_before
        with self.tools.bank.open() as work:
            history: defaultdict[SubjectId, list[Consent | Withdrawal]] = defaultdict(list)
            for event in work.consents_of(asker.person.id):
                history[event.subject_id].append(event)
            scopes = {subject: standing(events) for subject, events in history.items()}
            ends = {subject: scope.until_day for subject, scope in scopes.items()
                    if scope is not None and asker.day <= scope.until_day <= last_asked}
            about = work.stories_about(ends)
        return sorted((Ending(story.id, story.title, ends[subject]) for subject, stories in about.items()
                       for story in stories), key=lambda each: (each.until_day, each.story_id))


class AskBeforeTheEnd(Step):
    """Ask by mail, once for each end, whoever has an address; the line on one's own page asks everyone."""

    use = Act.KEEP

    def run(self) -> int:
        """Return how many letters went (`NotAvailable`: the mail server took no more; the rest waits for next time).

        Killed between a letter and its line in the journal, it sends that letter twice rather than never.
        """
        if self.tools.mailer is None:
            return 0
        day = self.tools.today()
        with self.tools.bank.open() as work:
            found = work.with_consents_ending(day, day + self.tools.consent.ask_before)
        sent = failed = 0
        for person_id in found:
            try:
                sent += self._ask(person_id, day)
                failed = 0
            except NotAvailable:  # an address that is refused must not keep the others waiting
                failed += 1
                if failed == PATIENCE:
                    raise
        return sent

    def _ask(self, person_id: PersonId, day: date) -> bool:
        with self.tools.bank.open() as work:
            person = work.person(person_id)
        if person.demo or not person.email or self.tools.mailer is None:
            return False
        ends = EndingSoon(self.tools).run(Asker(person, day))
        with self.tools.bank.open() as work:
            company = work.company()
            asked = {deed.subject_id: deed.at for deed in reversed(work.journal_of(person_id))
                     if (deed.person_id, deed.deed) == (person_id, Did.REMINDED)}
            new = [each.story_id for each in ends
                   if each.story_id not in asked or asked[each.story_id] < _signed(work, person_id, each.story_id)]
        if not new:
            return False
        sent = letter("ending", person, self._link(person), company.name if company else "Vécu",
                      self.tools.consent.ask_before.days)
        assert sent is not None, "a person with an address gets a letter"
        self.tools.mailer.send(sent)
        with self.tools.bank.open() as work:
            for story_id in new:
                work.note(Deed(self.tools.clock(), person_id, Did.REMINDED, story_id))
            work.commit()
        return True

    def _link(self, person: Person) -> str:
        """Return the way to one's own page; none for somebody who has left, whose address may be another's by now."""
        return f"{self.tools.address}/{person.language}/mes-recits" if self.tools.address and not person.guest else ""


def _signed(work: Work, person_id: PersonId, story_id: StoryId) -> datetime:
    """Return when the person last signed about that story, for which something of theirs stands."""
    return max(event.signed_at for event in work.consent_history(work.story_of_job(story_id).subject_id)
               if isinstance(event, Consent) and event.person_id == person_id)
