"""The company, its people with their passwords, and its values."""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import Row, delete, func, select

from story_bank.company import Company
from story_bank.consent import Channel
from story_bank.errors import Conflict, NotFound
from story_bank.ids import PersonId, ValueId
from story_bank.language import Bilingual
from story_bank.person import Person, Role
from story_bank.sql.tables import company, passwords, people, values
from story_bank.sql.unit import Rows
from story_bank.story import Value


class PeopleRows(Rows):
    """Company, people, passwords and values."""

    def company(self) -> Company | None:
        """Return the company, or None before set-up."""
        row = self._unit.row(select(company))
        if row is None:
            return None
        return Company(row.name, tuple(row.languages), tuple(Channel(name) for name in row.channels), row.timezone,
                       row.demo)

    def save_company(self, kept: Company) -> None:
        """Set or replace the company."""
        self._unit.put(company, {
            "id": 1, "name": kept.name, "languages": list(kept.languages),
            "channels": [channel.value for channel in kept.channels], "timezone": kept.timezone, "demo": kept.demo})

    def save_person(self, person: Person) -> None:
        """Add or replace a person; an e-mail address is unique (`Conflict`)."""
        email_key = _folded(person.email) if person.email else None
        self._unit.claim("e-mail", email_key or "")
        if email_key and self._unit.row(
                select(people.c.id).where(people.c.email_key == email_key, people.c.id != person.id)):
            raise Conflict("Cette adresse e-mail est déjà celle d'une autre personne ; choisissez-en une autre.",
                           "This e-mail address already belongs to someone else; choose another one.")
        self._unit.put(people, {
            "id": person.id, "display_name": person.display_name, "name_key": _folded(person.display_name),
            "first_name": person.first_name, "language": person.language, "email": person.email,
            "email_key": email_key, "job": person.job, "team": person.team, "site": person.site,
            "roles": sorted(person.roles), "demo": person.demo, "cast": person.cast, "left_on": person.left_on})

    def person(self, person_id: PersonId) -> Person:
        """Return the person (`NotFound`)."""
        row = self._unit.row(select(people).where(people.c.id == person_id))
        if row is None:
            raise _nobody(person_id)
        return _person(row)

    def person_named(self, name: str) -> Person:
        """Return the person of that id, e-mail or unambiguous display name (case folded); `NotFound`, `Conflict`."""
        key = _folded(name)
        for clause in (people.c.id == name, people.c.email_key == key, people.c.name_key == key):
            found = self._unit.rows(select(people).where(clause).limit(2))
            if len(found) > 1:
                raise Conflict(f"Plusieurs personnes s'appellent « {name} » ; donnez l'adresse e-mail.",
                               f"Several people are called “{name}”; give the e-mail address.")
            if found:
                return _person(found[0])
        raise _nobody(name)

    def hold_people(self) -> None:
        """Wait for anyone who is changing who is here and in which role, so that what is read next still holds."""
        self._unit.claim("people")

    def people(self) -> list[Person]:
        """Return everyone, by display name."""
        everyone = map(_person, self._unit.rows(select(people)))
        return sorted(everyone, key=lambda person: (_sorting(person.display_name), person.id))

    def set_password_hash(self, person_id: PersonId, password_hash: str) -> None:
        """Keep the hash of a new password."""
        self._unit.put(passwords, {"person_id": person_id, "password_hash": password_hash})

    def password_hash(self, person_id: PersonId) -> str | None:
        """Return the kept hash, or None where no password was set."""
        row = self._unit.row(select(passwords.c.password_hash).where(passwords.c.person_id == person_id))
        return None if row is None else str(row.password_hash)

    def drop_password(self, person_id: PersonId) -> None:
        """Forget the hash: the person no longer signs in with a password."""
        self._unit.write(delete(passwords).where(passwords.c.person_id == person_id))

    def values(self) -> list[Value]:
        """Return the company's values, in the order they were saved."""
        return [_value(row) for row in self._unit.rows(select(values).order_by(values.c.position, values.c.id))]

    def save_value(self, value: Value) -> None:
        """Add or replace a value, which keeps its place."""
        self._unit.claim("values")
        kept = self._unit.row(select(values.c.position).where(values.c.id == value.id))
        last = self._unit.row(select(func.coalesce(func.max(values.c.position), 0).label("position")))
        position = kept.position if kept else (last.position if last else 0) + 1
        self._unit.put(values, {
            "id": value.id, "position": position, "name": both(value.name), "description": both(value.description),
            "behaviours": [both(each) for each in value.behaviours], "examples_fr": list(value.examples_fr),
            "examples_en": list(value.examples_en), "demo": value.demo})


def both(said: Bilingual) -> dict[str, str]:
    """Return a bilingual text as JSON keeps it."""
    return {"fr": said.fr, "en": said.en}


def _value(row: Row[Any]) -> Value:
    return Value(ValueId(row.id), Bilingual(**row.name), Bilingual(**row.description),
                 tuple(Bilingual(**each) for each in row.behaviours), tuple(row.examples_fr), tuple(row.examples_en),
                 row.demo)


def _person(row: Row[Any]) -> Person:
    return Person(PersonId(row.id), row.display_name, row.first_name, row.language, row.email, row.job, row.team,
                  row.site, frozenset(Role(name) for name in row.roles), row.demo, row.cast, row.left_on)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _sorting(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def _nobody(name: str) -> NotFound:
    return NotFound(f"Personne ne répond au nom « {name} » ; vérifiez l'identifiant, l'e-mail ou le nom.",
                    f"Nobody is known as “{name}”; check the id, the e-mail or the name.")
