"""The page 分析: figures big, diagnosis, pictures and groups; every figure opens the records behind it.

The figures are read from what is kept and painted first; days that are out of date are then counted anew on the write
worker, some at a time, and the pictures come after.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import QHeaderView, QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.changes import Changes
from isdesk.domain.diagnosis import Shortfall
from isdesk.domain.roles import Right
from isdesk.services import dashboard, diagnosing, kpi, learning
from isdesk.services.dashboard import Board, Period
from isdesk.services.diagnosing import Diagnosis
from isdesk.services.drilling import Record
from isdesk.services.figure_pictures import Pictures
from ui.commands import Command
from ui.models.figures_model import GroupsModel
from ui.noop import QT_TRANSLATE_NOOP
from ui.pages import Page
from ui.theme import theme
from ui.views.figures import words
from ui.views.figures.cards import CardGrid
from ui.views.figures.columns import group_columns
from ui.views.figures.diagnosis import DiagnosisCard
from ui.views.figures.drill import Drill
from ui.views.figures.head import Head
from ui.views.figures.learning import LearningCard
from ui.views.figures.meaning import Meaning
from ui.views.figures.outlet import Outlet
from ui.views.figures.points import Point
from ui.widgets import Card, label
from ui.widgets.table import ROW, DataTable

if TYPE_CHECKING:
    from ui.session import Session
    from ui.views.figures.gallery import Gallery

MOST_DAYS = 64
"""So many days at most are counted anew at a time."""
_BLINK_S = 0.1
"""Fewer days are counted at a time where they take longer, so that a call recorded meanwhile need not wait."""
SOON_MS = 1_200
"""How long the page waits after a change before it reads again."""
AFTER_PAINT_MS = 60
"""So long the rest waits for the first figures to be painted: it would take the processor from them."""
_MOST_ROWS = 12

COMMANDS: tuple[Command, ...] = tuple(
    Command(f"figures.{code}", text, "figures", keys, "figures", icon)
    for code, text, keys, icon in (
        ("day", QT_TRANSLATE_NOOP("commands", "日の指標"), ("D",), "calendar"),
        ("week", QT_TRANSLATE_NOOP("commands", "週の指標"), ("W",), "calendar"),
        ("month", QT_TRANSLATE_NOOP("commands", "月の指標"), ("M",), "calendar"),
        ("custom", QT_TRANSLATE_NOOP("commands", "期間を選ぶ"), ("C",), "calendar"),
        ("earlier", QT_TRANSLATE_NOOP("commands", "前の期間へ"), ("[",), "chevron-left"),
        ("later", QT_TRANSLATE_NOOP("commands", "次の期間へ"), ("]",), "chevron-right"),
        ("group", QT_TRANSLATE_NOOP("commands", "次のまとめ方"), ("G",), "filter"),
        ("meaning", QT_TRANSLATE_NOOP("commands", "指標の意味を見る"), ("?",), "help"),
        ("table", QT_TRANSLATE_NOOP("commands", "グループの表へ移動"), ("T",), "chart"),
        ("learning", QT_TRANSLATE_NOOP("commands", "学習ループへ移動・切り替え"), ("L",), "chart"),
        ("learning_by", QT_TRANSLATE_NOOP("commands", "学習ループの次のまとめ方"), ("B",), "filter"),
        ("sort", QT_TRANSLATE_NOOP("commands", "表を次の列で並べ替え"), ("S",), "filter"),
        ("export", QT_TRANSLATE_NOOP("commands", "指標を書き出す"), ("E",), "export"),
        ("costs", QT_TRANSLATE_NOOP("commands", "費用を入力し単価を見る"), ("Y",), "chart"),
        ("pdf", QT_TRANSLATE_NOOP("commands", "指標を1ページのPDFに"), ("P",), "export"),
    )
)


class FiguresPage(Page):
    """Cards, diagnosis, pictures and groups in one column that scrolls; the records take their place."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.board: Board | None = None
        self.pictures: Pictures | None = None
        self.diagnosis: Diagnosis | None = None
        self.gallery: Gallery | None = None
        self._code, self._stale, self._counted = "answer_rate", True, False
        self._wanted: tuple[Period, str] | None = None
        self._portion = 1
        self._asked: Point | None = None
        self.head, self.cards, self.words = Head(), CardGrid(session.lang), DiagnosisCard()
        self.model = GroupsModel(group_columns("rep", session.lang), self._formula)
        self.table = DataTable(self.tr("グループの指標"))
        self.table.setModel(self.model)
        self.drill, self.meaning = Drill(session), Meaning(self)
        self.learning = LearningCard(session)
        self.outlet = Outlet(self, session)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.load)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        body = QWidget()
        body.setObjectName("clear")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 4, 16)
        self._column.setSpacing(12)
        self._column.addWidget(self.cards)
        self._pictures_at = self._column.count()
        self._column.addWidget(self.words)
        self._table_card = Card(margins=(16, 12, 16, 12))
        self._table_title = label("", "section")
        self._table_card.body.addWidget(self._table_title)
        self._table_card.body.addWidget(self.table)
        self._column.addWidget(self._table_card)
        self._column.addWidget(self.learning)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(body)
        self.area.setStyleSheet(
            "QScrollArea, QWidget#clear, QWidget#qt_scrollarea_viewport { background: transparent; }"
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.area)
        self._stack.addWidget(self.drill)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 14, 20, 0)
        box.setSpacing(12)
        box.addWidget(self.head)
        box.addWidget(self._stack, 1)
        self._dress_table()

    def _connect(self) -> None:
        self.head.changed.connect(self.load)
        self.head.pdf.connect(self.outlet.ask_pdf)
        self.head.costs.connect(self.show_costs)
        self.head.cost_button.setVisible(self._session.ctx.may(Right.SEE_TEAM))
        self.head.export.connect(self.outlet.ask_export)
        self.cards.opened.connect(self.open_figure)
        self.cards.chosen.connect(self._choose)
        self.words.asked.connect(self._act)
        self.words.records.connect(self._open_shortfall)
        self.table.opened.connect(self._open_group)
        self.learning.opened.connect(self.open_point)
        self.learning.wanted.connect(self._learn)
        self.table.horizontalHeader().setSectionsClickable(True)
        self.table.horizontalHeader().sectionClicked.connect(self._sort_by)
        self.drill.closed.connect(self.close_drill)
        self.drill.wanted.connect(self._read_records)
        self.drill.asked_lead.connect(self.asked_lead)
        theme.changed.connect(self._redraw)
        self._session.hub.changed.connect(self._changed)

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands = self._session.commands
        for command in COMMANDS:
            commands.declare(command)
        for kind in dashboard.KINDS:
            commands.bind(f"figures.{kind}", partial(self._choose_kind, kind))
        commands.bind("figures.earlier", lambda: self.head.step(1), allowed=lambda: not self.drilling)
        commands.bind("figures.later", lambda: self.head.step(-1), allowed=lambda: not self.drilling)
        commands.bind("figures.group", self.head.next_group, allowed=lambda: not self.drilling)
        commands.bind("figures.meaning", self.show_meaning, allowed=lambda: not self.drilling)
        commands.bind("figures.table", self._to_table, allowed=lambda: not self.drilling)
        commands.bind("figures.learning", self._to_learning, allowed=lambda: not self.drilling)
        commands.bind("figures.learning_by", self.learning.next_by, allowed=lambda: not self.drilling)
        commands.bind("figures.sort", self._sort_next, allowed=lambda: not self.drilling)
        commands.bind("figures.costs", self.show_costs, allowed=lambda: self._session.ctx.may(Right.SEE_TEAM))
        commands.bind("figures.export", self.outlet.ask_export, allowed=lambda: self.board is not None)
        commands.bind("figures.pdf", self.outlet.ask_pdf, allowed=lambda: self.pictures is not None)

    def show_costs(self) -> None:
        """Show what the work cost in the period, and let a cost be entered."""
        from ui.views.figures.costs import CostDialog

        if self.board is None:
            return
        self.cost_dialog = CostDialog(self._session, self.board.period, self)
        self.cost_dialog.entered.connect(self.load)
        self.cost_dialog.finished.connect(self.cost_dialog.deleteLater)
        self.cost_dialog.open()

    # ------------------------------------------------------------------ reading

    @property
    def settled(self) -> bool:
        """Return whether nothing is out of date any more (what was read last may still be on its way)."""
        return self._counted

    @override
    def arrive(self) -> None:
        if self._stale:
            self.load()
        if self.drilling:
            self.drill.table.setFocus()
        elif self.cards.cards:
            (self.cards.card(self._code) or self.cards.cards[0]).setFocus()

    @override
    def leave(self) -> None:
        self._soon.stop()

    def _changed(self, changes: Changes) -> None:
        if changes.leads or changes.all_leads or changes.playbook:
            self._stale = True
            if self.isVisible():
                self._soon.start()

    def period(self) -> Period:
        """Return the period chosen. Raises BadInput where the days are backwards."""
        first, last = self.head.days()
        return dashboard.period(self._session.ctx, self.head.kind, back=self.head.back, first=first, last=last)

    def load(self) -> None:
        """Read the figures that are kept, then count what is out of date, then draw."""
        ctx, by = self._session.ctx, self.head.by
        try:
            period = self.period()
        except ValueError:
            self.head.note.setText(self.tr("最終日が初日より前です"))
            return
        self._stale, self._counted, self._wanted = False, False, (period, by)
        self.head.show_period(period)
        self.close_drill()
        self._session.tasks.read(lambda: dashboard.board(ctx, period, by=by), self._show_board, owner=self, key="board")

    def _show_board(self, made: Board) -> None:
        focused = self.cards.focused() is not None or not self.cards.cards
        if self.board is None or made.period != self.board.period:
            self.pictures = None
            self.words.wait()
        elif self.pictures is not None:
            made = dashboard.with_pictures(made, self.pictures)
        self.board = made
        self.cards.show_tiles(made.tiles, made.period.kind)
        self._show_groups(made)
        self.head.note.setText(self.tr("集計し直しています…") if made.stale else "")
        if focused and self.isVisible() and not self.drilling:
            (self.cards.card(self._code) or self.cards.cards[0]).setFocus()
        if not self._counted:
            QTimer.singleShot(AFTER_PAINT_MS, self, self._count)
        QTimer.singleShot(AFTER_PAINT_MS, self, self._make_gallery)

    def _count(self) -> None:
        """Count some of the days that are out of date: as many as take about a blink, for others write here too."""
        ctx, portion = self._session.ctx, self._portion

        def op() -> tuple[int, float]:
            start = ctx.clock.monotonic()
            return kpi.refresh(ctx, limit=portion), ctx.clock.monotonic() - start

        self._session.tasks.write(op, self._count_on, owner=self)

    def _count_on(self, done: tuple[int, float]) -> None:
        days, seconds = done
        if self._wanted is None:
            return
        if days:
            enough = days == self._portion and seconds < _BLINK_S
            self._portion = min(self._portion * 2, MOST_DAYS) if enough else max(1, days // 2)
            self._count()
            return
        self._counted = True
        ctx, (period, by) = self._session.ctx, self._wanted
        tasks = self._session.tasks
        tasks.read(lambda: dashboard.board(ctx, period, by=by), self._show_board, owner=self, key="board")
        tasks.read(lambda: dashboard.pictures(ctx, period), self._show_pictures, owner=self, key="pictures")

        def diagnose() -> Diagnosis:
            return diagnosing.diagnose(ctx, first=period.first, last=period.last, before=period.before)

        tasks.read(diagnose, self._show_diagnosis, owner=self, key="diagnosis")
        self._learn()

    def _learn(self) -> None:
        """Read the learning loop of the page's period."""
        if self._wanted is None:
            return
        card = self.learning
        self._session.tasks.read(card.reading(self._wanted[0]), card.show_learned, owner=self, key="learning")

    def _to_learning(self) -> None:
        self.area.ensureWidgetVisible(self.learning)
        self.learning.turn()

    def _show_pictures(self, read: Pictures) -> None:
        self.pictures = read
        if self.board is not None:
            self.board = dashboard.with_pictures(self.board, read)
            self.cards.show_tiles(self.board.tiles, self.board.period.kind)
        self._redraw()

    def _show_diagnosis(self, found: Diagnosis) -> None:
        self.diagnosis = found
        trials = self.board.whole.counts.dials if self.board is not None else 0
        self.words.show_diagnosis(found, self._session.lang, trials=trials)

    # ------------------------------------------------------------------ pictures

    def _make_gallery(self) -> None:
        """Import what draws on a worker, then put the pictures into the page."""
        if self.gallery is not None:
            return

        def load() -> None:
            from ui.views.figures import bars, lines  # noqa: F401 - it takes a while, and nothing waits for it

        self._session.tasks.fetch(load, lambda _: self._place_gallery(), owner=self, key="gallery")

    def _place_gallery(self) -> None:
        from ui.views.figures.gallery import Gallery

        if self.gallery is None:
            self.gallery = Gallery(self._session.lang)
            self.gallery.opened.connect(self.open_point)
            self._column.removeWidget(self.words)
            self.gallery.place(self.words)
            self._column.insertWidget(self._pictures_at, self.gallery)
            self._redraw()

    def _choose(self, code: str) -> None:
        if code != self._code:
            self._code = code
            if self.gallery is not None and self.pictures is not None and self.board is not None:
                self.gallery.show_trend(self.pictures, code, self._step_target(code))

    def _step_target(self, code: str) -> float | None:
        made, read = self.board, self.pictures
        if made is None or read is None or not read.trend:
            return None
        ctx = self._session.ctx
        from ui.views.figures.lines import step_end

        first = read.trend[0][0]
        days = dashboard.open_days(ctx, first, step_end(read.unit, first))
        return dashboard.target_of(ctx, code, days=days, reps=made.reps)

    def _redraw(self) -> None:
        if self.gallery is not None and self.pictures is not None:
            rules = self._session.ctx.rules
            self.gallery.show_pictures(self.pictures, rules.targets.get(dashboard.SLA))
            self.gallery.show_trend(self.pictures, self._code, self._step_target(self._code))

    # ------------------------------------------------------------------ groups

    def _show_groups(self, made: Board) -> None:
        by = made.by
        same = self.model.columns[0].title == words.say(words.GROUPS[by])
        self.model.show_groups(made.groups, group_columns(by, self._session.lang))
        if not same:
            self._dress_table()
        self._table_title.setText(
            self.tr("{group}別 — 量には必ず質を並べます(Enterで明細)").format(group=words.say(words.GROUPS[by]))
        )
        rows = min(max(len(made.groups), 1), _MOST_ROWS)
        self.table.setFixedHeight(rows * ROW + self.table.horizontalHeader().height() + 14)

    def _dress_table(self) -> None:
        self.table.dress(self.model.columns)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def _sort_by(self, section: int) -> None:
        code = self.model.columns[section].code
        by, descending = self.model.sorted_by()
        self.model.sort_by(code, descending=not descending if by == code else code != "label")

    def _sort_next(self) -> None:
        codes = [column.code for column in self.model.columns]
        by, _ = self.model.sorted_by()
        self._sort_by((codes.index(by) + 1) % len(codes) if by in codes else 0)

    def _to_table(self) -> None:
        if self.model.rowCount():
            self.area.ensureWidgetVisible(self._table_card)
            self.table.setFocus()
            if not self.table.currentIndex().isValid():
                self.table.setCurrentIndex(self.model.index(0, 0))

    # ------------------------------------------------------------------ records

    @property
    def drilling(self) -> bool:
        """Return whether the records behind a figure are shown."""
        return self._stack.currentIndex() == 1

    def open_figure(self, code: str) -> None:
        """Open the records behind a figure of the whole."""
        self._code = code
        self.open_point(Point(code))

    def _open_group(self, index: QModelIndex) -> None:
        record = self.model.record(index.row())
        if record is not None and self.board is not None:
            self.open_point(Point(self.model.code_at(index), by=self.board.by, key=record.key))

    def _open_shortfall(self, one: Shortfall) -> None:
        self.open_point(Point(one.code) if one.segment is None else Point(one.code, by="segment", key=one.segment))

    def open_point(self, point: Point) -> None:
        """Open the records behind what was pointed at."""
        if self.board is None:
            return
        period = self.board.period
        self._asked = replace(point, first=point.first or period.first, last=point.last or period.last)
        part = self.drill.start(self._title(self._asked), point.figure)
        self._stack.setCurrentIndex(1)
        self.drill.table.setFocus()
        self._read_records(part)

    def _title(self, point: Point) -> str:
        if point.figure.startswith(dashboard.REASON):
            code = point.figure.rpartition(":")[2]
            reason = self._session.words.reason(code) if code else self.tr("すべて")
            text = self.tr("理由: {reason}").format(reason=reason)
        elif point.figure.startswith(dashboard.RETURN):
            text = words.say(words.RETURNS[point.figure.removeprefix(dashboard.RETURN)])
        else:
            text = words.name(point.figure, self._session.lang)
        parts = [text]
        if point.by != "team":
            ctx = self._session.ctx
            label_ = ctx.name_of(point.key) if point.by == "rep" else learning.label_of(ctx, point.by, point.key)
            parts.append(words.group(point.by, point.key, label_))
        if point.weekday is not None:
            parts.append(words.weekday(point.weekday))
        if point.first is not None and point.last is not None:
            parts.append(words.span(point.first, point.last))
        return " ・ ".join(parts)

    def _read_records(self, part: str) -> None:
        ctx, point = self._session.ctx, self._asked
        if point is None or point.first is None or point.last is None:
            return
        first, last, by, key, weekday = point.first, point.last, point.by, point.key, point.weekday

        def op() -> list[Record]:
            return dashboard.records(ctx, part, first=first, last=last, by=by, key=key, weekday=weekday)

        def done(found: list[Record]) -> None:
            self.drill.show_records(part, found)

        self._session.tasks.read(op, done, self._session.notices.error, owner=self, key="records")

    def close_drill(self) -> None:
        """Go back to the figures."""
        if self.drilling:
            self._stack.setCurrentIndex(0)
            card = self.cards.card(self._code)
            if card is not None:
                card.setFocus()

    # ------------------------------------------------------------------ what to do

    def _act(self, code: str) -> None:
        commands = self._session.commands
        if code == "call":
            commands.run("page.call")
        elif code in {"change_script", "adjust_sla"}:
            commands.run("page.definitions")
            self._show_part("scripts" if code == "change_script" else "sla")
        elif code in {"review_proposal", "review_materials"}:
            commands.run("page.handoff")
        elif code == "check_talk":
            self.open_figure("meeting_set_rate")
        elif self.gallery is not None:
            self.area.ensureWidgetVisible(self.gallery.heat if code == "change_calling_hours" else self.gallery.funnel)

    def _show_part(self, anchor: str) -> None:
        from ui.views.definitions.page import DefinitionsPage
        from ui.views.main_window import MainWindow

        window = self.window()
        page = window.page("definitions") if isinstance(window, MainWindow) else None
        if isinstance(page, DefinitionsPage):
            page.reader.show_part(anchor)

    def _choose_kind(self, kind: str) -> None:
        self.close_drill()
        self.head.choose_kind(kind)

    def _formula(self, code: str) -> str:
        return words.formula(dashboard.definition(code), self._session.lang)

    def show_meaning(self) -> None:
        """Say what the chosen figure means: formula, note, parts, interval, target."""
        card = self.cards.focused() or self.cards.card(self._code)
        if card is not None and card.tile is not None and self.board is not None:
            self.meaning.explain(card, card.tile, self.board.period.kind, self._session.lang)


def make(session: Session) -> Page:
    """Make the page."""
    page = FiguresPage(session)
    page.bind()
    return page
