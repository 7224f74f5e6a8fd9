"""A real mail server on loopback, plain or with TLS by a certificate of its own."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from studio.mail.smtp_mailer import MailServer


class Letterbox:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.kept: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a letter in."""
        self.kept.append(message_from_bytes(envelope.content or b"", EmailMessage, policy=policy.default))
        return "250 kept"


class Posts:
    """Starts mail servers for a test."""

    def __init__(self, certificate: Path) -> None:
        self.certificate = certificate
        self.box = Letterbox()
        self.running: list[Controller] = []

    def open(self, security: str = "none", *, login: tuple[str, str] | None = None) -> MailServer:
        """Return where to hand letters over; `login` is asked for before."""
        served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        served.load_cert_chain(self.certificate)
        more = {"ssl_context": served} if security == "tls" else {}
        if security == "starttls":
            more = {"tls_context": served, "require_starttls": True}
        if login is not None:
            more |= {"authenticator": lambda *asked: AuthResult(success=asked[-1] == LoginPassword(
                login[0].encode(), login[1].encode())), "auth_required": True}
        with socket.socket() as probe:  # aiosmtpd does not tell which port it took
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        controller = Controller(self.box, hostname="127.0.0.1", port=port, **more)
        controller.start()
        self.running.append(controller)
        user, password = login or (None, None)
        return MailServer("127.0.0.1", port, security, "vecu@exemple.fr", user, password)  # type: ignore[arg-type]

    def trust(self) -> ssl.SSLContext:
        """Return the trust of somebody who knows the certificate of these servers."""
        return ssl.create_default_context(cafile=str(self.certificate))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.KeyUsage(True, False, False, False, False, True, False, False, False), True)
            .sign(key, hashes.SHA256()))
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return file


@pytest.fixture
def posts(certificate: Path) -> Iterator[Posts]:
    made = Posts(certificate)
    yield made
    for controller in made.running:
        controller.stop()




@pytest.fixture
def silent_server() -> Iterator[MailServer]:
    """A server that takes the call and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield MailServer("127.0.0.1", listening.getsockname()[1], "none", "vecu@exemple.fr")
