"""A script drawn as it is gone through: steps as cards, branches below them with an arrow to where they lead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from isdesk.domain.script_flow import Flow
from isdesk.services.script_editing import SENDER
from isdesk.services.script_trials import reworded
from ui.theme import paint, theme, tokens
from ui.theme.tokens import Size
from ui.views.call.kit import fitted, sized, text_width
from ui.views.definitions.scripts.parts import (
    branches,
    entry,
    leads_to,
    named,
    objections,
    questions,
    steps,
    wrong_by_row,
)
from ui.views.definitions.scripts.state import WHOLE, EditState, Row

_LANE = 9
_LANES = 46
_STEP, _BRANCH, _SMALL, _HEAD = 46, 30, 28, 26
_GAP = 8
_LEFT = 12


@dataclass(frozen=True, slots=True)
class Item:
    """One row as it is painted. ``kind``: ``whole`` | ``step`` | ``branch`` | ``head`` | ``objection``."""

    row: Row
    kind: str
    title: str
    sub: str = ""
    mark: str = ""
    to: str = ""
    code: str = ""
    live: bool = True
    wrong: int = 0
    aside: bool = False
    top: int = 0
    tall: int = 0


class Outline(QWidget):
    """Arrows choose, Enter goes into the form, Delete takes a step, a branch or an objection out."""

    chosen = Signal(object)
    entered = Signal()
    deleted = Signal()

    def __init__(self, state: EditState, lang: str) -> None:
        super().__init__()
        self._state, self._lang = state, lang
        self.items: list[Item] = []
        self._flow = Flow(())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("スクリプトの流れ"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    # ------------------------------------------------------------------ what is drawn

    def fill(self) -> None:
        """Draw the part at work."""
        state, lang = self._state, self._lang
        if state.script and state.sheet is not None:
            self._flow = state.sheet.flow(state.code)
            items = self._script_items()
        else:
            self._flow = Flow(())
            sender = state.part == SENDER
            title = self.tr("送信者の表示") if sender else named(state.tree, lang)
            told = self.tr("法定の4項目") if sender else self.tr("件名と文面")
            items = [Item(WHOLE, "whole", title, told)] if state.part else []
        wrong = {row: len(found) for row, found in wrong_by_row(state).items()}
        self.items, top = [], 10
        for one in items:
            tall = {"step": _STEP, "whole": _STEP, "branch": _BRANCH, "head": _HEAD}.get(one.kind, _SMALL)
            tall += 16 if one.kind == "branch" and one.sub else 0
            self.items.append(_at(one, top, tall, wrong.get(one.row, 0)))
            top += tall + (2 if one.kind == "objection" else _GAP)
        self.setMinimumHeight(top + 6)
        self.setAccessibleDescription(self._said())
        self.update()

    def _script_items(self) -> list[Item]:
        state, lang = self._state, self._lang
        when = len(state.table("when"))
        told = self.tr("条件 {n}").format(n=when) if when else self.tr("すべてのリード")
        out = [Item(WHOLE, "whole", named(state.tree, lang), told)]
        tried = reworded(state.tree)
        for step in steps(state, lang):
            asked = len(questions(state, step.row))
            reached = step.code not in self._flow.unreached
            sub = " ".join(step.text.split()) if reached else self.tr("ここへ進む道がありません")
            marks = ["A/B"] if step.code in tried else []
            mark = " ・ ".join(marks + ([self.tr("質問 {n}").format(n=asked)] if asked else []))
            title = f"{step.number} {step.label}" if step.number else f"⤷ {step.label}"
            out.append(Item(step.row, "step", title, sub, mark, code=step.code, live=reached, aside=step.aside))
            for code, one in branches(state, step.code).items():
                never = code in self._flow.never
                sub = self.tr("進むことがありません") if never else ""
                to = leads_to(state, one)
                out.append(Item(("branch", code), "branch", named(one, lang) or code, sub, "", to, code, not never))
        out.append(Item(("head", ""), "head", self.tr("切り返し")))
        for code in objections(state):
            title = named(entry(state, "objection", code), lang) or code
            out.append(Item(("objection", code), "objection", title, code=code))
        return out

    def _said(self) -> str:
        found = next((one for one in self.items if one.row == self._state.row), None)
        if found is None:
            return ""
        wrong = self.tr("問題 {n}").format(n=found.wrong) if found.wrong else ""
        return " ・ ".join(part for part in (found.title, found.sub, found.mark, wrong) if part)

    @property
    def current(self) -> Item | None:
        """Return the row at work."""
        return next((one for one in self.items if one.row == self._state.row), None)

    # ------------------------------------------------------------------ hands

    def step(self, by: int) -> None:
        """Choose the next row, or the one before."""
        rows = [one for one in self.items if one.kind != "head"]
        at = next((n for n, one in enumerate(rows) if one.row == self._state.row), 0)
        if rows:
            self.chosen.emit(rows[max(0, min(at + by, len(rows) - 1))].row)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = next((one for one in self.items if self._box(one).contains(event.position().toPoint())), None)
        if found is not None and found.kind != "head":
            self.chosen.emit(found.row)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Home: -999, Qt.Key.Key_End: 999}.get(
            Qt.Key(event.key()), 0
        )
        if by:
            self.step(by)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right}:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.deleted.emit()
        else:
            super().keyPressEvent(event)

    @override
    def sizeHint(self) -> QSize:
        return QSize(260, self.minimumHeight())

    # ------------------------------------------------------------------ painting

    def _box(self, one: Item) -> QRect:
        indent = {"branch": 18, "objection": 0}.get(one.kind, 18 if one.aside else 0)
        right = _LANES if one.kind in {"step", "branch"} else _LEFT
        return QRect(_LEFT + indent, one.top, self.width() - _LEFT - indent - right, one.tall)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_spine(painter)
        for one in self.items:
            if one.top < event.rect().bottom() and one.top + one.tall > event.rect().top():
                self._paint_item(painter, one)
        self._paint_arrows(painter)
        painter.end()

    def _paint_spine(self, painter: QPainter) -> None:
        """Draw the way that is gone where no branch holds; a broken line where some branch always does."""
        found = {one.code: one for one in self.items if one.kind == "step"}
        live = {one.phase: one.live for one in self._flow.arrows if not one.branch}
        main = [one for one in found.values() if not one.aside]
        for before, after in pairwise(main):
            pen = QPen(QColor(tokens().faint), 1.5)
            if not live.get(before.code, True):
                pen.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(pen)
            x = _LEFT + 8
            painter.drawLine(QPointF(x, before.top + before.tall), QPointF(x, after.top))

    def _paint_item(self, painter: QPainter, one: Item) -> None:
        look, box = tokens(), self._box(one)
        here = one.row == self._state.row
        if one.kind == "head":
            paint.line_text(painter, box, one.title, sized(self.font(), Size.SMALL, bold=True), look.dim)
            return
        ground = look.accent_weak if here else look.panel2 if one.kind in {"step", "whole"} else look.panel
        line = look.accent if here else look.line if one.kind in {"step", "whole"} else None
        if one.wrong and not here:
            line = look.bad
        elif not one.live and not here:
            line = look.warn
        paint.rounded(painter, QRectF(box), ground, Size.RADIUS, line)
        if here and self.hasFocus():
            paint.focus_ring(painter, QRectF(box), look.accent, Size.RADIUS)
        room = box.adjusted(10, 0, -8, 0)
        room = self._paint_marks(painter, one, room)
        two = bool(one.sub) and one.tall > 40
        title = QRect(room.left(), box.top() + (5 if two else 0), room.width(), 18 if two else box.height())
        bold = one.kind in {"step", "whole"}
        ink = look.accent_text if here else look.warn if not one.live and one.kind == "branch" else look.text
        shown = f"⤷ {one.title}" if one.kind == "branch" else one.title
        paint.line_text(painter, title, shown, sized(self.font(), Size.BODY, bold=bold), ink)
        if two:
            below = QRect(room.left(), box.top() + 23, room.width(), 18)
            paint.line_text(
                painter, below, one.sub, sized(self.font(), Size.SMALL), look.dim if one.live else look.warn
            )

    def _paint_marks(self, painter: QPainter, one: Item, room: QRect) -> QRect:
        """Paint the chips at the right end of a row; return the room that is left."""
        look = tokens()
        font: QFont = sized(self.font(), Size.TINY)
        painter.setFont(font)
        marks = [(one.mark, "plain")] if one.mark else []
        if one.wrong:
            marks.append((f"! {one.wrong}", "bad"))
        for text, tone in reversed(marks):
            wide = text_width(text, font) + 12
            ground, ink = look.tone(tone)
            chip = QRect(room.right() - wide, one.top + (6 if one.tall > 40 else (one.tall - 18) // 2), wide, 18)
            paint.chip(painter, chip, fitted(text, font, wide), ground, ink)
            room = room.adjusted(0, 0, -wide - 6, 0)
        return room

    def _paint_arrows(self, painter: QPainter) -> None:
        """Draw an arrow from each branch to where it leads; each has a lane of its own."""
        look = tokens()
        targets = {one.code: one for one in self.items if one.kind == "step"}
        ways = [one for one in self.items if one.kind == "branch" and one.to in targets]
        lanes: list[int] = []
        for way in ways:
            target = targets[way.to]
            lane = next((n for n, end in enumerate(lanes) if end <= way.top), len(lanes))
            lanes[lane : lane + 1] = [target.top + target.tall]
            here = self._state.row in {way.row, target.row}
            ink = look.warn if not way.live else look.accent if here else look.faint
            pen = QPen(QColor(ink), 2 if here else 1.4)
            if not way.live:
                pen.setStyle(Qt.PenStyle.DashLine)
            x = min(self.width() - _LANES + 12 + _LANE * lane, self.width() - 5)
            start, end = self._box(way), self._box(target)
            y1, y2 = way.top + way.tall / 2, target.top + target.tall / 2
            path = QPainterPath(QPointF(start.right() + 2, y1))
            path.lineTo(x - 5, y1)
            path.quadTo(x, y1, x, y1 + 5)
            path.lineTo(x, y2 - 5)
            path.quadTo(x, y2, x - 5, y2)
            path.lineTo(end.right() + 7, y2)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ink))
            tip = end.right() + 2
            painter.drawPolygon(QPolygonF([QPointF(tip, y2), QPointF(tip + 7, y2 - 4), QPointF(tip + 7, y2 + 4)]))


def _at(one: Item, top: int, tall: int, wrong: int) -> Item:
    return replace(one, top=top, tall=tall, wrong=wrong)
