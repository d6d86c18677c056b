"""The proposed definitions: who proposed what from when on, who has signed, and what each would change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.agreement import DEPARTMENTS, Proposal
from isdesk.domain.roles import Right
from isdesk.playbook import Difference
from isdesk.services import agreeing, definitions
from isdesk.services.alignment_words import decided_at
from isdesk.services.views import Written
from ui import words
from ui.models.records import Cell, Column, RecordModel
from ui.noop import QT_TRANSLATE_NOOP
from ui.views.definitions.words import part
from ui.widgets import Card, Chip, EmptyState, KeyCap, button, label
from ui.widgets.table import ClearStack, DataTable

if TYPE_CHECKING:
    from ui.session import Session

NAMES: dict[str, str] = {
    "marketing": QT_TRANSLATE_NOOP("definitions", "マーケティング"),
    "inside_sales": QT_TRANSLATE_NOOP("definitions", "IS"),
    "field_sales": QT_TRANSLATE_NOOP("definitions", "FS"),
}


def department(code: str) -> str:
    """Return what a department is called."""
    return words.translate("definitions", NAMES[code])


class Proposals(QWidget):
    """``closed``; ``edit(text)`` to go on from one; ``agreed(in force)`` after a signature; ``counted(waiting)``."""

    closed = Signal()
    edit = Signal(str)
    agreed = Signal(bool)
    counted = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.model: RecordModel[Proposal] = RecordModel(self._columns(), self)
        self.table = DataTable(self.tr("提案の一覧"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.differences: RecordModel[Difference] = RecordModel(
            [
                Column("part", self.tr("区分"), 110, lambda one: Cell(part(one.key), bold=True)),
                Column("key", self.tr("キー"), 180, lambda one: Cell(one.key, "dim", tip=one.key)),
                Column("before", self.tr("いま"), 90, lambda one: _value(one.before, "dim"), stretch=True),
                Column("after", self.tr("変更後"), 90, lambda one: _value(one.after, "accent_text"), stretch=True),
            ],
            self,
        )
        self.title, self.state = label("", "head", wrap=True), Chip("")
        self.who, self.note = label("", "dim"), label("", wrap=True)
        self.signs: dict[str, tuple[QLabel, QPushButton]] = {}
        self._lay_out()
        self._connect()

    def _columns(self) -> list[Column[Proposal]]:
        ctx, session = self._session.ctx, self._session

        def signed(one: Proposal) -> Cell:
            text = "  ".join(f"{'✓' if code not in one.missing else '—'} {department(code)}" for code in DEPARTMENTS)
            return Cell(text, "good" if not one.missing else "text")

        return [
            Column("day", self.tr("発効日"), 96, lambda one: Cell(f"{one.effective:%Y/%m/%d}", bold=True)),
            Column("by", self.tr("提案者"), 96, lambda one: Cell(ctx.name_of(one.by) or "—")),
            Column("at", self.tr("提案日"), 96, lambda one: Cell(session.words.moment(one.at, session.now()), "dim")),
            Column("signed", self.tr("署名"), 196, signed, stretch=True),
            Column("state", self.tr("状態"), 92, lambda one: Cell(self._state(one)[0], tone=self._state(one)[1])),
        ]

    def _state(self, one: Proposal) -> tuple[str, str]:
        if one.withdrawn:
            return self.tr("取り下げ"), "plain"
        if one.missing:
            return self.tr("署名待ち"), "promise"
        if one.effective.isoformat() > self._session.ctx.today():
            return self.tr("発効待ち"), "warn"
        return self.tr("合意済み"), "good"

    # ------------------------------------------------------------------ parts

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        left = Card(margins=(1, 1, 1, 1))
        self._stack = ClearStack()
        self._stack.addWidget(self.table)
        calm = self.tr("「定義を変更」で文面を直し、提案すると、ここで3部門の署名を集められます。")
        self._stack.addWidget(EmptyState("definitions", self.tr("提案はまだありません"), calm))
        left.body.addWidget(self._stack)
        middle.addWidget(left, 1)
        self.panel = self._detail()
        middle.addWidget(self.panel, 1)
        box.addLayout(middle, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        self.back_button = button(self.tr("閉じる"), "quiet")
        foot.addWidget(self.back_button)
        foot.addWidget(KeyCap("Esc"))
        box.addLayout(foot)

    def _detail(self) -> Card:
        card = Card(margins=(16, 12, 16, 12))
        card.body.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.state, alignment=Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(head)
        card.body.addWidget(self.who)
        card.body.addWidget(self.note)
        card.body.addWidget(label(self.tr("署名"), "section"))
        for code in DEPARTMENTS:
            line = QHBoxLayout()
            line.setSpacing(8)
            said = label("")
            do = button(self.tr("{name}として署名").format(name=department(code)))
            do.clicked.connect(lambda _=False, c=code: self.sign(c))
            line.addWidget(said, 1)
            line.addWidget(do)
            card.body.addLayout(line)
            self.signs[code] = said, do
        card.body.addWidget(label(self.tr("変わるところ"), "section"))
        self.changed = DataTable(self.tr("変わるところ"))
        self.changed.setModel(self.differences)
        self.changed.dress(self.differences.columns)
        card.body.addWidget(self.changed, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self.edit_button = button(self.tr("この文面から編集"))
        self.withdraw_button = button(self.tr("取り下げ"), "danger")
        foot.addWidget(self.edit_button)
        foot.addStretch(1)
        foot.addWidget(self.withdraw_button)
        card.body.addLayout(foot)
        return card

    def _connect(self) -> None:
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._look(now))
        self.back_button.clicked.connect(self.closed)
        self.edit_button.clicked.connect(self._edit)
        self.withdraw_button.clicked.connect(self.withdraw)

    # ------------------------------------------------------------------ what is shown

    def load(self) -> None:
        """Read the proposals."""
        ctx = self._session.ctx
        self._session.tasks.read(lambda: agreeing.proposals(ctx), self._show, owner=self, key="proposals")

    def _show(self, found: Sequence[Proposal]) -> None:
        current, row = self.current(), self.table.currentIndex().row()
        self.counted.emit(sum(bool(one.missing) and not one.withdrawn for one in found))
        self.model.show_records(found)
        self._stack.setCurrentIndex(0 if found else 1)
        self.panel.setVisible(bool(found))
        if found:
            places = {one.id: place for place, one in enumerate(found)}
            wanted = places.get(current.id) if current is not None else None
            self.table.selectRow(wanted if wanted is not None else max(0, min(row, len(found) - 1)))

    def current(self) -> Proposal | None:
        """Return the proposal in front."""
        return self.model.record(self.table.currentIndex().row())

    def _look(self, index: QModelIndex) -> None:
        one = self.model.record(index.row())
        if one is None:
            return
        ctx, text = self._session.ctx, one.text
        day = one.effective
        self.title.setText(self.tr("{day} から").format(day=f"{day.year}/{day.month}/{day.day}"))
        self.state.set_text(self._state(one)[0])
        self.state.set_tone(self._state(one)[1])
        when = self._session.words.moment(one.at, self._session.now())
        self.who.setText(self.tr("{who} が {when} に提案").format(who=ctx.name_of(one.by) or "—", when=when))
        told = decided_at(ctx, one, self._session.lang)
        self.note.setText("\n".join(part for part in (told, one.note) if part))
        self.note.setVisible(bool(told or one.note))
        self._show_signatures(one)
        self.withdraw_button.setVisible(bool(one.missing) and not one.withdrawn and one.by == ctx.me.id)
        self.edit_button.setVisible(ctx.may(Right.DEFINITIONS))
        self._session.tasks.read(
            lambda: agreeing.check(ctx, text).differences, self.differences.show_records, owner=self, key="proposal"
        )

    def _show_signatures(self, one: Proposal) -> None:
        ctx, session = self._session.ctx, self._session
        given = {sign.department: sign for sign in one.signatures}
        may = ctx.may(Right.SIGN_OFF) and not one.withdrawn
        for code, (said, do) in self.signs.items():
            sign = given.get(code)
            do.setVisible(sign is None and may)
            if sign is None:
                said.setText(self.tr("—  {name}: まだ").format(name=department(code)))
                continue
            when = session.words.moment(sign.at, session.now())
            text = self.tr("✓  {name}: {who} {when}")
            said.setText(text.format(name=department(code), who=ctx.name_of(sign.member_id) or "—", when=when))

    # ------------------------------------------------------------------ verbs

    def sign(self, code: str) -> None:
        """Sign for a department; with the last signature the text may come into force at once."""
        one, session = self.current(), self._session
        if one is None:
            return
        ctx, desk, proposal = session.ctx, session.desk, one.id

        def op() -> tuple[Written, bool]:
            written = agreeing.sign(ctx, proposal, code)
            return written, desk.take_over() if desk is not None else False

        def done(found: tuple[Written, bool]) -> None:
            session.notices.say(self.tr("署名しました(取り消し Ctrl+Z)"))
            self.agreed.emit(found[1])
            self.load()

        session.tasks.write(op, done, session.notices.error, owner=self)

    def withdraw(self) -> None:
        """Take the own proposal in front back."""
        one, session = self.current(), self._session
        if one is None:
            return
        ctx, proposal = session.ctx, one.id

        def done(_: Written) -> None:
            session.notices.say(self.tr("提案を取り下げました"))
            self.load()

        session.tasks.write(lambda: agreeing.withdraw(ctx, proposal), done, session.notices.error, owner=self)

    def _edit(self) -> None:
        one = self.current()
        if one is not None:
            self.edit.emit(one.text)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _value(value: object, ink: str) -> Cell:
    text = definitions.worded(value)
    return Cell(" ".join(text.split()) or "—", ink, tip=text[:600])
