"""The toolbox: every promise the steps and pages need, in one frozen bundle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from media.cutter import Cutter
from media.inspector import Inspector
from media.speakers import Speakers
from media.transcriber import Transcriber
from media.vault import Vault
from story_bank.bank import Asker, Bank
from story_bank.company import utc_now
from story_bank.ids import PersonId
from studio.mail.mailer import Mailer
from studio.writing.writer import Writer
from vectorstore.embedder import Embedder
from vectorstore.story_index import StoryIndex


@dataclass(frozen=True, slots=True)
class Limits:
    """What the administrator allows: length in seconds, size in bytes."""

    recording_s: float
    upload_bytes: int


@dataclass(frozen=True, slots=True)
class ConsentRules:
    """How long a consent may last, when its person is asked before its end, when what nobody claims is erased."""

    max_months: int = 24
    ask_before: timedelta = timedelta(days=30)
    unclaimed: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Toolbox:
    """Promises, and where and when they are used."""

    bank: Bank
    vault: Vault
    inspector: Inspector
    transcriber: Transcriber
    speakers: Speakers
    cutter: Cutter
    embedder: Embedder
    index: StoryIndex
    writer: Writer
    limits: Limits
    scratch: Path
    clock: Callable[[], datetime] = utc_now
    consent: ConsentRules = ConsentRules()
    ledger: Path | None = None
    """The file that lists forgettings and withdrawals; None keeps them in the bank alone."""
    mailer: Mailer | None = None
    """Takes letters with links; None: whoever makes a link passes it on."""
    address: str = ""
    """The studio's public address, for letters that no request asked for; "" where none was set."""

    def today(self) -> date:
        """Return today's date where the company is; UTC before the company is known."""
        return self.day_of(self.clock())

    def day_of(self, moment: datetime) -> date:
        """Return the company's day of an aware moment; UTC's before the company is known."""
        with self.bank.open() as work:
            company = work.company()
        return company.day(moment) if company else moment.date()

    def asker(self, person_id: PersonId) -> Asker:
        """Return that person asking today (`NotFound`)."""
        day = self.today()
        with self.bank.open() as work:
            return Asker(work.person(person_id), day)
