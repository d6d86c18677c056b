"""The page 一日の締め: what is open at the end of the day, what goes out tonight, and the 日報 drawn from the log."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QStackedWidget, QVBoxLayout
from typing_extensions import override

from isdesk.clock import TOKYO
from isdesk.domain.changes import Changes
from isdesk.domain.day_end import LONGEST, Loop
from isdesk.domain.mail_pause import Way
from isdesk.services import confirming, day_end, day_report, pausing
from isdesk.services.day_end import DayEnd
from ui.commands import Command
from ui.dialler import ForgetfulClipboard
from ui.models.records import Cell, Column, RecordModel
from ui.noop import QT_TRANSLATE_NOOP
from ui.notices import Notice
from ui.pages import Page
from ui.views.calendar.invite import Inviter, by_mail
from ui.views.call.memo import MemoText
from ui.views.day import mailto, words
from ui.views.day.checks import Check
from ui.views.day.tonight import Tonight
from ui.views.mail.mailer import Mailer
from ui.widgets import Card, Chip, ElidedLabel, EmptyState, Hairline, KeyCap, button, label
from ui.widgets.table import DataTable

if TYPE_CHECKING:
    from ui.session import Session

SAVE_MS = 500
"""So long after the last letter what the rep says is kept."""
_NAMED = 20
"""So many appointments stand in the tooltip of a check."""

COMMANDS: tuple[Command, ...] = (
    Command("day.copy", QT_TRANSLATE_NOOP("commands", "日報をコピー"), "day", ("C",), "day", "copy"),
    Command("day.mail", QT_TRANSLATE_NOOP("commands", "日報をメールで送る"), "day", ("M",), "day", "mail"),
    Command("day.save", QT_TRANSLATE_NOOP("commands", "日報を保存"), "day", ("E",), "day", "export"),
    Command("day.write", QT_TRANSLATE_NOOP("commands", "選んだリードにメールを書く"), "day", ("W",), "day", "mail"),
    Command("day.invite", QT_TRANSLATE_NOOP("commands", "選んだ商談の招待を送る"), "day", ("I",), "day", "mail"),
    Command("day.tonight", QT_TRANSLATE_NOOP("commands", "送信待ちのメールへ移る"), "day", ("T",), "day", "clock"),
    Command("day.note", QT_TRANSLATE_NOOP("commands", "日報のひとことを書く"), "day", ("N",), "day", "definitions"),
    Command("day.read", QT_TRANSLATE_NOOP("commands", "今日の締めを読み直す"), "day", ("R",), "day", "sync"),
)


class DayPage(Page):
    """Checks at the top, open ends at the left, the report at the right."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._said = ""
        self.made: DayEnd | None = None
        self.day, self.count = Chip(""), ElidedLabel("", "dim")
        self.next_check = Check(self.tr("次回アクション"))
        self.promise_check = Check(self.tr("約束"))
        self.out_check = Check(self.tr("今夜送られるもの"))
        self.tomorrow_check = Check(self.tr("次の営業日"))
        self.loops: RecordModel[Loop] = RecordModel(self._columns(), self)
        self.table = DataTable(self.tr("やり残し"))
        self.table.setModel(self.loops)
        self.table.dress(self.loops.columns)
        self.tonight = Tonight()
        self.mailer = Mailer(session, self)
        self.inviter = Inviter(session, self)
        self.empty = EmptyState(
            "check", self.tr("やり残しはありません"), self.tr("今日の約束と記録はすべて片づいています。")
        )
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.report.setProperty("kind", "bare")
        self.report.setAccessibleName(self.tr("日報"))
        self.note = MemoText()
        self.note.setAccessibleName(self.tr("ひとこと"))
        self.note.setPlaceholderText(self.tr("ひとこと(気づき・困っていること・明日やること)"))
        self.copy = button(self.tr("コピー"), "primary", tip=self.tr("日報をコピー(C)"))
        self.mail = button(self.tr("メール"), tip=self.tr("メールソフトで新しいメールを開く(M)"))
        self.save = button(self.tr("保存"), tip=self.tr("日報をテキストで保存(E)"))
        self.clipboard = ForgetfulClipboard(self)
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(SAVE_MS)
        self._lay_out()
        self._connect()

    def _columns(self) -> list[Column[Loop]]:
        def kind(one: Loop) -> Cell:
            return Cell(words.kind(one.kind), tone=words.KINDS[one.kind][1])

        def text(one: Loop) -> Cell:
            attach = self.tr("Enter でリードに付ける") if words.loose(one) else one.text
            said = self.tr("I で招待を送る") if one.kind == "invite" else attach
            return Cell(said, "dim", tip=said)

        def time(one: Loop) -> Cell:
            late = one.kind in {"promise", "uncertain"}
            today = self.made.day if self.made is not None else self._session.ctx.calendar.day_of(self._session.now())
            return Cell(words.when(one.at, today), "bad" if late else "dim")

        return [
            Column("kind", self.tr("種類"), 148, kind),
            Column("who", self.tr("リード"), 230, lambda one: Cell(words.who(one), bold=True, sub=one.company)),
            Column("text", self.tr("内容"), 150, text, stretch=True),
            Column("at", self.tr("いつ"), 96, time),
        ]  # fmt: skip

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(self.tr("一日の締め"), "title"))
        head.addWidget(self.day)
        head.addWidget(self.count, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 14, 24, 16)
        box.setSpacing(12)
        box.addLayout(head)
        checks = QHBoxLayout()
        checks.setSpacing(12)
        for check in (self.next_check, self.promise_check, self.out_check, self.tomorrow_check):
            checks.addWidget(check, 1)
        box.addLayout(checks)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        left = Card(margins=(1, 1, 1, 1))
        self.stack = QStackedWidget()
        self.stack.setStyleSheet("QStackedWidget { background: transparent; }")
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        left.body.addWidget(self.stack)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(left, 1)
        column.addWidget(self.tonight)
        middle.addLayout(column, 3)
        middle.addWidget(self._report_card(), 2)
        box.addLayout(middle, 1)

    def _report_card(self) -> Card:
        card = Card(margins=(16, 12, 16, 12))
        card.body.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(label(self.tr("日報"), "head"))
        top.addStretch(1)
        for part, key in ((self.copy, "C"), (self.mail, "M"), (self.save, "E")):
            top.addWidget(part)
            top.addWidget(KeyCap(key))
        card.body.addLayout(top)
        card.body.addWidget(self.report, 1)
        card.body.addWidget(Hairline())
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label(self.tr("ひとこと"), "section"))
        line.addWidget(KeyCap("N"))
        line.addStretch(1)
        card.body.addLayout(line)
        self.note.setFixedHeight(64)
        card.body.addWidget(self.note)
        return card

    def _connect(self) -> None:
        self.table.opened.connect(lambda index: self._open(index.row()))
        self.tonight.opened.connect(self.mailer.show_outbox)
        self.mailer.closed.connect(self._read_again)
        self.inviter.posted.connect(self._read_again)
        self.copy.clicked.connect(self.copy_report)
        self.mail.clicked.connect(self.mail_report)
        self.save.clicked.connect(self.ask_save)
        self.note.textChanged.connect(self._keeping.start)
        self.note.left.connect(self.table.setFocus)
        self.note.done.connect(self.table.setFocus)
        self._keeping.timeout.connect(self.keep)
        self._session.hub.changed.connect(self._changed)
        self._session.hub.synced.connect(self._refresh)

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands = self._session.commands
        for command in COMMANDS:
            commands.declare(command)
        commands.bind("day.copy", self.copy_report)
        commands.bind("day.mail", self.mail_report)
        commands.bind("day.save", self.ask_save)
        commands.bind("day.write", self.write_mail)
        commands.bind("day.invite", self.send_invite)
        commands.bind("day.tonight", self.to_tonight)
        commands.bind("day.note", self.note.setFocus)
        commands.bind("day.read", self.load)

    # ------------------------------------------------------------------ reading

    @override
    def arrive(self) -> None:
        self.load()
        self.table.setFocus()

    @override
    def leave(self) -> None:
        if self._keeping.isActive():
            self.keep()

    def load(self) -> None:
        """Read how the present day ends, as of now."""
        self._read(None)

    def _read(self, day: date | None) -> None:
        ctx, invites = self._session.ctx, by_mail(self._session)
        self._session.tasks.read(
            lambda: day_end.look(ctx, day, invites=invites),
            self._show,
            self._session.notices.error,
            owner=self,
            key="day",
        )

    def _show(self, made: DayEnd) -> None:
        first = self.made is None or self.made.day != made.day
        if first and self._keeping.isActive():
            self.keep()
        self.made = made
        row = self.table.currentIndex().row()
        self.loops.show_records(made.loops)
        if made.loops:
            self.table.selectRow(min(max(row, 0), len(made.loops) - 1))
        self.stack.setCurrentWidget(self.empty if made.clear else self.table)
        today = self._session.now().astimezone(TOKYO).date()
        past = self.tr("{day} の締め(R で今日へ)")
        self.day.set_text((past if made.day < today else "{day}").format(day=f"{made.day:%Y/%m/%d}"))
        self.badge.emit(len(made.loops))
        self.tonight.show_mails(made.leaving, made.day)
        self.tonight.show_pause(pausing.told(one, self._session.lang).line for one in made.paused)
        self._say_checks(made)
        if first:
            self._keeping.blockSignals(True)
            self.note.setPlainText(made.note)
            self._keeping.stop()
            self._keeping.blockSignals(False)
            self._said = made.note
        self._show_report()

    def _say_checks(self, made: DayEnd) -> None:
        self.count.set_text(self.tr("やり残し {n}件").format(n=len(made.loops)) if made.loops else "")
        if made.without_next:
            text = self.tr("{n}件にありません").format(n=made.without_next)
            self.next_check.show_state(text, "bad")
        elif made.touched:
            self.next_check.show_state(self.tr("対応した {n}件すべてにあり").format(n=made.touched), "good")
        else:
            self.next_check.show_state(self.tr("対応したリードはまだありません"), "plain")
        self._say_promises(made)
        self._say_tonight(made)
        self._say_tomorrow(made)

    def _say_promises(self, made: DayEnd) -> None:
        missed = sum(one.kind == "promise" for one in made.loops)
        later = self.tr("今日これからの約束 {n}件").format(n=len(made.later))
        if missed and made.later:
            said = self.tr("時刻超過 {n}件 ・ 今日これから {m}件").format(n=missed, m=len(made.later))
        elif missed:
            said = self.tr("{n}件が時刻を過ぎています").format(n=missed)
        else:
            said = later if made.later else self.tr("過ぎた約束はありません")
        tone = "bad" if missed else "warn" if made.later else "good"
        more = "\n".join(" ".join((words.when(one.at, made.day), one.company, one.name)) for one in made.later[:_NAMED])
        self.promise_check.show_state(said, tone, more)
        done = self.tr("今日の約束と記録はすべて片づいています。")
        self.empty.say(
            self.tr("やり残しはありません"), "\n".join([later, *more.split("\n")[:3]]) if made.later else done
        )

    def _say_tonight(self, made: DayEnd) -> None:
        parts = [self.tr("記録 {n}件").format(n=made.waiting)] if made.connected else []
        held = any(one.pause.way is Way.OUT for one in made.paused)
        count = sum(not one.late for one in made.leaving)
        parts.append((self.tr("メール {n}通(停止中)") if held else self.tr("メール {n}通")).format(n=count))
        if made.attention:
            parts.append(self.tr("要対応 {n}件").format(n=made.attention))
        more = "\n".join(" ".join((words.when(one.at, made.day), one.company, one.name)) for one in made.mails)
        self.out_check.show_state(" ・ ".join(parts), "warn" if made.attention else "plain", more)

    def _say_tomorrow(self, made: DayEnd) -> None:
        met = sum(one.meeting for one in made.tomorrow)
        text = self.tr("{day} 約束 {n}件 ・ 商談 {m}件")
        said = text.format(day=f"{made.next_day:%m/%d}", n=len(made.tomorrow) - met, m=met)
        more = "\n".join(
            " ".join((words.when(one.at, made.next_day), one.company, one.name)) for one in made.tomorrow[:_NAMED]
        )
        self.tomorrow_check.show_state(said, "plain", more)

    def _changed(self, changes: Changes) -> None:
        every = changes.playbook or changes.all_leads
        if changes.leads or changes.queue or changes.outbox or changes.undo or every:
            self._refresh()

    def _refresh(self) -> None:
        if self.isVisible():
            self._read_again()

    def _read_again(self) -> None:
        """Read the day that stands here anew: who closes it around midnight goes on with it."""
        self._read(self.made.day if self.made is not None else None)

    def _open(self, row: int) -> None:
        found = self.loops.record(row)
        if found is None:
            return
        if words.loose(found):
            self.asked_talk.emit(found.call)
        elif found.kind == "attention":
            self._session.commands.run("app.attention")
        elif found.mail_id:
            self.mailer.show_outbox(found.mail_id)
        elif found.kind in {"draft", "confirm", "material"}:
            self._write(found)
        elif found.lead_id is not None:
            self.asked_lead.emit(found.lead_id)

    def to_tonight(self) -> None:
        """Go to the mails that wait, or say that none does."""
        if self.tonight.isHidden():
            self._session.notices.say(self.tr("送信待ちのメールはありません。"))
        else:
            self.tonight.table.setFocus()

    def write_mail(self) -> None:
        """Write to the lead of the chosen line; a meeting is confirmed with the team's template for that."""
        found = self.loops.record(self.table.currentIndex().row())
        if found is not None and found.lead_id is not None:
            self._write(found)

    def send_invite(self) -> None:
        """Send the invitation to the meeting of the chosen line, or say why it cannot be sent."""
        found = self.loops.record(self.table.currentIndex().row())
        if found is not None and found.lead_id is not None:
            self.inviter.send(found.lead_id)

    def _write(self, found: Loop) -> None:
        if found.lead_id is not None:
            template = confirming.template(self._session.ctx) if found.kind == "confirm" else ""
            self.mailer.write(found.lead_id, words.who(found), template)

    # ------------------------------------------------------------------ the report

    def text(self) -> str:
        """Return the report as it would be handed out now, with what is being typed."""
        from dataclasses import replace

        if self.made is None:
            return ""
        return day_report.text(replace(self.made, note=self.note.toPlainText().strip()), self._session.lang)

    def _show_report(self) -> None:
        at = self.report.verticalScrollBar().value()
        self.report.setPlainText(self.text())
        self.report.verticalScrollBar().setValue(at)

    def keep(self) -> None:
        """Keep what the rep says about the day that stands here, whatever day it has become meanwhile."""
        self._keeping.stop()
        said, ctx, made = self.note.toPlainText()[:LONGEST], self._session.ctx, self.made
        if made is None:
            return
        self._show_report()
        if said.strip() != self._said:
            self._said = said.strip()
            self._session.tasks.write(lambda: day_end.keep_note(ctx, said, made.day), owner=self)

    def copy_report(self) -> None:
        """Put the report on the clipboard, for a minute as all that holds names."""
        self.clipboard.copy(self.text())
        self._session.notices.say(self.tr("日報をコピーしました。1分後にクリップボードから消えます。"))

    def mail_report(self) -> None:
        """Open a new mail with the report; one that is too long for that goes by the clipboard."""
        if self.made is None:
            return
        subject, body = day_report.subject(self.made, self._session.lang), self.text()
        if not mailto.fits(subject, body):
            self.clipboard.copy(body)
            body = self.tr("(日報をコピーしました。ここに貼り付けてください)")
            self._session.notices.say(self.tr("長いのでコピーしました。1分以内にメールの本文に貼り付けてください。"))
        if not mailto.open_mail(subject, body):
            what = self.tr("メールソフトを開けませんでした。")
            self._session.notices.show(Notice(what, self.tr("「コピー」(C)を使って、メールに貼り付けてください。")))

    def ask_save(self) -> None:
        """Ask where to, and save the report."""
        if self.made is None:
            return
        name = self.tr("日報 {day}").format(day=self.made.day.isoformat())
        path, _ = QFileDialog.getSaveFileName(self, self.tr("日報を保存"), f"{name}.txt", self.tr("テキスト (*.txt)"))
        if path:
            target = Path(path)
            self.save_report(target if target.suffix else target.with_suffix(".txt"))

    def save_report(self, path: Path) -> None:
        """Save the report under a name."""
        try:
            path.write_text(self.text(), "utf-8")
        except OSError:
            what = self.tr("日報を書き込めませんでした。")
            self._session.notices.show(Notice(what, self.tr("保存先を変えて、もう一度お試しください。")))
            return
        self._session.notices.say(self.tr("保存しました: {file}").format(file=path.name))


def make(session: Session) -> Page:
    """Make the page."""
    page = DayPage(session)
    page.bind()
    return page
