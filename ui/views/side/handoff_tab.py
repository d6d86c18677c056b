"""The tab 引き継ぎ: what FS will get, what still lacks, and the way to hand over."""

from __future__ import annotations

from itertools import islice

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from isdesk.domain import raci
from isdesk.domain.handoff import may_hand_over
from isdesk.domain.raci import Party
from isdesk.services.views import ChecklistLine, HandoffView, TimelineItem
from ui import words
from ui.theme.tokens import Size
from ui.views.call import phrases
from ui.views.call.ask_rows import ChoiceRow
from ui.views.call.kit import Band, Elided, KeyButton, Pill, Text
from ui.views.call.scene import Scene
from ui.views.handoff.report import report
from ui.views.side.field_editor import FieldEditor
from ui.views.side.overview import ChecklistPart, PairsPart, PriorityPart, clear_ground, company_pairs
from ui.views.side.timeline_words import handoff_state, handoff_step, words_of
from ui.widgets.flow import FlowLayout

_RECENT = 5
_STATE_TONES = {"returned": "bad", "submitted": "promise", "accepted": "good", "asked": "warn"}


class HandoffTab(QWidget):
    """Overview and memo, one above the other; the foot with the state and the next step stays in sight."""

    edited = Signal(str, object)
    question_wanted = Signal(str)
    timeline_wanted = Signal()
    submit = Signal(object)
    unchanged = Signal(str)
    """It is to go out again as it came back; the reason for which it did."""
    withdraw = Signal()
    copy = Signal()
    pdf = Signal()
    paper = Signal()
    lead_wanted = Signal(str)
    memo_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self.priority = PriorityPart()
        self.checklist = ChecklistPart()
        self.task = PairsPart(58, wrap=True)
        self._recent = PairsPart(58, more=self.tr("すべて"))
        self._company = PairsPart(100)
        self._siblings = QWidget()
        self._sibling_buttons: list[KeyButton] = []
        self.editor = FieldEditor()
        self.editor.hide()
        self._waiting: list[str] = []
        self._question = ""
        self._told_unchanged = ""
        self._state, self._facts = Pill(), Elided(ink="dim", size=Size.SMALL)
        self.memo_button = KeyButton(self.tr("メモ"))
        self.submit_button = KeyButton(self.tr("引き渡す"), "Ctrl ⇧ Enter", "primary")
        self.withdraw_button = KeyButton(self.tr("取り下げ"))
        self.memo = MemoPart()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.task.head.show_text(self.tr("ToDo"))
        self._recent.head.show_text(self.tr("直近の接触"))
        self._company.head.show_text(self.tr("企業"))
        self._flow = FlowLayout(self._siblings, gap=6)
        self._company.body.addWidget(self._siblings)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._siblings.setSizePolicy(policy)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.priority, self.task, self.checklist, self._recent, self._company):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        clear_ground(scroll)
        middle = QWidget()
        self._stack = QStackedLayout(middle)
        self._stack.addWidget(scroll)
        self._stack.addWidget(self.memo)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(middle, 1)
        box.addWidget(self._foot())

    def _foot(self) -> QWidget:
        foot = Band(line="top")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._state)
        line.addWidget(self._facts, 1)
        keys = QHBoxLayout()
        keys.setSpacing(8)
        keys.addWidget(self.memo_button)
        keys.addStretch(1)
        keys.addWidget(self.withdraw_button)
        keys.addWidget(self.submit_button)
        box = QVBoxLayout(foot)
        box.setContentsMargins(16, 9, 16, 11)
        box.setSpacing(8)
        box.addLayout(line)
        box.addLayout(keys)
        return foot

    def _connect(self) -> None:
        self.checklist.wanted.connect(self.open_line)
        self.editor.committed.connect(self.edited)
        self.editor.closed.connect(self._next_field)
        self._recent.more.connect(self.timeline_wanted)
        self.memo_button.clicked.connect(self.toggle_memo)
        self.submit_button.clicked.connect(self.hand_over)
        self.withdraw_button.clicked.connect(self.withdraw)
        self.memo.copy_button.clicked.connect(self.copy)
        self.memo.pdf_button.clicked.connect(self.pdf)
        self.memo.print_button.clicked.connect(self.paper)
        self.memo.fs.changed.connect(lambda: self.edited.emit("fs_id", self.memo.fs.value))

    def set_scene(self, scene: Scene) -> None:
        """Show a lead."""
        other = self._scene is None or self._scene.id != scene.id
        if other:
            self._told_unchanged = ""
            self.flush()
            self.editor.hide()
            self._stack.setCurrentIndex(0)
        self._scene = scene
        view = scene.view
        self.priority.show_scores(view.state.scores, scene.lang)
        self.checklist.show_lines(view.checklist, scene.lang)
        self._show_task(scene)
        newest = islice((item for item in view.timeline if item.what in {"touch", "signal"}), _RECENT)
        self._recent.show_pairs([(words.when, words.title) for words in (words_of(item, scene) for item in newest)])
        self._company.show_pairs(company_pairs(scene))
        self._show_siblings(scene)
        self._show_foot(scene)
        if self.memo_shown:
            self._show_memo(scene)

    def _show_task(self, scene: Scene) -> None:
        """Show the next action, to which activity it belongs, and whose it is by RACI."""
        action, duty = scene.view.state.next_action, scene.view.duty
        self.task.setVisible(action is not None or duty is not None)
        self.task.note.show_text(scene.say(duty.activity.label) if duty is not None else "")
        pairs = []
        if action is not None:
            planned = words.is_planned(action.kind, action.due_at, scene.now)
            when = phrases.moment_text(action.due_at, scene.today) if planned else ""
            pairs.append((self.tr("次回"), f"{words.action(action.kind, action.why)}  {when}".rstrip()))
        if duty is not None:
            pairs.append((self.tr("R 実行"), party_text(duty.responsible, scene)))
            pairs.append((self.tr("A 責任"), party_text(duty.accountable, scene)))
        self.task.show_pairs(pairs)

    def _show_memo(self, scene: Scene) -> None:
        """Show the memo; its text is made only when somebody looks at it."""
        self.memo.set_scene(scene)
        if scene.handoff is None or not scene.handoff.memo:
            self.memo_wanted.emit(scene.id)

    def show_memo(self, lead_id: str, text: str) -> None:
        """Show the text of a lead's memo, which was asked for by ``memo_wanted``."""
        if self._scene is not None and self._scene.id == lead_id:
            self.memo.show_text(text)

    def _show_siblings(self, scene: Scene) -> None:
        siblings = scene.view.siblings
        self._company.note.show_text(self.tr("同社 {n}名").format(n=len(siblings) + 1) if siblings else "")
        while len(self._sibling_buttons) < len(siblings[:6]):
            button = KeyButton(kind="plain")
            button.clicked.connect(lambda _=False, button=button: self.lead_wanted.emit(button.property("lead")))
            self._sibling_buttons.append(button)
            self._flow.addWidget(button)
        for n, button in enumerate(self._sibling_buttons):
            button.setVisible(n < len(siblings))
            if n < len(siblings):
                button.say(siblings[n].name)
                button.setProperty("lead", siblings[n].lead_id)
        self._siblings.setVisible(bool(siblings))

    def _show_foot(self, scene: Scene) -> None:
        handoff = scene.handoff
        state = handoff.state if handoff else "draft"
        self._state.say(handoff_state(state), _STATE_TONES.get(state, "plain"))
        self._facts.show_text(" ・ ".join(facts_line(scene, handoff)))
        may = may_hand_over(state)
        self.submit_button.setVisible(may)
        lacking = len(handoff.missing) if handoff else 0
        self.submit_button.setEnabled(may and not lacking)
        names = "、".join(scene.say(line) for line in handoff.missing) if handoff else ""
        self.submit_button.setToolTip(
            self.tr("足りないもの: {names}").format(names=names) if lacking else self.tr("FSへ引き渡します")
        )
        self.submit_button.say(self.tr("承認を依頼") if handoff and handoff.approval else self.tr("引き渡す"))
        self.withdraw_button.setVisible(state in {"submitted", "asked"})

    def open_line(self, line: ChecklistLine) -> None:
        """Open where the fact of a line is entered: the script's question, else right below the line."""
        scene = self._scene
        if scene is None:
            return
        known = [path for path in (line.missing_fields or self._fields_of(line)) if scene.field(path) is not None]
        if not known:
            return
        self._waiting = known
        self._question = (line.ask_en if scene.lang == "en" else line.ask_ja) if not line.done else ""
        self.checklist.place_below(line, self.editor)
        self._next_field()

    def _fields_of(self, line: ChecklistLine) -> tuple[str, ...]:
        items = self._scene.rules.checklist if self._scene else ()
        return next((item.fields for item in items if item.code == line.code), ())

    def _next_field(self) -> None:
        scene = self._scene
        if not self._waiting or scene is None:
            self.editor.hide()
            return
        path = self._waiting.pop(0)
        name = scene.field_name(path)
        self.editor.begin(
            path,
            scene,
            self.tr("{field}: {question}").format(field=name, question=self._question) if self._question else name,
        )
        self.editor.show()
        self.editor.take_keyboard()

    def toggle_memo(self) -> None:
        """Show the memo as FS gets it, or the overview again."""
        show = self._stack.currentIndex() == 0
        if show and self._scene is not None:
            self._show_memo(self._scene)
        self._stack.setCurrentIndex(1 if show else 0)
        self.memo_button.say(self.tr("一覧") if show else self.tr("メモ"))

    def hand_over(self) -> None:
        """Hand over, or open the first thing that lacks."""
        scene = self._scene
        handoff = scene.handoff if scene else None
        if scene is None or handoff is None or not may_hand_over(handoff.state):
            return
        if handoff.missing:
            if self._stack.currentIndex() == 1:
                self.toggle_memo()
            self.open_line(handoff.missing[0])
            return
        if handoff.untouched and self._told_unchanged != scene.id:
            self._told_unchanged = scene.id
            self.unchanged.emit(scene.reason(handoff.reason or ""))
            return
        self.submit.emit(handoff.fs_id)

    def flush(self) -> None:
        """Hand over what is being typed."""
        if self.editor.isVisible():
            self.editor.commit()

    @property
    def memo_shown(self) -> bool:
        """Return whether the memo is in front."""
        return self._stack.currentIndex() == 1


