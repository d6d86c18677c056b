"""The page 引き継ぎ: handoffs by what they wait for, what FS gets, the meeting, and the steps of each side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.changes import Changes
from isdesk.domain.handoff import State
from isdesk.domain.ids import LeadId
from isdesk.domain.roles import Right
from isdesk.services import handoffs, meetings
from isdesk.services.meetings import Plan
from isdesk.services.views import HandoffView, Written
from ui.pages import Page
from ui.theme import tokens
from ui.views.call import phrases
from ui.views.call.paper import print_paper, save_pdf
from ui.views.handoff import report
from ui.views.handoff.column import LIST_WIDTH, ListColumn
from ui.views.handoff.commands import COMMANDS, STEPS
from ui.views.handoff.detail import HandoffDetail
from ui.views.handoff.fs_figures import FsFigures
from ui.views.handoff.lines import FS_GROUPS, IS_GROUPS, HandoffLine, HandoffModel, line_of
from ui.widgets.empty import EmptyState

if TYPE_CHECKING:
    from ui.session import Session

_RECEIVED = tuple(state for state in State if state not in {State.DRAFT, State.ASKED})


class _Ground(QWidget):
    """The list's panel at the left, the ground of the page at the right."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        painter.fillRect(self.rect(), QColor(look.ground))
        painter.fillRect(0, 0, LIST_WIDTH, self.height(), QColor(look.panel))
        painter.fillRect(LIST_WIDTH - 1, 0, 1, self.height(), QColor(look.line))


