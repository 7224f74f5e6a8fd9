"""The company whose stories these are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from story_bank.consent import Channel
from story_bank.language import Language


@dataclass(frozen=True, slots=True)
class Company:
    """Name, languages, channels in use and time zone; consent days are days of this zone."""

    name: str
    languages: tuple[Language, ...] = ("fr", "en")
    channels: tuple[Channel, ...] = ()
    timezone: str = "Europe/Paris"
    demo: bool = False

    def day(self, moment: datetime) -> date:
        """Return the company's calendar day of an aware moment."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)
