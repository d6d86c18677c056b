"""The painted parts of the handoff tab: priority with its three axes, checklist lines, recent touches, company."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.handoff import HISTORY, SCORE
from isdesk.domain.state import Scores
from isdesk.services.views import ChecklistLine
from ui.theme import tokens
from ui.theme.icons import pixmap
from ui.theme.paint import chip, focus_ring, rounded
from ui.theme.tokens import Size
from ui.tips import plain_tip
from ui.views.call.kit import KeyButton, Text, line_text, sized, text_width
from ui.views.call.scene import Scene

_LINE, _PAIR = 24, 21
COMPUTED = frozenset({HISTORY, SCORE})
"""What nobody fills in: it is drawn from what is recorded."""
MEETING = frozenset({"meeting_at", "meeting_place", "meeting_attendees"})
_SHORT_VALUE = 8


def clear_ground(area: QScrollArea) -> None:
    """Let the panel's own colour show through a scroll area."""
    area.viewport().setAutoFillBackground(False)
    content = area.widget()
    if content is not None:
        content.setAutoFillBackground(False)


class Section(QWidget):
    """A part of the panel with a head line and a hairline below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = Text(ink="dim", size=Size.SMALL, bold=True)
        self.note = Text(ink="dim", size=Size.SMALL)
        self.top = QHBoxLayout()
        self.top.setSpacing(6)
        self.top.addWidget(self.head)
        self.top.addStretch(1)
        self.top.addWidget(self.note)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 11, 16, 12)
        self.body.setSpacing(7)
        self.body.addLayout(self.top)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens().line))


class _Bars(QWidget):
    """Three axes side by side."""

    def __init__(self) -> None:
        super().__init__()
        self._axes: tuple[tuple[str, int], ...] = ()
        self.setFixedHeight(32)

    def show_axes(self, axes: tuple[tuple[str, int], ...]) -> None:
        """Show (name, 0–100)."""
        if axes != self._axes:
            self._axes = axes
            self.setAccessibleName(" ".join(f"{name} {value}" for name, value in axes))
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        if not self._axes:
            return
        gap, count = 10, len(self._axes)
        width = (self.width() - gap * (count - 1)) / count
        for n, (name, value) in enumerate(self._axes):
            x = n * (width + gap)
            line_text(
                painter, QRect(int(x), 0, int(width), 20), f"{name} {value}", sized(self.font(), Size.BODY), look.text
            )
            track = QRectF(x, 25, width, 6)
            rounded(painter, track, look.key, 3)
            if value > 0:
                rounded(painter, QRectF(x, 25, max(width * value / 100, 6), 6), look.accent, 3)


class PriorityPart(Section):
    """The priority, its axes, and on ``?`` where each point comes from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask = KeyButton("", "?", "link")
        self._ask.setToolTip(self.tr("点数の内訳を見る"))
        self._ask.setAccessibleName(self.tr("点数の内訳を見る"))
        self.top.insertWidget(1, self._ask)
        self.note.show_text(self.tr("適合 × 意欲 × 時期"))
        self._bars = _Bars()
        self._parts = Text(ink="dim", size=Size.SMALL, wrap=True)
        self._parts.hide()
        self.body.addWidget(self._bars)
        self.body.addWidget(self._parts)
        self._scores: Scores | None = None
        self._lang = "ja"
        self._ask.clicked.connect(self.toggle)

    def show_scores(self, scores: Scores, lang: str) -> None:
        """Show the scores of a lead."""
        self._lang = lang
        if scores is self._scores:
            return
        self._scores = scores
        self.head.show_text(self.tr("優先度 {n}").format(n=scores.priority))
        self._bars.show_axes((("ICP", scores.fit), (self.tr("意欲"), scores.intent), (self.tr("時期"), scores.timing)))
        if self._parts.isVisible():
            self._explain()

    def toggle(self) -> None:
        """Unfold or fold the explanation."""
        self._parts.setVisible(not self._parts.isVisible())
        if self._parts.isVisible():
            self._explain()

    def _explain(self) -> None:
        scores = self._scores
        if scores is None:
            return
        names = {"fit": self.tr("ICP適合度"), "intent": self.tr("意欲スコア"), "timing": self.tr("時期スコア")}
        lines: list[str] = []
        for axis, name in names.items():
            parts = [p for p in scores.parts if p.axis == axis]
            lines.append(f"{name} {getattr(scores, axis)}")
            lines.extend(f"    {p.points:+d}  {p.en if self._lang == 'en' else p.ja}" for p in parts)
        self._parts.show_text("\n".join(lines))


