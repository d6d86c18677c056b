"""The page シーケンス: what has to be done, who stands on which step, what ended and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout
from typing_extensions import override

from isdesk.domain.changes import Changes
from isdesk.domain.ids import LeadId
from isdesk.services import sequence_board
from isdesk.services.sequence_board import PAGE, Board, Line, SequenceCount
from ui.commands import Command
from ui.models.records import Cell, Column, RecordModel
from ui.noop import QT_TRANSLATE_NOOP
from ui.pages import Page
from ui.views.day.checks import Check
from ui.views.mail.mailer import Mailer
from ui.views.sequences import words
from ui.views.sequences.enrol import EnrolDialog
from ui.views.sequences.panel import SequencePanel
from ui.views.sequences.past import PastFoot
from ui.widgets import Card, ElidedLabel, EmptyState, KeyCap, SegmentedTabs, button, label
from ui.widgets.table import ClearStack, DataTable

if TYPE_CHECKING:
    from ui.session import Session

TO_DO, RUNNING, ENDED = range(3)
_HANDS = ("blocked", "confirm", "call", "social", "hot")
"""The states of a lead that wait for a person."""

COMMANDS: tuple[Command, ...] = (
    Command(
        "sequences.tab", QT_TRANSLATE_NOOP("commands", "今日・実行中・終了を切り替え"), "sequences", ("T",),
        "sequences", "filter",
    ),
    Command(
        "sequences.scope", QT_TRANSLATE_NOOP("commands", "自分・チーム全員のシーケンスを切り替え"), "sequences", ("A",),
        "sequences", "team",
    ),
    Command(
        "sequences.enrol", QT_TRANSLATE_NOOP("commands", "キューやビューのリードをシーケンスに入れる"), "sequences",
        ("E",), "sequences", "plus",
    ),
    Command(
        "sequences.send", QT_TRANSLATE_NOOP("commands", "シーケンスの次のメールを送る"), "sequences", ("Y",),
        "sequences", "mail",
    ),
    Command(
        "sequences.write", QT_TRANSLATE_NOOP("commands", "シーケンスの次のメールをメールソフトで送る"), "sequences",
        ("W",), "sequences", "mail",
    ),
    Command(
        "sequences.skip", QT_TRANSLATE_NOOP("commands", "シーケンスの次の手順を飛ばす"), "sequences", ("K",),
        "sequences", "skip",
    ),
    Command(
        "sequences.take", QT_TRANSLATE_NOOP("commands", "シーケンスの送信を引き取る"), "sequences", ("O",),
        "sequences", "user",
    ),
    Command(
        "sequences.stop", QT_TRANSLATE_NOOP("commands", "シーケンスを止める"), "sequences", ("Delete",),
        "sequences", "close",
    ),
    Command(
        "sequences.more", QT_TRANSLATE_NOOP("commands", "終了したシーケンスをさらに表示"), "sequences", ("M",),
        "sequences", "clock",
    ),
    Command(
        "sequences.read", QT_TRANSLATE_NOOP("commands", "シーケンスを読み直す"), "sequences", ("R",),
        "sequences", "sync",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CountRow:
    """One row of the counts: a sequence, or one of its steps."""

    name: str
    sub: str
    here: int
    done: int
    reply: int
    meeting: int
    out: int
    blocked: int = 0
    head: bool = False
    tip: str = ""


class SequencesPage(Page):
    """Checks at the top, the leads at the left, the lead in front and the counts at the right."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.board: Board | None = None
        self.everybody = False
        self.ended = PAGE
        self.dialog: EnrolDialog | None = None
        self.tabs = SegmentedTabs([self.tr("今日"), self.tr("実行中"), self.tr("終了")])
        self.tabs.setFixedWidth(300)
        self.count = ElidedLabel("", "dim")
        self.scope = button(self.tr("チーム全員"), "tab", tip=self.tr("自分の分だけ・チーム全員(A)"))
        self.enrol = button(self.tr("リードを入れる"), "primary", tip=self.tr("キューやビューのリードを入れる(E)"))
        self.blocked_check, self.mail_check = Check(self.tr("要確認")), Check(self.tr("今日のメール"))
        self.hand_check, self.result_check = Check(self.tr("今日の架電・SNS")), Check(self.tr("成果"))
        self.lines: RecordModel[Line] = RecordModel(self._columns(), self)
        self.table = self._table(self.tr("シーケンスのリード"), self.lines)
        self.counts: RecordModel[CountRow] = RecordModel(self._count_columns(), self)
        self.count_table = self._table(self.tr("シーケンスごとの人数と成果"), self.counts)
        self.foot = PastFoot()
        self.empty = EmptyState("sequence", "")
        self.start = self.empty.add_button(self.tr("リードを入れる(E)"), "primary")
        self.heard = label("", "small")
        self.heard.hide()
        self.panel = SequencePanel(session)
        self.mailer = Mailer(session, self)
        self._lay_out()
        self._connect()

    def _table(self, name: str, model: RecordModel[Line] | RecordModel[CountRow]) -> DataTable:
        made = DataTable(name)
        made.setModel(model)
        made.dress(model.columns)
        return made

    def _columns(self) -> list[Column[Line]]:
        lang = self._session.lang

        def state(one: Line) -> Cell:
            text, tone = words.state(one)
            if one.state == "stopped":
                text = words.stop(one.why, lang)
            return Cell(text, tone=tone)

        def who(one: Line) -> Cell:
            owner = self.tr("担当 {name}").format(name=one.owner) if self.everybody and one.owner else ""
            tip = " ・ ".join(part for part in (one.name, one.company, owner) if part)
            return Cell(one.name or one.company or "—", bold=True, sub=one.company if one.name else "", tip=tip)

        def at(one: Line) -> Cell:
            today = self._session.ctx.calendar.day_of(self._session.now())
            return Cell(words.when(one.at, today), "dim")

        def why(one: Line) -> Cell:
            if one.why and one.enrolment.state == "running":
                rules = self._session.ctx.rules
                tip = " ".join(words.reason(one.why, lang, rules))
                return Cell(words.short(one.why, lang, rules), "warn", tip=tip)
            title = one.enrolment.definition.label.in_(lang)
            return Cell(words.brief(title), "dim", tip=title)

        return [
            Column("state", self.tr("状態"), 124, state),
            Column("who", self.tr("リード"), 220, who, stretch=True),
            Column("step", self.tr("手順"), 104, lambda one: Cell(words.where(one, lang))),
            Column("at", self.tr("いつ"), 92, at),
            Column("why", self.tr("シーケンス・理由"), 190, why, stretch=True),
        ]

    def _count_columns(self) -> list[Column[CountRow]]:
        def name(one: CountRow) -> Cell:
            return Cell(one.name, "text" if one.head else "dim", bold=one.head, sub=one.sub, tip=one.tip or one.name)

        def figure(value: int) -> Cell:
            return Cell(f"{value:,}" if value else "—", "text" if value else "dim", right=True)

        def here(one: CountRow) -> Cell:
            text = f"{one.here:,}" if one.here else "—"
            tip = self.tr("うち要確認 {n}件").format(n=one.blocked) if one.blocked else ""
            return Cell(text, "warn" if one.blocked and not one.head else "text", bold=one.head, right=True, tip=tip)

        return [
            Column("name", self.tr("シーケンス・手順"), 180, name, stretch=True),
            Column("here", self.tr("いま"), 48, here, right=True),
            Column("done", self.tr("済み"), 50, lambda one: figure(one.done), right=True),
            Column("reply", self.tr("返信"), 54, lambda one: figure(one.reply), right=True),
            Column("meeting", self.tr("商談"), 68, lambda one: figure(one.meeting), right=True),
            Column("out", self.tr("配信停止"), 68, lambda one: figure(one.out), right=True),
        ]

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(self.tr("シーケンス"), "title"))
        head.addWidget(self.tabs)
        head.addWidget(KeyCap("T"))
        head.addWidget(self.count, 1)
        head.addWidget(self.heard)
        for part, key in ((self.scope, "A"), (self.enrol, "E")):
            head.addWidget(part)
            head.addWidget(KeyCap(key))
        self.scope.setVisible(not self._session.ctx.alone)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 14, 24, 16)
        box.setSpacing(12)
        box.addLayout(head)
        checks = QHBoxLayout()
        checks.setSpacing(12)
        for check in (self.blocked_check, self.mail_check, self.hand_check, self.result_check):
            checks.addWidget(check, 1)
        box.addLayout(checks)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        left = Card(margins=(1, 1, 1, 1))
        self.stack = ClearStack()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        left.body.addWidget(self.stack)
        left.body.addWidget(self.foot)
        middle.addWidget(left, 3)
        right = QVBoxLayout()
        right.setSpacing(12)
        self.lead_card = Card(margins=(16, 12, 16, 12))
        self.lead_card.body.addWidget(self.panel)
        counts = Card(margins=(1, 1, 1, 1))
        counts.body.addWidget(self.count_table)
        right.addWidget(self.lead_card, 5)
        right.addWidget(counts, 4)
        middle.addLayout(right, 2)
        box.addLayout(middle, 1)

    def _connect(self) -> None:
        self.tabs.changed.connect(lambda _: self._show_lines())
        self.table.opened.connect(lambda _: self._open())
        self.table.deleted.connect(self.panel.end)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._look())
        self.panel.opened.connect(self.asked_lead)
        self.panel.changed.connect(self.load)
        self.panel.left.connect(self.table.setFocus)
        self.panel.posted.connect(self.mailer.send)
        self.panel.write_wanted.connect(lambda lead, who, code: self.mailer.write(LeadId(lead), who, code))
        self.scope.clicked.connect(self.turn_scope)
        self.enrol.clicked.connect(self.ask_enrol)
        self.start.clicked.connect(self.ask_enrol)
        self.foot.asked.connect(self.show_more)
        self._session.hub.changed.connect(self._changed)
        self._session.hub.synced.connect(self._refresh)
        self._session.hub.ticked.connect(self._refresh)

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands, panel = self._session.commands, self.panel
        for command in COMMANDS:
            commands.declare(command)
        commands.bind("sequences.tab", self.next_tab)
        commands.bind("sequences.scope", self.turn_scope, allowed=lambda: not self.scope.isHidden())
        commands.bind("sequences.enrol", self.ask_enrol)
        commands.bind("sequences.send", panel.confirm, allowed=lambda: not panel.send.isHidden())
        commands.bind("sequences.write", panel.write_it, allowed=lambda: not panel.write.isHidden())
        commands.bind("sequences.skip", panel.ask_skip, allowed=lambda: not panel.skip.isHidden())
        commands.bind("sequences.take", panel.take_over, allowed=lambda: not panel.take.isHidden())
        commands.bind("sequences.stop", panel.end, allowed=lambda: not panel.stop.isHidden())
        commands.bind("sequences.more", self.show_more, allowed=lambda: not self.foot.isHidden())
        commands.bind("sequences.read", self.load)

    # ------------------------------------------------------------------ reading

    @override
    def arrive(self) -> None:
        self.load()
        self.table.setFocus()

    def load(self) -> None:
        """Read how the sequences stand."""
        ctx, everybody, ended = self._session.ctx, self.everybody, self.ended
        self._session.tasks.read(
            lambda: sequence_board.look(ctx, everybody=everybody, ended=ended),
            self._show,
            self._session.notices.error,
            owner=self,
            key="sequences",
        )

    def _show(self, board: Board) -> None:
        self.board = board
        today = [line for line in board.running if line.state != "later"]
        for place, (text, n) in enumerate(
            (
                (self.tr("今日 {n}"), len(today)),
                (self.tr("実行中 {n}"), len(board.running)),
                (self.tr("終了 {n}"), board.past),
            )
        ):
            self.tabs.set_text(place, text.format(n=n))
        self._say_checks(board)
        self.counts.show_records(self._rows(board.sequences))
        self.badge.emit(len(board.in_state("blocked")))
        self._show_lines()

    def _say_checks(self, board: Board) -> None:
        blocked = len(board.in_state("blocked"))
        text = self.tr("{n}件が待っています").format(n=blocked) if blocked else self.tr("ありません")
        self.blocked_check.show_state(text, "warn" if blocked else "good")
        count = board.today
        parts = [self.tr("自動 {n}件").format(n=count.get("auto", 0) + count.get("queued", 0))]
        parts += [self.tr("確認 {n}件").format(n=count["confirm"])] if count.get("confirm") else []
        parts += [self.tr("同期待ち {n}件").format(n=count["waits"])] if count.get("waits") else []
        parts += [self.tr("返信の確認待ち {n}件").format(n=count["unheard"])] if count.get("unheard") else []
        more = self.tr("しばらく同期していないので、同期してから送ります。") if count.get("waits") else ""
        if board.heard.deaf:
            more = self.tr("メールボックスを読めていないので、読めてから自動で送ります。")
        held = count.get("waits") or board.heard.deaf
        self.mail_check.show_state(" ・ ".join(parts), "warn" if held else "plain", more)
        self._say_heard(board)
        calls, social = count.get("call", 0), count.get("social", 0)
        said = self.tr("架電 {n}件 ・ SNSなど {m}件").format(n=calls, m=social)
        self.hand_check.show_state(said, "plain")
        replies = sum(one.results.get("reply", 0) for one in board.sequences)
        meetings = sum(one.results.get("meeting", 0) for one in board.sequences)
        enrolled = sum(one.enrolled for one in board.sequences)
        said = self.tr("返信 {r}件 ・ 商談 {m}件(延べ {n}件)").format(r=replies, m=meetings, n=enrolled)
        self.result_check.show_state(said, "good" if replies or meetings else "plain")

    def _say_heard(self, board: Board) -> None:
        """Say when answers were last heard: while they are not, no mail leaves by itself."""
        heard = board.heard
        today = self._session.ctx.calendar.day_of(self._session.now())
        at = words.when(heard.at, today) if heard.at is not None else self.tr("まだ読んでいません")
        self.heard.setText(self.tr("返信を最後に読んだ時刻: {at}").format(at=at))
        self.heard.setProperty("role", "warn" if heard.deaf else "small")
        self.heard.style().polish(self.heard)
        self.heard.setVisible(heard.box)

    def _rows(self, found: Sequence[SequenceCount]) -> list[CountRow]:
        lang = self._session.lang
        rows: list[CountRow] = []
        for one in found:
            name = one.label.in_(lang)
            stops = " ・ ".join(f"{words.stop(why, lang)} {n}" for why, n in one.stops.items())
            tip = "\n".join(
                part for part in (name, self.tr("停止: {stops}").format(stops=stops) if stops else "") if part
            )
            rows.append(
                CountRow(
                    words.brief(name), "", one.running, one.finished, one.results.get("reply", 0),
                    one.results.get("meeting", 0), one.results.get("opt_out", 0), head=True, tip=tip,
                )
            )  # fmt: skip
            for step in one.steps:
                days = self.tr("{n}営業日目").format(n=step.step.days)
                skipped = self.tr("飛ばした {n}件").format(n=step.skipped) if step.skipped else ""
                rows.append(
                    CountRow(
                        f"{step.number}  {words.channel(step.step, lang)}", days, step.here, step.done,
                        step.results.get("reply", 0), step.results.get("meeting", 0), step.results.get("opt_out", 0),
                        step.blocked, tip=skipped,
                    )
                )  # fmt: skip
        return rows

    def _shown(self) -> list[Line]:
        if self.board is None:
            return []
        if self.tabs.current() == TO_DO:
            return [line for line in self.board.running if line.state != "later"]
        return list(self.board.running if self.tabs.current() == RUNNING else self.board.ended)

    def _show_lines(self) -> None:
        chosen = self.panel.lead_id
        before = max(self.table.currentIndex().row(), 0)
        found = self._shown()
        self.lines.show_records(found)
        if found:
            place = next((n for n, line in enumerate(found) if line.lead_id == chosen), min(before, len(found) - 1))
            self.table.selectRow(place)
        else:
            self._say_empty()
        self.stack.setCurrentWidget(self.table if found else self.empty)
        board = self.board
        rest = board.past - len(board.ended) if board is not None and self.tabs.current() == ENDED else 0
        self.foot.show_rest(len(found), rest)
        hands = sum(line.state in _HANDS for line in found)
        self.count.set_text(self.tr("手が要るもの {n}件").format(n=hands) if hands else "")
        self._look()

    def _say_empty(self) -> None:
        nobody = self.board is not None and not self.board.running and not self.board.ended
        self.start.setVisible(nobody)
        if nobody:
            title = self.tr("シーケンスに入っているリードはありません")
            text = self.tr("入れると、メール・電話・SNSの手順が営業日ごとに自動で次の予定になります。")
        elif self.tabs.current() == TO_DO:
            title, text = self.tr("今日の手順はありません"), self.tr("次の手順は「実行中」(T)で見られます。")
        else:
            title, text = self.tr("ありません"), ""
        self.empty.say(title, text)

    def _look(self) -> None:
        line = self.lines.record(self.table.currentIndex().row())
        self.lead_card.setVisible(bool(self.lines.rowCount()))
        if line is None or not self.lines.rowCount():
            self.panel.show_nobody()
        else:
            why = line.why if line.enrolment.state == "running" else ""
            self.panel.show_lead(line.lead_id, line.name, line.company, line.enrolment, why)

    def _changed(self, changes: Changes) -> None:
        if changes.sequences or changes.leads or changes.all_leads or changes.playbook or changes.undo:
            self._refresh()

    def _refresh(self) -> None:
        if self.isVisible():
            self.load()

    # ------------------------------------------------------------------ doing

    def next_tab(self) -> None:
        """Show the next list."""
        self.tabs.set_current((self.tabs.current() + 1) % 3)
        self.table.setFocus()

    def turn_scope(self) -> None:
        """Show one's own leads, or everybody's."""
        self.everybody, self.ended = not self.everybody, PAGE
        self.scope.setChecked(self.everybody)
        self.load()

    def show_more(self) -> None:
        """Show what ended before, too."""
        self.ended = len(self.board.ended) + PAGE if self.board is not None else PAGE
        self.load()

    def _open(self) -> None:
        if self.panel.lead_id is not None:
            self.asked_lead.emit(self.panel.lead_id)

    def ask_enrol(self) -> None:
        """Choose leads and a sequence."""
        self.dialog = EnrolDialog(self._session, None, self.tr("どのリードを入れますか"), self.window())
        self.dialog.enrolled.connect(self.load)
        self.dialog.open()


def make(session: Session) -> Page:
    """Make the page."""
    page = SequencesPage(session)
    page.bind()
    return page
