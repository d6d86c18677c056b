"""The review of queues: the reps at the top, the leads of the one in front below, and what can be done with many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.changes import Changes
from isdesk.domain.ids import LeadId, MemberId
from isdesk.services import bulk, lead_table, team
from isdesk.services.bulk import Outlook, Step
from isdesk.services.team import EVERYBODY, Carried, RepLoad, TeamRow
from isdesk.services.team_views import View
from isdesk.services.views import Written
from ui import team_words
from ui.models.leads_model import LeadsModel
from ui.models.reps_model import RepsModel
from ui.models.reps_model import name as named
from ui.views.approvals_ask import ApprovalOffer, close_wish
from ui.views.leads.bulk_bar import BulkBar
from ui.views.leads.filters import SearchField
from ui.views.team.cards import RepCards
from ui.views.team.columns import columns
from ui.views.team.table import DragTable
from ui.views.team.view_menu import ViewMenu
from ui.widgets import EmptyState, FlowLayout, button, label

if TYPE_CHECKING:
    from ui.session import Session

TYPING_MS = 180
_KEPT_SELECTION = 2000
"""Up to so many selected leads stay selected when the list is read anew."""


@dataclass(frozen=True, slots=True)
class Review:
    """What was read: the reps, the leads of the one in front, and the first of their rows."""

    loads: tuple[RepLoad, ...]
    ids: list[LeadId]
    rows: list[TeamRow]


class QueueReview(QWidget):
    """``opened(lead id)`` a lead to look at in the call page; ``asked_calls(rep)`` the evaluated calls of a rep."""

    opened = Signal(str)
    asked_calls = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._rep: MemberId | None = EVERYBODY
        self._kind = "open"
        self._sort, self._descending = "", False
        self._known = False
        self._quiet = False
        self.reps = RepsModel(self)
        self.cards = RepCards(self.reps)
        self.model: LeadsModel[TeamRow] = LeadsModel(columns(session.words, session.now), self, drags=True)
        self.table = DragTable(self.tr("担当のキュー"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.bar = BulkBar(session.ctx, session.words, without=frozenset({bulk.CONSENT, bulk.DO_NOT_CALL, "export"}))
        self.empty = EmptyState("check", self.tr("該当するリードはありません"))
        self.whose, self.count = label("", "head"), label("", "dim")
        self.hint = label(self.tr("リードを担当のカードへドラッグ、または A で割り当て直し"), "small")
        self.field = SearchField()
        self.field.setPlaceholderText(self.tr("氏名・会社で絞り込み"))
        self.field.setAccessibleName(self.tr("キューを絞り込む"))
        self.field.setToolTip(self.tr("絞り込み(/)"))
        self.field.setClearButtonEnabled(True)
        self.field.setFixedWidth(176)
        self.views = ViewMenu(session)
        self._offer = ApprovalOffer(session, self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self.chips: dict[str, QPushButton] = {}
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        cards = QHBoxLayout()
        cards.setContentsMargins(24, 0, 16, 0)
        cards.addWidget(self.cards)
        box.addLayout(cards)
        box.addWidget(self._narrow())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        lower = QVBoxLayout()
        lower.setSpacing(0)
        lower.addWidget(self._stack, 1)
        lower.addWidget(self.bar)
        box.addLayout(lower, 1)
        self.bar.hide()

    def _narrow(self) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(24, 0, 24, 0)
        line.setSpacing(8)
        line.addWidget(self.whose)
        line.addWidget(self.count)
        line.addSpacing(8)
        chips = QWidget()
        flow = FlowLayout(chips, gap=6)
        flow.setContentsMargins(0, 4, 0, 0)
        for kind in team_words.KINDS:
            chip = button(team_words.kind(kind), "tab")
            chip.clicked.connect(lambda _=False, k=kind: self.narrow(k))
            flow.addWidget(chip)
            self.chips[kind] = chip
        line.addWidget(chips, 1)
        line.addWidget(self.field)
        line.addWidget(self.views)
        return made

    def _connect(self) -> None:
        session = self._session
        head = self.table.horizontalHeader()
        head.setSectionsClickable(True)
        head.sectionClicked.connect(self._sort_by)
        self.field.textChanged.connect(lambda _: self._typing.start())
        self.field.left.connect(self.table.setFocus)
        self._typing.timeout.connect(self.load)
        self.views.chosen.connect(self.show_view)
        self.views.wanted.connect(lambda: self.views.keep(self.view()))
        self.cards.chosen.connect(self._chosen)
        self.cards.narrowed.connect(self.narrow)
        self.cards.asked_calls.connect(self.asked_calls)
        self.reps.dropped.connect(self._dropped)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._selected())
        self.table.opened.connect(self._open)
        self.model.wanted.connect(self._read_rows)
        self.bar.stepped.connect(self._count)
        self.bar.run.connect(self._run)
        self.bar.closed.connect(self.table.setFocus)
        self.bar.cleared.connect(self.table.clearSelection)
        widen = self.empty.add_button(self.tr("すべて表示"))
        widen.clicked.connect(lambda: self.show_view(View("", self._rep)))
        session.hub.changed.connect(self._changed)
        session.hub.ticked.connect(self._beat)

    # ------------------------------------------------------------------ reading

    def arrive(self) -> None:
        """The page is in front: read what changed meanwhile."""
        if not self._known:
            self.load()
        self.table.setFocus()

    def load(self) -> None:
        """Read the reps and the leads of the one in front."""
        ctx, rep, kind = self._session.ctx, self._rep, self._kind
        text, sort, descending = self.field.text().strip(), self._sort, self._descending

        def op() -> Review:
            ids = lead_table.arranged(ctx, team.ids(ctx, rep, kind), text, sort, descending=descending)
            return Review(team.overview(ctx), ids, team.rows(ctx, ids[:64]))

        self._known = True
        self._session.tasks.read(op, self._show, owner=self, key="team")

    def _show(self, read: Review) -> None:
        self._quiet = True
        self.reps.show(read.loads)
        if self.reps.row_of(self._rep) < 0:
            self._rep = EVERYBODY
        self.cards.choose(self._rep)
        self._quiet = False
        self._word(len(read.ids))
        if read.ids != self.model.ids():
            self._keep_selection(read.ids)
        self.model.put(read.rows)
        stale = self.model.stale()
        if len(stale) > len(read.rows):
            self._read_rows(stale[-256:])
        self._stack.setCurrentIndex(0 if read.ids else 1)
        self._selected()

    def _word(self, count: int) -> None:
        load = self.reps.load(self.reps.row_of(self._rep))
        if load is None:
            return
        self.whose.setText(named(load))
        self.count.setText(self.tr("{n}件").format(n=f"{count:,}"))
        for kind, chip in self.chips.items():
            many = int(getattr(load, kind))
            chip.setText(f"{team_words.kind(kind)} {many:,}")
            chip.setChecked(kind == self._kind)
            chip.setVisible(kind in {"open", self._kind} or many > 0)

    def _keep_selection(self, ids: list[LeadId]) -> None:
        chosen = set(self.selected())
        current = self.model.lead_at(self.table.currentIndex().row())
        top = self.table.verticalScrollBar().value()
        self.model.set_ids(ids)
        flags = QItemSelectionModel.SelectionFlag
        if 0 < len(chosen) <= _KEPT_SELECTION:
            picked, last = QItemSelection(), len(self.model.columns) - 1
            for row, lead_id in enumerate(ids):
                if lead_id in chosen:
                    picked.select(self.model.index(row, 0), self.model.index(row, last))
            self.table.selectionModel().select(picked, flags.ClearAndSelect)
        row = ids.index(current) if current in ids else 0
        if ids:
            self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags.NoUpdate)
        self.table.verticalScrollBar().setValue(top)

    def _read_rows(self, ids: Sequence[LeadId]) -> None:
        ctx, wanted = self._session.ctx, list(ids)
        self._session.tasks.read(
            lambda: team.rows(ctx, wanted), lambda rows: self.model.put(rows, asked=wanted), owner=self
        )

    def _changed(self, changes: Changes) -> None:
        if not (changes.leads or changes.all_leads or changes.queue or changes.handoffs or changes.playbook):
            return
        if self.isVisible():
            self.load()
        else:
            self._known = False

    def _beat(self) -> None:
        if self.isVisible():
            self.load()
        else:
            self._known = False

    # ------------------------------------------------------------------ which

    def _chosen(self, member: MemberId | None) -> None:
        if not self._quiet and member != self._rep:
            self._rep = member
            self.table.clearSelection()
            self.table.verticalScrollBar().setValue(0)
            self.load()

    def narrow(self, kind: str) -> None:
        """Show only the leads of one figure."""
        if kind != self._kind:
            self._kind = kind
            self.table.clearSelection()
            self.table.verticalScrollBar().setValue(0)
        self.load()

    def ask_calls(self) -> None:
        """Ask for the evaluated calls of the rep in front."""
        self.asked_calls.emit(self._rep if self._rep != EVERYBODY else None)

    def next_kind(self) -> None:
        """Show the leads of the next figure that has some."""
        kinds = [kind for kind, chip in self.chips.items() if not chip.isHidden()]
        self.narrow(kinds[(kinds.index(self._kind) + 1) % len(kinds)] if self._kind in kinds else kinds[0])

    def _sort_by(self, section: int) -> None:
        """Sort by a column; by the same one again the other way round, and a third time as the queue stands."""
        sort = self.model.columns[section].sort
        if not sort:
            return
        if sort != self._sort:
            self._sort, self._descending = sort, sort in {"priority", "attempts"}
        elif self._descending == (sort in {"priority", "attempts"}):
            self._descending = not self._descending
        else:
            self._sort, self._descending = "", False
        self.model.show_sort(self._sort, descending=self._descending)
        self.load()

    def seek(self) -> None:
        """Go to the search field."""
        self.field.setFocus()
        self.field.selectAll()

    def rep_in_front(self) -> MemberId | None:
        """Return the rep whose card is in front; None for everybody and nobody."""
        return self._rep or None

    def view(self) -> View:
        """Return what is shown as a view without a name."""
        return View("", self._rep, self._kind, self.field.text().strip(), self._sort, self._descending)

    def show_view(self, view: View) -> None:
        """Show a saved view."""
        self._rep = view.rep
        self._kind = view.kind if view.kind in team_words.KINDS else "open"
        self._sort, self._descending = view.sort, view.descending
        self.field.setText(view.text)
        self._typing.stop()
        self.table.clearSelection()
        self.model.show_sort(self._sort, descending=self._descending)
        self.load()

    # ------------------------------------------------------------------ what is done with many

    def selected(self) -> list[LeadId]:
        """Return the selected leads in the order shown."""
        ids = self.model.ids()
        return [ids[row] for row in self.table.chosen_rows() if row < len(ids)]

    def may_change(self) -> bool:
        """Return True where leads are selected and nothing is being asked."""
        return not self.bar.isHidden() and not self.bar.asking

    def _selected(self) -> None:
        count = len(self.table.chosen_rows())
        self.bar.setVisible(count > 0)
        self.bar.show_count(count)
        step = self.bar.step()
        if step is not None and count:
            self._count(step)

    def _dropped(self, ids: list[LeadId], member: str) -> None:
        """Leads were let go over a rep: ask, with what it would change, before it is done."""
        if set(ids) == set(self.selected()):
            self.bar.ask_to(MemberId(member))

    def _count(self, step: Step) -> None:
        ctx, ids = self._session.ctx, self.selected()

        def op() -> tuple[Outlook, Carried | None]:
            along = team.carried(ctx, ids) if step.kind == bulk.ASSIGN else None
            return bulk.preview(ctx, ids, step), along

        self._session.tasks.read(op, self._counted, self._refused, owner=self, key="team-bulk")

    def _counted(self, found: tuple[Outlook, Carried | None]) -> None:
        outlook, along = found
        if not self.bar.asking:
            return
        more = ""
        if along is not None and (along.promised or along.sla):
            text = self.tr("約束 {promised}件・SLA {sla}件も移ります")
            more = text.format(promised=f"{along.promised:,}", sla=f"{along.sla:,}")
        self.bar.show_outlook(outlook, more)

    def _refused(self, error: Exception) -> None:
        self.bar.outlook.setText("")
        self._session.notices.error(error)

    def _run(self, step: Step) -> None:
        ctx, ids = self._session.ctx, self.selected()
        self.bar.close_question()

        def failed(error: Exception) -> None:
            self._offer.offer(close_wish(ids, step.stage, error), error)

        self._session.tasks.write(lambda: bulk.run(ctx, ids, step), self._ran, failed, owner=self)

    def _ran(self, written: Written) -> None:
        self.table.setFocus()
        count = len(written.changes.leads)
        text = self.tr("{n}件を変更しました(取り消し Ctrl+Z)").format(n=f"{count:,}")
        self._session.notices.say(text if count else self.tr("変わるものはありませんでした"))

    def _open(self, index: QModelIndex) -> None:
        lead_id = self.model.lead_at(index.row())
        if lead_id is not None:
            self.opened.emit(lead_id)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.bar.asking:
            self.bar.close_question()
        elif event.key() == Qt.Key.Key_Escape:
            self.table.clearSelection()
        else:
            super().keyPressEvent(event)
