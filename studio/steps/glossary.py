"""Teaching the glossary from a correction, and finding where else the same was misheard; nothing changes by itself."""

from __future__ import annotations

from dataclasses import dataclass

from story_bank.access import Act
from story_bank.bank import Asker, Work
from story_bank.errors import BadInput, Conflict, NotFound
from story_bank.glossary import Proposal, Term, TermState, with_forms
from story_bank.ids import StoryId, TermId, new_id
from story_bank.transcript import Transcript
from studio.steps.step import Step
from studio.writing.repairs import Repair, likely_kind, proposed_repairs, taught_by


@dataclass(frozen=True, slots=True)
class Offer:
    """What a correction taught: how it is written, what was heard; `open` where one may still say "always"."""

    written: str
    heard: str
    open: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What a transcript may hold of the glossary, and the offer that a correction makes, if any."""

    repairs: tuple[Repair, ...]
    offer: Offer | None = None


class LookForTerms(Step):
    """Compare one's own transcript with what is known, and with what a correction has just taught."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, before: str = "", after: str = "") -> Looked:
        """Return the repairs to propose, of the corrected word too, and what to offer of it (`NotFound`)."""
        with self.tools.bank.open() as work:
            transcript = _own_words(self, work, asker, story_id)
            known = work.terms_for(asker.person.id)
            taught = taught_by(before, after)
            same = work.term_written(taught[0]) if taught else None
        if taught is None:
            return Looked(tuple(proposed_repairs(transcript, known)))
        written, heard = taught
        theirs = next((term for term in known if term.written == written), None)
        if same is not None and same.state is TermState.RETIRED:
            return Looked(tuple(proposed_repairs(transcript, known)))
        wished = theirs or Term(TermId(""), written, likely_kind(written), TermState.PROPOSED, asker.person.id,
                                self.tools.clock())
        others = [term for term in known if term is not theirs]
        found = proposed_repairs(transcript, [with_forms(wished, [heard]), *others])
        return Looked(tuple(found), Offer(written, heard, theirs is None or heard not in theirs.heard_as))


class Teach(Step):
    """Have one's own next transcriptions write a term so, and propose it to who curates the glossary."""

    use = Act.KEEP

    def run(self, asker: Asker, story_id: StoryId, written: str, heard: str) -> Term:
        """Return the term; teaching it twice changes nothing. `BadInput` for what teaches nothing, `Conflict`."""
        taught = taught_by(heard, written)
        if taught is None:
            raise BadInput("Ce mot n'est pas un nom ni un terme à retenir.", "This word is no name or term to keep.")
        with self.tools.bank.open() as work:
            story = self.own(work, asker, story_id)
            term = self._known(work, asker, taught[0])
            work.propose_term(Proposal(term.id, asker.person.id, story.id, taught[1], self.tools.clock()))
            work.commit()
        return term

    def _known(self, work: Work, asker: Asker, written: str) -> Term:
        term = work.term_written(written)
        if term is None:
            now = self.tools.clock()
            term = Term(TermId(new_id()), written, likely_kind(written), TermState.PROPOSED, asker.person.id, now)
            work.save_term(term)
        elif term.state is TermState.RETIRED:
            raise Conflict(f"La communication a mis « {written} » de côté : parlez-lui-en.",
                           f"Communications have put “{written}” aside: speak with them.")
        return term


class Unteach(Step):
    """Take back what one taught."""

    use = Act.KEEP

    def run(self, asker: Asker, term_id: TermId) -> None:
        """Forget one's own wish; what an editor kept stays."""
        with self.tools.bank.open() as work:
            work.take_back_proposal(term_id, asker.person.id)
            work.commit()


def _own_words(step: Step, work: Work, asker: Asker, story_id: StoryId) -> Transcript:
    story = step.story(work, asker, story_id)
    transcript = work.transcript(story.recording_id) if story.recording_id else None
    if story.author_id != asker.person.id or transcript is None or not transcript.finished:
        raise NotFound("Le texte n'est pas encore prêt à corriger.", "The text is not ready to correct yet.")
    return transcript
