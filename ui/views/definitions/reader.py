"""The definition document to read: styled by the theme, with its parts at the left and a search in the text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QTextEdit,
    QWidget,
)
from typing_extensions import override

from isdesk.services.definitions import Section
from ui.theme import tokens
from ui.widgets import Card, label

_LIST = 212
_ANCHOR = int(Qt.ItemDataRole.UserRole)


class _Browser(QTextBrowser):
    """Shows the document and never fetches anything."""

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> object:
        return None


class _Field(QLineEdit):
    """Enter goes to the next place, Shift+Enter to the one before, Escape leaves."""

    moved = Signal(bool)
    left = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.moved.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Reader(QWidget):
    """Parts and search at the left, the document at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hits: list[QTextCursor] = []
        self._at = -1
        self.field = _Field()
        self.field.setPlaceholderText(self.tr("定義の中を探す"))
        self.field.setAccessibleName(self.tr("定義の中を探す"))
        self.field.setToolTip(self.tr("探す(/)。Enterで次へ、Shift+Enterで前へ"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._search)
        self.field.moved.connect(self.step)
        self.found = label("", "small")
        self._part = ""
        self.parts = QListWidget()
        self.parts.setAccessibleName(self.tr("目次"))
        self.parts.currentItemChanged.connect(lambda item, _: self._go(item))
        self.parts.itemActivated.connect(self._go)
        self.parts.itemClicked.connect(self._go)
        self.browser = _Browser()
        self.browser.setAccessibleName(self.tr("定義ドキュメント"))
        self.browser.setOpenLinks(False)
        self.browser.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.browser.anchorClicked.connect(lambda url: self.browser.scrollToAnchor(url.fragment()))
        self.field.left.connect(self.browser.setFocus)
        self.browser.document().setDocumentMargin(26)
        left = Card(margins=(10, 12, 10, 10))
        left.setFixedWidth(_LIST)
        left.body.setSpacing(8)
        left.body.addWidget(self.field)
        left.body.addWidget(self.found)
        left.body.addWidget(label(self.tr("目次"), "section"))
        left.body.addWidget(self.parts, 1)
        right = Card(margins=(1, 1, 1, 1))
        right.body.addWidget(self.browser)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(left)
        line.addWidget(right, 1)
        self.dress()

    def dress(self) -> None:
        """Take the colours of the theme in force."""
        look = tokens()
        bare = f"border: none; background: {look.panel};"
        self.browser.setStyleSheet(f"QTextBrowser {{ {bare} padding: 0; border-radius: 10px; }}")
        self.parts.setStyleSheet(
            f"QListWidget {{ {bare} outline: none; }}"
            f"QListWidget::item {{ padding: 6px 8px; border-radius: 6px; color: {look.text}; }}"
            f"QListWidget::item:selected {{ background: {look.accent_weak}; color: {look.accent_text}; }}"
        )

    def show_document(self, html: str, sections: Sequence[Section]) -> None:
        """Show another document."""
        place = self.browser.verticalScrollBar().value()
        self.browser.setHtml(html)
        self.browser.verticalScrollBar().setValue(place)
        self.parts.blockSignals(True)
        self.parts.clear()
        for section in sections:
            item = QListWidgetItem(section.title)
            item.setData(_ANCHOR, section.anchor)
            self.parts.addItem(item)
        self.parts.blockSignals(False)
        self._search(self.field.text())
        if self._part:
            self.show_part(self._part)

    def show_part(self, anchor: str) -> None:
        """Go to a part of the document, now or as soon as it is there."""
        self._part = anchor
        for row in range(self.parts.count()):
            item = self.parts.item(row)
            if item.data(_ANCHOR) == anchor:
                self._part = ""
                self.parts.setCurrentItem(item)
                self._go(item)
                return

    def _go(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.browser.scrollToAnchor(str(item.data(_ANCHOR)))

    # ------------------------------------------------------------------ search

    def _search(self, text: str) -> None:
        self._hits, self._at = [], -1
        wanted = text.strip()
        if wanted:
            document: QTextDocument = self.browser.document()
            cursor = QTextCursor(document)
            while len(self._hits) < 500:
                cursor = document.find(wanted, cursor)
                if cursor.isNull():
                    break
                self._hits.append(QTextCursor(cursor))
        self._mark()
        if self._hits:
            self.step(back=False)
        else:
            self.found.setText(self.tr("見つかりません") if wanted else "")

    def step(self, back: bool = False) -> None:
        """Go to the next place where the words stand, or to the one before."""
        if not self._hits:
            return
        self._at = (self._at + (-1 if back else 1)) % len(self._hits)
        self.found.setText(self.tr("{at} / {n}件").format(at=self._at + 1, n=len(self._hits)))
        here = QTextCursor(self._hits[self._at])
        here.clearSelection()
        self.browser.setTextCursor(here)
        self.browser.ensureCursorVisible()
        self._mark()

    def _mark(self) -> None:
        look = tokens()
        marks: list[QTextEdit.ExtraSelection] = []
        for place, cursor in enumerate(self._hits):
            mark = QTextEdit.ExtraSelection()
            form = QTextCharFormat()
            form.setBackground(QColor(look.accent if place == self._at else look.warn_weak))
            form.setForeground(QColor(look.on_accent if place == self._at else look.warn))
            mark.cursor, mark.format = cursor, form
            marks.append(mark)
        self.browser.setExtraSelections(marks)
