"""One lead's sequence: its steps, what keeps the next one from being carried out, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.touch import Channel
from isdesk.services import sequences
from ui.views.sequences import words
from ui.widgets import Chip, ElidedLabel, Hairline, KeyCap, button, label
from ui.widgets.bits import clear_scroll

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.domain.sequence import Enrolment, Standing
    from ui.session import Session

LONGEST = 200
"""Letters of the reason for which a step is skipped."""


class SequencePanel(QWidget):
    """``opened(lead)`` to call it; ``changed`` after something was done; ``posted`` where a mail shall leave now;
    ``left`` where the reason to skip a step was left again;
    ``write_wanted(lead, name, template)`` to write the step's mail and hand it over to the person's mail program.
    """

    opened = Signal(str)
    changed = Signal()
    posted = Signal()
    left = Signal()
    write_wanted = Signal(str, str, str)

    def __init__(self, session: Session, *, opens: bool = True) -> None:
        super().__init__()
        self._session, self._opens = session, opens
        self.lead_id: LeadId | None = None
        self.one: Enrolment | None = None
        self.name, self.title = ElidedLabel("", "head"), ElidedLabel("", "dim")
        self.state = Chip("")
        self.why, self.what = label("", "warn", wrap=True), label("", "dim", wrap=True)
        self.send = button(self.tr("送る"), "primary", tip=self.tr("次のメールを送る(Y)"))
        self.write = button(self.tr("メールソフトで送る"), tip=self.tr("書く画面を開いて、メールソフトに渡す(W)"))
        self.take = button(self.tr("送信を引き取る"), tip=self.tr("この端末から送る(O)。翌営業日から"))
        self.skip = button(self.tr("飛ばす"), tip=self.tr("次の手順を飛ばす(K)"))
        self.stop = button(self.tr("止める"), tip=self.tr("シーケンスを止める(Delete)"))
        self.open = button(self.tr("リードを開く"), tip=self.tr("架電の画面で開く(Enter)"))
        self.reason = QLineEdit()
        self.reason.setMaxLength(LONGEST)
        self.reason.setPlaceholderText(self.tr("飛ばす理由(Enterで飛ばす)"))
        self.reason.setAccessibleName(self.tr("飛ばす理由"))
        self.reason.hide()
        self._lay_out()
        self._connect()
        self.show_nobody()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addWidget(self.state)
        box.addLayout(head)
        box.addWidget(self.title)
        box.addWidget(self.why)
        box.addWidget(self.what)
        area, self._steps = clear_scroll()
        self._steps.setContentsMargins(0, 4, 0, 4)
        self._steps.setAlignment(Qt.AlignmentFlag.AlignTop)
        box.addWidget(area, 1)
        box.addWidget(self.reason)
        box.addWidget(Hairline())
        self.parts: list[tuple[QPushButton, KeyCap]] = []
        self.keys = keys = QHBoxLayout()
        keys.setSpacing(6)
        for part, key in (
            (self.send, "Y"), (self.write, "W"), (self.skip, "K"), (self.take, "O"), (self.stop, "Del"),
            (self.open, "Enter"),
        ):  # fmt: skip
            cap = KeyCap(key)
            self.parts.append((part, cap))
            keys.addWidget(part)
            keys.addWidget(cap)
        keys.addStretch(1)
        box.addLayout(keys)

    def _connect(self) -> None:
        self.send.clicked.connect(self.confirm)
        self.write.clicked.connect(self.write_it)
        self.take.clicked.connect(self.take_over)
        self.skip.clicked.connect(self.ask_skip)
        self.stop.clicked.connect(self.end)
        self.open.clicked.connect(lambda: self.opened.emit(str(self.lead_id)) if self.lead_id else None)
        self.reason.returnPressed.connect(self.do_skip)
        self.reason.installEventFilter(self)

    # ------------------------------------------------------------------ showing

    def show_nobody(self) -> None:
        """No lead is chosen."""
        self.lead_id, self.one = None, None
        self.name.set_text("")
        self.title.set_text("")
        self.state.hide()
        self._say("", "")
        self._clear()
        for part, cap in self.parts:
            part.hide()
            cap.hide()
        self.reason.hide()

    def show_lead(self, lead_id: LeadId, name: str, company: str, one: Enrolment, why: str = "") -> None:
        """Show where a lead stands; ``why`` is the code of what keeps its step, where the step does not say it."""
        if lead_id != self.lead_id:
            self.reason.hide()
            self.reason.clear()
        self.lead_id, self.one = lead_id, one
        lang = self._session.lang
        self.name.set_text(" ・ ".join(part for part in (name, company) if part) or self.tr("氏名なし"))
        by = self._session.ctx.name_of(one.member)
        sent = self.tr("送信者 {name}").format(name=by) if by else ""
        title = one.definition.label.in_(lang)
        self.title.set_text(" ・ ".join(part for part in (title, sent) if part))
        step = one.next
        self._show_state(one, step)
        if step is not None and (why or step.state == "blocked"):
            self._say(*words.reason(why or step.why, lang, self._session.ctx.rules))
        else:
            self._say("", "")
        self._show_steps(one)
        self._show_keys(one, step)

    def _show_state(self, one: Enrolment, step: Standing | None) -> None:
        self.state.show()
        if one.state == "running" and step is not None:
            self.state.set_text(f"{step.number}/{len(one.steps)}")
            self.state.set_tone("warn" if step.state == "blocked" else "promise")
            return
        ended = one.stop is not None and one.state == "stopped"
        said = words.stop(one.stop.why, self._session.lang) if ended and one.stop is not None else self.tr("完了")
        self.state.set_text(said)
        self.state.set_tone("good" if not ended or (one.stop and one.stop.why in ("reply", "meeting")) else "plain")

    def _say(self, why: str, what: str) -> None:
        for part, text in ((self.why, why), (self.what, what)):
            part.setText(text)
            part.setVisible(bool(text))

    def _clear(self) -> None:
        while (item := self._steps.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _show_steps(self, one: Enrolment) -> None:
        self._clear()
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(2, 1)
        templates = {t.code: t.label.in_(self._session.lang) for t in self._session.ctx.rules.mail.templates}
        today, lang = self._session.ctx.calendar.day_of(self._session.now()), self._session.lang
        for row, step in enumerate(one.steps):
            text, tone = words.step_state(step, runs=one.state == "running")
            more = templates.get(step.step.template, "") or (step.step.label.in_(lang) if step.step.label else "")
            what = words.channel(step.step, lang)
            said = f"{what}: {more}" if more else what
            if step.state == "skipped":
                said = f"{said} — {step.why}"
            grid.addWidget(label(str(step.number), "dim"), row, 0)
            grid.addWidget(Chip(text, tone), row, 1, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(ElidedLabel(said, "" if step.state != "later" else "dim"), row, 2)
            waits = step.state == "later" and step.due_at < self._session.now()
            when = self.tr("前の手順のあと") if waits else words.when(step.at or step.due_at, today)
            if one.state != "running" and step.at is None:
                when = "—"
            grid.addWidget(label(when, "dim"), row, 3)
        self._steps.addWidget(holder)

    def _show_keys(self, one: Enrolment, step: Standing | None) -> None:
        runs = step is not None
        here = one.device == self._session.ctx.device_id
        other = step is not None and step.why == "sequence_other_owner"
        mail = step is not None and step.step.channel is Channel.MAIL
        due = step is not None and step.due_at <= self._session.now()
        by_hand = step is not None and (not one.definition.automatic or step.why in sequences.BY_HAND)
        shown = {
            self.send: bool(runs and mail and due and here and by_hand and not other),
            self.write: bool(mail and due and step is not None and step.why == "mail_account_missing"),
            self.take: runs and (other or not here),
            self.skip: runs,
            self.stop: runs,
            self.open: self._opens,
        }
        for part, cap in self.parts:
            part.setVisible(shown[part])
            cap.setVisible(shown[part])

    # ------------------------------------------------------------------ doing

    def confirm(self) -> None:
        """Send the next mail now."""
        self._do(self.send, sequences.confirm, self.tr("メールを送信待ちに入れました。"))

    def write_it(self) -> None:
        """Write the next mail, to be sent by the person's own mail program."""
        step = self.one.next if self.one is not None else None
        if self._may(self.write) and self.lead_id is not None and step is not None:
            self.write_wanted.emit(self.lead_id, self.name.full_text(), step.step.template)

    def take_over(self) -> None:
        """Have the mails leave from this desk from the next business day on."""
        said = self.tr("翌営業日から、この端末から送ります(取り消し Ctrl+Z)")
        self._do(self.take, lambda ctx, lead: sequences.take_over(ctx, [lead]), said)

    def end(self) -> None:
        """Take the lead out of its sequence."""
        said = self.tr("シーケンスを止めました(取り消し Ctrl+Z)")
        self._do(self.stop, lambda ctx, lead: sequences.stop(ctx, [lead]), said)

    def ask_skip(self) -> None:
        """Ask why the next step is to be skipped."""
        if self._may(self.skip):
            self.reason.show()
            self.reason.setFocus()

    def _may(self, part: QPushButton) -> bool:
        """Return whether a part may be used now; say so where it may not."""
        if part.isHidden() or self.lead_id is None:
            self._session.notices.say(self.tr("このシーケンスでは、いまその操作はできません。"))
            return False
        return True

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape leaves the reason: nothing is skipped."""
        gives_up = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and watched is self.reason
        if gives_up and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if not gives_up or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        self.reason.hide()
        self.reason.clear()
        self._session.notices.say(self.tr("飛ばすのをやめました。"))
        self.left.emit()
        return True

    def do_skip(self) -> None:
        """Skip the next step for the reason that was given."""
        reason = self.reason.text().strip()
        if not reason:
            self._session.notices.say(self.tr("飛ばす理由を書いてください(Esc でやめる)。"))
        else:
            self.reason.hide()
            self.reason.clear()
            said = self.tr("手順を飛ばしました(取り消し Ctrl+Z)")
            self._do(self.skip, lambda ctx, lead: sequences.skip(ctx, lead, reason), said)

    def _do(self, part: QPushButton, verb: Callable[..., object], said: str) -> None:
        lead_id, ctx = self.lead_id, self._session.ctx
        if not self._may(part) or lead_id is None:
            return

        def done(_: object) -> None:
            self._session.notices.say(said)
            self.changed.emit()
            if part is self.send:
                self.posted.emit()

        self._session.tasks.write(lambda: verb(ctx, lead_id), done, self._session.notices.error, owner=self)