class ChecklistButton(QAbstractButton):
    """One line of the handoff checklist: done, heard in this call, or what to ask."""

    def __init__(self) -> None:
        super().__init__()
        self.line: ChecklistLine | None = None
        self._lang, self._brief = "ja", ""
        self.setFixedHeight(_LINE)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_line(self, line: ChecklistLine, lang: str) -> None:
        """Show a line."""
        if line == self.line and lang == self._lang:
            return
        self.line, self._lang = line, lang
        name, ask = (line.en, line.ask_en) if lang == "en" else (line.ja, line.ask_ja)
        brief = self._wanted(line) if line.missing_fields or ask else ""
        hint = ask if brief == self.tr("聞いてください") and ask else brief
        state = self.tr("済み") if line.done else self.tr("不足")
        short = line.value if line.done and len(line.value) <= _SHORT_VALUE else ""
        self.setText(f"{name} {short}".strip() if line.done or not hint else f"{name} — {hint}")
        self._brief = f"{name} — {brief}" if hint and not line.done else self.text()
        self.setAccessibleName(f"{name} {state} {line.value}".strip())
        self.setToolTip(plain_tip(line.value or ask))
        self.update()

    def _wanted(self, line: ChecklistLine) -> str:
        """Return how a missing line is filled: by the program, by the rep's words, with the meeting, or by asking."""
        missing = set(line.missing_fields)
        if missing and missing <= COMPUTED:
            return self.tr("自動で入ります")
        if missing & MEETING:
            return self.tr("アポで入力")
        return self.tr("聞いてください") if line.ask_ja or line.ask_en else self.tr("書いてください")

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _LINE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        line, look, painter = self.line, tokens(), QPainter(self)
        if line is None:
            return
        box = QRectF(1, (self.height() - 14) / 2, 14, 14)
        if line.done:
            rounded(painter, box, look.good, 4)
            painter.drawPixmap(
                box.adjusted(2, 2, -2, -2).toRect(), pixmap("check", look.panel, 10, self.devicePixelRatioF())
            )
        else:
            rounded(painter, box, look.panel, 4, look.faint)
        ink = look.text if line.done else look.warn if line.required else look.dim
        room = self.rect().adjusted(23, 0, 0, 0)
        face = sized(self.font(), Size.BODY)
        fits = text_width(self.text(), face) <= room.width()
        took = line_text(painter, room, self.text() if fits else self._brief, face, ink)
        if line.fresh and line.done:
            self._paint_fresh(painter, room.left() + took + 8)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), look.accent, 6)

    def _paint_fresh(self, painter: QPainter, x: int) -> None:
        look, tiny, text = tokens(), sized(self.font(), Size.TINY), self.tr("この通話")
        width = text_width(text, tiny) + 12
        if x + width <= self.width():
            painter.setFont(tiny)
            chip(painter, QRect(x, (self.height() - 18) // 2, width, 18), text, look.key, look.dim)


class ChecklistPart(Section):
    """The checklist; a line that is activated opens where its fact is entered."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head.show_text(self.tr("引き継ぎチェック"))
        self.body.setSpacing(1)
        self.top.setContentsMargins(0, 0, 0, 5)
        self.buttons: list[ChecklistButton] = []
        self.count = 0

    def show_lines(self, lines: Sequence[ChecklistLine], lang: str) -> None:
        """Show the checklist of a lead."""
        while len(self.buttons) < len(lines):
            self._add()
        self.count = len(lines)
        for n, button in enumerate(self.buttons):
            button.setVisible(n < len(lines))
            if n < len(lines):
                button.show_line(lines[n], lang)
        missing = sum(not line.done for line in lines)
        self.note.show_text(self.tr("足りないもの {n}").format(n=missing) if missing else self.tr("そろいました"))

    def place_below(self, line: ChecklistLine, widget: QWidget) -> None:
        """Put a widget below a line."""
        for button in self.buttons:
            if button.line is not None and button.line.code == line.code:
                self.body.removeWidget(widget)
                self.body.insertWidget(self.body.indexOf(button) + 1, widget)
                return

    def _add(self) -> None:
        button = ChecklistButton()
        button.clicked.connect(lambda: self.wanted.emit(button.line))
        self.buttons.append(button)
        self.body.addWidget(button)


class PairsPart(Section):
    """Short lines of two columns: a day or a name at the left, what belongs to it at the right."""

    more = Signal()

    def __init__(self, label_width: int, *, more: str = "", wrap: bool = False) -> None:
        super().__init__()
        self._pairs: tuple[tuple[str, str], ...] = ()
        self._width = label_width
        self._lines = _Pairs(self, wrap=wrap)
        self.body.addWidget(self._lines)
        if more:
            button = KeyButton(more, kind="link")
            button.clicked.connect(self.more)
            self.note.hide()
            self.top.addWidget(button)

    def show_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show (left, right) lines."""
        self._lines.show_pairs(tuple(pairs), self._width)


class _Pairs(QWidget):
    """With ``wrap`` names at the left have the room they need, and what lacks room at the right takes a second line."""

    def __init__(self, parent: QWidget, *, wrap: bool = False) -> None:
        super().__init__(parent)
        self._pairs: tuple[tuple[str, str], ...] = ()
        self._width, self._wrap = 60, wrap
        self._rows: list[int] = []

    def show_pairs(self, pairs: tuple[tuple[str, str], ...], width: int) -> None:
        small = QFontMetrics(sized(self.font(), Size.SMALL))
        names = [small.horizontalAdvance(left) + 12 for left, _ in pairs] if self._wrap else []
        self._width = max([width, *names])
        if pairs != self._pairs:
            self._pairs = pairs
            self.setAccessibleName("。".join(f"{left} {right}" for left, right in pairs))
            self._measure()
            self.update()

    def _measure(self) -> None:
        """Take as many lines for each as it needs, two at most."""
        body, room = QFontMetrics(sized(self.font(), Size.BODY)), self.width() - self._width
        self._rows = [2 if self._wrap and body.horizontalAdvance(right) > room else 1 for _, right in self._pairs]
        self.setFixedHeight(max(sum(self._rows), 1) * _PAIR)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._measure()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        small, body = sized(self.font(), Size.SMALL), sized(self.font(), Size.BODY)
        top = 0
        for (left, right), rows in zip(self._pairs, self._rows, strict=True):
            line_text(painter, QRect(0, top, self._width - 6, _PAIR), left, small, look.dim)
            room = QRect(self._width, top, self.width() - self._width, _PAIR)
            for part in halves(right, body, room.width()) if rows > 1 else (right,):
                line_text(painter, room, part or "—", body, look.text if right else look.faint)
                room.translate(0, _PAIR)
            top += rows * _PAIR


def halves(text: str, font: QFont, width: int) -> tuple[str, str]:
    """Return a text as two lines: the first as long as fits, broken at a space where there is one."""
    metrics, words = QFontMetrics(font), text.split(" ")
    fitting = [n for n in range(1, len(words)) if metrics.horizontalAdvance(" ".join(words[:n])) <= width]
    if fitting:
        return " ".join(words[: fitting[-1]]).strip(), " ".join(words[fitting[-1] :]).strip()
    most = next((n for n in range(len(text), 0, -1) if metrics.horizontalAdvance(text[:n]) <= width), 1)
    return text[:most], text[most:]


def company_pairs(scene: Scene) -> list[tuple[str, str]]:
    """Return what stands in the company card."""
    paths = ("company.corporate_number", "current_method", "competitor", "company.website")
    return [(scene.field_name(path), scene.shown(path)) for path in paths]
