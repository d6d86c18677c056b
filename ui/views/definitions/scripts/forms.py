"""The forms of a script: the script itself, a step, a branch, an objection."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QSpinBox, QVBoxLayout
from typing_extensions import override

from isdesk.playbook.talk import INCOMING, OPENING
from isdesk.services.script_editing import Wrong
from isdesk.services.script_trials import TEXTS, Shares, place, reworded, rival_place
from ui.views.definitions.scripts.asking import Asking, branch_on, combo
from ui.views.definitions.scripts.conditions import Conditions
from ui.views.definitions.scripts.form import Area, Form, grey, small
from ui.views.definitions.scripts.parts import (
    PHASE_CODES,
    branches,
    entry,
    later,
    leads_to,
    put_entry,
    steps,
)
from ui.views.definitions.scripts.state import EditState
from ui.views.definitions.scripts.trial import TrialBar
from ui.widgets import button, label, still

_ANSWERING = 112
_BESIDE_QUESTIONS = 190
"""So tall is the text of a step below which more stands, so that its questions or other opening are in sight."""


class WholeForm(Form):
    """What a script is called, which leads hear it, and its version."""

    def __init__(self, state: EditState, lang: str, in_force: int) -> None:
        super().__init__(state, lang)
        self._in_force = in_force
        self.body.addLayout(self.head(self.tr("トークスクリプト")))
        self.body.addWidget(self.why)
        self.body.addLayout(self.names(self.line(self.tr("名前"), "ja"), self.line(self.tr("名前(英語)"), "en")))
        self.version = grey()
        self.body.addWidget(self.version)
        self.when = Conditions(state, ("when",), lang, field="company.industry")
        self.body.addLayout(self.head(self.tr("このスクリプトで話すリード(すべて合うもの)"), self.when.add))
        self.body.addWidget(self.when)
        self.general = grey(self.tr("条件がないので、ほかのスクリプトが合わないリードすべてに使います。"))
        self.body.addWidget(self.general)
        line = QHBoxLayout()
        line.addWidget(label(self.tr("優先順(大きいほど先)"), "dim"))
        self.rank = QSpinBox()
        still(self.rank)
        self.rank.setRange(-1000, 1000)
        self.rank.setAccessibleName(self.tr("優先順(大きいほど先)"))
        self.rank.valueChanged.connect(self._ranked)
        line.addWidget(self.rank)
        line.addStretch(1)
        self.body.addLayout(line)
        self.trial = TrialBar(state, lang)
        self.trial.taken.connect(self.decided)
        self.body.addWidget(self.trial)
        self.body.addStretch(1)

    def _ranked(self, value: int) -> None:
        if value != (self.state.get("rank") or 0):
            self.state.put(value, "rank", merge=True)

    @override
    def fill(self) -> None:
        super().fill()
        self.when.fill()
        rank = self.state.get("rank")
        self.rank.setValue(rank if isinstance(rank, int) else 0)
        self.general.setVisible(not self.state.table("when"))
        self.trial.fill()
        found = self.state.sheet.tree(self.state.part).get("version", 1) if self.state.sheet is not None else 1
        if not self._in_force:
            text = self.tr("新しいスクリプトです。")
        elif found == self._in_force:
            text = self.tr("版 v{n}(いま使っている版のまま)").format(n=found)
        else:
            text = self.tr("版 v{n}(いまは v{now}。成果は版ごとに数えます)").format(n=found, now=self._in_force)
        self.version.setText(text)

    @override
    def show_shares(self, found: Shares | None) -> None:
        self.trial.show_shares(found)


class ByHandForm(Form):
    """Stands for a part that is written in a form that only the whole text can change: nothing is typed in vain."""

    wanted = Signal()

    def __init__(self, state: EditState, lang: str) -> None:
        super().__init__(state, lang)
        self.body.addLayout(self.head(self.tr("ここでは書き直せません")))
        self.body.addWidget(self.why)
        self.body.addWidget(grey(self.tr("この部分は、定義の文面でしか書き直せない形で書かれています。")))
        self.open = button(self.tr("定義の文面で直す"), "primary")
        self.open.clicked.connect(self.wanted)
        self.body.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)


class StepForm(Form):
    """What is said in a step, what is asked there, and the branches that leave it."""

    def __init__(self, state: EditState, lang: str) -> None:
        super().__init__(state, lang)
        self._kind, self._code = state.row
        self._head()
        self.body.addWidget(self.why)
        node = self._kind == "node"
        if node:
            self._node()
        self.trial = TrialBar(state, lang)
        self.trial.taken.connect(self.decided)
        self.body.addWidget(self.trial)
        self._texts(asks=node or self._code == "verify")

    def _head(self) -> None:
        state, lang = self.state, self.lang
        step = next((one for one in steps(state, lang) if one.row == state.row), None)
        self.branch = small(self.tr("+ 分岐"), self.tr("この段階に分岐を足す(Ctrl+B)"))
        self.branch.clicked.connect(lambda: self.asked.emit("branch"))
        title = f"{step.number} {step.label}".strip() if step is not None else ""
        self.under_trial = self._code in reworded(state.tree)
        self.other = small(
            self.tr("+ 別の言い方を試す"), self.tr("この段階の別の言い方を、半分のリードで試す(Ctrl+Shift+W)")
        )
        if self.under_trial:
            self.other.setText(self.tr("この段階で試すのをやめる"))
            self.other.setToolTip(self.tr("この段階のBの文面を外す(Ctrl+Shift+W)"))
        self.other.clicked.connect(lambda: self.asked.emit("trial"))
        self.body.addLayout(self.head(title, self.other, self.branch))
        self.branch.setVisible(self._code != PHASE_CODES[-1])

    def _texts(self, *, asks: bool) -> None:
        state, lang = self.state, self.lang
        low = asks or self._code == OPENING
        self._wordings(self.tr("話す文面"), "text", lines=7, low=low, stretch=0 if low else 3)
        self.same = label(self.tr("BはまだAと同じ文面です。Bを書き換えてください。"), "warn", wrap=True)
        self.same.setVisible(False)
        self.body.addWidget(self.same)
        self.body.addWidget(grey(self.tr("{{ か Ctrl+Space で変数、**太字**、- 箇条書き、[文字](https://…)")))
        if self._code == OPENING:
            self.body.addLayout(self.head(self.tr("かかってきた電話での導入(なければ、お礼と名乗りだけ)")))
            self._answering(self.tr("かかってきた電話での導入"), "text")
        self.asking: Asking | None = None
        if asks:
            self.asking = Asking(state, state.row, lang)
            self.asking.branch_wanted.connect(self._branch_on)
            self.body.addLayout(self.head(self.tr("検証質問"), self.asking.add))
            self.body.addWidget(self.asking)
        self.body.addLayout(self.head(self.tr("英語の文面(なければ日本語)")))
        self._wordings(self.tr("英語の文面"), "text_en", lines=3, low=False, stretch=1)
        if self._code == OPENING:
            self.body.addLayout(self.head(self.tr("かかってきた電話での導入(英語)")))
            self._answering(self.tr("かかってきた電話での導入(英語)"), "text_en")
        self.body.addStretch(0)

    def _answering(self, name: str, key: str) -> None:
        """Put what is said first in a call that came in; it has one wording, also where another one is under trial."""
        made = self.area(name, key, INCOMING, lines=2, optional=True)
        made.field.setMaximumHeight(_ANSWERING)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.body.addWidget(made)

    def _wordings(self, name: str, key: str, *, lines: int, low: bool, stretch: int) -> None:
        """Put the text of the step, and beside it the other wording where one is under trial."""
        optional = key != "text"
        own = self.area(name, *place(self._code, key), lines=lines, optional=optional)
        areas = [own]
        if not self.under_trial:
            self.body.addWidget(own, stretch)
        else:
            said = self.tr("{name}(B)").format(name=name)
            areas.append(self.area(said, *rival_place(self._code, key), lines=lines))
            line = QHBoxLayout()
            line.setSpacing(10)
            heads = (self.tr("A いまの文面"), self.tr("B 試す文面"))
            for head, area in zip(heads, areas, strict=True):
                column = QVBoxLayout()
                column.setSpacing(4)
                if not optional:
                    column.addWidget(label(head, "small"))
                column.addWidget(area, 1)
                line.addLayout(column, 1)
            self.body.addLayout(line, stretch)
        if low:
            for area in areas:
                area.field.setMaximumHeight(_BESIDE_QUESTIONS)
                area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    @override
    def show_shares(self, found: Shares | None) -> None:
        self.trial.show_shares(found)

    def _node(self) -> None:
        self.body.addLayout(
            self.names(
                self.line(self.tr("名前"), "node", self._code, "ja"),
                self.line(self.tr("名前(英語)"), "node", self._code, "en"),
            )
        )
        line = QHBoxLayout()
        self.after = combo(self.tr("置く場所"))
        for one in steps(self.state, self.lang):
            if one.row[0] == "phase" and one.code != PHASE_CODES[-1]:
                self.after.addItem(self.tr("{step} の後").format(step=one.label), one.code)
        self.after.activated.connect(lambda _: self.state.put(self.after.currentData(), "node", self._code, "after"))
        self.aside = QCheckBox(self.tr("分岐からだけ入る"))
        self.aside.clicked.connect(lambda on: self.state.put(None if on else False, "node", self._code, "aside"))
        line.addWidget(self.after)
        line.addWidget(self.aside)
        line.addStretch(1)
        self.body.addLayout(line)

    def _branch_on(self, field: str) -> None:
        code, tree = branch_on(self.state, self._code, field, "answer")
        self.state.put(tree, "branch", code)
        self.state.turn(self.state.part, ("branch", code))

    @override
    def fill(self) -> None:
        super().fill()
        if self._kind == "node":
            self.after.setCurrentIndex(self.after.findData(self.state.text("node", self._code, "after") or "verify"))
            self.aside.setChecked(self.state.get("node", self._code, "aside") is not False)
        if self.asking is not None:
            self.asking.fill()
        self.trial.fill()
        alike = all(
            self.state.text(*rival_place(self._code, key)) in (("", own) if key != "text" else (own,))
            for key in TEXTS
            for own in (self.state.text(*place(self._code, key)),)
        )
        self.same.setVisible(self.under_trial and alike)


class BranchForm(Form):
    """On which answer a branch is taken, what is said then, and where it leads: forward only."""

    def __init__(self, state: EditState, lang: str) -> None:
        super().__init__(state, lang)
        self._code = state.row[1]
        at = ("branch", self._code)
        self.body.addLayout(self.head(self.tr("分岐")))
        self.body.addWidget(self.why)
        self.body.addLayout(
            self.names(self.line(self.tr("名前"), *at, "ja"), self.line(self.tr("名前(英語)"), *at, "en"))
        )
        way = QHBoxLayout()
        self.phase, self.to = combo(self.tr("どの段階で")), combo(self.tr("進む先"))
        way.addWidget(self.phase, 1)
        way.addWidget(label(self.tr("から →"), "dim"))
        way.addWidget(self.to, 1)
        self.body.addLayout(way)
        self.phase.activated.connect(lambda _: self._moved())
        self.to.activated.connect(lambda _: self.state.put(self.to.currentData(), *at, "to"))
        self.when = Conditions(state, (*at, "when"), lang)
        self.body.addLayout(self.head(self.tr("次がすべて合うとき"), self.when.add))
        self.body.addWidget(self.when)
        self.never = label(
            self.tr("この分岐に進むことはありません。前の分岐が必ず先に合うか、条件に合う値がありません。"),
            "warn",
            wrap=True,
        )
        self.body.addWidget(self.never)
        self.body.addLayout(self.head(self.tr("続けて話す文面")))
        self.body.addWidget(self.area(self.tr("続けて話す文面"), *at, "text", lines=5, optional=True), 2)
        self.body.addLayout(self.head(self.tr("英語の文面(なければ日本語)")))
        self.body.addWidget(self.area(self.tr("英語の文面"), *at, "text_en", lines=3, optional=True), 1)

    def _moved(self) -> None:
        """Take the branch in another phase; where it would lead back, it leads to the phase after it instead."""
        phase = str(self.phase.currentData())
        found = dict(self.state.table("branch", self._code))
        if found.get("to") not in {one.code for one in later(self.state, phase, self.lang)}:
            found.pop("to", None)
        self.state.put({**found, "phase": phase}, "branch", self._code)

    @override
    def fill(self) -> None:
        super().fill()
        found = branches(self.state).get(self._code, {})
        every = steps(self.state, self.lang)
        self.phase.clear()
        for one in every[:-1]:
            self.phase.addItem(f"{one.number or '⤷'} {one.label}", one.code)
        self.phase.setCurrentIndex(self.phase.findData(found.get("phase")))
        self.to.clear()
        for one in later(self.state, str(found.get("phase")), self.lang):
            self.to.addItem(f"{one.number or '⤷'} {one.label}", one.code)
        self.to.setCurrentIndex(self.to.findData(leads_to(self.state, found)))
        self.when.fill()

    @override
    def show_wrong(self, wrong: list[Wrong]) -> None:
        super().show_wrong(wrong)
        sheet = self.state.sheet
        self.never.setVisible(sheet is not None and self._code in sheet.flow(self.state.code).never)


class ObjectionForm(Form):
    """An objection and what is answered to it."""

    def __init__(self, state: EditState, lang: str) -> None:
        super().__init__(state, lang)
        self._code = code = state.row[1]
        self.body.addLayout(self.head(self.tr("切り返し")))
        self.body.addWidget(self.why)
        self.shared = grey(self.tr("共通の切り返しです。変えると、このスクリプトだけの切り返しになります。"))
        self.body.addWidget(self.shared)
        self.body.addLayout(
            self.names(
                self._bound_line(self.tr("相手の言葉"), "ja"), self._bound_line(self.tr("相手の言葉(英語)"), "en")
            )
        )
        self.body.addLayout(self.head(self.tr("切り返しトーク")))
        self.body.addWidget(self._bound_area(self.tr("切り返しトーク"), code, "text", 8), 3)
        self.body.addLayout(self.head(self.tr("英語の文面(なければ日本語)")))
        self.body.addWidget(self._bound_area(self.tr("英語の文面"), code, "text_en", 3), 1)

    def _get(self, key: str) -> str:
        found = entry(self.state, "objection", self._code).get(key)
        return found if isinstance(found, str) else ""

    def _bound_line(self, name: str, key: str) -> QLineEdit:
        return self.line(
            name,
            read=lambda: self._get(key),
            put=lambda text: put_entry(self.state, "objection", self._code, key, text, merge=True),
        )

    def _bound_area(self, name: str, code: str, key: str, lines: int) -> Area:
        return self.area(
            name,
            "objection",
            code,
            key,
            lines=lines,
            read=lambda: self._get(key),
            put=lambda text: put_entry(self.state, "objection", code, key, text, merge=True),
        )

    @override
    def fill(self) -> None:
        super().fill()
        self.shared.setVisible(not self.state.table("objection", self._code))
