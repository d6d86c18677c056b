"""Who stands in for whom (代行): the covers that hold or are to come, and the form that sets one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from isdesk.clock import TOKYO
from isdesk.domain.changes import Changes
from isdesk.domain.ids import MemberId
from isdesk.services import cover, team
from isdesk.services.cover import Item
from isdesk.services.team import RepLoad
from ui import words
from ui.models.records import Cell, Column, RecordModel
from ui.widgets import Card, EmptyState, Hairline, KeyCap, button, clear_scroll, label
from ui.widgets.table import ClearStack, DataTable

if TYPE_CHECKING:
    from ui.session import Session

_ROLES = frozenset({"rep", "team_lead"})
"""Who has a queue that somebody may stand in for, and who may stand in."""


class CoverForm(Card):
    """Who is away, from when to when, and who stands in. ``asked`` when it shall be set, ``left`` back to the list."""

    asked = Signal()
    turned = Signal()
    left = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._session = session
        self.away = QComboBox()
        self.away.setAccessibleName(self.tr("不在の人"))
        self.first, self.last = _day_edit(self.tr("不在の最初の日")), _day_edit(self.tr("不在の最後の日"))
        self.people: dict[MemberId, QCheckBox] = {}
        self.outlook = label("", "dim", wrap=True)
        self.do = button(self.tr("代行を設定"), "primary", tip=self.tr("代行を設定(Ctrl+Enter)"))
        self._lay_out()
        self.away.currentIndexChanged.connect(self._turned)
        self.first.dateChanged.connect(self._moved)
        self.last.dateChanged.connect(lambda _: self._told())
        self.do.clicked.connect(self.asked)

    def _lay_out(self) -> None:
        body = QVBoxLayout()
        body.setContentsMargins(20, 16, 20, 12)
        body.setSpacing(10)
        body.addWidget(label(self.tr("新しい代行"), "head"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label(self.tr("不在の人"), "dim"), 0, 0)
        grid.addWidget(self.away, 0, 1)
        grid.addWidget(label(self.tr("期間"), "dim"), 1, 0)
        days = QHBoxLayout()
        days.setSpacing(8)
        days.addWidget(self.first)
        days.addWidget(label("〜", "dim"))
        days.addWidget(self.last)
        days.addStretch(1)
        grid.addLayout(days, 1, 1)
        body.addLayout(grid)
        body.addWidget(label(self.tr("代わりに対応する人(複数なら会社ごとに均等に分担)"), "section"))
        area, self._people = clear_scroll()
        self._people.setContentsMargins(0, 0, 0, 0)
        self._people.setSpacing(6)
        body.addWidget(area, 1)
        self.body.setSpacing(0)
        self.body.addLayout(body, 1)
        self.body.addWidget(Hairline())
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 10, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self.outlook)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.do)
        line.addWidget(KeyCap("Ctrl+Enter"))
        line.addStretch(1)
        foot.addLayout(line)
        self.body.addLayout(foot)

    def fill(self) -> None:
        """Show the people of the team; what was chosen stays chosen."""
        ctx, chosen = self._session.ctx, self.away.currentData()
        team_ = [one for one in ctx.members.values() if one.active and one.role in _ROLES]
        team_.sort(key=lambda one: (one.id != ctx.me.id, one.name, one.id))
        self.away.blockSignals(True)
        self.away.clear()
        for one in team_:
            if cover.may(ctx, one.id):
                self.away.addItem(one.name, one.id)
        self.away.setCurrentIndex(max(self.away.findData(chosen), 0))
        self.away.blockSignals(False)
        checked = set(self.chosen())
        while (row := self._people.takeAt(0)) is not None:
            if (gone := row.widget()) is not None:
                gone.deleteLater()
        self.people.clear()
        for one in team_:
            box = QCheckBox(one.name)
            box.setChecked(one.id in checked)
            box.toggled.connect(lambda _: self._told())
            self._people.addWidget(box)
            self.people[one.id] = box
        self._people.addStretch(1)
        self._told()

    def begin(self, away: MemberId | None) -> None:
        """Start an absence of somebody, from today, and take the keyboard."""
        today = self._session.now().astimezone(TOKYO).date()
        place = self.away.findData(away)
        if place >= 0:
            self.away.setCurrentIndex(place)
        for edit, day in ((self.first, today), (self.last, today + timedelta(days=4))):
            edit.setDate(QDate(day.year, day.month, day.day))
        for box in self.people.values():
            box.setChecked(False)
        self.away.setFocus()

    def who(self) -> MemberId | None:
        """Return who is away."""
        found = self.away.currentData()
        return MemberId(found) if isinstance(found, str) else None

    def chosen(self) -> list[MemberId]:
        """Return who stands in."""
        away = self.who()
        return [who for who, box in self.people.items() if box.isChecked() and who != away]

    def period(self) -> tuple[date, date]:
        """Return the first and the last day."""
        return _day(self.first), _day(self.last)

    def _moved(self) -> None:
        if self.last.date() < self.first.date():
            self.last.setDate(self.first.date())
        self._told()

    def _turned(self) -> None:
        self._told()

    def _told(self) -> None:
        away = self.who()
        for who, box in self.people.items():
            box.setVisible(who != away)
        self.do.setEnabled(away is not None and bool(self.chosen()))
        self.turned.emit()

    def say(self, load: RepLoad | None) -> None:
        """Say what would stand with whoever covers."""
        away, names = self.who(), [self.people[one].text() for one in self.chosen()]
        if away is None or not names:
            self.outlook.setText(self.tr("代わりに対応する人を選んでください。"))
            return
        first, last = (words.day(day.isoformat()) for day in self.period())
        text = self.tr("{first}〜{last} のあいだ {names} のキューに出ます。担当は変わりません。")
        said = text.format(first=first, last=last, names="・".join(names))
        if load is not None:
            more = self.tr("いまなら キュー {n}件(約束 {promised}件・SLA {sla}件を含む)。")
            sla = load.sla_at_risk + load.sla_broken
            said += more.format(n=load.offered + load.held, promised=load.promised_today, sla=sla)
        self.outlook.setText(said)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.do.isEnabled():
            self.asked.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class CoverTab(QWidget):
    """The list beside the form. ``counted(n)`` how many hold now."""

    counted = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._loads: dict[MemberId | None, RepLoad] = {}
        self.model: RecordModel[Item] = RecordModel(self._columns(), self)
        self.table = DataTable(self.tr("不在の代行"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.form = CoverForm(session)
        self.finish = button(self.tr("この代行を終える"), "plain", tip=self.tr("この代行を終える(Delete)"))
        self.count = label("", "dim")
        self._lay_out()
        self.table.deleted.connect(self.end)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._offer())
        self.finish.clicked.connect(self.end)
        self.form.asked.connect(self.set_cover)
        self.form.turned.connect(self._say)
        self.form.left.connect(self.table.setFocus)
        session.hub.changed.connect(self._changed)
        session.hub.synced.connect(self.load)

    def _columns(self) -> list[Column[Item]]:
        def state(item: Item) -> Cell:
            return Cell(self.tr("代行中"), tone="promise") if item.now else Cell(self.tr("予定"), tone="plain")

        return [
            Column("state", self.tr("状態"), 88, state),
            Column("away", self.tr("不在の人"), 128, lambda one: Cell(one.away, bold=one.now)),
            Column("days", self.tr("期間"), 132, lambda one: Cell(span(one.cover.first, one.cover.last))),
            Column("by", self.tr("代わりに対応する人"), 200, lambda one: Cell("・".join(one.by)), stretch=True),
            Column("set", self.tr("設定"), 112, lambda one: Cell(self._session.ctx.name_of(one.cover.set_by), "dim")),
        ]

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 0, 24, 16)
        box.setSpacing(8)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.count)
        line.addStretch(1)
        line.addWidget(self.finish)
        line.addWidget(KeyCap("Delete"))
        box.addLayout(line)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        card = Card(margins=(1, 1, 1, 1))
        self._stack = ClearStack()
        self._stack.addWidget(self.table)
        calm = self.tr(
            "不在の人の期限が来たリードを、期間中だけ別の人のキューに出します。担当は変わらず、終われば元に戻ります。"
        )
        self._stack.addWidget(EmptyState("calendar", self.tr("代行はありません"), calm))
        card.body.addWidget(self._stack)
        middle.addWidget(card, 3)
        middle.addWidget(self.form, 2)
        box.addLayout(middle, 1)

    def arrive(self) -> None:
        """The tab is in front."""
        self.form.fill()
        if not self.form.people or self.form.first.date().toPython() == date(2000, 1, 1):
            self.form.begin(None)
        self.load()
        (self.table if self.model.rowCount() else self.form.away).setFocus()

    def begin(self, away: MemberId | None) -> None:
        """Ask who stands in for somebody."""
        self.form.fill()
        self.form.begin(away or None)
        self.load()

    def load(self) -> None:
        """Read the covers, and what each rep has due."""
        ctx = self._session.ctx

        def op() -> tuple[list[Item], tuple[RepLoad, ...]]:
            return cover.listing(ctx), team.overview(ctx)

        self._session.tasks.read(op, self._show, owner=self, key="covers")

    def _show(self, read: tuple[list[Item], tuple[RepLoad, ...]]) -> None:
        items, loads = read
        self._loads = {one.member_id: one for one in loads}
        row = self.table.currentIndex().row()
        self.model.show_records(items)
        self._stack.setCurrentIndex(0 if items else 1)
        held = sum(one.now for one in items)
        self.count.setText(self.tr("代行中 {n}件・予定 {later}件").format(n=held, later=len(items) - held))
        if items:
            self.table.selectRow(max(0, min(row, len(items) - 1)))
        self._offer()
        self._say()
        self.counted.emit(held)

    def _say(self) -> None:
        self.form.say(self._loads.get(self.form.who()))

    def _offer(self) -> None:
        item = self.model.record(self.table.currentIndex().row())
        self.finish.setEnabled(item is not None and item.mine)

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.queue or changes.all_leads or changes.undo):
            self.load()

    # ------------------------------------------------------------------ what is done

    def set_cover(self) -> None:
        """Set the cover that the form describes."""
        ctx, session = self._session.ctx, self._session
        away, people, (first, last) = self.form.who(), self.form.chosen(), self.form.period()
        if away is None:
            return
        text = self.tr("{name}さんの代行を設定しました(取り消し Ctrl+Z)").format(name=ctx.name_of(away))
        session.tasks.write(
            lambda: cover.begin(ctx, away, people, first, last)[1],
            lambda _: self._done(text),
            session.notices.error,
            owner=self,
        )

    def end(self) -> None:
        """End the chosen cover."""
        ctx, session = self._session.ctx, self._session
        item = self.model.record(self.table.currentIndex().row())
        if item is None or not item.mine:
            return
        text = self.tr("{name}さんの代行を終えました(取り消し Ctrl+Z)").format(name=item.away)
        wanted = item.cover.id
        session.tasks.write(
            lambda: cover.end(ctx, wanted), lambda _: self._done(text), session.notices.error, owner=self
        )

    def _done(self, text: str) -> None:
        self._session.notices.say(text)
        for box in self.form.people.values():
            box.setChecked(False)
        self.table.setFocus()
        self.load()


def span(first: date, last: date) -> str:
    """Return a period as months and days."""
    begin, end = words.day(first.isoformat()), words.day(last.isoformat())
    return begin if first == last else f"{begin} 〜 {end}"


def _day_edit(name: str) -> QDateEdit:
    made = QDateEdit()
    made.setCalendarPopup(True)
    made.setDisplayFormat("yyyy/MM/dd")
    made.setAccessibleName(name)
    return made


def _day(edit: QDateEdit) -> date:
    shown = edit.date()
    return date(shown.year(), shown.month(), shown.day())
