"""Letters reach a real mail server, by every kind of line; one that fails says so within its limit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_bank.errors import NotAvailable
from story_bank.ids import PersonId
from story_bank.person import Person
from studio.access.signing_links import LASTS
from studio.mail.letters import letter
from studio.mail.mailer import Letter
from studio.mail.smtp_mailer import MailServer, SmtpMailer
from studio.settings import Settings
from studio.wiring import mailer

LETTER = Letter("claire@exemple.fr", "Été", "Bonjour Claire,\n\nhttps://vecu.example/invitation?jeton=x\n")
INES = Person(PersonId("ines"), "Inès Roy", "Inès", "fr", "ines@exemple.fr")
LINK = "https://vecu.example/invitation?jeton=abc"


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_letter_arrives_whole(posts, security) -> None:
    """Accents, address and sender are kept, whether the line is plain, upgraded or private from the start."""
    SmtpMailer(posts.open(security), trust=posts.trust).send(LETTER)
    kept = posts.box.kept[0]
    assert (kept["To"], kept["From"], kept["Subject"]) == ("claire@exemple.fr", "vecu@exemple.fr", "Été")
    assert kept.get_content().replace("\r\n", "\n") == LETTER.text


def test_the_mail_server_is_told_who_we_are(posts) -> None:
    """User and password are given on a private line."""
    SmtpMailer(posts.open("starttls", login=("vecu", "secret")), trust=posts.trust).send(LETTER)
    assert len(posts.box.kept) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_nobody_vouches_for_gets_no_letter(posts, security) -> None:
    """An unknown certificate is refused: the link in the letter is a key."""
    with pytest.raises(NotAvailable, match="did not go"):
        SmtpMailer(posts.open(security)).send(LETTER)
    assert posts.box.kept == []


def test_a_server_that_cannot_be_private_gets_no_letter(posts) -> None:
    """Somebody on the line who hides STARTTLS does not get the link in clear."""
    plain = posts.open("none")
    server = MailServer(plain.host, plain.port, "starttls", plain.sender)
    with pytest.raises(NotAvailable):
        SmtpMailer(server).send(LETTER)
    assert posts.box.kept == []


def test_a_server_that_is_not_there_is_said_so() -> None:
    """Nobody listens: one sentence, no letter lost in silence."""
    with pytest.raises(NotAvailable):
        SmtpMailer(MailServer("127.0.0.1", 1, "none", "vecu@exemple.fr")).send(LETTER)


def test_a_server_that_never_answers_holds_nobody(silent_server) -> None:
    """The limit ends the waiting, whatever the server does."""
    with pytest.raises(NotAvailable):
        SmtpMailer(silent_server, limit_s=0.3).send(LETTER)


@pytest.mark.parametrize("to", ["a@b.fr\nBcc: tous@exemple.fr", "a@b.fr\r\n\r\nautre", "", "sans arobase"])
def test_an_address_that_breaks_lines_sends_nothing(posts, to) -> None:
    """No second recipient is smuggled in."""
    try:
        SmtpMailer(posts.open()).send(Letter(to, "x", "y"))
    except NotAvailable:
        assert posts.box.kept == []
    else:
        assert [kept["Bcc"] for kept in posts.box.kept] == [None]


def test_nothing_is_sent_unless_a_server_is_named(tmp_path) -> None:
    """Without a setting there is no mailer at all."""
    assert mailer(Settings(home=tmp_path)) is None


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_leaving_letter_says_how_long_the_link_opens(language) -> None:
    """What nothing was ever signed for goes afterwards: the person is told, in time."""
    made = letter("leaving", Person(PersonId("x"), "Yann Le Goff", "Yann", language, "x@exemple.fr"), LINK, "Aubépine")
    assert made
    assert f"{LASTS.days} {'jours' if language == 'fr' else 'days'}" in made.text


@pytest.mark.parametrize("kind", ["invitation", "reset", "leaving"])
@pytest.mark.parametrize(("lang", "hello"), [("fr", "Bonjour Inès,"), ("en", "Hello Inès,")])
def test_a_letter_speaks_the_persons_language(kind, lang, hello) -> None:
    """And carries the link on a line of its own."""
    made = letter(kind, replace(INES, language=lang), LINK, "Aubépine")
    assert made.text.startswith(hello)
    assert LINK in made.text.splitlines()


def test_without_an_address_there_is_no_letter() -> None:
    """The link is handed over by whoever made it."""
    assert letter("invitation", replace(INES, email=None), LINK, "Aubépine") is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_name_breaks_a_letter(name, company) -> None:
    """Braces and the like in a name are only letters."""
    made = letter("leaving", Person(PersonId("x"), name, name, "fr", "x@exemple.fr"), LINK, company)
    assert company in made.text
