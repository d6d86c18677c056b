"""The rows of the small popover that asks for what an outcome still needs: a time, a choice, a text, a switch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain import when
from isdesk.domain.work_calendar import WorkCalendar
from ui.theme.tokens import Size
from ui.views.call import phrases
from ui.views.call.kit import KeyButton, Text
from ui.widgets.flow import FlowLayout

_LABEL_WIDTH = 84
_MOST_PICKS = 9


class AskRow(QWidget):
    """One thing that is asked for. ``changed`` when its answer changed, ``entered`` when Return confirmed it,
    ``filled`` when a quick pick answered it: the next one's turn, nothing is recorded by it.
    """

    changed = Signal()
    entered = Signal()
    filled = Signal()

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = Text(label, ink="dim", size=Size.SMALL)
        self.label.setFixedWidth(_LABEL_WIDTH)
        self.label.setContentsMargins(0, 5, 0, 0)
        self.label.setWordWrap(True)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(8)
        self.line.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        self.side = QVBoxLayout()
        self.side.setSpacing(6)
        self.line.addLayout(self.side, 1)

    def rename(self, label: str) -> None:
        """Ask under another name."""
        self.label.show_text(label)

    def complete(self) -> bool:
        """Return whether it was answered."""
        return True

    def open(self) -> bool:
        """Return whether there is something to say here still, needed or not."""
        return not self.complete()

    def take_keyboard(self) -> None:
        """Give the keyboard to the row."""

    def stops(self) -> list[QWidget]:
        """Return where Tab stops in the row, from left to right."""
        tab = Qt.FocusPolicy.TabFocus
        return [part for part in self.findChildren(QWidget) if part.focusPolicy() & tab and part.isVisibleTo(self)]

    def alt_key(self, digit: int) -> bool:
        """Take Alt+digit; return False where the row has nothing under it."""
        del digit
        return False


class _Typed(AskRow):
    """A row with a line to type into."""

    def __init__(self, label: str, placeholder: str) -> None:
        super().__init__(label)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(label)
        self.edit.textChanged.connect(self.changed)
        self.edit.returnPressed.connect(self.entered)
        self.side.addWidget(self.edit)

    @override
    def take_keyboard(self) -> None:
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()


class TextRow(_Typed):
    """A short text."""

    def __init__(self, label: str, placeholder: str = "", *, needed: bool = True) -> None:
        super().__init__(label, placeholder)
        self.needed = needed

    @property
    def value(self) -> str:
        """Return what was typed."""
        return self.edit.text().strip()

    @override
    def complete(self) -> bool:
        return bool(self.value) or not self.needed

    @override
    def open(self) -> bool:
        return not self.needed or not self.value


class _Picked(_Typed):
    """A line to type into, with quick picks on Alt+1 … Alt+9 and what was understood beside it."""

    def __init__(self, label: str, placeholder: str) -> None:
        super().__init__(label, placeholder)
        self._understood = Text(ink="accent_text", bold=True)
        self.side.removeWidget(self.edit)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.edit, 1)
        top.addWidget(self._understood)
        self.side.addLayout(top)
        self._row = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._row.setSizePolicy(policy)
        flow = FlowLayout(self._row, gap=6)
        self._buttons = [KeyButton(kind="choice") for _ in range(_MOST_PICKS)]
        for n, button in enumerate(self._buttons):
            button.setCheckable(False)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, n=n: self._pick(n))
            flow.addWidget(button)
        self.side.addWidget(self._row)
        self._answers: Sequence[str] = ()

    def _offer(self, picks: Sequence[tuple[str, str]]) -> None:
        """Offer (words, what they put into the line)."""
        self._answers = [answer for _, answer in picks[:_MOST_PICKS]]
        for n, button in enumerate(self._buttons):
            button.setVisible(n < len(self._answers))
            if n < len(self._answers):
                button.say(picks[n][0], f"Alt {n + 1}")

    def _pick(self, index: int) -> None:
        self._put(self._answers[index])

    def _put(self, answer: str) -> None:
        self.edit.setText(answer)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.filled.emit()

    @override
    def alt_key(self, digit: int) -> bool:
        if 1 <= digit <= len(self._answers):
            self._pick(digit - 1)
            return True
        return False

    def _say(self, text: str) -> None:
        self._understood.show_text(text)
        bad = bool(self.edit.text().strip()) and not text
        if self.edit.property("state") != ("bad" if bad else ""):
            self.edit.setProperty("state", "bad" if bad else "")
            self.edit.style().polish(self.edit)


class TimeRow(_Picked):
    """A time to come, as people say it: 明日 14:00, 12/3 15時, 30分後."""

    def __init__(self, label: str) -> None:
        super().__init__(label, "")
        self.edit.setPlaceholderText(self.tr("例: 明日 14:00 / 12/3 15時 / 30分後"))
        self._now: datetime | None = None
        self._calendar: WorkCalendar | None = None
        self.edit.textChanged.connect(self._read)
        self.value: datetime | None = None

    def begin(self, now: datetime, calendar: WorkCalendar, *, soon: bool = True) -> None:
        """Ask anew, with quick picks from ``now``; without ``soon`` those of today are left out."""
        self._now, self._calendar = now, calendar
        today = phrases.tokyo(now).date()
        picks = [p for p in when.quick_picks(now, calendar) if soon or phrases.tokyo(p.at).date() > today]
        self._offer([(phrases.quick_pick(p.code), f"{phrases.tokyo(p.at):%Y/%m/%d %H:%M}") for p in picks])
        self.edit.clear()
        self._read()

    def _read(self) -> None:
        if self._now is None or self._calendar is None:
            return
        found = when.parse(self.edit.text(), now=self._now, days=self._calendar)
        self.value = found if found and found > self._now else None
        today = phrases.tokyo(self._now).date()
        self._say(self._words(self.value, today) if self.value else "")

    def _words(self, at: datetime, today: date) -> str:
        text = "→ " + phrases.moment_text(at, today)
        closed = self._calendar is not None and not self._calendar.is_open_day(phrases.tokyo(at).date())
        return text + (self.tr("(休業日)") if closed else "")

    @override
    def complete(self) -> bool:
        return self.value is not None


class DayRow(_Picked):
    """A day or a month to come: 来年4月, 3か月後, 2027/4/1."""

    def __init__(self, label: str) -> None:
        super().__init__(label, "")
        self.edit.setPlaceholderText(self.tr("例: 4月 / 2027/4/15 / 3か月後"))
        self._now: datetime | None = None
        self._calendar: WorkCalendar | None = None
        self.edit.textChanged.connect(self._read)
        self.value: date | None = None

    def begin(self, now: datetime, calendar: WorkCalendar) -> None:
        """Ask anew from ``now``."""
        self._now, self._calendar = now, calendar
        offered = (self.tr("1か月後"), self.tr("3か月後"), self.tr("6か月後"), self.tr("12か月後"))
        answers = ("1か月後", "3か月後", "6か月後", "12か月後")
        self._offer(list(zip(offered, answers, strict=True)))
        self.edit.clear()
        self._read()

    def _read(self) -> None:
        if self._now is None or self._calendar is None:
            return
        today = phrases.tokyo(self._now).date()
        found = when.parse_date(self.edit.text(), now=self._now, days=self._calendar)
        self.value = found if found and found >= today else None
        self._say(f"→ {self.value.year}/{self.value.month}/{self.value.day}" if self.value else "")

    @override
    def complete(self) -> bool:
        return self.value is not None


class ChoiceRow(AskRow):
    """A few answers on number keys; arrows walk, Return takes the one that is set off.

    The keys are printed while the row has the keyboard: they answer nowhere else.
    """

    picked = Signal()

    def __init__(self, label: str, *, alt: bool = False, needed: bool = True) -> None:
        super().__init__(label)
        self._alt, self._needed = alt, needed
        self._codes: Sequence[str] = ()
        self._buttons: list[KeyButton] = []
        self._says: Sequence[str] = ()
        self._after: Sequence[str] = ()
        self._here = False
        self._box = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._box.setSizePolicy(policy)
        self._flow = FlowLayout(self._box, gap=6)
        self.side.addWidget(self._box)
        self.value: str | None = None

    def begin(self, choices: Sequence[tuple[str, str]], chosen: str | None = None) -> None:
        """Offer (code, words)."""
        self._codes, self._says = [code for code, _ in choices], [said for _, said in choices]
        self._after = ()
        while len(self._buttons) < len(choices):
            self._add()
        for n, button in enumerate(self._buttons):
            button.setVisible(n < len(choices))
        self._print()
        self._set(chosen)

    def _print(self) -> None:
        self._here = any(button.hasFocus() for button in self.buttons())
        for n, button in enumerate(self.buttons()):
            after = self._after[n] if n < len(self._after) else ""
            button.say(f"{self._says[n]} {after}".rstrip(), self._key(n))

    def show_after(self, after: Sequence[str]) -> None:
        """Print behind each answer what comes of it."""
        self._after = after
        self._print()

    def _key(self, n: int) -> str:
        if n > 9 or self._alt or not self._here:
            return ""
        return str((n + 1) % 10)

    def buttons(self) -> list[KeyButton]:
        """Return the buttons of what is offered."""
        return self._buttons[: len(self._codes)]

    def _add(self) -> None:
        index, button = len(self._buttons), KeyButton(kind="choice")
        button.clicked.connect(lambda _=False, index=index: self.choose(index))
        button.installEventFilter(self)
        self._buttons.append(button)
        self._flow.addWidget(button)

    def choose(self, index: int) -> None:
        """Take answer ``index``."""
        if 0 <= index < len(self._codes):
            self._set(self._codes[index])
            self._buttons[index].setFocus(Qt.FocusReason.OtherFocusReason)
            self.changed.emit()
            self.picked.emit()

    def take(self, code: str) -> None:
        """Take the answer of a code, without going on."""
        if code in self._codes and code != self.value:
            self._set(code)
            self.changed.emit()

    def _set(self, code: str | None) -> None:
        self.value = code
        for n, button in enumerate(self._buttons):
            button.setChecked(n < len(self._codes) and self._codes[n] == code)

    @override
    def complete(self) -> bool:
        return self.value is not None or not self._needed

    @override
    def open(self) -> bool:
        return not self._needed or self.value is None

    @override
    def take_keyboard(self) -> None:
        at = self._codes.index(self.value) if self.value in self._codes else 0
        if self._codes:
            self._buttons[at].setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            if self._here != any(button.hasFocus() for button in self.buttons()):
                self._print()
            return False
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        at = next((n for n, b in enumerate(self._buttons) if b is watched), 0)
        key = event.key()
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.choose((key - Qt.Key.Key_0 - 1) % 10)
        elif key in {Qt.Key.Key_Right, Qt.Key.Key_Down}:
            self._buttons[(at + 1) % len(self._codes)].setFocus(Qt.FocusReason.TabFocusReason)
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Up}:
            self._buttons[(at - 1) % len(self._codes)].setFocus(Qt.FocusReason.TabFocusReason)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.value is None:
                self.choose(at)
            else:
                self.entered.emit()
        else:
            return False
        return True


class SwitchRow(AskRow):
    """Yes or no, on Space or its key."""

    def __init__(self, label: str, words: str, key: str) -> None:
        super().__init__(label)
        self.button = KeyButton(words, key, "choice")
        self.button.toggled.connect(self.changed)
        self.side.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def value(self) -> bool:
        """Return whether it is on."""
        return self.button.isChecked()

    def begin(self, *, on: bool = False) -> None:
        """Ask anew."""
        self.button.setChecked(on)

    @override
    def take_keyboard(self) -> None:
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)
