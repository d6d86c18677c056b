"""The popover of the outcome bar that asks for what an outcome still needs. Never modal, all by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.ids import MemberId
from isdesk.domain.rules import Outcome
from isdesk.domain.touch import Reached
from isdesk.services.booking import Slots
from isdesk.services.views import Preview
from ui.theme import tokens
from ui.theme.paint import rounded
from ui.theme.tokens import Size
from ui.views.call import phrases
from ui.views.call.ask_rows import AskRow, ChoiceRow, DayRow, SwitchRow, TextRow, TimeRow
from ui.views.call.kit import Elided, KeyButton, Text
from ui.views.call.meeting_row import MeetingRow
from ui.views.call.scene import Scene

PARTIES = (Reached.DECISION_MAKER, Reached.CONTACT_PERSON, Reached.STAFF, Reached.GATEKEEPER)
"""応答者 as offered, most wanted first."""

_PLAIN = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person gave beside the key of an outcome."""

    callback_at: datetime | None = None
    meeting_at: datetime | None = None
    meeting_place: str | None = None
    attendees: str | None = None
    fs_id: MemberId | None = None
    reason: str | None = None
    reached: Reached | None = None
    adoption_at: date | None = None
    competitor: str | None = None
    note: str | None = None
    company_scope: bool = False
    knowingly: bool = False


class Popover(QWidget):
    """A card over the workspace that takes the keys while it is open, and nothing else."""

    canceled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(10)
        self.hide()

    @override
    def setVisible(self, visible: bool) -> None:
        """Give the keyboard back to the workspace when it goes: else the focus would wander on through the window."""
        focus, around = QApplication.focusWidget(), self.parentWidget()
        held = focus is not None and (focus is self or self.isAncestorOf(focus))
        if held and not visible and around is not None:
            around.setFocus(Qt.FocusReason.OtherFocusReason)
        super().setVisible(visible)

    def dismiss(self) -> None:
        """Close without an answer."""
        if self.isVisible():
            self.hide()
            self.canceled.emit()

    def chain(self, rows: Sequence[AskRow]) -> None:
        """Let Tab walk through the rows from top to bottom, whenever their parts were made."""
        stops = [part for row in rows for part in row.stops()]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def alt_digit(self, digit: int) -> bool:
        """Take Alt+digit; return False where it means nothing here."""
        del digit
        return False

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        event.accept()

    def take_alt_digits(self, editor: QWidget) -> None:
        """Let Alt+digit pick in the popover while ``editor`` has the keyboard."""
        editor.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            digit = event.key() - Qt.Key.Key_0
            if event.modifiers() & Qt.KeyboardModifier.AltModifier and 0 <= digit <= 9:
                self.alt_digit(digit)
                return True
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        rounded(QPainter(self), QRectF(self.rect()), look.panel, Size.CARD_RADIUS, look.accent)


def _is_ours(event: QKeyEvent) -> bool:
    """Return whether an open popover keeps a key from the window's shortcuts."""
    return not event.modifiers() & _PLAIN and event.key() not in {Qt.Key.Key_F1, Qt.Key.Key_F5}


def _with_honorific(scene: Scene) -> str:
    """Return the person at work as one who attends."""
    name = scene.text("name")
    return f"{name}様" if name and scene.lang != "en" else name


