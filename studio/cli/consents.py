"""Commands by which a person takes a story back, or has it erased for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from story_bank.access import Act, Light, LightState, Use, light
from story_bank.consent import Channel
from story_bank.ids import StoryId
from studio.cli.library import As, asker_named, open_studio
from studio.cli.lights import light_json, light_line
from studio.cli.telling import answer, answer_json, said, tongue

if TYPE_CHECKING:
    from story_bank.bank import Asker, Forgotten
    from story_bank.story import Story
    from studio.toolbox import Toolbox

AsJson = Annotated[bool, typer.Option("--json")]
CLOSED = Light(LightState.STOP, None)


def withdraw(story: Annotated[str, typer.Argument(metavar="STORY_ID")], person: As = None,
             channel: Annotated[list[Channel] | None, typer.Option(help="Ce support seul. / This channel alone.")]
             = None, as_json: AsJson = False) -> None:
    """Take one's consent back, at once, whole or by channel. / Retirer son accord, tout ou par support."""
    from studio.documents.receipts import counted
    from studio.steps.withdraw import Withdraw
    _, tools = open_studio()
    asker = asker_named(tools, person, keep=False)
    gone = Withdraw(tools).run(asker, StoryId(story), frozenset(channel) if channel else None)
    with tools.bank.open() as work:
        about = work.story_of_job(StoryId(story))
    lights = _lights(tools, asker, about)
    if as_json:
        answer_json({"story_id": about.id, "erased": dict(gone.counts), "light": light_json(lights[None]),
                     "channels": [light_json(shown, each) for each, shown in lights.items() if each is not None]})
        return
    answer(said("C'est retiré.", "It is taken back."))
    for line in counted(gone.counts, tongue()):
        answer(said(f"  retiré aussi : {line}", f"  removed with it: {line}"))
    for each, shown in lights.items():
        if each is None or shown.until_day is not None:
            answer("  " + light_line(shown, each))


def forget(story: Annotated[str, typer.Argument(metavar="STORY_ID")], person: As = None,
           as_json: AsJson = False) -> None:
    """Withdraw and erase for good; prints the receipt. / Retirer et effacer pour de bon."""
    from studio.steps.forget import Forget
    _, tools = open_studio()
    asker = asker_named(tools, person, keep=False)
    forgotten = Forget(tools).run(asker, StoryId(story))
    if as_json:
        answer_json({"id": forgotten.id, "at": forgotten.at.isoformat(), "person_id": forgotten.person_id,
                     "story_ids": list(forgotten.story_ids), "recording_ids": list(forgotten.recording_ids),
                     "erased": dict(forgotten.counts), "light": light_json(CLOSED)})
        return
    _print_receipt(tools, asker, forgotten)


def _lights(tools: Toolbox, asker: Asker, story: Story) -> dict[Channel | None, Light]:
    """Return the light for the library (None) and for every channel, from what everyone in the story permits now."""
    with tools.bank.open() as work:
        given = work.scopes([story])[story.id]
    return {None: light(given, Use(Act.FIND), asker.day)} | {
        channel: light(given, Use(Act.SHARE, channel), asker.day) for channel in Channel}


def _print_receipt(tools: Toolbox, asker: Asker, forgotten: Forgotten) -> None:
    from studio.documents.receipts import forgetting_receipt
    from studio.steps.receipt import company_of
    with tools.bank.open() as work:
        company = company_of(work)
    receipt = forgetting_receipt(forgotten, replace(asker.person, language=tongue()), company)
    answer(f"{receipt.title}\n{receipt.lead}")
    for fact in (*receipt.facts, *receipt.proof):
        answer("\n" + fact.label + "\n" + "\n".join(f"  {line}" for line in fact.lines))


COMMANDS: dict[str, Callable[..., Any]] = {"withdraw": withdraw, "forget": forget}
