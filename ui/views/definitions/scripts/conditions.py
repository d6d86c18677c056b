"""Conditions on fields of the lead, row by row: field, comparison, value (what the score rules and branches use)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from math import isfinite

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from isdesk.domain.fields import Field
from isdesk.playbook.checks import known_fields
from isdesk.services.script_editing import Path, Tree
from ui import words
from ui.noop import QT_TRANSLATE_NOOP
from ui.views.definitions.scripts.form import small
from ui.views.definitions.scripts.listing import joined, parted
from ui.views.definitions.scripts.state import EditState
from ui.widgets import button, still

_HOW: tuple[tuple[str, str], ...] = (
    ("equals", QT_TRANSLATE_NOOP("conditions", "が次と同じ")),
    ("any_of", QT_TRANSLATE_NOOP("conditions", "が次のどれかを含む")),
    ("none_of", QT_TRANSLATE_NOOP("conditions", "が次のどれも含まない")),
    ("present", QT_TRANSLATE_NOOP("conditions", "がわかっている")),
    ("absent", QT_TRANSLATE_NOOP("conditions", "がわかっていない")),
    ("at_least", QT_TRANSLATE_NOOP("conditions", "が次以上")),
    ("at_most", QT_TRANSLATE_NOOP("conditions", "が次以下")),
    ("between", QT_TRANSLATE_NOOP("conditions", "が次の間")),
)
_KEYS = ("equals", "any_of", "none_of", "present", "at_least", "at_most")
_RANGE = re.compile(r"\s*(.+?)\s*[〜～~]\s*(.+?)\s*")


def how(rule: Tree) -> str:
    """Return by which comparison a condition goes."""
    if "at_least" in rule and "at_most" in rule:
        return "between"
    found = next((key for key in _KEYS if key in rule), "present")
    return "absent" if found == "present" and rule.get("present") is False else found


def value_of(rule: Tree, named: Mapping[str, str] | None = None) -> str:
    """Return a condition's value as it is typed; of several ones each by its name in ``named``, where it has one."""
    kind = how(rule)
    if kind == "between":
        return f"{_shown(rule.get('at_least'))}〜{_shown(rule.get('at_most'))}"
    found = rule.get(kind)
    if not isinstance(found, list):
        return _shown(found)
    return joined((named or {}).get(str(one), str(one)) for one in found)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "" if isinstance(value, bool) or value is None else str(value)


def with_value(rule: Tree, kind: str, text: str, coded: Mapping[str, str] | None = None) -> Tree:
    """Return a condition with another comparison or value; a text that is no number stays, for the check to tell.

    ``coded``: what the field's choices are kept as, by their words.
    """
    out: Tree = {key: one for key, one in rule.items() if key not in _KEYS}
    if kind in {"any_of", "none_of"}:
        out[kind] = [(coded or {}).get(one, one) for one in parted(text)]
    elif kind in {"present", "absent"}:
        out["present"] = kind == "present"
    elif kind == "between":
        found = _RANGE.fullmatch(text)
        least, most = found.groups() if found is not None else (text, text)
        out["at_least"], out["at_most"] = _number(least), _number(most)
    else:
        out[kind] = _number(text) if kind in {"at_least", "at_most"} else text
    return out


def _number(text: str) -> float | str:
    try:
        found = float(text)
    except ValueError:
        return text
    return found if isfinite(found) else text


def fields_of(state: EditState) -> dict[str, Field]:
    """Return all fields that a condition or an answer may be about."""
    return known_fields(state.sheet.rules.fields) if state.sheet is not None else {}


def field_combo(state: EditState, name: str, lang: str) -> QComboBox:
    """Return a choice among all fields of lead and company."""
    made = QComboBox()
    still(made)
    made.setAccessibleName(name)
    made.setToolTip(name)
    for code, one in fields_of(state).items():
        made.addItem(one.en if lang == "en" else one.ja, code)
    made.setMinimumContentsLength(6)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return made


