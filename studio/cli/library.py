"""Commands on stories: they obey consent and ask as a person."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from story_bank.access import Act, Use, light
from story_bank.consent import Channel
from story_bank.errors import BadInput, NotAvailable
from story_bank.ids import DraftId, PersonId, StoryId, ValueId
from story_bank.language import characters_alone
from story_bank.making import ENDED, Job, Profile
from studio.cli.files import draft_from_file
from studio.cli.lights import light_json, light_line
from studio.cli.telling import answer, answer_json, lines_of, read_text, said, tell, tongue

if TYPE_CHECKING:
    from story_bank.bank import Asker, Work
    from story_bank.person import Person
    from studio.settings import Settings
    from studio.steps.find import Found, Wanted
    from studio.toolbox import Toolbox

As = Annotated[str | None, typer.Option("--as", metavar="PERSON", help="Id, e-mail ou nom. / Id, e-mail or name.")]
CONSOLE = PersonId("console")
"""The one id of an administrator made for the console: two commands at once make one person."""
WAIT_S = 0.25
"""How often a command looks at a job that the worker does, in seconds."""


def demo(
    reset: Annotated[bool, typer.Option("--reset", help="Recommencer à neuf. / Begin anew.")] = False,
    leave: Annotated[bool, typer.Option("--leave", help="Tout retirer. / Remove all of it.")] = False,
    later: Annotated[bool, typer.Option("--later", help="Sans finir les travaux. / Jobs come later.")] = False,
) -> None:
    """Load the demonstration library (twice is once). / Charger la démonstration."""
    from studio.steps.demo import LeaveDemo, LoadDemo
    settings, tools = open_studio()
    if reset or leave:
        gone = LeaveDemo(tools).run()
        tell(said(f"Démonstration retirée : {gone} récits.", f"Demonstration removed: {gone} stories."))
    if leave:
        return
    if later and _real_company(tools):
        tell(said("Une entreprise vit ici ; la démonstration reste dehors.",
                  "A company lives here; the demonstration stays outside."))
        return
    tell(said("Chargement de la démonstration…", "Loading the demonstration…"))
    loaded = LoadDemo(tools).run(lambda n: tell(f"  {n}") if n % 10 == 0 else None)
    if loaded is None:
        tell(said("La démonstration est déjà là.", "The demonstration is here already."))
        return
    count = loaded.written.taken + loaded.recorded.taken
    for refused in (*loaded.written.refused, *loaded.recorded.refused):
        tell(f"{refused.line}: {refused.why.said(tongue())}")
    tell(said(f"{count} récits chargés.", f"{count} stories loaded."))
    if not later:
        finish_jobs(settings, tools)


def bring_in(file: Annotated[Path, typer.Argument(metavar="STORIES.jsonl")], person: As = None,
             as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Import stories, one JSON line each. / Importer des récits."""
    from studio.steps.bring_in import BringIn
    settings, tools = open_studio()
    lines = lines_of(read_text(str(file)))
    asker = asker_named(tools, person)
    done = BringIn(tools).run(asker, lines, file.resolve().parent,
                              told=lambda n: tell(f"{n}/{len(lines)}") if n % 50 == 0 else None)
    finish_jobs(settings, tools)
    refused = [{"line": each.line, "why": each.why.said(tongue())} for each in done.refused]
    if as_json:
        answer_json({"taken": done.taken, "again": done.again, "refused": refused})
        return
    answer(said(f"{done.taken} récits pris, {done.again} déjà là, {len(refused)} refusés.",
                f"{done.taken} stories taken, {done.again} there already, {len(refused)} refused."))
    for each in refused:
        answer(f"{each['line']}: {each['why']}")


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY|-")],
    value: Annotated[list[str] | None, typer.Option()] = None,
    channel: Annotated[Channel | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 10,
    person: As = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Search the library by meaning and words. / Chercher dans la bibliothèque."""
    from story_bank.bank import StoryFilter
    from studio.steps.find import Wanted
    questions = lines_of(read_text("-")) if query == "-" else [characters_alone(query)]
    _, tools = open_studio()
    asker, where = asker_named(tools, person, keep=False), StoryFilter(values=frozenset(map(ValueId, value or [])))
    for question in questions:
        # A blank line is answered by nothing, so that the answers stay beside their questions.
        found = (_found(tools, asker, Wanted(question, where, channel, limit))
                 if question.strip() or query != "-" else ())
        if as_json or query == "-":
            answer_json({"query": question, "results": [_result(each, channel) for each in found]})
            continue
        for each in found:
            at = "" if each.passage.start is None else f"  {each.passage.start:.1f} s"
            lines = (f"{each.story.id}  {each.story.title}{at}", light_line(each.light, channel), each.passage.text,
                     each.why.said(tongue()))
            answer("\n  ".join(lines))


def draft(
    story: Annotated[str | None, typer.Argument(metavar="STORY_ID")] = None,
    transcript: Annotated[Path | None, typer.Option(help="TRANSCRIPT.json")] = None,
    profile: Annotated[Profile, typer.Option()] = Profile.SUPPORTER,
    channel: Annotated[Channel, typer.Option()] = Channel.LINKEDIN,
    language: Annotated[str | None, typer.Option(help="fr | en")] = None,
    person: As = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Suggest angles made of the speaker's own sentences. / Proposer des angles."""
    if (story is None) == (transcript is None):
        raise BadInput("Donnez un récit, ou un --transcript.", "Give a story, or a --transcript.")
    if language not in (None, "fr", "en"):
        raise BadInput("La langue est fr ou en.", "The language is fr or en.")
    if transcript is not None:
        shaped = draft_from_file(transcript, profile, channel, language)
    else:
        shaped = _draft_from_story(StoryId(str(story)), profile, channel, language, person)
    if as_json:
        answer_json(shaped)
        return
    for question in shaped["questions"]:
        answer(f"? {question}")
    for angle in shaped["angles"]:
        answer("\n" + angle["title"] + "\n" + "\n".join(f"  {s['text']}" for s in angle["sentences"]))


def reindex() -> None:
    """Make the index again from the bank. / Refaire l'index."""
    from studio.steps.index import IndexStory
    _, tools = open_studio()
    with tools.bank.open() as work:
        ids = work.every_story_id()
    strangers = set(tools.index.story_ids()) - set(ids)
    if strangers:
        tools.index.remove(strangers)
    for number, story_id in enumerate(ids, start=1):
        IndexStory(tools).run(story_id)
        if number % 20 == 0 or number == len(ids):
            tell(f"{number}/{len(ids)}")
    answer(said(f"{len(ids)} récits indexés.", f"{len(ids)} stories indexed."))


def _draft_from_story(story_id: StoryId, profile: Profile, channel: Channel, language: str | None,
                      person: str | None) -> dict[str, Any]:
    from studio.steps.draft import AskForDraft, as_read
    from studio.writing.shapes import suggestion_json
    settings, tools = open_studio()
    asker = asker_named(tools, person)
    asking = AskForDraft(tools)
    with tools.bank.open() as work:
        spoken = asking.story(work, asker, story_id).language
    draft_id = asking.run(asker, story_id, profile, channel, "en" if (language or spoken) == "en" else "fr")
    job = _job_done(settings, tools, draft_id)
    if job.error is not None:
        raise NotAvailable(job.error.fr, job.error.en)
    with tools.bank.open() as work:
        kept = asking.story(work, asker, story_id)
        made = as_read(work, asker, kept, work.draft(asker, draft_id)).suggestion
        lit = light(work.scopes([kept])[kept.id], Use(Act.SHARE, channel), asker.day)
    if made is None:
        raise NotAvailable("La proposition n'est pas prête ; réessayez.", "The draft is not ready; try again.")
    tell(light_line(lit, channel))
    return {**suggestion_json(made, tongue()), "light": light_json(lit, channel)}


def _job_done(settings: Settings, tools: Toolbox, draft_id: DraftId) -> Job:
    """Return the job of a draft once it has ended: done here, or by the worker when one runs."""
    from studio.jobs.labour import Labour
    while True:
        with tools.bank.open() as work:
            job = work.jobs_for(draft_id)[0]
        if job.state in ENDED:
            return job
        with _as_worker(settings) as alone:
            if alone:
                Labour(tools, job.id).run()
            else:
                time.sleep(WAIT_S)


@contextlib.contextmanager
def _as_worker(settings: Settings) -> Iterator[bool]:
    """Stand in for the worker, and tell whether this command may: not while another process does."""
    from studio.jobs.dbos_worker import only_worker
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(only_worker(settings.home, "main"))
        except NotAvailable:
            yield False
            return
        yield True


def _real_company(tools: Toolbox) -> bool:
    with tools.bank.open() as work:
        company = work.company()
    return company is not None and not company.demo


def _found(tools: Toolbox, asker: Asker, wanted: Wanted) -> tuple[Found, ...]:
    from studio.steps.find import Find
    answered = Find(tools).run(asker, wanted)
    if answered.note is not None:
        tell(answered.note.said(tongue()))
    return answered.found


def _result(found: Found, channel: Channel | None) -> dict[str, Any]:
    story, passage = found.story, found.passage
    return {"story_id": story.id, "title": story.title, "start": passage.start, "end": passage.end,
            "passage": passage.text, "score": round(found.score, 4), "why": found.why.said(tongue()),
            "values": list(story.value_ids), "source_id": story.source_id, "light": light_json(found.light, channel)}


def open_studio() -> tuple[Settings, Toolbox]:
    """Return the settings and every promise; the index is owned here when no studio runs."""
    from studio.settings import read_settings
    from studio.wiring import toolbox
    settings = read_settings()
    return settings, toolbox(settings, may_own_index=True)


def asker_named(tools: Toolbox, name: str | None, keep: bool = True) -> Asker:
    """Return who asks; `keep` keeps an administrator made for the console, which reading alone does not need."""
    from story_bank.bank import Asker
    with tools.bank.open() as work:
        if name is not None:
            person = work.person_named(name)
        else:
            if keep:
                work.hold_people()
            person = _console(work)
            if keep and person not in work.people():
                work.save_person(person)
                work.commit()
    return Asker(person, tools.today())


def _console(work: Work) -> Person:
    """Return the console's administrator: the first there is, or a new one, not kept yet."""
    from story_bank.person import Person, Role
    found = [person for person in work.people() if person.is_a(Role.ADMINISTRATOR)]
    if found:
        return min(found, key=lambda person: person.id)
    return Person(CONSOLE, "Console", "Console", tongue(), roles=frozenset({Role.CONTRIBUTOR, Role.ADMINISTRATOR}))


def finish_jobs(settings: Settings, tools: Toolbox) -> None:
    """Have waiting jobs done now when no worker runs, so that a command leaves nothing half done."""
    import threading

    from studio.jobs.dbos_worker import Worker
    with tools.bank.open() as work:
        waiting = len(work.open_jobs())
    if not waiting:
        return
    with _as_worker(settings) as alone:
        if not alone:
            return
        tell(said(f"{waiting} travaux à finir…", f"{waiting} jobs to finish…"))
        Worker(tools, settings.jobs_url, "main").run(threading.Event(), until_idle=True)


COMMANDS: dict[str, Callable[..., Any]] = {
    "demo": demo, "import": bring_in, "search": search, "draft": draft, "reindex": reindex,
}
