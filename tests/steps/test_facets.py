"""What a search can be narrowed by, for the one who asks."""

from __future__ import annotations

from dataclasses import replace

from story_bank.access import Act, Use
from story_bank.consent import Purpose
from story_bank.ids import ValueId
from story_bank.language import Bilingual
from story_bank.story import Value
from studio.steps.facets import Facets
from tests.steps.conftest import Small
from tests.steps.people import written


def test_choices_come_in_the_companys_order_and_only_where_they_find_something(small: Small) -> None:
    """Values as the company ordered them, French before English; nothing that only closed stories bear (C05)."""
    opened, closed = written(small, "Camille"), written(small, "Camille", "Le jour", "It was snowing.")
    with small.tools.bank.open() as work:
        for name in ("soin", "audace", "seul"):
            work.save_value(Value(ValueId(name), Bilingual(name, name), Bilingual("", "")))
        for story_id, team, borne, language in ((opened, "Nuit", ("audace", "soin"), "fr"),
                                                (closed, "Jour", ("seul",), "en")):
            story = work.story(small.asker("Camille"), Use(Act.READ), story_id)
            work.save_story(replace(story, team=team, value_ids=tuple(map(ValueId, borne)), language=language))
        work.commit()
    small.sign("Camille", opened, small.scope(Purpose.LIBRARY))
    seen, own = Facets(small.tools).run(small.asker("Moussa")), Facets(small.tools).run(small.asker("Camille"))
    assert ([value.id for value in seen.values], seen.teams, seen.languages) == (["soin", "audace"], ("Nuit",), ("fr",))
    assert ([value.id for value in own.values], own.teams) == (["soin", "audace", "seul"], ("Jour", "Nuit"))
    assert own.languages == ("fr", "en")
