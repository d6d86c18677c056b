"""The page 同期: how it stands, what waits, what clashes, what needs a person, past rounds, and the connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout
from typing_extensions import override

from isdesk.domain.changes import Changes, Value
from isdesk.domain.errors import NotFound, Refused
from isdesk.domain.ids import LeadId
from isdesk.services import outbox
from isdesk.services.outbox import LOCAL, REMOTE, VALUE, Round
from isdesk.services.values import checked
from isdesk.services.views import ConflictItem, OutboxItem, SyncStatus
from ui import words
from ui.commands import Command, shown_key
from ui.models.records import Cell, Column, RecordModel
from ui.noop import QT_TRANSLATE_NOOP
from ui.pages import Page
from ui.views.sync.conflict_panel import ConflictPanel
from ui.views.sync.connection_panel import ConnectionPanel, Standing
from ui.views.sync.outbox_panel import OutboxPanel
from ui.views.sync.words import abilities, host_name, place_name, problem, state_words
from ui.widgets import Card, EmptyState, KeyCap, Pill, SegmentedTabs, button, label
from ui.widgets.busy import BusyLine
from ui.widgets.table import ClearStack, DataTable

if TYPE_CHECKING:
    from ui.session import Session

SKEW_MINUTES = 2
NUMBERS = frozenset({"talk_s", "ring_s"})
WAITING, CONFLICTS, ATTENTION, ROUNDS, CONNECTION = range(5)
COMMANDS: tuple[Command, ...] = (
    Command("sync.mine", QT_TRANSLATE_NOOP("commands", "競合: 自分の値にする"), "sync", ("1",), "sync", "check"),
    Command("sync.theirs", QT_TRANSLATE_NOOP("commands", "競合: 相手の値のまま"), "sync", ("2",), "sync", "check"),
    Command("sync.value", QT_TRANSLATE_NOOP("commands", "競合: 別の値にする"), "sync", ("3",), "sync", "check"),
    Command("sync.alike", QT_TRANSLATE_NOOP("commands", "競合: 同じ項目をまとめて"), "sync", ("A",), "sync", "check"),
    Command("sync.fix", QT_TRANSLATE_NOOP("commands", "要対応: 値を直す"), "sync", ("E",), "sync", "definitions"),
    Command(
        "sync.move", QT_TRANSLATE_NOOP("commands", "要対応: 別のリードに付け替える"), "sync", ("T",), "sync", "user"
    ),
    Command("sync.note", QT_TRANSLATE_NOOP("commands", "要対応: メモだけ残す"), "sync", ("N",), "sync", "mail"),
    Command(
        "sync.written", QT_TRANSLATE_NOOP("commands", "要対応: CRMにあったと記録"), "sync", ("W",), "sync", "check"
    ),
    Command("sync.retry", QT_TRANSLATE_NOOP("commands", "選んだ記録を送り直す"), "sync", ("R",), "sync", "sync"),
    Command("sync.connection", QT_TRANSLATE_NOOP("commands", "接続を見直す"), "sync", ("C",), "sync", "link"),
    Command("sync.next", QT_TRANSLATE_NOOP("commands", "次のタブ"), "sync", ("Ctrl+Tab",), "sync", "chevron-right"),
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One reading of everything the page shows."""

    status: SyncStatus
    items: tuple[OutboxItem, ...]
    conflicts: tuple[ConflictItem, ...]
    rounds: tuple[Round, ...]
    connection: tuple[str, str, str, str] = ("", "", "", "")
    """Kind, URL (without secrets), user, scope; all empty where there is none."""
    able: Mapping[str, object] = field(default_factory=dict)


