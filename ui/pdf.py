"""The handoff memo on paper: HTML to an A4 PDF or to a printer, in a Japanese type, without any outside resource."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QMarginsF, QSizeF, QUrl
from PySide6.QtGui import QFont, QFontDatabase, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from typing_extensions import override

from ui.theme.fonts import families

_MARGIN_MM = 18.0
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
    made.print_(writer)


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
