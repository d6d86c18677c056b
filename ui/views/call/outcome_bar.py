"""The outcome bar (架電結果): ten keys that say what they will do before they are pressed."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.rules import Outcome
from isdesk.domain.touch import Channel, Reached
from isdesk.services.views import Preview
from ui.theme import tokens
from ui.theme.paint import focus_ring
from ui.theme.tokens import Size
from ui.views.call import phrases
from ui.views.call.kit import (
    Band,
    Elided,
    KeyButton,
    Text,
    draw_text,
    fitted,
    key_cap_width,
    outlined,
    paint_key_cap,
    sized,
    text_width,
)
from ui.views.call.scene import Scene

_COLUMNS = 5
_KEY_HEIGHT = 52
HOTKEYS = "1234567890"
_SPARE = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])|(?<=\+) +(?=\d)")
"""Spaces that narrow keys can spare: all but those between words of Latin letters."""
_ARROW = "→ "
_WEEKDAY = re.compile(r"(?<=\d)[(\uff08][^()\uff08\uff09]*[)\uff09]")
REACHED_ORDER: tuple[Reached | None, ...] = (
    None,
    Reached.DECISION_MAKER,
    Reached.CONTACT_PERSON,
    Reached.STAFF,
    Reached.GATEKEEPER,
)
"""The order in which A walks through 応答者; None leaves it to the outcome."""


class OutcomeKey(QAbstractButton):
    """One outcome: its key, its name, its consequence."""

    def __init__(self, hotkey: str) -> None:
        super().__init__()
        self.hotkey = hotkey
        self.outcome: Outcome | None = None
        self._then, self._refused = "", False
        self._is_proposed = False
        self.setFixedHeight(_KEY_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def then(self) -> str:
        """Return the consequence as it is printed."""
        return self._then

    def show_outcome(self, outcome: Outcome | None, preview: Preview | None, scene: Scene | None) -> None:
        """Print an outcome and what it would do now; a key that says the same is not painted again."""
        name, then, refused = "", "", False
        if outcome is not None and scene is not None:
            name = scene.say(outcome.label)
            if preview is not None:
                then = phrases.consequence(preview, outcome, scene.now, scene.calendar)
                refused = preview.refused is not None
        same = outcome is self.outcome and name == self.text()
        if same and (then, refused) == (self._then, self._refused):
            return
        self.outcome, self._then, self._refused = outcome, then, refused
        self.setEnabled(outcome is not None)
        self.setText(name)
        self.setAccessibleName(f"{self.hotkey} {name} {then}".strip())
        self.update()

    def set_proposed(self, *, on: bool) -> None:
        """Mark the key as the one that fits how the call ended."""
        if on is not self._is_proposed:
            self._is_proposed = on
            self.update()

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip:
            bar = self.parentWidget()
            self.setToolTip(bar.tooltip_for(self) if isinstance(bar, OutcomeBar) else "")
        return super().event(event)

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, _KEY_HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(72, _KEY_HEIGHT)

    def _colours(self) -> tuple[str, str | None, str]:
        look = tokens()
        if self.outcome is None or self._refused:
            return look.panel2, look.line, look.faint
        if self.outcome.tone in {"good", "stop"}:
            ground, ink = look.tone(self.outcome.tone)
            return ground, ground, ink
        return (look.key if self.isDown() else look.panel if self.underMouse() else look.panel2), look.line, look.text

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        ground, line, ink = self._colours()
        outlined(painter, self.rect(), 9, ground, line)
        inner = self.rect().adjusted(8, 0, -4, 0)
        top = QRect(inner.left(), 7, inner.width(), 19)
        paint_key_cap(painter, self.font(), top, self.hotkey, look.key, look.dim)
        shift = key_cap_width(self.font(), self.hotkey) + 5
        _draw_fitting(painter, top.adjusted(shift, 0, 0, 0), _names(self.text()), _faces(self.font(), bold=True), ink)
        low = QRect(inner.left(), 27, inner.width(), 18)
        then = _shorter(self._then)
        _draw_fitting(painter, low, then, _faces(self.font()), look.warn if self._refused else look.dim)
        if self.hasFocus() or self._is_proposed:
            focus_ring(painter, QRectF(self.rect()), look.accent, 9)


def _shorter(then: str) -> tuple[str, ...]:
    """Return a consequence in full and, for narrow keys, ever more without what can be spared: all begin alike."""
    dot, count = (
        QCoreApplication.translate("phrases", "・").strip(),
        QCoreApplication.translate("phrases", "{n}/{cap}回目"),
    )
    day, short = (
        QCoreApplication.translate("phrases", "{n}営業日後").split("}")[-1],
        QCoreApplication.translate("phrases", "{n}営業日").split("}")[-1],
    )
    arrow, said = then[: len(_ARROW)], then[len(_ARROW) :]
    tight = _SPARE.sub("", said)
    times = count.split("}")[-1]
    fewer = tight.replace(times, "") if times else tight
    counted = re.escape(count.removesuffix(times)).replace(r"\{n\}", r"\d+").replace(r"\{cap\}", r"\d+")
    bare = re.sub(rf" ?{dot} ?{counted}$", "", _WEEKDAY.sub("", fewer).replace(day, short))
    last = bare.split(dot)[-1].strip()
    return then, *(arrow + one for one in (tight, fewer, _WEEKDAY.sub("", fewer).replace(day, short), bare, last))


def _names(name: str) -> tuple[str, ...]:
    """Return a name and, for narrow keys, the name without what stands in brackets or behind a comma."""
    short = name.replace("\uff08", "(").split("(")[0].strip()
    return name, short, short.split(",")[0]


def _faces(font: QFont, *, bold: bool = False) -> tuple[QFont, ...]:
    """Return the type of a line on a key and smaller ones for narrow keys."""
    large = Size.BODY if bold else Size.SMALL
    least = large - 2 if bold else large - 1
    return tuple(sized(font, size, bold=bold) for size in range(large, least - 1, -1))


def _draw_fitting(painter: QPainter, box: QRect, texts: tuple[str, ...], faces: tuple[QFont, ...], ink: str) -> None:
    """Draw the first text in the first type that fits; the last of both ends in … where nothing does."""
    tries = [(one, face) for one in texts for face in faces[:2]] + [(one, face) for one in texts for face in faces[2:]]
    fitting = ((one, face) for one, face in tries if text_width(one, face) < box.width())
    text, face = next(fitting, (texts[-1], faces[-1]))
    draw_text(painter, box, fitted(text, face, box.width()), face, ink)


class OutcomeBar(Band):
    """Ten keys in two rows, the way to all others, and 応答者 where it matters."""

    pressed = Signal(str)
    list_wanted = Signal()
    reached_changed = Signal()
    undo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, line="top")
        self._proposed = self._said = ""
        self._offer = KeyButton(kind="primary")
        self._offer.hide()
        self._offer.clicked.connect(self.confirm)
        self._keys = [OutcomeKey(key) for key in HOTKEYS]
        self._reached: Reached | None = None
        self._head = Text(self.tr("架電結果"), ink="dim", size=Size.SMALL)
        self._who = KeyButton(kind="link")
        self._all = KeyButton(self.tr("すべての結果"), "/", "link")
        self._last = Elided(ink="dim", size=Size.SMALL)
        self._undo = KeyButton(self.tr("取り消し"), "Ctrl Z", "link")
        self._undo.hide()
        self._scene: Scene | None = None
        self._build()
        self._who.clicked.connect(self.next_reached)
        self._all.clicked.connect(self.list_wanted)
        self._undo.clicked.connect(self.undo_wanted)
        self._say_reached()

    def _build(self) -> None:
        self._who.setToolTip(self.tr("応答者を切り替えます (A)"))
        self._all.setToolTip(self.tr("名前で結果を選びます (/ または Tab)"))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._head)
        head.addWidget(self._offer)
        head.addWidget(self._who)
        head.addWidget(self._last, 1)
        head.addWidget(self._undo)
        head.addWidget(self._all)
        grid = QGridLayout()
        grid.setSpacing(8)
        for n, key in enumerate(self._keys):
            grid.addWidget(key, n // _COLUMNS, n % _COLUMNS)
            grid.setColumnStretch(n % _COLUMNS, 1)
            key.clicked.connect(lambda _=False, key=key: self._press(key))
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 8, 14, 12)
        box.setSpacing(6)
        box.addLayout(head)
        box.addLayout(grid)

    @property
    def keys(self) -> list[OutcomeKey]:
        """Return the ten keys in reading order."""
        return self._keys

    @property
    def reached(self) -> Reached | None:
        """Return the 応答者 that was set by hand; None leaves it to the outcome."""
        return self._reached

    def restart(self) -> None:
        """Forget what was set by hand, for another lead."""
        self._reached = None
        self._say_reached()

    def set_scene(self, scene: Scene) -> None:
        """Print what each key would do to this lead now."""
        self._scene = scene
        by_key = scene.rules.by_hotkey()
        for key in self._keys:
            outcome = by_key.get(key.hotkey)
            key.show_outcome(outcome, scene.previews.get(outcome.code) if outcome else None, scene)
        self._show_proposed()
        others = len(scene.rules.outcomes_on(Channel.PHONE)) - len(by_key)
        self._all.say(self.tr("ほかの結果 {n}件").format(n=others))

    @property
    def proposed(self) -> str:
        """Return the outcome that is proposed, empty where none is."""
        return self._proposed

    def propose(self, code: str) -> None:
        """Mark an outcome as the one that fits how the call ended, to be taken by one key; empty: none."""
        self._proposed = code
        self._show_proposed()

    def confirm(self) -> None:
        """Press the outcome that is proposed."""
        if self._proposed:
            self.pressed.emit(self._proposed)

    def _show_proposed(self) -> None:
        scene = self._scene
        outcome = scene.rules.outcomes.get(self._proposed) if scene is not None else None
        self._offer.setVisible(outcome is not None)
        if scene is not None and outcome is not None:
            preview = scene.previews.get(outcome.code)
            then = phrases.consequence(preview, outcome, scene.now, scene.calendar) if preview is not None else ""
            short = _names(scene.say(outcome.label))[1]
            self._offer.say(self.tr("提案: {outcome} {then}").format(outcome=short, then=then), "F8")
        self._who.setVisible(outcome is None)
        self._last.show_text(self._said if outcome is None else "")
        self._undo.setVisible(outcome is None and bool(self._said))
        for key in self._keys:
            key.set_proposed(on=outcome is not None and key.outcome is outcome)

    def say_last(self, text: str) -> None:
        """Say what was recorded last, with the way to take it back; an empty text says nothing."""
        self._said = text
        self._show_proposed()

    @property
    def last(self) -> str:
        """Return what is said of the last record."""
        return self._said

    def tooltip_for(self, key: OutcomeKey) -> str:
        """Return all that a key would do."""
        scene, outcome = self._scene, key.outcome
        preview = scene.previews.get(outcome.code) if scene and outcome else None
        if scene is None or outcome is None or preview is None:
            return ""
        return phrases.full_consequence(preview, outcome, scene.rules, scene.now, scene.calendar, scene.lang)

    def press(self, hotkey: str) -> None:
        """Press the key of a digit."""
        for key in self._keys:
            if key.hotkey == hotkey:
                self._press(key)

    def next_reached(self) -> None:
        """Go on to the next 応答者."""
        self._reached = REACHED_ORDER[(REACHED_ORDER.index(self._reached) + 1) % len(REACHED_ORDER)]
        self._say_reached()
        self.reached_changed.emit()

    def _say_reached(self) -> None:
        name = phrases.reached(self._reached) if self._reached else self.tr("自動")
        self._who.say(self.tr("応答者: {who}").format(who=name), "A")

    def _press(self, key: OutcomeKey) -> None:
        if key.outcome is not None:
            self.pressed.emit(key.outcome.code)
