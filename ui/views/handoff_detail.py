"""One handoff: its memo as FS gets it, what lacks, its history, and the steps that are open to whoever looks."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from isdesk.domain.handoff import allowed
from isdesk.services.context import Context
from isdesk.services.views import HandoffView
from ui.theme.tokens import Size, Space
from ui.views.call import phrases
from ui.views.call.ask_rows import AskRow, ChoiceRow, TextRow
from ui.views.call.kit import Band, Card, Elided, KeyButton, Pill, Text
from ui.views.side.timeline_words import handoff_state, handoff_step

_TONES = {"returned": "bad", "submitted": "promise", "accepted": "good"}
_ASKS = {"return": "return", "recycle": "recycle", "withdraw": "withdraw"}


class FeedbackRows(QWidget):
    """What FS reports after the meeting (DOMAIN 7): result, reason, amount, what had to be asked again."""

    def __init__(self) -> None:
        super().__init__()
        self.result = ChoiceRow(self.tr("結果"))
        self.factor = ChoiceRow(self.tr("理由・要因"), needed=False)
        self.amount = TextRow(self.tr("金額(円)"), self.tr("例: 1200000"), needed=False)
        self.reasked = TextRow(self.tr("聞き直し"), self.tr("もう一度聞いたことがあれば"), needed=False)
        self.note = TextRow(self.tr("所感"), "", needed=False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for row in (self.result, self.factor, self.amount, self.reasked, self.note):
            box.addWidget(row)
        self.result.changed.connect(self._result_chosen)
        self._reasons: dict[str, list[tuple[str, str]]] = {}

    def begin(self, ctx: Context) -> None:
        """Ask anew."""
        self.result.begin(
            [
                ("opportunity", self.tr("商談化")),
                ("won", self.tr("受注")),
                ("lost", self.tr("失注")),
                ("postponed", self.tr("延期")),
                ("no_show", self.tr("無断欠席(ノーショー)")),
                ("no_opportunity", self.tr("商談化せず")),
            ]
        )
        self._reasons = {
            kind: [(r.code, r.label.in_(ctx.lang)) for r in ctx.rules.reasons if r.kind == kind]
            for kind in ("won", "lost")
        }
        for row in (self.amount, self.reasked, self.note):
            row.edit.clear()
        self._result_chosen()

    def _result_chosen(self) -> None:
        reasons = self._reasons.get(self.result.value or "", [])
        self.factor.begin(reasons)
        self.factor.setVisible(bool(reasons))

    @property
    def yen(self) -> int | None:
        """Return the amount; None where none was given or it is no number."""
        digits = "".join(c for c in unicodedata.normalize("NFKC", self.amount.value) if c.isdecimal())
        return int(digits) if digits else None


class HandoffDetail(QWidget):
    """Shows a handoff and asks for what a step needs; decides nothing."""

    submit = Signal()
    step = Signal(str, str)
    feedback = Signal(str, object, str, str, object)
    open_call = Signal()
    copy = Signal()
    pdf = Signal()
    paper = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.memo = "", ""
        self._asking = ""
        self._title = Elided(size=Size.NAME, bold=True, stretch=False)
        self._company = Elided(ink="dim")
        self._state = Pill(tall=26)
        self._facts = Text(ink="dim", wrap=True)
        self._lacks = Text(ink="warn", wrap=True)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName(self.tr("引き継ぎメモ"))
        self._history = Text(ink="dim", wrap=True)
        self.reason = ChoiceRow(self.tr("理由"), needed=False)
        self.reason_text = QLineEdit()
        self.reason_text.setPlaceholderText(self.tr("ほかの理由(自由記入)"))
        self.rows = FeedbackRows()
        self._go = KeyButton(self.tr("決定"), "Enter", "primary")
        self._stop = KeyButton(self.tr("やめる"))
        self._ask = Card(margins=(16, 12, 16, 12))
        self.buttons: dict[str, KeyButton] = {}
        self._build()

    def _build(self) -> None:
        head = Band()
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._title)
        top.addWidget(self._company, 1, Qt.AlignmentFlag.AlignBottom)
        top.addWidget(self._state)
        keys = QHBoxLayout()
        keys.setSpacing(Space.S)
        for code, words, kind in self._words():
            button = KeyButton(words, kind=kind)
            button.clicked.connect(lambda _=False, code=code: self._pressed(code))
            self.buttons[code] = button
            if code == "call":
                keys.addStretch(1)
            keys.addWidget(button)
        box = QVBoxLayout(head)
        box.setContentsMargins(24, 14, 24, 14)
        box.setSpacing(Space.S)
        box.addLayout(top)
        box.addWidget(self._facts)
        box.addWidget(self._lacks)
        box.addLayout(keys)
        self._build_ask()
        body = QVBoxLayout()
        body.setContentsMargins(24, 16, 24, 16)
        body.setSpacing(Space.M)
        body.addWidget(self._ask)
        body.addWidget(Text(self.tr("引き継ぎメモ(FSに届く内容)"), ink="dim", size=Size.SMALL, bold=True))
        body.addWidget(self._text, 1)
        body.addWidget(self._history)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addLayout(body, 1)

    def _words(self) -> tuple[tuple[str, str, str], ...]:
        return (
            ("submit", self.tr("引き渡す"), "primary"),
            ("accept", self.tr("受理する"), "primary"),
            ("feedback", self.tr("フィードバック"), "primary"),
            ("return", self.tr("差し戻す"), "plain"),
            ("withdraw", self.tr("取り下げる"), "plain"),
            ("recycle", self.tr("リサイクル"), "plain"),
            ("call", self.tr("架電画面で開く"), "plain"),
            ("copy", self.tr("コピー"), "plain"),
            ("pdf", self.tr("PDF"), "plain"),
            ("paper", self.tr("印刷"), "plain"),
        )

    def _build_ask(self) -> None:
        self._question = Text(bold=True)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._stop)
        foot.addWidget(self._go)
        self._ask.body.setSpacing(8)
        for part in (self._question, self.reason, self.reason_text, self.rows):
            self._ask.body.addWidget(part)
        self._ask.body.addLayout(foot)
        self._ask.hide()
        self._go.clicked.connect(self.confirm)
        self._stop.clicked.connect(self.restart)
        self.reason_text.returnPressed.connect(self.confirm)
        self.reason.entered.connect(self.confirm)
        entered: tuple[AskRow, ...] = (self.rows.amount, self.rows.reasked, self.rows.note)
        for row in entered:
            row.entered.connect(self.confirm)

    def restart(self) -> None:
        """Put an open question away."""
        self._asking = ""
        self._ask.hide()

    def show_view(self, view: HandoffView, ctx: Context) -> None:
        """Show a handoff; ``ctx`` says who looks and what the codes mean."""
        self._ctx = ctx
        today = phrases.tokyo(ctx.now()).date()
        self.name = view.lead_name or view.company
        self.memo = view.memo
        self._title.show_text(self.name)
        self._company.show_text(view.company if view.company != self.name else "")
        self._state.say(handoff_state(view.state), _TONES.get(view.state, "plain"))
        reasons = {r.code: r.label.in_(ctx.lang) for r in ctx.rules.reasons}
        self._facts.show_text(" ・ ".join(self._facts_of(view, ctx)))
        lacks = self.tr("、").join(line.en if ctx.lang == "en" else line.ja for line in view.missing)
        reason = reasons.get(view.reason or "", view.reason or "")
        lines = [self.tr("差し戻し理由: {reason}").format(reason=reason)] if view.state == "returned" and reason else []
        if lacks and allowed(view.state, "submit"):
            lines.append(self.tr("足りないもの: {items}").format(items=lacks))
        self._lacks.show_text("\n".join(lines))
        self._lacks.setVisible(bool(lines))
        if self._text.toPlainText() != view.memo:
            self._text.setPlainText(view.memo)
        steps = [
            f"{phrases.moment_text(s.at, today)}  {handoff_step(s.code)} — {s.member}"
            + (f"({s.text})" if s.text else "")
            for s in view.history
        ]
        self._history.show_text("\n".join(steps))
        self._history.setVisible(bool(steps))
        self._offer(view, ctx.me.role)

    def _facts_of(self, view: HandoffView, ctx: Context) -> list[str]:
        today = phrases.tokyo(ctx.now()).date()
        parts = [self.tr("確度 {grade}").format(grade=view.grade)] if view.grade else []
        if view.fs_id:
            parts.append(self.tr("FS担当 {name}").format(name=ctx.name_of(view.fs_id)))
        if view.rep:
            parts.append(self.tr("IS担当 {name}").format(name=view.rep))
        if view.meeting_at:
            parts.append(self.tr("商談 {when}").format(when=phrases.moment_text(view.meeting_at, today)))
        if view.decide_by:
            parts.append(self.tr("判断期限 {when}").format(when=phrases.moment_text(view.decide_by, today)))
        return parts

    def _offer(self, view: HandoffView, role: str) -> None:
        fs = role in {"fs", "admin", "team_lead"}
        rep = role != "fs"
        may = {
            "submit": rep and allowed(view.state, "submit"),
            "withdraw": rep and allowed(view.state, "withdraw") and view.id is not None,
            "recycle": allowed(view.state, "recycle"),
            "accept": fs and allowed(view.state, "accept"),
            "return": fs and allowed(view.state, "return"),
            "feedback": fs and allowed(view.state, "feedback"),
            "call": rep,
        }
        for code, button in self.buttons.items():
            button.setVisible(may.get(code, True))
        self.buttons["submit"].setEnabled(not view.missing)

    def _pressed(self, code: str) -> None:
        if code in {"copy", "pdf", "paper"}:
            {"copy": self.copy, "pdf": self.pdf, "paper": self.paper}[code].emit()
        elif code == "submit":
            self.submit.emit()
        elif code == "call":
            self.open_call.emit()
        elif code == "accept":
            self.step.emit("accept", "")
        else:
            self._begin(code)

    def _begin(self, code: str) -> None:
        self._asking = code
        kinds = _ASKS.get(code, "")
        choices = [(r.code, r.label.in_(self._ctx.lang)) for r in self._ctx.rules.reasons if r.kind == kinds]
        self._question.show_text(self.buttons[code].text())
        self.reason.begin(choices)
        self.reason.setVisible(bool(choices) and code != "feedback")
        self.reason_text.clear()
        self.reason_text.setVisible(code != "feedback")
        self.rows.setVisible(code == "feedback")
        if code == "feedback":
            self.rows.begin(self._ctx)
        self._ask.show()
        if code == "feedback":
            self.rows.result.take_keyboard()
        elif choices:
            self.reason.take_keyboard()
        else:
            self.reason_text.setFocus()

    def confirm(self) -> None:
        """Take the step with what was given, or stay where something lacks."""
        code, rows = self._asking, self.rows
        if code == "feedback":
            if rows.result.value is None:
                rows.result.take_keyboard()
            elif rows.result.value == "lost" and rows.factor.value is None:
                rows.factor.take_keyboard()
            else:
                reasked = [part.strip() for part in rows.reasked.value.replace("、", ",").split(",") if part.strip()]
                self.feedback.emit(rows.result.value, rows.yen, rows.factor.value or "", rows.note.value, reasked)
            return
        reason = self.reason_text.text().strip() or self.reason.value or ""
        if code and (reason or code == "withdraw"):
            self.step.emit(code, reason)
        elif code:
            (self.reason if self.reason.isVisible() else self.reason_text).setFocus()
