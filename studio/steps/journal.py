"""The journal as its person reads it: who did what to which consent or story of theirs, and nothing about others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from story_bank.access import Act
from story_bank.bank import Asker, Deed, Did, Work
from story_bank.errors import NotFound
from story_bank.ids import PersonId, StoryId
from story_bank.language import Bilingual
from studio.steps.receipt import Titles
from studio.steps.step import Step
from studio.typography import W

SHOWN = 200
"""How many lines the page shows; the export holds them all."""
_DECISIONS = frozenset({Did.SIGNED, Did.WITHDREW, Did.REMINDED})
"""What somebody decided about themselves, or was asked to: told to them, and to the author whose story waits for it."""
_YOU, _SOMEBODY = W("Vous", "You"), W("Une personne qui n'est plus ici", "Somebody who is no longer here")
_ERASED = W("un récit effacé", "an erased story")
_CLOSED = W("un récit effacé ou refermé", "a story erased or closed since")
_DID: dict[Did, tuple[Bilingual, Bilingual]] = {
    Did.SIGNED: (W("avez signé un accord", "signed a consent"), W("a signé un accord", "signed a consent")),
    Did.WITHDREW: (W("avez retiré votre accord", "took your consent back"),
                   W("a retiré son accord", "took their consent back")),
    Did.FORGOT: (W("avez effacé pour de bon", "erased for good"), W("a effacé pour de bon", "erased for good")),
    Did.NAMED: (W("avez dit qui d'autre on reconnaît", "said who else is recognisable"),
                W("a dit qui d'autre on reconnaît", "said who else is recognisable")),
    Did.UNNAMED: (W("avez retiré quelqu'un de ceux qu'on reconnaît", "took somebody out of who is recognisable"),
                  W("a retiré quelqu'un de ceux qu'on reconnaît", "took somebody out of who is recognisable")),
    Did.CUT: (W("avez coupé un extrait", "cut an extract"), W("a coupé un extrait", "cut an extract")),
    Did.DOWNLOADED: (W("avez téléchargé", "downloaded"), W("a téléchargé", "downloaded")),
    Did.SHARED: (W("avez ouvert une page de partage", "opened a share page"),
                 W("a ouvert une page de partage", "opened a share page")),
    Did.UNSHARED: (W("avez fermé une page de partage", "closed a share page"),
                   W("a fermé une page de partage", "closed a share page")),
    Did.EXPORTED: (W("avez exporté", "exported"), W("a exporté", "exported")),
    Did.READ_REGISTER: (W("avez lu le registre des accords", "read the register of consents"),
                        W("a lu le registre des accords", "read the register of consents")),
    Did.ASKED_REVIEW: (W("avez demandé une relecture", "asked for a review"),
                       W("a demandé une relecture", "asked for a review")),
    Did.SETTLED_REVIEW: (W("avez décidé après relecture", "decided after a review"),
                         W("a décidé après relecture", "decided after a review")),
    Did.ERASED_WRITING: (W("avez supprimé vos textes non publiés", "deleted your unpublished texts"),
                         W("a supprimé ses textes non publiés", "deleted their unpublished texts")),
    Did.REMINDED: (W("avez reçu un courriel : un accord prend bientôt fin", "got a mail: a consent ends soon"),
                   W("a reçu un courriel : son accord prend bientôt fin", "got a mail: their consent ends soon")),
    Did.OPENED_CORNER: (W("avez ouvert un coin à récits", "opened a story corner"),
                        W("a ouvert un coin à récits", "opened a story corner")),
    Did.CLOSED_CORNER: (W("avez fermé un coin à récits", "closed a story corner"),
                        W("a fermé un coin à récits", "closed a story corner")),
    Did.CLAIMED: (W("avez récupéré un récit enregistré à un événement", "claimed a story recorded at an event"),
                  W("a récupéré un récit enregistré à un événement", "claimed a story recorded at an event")),
    Did.MADE_LINK: (W("avez fait un lien d'accès pour", "made an access link for"),
                    W("a fait un lien d'accès pour", "made an access link for")),
}
_CORNERS = frozenset({Did.OPENED_CORNER, Did.CLOSED_CORNER})
_OWN_DATA, _FOR_YOU = W("vos données", "your data"), W("vous", "you")


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A deed in words; `about` is a story's title or what stands for it, a person, or "" where it is about none."""

    at: datetime
    who: str
    deed: Did
    did: str
    about: str
    story_id: str


class ReadJournal(Step):
    """Read one's own journal."""

    use = Act.KEEP

    def run(self, asker: Asker, most: int | None = SHOWN) -> list[JournalLine]:
        """Return what one did and what was done to one's stories, newest first, in one's own language."""
        with self.tools.bank.open() as work:
            deeds = [deed for deed in work.journal_of(asker.person.id) if _concerns(work, asker, deed)][:most]
            names = _names(work, deeds)
            erased = {each for done in work.forgotten() if done.person_id == asker.person.id for each in done.story_ids}
        titles = Titles(self.tools).run(asker, sorted({StoryId(deed.subject_id) for deed in deeds if deed.subject_id}))
        lang = asker.person.language
        lines = []
        for deed in deeds:
            own = deed.person_id == asker.person.id
            who = (_YOU.said(lang) if own else names.get(deed.person_id)) or _SOMEBODY.said(lang)
            stands = (_ERASED if deed.subject_id in erased else _CLOSED).said(lang)
            about = _without_story(asker, deed, names)
            story_id = "" if about is not None else deed.subject_id
            lines.append(JournalLine(deed.at, who, deed.deed, _DID[deed.deed][0 if own else 1].said(lang),
                                     titles.get(StoryId(story_id), stands) if about is None else about, story_id))
        return lines


def _concerns(work: Work, asker: Asker, deed: Deed) -> bool:
    """Tell whether the deed is the asker's to know: what others decide about themselves is for the author alone."""
    if deed.person_id == asker.person.id or deed.deed not in _DECISIONS:
        return True
    try:
        return work.story_of_job(StoryId(deed.subject_id)).author_id == asker.person.id
    except NotFound:
        return False


def _names(work: Work, deeds: Sequence[Deed]) -> dict[str, str]:
    names: dict[str, str] = {}
    for corner in work.corners() if any(deed.deed in _CORNERS for deed in deeds) else ():
        names[corner.id] = corner.name
    for person_id in {each for deed in deeds for each in (deed.person_id, _whom(deed)) if each}:
        try:
            names[person_id] = work.person(person_id).display_name
        except NotFound:
            continue
    return names


def _whom(deed: Deed) -> PersonId | None:
    return PersonId(deed.subject_id) if deed.deed is Did.MADE_LINK else None


def _without_story(asker: Asker, deed: Deed, names: Mapping[str, str]) -> str | None:
    """Return what a deed is about that is about no story, or None."""
    lang, whom = asker.person.language, _whom(deed)
    if whom is not None:
        return _FOR_YOU.said(lang) if whom == asker.person.id else names.get(whom, _SOMEBODY.said(lang))
    if deed.deed in _CORNERS:
        return names.get(deed.subject_id, "")
    if deed.subject_id:
        return None
    return _OWN_DATA.said(lang) if deed.deed is Did.EXPORTED else ""
