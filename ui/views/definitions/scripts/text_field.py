"""A field for Markdown with variables: they are offered by name while one types, and a wrong line is marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.playbook import VARIABLES
from ui.theme import theme, tokens
from ui.theme.tokens import Size
from ui.tips import plain_tip
from ui.views.call.kit import sized

_SHOWN = re.compile(r"\{\{.*?\}\}")
_NAMED = re.compile(r"\{\{\s*([A-Za-z_]\w*)")
_STRAY = re.compile(r"\}\}")
_LOGIC = re.compile(r"\{%.*?%\}|\{#.*?#\}")
_STRONG = re.compile(r"\*\*[^*\n]+\*\*|(?<!\*)\*[^*\s][^*\n]*\*")
_LEAD = re.compile(r"^ {0,3}(#{1,6}|[-+*]|\d{1,9}[.)])(?=\s)")
_LINK = re.compile(r"\[[^\]\n]*\]\([^)\n]*\)")
_TYPED = re.compile(r"\{\{\s*([A-Za-z_]*)$")
_ROWS = 8


class MarkdownInk(QSyntaxHighlighter):
    """Variables stand out, names that are none and braces that close nothing more so, marks are dim."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.dress()

    def dress(self) -> None:
        """Take the colours of the scheme in force."""
        look = tokens()
        self._value, self._logic, self._mark, self._strong, self._link = (QTextCharFormat() for _ in range(5))
        self._wrong = QTextCharFormat()
        self._wrong.setForeground(QColor(look.bad))
        self._wrong.setBackground(QColor(look.bad_weak))
        self._value.setForeground(QColor(look.accent_text))
        self._value.setBackground(QColor(look.accent_weak))
        self._logic.setForeground(QColor(look.warn))
        self._mark.setForeground(QColor(look.dim))
        self._strong.setFontWeight(600)
        self._link.setForeground(QColor(look.accent_text))
        self._link.setFontUnderline(True)
        self.rehighlight()

    @override
    def highlightBlock(self, text: str) -> None:
        for pattern, ink in ((_STRONG, self._strong), (_LINK, self._link), (_LOGIC, self._logic), (_LEAD, self._mark)):
            for found in pattern.finditer(text):
                self.setFormat(found.start(), found.end() - found.start(), ink)
        for found in _STRAY.finditer(text):
            self.setFormat(found.start(), 2, self._wrong)
        for found in _SHOWN.finditer(text):
            name = _NAMED.match(found.group())
            ink = self._wrong if name is not None and name.group(1) not in VARIABLES else self._value
            self.setFormat(found.start(), found.end() - found.start(), ink)


class Offer(QFrame):
    """The variables that fit what is typed: name, what it means, and what it is with the lead of the preview."""

    taken = Signal(str)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda item: self.taken.emit(item.data(Qt.ItemDataRole.UserRole)))
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 4, 4, 4)
        box.addWidget(self.list)

    def show_names(self, names: Sequence[str], examples: Mapping[str, str], lang: str, at: QPoint) -> None:
        """Offer these variables below a point of the screen."""
        look = tokens()
        self.setStyleSheet(
            f"QFrame {{ background: {look.panel}; border: 1px solid {look.accent}; border-radius: 8px; }}"
            f"QListWidget {{ border: none; background: {look.panel}; }}"
            f"QListWidget::item {{ padding: 4px 6px; color: {look.text}; border-radius: 5px; }}"
            f"QListWidget::item:selected {{ background: {look.accent_weak}; color: {look.accent_text}; }}"
        )
        self.list.clear()
        for name in names:
            meaning = VARIABLES[name][lang == "en"]
            example = examples.get(name, "")
            shown = f"{name}  —  {meaning}" + (f"  →  {example[:40]}" if example else "")
            item = QListWidgetItem(shown)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(plain_tip(f"{meaning}\n{example}".strip()))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        tall = min(len(names), _ROWS) * (self.list.sizeHintForRow(0) or 26) + 12
        screen = self.screen().availableGeometry()
        wide = min(560, screen.width() - 16)
        left = max(screen.left() + 8, min(at.x(), screen.right() - wide - 8))
        top = at.y() + 4 if at.y() + tall < screen.bottom() else at.y() - tall - 26
        self.setGeometry(QRect(left, top, wide, tall))
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        """Choose the next or the one before."""
        count = max(self.list.count(), 1)
        self.list.setCurrentRow((self.list.currentRow() + by) % count)

    @property
    def chosen(self) -> str:
        """Return the name that is chosen."""
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""


