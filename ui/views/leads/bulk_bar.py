"""The bar under the table: how many leads are selected, what can be done with them, and what it would do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QWidget
from typing_extensions import override

from isdesk.clock import TOKYO
from isdesk.domain.consent import BASES
from isdesk.domain.ids import MemberId
from isdesk.services import bulk
from isdesk.services.bulk import Outlook, Step
from isdesk.services.context import Context
from ui.theme import tokens
from ui.widgets import KeyCap, button, label
from ui.words import Words

_MORNING = time(9)


class BulkBar(QWidget):
    """``stepped(Step)`` whenever what is asked for changes, so that it can be counted; ``run(Step)`` to do it.

    ``without``: the kinds (and ``export``) that are not offered.
    """

    stepped = Signal(object)
    run = Signal(object)
    export = Signal()
    cleared = Signal()
    closed = Signal()

    def __init__(
        self, ctx: Context, speech: Words, parent: QWidget | None = None, *, without: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(parent)
        self._ctx, self._speech, self._without = ctx, speech, without
        self._kind = ""
        self._changing = False
        self.setFixedHeight(52)
        self.count = label("", "head")
        self._stack = QStackedWidget()
        self._stack.setStyleSheet("QStackedWidget { background: transparent; }")
        self.buttons: dict[str, QPushButton] = {}
        self._stack.addWidget(self._choose())
        self._stack.addWidget(self._confirm())
        line = QHBoxLayout(self)
        line.setContentsMargins(24, 0, 24, 0)
        line.setSpacing(16)
        line.addWidget(self.count)
        line.addWidget(self._stack, 1)

    def _choose(self) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for kind, text, key, handler in (
            (bulk.ASSIGN, self.tr("担当を変更"), "A", self._asker(bulk.ASSIGN)),
            (bulk.SNOOZE, self.tr("後で"), "S", self._asker(bulk.SNOOZE)),
            (bulk.PIN, self.tr("固定"), "P", self._asker(bulk.PIN)),
            (bulk.UNPIN, self.tr("固定を外す"), "", self._asker(bulk.UNPIN)),
            (bulk.CONSENT, self.tr("同意を記録"), "C", self._asker(bulk.CONSENT)),
            (bulk.CLOSE, self.tr("終了"), "", self._asker(bulk.CLOSE)),
            (bulk.DO_NOT_CALL, self.tr("架電禁止"), "D", self._asker(bulk.DO_NOT_CALL)),
            ("export", self.tr("書き出す"), "E", self.export.emit),
        ):
            if kind in self._without:
                continue
            shown = button(text, "danger" if kind == bulk.DO_NOT_CALL else "plain")
            shown.setToolTip(f"{text} ({key})" if key else text)
            shown.clicked.connect(lambda _=False, do=handler: do())
            self.buttons[kind] = shown
            line.addWidget(shown)
            if key:
                line.addWidget(KeyCap(key))
                line.addSpacing(4)
        line.addStretch(1)
        clear = button(self.tr("選択を外す"), "quiet")
        clear.clicked.connect(self.cleared)
        line.addWidget(clear)
        line.addWidget(KeyCap("Esc"))
        return made

    def _confirm(self) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self.what = label()
        self.first, self.second = QComboBox(), QComboBox()
        self.typed = QLineEdit()
        self.typed.setPlaceholderText(self.tr("どこで得たか(例: 名刺、展示会X)"))
        self.typed.setAccessibleName(self.tr("同意の出所"))
        self.typed.setMinimumWidth(220)
        self.typed.hide()
        self.typed.textChanged.connect(lambda _: self._typed())
        self.typed.returnPressed.connect(self._enter)
        self.outlook = label("", "dim")
        self.do = button(self.tr("実行"), "primary")
        self.do.clicked.connect(self._run)
        back = button(self.tr("やめる"), "quiet")
        back.clicked.connect(self.close_question)
        for combo in (self.first, self.second):
            combo.setMinimumWidth(150)
            combo.currentIndexChanged.connect(lambda _: self._told())
        for part in (self.what, self.first, self.second, self.typed, self.outlook):
            line.addWidget(part)
        line.addStretch(1)
        line.addWidget(self.do)
        line.addWidget(KeyCap("Enter"))
        line.addWidget(back)
        line.addWidget(KeyCap("Esc"))
        return made

    def _asker(self, kind: str) -> Callable[[], None]:
        return lambda: self.ask(kind)

    # ------------------------------------------------------------------ what is shown

    def show_count(self, count: int) -> None:
        """Say how many leads are selected."""
        self.count.setText(self.tr("{n}件を選択").format(n=f"{count:,}"))

    @property
    def asking(self) -> bool:
        """Return True while it asks whether to do something."""
        return bool(self._kind)

    def ask(self, kind: str) -> None:
        """Ask how, and whether, to do something with the selected leads."""
        self._kind = ""
        self.outlook.setText("")
        words = {
            bulk.ASSIGN: self.tr("次の担当に変更"),
            bulk.SNOOZE: self.tr("次に出すときと理由"),
            bulk.PIN: self.tr("キューの先頭に固定します"),
            bulk.UNPIN: self.tr("固定を外します"),
            bulk.DO_NOT_CALL: self.tr("今後の架電を禁止します"),
            bulk.CLOSE: self.tr("次のステージで終了します"),
            bulk.CONSENT: self.tr("メールの同意の根拠"),
        }
        self.what.setText(words[kind])
        choosing = {bulk.ASSIGN, bulk.SNOOZE, bulk.CLOSE, bulk.CONSENT}
        self.first.setVisible(kind in choosing)
        self.second.setVisible(kind == bulk.SNOOZE)
        self.typed.setVisible(kind == bulk.CONSENT)
        self.first.clear()
        self.second.clear()
        if kind == bulk.ASSIGN:
            self._people()
        elif kind == bulk.SNOOZE:
            self._times()
        elif kind == bulk.CLOSE:
            self._ends()
        elif kind == bulk.CONSENT:
            self._bases()
        self.do.setProperty("kind", "danger" if kind in {bulk.DO_NOT_CALL, bulk.CLOSE} else "primary")
        self.do.style().polish(self.do)
        self._kind = kind
        self._stack.setCurrentIndex(1)
        (self.first if kind in choosing else self.do).setFocus()
        self._told()

    def ask_to(self, member_id: MemberId) -> None:
        """Ask whether to give the selected leads to this person."""
        self.ask(bulk.ASSIGN)
        self.first.setCurrentIndex(self.first.findData(member_id))
        self.do.setFocus()

    def _people(self) -> None:
        self.first.setAccessibleName(self.tr("担当"))
        people = sorted((m for m in self._ctx.members.values() if m.active), key=lambda m: (m.role == "fs", m.name))
        for member in people:
            self.first.addItem(member.name, member.id)

    def _ends(self) -> None:
        self.first.setAccessibleName(self.tr("ステージ"))
        for code in bulk.closing(self._ctx):
            self.first.addItem(self._speech.stage(code), code)

    def _bases(self) -> None:
        self.first.setAccessibleName(self.tr("同意の根拠"))
        for code, text in BASES.items():
            self.first.addItem(text.in_(self._ctx.lang), code)
        self.first.setCurrentIndex(self.first.findData("notified"))

    def _times(self) -> None:
        self.first.setAccessibleName(self.tr("次に出すとき"))
        self.second.setAccessibleName(self.tr("理由"))
        now = self._ctx.now()
        for text, at in self._offers(now):
            self.first.addItem(f"{text} ({self._speech.moment(at, now)})", at)
        for reason in self._ctx.rules.reasons:
            if reason.kind == "snooze":
                self.second.addItem(reason.label.in_(self._ctx.lang), reason.code)

    def _offers(self, now: datetime) -> list[tuple[str, datetime]]:
        calendar, today = self._ctx.calendar, now.astimezone(TOKYO).date()
        tomorrow = calendar.next_open_day(today + timedelta(days=1))
        days = [
            (self.tr("翌営業日"), tomorrow),
            (self.tr("3営業日後"), calendar.add_business_days(today, 3)),
            (self.tr("1週間後"), calendar.next_open_day(today + timedelta(days=7))),
            (self.tr("1か月後"), calendar.next_open_day(today + timedelta(days=30))),
            (self.tr("3か月後"), calendar.next_open_day(today + timedelta(days=90))),
        ]
        return [
            (self.tr("1時間後"), now + timedelta(hours=1)),
            *((text, calendar.at(day, _MORNING)) for text, day in days),
        ]

    def step(self) -> Step | None:
        """Return what is asked for as it is chosen now."""
        if not self._kind:
            return None
        if self._kind == bulk.ASSIGN:
            return Step(bulk.ASSIGN, member_id=MemberId(str(self.first.currentData() or "")))
        if self._kind == bulk.SNOOZE:
            until = self.first.currentData()
            reason = str(self.second.currentData() or "")
            return Step(bulk.SNOOZE, until=until if isinstance(until, datetime) else None, reason=reason)
        if self._kind == bulk.CLOSE:
            return Step(bulk.CLOSE, stage=str(self.first.currentData() or ""))
        if self._kind == bulk.CONSENT:
            return Step(bulk.CONSENT, basis=str(self.first.currentData() or ""), source=self.typed.text().strip())
        return Step(self._kind)

    def show_outlook(self, outlook: Outlook, more: str = "") -> None:
        """Say what would change before it does; ``more`` follows."""
        same = outlook.total - outlook.changing
        text = self.tr("{n}件が変わります").format(n=f"{outlook.changing:,}")
        if self._kind == bulk.CONSENT:
            text = self.tr("記録のない{n}件に記録します").format(n=f"{outlook.changing:,}")
        elif same:
            text = self.tr("{n}件が変わり、{same}件はすでに同じです").format(
                n=f"{outlook.changing:,}", same=f"{same:,}"
            )
        self.outlook.setText(f"{text} ・ {more}" if more else text)
        self._changing = outlook.changing > 0
        self._typed()

    def _typed(self) -> None:
        """What is said of consent needs its source."""
        self.do.setEnabled(self._changing and (self._kind != bulk.CONSENT or bool(self.typed.text().strip())))

    def _enter(self) -> None:
        if self.do.isEnabled():
            self._run()

    def close_question(self) -> None:
        """Go back to what can be done."""
        self._kind = ""
        self._stack.setCurrentIndex(0)
        self.closed.emit()

    def _told(self) -> None:
        step = self.step()
        if step is not None:
            self._changing = False
            self.do.setEnabled(False)
            self.stepped.emit(step)

    def _run(self) -> None:
        step = self.step()
        if step is not None:
            self.run.emit(step)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.asking and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.do.isEnabled():
            self._run()
        elif self.asking and key is Qt.Key.Key_Escape:
            self.close_question()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        painter.fillRect(self.rect(), look.panel)
        painter.fillRect(0, 0, self.width(), 1, look.line)
        painter.end()
