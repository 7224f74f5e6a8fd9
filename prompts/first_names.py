"""First names: what tells a name from an ordinary word at the beginning of a sentence."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter

from prompts.reading import read


@cache
def first_names() -> frozenset[str]:
    """Return common first names, without accents, in small letters."""
    return frozenset(read("first_names.yaml", TypeAdapter(dict[str, str]))["names"].casefold().split())
