"""The page 握り直し会議: the prepared pack of a week, or a month's review, beside the minutes written on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout
from typing_extensions import override

from isdesk.domain.alignment import KINDS, Decision, meeting_id
from isdesk.domain.changes import Changes
from isdesk.domain.drift import BY_CODE
from isdesk.domain.roles import Right
from isdesk.services import agreeing, cases, dashboard, drifting, kpi, packs
from isdesk.services.alignment_words import case_kind
from isdesk.services.cases import Case
from isdesk.services.drifting import Line
from isdesk.services.drilling import Record
from isdesk.services.packs import Loss, Pack, Question
from ui.commands import Command
from ui.noop import QT_TRANSLATE_NOOP
from ui.pages import Page
from ui.views.alignment.agenda import Agenda
from ui.views.alignment.head import Head
from ui.views.alignment.minutes_panel import MinutesPanel
from ui.views.alignment.outlet import Outlet
from ui.views.alignment.records import RecordList
from ui.views.figures import words
from ui.views.figures.drill import Drill

if TYPE_CHECKING:
    from ui.session import Session

SOON_MS = 1_200
"""How long the page waits after a change before it reads again."""
PORTION = 4
"""So many days are counted anew at a time, so that others who write need not wait."""
AGENDA, DRILL, RECORDS = range(3)

COMMANDS: tuple[Command, ...] = tuple(
    Command(f"alignment.{code}", text, "alignment", keys, "alignment", icon)
    for code, text, keys, icon in (
        ("week", QT_TRANSLATE_NOOP("commands", "握り直し会議(週)"), ("W",), "calendar"),
        ("month", QT_TRANSLATE_NOOP("commands", "月次レビュー"), ("M",), "calendar"),
        ("earlier", QT_TRANSLATE_NOOP("commands", "前の週・月の会議へ"), ("[",), "chevron-left"),
        ("later", QT_TRANSLATE_NOOP("commands", "次の週・月の会議へ"), ("]",), "chevron-right"),
        ("tab", QT_TRANSLATE_NOOP("commands", "資料の次の部分へ"), ("T",), "filter"),
        ("decide", QT_TRANSLATE_NOOP("commands", "決定を追加"), ("D",), "check"),
        ("act", QT_TRANSLATE_NOOP("commands", "宿題を追加"), ("A",), "plus"),
        ("done", QT_TRANSLATE_NOOP("commands", "宿題を完了・未完了にする"), ("X",), "check"),
        ("definition", QT_TRANSLATE_NOOP("commands", "決定した定義を変更"), ("E",), "definitions"),
        ("minutes", QT_TRANSLATE_NOOP("commands", "決定と宿題へ移動"), ("G",), "definitions"),
        ("close", QT_TRANSLATE_NOOP("commands", "会議の記録を確定・確定を解く"), ("C",), "lock"),
        ("pdf", QT_TRANSLATE_NOOP("commands", "会議の資料をPDFで保存"), ("P",), "export"),
        ("html", QT_TRANSLATE_NOOP("commands", "会議の資料をHTMLで保存"), ("H",), "export"),
    )
)


class AlignmentPage(Page):
    """The agenda at the left, or the records behind a place of it; the minutes at the right."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.pack: Pack | None = None
        self._stale, self._counted = True, False
        self.head = Head(date.fromisoformat(session.ctx.today()), session.lang)
        self.agenda, self.panel = Agenda(session), MinutesPanel(session)
        self.drill, self.records = Drill(session), RecordList()
        self.outlet = Outlet(self, session)
        self.stack = QStackedWidget()
        for part in (self.agenda, self.drill, self.records):
            self.stack.addWidget(part)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.load)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(self.stack, 1)
        middle.addWidget(self.panel)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 14, 20, 14)
        box.setSpacing(12)
        box.addWidget(self.head)
        box.addLayout(middle, 1)
        self._connect()

    def _connect(self) -> None:
        self.head.changed.connect(self.load)
        self.head.pdf.connect(partial(self.outlet.ask, "pdf"))
        self.head.html.connect(partial(self.outlet.ask, "html"))
        self.head.close_asked.connect(self.panel.ask_close)
        self.agenda.opened.connect(self.open_place)
        self.agenda.asked_lead.connect(self.asked_lead)
        self.drill.closed.connect(self.close_records)
        self.drill.wanted.connect(self._read_figure)
        self.drill.asked_lead.connect(self.asked_lead)
        self.records.closed.connect(self.close_records)
        self.records.asked_lead.connect(self.asked_lead)
        self.panel.written.connect(self.load)
        self.panel.decide_button.clicked.connect(self.decide)
        self.panel.edit_definition.connect(self.edit_definition)
        self._session.hub.changed.connect(self._changed)
        self._session.hub.synced.connect(self._synced)

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands, panel = self._session.commands, self.panel
        for command in COMMANDS:
            commands.declare(command)
        for kind in KINDS:
            commands.bind(f"alignment.{kind}", partial(self.head.choose_kind, kind), allowed=self._free)
        commands.bind("alignment.earlier", partial(self.head.step, -1), allowed=self._free)
        commands.bind("alignment.later", partial(self.head.step, 1), allowed=self._free)
        commands.bind("alignment.tab", self.agenda.next_tab, allowed=lambda: self.stack.currentIndex() == AGENDA)
        commands.bind("alignment.decide", self.decide, allowed=panel.may_write)
        commands.bind("alignment.act", panel.add_action, allowed=panel.may_write)
        commands.bind("alignment.done", panel.toggle_done, allowed=panel.may_finish)
        commands.bind("alignment.definition", panel.change_definition, allowed=panel.may_change_definition)
        commands.bind("alignment.minutes", self.to_minutes, allowed=self._free)
        commands.bind("alignment.close", panel.ask_close, allowed=self._may_close)
        for ending in ("pdf", "html"):
            commands.bind(
                f"alignment.{ending}", partial(self.outlet.ask, ending), allowed=lambda: self.pack is not None
            )

    def _free(self) -> bool:
        return not self.panel.writing

    def _may_close(self) -> bool:
        return self.pack is not None and self._free() and self._session.ctx.may(Right.ALIGN)

    # ------------------------------------------------------------------ reading

    @property
    def settled(self) -> bool:
        """Return whether no figure is out of date any more (what was read last may still be on its way)."""
        return self._counted

    @override
    def arrive(self) -> None:
        if self._stale:
            self.load()
        if self.stack.currentIndex() == AGENDA:
            self.agenda.arrive()
        elif self.stack.currentIndex() == DRILL:
            self.drill.table.setFocus()
        else:
            self.records.table.setFocus()

    @override
    def leave(self) -> None:
        self._soon.stop()

    def _changed(self, changes: Changes) -> None:
        if changes.leads or changes.all_leads or changes.playbook or changes.alignment or changes.undo:
            self._later()

    def _synced(self) -> None:
        self._later()

    def _later(self) -> None:
        self._stale = True
        if self.isVisible():
            self._soon.start()

    def load(self) -> None:
        """Read the pack, count what is out of date some days at a time, and read it again where something was."""
        self._soon.stop()
        self._stale, self._counted = False, False
        self.head.note.setText(self.tr("読んでいます…"))
        self._read()
        self._count(again=False)

    def _read(self) -> None:
        ctx, kind, first = self._session.ctx, self.head.kind, self.head.first
        self._session.tasks.read(
            lambda: packs.pack(ctx, kind, first), self._show, self._session.notices.error, owner=self, key="alignment"
        )

    def _count(self, *, again: bool) -> None:
        ctx = self._session.ctx

        def done(days: int) -> None:
            if days:
                self.head.note.setText(self.tr("集計し直しています…"))
                self._count(again=True)
                return
            self._counted = True
            if again:
                self._read()
            elif self._shows_wanted():
                self.head.note.setText(self._calm())

        self._session.tasks.write(lambda: kpi.refresh(ctx, limit=PORTION), done, owner=self)

    def _calm(self) -> str:
        """Return what is said when nothing is read any more: of fixed minutes, that records are those of now."""
        fixed = self.pack is not None and self.pack.fixed
        return self.tr("数字は確定時のもの ・ 明細はいまの記録") if fixed else ""

    def _shows_wanted(self) -> bool:
        wanted = meeting_id(self.head.kind, self.head.first)
        return self.pack is not None and self.pack.meeting.id == wanted

    def _show(self, pack: Pack) -> None:
        other = self.pack is None or self.pack.meeting.id != pack.meeting.id
        self.pack = pack
        if self._counted:
            self.head.note.setText(self._calm())
        may = self._session.ctx.may(Right.ALIGN)
        self.head.show_meeting(pack.meeting, (pack.period.first, pack.period.last), may=may)
        if other and self.stack.currentIndex() != AGENDA:
            self.stack.setCurrentIndex(AGENDA)
        self.agenda.show_pack(pack)
        self.panel.show_pack(pack)
        if other and self.isVisible() and not self.panel.writing:
            self.agenda.arrive()

    # ------------------------------------------------------------------ records

    def open_place(self, what: object) -> None:
        """Open what stands behind a place of the agenda: records of a figure, a line, a case, a question, a reason."""
        pack = self.pack
        if pack is None:
            return
        if isinstance(what, str):
            self._open_figure(what)
        elif isinstance(what, Case) and what.lead_id is not None:
            self.asked_lead.emit(what.lead_id)
        elif isinstance(what, Case):
            self._open_fall(what)
        elif isinstance(what, Line):
            known, lang = BY_CODE[what.code], self._session.lang
            self._open_records(known.label.in_(lang), known.formula.in_(lang), [what.code], [])
        elif isinstance(what, Question):
            asked = [one for one in pack.cases if one.id in set(what.cases)]
            lines = [code for code in what.drift if code not in {one.kind for one in asked}]
            self._open_records(what.key, what.now, lines, asked)
        elif isinstance(what, Loss):
            self._open_figure(f"{dashboard.REASON}{what.kind}:{what.code}", what.label)

    def _open_figure(self, code: str, title: str = "") -> None:
        part = self.drill.start(title or words.name(code, self._session.lang), code)
        self.stack.setCurrentIndex(DRILL)
        self.drill.table.setFocus()
        self._read_figure(part)

    def _read_figure(self, part: str) -> None:
        ctx, pack = self._session.ctx, self.pack
        if pack is None:
            return
        first, last = pack.period.first, pack.period.last

        def op() -> list[Record]:
            return dashboard.records(ctx, part, first=first, last=last)

        def done(found: list[Record]) -> None:
            self.drill.show_records(part, found)

        self._session.tasks.read(op, done, self._session.notices.error, owner=self, key="alignment-records")

    def _open_fall(self, one: Case) -> None:
        pack = self.pack
        if pack is None or one.fall is None:
            return
        ctx, first, last = self._session.ctx, pack.period.first, pack.period.last
        said = cases.detail_words(ctx, one, self._session.lang)
        self.records.start(one.fall.segment, said)
        self.stack.setCurrentIndex(RECORDS)
        self._session.tasks.read(
            lambda: cases.records(ctx, one, first, last), self.records.show_records, owner=self, key="alignment-records"
        )

    def _open_records(self, title: str, about: str, lines: list[str], asked: list[Case]) -> None:
        pack = self.pack
        if pack is None:
            return
        ctx, lang, first, last = self._session.ctx, self._session.lang, pack.period.first, pack.period.last

        def op() -> list[Record]:
            found = [one for code in lines for one in drifting.records(ctx, code, first=first, last=last)]
            for case in asked:
                kind = case_kind(case.kind, lang)
                found += [_named(one, kind) for one in cases.records(ctx, case, first, last)]
            return sorted(found, key=lambda one: (one.at, one.id))

        self.records.start(title, about)
        self.stack.setCurrentIndex(RECORDS)
        self._session.tasks.read(
            op, self.records.show_records, self._session.notices.error, owner=self, key="alignment-records"
        )

    def close_records(self) -> None:
        """Go back to the agenda."""
        self.stack.setCurrentIndex(AGENDA)
        self.agenda.arrive()

    # ------------------------------------------------------------------ minutes

    def decide(self) -> None:
        """Begin a decision about what is in front."""
        key, asked = self.agenda.about() if self.stack.currentIndex() == AGENDA else ("", ())
        self.panel.add_decision(key, asked)

    def to_minutes(self) -> None:
        """Give the keyboard to the decisions, or from there to the action items."""
        panel = self.panel
        (panel.action_table if panel.decision_table.hasFocus() else panel.decision_table).setFocus()

    def edit_definition(self, one: Decision) -> None:
        """Open the definitions at the key of a decision, with a draft that names this meeting and who agreed."""
        from ui.views.definitions.page import DefinitionsPage
        from ui.views.main_window import MainWindow

        pack, window = self.pack, self.window()
        if pack is None or not isinstance(window, MainWindow):
            return
        window.open_page("definitions")
        page = window.page("definitions")
        if isinstance(page, DefinitionsPage):
            page.edit_at(one.key, agreeing.Origin(pack.meeting.id, one.id, one.agreed, one.text))


def _named(one: Record, kind: str) -> Record:
    return replace(one, outcome=f"{kind}: {one.outcome}" if one.outcome else kind)


def make(session: Session) -> Page:
    """Make the page."""
    page = AlignmentPage(session)
    page.bind()
    return page