class HandoffPage(Page):
    """List at the left, the chosen handoff at the right. FS decide, prepare and report, with their figures above; reps
    submit, withdraw, recycle.
    """

    shown = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        ctx = session.ctx
        self.fs_desk = ctx.me.role != "rep" and ctx.may(Right.DECIDE_HANDOFF)
        self._groups = FS_GROUPS if self.fs_desk else IS_GROUPS
        self._views: list[HandoffView] = []
        self._here: LeadId | None = None
        self._column = ListColumn()
        self.tabs, self.model, self.list = self._column.tabs, self._column.model, self._column.list
        self.detail, self.figures = HandoffDetail(), FsFigures(session, self)
        self.strip, self.drill = self.figures.strip, self.figures.drill
        self._empty = EmptyState("handoff", self.tr("引き継ぎはまだありません"), self._calm())
        if not self.fs_desk:
            call = self._empty.add_button(self.tr("架電へ"), "primary")
            call.clicked.connect(lambda: session.commands.run("page.call"))
        self._lay_out()
        self._connect()

    def _calm(self) -> str:
        if self.fs_desk:
            return self.tr("ISが引き渡したリードが、判断期限とともにここに届きます。")
        return self.tr("架電でアポを獲得すると、ここに下書きができます。")

    def _lay_out(self) -> None:
        right = QWidget()
        self._stack = QStackedWidget()
        self._stack.setStyleSheet("QStackedWidget { background: transparent; }")
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.detail)
        box = QVBoxLayout(right)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.strip)
        self.strip.setVisible(self.fs_desk)
        box.addWidget(self._stack, 1)
        desk = _Ground()
        line = QHBoxLayout(desk)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self._column)
        line.addWidget(right, 1)
        self._whole = QStackedWidget()
        self._whole.addWidget(desk)
        self._whole.addWidget(self.figures.records)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._whole)

    def _connect(self) -> None:
        detail, session = self.detail, self._session
        self.tabs.changed.connect(lambda _: self._show_list())
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.list.activated.connect(self._activated)
        detail.submit.connect(self._submit)
        detail.step.connect(self._step)
        detail.feedback.connect(self._feedback)
        detail.noted.connect(self._noted)
        detail.left.connect(self.list.setFocus)
        detail.open_call.connect(self._open_call)
        detail.copy.connect(self._copy)
        detail.pdf.connect(self._pdf)
        detail.paper.connect(self._print)
        self.strip.opened.connect(self.open_figure)
        self.drill.closed.connect(self.close_figure)
        self.drill.asked_lead.connect(self._found)
        session.hub.changed.connect(self._changed)
        session.hub.synced.connect(self._look_again)
        session.hub.ticked.connect(self._look_again)

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands, detail = self._session.commands, self.detail
        for command in COMMANDS:
            commands.declare(command)
        commands.bind("handoff.tab", self.next_tab, allowed=lambda: not self.drilling)
        for code in STEPS:
            commands.bind(f"handoff.{code}", partial(detail.press, code), allowed=partial(self._may, code))
        commands.bind("handoff.meeting", detail.prepare, allowed=self._reading)
        commands.bind("handoff.memo", detail.show_memo, allowed=self._reading)
        commands.bind("handoff.figures", self.strip.take_keyboard, allowed=lambda: self.fs_desk and not self.drilling)
        commands.bind("handoff.back", self.back)

    def _may(self, code: str) -> bool:
        return not self.drilling and self.detail.may(code)

    def _reading(self) -> bool:
        return not self.drilling and self.detail.isVisible() and not self.detail.ask.asking

    def next_tab(self) -> None:
        """Narrow by what comes next."""
        self.tabs.set_current((self.tabs.current() + 1) % self.tabs.count())
        self.list.setFocus()

    def back(self) -> None:
        """Go back to the list, from the records of a figure or from a question."""
        if self.drilling:
            self.close_figure()
            return
        self.detail.restart()
        self.list.setFocus()

    # ------------------------------------------------------------------ what is shown

    @override
    def arrive(self) -> None:
        self.load()
        self.list.setFocus()

    @override
    def leave(self) -> None:
        self.detail.meeting.flush()

    def load(self) -> None:
        """Read all handoffs, and the figures of FS."""
        ctx = self._session.ctx
        mine = ctx.me.id if ctx.me.role == "fs" else None
        states = _RECEIVED if ctx.me.role == "fs" else ()
        self._session.tasks.read(
            lambda: handoffs.listing(ctx, states, fs_id=mine), self._listed, owner=self, key="handoffs"
        )
        if self.fs_desk:
            self.figures.load()

    def _changed(self, changes: Changes) -> None:
        if changes.leads or changes.all_leads or changes.undo or changes.playbook:
            self._look_again()

    def _look_again(self) -> None:
        if self.isVisible():
            self.load()

    def _listed(self, views: list[HandoffView]) -> None:
        self._views = views
        counts = [sum(map(group.keeps, views)) for group in self._groups]
        said = [
            f"{group.name} {count}" if count and group.counted else group.name
            for group, count in zip(self._groups, counts, strict=True)
        ]
        current = self.tabs.current()
        if self.fs_desk and not self.tabs.count():
            current = next((place for place, count in enumerate(counts) if count), 0)
        self.tabs.set_tabs(said, current=current)
        ctx = self._session.ctx
        self.badge.emit(sum(handoffs.waits(ctx, view) for view in views))
        self._show_list()

    def _show_list(self) -> None:
        ctx = self._session.ctx
        today = phrases.tokyo(ctx.now()).date()
        keeps = self._groups[self.tabs.current()].keeps
        lines = [
            line_of(
                view,
                today,
                ctx.name_of(view.fs_id),
                report.why(view.reason or "", "return", ctx.rules, ctx.lang),
                fs=self.fs_desk,
            )
            for view in self._views
            if keeps(view)
        ]
        self.model.show_lines(lines)
        row = self.model.row_of(self._here)
        if not lines:
            self._here = None
            self._empty.say(*self._nothing())
            self._stack.setCurrentIndex(0)
        else:
            self.list.setCurrentIndex(self.model.index(max(row, 0)))
            self._read_detail()

    def _nothing(self) -> tuple[str, str]:
        if not self._views:
            return self.tr("引き継ぎはまだありません"), self._calm()
        return self.tr("ここに当てはまる引き継ぎはありません"), self.tr("T で絞り込みを切り替えられます。")

    def _chosen(self, index: QModelIndex) -> None:
        line = index.data(HandoffModel.LINE)
        if isinstance(line, HandoffLine) and line.lead_id != self._here:
            self.detail.restart()
            self._here = line.lead_id
            self._read_detail()

    def _read_detail(self) -> None:
        ctx, lead_id = self._session.ctx, self._here
        if lead_id is None:
            return
        self._session.tasks.read(
            lambda: (handoffs.view(ctx, lead_id), meetings.plan(ctx, lead_id)),
            self._show_detail,
            self._session.notices.error,
            owner=self,
            key="handoff",
        )

    def _show_detail(self, read: tuple[HandoffView, Plan]) -> None:
        view, plan = read
        if view.lead_id == self._here:
            self.detail.show_view(view, plan, self._session.ctx)
            self._stack.setCurrentIndex(1)
            self.shown.emit(view.lead_id)

    @override
    def show_lead(self, lead_id: LeadId) -> bool:
        self._here = lead_id
        self.close_figure()
        if not self.tabs.count():
            self.tabs.set_tabs([group.name for group in self._groups])
        self.tabs.set_current(len(FS_GROUPS) - 1 if self.fs_desk else 0)
        self.load()
        return True

    def _found(self, lead_id: str) -> None:
        self.show_lead(LeadId(lead_id))

    def _open_call(self) -> None:
        if self._here is not None:
            self.asked_lead.emit(self._here)

    def _activated(self, index: QModelIndex) -> None:
        """Return opens what the person works with: FS the meeting, a rep the call."""
        line = index.data(HandoffModel.LINE)
        if isinstance(line, HandoffLine) and self.fs_desk:
            self.detail.prepare()
        elif isinstance(line, HandoffLine):
            self.asked_lead.emit(line.lead_id)

    # ------------------------------------------------------------------ figures

    @property
    def drilling(self) -> bool:
        """Return whether the records behind a figure are shown."""
        return self._whole.currentIndex() == 1

    def open_figure(self, code: str) -> None:
        """Open the records behind a figure of FS."""
        self._whole.setCurrentIndex(1)
        self.figures.open(code)

    def close_figure(self) -> None:
        """Go back to the handoffs."""
        if self.drilling:
            self._whole.setCurrentIndex(0)
            self.list.setFocus()

    # ------------------------------------------------------------------ steps

    def _submit(self, reason: str) -> None:
        ctx, lead_id = self._session.ctx, self._here
        if lead_id is None:
            return

        def said(wrote: Written) -> str:
            if wrote.changes.approvals:
                return self.tr("承認を依頼しました。承認されるとFSに届きます(取り消し Ctrl+Z)")
            return self.tr("引き渡しました(取り消し Ctrl+Z)")

        self._write(lambda: handoffs.submit(ctx, lead_id, reason=reason), said)

    def _step(self, action: str, reason: str) -> None:
        ctx, lead_id = self._session.ctx, self._here
        if lead_id is None:
            return
        steps = {
            "accept": (lambda: handoffs.accept(ctx, lead_id), self.tr("受理しました(取り消し Ctrl+Z)")),
            "return": (lambda: handoffs.return_(ctx, lead_id, reason), self.tr("差し戻しました(取り消し Ctrl+Z)")),
            "recycle": (lambda: handoffs.recycle(ctx, lead_id, reason), self.tr("リサイクルしました(取り消し Ctrl+Z)")),
            "withdraw": (lambda: handoffs.withdraw(ctx, lead_id, reason), self.tr("取り下げました(取り消し Ctrl+Z)")),
        }
        op, text = steps[action]
        self._write(op, lambda _: text)

    def _feedback(self, result: str, amount: object, factor: str, note: str, reasked: Sequence[str]) -> None:
        ctx, lead_id = self._session.ctx, self._here
        if lead_id is None:
            return
        yen = amount if isinstance(amount, int) else None
        self._write(
            lambda: handoffs.feedback(
                ctx, lead_id, result, amount=yen, factor=factor or None, note=note, reasked=tuple(reasked)
            ),
            lambda _: self.tr("フィードバックを記録しました(取り消し Ctrl+Z)"),
        )

    def _noted(self, noted: tuple[str, Mapping[str, str]]) -> None:
        ctx, (lead_id, texts) = self._session.ctx, noted
        notices = self._session.notices

        def failed(error: Exception) -> None:
            self.detail.meeting.give_back(lead_id, texts)
            notices.error(error)

        self._session.tasks.write(
            lambda: meetings.write(ctx, LeadId(lead_id), texts),
            lambda _: notices.say(self.tr("商談の準備を保存しました(取り消し Ctrl+Z)")),
            failed,
            owner=self,
        )

    def _write(self, op: object, words: object) -> None:
        if not callable(op) or not callable(words):
            return
        notices = self._session.notices

        def done(wrote: Written) -> None:
            notices.say(words(wrote))
            self.detail.restart()
            self.list.setFocus()
            self.load()

        self._session.tasks.write(op, done, notices.error, owner=self)

    # ------------------------------------------------------------------ paper

    def memo_html(self, lead_id: LeadId) -> str:
        """Return the memo for paper."""
        return handoffs.memo(self._session.ctx, lead_id, "html")

    def _copy(self) -> None:
        from ui.dialler import ForgetfulClipboard

        ForgetfulClipboard(self).copy(self.detail.memo)
        self._session.notices.say(self.tr("引き継ぎメモをコピーしました。60秒後に消えます。"))

    def _pdf(self) -> None:
        if self._here is not None:
            save_pdf(self, self, self._session.tasks, self._session.notices, self._here, self.detail.name)

    def _print(self) -> None:
        if self._here is not None:
            print_paper(self, self, self._session.tasks, self._session.notices, self._here, self.detail.name)


def make(session: Session) -> Page:
    """Make the page."""
    page = HandoffPage(session)
    page.bind()
    return page