class MarkdownField(QPlainTextEdit):
    """Text as the team writes it. ``edited`` tells every change by hand; Tab leaves the field."""

    edited = Signal(str)

    def __init__(self, name: str, *, lines: int = 6, lang: str = "ja") -> None:
        super().__init__()
        self.examples: Mapping[str, str] = {}
        self._lang = lang
        self._quiet = False
        self._wrong: tuple[int, ...] = ()
        self._offer: Offer | None = None
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setFont(sized(self.font(), Size.HEAD))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.document().setDocumentMargin(6)
        self.setMinimumHeight(self.fontMetrics().lineSpacing() * lines + 24)
        self.ink = MarkdownInk(self.document())
        self.textChanged.connect(self._changed)
        self.cursorPositionChanged.connect(self._mark)
        theme.changed.connect(self._redress)

    def _redress(self) -> None:
        self.ink.dress()
        self._mark()

    def show_text(self, text: str) -> None:
        """Show a text as it is stored; only what differs is written, so that the cursor stays near the edit."""
        now = self.toPlainText()
        if text == now:
            return
        start = next((n for n, (a, b) in enumerate(zip(now, text, strict=False)) if a != b), min(len(now), len(text)))
        end = 0
        while end < min(len(now), len(text)) - start and now[-1 - end] == text[-1 - end]:
            end += 1
        self._quiet = True
        cursor = self.textCursor()
        cursor.setPosition(_units(now[:start]))
        cursor.setPosition(_units(now[: len(now) - end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text[start : len(text) - end])
        self.setTextCursor(cursor)
        self._quiet = False

    def show_wrong(self, lines: Sequence[int]) -> None:
        """Mark these lines as wrong (1 = first)."""
        self._wrong = tuple(lines)
        self._mark()

    def go_to(self, line: int) -> None:
        """Put the cursor at the end of a line and take the keyboard."""
        block = self.document().findBlockByNumber(max(line - 1, 0))
        if block.isValid():
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def wrong(self) -> tuple[int, ...]:
        """Return the lines that are marked as wrong."""
        return self._wrong

    def _mark(self) -> None:
        look, marks = tokens(), []
        for line in self._wrong:
            block = self.document().findBlockByNumber(line - 1)
            for n in range(max(block.layout().lineCount(), 1) if block.isValid() else 0):
                made = QTextEdit.ExtraSelection()
                made.format.setBackground(QColor(look.bad_weak))
                made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
                made.cursor = QTextCursor(block)
                made.cursor.setPosition(block.position() + (block.layout().lineAt(n).textStart() if n else 0))
                marks.append(made)
        self.setExtraSelections(marks)

    # ------------------------------------------------------------------ typing

    def _changed(self) -> None:
        if self._quiet:
            return
        self.edited.emit(self.toPlainText())
        if self._typed() is not None:
            self.offer()
        else:
            self.put_offer_away()

    def _typed(self) -> str | None:
        """Return what is typed of a name behind ``{{``; None where the cursor is in no such place."""
        cursor = self.textCursor()
        found = _TYPED.search(cursor.block().text()[: cursor.positionInBlock()])
        return found.group(1) if found else None

    def offer(self) -> None:
        """Offer the variables that fit at the cursor."""
        typed = (self._typed() or "").casefold()
        names = [n for n, said in VARIABLES.items() if n.startswith(typed)]
        names += [n for n, said in VARIABLES.items() if n not in names and typed and typed in n + said[1].casefold()]
        if not names:
            self.put_offer_away()
            return
        if self._offer is None:
            self._offer = Offer(self)
            self._offer.taken.connect(self.take)
        at = self.viewport().mapToGlobal(self.cursorRect().bottomLeft())
        self._offer.show_names(names, self.examples, self._lang, at)

    @property
    def offered(self) -> tuple[str, ...]:
        """Return the names on offer; none where nothing is offered."""
        if self._offer is None or not self._offer.isVisible():
            return ()
        shown = self._offer.list
        return tuple(str(shown.item(n).data(Qt.ItemDataRole.UserRole)) for n in range(shown.count()))

    def put_offer_away(self) -> None:
        """Offer nothing more."""
        if self._offer is not None:
            self._offer.hide()

    def take(self, name: str) -> None:
        """Write a variable at the cursor, in the place of what was typed of it."""
        cursor = self.textCursor()
        typed = _TYPED.search(cursor.block().text()[: cursor.positionInBlock()])
        if typed:
            cursor.movePosition(
                QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, typed.end() - typed.start()
            )
        after = self.toPlainText()[_index(self.toPlainText(), self.textCursor().position()) :]
        closing = re.match(r"\s*\}\}", after) if typed else None
        if closing:
            end = QTextCursor(self.document())
            end.setPosition(self.textCursor().position() + closing.end())
            start = min(cursor.position(), cursor.anchor())
            cursor.setPosition(start)
            cursor.setPosition(end.position(), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(f"{{{{ {name} }}}}")
        self.setTextCursor(cursor)
        self.put_offer_away()
        self.setFocus()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        offer = self._offer if self._offer is not None and self._offer.isVisible() else None
        key = event.key()
        if key == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.offer()
        elif offer is not None and key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            offer.step(1 if key == Qt.Key.Key_Down else -1)
        elif offer is not None and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}:
            self.take(offer.chosen)
        elif offer is not None and key == Qt.Key.Key_Escape:
            self.put_offer_away()
        else:
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, forward: bool, /) -> bool:
        if self._offer is not None and self._offer.isVisible():
            self.take(self._offer.chosen)
            return True
        return super().focusNextPrevChild(forward)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.put_offer_away()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wrong:
            self._mark()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._wrong:
            return
        painter = QPainter(self.viewport())
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top < self.viewport().height():
            tall = self.blockBoundingRect(block).height()
            if block.blockNumber() + 1 in self._wrong:
                painter.fillRect(QRect(0, int(top), 3, int(tall)), QColor(tokens().bad))
            top += tall
            block = block.next()
        painter.end()


def _units(text: str) -> int:
    """Return how long a text is as Qt counts, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _index(text: str, units: int) -> int:
    """Return the index in a text at a position as Qt counts."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