class AskPanel(Popover):
    """Asks for what an outcome needs and nothing more; Return records as soon as all of it is there."""

    answered = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code = ""
        self._scene: Scene | None = None
        self._outcome: Outcome | None = None
        self._title = Text(bold=True, size=Size.HEAD)
        self._then = Elided(ink="dim", size=Size.SMALL)
        self._save = KeyButton(self.tr("記録する"), "Enter", "primary")
        self._stop = KeyButton(self.tr("やめる"), "Esc")
        self.callback = TimeRow(self.tr("再コール日時"))
        self.meeting = MeetingRow(self.tr("商談日時"))
        self.fs = ChoiceRow(self.tr("FS担当"))
        self.place = TextRow(self.tr("場所・URL"), self.tr("例: 先方本社 / オンライン"), needed=False)
        self.attendees = TextRow(self.tr("参加者"), self.tr("例: 山田様、購買課 佐藤様"), needed=False)
        self.reason = ChoiceRow(self.tr("理由"))
        self.adoption = DayRow(self.tr("検討時期"))
        self.competitor = TextRow(self.tr("競合"), self.tr("例: 他社名・製品名"))
        self.note = TextRow(self.tr("お客様の言葉"), self.tr("言われたとおりに"))
        self.company = SwitchRow(self.tr("範囲"), self.tr("会社全体も停止"), "Alt 0")
        self.reached = ChoiceRow(self.tr("応答者"), needed=False)
        self._rows: dict[str, AskRow] = {
            "callback_at": self.callback,
            "meeting_at": self.meeting,
            "fs_id": self.fs,
            "place": self.place,
            "attendees": self.attendees,
            "reason": self.reason,
            "adoption_at": self.adoption,
            "competitor": self.competitor,
            "note": self.note,
            "company": self.company,
            "reached": self.reached,
        }
        self._asked: list[AskRow] = []
        self._slots: Slots | None = None
        self._build()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._then, 1)
        self.body.addLayout(head)
        for row in self._rows.values():
            self.body.addWidget(row)
            row.entered.connect(self._on)
            row.filled.connect(partial(self._on_from, row))
            for editor in row.findChildren(QLineEdit):
                self.take_alt_digits(editor)
        self.reason.picked.connect(self._on)
        self.fs.changed.connect(self._narrow)
        self.fs.picked.connect(partial(self._on_from, self.fs))
        self.meeting.person_picked.connect(self.fs.take)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._stop)
        foot.addWidget(self._save)
        self.body.addLayout(foot)
        self._save.clicked.connect(self.submit)
        self._stop.clicked.connect(self.dismiss)

    def ask(self, scene: Scene, outcome: Outcome, preview: Preview, reached: Reached | None, memo: str = "") -> None:
        """Open for an outcome: one row per need, and 応答者 where the outcome leaves it open."""
        self._code, self._scene, self._outcome = outcome.code, scene, outcome
        self._title.show_text(scene.say(outcome.label))
        self._then.show_text(phrases.consequence(preview, outcome, scene.now, scene.calendar))
        wanted = set(preview.needs)
        if outcome.meeting_set:
            wanted |= {"meeting_at", "fs_id", "place", "attendees"}
        if outcome.dnc and not outcome.dnc_company:
            wanted.add("company")
        if outcome.dm_override:
            wanted.add("reached")
        self._begin(scene, outcome, reached)
        self.note.edit.setText(" ".join(memo.split()))
        self._asked = [row for name, row in self._rows.items() if name in wanted]
        for row in self._rows.values():
            row.setVisible(row in self._asked)
        self.chain(self._asked)
        self.show()
        self.raise_()
        self.focus_next()

    @property
    def asks_meeting(self) -> bool:
        """Return whether it is open and asks for a meeting's time."""
        return self.isVisible() and self.meeting in self._asked

    def offer_slots(self, slots: Slots) -> None:
        """Offer what is free for the meeting of the lead at work."""
        if self.asks_meeting and self._scene is not None and slots.lead_id == self._scene.id:
            self._slots = slots
            self._narrow()

    def _narrow(self) -> None:
        """Offer the slots of the person of FS that is chosen."""
        known = self._scene.text("fs_id") if self._scene is not None else ""
        self.meeting.offer(self._slots, self.fs.value if self.fs in self._asked else known)

    def _begin(self, scene: Scene, outcome: Outcome, reached: Reached | None) -> None:
        self.callback.begin(scene.now, scene.calendar)
        self.callback.rename(
            self.tr("戻り時刻")
            if outcome.follow.kind == "callback" and outcome.follow.minutes
            else self.tr("再コール日時")
        )
        self._slots = None
        self.meeting.begin(scene.now, scene.calendar, soon=False)
        people = [(m.id, m.name) for m in scene.members.values() if m.role == "fs" and m.active]
        self.fs.begin(people, scene.text("fs_id") or (people[0][0] if len(people) == 1 else None))
        self.place.edit.setText(scene.text("meeting_place"))
        self.attendees.edit.setText(scene.text("meeting_attendees") or _with_honorific(scene))
        self.reason.begin([(r.code, scene.say(r.label)) for r in scene.rules.reasons if r.kind == "refusal"])
        self.adoption.begin(scene.now, scene.calendar)
        self.competitor.edit.setText(scene.text("competitor"))
        self.note.edit.clear()
        self.company.begin()
        self.reached.begin([(r.value, phrases.reached(r)) for r in PARTIES], (reached or outcome.default_reached).value)

    def _on(self) -> None:
        """Go on: to the next thing that lacks, or record."""
        if not self.focus_next():
            self.submit()

    def _on_from(self, row: AskRow) -> None:
        """A quick pick filled a row: go on to what lacks, else to what may be said after it. Return records."""
        if self.focus_next() or row not in self._asked:
            return
        after = self._asked[self._asked.index(row) + 1 :]
        next((one for one in after if one.open()), row).take_keyboard()

    def focus_next(self) -> bool:
        """Give the keyboard to the first thing that lacks; return False where nothing does."""
        for row in self._asked:
            if not row.complete():
                row.take_keyboard()
                return True
        if self._asked and not self.isAncestorOf(self.focusWidget() or self.window()):
            self._asked[0].take_keyboard()
        return False

    @property
    def complete(self) -> bool:
        """Return whether all that is needed was given."""
        return all(row.complete() for row in self._asked)

    def submit(self) -> None:
        """Hand over the answers, or show what lacks."""
        if not self.complete:
            self.focus_next()
            return
        asked = self._asked
        if self.meeting in asked and self.meeting.warn():
            self.meeting.take_keyboard()
            return
        answers = Answers(
            callback_at=self.callback.value if self.callback in asked else None,
            meeting_at=self.meeting.value if self.meeting in asked else None,
            meeting_place=(self.place.value or None) if self.place in asked else None,
            attendees=(self.attendees.value or None) if self.attendees in asked else None,
            fs_id=MemberId(self.fs.value) if self.fs in asked and self.fs.value else None,
            reason=self.reason.value if self.reason in asked else None,
            reached=Reached(self.reached.value) if self.reached in asked and self.reached.value else None,
            adoption_at=self.adoption.value if self.adoption in asked else None,
            competitor=(self.competitor.value or None) if self.competitor in asked else None,
            note=(self.note.value or None) if self.note in asked else None,
            company_scope=self.company.value if self.company in asked else False,
            knowingly=self.meeting in asked and self.meeting.knowingly,
        )
        self.hide()
        self.answered.emit(self._code, answers)

    @override
    def alt_digit(self, digit: int) -> bool:
        if digit == 0 and self.company in self._asked:
            self.company.button.toggle()
            return True
        for row in self._asked:
            if row.isAncestorOf(self.focusWidget() or self) and row.alt_key(digit):
                return True
        return any(row.alt_key(digit) for row in self._asked)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9:
            self.alt_digit(event.key() - Qt.Key.Key_0)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not isinstance(self.focusWidget(), QLineEdit):  # a line has told of it already
                self._on()
        else:
            super().keyPressEvent(event)
