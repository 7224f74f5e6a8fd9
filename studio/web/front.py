"""The front desk: what every route needs, and who stands before it."""

from __future__ import annotations

import asyncio
import ipaddress
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from starlette.responses import Response

from story_bank.bank import Asker
from story_bank.errors import NotFound
from story_bank.ids import PersonId
from story_bank.language import Language
from story_bank.person import Role
from studio.access.accounts import Accounts, CameFrom
from studio.access.administration import Administration
from studio.access.attempts import Attempts
from studio.access.company_accounts import CompanyAccounts
from studio.access.corners import Corners, Visits
from studio.access.provider import Provider
from studio.access.sessions import Sessions
from studio.steps.corner import visit_lasts
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
    address: str = ""
    """Its public address; empty: the one by which it was asked."""
    provider: Provider | None = None
    """The company's sign-in, if there is one."""
    group_roles: Mapping[str, Role] = field(default_factory=dict)
    """What the groups of the company's sign-in carry."""


@dataclass(frozen=True, slots=True)
class Front:
    """The toolbox, accounts and sessions, as the routes use them."""

    tools: Toolbox
    manner: Manner
    sessions: Sessions
    accounts: Accounts
    administration: Administration
    company_accounts: CompanyAccounts
    hashing: ThreadPoolExecutor
    corners: Corners
    visits: Visits
    claims: Attempts
    """Codes of receipts that opened nothing, so that nobody tries them all."""

    @property
    def cookie(self) -> str:
        """Name of the session cookie; `__Host-` ties it to this host and to HTTPS."""
        return self.cookie_named("vecu")

    def cookie_named(self, name: str) -> str:
        """Return the whole name of a cookie of ours."""
        return f"__Host-{name}" if self.manner.secure else name

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

    def teller_id(self, request: Request) -> PersonId | None:
        """Return who tells here: whose session the browser holds, or the visitor of a corner."""
        return self.person_id(request) or self.visits.visitor(request.cookies.get(self.cookie))

    def teller(self, request: Request) -> Asker:
        """Return who tells, asking today: somebody signed in, or at a corner (`NotFound` without a session)."""
        visitor = None if self.person_id(request) else self.visits.visitor(request.cookies.get(self.cookie))
        return replace(self.tools.asker(visitor), at_corner=True) if visitor else self.asker(request)

    def language(self, request: Request) -> Language:
        """Return the person's language; before sign-in the one they chose here, then the browser's, then French."""
        with suppress(NotFound):
            return self.teller(request).person.language
        chosen = request.cookies.get(LANGUAGE_COOKIE) or request.headers.get("accept-language", "")
        return "en" if chosen.strip().lower().startswith("en") else "fr"

    def came_from(self, request: Request) -> CameFrom:
        """Return where the request came from, for counting failures."""
        return CameFrom(request.client.host if request.client else "",
                        request.cookies.get(self.cookie_named("vecu_connu")))

    def link(self, request: Request, path: str, **query: str) -> str:
        """Return a whole address of this studio, to be handed over."""
        here = self.manner.address.rstrip("/") or f"{request.url.scheme}://{request.headers.get('host', '')}"
        return f"{here}/{path}" + (f"?{urlencode(query)}" if query else "")

    async def in_turn(self, answer: Callable[[], Response]) -> Response:
        """Give the answer of work that hashes a password, few at a time: the threads of the pages stay free."""
        return await asyncio.get_running_loop().run_in_executor(self.hashing, answer)

    def from_this_machine(self, request: Request) -> bool:
        """Tell whether the request was made on this very machine: listening, caller and name asked are all loopback.

        Forwarding headers never allow anything; their presence shows a proxy in between, and refuses. The name is
        checked because a page elsewhere can have its own name resolve to 127.0.0.1.
        """
        caller = request.client.host if request.client else ""
        asked = host_asked(request)
        proxied = any(name in request.headers for name in _PROXIED)
        return not proxied and all(is_loopback(host) for host in (self.manner.host, caller, asked))


def host_asked(request: Request) -> str:
    """Return the host name that the browser asked for, without its port; "" when it makes no sense."""
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


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
    bank, clock = tools.bank, tools.clock
    # A hash fills a core and 46 MiB: one at a time leaves the rest of a small machine to the pages.
    hashing = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // 2), thread_name_prefix="hashing")
    return Front(tools, manner, Sessions(bank, clock), Accounts(bank, clock, Attempts(clock)),
                 Administration(bank, clock), CompanyAccounts(bank, clock, manner.group_roles), hashing,
                 Corners(bank, clock), Visits(bank, clock, visit_lasts(tools.limits)), Attempts(clock))
