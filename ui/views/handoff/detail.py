"""One handoff: how it stands, its memo as FS gets it, the meeting, its history, and the steps that are open."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from isdesk.domain.handoff import allowed, may_hand_over
from isdesk.domain.roles import Right
from isdesk.services.context import Context
from isdesk.services.meetings import Plan
from isdesk.services.views import HandoffView
from ui.theme.tokens import Size, Space
from ui.views.call import phrases
from ui.views.call.kit import Band, Elided, KeyButton, Pill, Text
from ui.views.handoff import report, words
from ui.views.handoff.ask import AskCard
from ui.views.handoff.meeting import MeetingPlan
from ui.views.side.timeline_words import handoff_state, handoff_step
from ui.widgets import KeyCap
from ui.widgets.tabs import SegmentedTabs

MEMO, MEETING = range(2)


def _for_fs(ctx: Context) -> bool:
    """Return whether whoever looks decides and writes for FS in the window."""
    return ctx.alone or (ctx.me.role != "rep" and ctx.may(Right.DECIDE_HANDOFF))


class HandoffDetail(QWidget):
    """Shows a handoff and asks for what a step needs; decides nothing. ``noted((lead id, texts))`` of the meeting."""

    submit = Signal(str)
    step = Signal(str, str)
    feedback = Signal(str, object, str, str, object)
    noted = Signal(object)
    open_call = Signal()
    copy = Signal()
    pdf = Signal()
    paper = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.memo = "", ""
        self._writable = False
        self._title = Elided(size=Size.NAME, bold=True, stretch=False)
        self._company = Elided(ink="dim")
        self._state = Pill(tall=26)
        self._clock = Pill(tall=26)
        self._facts = Text(ink="dim", wrap=True)
        self._lacks = Text(ink="warn", wrap=True)
        self._report = Text(wrap=True, bold=True)
        self.tabs = SegmentedTabs([self.tr("引き継ぎメモ"), self.tr("商談の準備")], "steps")
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName(self.tr("引き継ぎメモ"))
        self.meeting = MeetingPlan()
        self._history = Text(ink="dim", size=Size.SMALL, wrap=True)
        self.ask = AskCard()
        self.rows, self.reason, self.reason_text = self.ask.rows, self.ask.reason, self.ask.reason_text
        self.buttons: dict[str, KeyButton] = {}
        self._build()
        self._connect()

    def _build(self) -> None:
        head = Band()
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._title)
        top.addWidget(self._company, 1, Qt.AlignmentFlag.AlignBottom)
        top.addWidget(self._clock)
        top.addWidget(self._state)
        keys = QHBoxLayout()
        keys.setSpacing(Space.S)
        for code, said, key, kind in self._words():
            button = KeyButton(said, key, kind)
            button.clicked.connect(lambda _=False, code=code: self.press(code))
            self.buttons[code] = button
            if code == "call":
                keys.addStretch(1)
            keys.addWidget(button)
        box = QVBoxLayout(head)
        box.setContentsMargins(24, 14, 24, 14)
        box.setSpacing(Space.S)
        box.addLayout(top)
        for part in (self._facts, self._report, self._lacks):
            box.addWidget(part)
        box.addLayout(keys)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addLayout(self._body(), 1)

    def _body(self) -> QVBoxLayout:
        self._stack = QStackedWidget()
        self._stack.setStyleSheet("QStackedWidget { background: transparent; }")
        self._stack.addWidget(self._text)
        self._stack.addWidget(self.meeting)
        turner = QWidget()
        turn = QHBoxLayout(turner)
        turn.setContentsMargins(0, 0, 0, 0)
        turn.setSpacing(Space.S)
        turn.addWidget(KeyCap("V"))
        turn.addWidget(self.tabs)
        turn.addWidget(KeyCap("M"))
        self._hint = Text(ink="dim", size=Size.SMALL)
        turn.addWidget(self._hint)
        turn.addStretch(1)
        body = QVBoxLayout()
        body.setContentsMargins(24, 12, 24, 12)
        body.setSpacing(10)
        body.addWidget(self.ask)
        body.addWidget(turner)
        body.addWidget(self._stack, 1)
        body.addWidget(self._history)
        self._gap = QWidget()
        self._gap.hide()
        body.addWidget(self._gap, 1)
        self._rest = (turner, self._stack, self._history)
        return body

    def _words(self) -> tuple[tuple[str, str, str, str], ...]:
        return (
            ("submit", self.tr("引き渡す"), "S", "primary"),
            ("accept", self.tr("受理する"), "A", "primary"),
            ("feedback", self.tr("フィードバック"), "F", "primary"),
            ("return", self.tr("差し戻す"), "R", "plain"),
            ("withdraw", self.tr("取り下げる"), "W", "plain"),
            ("recycle", self.tr("リサイクル"), "C", "plain"),
            ("call", self.tr("架電画面で開く"), "", "plain"),
            ("copy", self.tr("コピー"), "", "plain"),
            ("pdf", self.tr("PDF"), "", "plain"),
            ("paper", self.tr("印刷"), "", "plain"),
        )

    def _connect(self) -> None:
        self.tabs.changed.connect(self._turn)
        self.ask.step.connect(self._step)
        self.ask.feedback.connect(self.feedback)
        self.ask.left.connect(self.left)
        self.ask.turned.connect(self._give_room)
        self.meeting.saved.connect(self.noted)
        self.meeting.leave.connect(self.left)

    def _step(self, code: str, reason: str) -> None:
        if code == "submit":
            self.submit.emit(reason)
        else:
            self.step.emit(code, reason)

    def _turn(self, index: int) -> None:
        if index == MEMO:
            self.meeting.flush()
        self._stack.setCurrentIndex(index)
        self._hint.show_text(self._hint_for(index))

    def _hint_for(self, index: int) -> str:
        if index == MEMO:
            return ""
        if self._writable:
            return self.tr("書いた内容はその場で保存され、ISにも見えます(Esc で一覧へ)")
        return self.tr("FSが書いた商談の準備です。")

    def _give_room(self, asking: bool) -> None:
        for part in self._rest:
            part.setVisible(not asking and (part is not self._history or bool(self._history.text())))
        self._gap.setVisible(asking)

    def restart(self) -> None:
        """Put an open question away; what was typed of the meeting is safe."""
        self.meeting.flush()
        self.ask.put_away()

    # ------------------------------------------------------------------ what is shown

    def show_view(self, view: HandoffView, plan: Plan, ctx: Context) -> None:
        """Show a handoff; ``ctx`` says who looks and what the codes mean."""
        self._ctx, self._view = ctx, view
        self.name = view.lead_name or view.company
        self.memo = view.memo
        self._title.show_text(self.name)
        self._company.show_text(view.company if view.company != self.name else "")
        self._state.say(handoff_state(view.state), words.TONES.get(view.state, "plain"))
        said, tone = words.badge(view)
        self._clock.say(said if view.minutes_left is not None or view.feedback else "", tone, self._clock_tip(view))
        self._facts.show_text(" ・ ".join(self._facts_of(view, ctx)))
        told = report.report(view.told, ctx.rules, ctx.lang)
        self._report.show_text(self.tr("結果: {report}").format(report=" ・ ".join(told)) if told else "")
        self._report.setVisible(bool(told))
        lines = self._lines_of(view, ctx)
        self._lacks.show_text("\n".join(lines))
        self._lacks.setVisible(bool(lines))
        if self._text.toPlainText() != view.memo:
            self._text.setPlainText(view.memo)
        self.meeting.show_plan(plan, ctx, fs=_for_fs(ctx))
        self._writable = plan.writable and _for_fs(ctx)
        self._turn(self.tabs.current())
        noted = self.tr("商談の準備 {n}").format(n=plan.noted) if plan.noted else self.tr("商談の準備")
        self.tabs.set_text(MEETING, noted)
        steps = [self._history_line(view, n, ctx) for n in range(min(len(view.history), 6))]
        self._history.show_text("\n".join(steps))
        self._history.setVisible(bool(steps) and self.ask.asking != "feedback")
        self._offer(view, ctx)

    def _history_line(self, view: HandoffView, place: int, ctx: Context) -> str:
        one = view.history[place]
        today = phrases.tokyo(ctx.now()).date()
        told = report.report(one.told, ctx.rules, ctx.lang)
        said = told[:1] if one.told == view.told else told
        text = " ・ ".join(said) if said else one.text
        head = f"{phrases.moment_text(one.at, today)}  {handoff_step(one.code)} — {one.member}"
        return f"{head}({text})" if text else head

    def _clock_tip(self, view: HandoffView) -> str:
        if view.minutes_left is not None and view.decide_by is not None:
            today = phrases.tokyo(self._ctx.now()).date()
            return self.tr("判断期限 {when}(営業時間で数えます)").format(
                when=phrases.moment_text(view.decide_by, today)
            )
        return ""

    def _lines_of(self, view: HandoffView, ctx: Context) -> list[str]:
        reason = report.why(view.reason or "", "return", ctx.rules, ctx.lang)
        lines = [self.tr("差し戻し理由: {reason}").format(reason=reason)] if view.state == "returned" and reason else []
        lacks = self.tr("、").join(line.en if ctx.lang == "en" else line.ja for line in view.missing)
        if lacks and may_hand_over(view.state):
            lines.append(self.tr("足りないもの: {items}").format(items=lacks))
        if view.approval:
            why = self.tr("、").join(view.approval)
            lines.append(self.tr("引き渡しにはチームリーダーの承認が必要です({why})").format(why=why))
        if view.state == "asked":
            lines.append(self.tr("チームリーダーの承認を待っています。承認されるとFSに届きます。"))
        return lines

    def _facts_of(self, view: HandoffView, ctx: Context) -> list[str]:
        today = phrases.tokyo(ctx.now()).date()
        parts = [self.tr("確度 {grade}").format(grade=view.grade)] if view.grade else []
        if view.fs_id:
            parts.append(self.tr("FS担当 {name}").format(name=ctx.name_of(view.fs_id)))
        if view.rep:
            parts.append(self.tr("IS担当 {name}").format(name=view.rep))
        if view.meeting_at:
            parts.append(self.tr("商談 {when}").format(when=phrases.moment_text(view.meeting_at, today)))
        if view.meeting_place:
            parts.append(view.meeting_place)
        if view.decide_by:
            parts.append(self.tr("判断期限 {when}").format(when=phrases.moment_text(view.decide_by, today)))
        if view.feedback in {"due", "overdue"}:
            parts.append(words.feedback_by(view, today))
        return parts

    def _offer(self, view: HandoffView, ctx: Context) -> None:
        fs, rep = _for_fs(ctx), ctx.me.role != "fs"
        may = {
            "submit": rep and may_hand_over(view.state),
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
        self.buttons["submit"].say(self.tr("承認を依頼") if view.approval else self.tr("引き渡す"))
        self.buttons["feedback"].set_kind("plain" if view.feedback in {"ahead", "done"} else "primary")

    # ------------------------------------------------------------------ steps

    def may(self, code: str) -> bool:
        """Return whether a step is open to whoever looks."""
        button = self.buttons[code]
        return self.isVisible() and button.isVisible() and button.isEnabled() and not self.ask.asking

    def press(self, code: str) -> None:
        """Take a step, or ask first for what it needs."""
        signals = {"copy": self.copy, "pdf": self.pdf, "paper": self.paper, "call": self.open_call}
        if code in signals:
            signals[code].emit()
        elif code == "accept":
            self.step.emit("accept", "")
        elif code == "submit" and not self._view.approval:
            self.submit.emit("")
        else:
            hint = self.tr("承認を依頼する理由(任意)") if code == "submit" else ""
            self.ask.begin(code, self.buttons[code].text(), self._ctx, hint)

    def confirm(self) -> None:
        """Take the step with what was given, or stay where something lacks."""
        self.ask.confirm()

    def show_memo(self) -> None:
        """Bring the memo to the front."""
        self.tabs.set_current(MEMO)
        self._text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def prepare(self) -> None:
        """Bring the meeting to the front and give it the keyboard."""
        self.tabs.set_current(MEETING)
        self.meeting.take_keyboard()
