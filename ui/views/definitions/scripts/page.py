"""The script editor: parts and steps at the left, the form in the middle, the preview on a real lead at the right."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDateEdit,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from isdesk import messages
from isdesk.domain.errors import IsdeskError, PlaybookError
from isdesk.services import agreeing, script_editing, script_trials
from isdesk.services.script_editing import MAIL, SCRIPT, SENDER, Path, Sheet
from isdesk.services.script_trials import Shares
from isdesk.services.views import Written
from ui.notices import Notice
from ui.shortcuts import UndoScope
from ui.views.definitions.moved import moved_words
from ui.views.definitions.scripts.asking import branch_on
from ui.views.definitions.scripts.form import Form
from ui.views.definitions.scripts.forms import BranchForm, ByHandForm, ObjectionForm, StepForm, WholeForm
from ui.views.definitions.scripts.mail_form import MailForm, SenderForm
from ui.views.definitions.scripts.outline import Outline
from ui.views.definitions.scripts.part_list import PartList
from ui.views.definitions.scripts.parts import (
    PHASE_CODES,
    branches,
    fresh,
    nodes,
    objections,
    row_of,
    without,
    wrong_by_row,
)
from ui.views.definitions.scripts.preview import Preview
from ui.views.definitions.scripts.state import WHOLE, EditState, Row
from ui.widgets import Card, EmptyState, Hairline, KeyCap, button, clear_scroll, label

if TYPE_CHECKING:
    from ui.session import Session

_LEFT, _RIGHT, _WIDE = 292, 348, 520


class ScriptEditor(UndoScope):
    """``closed`` back to the document, ``proposed`` the draft was proposed, ``text_wanted`` it needs the whole text."""

    closed = Signal()
    proposed = Signal()
    text_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.state = EditState(session, self)
        self.parts = PartList(session.lang)
        self.outline = Outline(self.state, session.lang)
        self.preview = Preview(session, self.state)
        self.form: Form | None = None
        self._form_of: tuple[Path, Row, bool] = ((), WHOLE, False)
        self._shares: Shares | None = None
        self._examples: dict[str, str] = {}
        self._lay_out()
        self._connect()

    # ------------------------------------------------------------------ parts

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.setStyleSheet("QStackedWidget { background: transparent; }")
        work = QWidget()
        middle = QHBoxLayout(work)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(12)
        middle.addWidget(self._left())
        middle.addWidget(self._middle(), 2)
        self.preview.setMinimumWidth(_RIGHT)
        self.preview.setMaximumWidth(_WIDE)
        middle.addWidget(self.preview, 1)
        self.broken = EmptyState("warning", self.tr("定義の文面に誤りがあるため、ここでは編集できません"))
        self.broken.add_button(self.tr("定義の文面を直す")).clicked.connect(self.text_wanted)
        self._stack.addWidget(work)
        self._stack.addWidget(self.broken)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addWidget(self._stack, 1)
        box.addLayout(self._foot())

    def _left(self) -> Card:
        card = Card(margins=(1, 8, 1, 1))
        card.setFixedWidth(_LEFT)
        card.body.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 8, 0)
        head.addWidget(label(self.tr("トークスクリプトとメール"), "section"))
        head.addStretch(1)
        self.add_button = button("+", "quiet", tip=self.tr("スクリプトを足す(Ctrl+Shift+N)"))
        self.add_button.setAccessibleName(self.tr("スクリプトを足す"))
        self.drop_button = button("−", "quiet", tip=self.tr("このスクリプト・テンプレートを外す"))
        self.drop_button.setAccessibleName(self.tr("このスクリプト・テンプレートを外す"))
        for one in (self.add_button, self.drop_button):
            one.setFixedWidth(30)
            head.addWidget(one)
        card.body.addLayout(head)
        card.body.addWidget(self.parts)
        card.body.addWidget(Hairline())
        area, inner = clear_scroll()
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.outline)
        inner.addStretch(1)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._outline_area = area
        card.body.addWidget(area, 1)
        return card

    def _middle(self) -> Card:
        card = Card(margins=(1, 1, 1, 1))
        self._form_area = QScrollArea()
        self._form_area.setWidgetResizable(True)
        self._form_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._form_area.setStyleSheet(
            "QScrollArea, QWidget#clear, QWidget#qt_scrollarea_viewport { background: transparent; }"
        )
        card.body.addWidget(self._form_area)
        return card

    def _foot(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.problems_button = button("", "quiet", tip=self.tr("次の問題へ(F8)"))
        line.addWidget(self.problems_button)
        since = label(self.tr("発効日"), "dim")
        line.addWidget(since)
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy/M/d")
        self.day.setAccessibleName(self.tr("発効日"))
        line.addWidget(self.day)
        self.note = QLineEdit()
        self.note.setAccessibleName(self.tr("変更の理由"))
        self.note.setPlaceholderText(self.tr("変更の理由(署名するときに読みます)"))
        place = self.note.sizePolicy()
        place.setRetainSizeWhenHidden(True)  # the way out stays where it is
        self.note.setSizePolicy(place)
        line.addWidget(self.note, 1)
        self.undo_button = button("", "quiet", tip=self.tr("編集を取り消す(Ctrl+Z)"))
        self.undo_button.setText(self.tr("取り消し"))
        self.redo_button = button(self.tr("やり直し"), "quiet", tip=self.tr("編集をやり直す(Ctrl+Shift+Z)"))
        self.back_button = button(self.tr("閉じる"), "quiet", tip=self.tr("閉じる。書きかけは残ります(Esc)"))
        self.propose_button = button(self.tr("提案する"), "primary", tip=self.tr("提案する(Ctrl+Enter)"))
        for one in (self.undo_button, self.redo_button, self.back_button):
            line.addWidget(one)
        line.addWidget(KeyCap("Esc"))
        line.addWidget(self.propose_button)
        enter = KeyCap("Ctrl Enter")
        line.addWidget(enter)
        self._of_draft = (
            self.problems_button, since, self.day, self.note, self.undo_button, self.redo_button,
            self.propose_button, enter,
        )  # fmt: skip
        return line

    def _offer(self, *, readable: bool) -> None:
        """Show the form, or that the text cannot be read: then there is nothing to propose and nothing to undo."""
        self._stack.setCurrentIndex(0 if readable else 1)
        for one in self._of_draft:
            one.setVisible(readable)

    def _connect(self) -> None:
        state = self.state
        state.turned.connect(self._turned)
        state.changed.connect(self._edited)
        state.read.connect(self._was_read)
        state.failed.connect(self._session.notices.error)
        self.undo_wanted.connect(state.undo)
        self.redo_wanted.connect(state.redo)
        self.parts.chosen.connect(self.state.turn)
        self.outline.chosen.connect(lambda row: self.state.turn(self.state.part, row))
        self.outline.entered.connect(self.enter_form)
        self.outline.deleted.connect(self.remove)
        self.preview.examples.connect(self._take_examples)
        self.preview.stepped.connect(self._follow)
        self.add_button.clicked.connect(self.ask_new)
        self.drop_button.clicked.connect(self.drop)
        self.undo_button.clicked.connect(state.undo)
        self.redo_button.clicked.connect(state.redo)
        self.back_button.clicked.connect(self.close_editor)
        self.propose_button.clicked.connect(self.propose)
        self.problems_button.clicked.connect(self.next_problem)

    # ------------------------------------------------------------------ beginning

    def start(self) -> None:
        """Begin from the draft of this desk, or go on where it was left."""
        ctx = self._session.ctx
        if self.state.sheet is not None:
            self.state.settle()

        def failed(error: Exception) -> None:
            if isinstance(error, PlaybookError):
                said = messages.say(error, self._session.lang)
                self.broken.say(self.tr("定義の文面に誤りがあるため、ここでは編集できません"), said.what)
                self._offer(readable=False)
            else:
                self._session.notices.error(error)

        # Read behind the writes: what was typed in the whole text a moment ago is on its way to the draft.
        self._session.tasks.write(lambda: script_editing.begin(ctx), self._begun, failed, owner=self)

    def _begun(self, sheet: Sheet) -> None:
        self._offer(readable=True)
        today = QDate.fromString(self._session.ctx.today(), Qt.DateFormat.ISODate)
        self.day.setMinimumDate(today)
        self.day.setDate(today.addDays(1))
        if self.state.sheet is None or self.state.sheet.text != sheet.text:
            self.state.begin(sheet)
        self.state.base = sheet.base
        if said := moved_words(sheet):
            self._session.notices.show(Notice(said, tone="warn"))
        self.outline.setFocus()

    def open_part(self, kind: Path, code: str) -> None:
        """Bring a script or a template to work by its code."""
        if self.state.sheet is not None and code in self.state.sheet.codes(kind):
            self.state.turn((*kind, code))

    # ------------------------------------------------------------------ showing

    def _turned(self) -> None:
        self.outline.fill()
        self._show_form()
        other = self.preview.property("part") != ".".join(self.state.part)
        self.preview.setProperty("part", ".".join(self.state.part))
        if other:
            self._list()
            self.preview.begin()
        else:
            kind, code = self.state.row
            if kind in {"phase", "node"}:
                self.preview.go_to(code)
            elif kind == "branch":
                self.preview.go_to(str(branches(self.state).get(code, {}).get("phase", "")))
            if kind == "objection" or self.preview.rebuttal.isVisibleTo(self.preview):
                self.preview.show_part()
        self._see_row()

    def _see_row(self) -> None:
        here = self.outline.current
        if here is not None:
            # The drawing may have grown just now, and the area measures it when it rests: it is told beforehand.
            drawn = self.outline.parentWidget()
            if drawn is not None and drawn.height() < self.outline.minimumHeight():
                drawn.resize(drawn.width(), self.outline.minimumHeight())
            self._outline_area.ensureVisible(0, here.top + here.tall // 2, 0, here.tall)

    def _show_form(self) -> None:
        wanted = self._wanted()
        if self.form is not None and wanted == self._form_of:
            self.form.fill()
            return
        self._form_of = wanted
        self._form_area.setWidget(self._made())
        if self.form is not None:
            self.form.fill()
            self.form.show_examples(self._examples)
            self.form.show_shares(self._shares)
            self._mark()

    def _wanted(self) -> tuple[Path, Row, bool]:
        """Return what the form has to show: the row at work, with another wording beside it or without."""
        state = self.state
        return state.part, state.row, state.script and state.row[1] in script_trials.reworded(state.tree)

    def _made(self) -> Form:
        state, lang = self.state, self._session.lang
        kind, code = state.row
        form: Form
        if state.by_hand:
            form = ByHandForm(state, lang)
            form.wanted.connect(self.text_wanted)
        elif state.part == SENDER:
            form = SenderForm(state, lang)
        elif not state.script:
            form = MailForm(state, lang)
        elif kind == "branch" and code in branches(state):
            form = BranchForm(state, lang)
        elif kind == "objection" and code in objections(state):
            form = ObjectionForm(state, lang)
        elif kind == "phase" or (kind == "node" and code in nodes(state)):
            form = StepForm(state, lang)
        else:
            form = WholeForm(state, lang, self._in_force())
        form.setObjectName("clear")
        form.asked.connect(lambda what: self.try_other() if what == "trial" else self.add_branch())
        form.decided.connect(lambda rival: self.end_trial(rival=rival))
        self.form = form
        return form

    def _in_force(self) -> int:
        found = next((one for one in self._session.ctx.rules.scripts if one.code == self.state.code), None)
        return found.version if found is not None else 0

    def _mark(self) -> None:
        if self.form is None:
            return
        found = self.state.wrong if not self.state.script else wrong_by_row(self.state).get(self.state.row, ())
        self.form.show_wrong(list(found))

    def _edited(self) -> None:
        """Something was typed: the drawing follows at once, the check when the hands rest."""
        self.outline.fill()
        self._show_form()
        self._show_buttons()

    def _was_read(self) -> None:
        self.outline.fill()
        if self.form is not None and self._wanted() == self._form_of:
            self.form.fill()
        self._mark()
        self._read_shares()
        self._list()
        self._show_buttons()
        if self.state.part:
            self.preview.show_part()

    def _show_buttons(self) -> None:
        sheet = self.state.sheet
        count = len(sheet.problems) if sheet is not None else 0
        self.problems_button.setText(self.tr("問題 {n}").format(n=count) if count else self.tr("問題はありません"))
        self.problems_button.setEnabled(bool(count))
        self.problems_button.setProperty("role", "warn" if count else "")
        self.problems_button.style().polish(self.problems_button)
        self.undo_button.setEnabled(self.state.can_undo)
        self.redo_button.setEnabled(self.state.can_redo)
        self.propose_button.setEnabled(self.changed and not count and not self.state.pending)

    @property
    def changed(self) -> bool:
        """Return whether the draft differs from what is in force."""
        sheet = self.state.sheet
        return sheet is not None and script_editing.differs(self._session.ctx, sheet)

    def _list(self) -> None:
        if self.state.sheet is not None:
            self.parts.fill(self.state.sheet, self.state.part)

    def _read_shares(self) -> None:
        """Ask which share of the calls gets which wording, where two are under trial."""
        ctx, sheet, code = self._session.ctx, self.state.sheet, self.state.code
        if sheet is None or not self.state.script or not script_trials.reworded(self.state.tree):
            self._shares = None
            return

        def then(found: Shares | None) -> None:
            self._shares = found
            if self.form is not None:
                self.form.show_shares(found)

        self._session.tasks.read(
            lambda: script_trials.shares(ctx, sheet, code), then, self._session.notices.error, owner=self, key="shares"
        )

    def _take_examples(self, examples: dict[str, str]) -> None:
        self._examples = examples
        if self.form is not None:
            self.form.show_examples(examples)

    def _follow(self, phase: str) -> None:
        """The preview went on: show the form of that step."""
        row: Row = ("phase" if phase in PHASE_CODES else "node", phase)
        if self.state.row != row and self.state.row[0] in {"phase", "node"}:
            self.state.turn(self.state.part, row)

    # ------------------------------------------------------------------ verbs

    def enter_form(self) -> None:
        """Give the keyboard to the form."""
        first = self.form.first_text() if self.form is not None else None
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_outline(self) -> None:
        """Give the keyboard to the drawing of the script."""
        self.outline.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def add_branch(self) -> None:
        """Add a branch to the step at work."""
        kind, code = self.state.row
        at = code if kind in {"phase", "node"} else str(branches(self.state).get(code, {}).get("phase", "verify"))
        if not self.state.script or at == PHASE_CODES[-1]:
            return
        field = "adoption_timing" if at == "verify" else "issue"
        made, tree = branch_on(self.state, at, field)
        self.state.put(tree, "branch", made)
        self._arrive(("branch", made))

    def try_other(self) -> None:
        """Give the step at work another wording, which half of the leads hear; where it has one, take it out."""
        kind, code = self.state.row
        if not self.state.script or kind not in {"phase", "node"}:
            return
        if code in script_trials.reworded(self.state.tree):
            self.state.change(script_trials.dropped(self.state.tree, code))
            return
        self.state.change(script_trials.begun(self.state.tree, code))
        area = self.form.areas.get(script_trials.rival_place(code, "text")) if self.form is not None else None
        if area is not None:
            area.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def end_trial(self, *, rival: bool) -> None:
        """End the trial of the script at work by taking one wording; undo brings both back."""
        if self.state.script and script_trials.reworded(self.state.tree):
            self.state.change(script_trials.ended(self.state.tree, rival=rival))

    def add_step(self) -> None:
        """Add a step beside the phases, after the one at work."""
        if not self.state.script:
            return
        kind, code = self.state.row
        after = code if kind == "phase" and code != PHASE_CODES[-1] else "verify"
        made = fresh(self.state, "node", "")
        self.state.put({"after": after, **script_editing.named("node")}, "node", made)
        self._arrive(("node", made))

    def add_objection(self) -> None:
        """Add an objection of the script's own."""
        if not self.state.script:
            return
        made = fresh(self.state, "objection", "")
        listed = objections(self.state)
        self.state.put(script_editing.named("objection"), "objection", made)
        self.state.put([*listed, made], "objections")
        self._arrive(("objection", made))

    def _arrive(self, row: Row) -> None:
        self.state.turn(self.state.part, row)
        name = self.form.findChild(QLineEdit) if self.form is not None else None
        if name is not None:
            name.setFocus()
            name.selectAll()

    def remove(self) -> None:
        """Take the branch, step or objection at work out; undo brings it back."""
        row = self.state.row
        if row[0] in {"branch", "node", "objection"}:
            items = [one.row for one in self.outline.items if one.kind != "head"]
            before = items[max(items.index(row) - 1, 0)] if row in items else WHOLE
            self.state.change(without(self.state, row), before)

    def ask_new(self) -> None:
        """Ask what a new script or template is to be called, and add it."""
        mail = not self.state.script and bool(self.state.part)
        what = self.tr("メールテンプレートの名前") if mail else self.tr("トークスクリプトの名前")
        name, sure = QInputDialog.getText(self, self.tr("足す"), what)
        if sure and name.strip():
            self.new_part(name.strip(), mail=mail)

    def new_part(self, name: str, *, mail: bool = False) -> None:
        """Add a script, or a template, with a beginning to change."""
        self.state.settle()
        sheet = self.state.sheet
        if sheet is None:
            return
        code, tree = (script_editing.new_template if mail else script_editing.new_script)(sheet, name)
        self.state.add((*(MAIL if mail else SCRIPT), code), tree)

    def drop(self) -> None:
        """Take the script or template at work out of the draft; undo brings it back."""
        self.state.drop()

    def next_problem(self) -> None:
        """Go to the next thing that is wrong, on its line; what only the whole text can mend leads there."""
        self.state.settle()
        sheet = self.state.sheet
        if sheet is None or not sheet.problems:
            return
        found = [
            (part, one)
            for part in [*((*kind, code) for kind in (SCRIPT, MAIL) for code in sheet.codes(kind)), SENDER]
            for one in sheet.wrong(part)
        ]
        if not found:
            self.text_wanted.emit()
            return
        rows = [(part, row_of(one.path) if part[:1] == SCRIPT else WHOLE) for part, one in found]
        here = (self.state.part, self.state.row)
        at = (max(n for n, row in enumerate(rows) if row == here) + 1) % len(found) if here in rows else 0
        one = found[at][1]
        self.state.turn(*rows[at])
        if self.form is None or not self.form.go_to(one.path, one.line):
            self.enter_form()

    def propose(self) -> None:
        """Propose the draft; it holds from its day on, once all departments have signed."""
        self.state.settle()
        sheet = self.state.sheet
        self._show_buttons()
        if sheet is None or self._stack.currentIndex():
            return
        if not self.propose_button.isEnabled():
            self._tell_why_not(len(sheet.problems))
            return
        ctx, text, note = self._session.ctx, sheet.text, self.note.text()
        if self.state.base != agreeing.text_in_force(ctx):
            self.start()
            return
        day = date.fromisoformat(self.day.date().toString(Qt.DateFormat.ISODate))
        self.propose_button.setEnabled(False)

        def op() -> Written:
            written = agreeing.propose(ctx, text, day, note)[1]
            agreeing.keep_draft(ctx, "")
            return written

        self._session.tasks.write(op, lambda _: self._proposed(), self._refused, owner=self)

    def _tell_why_not(self, problems: int) -> None:
        """Say why nothing is proposed, and lead to the first problem."""
        if problems:
            self._session.notices.say(self.tr("まだ提案できません。問題が{n}件あります。").format(n=problems))
            self.next_problem()
        elif not self.changed:
            self._session.notices.say(self.tr("変えたところがないので、提案するものがありません。"))

    def _proposed(self) -> None:
        self.note.clear()
        self._session.notices.say(self.tr("提案しました。3部門の署名がそろうと、発効日から全員に適用されます。"))
        self.proposed.emit()

    def _refused(self, error: Exception) -> None:
        self._show_buttons()
        if isinstance(error, IsdeskError):
            self._session.notices.error(error)
        else:
            raise error

    def close_editor(self) -> None:
        """Go back; the draft is kept as it stands."""
        self.state.settle()
        self.closed.emit()

    # ------------------------------------------------------------------ keys

    @override
    def beside(self) -> tuple[QWidget, ...]:
        return self.note, self.day, self.preview

    @override
    def hideEvent(self, event: object) -> None:
        self.state.settle()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.outline.hasFocus():
                self.close_editor()
            else:
                self.focus_outline()
        else:
            super().keyPressEvent(event)
