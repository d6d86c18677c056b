"""The text of a talk script's phase in large type: Markdown as blocks, with what the lead's facts gave set off."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLine,
    QTextListFormat,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget
from typing_extensions import override

from isdesk.playbook.marking import HEAD, ITEM, Block, Piece, flat
from isdesk.services.scripts import RenderedPhase, Segments
from ui.theme import tokens
from ui.theme.paint import rounded
from ui.theme.tokens import Size, Tokens
from ui.views.call.kit import sized

_LINE_HEIGHT = 28
_TEXT_LEAST = 76
_PAD_X, _PAD_Y = 16, 12
_GAP = 10
_INDENT = 22
_LINE_BREAK = "\u2028"


class ScriptText(QTextEdit):
    """Text to be read aloud, with what variables gave set off by a round ground. As tall as it is long.

    It is put together from characters in formats, never from HTML: whatever a lead is called, it shows as it is.
    """

    link_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "bare")
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.viewport().setAutoFillBackground(False)
        self.setViewportMargins(_PAD_X, _PAD_Y, 8, _PAD_Y)
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(_INDENT)
        self.setMouseTracking(True)
        self.document().setUndoRedoEnabled(False)
        self._blocks: tuple[Block, ...] = ()
        self._marks: list[tuple[int, int]] = []
        self._tall: dict[int, int] = {}

    @property
    def segments(self) -> Segments:
        """Return what is shown."""
        return flat(self._blocks)

    def show_blocks(self, blocks: tuple[Block, ...]) -> None:
        """Show a text, unless it is the one that is shown."""
        if blocks == self._blocks:
            return
        self._blocks = blocks
        self._write()
        self.updateGeometry()

    def _write(self) -> None:
        look, face = tokens(), sized(self.font(), Size.SCRIPT)
        self.document().setDefaultFont(face)
        self._marks = []
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        for number, block in enumerate(self._blocks):
            if number:
                cursor.insertBlock()
            self._begin(cursor, block)
            for piece in block.pieces:
                start = cursor.position()
                cursor.insertText(piece.text.replace("\n", _LINE_BREAK), _format(piece, look, block))
                if piece.value:
                    self._marks.append((start, cursor.position()))
        cursor.endEditBlock()
        self._tall = {}
        self.verticalScrollBar().setValue(0)

    def _begin(self, cursor: QTextCursor, block: Block) -> None:
        lines, ink = QTextBlockFormat(), QTextCharFormat()
        lines.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        lines.setTopMargin(_GAP if block.gap else 0)
        ink.setForeground(QColor(tokens().text))
        held = cursor.currentList()
        if held is not None:
            held.remove(cursor.block())
        cursor.setBlockFormat(lines)
        cursor.setBlockCharFormat(ink)
        if block.kind == ITEM:
            item = QTextListFormat()
            item.setIndent(block.level)
            numbered = block.number > 0
            item.setStyle(QTextListFormat.Style.ListDecimal if numbered else QTextListFormat.Style.ListDisc)
            if numbered:
                item.setStart(block.number)
            cursor.createList(item)

    def wanted_height(self, width: int) -> int:
        """Return the height at which the whole text shows in ``width``."""
        if width not in self._tall:
            held = self.document().textWidth()
            self.document().setTextWidth(max(width - _PAD_X - 8, 40))
            tall = int(self.document().size().height()) + 2 * _PAD_Y + 2
            self.document().setTextWidth(held)
            self._tall[width] = max(tall, _TEXT_LEAST)
        return self._tall[width]

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, self.wanted_height(self.width() or 600))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, _TEXT_LEAST)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._blocks:
            self._write()

    @property
    def links(self) -> tuple[str, ...]:
        """Return the addresses to which the text leads, in order, each once."""
        return tuple(dict.fromkeys(p.link for one in self._blocks for p in one.pieces if p.link))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        address = self.anchorAt(event.position().toPoint())
        if address and not self.textCursor().hasSelection():
            self.link_wanted.emit(address)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = bool(self.anchorAt(event.position().toPoint()))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().accent_weak))
        for start, end in self._marks:
            for box in self._boxes(start, end):
                painter.drawRoundedRect(box, 4, 4)
        painter.end()
        super().paintEvent(event)

    def _boxes(self, start: int, end: int) -> list[QRectF]:
        """Return where a range stands, one box per line that it touches."""
        boxes: list[QRectF] = []
        block: QTextBlock = self.document().findBlock(start)
        while block.isValid() and block.position() < end:
            layout, at = block.layout(), block.position()
            place = self.document().documentLayout().blockBoundingRect(block).topLeft()
            for n in range(layout.lineCount()):
                line = layout.lineAt(n)
                first = max(start - at, line.textStart())
                last = min(end - at, line.textStart() + line.textLength())
                if first < last:
                    left, right = _x(line, first), _x(line, last)
                    middle = place.y() + line.y() + line.height() / 2
                    boxes.append(QRectF(place.x() + left - 2, middle - 11, right - left + 4, 23))
            block = block.next()
        return boxes


def _format(piece: Piece, look: Tokens, block: Block) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(look.accent_text if piece.value or piece.link else look.text))
    if piece.bold or block.kind == HEAD:
        made.setFontWeight(QFont.Weight.DemiBold)
    made.setFontItalic(piece.italic)
    if piece.link:
        made.setAnchor(True)
        made.setAnchorHref(piece.link)
        made.setFontUnderline(True)
        made.setToolTip(piece.link)
    return made


def _x(line: QTextLine, position: int) -> float:
    found: object = line.cursorToX(position)
    if isinstance(found, tuple):
        found = found[0]
    return float(found) if isinstance(found, int | float) else 0.0


class SayCard(QFrame):
    """The card around the text of a phase."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ScriptText(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def show_phase(self, phase: RenderedPhase | None, fallback: str, *, incoming: bool = False) -> None:
        """Show a phase as it is said in a call of ours or in an ``incoming`` one, or why there is none."""
        self.text.show_blocks(phase.said(incoming=incoming) if phase else (Block((Piece(fallback),)),))
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, self.text.wanted_height(max(self.width(), 200)))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, _TEXT_LEAST)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return self.text.wanted_height(width)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.text.setGeometry(self.rect())
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        rounded(QPainter(self), QRectF(self.rect()), look.panel, Size.CARD_RADIUS, look.line)
