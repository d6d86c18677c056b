"""The page リード: every lead in one table, narrowed and sorted at once, with verbs for many leads at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout
from typing_extensions import override

from isdesk.domain.changes import Changes, Value
from isdesk.domain.errors import IsdeskError, Refused
from isdesk.domain.ids import LeadId
from isdesk.services import bulk
from isdesk.services.bulk import Outlook, Step
from isdesk.services.lead_table import FOUND, Filter, TableRow
from isdesk.services.views import Written
from ui.commands import Command
from ui.models.leads_model import LeadsModel
from ui.noop import QT_TRANSLATE_NOOP
from ui.notices import Notice
from ui.pages import Page
from ui.tasks import Progress
from ui.views.approvals_ask import ApprovalOffer, close_wish
from ui.views.leads.bulk_bar import BulkBar
from ui.views.leads.columns import columns
from ui.views.leads.filters import FilterBar
from ui.views.leads.new_lead import NewLead
from ui.widgets import EmptyState, button, label
from ui.widgets.busy import BusyLine
from ui.widgets.table import DataTable

if TYPE_CHECKING:
    from ui.session import Session

_KEPT_SELECTION = 2000
"""Up to so many selected leads stay selected when the list is read anew."""

COMMANDS: tuple[Command, ...] = (
    Command("leads.add", QT_TRANSLATE_NOOP("commands", "リードを追加"), "leads", ("N",), "leads", "plus", False),
    Command(
        "leads.find", QT_TRANSLATE_NOOP("commands", "リードを絞り込む"), "leads", ("/", "Ctrl+F"), "leads", "filter"
    ),
    Command("leads.sort", QT_TRANSLATE_NOOP("commands", "次の列で並べ替え"), "leads", ("T",), "leads", "filter"),
    Command("leads.turn", QT_TRANSLATE_NOOP("commands", "並び順を逆に"), "leads", ("Shift+T",), "leads", "filter"),
    Command("leads.assign", QT_TRANSLATE_NOOP("commands", "選択の担当を変更"), "leads", ("A",), "leads", "user"),
    Command("leads.snooze", QT_TRANSLATE_NOOP("commands", "選択を後で"), "leads", ("S",), "leads", "clock"),
    Command("leads.pin", QT_TRANSLATE_NOOP("commands", "選択を固定"), "leads", ("P",), "leads", "pin"),
    Command(
        "leads.consent", QT_TRANSLATE_NOOP("commands", "選択のメールの同意を記録"), "leads", ("C",), "leads", "mail"
    ),
    Command("leads.dnc", QT_TRANSLATE_NOOP("commands", "選択を架電禁止に"), "leads", ("D",), "leads", "lock"),
    Command("leads.save", QT_TRANSLATE_NOOP("commands", "表のリードを書き出す"), "leads", ("E",), "leads", "export"),
)


class LeadsPage(Page):
    """Table in the middle, filter above, what can be done with the selection below."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._sort, self._descending = "priority", True
        self._stale = True
        self._progress: Progress | None = None
        ctx = session.ctx
        self.filter = FilterBar(ctx.rules, ctx.lang)
        if ctx.me.role != "rep":
            self.filter.set_wanted(Filter(scope="team"))
        self.model = LeadsModel(columns(session.words, session.now), self)
        self.table = DataTable(self.tr("リード"), several=True)
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.form = NewLead(ctx, session.tasks)
        self.bar = BulkBar(ctx, session.words)
        self._offer = ApprovalOffer(session, self)
        self.busy = BusyLine()
        self.count = label("", "dim")
        self.empty = EmptyState("leads", self.tr("リードはまだありません"))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 14, 0, 0)
        box.setSpacing(10)
        head = QHBoxLayout()
        head.setContentsMargins(24, 0, 24, 0)
        head.setSpacing(8)
        head.addWidget(label(self.tr("リード"), "title"))
        head.addSpacing(4)
        head.addWidget(self.count)
        head.addStretch(1)
        self.import_button = button(self.tr("取り込み"), tip=self.tr("CSV・Excelから取り込む(Ctrl+I)"))
        self.export_button = button(self.tr("書き出す"), tip=self.tr("表のリードをCSV・Excelに書き出す(E)"))
        self.add_button = button(self.tr("リードを追加"), "primary", tip=self.tr("リードを追加(N)"))
        for part in (self.import_button, self.export_button, self.add_button):
            head.addWidget(part)
        box.addLayout(head)
        for wide in (self.filter, self.form, self.busy):
            row = QHBoxLayout()
            row.setContentsMargins(24, 0, 24, 0)
            row.addWidget(wide)
            box.addLayout(row)
        self.form.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        lower = QVBoxLayout()
        lower.setSpacing(0)
        lower.addWidget(self._stack, 1)
        lower.addWidget(self.bar)
        box.addLayout(lower, 1)
        self.bar.hide()
        head_view = self.table.horizontalHeader()
        head_view.setSectionsClickable(True)
        head_view.setStretchLastSection(True)
        self._show_sort()

    def _connect(self) -> None:
        session = self._session
        self.filter.changed.connect(self.load)
        self.filter.field.left.connect(self._to_table)
        self.table.horizontalHeader().sectionClicked.connect(self._sort_by)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.table.opened.connect(self._open)
        self.model.wanted.connect(self._read_rows)
        self.add_button.clicked.connect(self.start_new)
        self.import_button.clicked.connect(lambda: session.commands.run("leads.import"))
        self.export_button.clicked.connect(self.export)
        self.form.saved.connect(self._create)
        self.form.closed.connect(self._close_form)
        self.form.opened.connect(self.asked_lead)
        self.bar.stepped.connect(self._count)
        self.bar.run.connect(self._run)
        self.bar.export.connect(self.export)
        self.bar.closed.connect(self.table.setFocus)
        self.bar.cleared.connect(self.table.clearSelection)
        self.busy.cancelled.connect(self._cancel)
        self._add = self.empty.add_button(self.tr("リードを追加"), "primary")
        self._add.clicked.connect(self.start_new)
        self._take = self.empty.add_button(self.tr("ファイルから取り込む"))
        self._take.clicked.connect(lambda: session.commands.run("leads.import"))
        self._widen = self.empty.add_button(self.tr("絞り込みを外す"))
        self._widen.clicked.connect(self._widen_filter)
        session.hub.changed.connect(self._changed)
        session.hub.ticked.connect(lambda: self.table.viewport().update())

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands = self._session.commands
        for command in COMMANDS:
            commands.declare(command)
        commands.bind("leads.add", self.start_new)
        commands.bind("leads.find", self._find)
        commands.bind("leads.sort", self._sort_next)
        commands.bind("leads.turn", lambda: self._sort_by(self._sorted_column()))
        for name, kind in (
            ("assign", bulk.ASSIGN),
            ("snooze", bulk.SNOOZE),
            ("pin", bulk.PIN),
            ("consent", bulk.CONSENT),
            ("dnc", bulk.DO_NOT_CALL),
        ):
            commands.bind(f"leads.{name}", partial(self.bar.ask, kind), allowed=self._may_change)
        commands.bind("leads.save", self.export, allowed=lambda: bool(self.model.ids()))

    def _may_change(self) -> bool:
        return self.bar.isVisible() and not self.bar.asking

    # ------------------------------------------------------------------ what is shown

    @override
    def arrive(self) -> None:
        if self._stale:
            self.load()
        if not self.form.isVisible():
            self.table.setFocus()

    def show_filter(self, wanted: Filter) -> None:
        """Show other leads (from a figure elsewhere)."""
        self.filter.set_wanted(wanted)

    def load(self) -> None:
        """Read which leads stand in the table."""
        from isdesk.services import lead_table

        ctx, wanted = self._session.ctx, self.filter.wanted()
        sort, descending = self._sort, self._descending

        def op() -> tuple[list[LeadId], Mapping[str, int], list[TableRow]]:
            found = lead_table.ids(ctx, wanted, sort, descending=descending)
            return found, lead_table.stage_counts(ctx, wanted), lead_table.rows(ctx, found[:64])

        self._stale = False
        self._session.tasks.read(op, self._show, owner=self, key="leads")

    def _show(self, read: tuple[list[LeadId], Mapping[str, int], list[TableRow]]) -> None:
        ids, counts, rows = read
        self.filter.show_counts(counts)
        text = self.tr("{n}件").format(n=f"{len(ids):,}")
        if self.filter.wanted().text and len(ids) >= FOUND:
            text = self.tr("近い順に{n}件まで").format(n=f"{len(ids):,}")
        self.count.setText(text)
        if ids != self.model.ids():
            self._keep_selection(ids)
        self.model.put(rows)
        stale = self.model.stale()
        if len(stale) > len(rows):
            self._read_rows(stale[-256:])
        if not ids:
            self._say_empty()
        self._stack.setCurrentIndex(0 if ids else 1)

    def _keep_selection(self, ids: list[LeadId]) -> None:
        chosen = self.selected()
        current = self.model.lead_at(self.table.currentIndex().row())
        top = self.table.verticalScrollBar().value()
        self.model.set_ids(ids)
        place = {lead_id: row for row, lead_id in enumerate(ids)}
        if len(chosen) <= _KEPT_SELECTION:
            picked = QItemSelection()
            last = len(self.model.columns) - 1
            for lead_id in chosen:
                row = place.get(lead_id)
                if row is not None:
                    picked.select(self.model.index(row, 0), self.model.index(row, last))
            self.table.selectionModel().select(picked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        row = place.get(current, 0) if current is not None else 0
        if ids:
            self.table.selectionModel().setCurrentIndex(
                self.model.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        self.table.verticalScrollBar().setValue(top)

    def _say_empty(self) -> None:
        narrowed = self.filter.narrowed()
        mine = self.filter.wanted().scope == "mine"
        if narrowed:
            self.empty.say(self.tr("当てはまるリードはありません"), self.tr("絞り込みを外すと、ほかのリードが出ます。"))
        elif mine:
            self.empty.say(
                self.tr("担当のリードはまだありません"),
                self.tr("CSV・Excelをここに落とすか、1件ずつ追加できます。チームのリードは「チーム」で見られます。"),
            )
        else:
            self.empty.say(
                self.tr("リードはまだありません"), self.tr("CSV・Excelをここに落とすか、1件ずつ追加できます。")
            )
        self._widen.setVisible(narrowed)
        self._add.setVisible(not narrowed)
        self._take.setVisible(not narrowed)

    def _widen_filter(self) -> None:
        self.filter.set_wanted(Filter(scope=self.filter.wanted().scope))

    def _read_rows(self, ids: Sequence[LeadId]) -> None:
        from isdesk.services import lead_table

        ctx, wanted = self._session.ctx, list(ids)
        self._session.tasks.read(
            lambda: lead_table.rows(ctx, wanted), lambda rows: self.model.put(rows, asked=wanted), owner=self
        )

    def _changed(self, changes: Changes) -> None:
        if changes.playbook:
            self.filter.set_rules(self._session.ctx.rules)
        if not changes.leads and not changes.all_leads and not changes.companies:
            return
        if self.isVisible():
            self.load()
        else:
            self._stale = True

    # ------------------------------------------------------------------ order

    def _sort_by(self, section: int) -> None:
        column = self.model.columns[section]
        if not column.sort:
            self._show_sort()
            return
        self._descending = (
            not self._descending if column.sort == self._sort else column.right or column.code == "touched"
        )
        self._sort = column.sort
        self._show_sort()
        self.load()

    def _sorted_column(self) -> int:
        return next(n for n, column in enumerate(self.model.columns) if column.sort == self._sort)

    def _sort_next(self) -> None:
        """Sort by the next column that can be sorted by (the header, for those who use no mouse)."""
        places = [n for n, column in enumerate(self.model.columns) if column.sort]
        self._sort_by(places[(places.index(self._sorted_column()) + 1) % len(places)])

    def _show_sort(self) -> None:
        self.model.show_sort(self._sort, descending=self._descending)

    # ------------------------------------------------------------------ selection and verbs

    def selected(self) -> list[LeadId]:
        """Return the selected leads in the order shown."""
        ids = self.model.ids()
        return [ids[row] for row in self.table.chosen_rows() if row < len(ids)]

    def _selected(self) -> None:
        count = len(self.table.chosen_rows())
        self.bar.setVisible(count > 0)
        self.bar.show_count(count)
        step = self.bar.step()
        if step is not None and count:
            self._count(step)

    def _count(self, step: Step) -> None:
        ctx, ids = self._session.ctx, self.selected()
        self._session.tasks.read(
            lambda: bulk.preview(ctx, ids, step), self._counted, self._refused, owner=self, key="bulk"
        )

    def _counted(self, outlook: Outlook) -> None:
        if self.bar.asking:
            self.bar.show_outlook(outlook)

    def _refused(self, error: Exception) -> None:
        self.bar.outlook.setText("")
        self._session.notices.error(error)

    def _run(self, step: Step) -> None:
        ctx, ids = self._session.ctx, self.selected()
        self.bar.close_question()
        self.busy.begin(self.tr("変更しています"))
        self.busy.stop.hide()
        self._session.tasks.write(
            lambda: bulk.run(ctx, ids, step), self._ran, lambda error: self._not_ran(ids, step, error), owner=self
        )

    def _ran(self, written: Written) -> None:
        self.busy.end()
        self.table.setFocus()
        count = len(written.changes.leads)
        text = self.tr("{n}件を変更しました(取り消し Ctrl+Z)").format(n=f"{count:,}")
        self._session.notices.say(text if count else self.tr("変わるものはありませんでした"))

    def _not_ran(self, ids: Sequence[LeadId], step: Step, error: Exception) -> None:
        self.busy.end()
        self._offer.offer(close_wish(ids, step.stage, error), error)

    def _open(self, index: QModelIndex) -> None:
        lead_id = self.model.lead_at(index.row())
        if lead_id is not None:
            self.asked_lead.emit(lead_id)

    # ------------------------------------------------------------------ a new lead

    def start_new(self) -> None:
        """Open the form of a new lead."""
        if not self.form.isVisible():
            self.form.start()
            self.form.show()
        self.form.fields["name"].setFocus()

    def _close_form(self) -> None:
        self.form.hide()
        self.table.setFocus()

    def _create(self, fields: dict[str, Value]) -> None:
        from isdesk.services import leads

        ctx = self._session.ctx
        self.form.save_button.setEnabled(False)
        self._session.tasks.write(lambda: leads.create(ctx, fields), self._created, self._not_created, owner=self)

    def _created(self, made: tuple[LeadId, Written]) -> None:
        self.form.save_button.setEnabled(True)
        self._close_form()
        self._session.notices.say(self.tr("リードを追加しました(取り消し Ctrl+Z)"))
        self._session.tasks.read(lambda: made[0], self._show_made, owner=self)

    def _show_made(self, lead_id: LeadId) -> None:
        ids = self.model.ids()
        if lead_id in ids:
            self.table.selectRow(ids.index(lead_id))

    def _not_created(self, error: Exception) -> None:
        self.form.save_button.setEnabled(True)
        if isinstance(error, IsdeskError):
            self.form.refuse(error)
        else:
            self._session.notices.error(error)

    # ------------------------------------------------------------------ export

    def export(self) -> None:
        """Ask where to and write the selected leads, or all of the table where none is."""
        chosen = self.selected()
        ids = chosen if len(chosen) > 1 else list(self.model.ids())
        heading = self.tr("{n}件のリードを書き出す").format(n=f"{len(ids):,}")
        name = f"{self.tr('リード')}.xlsx"
        path, _ = QFileDialog.getSaveFileName(
            self, heading, name, self.tr("Excel (*.xlsx);;CSV (*.csv);;JSON (*.json)")
        )
        if path and ids:
            self.export_to(Path(path), ids)

    def export_to(self, path: Path, ids: Sequence[LeadId]) -> None:
        """Write these leads to a file; it runs beside everything else and can be stopped."""
        from isdesk.services import exports

        ctx, wanted = self._session.ctx, list(ids)
        progress = self._progress = Progress(self)
        progress.stepped.connect(self.busy.step)
        self.busy.begin(self.tr("書き出しています"))
        self.busy.stop.show()

        def op() -> int:
            return exports.run(
                ctx,
                "leads",
                path,
                only=wanted,
                progress=lambda done, _: progress.step("export", done, len(wanted)),
                cancelled=progress.cancelled,
            )

        self._session.tasks.fetch(
            op, lambda rows: self._exported(path, rows, len(wanted)), self._not_exported, owner=self
        )

    def _exported(self, path: Path, rows: int, wanted: int) -> None:
        self.busy.end()
        if rows < wanted:
            self._session.notices.show(
                Notice(
                    self.tr("{n}件を {file} に書き出しました。").format(n=f"{rows:,}", file=path.name),
                    self.tr("ほかの担当の{n}件は、書き出す権限がないため入っていません。").format(
                        n=f"{wanted - rows:,}"
                    ),
                    tone="warn",
                )
            )
            return
        text = self.tr("{n}件を {file} に書き出しました").format(n=f"{rows:,}", file=path.name)
        self._session.notices.say(text)

    def _not_exported(self, error: Exception) -> None:
        self.busy.end()
        if isinstance(error, Refused) and error.code == "export_cancelled":
            self._session.notices.say(self.tr("書き出しを中止しました。ファイルは作られていません。"))
        else:
            self._session.notices.error(error)

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()

    # ------------------------------------------------------------------ keys

    def _find(self) -> None:
        self.filter.field.setFocus()
        self.filter.field.selectAll()

    def _to_table(self) -> None:
        self.table.setFocus()
        if self.model.ids() and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.bar.asking:
            self.bar.close_question()
        elif event.key() == Qt.Key.Key_Escape:
            self.table.clearSelection()
        else:
            super().keyPressEvent(event)


def make(session: Session) -> Page:
    """Make the page."""
    page = LeadsPage(session)
    page.bind()
    return page
