"""The handoff memo on paper: HTML to an A4 PDF or to a printer, in a Japanese type, without any outside resource."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QByteArray, QMarginsF, QSizeF, QUrl
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from typing_extensions import override

from ui.theme.fonts import families

_MARGIN_MM = 16.0
_POINTS = 10
_DPI = 300
_JAPANESE = ("Noto Sans CJK JP", "Noto Sans JP", "Yu Gothic UI", "Yu Gothic", "Meiryo", "Hiragino Sans", "IPAexGothic")


class PaperDocument(QTextDocument):
    """A document that never fetches anything: what a memo shows stands in it (SECURITY C3)."""

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> object:
        return QByteArray()


def paper_font() -> QFont:
    """Return the type of printed memos: a Japanese face where the machine has one."""
    known = set(QFontDatabase.families())
    font = QFont([name for name in _JAPANESE if name in known] or families())
    font.setPointSize(_POINTS)
    return font


def document(html: str) -> QTextDocument:
    """Return ``html`` as a document for paper: dark ink on white, whatever the theme of the window."""
    made = PaperDocument()
    made.setDefaultFont(paper_font())
    made.setDefaultStyleSheet("body { color: #1b2230; } h1 { font-size: 16pt; } h2 { font-size: 12pt; }")
    made.setHtml(html)
    return made


def write_pdf(html: str, path: Path, title: str) -> None:
    """Write ``html`` as an A4 PDF.

    Raises OSError where the file cannot be written.
    """
    with path.open("wb"):
        pass
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setCreator("isdesk")
    writer.setResolution(_DPI)
    writer.setPageLayout(_page())
    made = document(html)
    made.setPageSize(QSizeF(writer.width(), writer.height()) * 72 / _DPI)
    made.documentLayout().setPaintDevice(writer)
    made.setPageSize(QSizeF(writer.width(), writer.height()))
    keep_heads(made)
    made.print_(writer)


def keep_heads(made: QTextDocument) -> None:
    """Begin a new page before a section that would be torn by the end of one, unless it is longer than a page."""
    layout, tall = made.documentLayout(), made.pageSize().height()
    heads = [block for block in blocks(made) if _is_head(block)]
    lasts = [*(head.previous() for head in heads[1:]), made.lastBlock()]
    for head, last in zip(heads, lasts, strict=True):
        top = layout.blockBoundingRect(head).top()
        bottom = layout.blockBoundingRect(last).bottom() - 1
        if bottom - top < tall and int(top // tall) != int(bottom // tall):
            form = head.blockFormat()
            form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            QTextCursor(head).setBlockFormat(form)
            made.markContentsDirty(0, made.characterCount())  # else Qt leaves out lines between tables further below


def blocks(made: QTextDocument) -> Iterator[QTextBlock]:
    """Yield the lines of a document from top to bottom, those in tables too."""
    block = made.begin()
    while block.isValid():
        yield block
        block = block.next()


def _is_head(block: QTextBlock) -> bool:
    """Return whether a line heads a section: bold, with words, and in no table."""
    bold = block.charFormat().fontWeight() >= QFont.Weight.Bold
    return bold and bool(block.text().strip()) and QTextCursor(block).currentTable() is None


def _page() -> QPageLayout:
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
    )


def print_memo(html: str, title: str) -> bool:
    """Let the person choose a printer and print; return False where they did not."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setPageLayout(_page())
    dialog = QPrintDialog(printer)
    if not dialog.exec():
        return False
    document(html).print_(printer)
    return True
