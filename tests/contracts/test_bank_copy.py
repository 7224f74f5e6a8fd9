"""A copy of the bank holds everything as of one moment and fills a bank on either database."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select

from story_bank.bank import Badge, Deed, Did, Forgotten
from story_bank.company import Company
from story_bank.consent import Channel
from story_bank.corner import Visit
from story_bank.errors import BadInput, NotAvailable
from story_bank.glossary import Proposal, Term, TermKind, TermState
from story_bank.ids import MediaKey, TermId, ValueId, new_id
from story_bank.language import Bilingual
from story_bank.making import JobState
from story_bank.person import Role
from story_bank.sql.bank import SqlBank
from story_bank.sql.migrate import MIGRATIONS, alone, upgrade
from story_bank.sql.tables import metadata
from story_bank.story import Value
from tests.contracts.bank_samples import (
    NOON,
    TODAY,
    clip,
    corner,
    draft,
    job,
    keep,
    passages,
    person,
    post,
    recording,
    review,
    scope,
    share,
    signed,
    story,
    token,
    told,
    withdrawn,
)

MADE_BY = "migrated"
NEWEST = ScriptDirectory(str(MIGRATIONS)).get_current_head()
Rows = dict[str, list[dict[str, Any]]]


def everything(bank: SqlBank) -> Rows:
    """All rows of all tables."""
    with bank.engine().connect() as connection:
        queries = {table.name: select(table).order_by(*table.primary_key) for table in metadata.sorted_tables}
        return {name: [dict(row) for row in connection.execute(query).mappings()] for name, query in queries.items()}


def fill(bank: SqlBank) -> None:
    """Something in every table, with what JSON and databases like to lose."""
    author, seen = person("Éloïse « L'Œil » Le Gall 🎬", email="e@d.example"), person("C D", left_on=TODAY)
    kept = recording(author, voices=2, faces=0, playable_key=MediaKey("p"))
    its = story(author, title="Ligne\u2028une\nligne deux", recording_id=kept.id, appearing=(seen.id,),
                value_ids=(ValueId("v"),))
    cut = clip(its, author, media_key=MediaKey("c"), duration_s=12.345678901234567)
    failed = job(its.id, author, state=JobState.FAILED, error=Bilingual("Raté", "Failed"), ended_at=NOON)
    keep(bank, author, seen, kept, its, told(kept), signed(its, author, scope()), signed(its, seen, scope()),
         withdrawn(its, seen, Channel.X), cut, draft(its, author), draft(its, author, language="en", suggestion=None),
         post(its, author), failed, share(cut, author), token(author, "invitation"), review(its, seen))
    with bank.open() as work:
        work.save_company(Company("Épidaure", channels=(Channel.X,)))
        work.save_value(Value(ValueId("v"), Bilingual("Oser", "Dare"), Bilingual("a", "b")))
        work.set_password_hash(author.id, "h")
        work.save_badge(Badge("https://sso.example", "42", author.id, frozenset({Role.EDITOR})))
        work.save_passages(its.id, passages(its, "Il neigeait.", "Il dormait."), ["neig", "dorm"])
        work.save_corner(corner(author))
        work.save_visit(Visit(seen.id, work.corners()[0].id, NOON, "c0de"))
        work.note(Deed(NOON, author.id, Did.SIGNED, its.id))
        work.note_forgotten(Forgotten(new_id(), NOON, author.id, (), (), {"stories": 1}))
        term = Term(TermId(new_id()), "L'Œil\u2028", TermKind.PLACE, TermState.PROPOSED, author.id, NOON, ("l'œuil",))
        work.save_term(term)
        work.propose_term(Proposal(term.id, author.id, its.id, "le œil", NOON))
        work.commit()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[SqlBank]:
    """Another bank, on SQLite, in which something else was."""
    made = SqlBank(f"sqlite:///{tmp_path / 'other.db'}", patience_s=2)
    made.migrate()
    keep(made, person("Somebody else"))
    yield made
    made.close()


def test_every_table_is_in_the_sample(bank: SqlBank) -> None:
    """So that a table added later is copied by these tests too."""
    fill(bank)
    assert [name for name, rows in everything(bank).items() if not rows] == []


def test_a_copy_fills_the_other_database_and_comes_back(bank: SqlBank, other: SqlBank, tmp_path: Path) -> None:
    """From this one to SQLite and back again, row by row the same; what was there before is gone."""
    fill(bank)
    before = everything(bank)
    bank.copy_to(tmp_path / "one")
    other.fill_from(tmp_path / "one")
    assert everything(other) == before
    other.copy_to(tmp_path / "two")
    keep(bank, person("Since then"))
    bank.fill_from(tmp_path / "two")
    assert everything(bank) == before


def test_a_filled_bank_goes_on_counting(bank: SqlBank, tmp_path: Path) -> None:
    """The next line of the journal, signature and passage come after those that were filled in, and words are found."""
    fill(bank)
    bank.copy_to(tmp_path / "copy")
    bank.fill_from(tmp_path / "copy")
    with bank.open() as work:
        [its] = [work.story_of_job(story_id) for story_id in work.every_story_id()]
        author = work.person(its.author_id)
        assert work.word_hits(["neig"], 10) == []
        work.save_passages(its.id, passages(its, "Il neigeait."), ["neig"])
        work.note(Deed(NOON, author.id, Did.CUT, its.id))
        said = signed(its, author, scope(days=(0, 1)))
        work.sign(said)
        work.commit()
        assert [hit.story_id for hit in work.word_hits(["neig"], 10)] == [its.id]
        assert work.journal_of(author.id)[0].deed is Did.CUT
        assert work.consents_of(author.id)[-1] == said


def test_sessions_do_not_come_back(bank: SqlBank, tmp_path: Path) -> None:
    """One that was ended since would open again; links are kept."""
    someone = person()
    session, link, visit = token(someone), token(someone, "invitation"), token(someone, "corner")
    keep(bank, someone, session, link, visit)
    bank.copy_to(tmp_path)
    bank.fill_from(tmp_path)
    with bank.open() as work:
        assert work.token(session.token_hash, "session", NOON) is None
        assert work.token(visit.token_hash, "corner", NOON) is None
        assert work.token(link.token_hash, "invitation", NOON) == link


def test_an_empty_bank_can_be_copied(bank: SqlBank, other: SqlBank, tmp_path: Path) -> None:
    """Before set-up."""
    bank.copy_to(tmp_path / "copy")
    other.fill_from(tmp_path / "copy")
    assert not any(everything(other).values())


def test_many_rows_are_copied_in_turn(bank: SqlBank, other: SqlBank, tmp_path: Path) -> None:
    """More than go through at once."""
    author = person()
    its = story(author)
    keep(bank, author, its)
    with bank.open() as work:
        work.save_passages(its.id, passages(its, *(f"Phrase {number}." for number in range(1_203))), ["a"] * 1_203)
        work.commit()
    bank.copy_to(tmp_path / "copy")
    other.fill_from(tmp_path / "copy")
    assert everything(other) == everything(bank)


def test_a_copy_is_of_one_moment_while_others_write(bank: SqlBank, tmp_path: Path) -> None:
    """Somebody keeps adding a person with a story: in no copy is there one without the other."""
    author = person()
    its = story(author)
    keep(bank, author, its)
    with bank.open() as work:
        work.save_passages(its.id, passages(its, *(f"Phrase {number}." for number in range(2_000))), ["a"] * 2_000)
        work.commit()
    done = threading.Event()

    def arrive() -> None:
        while not done.is_set():
            someone = person()
            keep(bank, someone, story(someone))

    writer = threading.Thread(target=arrive)
    writer.start()
    try:
        for number in range(4):
            bank.copy_to(tmp_path / str(number))
    finally:
        done.set()
        writer.join()
    counted = [_rows(tmp_path / str(number)) for number in range(4)]
    assert [each["people"] for each in counted] == [each["stories"] for each in counted]
    assert counted[-1]["people"] > counted[0]["people"]


def _rows(folder: Path) -> dict[str, int]:
    files = json.loads((folder / "copy.json").read_text("utf-8"))["files"]
    return {name: file["rows"] for name, file in files.items()}


def _altered(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def _shortened(folder: Path) -> None:
    path = folder / "people.jsonl"
    path.write_bytes(path.read_bytes()[:-20])


@pytest.mark.parametrize("harm", [
    lambda folder: shutil.rmtree(folder), lambda folder: (folder / "copy.json").unlink(),
    lambda folder: (folder / "stories.jsonl").unlink(), _shortened,
    lambda folder: _altered(folder, "people.jsonl", "Gall", "Goff"),
    lambda folder: (folder / "copy.json").write_text("[]"), lambda folder: (folder / "copy.json").write_text("{"),
    lambda folder: (folder / "copy.json").write_bytes(b"\xff\xfe"),
    lambda folder: (folder / "copy.json").write_text('{"revision": "0002", "files": {}}'),
    lambda folder: (folder / "copy.json").write_text('{"revision": "0002", "files": ["people"]}'),
    lambda folder: _altered(folder, "copy.json", f'"{NEWEST}"', '"9999"'),
    lambda folder: _forged(folder, "stories", {"author_id": "nobody"}),
], ids=["no folder", "no header", "a table missing", "cut off", "altered", "a list", "no JSON", "no text", "no tables",
        "odd tables", "newer version", "forged row"])
def test_what_is_no_copy_is_refused_and_changes_nothing(bank: SqlBank, tmp_path: Path, harm: Any) -> None:
    """One sentence; the bank is as it was."""
    fill(bank)
    bank.copy_to(tmp_path / "copy")
    harm(tmp_path / "copy")
    keep(bank, person("Since then"))
    before = everything(bank)
    with pytest.raises(BadInput) as refused:
        bank.fill_from(tmp_path / "copy")
    assert refused.value.said("fr").endswith(".")
    assert everything(bank) == before


def _forged(folder: Path, table: str, changes: dict[str, object], *, drop: tuple[str, ...] = ()) -> None:
    """Rewrite a table of a copy with its header, as if `copy_to` had written it so."""
    path, header = folder / f"{table}.jsonl", json.loads((folder / "copy.json").read_text("utf-8"))
    rows = [{name: value for name, value in (json.loads(line) | changes).items() if name not in drop}
            for line in path.read_text("utf-8").split("\n") if line]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    header["files"][table]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "copy.json").write_text(json.dumps(header), "utf-8")


def test_a_copy_of_an_older_version_is_brought_up_to_date(bank: SqlBank, tmp_path: Path) -> None:
    """Filled at its own revision, then migrated, all in one transaction."""
    fill(bank)
    with bank.open() as work:
        before = work.people()
    folder = tmp_path / "copy"
    bank.copy_to(folder)
    _as_of_the_first_version(folder, tmp_path)
    bank.fill_from(folder)
    with bank.open() as work:
        assert work.people() == [replace(each, left_on=None) for each in before]
        assert [link.kind for each in before for link in work.tokens_of(each.id, "invitation", NOON)] == ["invitation"]
        assert work.reviews() == []


def _as_of_the_first_version(folder: Path, tmp_path: Path) -> None:
    old = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with alone(old) as connection:
        upgrade(connection, "0001")
        tables = {name: {column["name"] for column in inspect(connection).get_columns(name)}
                  for name in inspect(connection).get_table_names()}
    old.dispose()
    for table in set(_rows(folder)) & set(tables):
        new = {column.name for column in metadata.tables[table].columns} - tables[table]
        _forged(folder, table, {}, drop=tuple(new))
    header = json.loads((folder / "copy.json").read_text("utf-8"))
    files = {name: file for name, file in header["files"].items() if name in tables}
    (folder / "copy.json").write_text(json.dumps({"revision": "0001", "files": files}), "utf-8")


def test_a_folder_that_cannot_be_written_says_so(bank: SqlBank, tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "copy").write_text("a file")
    with pytest.raises(NotAvailable):
        bank.copy_to(tmp_path / "copy")


def test_a_copy_is_for_its_owner_alone(bank: SqlBank, tmp_path: Path) -> None:
    """The folder is made so that nobody else may enter it."""
    bank.copy_to(tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0


def test_days_and_moments_are_spelled_for_any_reader(bank: SqlBank, tmp_path: Path) -> None:
    """ISO 8601, moments in UTC."""
    fill(bank)
    bank.copy_to(tmp_path / "copy")
    line = json.loads((tmp_path / "copy" / "stories.jsonl").read_text("utf-8").split("\n")[0])
    assert (line["recorded_on"], line["created_at"]) == (TODAY.isoformat(), NOON.isoformat())
    assert NOON.utcoffset() == timedelta(0)
