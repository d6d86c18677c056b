"""Today's queue: filter chips, the one list, and a footer that tells of news without moving what is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QMenu,
    QPushButton,
    QScrollBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from isdesk.domain.changes import Changes
from isdesk.domain.ids import LeadId
from isdesk.domain.state import Scores
from isdesk.services.views import QueueCounts, QueueRow, WindowState
from ui import words
from ui.delegates.queue_delegate import QueueDelegate
from ui.models.queue_model import QueueModel
from ui.models.queue_source import VIEW, QueueSource
from ui.tasks import Tasks
from ui.theme import tokens
from ui.theme.fonts import app_font
from ui.theme.tokens import Size
from ui.widgets import EmptyState, FlowLayout, KeyCap, button, label
from ui.widgets.score_card import ScoreCard
from ui.words import Words

SHOWN = 400
"""So many leads are listed at first; the list grows when it is scrolled to its end."""
GROWTH = 4
COUNT_MS = 200
"""How long a long queue rests before it is counted anew: counting it takes longer than showing its head."""
SETTLING_MS = 1_500
"""How long after the start the first news are still taken up at once."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One reading of the queue, taken together so that figures and list agree; a long queue is counted afterwards."""

    ids: list[LeadId]
    counts: QueueCounts | None
    window: WindowState
    rows: list[QueueRow]
    views: list[str] = field(default_factory=list)


class OverlayBar(QScrollBar):
    """A scroll bar that lies over the list, so that rows keep their whole width."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self._view, self._own = view, view.verticalScrollBar()
        self._own.rangeChanged.connect(self._fit)
        self._own.valueChanged.connect(self.setValue)
        self.valueChanged.connect(self._own.setValue)
        view.installEventFilter(self)
        self._fit(0, 0)

    def _fit(self, least: int, most: int) -> None:
        self.setRange(least, most)
        self.setPageStep(self._own.pageStep())
        self.setSingleStep(self._own.singleStep())
        self.setVisible(most > least)
        self.setGeometry(self._view.width() - 10, 0, 10, self._view.height())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._fit(self._own.minimum(), self._own.maximum())
        return False


class QueueList(QListView):
    """The list view; keys that the window's commands use are left to them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(Size.ROW // 2)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._bar = OverlayBar(self)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, not a search."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() and event.text().isprintable() and event.key() != Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)


