"""The code on a receipt: twelve letters and digits that nobody misreads, made of the session's own secret.

The bank keeps its hash alone. While the session lasts the same code can be shown again, and nobody else can make it.
"""

from __future__ import annotations

import hashlib

from studio.access.secrets import kept_as

LETTERS = "34679ACDEFGHJKMNPQRTVWXY"
"""Without 0 O, 1 I L, 2 Z, 5 S, 8 B and U: twelve of these twenty-four are 55 bits."""
LENGTH, GROUP = 12, 4


def code_for(session_secret: str) -> str:
    """Return the code of a session, as it is read: three groups of four."""
    number = int.from_bytes(hashlib.sha256(b"the code on a receipt\n" + session_secret.encode()).digest(), "big")
    letters = ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    return "-".join(letters[at:at + GROUP] for at in range(0, LENGTH, GROUP))


def hash_of(code: str) -> str:
    """Return what the bank keeps of a code as somebody typed it: capitals, spaces and dashes do not matter."""
    return kept_as("".join(letter for letter in code.upper() if letter.isalnum()))
