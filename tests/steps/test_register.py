"""The register: every consent and where it stands today, for the steward alone, no word of a story (L20, V30)."""

from __future__ import annotations

import csv
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from story_bank.access import Act, LightState, Use
from story_bank.bank import Did
from story_bank.consent import Channel, Purpose
from story_bank.errors import NotAllowed
from story_bank.person import Role
from studio.steps.forget import Forget
from studio.steps.register import ReadRegister, Standing, Wanted
from studio.steps.register_sheets import as_csv, as_table
from studio.steps.withdraw import Withdraw
from tests.steps.people import with_person, written


@pytest.fixture
def steward(small):
    return with_person(small, "Solène", Role.STEWARD)


def _read(small, **wanted):
    return ReadRegister(small.tools).run(small.asker("Solène"), Wanted(**wanted))


@pytest.mark.parametrize("first_name", ["Camille", "Inès", "Julien", "Marc", "Nadia", "Léa"])
def test_the_register_is_for_the_steward_alone(small, first_name: str) -> None:
    """Contributor, ambassador, editor, administrator, facilitator and guest are refused, and nothing is noted."""
    with_person(small, "Nadia", Role.FACILITATOR)
    with_person(small, "Léa", guest=True)
    with pytest.raises(NotAllowed):
        ReadRegister(small.tools).run(small.asker(first_name))
    with small.tools.bank.open() as work:
        assert work.journal_of(small.people[first_name].id) == []


def test_each_reading_is_in_the_stewards_journal(small, steward) -> None:
    """Who looks at everybody's consents is seen to have looked, by themselves."""
    _read(small)
    with small.tools.bank.open() as work:
        assert [deed.deed for deed in work.journal_of(steward.id)] == [Did.READ_REGISTER]


def test_every_state_a_consent_can_be_in(small, steward) -> None:
    """L20: open, ending soon, to come, ended, taken back, replaced, erased, each on the company's day."""
    stories = {name: written(small, title=name) for name in ("open", "soon", "to-come", "withdrawn", "replaced",
                                                           "forgotten", "ended")}
    day = small.tools.today()
    for name, story_id in stories.items():
        scope = small.scope(days={"soon": 30, "ended": 40}.get(name, 100))
        small.sign("Camille", story_id, replace(scope, from_day=day + timedelta(60)) if name == "to-come" else scope)
    Withdraw(small.tools).run(small.asker("Camille"), stories["withdrawn"])
    small.clock.now += timedelta(minutes=5)
    small.sign("Camille", stories["replaced"], small.scope(Purpose.LIBRARY))
    Forget(small.tools).run(small.asker("Camille"), stories["forgotten"])
    found = {entry.consent.subject_id: entry for entry in _read(small).entries}
    told = {name: found[story_id].standing.value for name, story_id in stories.items() if name != "replaced"}
    assert told == {"open": "open", "soon": "soon", "to-come": "to-come", "withdrawn": "withdrawn",
                    "forgotten": "forgotten", "ended": "open"}
    assert {entry.standing for entry in _read(small).entries if entry.consent.subject_id == stories["replaced"]} == {
        Standing.REPLACED, Standing.OPEN}
    small.clock.now += timedelta(days=41)
    later = {entry.consent.subject_id: entry for entry in _read(small).entries}
    assert later[stories["ended"]].standing is Standing.ENDED
    assert later[stories["ended"]].light.value == "stop"


def test_a_channel_taken_back_is_told_and_the_rest_stands(small, steward) -> None:
    """What is left of a consent is in the register as it is in the policy."""
    story_id = written(small)
    both = frozenset({Channel.LINKEDIN, Channel.INTRANET})
    small.sign("Camille", story_id, small.scope(channels=both))
    Withdraw(small.tools).run(small.asker("Camille"), story_id, frozenset({Channel.LINKEDIN}))
    [entry] = _read(small).entries
    assert entry.standing is Standing.OPEN
    assert entry.left is not None
    assert entry.left.channels == {Channel.INTRANET}
    assert "reste" in str(as_table(_read(small), small.tools.clock(), "fr").rows)


