"""The filter bar above the table of leads: text, whose, in what state, and the stages with their counts."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.rules import Rules
from isdesk.services.lead_table import Filter
from ui.noop import QT_TRANSLATE_NOOP
from ui.widgets import FlowLayout, Hairline, button, label
from ui.words import translate

SCOPES: tuple[tuple[str, str], ...] = (
    ("mine", QT_TRANSLATE_NOOP("leads", "自分")),
    ("team", QT_TRANSLATE_NOOP("leads", "チーム")),
    ("nobody", QT_TRANSLATE_NOOP("leads", "担当なし")),
)
STATES: tuple[tuple[str, str], ...] = (
    ("", QT_TRANSLATE_NOOP("leads", "すべて")),
    ("open", QT_TRANSLATE_NOOP("leads", "対応中")),
    ("held", QT_TRANSLATE_NOOP("leads", "保留")),
    ("closed", QT_TRANSLATE_NOOP("leads", "終了")),
)
_TYPING_MS = 180


class SearchField(QLineEdit):
    """The search field; Down and Enter go to the table, Escape empties it first."""

    left = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class FilterBar(QWidget):
    """Says what is wanted by ``changed``; all parts are reached by Tab and chosen by Space or arrows."""

    changed = Signal()

    def __init__(self, rules: Rules, lang: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SearchField()
        self.field.setPlaceholderText(self.tr("氏名・会社・電話番号・メールで絞り込み"))
        self.field.setAccessibleName(self.tr("リードを絞り込む"))
        self.field.setToolTip(self.tr("絞り込み(/)"))
        self.field.setClearButtonEnabled(True)
        self.field.setFixedWidth(300)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.changed)
        self.field.textChanged.connect(lambda _: self._typing.start())
        self._scopes = _group(self, [(code, translate("leads", text)) for code, text in SCOPES])
        self._states = _group(self, [(code, translate("leads", text)) for code, text in STATES])
        self._stages: dict[str, QPushButton] = {}
        self._labels: dict[str, str] = {}
        self._lang = lang
        self._quiet = False
        self._lay_out()
        self.set_rules(rules)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        first = QHBoxLayout()
        first.setSpacing(6)
        first.addWidget(self.field)
        first.addSpacing(8)
        for chosen in self._scopes.buttons():
            first.addWidget(chosen)
        line = Hairline(vertical=True)
        line.setFixedHeight(18)
        first.addSpacing(6)
        first.addWidget(line)
        first.addSpacing(6)
        for chosen in self._states.buttons():
            first.addWidget(chosen)
        first.addStretch(1)
        box.addLayout(first)
        second = QWidget()
        self._flow = FlowLayout(second, gap=6)
        box.addWidget(second)

    def set_rules(self, rules: Rules) -> None:
        """Offer the stages of other definitions; those that are chosen and still there stay chosen."""
        kept = {code for code, made in self._stages.items() if made.isChecked()}
        self._flow.clear()
        self._stages.clear()
        self._flow.addWidget(label(self.tr("ステージ"), "small"))
        for stage in sorted(rules.stages.values(), key=lambda s: s.order):
            text = stage.label.in_(self._lang)
            made = button(text, "tab")
            made.setChecked(stage.code in kept)
            made.toggled.connect(self._told)
            self._stages[stage.code], self._labels[stage.code] = made, text
            self._flow.addWidget(made)

    def wanted(self) -> Filter:
        """Return what is chosen."""
        stages = tuple(code for code, made in self._stages.items() if made.isChecked())
        return Filter(self.field.text().strip(), _code(self._scopes, SCOPES), stages, _code(self._states, STATES))

    def set_wanted(self, wanted: Filter) -> None:
        """Choose something else; it is told once."""
        self._quiet = True
        self.field.setText(wanted.text)
        _check(self._scopes, SCOPES, wanted.scope)
        _check(self._states, STATES, wanted.state)
        for code, made in self._stages.items():
            made.setChecked(code in wanted.stages)
        self._quiet = False
        self._typing.stop()
        self.changed.emit()

    def narrowed(self) -> bool:
        """Return True where anything beside whose leads is chosen."""
        wanted = self.wanted()
        return bool(wanted.text or wanted.stages or wanted.state)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Write on each stage how many leads stand there."""
        for code, made in self._stages.items():
            count = counts.get(code, 0)
            made.setText(f"{self._labels[code]} {count:,}" if count else self._labels[code])

    def _told(self) -> None:
        if not self._quiet:
            self.changed.emit()


def _group(bar: FilterBar, choices: list[tuple[str, str]]) -> QButtonGroup:
    group = QButtonGroup(bar)
    group.setExclusive(True)
    for place, (_, text) in enumerate(choices):
        made = button(text, "tab")
        made.setChecked(place == 0)
        group.addButton(made, place)
    group.idToggled.connect(lambda _, on: bar._told() if on else None)  # noqa: SLF001 - its own group
    return group


def _code(group: QButtonGroup, choices: tuple[tuple[str, str], ...]) -> str:
    return choices[max(group.checkedId(), 0)][0]


def _check(group: QButtonGroup, choices: tuple[tuple[str, str], ...], code: str) -> None:
    for place, (known, _) in enumerate(choices):
        if known == code:
            group.button(place).setChecked(True)
