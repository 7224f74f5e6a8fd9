"""What one may narrow a search by: the values, teams, sites and languages of the stories one may find."""

from __future__ import annotations

from dataclasses import dataclass

from story_bank.access import Act, Use
from story_bank.bank import Asker
from story_bank.company import Company
from story_bank.language import LANGUAGES, Language
from story_bank.story import Value
from studio.steps.step import Step


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen, in the order it is shown."""

    company: Company | None
    values: tuple[Value, ...]
    teams: tuple[str, ...]
    sites: tuple[str, ...]
    languages: tuple[Language, ...]


class Facets(Step):
    """List what a search can be narrowed by."""

    use = Act.FIND

    def run(self, asker: Asker) -> Choices:
        """Return only what at least one findable story bears; values as the company ordered them."""
        with self.tools.bank.open() as work:
            borne, values, company = work.facets(asker, Use(self.use)), work.values(), work.company()
        return Choices(company, tuple(value for value in values if value.id in borne.values),
                       tuple(sorted(borne.teams)), tuple(sorted(borne.sites)),
                       tuple(language for language in LANGUAGES if language in borne.languages))


class CompanyValues(Step):
    """See the company's values."""

    use = Act.FIND

    def run(self) -> list[Value]:
        """Return them in the company's order."""
        with self.tools.bank.open() as work:
            return work.values()
