"""Objections (切り返し) by key, and the card with the rebuttal to read out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.services.scripts import RenderedObjection
from ui.theme import tokens
from ui.theme.paint import rounded
from ui.theme.tokens import Size
from ui.views.call.kit import KeyButton, Text
from ui.views.call.script_view import ScriptText
from ui.widgets.flow import FlowLayout

_LINE, _MOST = 30, 16_777_215


class ObjectionRow(QWidget):
    """One button per objection, Alt+1 … Alt+9; those that were used in this call stay marked."""

    opened = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._objections: tuple[RenderedObjection, ...] = ()
        self._used: list[str] = []
        self._open, self._lang = "", "ja"
        self._buttons: list[KeyButton] = []
        self._label = Text(self.tr("切り返し"), ink="dim")
        self._tight = False
        self._row = row = QWidget()
        self._flow = FlowLayout(row, gap=8)
        self._more = KeyButton(kind="link")
        self._more.clicked.connect(lambda: self.keep_short(short=False))
        self._more.setFixedHeight(_LINE)
        self._more.hide()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        row.setSizePolicy(policy)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self._label, 0, Qt.AlignmentFlag.AlignTop)
        self._label.setFixedHeight(30)
        line.addWidget(row, 1, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def used(self) -> tuple[str, ...]:
        """Return the codes of the objections that were answered in this call, in order."""
        return tuple(self._used)

    @property
    def count(self) -> int:
        """Return how many objections there are to answer."""
        return len(self._objections)

    @property
    def open_code(self) -> str:
        """Return the code of the objection whose card is open, or an empty text."""
        return self._open

    def restart(self, objections: tuple[RenderedObjection, ...], lang: str = "ja") -> None:
        """Begin anew, for another lead."""
        self._used, self._open, self._lang = [], "", lang
        self.show_objections(objections)

    def show_objections(self, objections: tuple[RenderedObjection, ...]) -> None:
        """Offer these objections; what was used stays marked."""
        self._objections = objections
        while len(self._buttons) < len(objections):
            self._add_button()
        for n, button in enumerate(self._buttons):
            button.setVisible(n < len(objections))
            if n < len(objections):
                self._dress(button, n)
        self.setVisible(bool(objections))

    def press(self, index: int) -> None:
        """Open the card of objection ``index``, or close it where it is open."""
        if not 0 <= index < len(self._objections):
            return
        code = self._objections[index].code
        if code == self._open:
            self.close_card()
            return
        self._open = code
        if code not in self._used:
            self._used.append(code)
        self.show_objections(self._objections)
        self.opened.emit(code)

    def close_card(self) -> None:
        """Put the open card away."""
        if self._open:
            self._open = ""
            self.show_objections(self._objections)
            self.closed.emit()

    def objection(self, code: str) -> RenderedObjection | None:
        """Return an objection by its code."""
        return next((o for o in self._objections if o.code == code), None)

    def keep_short(self, *, short: bool) -> None:
        """Stand in one line (``short``), because questions need the room; their keys work all the same."""
        self._tight = short
        self._row.setMaximumHeight(_LINE if short else _MOST)
        self._say_more()

    def _say_more(self) -> None:
        """Say how many stand behind the one line."""
        shown = self._buttons[: len(self._objections)]
        behind = [one for one in shown if one.y() >= _LINE] if self._tight else []
        if bool(behind) != self._more.isVisibleTo(self):
            self._more.setVisible(bool(behind))
        if behind:
            self._more.say(self.tr("ほか{n} ▾").format(n=len(behind)))
            self._more.setToolTip(self.tr("すべての切り返しを見る"))
        for one in shown:
            one.setFocusPolicy(Qt.FocusPolicy.NoFocus if one in behind else Qt.FocusPolicy.StrongFocus)

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize} and self._tight:
            QTimer.singleShot(0, self, self._say_more)
        return done

    def _dress(self, button: KeyButton, n: int) -> None:
        objection = self._objections[n]
        mark = " ✓" if objection.code in self._used else ""
        button.say((objection.en if self._lang == "en" else objection.ja) + mark, f"Alt {n + 1}" if n < 9 else "")
        tone = "promise" if objection.code == self._open else ""
        if tone != button.tone:
            button.tone = tone
            button.update()

    def _add_button(self) -> None:
        index, button = len(self._buttons), KeyButton()
        if index < 9:
            button.setToolTip(self.tr("切り返しトークを開きます (Alt+{n})").format(n=index + 1))
        button.clicked.connect(lambda _=False, index=index: self.press(index))
        self._buttons.append(button)
        self._flow.addWidget(button)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, 30)


class RebuttalCard(QWidget):
    """What to answer, in the type of the script; Escape puts it away."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text(ink="accent_text", size=Size.SMALL, bold=True)
        self._shut = KeyButton(self.tr("閉じる"), "Esc", "link")
        self.text = ScriptText()
        self._shut.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._shut)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(0)
        head.setContentsMargins(16, 0, 12, 0)
        box.addLayout(head)
        box.addWidget(self.text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_objection(self, objection: RenderedObjection | None, lang: str = "ja") -> None:
        """Show the rebuttal of an objection; None puts the card away."""
        if objection is not None:
            self._title.show_text(
                self.tr("切り返しトーク: {name}").format(name=objection.en if lang == "en" else objection.ja)
            )
            self.text.show_blocks(objection.blocks)
            self.text.setFixedHeight(self.text.wanted_height(max(self.width(), 300)))
        self.setVisible(objection is not None)

    @override
    def resizeEvent(self, event: object) -> None:
        self.text.setFixedHeight(self.text.wanted_height(self.width()))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        rounded(QPainter(self), QRectF(self.rect()), look.panel, Size.CARD_RADIUS, look.accent)
