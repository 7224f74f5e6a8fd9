"""Letters by SMTP, with a limit on the time they take."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Literal

from story_bank.errors import NotAvailable
from studio.mail.mailer import Letter

LIMIT_S = 10.0
log = logging.getLogger("vecu.mail")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over, and who they come from."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: str | None = None
    password: str | None = None


class SmtpMailer:
    """Sends in a thread of its own, so that a server which never answers holds nobody longer than the limit."""

    def __init__(self, server: MailServer, limit_s: float = LIMIT_S,
                 trust: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> None:
        self.server, self.limit_s, self.trust = server, limit_s, trust
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")

    def send(self, letter: Letter) -> None:
        """Hand a letter to the mail server, within the limit (`NotAvailable` when it did not take it)."""
        try:
            self._threads.submit(self._hand_over, letter).result(self.limit_s)
        except (smtplib.SMTPException, OSError, TimeoutError, ValueError) as wrong:
            log.warning("a letter did not go: %s", type(wrong).__name__)
            raise NotAvailable("Le courriel n'est pas parti ; donnez le lien vous-même.",
                               "The mail did not go; hand the link over yourself.") from wrong

    def _hand_over(self, letter: Letter) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.server.sender, letter.to, letter.subject
        mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=self.server.sender.rpartition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.text)
        with self._connected() as server:
            if self.server.user:
                server.login(self.server.user, self.server.password or "")
            server.send_message(mail)

    def _connected(self) -> smtplib.SMTP:
        place = self.server
        if place.security == "tls":
            return smtplib.SMTP_SSL(place.host, place.port, timeout=self.limit_s, context=self.trust())
        server = smtplib.SMTP(place.host, place.port, timeout=self.limit_s)
        if place.security == "starttls":
            try:
                server.starttls(context=self.trust())
            except (smtplib.SMTPException, OSError, ValueError):
                server.close()
                raise
        return server
