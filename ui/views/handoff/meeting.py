"""The meeting in three steps side by side, 提示 → 検証 → 合意: FS writes, the rep who made the meeting reads."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.meeting import STEPS
from isdesk.services.context import Context
from isdesk.services.meetings import FS, HANDOFF, Line, Plan
from ui.theme.tokens import Size
from ui.views.call import phrases
from ui.views.call.kit import Card, Elided, Text
from ui.views.side.overview import clear_ground

_TALL = 50


class NoteEdit(QPlainTextEdit):
    """One item. ``left_off`` when the keyboard goes elsewhere, ``done`` on Ctrl+Enter, ``leave`` on Escape."""

    left_off = Signal()
    done = Signal()
    leave = Signal()

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code
        self.setTabChangesFocus(True)
        self.setMinimumHeight(_TALL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left_off.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        strong = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.leave.emit()
        elif strong and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.done.emit()
        else:
            super().keyPressEvent(event)


class NoteField(QWidget):
    """An item's name, where its text comes from, and the text itself."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.shown = ""
        self.name = Text(ink="dim", size=Size.SMALL, bold=True)
        self.origin = Elided(ink="dim", size=Size.TINY)
        self.edit = NoteEdit(code)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name)
        head.addWidget(self.origin, 1, Qt.AlignmentFlag.AlignBottom)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        box.addLayout(head)
        box.addWidget(self.edit, 1)

    @property
    def typed(self) -> str | None:
        """Return what was typed and is not saved yet; None where nothing was."""
        text = self.edit.toPlainText().strip()
        return text if text != self.shown else None

    def show_line(self, line: Line, origin: str, *, writable: bool, keep: bool) -> None:
        """Show an item; ``keep``: somebody types here, whose words stay."""
        self.name.show_text(line.label)
        self.origin.show_text(origin)
        self.edit.setAccessibleName(f"{line.label} {origin}".strip())
        self.edit.setReadOnly(not writable)
        if keep and self.typed is not None:
            self.shown = line.text
            return
        self.shown = line.text
        if self.edit.toPlainText() != line.text:
            self.edit.setPlainText(line.text)


class MeetingPlan(QScrollArea):
    """``saved(texts by code)`` whenever an item was written; ``leave`` back to the list."""

    saved = Signal(object)
    leave = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lead_id = ""
        self.fields: dict[str, NoteField] = {}
        self._before: dict[str, str] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QWidget()
        line = QHBoxLayout(body)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        self.titles: dict[str, Text] = {}
        for step in STEPS:
            card = Card(margins=(14, 10, 14, 12))
            card.body.setSpacing(6)
            self.titles[step.code] = Text(bold=True)
            card.body.addWidget(self.titles[step.code])
            for item in step.items:
                field = self.fields[item.code] = NoteField(item.code)
                card.body.addWidget(field, 1)
                field.edit.left_off.connect(self.flush)
                field.edit.done.connect(self.flush)
                field.edit.leave.connect(self._leave)
            line.addWidget(card, 1)
        self.setWidget(body)
        clear_ground(self)

    def show_plan(self, plan: Plan, ctx: Context, *, fs: bool) -> None:
        """Show the plan of a lead's meeting, to write in where somebody of FS looks."""
        same = plan.lead_id == self.lead_id
        self.lead_id = plan.lead_id
        today = phrases.tokyo(ctx.now()).date()
        for place, step in enumerate(STEPS, start=1):
            self.titles[step.code].show_text(f"{place}  {step.label.in_(ctx.lang)}")
        for line in plan.lines:
            origin = ""
            if line.source == HANDOFF:
                origin = self.tr("引き継ぎから")
            elif line.source == FS and line.at is not None:
                origin = f"{line.by} {phrases.moment_text(line.at, today)}"
            if line.earlier:
                origin += self.tr(" ・ 以前の記録 {n}").format(n=len(line.earlier))
            field = self.fields[line.code]
            field.show_line(line, origin, writable=plan.writable and fs, keep=same)
            said = [f"{phrases.moment_text(n.at, today)} {ctx.name_of(n.by)}: {n.text}" for n in line.earlier]
            field.origin.setToolTip("\n".join([origin, *said]).strip())

    def take_keyboard(self) -> None:
        """Go to the first item."""
        edit = next(iter(self.fields.values())).edit
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        edit.moveCursor(QTextCursor.MoveOperation.End)
        self.verticalScrollBar().setValue(0)

    def flush(self) -> None:
        """Hand over what was typed and is not saved yet."""
        found: dict[str, str] = {}
        for code, field in self.fields.items():
            typed = field.typed
            if typed is not None and not field.edit.isReadOnly():
                self._before[code] = field.shown
                found[code] = field.shown = typed
        if found:
            self.saved.emit((self.lead_id, found))

    def give_back(self, lead_id: str, texts: Iterable[str]) -> None:
        """Take note that these items could not be saved: what was typed stays, and is handed over again later."""
        for code in texts if lead_id == self.lead_id else ():
            self.fields[code].shown = self._before.get(code, "")

    def _leave(self) -> None:
        self.flush()
        self.leave.emit()
