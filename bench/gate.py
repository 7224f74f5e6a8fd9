"""What asking for permission costs at 10,000 stories: library and search, gated ≤ 1.3 × the same queries ungated.

Synthetic rows in a SQLite file: 200 people, one or two in a story, consents in every state. Ungated is the same code
with the permission clause replaced by TRUE; the two take turns in one run. Search is by words, without a model.
    python bench/gate.py [--stories 10000] [--rounds 41]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Connection, insert, text, true

from story_bank.access import Act, Use
from story_bank.bank import Asker
from story_bank.errors import NotAvailable
from story_bank.ids import PersonId
from story_bank.person import Person, Role
from story_bank.sql import tables
from story_bank.sql.bank import SqlBank
from story_bank.sql.engine import WRITES
from studio.steps.facets import Facets
from studio.steps.find import CANDIDATES, Find, Wanted
from studio.toolbox import Toolbox
from studio.ui.library import LIMIT
from vectorstore.search import rank_by_words
from vectorstore.words import query_stems

TARGET = 1.3
TODAY, NOON = date(2026, 11, 20), datetime(2026, 11, 20, 12, tzinfo=UTC)
PEOPLE, PASSAGES, WORDS = 200, 5, 25
QUESTION = "une nuit où quelqu'un de l'équipe a aidé un patient à l'hôpital"
STATES = ("open", "open", "open", "open", "open", "own", "expired", "to come", "withdrawn", "never")
"""Half may be found by everyone; "own" was signed for drafts alone."""
Rows = dict[str, list[dict[str, object]]]


def main() -> int:
    """Print the medians and ratios."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--stories", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=41)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bank = SqlBank(f"sqlite:///{folder}/vecu.db")
        bank.migrate()
        began = time.perf_counter()
        asker = _filled(bank, given.stories)
        print(f"{given.stories:,} stories made in {time.perf_counter() - began:.1f} s")
        worst = max([_compared(name, work, given.rounds) for name, work in _questions(bank, asker).items()])
        bank.close()
    print(f"worst ratio {worst:.2f} (target ≤ {TARGET})")
    return 0 if worst <= TARGET else 1


def _questions(bank: SqlBank, asker: Asker) -> dict[str, Callable[[], object]]:
    """What the library page and a search ask, as queries and as whole steps (with what is shown of each result)."""
    asleep = SimpleNamespace(queries=lambda _: [None], near=_asleep)
    tools = cast(Toolbox, SimpleNamespace(bank=bank, embedder=asleep, index=asleep))
    facets, find = Facets(tools), Find(tools)

    def newest() -> object:
        with bank.open() as work:
            return work.stories(asker, Use(Act.FIND), limit=LIMIT)

    def words() -> object:
        with bank.open() as work:
            hits = rank_by_words(work.word_hits(query_stems(QUESTION), CANDIDATES), CANDIDATES)
            return work.allowed(asker, Use(Act.FIND), [each.story_id for each in hits])

    return {"library: newest": newest, "library: facets": lambda: facets.run(asker),
            "library: the page": lambda: (facets.run(asker), find.run(asker, Wanted("", limit=LIMIT))),
            "search: words, permission": words,
            "search: the answer": lambda: find.run(asker, Wanted(QUESTION, limit=LIMIT))}


def _asleep(*_: object) -> None:
    raise NotAvailable("La recherche par le sens dort.", "Search by meaning sleeps.")


def _compared(name: str, work: Callable[[], object], rounds: int) -> float:
    gated, ungated = [], []
    for turn in range(rounds + 2):
        took = _took(work)
        with _no_gate():
            free = _took(work)
        if turn >= 2:
            gated.append(took)
            ungated.append(free)
    one, other = statistics.median(gated) * 1000, statistics.median(ungated) * 1000
    print(f"{name:26} gated {one:7.2f} ms   ungated {other:7.2f} ms   ratio {one / other:.2f}")
    return one / other