class QueuePanel(QWidget):
    """Shows the queue and says which lead was chosen; never dials, never records."""

    chosen = Signal(str)
    opened = Signal(str)
    counted = Signal(object)
    window_changed = Signal(object)
    asked_import = Signal()
    view_chosen = Signal(str)
    loaded = Signal()
    said = Signal(str)

    def __init__(
        self,
        source: QueueSource,
        tasks: Tasks,
        speech: Words,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._source, self._tasks, self._words, self._now = source, tasks, speech, now
        self._code, self._held = "all", False
        self._counts = QueueCounts(0, 0)
        self._limit = SHOWN
        self._views: list[str] = []
        self._pending: Snapshot | None = None
        self._quiet = False
        self._at_work: LeadId | None = None
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(COUNT_MS)
        self._counting.timeout.connect(self._count)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self.model = QueueModel(speech, now, self)
        self.model.wanted.connect(self._fetch)
        self.delegate = QueueDelegate(speech, now, self)
        self.list = QueueList()
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.setAccessibleName(self.tr("今日のキュー"))
        self.list.setStyleSheet("QListView { background: transparent; }")
        self.list.selectionModel().currentChanged.connect(self._current)
        self.list.activated.connect(self._activated)
        self.list.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._card = ScoreCard(self)
        self._build()

    # ------------------------------------------------------------------ parts

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 1, 0)
        box.setSpacing(0)
        box.addWidget(self._head())
        self._stack = QStackedWidget()
        self._stack.setStyleSheet("QStackedWidget { background: transparent; }")
        self._empty = EmptyState("phone", "")
        self._to_import = self._empty.add_button(self.tr("ファイルから取り込む"), "primary")
        self._to_import.clicked.connect(self.asked_import)
        self._to_held = self._empty.add_button(self.tr("保留を見る"))
        self._to_held.clicked.connect(self.toggle_held)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        box.addWidget(self._stack, 1)
        box.addWidget(self._foot())

    def _head(self) -> QWidget:
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(16, 11, 14, 9)
        box.setSpacing(7)
        line = QHBoxLayout()
        self._title = label(self.tr("今日のキュー"))
        self._title.setFont(app_font(Size.HEAD, bold=True))
        line.addWidget(self._title, 1)
        self._total = label("", "small")
        line.addWidget(self._total)
        self._held_button = button("", "link")
        self._held_button.setCheckable(True)
        self._held_button.setStyleSheet(f"font-size: {Size.SMALL}px;")
        self._held_button.clicked.connect(self.toggle_held)
        line.addWidget(self._held_button)
        box.addLayout(line)
        self._tabs = QWidget()
        flow = FlowLayout(self._tabs, gap=6)
        self._filters: dict[str, QPushButton] = {}
        for code, text in words.FILTERS:
            tab = button(words.tr(text), "tab")
            tab.clicked.connect(lambda _=False, c=code: self.set_filter(c))
            flow.addWidget(tab)
            self._filters[code] = tab
        self._view = button(self.tr("ビュー"), "tab", tip=self.tr("保存したビューをキューにする  Shift+F"))
        self._view.clicked.connect(self.choose_view)
        flow.addWidget(self._view)
        self._menu = QMenu(self._view)
        box.addWidget(self._tabs)
        return made

    def _foot(self) -> QWidget:
        made = QWidget()
        made.setFixedHeight(36)
        line = QHBoxLayout(made)
        line.setContentsMargins(16, 1, 16, 0)
        line.setSpacing(5)
        self._news = button("", "link", tip=self.tr("並び替えを今すぐ反映  R"))
        self._news.setStyleSheet(f"font-size: {Size.SMALL}px; padding: 1px 2px;")
        self._news.clicked.connect(self.apply_news)
        self._calm = label("", "small")
        line.addWidget(self._news)
        line.addWidget(self._calm)
        line.addStretch(1)
        line.addWidget(KeyCap("J"))
        line.addWidget(KeyCap("K"))
        return made

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(look.panel2))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(look.line))
        painter.fillRect(0, self._stack.y() - 1, self.width(), 1, QColor(look.line))
        painter.fillRect(0, self._stack.geometry().bottom() + 1, self.width(), 1, QColor(look.line))
        painter.end()

    # ------------------------------------------------------------------ reading

    def load(self) -> None:
        """Read the queue and show it as it is now (start, another filter)."""
        self._read(self._show)

    def settle(self, ms: int = SETTLING_MS) -> None:
        """Begin a day: what time changed while the window was shut is ranked at once, if nobody chose a lead yet."""
        self._settling.start(ms)

    def settled(self) -> None:
        """The day has begun: from now on news wait until they are wanted."""
        self._settling.stop()

    def refresh(self, changes: Changes | None = None) -> None:
        """Something changed outside: repaint the rows concerned where they stand, and count the news."""
        concerned = None if changes is None or changes.all_leads else changes.leads
        stale = self.model.stale(concerned)
        if stale:
            self._fetch(stale)
        if changes is None or changes.queue or changes.all_leads or changes.leads:
            self._read(self._note)

    def turn(self, coming: Callable[[], LeadId | None]) -> None:
        """A call is over: this is the moment to re-rank. ``coming`` is asked when the new order is there: a person
        who has gone further meanwhile is not led back.
        """
        self.settled()
        self._read(lambda snapshot: self._apply(snapshot, coming()))

    def _read(self, then: Callable[[Snapshot], None]) -> None:
        code, held, limit = self._code, self._held, self._limit
        source = self._source

        def op() -> Snapshot:
            ids = source.ids(code, held=held, limit=limit)
            counts = source.counts() if len(ids) < limit else None
            return Snapshot(ids, counts, source.window(), source.rows(ids[:24]), source.views())

        self._tasks.read(op, then, owner=self, key=f"queue:{id(self)}")

    def _fetch(self, ids: Sequence[LeadId]) -> None:
        wanted = list(ids)
        self._tasks.read(lambda: self._source.rows(wanted), lambda rows: self.model.put(rows, asked=wanted), owner=self)

    def _show(self, snapshot: Snapshot) -> None:
        keep = None if self._settling.isActive() else self._at_work or self.current_lead()
        self._take_figures(snapshot)
        self._quiet = True
        self.model.set_ids(snapshot.ids)
        self.model.put(snapshot.rows)
        self._quiet = False
        self._pending = None
        if snapshot.ids and (keep is None or not self._held or self.model.row_of(keep) >= 0):
            self.list.setCurrentIndex(self.model.index(max(self.model.row_of(keep), 0), 0))
        self._tell_news()
        self.loaded.emit()

    def _note(self, snapshot: Snapshot) -> None:
        self._take_figures(snapshot)
        self.model.put(snapshot.rows)
        if not self.model.rowCount() or (self._settling.isActive() and snapshot.ids != self.model.ids()):
            self._show(snapshot)
            self.settled()
            return
        self._pending = snapshot if self._differs(snapshot.ids) else None
        self._tell_news()

    def _scrolled(self, value: int) -> None:
        """The end of the list is near: list more where there is more."""
        bar = self.list.verticalScrollBar()
        if bar.maximum() > 0 and value >= bar.maximum() - bar.pageStep() and self.model.rowCount() >= self._limit:
            self._limit *= GROWTH
            self._read(self._lengthen)

    def _lengthen(self, snapshot: Snapshot) -> None:
        known = set(self.model.ids())
        self.model.reorder([*self.model.ids(), *(i for i in snapshot.ids if i not in known)])
        self._note(snapshot)

    def _differs(self, ids: Sequence[LeadId]) -> bool:
        """Return whether the order is another one, apart from what moved up into the list from below its end."""
        shown = self.model.ids()
        return list(ids[: len(shown)]) != shown

    def apply_news(self) -> None:
        """Bring the order up to date now; the lead at work keeps its place on the screen."""
        if self._pending is not None:
            self._apply(self._pending, None)
        else:
            self.said.emit(self.tr("キューは最新の並びです。"))

    def _apply(self, snapshot: Snapshot, keep: LeadId | None) -> None:
        current = keep or self._at_work or self.current_lead()
        top = self.list.visualRect(self.model.index_of(current)).top() if keep is None else None
        self._take_figures(snapshot)
        self._quiet = True
        self.model.reorder(snapshot.ids)
        self.model.put(snapshot.rows)
        index = self.model.index_of(current)
        if not index.isValid() and snapshot.ids and current is None:
            index = self.model.index(0, 0)
        self.list.setCurrentIndex(index)
        if index.isValid():
            self._stay(index, top)
        self._quiet = False
        self._pending = None
        self._tell_news()
        self.loaded.emit()

    def _stay(self, index: QModelIndex, top: int | None) -> None:
        if top is None:
            self.list.scrollTo(index)
            return
        bar = self.list.verticalScrollBar()
        bar.setValue(bar.value() + self.list.visualRect(index).top() - top)

    # ------------------------------------------------------------------ figures and words

    def _take_figures(self, snapshot: Snapshot) -> None:
        if snapshot.counts is None:
            self._counting.start()
        self._views = snapshot.views
        self._show_figures(snapshot.counts or self._counts)
        if self.view_name:
            self._total.setText(self.tr("{n}件").format(n=f"{len(snapshot.ids):,}"))
        self._say_empty(snapshot.ids)
        self.window_changed.emit(snapshot.window)

    def _count(self) -> None:
        self._tasks.read(self._source.counts, self._show_figures, owner=self, key=f"counts:{id(self)}")

    def _show_figures(self, counts: QueueCounts) -> None:
        self._counts = counts
        self._total.setText(self.tr("{n}件").format(n=counts.held if self._held else counts.total))
        self._held_button.setText(
            self.tr("キューに戻る") if self._held else self.tr("保留 {n}件").format(n=counts.held)
        )
        self._held_button.setChecked(self._held)
        self._held_button.setVisible(bool(counts.held) or self._held)
        self._held_button.setToolTip(
            self.tr("今日のキューに戻る  H") if self._held else self.tr("保留中のリードと理由を表示  H")
        )
        self._title.setText(self.tr("保留中") if self._held else self.tr("今日のキュー"))
        for code, text in words.FILTERS:
            count = counts.chips.get(code, 0)
            tab = self._filters[code]
            tab.setText(words.tr(text) if code == "all" else f"{words.tr(text)} {count}")
            tab.setChecked(code == self._code)
            tab.setVisible(code in {"all", self._code} or count > 0)
        self._view.setText(
            self.tr("ビュー: {name}").format(name=self.view_name) if self.view_name else self.tr("ビュー")
        )
        self._view.setChecked(bool(self.view_name))
        self._view.setVisible(bool(self._views) or bool(self.view_name))
        self._tabs.setVisible(not self._held)
        self.counted.emit(counts)

    def _say_empty(self, ids: Sequence[LeadId]) -> None:
        self._stack.setCurrentWidget(self.list if ids else self._empty)
        if ids:
            return
        counts = self._counts
        none_at_all = not counts.total and not counts.held and not counts.covered_by
        self._to_import.setVisible(none_at_all)
        self._to_held.setVisible(bool(counts.held) and not self._held)
        if counts.covered_by and counts.away_until is not None:
            last, names = words.day(counts.away_until.isoformat()), "・".join(counts.covered_by)
            self._empty.say(
                self.tr("〜{last} は {names} さんが代行しています").format(last=last, names=names),
                self.tr("期限の来たリードは代行する人のキューにあり、期間が終わると戻ります。"),
            )
        elif none_at_all:
            self._empty.say(self.tr("キューは空です"), self.tr("リードを取り込むと、架電する順に並びます。"))
        elif self._code != "all":
            self._empty.say(self.tr("この絞り込みに当てはまるリードはありません"))
        elif self._held:
            self._empty.say(self.tr("保留中のリードはありません"))
        else:
            self._empty.say(
                self.tr("今かけられるリードはありません"),
                self.tr("保留 {n}件は、時間や間隔の条件が整うと戻ります。").format(n=counts.held),
            )

    def _tell_news(self) -> None:
        pending = self._pending
        self._news.setVisible(pending is not None)
        self._calm.setVisible(pending is None)
        if pending is None:
            self._calm.setText(self.tr("最新の並びです") if self.model.rowCount() else "")
            return
        known = set(self.model.ids())
        old = [at for at, lead_id in enumerate(pending.ids) if lead_id in known]
        fresh = (old[-1] + 1 - len(old)) if old else len(pending.ids)
        text = self.tr("新着 {n}件 — 並び替えは区切りで反映") if fresh else self.tr("順位に変化 — 区切りで反映")
        self._news.setText(text.format(n=fresh))

    def beat(self) -> None:
        """A minute went by: repaint what speaks of time."""
        self.model.beat()

    # ------------------------------------------------------------------ what the person does

    def current_lead(self) -> LeadId | None:
        """Return the lead that is chosen."""
        return self.model.lead_at(self.list.currentIndex().row())

    def choose(self, lead_id: LeadId) -> bool:
        """Choose the lead at work; return False where the list does not show it. Nothing is emitted."""
        self._at_work = lead_id
        index = self.model.index_of(lead_id)
        self._quiet = True
        if index.isValid():
            self.list.setCurrentIndex(index)
        else:
            self.list.setCurrentIndex(QModelIndex())
        self._quiet = False
        return index.isValid()

    def step(self, by: int) -> None:
        """Choose the lead ``by`` rows further down."""
        self.settled()
        count = self.model.rowCount()
        if count:
            here = self.list.currentIndex().row()
            if here < 0:
                here = self.model.row_of(self._at_work)
            row = max(0, min(here + by, count - 1))
            self.list.setCurrentIndex(self.model.index(row, 0))

    def first(self) -> None:
        """Choose the lead at the top."""
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0, 0))
            self.list.scrollToTop()

    def set_filter(self, code: str) -> None:
        """Show the rows of a filter chip."""
        self.settled()
        before = self.view_name
        self._code, self._limit = code, SHOWN
        if self.view_name != before:
            self.view_chosen.emit(self.view_name)
        self.load()

    @property
    def view_name(self) -> str:
        """Return the name of the saved view that is worked as the queue; empty where none is."""
        return self._code.removeprefix(VIEW) if self._code.startswith(VIEW) else ""

    def choose_view(self) -> None:
        """Offer the saved views to be worked as the queue."""
        self._menu.clear()
        for name in self._views:
            self._menu.addAction(name, partial(self.set_filter, f"{VIEW}{name}"))
        if self.view_name:
            self._menu.addSeparator()
            self._menu.addAction(self.tr("今日のキューに戻る"), lambda: self.set_filter("all"))
        if self._menu.actions():
            self._menu.popup(self._view.mapToGlobal(QPoint(0, self._view.height())))
        else:
            self.said.emit(self.tr("保存したビューがまだありません。"))
        self._view.setChecked(bool(self.view_name))

    def next_filter(self) -> None:
        """Go to the next filter chip that has rows."""
        codes = [code for code, _ in words.FILTERS if code == "all" or self._counts.chips.get(code)]
        at = codes.index(self._code) if self._code in codes else 0
        self.set_filter(codes[(at + 1) % len(codes)])

    def toggle_held(self) -> None:
        """Show what is on hold with its reasons, or go back to the queue."""
        self.settled()
        self._held = not self._held
        if self.view_name:
            self.view_chosen.emit("")
        self._code, self._limit = "all", SHOWN
        self.load()

    def explain(self) -> None:
        """Explain why the chosen lead stands where it stands."""
        lead_id = self.current_lead()
        row = self.model.row(lead_id) if lead_id else None
        if lead_id is None or row is None:
            return
        self._tasks.read(
            lambda: self._source.scores(lead_id), lambda scores: self._pop(row, scores), owner=self, key="explain"
        )

    def _pop(self, row: QueueRow, scores: Scores) -> None:
        rect = self.list.visualRect(self.model.index_of(row.lead_id))
        self._card.explain(row.name, self._words.sentence(row, self._now()), scores, self._words.lang)
        self._card.pop(self.list.viewport().mapToGlobal(QPoint(rect.right() + 8, rect.top())))

    def _current(self, index: QModelIndex) -> None:
        lead_id = self.model.lead_at(index.row())
        if lead_id is not None and not self._quiet:
            self.chosen.emit(lead_id)

    def _activated(self, index: QModelIndex) -> None:
        lead_id = self.model.lead_at(index.row())
        if lead_id is not None:
            self.opened.emit(lead_id)
