"""The demonstration: an invented company with values, people, stories and recordings; loaded once, removed whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

import yaml

from story_bank.access import Act
from story_bank.bank import Asker, Work
from story_bank.company import Company
from story_bank.consent import Channel
from story_bank.errors import BadInput, NotAvailable
from story_bank.ids import PersonId, ValueId, new_id
from story_bank.language import Bilingual
from story_bank.person import Person, Role
from story_bank.story import Value
from studio.steps.bring_in import BringIn, BroughtIn
from studio.steps.step import Step

PLACE = files("studio") / "demo"


@dataclass(frozen=True, slots=True)
class DemoLoaded:
    """What was brought in; None when the demonstration was there already."""

    written: BroughtIn
    recorded: BroughtIn


class LoadDemo(Step):
    """Load the demonstration library, once."""

    use = Act.KEEP

    def run(self, told: Callable[[int], None] = lambda _: None) -> DemoLoaded | None:
        """Return what was loaded, or None when it is there already (`BadInput` when a real company lives here)."""
        with self.tools.bank.open() as work:
            company = work.company()
            if company is not None and not company.demo:
                raise BadInput(
                    "Une entreprise vit déjà ici ; chargez la démonstration dans un dossier vide (VECU_HOME).",
                    "A company lives here already; load the demonstration into an empty folder (VECU_HOME).")
            if company is None:
                self._company_and_people(work)
                work.commit()
            everyone = work.people()
        console = next(person for person in everyone if person.is_a(Role.ADMINISTRATOR))
        asker = Asker(console, self.tools.today())
        with as_file(PLACE / "media") as media:
            written = BringIn(self.tools).run(asker, _lines("stories.jsonl"), media, demo=True, told=told)
            recorded = BringIn(self.tools).run(asker, _lines("recordings.jsonl"), media, demo=True, told=told)
        return DemoLoaded(written, recorded) if written.taken or recorded.taken else None

    def _company_and_people(self, work: Work) -> None:
        about, places = _yaml("company.yaml"), _places()
        work.save_company(Company(about["name"], tuple(about["languages"]), tuple(map(Channel, about["channels"])),
                                  about["timezone"], demo=True))
        for each in _yaml("values.yaml"):
            work.save_value(Value(ValueId(each["id"]), _both(each["name"]), _both(each["description"]),
                                  tuple(map(_both, each["behaviours"])), tuple(each["examples"]["fr"]),
                                  tuple(each["examples"]["en"]), demo=True))
        for each in _yaml("people.yaml"):
            language = each["language"]
            work.save_person(Person(PersonId(new_id()), each["display_name"], each["first_name"], language,
                                    job=each["job"][language], team=places[each["team"]], site=places[each["site"]],
                                    roles=frozenset(map(Role, each["roles"])) | {Role.CONTRIBUTOR},
                                    demo=True, cast=bool(each["cast"])))


class LeaveDemo(Step):
    """Remove the demonstration: stories, people, values, media and vectors."""

    use = Act.KEEP

    def run(self) -> int:
        """Return how many stories were removed; a library without a demonstration removes nothing."""
        with self.tools.bank.open() as work:
            erased = work.erase_demo()
            work.commit()
        for key in erased.media:
            self.tools.vault.delete(key)
        if erased.stories:
            with suppress(NotAvailable):  # the bank opens none of them any more; the worker's sweep takes vectors out
                self.tools.index.remove(erased.stories)
        return len(erased.stories)


def _places() -> dict[str, str]:
    """Return the names of teams and sites by the ids that the files use."""
    about = _yaml("company.yaml")
    return {each["id"]: each["name"]["fr"] for each in about["teams"]} | {
        each["id"]: each["name"] for each in about["sites"]}


def _lines(name: str) -> list[str]:
    places, lines = _places(), (PLACE / name).read_text("utf-8").splitlines()
    read = [json.loads(line) for line in lines if line.strip()]
    return [json.dumps(each | {"team": places[each["team"]], "site": places[each["site"]]}) for each in read]


def _yaml(name: str) -> Any:
    return yaml.safe_load((PLACE / name).read_text("utf-8"))


def _both(text: dict[str, str]) -> Bilingual:
    return Bilingual(text["fr"], text["en"])
