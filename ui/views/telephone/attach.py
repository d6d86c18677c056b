"""Puts a call of nobody we know to a lead: found by name, company or number, or made anew; all by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget
from shiboken6 import isValid
from typing_extensions import override

from isdesk.clock import TOKYO
from isdesk.services import attaching, phoning
from isdesk.services.attaching import Candidate
from isdesk.services.open_calls import LooseCall
from ui.theme import paint, tokens
from ui.views.palette import LIMIT, ROW, WAIT_MS, Entry, EntryDelegate, EntryModel
from ui.widgets import Hairline, KeyCap, button, label

if TYPE_CHECKING:
    from ui.session import Session
    from ui.views.main_window import MainWindow

WIDE, ROWS = 660, 6


_NOTHING = "\0"
"""Nobody looks for this: what was looked for last says nothing of the call that is chosen now."""


class AttachPanel(QFrame):
    """Lies over the window. ``chosen(call, lead_id, add)``; ``made(call, name, company)`` for a lead that is new."""

    chosen = Signal(object, str, bool)
    made = Signal(object, str, str)
    gone = Signal(object)
    """Nothing is to be recorded of the call."""
    left = Signal()
    """It was left, and nothing was chosen."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._found: list[Candidate] = []
        self._lines: list[Candidate] = []
        self._back: QWidget | None = None
        self._barred = False
        self._asked = self._found_for = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._search)
        self._build()
        window.installEventFilter(self)
        self.hide()

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 10)
        box.setSpacing(0)
        self.field, self.name, self.company = QLineEdit(), QLineEdit(), QLineEdit()
        self.call, self.add, self.told = QComboBox(), QCheckBox(), label("", "small", wrap=True)
        self.drop = button(self.tr("記録しない"), tip=self.tr("この着信を、リードに付けずに片づける"))
        self.make = button(self.tr("作って付ける"), "primary")
        head = QVBoxLayout()
        head.setContentsMargins(18, 12, 18, 10)
        head.setSpacing(8)
        head.addWidget(label(self.tr("着信をリードに付ける"), "head"))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.call, 1)
        top.addWidget(self.drop)
        head.addLayout(top)
        head.addWidget(self.field)
        head.addLayout(self._new_line())
        box.addLayout(head)
        box.addWidget(Hairline())
        box.addWidget(self._candidates())
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 8, 18, 2)
        self.add.setChecked(True)
        foot.addWidget(self.add)
        foot.addWidget(self.told, 1)
        foot.addWidget(KeyCap("Esc"))
        box.addLayout(foot)
        self._connect()

    def _new_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        for part, words in ((self.name, self.tr("氏名")), (self.company, self.tr("会社"))):
            part.setAccessibleName(words)
            part.setPlaceholderText(words)
            line.addWidget(part)
        enter = KeyCap("Enter")
        line.addWidget(self.make)
        line.addWidget(enter)
        self._parts = (self.name, self.company, self.make, enter)
        return line

    def _candidates(self) -> QListView:
        self.model = EntryModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(self))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setFixedHeight(ROWS * ROW + 8)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("候補"))
        self.list.setStyleSheet("QListView { background: transparent; padding-top: 6px; }")
        return self.list

    def _connect(self) -> None:
        self.call.setAccessibleName(self.tr("着信"))
        self.field.setPlaceholderText(self.tr("リードを探す(名前・会社・電話番号・メール)"))
        self.field.setAccessibleName(self.tr("リードを探す"))
        self.call.currentIndexChanged.connect(self._call_chosen)
        self.drop.clicked.connect(self._drop)
        self.make.clicked.connect(self._make)
        self.field.textChanged.connect(self._typed)
        self.list.clicked.connect(lambda index: self._run(index.row()))
        for one in (self.field, self.name, self.company, self.add, self.call, self.make, self.drop):
            one.installEventFilter(self)

    # ------------------------------------------------------------------ open and close

    def open(self, calls: list[LooseCall], first: str = "") -> None:
        """Show the calls that have no lead, ``first`` (or the newest) chosen."""
        if not self.isVisible():
            self._back = self._window.focusWidget()
        ids = [one.id for one in calls]
        self.call.blockSignals(True)
        self.call.clear()
        for one in reversed(calls):
            self.call.addItem(self._words(one), one)
        place = len(calls) - 1 - ids.index(first) if first in ids else 0
        self.call.setCurrentIndex(place)
        self.call.setEnabled(len(calls) > 1)
        self.call.blockSignals(False)
        self.field.clear()
        self._call_chosen()
        self._form(on=False)
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus()

    def shut(self) -> None:
        """Close it and give the keyboard back to the page."""
        if self.isVisible():
            self._timer.stop()
            back = self._back if self._back is not None and isValid(self._back) else self._window
            back.setFocus()
            self.hide()

    def _place(self) -> None:
        wide = min(WIDE, self._window.width() - 48)
        self.setFixedWidth(wide)
        self.adjustSize()
        self.move((self._window.width() - wide) // 2, 58)

    def _words(self, call: LooseCall) -> str:
        number = phoning.shown_number(call.told) or self.tr("番号非通知")
        at = f"{call.at.astimezone(TOKYO):%m/%d %H:%M}"
        if not call.answered:
            return self.tr("不在着信 {at} ・ {number}").format(at=at, number=number)
        if not call.over or call.talk_s is None:
            return self.tr("受電 {at} ・ {number}").format(at=at, number=number)
        lasted = f"{call.talk_s // 60:02d}:{call.talk_s % 60:02d}"
        return self.tr("受電 {at} ・ {number} ・ 通話 {time}").format(at=at, number=number, time=lasted)

    @property
    def chosen_call(self) -> LooseCall | None:
        """Return the call that is being put to a lead."""
        found = self.call.currentData()
        return found if isinstance(found, LooseCall) else None

    def _call_chosen(self) -> None:
        ctx, call = self._session.ctx, self.chosen_call
        self._barred = False
        self._found, self._found_for = [], _NOTHING
        self._search()
        if call is not None:
            self._session.tasks.read(
                lambda: attaching.barred(ctx, call.told), self._heard_barred, owner=self, key="attach-barred"
            )

    def _heard_barred(self, barred: bool) -> None:
        self._barred = barred
        self._say_number()

    # ------------------------------------------------------------------ the candidates

    def _typed(self) -> None:
        self._show()
        self._timer.start()

    def _search(self) -> None:
        text, call, ctx = self.field.text().strip(), self.chosen_call, self._session.ctx
        self._asked = text
        if call is None or not (text or phoning.number_of(call.told)):
            self._heard([])
            return
        self._session.tasks.read(
            lambda: attaching.candidates(ctx, text, call.told, LIMIT) if text else attaching.having(ctx, call.told),
            self._heard,
            self._session.notices.error,
            owner=self,
            key="attach",
        )

    @property
    def settled(self) -> bool:
        """Return whether what stands in the list is what was looked for."""
        return self._found_for == self.field.text().strip()

    def _heard(self, found: list[Candidate]) -> None:
        self._found, self._found_for = found, self._asked
        self._show()

    def _show(self) -> None:
        text = self.field.text().strip()
        self._lines = self._found if self.settled else []
        lines = [self._lead(one) for one in self._lines]
        title = self.tr("新しいリードを作る「{name}」").format(name=text) if text else self.tr("新しいリードを作る")
        lines.append(Entry(title, "", "", "plus", partial(self._form, on=True), self.tr("新規")))
        self.model.show(lines)
        self.list.setCurrentIndex(self.model.index(0, 0))
        self._say_number()

    def _lead(self, one: Candidate) -> Entry:
        hit = one.found
        sub = " ・ ".join(p for p in (hit.company, hit.phone or hit.email) if p)
        return Entry(hit.name or "—", sub, "", "user", partial(self._choose, one), self.tr("リード"))

    def _say_number(self) -> None:
        """Offer to add the number where the chosen lead has a place for it; say why not where it has none."""
        call, row = self.chosen_call, self.list.currentIndex().row()
        number = phoning.shown_number(call.told) if call is not None else ""
        one = self._lines[row] if 0 <= row < len(self._lines) else None
        offered = bool(number) and one is not None and bool(one.place) and not self._barred
        self.add.setVisible(offered)
        fields = {"phone_direct": self.tr("直通"), "phone_mobile": self.tr("携帯")}
        if offered and one is not None:
            self.add.setText(self.tr("{number} を{field}に加える").format(number=number, field=fields[one.place]))
        self.told.setText("" if offered else self._why(number, one))

    def _why(self, number: str, one: Candidate | None) -> str:
        if not number:
            return self.tr("番号非通知のため、番号は加えません。")
        if self._barred and one is None:
            return self.tr("架電禁止の番号です。新しいリードも架電禁止になります。")
        if self._barred:
            return self.tr("架電禁止の番号です。リードには加えません。")
        if one is None:
            return self.tr("{number} が新しいリードの番号になります。").format(number=number)
        return self.tr("番号の欄が空いていないか、登録済みです。番号はそのままです。")

    # ------------------------------------------------------------------ what is chosen

    def _run(self, row: int) -> None:
        """Choose a line; while the leads are still looked for there is nothing to choose."""
        entry = self.model.entry(row)
        if entry is not None and self.settled:
            entry.run()

    def _choose(self, one: Candidate) -> None:
        call = self.chosen_call
        if call is not None:
            add = self.add.isVisible() and self.add.isChecked()
            self.shut()
            self.chosen.emit(call, one.found.lead_id, add)

    def _form(self, *, on: bool) -> None:
        self.field.setVisible(not on)
        for part in self._parts:
            part.setVisible(on)
        self.list.setVisible(not on)
        self._place()
        if on:
            self.name.setText(self.field.text().strip())
            self.company.clear()
            (self.company if self.name.text() else self.name).setFocus()
        else:
            self.field.setFocus()

    def _make(self) -> None:
        call, name, company = self.chosen_call, self.name.text().strip(), self.company.text().strip()
        if not name and not company:
            self.told.setText(self.tr("氏名か会社を入れてください。"))
            self.name.setFocus()
        elif call is not None:
            self.shut()
            self.made.emit(call, name, company)

    def _drop(self) -> None:
        call = self.chosen_call
        if call is not None:
            self.shut()
            self.gone.emit(call)

    # ------------------------------------------------------------------ keys

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is not self._window and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()  # no key in here is one of the page behind, which has another lead
                return True
            if event.type() is QEvent.Type.KeyPress:
                return self._key(watched, event)
        return False

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            if self.field.isHidden():
                self._form(on=False)
                self._show()
            else:
                self.shut()
                self.left.emit()
            return True
        if watched is self.field and key in steps:
            rows = max(self.model.rowCount(), 1)
            row = (self.list.currentIndex().row() + steps[key]) % rows
            self.list.setCurrentIndex(self.model.index(row, 0))
            self._say_number()
            return True
        enter = key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        act: dict[QObject, Callable[[], object]] = {
            self.field: lambda: self._run(self.list.currentIndex().row()),
            self.add: lambda: self._run(self.list.currentIndex().row()),
            self.name: self.company.setFocus,
            self.company: self._make,
            self.make: self._make,
            self.drop: self._drop,
        }
        if enter and watched in act:
            act[watched]()
            return True
        return False

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep the keyboard in here until it is closed."""
        every: tuple[QWidget, ...] = (
            self.field, self.name, self.company, self.make, self.add, self.call, self.drop,
        )  # fmt: skip
        there = [one for one in every if one.isVisible() and one.isEnabled()]
        here = next((n for n, one in enumerate(there) if one.hasFocus()), None)
        if here is None or len(there) == 1:
            return bool(super().focusNextPrevChild(forward))
        there[(here + (1 if forward else -1)) % len(there)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = tokens()
        paint.rounded(painter, QRectF(self.rect()), look.panel, 12, look.faint)
        painter.end()
