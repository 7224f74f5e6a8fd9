"""Papers printed by fpdf2, laid out by ourselves: lines, pages and tags are in one place.

fpdf2 tags pictures and titles alone; here each paragraph is tagged, and what is repeated is marked as an artifact.
"""

from __future__ import annotations

import logging
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from fpdf import FPDF
from fpdf.prefs import ViewerPreferences

from media.ass import FONT_FILE
from story_bank.language import Language
from studio.documents.document import Code, Fact, Receipt, SignedText, Table
from studio.documents.square_code import runs
from studio.typography import W

# At its usual level it writes the letters of a person's name and story into the log.
logging.getLogger("fontTools").setLevel(logging.WARNING)

FONTS = Path(__file__).parent / "fonts"
SIDE, TOP, BOTTOM, GUTTER = 18.0, 13.0, 14.0, 8.0
"""Margins and the space between two columns, in millimetres."""
INK, MUTED, LINE, VOICE, WASH = (28, 26, 36), (91, 87, 99), (214, 208, 196), (196, 48, 43), (246, 242, 233)
POINT = 25.4 / 72
"""A point, in millimetres."""
BLANK = "□"
"""Stands for a character that none of the fonts has."""
_PAGE = W("Page {n} sur {{nb}}", "Page {n} of {{nb}}")
_LACKING = W("□ : un caractère que ces polices n'ont pas. Le texte exact est joint à ce fichier.",
             "□: a character that these fonts do not have. The exact text is attached to this file.")


@dataclass(frozen=True, slots=True)
class Face:
    """How letters look: font, weight, points, and millimetres from one line to the next."""

    family: str
    style: str
    points: float
    step: float
    colour: tuple[int, int, int] = INK


TITLE, LEAD, LABEL = Face("vecu", "B", 22, 8.8), Face("vecu", "", 11.5, 5.3), Face("vecu", "B", 10, 4.7)
BODY, SMALL, HEADING = Face("vecu", "", 10, 4.7), Face("vecu", "", 8, 3.7, MUTED), Face("vecu", "B", 12, 5.6)
SIGNED, FOOT = Face("signed", "", 8.5, 3.6), Face("vecu", "", 8, 3.7, MUTED)
CODE = Face("vecu", "B", 24, 10)
SQUARE = 42.0
"""Side of a square code, in millimetres."""
CELL, CELL_HEAD = Face("vecu", "", 7.6, 3.5), Face("vecu", "B", 7.6, 3.5)


class FpdfPrinter:
    """Keeps the promise of `Printer`."""

    def receipt(self, receipt: Receipt) -> bytes:
        """Return the receipt, upright, on one page where it fits."""
        sheet = _sheet("portrait", receipt)
        if receipt.code is not None:
            _coded(sheet, receipt.code)
        for fact in receipt.facts:
            sheet.fact(fact, LABEL, BODY, 44)
        if receipt.signed is not None:
            _signed(sheet, receipt.signed)
        if receipt.way_back is not None:
            sheet.gap(4)
            sheet.boxed(receipt.way_back)
        sheet.gap(3.5)
        for fact in receipt.proof:
            sheet.fact(fact, SMALL, SMALL, 44, gap=0.6)
        if sheet.lacking:
            sheet.paragraph(_LACKING.said(receipt.language), SMALL)
        return bytes(sheet.output())

    def table(self, table: Table) -> bytes:
        """Return the table, lying, its headings and numbers on every page."""
        sheet = _sheet("landscape", table)
        whole = sum(column.share for column in table.columns)
        widths = [sheet.epw * column.share / whole for column in table.columns]
        titles = tuple((column.title,) for column in table.columns)
        sheet.row(titles, widths, CELL_HEAD)
        for row in table.rows:
            if not sheet.row(row, widths, CELL):
                sheet.add_page()
                sheet.row(titles, widths, CELL_HEAD)
                sheet.row(row, widths, CELL)
        return bytes(sheet.output())


