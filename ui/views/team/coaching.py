"""Talk evaluation (通話評価): calls worth a review, calls evaluated, and one in full with the rubric beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.clock import TOKYO
from isdesk.domain import coaching as rules
from isdesk.domain.changes import Changes
from isdesk.domain.ids import MemberId
from isdesk.services import coaching
from isdesk.services.coaching import Board, Call, Dossier, News
from ui import team_words
from ui.models.records import Cell, Column, RecordModel
from ui.views.call.call_timer import clock_text
from ui.views.figures.words import percent
from ui.views.team.call_record import CallRecord
from ui.views.team.rubric import RubricForm
from ui.views.team.said import Said
from ui.widgets import Card, EmptyState, Hairline, KeyCap, SegmentedTabs, button, clear_scroll, label
from ui.widgets.table import ClearStack, DataTable

if TYPE_CHECKING:
    from ui.session import Session

PERIODS = (7, 30, 90)
"""The last days to choose from."""


class Coaching(QWidget):
    """``counted(n)``: so much was said to the person at this desk that was not seen; ``opened(lead id)``."""

    counted = Signal(int)
    opened = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._known = False
        self._board: Board | None = None
        self._news: dict[str, list[str]] = {}
        self._call: Call | None = None
        self.dossier: Dossier | None = None
        self.tabs = SegmentedTabs([self.tr("見直し候補"), self.tr("評価済み"), self.tr("最近の通話")])
        self.tabs.setFixedWidth(360)
        self.reps, self.days = QComboBox(), QComboBox()
        self.sum = label("", "dim")
        self.model: RecordModel[Call] = RecordModel(self._candidate_columns(), self)
        self.table = DataTable(self.tr("通話"))
        self.table.setModel(self.model)
        self.empty = EmptyState("check", "")
        self.record, self.said = CallRecord(session), Said(session)
        self.form = self._made_form()
        self.save = button(self.tr("評価を保存"), "primary", tip=self.tr("評価を保存(Ctrl+Enter)"))
        self.back = button(self.tr("← 戻る"), "quiet", tip=self.tr("一覧に戻る(Esc)"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._list())
        self._stack.addWidget(self._detail())
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 0, 24, 16)
        box.addWidget(self._stack)
        self._fill()
        self._connect()
        self._dress()

    # ------------------------------------------------------------------ parts

    def _fill(self) -> None:
        self._offer_reps()
        self.reps.setAccessibleName(self.tr("担当"))
        for days in PERIODS:
            self.days.addItem(self.tr("直近{n}日").format(n=days), days)
        self.days.setCurrentIndex(PERIODS.index(coaching.DAYS))
        self.days.setAccessibleName(self.tr("期間"))

    def _offer_reps(self) -> None:
        """Offer everybody who calls; who was chosen stays chosen as long as they are in the team."""
        wanted = sorted(
            (one.name, one.id)
            for one in self._session.ctx.members.values()
            if one.active and one.role in {"rep", "team_lead"}
        )
        if [self.reps.itemData(place) for place in range(self.reps.count())] == [None, *(key for _, key in wanted)]:
            return
        chosen = self.reps.currentData()
        self.reps.blockSignals(True)
        self.reps.clear()
        self.reps.addItem(team_words.everybody(), None)
        for name, key in wanted:
            self.reps.addItem(name, key)
        self.reps.setCurrentIndex(max(self.reps.findData(chosen), 0))
        self.reps.blockSignals(False)

    def _list(self) -> QWidget:
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        line = QHBoxLayout()
        line.setSpacing(8)
        self._key = KeyCap("E")
        for part in (self.tabs, self._key, self.reps, self.days):
            line.addWidget(part)
        line.addSpacing(8)
        line.addWidget(self.sum, 1)
        line.addWidget(label(self.tr("Enterで開く"), "small"))
        box.addLayout(line)
        card = Card(margins=(1, 1, 1, 1))
        self._rows = ClearStack()
        self._rows.addWidget(self.table)
        self._rows.addWidget(self.empty)
        card.body.addWidget(self._rows)
        box.addWidget(card, 1)
        return made

    def _detail(self) -> QWidget:
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        line = QHBoxLayout()
        line.addWidget(self.back)
        line.addStretch(1)
        self._hint = label("", "small")
        line.addWidget(self._hint)
        box.addLayout(line)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(self.record, 5)
        columns.addWidget(self._judging(), 4)
        box.addLayout(columns, 1)
        return made

    def _judging(self) -> Card:
        card = Card(margins=(0, 0, 0, 0))
        area, body = clear_scroll()
        body.setContentsMargins(16, 14, 16, 14)
        body.setSpacing(10)
        self._form_slot = QVBoxLayout()
        self._form_slot.addWidget(self.form)
        body.addLayout(self._form_slot)
        body.addWidget(self.said)
        body.addStretch(1)
        self._area = area
        card.body.setSpacing(0)
        card.body.addWidget(area, 1)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(0)
        foot.addWidget(Hairline())
        line = QHBoxLayout()
        line.setContentsMargins(16, 10, 16, 10)
        line.addWidget(label(self.tr("数字キーで点、↑↓で項目"), "small"))
        line.addStretch(1)
        line.addWidget(KeyCap("Ctrl Enter"))
        line.addWidget(self.save)
        foot.addLayout(line)
        card.body.addWidget(self._foot)
        return card

    def _connect(self) -> None:
        self.tabs.changed.connect(lambda _: self._show_list())
        self.reps.currentIndexChanged.connect(lambda _: self.load())
        self.days.currentIndexChanged.connect(lambda _: self.load())
        self.table.opened.connect(self._open_row)
        self.back.clicked.connect(self.close_call)
        self.save.clicked.connect(self.keep)
        self.said.left.connect(self.close_call)
        self.said.wanted.connect(self.answer)
        self.record.opened.connect(self.opened)
        self._session.hub.changed.connect(self._changed)
        self._session.hub.synced.connect(self.load)

    def _candidate_columns(self) -> list[Column[Call]]:
        return [*self._columns(), Column("why", self.tr("見直す理由"), 150, _why)]

    def _evaluated_columns(self) -> list[Column[Call]]:
        return [
            *self._columns(),
            Column("share", self.tr("評価"), 84, _share, right=True),
            Column("issues", self.tr("課題"), 64, _issues, right=True),
            Column("by", self.tr("評価者"), 128, self._judges),
            Column("news", "", 84, self._fresh),
        ]

    def _columns(self) -> list[Column[Call]]:
        session = self._session

        def outcome(one: Call) -> Cell:
            known = session.ctx.rules.outcomes.get(one.touch.outcome or "")
            return Cell(known.label.in_(session.lang), tone="plain") if known is not None else Cell("—")

        def at(one: Call) -> Cell:
            return Cell(session.words.moment(one.touch.at, session.now()), "dim")

        def talk(one: Call) -> Cell:
            return Cell(clock_text(one.touch.talk_s) if one.touch.talk_s else "—", right=True)

        return [
            Column("at", self.tr("日時"), 104, at),
            Column("member", self.tr("担当"), 110, lambda one: Cell(one.member or "—", tip=one.member)),
            Column("lead", self.tr("リード"), 220, _lead, stretch=True),
            Column("outcome", self.tr("結果"), 170, outcome),
            Column("talk", self.tr("通話"), 72, talk, right=True),
        ]

    def _judges(self, one: Call) -> Cell:
        names = "、".join(dict.fromkeys(self._session.ctx.name_of(said.by) or "—" for said in one.evaluations))
        return Cell(names, "dim", tip=names)

    def _fresh(self, one: Call) -> Cell:
        if one.touch.id in self._news:
            return Cell(self.tr("新着"), tone="accent")
        return Cell(self.tr("返信 {n}").format(n=one.replies), "dim") if one.replies else Cell("")

    # ------------------------------------------------------------------ reading

    def arrive(self) -> None:
        """The tab is in front: read what changed meanwhile."""
        if not self._known:
            self.load()
        (self.table if not self.looking else self.record).setFocus()

    def _changed(self, changes: Changes) -> None:
        if self._known and (changes.coaching or changes.undo or changes.all_leads or changes.playbook):
            self.load()
            if self.looking and self._call is not None and (changes.coaching or changes.undo):
                self._read(self._call)

    def span(self) -> tuple[date, date]:
        """Return the first and last business day that is looked at."""
        today = self._session.now().astimezone(TOKYO).date()
        return today - timedelta(days=int(self.days.currentData()) - 1), today

    def load(self) -> None:
        """Read the calls, and what was not seen yet."""
        ctx, (first, last) = self._session.ctx, self.span()
        self._offer_reps()
        rep = self.reps.currentData()
        self._known = True

        def op() -> tuple[Board, list[News]]:
            return coaching.board(ctx, first=first, last=last, rep=rep), coaching.news(ctx)

        self._session.tasks.read(op, self._show, owner=self, key="coaching")

    def _show(self, found: tuple[Board, list[News]]) -> None:
        board, news = found
        self._board = board
        self._news = {}
        for one in news:
            self._news.setdefault(one.touch_id, []).append(one.id)
        self.counted.emit(len(news))
        waiting, done = len(board.candidates), len(board.evaluated)
        self.tabs.set_text(0, self.tr("見直し候補 {n}").format(n=waiting))
        self.tabs.set_text(1, self.tr("評価済み {n}").format(n=done))
        for part in (self.tabs, self._key, self.reps):
            part.setVisible(board.may_evaluate)
        self._show_list()

    def _show_list(self) -> None:
        board = self._board
        if board is None:
            return
        place = self.tabs.current() if board.may_evaluate else 1
        second, shown = place > 0, (board.candidates, board.evaluated, board.recent)[place]
        current, row = self.model.record(self.table.currentIndex().row()), self.table.currentIndex().row()
        self.model.set_columns(self._evaluated_columns() if second else self._candidate_columns())
        self.model.show_records(shown)
        self._dress()
        self._say_sum(board.evaluated)
        self._rows.setCurrentIndex(0 if shown else 1)
        self.empty.say(*self._nothing(board, place))
        if shown:
            places = {one.touch.id: place for place, one in enumerate(shown)}
            wanted = places.get(current.touch.id) if current is not None else None
            self.table.selectRow(wanted if wanted is not None else max(0, min(row, len(shown) - 1)))

    def _nothing(self, board: Board, place: int) -> tuple[str, str]:
        if not board.may_evaluate:
            return self.tr("評価された通話はまだありません"), self.tr("評価が届くと、ここに並びます。")
        if place == 2:
            return self.tr("通話はまだありません"), self.tr("相手が出た通話が、ここに並びます。")
        if place == 1:
            return self.tr("評価した通話はまだありません"), self.tr("見直し候補を開いて評価すると、ここに並びます。")
        text = self.tr("長い通話、関心のあとの失注、入って間もない担当の通話が、ここに挙がります。")
        return self.tr("見直したい通話はありません"), text

    def _say_sum(self, calls: Sequence[Call]) -> None:
        said = rules.talk((one for call in calls for one in call.evaluations), self._session.ctx.rules.rubric)
        text = self.tr("評価 {share} ・ 課題 {issues} / 通話(n = {n})")
        filled = text.format(share=percent(said.share, 0), issues=_number(said.issues), n=said.calls)
        self.sum.setText(filled if said.calls else "")

    def _dress(self) -> None:
        self.table.dress(self.model.columns)

    def next_list(self) -> None:
        """Go from the calls to review to those evaluated, to the recent ones, and back."""
        self.tabs.set_current((self.tabs.current() + 1) % self.tabs.count())

    def step(self, by: int) -> None:
        """Go to the next rep."""
        if not self.reps.isHidden():
            self.reps.setCurrentIndex((self.reps.currentIndex() + by) % self.reps.count())

    def show_rep(self, rep: MemberId | None) -> None:
        """Show the calls of a rep that were evaluated; None: of everybody."""
        self.close_call()
        self.days.setCurrentIndex(PERIODS.index(coaching.DAYS))
        self.reps.setCurrentIndex(max(self.reps.findData(rep), 0))
        self.tabs.set_current(1)

    # ------------------------------------------------------------------ one call

    @property
    def looking(self) -> bool:
        """Return whether a call is in front."""
        return self._stack.currentIndex() == 1

    def _open_row(self, index: QModelIndex) -> None:
        call = self.model.record(index.row())
        if call is not None:
            self.open_call(call)

    def open_call(self, call: Call) -> None:
        """Show a call in full, with the keyboard on the rubric or on the answer."""
        self._call, self.dossier = call, None
        self._read(call)

    def _read(self, call: Call) -> None:
        ctx = self._session.ctx

        def show(found: Dossier) -> None:
            if self._call is call:  # it may have been closed meanwhile
                self._show_call(call, found)

        self._session.tasks.read(
            lambda: coaching.dossier(ctx, call.touch.id), show, self._session.notices.error, owner=self, key="call"
        )

    def _made_form(self) -> RubricForm:
        made = RubricForm(self._session.ctx.rules.rubric, self._session.lang)
        made.left.connect(self.close_call)
        return made

    def _renew_form(self) -> None:
        """Take over a rubric that was edited meanwhile."""
        if self.form.rubric != self._session.ctx.rules.rubric:
            self._form_slot.removeWidget(self.form)
            self.form.deleteLater()
            self.form = self._made_form()
            self._form_slot.addWidget(self.form)

    def _show_call(self, call: Call, found: Dossier) -> None:
        fresh = self.dossier is None
        self.dossier = found
        self.record.show_call(found, call.why)
        self.said.show_said(found)
        self.form.setVisible(found.may_evaluate)
        self._foot.setVisible(found.may_evaluate)
        mine = next((one for one in found.call.evaluations if one.by == self._session.ctx.me.id), None)
        self.save.setText(self.tr("評価を更新") if mine is not None else self.tr("評価を保存"))
        if fresh:
            self._renew_form()
            self.form.setVisible(found.may_evaluate)
            self.form.begin(mine)
            self._stack.setCurrentIndex(1)
            self._area.verticalScrollBar().setValue(0)
            self._hint.setText(self.tr("Escで一覧へ"))
            self.focus_rubric()
        news = self._news.get(call.touch.id)
        if news:
            ctx = self._session.ctx
            self._session.tasks.write(lambda: coaching.see(ctx, news), owner=self)

    def focus_rubric(self) -> None:
        """Put the keyboard on the rubric, or where one answers."""
        found = self.dossier
        if found is not None and found.may_evaluate:
            self.form.start()
        elif found is not None and found.may_reply:
            self.said.field.setFocus()
        else:
            self.back.setFocus()

    def focus_reply(self) -> None:
        """Put the keyboard where one answers."""
        if self.dossier is not None and self.dossier.may_reply:
            self.said.field.setFocus()

    def close_call(self) -> None:
        """Go back to the list."""
        if self.looking:
            self._stack.setCurrentIndex(0)
            self._call = self.dossier = None
            self.said.field.clear()
            self.table.setFocus()

    def may_save(self) -> bool:
        """Return whether an evaluation can be saved now."""
        return self.looking and self.dossier is not None and self.dossier.may_evaluate and bool(self.form.scores())

    def may_answer(self) -> bool:
        """Return whether the evaluations in front can be answered."""
        return self.looking and self.dossier is not None and self.dossier.may_reply

    def keep(self) -> None:
        """Save the evaluation and go back to the list, or send the answer that stands in the field."""
        if self.said.field.hasFocus():
            self.answer()
            return
        if not self.may_save() or self.dossier is None:
            if self.looking and self.dossier is not None and self.dossier.may_evaluate:
                self._session.notices.say(self.tr("点をひとつは付けてから保存してください"))
            return
        ctx, touch = self._session.ctx, self.dossier.call.touch.id
        scores, issues, comment = self.form.given()

        def done(_: object) -> None:
            self._session.notices.say(self.tr("評価を保存しました(取り消し Ctrl+Z)"))
            self.close_call()

        self._session.tasks.write(
            lambda: coaching.evaluate(ctx, touch, scores, issues=issues, comment=comment),
            done,
            self._session.notices.error,
            owner=self,
        )

    def answer(self) -> None:
        """Send the answer."""
        text = self.said.field.text().strip()
        if not text or self.dossier is None or not self.dossier.may_reply:
            return
        ctx, touch = self._session.ctx, self.dossier.call.touch.id

        def done(_: object) -> None:
            self.said.field.clear()
            self._session.notices.say(self.tr("返信しました(取り消し Ctrl+Z)"))

        self._session.tasks.write(
            lambda: coaching.reply(ctx, touch, text), done, self._session.notices.error, owner=self
        )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.looking:
            self.close_call()
        else:
            super().keyPressEvent(event)


def _lead(one: Call) -> Cell:
    return Cell(one.name or "—", sub=one.company, tip=f"{one.name} {one.company}".strip())


def _why(one: Call) -> Cell:
    return Cell(team_words.why(one.why), tone="warn" if one.why == "lost_after_interest" else "plain")


def _share(one: Call) -> Cell:
    return Cell(percent(one.share, 0), bold=True, right=True)


def _issues(one: Call) -> Cell:
    return Cell(_number(one.issues), right=True)


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"
