"""What a step of a handoff asks for: a reason of the playbook's, or what came of the meeting (DOMAIN 7)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.services.context import Context
from ui.views.call.ask_rows import AskRow, ChoiceRow, TextRow
from ui.views.call.kit import Card, KeyButton, Text
from ui.views.handoff import report
from ui.widgets.flow import FlowLayout

DECIDED = frozenset({"won", "lost"})
"""Results that always have their factor or reason (DOMAIN 4)."""
_KINDS = {"return": "return", "recycle": "recycle", "withdraw": "withdraw"}


class ManyRow(AskRow):
    """Any number of answers, each on and off by its digit, Space or a click; Return goes on."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self._codes: Sequence[str] = ()
        self._buttons: list[KeyButton] = []
        self._box = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._box.setSizePolicy(policy)
        self._flow = FlowLayout(self._box, gap=6)
        self.side.addWidget(self._box)

    def begin(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer (code, words), none of them taken."""
        self._codes = [code for code, _ in choices]
        while len(self._buttons) < len(choices):
            button = KeyButton(kind="choice")
            button.installEventFilter(self)
            button.toggled.connect(self.changed)
            self._buttons.append(button)
            self._flow.addWidget(button)
        for n, button in enumerate(self._buttons):
            button.setVisible(n < len(choices))
            button.setChecked(False)
            if n < len(choices):
                button.say(choices[n][1], str((n + 1) % 10) if n < 10 else "")

    @property
    def value(self) -> list[str]:
        """Return what is on."""
        return [code for code, button in zip(self._codes, self._buttons, strict=False) if button.isChecked()]

    def toggle(self, index: int) -> None:
        """Turn an answer on or off."""
        if 0 <= index < len(self._codes):
            self._buttons[index].toggle()
            self._buttons[index].setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def take_keyboard(self) -> None:
        if self._codes:
            self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        at = next((n for n, button in enumerate(self._buttons) if button is watched), 0)
        key = event.key()
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.toggle((key - Qt.Key.Key_0 - 1) % 10)
        elif key in {Qt.Key.Key_Right, Qt.Key.Key_Down}:
            self._buttons[(at + 1) % len(self._codes)].setFocus(Qt.FocusReason.TabFocusReason)
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Up}:
            self._buttons[(at - 1) % len(self._codes)].setFocus(Qt.FocusReason.TabFocusReason)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        else:
            return False
        return True


class FeedbackRows(QWidget):
    """What FS reports after the meeting: result, factor or reason, amount, what had to be asked again, a note."""

    def __init__(self) -> None:
        super().__init__()
        self.result = ChoiceRow(self.tr("結果"))
        self.factor = ChoiceRow(self.tr("理由・要因"), needed=False)
        self.factor_text = TextRow("", self.tr("ほかの理由・要因(自由記入)"), needed=False)
        self.factor_text.edit.setAccessibleName(self.tr("ほかの理由・要因(自由記入)"))
        self.amount = TextRow(self.tr("金額(円)"), self.tr("例: 1200000"), needed=False)
        self.reasked = ManyRow(self.tr("聞き直し"))
        self.note = TextRow(self.tr("所感"), "", needed=False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self.rows: tuple[AskRow, ...] = (
            self.result,
            self.factor,
            self.factor_text,
            self.amount,
            self.reasked,
            self.note,
        )
        for row in self.rows:
            box.addWidget(row)
        self.result.changed.connect(self._result_chosen)
        self._reasons: dict[str, list[tuple[str, str]]] = {}

    def begin(self, ctx: Context) -> None:
        """Ask anew."""
        self.result.begin([(code, report.result(code)) for code in report.RESULTS])
        self._reasons = {
            kind: [(r.code, r.label.in_(ctx.lang)) for r in ctx.rules.reasons if r.kind == kind] for kind in DECIDED
        }
        self.reasked.begin([(item.code, item.label.in_(ctx.lang)) for item in ctx.rules.checklist])
        for row in (self.factor_text, self.amount, self.note):
            row.edit.clear()
        self._result_chosen()

    def _result_chosen(self) -> None:
        reasons = self._reasons.get(self.result.value or "", [])
        self.factor.begin(reasons)
        self.factor.setVisible(bool(reasons))
        self.factor_text.setVisible(self.decided)
        self.factor.rename(self.tr("受注要因") if self.result.value == "won" else self.tr("失注理由"))

    @property
    def decided(self) -> bool:
        """Return whether the result is one that always has a reason."""
        return self.result.value in DECIDED

    @property
    def why(self) -> str:
        """Return the factor or reason: the words that were typed, else the code that was chosen."""
        return (self.factor_text.value or self.factor.value or "") if self.decided else ""

    @property
    def yen(self) -> int | None:
        """Return the amount; None where none was given or it is no number."""
        digits = "".join(c for c in unicodedata.normalize("NFKC", self.amount.value) if c.isdecimal())
        return int(digits) if digits else None


class AskCard(Card):
    """``step(code, reason)`` or ``feedback(result, amount, factor, note, reasked)`` once all that is needed is there;
    ``left`` where it was put away; ``turned(bool)`` when it begins to ask for feedback, which needs the room, and when
    that is over.
    """

    step = Signal(str, str)
    feedback = Signal(str, object, str, str, object)
    left = Signal()
    turned = Signal(bool)

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 16, 12))
        self.asking = ""
        self._question = Text(bold=True)
        self.reason = ChoiceRow(self.tr("理由"), needed=False)
        self.reason_text = QLineEdit()
        self.rows = FeedbackRows()
        self._go = KeyButton(self.tr("決定"), "Enter", "primary")
        self._stop = KeyButton(self.tr("やめる"), "Esc")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._stop)
        foot.addWidget(self._go)
        self.body.setSpacing(8)
        for part in (self._question, self.reason, self.reason_text, self.rows):
            self.body.addWidget(part)
        self.body.addLayout(foot)
        self.hide()
        self._go.clicked.connect(self.confirm)
        self._stop.clicked.connect(self.leave)
        self.reason_text.returnPressed.connect(self.confirm)
        self.reason.entered.connect(self.confirm)
        for row in self.rows.rows:
            row.entered.connect(self._onwards)

    def begin(self, code: str, title: str, ctx: Context, hint: str = "") -> None:
        """Ask what the step ``code`` needs; ``hint`` stands in the empty field."""
        self.asking = code
        feedback = code == "feedback"
        choices = [(r.code, r.label.in_(ctx.lang)) for r in ctx.rules.reasons if r.kind == _KINDS.get(code, "")]
        self._question.show_text(title)
        self.reason.begin(choices)
        self.reason.setVisible(bool(choices) and not feedback)
        self.reason_text.clear()
        self.reason_text.setPlaceholderText(hint or self.tr("ほかの理由(自由記入)"))
        self.reason_text.setAccessibleName(hint or self.tr("ほかの理由(自由記入)"))
        self.reason_text.setVisible(not feedback)
        self.rows.setVisible(feedback)
        if feedback:
            self.rows.begin(ctx)
        self.turned.emit(feedback)
        self.show()
        if feedback:
            self.rows.result.take_keyboard()
        elif choices:
            self.reason.take_keyboard()
        else:
            self.reason_text.setFocus()

    def put_away(self) -> None:
        """Ask no more."""
        self.asking = ""
        self.hide()
        self.turned.emit(False)

    def leave(self) -> None:
        """Put it away because the person wants so."""
        self.put_away()
        self.left.emit()

    def _onwards(self) -> None:
        """Return in a row goes to the next one; in the last one it confirms."""
        rows = [row for row in self.rows.rows if not row.isHidden()]
        here = next((n for n, row in enumerate(rows) if row.isAncestorOf(self.focusWidget() or row)), len(rows) - 1)
        if here + 1 < len(rows):
            rows[here + 1].take_keyboard()
        else:
            self.confirm()

    def confirm(self) -> None:
        """Take the step with what was given, or stay where something lacks."""
        if self.asking == "feedback":
            self._report()
            return
        reason = self.reason_text.text().strip() or self.reason.value or ""
        if self.asking and (reason or self.asking in {"withdraw", "submit"}):
            self.step.emit(self.asking, reason)
        elif self.asking and self.reason.isHidden():
            self.reason_text.setFocus()
        elif self.asking:
            self.reason.take_keyboard()

    def _report(self) -> None:
        rows = self.rows
        if rows.result.value is None:
            rows.result.take_keyboard()
        elif rows.decided and not rows.why:
            rows.factor.take_keyboard()
        elif rows.amount.value and rows.yen is None:
            rows.amount.take_keyboard()
        else:
            self.feedback.emit(rows.result.value, rows.yen, rows.why, rows.note.value, rows.reasked.value)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)
