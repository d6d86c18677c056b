"""The minutes at the right: decisions and action items, the one in front in full, and the forms to write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from isdesk.domain.alignment import Action, Decision
from isdesk.domain.member import Member
from isdesk.domain.roles import Right
from isdesk.services import aligning, minutes
from isdesk.services.packs import Pack
from isdesk.services.views import Written
from ui.models.records import RecordModel
from ui.views.alignment import columns
from ui.views.alignment.forms import ActionForm, CloseForm, DecisionForm
from ui.views.alignment.lists import fill, table_stack
from ui.widgets import Card, KeyCap, button, label
from ui.widgets.table import DataTable

if TYPE_CHECKING:
    from ui.session import Session

WIDE = 404
LISTS, DECIDING, ACTING, CLOSING = range(4)


class MinutesPanel(QWidget):
    """``written`` after something was written; ``edit_definition(decision)`` to carry a decision out."""

    written = Signal()
    edit_definition = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.pack: Pack | None = None
        ctx, lang = session.ctx, session.lang
        self.decisions: RecordModel[Decision] = RecordModel(columns.decision_columns(lambda: self.pack, lang), self)
        self.given: RecordModel[Action] = RecordModel(
            columns.action_columns(ctx, self._meeting, lambda: date.fromisoformat(ctx.today())), self
        )
        self.decision_form, self.action_form, self.close_form = DecisionForm(), ActionForm(), CloseForm()
        self._caps: dict[QPushButton, KeyCap] = {}
        self.setFixedWidth(WIDE)
        self._lay_out()
        self._connect()

    # ------------------------------------------------------------------ parts

    def _lay_out(self) -> None:
        self.decide_button = button(self.tr("追加"), tip=self.tr("決定を追加(D)"))
        self.definition_button = button(self.tr("定義を変更"), tip=self.tr("決定した定義を変更(E)"))
        self.decision_table, decided = self._card(
            self.tr("決定"), self.decisions, self.tr("決定はまだありません"),
            ((self.definition_button, "E"), (self.decide_button, "D")),
        )  # fmt: skip
        self.decision_note = self._note(decided)
        self.act_button = button(self.tr("追加"), tip=self.tr("宿題を追加(A)"))
        self.done_button = button(self.tr("完了"), tip=self.tr("宿題を完了・未完了にする(X)"))
        self.action_table, given = self._card(
            self.tr("宿題"), self.given, self.tr("宿題はありません"),
            ((self.done_button, "X"), (self.act_button, "A")),
        )  # fmt: skip
        self.action_note = self._note(given)
        lists = QWidget()
        box = QVBoxLayout(lists)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(decided, 1)
        box.addWidget(given, 1)
        self.stack = QStackedWidget()
        self.stack.setStyleSheet("QStackedWidget { background: transparent; }")
        self.stack.addWidget(lists)
        for form in (self.decision_form, self.action_form, self.close_form):
            holder = QWidget()
            room = QVBoxLayout(holder)
            room.setContentsMargins(0, 0, 0, 0)
            room.addWidget(form)
            room.addStretch(1)
            self.stack.addWidget(holder)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)

    def _card(
        self, title: str, model: RecordModel[Any], none: str, buttons: Sequence[tuple[QPushButton, str]]
    ) -> tuple[DataTable, Card]:
        card = Card(margins=(1, 8, 1, 8))
        card.body.setSpacing(6)
        line = QHBoxLayout()
        line.setContentsMargins(14, 0, 12, 0)
        line.setSpacing(6)
        line.addWidget(label(title, "section"))
        line.addStretch(1)
        for made, key in buttons:
            cap = KeyCap(key)
            self._caps[made] = cap
            line.addWidget(made)
            line.addWidget(cap)
        card.body.addLayout(line)
        empty = label(none, "dim")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        table, stack = table_stack(title, model, empty)
        card.body.addWidget(stack, 1)
        return table, card

    def _note(self, card: Card) -> QLabel:
        made = label("", "small", wrap=True)
        made.setContentsMargins(14, 2, 12, 2)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.body.addWidget(made)
        return made

    def _connect(self) -> None:
        self.decision_table.selectionModel().currentRowChanged.connect(lambda *_: self._look())
        self.action_table.selectionModel().currentRowChanged.connect(lambda *_: self._look())
        self.decision_table.opened.connect(lambda _: self.reword_decision())
        self.action_table.opened.connect(lambda _: self.reword_action())
        self.decision_table.deleted.connect(self.drop)
        self.action_table.deleted.connect(self.drop)
        self.act_button.clicked.connect(lambda _: self.add_action())
        self.done_button.clicked.connect(self.toggle_done)
        self.definition_button.clicked.connect(self.change_definition)
        for form, save in (
            (self.decision_form, self._save_decision),
            (self.action_form, self._save_action),
            (self.close_form, self._save_close),
        ):
            form.saved.connect(save)
            form.left.connect(self.close_form_)

    # ------------------------------------------------------------------ what is shown

    def show_pack(self, pack: Pack) -> None:
        """Show the minutes of another pack; rows stay where they were."""
        self.pack = pack
        acts = (*pack.carried, *pack.meeting.actions)
        fill(self.decisions, self.decision_table, pack.meeting.decisions)
        fill(self.given, self.action_table, acts)
        self._look()

    def _meeting(self) -> str:
        return self.pack.meeting.id if self.pack is not None else ""

    def decision(self) -> Decision | None:
        """Return the decision in front."""
        return self.decisions.record(self.decision_table.currentIndex().row())

    def action(self) -> Action | None:
        """Return the action item in front."""
        return self.given.record(self.action_table.currentIndex().row())

    def _look(self) -> None:
        session, one, act = self._session, self.decision(), self.action()
        ctx, lang = session.ctx, session.lang
        said = columns.decision_details(ctx, one, self.pack, lang) if one is not None else ""
        self.decision_note.setText(said)
        self.decision_note.setVisible(bool(said))
        told = columns.action_details(ctx, act, self._meeting(), lang) if act is not None else ""
        self.action_note.setText(told)
        self.action_note.setVisible(bool(told))
        may = self.may_write()
        for made, shown in (
            (self.decide_button, may),
            (self.act_button, may),
            (self.definition_button, self.may_change_definition()),
            (self.done_button, self.may_finish()),
        ):
            made.setVisible(shown)
            self._caps[made].setVisible(shown)
        done = act is not None and act.done_at is not None
        self.done_button.setText(self.tr("未完了に戻す") if done else self.tr("完了"))

    def may_write(self) -> bool:
        """Return whether something may be added to the minutes now."""
        open_ = self.pack is not None and not self.pack.meeting.closed
        return open_ and self._session.ctx.may(Right.ALIGN) and not self.writing

    def may_finish(self) -> bool:
        """Return whether the action item in front may be called done, or not done, by this person."""
        act, ctx = self.action(), self._session.ctx
        return act is not None and not self.writing and (act.owner == ctx.me.id or ctx.may(Right.ALIGN))

    def may_change_definition(self) -> bool:
        """Return whether the decision in front changes a definition, and this person may begin that."""
        one = self.decision()
        return one is not None and bool(one.key) and not self.writing and self._session.ctx.may(Right.DEFINITIONS)

    @property
    def writing(self) -> bool:
        """Return whether a form is open."""
        return self.stack.currentIndex() != LISTS

    # ------------------------------------------------------------------ writing

    def _people(self) -> list[Member]:
        """Return everybody of the team; who this person was before joining it is not one more."""
        me = self._session.ctx.me
        others = [one for one in self._session.ctx.members.values() if one.active and one.id != me.id]
        known = [me, *(one for one in others if not me.email or one.email != me.email)]
        return sorted(known, key=lambda one: (one.role, one.name))

    def add_decision(self, key: str = "", cases: Sequence[str] = ()) -> None:
        """Begin a decision about a definition and cases."""
        self._decide(key, cases, None)

    def reword_decision(self) -> None:
        """Word the decision in front anew."""
        one = self.decision()
        if one is not None and self.may_write():
            self._decide("", (), one)

    def _decide(self, key: str, cases: Sequence[str], known: Decision | None) -> None:
        pack, me = self.pack, self._session.ctx.me.id
        if pack is None or not self.may_write():
            return
        agreed = next((one.agreed for one in reversed(pack.meeting.decisions) if one.agreed), (me,))
        self.stack.setCurrentIndex(DECIDING)
        keys = list(dict.fromkeys([*(one.key for one in pack.questions), *aligning.keys(self._session.ctx)]))
        self.decision_form.start(keys, self._people(), key=key, cases=cases, agreed=agreed, known=known)

    def add_action(self, known: Action | None = None) -> None:
        """Begin an action item."""
        ctx = self._session.ctx
        if self.may_write():
            self.stack.setCurrentIndex(ACTING)
            self.action_form.start(self._people(), ctx.me.id, date.fromisoformat(ctx.today()), known)

    def reword_action(self) -> None:
        """Change the action item in front, where this meeting gave it out."""
        one = self.action()
        if one is not None and one.meeting == self._meeting():
            self.add_action(one)

    def ask_close(self) -> None:
        """Ask who was there before the minutes are fixed; or open fixed minutes again."""
        pack, ctx = self.pack, self._session.ctx
        if pack is None or not ctx.may(Right.ALIGN) or self.writing:
            return
        meeting = pack.meeting.id
        if pack.meeting.closed:
            self._write(lambda: aligning.reopen(ctx, meeting), self.tr("記録の確定を解きました"))
            return
        self.stack.setCurrentIndex(CLOSING)
        self.close_form.start(self._people(), ctx.me.id)

    def close_form_(self) -> None:
        """Go back to the lists without saving."""
        self.stack.setCurrentIndex(LISTS)
        self._look()
        (self.decision_table if self.decisions.rowCount() else self.action_table).setFocus()

    def _save_decision(self) -> None:
        form, ctx, meeting = self.decision_form, self._session.ctx, self._meeting()
        text, key, cases = form.text.text(), form.key.currentText().strip(), form.cases
        agreed, item = form.people.chosen(), form.item

        def op() -> Written:
            return aligning.decide(ctx, meeting, text, key=key, cases=cases, agreed=agreed, item=item)[1]

        self._write(op, self.tr("決定を記録しました(取り消し Ctrl+Z)"), self.decision_table)

    def _save_action(self) -> None:
        form, ctx, meeting = self.action_form, self._session.ctx, self._meeting()
        text, owner, due, item = form.text.text(), str(form.owner.currentData()), form.day(), form.item

        def op() -> Written:
            return aligning.act(ctx, meeting, text, owner=owner, due=due, item=item)[1]

        self._write(op, self.tr("宿題を記録しました(取り消し Ctrl+Z)"), self.action_table)

    def _save_close(self) -> None:
        ctx, pack, who = self._session.ctx, self.pack, self.close_form.people.chosen()
        if pack is not None:
            kept = minutes.of(pack)
            self._write(
                lambda: aligning.close(ctx, pack.meeting.id, kept, attendees=who), self.tr("記録を確定しました")
            )

    def toggle_done(self) -> None:
        """Say that the action item in front is done, or that it is not after all."""
        act, ctx = self.action(), self._session.ctx
        if act is not None and self.may_finish():
            item, done = act.id, act.done_at is None
            said = self.tr("宿題を完了にしました(取り消し Ctrl+Z)") if done else self.tr("宿題を未完了に戻しました")
            self._write(lambda: aligning.finish(ctx, item, done=done), said, self.action_table)

    def drop(self) -> None:
        """Strike out what is in front: the action item where its list has the keyboard, else the decision."""
        one = self.action() if self.action_table.hasFocus() else self.decision()
        ctx, meeting = self._session.ctx, self._meeting()
        carried = isinstance(one, Action) and one.meeting != meeting
        if one is not None and self.may_write() and not carried:
            item = one.id
            self._write(lambda: aligning.drop(ctx, meeting, item), self.tr("記録から消しました(取り消し Ctrl+Z)"))

    def change_definition(self) -> None:
        """Open the definitions at the key of the decision in front."""
        one = self.decision()
        if one is not None and self.may_change_definition():
            self.edit_definition.emit(one)

    def _write(self, op: Callable[[], Written], said: str, then: QWidget | None = None) -> None:
        session = self._session

        def done(_: Written) -> None:
            self.stack.setCurrentIndex(LISTS)
            session.notices.say(said)
            self.written.emit()
            (then or self.decision_table).setFocus()

        session.tasks.write(op, done, session.notices.error, owner=self)