class _Line(QWidget):
    """One condition."""

    changed = Signal()
    removed = Signal()

    def __init__(self, state: EditState, rule: Tree, lang: str) -> None:
        super().__init__()
        self._state, self._rule, self._lang, self._said = state, rule, lang, ""
        self._named: dict[str, str] = {}
        self.field = field_combo(state, self.tr("項目"), lang)
        at = self.field.findData(rule.get("field"))
        if at < 0:
            self.field.insertItem(0, str(rule.get("field", "")), rule.get("field"))
            at = 0
        self.field.setCurrentIndex(at)
        self.how = QComboBox()
        self.how.setAccessibleName(self.tr("比べ方"))
        still(self.how)
        for code, text in _HOW:
            self.how.addItem(words.translate("conditions", text), code)
        self.how.setCurrentIndex(self.how.findData(how(rule)))
        self.value = self._open_choice()
        self._offer()
        out = button("×", "quiet", tip=self.tr("この条件を外す"))
        out.setAccessibleName(self.tr("この条件を外す"))
        out.setFixedWidth(30)
        out.clicked.connect(self.removed)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.field, 3)
        box.addWidget(self.how, 3)
        box.addWidget(self.value, 4)
        box.addWidget(out)
        self.field.activated.connect(self._offer)
        self.how.activated.connect(self._seen)
        for combo in (self.field, self.how):
            combo.activated.connect(lambda _: self.changed.emit())
        self.value.activated.connect(lambda _: self.changed.emit())
        self._seen()

    def _open_choice(self) -> QComboBox:
        """Return where a value is typed or chosen."""
        made = QComboBox()
        made.setEditable(True)
        still(made)
        made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        made.setAccessibleName(self.tr("値"))
        made.setMinimumContentsLength(5)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        edit = made.lineEdit()
        if isinstance(edit, QLineEdit):
            edit.editingFinished.connect(self._left)
            self._state.due.connect(self._left)
            edit.setPlaceholderText(self.tr("値(、で区切る)"))
            edit.setToolTip(self.tr('、で区切ります。、や , を含む値は "…" で囲みます。'))
        return made

    def _offer(self) -> None:
        """Offer the values of the field that is chosen."""
        spec = fields_of(self._state).get(str(self.field.currentData()))
        choices = spec.choices if spec is not None else ()
        self._named = {code: en if self._lang == "en" else ja for code, ja, en in choices}
        typed = value_of(self._rule, self._named)
        self.value.clear()
        for code, word in self._named.items():
            self.value.addItem(word, code)
        at = self.value.findData(typed)
        if at >= 0:
            self.value.setCurrentIndex(at)
        else:
            self.value.setCurrentIndex(-1)
            self.value.setEditText(typed)
        edit = self.value.lineEdit()
        if isinstance(edit, QLineEdit):
            edit.setCursorPosition(0)
        self._said = self.value.currentText()

    def _left(self) -> None:
        """The keyboard left the value: that alone changes nothing."""
        if self.value.currentText() != self._said:
            self.changed.emit()

    def _seen(self) -> None:
        self.value.setVisible(self.how.currentData() not in {"present", "absent"})

    def rule(self) -> Tree:
        """Return the condition as it stands; what nobody touched of it is as it was."""
        rule: Tree = {**self._rule, "field": self.field.currentData()}
        kind, text = str(self.how.currentData()), self.value.currentText()
        if kind == how(self._rule) and text == self._said:
            return rule
        at = self.value.findText(text)
        coded = {word: code for code, word in self._named.items()}
        return with_value(rule, kind, str(self.value.itemData(at)) if at >= 0 else text, coded)

    def keep(self, rule: Tree) -> None:
        """Go on from a condition that was taken into the tree."""
        self._rule, self._said = deepcopy(rule), self.value.currentText()


class Conditions(QWidget):
    """All conditions at a place of the tree; all of them must hold."""

    def __init__(self, state: EditState, path: Path, lang: str, *, field: str = "issue") -> None:
        super().__init__()
        self._state, self._path, self._lang, self._field = state, path, lang, field
        self._lines: dict[str, _Line] = {}
        self._shown: Tree | None = None
        self.add = small(self.tr("+ 条件"))
        self.add.clicked.connect(self._add)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)

    @property
    def lines(self) -> list[_Line]:
        """Return the rows in order."""
        return list(self._lines.values())

    def fill(self) -> None:
        """Show the conditions of the tree; rows that stand already are left alone."""
        found = self._state.table(*self._path)
        if found == self._shown:
            return
        for line in self._lines.values():
            self._box.removeWidget(line)
            line.deleteLater()
        self._lines = {}
        for code, rule in found.items():
            if isinstance(rule, dict):
                made = _Line(self._state, rule, self._lang)
                made.changed.connect(lambda code=code: self._edited(code))
                made.removed.connect(lambda code=code: self._put({c: r for c, r in self._now().items() if c != code}))
                self._lines[code] = made
                self._box.addWidget(made)
        self._shown = deepcopy(found)

    def _now(self) -> Tree:
        return deepcopy(self._state.table(*self._path))

    def _edited(self, code: str) -> None:
        made = self._lines[code].rule()
        now = self._now()
        if now.get(code) == made:
            return
        now[code] = made
        self._lines[code].keep(made)
        self._shown = deepcopy(now)
        self._state.put(now, *self._path)

    def _put(self, tree: Tree) -> None:
        self._state.put(tree or None, *self._path)
        self.fill()

    def _add(self) -> None:
        now = self._now()
        number = next(n for n in range(1, len(now) + 2) if f"when_{n}" not in now)
        self._put({**now, f"when_{number}": {"field": self._field, "present": True}})
        self.lines[-1].field.setFocus()
