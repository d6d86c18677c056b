"""A text editor for definitions: even type, line numbers, TOML in colours, and the lines marked that are wrong."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget
from typing_extensions import override

from ui.theme import theme, tokens
from ui.theme.tokens import Size

_TABLE = re.compile(r"^\s*\[{1,2}[^\]]*\]{1,2}")
_KEY = re.compile(r'^\s*("[^"]*"|[\w.\-]+)\s*(?==)')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_VALUE = re.compile(r"(?<![\w.\-])(true|false|-?\d[\d_.:\-]*)(?![\w])")


def code_font() -> QFont:
    """Return the type of even width, with the Japanese face of the window behind it."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setFamilies([font.family(), "Noto Sans Mono CJK JP", "Noto Sans CJK JP"])
    font.setPixelSize(Size.BODY)
    return font


class TomlInk(QSyntaxHighlighter):
    """Tables stand out, keys are plain, texts and values have their colours, comments are dim."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.dress()

    def dress(self) -> None:
        """Take the colours of the scheme in force."""
        look = tokens()
        self._comment, self._text, self._value = _ink(look.dim), _ink(look.good), _ink(look.warn)
        self._table = _ink(look.accent_text, bold=True)
        self._key = _ink(look.text, bold=True)
        self.rehighlight()

    @override
    def highlightBlock(self, text: str) -> None:
        if _TABLE.match(text):
            self._mark(_TABLE, text, self._table)
        else:
            self._mark(_VALUE, text, self._value)
            self._mark(_STRING, text, self._text)
            self._mark(_KEY, text, self._key)
        comment = _comment_at(text)
        if comment >= 0:
            self.setFormat(comment, len(text) - comment, self._comment)

    def _mark(self, pattern: re.Pattern[str], text: str, ink: QTextCharFormat) -> None:
        for found in pattern.finditer(text):
            self.setFormat(found.start(), found.end() - found.start(), ink)


def _ink(color: str, *, bold: bool = False) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(color))
    if bold:
        made.setFontWeight(QFont.Weight.DemiBold)
    return made


def _comment_at(text: str) -> int:
    """Return where a comment begins in a line; -1 where none does."""
    quote = ""
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "#":
            return place
    return -1


class _Numbers(QWidget):
    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._editor.gutter(), 0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_numbers(self, event.rect())

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        cursor = self._editor.cursorForPosition(event.position().toPoint())
        self._editor.go_to(cursor.blockNumber() + 1)


class CodeEditor(QPlainTextEdit):
    """Lines are counted from 1."""

    def __init__(self) -> None:
        super().__init__()
        self._wrong: dict[int, str] = {}
        self.setFont(code_font())
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setStyleSheet("QPlainTextEdit { border: none; border-radius: 10px; padding: 4px 0; }")
        self.document().setDocumentMargin(6)
        self._numbers = _Numbers(self)
        self.ink = TomlInk(self.document())
        self.blockCountChanged.connect(lambda _: self._fit())
        self.updateRequest.connect(self._scrolled)
        self.cursorPositionChanged.connect(self._mark)
        theme.changed.connect(self._redress)
        self._fit()

    def _redress(self) -> None:
        self.ink.dress()
        self._mark()

    def gutter(self) -> int:
        """Return how wide the line numbers are."""
        digits = max(3, len(str(self.blockCount())))
        return self.fontMetrics().horizontalAdvance("9") * digits + 22

    def _fit(self) -> None:
        self.setViewportMargins(self.gutter(), 0, 0, 0)

    def _scrolled(self, rect: QRect, by: int) -> None:
        if by:
            self._numbers.scroll(0, by)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inner = self.contentsRect()
        self._numbers.setGeometry(QRect(inner.left(), inner.top(), self.gutter(), inner.height()))

    def paint_numbers(self, gutter: QWidget, rect: QRect) -> None:
        """Paint the numbers of the lines that are seen; a wrong one has a mark and its colour."""
        look, painter = tokens(), QPainter(gutter)
        painter.fillRect(rect, QColor(look.panel2))
        painter.setFont(self.font())
        high = self.fontMetrics().height()
        here = self.textCursor().blockNumber()
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        while block.isValid() and top <= rect.bottom():
            line = block.blockNumber() + 1
            wrong = line in self._wrong
            if wrong:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(look.bad))
                painter.drawEllipse(QRectF(5, top + high / 2 - 2, 6, 6))
            painter.setPen(QColor(look.bad if wrong else look.text if line - 1 == here else look.dim))
            place = QRect(0, int(top), gutter.width() - 8, high)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(line))
            top += self.blockBoundingRect(block).height()
            block = block.next()
        painter.end()

    def show_wrong(self, lines: dict[int, str]) -> None:
        """Mark the lines that are wrong; what is wrong is their tooltip in the list beside."""
        self._wrong = dict(lines)
        self._mark()
        self._numbers.update()

    def _mark(self) -> None:
        look = tokens()
        marks = []
        for line in self._wrong:
            block = self.document().findBlockByNumber(line - 1)
            if block.isValid():
                marks.append(self._line_mark(QTextCursor(block), look.bad_weak))
        if not marks or self.textCursor().blockNumber() + 1 not in self._wrong:
            marks.insert(0, self._line_mark(self.textCursor(), look.panel2))
        self.setExtraSelections(marks)
        self._numbers.update()

    def _line_mark(self, cursor: QTextCursor, ground: str) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        made.format.setBackground(QColor(ground))
        made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        cursor.clearSelection()
        made.cursor = cursor
        return made

    def go_to(self, line: int) -> None:
        """Put the cursor at the beginning of a line and show it."""
        block = self.document().findBlockByNumber(max(line - 1, 0))
        if block.isValid():
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            self.setTextCursor(cursor)
            self.centerCursor()
        self.setFocus()
