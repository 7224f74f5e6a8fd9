"""Wiring: the only module that knows which vendor is behind which promise."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from media.ffmpeg_cutter import FfmpegCutter
from media.fsspec_vault import FsspecVault
from media.pyav_inspector import PyavInspector
from media.voicefilter_speakers import VoicefilterSpeakers
from media.whisper import WhisperTranscriber
from prompts.everyday_questions import everyday_questions
from story_bank.errors import BadInput, NotAvailable
from story_bank.ids import StoryId
from story_bank.language import LANGUAGES
from story_bank.sql.bank import SqlBank
from studio.access.provider import Provider
from studio.documents.document import Printer
from studio.documents.square_code import SquareCode
from studio.mail.mailer import Mailer
from studio.neighbour import Neighbourhood
from studio.settings import ServerIndex, Settings
from studio.toolbox import ConsentRules, Limits, Toolbox
from studio.writing.writer import Writer
from vectorstore.centred import CentredEmbedder
from vectorstore.e5 import E5Embedder
from vectorstore.embedder import Embedder
from vectorstore.reached_index import ReachedIndex, Turns
from vectorstore.story_index import StoryIndex

INDEX_FOLDER = "index"

log = logging.getLogger("vecu.wiring")


def transcriber(settings: Settings) -> WhisperTranscriber:
    """Return the ears, not yet loaded."""
    return WhisperTranscriber(settings.whisper.model, settings.home, settings.allow_hub)


def embedder(settings: Settings, threads: int | None = None) -> E5Embedder:
    """Return the model behind the sense of meaning, not yet loaded; it takes every core unless told how many."""
    return E5Embedder(settings.embedder.model, settings.home, settings.allow_hub, threads)


def meaning(settings: Settings, threads: int | None = None) -> CentredEmbedder:
    """Return the sense of meaning that indexing, searching and tagging share, even-handed between languages."""
    everyday = {language: everyday_questions(language) for language in LANGUAGES}
    return CentredEmbedder(embedder(settings, threads), everyday)


def cutter(scratch: Path) -> FfmpegCutter:
    """Return the cutting table."""
    return FfmpegCutter(scratch, threads=os.cpu_count() or 2)


def bank(settings: Settings) -> SqlBank:
    """Return the bank, its folder made (`NotAvailable` when the home cannot be written)."""
    make_home(settings)
    return SqlBank(settings.bank_url)


@contextmanager
def spare_bank(folder: Path) -> Iterator[SqlBank]:
    """Give an empty bank in a folder, apart from the studio's own, for reading a copy."""
    spare = SqlBank(f"sqlite:///{folder / 'spare.db'}")
    try:
        spare.migrate()
        yield spare
    finally:
        spare.close()


def make_home(settings: Settings) -> None:
    """Make the data folder, readable by its owner alone."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        (settings.home / "scratch").mkdir(exist_ok=True)
    except OSError as wrong:
        raise NotAvailable(
            f"Le dossier de données {settings.home} ne peut pas être écrit ; choisissez-en un autre (VECU_HOME).",
            f"The data folder {settings.home} cannot be written; choose another (VECU_HOME).") from wrong


def printer() -> Printer:
    """Return what prints papers."""
    from studio.documents.fpdf_document import FpdfPrinter
    return FpdfPrinter()


def square_code() -> SquareCode:
    """Return what makes a square code of a text."""
    from studio.documents.segno_code import squares_of
    return squares_of


def writer(settings: Settings) -> Writer:
    """Return the configured chat model's writer, falling back on the speaker's own words; or these alone."""
    from studio.writing.verbatim_writer import VerbatimWriter
    verbatim = VerbatimWriter()
    chosen = settings.writer
    if chosen.model is None:
        return verbatim
    from studio.writing.langchain_writer import LangchainWriter, ModelChoice, chat_model
    key = chosen.api_key.get_secret_value() if chosen.api_key else None
    choice = ModelChoice(chosen.model, chosen.base_url, key, chosen.timeout_s, chosen.max_tokens)
    return LangchainWriter(lambda: chat_model(choice), chosen.model, verbatim, chosen.timeout_s)


def mailer(settings: Settings) -> Mailer | None:
    """Return the way to the mail server, not yet asked, or None where none is named."""
    chosen = settings.mail
    if chosen.host is None:
        return None
    from studio.mail.smtp_mailer import MailServer, SmtpMailer
    password = chosen.password.get_secret_value() if chosen.password else None
    return SmtpMailer(MailServer(chosen.host, chosen.port, chosen.security, chosen.sender, chosen.user, password))


def provider(settings: Settings) -> Provider | None:
    """Return the company's sign-in, not yet asked, or None where there are local accounts alone."""
    chosen = settings.oidc
    if chosen.issuer is None:
        return None
    if not chosen.client_id:
        raise BadInput("Donnez l'identifiant de ce studio chez le fournisseur (VECU_OIDC__CLIENT_ID).",
                       "Give this studio's client id at the provider (VECU_OIDC__CLIENT_ID).")
    from studio.access.authlib_provider import AuthlibProvider, ProviderPlace
    secret = chosen.client_secret.get_secret_value() if chosen.client_secret else None
    place = ProviderPlace(chosen.issuer, chosen.client_id, secret, chosen.groups_claim)
    return AuthlibProvider(place, chosen.label)


