"""A bank that an older version filled is read whole after its tables were brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, Engine, MetaData, select, text

from story_bank.bank import Token
from story_bank.company import Company
from story_bank.consent import Channel
from story_bank.ids import MediaKey, PersonId
from story_bank.sql.bank import SqlBank
from story_bank.sql.migrate import alone, upgrade
from story_bank.sql.tables import metadata
from tests.contracts.bank_samples import (
    CUT,
    NOON,
    asker,
    clip,
    draft,
    job,
    keep,
    passages,
    person,
    post,
    recording,
    scope,
    signed,
    story,
    token,
    told,
    withdrawn,
)

AUTHOR, SEEN = person("Éloïse Le Gall", email="e@d.example", cast=True), person("C D")
KEPT = recording(AUTHOR, playable_key=MediaKey("p"))
ITS = story(AUTHOR, recording_id=KEPT.id, appearing=(SEEN.id,), text="Bonjour, ici\nl'hôpital.")
TOLD = told(KEPT)
HISTORY = [signed(ITS, AUTHOR, scope()), signed(ITS, SEEN, scope()), withdrawn(ITS, SEEN, Channel.X)]
CLIP, DRAFT, POST = clip(ITS, AUTHOR, media_key=MediaKey("c")), draft(ITS, AUTHOR), post(ITS, AUTHOR)
JOB = job(KEPT.id, AUTHOR)
SESSION = token(AUTHOR, expires_at=NOON + timedelta(days=400))


@pytest.fixture
def upgraded(empty_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlBank]:
    """A bank filled at revision 0001, then migrated as a new version does at its start."""
    bank = SqlBank(empty_url, patience_s=2)
    with alone(bank.engine()) as connection:
        upgrade(connection, "0001")
    with _sample(f"sqlite:///{tmp_path_factory.mktemp('sample') / 'vecu.db'}") as sample:
        _fill_as_of_then(bank.engine(), sample)
    bank.migrate()
    yield bank
    bank.close()


@contextmanager
def _sample(url: str) -> Iterator[SqlBank]:
    bank = SqlBank(url)
    bank.migrate()
    keep(bank, AUTHOR, SEEN, KEPT, ITS, TOLD, *HISTORY, CLIP, DRAFT, POST, JOB, SESSION)
    with bank.open() as work:
        work.save_company(Company("Épidaure"))
        work.set_password_hash(AUTHOR.id, "h")
        work.save_passages(ITS.id, passages(ITS, "Il neigeait."), ["neig"])
        work.commit()
    yield bank
    bank.close()


def _fill_as_of_then(old: Engine, sample: SqlBank) -> None:
    """Put the sample's rows into the tables as they were, without what was not known then."""
    then = MetaData()
    with sample.engine().connect() as source, old.begin() as target:
        then.reflect(target, only=lambda name, _: name in metadata.tables)
        for table in then.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, JSON):
                    column.type = JSON(none_as_null=True)
            rows = source.execute(select(metadata.tables[table.name])).mappings()
            known: list[dict[str, Any]] = [{each.name: row[each.name] for each in table.columns} for row in rows]
            if known:
                target.execute(table.insert(), known)


def test_everything_is_read_as_it_was(upgraded: SqlBank) -> None:
    """People, recording, story, words heard, consents, what was made of it and the work that waits."""
    with upgraded.open() as work:
        assert {each.id: each for each in work.people()} == {AUTHOR.id: AUTHOR, SEEN.id: SEEN}
        assert (work.password_hash(AUTHOR.id), work.company()) == ("h", Company("Épidaure"))
        assert work.recording_of_job(KEPT.id) == KEPT
        assert work.story(asker(AUTHOR), CUT, ITS.id) == ITS
        assert work.transcript(KEPT.id) == TOLD
        assert work.consent_history(ITS.subject_id) == HISTORY
        assert work.clips_of(asker(AUTHOR), CUT, ITS.id) == [CLIP]
        assert (work.drafts_for(asker(AUTHOR), ITS.id), work.posts_of(AUTHOR.id)) == ([DRAFT], [POST])
        assert work.open_jobs() == [JOB]
        assert work.passages([ITS.id]) == {ITS.id: passages(ITS, "Il neigeait.")}


def test_who_was_signed_in_stays_so(upgraded: SqlBank) -> None:
    """A session began at the latest when its tables were brought up to date."""
    now = datetime.now(UTC)
    with upgraded.open() as work:
        kept = work.token(SESSION.token_hash, "session", NOON)
        assert isinstance(kept, Token)
        assert (kept.person_id, kept.expires_at, kept.about, kept.label) == (AUTHOR.id, SESSION.expires_at, "", "")
        assert now - timedelta(minutes=2) < kept.made_at <= now + timedelta(seconds=1)


def test_what_is_new_can_be_kept(upgraded: SqlBank) -> None:
    """The rules between the tables hold: a link of nobody is refused, a person takes their links along."""
    with upgraded.open() as work:
        work.save_person(replace(AUTHOR, left_on=NOON.date()))
        work.save_recording(replace(KEPT, voices=2, faces=1))
        work.save_token(token(AUTHOR, "reset"))
        assert work.person(AUTHOR.id).left_on == NOON.date()
        assert work.recording_of_job(KEPT.id).voices == 2
        assert len(work.tokens_of(AUTHOR.id, "reset", NOON)) == 1
        assert work.tokens_of(PersonId("nobody"), "reset", NOON) == []
        work.commit()
    if upgraded.engine().dialect.name == "sqlite":
        with upgraded.engine().connect() as connection:
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            assert connection.execute(text("PRAGMA foreign_key_list(tokens)")).mappings().one()["table"] == "people"
