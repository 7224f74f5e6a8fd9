"""A mail server that keeps its letters, or sleeps."""

from __future__ import annotations

from story_bank.errors import NotAvailable
from studio.mail.mailer import Letter


class KeepingMailer:
    """Keeps the letters, or fails as a mail server does."""

    def __init__(self) -> None:
        self.kept: list[Letter] = []
        self.asleep = False
        self.refuses: set[str] = set()

    def send(self, letter: Letter) -> None:
        if self.asleep or letter.to in self.refuses:
            raise NotAvailable("Non.", "No.")
        self.kept.append(letter)