def _took(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def _no_gate() -> Iterator[None]:
    rooms = ("story_bank.sql.stories.usable", "story_bank.sql.recordings.usable")
    with patch(rooms[0], lambda *_: true()), patch(rooms[1], lambda *_: true()):
        yield


def _filled(bank: SqlBank, count: int) -> Asker:
    """Fill the bank in one transaction; return a contributor who asks."""
    chance = random.Random(7)
    words = [f"mot{number}" for number in range(4_000)] + query_stems(QUESTION) * 12
    people = [Person(PersonId(f"p{number:03}"), f"Prénom{number} Nom{number}", f"Prénom{number}",
                     roles=frozenset({Role.CONTRIBUTOR})) for number in range(PEOPLE)]
    with bank.open() as work:
        for each in people:
            work.save_person(each)
        work.commit()
    with bank.engine().execution_options(**{WRITES: True}).begin() as connection:
        for first in range(0, count, 500):
            _insert(connection, _made(chance, words, range(first, min(first + 500, count))))
    return Asker(people[0], TODAY)


def _insert(connection: Connection, rows: Rows) -> None:
    for name in ("recordings", "stories", "story_people", "story_values", "passages", "standing", "standing_channels"):
        if rows[name]:
            connection.execute(insert(tables.metadata.tables[name]), rows[name])
    connection.execute(text("INSERT INTO passage_words (rowid, tokens) VALUES (:id, :text)"), rows["passages"])


def _made(chance: random.Random, words: list[str], numbers: range) -> Rows:
    rows: Rows = {name: [] for name in tables.metadata.tables}
    for number in numbers:
        who = [f"p{each:03}" for each in chance.sample(range(PEOPLE), 2 if number % 5 == 0 else 1)]
        told = [" ".join(chance.choices(words, k=WORDS)) for _ in range(PASSAGES)]
        moment = NOON - timedelta(hours=number)
        recording_id = f"r{number:05}" if number % 3 else None
        if recording_id is not None:
            rows["recordings"].append(_recording(recording_id, who[0], moment))
        subject = recording_id or f"s{number:05}"
        rows["stories"].append({
            "id": f"s{number:05}", "author_id": who[0], "title": f"Récit {number}", "text": "\n".join(told),
            "language": "fr" if number % 4 else "en", "recorded_on": moment.date(), "created_at": moment,
            "recording_id": recording_id, "subject_id": subject, "team": f"É{number % 12}", "site": f"L{number % 7}",
            "demo": False, "source_id": None})
        for place, each in enumerate(who):
            rows["story_people"].append({"story_id": f"s{number:05}", "position": place, "person_id": each})
            _stands(chance, rows, subject, each)
        for place, value in enumerate(chance.sample(range(6), chance.randrange(3))):
            rows["story_values"].append({"story_id": f"s{number:05}", "position": place, "value_id": f"v{value}"})
        rows["passages"] += [{"id": number * PASSAGES + place + 1, "story_id": f"s{number:05}", "number": place,
                              "text": line, "start": None, "end": None, "word_ids": []}
                             for place, line in enumerate(told)]
    return rows


def _recording(recording_id: str, owner_id: str, moment: datetime) -> dict[str, object]:
    context: dict[str, Any] = {"first_name": "", "job": "", "team": "", "company": "", "unusual_words": [],
                               "speakers": 1}
    return {"id": recording_id, "owner_id": owner_id, "kind": "video", "original_key": recording_id,
            "original_name": "a.mp4", "sha256": recording_id, "duration_s": 60.0, "language": "fr", "context": context,
            "created_at": moment, "question_id": None, "markers": [], "playable_key": None, "poster_key": None,
            "sound_key": None, "voices": 1, "faces": 1}


def _stands(chance: random.Random, rows: Rows, subject: str, person_id: str) -> None:
    state = chance.choice(STATES)
    if state in ("withdrawn", "never"):
        return
    first, last = {"expired": (-400, -1), "to come": (1, 300)}.get(state, (-100, 200))
    wide = state != "own"
    rows["standing"].append({
        "subject_id": subject, "person_id": person_id, "may_library": wide, "may_draft": True, "may_clip": wide,
        "may_share": wide, "from_day": TODAY + timedelta(first), "until_day": TODAY + timedelta(last), "face": True,
        "voice": True, "name": "full"})
    rows["standing_channels"] += [{"subject_id": subject, "person_id": person_id, "channel": channel}
                                  for channel in ("linkedin", "intranet")]


if __name__ == "__main__":
    sys.exit(main())
