"""The page 導入: steps of the first 90 days, readiness and self-assessment, each with what it stands on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout
from typing_extensions import override

from isdesk.clock import TOKYO
from isdesk.domain.changes import Changes
from isdesk.domain.ids import MemberId
from isdesk.domain.introduction import STEP
from isdesk.domain.raci import LABELS
from isdesk.services import introducing, introduction_paper
from isdesk.services.introducing import Introduction, PointView, StepView
from isdesk.services.views import Written
from ui import pdf
from ui.commands import Command
from ui.models.records import Cell, Column, RecordModel
from ui.noop import QT_TRANSLATE_NOOP
from ui.notices import Notice
from ui.pages import Page
from ui.views.introduction import words
from ui.views.introduction.panel import ItemPanel
from ui.widgets import Card, Chip, ElidedLabel, KeyCap, SegmentedTabs, button, label
from ui.widgets.table import DataTable

if TYPE_CHECKING:
    from ui.session import Session

COMMANDS: tuple[Command, ...] = (
    Command(
        "introduction.tab", QT_TRANSLATE_NOOP("commands", "90日と診断を切り替え"), "introduction", ("T",),
        "introduction", "check",
    ),
    Command(
        "introduction.yes", QT_TRANSLATE_NOOP("commands", "項目を済み・はいにする"), "introduction", ("Y",),
        "introduction", "check",
    ),
    Command(
        "introduction.no", QT_TRANSLATE_NOOP("commands", "項目にいいえと答える"), "introduction", ("N",),
        "introduction", "close",
    ),
    Command(
        "introduction.clear", QT_TRANSLATE_NOOP("commands", "項目の答えを消す"), "introduction", ("Delete",),
        "introduction", "undo",
    ),
    Command(
        "introduction.assign", QT_TRANSLATE_NOOP("commands", "項目の担当と期限を決める"), "introduction", ("A",),
        "introduction", "user",
    ),
    Command(
        "introduction.start", QT_TRANSLATE_NOOP("commands", "導入の開始日を決める"), "introduction", ("S",),
        "introduction", "calendar",
    ),
    Command(
        "introduction.pdf", QT_TRANSLATE_NOOP("commands", "導入の状況を文書で保存"), "introduction", ("E",),
        "introduction", "export",
    ),
)  # fmt: skip


class IntroductionPage(Page):
    """Two tables under one head, and the item in front at the right."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.made: Introduction | None = None
        self.tabs = SegmentedTabs([self.tr("90日"), self.tr("準備度と診断")])
        self.tabs.setFixedWidth(300)
        self.phase, self.count = Chip(""), ElidedLabel("", "dim")
        self.begin = QDateEdit()
        self.begin.setCalendarPopup(True)
        self.begin.setDisplayFormat("yyyy/MM/dd")
        self.begin.setAccessibleName(self.tr("導入の開始日"))
        self.set_start = button(self.tr("開始日にする"), tip=self.tr("開始日にする(S で日付へ)"))
        self.paper = button(self.tr("文書で保存"), tip=self.tr("文書で保存(E)"))
        self.redesign = label("", "warn", wrap=True)
        self.redesign.hide()
        self.steps: RecordModel[StepView] = RecordModel(self._step_columns(), self)
        self.points: RecordModel[PointView] = RecordModel(self._point_columns(), self)
        self.step_table = self._table(self.tr("90日の項目"), self.steps)
        self.point_table = self._table(self.tr("準備度と診断の項目"), self.points)
        self.panel = ItemPanel(session)
        self._lay_out()
        self._connect()

    def _table(self, name: str, model: RecordModel[StepView] | RecordModel[PointView]) -> DataTable:
        made = DataTable(name)
        made.setModel(model)
        made.dress(model.columns)
        made.selectionModel().currentRowChanged.connect(lambda *_: self._look())
        return made

    def _step_columns(self) -> list[Column[StepView]]:
        lang = self._session.lang

        def state(one: StepView) -> Cell:
            found = words.state(one)
            return Cell(found.text, tone=found.tone)

        def whose(one: StepView) -> Cell:
            return Cell(one.owner or LABELS[one.step.owner].in_(lang), "text" if one.owner else "dim")

        def due(one: StepView) -> Cell:
            return Cell(f"{one.due:%m/%d}" if one.due is not None else "—", "bad" if one.late else "text")

        return [
            Column("phase", self.tr("時期"), 104, lambda one: Cell(words.phase(one.step.phase), "dim")),
            Column("state", self.tr("状態"), 82, state),
            Column("name", self.tr("項目"), 260, lambda one: Cell(one.step.label.in_(lang), bold=not one.done),
                   stretch=True),
            Column("owner", self.tr("担当"), 112, whose),
            Column("due", self.tr("期限"), 62, due),
        ]  # fmt: skip

    def _point_columns(self) -> list[Column[PointView]]:
        lang = self._session.lang

        def state(one: PointView) -> Cell:
            found = words.state(one)
            return Cell(found.text, tone=found.tone)

        return [
            Column("kind", self.tr("種類"), 72, lambda one: Cell(words.kind(one.what), "dim")),
            Column("state", self.tr("答え"), 116, state),
            Column("name", self.tr("項目"), 260, lambda one: Cell(one.point.label.in_(lang)), stretch=True),
        ]

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(self.tr("導入"), "title"))
        head.addWidget(self.tabs)
        head.addWidget(KeyCap("T"))
        head.addWidget(self.phase)
        head.addWidget(self.count, 1)
        self._begin_label = label(self.tr("開始日"), "dim")
        for part in (self._begin_label, self.begin, self.set_start):
            head.addWidget(part)
        head.addWidget(self.paper)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 14, 24, 16)
        box.setSpacing(12)
        box.addLayout(head)
        box.addWidget(self.redesign)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        card = Card(margins=(1, 1, 1, 1))
        self.stack = QStackedWidget()
        self.stack.setStyleSheet("QStackedWidget { background: transparent; }")
        self.stack.addWidget(self.step_table)
        self.stack.addWidget(self.point_table)
        card.body.addWidget(self.stack)
        middle.addWidget(card, 3)
        middle.addWidget(self.panel, 2)
        box.addLayout(middle, 1)
        may = introducing.may_start(self._session.ctx)
        for part in (self._begin_label, self.begin, self.set_start):
            part.setVisible(may)

    def _connect(self) -> None:
        self.tabs.changed.connect(self._turn)
        self.panel.marked.connect(self._mark)
        self.panel.assigned.connect(self._assign)
        self.panel.opened.connect(self.asked_lead)
        self.set_start.clicked.connect(self._start)
        self.paper.clicked.connect(self.ask_paper)
        self._session.hub.changed.connect(self._changed)
        self._session.hub.synced.connect(self._refresh)

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands, panel = self._session.commands, self.panel
        for command in COMMANDS:
            commands.declare(command)
        commands.bind("introduction.tab", self.next_tab)
        commands.bind("introduction.yes", panel.say_yes, allowed=lambda: not panel.yes.isHidden())
        commands.bind("introduction.no", panel.say_no, allowed=lambda: not panel.no.isHidden())
        commands.bind("introduction.clear", panel.say_nothing, allowed=lambda: not panel.clear.isHidden())
        commands.bind("introduction.assign", panel.owner.setFocus, allowed=panel.owner.isVisible)
        commands.bind("introduction.start", self.begin.setFocus, allowed=self.begin.isVisible)
        commands.bind("introduction.pdf", self.ask_paper)

    # ------------------------------------------------------------------ reading

    @override
    def arrive(self) -> None:
        self.load()
        self._front().setFocus()

    def load(self) -> None:
        """Read how the introduction stands."""
        ctx, lang = self._session.ctx, self._session.lang
        self._session.tasks.read(
            lambda: introducing.board(ctx, lang),
            self._show,
            self._session.notices.error,
            owner=self,
            key="introduction",
        )

    def _show(self, made: Introduction) -> None:
        first = self.made is None
        self.made = made
        rows = self.step_table.currentIndex().row(), self.point_table.currentIndex().row()
        self.steps.show_records(made.steps)
        self.points.show_records((*made.readiness, *made.symptoms))
        self.step_table.selectRow(max(rows[0], 0))
        self.point_table.selectRow(max(rows[1], 0))
        self._say(made)
        if first or made.start is not None:
            shown = made.start or made.today
            self.begin.setDate(QDate(shown.year, shown.month, shown.day))
        self._look()

    def _say(self, made: Introduction) -> None:
        phase = words.phase(made.phase)
        day = self.tr("{n}日目").format(n=made.day) if made.day is not None and made.day >= 0 else ""
        self.phase.set_text(f"{phase} ・ {day}" if day else phase)
        self.phase.set_tone("promise" if 0 < made.phase < len(words.PHASES) - 1 else "plain")
        text = self.tr("済み {done}/{steps} ・ 準備度 {ready}/{points} ・ 症状 {found}/{symptoms}")
        self.count.set_text(
            text.format(
                done=made.done, steps=len(made.steps), ready=made.ready, points=len(made.readiness),
                found=made.found, symptoms=len(made.symptoms),
            )
        )  # fmt: skip
        self.redesign.setVisible(made.redesign)
        warning = self.tr("症状が{n}つあります。分業の設計(役割・定義・SLA)を見直す必要があります。")
        self.redesign.setText(warning.format(n=made.found))

    def _front(self) -> DataTable:
        return self.step_table if self.stack.currentIndex() == 0 else self.point_table

    def _look(self) -> None:
        row = self._front().currentIndex().row()
        self.panel.show_item(self.steps.record(row) if self.stack.currentIndex() == 0 else self.points.record(row))

    def _turn(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self._look()
        self._front().setFocus()

    def next_tab(self) -> None:
        """Go to the other tab."""
        self.tabs.set_current((self.tabs.current() + 1) % self.tabs.count())

    def _changed(self, changes: Changes) -> None:
        if changes.undo or changes.playbook or changes.all_leads:
            self._refresh()

    def _refresh(self) -> None:
        if self.isVisible():
            self.load()

    # ------------------------------------------------------------------ noting

    def _mark(self, yes: bool | None) -> None:
        item, ctx = self.panel.item, self._session.ctx
        if isinstance(item, StepView):
            code = item.step.code
            self._write(lambda: introducing.mark(ctx, STEP, code, yes=yes))
        elif isinstance(item, PointView):
            what, name = item.what, item.point.code
            self._write(lambda: introducing.mark(ctx, what, name, yes=yes))

    def _assign(self, member: MemberId | None, due: date | None) -> None:
        item, ctx = self.panel.item, self._session.ctx
        if isinstance(item, StepView):
            code = item.step.code
            self._write(lambda: introducing.assign(ctx, code, member, due))

    def _start(self) -> None:
        ctx, shown = self._session.ctx, self.begin.date()
        day = date(shown.year(), shown.month(), shown.day())
        self._write(lambda: introducing.set_start(ctx, day))

    def _write(self, op: Callable[[], Written]) -> None:
        session = self._session
        text = self.tr("記録しました(取り消し Ctrl+Z)")
        session.tasks.write(op, lambda _: self._written(text), session.notices.error, owner=self)

    def _written(self, text: str) -> None:
        self._session.notices.say(text)
        self.load()

    # ------------------------------------------------------------------ paper

    def ask_paper(self) -> None:
        """Ask where to, and save the document: a PDF, or HTML by the file's ending."""
        today = self._session.now().astimezone(TOKYO).date().isoformat()
        name = self.tr("導入の状況 {day}").format(day=today)
        kinds = self.tr("PDF (*.pdf);;HTML (*.html)")
        path, kind = QFileDialog.getSaveFileName(self, self.tr("導入の状況を保存"), f"{name}.pdf", kinds)
        if path:
            target = Path(path)
            ending = ".html" if "html" in kind else ".pdf"
            self.save_paper(target if target.suffix else target.with_suffix(ending))

    def save_paper(self, path: Path) -> None:
        """Save the document under a name, as PDF or HTML."""
        ctx, lang, notices = self._session.ctx, self._session.lang, self._session.notices

        def done(html: str) -> None:
            try:
                if path.suffix.lower() in {".html", ".htm"}:
                    path.write_text(html, "utf-8")
                else:
                    pdf.write_pdf(html, path, self.tr("導入の90日"))
            except OSError:
                what = self.tr("文書を書き込めませんでした。")
                notices.show(Notice(what, self.tr("保存先を変えて、もう一度お試しください。")))
                return
            notices.say(self.tr("保存しました: {file}").format(file=path.name))

        self._session.tasks.read(
            lambda: introduction_paper.html(ctx, introducing.board(ctx, lang), lang), done, notices.error, owner=self
        )


def make(session: Session) -> Page:
    """Make the page."""
    page = IntroductionPage(session)
    page.bind()
    return page
