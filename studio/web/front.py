"""The front desk: what every route needs, and who stands before it."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request

from story_bank.bank import Asker
from story_bank.errors import NotFound
from story_bank.ids import PersonId
from story_bank.language import Language
from studio.access.accounts import Accounts
from studio.access.attempts import Attempts
from studio.access.sessions import Sessions
from studio.toolbox import Toolbox

LANGUAGE_COOKIE = "vecu_langue"
_PROXIED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")

Health = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Manner:
    """How the studio is served: the address it listens on, whether over HTTPS, and how its parts are."""

    host: str = "127.0.0.1"
    secure: bool = False
    health: Health = dict


@dataclass(frozen=True, slots=True)
class Front:
    """The toolbox, accounts and sessions, as the routes use them."""

    tools: Toolbox
    manner: Manner
    sessions: Sessions
    accounts: Accounts

    @property
    def cookie(self) -> str:
        """Name of the session cookie; `__Host-` ties it to this host and to HTTPS."""
        return "__Host-vecu" if self.manner.secure else "vecu"

    def person_id(self, request: Request) -> PersonId | None:
        """Return whose session the browser holds, if any."""
        return self.sessions.person(request.cookies.get(self.cookie))

    def asker(self, request: Request) -> Asker:
        """Return the signed-in person asking today (`NotFound` without a session)."""
        person_id = self.person_id(request)
        if person_id is None:
            raise NotFound("Votre session est terminée ; connectez-vous de nouveau.",
                           "Your session has ended; sign in again.")
        return self.tools.asker(person_id)

    def language(self, request: Request) -> Language:
        """Return the person's language; before sign-in the one they chose here, then the browser's, then French."""
        with suppress(NotFound):
            return self.asker(request).person.language
        chosen = request.cookies.get(LANGUAGE_COOKIE) or request.headers.get("accept-language", "")
        return "en" if chosen.strip().lower().startswith("en") else "fr"

    def from_this_machine(self, request: Request) -> bool:
        """Tell whether the request was made on this very machine: listening, caller and name asked are all loopback.

        Forwarding headers never allow anything; their presence shows a proxy in between, and refuses. The name is
        checked because a page elsewhere can have its own name resolve to 127.0.0.1.
        """
        caller = request.client.host if request.client else ""
        asked = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        proxied = any(name in request.headers for name in _PROXIED)
        return not proxied and all(is_loopback(host) for host in (self.manner.host, caller, asked))


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine's own loopback."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def front_desk(tools: Toolbox, manner: Manner) -> Front:
    """Set up the front desk over a toolbox."""
    accounts = Accounts(tools.bank, tools.clock, Attempts(tools.clock))
    return Front(tools, manner, Sessions(tools.bank, tools.clock), accounts)
