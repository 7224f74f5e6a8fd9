"""What people type of themselves: a name on one line, an address with two sides."""

from __future__ import annotations

from story_bank.errors import BadInput


def a_name(text: str) -> str:
    """Return the name on one line, cut at 120 characters (`BadInput` when there is none)."""
    name = " ".join(text.split())[:120].strip()
    if not name:
        raise BadInput("Écrivez un nom.", "Type a name.")
    return name


def an_address(text: str) -> str:
    """Return the e-mail address in small letters (`BadInput` when it cannot be one)."""
    address = text.strip().casefold()
    whole = address.count("@") == 1 and address.strip("@") == address and len(address) <= 254
    if not whole or not address.isprintable() or " " in address:
        raise BadInput("Écrivez une adresse e-mail complète, comme claire@exemple.fr.",
                       "Type a whole e-mail address, such as claire@example.com.")
    return address