class Sheet(FPDF):
    """Pages that are written from top to bottom, every piece of them tagged."""

    def __init__(self, orientation: str, language: Language) -> None:
        super().__init__(orientation=orientation, unit="mm", format="A4")
        self.language = language
        self.lacking = False
        self.marks: Counter[int] = Counter()
        self.widths: dict[str, dict[str, float]] = {}
        self.set_margins(SIDE, TOP)
        self.set_auto_page_break(False)
        self.c_margin = 0
        self.add_font("vecu", "", FONTS / "BricolageGrotesque-Regular.ttf")
        self.add_font("vecu", "B", FONT_FILE)
        self.add_font("signed", "", FONTS / "Literata-Regular.ttf")
        self.add_font("letters", "", FONTS / "DejaVuSans-letters.ttf")
        self.set_fallback_fonts(["letters"], exact_match=False)
        self.known = {code for font in self.fonts.values() for code in font.cmap}  # type: ignore[union-attr]

    def footer(self) -> None:
        """Number the page; a reader that speaks leaves it out."""
        self.set_y(-10)
        with self.artifact():
            self.wear(FOOT)
            self.cell(0, FOOT.step, _PAGE.said(self.language).format(n=self.page_no()))

    @property
    def room(self) -> float:
        """Millimetres left on the page."""
        return float(self.h - BOTTOM - self.y)

    def wear(self, face: Face) -> None:
        """Write in that face from here on."""
        self.set_font(face.family, face.style, face.points)
        self.set_text_color(*face.colour)

    @contextmanager
    def tagged(self, kind: str) -> Iterator[None]:
        """Say what this piece of the page is: "/H1", "/H2" or "/P" (PDF 1.7, 14.8)."""
        number = self.marks[self.page]
        self.marks[self.page] += 1  # fpdf2's own count goes through every tag of the paper, for every tag
        _, parents = self.struct_builder.add_marked_content(page_number=self.page, struct_type=kind, mcid=number)
        self.pages[self.page].struct_parents = parents
        self._set_min_pdf_version("1.4")
        self._out(f"{kind} <</MCID {number}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Say that this piece is not part of what is told (PDF 1.7, 14.8.2.2)."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    def drawable(self, text: str) -> str:
        """Return the text with a box for each character that no font has."""
        whole = unicodedata.normalize("NFC", text).replace("\t", " ")
        seen = (letter for letter in whole if letter == "\n" or unicodedata.category(letter) not in {"Cc", "Cf"})
        shown = "".join(letter if ord(letter) in self.known or letter == "\n" else BLANK for letter in seen)
        self.lacking = self.lacking or BLANK in shown
        return shown

    def lines(self, text: str, face: Face, width: float) -> list[str]:
        """Return the text as lines of that width; a longer word is cut."""
        self.wear(face)
        room = width / (face.points * POINT / 1000)
        return [line for part in self.drawable(text).split("\n") for line in self._cut(part, face, room)]

    def _cut(self, text: str, face: Face, room: float) -> Iterator[str]:
        """Yield lines of that many thousandths of an em; fpdf2's own way takes a hundred times longer."""
        line, used, space = "", 0.0, self._wide(" ", face)
        for number, word in enumerate(text.split(" ")):
            wide = self._wide(word, face)
            if number and used + space + wide > room:
                yield line
                line, used = "", 0.0
            elif number:
                line, used = f"{line} ", used + space
            while wide > room and len(word) > 1:
                fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or self._wide(word[:n], face) <= room)
                yield line + word[:fits]
                word, line, used = word[fits:], "", 0.0
                wide = self._wide(word, face)
            line, used = line + word, used + wide
        yield line

    def _wide(self, text: str, face: Face) -> float:
        known = self.widths.setdefault(face.family + face.style, {})
        for letter in set(text) - known.keys():
            fonts = (self.fonts[face.family + face.style], self.fonts["letters"])
            known[letter] = next((font.cw[ord(letter)] for font in fonts  # type: ignore[index]
                                  if ord(letter) in font.cmap), 600.0)  # type: ignore[union-attr]
        return sum(known[letter] for letter in text)

    def column(self, lines: Sequence[str], face: Face, x: float, y: float, kind: str = "/P") -> None:
        """Write lines that were cut before under one another, from a place on the page."""
        self.wear(face)
        with self.tagged(kind):
            for number, line in enumerate(lines):
                self.set_xy(x, y + number * face.step)
                # fpdf2 2.8 believes a font that one line began with to hold for the next, which is not so after a
                # character of another font. A space ends each line: what is copied or spoken keeps its words apart.
                self.current_font_is_set_on_page = False
                self.cell(0, face.step, f"{line} ")

    def paragraph(self, text: str, face: Face, *, kind: str = "/P", width: float | None = None) -> None:
        """Write a paragraph at the left margin, over to the next page where it does not fit."""
        lines = self.lines(text, face, width or self.epw)
        while lines:
            fits = int(self.room / face.step + 1e-6)
            if fits < 1:
                self.add_page()
                continue
            y = self.y
            self.column(lines[:fits], face, self.l_margin, y, kind)
            self.set_xy(self.l_margin, y + len(lines[:fits]) * face.step)
            lines = lines[fits:]

    def gap(self, height: float) -> None:
        """Leave some white, or begin the next page where there is none left."""
        self.set_y(self.y + min(height, max(self.room, 0)))

    def fact(self, fact: Fact, label: Face, body: Face, indent: float, gap: float = 1.3) -> None:
        """Write a label and, beside it, what it says; never parted by the end of a page."""
        heads = self.lines(fact.label, label, indent - 3)
        lines = [cut for line in fact.lines for cut in self.lines(line, body, self.epw - indent)]
        height = max(len(heads) * label.step, len(lines) * body.step)
        if height > self.room:
            self.add_page()
        y = self.y
        self.column(heads, label, self.l_margin, y)
        self.column(lines, body, self.l_margin + indent, y)
        self.set_xy(self.l_margin, y + height + gap)

    def boxed(self, fact: Fact) -> None:
        """Write a heading and its lines on a tinted ground."""
        pad, width = 3.5, self.epw - 7.0
        heads = self.lines(fact.label, HEADING, width)
        lines = [cut for line in fact.lines for cut in self.lines(line, BODY, width)]
        height = len(heads) * HEADING.step + len(lines) * BODY.step + 2 * pad
        if height > self.room:
            self.add_page()
        y = self.y
        with self.artifact():
            self.set_fill_color(*WASH)
            self.rect(self.l_margin, y, self.epw, height, style="F")
        self.column(heads, HEADING, self.l_margin + pad, y + pad, "/H2")
        self.column(lines, BODY, self.l_margin + pad, y + pad + len(heads) * HEADING.step)
        self.set_xy(self.l_margin, y + height)

    def row(self, cells: Sequence[tuple[str, ...]], widths: Sequence[float], face: Face) -> bool:
        """Write a row under a thin line; tell whether there was room for it (a page of its own always has)."""
        cut = [[line for text in cell for line in self.lines(text, face, width - 2.5)]
               for cell, width in zip(cells, widths, strict=True)]
        height = max(len(lines) for lines in cut) * face.step + 2.4
        if height > self.room and self.y > TOP + 40:
            return False
        x, y = self.l_margin, self.y
        with self.artifact():
            self.rule(y)
        for lines, width in zip(cut, widths, strict=True):
            self.column(lines, face, x, y + 1.2)
            x += width
        self.set_xy(self.l_margin, y + height)
        return True

    def rule(self, y: float) -> None:
        """Draw a thin line across the page."""
        self.set_draw_color(*LINE)
        self.set_line_width(0.25)
        self.line(self.l_margin, y, self.w - self.r_margin, y)