def index(settings: Settings, sense: Embedder, *, may_own: bool) -> StoryIndex:
    """Return the index of meaning, connected when first needed.

    A server answers if one runs; else, where `may_own`, this process takes the owner's lock and opens the folder, which
    is emptied first when it is damaged.
    """
    from vectorstore.chroma import ChromaIndex
    from vectorstore.chroma_folder import FolderIndex, mended, write_anew
    folder, neighbours = settings.home / INDEX_FOLDER, Neighbourhood(settings.home)

    def connect() -> StoryIndex:
        if isinstance(settings.index, ServerIndex):
            return ChromaIndex.over_http(settings.index.host, settings.index.port, sense.name)
        place = neighbours.index_place()
        if place is not None:
            return ChromaIndex.over_http(*place, sense.name)
        if may_own:
            if mended(folder):
                log.warning("the index was damaged and is empty now; `vecu reindex`, or the studio, makes it again")
            return FolderIndex(folder, sense.name)
        raise NotAvailable("La bibliothèque se réveille ; réessayez dans quelques secondes.",
                           "The library is waking up; try again in a few seconds.")

    def forget(story_ids: Collection[StoryId]) -> None:
        if may_own and neighbours.index_place() is None:
            write_anew(folder, story_ids)
        else:
            neighbours.ask_to_renew(story_ids)
    if isinstance(settings.index, ServerIndex):
        return ReachedIndex(connect, Turns(neighbours.to_write, neighbours.to_renew))
    return ReachedIndex(connect, Turns(neighbours.to_write), forget)


def empty_index(settings: Settings) -> None:
    """Empty the index of this home, which jobs then make again; a server elsewhere is swept by the worker."""
    from vectorstore.chroma_folder import reset
    if not isinstance(settings.index, ServerIndex):
        reset(settings.home / INDEX_FOLDER)


def toolbox(settings: Settings, *, may_own_index: bool, threads: int | None = None) -> Toolbox:
    """Return every promise wired, nothing heavy loaded yet; the database is migrated.

    `threads` bounds what understanding a question may take of the machine, which serves pages meanwhile.
    """
    kept = bank(settings)
    kept.migrate()
    sense = meaning(settings, threads)
    scratch = settings.home / "scratch"
    return Toolbox(
        bank=kept, vault=FsspecVault(settings.vault_place), inspector=PyavInspector(),
        transcriber=transcriber(settings), speakers=VoicefilterSpeakers(), cutter=cutter(scratch), embedder=sense,
        index=index(settings, sense, may_own=may_own_index), writer=writer(settings),
        limits=Limits(settings.limits.minutes * 60, settings.limits.upload_mib << 20), scratch=scratch,
        consent=ConsentRules(settings.consent.max_months, timedelta(days=settings.consent.ask_before_days),
                             timedelta(days=settings.consent.unclaimed_days)), ledger=settings.ledger_file,
        mailer=mailer(settings), address=settings.address.rstrip("/"))
