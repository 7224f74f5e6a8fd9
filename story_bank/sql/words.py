"""Passages and the full-text table of their stemmed words, written and found together.

Both databases rank by BM25 with the constants of SQLite's FTS5 (k1 = 1.2, b = 0.75, a weight never below 1e-6;
sqlite.org/fts5.html#the_bm25_function), so that they answer alike.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select, text

from story_bank.bank import WordHit
from story_bank.ids import StoryId, WordId
from story_bank.sql.tables import passages
from story_bank.sql.unit import Rows, in_turn
from story_bank.story import Passage

_TOKEN = re.compile(r"[^\W_]+")
_ADD = {
    True: text("INSERT INTO passage_words (rowid, tokens) VALUES (:passage_id, :tokens)"),
    False: text("INSERT INTO passage_words (passage_id, length, tokens)"
                " VALUES (:passage_id, :length, CAST(:tokens AS tsvector))"),
}
_REMOVE = {
    True: text("DELETE FROM passage_words WHERE rowid IN (SELECT id FROM passages WHERE story_id = :story_id)"),
    False: text("DELETE FROM passage_words WHERE passage_id IN (SELECT id FROM passages WHERE story_id = :story_id)"),
}
_FIND = {
    True: text("""
        SELECT passages.story_id, passages.number, -bm25(passage_words) AS score
        FROM passage_words JOIN passages ON passages.id = passage_words.rowid
        WHERE passage_words MATCH :query
        ORDER BY score DESC, passages.story_id, passages.number LIMIT :most"""),
    False: text("""
        WITH whole AS (SELECT count(*)::float8 AS n, avg(length)::float8 AS mean FROM passage_words),
        held AS (
            SELECT passage_id, length, lexeme, cardinality(positions) AS times
            FROM passage_words CROSS JOIN LATERAL unnest(tokens) AS token(lexeme, positions, weights)
            WHERE tokens @@ CAST(:query AS tsquery) AND lexeme = ANY(CAST(:stems AS text[]))),
        weighed AS (
            SELECT lexeme, greatest(ln((n - count(*) + 0.5) / (count(*) + 0.5)), 1e-6) AS weight
            FROM held CROSS JOIN whole GROUP BY lexeme, n)
        SELECT passages.story_id, passages.number,
               sum(weight * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * length / mean)))::float8 AS score
        FROM held JOIN weighed USING (lexeme) JOIN passages ON passages.id = passage_id CROSS JOIN whole
        GROUP BY passages.story_id, passages.number
        ORDER BY score DESC, passages.story_id COLLATE "C", passages.number LIMIT :most"""),
}


class WordRows(Rows):
    """Passages and their words."""

    def save_passages(self, story_id: StoryId, found: Sequence[Passage], stems: Sequence[str]) -> None:
        """Replace a story's passages and its rows of the full-text table (`stems`: space-joined stemmed tokens)."""
        self._unit.claim("passages", story_id)
        self._unit.write(_REMOVE[self._unit.on_sqlite].bindparams(story_id=story_id))
        self._unit.write(delete(passages).where(passages.c.story_id == story_id))
        if not found:
            return
        self._unit.write(passages.insert(), [
            {"story_id": story_id, "number": each.number, "text": each.text, "start": each.start, "end": each.end,
             "word_ids": list(each.word_ids)} for each in found])
        kept = {row.number: row.id for row in self._unit.rows(
            select(passages.c.number, passages.c.id).where(passages.c.story_id == story_id))}
        self._unit.write(_ADD[self._unit.on_sqlite], [
            self._tokens(kept[each.number], line) for each, line in zip(found, stems, strict=True)])

    def passages(self, story_ids: Collection[StoryId]) -> dict[StoryId, list[Passage]]:
        """Return passages in order, for stories that were allowed; an empty list where a story has none."""
        found: dict[StoryId, list[Passage]] = {story_id: [] for story_id in story_ids}
        for part in in_turn(story_ids):
            query = select(passages).where(passages.c.story_id.in_(part)).order_by(passages.c.number)
            for row in self._unit.rows(query):
                words = tuple(WordId(word_id) for word_id in row.word_ids)
                found[row.story_id].append(Passage(row.story_id, row.number, row.text, row.start, row.end, words))
        return found

    def word_hits(self, stems: Sequence[str], limit: int) -> list[WordHit]:
        """Return passages that hold at least one of the stems, best first (BM25); not yet filtered by permission."""
        asked = list(dict.fromkeys(token for stem in stems for token in _split(stem)))
        if not asked:
            return []
        values: dict[str, Any] = {"most": limit}
        if self._unit.on_sqlite:
            values["query"] = " OR ".join(f'"{token}"' for token in asked)
        else:
            values |= {"query": " | ".join(f"'{token}'" for token in asked), "stems": asked}
        return [WordHit(StoryId(row.story_id), row.number, row.score)
                for row in self._unit.rows(_FIND[self._unit.on_sqlite], values)]

    def _tokens(self, passage_id: int, line: str) -> dict[str, object]:
        tokens = _split(line)
        if self._unit.on_sqlite:
            return {"passage_id": passage_id, "tokens": " ".join(tokens)}
        return {"passage_id": passage_id, "length": len(tokens), "tokens": _vector(tokens)}


def _split(line: str) -> list[str]:
    # Letters and digits alone: nothing is left that either query language could read as an operator.
    return _TOKEN.findall(line.lower())


def _vector(tokens: Iterable[str]) -> str:
    # A tsvector is written by hand, because PostgreSQL's parser would take "3e5" or "12" for numbers of its own.
    places: dict[str, list[str]] = {}
    for place, token in enumerate(tokens, start=1):
        places.setdefault(token, []).append(str(place))
    return " ".join(f"'{token}':{','.join(where)}" for token, where in places.items())