class MemoPart(QWidget):
    """The memo exactly as FS gets it, with FS, copy, PDF and print, and the steps it went through."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead_id = ""
        self.fs = ChoiceRow(self.tr("FS担当"))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("引き継ぎメモ"))
        self.copy_button = KeyButton(self.tr("コピー"))
        self.pdf_button = KeyButton(self.tr("PDF"))
        self.print_button = KeyButton(self.tr("印刷"))
        self._steps = Text(ink="dim", size=Size.SMALL, wrap=True)
        keys = QHBoxLayout()
        keys.setSpacing(6)
        keys.addWidget(Elided(self.tr("引き継ぎメモ(FSに届く内容)"), ink="dim", size=Size.SMALL, bold=True), 1)
        for button in (self.copy_button, self.pdf_button, self.print_button):
            keys.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(8)
        box.addLayout(keys)
        box.addWidget(self.fs)
        box.addWidget(self.text, 1)
        box.addWidget(self._steps)

    def show_text(self, memo: str) -> None:
        """Show the memo itself."""
        if memo != self.text.toPlainText():
            self.text.setPlainText(memo)

    def set_scene(self, scene: Scene) -> None:
        """Show what stands around the memo of a lead, and the memo where it is known; else the one before goes."""
        handoff = scene.handoff
        if handoff is not None and handoff.memo:
            self.show_text(handoff.memo)
        elif scene.id != self._lead_id:
            self.show_text("")
        self._lead_id = scene.id
        people = [(m.id, m.name) for m in scene.members.values() if m.role == "fs" and m.active]
        self.fs.begin(people, handoff.fs_id if handoff else None)
        self.fs.setVisible(bool(people))
        steps = handoff.history if handoff else ()
        self._steps.show_text("\n".join(step_line(item, scene) for item in steps))
        self._steps.setVisible(bool(steps))


def step_line(item: TimelineItem, scene: Scene) -> str:
    """Return one step of a handoff's life in words."""
    text = f"{phrases.moment_text(item.at, scene.today)}  {handoff_step(item.code)} — {item.member}"
    told = " ・ ".join(report(item.told, scene.rules, scene.lang)) or (scene.reason(item.text) if item.text else "")
    return f"{text}({told})" if told else text


def party_text(party: Party, scene: Scene) -> str:
    """Return who of which department: the name where somebody is known."""
    department = scene.say(raci.LABELS[party.department])
    name = scene.member_name(party.member_id) if party.member_id else ""
    return f"{name} ({department})" if name else department


def facts_line(scene: Scene, handoff: HandoffView | None) -> list[str]:
    """Return grade, FS person and meeting time, as far as they are known."""
    if handoff is None:
        return []
    parts = [QCoreApplication.translate("handoff", "確度 {grade}").format(grade=handoff.grade)] if handoff.grade else []
    if handoff.fs_id:
        parts.append(f"FS {scene.member_name(handoff.fs_id)}")
    if handoff.meeting_at:
        parts.append(phrases.moment_text(handoff.meeting_at, scene.today))
    return parts