def test_no_word_of_a_story_is_in_it(small, steward) -> None:
    """V30: neither text nor draft; the title only while any colleague may read the story."""
    story_id = written(small, title="Mon mot à moi")
    small.sign("Camille", story_id, small.scope())
    assert "Mon mot à moi" in as_csv(_read(small), "fr").decode("utf-8-sig")
    Withdraw(small.tools).run(small.asker("Camille"), story_id)
    register = _read(small)
    for lang in ("fr", "en"):
        for given_out in (as_csv(register, lang).decode("utf-8-sig"),
                          str(as_table(register, small.tools.clock(), lang))):
            assert "Mon mot" not in given_out
            assert "neigeait" not in given_out


def test_a_changed_text_is_seen(small, steward, tmp_path) -> None:
    """A text altered after the signature, even in the database itself, no longer has its fingerprint."""
    small.sign("Camille", written(small), small.scope())
    with sqlite3.connect(tmp_path / "vecu.db") as connection:
        connection.execute("UPDATE consent_events SET text = 'un autre texte'")
    [entry] = _read(small).entries
    assert not entry.consent.intact
    assert "texte modifié" in as_csv(_read(small), "fr").decode("utf-8-sig")


def test_it_is_filtered_by_state_and_by_name(small, steward) -> None:
    """Accents and capitals do not matter; how many there are in all is told."""
    ines = written(small, "Inès")
    small.sign("Inès", ines, small.scope())
    small.sign("Camille", written(small), small.scope())
    Withdraw(small.tools).run(small.asker("Inès"), ines)
    assert [entry.person for entry in _read(small, person="ines").entries] == ["Inès Ferrand"]
    assert [entry.person for entry in _read(small, standing=Standing.OPEN).entries] == ["Camille Ferrand"]
    assert _read(small, person="INÈS", standing=Standing.OPEN).entries == ()
    assert _read(small, person="ines").whole == 2


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60).filter(lambda text: text.strip()))
def test_what_a_person_typed_is_never_run(small, title: str) -> None:
    """A title or a name that begins like a formula is text in the spreadsheet, on a row of its own."""
    with_person(small, "Solène", Role.STEWARD)
    small.people["Camille"] = replace(small.people["Camille"], display_name="=HYPERLINK(1)")
    with small.tools.bank.open() as work:
        work.save_person(small.people["Camille"])
        work.commit()
    small.sign("Camille", written(small, title=title), small.scope())
    register = _read(small)
    rows = list(csv.reader(as_csv(register, "fr").decode("utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) == 1 + len(register.entries)
    assert not any(cell[:1] in set("=+-@\t") for row in rows for cell in row)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["short", "long", "library", "linkedin", "all", "wait"]), min_size=1, max_size=7))
def test_at_most_one_signature_is_in_force_and_the_policy_agrees(small, deeds: list[str]) -> None:
    """Whatever was signed, taken back and waited for, the register says "in force" where the library opens alone."""
    with_person(small, "Solène", Role.STEWARD)
    story_id = written(small)
    for deed in deeds:
        small.clock.now += timedelta(days=20 if deed == "wait" else 0, minutes=2)
        if deed in {"short", "long", "library"}:
            small.sign("Camille", story_id, small.scope(*([Purpose.LIBRARY] if deed == "library" else []),
                                                        days=10 if deed == "short" else 300))
        elif deed != "wait":
            Withdraw(small.tools).run(small.asker("Camille"), story_id,
                                      frozenset({Channel.LINKEDIN}) if deed == "linkedin" else None)
    in_force = [entry for entry in _read(small).entries if entry.consent.subject_id == story_id
                and entry.standing in (Standing.OPEN, Standing.SOON)]
    with small.tools.bank.open() as work:
        opens = bool(work.allowed(small.asker("Moussa"), Use(Act.FIND), [story_id]))
    assert len(in_force) == int(opens)
    assert all(entry.light is not LightState.STOP for entry in in_force)