def _sheet(orientation: str, paper: Receipt | Table) -> Sheet:
    """Begin a paper: what it is for machines, its head, its title and its first sentence."""
    sheet = Sheet(orientation, paper.language)
    sheet.set_lang(paper.language)
    sheet.set_title(f"{paper.title} · {paper.company}")
    sheet.set_creator("Vécu")
    sheet.set_producer("Vécu (fpdf2)")
    sheet.set_creation_date(paper.made_at.astimezone(UTC))
    sheet.viewer_preferences = ViewerPreferences(display_doc_title=True)
    sheet.add_page()
    sheet.column(["Vécu"], Face("vecu", "B", 12, 5.6, VOICE), SIDE, TOP)
    name = sheet.lines(paper.company, BODY, sheet.epw - 40)[0]
    sheet.column([name], BODY, sheet.w - SIDE - sheet.get_string_width(f"{name} "), TOP)
    with sheet.artifact():
        sheet.rule(TOP + 7)
    sheet.set_xy(SIDE, TOP + 11)
    sheet.start_section(paper.title)
    sheet.paragraph(paper.title, TITLE, kind="/H1")
    sheet.gap(1.2)
    sheet.paragraph(paper.lead, LEAD)
    sheet.gap(4)
    return sheet


def _coded(sheet: Sheet, code: Code) -> None:
    """Write a code large on a tinted ground, its squares beside it."""
    x, y, wide = sheet.l_margin + 4, sheet.y, sheet.epw - SQUARE - 12
    notes = [line for part in (code.note, code.address) for line in sheet.lines(part, BODY, wide)]
    with sheet.artifact():
        sheet.set_fill_color(*WASH)
        sheet.rect(sheet.l_margin, y, sheet.epw, SQUARE + 6, style="F")
        side = SQUARE / len(code.squares)
        sheet.set_fill_color(255, 255, 255)
        sheet.rect(sheet.w - sheet.r_margin - SQUARE - 3, y + 3, SQUARE, SQUARE, style="F")
        sheet.set_fill_color(*INK)
        for column, row, long in runs(code.squares):
            sheet.rect(sheet.w - sheet.r_margin - SQUARE - 3 + column * side, y + 3 + row * side, long * side, side,
                       style="F")
    sheet.column([code.heading], HEADING, x, y + 4, "/H2")
    sheet.column([code.text], CODE, x, y + 11)
    sheet.column(notes, BODY, x, y + 23)
    sheet.set_xy(sheet.l_margin, y + SQUARE + 11)


def _signed(sheet: Sheet, signed: SignedText) -> None:
    """Write the signed text in two columns, as high as one another, and attach its bytes."""
    sheet.gap(2.5)
    if sheet.room < 40:
        sheet.add_page()
    sheet.start_section(signed.heading)
    sheet.paragraph(signed.heading, HEADING, kind="/H2")
    sheet.gap(1.5)
    width = (sheet.epw - GUTTER) / 2
    lines = sheet.lines(signed.text.rstrip("\n"), SIGNED, width)
    while lines:
        fits = int(sheet.room / SIGNED.step + 1e-6)
        if fits < 1:
            sheet.add_page()
            continue
        height, y = min(fits, (len(lines) + 1) // 2), sheet.y
        for number in range(2):
            part, lines = lines[:height], lines[height:]
            if part:
                sheet.column(part, SIGNED, sheet.l_margin + number * (width + GUTTER), y)
        sheet.set_xy(sheet.l_margin, y + height * SIGNED.step)
    sheet.embed_file(bytes=signed.text.encode(), basename=signed.file_name, mime_type="text/plain", compress=True)
