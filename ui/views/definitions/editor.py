"""Editing the team's definitions: the text, what is wrong with it, what it changes, who would move, and proposing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk import messages
from isdesk.domain.errors import PlaybookError
from isdesk.playbook import Difference
from isdesk.services import agreeing, definitions, team
from isdesk.services.agreeing import Checked, Origin
from isdesk.services.alignment_words import meeting_name, people
from isdesk.services.team import Move, Simulation
from isdesk.services.views import Written
from ui import words
from ui.models.records import Cell, Column, RecordModel
from ui.notices import Notice
from ui.views.definitions.code import CodeEditor
from ui.views.definitions.moved import opened
from ui.views.definitions.words import part
from ui.widgets import Card, EmptyState, Hairline, KeyCap, SegmentedTabs, button, label
from ui.widgets.table import ClearStack, DataTable

if TYPE_CHECKING:
    from ui.session import Session

TYPING_MS = 350
"""So long after the last key the text is checked and kept."""
PROBLEMS, DIFFERENCES, EFFECT = range(3)


class Editor(QWidget):
    """``closed`` back to the document, ``proposed`` a text was proposed."""

    closed = Signal()
    proposed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._checked: Checked | None = None
        self._begun = self._base = self._moved = ""
        self._sure = False
        self._origin: Origin | None = None
        self.text = CodeEditor()
        self.text.setAccessibleName(self.tr("定義の文面(TOML)"))
        self.tabs = SegmentedTabs([self.tr("問題"), self.tr("変わるところ"), self.tr("影響")], "underline")
        self.problems: RecordModel[PlaybookError] = RecordModel(self._problem_columns(), self)
        self.differences: RecordModel[Difference] = RecordModel(self._difference_columns(), self)
        self.moves: RecordModel[Move] = RecordModel(self._move_columns(), self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._lay_out()
        self._connect()

    # ------------------------------------------------------------------ parts

    def _problem_columns(self) -> list[Column[PlaybookError]]:
        lang = self._session.lang

        def said(one: PlaybookError) -> Cell:
            sentence = messages.say(one, lang)
            return Cell(sentence.what.partition(": ")[2] or sentence.what, tip=f"{sentence.what} {sentence.do}".strip())

        return [
            Column(
                "line", self.tr("行"), 48, lambda one: Cell(str(one.line), "bad", bold=True, right=True), right=True
            ),
            Column("key", self.tr("キー"), 160, lambda one: Cell(one.key or "—", "dim", tip=one.key)),
            Column("what", self.tr("問題"), 240, said, stretch=True),
        ]

    def _difference_columns(self) -> list[Column[Difference]]:
        return [
            Column("part", self.tr("区分"), 110, lambda one: Cell(part(one.key), bold=True)),
            Column("key", self.tr("キー"), 170, lambda one: Cell(one.key, "dim", tip=one.key)),
            Column("before", self.tr("いま"), 90, lambda one: _value(one.before, "dim"), stretch=True),
            Column("after", self.tr("変更後"), 90, lambda one: _value(one.after, "accent_text"), stretch=True),
        ]

    def _move_columns(self) -> list[Column[Move]]:
        def who(one: Move) -> Cell:
            return Cell(one.name or "—", sub=one.company, tip=f"{one.name} {one.company}".strip())

        return [
            Column("owner", self.tr("担当"), 90, lambda one: Cell(one.owner or "—")),
            Column("lead", self.tr("リード"), 150, who, stretch=True),
            Column("before", self.tr("いま"), 96, lambda one: self._place(one.rank_before, one.held_before, "dim")),
            Column(
                "after", self.tr("変更後"), 96, lambda one: self._place(one.rank_after, one.held_after, "accent_text")
            ),
        ]

    def _place(self, rank: int | None, held: str | None, ink: str) -> Cell:
        if rank is not None:
            return Cell(self.tr("{n}位").format(n=f"{rank:,}"), ink)
        return Cell(words.held(held) if held else self.tr("出さない"), "warn" if ink != "dim" else ink)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        left = Card(margins=(1, 1, 1, 1))
        left.body.addWidget(self.text)
        middle.addWidget(left, 5)
        middle.addWidget(self._side(), 4)
        self.origin_text = label("", "dim", wrap=True)
        self.origin_text.hide()
        box.addWidget(self.origin_text)
        box.addLayout(middle, 1)
        box.addLayout(self._foot())

    def _side(self) -> Card:
        card = Card(margins=(1, 1, 1, 1))
        card.body.setSpacing(0)
        card.body.addWidget(self.tabs)
        self._sides = QStackedWidget()
        self._sides.setStyleSheet("QStackedWidget { background: transparent; }")
        card.body.addWidget(self._sides, 1)
        self.table = _table(self.tr("問題"), self.problems)
        self._well = EmptyState("check", self.tr("問題はありません"))
        self.why = label("", wrap=True)
        self.why.setContentsMargins(16, 10, 16, 12)
        self.why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        wrong = QWidget()
        below = QVBoxLayout(wrong)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(_either(self.table, self._well), 1)
        below.addWidget(Hairline())
        below.addWidget(self.why)
        self._sides.addWidget(wrong)
        self.changed = _table(self.tr("変わるところ"), self.differences)
        self._same = EmptyState("info", self.tr("まだ何も変わりません"))
        self._same.text.setText(self.tr("左の文面に、変えたいキーだけを書き足してください。"))
        self._same.text.show()
        self._sides.addWidget(_either(self.changed, self._same))
        self._sides.addWidget(self._effect())
        return card

    def _effect(self) -> QWidget:
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(0, 10, 0, 0)
        box.setSpacing(8)
        line = QHBoxLayout()
        line.setContentsMargins(12, 0, 12, 0)
        self.outlook = label(
            self.tr("この定義で今日のキューがどう動くかを、適用する前に見られます。"), "dim", wrap=True
        )
        self.simulate_button = button(self.tr("影響を見る"), tip=self.tr("影響を見る(Ctrl+Shift+Enter)"))
        line.addWidget(self.outlook, 1)
        line.addWidget(self.simulate_button)
        box.addLayout(line)
        self.moved = _table(self.tr("影響"), self.moves)
        box.addWidget(self.moved, 1)
        return made

    def _foot(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label(self.tr("発効日"), "dim"))
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy/M/d")
        self.day.setAccessibleName(self.tr("発効日"))
        line.addWidget(self.day)
        self.note = QLineEdit()
        self.note.setAccessibleName(self.tr("変更の理由"))
        self.note.setPlaceholderText(self.tr("変更の理由(マーケティング・IS・FSが署名するときに読みます)"))
        line.addWidget(self.note, 1)
        self.reset_button = button(self.tr("最初に戻す"), "quiet")
        self.back_button = button(self.tr("閉じる"), "quiet")
        self.propose_button = button(self.tr("提案する"), "primary", tip=self.tr("提案する(Ctrl+Enter)"))
        line.addWidget(self.reset_button)
        line.addWidget(self.back_button)
        line.addWidget(KeyCap("Esc"))
        line.addWidget(self.propose_button)
        line.addWidget(KeyCap("Ctrl Enter"))
        return line

    def _connect(self) -> None:
        self.text.textChanged.connect(self._typed)
        self._typing.timeout.connect(self.check)
        self.tabs.changed.connect(self._sides.setCurrentIndex)
        self.table.opened.connect(self._go)
        self.table.clicked.connect(self._go)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._explain(now))
        self.simulate_button.clicked.connect(self.simulate)
        self.reset_button.clicked.connect(self.reset)
        self.back_button.clicked.connect(self.close_editor)
        self.propose_button.clicked.connect(self.propose)

    # ------------------------------------------------------------------ the text

    def start(self, text: str = "") -> None:
        """Edit the text in force, what was begun before, or ``text`` (of another proposal)."""
        ctx = self._session.ctx
        self._come_from(None)

        def op() -> tuple[str, str]:
            self._base, self._moved = opened(ctx)
            return agreeing.text_in_force(ctx), text or agreeing.draft(ctx)

        # Read behind the writes: what was edited part by part a moment ago is on its way to the draft.
        self._session.tasks.write(op, self._started, owner=self)

    def start_at(self, key: str, origin: Origin) -> None:
        """Edit at a key, because an alignment meeting decided so: the proposal will name it and who agreed."""
        ctx = self._session.ctx
        self._come_from(origin)
        self.note.setText(origin.text)

        def op() -> tuple[str, str, int]:
            self._base, self._moved = opened(ctx)
            return (agreeing.text_in_force(ctx), *agreeing.draft_at(ctx, key))

        def begun(read: tuple[str, str, int]) -> None:
            self._started(read[:2])
            self.text.go_to(read[2])

        self._session.tasks.write(op, begun, self._session.notices.error, owner=self)

    def _come_from(self, origin: Origin | None) -> None:
        self._origin = origin
        self.origin_text.setVisible(origin is not None)
        if origin is not None:
            ctx, lang = self._session.ctx, self._session.lang
            text = self.tr("{meeting}の決定「{text}」を定義にします。合意: {who}")
            who = people(ctx, origin.agreed, lang) or "—"
            self.origin_text.setText(
                text.format(meeting=meeting_name(origin.alignment, lang), text=origin.text, who=who)
            )

    def _started(self, read: tuple[str, str]) -> None:
        self._begun, begun = read
        today = QDate.fromString(self._session.ctx.today(), Qt.DateFormat.ISODate)
        self.day.setMinimumDate(today)
        self.day.setDate(today.addDays(1))
        self.text.setPlainText(begun or self._begun)
        self.text.setFocus()
        if self._moved:
            self._session.notices.show(Notice(self._moved, tone="warn"))
        self.check()

    def reset(self) -> None:
        """Begin again from the text in force."""
        self.text.setPlainText(self._begun)

    def _typed(self) -> None:
        self._checked = None
        self.propose_button.setEnabled(False)
        self._typing.start()

    def check(self) -> None:
        """Check the text as it stands, and keep it."""
        self._typing.stop()
        ctx, text = self._session.ctx, self.text.toPlainText()
        self._session.tasks.read(
            lambda: agreeing.check(ctx, text), self._show_checked, owner=self, key="definitions-check"
        )
        kept = "" if text == self._begun else text
        base = self._base
        self._session.tasks.write(lambda: agreeing.keep_draft(ctx, kept, base), owner=self)

    def _show_checked(self, found: Checked) -> None:
        self._checked = found
        row = max(self.table.currentIndex().row(), 0)
        self.problems.show_records(found.problems)
        self.table.selectRow(min(row, len(found.problems) - 1))
        self._explain(self.table.currentIndex())
        self.text.show_wrong({one.line: one.key for one in found.problems})
        _flip(self.table, shown=bool(found.problems))
        count = len(found.problems)
        self.tabs.set_text(PROBLEMS, self.tr("問題 {n}").format(n=count) if count else self.tr("問題"))
        self.differences.show_records(found.differences)
        _flip(self.changed, shown=bool(found.differences))
        many = len(found.differences)
        text = self.tr("変わるところ {n}").format(n=many) if many else self.tr("変わるところ")
        self.tabs.set_text(DIFFERENCES, text)
        self.propose_button.setEnabled(bool(found.differences))
        self.simulate_button.setEnabled(found.book is not None)
        if count:
            self.tabs.set_current(PROBLEMS)
        elif found.differences and self.tabs.current() == PROBLEMS:
            self.tabs.set_current(DIFFERENCES)

    def _explain(self, index: QModelIndex) -> None:
        one = self.problems.record(index.row())
        said = messages.say(one, self._session.lang) if one is not None else None
        self.why.setText(f"{said.what}\n{said.do}".strip() if said is not None else "")
        self.why.setVisible(said is not None)

    def _go(self, index: QModelIndex) -> None:
        one = self.problems.record(index.row())
        if one is not None:
            self.text.go_to(one.line)

    # ------------------------------------------------------------------ its effect

    def simulate(self) -> None:
        """Say who would move where in today's queues."""
        book = self._checked.book if self._checked is not None else None
        if book is None:
            return
        ctx = self._session.ctx
        self.tabs.set_current(EFFECT)
        self.simulate_button.setEnabled(False)
        self.outlook.setText(self.tr("計算しています…"))
        self._session.tasks.fetch(
            lambda: team.simulate(ctx, book), self._show_effect, self._no_effect, owner=self, key="simulate"
        )

    def _show_effect(self, found: Simulation) -> None:
        self.simulate_button.setEnabled(True)
        self.moves.show_records(found.moves)
        if not found.moves:
            text = self.tr("{total}件を見ました。今日のキューで動くリードはありません。")
            self.outlook.setText(text.format(total=f"{found.looked_at:,}"))
            return
        text = self.tr("{total}件のうち{n}件が動きます(新たに出る {more}件・出なくなる {less}件)。")
        said = text.format(
            total=f"{found.looked_at:,}", n=f"{len(found.moves):,}", more=found.appear, less=found.vanish
        )
        owners = "、".join(f"{owner or '—'} {count:,}" for owner, count in found.by_owner.items())
        self.outlook.setText(f"{said} {owners}")

    def _no_effect(self, error: Exception) -> None:
        self.simulate_button.setEnabled(True)
        self.outlook.setText("")
        self._session.notices.error(error)

    # ------------------------------------------------------------------ proposing

    def propose(self) -> None:
        """Propose the text; it holds from its day on, once all departments have signed."""
        if not self.propose_button.isEnabled():
            return
        ctx, text, note = self._session.ctx, self.text.toPlainText(), self.note.text()
        day = date.fromisoformat(self.day.date().toString(Qt.DateFormat.ISODate))
        self.propose_button.setEnabled(False)
        origin = self._origin

        def op() -> Written:
            written = agreeing.propose(ctx, text, day, note, origin=origin)[1]
            agreeing.keep_draft(ctx, "")
            return written

        self._session.tasks.write(op, lambda _: self._proposed(), self._refused, owner=self)

    def _proposed(self) -> None:
        self.note.clear()
        self._come_from(None)
        self._session.notices.say(self.tr("提案しました。3部門の署名がそろうと、発効日から全員に適用されます。"))
        self.proposed.emit()

    def _refused(self, error: Exception) -> None:
        self.propose_button.setEnabled(True)
        self._session.notices.error(error)

    def close_editor(self) -> None:
        """Go back; the text is kept as it stands."""
        if self._typing.isActive():
            self.check()
        self.closed.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_editor()
        else:
            super().keyPressEvent(event)


def _value(value: object, ink: str) -> Cell:
    text = definitions.worded(value)
    return Cell(" ".join(text.split()) or "—", ink, tip=text[:600])


def _table(name: str, model: RecordModel) -> DataTable:  # type: ignore[type-arg]
    made = DataTable(name)
    made.setModel(model)
    made.dress(model.columns)
    return made


def _either(table: DataTable, empty: EmptyState) -> ClearStack:
    made = ClearStack()
    made.addWidget(table)
    made.addWidget(empty)
    made.setCurrentIndex(1)
    return made


def _flip(table: DataTable, *, shown: bool) -> None:
    stack = table.parentWidget()
    if isinstance(stack, QStackedWidget):
        stack.setCurrentIndex(0 if shown else 1)
