"""A zip that a person can read: plain files, and one page that lists them and opens without a network."""

from __future__ import annotations

import errno
import json
import re
import shutil
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from prompts.consent_text import day
from story_bank.errors import NotAvailable
from story_bank.language import Language
from studio.typography import W

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
SQUEEZED = frozenset({".txt", ".json", ".csv", ".srt", ".html", ".wav"})
"""Media and PDF are squeezed already."""
_TITLE, _LEAD = W("Vos données dans Vécu", "Your data in Vécu"), W(
    "Tout ce qui est à vous, {name}, chez {company}, le {day}. Cette page s'ouvre sans réseau ; les liens mènent aux "
    "fichiers qui l'accompagnent.",
    "Everything that is yours, {name}, at {company}, on {day}. This page opens without a network; the links lead to "
    "the files beside it.")
_NONE = W("Rien ici.", "Nothing here.")
_STYLE = ("body{max-width:44rem;margin:2.5rem auto;padding:0 1.25rem;font:17px/1.5 system-ui,sans-serif;color:#1c1a24;"
          "background:#fffdf8}h1{font-size:2rem;line-height:1.1}h2{font-size:1.3rem;margin:2.2rem 0 .4rem;"
          "border-top:1px solid #d9d0c0;padding-top:1.2rem}h3{font-size:1.05rem;margin:1.2rem 0 .2rem}"
          "a{color:#263f9c;text-underline-offset:3px}ul{margin:.2rem 0;padding-left:1.2rem}li{padding:.15rem 0;"
          "overflow-wrap:anywhere}")


class _Kind(StrEnum):
    PART, ENTRY, LINK, NOTE = "part", "entry", "link", "note"


class Archive:
    """Writes files of our own names into a zip, and remembers what to say of each on its page."""

    def __init__(self, target: Path, on: date) -> None:
        self._target, self._day = target, on
        self._zip: zipfile.ZipFile
        self._told: list[tuple[_Kind, str, str]] = []

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write for the length of the `with`; `NotAvailable` when the disk is full."""
        try:
            with zipfile.ZipFile(self._target, "w", allowZip64=True) as self._zip:
                yield
        except OSError as cause:
            if cause.errno not in FULL:
                raise
            raise NotAvailable("Le disque est plein : prévenez la personne qui administre, puis recommencez.",
                               "The disk is full: tell your administrator, then try again.") from cause

    def part(self, title: str) -> None:
        """Begin a part of the page."""
        self._told.append((_Kind.PART, title, ""))

    def entry(self, title: str) -> None:
        """Begin one thing in a part."""
        self._told.append((_Kind.ENTRY, title, ""))

    def said(self, text: str) -> None:
        """Say something in a file's place."""
        self._told.append((_Kind.NOTE, text, ""))

    def folder(self, parent: str, name: str, of: str) -> str:
        """Return a name under a parent: plain letters of the name, and the end of the id it stands for."""
        return f"{parent}/{plain(name)}-{plain(of)[-8:]}"

    def text(self, name: str, text: str, label: str = "") -> None:
        """Write a text in UTF-8; with a label it is on the page."""
        self.data(name, text.encode("utf-8", "replace"), label)

    def json(self, name: str, value: Any, label: str = "") -> None:
        """Write a value as JSON; days and moments are written as ISO 8601."""
        self.text(name, json.dumps(value, ensure_ascii=False, indent=1, default=date.isoformat) + "\n", label)

    def data(self, name: str, data: bytes, label: str = "") -> None:
        """Write bytes; with a label they are on the page."""
        self._zip.writestr(self._about(name), data)
        self._tell(name, label)

    def file(self, name: str, file: Path, label: str) -> None:
        """Copy a file in, a mebibyte at a time."""
        with file.open("rb") as reading, self._zip.open(self._about(name), "w", force_zip64=True) as writing:
            shutil.copyfileobj(reading, writing, 1 << 20)
        self._tell(name, label)

    def page(self, person: str, company: str, lang: Language) -> None:
        """Write `index.html`, which lists everything that was told."""
        title = _TITLE.said(lang)
        lead = _LEAD.said(lang).format(name=person, company=company, day=day(self._day, lang))
        body = "".join(self._body(lang))
        self.text("index.html", (
            f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" '
            f'content="width=device-width, initial-scale=1"><title>{title}</title><style>{_STYLE}</style></head>\n'
            f"<body><main><h1>{title}</h1>\n<p>{escape(lead, quote=False)}</p>\n{body}</main></body></html>\n"))

    def _body(self, lang: Language) -> Iterator[str]:
        listing, bare = False, False
        for kind, text, name in [*self._told, (_Kind.PART, "", "")]:
            if kind in (_Kind.PART, _Kind.ENTRY) and listing:
                yield "</ul>\n"
                listing = False
            if kind is _Kind.PART:
                yield f"<p>{_NONE.said(lang)}</p>\n" if bare else ""
                yield f"<h2>{escape(text, quote=False)}</h2>\n" if text else ""
            elif kind is _Kind.ENTRY:
                yield f"<h3>{escape(text, quote=False)}</h3>\n"
            else:
                yield "" if listing else "<ul>\n"
                listing = True
                said = escape(text, quote=False)
                yield f'<li><a href="{quote(name)}">{said}</a></li>\n' if name else f"<li>{said}</li>\n"
            bare = kind is _Kind.PART

    def _about(self, name: str) -> zipfile.ZipInfo:
        about = zipfile.ZipInfo(name, (self._day.year, self._day.month, self._day.day, 0, 0, 0))
        squeezed = name[name.rfind("."):] in SQUEEZED
        about.compress_type = zipfile.ZIP_DEFLATED if squeezed else zipfile.ZIP_STORED
        about.external_attr = 0o600 << 16
        return about

    def _tell(self, name: str, label: str) -> None:
        if label:
            self._told.append((_Kind.LINK, label, name))


def plain(text: str) -> str:
    """Return small letters, figures and hyphens alone, at most 60: a name that is safe in any folder."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters)[:60].strip("-") or "x"
