"""The page 取り込み: a file looked at, its columns sent to fields, what would happen, then written, and one undo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.changes import Changes
from isdesk.domain.errors import Refused
from isdesk.services import history, import_past, imports
from isdesk.services.imports import ImportPlan, ImportReport, Probe
from isdesk.services.views import UndoStep
from ui.commands import Command
from ui.field_words import FieldWords
from ui.noop import QT_TRANSLATE_NOOP
from ui.pages import Page
from ui.tasks import Progress
from ui.views.imports.drop_zone import DropZone, dropped
from ui.views.imports.file_form import FileBar, OptionsCard
from ui.views.imports.mapping import MappingTable
from ui.views.imports.past import Past
from ui.views.imports.preview import Figures, PlanTables
from ui.views.imports.signals import SignalsCard
from ui.widgets import Card, KeyCap, SegmentedTabs, button, label
from ui.widgets.busy import BusyLine

if TYPE_CHECKING:
    from ui.session import Session

FILE, COLUMNS, CHECK, DONE = range(4)
_MARGIN = 24
COMMANDS: tuple[Command, ...] = (
    Command(
        "import.open", QT_TRANSLATE_NOOP("commands", "取り込むファイルを選ぶ"), "import", ("O",), "import", "folder"
    ),
    Command(
        "import.signals",
        QT_TRANSLATE_NOOP("commands", "反応(意欲)の一覧を取り込む"),
        "import",
        ("S",),
        "import",
        "chart",
    ),
    Command("import.next", QT_TRANSLATE_NOOP("commands", "取り込みを先へ進める"), "import", ("Ctrl+Return",), "import"),
    Command("import.back", QT_TRANSLATE_NOOP("commands", "取り込みを前に戻す"), "import", ("Alt+Left",), "import"),
)


class ImportPage(Page):
    """Four steps; nothing is written before the third says what would be."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._probe: Probe | None = None
        self._plan: ImportPlan | None = None
        self._report: ImportReport | None = None
        self._progress: Progress | None = None
        self.setAcceptDrops(True)
        ctx = session.ctx
        speech = FieldWords(ctx, session.words)
        self.steps = SegmentedTabs(
            [self.tr("1 ファイル"), self.tr("2 列の対応"), self.tr("3 確認"), self.tr("4 結果")], "steps"
        )
        self.steps.setEnabled(False)
        self.busy = BusyLine()
        self.drop, self.past = DropZone(), Past(session)
        self.signals = SignalsCard(session)
        self.file = FileBar()
        self.mapping, self.options = MappingTable(), OptionsCard(ctx)
        self.figures, self.tables = Figures(), PlanTables(speech, ctx.lang)
        self.result, self.result_tables = Figures(), PlanTables(speech, ctx.lang)
        self._stack = QStackedWidget()
        for part in (self._file_step(), self._columns_step(), self._check_step(), self._done_step()):
            self._stack.addWidget(part)
        self._lay_out()
        self._connect()
        self._go(FILE)

    # ------------------------------------------------------------------ parts

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 14, 0, 0)
        box.setSpacing(12)
        head = QHBoxLayout()
        head.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        head.addWidget(label(self.tr("取り込み"), "title"))
        head.addSpacing(20)
        self.steps.setMaximumWidth(560)
        head.addWidget(self.steps, 2)
        head.addStretch(1)
        box.addLayout(head)
        line = QHBoxLayout()
        line.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        line.addWidget(self.busy)
        box.addLayout(line)
        box.addWidget(self._stack, 1)

    def _file_step(self) -> QWidget:
        made, box = _column()
        box.addWidget(self.drop, 3)
        box.addWidget(self.signals)
        box.addWidget(self.past, 4)
        box.addStretch(1)
        return made

    def _columns_step(self) -> QWidget:
        made, box = _column()
        box.addWidget(self.file)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        card = Card(margins=(1, 1, 1, 1))
        card.body.addWidget(self.mapping)
        middle.addWidget(card, 1)
        self.options.setFixedWidth(280)
        middle.addWidget(self.options)
        box.addLayout(middle, 1)
        self.check_button = button(self.tr("確認へ進む"), "primary")
        box.addLayout(_foot(label(self.tr("Enterで取り込み先を選び、Deleteで外します"), "small"), self.check_button))
        return made

    def _check_step(self) -> QWidget:
        made, box = _column()
        self.headline = label("", "head")
        box.addWidget(self.headline)
        box.addWidget(self.figures)
        card = Card(margins=(1, 1, 1, 1))
        card.body.addWidget(self.tables)
        box.addWidget(card, 1)
        self.run_button = button(self.tr("取り込む"), "primary")
        self.back_button = button(self.tr("列の対応に戻る"))
        self.back_button.clicked.connect(self.back)
        box.addLayout(
            _foot(label(self.tr("まだ何も書き込んでいません"), "small"), self.run_button, before=self.back_button)
        )
        return made

    def _done_step(self) -> QWidget:
        made, box = _column()
        self.outcome = label("", "head", wrap=True)
        self.outcome_more = label("", "dim", wrap=True)
        box.addWidget(self.outcome)
        box.addWidget(self.outcome_more)
        box.addWidget(self.result)
        card = Card(margins=(1, 1, 1, 1))
        card.body.addWidget(self.result_tables)
        box.addWidget(card, 1)
        self.undo_button = button(self.tr("この取り込みを元に戻す"))
        self.save_button = button(self.tr("読めない値をCSVで保存"))
        self.leads_button = button(self.tr("リードを見る"))
        self.again_button = button(self.tr("次のファイル"), "primary")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.undo_button)
        line.addWidget(self.save_button)
        line.addStretch(1)
        line.addWidget(self.leads_button)
        line.addWidget(self.again_button)
        line.addWidget(KeyCap("Ctrl Enter"))
        box.addLayout(line)
        return made

    def _connect(self) -> None:
        self.drop.chosen.connect(lambda path: self.take(Path(path)))
        self.file.reread.connect(self._reread)
        self.file.other.connect(lambda: self._go(FILE))
        self.check_button.clicked.connect(self.check)
        self.run_button.clicked.connect(self.run)
        self.busy.cancelled.connect(self._cancel)
        self.undo_button.clicked.connect(self._undo)
        self.save_button.clicked.connect(self._ask_save)
        self.leads_button.clicked.connect(lambda: self._session.commands.run("page.leads"))
        self.again_button.clicked.connect(lambda: self._go(FILE))
        self._session.hub.changed.connect(self._changed)

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands = self._session.commands
        for command in COMMANDS:
            commands.declare(command)
        commands.bind("import.open", self.drop.ask, allowed=lambda: not self.busy.isVisible())
        commands.bind("import.signals", self.signals.ask, allowed=lambda: self.step == FILE)
        commands.bind("import.next", self.forward, allowed=lambda: not self.busy.isVisible())
        commands.bind("import.back", self.back, allowed=lambda: not self.busy.isVisible())

    # ------------------------------------------------------------------ going through the steps

    @override
    def arrive(self) -> None:
        self.past.load()
        self._focus()

    @property
    def step(self) -> int:
        """Return the step in front."""
        return self._stack.currentIndex()

    def _go(self, step: int) -> None:
        self._stack.setCurrentIndex(step)
        self.steps.set_current(step)
        for place in range(4):
            self.steps.set_done(place, done=place < step)
        if step == FILE:
            self.past.load()
        self._focus()

    def _focus(self) -> None:
        first = {
            FILE: self.drop.choose,
            COLUMNS: self.mapping.table,
            CHECK: self.run_button,
            DONE: self.again_button,
        }[self.step]
        if self.isVisible():
            first.setFocus()

    def forward(self) -> None:
        """Do what the step in front is for."""
        if self.step == FILE:
            self.drop.ask()
        elif self.step == COLUMNS:
            self.check()
        elif self.step == CHECK:
            self.run()
        else:
            self._go(FILE)

    def back(self) -> None:
        """Go one step back; what was chosen stays."""
        if self.step in {COLUMNS, CHECK}:
            self._go(self.step - 1)

    # ------------------------------------------------------------------ the file

    def take(self, path: Path) -> None:
        """Look at a file."""
        self._look(path, None, None, None)

    def _reread(self) -> None:
        if self._probe is not None:
            self._look(self._probe.path, *self.file.chosen())

    def _look(self, path: Path, encoding: str | None, delimiter: str | None, sheet: str | None) -> None:
        ctx, source = self._session.ctx, self.options.origin.text().strip()
        self._begin(self.tr("ファイルを調べています"), stop=False)
        self._session.tasks.fetch(
            lambda: imports.probe(ctx, path, encoding, delimiter, sheet, source),
            self._looked,
            self._failed,
            owner=self,
            key="import-probe",
        )

    def _looked(self, probe: Probe) -> None:
        self.busy.end()
        self._probe = probe
        self.file.show_probe(probe)
        self.mapping.show_probe(probe, self._session.lang)
        self._go(COLUMNS)

    # ------------------------------------------------------------------ the plan

    def check(self) -> None:
        """Work out what the import would do."""
        probe = self._probe
        if probe is None:
            return
        ctx, mapping, options = self._session.ctx, self.mapping.columns, self.options.options()
        progress = self._begin(self.tr("行を確かめています"))

        def op() -> ImportPlan:
            return imports.plan(
                ctx, probe, mapping, options, lambda done, total: progress.step("plan", done, total), progress.cancelled
            )

        self._session.tasks.fetch(op, self._planned, self._failed, owner=self, key="import-plan")

    def _planned(self, plan: ImportPlan) -> None:
        self.busy.end()
        self._plan = plan
        self.figures.show_plan(plan)
        self.tables.tabs.set_current(0)
        self.tables.show_plan(plan)
        text = self.tr("{file} の{rows}行を取り込むと、次のようになります")
        self.headline.setText(text.format(file=plan.probe.path.name, rows=f"{plan.rows:,}"))
        count = plan.creates + plan.updates
        if plan.bases:
            more = self.tr("メールの同意の根拠を{n}件のアドレスに記録します")
            self.headline.setText(f"{self.headline.text()} ・ {more.format(n=f'{plan.bases:,}')}")
        elif not count:
            self.headline.setText(self.tr("{file} に新しい内容はありません").format(file=plan.probe.path.name))
        self.run_button.setText(self.tr("{n}件を取り込む").format(n=f"{count:,}") if count else self.tr("取り込む"))
        self.run_button.setEnabled(count + plan.bases > 0)
        self._go(CHECK)

    # ------------------------------------------------------------------ writing

    def run(self) -> None:
        """Write the import: all of it, or nothing."""
        plan = self._plan
        if plan is None or not self.run_button.isEnabled():
            return
        ctx = self._session.ctx
        progress = self._begin(self.tr("取り込んでいます"))
        self._set_open(on=False)

        def op() -> ImportReport:
            return imports.run(ctx, plan, lambda done, total: progress.step("write", done, total), progress.cancelled)

        self._session.tasks.write(op, self._ran, self._failed, owner=self)

    def _ran(self, report: ImportReport) -> None:
        self.busy.end()
        self._set_open(on=True)
        self._report = report
        self.result.show_report(report)
        plan = self._plan
        if plan is not None:
            self.result_tables.show_plan(plan)
        self.result_tables.tabs.set_current(1 if report.problem_count else 0)
        text = self.tr("取り込みました: 新規{new}件・更新{changed}件")
        done = text.format(new=f"{report.created:,}", changed=f"{report.updated:,}")
        noted = self.tr("同意の根拠{n}件").format(n=f"{report.bases:,}")
        self.outcome.setText(f"{done}・{noted}" if report.bases else done)
        self.save_button.setVisible(bool(report.problems))
        self._plan = None
        self._go(DONE)
        self._know_undo()

    def _set_open(self, *, on: bool) -> None:
        self._stack.setEnabled(on)

    # ------------------------------------------------------------------ afterwards

    def _changed(self, changes: Changes) -> None:
        if changes.undo and self._report is not None and self.step == DONE:
            self._know_undo()

    def _know_undo(self) -> None:
        ctx, report = self._session.ctx, self._report
        if report is None:
            return
        self._session.tasks.read(
            lambda: import_past.undo_depth(ctx, report.journal_id), self._show_undo, owner=self, key="import-undo"
        )

    def _show_undo(self, depth: int) -> None:
        self.undo_button.setEnabled(depth > 0)
        if depth == 1:
            self.outcome_more.setText(
                self.tr("ひとつの操作として記録されています。「取り消し」(Ctrl+Z)で全部戻ります。")
            )
        elif depth:
            text = self.tr("このあとに{n}件の操作があります。元に戻すと、それらも取り消されます。")
            self.outcome_more.setText(text.format(n=depth - 1))
        else:
            self.outcome_more.setText(self.tr("この取り込みは、もう元に戻してあるか、書き込むものがありませんでした。"))

    def _undo(self) -> None:
        ctx, report = self._session.ctx, self._report
        if report is None:
            return
        self._begin(self.tr("元に戻しています"), stop=False)

        def op() -> tuple[Changes, list[UndoStep]]:
            depth = import_past.undo_depth(ctx, report.journal_id)
            return history.undo(ctx, depth) if depth else (Changes(), [])

        self._session.tasks.write(op, self._undone, self._failed, owner=self)

    def _undone(self, done: tuple[Changes, list[UndoStep]]) -> None:
        self.busy.end()
        if done[1]:
            self.outcome.setText(self.tr("取り込みを元に戻しました。リードは取り込む前の状態です。"))
        self._know_undo()

    def _ask_save(self) -> None:
        name = f"{self.tr('読めない値')}.csv"
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("読めない値を保存"), name, self.tr("CSV (*.csv);;Excel (*.xlsx)")
        )
        if path:
            self.save_problems(Path(path))

    def save_problems(self, path: Path) -> None:
        """Write the problems of the last import to a file."""
        ctx, report = self._session.ctx, self._report
        if report is None:
            return
        text = self.tr("{n}件を {file} に保存しました")
        self._session.tasks.fetch(
            lambda: import_past.save_problems(ctx, report.problems, path),
            lambda count: self._session.notices.say(text.format(n=f"{count:,}", file=path.name)),
            owner=self,
        )

    # ------------------------------------------------------------------ long work

    def _begin(self, what: str, *, stop: bool = True) -> Progress:
        progress = self._progress = Progress(self)
        progress.stepped.connect(self.busy.step)
        self.busy.begin(what)
        self.busy.stop.setVisible(stop)
        return progress

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()

    def _failed(self, error: Exception) -> None:
        self.busy.end()
        self._set_open(on=True)
        if isinstance(error, Refused) and error.code == "import_cancelled":
            self._session.notices.say(self.tr("取り込みを中止しました。何も書き込んでいません。"))
            return
        self._session.notices.error(error)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData()) is not None and not self.busy.isVisible():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.take(path)


def _column() -> tuple[QWidget, QVBoxLayout]:
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(_MARGIN, 0, _MARGIN, 16)
    box.setSpacing(12)
    return made, box


def _foot(hint: QWidget, do: QWidget, before: QWidget | None = None) -> QLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(hint, 1, Qt.AlignmentFlag.AlignVCenter)
    if before is not None:
        line.addWidget(before)
    line.addWidget(do)
    line.addWidget(KeyCap("Ctrl Enter"))
    return line


def make(session: Session) -> Page:
    """Make the page."""
    page = ImportPage(session)
    page.bind()
    return page