class SyncPage(Page):
    """A card with the state above five tabs."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.tabs = SegmentedTabs([""] * 5, "underline")
        self.waiting, self.attention = OutboxPanel(session), OutboxPanel(session, attention=True)
        self.conflicts = ConflictPanel(session)
        self.connection = ConnectionPanel()
        self.rounds: RecordModel[Round] = RecordModel(self._round_columns(), self)
        self.busy = BusyLine()
        self._arrived = False
        self._connected = False
        self._stack = QStackedWidget()
        for part in (self.waiting, self.conflicts, self.attention, self._rounds_card(), self.connection):
            self._stack.addWidget(part)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 14, 24, 16)
        box.setSpacing(12)
        box.addLayout(self._head())
        box.addWidget(self.busy)
        box.addWidget(self.tabs)
        box.addWidget(self._stack, 1)
        self._connect()

    def _head(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(8)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(label(self.tr("同期"), "title"))
        self.state = Pill("")
        line.addSpacing(4)
        line.addWidget(self.state)
        self.where = label("", "dim")
        line.addWidget(self.where, 1)
        self.now_button = button(self.tr("今すぐ同期"), "primary")
        line.addWidget(self.now_button)
        line.addWidget(KeyCap(shown_key("Ctrl+R")))
        box.addLayout(line)
        self.figures = label("", "dim")
        self.trouble = label("", "bad", wrap=True)
        box.addWidget(self.figures)
        box.addWidget(self.trouble)
        self.trouble.hide()
        return box

    def _rounds_card(self) -> Card:
        card = Card(margins=(1, 1, 1, 1))
        table = self.rounds_table = DataTable(self.tr("同期の履歴"))
        table.setModel(self.rounds)
        table.dress(self.rounds.columns)
        inner = ClearStack()
        inner.addWidget(table)
        inner.addWidget(
            EmptyState("sync", self.tr("まだ同期していません"), self.tr("接続すると、ここに履歴が残ります。"))
        )
        self.rounds.modelReset.connect(lambda: inner.setCurrentIndex(0 if self.rounds.rowCount() else 1))
        inner.setCurrentIndex(1)
        card.body.addWidget(inner)
        return card

    def _round_columns(self) -> list[Column[Round]]:
        def number(code: str) -> Callable[[Round], Cell]:
            def cell(one: Round) -> Cell:
                value = one.figures.get(code)
                count = value if isinstance(value, int) else 0
                return Cell(f"{count:,}", "text" if count else "dim", right=True)

            return cell

        def seconds(one: Round) -> Cell:
            value = one.figures.get("seconds")
            return Cell(f"{value:.1f}" if isinstance(value, (int, float)) else "—", "dim", right=True)

        return [
            Column("at", self.tr("開始"), 150, lambda r: Cell(words.moment_full(r.started_at))),
            Column("how", self.tr("結果"), 300, self._how, stretch=True),
            Column("new", self.tr("受信: 新規"), 90, number("created"), right=True),
            Column("changed", self.tr("受信: 更新"), 90, number("updated"), right=True),
            Column("gone", self.tr("受信: 削除"), 90, number("deleted"), right=True),
            Column("sent", self.tr("送信"), 76, number("sent"), right=True),
            Column("clash", self.tr("競合"), 70, number("conflicts"), right=True),
            Column("held", self.tr("要対応"), 76, number("quarantined"), right=True),
            Column("mended", self.tr("修復"), 70, number("repaired"), right=True),
            Column("s", self.tr("秒"), 70, seconds, right=True),
        ]

    def _how(self, one: Round) -> Cell:
        if one.ok:
            return Cell(self.tr("完了"), tone="good", icon="check")
        said = problem(one.error, self._session.lang)
        if one.figures.get("online") is False:
            return Cell(self.tr("オフライン"), tone="warn", icon="warning", sub=said.what, tip=said.line)
        return Cell(self.tr("中断"), tone="bad", icon="warning", sub=said.what, tip=said.line)

    def _connect(self) -> None:
        session = self._session
        self.tabs.changed.connect(self._stack.setCurrentIndex)
        self.now_button.clicked.connect(self._sync_now)
        for panel in (self.waiting, self.attention):
            panel.retried.connect(self._retry)
            panel.withdrawn.connect(self._withdraw)
            panel.opened.connect(self.asked_lead)
        self.attention.fixed.connect(self._fix)
        self.attention.moved.connect(self._move)
        self.attention.noted.connect(self._note)
        self.attention.written.connect(self._written)
        self.conflicts.decided.connect(self._decide)
        self.conflicts.valued.connect(self._give)
        self.conflicts.opened.connect(self.asked_lead)
        self.connection.connect_wanted.connect(lambda: session.commands.run("page.connect"))
        self.connection.review.connect(self._review)
        session.hub.changed.connect(self._changed)
        session.hub.outbox.connect(lambda _: self.load() if self.isVisible() else None)
        session.hub.syncing.connect(self._syncing)
        session.hub.synced.connect(self.busy.end)
        self.busy.cancelled.connect(session.hub.stop_sync)

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands = self._session.commands
        for command in COMMANDS:
            commands.declare(command)

        def on(tab: int) -> Callable[[], bool]:
            return lambda: self.tabs.current() == tab

        commands.bind("sync.mine", lambda: self.conflicts.decide(LOCAL), allowed=on(CONFLICTS))
        commands.bind("sync.theirs", lambda: self.conflicts.decide(REMOTE), allowed=on(CONFLICTS))
        commands.bind("sync.value", self.conflicts.ask_value, allowed=on(CONFLICTS))
        commands.bind("sync.alike", self.conflicts.toggle_alike, allowed=on(CONFLICTS))
        for code, act in (
            ("sync.fix", self.attention.ask_fix),
            ("sync.move", self.attention.ask_lead),
            ("sync.note", self.attention.note_only),
            ("sync.written", self.attention.mark_written),
        ):
            commands.bind(code, act, allowed=on(ATTENTION))
        commands.bind("sync.retry", self._retry_chosen, allowed=lambda: self.tabs.current() in {WAITING, ATTENTION})
        commands.bind("sync.connection", self._review)
        commands.bind("sync.next", lambda: self.show_tab((self.tabs.current() + 1) % 5))

    # ------------------------------------------------------------------ what is shown

    @override
    def arrive(self) -> None:
        self._arrived = True
        self.load()
        self._focus()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.load()

    def show_tab(self, tab: int) -> None:
        """Go to one of the tabs."""
        self.tabs.set_current(tab)
        self._focus()

    def _focus(self) -> None:
        first = {
            WAITING: self.waiting.table,
            CONFLICTS: self.conflicts.table,
            ATTENTION: self.attention.table,
            ROUNDS: self.rounds_table,
        }.get(self.tabs.current())
        if first is None and self.connection.isVisible():
            self.connection.take_keys()
        else:
            (first if first is not None and first.isVisible() else self.tabs).setFocus()

    def load(self) -> None:
        """Read everything the page shows."""
        session = self._session
        ctx, desk = session.ctx, session.desk

        def op() -> Snapshot:
            found = desk.connection if desk is not None else None
            told = (found.kind, found.url, str(found.options.get("user") or ""), found.scope) if found else ("",) * 4
            able = desk.capabilities if desk is not None else {}
            return Snapshot(
                outbox.status(ctx), outbox.items(ctx), outbox.conflicts(ctx), outbox.history(ctx), told, able
            )

        session.tasks.read(op, self._show, owner=self, key="sync-page")

    def _show(self, read: Snapshot) -> None:
        status = read.status
        now = self._session.now()
        text, tone = state_words(status, self._session.words, now)
        self.state.set_text(text)
        self.state.set_tone(tone)
        self._show_figures(status)
        said = problem(status.error, self._session.lang) if status.state != "none" else problem("", "ja")
        self.trouble.setText(said.line)
        self.trouble.setVisible(bool(said.what))
        held = [item for item in read.items if item.state == "quarantined"]
        going = [item for item in read.items if item.state != "quarantined"]
        self.waiting.say_connected(connected=status.state != "none")
        self.waiting.show_items(going)
        self.attention.show_items(held)
        self.conflicts.show_items(read.conflicts)
        self.rounds.show_records(read.rounds)
        self._show_connection(read, (text, tone))
        self.connection.say_problem(said.line)
        names = (
            _counted(self.tr("送信待ち"), status.waiting),
            _counted(self.tr("競合"), len(read.conflicts)),
            _counted(self.tr("要対応"), status.attention),
            self.tr("履歴"),
            self.tr("接続"),
        )
        self.tabs.set_tabs(list(names), current=self.tabs.current())
        self.badge.emit(status.attention + len(read.conflicts))
        if self._arrived:
            self._arrived = False
            if status.state == "none" and self.tabs.current() == WAITING:
                self.tabs.set_current(CONNECTION)
            self._focus()
        self.now_button.setEnabled(status.state not in {"none", "syncing"})

    def _show_figures(self, status: SyncStatus) -> None:
        now = self._session.now()
        parts: list[str] = []
        if status.last_sync is not None:
            at = self._session.words.moment(status.last_sync, now)
            parts.append(self.tr("最終同期 {at}({ago})").format(at=at, ago=words.ago(status.last_sync, now)))
        else:
            parts.append(self.tr("まだ同期していません"))
        if status.oldest is not None:
            parts.append(self.tr("いちばん古い送信待ち {ago}").format(ago=words.ago(status.oldest, now)))
        if status.audited is not None:
            parts.append(self.tr("最後の全件照合 {ago}").format(ago=words.ago(status.audited, now)))
        if status.waiting:
            parts.append(self.tr("記録はこの端末に保存済みです。つながり次第、自動で送ります。"))
        self.figures.setText(" ・ ".join(parts))

    def _show_connection(self, read: Snapshot, state: tuple[str, str]) -> None:
        kind, url, user, scope = read.connection
        self._connected = bool(kind)
        if not kind:
            self.where.setText(self.tr("接続していません"))
            self.connection.show_none()
            return
        name = place_name(kind, url)
        wide = self.tr("チーム全体") if scope == "team" else self.tr("自分のリード")
        who = self._session.ctx.name_of(user) or self._session.ctx.me.name or user
        self.where.setText(f"{name} ・ {wide}")
        more = self.tr("{who} として接続 ・ 範囲: {scope}").format(who=who, scope=wide)
        host = host_name(url)
        self.connection.show_connection(
            self.tr("{name} に接続しています").format(name=name),
            " ・ ".join(part for part in (host, more) if part),
            state,
            abilities(read.able) if read.able else (),
            self._health(read),
        )

    def _health(self, read: Snapshot) -> list[Standing]:
        now, speech, status = self._session.now(), self._session.words, read.status
        last = status.last_sync
        found = [
            Standing(
                self.tr("最後の同期"),
                self.tr("{at}({ago})").format(at=speech.moment(last, now), ago=words.ago(last, now)) if last else "—",
            ),
            Standing(
                self.tr("最後の全件照合"),
                words.ago(status.audited, now) if status.audited else self.tr("まだありません"),
            ),
            Standing(
                self.tr("送信待ち"),
                self.tr("{n}件 ・ いちばん古いもの {ago}").format(n=status.waiting, ago=words.ago(status.oldest, now))
                if status.waiting and status.oldest
                else self.tr("なし"),
                "warn" if status.waiting else "good",
            ),
            Standing(
                self.tr("要対応"),
                self.tr("{n}件").format(n=status.attention + status.conflicts)
                if status.attention + status.conflicts
                else self.tr("なし"),
                "bad" if status.attention + status.conflicts else "good",
            ),
        ]
        minutes = round(abs(status.skew_ms) / 60_000)
        if minutes >= SKEW_MINUTES:
            found.append(Standing(self.tr("時計のずれ"), self.tr("{n}分").format(n=minutes), "warn"))
        else:
            found.append(Standing(self.tr("時計のずれ"), self.tr("なし"), "good"))
        return found

    def _changed(self, changes: Changes) -> None:
        if changes.outbox and self.isVisible():
            self.load()

    # ------------------------------------------------------------------ verbs

    def _review(self) -> None:
        self._session.commands.run("app.connect" if self._connected else "page.connect")

    def _sync_now(self) -> None:
        self._session.commands.run("app.sync")

    def _syncing(self, phase: str, done: int, total: int) -> None:
        if not self.busy.isVisible():
            self.busy.begin(self.tr("同期しています"))
        self.busy.step(phase, done, total)

    def _retry_chosen(self) -> None:
        panel = self.waiting if self.tabs.current() == WAITING else self.attention
        if panel.chosen():
            self._retry(panel.chosen())

    def _retry(self, ids: Sequence[str]) -> None:
        ctx = self._session.ctx

        def op() -> Changes:
            return _all(lambda one: outbox.retry(ctx, one).changes, ids)

        said = self.tr("{n}件を次の同期で送り直します").format(n=len(ids))
        self._write(op, said)

    def _withdraw(self, ids: Sequence[str], reason: str) -> None:
        ctx = self._session.ctx

        leave = outbox.discard if self.tabs.current() == ATTENTION else outbox.withdraw

        def op() -> Changes:
            return _all(lambda one: leave(ctx, one, reason).changes, ids)

        self._write(op, self.tr("{n}件の送信をやめました。記録は残っています。").format(n=len(ids)))

    def _fix(self, item_id: str, field: str, text: str) -> None:
        ctx = self._session.ctx
        value: Value = int(text) if field in NUMBERS and text.isdigit() else text
        self._write(lambda: outbox.fix(ctx, item_id, field, value).changes, self.tr("直しました。次の同期で送ります。"))

    def _move(self, ids: Sequence[str], lead_id: str) -> None:
        ctx = self._session.ctx

        def op() -> Changes:
            return _all(lambda one: outbox.retarget(ctx, one, LeadId(lead_id)).changes, ids)

        self._write(op, self.tr("{n}件を付け替えました。次の同期で送ります。").format(n=len(ids)))

    def _note(self, ids: Sequence[str]) -> None:
        ctx = self._session.ctx

        def op() -> Changes:
            return _all(lambda one: outbox.note_only(ctx, one).changes, ids)

        self._write(op, self.tr("{n}件をメモとして次の同期で送ります").format(n=len(ids)))

    def _written(self, ids: Sequence[str]) -> None:
        ctx = self._session.ctx

        def op() -> Changes:
            return _all(lambda one: outbox.mark_written(ctx, one).changes, ids)

        self._write(op, self.tr("CRMにあったと記録しました。もう送りません。"))

    def _decide(self, ids: Sequence[str], take: str) -> None:
        ctx = self._session.ctx

        def op() -> Changes:
            return outbox.resolve_many(ctx, ids, take).changes

        self._write(op, self.tr("{n}件の競合を決めました").format(n=len(ids)))

    def _give(self, conflict_id: str, text: str) -> None:
        ctx = self._session.ctx
        item = next((c for c in self.conflicts.model.records() if c.id == conflict_id), None)
        if item is None:
            return
        path = f"company.{item.field}" if item.obj == "company" else item.field

        def op() -> Changes:
            return outbox.resolve(ctx, conflict_id, VALUE, checked(ctx, path, text)).changes

        self._write(op, self.tr("{n}件の競合を決めました").format(n=1))

    def _write(self, op: Callable[[], Changes], said: str) -> None:
        self._session.tasks.write(op, lambda _: self._done(said), self._session.notices.error, owner=self)

    def _done(self, said: str) -> None:
        self._session.notices.say(said)
        self.load()


def _counted(text: str, count: int) -> str:
    return f"{text} {count:,}" if count else text


def _all(act: Callable[[str], Changes], ids: Sequence[str]) -> Changes:
    """Act on each; one that came too late (sent or decided meanwhile) is passed over where there are others."""
    changes = Changes(outbox=True)
    for one in ids:
        try:
            changes |= act(one)
        except (Refused, NotFound):
            if len(ids) == 1:
                raise
    return changes


def make(session: Session) -> Page:
    """Make the page."""
    page = SyncPage(session)
    page.bind()
    return page
