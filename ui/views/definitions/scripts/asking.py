"""The questions of a step: what is asked, into which field the answer goes, what it fills and where it leads."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from isdesk.domain.rules import Label, Question
from isdesk.domain.script_flow import fills
from isdesk.services import script_editing
from isdesk.services.script_editing import Tree
from ui.views.definitions.scripts.conditions import field_combo, fields_of
from ui.views.definitions.scripts.form import grey, small
from ui.views.definitions.scripts.listing import joined, parted
from ui.views.definitions.scripts.parts import (
    branches,
    entry,
    fresh,
    leads_to,
    named,
    put_entry,
    questions,
    steps,
)
from ui.views.definitions.scripts.state import EditState, Row
from ui.widgets import Card, button, label, still


def choice_words(entry: Tree, lang: str) -> list[str]:
    """Return the choices of a question in words."""
    found = entry.get("choices")
    out = []
    for one in found if isinstance(found, list) else []:
        at = 2 if lang == "en" else 1
        out.append(str(one[at]) if isinstance(one, list) and len(one) > at else str(one))
    return out


def with_choices(entry: Tree, typed: list[str], lang: str) -> list[object]:
    """Return choices by their words; one that is there already keeps its code and its other language."""
    found = entry.get("choices")
    known = dict(zip(choice_words(entry, lang), found if isinstance(found, list) else [], strict=False))
    return [known.get(one, [one, one, one]) for one in typed]


class QuestionLine(Card):
    """One question."""

    removed = Signal()
    branch_wanted = Signal(str)

    def __init__(self, state: EditState, code: str, lang: str) -> None:
        super().__init__(margins=(12, 8, 8, 8))
        self._state, self.code, self._lang, self._said = state, code, lang, ""
        self.label = QLineEdit()
        self.label.setAccessibleName(self.tr("検証質問"))
        self.field = field_combo(state, self.tr("答えが入るリードの項目"), lang)
        self.choices = QLineEdit()
        self.choices.setAccessibleName(self.tr("選択肢"))
        self.choices.setPlaceholderText(self.tr("選択肢(、で区切る。なければ自由に入力)"))
        self.choices.setToolTip(self.tr('、で区切ります。、や , を含む選択肢は "…" で囲みます。'))
        self.told = grey()
        out = button("×", "quiet", tip=self.tr("この質問を外す"))
        out.setAccessibleName(self.tr("この質問を外す"))
        out.setFixedWidth(30)
        out.clicked.connect(self.removed)
        self.branch = small(self.tr("この答えで分岐"))
        self.branch.clicked.connect(lambda: self.branch_wanted.emit(str(self.field.currentData())))
        first, second, third = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for line in (first, second, third):
            line.setSpacing(6)
        first.addWidget(self.label, 1)
        first.addWidget(out)
        second.addWidget(label(self.tr("答え →"), "dim"))
        second.addWidget(self.field, 2)
        second.addWidget(self.choices, 3)
        third.addWidget(self.told, 1)
        third.addWidget(self.branch)
        for line in (first, second, third):
            self.body.addLayout(line)
        self.label.textEdited.connect(self._named)
        self.field.activated.connect(self._bound)
        self.choices.editingFinished.connect(self._chosen)
        state.due.connect(self._chosen)

    def fill(self) -> None:
        """Show what the tree holds."""
        found = entry(self._state, "question", self.code)
        shown = named(found, self._lang)
        if self.label.text() != shown:
            self.label.setText(shown)
        self.field.setCurrentIndex(self.field.findData(found.get("field")))
        words = choice_words(found, self._lang)
        spec = fields_of(self._state).get(str(found.get("field")))
        fixed = [en if self._lang == "en" else ja for _, ja, en in spec.choices] if spec is not None else []
        self.choices.setEnabled(not fixed or bool(words))
        text = joined(words or fixed)
        if self.choices.text() != text and not self.choices.hasFocus():
            self.choices.setText(text)
            self.choices.setCursorPosition(0)
            self._said = text
        self.told.setText(self._leads(str(found.get("field") or "")))

    def _leads(self, field: str) -> str:
        """Say what an answer fills and where it leads."""
        state, lang = self._state, self._lang
        items = state.sheet.rules.checklist if state.sheet is not None else ()
        filled = [one.label.in_(lang) for one in fills(Question(self.code, field, Label("", "")), items)]
        names = {one.code: f"{one.number} {one.label}".strip() for one in steps(state, lang)}
        out = [self.tr("引き継ぎチェック: {items}").format(items="、".join(filled))] if filled else []
        for one in branches(state).values():
            when = one.get("when")
            rules = when.values() if isinstance(when, dict) else ()
            if any(isinstance(rule, dict) and rule.get("field") == field for rule in rules):
                text = self.tr("分岐: {name} → {to}")
                out.append(text.format(name=named(one, lang), to=names.get(leads_to(state, one), "—")))
        return " ・ ".join(out) or self.tr("この答えは、分岐にも引き継ぎチェックにも使われません。")

    def _named(self, text: str) -> None:
        put_entry(self._state, "question", self.code, "en" if self._lang == "en" else "ja", text, merge=True)

    def _bound(self) -> None:
        put_entry(self._state, "question", self.code, "field", self.field.currentData())

    def _chosen(self) -> None:
        text = self.choices.text()
        if text == self._said or not self.choices.isEnabled():
            return
        self._said = text
        found = entry(self._state, "question", self.code)
        if parted(text) != choice_words(found, self._lang):
            made = with_choices(found, parted(text), self._lang)
            put_entry(self._state, "question", self.code, "choices", made or None)


class Asking(QWidget):
    """All questions of a step; ``branch_wanted`` tells the field whose answer shall lead somewhere."""

    branch_wanted = Signal(str)

    def __init__(self, state: EditState, row: Row, lang: str) -> None:
        super().__init__()
        self._state, self._row, self._lang = state, row, lang
        self.lines: list[QuestionLine] = []
        self.add: QPushButton = small(self.tr("+ 質問"))
        self.menu = QMenu(self.add)
        self.menu.aboutToShow.connect(self._offer)
        self.add.setMenu(self.menu)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)

    def fill(self) -> None:
        """Show the questions of the step."""
        codes = questions(self._state, self._row)
        if codes != [one.code for one in self.lines]:
            for line in self.lines:
                self._box.removeWidget(line)
                line.deleteLater()
            self.lines = []
            for code in codes:
                made = QuestionLine(self._state, code, self._lang)
                made.removed.connect(lambda code=code: self.drop(code))
                made.branch_wanted.connect(self.branch_wanted)
                self.lines.append(made)
                self._box.addWidget(made)
        for line in self.lines:
            line.fill()

    def _offer(self) -> None:
        self.menu.clear()
        shared = self._state.sheet.tree(("question",)) if self._state.sheet is not None else {}
        asked = questions(self._state, self._row)
        for code in dict.fromkeys((*shared, *self._state.table("question"))):
            if code not in asked:
                text = named(entry(self._state, "question", code), self._lang)
                self.menu.addAction(text.replace("&", "&&")).triggered.connect(partial(self.take, code))
        self.menu.addSeparator()
        self.menu.addAction(self.tr("新しい質問")).triggered.connect(lambda _: self.make())

    def _list(self) -> tuple[str, ...]:
        kind, code = self._row
        return ("node", code, "questions") if kind == "node" else ("questions",)

    def take(self, code: str, _: bool = False) -> None:
        """Ask a question that is known already."""
        self._state.put([*questions(self._state, self._row), code], *self._list())
        self.fill()

    def make(self) -> None:
        """Ask a new question."""
        name = self.tr("新しい質問")
        code = fresh(self._state, "question", name)
        asked = questions(self._state, self._row)
        self._state.put({"ja": name, "en": name, "field": "need"}, "question", code)
        self._state.put([*asked, code], *self._list())
        self.fill()
        self.lines[-1].label.setFocus()
        self.lines[-1].label.selectAll()

    def drop(self, code: str) -> None:
        """Ask a question no more."""
        left = [one for one in questions(self._state, self._row) if one != code]
        self._state.put(left, *self._list())
        if code in self._state.table("question"):
            self._state.put(None, "question", code)
        self.fill()


def branch_on(state: EditState, phase: str, field: str, kind: str = "branch") -> tuple[str, Tree]:
    """Return a code and the tree of a new branch of a phase, taken where ``field`` is known."""
    code = fresh(state, "branch", "")
    return code, {
        "phase": phase,
        **script_editing.named(kind),
        "when": {"when_1": {"field": field, "present": True}},
    }


def combo(name: str) -> QComboBox:
    """Return a choice with a name for screen readers."""
    made = QComboBox()
    still(made)
    made.setAccessibleName(name)
    return made
